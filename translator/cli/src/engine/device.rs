//! Launches on a device: buffers behind bindings, and guards behind buffers.

use super::{Engine, Failure, Memory, ReadyLaunch, Restrictions};
use crate::emit::{ALL_FEATURES, Emitted, Route, emit_kernel};
use crate::pipeline::Compiled;
use backends::interpreter::ThreadPlace;
use backends::launch_plan::{CudaLaunch, END_OF_PHASES, HEAP_START, LaunchPlan, Resource, heap_windows, launch_needs};
use backends::output::{Failed, LOG_BYTES, LaunchOutput, assertion_text, new_log, read_log};
use backends::shader::{BindingKind, BindingMode, Coarsen, DEVICE_HEAP, Features, Options, Windows};
use runner::worker::Worker;
use runner::{DeviceInfo, Phases, Provenance, RunError, SlotKind};
use source::{Code, Diagnostic, Span};
use std::ops::Range;
use std::time::Duration;

/// Bytes behind each buffer that no kernel may touch, and what they hold.
const GUARD: usize = 256;
const GUARD_BYTE: u8 = 0xa5;

/// What to do with more pointers than the device has bindings for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowded {
    /// One heap holds all buffers.
    Heap,
    /// The case says how pointers are bound.
    LeaveOut,
}

/// One device and one route.
pub struct DeviceEngine<'a> {
    worker: &'a mut Worker,
    info: &'a DeviceInfo,
    route: Route,
    compiled: &'a Compiled,
    time_limit: Duration,
    bindings: BindingMode,
    /// The most bytes of the heap to bind at once, where that is less than the device binds.
    window: Option<u64>,
    windows: Windows,
    /// All memory goes into one buffer where the device binds fewer than the launch has.
    crowded: Crowded,
    features: Features,
    restrictions: Restrictions,
    warnings: Vec<Diagnostic>,
    provenance: Option<Provenance>,
}

impl<'a> DeviceEngine<'a> {
    pub fn new(
        worker: &'a mut Worker,
        info: &'a DeviceInfo,
        route: Route,
        compiled: &'a Compiled,
        (bindings, window, crowded): (BindingMode, Option<u64>, Crowded),
        time_limit: Duration,
        restrictions: Restrictions,
    ) -> Self {
        let features = if restrictions.portable { Features::default() } else { features_of(info) };
        DeviceEngine {
            worker,
            info,
            route,
            compiled,
            time_limit,
            bindings,
            window,
            windows: Windows::default(),
            crowded,
            features,
            restrictions,
            warnings: Vec::new(),
            provenance: None,
        }
    }

    fn emit(&mut self, launch: &ReadyLaunch) -> Result<Emitted, Failure> {
        let needs = launch_needs(&launch.arguments);
        let warp_size = self.compiled.module.warp_size;
        let has_warps = !self.restrictions.portable && self.worker.has_warps(self.info, launch.block.iter().product(), warp_size);
        let options = Options {
            subgroups: has_warps.then_some(warp_size),
            features: self.features,
            bindings: self.bindings,
            windows: self.windows,
            offset_arguments: needs.offset_arguments,
            aliased: needs.aliased,
            coarsen: Coarsen::for_limit(launch.block, self.info.limits.max_block_threads),
            shared: self.restrictions.shared(Some(self.info.limits.max_workgroup_storage.into()), launch),
            recursion_depth: self.restrictions.recursion_depth,
            block: None,
            ..Options::default()
        };
        emit_kernel(self.compiled, launch, &options, self.route).map_err(|diagnostics| {
            let more = Options { features: ALL_FEATURES, ..options };
            match emit_kernel(self.compiled, launch, &more, self.route) {
                Ok(_) => Failure::LeftOut(format!("this device has not what the kernel needs: {}", summary(&diagnostics))),
                Err(more) if more.iter().all(|diagnostic| diagnostic.code == Code::E0417) => Failure::LeftOut(summary(&more)),
                Err(_) => Failure::Refused(diagnostics),
            }
        })
    }

    fn plan(&mut self, launch: &ReadyLaunch, cuda: &CudaLaunch) -> Result<(Emitted, LaunchPlan), Failure> {
        let emitted = self.emit(launch)?;
        let plan = emitted.plan(cuda).map_err(|error| Failure::Failed(vec![misbuilt(&error)]))?;
        Ok((emitted, plan))
    }

