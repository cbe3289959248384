//! A CUDA launch on the legal form of its kernel: what proves the shader passes right, without a device and its driver.

use super::memory::Memory;
use super::{Fault, FaultKind, Launch, Outcome, Statistics, ThreadPlace, execute, initial_memory, outcome};
use crate::interpreter::{ArgValue, buffer_address};
use crate::launch_plan::{
    self, CudaLaunch, END_OF_PHASES, HEAP_START, LaunchArgument, LaunchPlan, PlanError, PointerWithin, Resource,
};
use crate::output::{Failed, LOG_BYTES, new_log, read_log};
use crate::reflect::InterfaceNames;
use crate::shader::{ArgumentPart, BindingSource, DEVICE_HEAP, Entry, Program};
use ir::{FuncId, GlobalId, Module, Type};
use std::ops::Range;

/// Why a launch of a legal kernel gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LegalError {
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Runs entry `index` of a legal program as the launch of the kernel that it was made from. `launch.kernel` and `launch.bindings`
/// are not looked at. The outcome is that of the original kernel.
pub fn run_legal(program: &Program, index: usize, launch: &Launch) -> Result<Outcome, LegalError> {
    let entry = &program.entries[index];
    let arguments: Vec<LaunchArgument> =
        launch.args.iter().zip(0..).map(|(value, parameter)| argument(entry, parameter, value)).collect();
    let sizes: Vec<u64> = launch.buffers.iter().map(|buffer| buffer.len() as u64).collect();
    let cuda = CudaLaunch {
        grid: launch.grid.map(u64::from),
        block: launch.block,
        dynamic_shared_bytes: launch.dynamic_shared.into(),
        arguments: &arguments,
        buffer_sizes: &sizes,
    };
    let plan = launch_plan::plan(program, index, &InterfaceNames::plain(program), None, &cuda)?;
    let launch_of_legal = Launch { args: Vec::new(), ..launch.clone() };
    let mut legal = Legal { launch: launch_of_legal, parts: Vec::new(), log: None, phase: None, next: None, device_heap: None };
    legal.launch.kernel = program.entries[index].kernel;
    // A store of a byte exchanges its word, the bytes beside it included, which may be nobody's yet. Whoever uses garbage gives wrong results.
    legal.launch.options.shared_fill = Some(0xa5);
    if let Some(coarsen) = program.entries[index].coarsened {
        legal.launch.block = [coarsen.width, 1, 1];
    }
    // Views may be of words: a device's buffers have whole ones.
    legal.launch.buffers.iter_mut().for_each(|buffer| buffer.resize(buffer.len().next_multiple_of(16), 0));
    legal.launch.bindings = program.entries[index]
        .bindings
        .iter()
        .zip(&plan.bindings)
        .filter_map(|(binding, planned)| Some((binding.global, legal.buffer(&planned.resource, &plan)?)))
        .collect::<Vec<(GlobalId, usize)>>();
    legal.name_variables(program, index, &plan);
    let (memory, ran) = legal.run_phases(&program.module)?;
    let log = legal.log.map(|log| memory.buffers[log].bytes.as_slice());
    let said = log.map(|log| read_log(log, &program.entries[index].sites, launch.grid, launch.block)).unwrap_or_default();
    // What other threads do after a failed assertion is of no interest, faults included.
    if let Some(failed) = said.failure {
        return Err(failure(&program.module, legal.launch.kernel, failed).into());
    }
    let statistics = ran?;
    let outcome = outcome(&program.module, &legal.launch, memory, said.text, statistics);
    Ok(legal.give_back(outcome, launch))
}

