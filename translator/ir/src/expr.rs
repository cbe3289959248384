//! Expressions: pure but for loads. A tree hangs below each statement and is evaluated when the statement is.
//!
//! **Evaluation time.** The operands of a statement are evaluated once, when control reaches the statement, before its
//! effect. No expression writes, so their order does not matter. A handle that is used twice is evaluated twice; to keep
//! a value bind it with [`StmtKind::Let`](crate::StmtKind::Let).
//!
//! **Lazy operands.** Of `Select` only the chosen arm is evaluated, and `Logical` stops at the first operand that decides:
//! an out-of-bounds load in the other arm does not happen.
//!
//! **Numbers** behave as on NVIDIA hardware, on every target:
//! * integers wrap; `/` and `%` by zero do not trap: `x / 0` has all bits set, `x % 0` is `x`; `INT_MIN / -1` is `INT_MIN`, the remainder 0;
//! * a shift by the width or more gives 0 (all sign bits for signed `>>`); the amount is read as unsigned;
//! * float to integer truncates, saturates, and takes NaN to 0; integer to float and float to float round to nearest even;
//! * `Ne` on floats is true if an operand is NaN, the other five comparisons are false;
//! * no float operation is contracted, reassociated or approximated, unless a `MathFn` says so by its name.

use crate::arena::Handle;
use crate::module::{Constant, FuncId, GlobalId, Let, Local};
use crate::types::{Scalar, TypeId};
use ir_derive::Operands;

pub type ExprId = Handle<ExprData>;
pub type LetId = Handle<Let>;
pub type LocalId = Handle<Local>;
pub type ConstantId = Handle<Constant>;

/// An expression and its type. [`infer`](crate::infer) says which type each expression must have.
#[derive(Clone, Debug, PartialEq)]
pub struct ExprData {
    pub expr: Expr,
    pub ty: TypeId,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Operands)]
pub enum Expr {
    /// A scalar literal: the low bits of `bits` in the representation of the scalar (two's complement, IEEE).
    Const {
        scalar: Scalar,
        bits: u64,
    },
    /// All bits zero, of any type; the null pointer.
    Zero(TypeId),
    /// A value nobody may depend on; reading it is reported by the interpreter.
    Undef(TypeId),
    /// A constant with a name of its own: `constexpr int TILE = 16` or `#define TILE 16`. Equal to its value.
    NamedConst(ConstantId),
    /// A value bound before.
    Let(LetId),
    /// The value of a parameter. Parameters are immutable: a parameter that is assigned or whose address is taken is copied to a local by lowering.
    Param(u32),
    /// Launch geometry, of type `u32`.
    Geometry(Geometry),

    /// Address of an automatic variable: `local T*`.
    LocalAddr(LocalId),
    /// Address of a module variable: pointer in the variable's space.
    GlobalAddr(GlobalId),
    /// Address of a field, `&base->field`: `base` points to a struct, or to a vector (fields x, y, z, w).
    Field {
        base: ExprId,
        index: u32,
    },
    /// Address of an array element, `&(*base)[index]`: `base` points to an array; `index` is any integer.
    Element {
        base: ExprId,
        index: ExprId,
    },
    /// Pointer arithmetic, `base + index`, in units of the pointee; `index` is any integer and sign-extends if signed.
    Offset {
        base: ExprId,
        index: ExprId,
    },
    /// The same address with another pointee or space.
    PointerCast {
        base: ExprId,
        to: TypeId,
    },
    /// `a - b` in units of the pointee, of type `i64`.
    PointerDiff {
        a: ExprId,
        b: ExprId,
    },
    /// The 64-bit address as CUDA sees it; and back.
    PointerToInt(ExprId),
    IntToPointer {
        value: ExprId,
        to: TypeId,
    },
    /// Reads what `pointer` points to; any type, structs and arrays too.
    Load {
        pointer: ExprId,
        volatile: bool,
    },

