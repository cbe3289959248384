//! A prelude that is kept between units changes nothing: the unit is the same, position by position, as when it is read again.

use grammar::{Headers, Options, Unit};
use source::{Diagnostic, SourceMap};
use std::path::{Path, PathBuf};
use translator::ShippedHeaders;

/// The shipped headers, without a place for the prelude.
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
    let (kept_map, kept, kept_diagnostics) = read(path, text, options, &ShippedHeaders);
    let (map, again, diagnostics) = read(path, text, options, &ReadAgain);
    assert_eq!(format!("{kept:?}"), format!("{again:?}"), "{path}");
    assert_eq!(format!("{kept_diagnostics:?}"), format!("{diagnostics:?}"), "{path}");
    for item in &again.items {
        assert_eq!(kept_map.place(item.span), map.place(item.span), "{path}");
        assert_eq!(kept_map.snippet(item.span), map.snippet(item.span), "{path}");
    }
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
