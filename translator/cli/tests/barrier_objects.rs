//! Barrier objects and pipelines: what runs, on the interpreter before the passes and behind them, and what is refused, before it runs or when its count
//! turns out to be no block's.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// What the interpreter says before and behind the passes: `agrees`, or the code of what went wrong. 64 threads, `out[i] = 63 - i`.
fn verdicts(name: &str, head: &str, body: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("barrier_objects");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.cu"));
    let source = format!(
        "//# launch = {{ kernel = 'k', grid = 1, block = 64 }}
//# args = [{{ out = 'zeros i32 64' }}]
//# expect = {{ out = '63 - i' }}
#include <cooperative_groups.h>
#include <cuda/barrier>
#include <cuda/pipeline>
#include <cuda_awbarrier.h>
#include <cuda_pipeline.h>
using barrier = cuda::barrier<cuda::thread_scope_block>;
{head}
__global__ void k(int* out) {{
    __shared__ int tile[64];
    int i = threadIdx.x;
{body}
}}
"
    );
    std::fs::write(&path, source).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_translate"));
    let output = command.arg("check").arg(&path).args(["--json", "--device", "none", "--passes"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let verdict = |row: &Value| row["codes"][0].as_str().or(row["verdict"].as_str()).unwrap().to_owned();
    report["rows"].as_array().unwrap().iter().map(verdict).collect()
}

#[track_caller]
fn check(name: &str, body: &str, expected: &[&str]) {
    check_with(name, "", body, expected);
}

#[track_caller]
fn check_with(name: &str, head: &str, body: &str, expected: &[&str]) {
    let verdicts = verdicts(name, head, body);
    assert!(verdicts.len() >= 2 || expected.len() == 1, "{verdicts:?}");
    assert!(verdicts.iter().zip(expected.iter().cycle()).all(|(verdict, expected)| verdict == expected), "{verdicts:?}");
}

const OBJECT: &str = "
    __shared__ barrier b;
    if (i == 0) init(&b, 64);
    __syncthreads();
";

fn with_object(body: &str) -> String {
    format!("{OBJECT}{body}")
}

#[test]
fn some_threads_wait_and_others_only_arrive() {
    let body = with_object("tile[i] = i; auto token = b.arrive(); if (i < 32) b.wait(std::move(token)); out[i] = tile[63 - i];");
    // Who does not wait reads what may not be there yet: here only those read that wait.
    let body = body.replace("out[i] = tile[63 - i];", "if (i < 32) { out[i] = tile[63 - i]; out[63 - i] = tile[i]; }");
    check("some_wait", &body, &["agrees"]);
}

#[test]
fn threads_that_drop_out_and_return() {
    let body = "tile[i] = i; if (i >= 32) { b.arrive_and_drop(); return; } b.arrive_and_wait(); b.arrive_and_wait();
        out[i] = tile[63 - i]; out[63 - i] = tile[i];";
    check("drop", &with_object(body), &["agrees"]);
}

#[test]
fn half_the_block_is_a_count_too() {
    let body = with_object("tile[i] = i; b.arrive_and_wait(); out[i] = tile[63 - i];").replace("64)", "32)");
    check("half", &body, &["agrees"]);
}

#[test]
fn a_count_that_leaves_a_phase_open() {
    let body = with_object("tile[i] = i; b.arrive_and_wait(); out[i] = tile[63 - i];").replace("64)", "48)");
    check("open", &body, &["E0641", "E0633"]);
}

#[test]
fn a_thread_arrives_twice() {
    let body = with_object("tile[i] = i; b.wait(b.arrive(2)); out[i] = tile[63 - i];").replace("64)", "128)");
    check("twice", &body, &["agrees"]);
}

#[test]
fn producers_and_consumers() {
    let body = "__shared__ barrier full, empty; if (i == 0) { init(&full, 64); init(&empty, 64); } __syncthreads();
        if (i < 32) { empty.arrive_and_wait(); tile[i] = i; tile[i + 32] = i + 32; full.arrive(); }
        else { empty.arrive(); full.arrive_and_wait(); out[i] = tile[63 - i]; out[63 - i] = tile[i]; }";
    check("roles", body, &["agrees"]);
}

#[test]
fn each_warp_has_its_own() {
    let body = "__shared__ barrier b[2]; if (i < 2) init(&b[i], 32); __syncthreads();
        tile[i] = i; b[i / 32].arrive_and_wait(); out[63 - i] = tile[i];";
    check("warps", body, &["agrees"]);
}

#[test]
fn arrivals_in_a_loop_that_threads_leave() {
    let body = "for (int j = 0; j < i; j++) b.arrive_and_wait(); b.arrive_and_drop(); out[i] = 63 - i;";
    check("loop", &with_object(body), &["agrees"]);
    // What arrives behind the last wait is waited for too.
    let body = "for (int j = 0; j < 3; j++) { if (i < 32) b.arrive_and_wait(); else if (j < 2) b.arrive_and_wait(); } if (i >= 32) b.arrive(); out[i] = 63 - i;";
    check("behind", &with_object(body), &["agrees"]);
    // Arrivals in the next round of a loop.
    let body = "__shared__ barrier b[2]; if (i < 2) init(&b[i], 32); __syncthreads();
        for (int j = 0; j < 2; j++) { if (i < 32) b[j].arrive(); else if (j == 0) { b[1].wait_parity(0); out[i] = 63 - i; out[63 - i] = i; } }";
    check("ahead", body, &["agrees"]);
}

#[test]
fn a_function_at_the_end_of_each_phase() {
    let head = "struct Reverse { int* tile; __device__ void operator()() {
        for (int i = 0; i < 32; i++) { int kept = tile[i]; tile[i] = tile[63 - i]; tile[63 - i] = kept; } } };";
    let body =
        "__shared__ cuda::barrier<cuda::thread_scope_block, Reverse> b; if (i == 0) init(&b, 64, Reverse{tile}); __syncthreads();
        tile[i] = i; b.arrive_and_wait(); out[i] = tile[i];";
    check_with("completion", head, body, &["agrees"]);
    let body =
        "__shared__ cuda::barrier<cuda::thread_scope_block, Reverse> b; if (i == 0) init(&b, 64, Reverse{tile}); __syncthreads();
        tile[i] = i; if (i < 16) b.arrive_and_drop(); else b.arrive_and_wait(); __syncthreads(); out[i] = tile[i];";
    check_with("completion_drop", head, body, &["agrees"]);
}

