//! One thread: its frames, and the loop that runs it until it must wait.

use super::code::{AtomicSite, Code, Instr, Layout, Loc, Pc, PrintKind, Reg};
use super::fault::FaultKind;
use super::memory::{self, LocalMemory, Memory, Range};
use super::rounds::{Path, Rounds};
use super::{atomic, numbers, undefined};
use crate::output::{Lines, format};
use ir::{Axis, BlockVote, Geometry, Scalar, TICK};
use std::time::{Duration, Instant};

/// How deep calls may nest: where CUDA's largest stack of a thread, 512 KiB, would end at the latest.
const MAX_FRAMES: usize = 16_384;

/// A function in progress.
#[derive(Clone, Copy, Debug)]
struct Frame {
    function: usize,
    pc: Pc,
    registers: usize,
    memory: usize,
    slots: usize,
    /// Where the caller wants the result.
    result: Option<Loc>,
}

/// Where a thread is, for the scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Ready,
    /// At a block-wide barrier: this function and instruction.
    Barrier {
        place: (usize, Pc),
        what: BlockWait,
    },
    /// At the warp operation of this function and site.
    Warp,
    /// Lets others go on.
    Yield,
    /// At a barrier of a tile of so many threads.
    Tile {
        threads: u32,
    },
    Done,
}

/// What a thread brings to a block-wide barrier, and where it wants the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockWait {
    Barrier,
    /// Of all blocks.
    Grid,
    Vote {
        op: BlockVote,
        value: bool,
        dst: Reg,
    },
    Broadcast {
        value: u64,
        dst: Reg,
    },
}

/// What a lane brings to a warp operation.
#[derive(Clone, Copy, Debug)]
pub(super) struct WarpWait {
    /// `None` is a warp barrier.
    pub(super) op: Option<ir::WarpOp>,
    /// `None`: all live lanes, or whoever comes, for `ActiveMask`.
    pub(super) mask: Option<u32>,
    pub(super) args: [u64; 3],
    pub(super) scalar: Scalar,
    pub(super) dst: Reg,
    /// The first of `args` is an undefined value.
    pub(super) undefined: bool,
}

/// Geometry of the launch and of a block in it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) thread: [u32; 3],
    pub(super) block: [u32; 3],
    pub(super) block_dim: [u32; 3],
    pub(super) grid_dim: [u32; 3],
    pub(super) warp_size: u32,
}

impl Place {
    pub(super) fn block_rank(&self) -> u32 {
        let ([x, y, z], [width, height, _]) = (self.block, self.grid_dim);
        x.wrapping_add(width.wrapping_mul(y.wrapping_add(height.wrapping_mul(z))))
    }
}

#[derive(Debug)]
pub(super) struct Thread {
    pub(super) state: State,
    pub(super) wait: Option<WarpWait>,
    pub(super) place: Place,
    pub(super) rank: u32,
    pub(super) steps: u64,
    clock: u64,
    pub(super) local: LocalMemory,
    registers: Vec<u64>,
    frames: Vec<Frame>,
    rounds: Rounds,
    /// Has the thread met an undefined value? From then on `marks` tells for each register whether it holds one.
    tracks: bool,
    marks: Vec<u8>,
    /// Where the last undefined value came from.
    origin: Option<Box<FaultKind>>,
}

/// What a thread runs in.
pub(super) struct Context<'a> {
    pub(super) codes: &'a [Code],
    pub(super) memory: &'a mut Memory,
    pub(super) output: &'a mut Lines,
    pub(super) races: Option<&'a mut super::race::Races>,
    pub(super) max_steps: u64,
    /// When the launch is given up, and the limit that this comes from.
    pub(super) deadline: Option<(Instant, Duration)>,
}

impl Thread {
    pub(super) fn new() -> Thread {
        Thread {
            state: State::Done,
            wait: None,
            place: Place::default(),
            rank: 0,
            steps: 0,
            clock: 0,
            local: LocalMemory::default(),
            registers: Vec::new(),
            frames: Vec::new(),
            rounds: Rounds::default(),
            tracks: false,
            marks: Vec::new(),
            origin: None,
        }
    }

