//! Runs one case on every engine and compares what it left with what it should have left.

use super::report::{Row, Verdict};
use crate::abi;
use crate::args::CheckArgs;
use crate::emit::{self, Route};
use crate::engine::{DeviceEngine, Engine, Failure, InterpreterEngine, LegalEngine, Memory, ReadyLaunch};
use crate::pipeline::{Compiled, KernelState, Request, compile, read_source};
use crate::screen::Screen;
use backends::interpreter;
use backends::launch_plan::LaunchArgument;
use backends::shader::{BindingMode, Options, legalise_kernel};
use harness::{Buffer, Case, Check, Layout, Plan, Tolerance, compare, has_header, read_header, read_launch_file};
use ir::FuncId;
use runner::DeviceInfo;
use runner::worker::Worker;
use source::{Code, Diagnostic, SourceMap, Span};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the command line says about running.
#[derive(Clone, Debug)]
pub struct Settings {
    pub request: Request,
    pub time_limit: Duration,
    pub tolerance: Tolerance,
    pub shaders: Option<PathBuf>,
    pub interpreter: interpreter::Options,
    /// Check the interpreter behind the shader passes too.
    pub passes: bool,
    /// Give devices core WGSL and its like alone, whatever they have.
    pub portable: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            request: Request::default(),
            time_limit: Duration::from_secs(60),
            tolerance: Tolerance::default(),
            shaders: None,
            interpreter: interpreter::Options::default(),
            passes: false,
            portable: false,
        }
    }
}

impl Settings {
    pub fn new(args: &CheckArgs) -> Settings {
        let seconds = if args.time_limit.is_finite() { args.time_limit.clamp(0.001, 1e6) } else { 1e6 };
        let time_limit = Duration::from_secs_f64(seconds);
        let sanitize = args.sanitize;
        Settings {
            request: Request::new(&args.source),
            time_limit,
            tolerance: Tolerance { ulp: args.ulp, rel: args.rel, abs: args.abs, signed_zeros: false },
            shaders: args.shaders.clone(),
            interpreter: interpreter::Options { sanitize, time_limit: Some(time_limit), ..Default::default() },
            passes: args.passes,
            portable: args.portable,
        }
    }
}

/// Runs cases. Keeps one worker process a device, so that drivers start once.
pub struct Checker<'a> {
    settings: Settings,
    devices: Vec<(&'a DeviceInfo, Option<Worker>)>,
}

