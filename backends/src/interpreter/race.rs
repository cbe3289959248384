//! Finds data races: two accesses of one byte by different threads, one of them a write, not both atomic, with nothing between
//! them that orders them.
//!
//! Order comes from the block's barriers, those of tiles and the warp's collective operations. A fence behind the first access and an atomic of the
//! second thread's block before the second one count as order too: that is how the last block of a grid learns that the others
//! are done (CUDA guide, "Memory Fence Functions"). A plain read beside an atomic write is no race here. This leaves some races unseen, and reports no program that is written by the guide.

use super::fault::{FaultKind, Target};
use super::memory::{Memory, Range, Region};
use source::Span;
use std::collections::{BTreeMap, BTreeSet, HashMap};

const NOBODY: u32 = u32::MAX;

/// A thread's rank, and where in the source it is.
type Who = (u32, Span);

/// The last access of a byte of one kind.
#[derive(Clone, Copy)]
struct Access {
    thread: u32,
    block: u32,
    epoch: u32,
    clock: u64,
    is_atomic: bool,
    /// Other threads did the same, with no order between them and this one.
    several: bool,
    /// The first and the last warp of these.
    warps: (u16, u16),
    place: Span,
}

/// Warps of several blocks.
const EVERYWHERE: (u16, u16) = (0, u16::MAX);

const NEVER: Access =
    Access { thread: NOBODY, block: 0, epoch: 0, clock: 0, is_atomic: false, several: false, warps: (0, 0), place: Span::NONE };

#[derive(Clone, Copy)]
struct Cell {
    write: Access,
    read: Access,
}

pub(super) struct Races {
    /// Lanes of a warp.
    warp_size: u32,
    cells: HashMap<Region, Vec<Cell>>,
    block: u32,
    /// Barriers that the current block has passed.
    epoch: u32,
    /// For each warp, and each warp beside it: up to when what that one did comes before what this one does.
    seen: Vec<Vec<u64>>,
    /// Counts accesses of the launch.
    clock: u64,
    /// For each block the time of its last fence.
    fences: HashMap<u32, u64>,
    /// Has the current block made an atomic access?
    had_atomic: bool,
    /// By buffer, the bytes that threads race on with accesses of more than a word, if they are to be noted rather than to end the launch.
    torn: Option<BTreeMap<usize, BTreeSet<usize>>>,
}

/// What no device accesses in parts.
const WORD: usize = 4;

impl Races {
    pub(super) fn new(warp_size: u32, note_torn: bool) -> Races {
        Races {
            warp_size,
            cells: HashMap::new(),
            block: 0,
            epoch: 0,
            seen: Vec::new(),
            clock: 0,
            fences: HashMap::new(),
            had_atomic: false,
            torn: note_torn.then(BTreeMap::new),
        }
    }

    /// What was noted.
    pub(super) fn torn(self) -> BTreeMap<usize, BTreeSet<usize>> {
        self.torn.unwrap_or_default()
    }

    pub(super) fn start_block(&mut self, block: u32, threads: usize) {
        self.block = block;
        self.epoch = 0;
        let warps = threads.div_ceil(self.warp_size as usize);
        self.seen = vec![vec![0; warps]; warps];
        self.had_atomic = false;
        self.cells.retain(|region, _| !matches!(region, Region::Shared(_)));
    }

    /// Another block goes on where it stopped at a barrier of the grid.
    pub(super) fn resume_block(&mut self, block: u32, threads: usize) {
        self.start_block(block, threads);
    }

    /// Nothing before a barrier of the grid races with anything behind it.
    pub(super) fn grid_barrier(&mut self) {
        self.cells.clear();
    }

    pub(super) fn barrier(&mut self) {
        self.epoch += 1;
    }

    /// A collective operation of lanes of a warp.
    pub(super) fn warp_sync(&mut self, warp: usize) {
        self.seen[warp][warp] = self.clock;
    }

    /// A barrier of some warps: each knows what any of them knew, and all that they have done.
    pub(super) fn tile_sync(&mut self, warps: std::ops::Range<usize>) {
        let mut known = self.seen[warps.start].clone();
        for warp in warps.clone() {
            known.iter_mut().zip(&self.seen[warp]).for_each(|(known, seen)| *known = (*known).max(*seen));
        }
        known[warps.clone()].fill(self.clock);
        warps.for_each(|warp| self.seen[warp].clone_from(&known));
    }