    /// Makes this the thread at `place`, before the first instruction of the kernel.
    pub(super) fn start(&mut self, codes: &[Code], kernel: usize, place: Place, args: &[Arg]) {
        let [x, y, z] = place.thread;
        self.place = place;
        self.rank = x + place.block_dim[0] * (y + place.block_dim[1] * z);
        self.state = State::Ready;
        self.wait = None;
        self.steps = 0;
        self.clock = 0;
        self.registers.clear();
        self.frames.clear();
        self.rounds.clear();
        self.tracks = false;
        self.marks.clear();
        self.local.clear(self.rank);
        self.push_frame(codes, kernel, None);
        for (arg, loc) in args.iter().zip(&codes[kernel].params) {
            match (arg, loc) {
                (Arg::Scalar(value), Loc::Reg(reg)) => self.registers[*reg as usize] = *value,
                (Arg::Bytes(bytes), Loc::Mem { at, .. }) => {
                    let start = *at as usize;
                    self.local.bytes[start..start + bytes.len()].copy_from_slice(bytes);
                    self.local.valid[start..start + bytes.len()].fill(1);
                }
                _ => unreachable!("arguments were checked against the parameters"),
            }
        }
    }

    fn push_frame(&mut self, codes: &[Code], function: usize, result: Option<Loc>) {
        let code = &codes[function];
        let registers = self.registers.len();
        self.registers.extend_from_slice(&code.registers);
        for (reg, geometry) in &code.geometry {
            self.registers[registers + *reg as usize] = self.geometry(*geometry);
        }
        let (memory, slots) = self.local.push_frame(code.frame_size as usize, &code.slots);
        if self.tracks {
            self.marks.resize(self.registers.len(), 0);
        }
        self.frames.push(Frame { function, pc: 0, registers, memory, slots, result });
    }

    fn geometry(&self, geometry: Geometry) -> u64 {
        let place = &self.place;
        let axis = |values: [u32; 3], axis: Axis| match axis {
            Axis::X => values[0],
            Axis::Y => values[1],
            Axis::Z => values[2],
        };
        let value = match geometry {
            Geometry::ThreadIdx(which) => axis(place.thread, which),
            Geometry::BlockIdx(which) => axis(place.block, which),
            Geometry::BlockDim(which) => axis(place.block_dim, which),
            Geometry::GridDim(which) => axis(place.grid_dim, which),
            Geometry::ThreadRank => self.rank,
            Geometry::BlockRank => {
                let ([x, y, z], [width, height, _]) = (place.block, place.grid_dim);
                x.wrapping_add(width.wrapping_mul(y.wrapping_add(height.wrapping_mul(z))))
            }
            Geometry::Lane => self.rank % place.warp_size,
            Geometry::Warp => self.rank / place.warp_size,
            Geometry::ThreadCount => place.block_dim.iter().product(),
            Geometry::ArrivalsCount => 1,
        };
        u64::from(value)
    }

    /// The innermost function and the instruction that it is at.
    pub(super) fn position(&self) -> (usize, Pc) {
        self.frames.last().map_or((0, 0), |frame| (frame.function, frame.pc))
    }

    pub(super) fn path(&self, codes: &[Code]) -> Path {
        let mut path = Path::new();
        for (index, frame) in self.frames.iter().enumerate() {
            self.rounds.add_to(&mut path, &codes[frame.function], index + 1, frame.pc);
        }
        path
    }

    /// Gives the result of what the thread waited for, and lets it run on.
    pub(super) fn resume(&mut self, result: Option<(Reg, u64)>) {
        self.resume_with(result.map(|(reg, value)| (reg, value, false)));
    }

