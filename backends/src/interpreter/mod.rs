//! The oracle: runs the IR as CUDA defines it, before and after every pass, and reports what a GPU would hide.
//!
//! One launch is one call of [`run`]. Blocks run one after the other ([`grid`]: in turns between barriers of the grid), the threads of a block in turn; a thread runs until it reaches
//! a barrier or a warp operation. So each launch is deterministic, and [`ThreadOrder`] shows whether a kernel depends on the order.
//!
//! What is checked, always: bounds, alignment, null and wild pointers, pointers to dead variables, use of undefined bytes
//! of shared and local memory, writes to constant memory, barriers that only some threads reach, warp operations that lanes of the mask never
//! reach, endless loops. With [`Options::sanitize`]: data races, branches on undefined values, and shuffles that read from a lane that does not take part.
//!
//! * [`compile`]: IR to instructions over registers ([`code`]); arithmetic is in [`numbers`];
//! * [`memory`]: addresses, bytes, validity;
//! * [`thread`]: one thread; [`block`] and [`warp`]: threads together;
//! * [`undefined`]: undefined values on their way; [`race`]: data races;
//! * [`legal`]: launches of kernels behind the shader passes.

mod atomic;
mod block;
mod code;
mod compile;
mod fault;
mod grid;
mod legal;
mod memory;
mod numbers;
mod race;
mod rounds;
mod thread;
mod undefined;
mod warp;

pub use fault::{Elsewhere, Fault, FaultKind, Target, ThreadPlace};
pub use legal::{LegalError, run_legal};

use crate::output::Lines;
use block::Block;
use code::{Code, Loc};
use ir::{FuncId, FunctionKind, GlobalId, Module, Space, Type};
use memory::{Allocation, Memory};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use thread::{Arg, Context, Place, Thread};

/// A launch of one kernel with all memory that it can reach.
#[derive(Clone, Debug)]
pub struct Launch {
    pub kernel: FuncId,
    pub grid: [u32; 3],
    pub block: [u32; 3],
    /// Bytes of `extern __shared__` memory.
    pub dynamic_shared: u32,
    pub args: Vec<ArgValue>,
    pub buffers: Vec<Vec<u8>>,
    /// Contents of module variables by name, instead of their initial ones.
    pub globals: Vec<(String, Vec<u8>)>,
    /// Variables that stand for a whole buffer: what the shader passes make of pointer parameters.
    pub bindings: Vec<(GlobalId, usize)>,
    pub options: Options,
}

/// An argument of a kernel.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgValue {
    /// The low bits of a scalar, in the representation of the parameter's type.
    Scalar(u64),
    /// A place in a buffer.
    Pointer {
        buffer: usize,
        offset: u64,
    },
    Null,
    /// A vector, struct or array.
    Bytes(Vec<u8>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Look for data races, branches on undefined values and shuffles from nowhere too. Takes several times as long.
    pub sanitize: bool,
    /// Note where threads race on more than a word, and go on.
    pub note_torn: bool,
    /// Steps of one thread after which the launch is taken to be endless.
    pub max_steps: u64,
    /// Time after which a launch is given up. It says nothing about the kernel: large launches take long here.
    pub time_limit: Option<Duration>,
    pub order: ThreadOrder,
    /// What every byte of shared memory holds at first. `None`: it is undefined, and its use is reported.
    pub shared_fill: Option<u8>,
}

impl Default for Options {
    fn default() -> Options {
        let (sanitize, note_torn, order) = (false, false, ThreadOrder::Ascending);
        Options { sanitize, note_torn, max_steps: 200_000_000, time_limit: None, order, shared_fill: None }
    }
}

impl Options {
    /// When a launch that starts now is given up, and the limit that this comes from.
    fn deadline(&self) -> Option<(Instant, Duration)> {
        self.time_limit.and_then(|limit| Some((Instant::now().checked_add(limit)?, limit)))
    }
}

/// The order in which the threads of a block, and the blocks of a grid, get their turns. CUDA promises none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadOrder {
    Ascending,
    Descending,
    /// The same one for the same seed.
    Shuffled(u32),
    /// Ascending, and the threads of a block take one step each in turn: what threads in lockstep do between barriers, and threads that run on to
    /// the next one never do. Much slower than the others.
    Interleaved,
}

