//! `printf`, `assert` and traps behind the shader passes, on the interpreter: the log is written and read as the passes and the host agree.

use backends::interpreter::{self, ArgValue, Launch, LegalError, run_legal};
use backends::shader::{Options, Program, legalise, legalise_kernel, merge};

const FULL: usize = 262_144 - 8;

fn parse(text: &str) -> ir::Module {
    ir::text::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn program(module: &ir::Module) -> Program {
    let kernels: Vec<_> = module.kernels().collect();
    legalise(module, &kernels, &Options::default()).unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

fn launch(module: &ir::Module, grid: u32, block: u32) -> Launch {
    Launch {
        kernel: module.kernels().last().expect("a kernel"),
        grid: [grid, 1, 1],
        block: [block, 1, 1],
        dynamic_shared: 0,
        args: vec![ArgValue::Pointer { buffer: 0, offset: 0 }],
        buffers: vec![vec![0; 256]],
        globals: Vec::new(),
        bindings: Vec::new(),
        options: interpreter::Options::default(),
    }
}

#[test]
fn both_forms_print_alike() {
    let text = "
constant yes: [u8; 4] = hex 79657300
constant no: [u8; 3] = hex 6e6f00
fn show(x: f32) {
  printf(\"%g \", f64(x))
}
kernel k(out: *global i32) {
  call show(f32(threadIdx.x) / 4.0f32)
  printf(\"%d %s|%5.2f|%llx|%c\\n\", i32(threadIdx.x) - 1, (threadIdx.x == 1u32 ? &yes[0] : &no[0]), 2.5f64, 1250999896491u64, 65)
}
";
    let module = parse(text);
    let launch = launch(&module, 2, 2);
    let free = interpreter::run(&module, &launch).unwrap_or_else(|fault| panic!("{fault}"));
    let legal = run_legal(&program(&module), 0, &launch).unwrap_or_else(|error| panic!("{error}"));
    let block = "0 -1 no| 2.50|123456789ab|A\n0.25 0 yes| 2.50|123456789ab|A\n";
    assert_eq!(String::from_utf8_lossy(&free.output), block.repeat(2));
    assert_eq!(free.output, legal.output);
}

#[test]
fn what_finds_no_room_is_lost() {
    let module = parse("kernel k(out: *global i32) {\n  printf(\"%u\\n\", blockRank)\n}\n");
    let threads = 1024;
    let outcome = run_legal(&program(&module), 0, &launch(&module, 70, threads)).unwrap_or_else(|error| panic!("{error}"));
    // A record has four words.
    let lines = outcome.output.split(|&byte| byte == b'\n').count() - 1;
    assert_eq!(lines, FULL / 4);
}

#[test]
fn the_first_failure_counts_even_without_room() {
    let text = "
kernel k(out: *global i32) {
  printf(\"%u\\n\", blockRank)
  assert(blockRank != 69u32, \"block != 69\", \"a.cu\", 7, \"void k(int *)\")
  out[0] = 1
}
";
    let module = parse(text);
    let error = run_legal(&program(&module), 0, &launch(&module, 70, 1024)).expect_err("it fails");
    let LegalError::Fault(fault) = error else { panic!("{error}") };
    assert_eq!(fault.to_string(), "E0633: assertion `block != 69` failed (block (69, 0, 0), thread (0, 0, 0))");
    let note = "a.cu:7: void k(int *): block: [69,0,0], thread: [0,0,0] Assertion `block != 69` failed.";
    assert_eq!(fault.diagnostic().notes, [note]);
}

#[test]
fn a_thread_that_traps_in_a_function_goes_no_further() {
    let text = "
fn check(x: u32) -> u32 {
  if x == 3u32 {
    trap
  }
  return x * 2u32
}
kernel k(out: *global u32) {
  let y = call check(threadIdx.x)
  barrier
  out[threadIdx.x] = y + 1u32
}
";
    let module = parse(text);
    let program = program(&module);
    let error = run_legal(&program, 0, &launch(&module, 1, 8)).expect_err("it traps");
    assert_eq!(error.to_string(), "E0634: the kernel trapped (block (0, 0, 0), thread (3, 0, 0))");
}

#[test]
fn kernels_share_the_functions_that_write_the_log() {
    let text = "
kernel a(out: *global i32) {
  printf(\"a %d\\n\", 1)
}
kernel b(out: *global i32) {
  printf(\"b\\n\")
  printf(\"b %d\\n\", 2)
}
";
    let module = parse(text);
    let programs = module.kernels().map(|kernel| legalise_kernel(&module, kernel, &Options::default()));
    let program = merge(programs.collect::<Result<_, _>>().unwrap_or_else(|refusal| panic!("{refusal}")), &module);
    let mut names: Vec<&str> = program.module.functions.iter().map(|(_, function)| function.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["a", "b", "logClaim", "logRecord0", "logRecord1"]);
    for (index, expected) in [(0, "a 1\n"), (1, "b\nb 2\n")] {
        let outcome = run_legal(&program, index, &launch(&module, 1, 1)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(String::from_utf8_lossy(&outcome.output), expected);
    }
}
