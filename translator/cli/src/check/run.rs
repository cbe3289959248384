//! Runs cases on every engine there is.

use super::launches::{binding_mode, ready};
use super::relocate::with_targets;
use super::report::{Row, Verdict};
use super::undefined::name_after_fault;
use super::work::{Subject, Work, bad, left_out};
use crate::args::CheckArgs;
use crate::emit::{self, Route};
use crate::engine::{Crowded, DeviceEngine, InterpreterEngine, LegalEngine, Restrictions};
use crate::pipeline::{Compiled, Request, compile, read_source};
use crate::screen::Screen;
use backends::interpreter;
use backends::shader::Options;
use harness::{Case, Plan, Tolerance, has_header, read_header, read_launch_file};
use ir::WARP_SIZE;
use runner::DeviceInfo;
use runner::worker::Worker;
use source::{Code, Diagnostic, SourceMap, Span};
use std::cell::{Cell, RefCell};
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
    /// Warps have so many lanes, and behind the passes they are subgroups: for tests of native operations where a device's are not 32.
    pub subgroups: Option<u32>,
    /// Bytes of shared memory that devices are taken to have at most.
    pub max_shared: Option<u64>,
    /// Shared memory without room is refused.
    pub strict: bool,
    /// Calls within each other of functions that call themselves, on devices.
    pub recursion_depth: Option<u32>,
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
            subgroups: None,
            max_shared: None,
            strict: false,
            recursion_depth: None,
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
            subgroups: None,
            max_shared: args.max_shared,
            strict: args.strict,
            recursion_depth: args.recursion_depth,
        }
    }
}

/// Whether a case is known to be a correct CUDA program.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    Sample,
    /// Any program, which may hold races and the like.
    Program,
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
        Checker::with_workers(settings, devices, || Worker::new(program, [runner::worker::COMMAND]))
    }

    pub fn with_workers(settings: Settings, devices: &'a [DeviceInfo], worker: impl Fn() -> Worker) -> Checker<'a> {
        let devices = devices.iter().map(|info| (info, Some(worker()))).collect();
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
        let mut compiled = compile(&name, &text, &request, SourceMap::new());
        compiled.module.warp_size = self.settings.subgroups.unwrap_or(WARP_SIZE);
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
            let subject = Subject::of_case(&name, &case);
            match with_targets(case, &compiled) {
                Ok(case) => rows.extend(self.routes(&name, &case, &compiled, screen, Trust::Program)),
                Err(diagnostics) => {
                    screen.show(&compiled.map, &diagnostics);
                    rows.push(subject.row("-", "-", bad(Verdict::Refused, &diagnostics)));
                }
            }
        }
        rows
    }

    /// Runs a case on the interpreter and on every device by both routes.
    pub fn case(&mut self, name: &str, case: &Case, compiled: &Compiled, screen: &Screen) -> Vec<Row> {
        self.routes(name, case, compiled, screen, Trust::Sample)
    }

    fn routes(&mut self, name: &str, case: &Case, compiled: &Compiled, screen: &Screen, trust: Trust) -> Vec<Row> {
        let subject = Subject::of_case(name, case);
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
            left: RefCell::default(),
            is_measure: Cell::new(false),
            printed: RefCell::new(case.output.as_ref().map(|text| text.clone().into_bytes())),
        };
        let Settings { portable, max_shared, strict, recursion_depth, .. } = self.settings;
        let restrictions = Restrictions { portable, max_shared, strict, recursion_depth };
        let mut rows = vec![work.run(harness::Route::Interpreter, "interpreter", || {
            Ok(Box::new(InterpreterEngine::new(compiled, self.settings.interpreter)))
        })];
        if self.settings.passes {
            // What the emitter alone refuses (E05) runs here.
            let by_emitter = matches!(case.plan(harness::Route::Wgsl), Plan::Refuse(code) if code.starts_with("E05"));
            let planned = if by_emitter { harness::Route::Interpreter } else { harness::Route::Wgsl };
            rows.push(work.run(planned, "passes", || {
                let settings = &self.settings;
                let (options, subgroups) = (settings.interpreter, settings.subgroups);
                let bindings = (work.bindings, case.options.heap_window);
                Ok(Box::new(LegalEngine::new(compiled, options, bindings, restrictions, subgroups)))
            }));
        }
        self.write_shaders(&work);
        let crowded = if case.options.bindings.is_none() { Crowded::Heap } else { Crowded::LeaveOut };
        for (info, worker) in &mut self.devices {
            for (planned, route) in [(harness::Route::Wgsl, Route::Wgsl), (harness::Route::Spirv, Route::Spirv)] {
                let Some(worker) = worker.as_mut() else {
                    rows.push(subject.row(&info.id, planned.name(), left_out("its worker process cannot be started")));
                    continue;
                };
                let row = work.run(planned, &info.id, || {
                    let bindings = (work.bindings, case.options.heap_window, crowded);
                    Ok(Box::new(DeviceEngine::new(worker, info, route, compiled, bindings, work.limit, restrictions)))
                });
                rows.push(row);
            }
        }
        if trust == Trust::Program {
            name_after_fault(&mut rows, &work, self.settings.interpreter);
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
