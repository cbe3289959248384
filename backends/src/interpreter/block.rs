//! Runs one block: its threads in turn, each until it must wait; then lets those go on whose barrier or warp operation is complete.

use super::code::Pc;
use super::fault::{Elsewhere, FaultKind, ThreadPlace};
use super::thread::{Arg, BlockWait, Context, Place, State, Thread};
use super::{ThreadOrder, warp};
use ir::BlockVote;
use source::Span;
use std::ops::Range;
use std::time::Instant;

/// How far a block came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Done,
    AtGridBarrier,
}

/// Fails when the launch has taken too long. A slice of a thread takes about a millisecond, so asking once a slice is often enough; for slices
/// of one step once a round is.
fn in_time(ctx: &Context) -> Result<(), Box<FaultKind>> {
    match ctx.deadline {
        Some((deadline, limit)) if Instant::now() >= deadline => Err(FaultKind::TimeLimit { limit }.into()),
        _ => Ok(()),
    }
}

/// Where threads let others go on, and how often the same ones have been there with nothing else going on.
#[derive(Default)]
struct Turns {
    places: Vec<Option<(usize, Pc)>>,
    alike: u32,
}

/// More than these are for ever: a thread that waits has nothing else to do than to count.
const MOST_TURNS: u32 = 20_000;

/// A fault with its thread.
pub(super) type Failure = (Box<FaultKind>, Span, ThreadPlace);

pub(super) struct Block<'a> {
    pub(super) threads: &'a mut [Thread],
    pub(super) order: ThreadOrder,
    pub(super) sanitize: bool,
    /// Lanes of a warp.
    pub(super) warp_size: usize,
}

