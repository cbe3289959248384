//! Where routes differ on a launch of a real program: is the program one whose result CUDA leaves undefined?
//!
//! A race, a warp operation whose mask leaves its caller out, or a read of memory that nobody wrote have no right result. The
//! interpreter's sanitizer finds them; then the rows that differ name what it found, and the difference says nothing about the
//! translation. Samples are never excused like this: their authors vouch for them.

use super::report::{Row, Verdict};
use super::work::Work;
use crate::engine::{Engine, Failure, InterpreterEngine, Memory};
use backends::interpreter;
use source::{Code, Diagnostic};

/// What makes a launch's result undefined: the program's faults, not those of limits or of our own.
const UNDEFINED: [Code; 13] = [
    Code::E0620,
    Code::E0621,
    Code::E0622,
    Code::E0623,
    Code::E0624,
    Code::E0625,
    Code::E0626,
    Code::E0627,
    Code::E0628,
    Code::E0629,
    Code::E0630,
    Code::E0636,
    Code::E0637,
];

/// Renames rows that differ, and the interpreter's own failure, after what the sanitizer finds in the launch, if anything.
pub fn name_after_fault(rows: &mut [Row], work: &Work, options: interpreter::Options) {
    let in_doubt = |row: &Row| match row.verdict {
        Verdict::Differs => true,
        Verdict::Failed => UNDEFINED.iter().any(|code| row.codes.iter().any(|found| found == code.as_str())),
        _ => false,
    };
    if !rows.iter().any(in_doubt) {
        return;
    }
    let Some(fault) = sanitized(work, options) else { return };
    let places = work.places(std::slice::from_ref(&fault));
    for row in rows.iter_mut().filter(|row| in_doubt(row)) {
        let found = std::mem::take(&mut row.detail);
        row.detail = format!("{} {}", fault.code, fault.message);
        if row.verdict == Verdict::Differs {
            row.detail += &format!("; here {found}");
        }
        row.verdict = Verdict::Undefined;
        row.codes = vec![fault.code.to_string()];
        row.places = places.clone();
    }
}

/// The first fault that leaves the result undefined.
fn sanitized(work: &Work, options: interpreter::Options) -> Option<Diagnostic> {
    let mut engine = InterpreterEngine::new(work.compiled, interpreter::Options { sanitize: true, ..options });
    let mut memory = Memory::of_case(work.case);
    let ended = work.ready.iter().try_for_each(|launch| engine.launch(launch, &mut memory));
    match ended {
        Err(Failure::Failed(diagnostics)) => diagnostics.into_iter().find(|fault| UNDEFINED.contains(&fault.code)),
        _ => None,
    }
}