#[test]
fn waits_by_parity_and_tries() {
    let body = "__shared__ barrier full, empty; if (i == 0) { init(&full, 32); init(&empty, 32); } __syncthreads();
        if (i < 32) for (int r = 0; r < 5; r++) { if (r > 0) empty.wait_parity((r - 1) & 1); tile[i] = r * i; full.arrive(); }
        else for (int r = 0; r < 5; r++) { full.wait_parity(r & 1); out[i] = 63 - i + tile[i - 32] - r * (i - 32); out[63 - i] = i; empty.arrive(); }";
    check("parity", body, &["agrees"]);
    let body = with_object(
        "tile[i] = i; if (i < 32) { auto t = b.arrive(); while (!b.try_wait(std::move(t))) {} } else b.arrive_and_wait(); out[i] = tile[63 - i];",
    );
    check("try", &body, &["agrees"]);
    let body = "__shared__ __mbarrier_t b; if (i == 0) __mbarrier_init(&b, 64); __syncthreads(); tile[i] = i;
        if (i < 32) { auto t = __mbarrier_arrive(&b); while (!__mbarrier_test_wait(&b, t)) {} out[i] = tile[63 - i]; }
        else { while (!__mbarrier_test_wait(&b, __mbarrier_arrive(&b))) { break; } out[i] = 63 - i; }";
    check("mbarrier_parts", body, &["agrees"]);
}

#[test]
fn threads_return_among_waits() {
    let body = "__shared__ barrier b; if (i == 0) init(&b, 48); __syncthreads(); if (i >= 48) { out[i] = 63 - i; return; }
        tile[i] = i; if (i < 16) { b.arrive(); out[i] = 63 - i; if (i % 2) return; } else { b.arrive_and_wait(); out[i] = 63 - i + tile[47 - i] - 47 + i; }
        out[i] = out[i];";
    check("returns", body, &["agrees"]);
}

#[test]
fn turns_inside_of_a_loop_with_barriers() {
    let body = with_object("for (int r = 0; r < 3; r++) { if (i < 32) { tile[i] = i * r; b.arrive(); }
        else { b.arrive_and_wait(); tile[i] = tile[63 - i]; } __syncthreads(); out[i] = 63 - i + tile[63 - i] - (i < 32 ? i * r : (63 - i) * r); __syncthreads(); }");
    check("rounds", &body, &["agrees"]);
}

#[test]
fn barriers_among_waits() {
    let body = with_object(
        "if (i < 32) { b.arrive(); out[i] = 63 - i; } else { b.arrive_and_wait();
        out[i] = 63 - __shfl_sync(0xffffffffu, i, i % 32); }",
    );
    check("among", &body, &["agrees", "E0419"]);
}