impl Block<'_> {
    pub(super) fn start(&mut self, ctx: &Context, kernel: usize, place: Place, args: &[Arg]) {
        let [width, height, _] = place.block_dim;
        for (rank, thread) in (0..).zip(self.threads.iter_mut()) {
            let index = [rank % width, rank / width % height, rank / width / height];
            thread.start(ctx.codes, kernel, Place { thread: index, ..place }, args);
        }
    }

    /// Runs all threads to their end, or to a barrier of the grid.
    pub(super) fn run(&mut self, ctx: &mut Context) -> Result<Progress, Failure> {
        let mut turns = Turns::default();
        loop {
            let ran = self.run_ready(ctx)?;
            if self.threads.iter().all(|thread| thread.state == State::Done) {
                return Ok(Progress::Done);
            }
            if !ran && self.at_grid_barrier() {
                return Ok(Progress::AtGridBarrier);
            }
            if ran || self.release_tiles(ctx) || self.release_barrier(ctx)? || self.complete_soft(ctx) {
                continue;
            }
            if let Some(index) = self.next_turn(&mut turns) {
                if turns.alike < MOST_TURNS {
                    continue;
                }
                return Err(self.failure(ctx, index, FaultKind::NoArrival.into()));
            }
            return Err(self.deadlock(ctx));
        }
    }

    /// All live threads wait for the other blocks, at one place.
    fn at_grid_barrier(&self) -> bool {
        let mut live = self.threads.iter().filter(|thread| thread.state != State::Done);
        let Some(first) = live.next() else { return false };
        matches!(first.state, State::Barrier { what: BlockWait::Grid, .. }) && live.all(|thread| thread.state == first.state)
    }

    /// Lets the block pass a barrier of the grid.
    pub(super) fn pass_grid_barrier(&mut self) {
        self.threads.iter_mut().filter(|thread| thread.state != State::Done).for_each(|thread| thread.resume(None));
    }

    /// The thread that waits for blocks that have ended.
    pub(super) fn waits_in_vain(&self, ctx: &Context, elsewhere: usize) -> Failure {
        let waiting = |thread: &&Thread| thread.state != State::Done;
        let index = self.threads.iter().position(|thread| waiting(&thread)).unwrap_or(0);
        let waiting = self.threads.iter().filter(waiting).count();
        self.failure(ctx, index, FaultKind::DivergentBarrier { waiting, elsewhere, other: None }.into())
    }

    /// One turn for each thread that can run. True if there was one.
    fn run_ready(&mut self, ctx: &mut Context) -> Result<bool, Failure> {
        let mut ran = false;
        for turn in 0..self.threads.len() {
            let index = self.order.pick(turn, self.threads.len());
            if self.threads[index].state != State::Ready {
                continue;
            }
            if !ran || self.order.slice() > 1 {
                in_time(ctx).map_err(|kind| self.failure(ctx, index, kind))?;
            }
            ran = true;
            self.threads[index].run(ctx, self.order.slice()).map_err(|kind| self.failure(ctx, index, kind))?;
            match self.threads[index].state {
                State::Warp => self.arrive(ctx, index)?,
                State::Done => self.depart(ctx, index)?,
                State::Ready | State::Barrier { .. } | State::Tile { .. } | State::Yield => {}
            }
        }
        Ok(ran)
    }

    fn warp_of(&mut self, index: usize) -> (&mut [Thread], usize) {
        let lanes = self.lanes_of(index);
        let first = lanes.start;
        (&mut self.threads[lanes], first)
    }

    /// The threads of the same warp.
    fn lanes_of(&self, index: usize) -> Range<usize> {
        let first = index / self.warp_size * self.warp_size;
        first..(first + self.warp_size).min(self.threads.len())
    }

    fn arrive(&mut self, ctx: &mut Context, index: usize) -> Result<(), Failure> {
        let (sanitize, warp) = (self.sanitize, index / self.warp_size);
        let (lanes, first) = self.warp_of(index);
        match warp::try_complete(lanes, index - first, sanitize) {
            Ok(true) => {
                if let Some(races) = &mut ctx.races {
                    races.warp_sync(warp);
                }
                Ok(())
            }
            Ok(false) => Ok(()),
            Err((lane, kind)) => Err(self.failure(ctx, first + lane, kind)),
        }
    }

    /// A thread that ends may be the last one that others waited for.
    fn depart(&mut self, ctx: &mut Context, index: usize) -> Result<(), Failure> {
        for lane in self.lanes_of(index) {
            if self.threads[lane].state == State::Warp {
                self.arrive(ctx, lane)?;
            }
        }
        Ok(())
    }

    fn complete_soft(&mut self, ctx: &Context) -> bool {
        let mut any = false;
        for lanes in self.threads.chunks_mut(self.warp_size) {
            any |= warp::complete_active_mask(lanes, ctx.codes);
        }
        any
    }

    /// The threads of a tile.
    fn tile_of(&self, index: usize, threads: u32) -> Range<usize> {
        let size = threads.max(1) as usize;
        let first = index / size * size;
        first..(first + size).min(self.threads.len())
    }

    /// Lets tiles pass a barrier that all their live threads have reached, each in its own place, as NVIDIA's count of warps has it. True if there
    /// was one.
    fn release_tiles(&mut self, ctx: &mut Context) -> bool {
        let mut any = false;
        let mut index = 0;
        while let Some(thread) = self.threads.get(index) {
            let State::Tile { threads } = thread.state else {
                index += 1;
                continue;
            };
            let tile = self.tile_of(index, threads);
            index = tile.end;
            let here = |thread: &Thread| thread.state == State::Done || thread.state == State::Tile { threads };
            if !self.threads[tile.clone()].iter().all(here) {
                continue;
            }
            any = true;
            let waits = |thread: &&mut Thread| thread.state != State::Done;
            self.threads[tile.clone()].iter_mut().filter(waits).for_each(|thread| thread.resume(None));
            if let Some(races) = &mut ctx.races {
                races.tile_sync(tile.start / self.warp_size..tile.end.div_ceil(self.warp_size));
            }
        }
        any
    }

    /// Lets those go on that let others go on. Gives the first of them, if there is one.
    fn next_turn(&mut self, turns: &mut Turns) -> Option<usize> {
        let waits = |thread: &Thread| thread.state == State::Yield;
        let first = self.threads.iter().position(waits)?;
        let places = self.threads.iter().map(|thread| waits(thread).then(|| thread.position())).collect();
        turns.alike = if turns.places == places { turns.alike + 1 } else { 0 };
        turns.places = places;
        self.threads.iter_mut().filter(|thread| waits(thread)).for_each(|thread| thread.resume(None));
        Some(first)
    }

    /// Lets the block pass a barrier that all live threads have reached. True if there was one.
    fn release_barrier(&mut self, ctx: &mut Context) -> Result<bool, Failure> {
        let mut place = None;
        for thread in self.threads.iter() {
            match thread.state {
                State::Done => {}
                State::Barrier { place: here, .. } => {
                    if *place.get_or_insert(here) != here {
                        return Ok(false);
                    }
                }
                _ => return Ok(false),
            }
        }
        let answer = self.answer().map_err(|index| self.failure(ctx, index, FaultKind::BroadcastDiffers.into()))?;
        for thread in self.threads.iter_mut() {
            if let State::Barrier { what, .. } = thread.state {
                thread.resume(match what {
                    BlockWait::Barrier | BlockWait::Grid => None,
                    BlockWait::Vote { dst, .. } | BlockWait::Broadcast { dst, .. } => Some((dst, answer)),
                });
            }
        }
        if let Some(races) = &mut ctx.races {
            races.barrier();
        }
        Ok(place.is_some())
    }

    /// What the threads at a barrier learn. An error is a thread whose broadcast value differs.
    fn answer(&self) -> Result<u64, usize> {
        let (mut yes, mut all) = (0u64, 0u64);
        let mut vote = None;
        let mut shared = None;
        for (index, thread) in self.threads.iter().enumerate() {
            let State::Barrier { what, .. } = thread.state else { continue };
            all += 1;
            match what {
                BlockWait::Barrier | BlockWait::Grid => {}
                BlockWait::Vote { op, value, .. } => {
                    vote = Some(op);
                    yes += u64::from(value);
                }
                BlockWait::Broadcast { value, .. } if shared.is_none_or(|shared| shared == value) => shared = Some(value),
                BlockWait::Broadcast { .. } => return Err(index),
            }
        }
        Ok(match vote {
            Some(BlockVote::Any) => u64::from(yes > 0),
            Some(BlockVote::All) => u64::from(yes == all),
            Some(BlockVote::Count) => yes,
            None => shared.unwrap_or(0),
        })
    }

    /// Nobody can run on.
    fn deadlock(&self, ctx: &Context) -> Failure {
        let at_warp = |(_, thread): &(usize, &Thread)| thread.state == State::Warp;
        let mut waiting = self.threads.iter().enumerate().filter(at_warp);
        let stuck = waiting.find_map(|(index, _)| {
            let lanes = self.lanes_of(index);
            let first = lanes.start;
            let lanes = &self.threads[lanes];
            let (mask, missing) = warp::stuck(lanes, index - first)?;
            let other = lanes.get(missing.trailing_zeros() as usize)?;
            let elsewhere = Elsewhere { thread: thread_place(other), span: self.span(ctx, other) };
            Some((index, FaultKind::DivergentWarp { mask, missing, elsewhere }.into()))
        });
        if stuck.is_none()
            && let Some(failure) = self.stuck_tile(ctx)
        {
            return failure;
        }
        let barrier = self.threads.iter().position(|thread| matches!(thread.state, State::Barrier { .. }));
        let (index, kind) = match (stuck, barrier) {
            // Whoever waits at a barrier waits for those at the warp operation too: what those wait for is the cause.
            (Some((index, kind)), _) => (index, kind),
            (None, Some(index)) => {
                let here = self.threads[index].position();
                let at_barrier = |thread: &&Thread| matches!(thread.state, State::Barrier { place, .. } if place == here);
                let live = self.threads.iter().filter(|thread| thread.state != State::Done).count();
                let waiting = self.threads.iter().filter(at_barrier).count();
                let elsewhere = |thread: &&Thread| thread.state != State::Done && !at_barrier(thread);
                let other = self.threads.iter().find(elsewhere);
                let other = other.map(|other| Elsewhere { thread: thread_place(other), span: self.span(ctx, other) });
                (index, FaultKind::DivergentBarrier { waiting, elsewhere: live - waiting, other }.into())
            }
            (None, None) => (0, FaultKind::BrokenIr { reason: "nobody can run".into() }.into()),
        };
        self.failure(ctx, index, kind)
    }

    /// A thread that waits for others of its tile, which are elsewhere.
    fn stuck_tile(&self, ctx: &Context) -> Option<Failure> {
        let index = self.threads.iter().position(|thread| matches!(thread.state, State::Tile { .. }))?;
        let state = self.threads[index].state;
        let State::Tile { threads } = state else { return None };
        let tile = &self.threads[self.tile_of(index, threads)];
        let waiting = tile.iter().filter(|thread| thread.state == state).count();
        let others = || tile.iter().filter(|thread| thread.state != state && thread.state != State::Done);
        let other = others().next().map(|other| Elsewhere { thread: thread_place(other), span: self.span(ctx, other) });
        Some(self.failure(ctx, index, FaultKind::DivergentBarrier { waiting, elsewhere: others().count(), other }.into()))
    }

    fn failure(&self, ctx: &Context, index: usize, kind: Box<FaultKind>) -> Failure {
        let thread = &self.threads[index];
        (kind, self.span(ctx, thread), thread_place(thread))
    }

    fn span(&self, ctx: &Context, thread: &Thread) -> Span {
        let (function, pc) = thread.position();
        ctx.codes[function].spans.get(pc as usize).copied().unwrap_or(Span::NONE)
    }
}

fn thread_place(thread: &Thread) -> ThreadPlace {
    ThreadPlace { block: thread.place.block, thread: thread.place.thread }
}
