//! How operations are spelled, both ways. The printer and the parser read the same tables.

use crate::expr::{Axis, BinaryOp, Geometry, MathFn};
use crate::stmt::{AtomicOp, BlockVote, Scope, WarpOp};
use crate::types::{Scalar, Space};
use rustc_hash::FxHashSet;
use std::sync::OnceLock;

pub(super) const MATH: &[(MathFn, &str)] = &[
    (MathFn::Sqrt, "sqrt"),
    (MathFn::Abs, "abs"),
    (MathFn::Floor, "floor"),
    (MathFn::Ceil, "ceil"),
    (MathFn::Trunc, "trunc"),
    (MathFn::RoundEven, "round_even"),
    (MathFn::Fma, "fma"),
    (MathFn::Min, "min"),
    (MathFn::Max, "max"),
    (MathFn::CopySign, "copy_sign"),
    (MathFn::AddRn, "add_rn"),
    (MathFn::SubRn, "sub_rn"),
    (MathFn::MulRn, "mul_rn"),
    (MathFn::DivRn, "div_rn"),
    (MathFn::PopCount, "pop_count"),
    (MathFn::CountLeadingZeros, "count_leading_zeros"),
    (MathFn::CountTrailingZeros, "count_trailing_zeros"),
    (MathFn::ReverseBits, "reverse_bits"),
    (MathFn::MulHigh, "mul_high"),
    (MathFn::NativeExp, "native_exp"),
    (MathFn::NativeExp2, "native_exp2"),
    (MathFn::NativeLog, "native_log"),
    (MathFn::NativeLog2, "native_log2"),
    (MathFn::NativeSin, "native_sin"),
    (MathFn::NativeCos, "native_cos"),
    (MathFn::NativeTan, "native_tan"),
    (MathFn::NativeTanh, "native_tanh"),
    (MathFn::NativePow, "native_pow"),
    (MathFn::NativeDiv, "native_div"),
    (MathFn::NativeRcp, "native_rcp"),
    (MathFn::NativeRsqrt, "native_rsqrt"),
];

pub(super) const GEOMETRY: &[(Geometry, &str)] = &[
    (Geometry::ThreadIdx(Axis::X), "threadIdx.x"),
    (Geometry::ThreadIdx(Axis::Y), "threadIdx.y"),
    (Geometry::ThreadIdx(Axis::Z), "threadIdx.z"),
    (Geometry::BlockIdx(Axis::X), "blockIdx.x"),
    (Geometry::BlockIdx(Axis::Y), "blockIdx.y"),
    (Geometry::BlockIdx(Axis::Z), "blockIdx.z"),
    (Geometry::BlockDim(Axis::X), "blockDim.x"),
    (Geometry::BlockDim(Axis::Y), "blockDim.y"),
    (Geometry::BlockDim(Axis::Z), "blockDim.z"),
    (Geometry::GridDim(Axis::X), "gridDim.x"),
    (Geometry::GridDim(Axis::Y), "gridDim.y"),
    (Geometry::GridDim(Axis::Z), "gridDim.z"),
    (Geometry::ThreadRank, "threadRank"),
    (Geometry::BlockRank, "blockRank"),
    (Geometry::Lane, "lane"),
    (Geometry::Warp, "warpRank"),
    (Geometry::ThreadCount, "threadCount"),
    (Geometry::ArrivalsCount, "arrivalsCount"),
];

/// Operators with their binding strength, as in C.
pub(super) const BINARY: &[(BinaryOp, &str, u8)] = &[
    (BinaryOp::Or, "|", 4),
    (BinaryOp::Xor, "^", 5),
    (BinaryOp::And, "&", 6),
    (BinaryOp::Eq, "==", 7),
    (BinaryOp::Ne, "!=", 7),
    (BinaryOp::Lt, "<", 8),
    (BinaryOp::Le, "<=", 8),
    (BinaryOp::Gt, ">", 8),
    (BinaryOp::Ge, ">=", 8),
    (BinaryOp::Shl, "<<", 9),
    (BinaryOp::Shr, ">>", 9),
    (BinaryOp::Add, "+", 10),
    (BinaryOp::Sub, "-", 10),
    (BinaryOp::Mul, "*", 11),
    (BinaryOp::Div, "/", 11),
    (BinaryOp::Rem, "%", 11),
];

pub(super) const SELECT: u8 = 1;
pub(super) const LOGICAL_OR: u8 = 2;
pub(super) const LOGICAL_AND: u8 = 3;
pub(super) const UNARY: u8 = 12;
pub(super) const POSTFIX: u8 = 13;

