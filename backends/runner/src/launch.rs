//! What a launch is and what comes back: plain data that can travel to a worker process.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{DeviceKind, RunError, fold_grid, launch_uniform};

/// Whether wgpu guards the shader's indices, loops and divisions, and sets workgroup memory to zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Checks {
    Checked,
    /// Guards, but workgroup memory starts as it is: the caller vouches that the kernel reads what it wrote, as CUDA demands of shared memory.
    Guarded,
    /// No guards: the caller vouches that the kernel stays in bounds.
    Trusted,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Module {
    Wgsl {
        text: String,
        checks: Checks,
    },
    /// Handed to the driver as it is, so it is always trusted.
    Spirv {
        words: Vec<u32>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SlotKind {
    Uniform,
    ReadStorage,
    ReadWriteStorage,
}

/// A binding of group 0 as the shader declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub binding: u32,
    pub kind: SlotKind,
}

/// All that a pipeline is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kernel {
    pub module: Module,
    pub entry: String,
    /// Pipeline constants by name (WGSL `override`, SPIR-V `OpName` of a specialization constant) or by decimal id (`@id`, `SpecId`).
    pub constants: Vec<(String, f64)>,
    pub slots: Vec<Slot>,
}

/// What stands behind the slot of the same index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// Index into [`Launch::buffers`]. Several bindings may share a buffer.
    pub buffer: usize,
    /// In bytes, a multiple of the device's alignment.
    pub offset: u64,
    /// In bytes; `None` reaches to the buffer's end.
    pub size: Option<u64>,
}

/// Bytes put into a buffer before a dispatch, such as the `Launch` struct of a folded grid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    pub buffer: usize,
    /// A multiple of 4, as is the length.
    pub offset: u64,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    pub groups: [u32; 3],
    pub writes: Vec<Write>,
}

/// How a kernel with barriers of the grid is run: after the dispatches the word at the start of `next` goes to the start of `phase`, and they are run
/// again, until the word is `end`. The kernel itself says what is next, so that loops may have as many rounds as they want.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// Indices of buffers.
    pub phase: usize,
    pub next: usize,
    pub end: u32,
}

/// One kernel launch with all its data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Launch {
    pub kernel: Kernel,
    /// As many as the kernel has slots.
    pub bindings: Vec<Binding>,
    /// The initial bytes of every buffer. (They travel beside the JSON text, see [`crate::worker`].)
    #[serde(skip)]
    pub buffers: Vec<Vec<u8>>,
    pub dispatches: Vec<Dispatch>,
    /// The dispatches are run again and again, phase by phase.
    pub phases: Option<Phases>,
    /// Which buffers come back.
    pub read_back: Vec<usize>,
    pub time_limit: Duration,
}

impl Launch {
    /// A launch without buffers and dispatches, to which the methods below add.
    pub fn new(module: Module, entry: impl Into<String>, time_limit: Duration) -> Launch {
        let kernel = Kernel { module, entry: entry.into(), constants: Vec::new(), slots: Vec::new() };
        Launch {
            kernel,
            bindings: Vec::new(),
            buffers: Vec::new(),
            dispatches: Vec::new(),
            phases: None,
            read_back: Vec::new(),
            time_limit,
        }
    }

    pub fn constant(&mut self, name: impl Into<String>, value: f64) -> &mut Launch {
        self.kernel.constants.push((name.into(), value));
        self
    }

    /// Adds a buffer and returns its index.
    pub fn buffer(&mut self, bytes: Vec<u8>) -> usize {
        self.buffers.push(bytes);
        self.buffers.len() - 1
    }

    /// Binds the whole of a buffer.
    pub fn bind(&mut self, binding: u32, kind: SlotKind, buffer: usize) -> &mut Launch {
        self.bind_range(binding, kind, buffer, 0, None)
    }

    pub fn bind_range(&mut self, binding: u32, kind: SlotKind, buffer: usize, offset: u64, size: Option<u64>) -> &mut Launch {
        self.kernel.slots.push(Slot { binding, kind });
        self.bindings.push(Binding { buffer, offset, size });
        self
    }

    /// Adds the dispatches of a CUDA grid, folded to the device's limit; each first writes the `Launch` struct
    /// (`gridDim: vec3u, firstBlock: u32`) to the start of `uniform`.
    pub fn dispatch_grid(&mut self, grid: [u64; 3], groups_per_dimension: u32, uniform: usize) -> Result<&mut Launch, RunError> {
        for part in fold_grid(grid, groups_per_dimension)? {
            let write = Write { buffer: uniform, offset: 0, bytes: launch_uniform(grid, part.first_block).to_vec() };
            self.dispatches.push(Dispatch { groups: part.groups, writes: vec![write] });
        }
        Ok(self)
    }

    pub fn read_back(&mut self, buffer: usize) -> &mut Launch {
        self.read_back.push(buffer);
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Route {
    Wgsl,
    Spirv,
}

/// Where a result comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The short name, as `--device` takes it.
    pub device: String,
    /// The adapter's own name.
    pub adapter: String,
    pub kind: DeviceKind,
    pub backend: String,
    pub driver: String,
    pub driver_version: String,
    pub route: Route,
    pub checks: Checks,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The buffers of [`Launch::read_back`], in its order, each with the length it began with.
    #[serde(skip)]
    pub buffers: Vec<Vec<u8>>,
    pub provenance: Provenance,
    /// Module and pipeline; next to nothing when the kernel was there already. Drivers may compile at the first dispatch only.
    pub prepare: Duration,
    /// From the first dispatch handed over to the last one done.
    pub wall: Duration,
    /// The same by the device's own clock, where it has one.
    pub device_time: Option<Duration>,
}