    pub(super) fn fence(&mut self, _thread: u32) {
        self.fences.insert(self.block, self.clock);
    }

    pub(super) fn read(&mut self, memory: &Memory, range: Range, who: Who) -> Result<(), Box<FaultKind>> {
        self.access(memory, range, who, false, false)
    }

    pub(super) fn write(&mut self, memory: &Memory, range: Range, who: Who) -> Result<(), Box<FaultKind>> {
        self.access(memory, range, who, true, false)
    }

    pub(super) fn atomic(&mut self, memory: &Memory, range: Range, who: Who, writes: bool) -> Result<(), Box<FaultKind>> {
        self.had_atomic = true;
        self.access(memory, range, who, writes, true)
    }

    fn access(
        &mut self,
        memory: &Memory,
        range: Range,
        (thread, place): Who,
        writes: bool,
        is_atomic: bool,
    ) -> Result<(), Box<FaultKind>> {
        if range.region == Region::Local {
            return Ok(());
        }
        self.clock += 1;
        let warp = (thread / self.warp_size) as u16;
        let now = Access {
            thread,
            block: self.block,
            epoch: self.epoch,
            clock: self.clock,
            is_atomic,
            several: false,
            warps: (warp, warp),
            place,
        };
        let mut cells = self.cells.remove(&range.region).unwrap_or_default();
        if cells.len() < range.end {
            cells.resize(range.end, Cell { write: NEVER, read: NEVER });
        }
        let mut race = None;
        for cell in &mut cells[range.start..range.end] {
            // A plain read beside an atomic write is how the guide's own `atomicAdd` for `double` begins.
            let may_read = !writes && cell.write.is_atomic;
            if !may_read && self.conflict(&cell.write, &now) {
                race = race.or(Some((cell.write, "a write")));
            }
            if writes && !is_atomic && self.conflict(&cell.read, &now) {
                race = race.or(Some((cell.read, "a read")));
            }
            if writes {
                *cell = Cell { write: now, read: NEVER };
            } else {
                let others = cell.read.thread != NOBODY && !self.ordered(&cell.read, &now);
                let (first, last) = cell.read.warps;
                let warps = if cell.read.block == self.block { (first.min(warp), last.max(warp)) } else { EVERYWHERE };
                let several = Access { several: true, is_atomic: is_atomic && cell.read.is_atomic, warps, ..now };
                cell.read = if others { several } else { now };
            }
        }
        self.cells.insert(range.region, cells);
        let Some((other, what)) = race else { return Ok(()) };
        let Some(torn) = &mut self.torn else { return Err(report(memory, range, &now, writes, &other, what)) };
        if let Region::Buffer(buffer) = range.region
            && range.end - range.start > WORD
        {
            torn.entry(buffer).or_default().extend(range.start..range.end);
        }
        Ok(())
    }

    fn conflict(&self, earlier: &Access, now: &Access) -> bool {
        earlier.thread != NOBODY && !(earlier.is_atomic && now.is_atomic) && !self.ordered(earlier, now)
    }

    fn ordered(&self, earlier: &Access, now: &Access) -> bool {
        let fenced = self.had_atomic && self.fences.get(&earlier.block).is_some_and(|time| *time >= earlier.clock);
        if earlier.block != now.block {
            return fenced;
        }
        let same_thread = !earlier.several && earlier.thread == now.thread;
        let known = || {
            let (first, last) = earlier.warps;
            let seen = self.seen.get(usize::from(now.warps.0));
            let seen = seen.and_then(|seen| seen.get(usize::from(first)..=usize::from(last)));
            seen.is_some_and(|seen| seen.iter().all(|time| earlier.clock <= *time))
        };
        same_thread || earlier.epoch < now.epoch || fenced || known()
    }
}

fn report(memory: &Memory, range: Range, now: &Access, writes: bool, other: &Access, what: &str) -> Box<FaultKind> {
    let (name, size) = memory.describe(range.region);
    let who = |access: &Access| {
        let others = if access.several { " and others" } else { "" };
        format!("thread {} of block {}{others}", access.thread, access.block)
    };
    Box::new(FaultKind::DataRace {
        target: Target { name, size, offset: range.start as i64 },
        this: format!("{} by {}", if writes { "a write" } else { "a read" }, who(now)),
        other: format!("{what} by {}", who(other)),
        other_place: other.place,
    })
}