pub(super) const ATOMICS: &[(AtomicOp, &str)] = &[
    (AtomicOp::Add, "add"),
    (AtomicOp::Sub, "sub"),
    (AtomicOp::Min, "min"),
    (AtomicOp::Max, "max"),
    (AtomicOp::And, "and"),
    (AtomicOp::Or, "or"),
    (AtomicOp::Xor, "xor"),
    (AtomicOp::Exchange, "exchange"),
    (AtomicOp::CompareExchange, "compare_exchange"),
    (AtomicOp::Inc, "inc"),
    (AtomicOp::Dec, "dec"),
    (AtomicOp::Load, "load"),
    (AtomicOp::Store, "store"),
];

pub(super) const SCOPES: &[(Scope, &str)] = &[(Scope::Block, "block"), (Scope::Device, "device"), (Scope::System, "system")];

pub(super) const VOTES: &[(BlockVote, &str)] = &[(BlockVote::Any, "any"), (BlockVote::All, "all"), (BlockVote::Count, "count")];

pub(super) const WARP_OPS: &[(WarpOp, &str)] = &[
    (WarpOp::Any, "any"),
    (WarpOp::All, "all"),
    (WarpOp::Ballot, "ballot"),
    (WarpOp::ActiveMask, "active_mask"),
    (WarpOp::MatchAny, "match_any"),
    (WarpOp::MatchAll, "match_all"),
    (WarpOp::Shuffle, "shuffle"),
    (WarpOp::ShuffleUp, "shuffle_up"),
    (WarpOp::ShuffleDown, "shuffle_down"),
    (WarpOp::ShuffleXor, "shuffle_xor"),
    (WarpOp::ReduceAdd, "reduce_add"),
    (WarpOp::ReduceMin, "reduce_min"),
    (WarpOp::ReduceMax, "reduce_max"),
    (WarpOp::ReduceAnd, "reduce_and"),
    (WarpOp::ReduceOr, "reduce_or"),
    (WarpOp::ReduceXor, "reduce_xor"),
];

pub(super) const SPACES: &[(Space, &str)] = &[
    (Space::Global, "global"),
    (Space::Shared, "shared"),
    (Space::Local, "local"),
    (Space::Constant, "constant"),
    (Space::Generic, "generic"),
];

/// Words with a meaning of their own; a name spelled like one is quoted.
const KEYWORDS: &[&str] = &[
    "const",
    "struct",
    "union",
    "dynamic",
    "per_thread",
    "literal",
    "fn",
    "kernel",
    "let",
    "var",
    "call",
    "pure",
    "if",
    "else",
    "for",
    "while",
    "do",
    "update",
    "until",
    "unroll",
    "switch",
    "case",
    "default",
    "fallthrough",
    "break",
    "continue",
    "return",
    "barrier",
    "warp_barrier",
    "fence",
    "grid_barrier",
    "clock",
    "atomic",
    "vote",
    "broadcast",
    "warp",
    "trap",
    "assert",
    "printf",
    "volatile",
    "true",
    "false",
    "zero",
    "undef",
    "cast",
    "bitcast",
    "pointer",
    "address",
    "diff",
    "bits",
    "size",
    "align",
    "max_threads",
    "restrict",
    "hex",
    "threadIdx",
    "blockIdx",
    "blockDim",
    "gridDim",
    "void",
];

/// A word that is no name. Asked of nearly every word of a text.
pub(super) fn is_reserved(name: &str) -> bool {
    static WORDS: OnceLock<FxHashSet<&str>> = OnceLock::new();
    let words = || {
        let scalars = Scalar::ALL.iter().map(|scalar| scalar.name());
        let spaces = SPACES.iter().map(|(_, word)| *word);
        let math = MATH.iter().map(|(_, word)| *word);
        let geometry = GEOMETRY.iter().map(|(_, word)| *word);
        KEYWORDS.iter().copied().chain(scalars).chain(spaces).chain(math).chain(geometry).collect()
    };
    WORDS.get_or_init(words).contains(name) || find_vector(name).is_some()
}

/// `f32x4` and its kind.
pub(super) fn find_vector(name: &str) -> Option<(Scalar, u8)> {
    let (scalar, count) = name.split_once('x')?;
    let scalar = Scalar::ALL.into_iter().find(|s| s.name() == scalar)?;
    let count = match count {
        "2" => 2,
        "3" => 3,
        "4" => 4,
        _ => return None,
    };
    Some((scalar, count))
}

/// The value with this spelling.
pub(super) fn find<T: Copy>(table: &[(T, &str)], name: &str) -> Option<T> {
    table.iter().find(|row| row.1 == name).map(|row| row.0)
}

/// The spelling of this value.
pub(super) fn spelling<T: PartialEq + std::fmt::Debug>(table: &[(T, &'static str)], value: &T) -> &'static str {
    table.iter().find(|row| row.0 == *value).map_or("?", |row| row.1)
}