    /// The plan, with the heap in windows where the device cannot bind all of it at once.
    fn windowed_plan(&mut self, launch: &ReadyLaunch, cuda: &CudaLaunch) -> Result<(Emitted, LaunchPlan), Failure> {
        self.windows = Windows::default();
        let whole = self.roomy_plan(launch, cuda)?;
        if self.bindings != BindingMode::Heap {
            return Ok(whole);
        }
        let limit = self.info.limits.max_storage_binding_size.min(self.window.unwrap_or(u64::MAX));
        self.windows = heap_windows(whole.1.device_heap, cuda.buffer_sizes, limit).ok_or_else(|| {
            let reason = format!("a buffer is larger than the {limit} bytes that are bound at once, or the heap than 2 GiB");
            self.failure(&RunError::TooLarge { reason })
        })?;
        if self.windows == Windows::default() { Ok(whole) } else { self.plan(launch, cuda) }
    }

    /// The plan, in one heap where the device cannot bind as many buffers.
    fn roomy_plan(&mut self, launch: &ReadyLaunch, cuda: &CudaLaunch) -> Result<(Emitted, LaunchPlan), Failure> {
        let typed = self.plan(launch, cuda)?;
        let buffers = typed.1.bindings.iter().filter(|binding| binding.kind != BindingKind::Uniform).count();
        let may_change = self.bindings == BindingMode::Typed && self.crowded == Crowded::Heap;
        if !may_change || buffers <= self.info.limits.max_storage_buffers as usize {
            return Ok(typed);
        }
        self.bindings = BindingMode::Heap;
        self.plan(launch, cuda).map_err(|failure| match failure {
            // Without the device's limit the kernel would run.
            Failure::Refused(diagnostics) => Failure::LeftOut(format!(
                "the kernel has {buffers} buffers, the device binds {}, and in one heap: {}",
                self.info.limits.max_storage_buffers,
                summary(&diagnostics)
            )),
            failure => failure,
        })
    }

    fn failure(&self, error: &RunError) -> Failure {
        match error {
            // The device's own limits are no fault of the kernel.
            RunError::Missing { .. } | RunError::OutOfMemory { .. } | RunError::TooLarge { .. } => {
                Failure::LeftOut(error.to_string())
            }
            _ => Failure::Failed(vec![error.to_diagnostic()]),
        }
    }
}

fn summary(diagnostics: &[Diagnostic]) -> String {
    let mut messages: Vec<_> =
        diagnostics.iter().map(|diagnostic| format!("{} {}", diagnostic.code, diagnostic.message)).collect();
    messages.dedup();
    messages.join("; ")
}

/// What shaders may use on a device beyond core WGSL.
fn features_of(info: &DeviceInfo) -> Features {
    Features {
        int64: info.has("SHADER_INT64"),
        float64: info.has("SHADER_F64"),
        float16: info.has("SHADER_F16"),
        atomic_int64: info.has("SHADER_INT64_ATOMIC_ALL_OPS"),
    }
}

impl Engine for DeviceEngine<'_> {
    fn translate(&mut self, launch: &ReadyLaunch) -> Result<(), Failure> {
        self.emit(launch).map(|_| ())
    }

    fn launch(&mut self, launch: &ReadyLaunch, memory: &mut Memory) -> Result<(), Failure> {
        let sizes: Vec<u64> = memory.buffers.iter().map(|buffer| guarded_length(buffer.len()) as u64).collect();
        let cuda = CudaLaunch {
            grid: launch.grid.map(u64::from),
            block: launch.block,
            dynamic_shared_bytes: launch.shared.into(),
            arguments: &launch.arguments,
            buffer_sizes: &sizes,
        };
        let (emitted, plan) = self.windowed_plan(launch, &cuda)?;
        if self.bindings == BindingMode::Heap {
            memory.place_in_heap(&plan.heap);
        }
        let mut build = Build::new(&emitted, &plan, self.time_limit);
        build.bind_all(&plan, memory, self.compiled);
        let per_dimension = self.info.limits.max_groups_per_dimension;
        let uniform = build.uniform;
        build.launch.dispatch_grid(cuda.grid, per_dimension, uniform).map_err(|error| self.failure(&error))?;
        let outcome = self.worker.run(&self.info.id, &build.launch).map_err(|error| self.failure(&error))?;
        build.take_back(memory, &outcome.buffers)?;
        if self.bindings == BindingMode::Heap {
            memory.lift_from_heap(&plan.heap);
        }
        if let Some(log) = build.log(&outcome.buffers) {
            let said = read_log(log, emitted.sites(), launch.grid, launch.block);
            memory.output.extend(&said.text);
            let span = self.compiled.module.functions[launch.kernel].span;
            hear(&said, span)?;
        }
        self.warnings = emitted.warnings();
        self.provenance = Some(outcome.provenance);
        Ok(())
    }

    fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }
}

