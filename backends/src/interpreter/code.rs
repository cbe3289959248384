//! What a function is compiled to: a flat list of instructions over registers and a frame of bytes.
//!
//! Scalars and pointers are registers with canonical values (see [`numbers`](super::numbers)). Aggregates, and variables whose address
//! is taken, are bytes in the frame, at offsets that are known when the function is compiled. Control flow is jumps, so a thread
//! that waits is no more than its frames and the index of its next instruction.

use super::numbers::{Fn1, Fn2, Fn3};
use ir::{Assertion, AtomicOp, BinaryOp, BlockVote, Geometry, Scalar, WarpOp};
use source::Span;

/// Index into the registers of a frame.
pub(super) type Reg = u32;
/// Byte offset in a frame.
pub(super) type At = u32;
/// Index of an instruction.
pub(super) type Pc = u32;

/// Where a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loc {
    Reg(Reg),
    Mem { at: At, len: u32 },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Instr {
    Copy {
        dst: Reg,
        src: Reg,
    },
    Unary {
        f: Fn1,
        dst: Reg,
        a: Reg,
    },
    Binary {
        f: Fn2,
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    // The commonest operators, without a call.
    And {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Or {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Xor {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    AddI32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    SubI32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    MulI32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    AddU32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    SubU32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    MulU32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    ShlU32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    ShrU32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    AddF32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    SubF32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    MulF32 {
        dst: Reg,
        a: Reg,
        b: Reg,
    },
    Ternary {
        f: Fn3,
        dst: Reg,
        a: Reg,
        b: Reg,
        c: Reg,
    },
    Jump {
        to: Pc,
    },
    JumpIf {
        condition: Reg,
        to: Pc,
    },
    JumpUnless {
        condition: Reg,
        to: Pc,
    },
    /// A comparison and a jump on its result.
    JumpIfCompare {
        f: Fn2,
        a: Reg,
        b: Reg,
        to: Pc,
    },
    JumpUnlessCompare {
        f: Fn2,
        a: Reg,
        b: Reg,
        to: Pc,
    },
    /// By the table of this index.
    Switch {
        selector: Reg,
        table: u32,
    },

    /// `base + index * scale`
    Index {
        dst: Reg,
        base: Reg,
        index: Reg,
        scale: u32,
    },
    AddConst {
        dst: Reg,
        base: Reg,
        offset: u32,
    },
    /// `(a - b) / scale`
    Diff {
        dst: Reg,
        a: Reg,
        b: Reg,
        scale: u32,
    },
    /// Address of a variable of the frame.
    SlotAddr {
        dst: Reg,
        slot: u32,
    },
    Load {
        dst: Reg,
        addr: Reg,
        scalar: Scalar,
    },
    Store {
        addr: Reg,
        src: Reg,
        scalar: Scalar,
    },
    /// Aggregates between memory and the frame.
    CopyIn {
        to: At,
        addr: Reg,
        layout: u32,
    },
    CopyOut {
        addr: Reg,
        from: At,
        layout: u32,
    },

    FrameLoad {
        dst: Reg,
        at: At,
        scalar: Scalar,
        name: u32,
    },
    FrameStore {
        at: At,
        src: Reg,
        scalar: Scalar,
    },
    /// Zeros, or undefined bytes.
    FrameFill {
        at: At,
        len: u32,
        defined: bool,
    },
    FrameCopy {
        to: At,
        from: At,
        len: u32,
    },

    /// Life of a variable of the frame.
    Declare {
        slot: u32,
    },
    End {
        slot: u32,
    },
    /// While the flag of a variable in a register is 0, its value is undefined.
    CheckSet {
        flag: Reg,
        reg: Reg,
        name: u32,
    },
    Undefined {
        dst: Reg,
    },

    Call {
        site: u32,
    },
    Return,
    ReturnReg {
        src: Reg,
    },
    ReturnMem {
        from: At,
        len: u32,
    },
    MissingReturn,

    Barrier,
    BlockVote {
        op: BlockVote,
        dst: Reg,
        src: Reg,
    },
    BlockBroadcast {
        dst: Reg,
        src: Reg,
    },
    /// Without a mask: all live lanes.
    WarpBarrier {
        mask: Option<Reg>,
    },
    TileBarrier {
        threads: Reg,
    },
    Warp {
        site: u32,
    },
    Atomic {
        site: u32,
    },
    Fence,
    Yield,
    GridBarrier,
    Clock {
        dst: Reg,
        scalar: Scalar,
    },
    Printf {
        site: u32,
    },
    Assert {
        condition: Reg,
        assertion: u32,
    },
    Trap,
}

impl Instr {
    /// A binary operator that has an instruction of its own.
    pub(super) fn common(op: BinaryOp, scalar: Scalar, dst: Reg, a: Reg, b: Reg) -> Option<Instr> {
        Some(match (op, scalar) {
            (BinaryOp::And, _) if !scalar.is_float() => Instr::And { dst, a, b },
            (BinaryOp::Or, _) if !scalar.is_float() => Instr::Or { dst, a, b },
            (BinaryOp::Xor, _) if !scalar.is_float() => Instr::Xor { dst, a, b },
            (BinaryOp::Add, Scalar::I32) => Instr::AddI32 { dst, a, b },
            (BinaryOp::Sub, Scalar::I32) => Instr::SubI32 { dst, a, b },
            (BinaryOp::Mul, Scalar::I32) => Instr::MulI32 { dst, a, b },
            (BinaryOp::Add, Scalar::U32) => Instr::AddU32 { dst, a, b },
            (BinaryOp::Sub, Scalar::U32) => Instr::SubU32 { dst, a, b },
            (BinaryOp::Mul, Scalar::U32) => Instr::MulU32 { dst, a, b },
            (BinaryOp::Shl, Scalar::U32) => Instr::ShlU32 { dst, a, b },
            (BinaryOp::Shr, Scalar::U32) => Instr::ShrU32 { dst, a, b },
            (BinaryOp::Add, Scalar::F32) => Instr::AddF32 { dst, a, b },
            (BinaryOp::Sub, Scalar::F32) => Instr::SubF32 { dst, a, b },
            (BinaryOp::Mul, Scalar::F32) => Instr::MulF32 { dst, a, b },
            _ => return None,
        })
    }
}

#[derive(Clone, Debug)]
pub(super) struct CallSite {
    pub(super) function: usize,
    pub(super) args: Vec<Loc>,
    pub(super) result: Option<Loc>,
}

#[derive(Clone, Debug)]
pub(super) struct WarpSite {
    pub(super) op: WarpOp,
    pub(super) mask: Option<Reg>,
    pub(super) args: Vec<Reg>,
    pub(super) dst: Reg,
    /// Of the first operand.
    pub(super) scalar: Scalar,
}

#[derive(Clone, Debug)]
pub(super) struct AtomicSite {
    pub(super) op: AtomicOp,
    pub(super) scalar: Scalar,
    pub(super) addr: Reg,
    pub(super) value: Reg,
    pub(super) compare: Option<Reg>,
    pub(super) dst: Option<Reg>,
}

#[derive(Clone, Debug)]
pub(super) struct PrintSite {
    pub(super) format: String,
    pub(super) args: Vec<(Reg, PrintKind)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrintKind {
    Scalar(Scalar),
    /// A pointer to the characters that `%s` prints.
    Text,
}

/// An aggregate type: what a copy must check.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Layout {
    pub(super) size: u32,
    pub(super) align: u32,
    /// Offset and size of each scalar, so that padding may stay undefined. Empty for types with unions.
    pub(super) scalars: Vec<(u32, u32)>,
}

#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Canonical values.
    pub(super) cases: Vec<(u64, Pc)>,
    pub(super) default: Pc,
}

/// A compiled function.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    pub(super) instrs: Vec<Instr>,
    /// Beside each instruction.
    pub(super) spans: Vec<Span>,
    /// The registers of a new frame: constants, and zeros.
    pub(super) registers: Vec<u64>,
    pub(super) geometry: Vec<(Reg, Geometry)>,
    pub(super) frame_size: u32,
    /// Variables in memory: start, size, name.
    pub(super) slots: Vec<(u32, u32, u32)>,
    pub(super) params: Vec<Loc>,
    pub(super) param_scalars: Vec<Option<Scalar>>,
    pub(super) calls: Vec<CallSite>,
    pub(super) warps: Vec<WarpSite>,
    pub(super) atomics: Vec<AtomicSite>,
    pub(super) prints: Vec<PrintSite>,
    pub(super) tables: Vec<Table>,
    pub(super) layouts: Vec<Layout>,
    /// Loops, for [`rounds`](super::rounds); empty where nobody asks.
    pub(super) loops: Vec<(Pc, Pc)>,
    pub(super) assertions: Vec<Assertion>,
    /// Names of variables.
    pub(super) names: Vec<String>,
}