/// By-value scalars become their bytes in the host's layout; eight of them suffice for each. In structs the entry tells where there are
/// pointers.
fn argument(entry: &Entry, parameter: u32, value: &ArgValue) -> LaunchArgument {
    match value {
        ArgValue::Scalar(bits) => LaunchArgument::Bytes(bits.to_le_bytes().to_vec()),
        ArgValue::Bytes(bytes) => {
            let members = entry.bindings.iter().filter_map(|binding| match binding.source {
                BindingSource::Member { parameter: of, from } if of == parameter => Some(from),
                _ => None,
            });
            let addresses = entry.arguments.iter().filter_map(|argument| match argument.what {
                ArgumentPart::HeapAddress { from } if argument.parameter == parameter => Some(from),
                _ => None,
            });
            let places: Vec<u32> = members.chain(addresses).collect();
            let pointers = places.iter().filter_map(|&at| {
                let word = bytes.get(at as usize..at as usize + 8)?;
                let address = word.iter().rev().fold(0u64, |value, &byte| value << 8 | u64::from(byte));
                let distance = address.checked_sub(buffer_address(0, 0))?;
                Some(PointerWithin { at, buffer: (distance >> 32) as usize, offset: distance & 0xffff_ffff })
            });
            match places.is_empty() {
                true => LaunchArgument::Bytes(bytes.clone()),
                false => LaunchArgument::Struct { bytes: bytes.clone(), pointers: pointers.collect() },
            }
        }
        ArgValue::Pointer { buffer, offset } => LaunchArgument::Pointer { buffer: *buffer, offset: *offset },
        ArgValue::Null => LaunchArgument::Null,
    }
}

/// A failure that stands in the log as the fault that it is.
fn failure(module: &Module, kernel: FuncId, failed: Failed) -> Fault {
    let kind = match failed.assertion {
        Some(assertion) => FaultKind::Assert { assertion },
        None => FaultKind::Trap,
    };
    let thread = ThreadPlace { block: failed.block, thread: failed.thread };
    Fault { kind: kind.into(), span: module.functions[kernel].span, thread: Some(thread) }
}

struct Legal {
    launch: Launch,
    parts: Vec<Part>,
    /// The buffer that is the log.
    log: Option<usize>,
    /// The words that say which phase is run, and which is next.
    phase: Option<usize>,
    next: Option<usize>,
    /// The buffer that is the heap, and what `malloc` gives away of it.
    device_heap: Option<(usize, Range<usize>)>,
}

/// Bytes that a buffer of the launch and one made for the legal kernel have in common.
struct Part {
    copy: usize,
    at: usize,
    buffer: usize,
    from: usize,
    length: usize,
}

impl Legal {
    /// Runs the kernel, phase by phase if it is cut into some. The memory is there after a fault too.
    fn run_phases(&mut self, module: &Module) -> Result<(Memory, Result<Statistics, Fault>), Fault> {
        let mut all = Statistics::default();
        loop {
            let mut memory = initial_memory(module, &self.launch)?;
            let statistics = match execute(module, &self.launch, &mut memory) {
                Ok((_, statistics)) => statistics,
                Err(fault) => return Ok((memory, Err(fault))),
            };
            all.threads = statistics.threads;
            all.steps += statistics.steps;
            all.longest_thread += statistics.longest_thread;
            let (Some(phase), Some(next)) = (self.phase, self.next) else { return Ok((memory, Ok(all))) };
            let word = memory.buffers[next].bytes[..4].to_vec();
            if word == END_OF_PHASES.to_le_bytes() {
                return Ok((memory, Ok(all)));
            }
            let left = outcome(module, &self.launch, memory, Vec::new(), statistics);
            let globals = left.globals;
            self.launch.globals.retain(|(name, _)| globals.iter().all(|(other, _)| other != name));
            self.launch.globals.extend(globals);
            self.launch.buffers = left.buffers;
            self.launch.buffers[phase][..4].copy_from_slice(&word);
        }
    }