    /// The same with a result that may be undefined.
    pub(super) fn resume_with(&mut self, result: Option<(Reg, u64, bool)>) {
        let base = self.frames.last().map_or(0, |frame| frame.registers);
        if let Some((reg, value, undefined)) = result {
            self.registers[base + reg as usize] = value;
            if undefined && !self.tracks {
                self.start_tracking();
                self.origin = Some(FaultKind::Undefined.into());
            }
            if self.tracks {
                self.marks[base + reg as usize] = u8::from(undefined);
            }
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.pc += 1;
        }
        self.wait = None;
        self.state = State::Ready;
    }

    /// Runs until the thread waits, ends, faults, or has made `slice` steps.
    pub(super) fn run(&mut self, ctx: &mut Context, slice: u64) -> Result<(), Box<FaultKind>> {
        let budget = slice.min(ctx.max_steps - self.steps);
        let mut left = budget;
        let result = loop {
            let ran = if self.tracks { self.run_frame::<true>(ctx, &mut left) } else { self.run_frame::<false>(ctx, &mut left) };
            match ran {
                Ok(true) => {}
                Ok(false) => break Ok(()),
                Err(fault) => break Err(fault),
            }
        };
        self.steps += budget - left;
        result?;
        if self.state == State::Ready && self.steps >= ctx.max_steps {
            return Err(FaultKind::StepLimit { limit: ctx.max_steps }.into());
        }
        Ok(())
    }

    fn start_tracking(&mut self) {
        self.tracks = true;
        self.marks.clear();
        self.marks.resize(self.registers.len(), 0);
    }

