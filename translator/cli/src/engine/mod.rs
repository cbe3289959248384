//! Runs a case launch by launch: on the interpreter, or on a device by way of WGSL or SPIR-V.
//!
//! Memory lives here between launches, so that all engines start each launch from the same bytes they left.

mod device;
mod interpreter;
mod legal;

pub use device::DeviceEngine;
pub use interpreter::InterpreterEngine;
pub use legal::LegalEngine;

use backends::launch_plan::LaunchArgument;
use harness::Case;
use indexmap::IndexMap;
use ir::FuncId;
use runner::Provenance;
use source::Diagnostic;

/// A launch whose kernel and arguments are known to fit.
#[derive(Clone, Debug)]
pub struct ReadyLaunch {
    pub kernel: FuncId,
    pub grid: [u32; 3],
    pub block: [u32; 3],
    pub shared: u32,
    pub arguments: Vec<LaunchArgument>,
}

impl ReadyLaunch {
    /// Blocks and grid have one dimension.
    pub fn is_linear(&self) -> bool {
        self.grid[1..] == [1, 1] && self.block[1..] == [1, 1]
    }
}

/// What the kernels see and change.
#[derive(Clone, Debug)]
pub struct Memory {
    pub buffers: Vec<Vec<u8>>,
    /// `__constant__` and `__device__` variables by name. Those that the case does not name join when a kernel uses them.
    pub symbols: IndexMap<String, Vec<u8>>,
    /// What the launches printed.
    pub output: Vec<u8>,
}

impl Memory {
    pub fn of_case(case: &Case) -> Memory {
        Memory {
            buffers: case.buffers.iter().map(|buffer| buffer.initial.clone()).collect(),
            symbols: case.symbols.iter().map(|symbol| (symbol.name.clone(), symbol.initial.clone())).collect(),
            output: Vec::new(),
        }
    }
}

/// Why a launch gave no result.
#[derive(Debug)]
pub enum Failure {
    /// The translator refuses the kernel on this route.
    Refused(Vec<Diagnostic>),
    /// The kernel ran and did something that CUDA forbids, or the device failed.
    Failed(Vec<Diagnostic>),
    /// This device cannot run it: too large a block, a missing feature.
    LeftOut(String),
}

/// Something that runs launches.
pub trait Engine {
    /// Translates a launch's kernel as for running it, and does not run it.
    fn translate(&mut self, launch: &ReadyLaunch) -> Result<(), Failure>;

    /// Runs one launch and changes `memory` as the kernel did.
    fn launch(&mut self, launch: &ReadyLaunch, memory: &mut Memory) -> Result<(), Failure>;

    /// Where the last result came from; `None` for the interpreter.
    fn provenance(&self) -> Option<&Provenance>;
}