/// A thread that spins on another one gives way after this many steps.
const SLICE: u64 = 50_000;

impl ThreadOrder {
    /// How many steps a turn has.
    fn slice(self) -> u64 {
        if self == ThreadOrder::Interleaved { 1 } else { SLICE }
    }

    /// Whose turn is the `turn`-th of `count`.
    fn pick(self, turn: usize, count: usize) -> usize {
        match self {
            ThreadOrder::Ascending | ThreadOrder::Interleaved => turn,
            ThreadOrder::Descending => count - 1 - turn,
            // A step that shares no divisor with the count visits everyone once.
            ThreadOrder::Shuffled(seed) => {
                let step = (seed as usize..).map(|step| step * 2 + 1).find(|step| gcd(*step, count) == 1).unwrap_or(1);
                (turn.wrapping_mul(step) + seed as usize) % count
            }
        }
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// What a launch left behind.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub buffers: Vec<Vec<u8>>,
    /// All variables of global and constant memory that are not bound to buffers, by name.
    pub globals: Vec<(String, Vec<u8>)>,
    /// What `printf` wrote, block by block and thread by thread.
    pub output: Vec<u8>,
    /// Bytes of buffers that threads race on with accesses of more than a word, by [`Options::note_torn`]: a device may make each of those word by word.
    pub torn: BTreeMap<usize, BTreeSet<usize>>,
    pub statistics: Statistics,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    pub threads: u64,
    /// Instructions of the interpreter, over all threads.
    pub steps: u64,
    /// Those of the thread that made the most.
    pub longest_thread: u64,
}

/// The address that a pointer to a place in a buffer has: for buffers that hold pointers.
pub fn buffer_address(buffer: usize, offset: u64) -> u64 {
    memory::buffer_address(buffer, offset)
}

/// Runs a launch. What [`ir::verify`] refuses is a fault.
pub fn run(module: &Module, launch: &Launch) -> Result<Outcome, Fault> {
    let mut memory = initial_memory(module, launch)?;
    let (output, statistics) = execute(module, launch, &mut memory)?;
    Ok(outcome(module, launch, memory, output.text(), statistics))
}

/// Runs a launch on memory, which is there to be looked at after a fault too.
fn execute(module: &Module, launch: &Launch, memory: &mut Memory) -> Result<(Lines, Statistics), Fault> {
    check_geometry(launch)?;
    ir::verify(module).map_err(|errors| broken(&errors[0]))?;
    let mut codes = compile::compile(module, &global_addresses(module, launch)?)?;
    if codes.iter().any(|code| code.warps.iter().any(|site| site.op == ir::WarpOp::ActiveMask)) {
        codes.iter_mut().for_each(|code| code.loops = rounds::loops(&code.instrs));
    }
    let args = arguments(module, &codes, launch)?;
    let mut output = Lines::default();
    let warp_size = module.warp_size as usize;
    let Options { sanitize, note_torn, .. } = launch.options;
    let mut races = (sanitize || note_torn).then(|| race::Races::new(module.warp_size, note_torn));
    if has_grid_barrier(module) {
        return grid::run(module, launch, memory, &codes, &args);
    }
    let mut threads: Vec<Thread> = (0..launch.block.iter().product()).map(|_: u32| Thread::new()).collect();
    let mut statistics = Statistics::default();
    let deadline = launch.options.deadline();
    let blocks: u64 = launch.grid.iter().map(|n| u64::from(*n)).product();
    for turn in 0..blocks {
        let rank = launch.options.order.pick(turn as usize, blocks as usize) as u64;
        reset_shared(module, launch, memory);
        if let Some(races) = &mut races {
            races.start_block(rank as u32, threads.len());
        }
        let mut ctx = Context {
            codes: &codes,
            memory: &mut *memory,
            output: &mut output,
            races: races.as_mut(),
            max_steps: launch.options.max_steps,
            deadline,
        };
        let mut block =
            Block { threads: &mut threads, order: launch.options.order, sanitize: launch.options.sanitize, warp_size };
        block.start(&ctx, launch.kernel.index(), block_place(module, launch, rank), &args);
        block.run(&mut ctx).map_err(|(kind, span, thread)| Fault { kind, span, thread: Some(thread) })?;
        statistics.threads += threads.len() as u64;
        statistics.steps += threads.iter().map(|thread| thread.steps).sum::<u64>();
        statistics.longest_thread = threads.iter().map(|thread| thread.steps).fold(statistics.longest_thread, u64::max);
    }
    memory.torn = races.map(race::Races::torn).unwrap_or_default();
    Ok((output, statistics))
}

fn has_grid_barrier(module: &Module) -> bool {
    let mut found = false;
    for (_, function) in module.functions.iter() {
        function.body.walk(&mut |stmt| found |= stmt.kind == ir::StmtKind::GridBarrier);
    }
    found
}

fn broken(error: &ir::VerifyError) -> Fault {
    Fault { kind: FaultKind::BrokenIr { reason: error.to_string() }.into(), span: error.span, thread: None }
}

fn check_geometry(launch: &Launch) -> Result<(), Fault> {
    if launch.grid.contains(&0) || launch.block.contains(&0) {
        return Err(Fault::of_launch("an extent of the grid or the block is 0"));
    }
    let threads: u64 = launch.block.iter().map(|n| u64::from(*n)).fold(1, u64::saturating_mul);
    if threads > 1024 {
        return Err(Fault::of_launch(format!("a block of {threads} threads; CUDA has at most 1024")));
    }
    Ok(())
}

fn block_place(module: &Module, launch: &Launch, rank: u64) -> Place {
    let [width, height, _] = launch.grid.map(u64::from);
    let block = [rank % width, rank / width % height, rank / width / height].map(|index| index as u32);
    Place { thread: [0; 3], block, block_dim: launch.block, grid_dim: launch.grid, warp_size: module.warp_size }
}

fn is_shared(module: &Module, global: GlobalId) -> bool {
    module.tables.globals[global].space == Space::Shared
}

fn global_addresses(module: &Module, launch: &Launch) -> Result<Vec<u64>, Fault> {
    let address = |(id, global): (GlobalId, &ir::Global)| {
        let bound = launch.bindings.iter().find(|(bound, _)| *bound == id);
        match bound {
            Some((_, buffer)) if *buffer >= launch.buffers.len() => {
                Err(Fault::of_launch(format!("`{}` is bound to a buffer that is not there", global.name)))
            }
            Some((_, buffer)) => Ok(memory::buffer_address(*buffer, 0)),
            // All dynamic shared variables start at the same address: that of allocation 0.
            None if is_shared(module, id) && global.dynamic => Ok(memory::shared_address(0)),
            None if is_shared(module, id) => Ok(memory::shared_address(id.index() + 1)),
            None => Ok(memory::global_address(id.index())),
        }
    };
    module.tables.globals.iter().map(address).collect()
}

fn arguments(module: &Module, codes: &[Code], launch: &Launch) -> Result<Vec<Arg>, Fault> {
    let Some(function) = module.functions.get(launch.kernel) else { return Err(Fault::of_launch("there is no such kernel")) };
    if function.kind != FunctionKind::Kernel {
        return Err(Fault::of_launch(format!("`{}` is no kernel", function.name)));
    }
    if function.params.len() != launch.args.len() {
        let (wanted, given) = (function.params.len(), launch.args.len());
        return Err(Fault::of_launch(format!("`{}` takes {wanted} arguments, not {given}", function.name)));
    }
    let code = &codes[launch.kernel.index()];
    let mut args = Vec::new();
    for (index, (param, value)) in function.params.iter().zip(&launch.args).enumerate() {
        let is_pointer = matches!(module.tables.types.get(param.ty), Type::Pointer { .. });
        args.push(match (code.params[index], value) {
            (Loc::Reg(_), ArgValue::Scalar(bits)) => {
                Arg::Scalar(code.param_scalars[index].map_or(*bits, |scalar| numbers::canonical(scalar, *bits)))
            }
            (Loc::Reg(_), ArgValue::Pointer { buffer, offset }) if is_pointer && *buffer < launch.buffers.len() => {
                Arg::Scalar(memory::buffer_address(*buffer, *offset))
            }
            (Loc::Reg(_), ArgValue::Null) if is_pointer => Arg::Scalar(0),
            (Loc::Mem { len, .. }, ArgValue::Bytes(bytes)) if bytes.len() == len as usize => Arg::Bytes(bytes.clone()),
            _ => return Err(Fault::of_launch(format!("the argument for `{}` does not fit its type", param.name))),
        });
    }
    Ok(args)
}

fn initial_memory(module: &Module, launch: &Launch) -> Result<Memory, Fault> {
    let buffers = launch.buffers.iter().enumerate().map(|(index, bytes)| Allocation {
        name: buffer_name(module, launch, index),
        bytes: bytes.clone(),
        ..Allocation::default()
    });
    let mut memory = Memory { buffers: buffers.collect(), ..Memory::default() };
    for (_, global) in module.tables.globals.iter() {
        let size = if global.space == Space::Shared { 0 } else { module.tables.types.size_of(global.ty) as usize };
        let given = launch.globals.iter().find(|(name, _)| *name == global.name).map(|(_, bytes)| bytes);
        let mut bytes = given.or(global.init.as_ref()).cloned().unwrap_or_default();
        if bytes.len() > size && global.space != Space::Shared {
            return Err(Fault::of_launch(format!("`{}` takes {size} bytes, not {}", global.name, bytes.len())));
        }
        bytes.resize(size, 0);
        let read_only = global.space == Space::Constant;
        memory.globals.push(Allocation { name: global.name.clone(), bytes, valid: Vec::new(), read_only });
    }
    Ok(memory)
}

/// The parameter or variable that a buffer is for.
fn buffer_name(module: &Module, launch: &Launch, buffer: usize) -> String {
    let points_here = |arg: &ArgValue| matches!(arg, ArgValue::Pointer { buffer: index, .. } if *index == buffer);
    let by_param =
        || launch.args.iter().position(points_here).and_then(|index| module.functions.get(launch.kernel)?.params.get(index));
    let by_binding =
        || launch.bindings.iter().find(|(_, index)| *index == buffer).map(|(id, _)| &module.tables.globals[*id].name);
    by_param().map(|param| &param.name).or_else(by_binding).cloned().unwrap_or_else(|| format!("buffer {buffer}"))
}

/// Shared memory of a new block: undefined, but for initial values that passes may give.
fn reset_shared(module: &Module, launch: &Launch, memory: &mut Memory) {
    let size = launch.dynamic_shared as usize;
    let fill = launch.options.shared_fill;
    memory.shared.resize_with(module.tables.globals.len() + 1, Allocation::default);
    refill(&mut memory.shared[0], "dynamic shared memory", size, None, fill);
    for (id, global) in module.tables.globals.iter() {
        if global.space == Space::Shared && !global.dynamic {
            let size = match module.tables.types.get(global.ty) {
                Type::Array { element, count: None } => {
                    let threads: u32 = launch.block.iter().product();
                    module.tables.types.size_of(element) as usize * (global.per_thread * threads) as usize
                }
                _ => module.tables.types.size_of(global.ty) as usize,
            };
            refill(&mut memory.shared[id.index() + 1], &global.name, size, global.init.as_deref(), fill);
        }
    }
}

fn refill(allocation: &mut Allocation, name: &str, size: usize, init: Option<&[u8]>, fill: Option<u8>) {
    if allocation.name.is_empty() {
        allocation.name = name.to_owned();
    }
    allocation.bytes.clear();
    allocation.bytes.resize(size, fill.unwrap_or(0));
    allocation.valid.clear();
    allocation.valid.resize(size, u8::from(init.is_some() || fill.is_some()));
    if let Some(init) = init {
        let length = init.len().min(size);
        allocation.bytes[..length].copy_from_slice(&init[..length]);
    }
}

fn outcome(module: &Module, launch: &Launch, memory: Memory, output: Vec<u8>, statistics: Statistics) -> Outcome {
    let is_bound = |id: GlobalId| launch.bindings.iter().any(|(bound, _)| *bound == id);
    let names = module.tables.globals.iter().map(|(id, global)| (id, &global.name));
    let globals = names
        .zip(memory.globals)
        .filter(|((id, _), _)| !is_shared(module, *id) && !is_bound(*id))
        .map(|((_, name), allocation)| (name.clone(), allocation.bytes))
        .collect();
    let buffers = memory.buffers.into_iter().map(|allocation| allocation.bytes).collect();
    Outcome { buffers, globals, output, torn: memory.torn, statistics }
}

#[cfg(test)]
mod tests;
