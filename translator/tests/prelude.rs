//! A prelude and headers that are kept between units change nothing: the unit is the same as when they are read again, to each place in
//! the text.

use grammar::{Headers, Options, Unit};
use source::{Diagnostic, FileId, SourceMap, Span};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use translator::ShippedHeaders;

/// The shipped headers, without a place for what was read.
struct ReadAgain;

impl Headers for ReadAgain {
    fn header(&self, name: &str) -> Option<&'static str> {
        ShippedHeaders.header(name)
    }

    fn prelude(&self) -> Option<(&'static str, &'static str)> {
        ShippedHeaders.prelude()
    }

    fn parts(&self, word: &str) -> &'static [&'static str] {
        ShippedHeaders.parts(word)
    }

    fn part_words(&self) -> Vec<&'static str> {
        ShippedHeaders.part_words()
    }

    fn gives_way(&self, name: &str) -> bool {
        ShippedHeaders.gives_way(name)
    }
}

fn read(path: &str, text: &str, options: &Options, headers: &dyn Headers) -> (SourceMap, Unit, Vec<Diagnostic>) {
    let mut map = SourceMap::new();
    let (unit, diagnostics) = grammar::parse(path, text, options, headers, &mut map);
    (map, unit, diagnostics)
}

#[track_caller]
fn check(path: &str, text: &str, options: &Options) {
    let kept = read(path, text, options, &ShippedHeaders);
    let again = read(path, text, options, &ReadAgain);
    assert_eq!(kept.1.items.len(), again.1.items.len(), "{path}");
    assert!(in_text(&kept.0, &kept.1) == in_text(&again.0, &again.1), "{path}: the units differ");
    assert_eq!(in_text(&kept.0, &kept.2), in_text(&again.0, &again.2), "{path}");
}

/// The debug form, with text in place of positions and the number of files.
fn in_text(map: &SourceMap, value: &impl std::fmt::Debug) -> String {
    let shown = format!("{value:?}");
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
        let lo = number(rest);
        let hi = rest[lo.len()..].strip_prefix("..").map(number).unwrap_or_default();
        let in_word = out.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '\"');
        match (lo.parse(), hi.parse()) {
            (Ok(lo), Ok(hi)) if !in_word => {
                let span = Span::new(lo, hi);
                let place = map.place(span).map(|place| (place.path, place.line, place.column));
                write!(out, "{place:?} {:?} {:?}", map.snippet(span).map(str::len), names(map, span))
                    .expect("a string can be written");
            }
            (Ok(file), _) if out.ends_with("FileId(") => {
                out.push_str(map.path(FileId(file)));
            }
            _ => out.push_str(&rest[..lo.len() + hi.len() + 2 * usize::from(!hi.is_empty())]),
        }
        rest = &rest[lo.len() + hi.len() + 2 * usize::from(!hi.is_empty())..];
    }
    out + rest
}

/// The macros behind a place.
fn names(map: &SourceMap, span: Span) -> Vec<String> {
    map.expansions(span).into_iter().map(|(name, _)| name.to_string()).collect()
}

fn samples(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            samples(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "cu") {
            found.push(path);
        }
    }
}

#[test]
fn samples_read_the_same() {
    let mut found = Vec::new();
    samples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples"), &mut found);
    assert!(found.len() > 30, "the samples are there");
    for path in found {
        let text = std::fs::read_to_string(&path).expect("the sample can be read");
        check(&path.to_string_lossy(), &text, &Options::default());
    }
}

/// Names of the prelude, and of parameters in it, as names of the unit.
#[test]
fn a_unit_may_mean_something_else_by_a_name() {
    let text = "\
template <typename T> struct x { T v; };
typedef int a;
namespace std { struct mine {}; }
struct float4_pair { float4 lo, hi; };
__device__ float min(float p, float q, float r) { return p; }
__global__ void k(float4* out) { out[0] = make_float4(1, 2, 3, sqrtf(4)); x<int> y; }
";
    check("names.cu", text, &Options::default());
}

#[test]
fn options_come_behind_it() {
    let text = "#ifdef N\n__global__ void k(int* p) { p[0] = N + __cplusplus + max(1, 2) + __COUNTER__; }\n#endif\n";
    let defines = vec![("N".to_string(), Some("7".to_string())), ("max".to_string(), Some("min".to_string()))];
    for std in [11, 14, 17, 20] {
        check(
            "options.cu",
            text,
            &Options { defines: defines.clone(), undefines: vec!["warpSize".into()], std, ..Options::default() },
        );
    }
}