    /// The buffer to bind for a resource; `None` for variables of the module.
    fn buffer(&mut self, resource: &Resource, plan: &LaunchPlan) -> Option<usize> {
        match resource {
            Resource::Buffer { buffer, offset: 0 } => Some(*buffer),
            Resource::Buffer { buffer, offset } => {
                let bytes = self.launch.buffers[*buffer][*offset as usize..].to_vec();
                let length = bytes.len();
                let copy = self.add(bytes);
                self.parts.push(Part { copy, at: 0, buffer: *buffer, from: *offset as usize, length });
                Some(copy)
            }
            Resource::Arguments => Some(self.add(plan.arguments.clone())),
            Resource::Value(bytes) => Some(self.add(bytes.clone())),
            Resource::Nothing { bytes } => Some(self.add(vec![0; *bytes as usize])),
            Resource::GridPhase(bytes) => {
                self.phase = Some(self.add(bytes.clone()));
                self.phase
            }
            Resource::GridNext => {
                self.next = Some(self.add(vec![0; 16]));
                self.next
            }
            Resource::Log => {
                self.log = Some(self.add(new_log(LOG_BYTES)));
                self.log
            }
            Resource::Heap { start, end } => {
                let mut heap = vec![0; (end - start) as usize];
                let copy = self.launch.buffers.len();
                let (_, starts) = plan.heap.split_last()?;
                for (buffer, at) in starts.iter().enumerate().filter(|(_, at)| (*start..*end).contains(at)) {
                    let at = (at - start) as usize;
                    let length = self.launch.buffers[buffer].len().min(heap.len() - at);
                    heap[at..at + length].copy_from_slice(&self.launch.buffers[buffer][..length]);
                    self.parts.push(Part { copy, at, buffer, from: 0, length });
                }
                if let (Some(bytes), 0) = (plan.device_heap, *start) {
                    let (start, bytes) = (HEAP_START as usize, bytes as usize);
                    if let Some((_, given)) = self.launch.globals.iter().find(|(name, _)| name == DEVICE_HEAP) {
                        heap[start..start + bytes].copy_from_slice(&given[..bytes]);
                    }
                    self.device_heap = Some((copy, start..start + bytes));
                }
                Some(self.add(heap))
            }
            Resource::Variable { .. } | Resource::Literals(_) => None,
        }
    }

    fn add(&mut self, bytes: Vec<u8>) -> usize {
        self.launch.buffers.push(bytes);
        self.launch.buffers.len() - 1
    }

    /// Contents that the launch gives by the source's names, for variables that may have others now.
    fn name_variables(&mut self, program: &Program, index: usize, plan: &LaunchPlan) {
        for (binding, planned) in program.entries[index].bindings.iter().zip(&plan.bindings) {
            let Resource::Variable { name, .. } = &planned.resource else { continue };
            let shown = &program.module.tables.globals[binding.global].name;
            for (given, _) in self.launch.globals.iter_mut().filter(|(given, _)| given == name) {
                given.clone_from(shown);
            }
        }
        let is_variable = |name: &String| program.module.tables.globals.iter().any(|(_, global)| global.name == *name);
        self.launch.globals.retain(|(name, _)| is_variable(name));
        for (name, bytes) in &mut self.launch.globals {
            let variable = program.module.tables.globals.iter().find(|(_, global)| global.name == *name);
            if let Some((_, global)) = variable
                && !matches!(program.module.tables.types.get(global.ty), Type::Array { count: None, .. })
            {
                bytes.resize(program.module.tables.types.size_of(global.ty) as usize, 0);
            }
        }
    }

    fn give_back(&self, mut outcome: Outcome, original: &Launch) -> Outcome {
        for part in &self.parts {
            let bytes = outcome.buffers[part.copy][part.at..part.at + part.length].to_vec();
            outcome.buffers[part.buffer][part.from..part.from + part.length].copy_from_slice(&bytes);
        }
        if let Some((heap, place)) = self.device_heap.clone() {
            outcome.globals.push((DEVICE_HEAP.to_string(), outcome.buffers[heap][place].to_vec()));
        }
        outcome.buffers.truncate(original.buffers.len());
        for (buffer, given) in outcome.buffers.iter_mut().zip(&original.buffers) {
            buffer.truncate(given.len());
        }
        outcome
    }
}
