//! Launches with barriers of the whole grid: all blocks are alive, each with its own shared memory, and run in turns from one barrier of the grid to
//! the next.

use super::block::{Block, Progress};
use super::code::Code;
use super::memory::{Allocation, Memory};
use super::race::Races;
use super::thread::{Arg, Context, Thread};
use super::{Fault, Launch, Statistics, block_place, reset_shared};
use crate::output::Lines;
use ir::Module;

/// A block between its turns.
struct Resident {
    rank: u64,
    threads: Vec<Thread>,
    shared: Vec<Allocation>,
    progress: Option<Progress>,
}

/// More threads than this are refused: each takes a kilobyte.
const MOST_THREADS: u64 = 4 << 20;

pub(super) fn run(
    module: &Module,
    launch: &Launch,
    memory: &mut Memory,
    codes: &[Code],
    args: &[Arg],
) -> Result<(Lines, Statistics), Fault> {
    let mut output = Lines::default();
    let warp_size = module.warp_size as usize;
    let mut races = launch.options.sanitize.then(|| Races::new(module.warp_size, false));
    let blocks: u64 = launch.grid.iter().map(|n| u64::from(*n)).product();
    let threads: u64 = launch.block.iter().map(|n| u64::from(*n)).product();
    if blocks.saturating_mul(threads) > MOST_THREADS {
        let reason = format!("{blocks} blocks of {threads} threads with a barrier of the grid are too many for the interpreter");
        return Err(Fault::of_launch(reason));
    }
    let mut residents: Vec<Resident> = Vec::new();
    for turn in 0..blocks {
        let rank = launch.options.order.pick(turn as usize, blocks as usize) as u64;
        let threads = (0..threads).map(|_| Thread::new()).collect();
        residents.push(Resident { rank, threads, shared: Vec::new(), progress: None });
    }
    let deadline = launch.options.deadline();
    loop {
        let mut waiting = None;
        let mut ended = 0;
        for (index, resident) in residents.iter_mut().enumerate() {
            if resident.progress == Some(Progress::Done) {
                ended += resident.threads.len();
                continue;
            }
            std::mem::swap(&mut memory.shared, &mut resident.shared);
            let starts = resident.progress.is_none();
            if starts {
                reset_shared(module, launch, memory);
            }
            if let Some(races) = &mut races {
                races.resume_block(resident.rank as u32, resident.threads.len());
            }
            let max_steps = launch.options.max_steps;
            let mut ctx =
                Context { codes, memory: &mut *memory, output: &mut output, races: races.as_mut(), max_steps, deadline };
            let mut block = Block {
                threads: &mut resident.threads,
                order: launch.options.order,
                sanitize: launch.options.sanitize,
                warp_size,
            };
            if starts {
                block.start(&ctx, launch.kernel.index(), block_place(module, launch, resident.rank), args);
            } else {
                block.pass_grid_barrier();
            }
            let progress = block.run(&mut ctx).map_err(fault)?;
            resident.progress = Some(progress);
            std::mem::swap(&mut memory.shared, &mut resident.shared);
            match progress {
                Progress::Done => ended += resident.threads.len(),
                Progress::AtGridBarrier => waiting = Some(index),
            }
        }
        let Some(index) = waiting else { break };
        if let Some(races) = &mut races {
            races.grid_barrier();
        }
        if ended > 0 {
            let max_steps = launch.options.max_steps;
            let ctx = Context { codes, memory: &mut *memory, output: &mut output, races: None, max_steps, deadline };
            let threads = &mut residents[index].threads;
            let block = Block { threads, order: launch.options.order, sanitize: launch.options.sanitize, warp_size };
            return Err(fault(block.waits_in_vain(&ctx, ended)));
        }
    }
    let threads = residents.iter().flat_map(|resident| &resident.threads);
    let mut statistics = Statistics::default();
    for thread in threads {
        statistics.threads += 1;
        statistics.steps += thread.steps;
        statistics.longest_thread = statistics.longest_thread.max(thread.steps);
    }
    Ok((output, statistics))
}

fn fault((kind, span, thread): super::block::Failure) -> Fault {
    Fault { kind, span, thread: Some(thread) }
}
