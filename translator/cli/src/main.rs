//! The `translate` command. Standard output holds only the result; everything else goes to standard error.
//!
//! Exit codes: 0 done, 1 refused or disagreed, 2 usage.
#![forbid(unsafe_code)]

use clap::Parser;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use translate::args::{Arguments, Command, one_dash_std};
use translate::{check, devices, emit_file, explain, survey};

/// Trees and IR are many small pieces that live shortly. With the allocator of glibc a fifth of the translation went to it, with this one a twentieth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // The worker must answer launches and do nothing else, see `runner::worker`.
    if std::env::args_os().nth(1).is_some_and(|word| word == runner::worker::COMMAND) {
        runner::worker::serve();
    }
    let arguments = Arguments::parse_from(one_dash_std(std::env::args_os()));
    // Deep but legal nesting must not end in a stack overflow. A panic has printed its message already.
    let work = AssertUnwindSafe(|| translator::on_deep_stack(|| run(arguments)));
    std::panic::catch_unwind(work).unwrap_or(ExitCode::FAILURE)
}

fn run(arguments: Arguments) -> ExitCode {
    let screen = arguments.screen();
    let status = match arguments.command {
        Some(Command::Check(args)) => check::run(&args, &screen),
        Some(Command::Devices(args)) => devices::run(&args, &screen),
        Some(Command::Survey(args)) => survey::run(&args, &screen),
        Some(Command::Explain(args)) => explain::run(&args, &screen),
        None => emit_file::run(&arguments.translate, &screen),
    };
    screen.finish();
    status
}
