//! Where routes differ on a launch of a real program: is the program one whose result CUDA leaves undefined?
//!
//! A warp operation whose mask leaves its caller out, or a read of memory that nobody wrote have no right result, and the interpreter stops at them.
//! A race it reports as the sanitizer, and without a fault a result may still depend on the order of threads, as the last of many
//! `atomicExch` does: of these only buffers are excused that the interpreter leaves otherwise in the opposite order. A buffer that no order
//! changes is what it is, beside a race as well. Rows that differ name what was found; the difference says nothing about the
//! translation. Samples are never excused like this: their authors vouch for them.

use super::report::{Row, Verdict};
use super::work::Work;
use crate::engine::{Engine, Failure, InterpreterEngine, Memory};
use backends::interpreter::{Options, ThreadOrder};
use harness::{Buffer, Check};
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

/// Renames rows that differ, and the interpreter's own failure, after what the interpreter finds in the launch, if anything.
pub fn name_after_fault(rows: &mut [Row], work: &Work, options: Options) {
    let has_fault = |row: &Row| UNDEFINED.iter().any(|code| row.codes.iter().any(|found| found == code.as_str()));
    let in_doubt = |row: &Row| row.verdict == Verdict::Differs || row.verdict == Verdict::Failed && has_fault(row);
    if !rows.iter().any(in_doubt) {
        return;
    }
    let fault = sanitized(work, options);
    let by_order = by_order(work, options);
    // Where the interpreter stops without the sanitizer nothing is known of any result.
    let stops = fault.as_ref().is_some_and(|fault| !matches!(fault.code, Code::E0636 | Code::E0637));
    let unsettled = by_order.as_ref().map(|(_, names)| names.as_slice()).unwrap_or_default();
    let Some(cause) = fault.as_ref().or(by_order.as_ref().map(|(order, _)| order)) else { return };
    let places = work.places(std::slice::from_ref(cause));
    for row in rows.iter_mut().filter(|row| in_doubt(row)) {
        let excused = match row.verdict {
            Verdict::Failed => row.codes.iter().any(|code| code == cause.code.as_str()),
            _ => stops || !row.differing.is_empty() && row.differing.iter().all(|name| unsettled.contains(name)),
        };
        if !excused {
            row.detail += &format!("; the program also has {} {}", cause.code, cause.message);
            continue;
        }
        let here = std::mem::take(&mut row.detail);
        row.detail = format!("{} {}", cause.code, cause.message);
        if row.verdict == Verdict::Differs {
            row.detail += &format!("; here {here}");
        }
        row.verdict = Verdict::Undefined;
        row.codes = vec![cause.code.to_string()];
        row.places = places.clone();
    }
}

/// What the launches leave on the interpreter.
fn run(work: &Work, options: Options) -> Result<Memory, Failure> {
    let mut engine = InterpreterEngine::new(work.compiled, options);
    let mut memory = Memory::of_case(work.case);
    work.ready.iter().try_for_each(|launch| engine.launch(launch, &mut memory))?;
    Ok(memory)
}

/// The first fault that leaves the result undefined.
fn sanitized(work: &Work, options: Options) -> Option<Diagnostic> {
    match run(work, Options { sanitize: true, ..options }) {
        Err(Failure::Failed(diagnostics)) => diagnostics.into_iter().find(|fault| UNDEFINED.contains(&fault.code)),
        _ => None,
    }
}

/// A difference between the results in ascending and in descending order, and the names of what differs.
fn by_order(work: &Work, options: Options) -> Option<(Diagnostic, Vec<String>)> {
    let ascending = run(work, Options { order: ThreadOrder::Ascending, ..options }).ok()?;
    let descending = run(work, Options { order: ThreadOrder::Descending, ..options }).ok()?;
    let mut case = work.case.clone();
    for (buffer, bytes) in case.buffers.iter_mut().zip(&ascending.buffers) {
        expect(buffer, bytes);
    }
    for symbol in &mut case.symbols {
        if let Some(bytes) = ascending.symbols.get(&symbol.name) {
            expect(symbol, bytes);
        }
    }
    let difference = work.compare(&case, &descending);
    let message = format!("the result depends on the order of threads: in descending order {}", difference.detail);
    let kernel = &work.compiled.module.functions[work.ready.first()?.kernel];
    let differs = difference.verdict == Verdict::Differs;
    differs.then(|| (Diagnostic::error(Code::E0640, message, kernel.span), difference.differing))
}

fn expect(buffer: &mut Buffer, bytes: &[u8]) {
    if let Check::Equals { expected, .. } = &mut buffer.check {
        expected.copy_from_slice(bytes);
    }
}
