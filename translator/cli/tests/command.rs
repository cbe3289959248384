//! The command as users meet it: exit codes, what goes to which stream, and bad input.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn translate(args: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Command::new(env!("CARGO_BIN_EXE_translate")).args(args).current_dir(root).output().expect("the command runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A file in a folder of this test's own.
fn file(test: &str, name: &str, bytes: &[u8]) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("translate-command-{test}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a temporary file can be written");
    path
}

/// A diagnostic with this code and place, exit code 1 or 2, nothing on standard output.
#[track_caller]
fn refused(output: &Output, code: &str, place: &str) {
    let text = err(output);
    assert!(text.contains(&format!("[{code}")), "no {code} in: {text}");
    assert!(text.contains(place), "no {place} in: {text}");
    assert!(!text.contains("panicked"), "{text}");
    assert!(matches!(output.status.code(), Some(1 | 2)), "exit {:?}", output.status.code());
    assert!(output.stdout.is_empty());
}

#[test]
fn usage_is_exit_code_2() {
    for args in
        [&[][..], &["--target", "ptx", "a.cu"], &["check"], &["survey"], &["--block", "0", "a.cu"], &["no", "such", "thing"]]
    {
        let output = translate(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
        assert!(output.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn explain_knows_every_code() {
    let all = translate(&["explain"]);
    assert!(all.status.success());
    for line in out(&all).lines() {
        let code = line.split_whitespace().next().expect("a line begins with its code");
        let page = translate(&["explain", code]);
        assert!(page.status.success() && out(&page).starts_with(code), "{code}");
    }
    refused(&translate(&["explain", "E9999"]), "E0663", "E9999");
}

#[test]
fn a_file_that_cannot_be_read() {
    refused(&translate(&["no/such/file.cu"]), "E0660", "no/such/file.cu");
    refused(&translate(&["samples"]), "E0660", "samples");
    refused(&translate(&["check", "no/such/file.cu"]), "E0660", "no/such/file.cu");
    refused(&translate(&["survey", "no/such/file.cu"]), "E0660", "no/such/file.cu");
}

#[test]
fn text_that_is_not_utf8() {
    let path = file("utf8", "latin1.cu", b"// first line\n// caf\xe9\n__global__ void k() {}\n");
    refused(&translate(&[&path.to_string_lossy()]), "E0661", "latin1.cu:2:");
}

#[test]
fn random_bytes() {
    let mut state = 1u64;
    let bytes: Vec<u8> = (0..10 << 20)
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 56) as u8
        })
        .collect();
    let path = file("random", "random.cu", &bytes);
    refused(&translate(&[&path.to_string_lossy()]), "E0661", "random.cu:");
}

#[test]
fn a_file_without_a_kernel() {
    let empty = file("empty", "empty.cu", b"");
    refused(&translate(&[&empty.to_string_lossy()]), "E0665", "empty.cu:1:1");
    let host = file("empty", "host.cu", b"int main() { return 0; }\n");
    refused(&translate(&[&host.to_string_lossy()]), "E0665", "host.cu:1:1");
}

#[test]
fn diagnostics_as_sarif() {
    let unknown =
        file("sarif", "unknown.cu", b"#define TWICE(x) ((x) + nothing)\n__global__ void k(int* p) { p[0] = TWICE(1); }\n");
    for command in [vec![], vec!["survey"]] {
        let mut words = command.clone();
        words.extend(["--message-format", "sarif"]);
        let path = unknown.to_string_lossy();
        words.push(&path);
        let output = translate(&words);
        let log: serde_json::Value = serde_json::from_str(err(&output).trim()).expect("one document");
        assert_eq!(log["version"], "2.1.0");
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["ruleId"], "E0201");
        assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
        assert_eq!(result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 1);
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][0]["id"], "E0201");
    }
}

#[test]
fn diagnostics_as_json() {
    let empty = file("json", "empty.cu", b"");
    let output = translate(&["--message-format", "json", &empty.to_string_lossy()]);
    let line: serde_json::Value = serde_json::from_str(err(&output).trim()).expect("one object a line");
    assert_eq!(line["code"], "E0665");
    assert_eq!(line["labels"][0]["line"], 1);
}

#[test]
fn a_folder_without_samples() {
    let header = file("check", "plain.cu", b"__global__ void k() {}\n");
    let folder = header.parent().expect("it lies in a folder").to_string_lossy().into_owned();
    let output = translate(&["check", "--device", "none", &folder]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("E0671"), "{}", err(&output));
}

