//! IR programs, as text, against expected memory and expected faults.

mod faults;
mod programs;
mod warps;

use super::*;

/// Runs the last kernel of `text`. Each buffer is the pointer argument of the same place; scalars follow.
fn launch(text: &str, grid: u32, block: u32, buffers: Vec<Vec<u8>>, scalars: &[u64]) -> (Module, Launch) {
    let module = ir::text::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let kernel = module.kernels().last().expect("the text has a kernel");
    let pointers = (0..buffers.len()).map(|buffer| ArgValue::Pointer { buffer, offset: 0 });
    let args = pointers.chain(scalars.iter().map(|bits| ArgValue::Scalar(*bits))).collect();
    let launch = Launch {
        kernel,
        grid: [grid, 1, 1],
        block: [block, 1, 1],
        dynamic_shared: 0,
        args,
        buffers,
        globals: Vec::new(),
        bindings: Vec::new(),
        options: Options { max_steps: 100_000, ..Options::default() },
    };
    (module, launch)
}

fn u32s(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn f32s(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn to_u32s(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|chunk| u32::from_le_bytes(chunk.try_into().expect("four bytes"))).collect()
}

/// One block of `threads` writes `out`, a buffer of `u32`.
#[track_caller]
fn check(text: &str, threads: u32, expected: &[u32]) {
    let (module, launch) = launch(text, 1, threads, vec![vec![0; expected.len() * 4]], &[]);
    let outcome = run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(to_u32s(&outcome.buffers[0]), expected);
}

/// The body of a kernel with one `*global u32` parameter, `out`.
#[track_caller]
fn check_body(body: &str, threads: u32, expected: &[u32]) {
    check(&format!("kernel k(out: *global u32) {{\n{body}\n}}\n"), threads, expected);
}

/// The kernel faults; gives the fault's text.
fn fault_of(text: &str, threads: u32, options: Options) -> Fault {
    let (module, mut launch) = launch(text, 1, threads, vec![vec![0; 64]], &[]);
    launch.options = Options { max_steps: 100_000, ..options };
    run(&module, &launch).expect_err("the kernel faults")
}

#[track_caller]
fn check_fault(text: &str, threads: u32, expected: &str) {
    assert_eq!(fault_of(text, threads, Options::default()).to_string(), expected);
}

#[track_caller]
fn check_body_fault(body: &str, threads: u32, expected: &str) {
    check_fault(&format!("kernel k(out: *global u32) {{\n{body}\n}}\n"), threads, expected);
}
