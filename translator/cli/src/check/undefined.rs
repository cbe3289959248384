//! Where routes differ on a launch of a real program: is the program one whose result CUDA leaves undefined?
//!
//! A warp operation whose mask leaves its caller out, or a read of memory that nobody wrote have no right result, and the interpreter stops at them:
//! nothing is known of any result then. The interpreter runs the IR as lowering made it, so it is the program's doing or a bug of lowering, and the
//! row says so; what happens only behind the shader passes is theirs.
//!
//! Otherwise the sanitizer and other orders of threads are asked. A race, or the last of many `atomicExch`, excuses only elements that the
//! interpreter leaves otherwise in another order: in descending order, with threads that take one step each in turn (what devices do, and run-on threads
//! never), or in one of a few shuffled ones. Each is run only if those before do not explain all that differs. An element that no order changes is what
//! it is, beside a race as well, unless threads race on it with accesses of more than a word, which a device may make word by word: then one thread can
//! see half of what another one stores, and no order of whole accesses shows that. The interpreter makes whole accesses, so its rows are not excused like
//! this. Samples are never excused like this: their authors vouch for them.

use super::report::{Difference, Row, Verdict};
use super::work::Work;
use crate::engine::{Engine, Failure, InterpreterEngine, Memory};
use backends::interpreter::{Options, ThreadOrder};
use harness::{Buffer, Case, Check};
use indexmap::IndexMap;
use source::{Code, Diagnostic};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

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

/// Orders beside the ascending one, the likelier to matter first.
const ORDERS: [(ThreadOrder, &str); 5] = [
    (ThreadOrder::Descending, "in descending order"),
    (ThreadOrder::Interleaved, "where threads take a step each in turn"),
    (ThreadOrder::Shuffled(1), "in a shuffled order"),
    (ThreadOrder::Shuffled(2), "in a shuffled order"),
    (ThreadOrder::Shuffled(3), "in a shuffled order"),
];

/// Renames rows that differ, and the interpreter's own failure, after what the interpreter finds in the launch, if anything.
pub fn name_after_fault(rows: &mut [Row], work: &Work, options: Options) {
    if !rows.iter().any(in_doubt) {
        return;
    }
    // A panic is a bug of ours, and no reason to lose the rows.
    let evidence = catch_unwind(AssertUnwindSafe(|| Evidence::of(work, options, rows)));
    let places = evidence.as_ref().ok().and_then(|evidence| evidence.cause.as_ref());
    let places = places.map(|cause| work.places(std::slice::from_ref(cause))).unwrap_or_default();
    for row in rows.iter_mut().filter(|row| in_doubt(row)) {
        match &evidence {
            Ok(evidence) => evidence.judge(row, &places),
            Err(_) => row.detail += &format!("; {} internal error: the interpreter panicked in search of a cause", Code::E0673),
        }
    }
}

fn in_doubt(row: &Row) -> bool {
    row.verdict == Verdict::Differs || row.verdict == Verdict::Failed && has_fault(row)
}

fn has_fault(row: &Row) -> bool {
    UNDEFINED.iter().any(|code| row.codes.iter().any(|found| found == code.as_str()))
}

/// What the interpreter knows of a launch.
#[derive(Default)]
struct Evidence {
    /// What makes the result undefined.
    cause: Option<Diagnostic>,
    /// The interpreter stops there, without the sanitizer too.
    stops: bool,
    unsettled: Unsettled,
    /// On a device: these, and what may be torn there.
    on_devices: Unsettled,
}

impl Evidence {
    fn of(work: &Work, options: Options, rows: &[Row]) -> Evidence {
        let ascending = match run(work, Options { order: ThreadOrder::Ascending, ..options }) {
            Ok(memory) => memory,
            Err(failure) => {
                let cause = undefined_fault(failure);
                return Evidence { stops: cause.is_some(), cause, ..Evidence::default() };
            }
        };
        let fault = run(work, Options { sanitize: true, ..options }).err().and_then(undefined_fault);
        let differing: Vec<&Row> = rows.iter().filter(|row| row.verdict == Verdict::Differs).collect();
        let mut evidence = Evidence { cause: fault, ..Evidence::default() };
        let case = expecting(work.case, &ascending);
        for (order, name) in ORDERS {
            if differing.iter().all(|row| evidence.unsettled.explains(&row.differing)) {
                break;
            }
            let Ok(memory) = run(work, Options { order, ..options }) else { continue };
            let end = work.compare(&case, &memory);
            if end.verdict == Verdict::Differs && evidence.cause.is_none() {
                let message = format!("the result depends on the order of threads: {name} {}", end.detail);
                let kernel = work.ready.first().map(|launch| work.compiled.module.functions[launch.kernel].span);
                evidence.cause = Some(Diagnostic::error(Code::E0640, message, kernel.unwrap_or(source::Span::NONE)));
            }
            evidence.unsettled.extend(end.differing);
        }
        evidence.on_devices = evidence.unsettled.clone();
        let races = evidence.cause.as_ref().is_some_and(|cause| cause.code == Code::E0637);
        // Which threads meet depends on their order as well.
        for order in [ThreadOrder::Ascending].into_iter().chain(ORDERS.map(|(order, _)| order)).filter(|_| races) {
            if differing.iter().all(|row| evidence.known_of(row).explains(&row.differing)) {
                break;
            }
            let torn = torn(work, Options { order, ..options }, &ascending);
            evidence.on_devices.extend(torn.map(|memory| work.compare(&case, &memory).differing).unwrap_or_default());
        }
        evidence
    }