#[test]
fn a_header_with_a_mistake_is_shown_at_its_place() {
    let path = file("header", "wrong.cu", b"//# lunch = { kernel = \"k\" }\n__global__ void k() {}\n");
    let output = translate(&["check", "--device", "none", &path.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("E0651") && err(&output).contains("wrong.cu:1:5"), "{}", err(&output));
}

#[test]
fn survey_writes_what_ci_reads() {
    let path = file("survey", "two.cu", b"__global__ void k(int *p) { *p = 1; }\n");
    let output = translate(&["survey", "--json", &path.to_string_lossy()]);
    let survey: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
    let summary = &survey["summary"];
    assert_eq!(summary["files"], 1);
    for key in ["kernels", "accepted", "refused", "not_instantiated", "crashed"] {
        assert!(summary[key].is_u64(), "{key}");
    }
    assert!(survey["kernels"].is_array());
    assert_eq!(summary["crashed"], 0);
    // Who judged the SPIR-V is part of the answer, and that nobody did.
    let validator = std::env::var("TRANSLATE_SPIRV_VAL").ok();
    assert_eq!(summary["spirv_validator"].as_str(), validator.as_deref());
}

const SAXPY: &str = "samples/first_steps/saxpy.cu";

/// Translates a text under this name.
fn translate_text(test: &str, name: &str, text: &str, more: &[&str]) -> Output {
    let path = file(test, name, text.as_bytes());
    let path = path.to_string_lossy();
    let mut args = vec![&*path];
    args.extend(more);
    translate(&args)
}

#[test]
fn the_result_is_all_of_standard_output() {
    let wgsl = translate(&[SAXPY]);
    assert!(wgsl.status.success(), "{}", err(&wgsl));
    assert!(out(&wgsl).contains("@compute") && wgsl.stderr.is_empty(), "{}", err(&wgsl));
    for (target, mark) in [("msl", "metal"), ("hlsl", "RWByteAddressBuffer"), ("glsl", "#version")] {
        let output = translate(&[SAXPY, "--target", target]);
        assert!(output.status.success() && out(&output).contains(mark), "{target}: {}", err(&output));
    }
    let spirv = translate(&[SAXPY, "--target", "spirv"]);
    assert!(spirv.stdout.starts_with(&0x0723_0203u32.to_le_bytes()), "{}", err(&spirv));
}

/// A kernel for blocks of 1,024 threads on workgroups of 256, and the host is told.
#[test]
fn a_block_larger_than_a_workgroup() {
    let json = file("large-block", "block.json", b"");
    let sample = "samples/warps/block_of_1024.cu";
    let output = translate(&[sample, "--block", "1024", "--max-invocations", "256", "--reflect", &json.to_string_lossy()]);
    assert!(output.status.success(), "{}", err(&output));
    assert!(out(&output).contains("const blockDimX = 256u;"));
    let reflection: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).expect("the reflection")).expect("JSON");
    assert_eq!(reflection["kernels"][0]["block"], serde_json::json!([1024, 1, 1]));
    assert_eq!(reflection["kernels"][0]["threads_per_invocation"], 4);
}

#[test]
fn warps_are_subgroups_where_the_caller_says_so() {
    let json = file("subgroups", "subgroups.json", b"");
    let sample = "samples/warps/shuffle_sum.cu";
    let output = translate(&[sample, "--subgroups", "32", "--reflect", &json.to_string_lossy()]);
    assert!(output.status.success(), "{}", err(&output));
    assert!(out(&output).starts_with("enable subgroups;\n") && out(&output).contains("subgroupShuffle("), "{}", out(&output));
    let reflection: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).expect("the reflection")).expect("JSON");
    assert_eq!(reflection["kernels"][0]["subgroups"], 32);
    assert_eq!(reflection["kernels"][0]["features"], serde_json::json!(["subgroups"]));
    assert!(!out(&translate(&[sample])).contains("subgroup"));
    let explained = out(&translate(&[sample, "--explain-lowering"]));
    assert!(explained.contains("through shared memory"), "{explained}");
    assert_eq!(translate(&[sample, "--subgroups", "64"]).status.code(), Some(2));
}

#[test]
fn output_and_reflection_are_files() {
    let out = file("output", "out.wgsl", b"old");
    let json = file("output", "out.json", b"old");
    let output = translate(&[SAXPY, "-o", &out.to_string_lossy(), "--reflect", &json.to_string_lossy()]);
    assert!(output.status.success() && output.stdout.is_empty(), "{}", err(&output));
    assert!(std::fs::read_to_string(&out).expect("the shader").contains("saxpy"));
    let reflection: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).expect("the reflection")).expect("JSON");
    assert_eq!(reflection["kernels"][0]["kernel"], "saxpy");
    assert_eq!(std::fs::read_dir(out.parent().expect("a folder")).expect("it can be read").count(), 2);
}