/// Before the bindings say which buffers these are.
const NO_PHASES: Phases = Phases { phase: 0, next: 0, end: END_OF_PHASES };

/// A failure that the kernel reported, and output that found no room.
fn hear(said: &LaunchOutput, kernel: Span) -> Result<(), Failure> {
    let failed = |diagnostic| Err(Failure::Failed(vec![diagnostic]));
    match &said.failure {
        Some(Failed { assertion: Some(assertion), block, thread }) => {
            let message = format!("assertion `{}` failed", assertion.expression);
            let note = assertion_text(assertion, *block, *thread);
            failed(Diagnostic::error(Code::E0633, message, kernel).with_note(note))
        }
        Some(Failed { assertion: None, block, thread }) => {
            let place = ThreadPlace { block: *block, thread: *thread };
            failed(Diagnostic::error(Code::E0634, "the kernel trapped", kernel).with_note(place.to_string()))
        }
        None if said.lost > 0 => {
            let message = format!("the buffer of printf is full: {} calls are lost", said.lost);
            failed(Diagnostic::error(Code::E0676, message, kernel))
        }
        None => Ok(()),
    }
}

/// Where bytes that come back belong.
enum Home {
    Buffer(usize),
    Symbol(String),
    /// The part of the heap that begins at `start`, and where in it which buffers lie.
    Heap {
        start: u64,
        places: Vec<(usize, usize)>,
    },
    /// What the kernel says.
    Log,
}

/// The runner's launch under construction.
struct Build {
    launch: runner::Launch,
    uniform: usize,
    homes: Vec<Home>,
    /// Buffers of the case and of the launch that belong together.
    placed: Vec<(usize, usize)>,
}

impl Build {
    fn new(emitted: &Emitted, plan: &LaunchPlan, time_limit: Duration) -> Build {
        let mut launch = runner::Launch::new(emitted.module.clone(), &plan.entry_point, time_limit);
        let uniform = launch.buffer(vec![0; 16]);
        launch.bind(0, SlotKind::Uniform, uniform);
        for (name, value) in &plan.constants {
            launch.constant(name, *value);
        }
        Build { launch, uniform, homes: Vec::new(), placed: Vec::new() }
    }

    fn bind_all(&mut self, plan: &LaunchPlan, memory: &mut Memory, compiled: &Compiled) {
        for binding in &plan.bindings {
            let (buffer, offset) = match &binding.resource {
                Resource::Buffer { buffer, offset } => (self.case_buffer(*buffer, memory), *offset),
                Resource::Arguments => (self.launch.buffer(pad(plan.arguments.clone())), 0),
                Resource::Literals(bytes) | Resource::Value(bytes) => (self.launch.buffer(bytes.clone()), 0),
                Resource::Nothing { bytes } => (self.launch.buffer(vec![0; *bytes as usize]), 0),
                Resource::Variable { name, .. } => (self.variable(name, binding.kind, memory, compiled), 0),
                Resource::Heap { start, end } => (self.heap(plan, *start..*end, memory, compiled), 0),
                Resource::GridPhase(bytes) => {
                    let phase = self.launch.buffer(bytes.clone());
                    self.launch.phases.get_or_insert(NO_PHASES).phase = phase;
                    (phase, 0)
                }
                Resource::GridNext => {
                    let next = self.launch.buffer(vec![0; 16]);
                    self.launch.phases.get_or_insert(NO_PHASES).next = next;
                    (next, 0)
                }
                Resource::Log => {
                    let log = self.launch.buffer(new_log(LOG_BYTES));
                    self.read_back(log, Home::Log);
                    (log, 0)
                }
            };
            self.launch.bind_range(binding.binding, slot_kind(binding.kind), buffer, offset, None);
        }
    }

    /// The launch's buffer for one of the case; several bindings may share it.
    fn case_buffer(&mut self, index: usize, memory: &Memory) -> usize {
        if let Some((_, known)) = self.placed.iter().find(|(case, _)| *case == index) {
            return *known;
        }
        let buffer = self.launch.buffer(guarded(&memory.buffers[index]));
        self.placed.push((index, buffer));
        self.read_back(buffer, Home::Buffer(index));
        buffer
    }

    fn variable(&mut self, name: &str, kind: BindingKind, memory: &mut Memory, compiled: &Compiled) -> usize {
        let bytes = memory.symbols.entry(name.to_string()).or_insert_with(|| compiled.initial_bytes(name));
        if kind == BindingKind::Uniform {
            let bytes = pad(bytes.clone());
            return self.launch.buffer(bytes);
        }
        let buffer = self.launch.buffer(guarded(bytes));
        self.read_back(buffer, Home::Symbol(name.to_string()));
        buffer
    }

