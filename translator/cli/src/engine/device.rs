//! Launches on a device: bindings, arguments, guards around memory.

use super::{Engine, Failure, Memory, ReadyLaunch};
use crate::abi::Parameter;
use crate::emit::{Emitted, Route, emit_kernel};
use backends::shader::{Argument, ArgumentPart, Binding, BindingKind, BindingSource, Entry, Features, Widen};
use crate::pipeline::Compiled;
use runner::worker::Worker;
use runner::{DeviceInfo, Provenance, RunError, SlotKind};
use source::{Code, Diagnostic, Span};
use std::time::Duration;

/// Bytes behind each buffer that no kernel may touch, and what they hold.
const GUARD: usize = 256;
const GUARD_BYTE: u8 = 0xa5;

/// One device and one route.
pub struct DeviceEngine<'a> {
    pub worker: &'a mut Worker,
    pub info: &'a DeviceInfo,
    pub route: Route,
    pub compiled: &'a Compiled,
    pub time_limit: Duration,
    pub bindings: backends::shader::BindingMode,
    provenance: Option<Provenance>,
}

impl<'a> DeviceEngine<'a> {
    pub fn new(worker: &'a mut Worker, info: &'a DeviceInfo, route: Route, compiled: &'a Compiled, time_limit: Duration) -> Self {
        let bindings = backends::shader::BindingMode::Typed;
        DeviceEngine { worker, info, route, compiled, time_limit, bindings, provenance: None }
    }
}

/// What shader targets may use of a device.
pub fn features_of(info: &DeviceInfo) -> Features {
    Features {
        int64: info.has("SHADER_INT64"),
        float64: info.has("SHADER_F64"),
        float16: info.has("SHADER_F16"),
        atomic_int64: info.has("SHADER_INT64_ATOMIC_ALL_OPS"),
    }
}

impl Engine for DeviceEngine<'_> {
    fn launch(&mut self, launch: &ReadyLaunch, memory: &mut Memory) -> Result<(), Failure> {
        let options = backends::shader::Options {
            features: features_of(self.info),
            bindings: self.bindings,
            offset_arguments: launch.has_offsets(),
            aliased: launch.is_aliased(),
            block: None,
        };
        let emitted = emit_kernel(self.compiled, launch, &options, self.route).map_err(Failure::Refused)?;
        let mut plan = Plan::new(&emitted, launch, self.time_limit);
        plan.bind_all(memory, self.compiled)?;
        plan.set_constants();
        let uniform = plan.uniform;
        let grid = launch.grid.map(u64::from);
        plan.launch
            .dispatch_grid(grid, self.info.limits.max_groups_per_dimension, uniform)
            .map_err(|error| self.failure(&error))?;
        let outcome = self.worker.run(&self.info.id, &plan.launch).map_err(|error| self.failure(&error))?;
        plan.take_back(memory, &outcome.buffers)?;
        self.provenance = Some(outcome.provenance);
        Ok(())
    }

    fn provenance(&self) -> Option<&Provenance> {
        self.provenance.as_ref()
    }
}

impl DeviceEngine<'_> {
    fn failure(&self, error: &RunError) -> Failure {
        match error {
            // The device's own limits are no fault of the kernel.
            RunError::Missing { .. } | RunError::OutOfMemory { .. } => Failure::LeftOut(error.to_string()),
            RunError::Pipeline { reason, .. } if reason.contains("does not fit this device") || reason.contains("bytes of workgroup memory") => {
                Failure::LeftOut(reason.clone())
            }
            _ => Failure::Failed(vec![error.to_diagnostic()]),
        }
    }
}

/// Where bytes that come back belong.
enum Home {
    Buffer(usize),
    Symbol(String),
    /// Buffers at these byte addresses.
    Heap(Vec<(usize, usize)>),
}

/// A launch under construction.
struct Plan<'a> {
    emitted: &'a Emitted,
    entry: &'a Entry,
    ready: &'a ReadyLaunch,
    launch: runner::Launch,
    uniform: usize,
    homes: Vec<Home>,
}

