//! `translate survey`: what of a code base translates, what not, and why.

mod report;

use crate::args::SurveyArgs;
use crate::check::find_files;
use crate::emit;
use crate::pipeline::{Compiled, KernelReport, KernelState, Request, Stage, compile_file};
use crate::screen::{Screen, print};
use indicatif::{ProgressBar, ProgressStyle};
pub use report::{FileFinding, KernelFinding, Status, Survey};
use source::{Code, Diagnostic};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;

const EXTENSIONS: [&str; 1] = ["cu"];

pub fn run(args: &SurveyArgs, screen: &Screen) -> ExitCode {
    let is_cuda = |path: &Path| path.extension().is_some_and(|e| EXTENSIONS.iter().any(|known| e == *known));
    let files = match find_files(&args.paths, is_cuda) {
        Ok(files) => files,
        Err((path, error)) => {
            screen.error(Code::E0660, format!("cannot read {}: {error}", path.display()));
            return ExitCode::from(2);
        }
    };
    let request = Request::new(&args.source);
    let bar = progress_bar(files.len(), screen);
    let mut survey = Survey { spirv_validator: emit::spirv_validator(), ..Survey::default() };
    for file in &files {
        bar.set_message(file.display().to_string());
        survey.files.push(look_at(file, &request, screen));
        bar.inc(1);
    }
    bar.finish_and_clear();
    print(if args.json { survey.to_json() } else { survey.to_text() }.as_bytes());
    if survey.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn progress_bar(files: usize, screen: &Screen) -> ProgressBar {
    if !screen.is_live() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(files as u64).with_style(style)
}

/// Takes one file all the way. A panic is a finding, not the end. What was said goes to programs that ask for it; people get the summary.
pub fn look_at(path: &Path, request: &Request, screen: &Screen) -> FileFinding {
    let name = path.display().to_string();
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let compiled = catch_unwind(AssertUnwindSafe(|| compile_file(path, request)));
    let finding = match compiled {
        Ok(compiled) => {
            if screen.is_for_machines() {
                screen.show(&compiled.map, &compiled.diagnostics);
            }
            let kernels = compiled.kernels.iter().map(|kernel| kernel_finding(&compiled, kernel, screen)).collect();
            FileFinding { name, crashed: false, codes: codes_of(&compiled.diagnostics), kernels }
        }
        Err(_) => FileFinding { name, crashed: true, codes: Vec::new(), kernels: Vec::new() },
    };
    std::panic::set_hook(hook);
    finding
}

fn kernel_finding(compiled: &Compiled, kernel: &KernelReport, screen: &Screen) -> KernelFinding {
    let mut finding = KernelFinding {
        name: kernel.name.clone(),
        status: Status::Refused,
        stage: kernel.stage,
        codes: codes_of(&kernel.diagnostics),
        features: Vec::new(),
    };
    match kernel.state {
        KernelState::NotInstantiated => finding.status = Status::NotInstantiated,
        KernelState::Refused => {}
        KernelState::Lowered(id) => {
            let emitted = catch_unwind(AssertUnwindSafe(|| emit::prove(compiled, id)));
            match emitted {
                Ok(Ok(features)) => {
                    (finding.status, finding.stage, finding.features) = (Status::Accepted, Stage::Spirv, features);
                }
                Ok(Err((stage, diagnostics))) => {
                    if screen.is_for_machines() {
                        screen.show(&compiled.map, &diagnostics);
                    }
                    (finding.stage, finding.codes) = (stage, codes_of(&diagnostics));
                }
                Err(_) => finding.status = Status::Crashed,
            }
        }
    }
    finding
}

/// The codes of errors, each once, in order.
fn codes_of(diagnostics: &[Diagnostic]) -> Vec<Code> {
    let mut codes: Vec<Code> = Vec::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.is_error()) {
        if !codes.contains(&diagnostic.code) {
            codes.push(diagnostic.code);
        }
    }
    codes
}
