//! The `translate` command. Standard output holds only the result; everything else goes to standard error.
//!
//! Exit codes: 0 done, 1 refused or disagreed, 2 usage.
#![forbid(unsafe_code)]

use clap::Parser;
use std::process::ExitCode;
use translate::args::{Arguments, Command, one_dash_std};
use translate::{check, devices, emit_file, explain, survey};

/// Deep but legal nesting must not end in a stack overflow; pages that nobody touches cost nothing.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    // The worker must answer launches and do nothing else, see `runner::worker`.
    if std::env::args_os().nth(1).is_some_and(|word| word == runner::worker::COMMAND) {
        runner::worker::serve();
    }
    let arguments = Arguments::parse_from(one_dash_std(std::env::args_os()));
    let thread = std::thread::Builder::new().name("translate".into()).stack_size(STACK).spawn(move || run(arguments));
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => status,
        // The panic has printed its message already.
        Ok(Err(_)) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: cannot start a thread: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> ExitCode {
    let screen = arguments.screen();
    match arguments.command {
        Some(Command::Check(args)) => check::run(&args, &screen),
        Some(Command::Devices(args)) => devices::run(&args, &screen),
        Some(Command::Survey(args)) => survey::run(&args, &screen),
        Some(Command::Explain(args)) => explain::run(&args, &screen),
        None => emit_file::run(&arguments.translate, &screen),
    }
}