impl<'a> Plan<'a> {
    fn new(emitted: &'a Emitted, ready: &'a ReadyLaunch, time_limit: Duration) -> Plan<'a> {
        let mut launch = runner::Launch::new(emitted.module.clone(), &emitted.entry_point, time_limit);
        let uniform = launch.buffer(vec![0; 16]);
        launch.bind(0, SlotKind::Uniform, uniform);
        Plan { emitted, entry: &emitted.entry, ready, launch, uniform, homes: Vec::new() }
    }

    fn set_constants(&mut self) {
        for (name, value) in self.emitted.constants(self.ready) {
            self.launch.constant(name, value);
        }
    }

    fn bind_all(&mut self, memory: &mut Memory, compiled: &Compiled) -> Result<(), Failure> {
        let mut placed: Vec<(usize, usize)> = Vec::new();
        let heap = self.entry.bindings.iter().any(|b| b.source == BindingSource::Heap).then(|| heap_of(memory));
        for binding in &self.entry.bindings {
            let kind = slot_kind(binding.kind);
            let buffer = match &binding.source {
                BindingSource::Parameter(index) => self.parameter_buffer(*index, memory, &mut placed)?,
                BindingSource::Arguments => {
                    let addresses = heap.as_ref().map(|heap| heap.addresses.as_slice());
                    let bytes = pack_arguments(&self.entry.arguments, &self.ready.parameters, addresses);
                    self.launch.buffer(pad(bytes, 16))
                }
                BindingSource::Variable(name) => self.variable(name, binding, memory, compiled),
                BindingSource::Heap => {
                    let Some(heap) = &heap else { continue };
                    let buffer = self.launch.buffer(heap.bytes.clone());
                    let places = heap.addresses.iter().zip(&memory.buffers).map(|(&at, b)| (at, b.len())).collect();
                    self.read_back(buffer, Home::Heap(places));
                    buffer
                }
            };
            self.launch.bind(binding.binding, kind, buffer);
        }
        Ok(())
    }

    /// The runner's buffer behind a pointer parameter; several parameters may share one.
    fn parameter_buffer(&mut self, index: u32, memory: &Memory, placed: &mut Vec<(usize, usize)>) -> Result<usize, Failure> {
        match self.ready.parameters.get(index as usize) {
            Some(Parameter::Pointer { buffer, .. }) => {
                if let Some((_, known)) = placed.iter().find(|(case, _)| case == buffer) {
                    return Ok(*known);
                }
                let known = self.launch.buffer(guarded(&memory.buffers[*buffer]));
                placed.push((*buffer, known));
                self.read_back(known, Home::Buffer(*buffer));
                Ok(known)
            }
            // Nothing may be read or written through it, and a binding needs some memory.
            Some(Parameter::Null) => Ok(self.launch.buffer(vec![0; 16])),
            _ => Err(Failure::Failed(vec![misbuilt("a binding belongs to a parameter that is no pointer")])),
        }
    }

    fn variable(&mut self, name: &str, binding: &Binding, memory: &mut Memory, compiled: &Compiled) -> usize {
        let bytes = memory.symbols.entry(name.to_string()).or_insert_with(|| compiled.initial_bytes(name));
        let buffer = if binding.kind == BindingKind::Uniform {
            self.launch.buffer(pad(bytes.clone(), 16))
        } else {
            self.launch.buffer(guarded(bytes))
        };
        if binding.kind == BindingKind::StorageReadWrite {
            self.read_back(buffer, Home::Symbol(name.to_string()));
        }
        buffer
    }

    fn read_back(&mut self, buffer: usize, home: Home) {
        self.launch.read_back(buffer);
        self.homes.push(home);
    }

    /// Puts memory back where it came from, and looks at the guards.
    fn take_back(&self, memory: &mut Memory, buffers: &[Vec<u8>]) -> Result<(), Failure> {
        for (home, bytes) in self.homes.iter().zip(buffers) {
            match home {
                Home::Buffer(index) => {
                    let length = memory.buffers[*index].len();
                    check_guard(bytes, length, &format!("buffer {index}"))?;
                    memory.buffers[*index] = bytes[..length].to_vec();
                }
                Home::Symbol(name) => {
                    let Some(symbol) = memory.symbols.get_mut(name) else { continue };
                    check_guard(bytes, symbol.len(), name)?;
                    *symbol = bytes[..symbol.len()].to_vec();
                }
                Home::Heap(places) => {
                    for (index, &(at, length)) in places.iter().enumerate() {
                        check_guard(&bytes[at..at + guarded_length(length)], length, &format!("buffer {index}"))?;
                        memory.buffers[index] = bytes[at..at + length].to_vec();
                    }
                }
            }
        }
        Ok(())
    }
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

fn pad(mut bytes: Vec<u8>, to: usize) -> Vec<u8> {
    bytes.resize(bytes.len().next_multiple_of(to).max(to), 0);
    bytes
}