#[test]
fn the_older_names() {
    let body = "using nvcuda::experimental::awbarrier; __shared__ awbarrier b; if (i == 0) init(&b, blockDim.x); __syncthreads();
        tile[i] = i; awbarrier::arrival_token token = b.arrive(); b.wait(token); out[i] = tile[63 - i];";
    check("awbarrier", body, &["agrees"]);
    let body = "__shared__ __mbarrier_t b; if (i == 0) __mbarrier_init(&b, 64); __syncthreads();
        tile[i] = i; auto token = __mbarrier_arrive(&b); while (!__mbarrier_test_wait(&b, token)) {} out[i] = tile[63 - i];";
    check("mbarrier", body, &["agrees"]);
    let body = "nvcuda::experimental::pipeline p; tile[i] = i; __syncthreads(); int kept;
        memcpy_async(kept, tile[63 - i], p); p.commit(); p.wait_prior<0>(); out[i] = kept;";
    check("older_pipeline", body, &["agrees"]);
}

#[test]
fn objects_of_several_blocks() {
    check("device", "__shared__ cuda::barrier<cuda::thread_scope_device> b; init(&b, 64); out[i] = 63 - i;", &["E0213"]);
}

#[test]
fn a_pipeline_of_a_warp() {
    let body = "auto warp = cooperative_groups::tiled_partition<32>(cooperative_groups::this_thread_block());
        __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 1> state[2];
        auto p = cuda::make_pipeline(warp, &state[i / 32]);
        for (int j = 0; j <= i / 32; j++) {
            p.producer_acquire(); tile[i] = i * j; p.producer_commit();
            p.consumer_wait(); int x = tile[i / 32 * 32 + 31 - i % 32]; p.consumer_release();
            out[i] = 63 - i + (x - j * (i / 32 * 32 + 31 - i % 32));
        }";
    check("tile_pipeline", body, &["agrees"]);
}

#[test]
fn a_pipeline_with_roles() {
    let body = "__shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 3> state; __shared__ int stages[3][32];
        auto p = cuda::make_pipeline(cooperative_groups::this_thread_block(), &state, 32);
        if (i < 32) for (int r = 0; r < 7; r++) { p.producer_acquire(); stages[r % 3][i] = i * r; p.producer_commit(); }
        else for (int r = 0; r < 7; r++) { p.consumer_wait(); out[i] = 63 - i + stages[r % 3][i - 32] - (i - 32) * r; p.consumer_release(); }
        if (i < 32) out[i] = 63 - i;";
    check("parts", body, &["agrees"]);
}

#[test]
fn copies_of_all_kinds() {
    let body = with_object(
        "auto block = cooperative_groups::this_thread_block(); __shared__ alignas(16) int from[64]; from[i] = 63 - i; __syncthreads();
        cuda::memcpy_async(block, tile, from, sizeof(int) * 16, b);
        cuda::memcpy_async(block, (void*)(tile + 16), (const void*)(from + 16), cuda::aligned_size_t<16>(64), b);
        cuda::memcpy_async(&tile[32 + i / 4], &from[32 + i / 4], cuda::aligned_size_t<4>(sizeof(int)), b);
        if (i == 0) cuda::memcpy_async(tile + 48, from + 48, sizeof(int) * 16, b);
        b.arrive_and_wait(); out[i] = tile[i];",
    );
    check("copies", &body, &["agrees"]);
    let body = with_object("cuda::memcpy_async(tile, out, 6 + i / 64, b); b.arrive_and_wait(); out[i] = 63 - i;");
    check("half_an_element", &body, &["E0633"]);
}

#[test]
fn lanes_that_meet_in_loops_of_two_arms() {
    let arm = "for (int r = 0; r < 2; r++) { tile[i ^ 1] = 63 - (i ^ 1); __syncwarp(); out[i] = tile[i]; __syncwarp(); }";
    let arms = |condition: &str| format!("if ({condition}) {{ {arm} }} else {{ {arm} out[i] += 0; }}");
    // What lanes of one warp may take differently: the arms would run one after the other.
    check("meeting_lanes", &arms("i % 32 < 16"), &["agrees", "E0413"]);
    check("other_warps", &arms("i / 32 == 0"), &["agrees"]);
    check("other_warps_by_rank", &arms("i < 32"), &["agrees"]);
    check("shifted_ranks", &arms("i + 5 < 32"), &["agrees", "E0413"]);
    let tiles = |size: u32| {
        let arm = "for (int r = 0; r < 2; r++) { tile[i ^ 1] = 63 - (i ^ 1); t.sync(); out[i] = tile[i]; t.sync(); }";
        let head = "namespace cg = cooperative_groups;";
        let group = format!(
            "__shared__ cg::block_tile_memory<64> memory; auto b = cg::this_thread_block(memory); auto t = cg::tiled_partition<{size}>(b);"
        );
        (head, format!("{group} if (i < 32) {{ {arm} }} else {{ {arm} out[i] += 0; }}"))
    };
    let (head, body) = tiles(64);
    check_with("meeting_warps", head, &body, &["agrees", "E0413"]);
    let (head, body) = tiles(32);
    check_with("other_tiles", head, &body, &["agrees"]);
}