    /// Only a device has a provenance.
    fn known_of(&self, row: &Row) -> &Unsettled {
        if row.provenance.is_some() { &self.on_devices } else { &self.unsettled }
    }

    fn judge(&self, row: &mut Row, places: &[String]) {
        let Some(cause) = &self.cause else {
            if row.verdict == Verdict::Failed {
                row.detail += "; not so before the shader passes: a bug of theirs";
            }
            return;
        };
        let excused = match row.verdict {
            Verdict::Failed => row.codes.iter().any(|code| code == cause.code.as_str()),
            _ => self.stops || self.known_of(row).explains(&row.differing),
        };
        if !excused {
            row.detail += &format!("; the program also has {} {}", cause.code, cause.message);
            return;
        }
        let here = std::mem::take(&mut row.detail);
        row.detail = format!("{} {}", cause.code, cause.message);
        if self.stops {
            row.detail += "; in the program, if its lowering is right, for no shader pass has run";
        }
        if row.verdict == Verdict::Differs {
            row.detail += &format!("; here {here}");
        }
        row.verdict = Verdict::Undefined;
        row.codes = vec![cause.code.to_string()];
        row.places = places.to_vec();
    }
}

/// Elements that may have another value.
#[derive(Clone, Default)]
struct Unsettled(IndexMap<String, Places>);

#[derive(Clone, Default)]
struct Places {
    /// Elements have no places in it.
    whole: bool,
    at: BTreeSet<usize>,
}

impl Unsettled {
    fn extend(&mut self, differences: Vec<Difference>) {
        for difference in differences {
            let places = self.0.entry(difference.name).or_default();
            places.whole |= difference.at.is_empty();
            places.at.extend(difference.at);
        }
    }

    /// Is each of these elements one that may have another value? Not where nothing is known to differ, such as in what was printed.
    fn explains(&self, differences: &[Difference]) -> bool {
        let explained = |difference: &Difference| {
            self.0.get(&difference.name).is_some_and(|places| {
                places.whole || !difference.at.is_empty() && difference.at.iter().all(|at| places.at.contains(at))
            })
        };
        !differences.is_empty() && differences.iter().all(explained)
    }
}

/// What the launches leave on the interpreter.
fn run(work: &Work, options: Options) -> Result<Memory, Failure> {
    let mut engine = InterpreterEngine::new(work.compiled, options);
    let mut memory = Memory::of_case(work.case, &work.compiled.module);
    work.ready.iter().try_for_each(|launch| engine.launch(launch, &mut memory))?;
    Ok(memory)
}

/// What was left, with other values wherever threads race on more than a word.
fn torn(work: &Work, options: Options, left: &Memory) -> Option<Memory> {
    let mut left = left.clone();
    let mut engine = InterpreterEngine::new(work.compiled, Options { note_torn: true, ..options });
    let mut memory = Memory::of_case(work.case, &work.compiled.module);
    work.ready.iter().try_for_each(|launch| engine.launch(launch, &mut memory)).ok()?;
    for (buffer, bytes) in &engine.torn {
        bytes.iter().for_each(|&byte| left.buffers[*buffer][byte] ^= 0x55);
    }
    Some(left)
}

/// The fault that leaves the result undefined.
fn undefined_fault(failure: Failure) -> Option<Diagnostic> {
    match failure {
        Failure::Failed(diagnostics) => diagnostics.into_iter().find(|fault| UNDEFINED.contains(&fault.code)),
        Failure::Refused(_) | Failure::LeftOut(_) => None,
    }
}

/// The case with what was left in memory as what is expected.
fn expecting(case: &Case, memory: &Memory) -> Case {
    let mut case = case.clone();
    for (buffer, bytes) in case.buffers.iter_mut().zip(&memory.buffers) {
        expect(buffer, bytes);
    }
    for symbol in &mut case.symbols {
        if let Some(bytes) = memory.symbols.get(&symbol.name) {
            expect(symbol, bytes);
        }
    }
    case
}

fn expect(buffer: &mut Buffer, bytes: &[u8]) {
    if let Check::Equals { expected, .. } = &mut buffer.check {
        expected.copy_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runner::{Checks, DeviceKind, Provenance};

    fn row(provenance: Option<Provenance>) -> Row {
        Row {
            case: String::new(),
            kernel: String::new(),
            device: String::new(),
            route: "wgsl",
            max_ulp: None,
            verdict: Verdict::Differs,
            detail: String::new(),
            codes: Vec::new(),
            provenance,
            places: Vec::new(),
            output: String::new(),
            differing: vec![Difference { name: "list".into(), at: vec![8] }],
        }
    }

    /// What may be torn excuses a device, in the elements that race, and no interpreter.
    #[test]
    fn only_devices_tear() {
        let provenance = Provenance {
            device: "swiftshader".into(),
            adapter: String::new(),
            kind: DeviceKind::Software,
            backend: String::new(),
            driver: String::new(),
            driver_version: String::new(),
            route: runner::Route::Wgsl,
            checks: Checks::Guarded,
        };
        let cause = Some(Diagnostic::error(Code::E0637, "data race", source::Span::NONE));
        let mut evidence = Evidence { cause, ..Evidence::default() };
        evidence.on_devices.extend(vec![Difference { name: "list".into(), at: vec![0, 8] }]);
        let judged = |provenance, at| {
            let mut row = row(provenance);
            row.differing[0].at = at;
            evidence.judge(&mut row, &[]);
            row.verdict
        };
        assert_eq!(judged(Some(provenance.clone()), vec![8]), Verdict::Undefined);
        assert_eq!(judged(Some(provenance), vec![8, 16]), Verdict::Differs);
        assert_eq!(judged(None, vec![8]), Verdict::Differs);
    }
}
