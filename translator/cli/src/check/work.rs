//! One case on one engine: runs its launches, compares memory and output, and says how it ended.

use super::report::{Difference, Row, Verdict};
use crate::abi;
use crate::engine::{Engine, Failure, Memory, ReadyLaunch};
use crate::pipeline::Compiled;
use crate::screen::Screen;
use backends::launch_plan::LaunchArgument;
use backends::shader::BindingMode;
use harness::{Buffer, Case, Check, Layout, Plan, compare};
use source::{Code, Diagnostic, Span};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

/// What a row is about.
pub struct Subject {
    pub case: String,
    kernel: String,
}

/// How it ended.
pub struct End {
    pub verdict: Verdict,
    pub detail: String,
    codes: Vec<String>,
    max_ulp: Option<u64>,
    provenance: Option<runner::Provenance>,
    places: Vec<String>,
    /// What the kernels said.
    output: String,
    /// The buffers and symbols that are not as expected.
    pub differing: Vec<Difference>,
}

impl Subject {
    pub fn of_case(name: &str, case: &Case) -> Subject {
        let kernels: Vec<_> = case.launches.iter().map(|launch| launch.kernel.as_str()).collect();
        Subject::new(name, &kernels.join(", "))
    }

    pub fn new(case: &str, kernel: &str) -> Subject {
        Subject { case: case.to_string(), kernel: kernel.to_string() }
    }

    pub fn row(&self, device: &str, route: &'static str, end: End) -> Row {
        Row {
            case: self.case.clone(),
            kernel: self.kernel.clone(),
            device: device.to_string(),
            route,
            max_ulp: end.max_ulp,
            verdict: end.verdict,
            detail: end.detail,
            codes: end.codes,
            provenance: end.provenance,
            places: end.places,
            output: end.output,
            differing: end.differing,
        }
    }
}

fn end(verdict: Verdict, detail: impl Into<String>) -> End {
    End {
        verdict,
        detail: detail.into(),
        codes: Vec::new(),
        max_ulp: None,
        provenance: None,
        places: Vec::new(),
        output: String::new(),
        differing: Vec::new(),
    }
}

pub fn left_out(reason: &str) -> End {
    end(Verdict::LeftOut, reason)
}

pub fn bad(verdict: Verdict, diagnostics: &[Diagnostic]) -> End {
    let mut errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let first = errors.clone().next().map_or(String::new(), |first| format!("{} {}", first.code, first.message));
    let mut codes: Vec<String> = errors.by_ref().map(|diagnostic| diagnostic.code.to_string()).collect();
    codes.dedup();
    End { codes, ..end(verdict, first) }
}

/// One case with all that its rows share.
pub struct Work<'a> {
    pub case: &'a Case,
    pub compiled: &'a Compiled,
    pub ready: &'a [ReadyLaunch],
    pub bindings: BindingMode,
    pub subject: &'a Subject,
    pub screen: &'a Screen,
    pub limit: Duration,
    /// What all routes must print: what the sample says, or what the first that ran printed, which is the interpreter.
    pub printed: RefCell<Option<Vec<u8>>>,
    /// What all routes must leave in buffers of which the sample says no more, by name: what the interpreter left.
    pub left: RefCell<BTreeMap<String, Vec<u8>>>,
    /// The row is the interpreter's, which is the measure of the others.
    pub is_measure: Cell<bool>,
}