    /// Runs the innermost function. True if another one is innermost now or undefined values must be tracked from here on, false
    /// if the thread stops.
    fn run_frame<const TRACKS: bool>(&mut self, ctx: &mut Context, left: &mut u64) -> Result<bool, Box<FaultKind>> {
        let Some(&frame) = self.frames.last() else {
            self.state = State::Done;
            return Ok(false);
        };
        let codes = ctx.codes;
        let code = &codes[frame.function];
        let base = frame.memory;
        let mut pc = frame.pc as usize;
        let (registers, local) = (&mut self.registers[frame.registers..], &mut self.local);
        let marks = if TRACKS { &mut self.marks[frame.registers..] } else { &mut [] };
        macro_rules! get {
            ($reg:expr) => {
                registers[$reg as usize]
            };
        }
        macro_rules! set {
            ($reg:expr, $value:expr) => {{
                let value = $value;
                registers[$reg as usize] = value;
            }};
        }
        // An error leaves the frame's `pc` at the instruction that made it.
        macro_rules! check {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(kind) => {
                        self.frames.last_mut().expect("a frame is running").pc = pc as Pc;
                        return Err(kind);
                    }
                }
            };
        }
        // An undefined value goes into a register. The instruction is run again by the loop that tracks them.
        macro_rules! undefined {
            ($dst:expr, $origin:expr) => {
                if TRACKS {
                    self.origin = Some(Box::new($origin));
                    marks[$dst as usize] = 1;
                } else {
                    *left += 1;
                    self.frames.last_mut().expect("a frame is running").pc = pc as Pc;
                    self.start_tracking();
                    return Ok(true);
                }
            };
        }
        macro_rules! defined {
            ($dst:expr) => {
                if TRACKS {
                    marks[$dst as usize] = 0;
                }
            };
        }
        macro_rules! jump {
            ($to:expr) => {{
                if !code.loops.is_empty() && $to as usize <= pc {
                    self.rounds.next(code, self.frames.len(), $to);
                }
                pc = $to as usize;
                continue;
            }};
        }
        macro_rules! need {
            ($reg:expr) => {
                if TRACKS && marks[$reg as usize] != 0 {
                    check!(Err(self.origin.clone().unwrap_or_else(|| FaultKind::Undefined.into())));
                }
            };
        }
        loop {
            if *left == 0 {
                self.frames.last_mut().expect("a frame is running").pc = pc as Pc;
                return Ok(false);
            }
            *left -= 1;
            if TRACKS && undefined::step(&code.instrs[pc], marks, ctx.races.is_none()).is_err() {
                check!(Err(self.origin.clone().unwrap_or_else(|| FaultKind::Undefined.into())));
            }
            match code.instrs[pc] {
                Instr::Copy { dst, src } => set!(dst, get!(src)),
                Instr::Unary { f, dst, a } => set!(dst, f(get!(a))),
                Instr::Binary { f, dst, a, b } => set!(dst, f(get!(a), get!(b))),
                Instr::And { dst, a, b } => set!(dst, get!(a) & get!(b)),
                Instr::Or { dst, a, b } => set!(dst, get!(a) | get!(b)),
                Instr::Xor { dst, a, b } => set!(dst, get!(a) ^ get!(b)),
                Instr::AddI32 { dst, a, b } => set!(dst, numbers::i32s(get!(a), get!(b), i32::wrapping_add)),
                Instr::SubI32 { dst, a, b } => set!(dst, numbers::i32s(get!(a), get!(b), i32::wrapping_sub)),
                Instr::MulI32 { dst, a, b } => set!(dst, numbers::i32s(get!(a), get!(b), i32::wrapping_mul)),
                Instr::AddU32 { dst, a, b } => set!(dst, numbers::u32s(get!(a), get!(b), u32::wrapping_add)),
                Instr::SubU32 { dst, a, b } => set!(dst, numbers::u32s(get!(a), get!(b), u32::wrapping_sub)),
                Instr::MulU32 { dst, a, b } => set!(dst, numbers::u32s(get!(a), get!(b), u32::wrapping_mul)),
                Instr::ShlU32 { dst, a, b } => {
                    let by = get!(b);
                    set!(dst, if by < 32 { u64::from((get!(a) as u32) << by) } else { 0 });
                }
                Instr::ShrU32 { dst, a, b } => {
                    let by = get!(b);
                    set!(dst, if by < 32 { u64::from(get!(a) as u32 >> by) } else { 0 });
                }
                Instr::AddF32 { dst, a, b } => set!(dst, numbers::f32s(get!(a), get!(b), |a, b| a + b)),
                Instr::SubF32 { dst, a, b } => set!(dst, numbers::f32s(get!(a), get!(b), |a, b| a - b)),
                Instr::MulF32 { dst, a, b } => set!(dst, numbers::f32s(get!(a), get!(b), |a, b| a * b)),
                Instr::Ternary { f, dst, a, b, c } => set!(dst, f(get!(a), get!(b), get!(c))),
                Instr::Jump { to } => {
                    jump!(to);
                }
                Instr::JumpIf { condition, to } => {
                    if get!(condition) != 0 {
                        jump!(to);
                    }
                }
                Instr::JumpUnless { condition, to } => {
                    if get!(condition) == 0 {
                        jump!(to);
                    }
                }
                Instr::JumpIfCompare { f, a, b, to } => {
                    if f(get!(a), get!(b)) != 0 {
                        jump!(to);
                    }
                }
                Instr::JumpUnlessCompare { f, a, b, to } => {
                    if f(get!(a), get!(b)) == 0 {
                        jump!(to);
                    }
                }
                Instr::Switch { selector, table } => {
                    let (table, selector) = (&code.tables[table as usize], get!(selector));
                    pc = table.cases.iter().find(|case| case.0 == selector).map_or(table.default, |case| case.1) as usize;
                    continue;
                }
                Instr::Index { dst, base, index, scale } => {
                    set!(dst, get!(base).wrapping_add(get!(index).wrapping_mul(u64::from(scale))));
                }
                Instr::AddConst { dst, base, offset } => set!(dst, get!(base).wrapping_add(u64::from(offset))),
                Instr::Diff { dst, a, b, scale } => {
                    set!(dst, ((get!(a).wrapping_sub(get!(b)) as i64) / i64::from(scale)) as u64);
                }
                Instr::SlotAddr { dst, slot } => set!(dst, local.address(frame.slots + slot as usize)),
                Instr::Load { dst, addr, scalar } => {
                    let address = get!(addr);
                    let size = scalar.size();
                    if ctx.races.is_none()
                        && let Some(bits) = ctx.memory.load(local, address, size)
                    {
                        defined!(dst);
                        set!(dst, memory::decoded(scalar, bits));
                        pc += 1;
                        continue;
                    }
                    let range = check!(ctx.memory.resolve(local, &code.names, address, size, size));
                    let (bytes, valid) = ctx.memory.read(local, range);
                    if memory::is_valid(valid) {
                        defined!(dst);
                    } else {
                        undefined!(dst, FaultKind::Uninitialised { target: ctx.memory.target(local, &code.names, address) });
                    }
                    set!(dst, memory::decode(scalar, bytes));
                    if let Some(races) = &mut ctx.races {
                        check!(races.read(ctx.memory, range, (self.rank, code.spans[pc])));
                    }
                }
                Instr::Store { addr, src, scalar } => {
                    let address = get!(addr);
                    let size = scalar.size();
                    let is_defined = !TRACKS || marks[src as usize] == 0;
                    if ctx.races.is_none() && is_defined && ctx.memory.store(local, address, size, get!(src)) {
                        pc += 1;
                        continue;
                    }
                    let range = check!(ctx.memory.resolve(local, &code.names, address, size, size));
                    if ctx.memory.is_read_only(range.region) {
                        check!(Err(Box::new(FaultKind::ReadOnly { target: ctx.memory.target(local, &code.names, address) })));
                    }
                    let (bytes, valid) = ctx.memory.write(local, range);
                    if valid.is_empty() {
                        need!(src);
                    }
                    memory::encode(get!(src), bytes);
                    valid.fill(if TRACKS { 1 - marks[src as usize] } else { 1 });
                    if let Some(races) = &mut ctx.races {
                        check!(races.write(ctx.memory, range, (self.rank, code.spans[pc])));
                    }
                }
                Instr::CopyIn { to, addr, layout } => {
                    let layout = &code.layouts[layout as usize];
                    let range = check!(copy_in(ctx, local, &code.names, base + to as usize, get!(addr), layout));
                    if let Some(races) = &mut ctx.races {
                        check!(races.read(ctx.memory, range, (self.rank, code.spans[pc])));
                    }
                }
                Instr::CopyOut { addr, from, layout } => {
                    let layout = &code.layouts[layout as usize];
                    let range = check!(copy_out(ctx, local, &code.names, get!(addr), base + from as usize, layout));
                    if let Some(races) = &mut ctx.races {
                        check!(races.write(ctx.memory, range, (self.rank, code.spans[pc])));
                    }
                }
                Instr::FrameLoad { dst, at, scalar, name } => {
                    let (start, size) = (base + at as usize, scalar.size());
                    if memory::valid_at(&local.valid, start, size) {
                        defined!(dst);
                    } else {
                        undefined!(dst, FaultKind::UninitialisedLocal { name: code.names[name as usize].clone() });
                    }
                    set!(dst, memory::decoded(scalar, memory::bits_at(&local.bytes, start, size)));
                }
                Instr::FrameStore { at, src, scalar } => {
                    let (start, size) = (base + at as usize, scalar.size());
                    memory::put_bits(&mut local.bytes, start, size, get!(src));
                    let valid = if TRACKS && marks[src as usize] != 0 { 0 } else { u64::MAX };
                    memory::put_bits(&mut local.valid, start, size, valid & memory::ALL_VALID);
                }
                Instr::FrameFill { at, len, defined } => {
                    let range = base + at as usize..base + (at + len) as usize;
                    local.bytes[range.clone()].fill(0);
                    local.valid[range].fill(u8::from(defined));
                }
                Instr::FrameCopy { to, from, len } => {
                    let from = base + from as usize..base + (from + len) as usize;
                    local.bytes.copy_within(from.clone(), base + to as usize);
                    local.valid.copy_within(from, base + to as usize);
                }
                Instr::Declare { slot } => local.declare(frame.slots + slot as usize),
                Instr::End { slot } => local.end(frame.slots + slot as usize),
                Instr::CheckSet { flag, reg, name } => {
                    if get!(flag) == 0 {
                        undefined!(reg, FaultKind::UninitialisedLocal { name: code.names[name as usize].clone() });
                    }
                }
                Instr::Undefined { dst } => undefined!(dst, FaultKind::Undefined),
                Instr::Atomic { site } => {
                    let site: &AtomicSite = &code.atomics[site as usize];
                    for reg in [Some(site.addr), Some(site.value), site.compare].into_iter().flatten() {
                        need!(reg);
                    }
                    let address = get!(site.addr);
                    let size = site.scalar.size();
                    let range = check!(ctx.memory.resolve(local, &code.names, address, size, size));
                    let (old, new) = {
                        let (bytes, valid) = ctx.memory.read(local, range);
                        if !memory::is_valid(valid) && site.op != ir::AtomicOp::Store {
                            check!(Err(Box::new(FaultKind::Uninitialised {
                                target: ctx.memory.target(local, &code.names, address)
                            })));
                        }
                        let old = memory::decode(site.scalar, bytes);
                        let compare = site.compare.map(|compare| get!(compare));
                        (old, atomic::apply(site.op, site.scalar, old, get!(site.value), compare))
                    };
                    if let Some(new) = new {
                        if ctx.memory.is_read_only(range.region) {
                            check!(Err(Box::new(FaultKind::ReadOnly { target: ctx.memory.target(local, &code.names, address) })));
                        }
                        let (bytes, valid) = ctx.memory.write(local, range);
                        memory::encode(new, bytes);
                        valid.fill(1);
                    }
                    if let Some(dst) = site.dst {
                        defined!(dst);
                        set!(dst, old);
                    }
                    if let Some(races) = &mut ctx.races {
                        check!(races.atomic(ctx.memory, range, (self.rank, code.spans[pc]), new.is_some()));
                    }
                }
                Instr::Fence => {
                    if let Some(races) = &mut ctx.races {
                        races.fence(self.rank);
                    }
                }
                Instr::Clock { dst, scalar } => {
                    self.clock += TICK;
                    set!(dst, numbers::canonical(scalar, self.clock));
                }
                Instr::Printf { site } => {
                    let site = &code.prints[site as usize];
                    for (reg, _) in &site.args {
                        need!(*reg);
                    }
                    let mut texts = Vec::new();
                    for (reg, _) in site.args.iter().filter(|(_, kind)| *kind == PrintKind::Text) {
                        texts.push(check!(read_string(ctx.memory, local, &code.names, get!(*reg))));
                    }
                    let mut texts = texts.iter();
                    let value = |(reg, kind): &(Reg, PrintKind)| match kind {
                        PrintKind::Text => format::Value::Text(texts.next().map_or(&[], |text| text)),
                        PrintKind::Scalar(scalar) => format::Value::Bits { bits: get!(*reg), scalar: *scalar },
                    };
                    let args: Vec<format::Value> = site.args.iter().map(value).collect();
                    let block = self.place.block_rank();
                    ctx.output.add(block, self.rank, format::format(site.format.as_bytes(), &args));
                }
                Instr::Assert { condition, assertion } => {
                    if get!(condition) == 0 {
                        let assertion = code.assertions[assertion as usize].clone();
                        check!(Err(Box::new(FaultKind::Assert { assertion })));
                    }
                }
                Instr::Trap => check!(Err(Box::new(FaultKind::Trap))),
                Instr::MissingReturn => check!(Err(Box::new(FaultKind::MissingReturn))),
                Instr::Call { site } => {
                    let site = &code.calls[site as usize];
                    self.frames.last_mut().expect("a frame is running").pc = pc as Pc;
                    if self.frames.len() == MAX_FRAMES {
                        return Err(FaultKind::StackOverflow { limit: MAX_FRAMES }.into());
                    }
                    self.call(codes, frame, site);
                    return Ok(true);
                }
                Instr::Return => {
                    self.pop_frame();
                    return Ok(true);
                }
                Instr::ReturnReg { src } => {
                    let value = get!(src);
                    let mark = if TRACKS { marks[src as usize] } else { 0 };
                    self.pop_frame();
                    if let (Some(caller), Some(Loc::Reg(dst))) = (self.frames.last(), frame.result) {
                        self.registers[caller.registers + dst as usize] = value;
                        if TRACKS {
                            self.marks[caller.registers + dst as usize] = mark;
                        }
                    }
                    return Ok(true);
                }
                Instr::ReturnMem { from, len } => {
                    self.return_bytes(frame, base + from as usize, len as usize);
                    return Ok(true);
                }
                Instr::Barrier => self.state = State::Barrier { place: (frame.function, pc as Pc), what: BlockWait::Barrier },
                Instr::Yield => self.state = State::Yield,
                Instr::GridBarrier => self.state = State::Barrier { place: (frame.function, pc as Pc), what: BlockWait::Grid },
                Instr::BlockVote { op, dst, src } => {
                    let what = BlockWait::Vote { op, value: get!(src) != 0, dst };
                    self.state = State::Barrier { place: (frame.function, pc as Pc), what };
                }
                Instr::BlockBroadcast { dst, src } => {
                    let what = BlockWait::Broadcast { value: get!(src), dst };
                    self.state = State::Barrier { place: (frame.function, pc as Pc), what };
                }
                Instr::WarpBarrier { mask } => {
                    let mask = Some(mask.map_or(u32::MAX, |mask| get!(mask) as u32));
                    self.wait = Some(WarpWait { op: None, mask, args: [0; 3], scalar: Scalar::U32, dst: 0, undefined: false });
                    self.state = State::Warp;
                }
                Instr::TileBarrier { threads } => self.state = State::Tile { threads: get!(threads) as u32 },
                Instr::Warp { site } => {
                    let site = &code.warps[site as usize];
                    let moves = is_shuffle(site.op);
                    for reg in site.args.iter().skip(usize::from(moves)).chain(&site.mask) {
                        need!(*reg);
                    }
                    let undefined = TRACKS && moves && marks[site.args[0] as usize] != 0;
                    let mut args = [0; 3];
                    args.iter_mut().zip(&site.args).for_each(|(arg, reg)| *arg = get!(*reg));
                    let all = if site.op == ir::WarpOp::ActiveMask { None } else { Some(u32::MAX) };
                    let mask = site.mask.map(|mask| get!(mask) as u32).or(all);
                    self.wait = Some(WarpWait { op: Some(site.op), mask, args, scalar: site.scalar, dst: site.dst, undefined });
                    self.state = State::Warp;
                }
            }
            if self.state != State::Ready {
                self.frames.last_mut().expect("a frame is running").pc = pc as Pc;
                return Ok(false);
            }
            pc += 1;
        }
    }

    /// Enters a function with its arguments in place.
    fn call(&mut self, codes: &[Code], caller: Frame, site: &super::code::CallSite) {
        self.push_frame(codes, site.function, site.result);
        let callee = *self.frames.last().expect("just pushed");
        for (arg, param) in site.args.iter().zip(&codes[site.function].params) {
            match (*arg, *param) {
                (Loc::Reg(from), Loc::Reg(to)) => {
                    self.registers[callee.registers + to as usize] = self.registers[caller.registers + from as usize];
                    if self.tracks {
                        self.marks[callee.registers + to as usize] = self.marks[caller.registers + from as usize];
                    }
                }
                (Loc::Mem { at: from, len }, Loc::Mem { at: to, .. }) => {
                    let from = caller.memory + from as usize;
                    self.copy_frame(from, callee.memory + to as usize, len as usize);
                }
                _ => unreachable!("arguments have the types of the parameters"),
            }
        }
    }

    fn copy_frame(&mut self, from: usize, to: usize, len: usize) {
        self.local.bytes.copy_within(from..from + len, to);
        self.local.valid.copy_within(from..from + len, to);
    }

    fn pop_frame(&mut self) {
        self.rounds.leave(self.frames.len());
        let Some(frame) = self.frames.pop() else { return };
        self.registers.truncate(frame.registers);
        self.marks.truncate(frame.registers);
        self.local.pop_frame(frame.memory, frame.slots);
        if let Some(caller) = self.frames.last_mut() {
            caller.pc += 1;
        }
    }

    fn return_bytes(&mut self, frame: Frame, from: usize, len: usize) {
        let caller = self.frames.len().checked_sub(2).map(|index| self.frames[index]);
        if let (Some(caller), Some(Loc::Mem { at, .. })) = (caller, frame.result) {
            self.copy_frame(from, caller.memory + at as usize, len);
        }
        self.pop_frame();
    }
}

