//! Runs a case launch by launch: on the interpreter, or on a device by way of WGSL or SPIR-V.
//!
//! Memory lives here between launches, so that all engines start each launch from the same bytes they left.

mod device;
mod interpreter;
mod legal;

pub use device::{Crowded, DeviceEngine};
pub use interpreter::InterpreterEngine;
pub use legal::LegalEngine;

use crate::abi;
use backends::launch_plan::LaunchArgument;
use backends::shader::SharedLimit;
use harness::{Case, Target};
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
    /// Where in each buffer there are pointers, as the case's [targets](Target).
    pub pointers: Vec<Vec<usize>>,
    /// The same of symbols, by name. What points to no buffer is left as the engine has it.
    pub symbol_pointers: Vec<(String, Vec<usize>)>,
    /// What the launches printed.
    pub output: Vec<u8>,
}

impl Memory {
    pub fn of_case(case: &Case, module: &ir::Module) -> Memory {
        let symbols = abi::symbol_pointers(module).into_iter();
        Memory {
            buffers: case.buffers.iter().map(|buffer| buffer.initial.clone()).collect(),
            symbols: case.symbols.iter().map(|symbol| (symbol.name.clone(), symbol.initial.clone())).collect(),
            pointers: case.buffers.iter().map(|buffer| buffer.pointers.clone()).collect(),
            symbol_pointers: symbols.map(|(name, slots)| (name, slots.into_iter().map(|(slot, _)| slot).collect())).collect(),
            output: Vec::new(),
        }
    }

    /// Makes addresses of the targets in memory, where `address` says where a buffer lies.
    fn place_pointers(&mut self, address: impl Fn(Target) -> u64) {
        self.change_pointers(|bits| Target::from_bits(bits).map_or(0, &address));
        let buffers = self.buffers.len();
        let is_there = |target: &Target| target.buffer < buffers;
        self.change_symbols(|bits| Target::from_bits(bits).filter(is_there).map_or(bits, &address));
    }

    /// Makes targets of addresses again.
    fn lift_pointers(&mut self, target: impl Fn(u64) -> Option<Target>) {
        self.change_pointers(|address| Target::bits(target(address)));
        self.change_symbols(|address| target(address).map_or(address, |target| Target::bits(Some(target))));
    }

    fn change_symbols(&mut self, change: impl Fn(u64) -> u64) {
        for (name, slots) in &self.symbol_pointers {
            let Some(bytes) = self.symbols.get_mut(name) else { continue };
            for &slot in slots {
                if let Some(word) = bytes.get_mut(slot..slot + 8)
                    && let Ok(bits) = <[u8; 8]>::try_from(&*word)
                {
                    word.copy_from_slice(&change(u64::from_le_bytes(bits)).to_le_bytes());
                }
            }
        }
    }

    fn change_pointers(&mut self, change: impl Fn(u64) -> u64) {
        for (bytes, slots) in self.buffers.iter_mut().zip(&self.pointers) {
            for &slot in slots {
                let mut word = [0; 8];
                word.copy_from_slice(&bytes[slot..slot + 8]);
                bytes[slot..slot + 8].copy_from_slice(&change(u64::from_le_bytes(word)).to_le_bytes());
            }
        }
    }

    /// The same for one heap that holds all buffers, at these addresses.
    fn place_in_heap(&mut self, starts: &[u64]) {
        self.place_pointers(|target| starts[target.buffer] + target.offset);
    }

    fn lift_from_heap(&mut self, starts: &[u64]) {
        self.lift_pointers(|address| {
            let buffer = starts.iter().rposition(|&start| start <= address)?;
            Some(Target { buffer, offset: address - starts[buffer] })
        });
    }
}

/// What the command line takes from devices.
#[derive(Clone, Copy, Debug, Default)]
pub struct Restrictions {
    /// Core WGSL and its like alone.
    pub portable: bool,
    /// Bytes of shared memory.
    pub max_shared: Option<u64>,
    /// Shared memory without room is refused.
    pub strict: bool,
    /// Calls within each other of functions that call themselves.
    pub recursion_depth: Option<u32>,
}

impl Restrictions {
    /// The room that a launch has on a device with so much shared memory.
    fn shared(self, device: Option<u64>, launch: &ReadyLaunch) -> Option<SharedLimit> {
        let bytes = self.max_shared.into_iter().chain(device).min()?;
        let threads = launch.block.iter().product();
        Some(SharedLimit { bytes, dynamic: launch.shared.into(), threads, strict: self.strict })
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

    /// What a reader of the results should know of the last launch.
    fn warnings(&self) -> &[Diagnostic] {
        &[]
    }

    /// Where the last result came from; `None` for the interpreter.
    fn provenance(&self) -> Option<&Provenance>;
}