impl Work<'_> {
    pub fn run<'e>(
        &self,
        planned: harness::Route,
        device: &str,
        engine: impl FnOnce() -> Result<Box<dyn Engine + 'e>, Failure>,
    ) -> Row {
        let plan = self.case.plan(planned);
        self.is_measure.set(planned == harness::Route::Interpreter);
        let outcome = match &plan {
            Plan::Skip(reason) => left_out(reason),
            _ => {
                // A panic is a bug of ours, and no reason to leave the other rows out.
                let run = || engine().and_then(|mut engine| self.launch_all(engine.as_mut(), &plan));
                match catch_unwind(AssertUnwindSafe(run)) {
                    Ok(Ok(end)) => end,
                    Ok(Err(failure)) => self.failed(failure, &plan),
                    Err(_) => bad(
                        Verdict::Failed,
                        &[Diagnostic::error(Code::E0673, "internal error: the translator panicked", Span::NONE)],
                    ),
                }
            }
        };
        self.subject.row(device, planned.name(), outcome)
    }

    fn launch_all(&self, engine: &mut dyn Engine, plan: &Plan) -> Result<End, Failure> {
        let mut memory = Memory::of_case(self.case, &self.compiled.module);
        for launch in self.ready {
            match plan {
                Plan::Run => engine.launch(launch, &mut memory)?,
                _ => engine.translate(launch)?,
            }
        }
        let provenance = engine.provenance().cloned();
        let mut outcome = match plan {
            Plan::Refuse(code) => end(Verdict::Failed, format!("should be refused with {code}")),
            Plan::Translate => end(Verdict::Translated, ""),
            Plan::Run if let Some(code) = &self.case.fails => end(Verdict::Differs, format!("should fail with {code}")),
            _ => self.compare(self.case, &memory),
        };
        if outcome.verdict == Verdict::Agrees {
            self.compare_output(&memory.output, &mut outcome);
        }
        if outcome.verdict == Verdict::Agrees {
            let warnings = engine.warnings().iter().map(|warning| format!("{} {}", warning.code, warning.message));
            outcome.detail = warnings.collect::<Vec<_>>().join("; ");
        }
        outcome.output = String::from_utf8_lossy(&memory.output).into_owned();
        outcome.provenance = provenance;
        Ok(outcome)
    }

    fn failed(&self, failure: Failure, plan: &Plan) -> End {
        match failure {
            Failure::LeftOut(reason) => left_out(&reason),
            Failure::Refused(diagnostics) => match plan {
                Plan::Refuse(code) if diagnostics.iter().any(|d| d.code.as_str() == code) => end(Verdict::RefusedAsPlanned, code),
                _ => {
                    self.screen.show(&self.compiled.map, &diagnostics);
                    bad(Verdict::Refused, &diagnostics)
                }
            },
            Failure::Failed(diagnostics) if diagnostics.iter().any(|d| Some(d.code.as_str()) == self.case.fails.as_deref()) => {
                let asserted = diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::E0633);
                let notes = asserted.flat_map(|diagnostic| &diagnostic.notes);
                let output = notes.map(|note| format!("{note}\n")).collect();
                End { output, places: self.places(&diagnostics), ..end(Verdict::Agrees, "") }
            }
            Failure::Failed(diagnostics) => {
                self.screen.show(&self.compiled.map, &diagnostics);
                End { places: self.places(&diagnostics), ..bad(Verdict::Failed, &diagnostics) }
            }
        }
    }

    /// `FILE:LINE` of each place that the diagnostics show.
    pub fn places(&self, diagnostics: &[Diagnostic]) -> Vec<String> {
        let labels = diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels);
        let places = labels.filter_map(|label| self.compiled.map.place(label.span));
        places.map(|place| format!("{}:{}", place.path, place.line)).collect()
    }

    fn compare_output(&self, output: &[u8], end: &mut End) {
        let mut printed = self.printed.borrow_mut();
        let expected = printed.get_or_insert_with(|| output.to_vec());
        let mut lines = expected.split(|&byte| byte == b'\n').zip(output.split(|&byte| byte == b'\n')).enumerate();
        if expected == output {
            return;
        }
        let detail = match lines.find(|(_, (wanted, found))| wanted != found) {
            Some((index, (wanted, found))) => {
                let [wanted, found] = [wanted, found].map(String::from_utf8_lossy);
                format!("line {} of the output is `{found}`, expected `{wanted}`", index + 1)
            }
            None => format!("the output has {} bytes, expected {}", output.len(), expected.len()),
        };
        (end.verdict, end.detail, end.codes) = (Verdict::Differs, detail, vec![Code::E0675.to_string()]);
    }

    /// Compares all memory with what it should hold after `case`.
    pub fn compare(&self, case: &Case, memory: &Memory) -> End {
        let mut max_ulp = None;
        let mut wrong = None;
        let mut differing = Vec::new();
        let symbols = case.symbols.iter().filter_map(|symbol| Some((symbol, memory.symbols.get(&symbol.name)?)));
        let buffers = case.buffers.iter().zip(&memory.buffers).enumerate();
        let all = buffers.map(|(i, (buffer, bytes))| (buffer, bytes, self.layout(buffer, i)));
        let all = all.chain(symbols.map(|(symbol, bytes)| (symbol, bytes, self.symbol_layout(symbol))));
        for (buffer, bytes, layout) in all {
            let mut left = self.left.borrow_mut();
            let (expected, tolerance, order) = match &buffer.check {
                Check::Anything => continue,
                Check::Equals { expected, tolerance, order } => (expected, tolerance, order),
                Check::Same { tolerance, order } => {
                    if self.is_measure.get() {
                        left.insert(buffer.name.clone(), bytes.clone());
                    }
                    let Some(expected) = left.get(&buffer.name) else {
                        wrong.get_or_insert_with(|| format!("the interpreter left no `{}` to compare with", buffer.name));
                        continue;
                    };
                    (expected, tolerance, order)
                }
            };
            let result = compare(&layout, expected, bytes, *tolerance, *order);
            max_ulp = max_ulp.max(result.max_ulp);
            if result.first.is_some() {
                differing.push(Difference { name: buffer.name.clone(), at: result.at });
            }
            if let (Some(first), None) = (&result.first, &wrong) {
                let field = if first.field.is_empty() { String::new() } else { format!(".{}", first.field) };
                wrong = Some(format!(
                    "{}{field}[{}] is {}, expected {} ({} of {} differ)",
                    buffer.name, first.index, first.actual, first.expected, result.mismatches, result.elements
                ));
            }
        }
        match wrong {
            Some(detail) => End { max_ulp, codes: vec![Code::E0667.to_string()], differing, ..end(Verdict::Differs, detail) },
            None => End { max_ulp, ..end(Verdict::Agrees, "") },
        }
    }

    /// Launch files do not say what a buffer holds: the kernel's parameters do.
    fn layout(&self, buffer: &Buffer, index: usize) -> Layout {
        if let Some(layout) = &buffer.layout {
            return layout.clone();
        }
        let types = &self.compiled.module.tables.types;
        let mut found = None;
        for launch in self.ready {
            let params = &self.compiled.module.functions[launch.kernel].params;
            for (param, value) in params.iter().zip(&launch.arguments) {
                if let (LaunchArgument::Pointer { buffer, offset }, Some((pointee, _))) = (value, types.as_pointer(param.ty))
                    && *buffer == index
                {
                    let layout = abi::layout_of(types, pointee);
                    if offset % layout.stride as u64 == 0 {
                        found.get_or_insert(layout);
                    }
                }
            }
        }
        found.unwrap_or_else(|| Layout::plain(harness::Scalar::U8))
    }

    fn symbol_layout(&self, symbol: &Buffer) -> Layout {
        if let Some(layout) = &symbol.layout {
            return layout.clone();
        }
        let tables = &self.compiled.module.tables;
        let global = tables.globals.iter().find(|(_, global)| global.name == symbol.name);
        global.map_or_else(|| Layout::plain(harness::Scalar::U8), |(_, global)| abi::layout_of(&tables.types, global.ty))
    }
}