pub(super) fn is_shuffle(op: ir::WarpOp) -> bool {
    matches!(op, ir::WarpOp::Shuffle | ir::WarpOp::ShuffleUp | ir::WarpOp::ShuffleDown | ir::WarpOp::ShuffleXor)
}

/// A kernel's argument, ready for the parameter.
#[derive(Clone, Debug)]
pub(super) enum Arg {
    Scalar(u64),
    Bytes(Vec<u8>),
}

fn copy_in(
    ctx: &mut Context,
    local: &mut LocalMemory,
    names: &[String],
    to: usize,
    address: u64,
    layout: &Layout,
) -> Result<Range, Box<FaultKind>> {
    let range = ctx.memory.resolve(local, names, address, u64::from(layout.size), u64::from(layout.align))?;
    let (bytes, valid) = ctx.memory.read(local, range);
    let (bytes, valid) = (bytes.to_vec(), valid.to_vec());
    local.bytes[to..to + bytes.len()].copy_from_slice(&bytes);
    if valid.is_empty() {
        local.valid[to..to + bytes.len()].fill(1);
    } else {
        local.valid[to..to + bytes.len()].copy_from_slice(&valid);
    }
    Ok(range)
}

/// Undefined bytes may go where bytes have a validity. In global memory only padding may be undefined.
fn copy_out(
    ctx: &mut Context,
    local: &mut LocalMemory,
    names: &[String],
    address: u64,
    from: usize,
    layout: &Layout,
) -> Result<Range, Box<FaultKind>> {
    let range = ctx.memory.resolve(local, names, address, u64::from(layout.size), u64::from(layout.align))?;
    if ctx.memory.is_read_only(range.region) {
        return Err(FaultKind::ReadOnly { target: ctx.memory.target(local, names, address) }.into());
    }
    let size = layout.size as usize;
    let (bytes, valid) = (local.bytes[from..from + size].to_vec(), local.valid[from..from + size].to_vec());
    let (to_bytes, to_valid) = ctx.memory.write(local, range);
    if to_valid.is_empty() {
        let defined = |(at, size): &(u32, u32)| memory::is_valid(&valid[*at as usize..(at + size) as usize]);
        if !layout.scalars.iter().all(defined) {
            return Err(FaultKind::Undefined.into());
        }
    } else {
        to_valid.copy_from_slice(&valid);
    }
    to_bytes.copy_from_slice(&bytes);
    Ok(range)
}

/// The characters before the zero byte at `address`.
fn read_string(memory: &Memory, local: &LocalMemory, names: &[String], address: u64) -> Result<Vec<u8>, Box<FaultKind>> {
    let mut out = Vec::new();
    loop {
        let range = memory.resolve(local, names, address + out.len() as u64, 1, 1)?;
        match memory.read(local, range).0[0] {
            0 => return Ok(out),
            byte => out.push(byte),
        }
    }
}