#[test]
fn output_that_cannot_be_written() {
    refused(&translate(&[SAXPY, "-o", "/no/such/folder/out.wgsl"]), "E0662", "/no/such/folder/out.wgsl");
    let folder = file("unwritable", "in", b"");
    let folder = folder.parent().expect("a folder");
    refused(&translate(&[SAXPY, "-o", &folder.to_string_lossy()]), "E0662", "unwritable");
}

#[test]
fn a_kernel_that_is_not_there() {
    let output = translate(&[SAXPY, "--kernel", "saxpi"]);
    refused(&output, "E0664", "did you mean `saxpy`?");
}

/// What only the request names is read for it, however deep it stands.
#[test]
fn a_kernel_named_by_types_that_nothing_else_uses() {
    let text = "struct A { int v; };\ntemplate <int N> struct Add { A a[N]; };\ntemplate <class... F> struct Chain {};\n\
                template <class... F> struct Size { static constexpr int value = (int(sizeof(F)) + ...); };\n\
                template <class F, class T> __global__ void apply(T* data);\n\
                template <class F, class T> struct Of; template <class... F, class T> struct Of<Chain<F...>, T> {\n\
                static __device__ void run(T* data) { data[0] = Size<F...>::value; } };\n\
                template <class F, class T> __global__ void apply(T* data) { Of<F, T>::run(data); }\n";
    let output = translate_text("request", "nested.cu", text, &["--kernel", "apply<Chain<Add<3>, A>, int>"]);
    assert!(output.status.success() && out(&output).contains("const value = 16;"), "{}{}", out(&output), err(&output));
    let output = translate_text("request", "unknown.cu", text, &["--kernel", "apply<Chain<Add<3>, B>, int>"]);
    refused(&output, "E0664", "apply<Chain<Add<3>, B>, int>");
}

#[test]
fn braces_that_do_not_match() {
    let output = translate_text("braces", "open.cu", "__global__ void k(int *p) {\n  if (p) { *p = 1;\n}\n", &[]);
    refused(&output, "E01", "open.cu:");
    let output = translate_text("braces", "closed.cu", "__global__ void k(int *p) { *p = 1; } }\n", &[]);
    refused(&output, "E01", "closed.cu:1:");
}

#[test]
fn includes_that_are_missing_or_include_themselves() {
    let text = "#include \"gone.h\"\n__global__ void k(int *p) { *p = 1; }\n";
    let output = translate_text("include", "lenient.cu", text, &[]);
    assert!(output.status.success() && err(&output).contains("lenient.cu:1:"), "{}", err(&output));
    refused(&translate_text("include", "strict.cu", text, &["--strict-includes"]), "E01", "strict.cu:1:");
    let output = translate_text("include", "self.cu", "#include \"self.cu\"\n", &[]);
    refused(&output, "E01", "self.cu:");
}

#[test]
fn a_macro_bomb() {
    let mut text = String::from("#define A0 1,1,1,1,1,1,1,1,1,1\n");
    for i in 1..20 {
        text += &format!("#define A{i} {}\n", vec![format!("A{}", i - 1); 10].join(","));
    }
    text += "__global__ void k(int *p) { int x[] = { A19 }; *p = x[0]; }\n";
    refused(&translate_text("bomb", "bomb.cu", &text, &[]), "E01", "bomb.cu:");
}

#[test]
fn nesting_without_end() {
    for (name, open, close) in [("parens", "(", ")"), ("braces", "{", "}"), ("minus", "- ", ""), ("stars", "*&", "")] {
        let body = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let text = format!("__global__ void k(int *p) {{ *p = {body}; }}\n");
        refused(&translate_text("nesting", &format!("{name}.cu"), &text, &[]), "E0", &format!("{name}.cu:1:"));
    }
}

#[test]
fn sizes_without_bounds() {
    let text = "__global__ void k(int *p) { int a[1 << 30][1 << 30]; a[p[0]][p[1]] = 1; *p = a[1][2]; }\n";
    refused(&translate_text("sizes", "local.cu", text, &[]), "E0", "local.cu:1:");
    let text = "__device__ int a[0x7fffffffffffffff];\n__global__ void k(int *p) { *p = a[1]; }\n";
    refused(&translate_text("sizes", "device.cu", text, &[]), "E0", "device.cu:");
    let text = "__global__ void k(int *p) { __shared__ int a[1 << 29]; a[threadIdx.x] = 1; __syncthreads(); *p = a[1]; }\n";
    let output = translate_text("sizes", "shared.cu", text, &[]);
    assert!(!err(&output).contains("panicked"), "{}", err(&output));
}

#[test]
fn check_without_a_device_still_works() {
    let output = translate(&["check", "--device", "none", SAXPY]);
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("saxpy") && out(&output).contains("agrees"), "{}", out(&output));
    assert!(err(&output).contains("wgsl: "), "{}", err(&output));
}