    /// The buffers of a window of the heap in one, each followed by a guard.
    fn heap(&mut self, plan: &LaunchPlan, window: Range<u64>, memory: &mut Memory, compiled: &Compiled) -> usize {
        let mut bytes = vec![GUARD_BYTE; (window.end - window.start) as usize];
        if plan.device_heap.is_some() && window.start == 0 {
            let initial = || compiled.initial_bytes(DEVICE_HEAP);
            let device_heap = memory.symbols.entry(DEVICE_HEAP.to_string()).or_insert_with(initial);
            bytes[HEAP_START as usize..HEAP_START as usize + device_heap.len()].copy_from_slice(device_heap);
        }
        let mut places = Vec::new();
        for (index, (address, buffer)) in plan.heap.iter().zip(&memory.buffers).enumerate() {
            if window.contains(address) {
                let at = (address - window.start) as usize;
                bytes[at..at + buffer.len()].copy_from_slice(buffer);
                places.push((index, at));
            }
        }
        let buffer = self.launch.buffer(bytes);
        self.read_back(buffer, Home::Heap { start: window.start, places });
        buffer
    }

    fn read_back(&mut self, buffer: usize, home: Home) {
        self.launch.read_back(buffer);
        self.homes.push(home);
    }

    /// The log, among the buffers that came back.
    fn log<'b>(&self, buffers: &'b [Vec<u8>]) -> Option<&'b [u8]> {
        let at = self.homes.iter().position(|home| matches!(home, Home::Log))?;
        buffers.get(at).map(Vec::as_slice)
    }

    /// Puts memory back where it came from, and looks at the guards.
    fn take_back(&self, memory: &mut Memory, buffers: &[Vec<u8>]) -> Result<(), Failure> {
        for (home, bytes) in self.homes.iter().zip(buffers) {
            match home {
                Home::Buffer(index) => put(&mut memory.buffers[*index], bytes, &format!("buffer {index}"))?,
                Home::Symbol(name) => {
                    if let Some(symbol) = memory.symbols.get_mut(name) {
                        put(symbol, bytes, name)?;
                    }
                }
                Home::Log => {}
                Home::Heap { start, places } => {
                    if let (Some(device_heap), 0) = (memory.symbols.get_mut(DEVICE_HEAP), *start) {
                        let length = device_heap.len();
                        device_heap.copy_from_slice(&bytes[HEAP_START as usize..HEAP_START as usize + length]);
                    }
                    let ends = places.iter().skip(1).map(|(_, at)| *at).chain([bytes.len()]);
                    for ((index, at), end) in places.iter().zip(ends) {
                        put(&mut memory.buffers[*index], &bytes[*at..end], &format!("buffer {index}"))?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn put(to: &mut [u8], from: &[u8], what: &str) -> Result<(), Failure> {
    let length = to.len();
    if let Some(at) = from[length..].iter().position(|byte| *byte != GUARD_BYTE) {
        let message = format!("memory past the end of {what} was written, {at} bytes behind it");
        return Err(Failure::Failed(vec![Diagnostic::error(Code::E0668, message, Span::NONE)]));
    }
    to.copy_from_slice(&from[..length]);
    Ok(())
}

fn slot_kind(kind: BindingKind) -> SlotKind {
    match kind {
        BindingKind::Uniform => SlotKind::Uniform,
        BindingKind::StorageRead => SlotKind::ReadStorage,
        BindingKind::StorageReadWrite => SlotKind::ReadWriteStorage,
    }
}

fn guarded_length(length: usize) -> usize {
    length.next_multiple_of(16) + GUARD
}

/// The bytes with a guard behind them.
fn guarded(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out.resize(guarded_length(bytes.len()), GUARD_BYTE);
    out
}

/// A binding has at least 16 bytes, and uniforms come in multiples.
fn pad(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(16).max(16), 0);
    bytes
}

fn misbuilt(error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Code::E0669, format!("internal error: {error}"), Span::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_are_looked_at() {
        let mut bytes = guarded(&[1, 2, 3]);
        assert_eq!(bytes.len(), 16 + GUARD);
        let mut back = vec![0; 3];
        assert!(put(&mut back, &bytes, "x").is_ok());
        assert_eq!(back, [1, 2, 3]);
        bytes[20] = 0;
        assert!(matches!(put(&mut back, &bytes, "x"), Err(Failure::Failed(_))));
    }
}
