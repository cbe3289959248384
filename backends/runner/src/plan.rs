//! From a planned CUDA launch ([`backends::launch_plan`]) to a launch on a device, and back to the host's view of memory.

use std::time::Duration;

use backends::launch_plan::{LaunchPlan, PlannedBinding, Resource};
use backends::shader::BindingKind;

use crate::{Launch, Limits, Module, Outcome, RunError, SlotKind};

/// Uniform structs are rounded up to this by shader languages.
const UNIFORM_ROUNDING: usize = 16;

/// Device memory as the CUDA host sees it, before a launch and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The buffers that arguments point into.
    pub buffers: Vec<Vec<u8>>,
    /// The program's `__device__` and `__constant__` variables that were set or may have changed, by name.
    pub variables: Vec<(String, Vec<u8>)>,
}

/// A launch, and where in its result the host's memory is found.
#[derive(Clone, Debug)]
pub struct PlannedLaunch {
    pub launch: Launch,
    before: Memory,
    /// What each buffer that is read back holds.
    contents: Vec<Content>,
}

#[derive(Clone, Debug)]
enum Content {
    Buffer(usize),
    Variable(String),
    /// All buffers, at these addresses.
    Heap(Vec<u64>),
}

/// Makes the launch of `plan` with its grid folded to the device's limits.
pub fn launch_of_plan(
    module: Module,
    plan: &LaunchPlan,
    grid: [u64; 3],
    memory: &Memory,
    limits: &Limits,
    time_limit: Duration,
) -> Result<PlannedLaunch, RunError> {
    let mut launch = Launch::new(module, plan.entry_point.clone(), time_limit);
    launch.kernel.constants.clone_from(&plan.constants);
    let uniform = launch.buffer(vec![0; 16]);
    launch.bind(0, SlotKind::Uniform, uniform);
    let mut planned = PlannedLaunch { launch, before: memory.clone(), contents: Vec::new() };
    for binding in &plan.bindings {
        planned.bind(binding, plan, limits)?;
    }
    planned.launch.dispatch_grid(grid, limits.max_groups_per_dimension, uniform)?;
    Ok(planned)
}

impl PlannedLaunch {
    fn bind(&mut self, binding: &PlannedBinding, plan: &LaunchPlan, limits: &Limits) -> Result<(), RunError> {
        let (buffer, offset) = match &binding.resource {
            Resource::Buffer { buffer, offset } => (self.host_buffer(*buffer)?, *offset),
            Resource::Arguments => (self.launch.buffer(rounded(plan.arguments.clone())), 0),
            Resource::Variable { name, bytes, init } => (self.variable(name, *bytes, init.as_deref()), 0),
            Resource::Heap => (self.heap(&plan.heap)?, 0),
            Resource::Nothing { bytes } => (self.launch.buffer(vec![0; *bytes as usize]), 0),
        };
        let (kind, limit) = match binding.kind {
            BindingKind::Uniform => (SlotKind::Uniform, limits.max_uniform_binding_size),
            BindingKind::StorageRead => (SlotKind::ReadStorage, limits.max_storage_binding_size),
            BindingKind::StorageReadWrite => (SlotKind::ReadWriteStorage, limits.max_storage_binding_size),
        };
        let size = (self.launch.buffers[buffer].len() as u64).saturating_sub(offset);
        if size > limit {
            let reason = format!("binding {} has {size} bytes, and this device binds at most {limit}", binding.binding);
            return Err(RunError::Bindings { reason });
        }
        self.launch.bind_range(binding.binding, kind, buffer, offset, None);
        Ok(())
    }

    /// The launch's copy of a host's buffer: one, however many bindings show it.
    fn host_buffer(&mut self, index: usize) -> Result<usize, RunError> {
        let known = self.contents.iter().position(|content| matches!(content, Content::Buffer(of) if *of == index));
        if let Some(at) = known {
            return Ok(self.launch.read_back[at]);
        }
        let bytes = self.before.buffers.get(index).cloned();
        let bytes = bytes.ok_or_else(|| RunError::Bindings { reason: format!("the launch has no buffer {index}") })?;
        Ok(self.read_back(bytes, Content::Buffer(index)))
    }

    fn variable(&mut self, name: &str, bytes: u64, init: Option<&[u8]>) -> usize {
        let set = self.before.variables.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_slice());
        let mut value = set.or(init).unwrap_or_default().to_vec();
        value.resize(bytes as usize, 0);
        self.read_back(value, Content::Variable(name.to_string()))
    }

    fn heap(&mut self, layout: &[u64]) -> Result<usize, RunError> {
        let wrong = || RunError::Bindings { reason: "the heap's layout does not fit the launch's buffers".to_string() };
        let (&size, addresses) = layout.split_last().ok_or_else(wrong)?;
        if addresses.len() != self.before.buffers.len() {
            return Err(wrong());
        }
        let mut heap = vec![0; size as usize];
        for (&address, bytes) in addresses.iter().zip(&self.before.buffers) {
            let start = address as usize;
            heap.get_mut(start..start + bytes.len()).ok_or_else(wrong)?.copy_from_slice(bytes);
        }
        Ok(self.read_back(heap, Content::Heap(addresses.to_vec())))
    }

    fn read_back(&mut self, bytes: Vec<u8>, content: Content) -> usize {
        let buffer = self.launch.buffer(bytes);
        self.launch.read_back(buffer);
        self.contents.push(content);
        buffer
    }

    /// The host's memory after the launch. Buffers that the kernel does not see are as before.
    pub fn memory_after(&self, outcome: &Outcome) -> Memory {
        let mut memory = self.before.clone();
        for (content, bytes) in self.contents.iter().zip(&outcome.buffers) {
            match content {
                Content::Buffer(index) => memory.buffers[*index].clone_from(bytes),
                Content::Variable(name) => set_variable(&mut memory.variables, name, bytes),
                Content::Heap(addresses) => {
                    for (buffer, &address) in memory.buffers.iter_mut().zip(addresses) {
                        let start = address as usize;
                        let length = buffer.len();
                        buffer.copy_from_slice(&bytes[start..start + length]);
                    }
                }
            }
        }
        memory
    }
}

fn set_variable(variables: &mut Vec<(String, Vec<u8>)>, name: &str, bytes: &[u8]) {
    match variables.iter_mut().find(|(of, _)| of == name) {
        Some((_, value)) => *value = bytes.to_vec(),
        None => variables.push((name.to_string(), bytes.to_vec())),
    }
}

fn rounded(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.resize(bytes.len().max(1).next_multiple_of(UNIFORM_ROUNDING), 0);
    bytes
}
