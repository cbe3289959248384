//! `cargo xtask`: what a person and CI type to check this project.
//!
//! It fetches the drivers and validators that the tests need into `target/tools`, through the ordinary clients of the package
//! registries, and never touches the system. What cannot be had on a machine is counted and named, never passed in silence.
#![forbid(unsafe_code)]

mod bench;
mod math;
mod nvcc;
mod shell;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND [ARGUMENTS]

  test [ARGUMENTS]   fetch the tools, let NVIDIA's compiler judge the samples, run `cargo test ARGUMENTS` (all packages without -p)
  tools [--export]   fetch the tools and print their environment, with --export for `eval`
  nvcc [FILE...]     compile CUDA files (default: all samples) with NVIDIA's compiler, and keep nothing of it
  bench [ARGUMENTS]  run `cargo bench --workspace ARGUMENTS`
  math ...           measure the math functions for translator/MATH.md (`cargo xtask math` says how)
  help               this text

Tools are kept in target/tools. tests/README.md says what the environment variables mean.
Set TRANSLATE_WITHOUT to leave tools out on purpose, for example TRANSLATE_WITHOUT=nvcc,swiftshader.";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let result = match command.as_str() {
        "test" => test::run(&rest),
        "tools" => test::print_tools(&rest),
        "nvcc" => nvcc::run(&rest),
        "bench" => bench::run(&rest),
        "math" => math::run(&rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(format!("there is no command `{other}`\n\n{HELP}")),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}