fn check_guard(bytes: &[u8], length: usize, what: &str) -> Result<(), Failure> {
    match bytes[length..].iter().position(|byte| *byte != GUARD_BYTE) {
        None => Ok(()),
        Some(at) => {
            let message = format!("memory past the end of {what} was written, {at} bytes behind it");
            Err(Failure::Failed(vec![Diagnostic::error(Code::E0668, message, Span::NONE)]))
        }
    }
}

/// All buffers in one, each followed by a guard. Address 0 is nobody's.
struct Heap {
    bytes: Vec<u8>,
    addresses: Vec<usize>,
}

fn heap_of(memory: &Memory) -> Heap {
    let mut heap = Heap { bytes: vec![0; 256], addresses: Vec::new() };
    for buffer in &memory.buffers {
        let at = heap.bytes.len().next_multiple_of(256);
        heap.bytes.resize(at, GUARD_BYTE);
        heap.addresses.push(at);
        heap.bytes.extend(guarded(buffer));
    }
    heap
}

/// The bytes of the arguments binding.
fn pack_arguments(arguments: &[Argument], parameters: &[Parameter], heap: Option<&[usize]>) -> Vec<u8> {
    let mut out = Vec::new();
    for argument in arguments {
        let parameter = parameters.get(argument.parameter as usize);
        let bytes = match (&argument.what, parameter) {
            (ArgumentPart::Bytes { from, size, widen }, Some(Parameter::Bytes(bytes))) => {
                let part = bytes.get(*from as usize..(*from + *size) as usize).unwrap_or_default();
                widened(part, *widen)
            }
            (ArgumentPart::PointerOffset, Some(Parameter::Pointer { offset, .. })) => (*offset as u32).to_le_bytes().to_vec(),
            (ArgumentPart::HeapAddress { .. }, Some(Parameter::Pointer { buffer, offset })) => {
                let base = heap.and_then(|addresses| addresses.get(*buffer)).copied().unwrap_or(0);
                ((base + offset) as u32).to_le_bytes().to_vec()
            }
            // A null pointer, or bytes that the parameter does not have.
            _ => vec![0; 4],
        };
        let at = argument.offset as usize;
        out.resize(out.len().max(at + bytes.len()), 0);
        out[at..at + bytes.len()].copy_from_slice(&bytes);
    }
    out
}

fn widened(part: &[u8], widen: Option<Widen>) -> Vec<u8> {
    let mut out = part.to_vec();
    let negative = part.last().is_some_and(|byte| byte & 0x80 != 0);
    match widen {
        None => {}
        Some(Widen::Signed) => out.resize(4, if negative { 0xff } else { 0 }),
        Some(Widen::Unsigned) => out.resize(4, 0),
    }
    out
}

fn misbuilt(what: &str) -> Diagnostic {
    Diagnostic::error(Code::E0669, format!("internal error: {what}"), Span::NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_packed_as_the_shader_reads_them() {
        let part = |parameter, from, size, widen, offset| Argument {
            parameter,
            what: ArgumentPart::Bytes { from, size, widen },
            offset,
        };
        let parameters = [
            Parameter::Bytes(vec![0xfe]),
            Parameter::Bytes(vec![1, 2, 3, 4, 5, 6, 7, 8]),
            Parameter::Pointer { buffer: 1, offset: 12 },
            Parameter::Null,
        ];
        let arguments = [
            part(0, 0, 1, Some(Widen::Signed), 0),
            part(1, 4, 4, None, 4),
            Argument { parameter: 2, what: ArgumentPart::PointerOffset, offset: 8 },
            Argument { parameter: 2, what: ArgumentPart::HeapAddress { from: 0 }, offset: 12 },
            Argument { parameter: 3, what: ArgumentPart::HeapAddress { from: 0 }, offset: 16 },
        ];
        let bytes = pack_arguments(&arguments, &parameters, Some(&[256, 1024]));
        assert_eq!(bytes, [0xfe, 0xff, 0xff, 0xff, 5, 6, 7, 8, 12, 0, 0, 0, 12, 4, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn guards_are_looked_at() {
        let mut bytes = guarded(&[1, 2, 3]);
        assert_eq!(bytes.len(), 16 + GUARD);
        assert!(check_guard(&bytes, 3, "x").is_ok());
        bytes[20] = 0;
        assert!(matches!(check_guard(&bytes, 3, "x"), Err(Failure::Failed(_))));
    }
}