    Unary {
        op: UnaryOp,
        value: ExprId,
    },
    /// Both operands have one scalar type, except that a shift's amount is any integer. Pointers may be compared.
    Binary {
        op: BinaryOp,
        a: ExprId,
        b: ExprId,
    },
    /// `&&` and `||` on `bool`.
    Logical {
        op: LogicalOp,
        a: ExprId,
        b: ExprId,
    },
    /// `condition ? accept : reject`; any type.
    Select {
        condition: ExprId,
        accept: ExprId,
        reject: ExprId,
    },
    /// Conversion between scalars by value. To `bool`: not equal to zero.
    Convert {
        value: ExprId,
        to: Scalar,
    },
    /// The same bits as another type of the same size (scalars and vectors).
    Bitcast {
        value: ExprId,
        to: TypeId,
    },
    Math {
        function: MathFn,
        args: Vec<ExprId>,
    },
    /// The result of a *pure* function: one that ends, has no effect and no result but its value, and reads nothing but its arguments
    /// and its own variables. Passes make them, for operations that a target has not; calls of the source are statements.
    Call {
        function: FuncId,
        args: Vec<ExprId>,
        ty: TypeId,
    },
    /// A vector, struct or array from all its parts, in order.
    Construct {
        ty: TypeId,
        parts: Vec<ExprId>,
    },
    /// Part `index` of a vector, struct or array value.
    Extract {
        value: ExprId,
        index: u32,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    X,
    Y,
    Z,
}

/// `threadIdx`, `blockIdx`, `blockDim`, `gridDim`, and what follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Geometry {
    ThreadIdx(Axis),
    BlockIdx(Axis),
    BlockDim(Axis),
    GridDim(Axis),
    /// `threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)`
    ThreadRank,
    /// `blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z)`
    BlockRank,
    /// `ThreadRank % 32`, with the module's [`warp_size`](crate::Module::warp_size)
    Lane,
    /// `ThreadRank / 32`, likewise
    Warp,
    /// `blockDim.x * blockDim.y * blockDim.z`
    ThreadCount,
    /// 1 where arrivals at barrier objects are counted, 0 where a pass has proven them to be barriers of the block: see
    /// [`Arrive`](crate::StmtKind::Arrive). The shader passes choose; what they have not seen counts.
    ArrivalsCount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-x` on integers and floats.
    Neg,
    /// `~x` on integers.
    BitNot,
    /// `!x` on `bool`.
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl BinaryOp {
    /// The result is `bool`.
    pub const fn is_comparison(self) -> bool {
        matches!(self, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge)
    }

    pub const fn is_shift(self) -> bool {
        matches!(self, BinaryOp::Shl | BinaryOp::Shr)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LogicalOp {
    And,
    Or,
}

/// Functions that targets may have natively. What can be written in CUDA C++ over these is written in the shipped headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MathFn {
    /// Correctly rounded, on any float.
    Sqrt,
    Abs,
    Floor,
    Ceil,
    Trunc,
    /// Round half to even: `rint`.
    RoundEven,
    /// `a * b + c` with one rounding.
    Fma,
    /// Integers; floats as `fminf`: a NaN operand gives the other one.
    Min,
    Max,
    /// The magnitude of the first with the sign of the second.
    CopySign,
    /// Float operations that `contract_fma` must leave alone: `__fadd_rn` and its kind.
    AddRn,
    SubRn,
    MulRn,
    DivRn,

    /// On 32 and 64 bits; the result is `i32`.
    PopCount,
    CountLeadingZeros,
    CountTrailingZeros,
    ReverseBits,
    /// The high half of the product of two 32- or 64-bit integers.
    MulHigh,

    /// Fast approximations, `__expf` and its kind: the target's own function, whatever its error.
    NativeExp,
    NativeExp2,
    NativeLog,
    NativeLog2,
    NativeSin,
    NativeCos,
    NativeTan,
    NativeTanh,
    NativePow,
    NativeDiv,
    NativeRcp,
    NativeRsqrt,
}

impl MathFn {
    pub const fn arity(self) -> usize {
        match self {
            MathFn::Fma => 3,
            MathFn::Min | MathFn::Max | MathFn::CopySign | MathFn::MulHigh | MathFn::NativePow | MathFn::NativeDiv => 2,
            MathFn::AddRn | MathFn::SubRn | MathFn::MulRn | MathFn::DivRn => 2,
            _ => 1,
        }
    }
}