#[test]
fn errors_and_warnings_are_the_same() {
    check("errors.cu", "#include \"nowhere.h\"\n__global__ void k(int* p) { p[0] = ; }\n#if\n", &Options::default());
    check("braces.cu", "__global__ void k(int* p) { { p[0] = 1; }\n", &Options::default());
    check("empty.cu", "", &Options::default());
}

const LIBRARIES: [&str; 12] = [
    "cuda_fp16.h",
    "cuda_bf16.h",
    "cooperative_groups.h",
    "cub/cub.cuh",
    "curand_kernel.h",
    "cuComplex.h",
    "cuda/std/tuple",
    "cuda/atomic",
    "thrust/complex.h",
    "algorithm",
    "helper_math.h",
    "cuda_fp8.h",
];

/// Two of them, in either order: what they include in common comes with the first.
#[test]
fn headers_include_what_others_did() {
    for pair in LIBRARIES.windows(2) {
        for (one, other) in [(pair[0], pair[1]), (pair[1], pair[0])] {
            let text = format!(
                "#include <{one}>\nstruct mine {{ int x; }};\n#include <{other}>\n__global__ void k(float* p) {{ p[0] = sqrtf(p[1]); }}\n"
            );
            check("two.cu", &text, &Options::default());
        }
    }
}

/// A kernel that reaches much of two headers.
const USES_HALF: &str = "\
__global__ void k(__half* h, __nv_bfloat16* b, float* f) {
    __half2 both = __halves2half2(h[0], h[1]);
    both = __hfma2(both, both, __float2half2_rn(f[0]));
    h[2] = __low2half(both) + hsqrt(h[3]) * HUGE;
    b[0] = __float2bfloat16(f[1]) + b[1];
    f[2] = __half2float(h[2]) + NAN + CUDART_PI_F + erfinvf(f[3]);
}
";

#[test]
fn macros_of_the_program_reach_into_headers() {
    let headers = "#include <cuda_fp16.h>\n#include <cuda_bf16.h>\n#include <math_constants.h>\n";
    for before in [
        "",
        "#define sign significand\n",
        "#define __half half_of_mine\n",
        "#undef __device__\n#define __device__ __host__ __device__\n",
        "#define CUDART_PI_F 3\n",
        "#define unrelated 1\n",
        "#include <cuda_fp16.h>\n#define bits bits_of_mine\n",
        "#define bits bits_of_mine\n#undef bits\n",
        "#define CUDART_PI_F 3\n#undef CUDART_PI_F\n",
        "#include <math_constants.h>\n#undef CUDART_PI_F\n",
    ] {
        check("macros.cu", &format!("{before}{headers}{USES_HALF}"), &Options::default());
    }
    let defines = vec![("bits".to_string(), Some("bits_of_d".to_string())), ("HUGE".to_string(), Some("HUGE_VALF".to_string()))];
    check("define.cu", &format!("{headers}{USES_HALF}"), &Options { defines, ..Options::default() });
}

#[test]
fn names_of_the_program_in_headers() {
    let headers = "#include <cuda_fp16.h>\n#include <cuda_bf16.h>\n";
    for before in ["template <class T> struct value { T v; };\n", "typedef int bits;\n", "struct a { int b; };\nstruct raw {};\n"]
    {
        check("names.cu", &format!("{before}{headers}{USES_HALF}"), &Options::default());
        check("names.cu", &format!("{headers}{before}{USES_HALF}"), &Options::default());
    }
}

/// Where a header stands inside of something it is read like any text.
#[test]
fn headers_at_odd_places() {
    for text in [
        "namespace mine {\n#include <cuda_fp16.h>\n__global__ void k(__half* h) { h[0] = h[1]; }\n}\n",
        "extern \"C\" {\n#include <cuComplex.h>\n}\n__global__ void k(cuFloatComplex* c) { c[0] = cuCaddf(c[1], c[2]); }\n",
        "#define BOTH(a, b) a b\nBOTH(\n#include <cuComplex.h>\n, int x;)\n__global__ void k(cuFloatComplex* c) { c[0] = c[1]; }\n",
        "struct s {\n#include <cuComplex.h>\n};\n__global__ void k(s* p) { p[0] = p[1]; }\n",
        "const int table[] =\n#include <cuComplex.h>\n{ 1 };\n__global__ void k(int* p) { p[0] = table[0]; }\n",
        "}\n{\n#include <cuComplex.h>\n__global__ void k(cuFloatComplex* c) { c[0] = c[1]; }\n",
    ] {
        check("odd.cu", text, &Options::default());
    }
}
