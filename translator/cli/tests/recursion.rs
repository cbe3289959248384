//! Functions that call themselves: how deep they may, and what may not stand in them.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// `out[i] = deep(i)`, the interpreter's verdicts before the passes and behind them.
fn verdicts(name: &str, functions: &str, args: &[&str]) -> Vec<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recursion");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.cu"));
    let source = format!(
        "//# launch = {{ kernel = 'k', grid = 1, block = 64 }}
//# args = [{{ out = 'zeros i32 64' }}]
//# expect = {{ out = 'i' }}
{functions}
__global__ void k(int* out) {{ out[threadIdx.x] = deep(threadIdx.x); }}
"
    );
    std::fs::write(&path, source).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_translate"));
    let command = command.arg("check").arg(&path).args(["--json", "--device", "none", "--passes"]).args(args);
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    let verdict = |row: &Value| row["codes"][0].as_str().or(row["verdict"].as_str()).unwrap().to_owned();
    report["rows"].as_array().unwrap().iter().map(verdict).collect()
}

const DEEP: &str = "__device__ int deep(int n) { return n == 0 ? 0 : 1 + deep(n - 1); }";

#[test]
fn as_deep_as_asked_for() {
    assert_eq!(verdicts("default", DEEP, &[]), ["agrees", "agrees"]);
    assert_eq!(verdicts("enough", DEEP, &["--recursion-depth", "64"]), ["agrees", "agrees"]);
    assert_eq!(verdicts("too_deep", DEEP, &["--recursion-depth", "63"]), ["agrees", "E0633"]);
}

#[test]
fn a_call_at_the_end_needs_no_stack() {
    let at_the_end = "__device__ int deep(int n, int m = 0) { return n == 0 ? m : deep(n - 1, m + 1); }";
    assert_eq!(verdicts("at_the_end", at_the_end, &["--recursion-depth", "1"]), ["agrees", "agrees"]);
}

#[test]
fn a_depth_that_is_known_needs_no_stack_whatever_else_recurses() {
    let functions = "__device__ int fact(int n) { return n <= 1 ? 1 : n * fact(n - 1); }
__global__ void first(int* out) { out[0] = fact(3); }
__device__ int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
__global__ void other(int* out) { out[0] = fib(out[1]); }
__device__ int deep(int n) { return n + fact(5) - 120; }";
    assert_eq!(verdicts("known", functions, &["--recursion-depth", "1"]), ["agrees", "agrees"]);
}

#[test]
fn no_barriers_and_no_warps() {
    let barrier = "__device__ int deep(int n) { __syncthreads(); return n == 0 ? 0 : 1 + deep(n - 1); }";
    assert_eq!(verdicts("barrier", barrier, &[]).last().map(String::as_str), Some("E0405"));
    let below =
        "__device__ void wait() { __syncthreads(); } __device__ int deep(int n) { wait(); return n == 0 ? 0 : 1 + deep(n - 1); }";
    assert_eq!(verdicts("below", below, &[]).last().map(String::as_str), Some("E0405"));
    let vote = "__device__ int deep(int n) { return __any_sync(1, n) ? 1 + deep(n - 1) : 0; }";
    assert_eq!(verdicts("vote", vote, &[]).last().map(String::as_str), Some("E0405"));
}

#[test]
fn without_an_end() {
    let endless = "__device__ int deep(int n) { return 1 + deep(n + 1); }";
    let found = verdicts("endless", endless, &[]);
    assert!(found.iter().all(|verdict| verdict.starts_with("E06")), "{found:?}");
}