impl<'a> Checker<'a> {
    pub fn new(settings: Settings, devices: &'a [DeviceInfo]) -> Checker<'a> {
        let devices = devices.iter().map(|info| (info, Worker::of_this_program().ok())).collect();
        Checker { settings, devices }
    }

    /// With workers of another program, for tests, which are no workers themselves.
    pub fn with_worker_program(settings: Settings, devices: &'a [DeviceInfo], program: &Path) -> Checker<'a> {
        let devices = devices.iter().map(|info| (info, Some(Worker::new(program, [runner::worker::COMMAND])))).collect();
        Checker { settings, devices }
    }

    /// All rows of a sample.
    pub fn sample(&mut self, path: &Path, screen: &Screen) -> Vec<Row> {
        let name = path.display().to_string();
        let mut map = SourceMap::new();
        let folder = path.parent().unwrap_or(Path::new(""));
        let case = read_source(path, &mut map).map_err(|diagnostic| vec![diagnostic]).and_then(|text| {
            if !has_header(&text) {
                let what = format!("{name} has no header; samples/README.md describes it");
                return Err(vec![Diagnostic::error(Code::E0671, what, Span::NONE)]);
            }
            let file = map.add_file(name.as_str(), text.as_str());
            let case = file.map(|file| read_header(&map, file, folder)).transpose()?;
            Ok(case.map(|case| (case, text)))
        });
        let (case, text) = match case {
            Ok(Some(found)) => found,
            Ok(None) => return Vec::new(),
            Err(diagnostics) => {
                screen.show(&map, &diagnostics);
                return vec![Subject::new(&name, "").row("-", "-", bad(Verdict::Failed, &diagnostics))];
            }
        };
        let mut request = self.settings.request.clone().with_sample(&case.options, folder);
        request.kernels = case.launches.iter().map(|launch| launch.kernel.clone()).collect();
        let compiled = compile(&name, &text, &request, SourceMap::new());
        self.case(&name, &case, &compiled, screen)
    }

    /// All rows of launch files that belong to one source file.
    pub fn replay(&mut self, path: &Path, folders: &[PathBuf], screen: &Screen) -> Vec<Row> {
        let mut cases = Vec::new();
        let mut rows = Vec::new();
        for folder in folders {
            let name = folder.display().to_string();
            match read_launch_file(folder, self.settings.tolerance) {
                Ok(case) => cases.push((name, case)),
                Err(error) => {
                    let diagnostic = Diagnostic::error(Code::E0672, error.to_string(), Span::NONE);
                    screen.show(&SourceMap::new(), std::slice::from_ref(&diagnostic));
                    rows.push(Subject::new(&name, "").row("-", "-", bad(Verdict::Failed, &[diagnostic])));
                }
            }
        }
        let mut request = self.settings.request.clone();
        request.kernels = cases.iter().flat_map(|(_, case)| case.launches.iter().map(|launch| launch.kernel.clone())).collect();
        request.kernels.dedup();
        let mut map = SourceMap::new();
        let compiled = match read_source(path, &mut map) {
            Ok(text) => compile(&path.to_string_lossy(), &text, &request, map),
            Err(diagnostic) => {
                screen.show(&map, std::slice::from_ref(&diagnostic));
                rows.push(Subject::new(&path.display().to_string(), "").row("-", "-", bad(Verdict::Failed, &[diagnostic])));
                return rows;
            }
        };
        for (name, case) in cases {
            rows.extend(self.case(&name, &case, &compiled, screen));
        }
        rows
    }

    /// Runs a case on the interpreter and on every device by both routes.
    pub fn case(&mut self, name: &str, case: &Case, compiled: &Compiled, screen: &Screen) -> Vec<Row> {
        let kernels: Vec<_> = case.launches.iter().map(|launch| launch.kernel.as_str()).collect();
        let subject = Subject::new(name, &kernels.join(", "));
        let ready = match ready(case, compiled) {
            Ok(ready) => ready,
            Err(diagnostics) => {
                screen.show(&compiled.map, &diagnostics);
                return vec![subject.row("-", "-", bad(Verdict::Refused, &diagnostics))];
            }
        };
        let work = Work {
            case,
            compiled,
            ready: &ready,
            subject: &subject,
            screen,
            bindings: binding_mode(case, compiled, &ready),
            limit: self.settings.time_limit,
            printed: RefCell::new(case.output.as_ref().map(|text| text.clone().into_bytes())),
        };
        let mut rows = vec![work.run(harness::Route::Interpreter, "interpreter", || {
            Ok(Box::new(InterpreterEngine::new(compiled, self.settings.interpreter)))
        })];
        if self.settings.passes {
            // What the emitter alone refuses (E05) runs here.
            let by_emitter = matches!(case.plan(harness::Route::Wgsl), Plan::Refuse(code) if code.starts_with("E05"));
            let planned = if by_emitter { harness::Route::Interpreter } else { harness::Route::Wgsl };
            rows.push(work.run(planned, "passes", || {
                Ok(Box::new(LegalEngine::new(compiled, self.settings.interpreter, work.bindings, self.settings.portable)))
            }));
        }
        self.write_shaders(&work);
        let portable = self.settings.portable;
        for (info, worker) in &mut self.devices {
            for (planned, route) in [(harness::Route::Wgsl, Route::Wgsl), (harness::Route::Spirv, Route::Spirv)] {
                let Some(worker) = worker.as_mut() else {
                    rows.push(subject.row(&info.id, planned.name(), left_out("its worker process cannot be started")));
                    continue;
                };
                let row = work.run(planned, &info.id, || {
                    Ok(Box::new(DeviceEngine::new(worker, info, route, compiled, work.bindings, work.limit, portable)))
                });
                rows.push(row);
            }
        }
        rows
    }

    /// Leaves the WGSL where a person can read it, and says where.
    fn write_shaders(&self, work: &Work) {
        let Some(folder) = &self.settings.shaders else { return };
        let stem = Path::new(&work.subject.case).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let path = folder.join(format!("{stem}.wgsl"));
        let kernels: Vec<_> = work.ready.iter().map(|launch| launch.kernel).collect();
        let options = Options { bindings: work.bindings, cut_at_fences: true, ..Default::default() };
        let text = catch_unwind(AssertUnwindSafe(|| emit::wgsl_text(work.compiled, &kernels, &options)));
        let Ok(Ok(text)) = text else { return };
        let written = std::fs::create_dir_all(folder).and_then(|()| crate::output::write_whole(&path, text.as_bytes()));
        match written {
            Ok(()) => work.screen.note(&format!("wgsl: {}", path.display())),
            Err(error) => work.screen.error(Code::E0662, format!("cannot write {}: {error}", path.display())),
        }
    }
}

/// What the case says; otherwise one binding for each pointer, and one heap where a kernel needs that.
fn binding_mode(case: &Case, compiled: &Compiled, ready: &[ReadyLaunch]) -> BindingMode {
    match case.options.bindings.as_deref() {
        Some("heap") => BindingMode::Heap,
        Some(_) => BindingMode::Typed,
        None if ready.iter().any(|launch| needs_heap(compiled, launch.kernel)) => BindingMode::Heap,
        None => BindingMode::Typed,
    }
}

fn needs_heap(compiled: &Compiled, kernel: FuncId) -> bool {
    let options = Options { features: emit::ALL_FEATURES, ..Default::default() };
    let in_heap = Options { bindings: BindingMode::Heap, ..options.clone() };
    let legal = |options| legalise_kernel(&compiled.module, kernel, options);
    legal(&options).is_err_and(|refusal| refusal.is_helped_by_heap()) && legal(&in_heap).is_ok()
}

/// The launches of a case with their kernels and arguments resolved.
fn ready(case: &Case, compiled: &Compiled) -> Result<Vec<ReadyLaunch>, Vec<Diagnostic>> {
    case.launches
        .iter()
        .map(|launch| {
            let kernel = launched_kernel(launch, compiled)?;
            let function = &compiled.module.functions[kernel];
            let arguments = abi::arguments(&compiled.module.tables.types, function, &launch.args)
                .map_err(|error| vec![Diagnostic::error(Code::E0666, error.to_string(), function.span)])?;
            Ok(ReadyLaunch { kernel, grid: launch.grid, block: launch.block, shared: launch.shared, arguments })
        })
        .collect()
}

/// The kernel that a launch means: by its name, or, where that is not enough (`k<T>` inside of a template, `k` with deduced
/// arguments), the only instance whose parameters have the arguments' types.
fn launched_kernel(launch: &harness::Launch, compiled: &Compiled) -> Result<FuncId, Vec<Diagnostic>> {
    let named = compiled.kernel(&launch.kernel);
    if let Some(KernelState::Lowered(kernel)) = named.map(|report| report.state) {
        return Ok(kernel);
    }
    let instances = compiled.kernels.iter().filter(|report| base_name(&report.name) == base_name(&launch.kernel));
    let mut fitting = instances.filter_map(|report| match report.state {
        KernelState::Lowered(id) => abi::types_fit(&compiled.module, id, &launch.args).then_some(id),
        KernelState::Refused | KernelState::NotInstantiated => None,
    });
    if let (Some(kernel), None) = (fitting.next(), fitting.next()) {
        return Ok(kernel);
    }
    match named {
        Some(report) if !report.diagnostics.is_empty() => Err(report.diagnostics.clone()),
        _ if compiled.has_errors() => Err(compiled.diagnostics.clone()),
        _ => {
            let known: Vec<_> = compiled.kernels.iter().map(|kernel| kernel.name.as_str()).collect();
            let message = format!("there is no kernel `{}`; the file has {}", launch.kernel, known.join(", "));
            Err(vec![Diagnostic::error(Code::E0664, message, Span::NONE)])
        }
    }
}

/// `scale` of `ns::scale<float>`.
fn base_name(name: &str) -> &str {
    let name = name.split_once('<').map_or(name, |(name, _)| name);
    name.rsplit("::").next().unwrap_or(name).trim()
}

/// What a row is about.
struct Subject {
    case: String,
    kernel: String,
}

/// How it ended.
struct End {
    verdict: Verdict,
    detail: String,
    codes: Vec<String>,
    max_ulp: Option<u64>,
    provenance: Option<runner::Provenance>,
    places: Vec<String>,
    /// What the kernels said.
    output: String,
}

impl Subject {
    fn new(case: &str, kernel: &str) -> Subject {
        Subject { case: case.to_string(), kernel: kernel.to_string() }
    }

    fn row(&self, device: &str, route: &'static str, end: End) -> Row {
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
    }
}

fn left_out(reason: &str) -> End {
    end(Verdict::LeftOut, reason)
}

fn bad(verdict: Verdict, diagnostics: &[Diagnostic]) -> End {
    let mut errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    let first = errors.clone().next().map_or(String::new(), |first| format!("{} {}", first.code, first.message));
    let mut codes: Vec<String> = errors.by_ref().map(|diagnostic| diagnostic.code.to_string()).collect();
    codes.dedup();
    End { codes, ..end(verdict, first) }
}

/// One case with all that its rows share.
struct Work<'a> {
    case: &'a Case,
    compiled: &'a Compiled,
    ready: &'a [ReadyLaunch],
    bindings: BindingMode,
    subject: &'a Subject,
    screen: &'a Screen,
    limit: Duration,
    /// What all routes must print: what the sample says, or what the first that ran printed, which is the interpreter.
    printed: RefCell<Option<Vec<u8>>>,
}

impl Work<'_> {
    fn run<'e>(
        &self,
        planned: harness::Route,
        device: &str,
        engine: impl FnOnce() -> Result<Box<dyn Engine + 'e>, Failure>,
    ) -> Row {
        let plan = self.case.plan(planned);
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
        let mut memory = Memory::of_case(self.case);
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
            _ => self.compare(&memory),
        };
        if outcome.verdict == Verdict::Agrees {
            self.compare_output(&memory.output, &mut outcome);
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
    fn places(&self, diagnostics: &[Diagnostic]) -> Vec<String> {
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

    /// Compares all memory with what it should hold.
    fn compare(&self, memory: &Memory) -> End {
        let mut max_ulp = None;
        let mut wrong = None;
        let symbols = self.case.symbols.iter().filter_map(|symbol| Some((symbol, memory.symbols.get(&symbol.name)?)));
        let buffers = self.case.buffers.iter().zip(&memory.buffers).enumerate();
        let all = buffers.map(|(i, (buffer, bytes))| (buffer, bytes, self.layout(buffer, i)));
        let all = all.chain(symbols.map(|(symbol, bytes)| (symbol, bytes, self.symbol_layout(symbol))));
        for (buffer, bytes, layout) in all {
            let Check::Equals { expected, tolerance, order } = &buffer.check else { continue };
            let result = compare(&layout, expected, bytes, *tolerance, *order);
            max_ulp = max_ulp.max(result.max_ulp);
            if let (Some(first), None) = (&result.first, &wrong) {
                let field = if first.field.is_empty() { String::new() } else { format!(".{}", first.field) };
                wrong = Some(format!(
                    "{}{field}[{}] is {}, expected {} ({} of {} differ)",
                    buffer.name, first.index, first.actual, first.expected, result.mismatches, result.elements
                ));
            }
        }
        match wrong {
            Some(detail) => End { max_ulp, codes: vec![Code::E0667.to_string()], ..end(Verdict::Differs, detail) },
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
