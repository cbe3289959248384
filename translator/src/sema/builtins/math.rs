//! Mathematical functions that the IR has; all others are CUDA C++ in `math_functions.h`.

use super::{Builtin, Operation, row};
use ir::MathFn;

const FLOAT: &str = "Mathematical Functions";
const INTEGER: &str = "Integer Intrinsics";
const CAST: &str = "Type Casting Intrinsics";
const FAST: &str = "Intrinsic Functions";

const fn math(name: &'static str, function: MathFn, section: &'static str) -> Builtin {
    row(name, Operation::Math(function), section)
}

pub(super) const TABLE: &[Builtin] = &[
    math("sqrtf", MathFn::Sqrt, FLOAT),
    math("sqrt", MathFn::Sqrt, FLOAT),
    math("fabsf", MathFn::Abs, FLOAT),
    math("fabs", MathFn::Abs, FLOAT),
    math("floorf", MathFn::Floor, FLOAT),
    math("floor", MathFn::Floor, FLOAT),
    math("ceilf", MathFn::Ceil, FLOAT),
    math("ceil", MathFn::Ceil, FLOAT),
    math("truncf", MathFn::Trunc, FLOAT),
    math("trunc", MathFn::Trunc, FLOAT),
    math("rintf", MathFn::RoundEven, FLOAT),
    math("rint", MathFn::RoundEven, FLOAT),
    math("fmaf", MathFn::Fma, FLOAT),
    math("fma", MathFn::Fma, FLOAT),
    math("__fmaf_rn", MathFn::Fma, FAST),
    math("__fma_rn", MathFn::Fma, FAST),
    math("fminf", MathFn::Min, FLOAT),
    math("fmin", MathFn::Min, FLOAT),
    math("fmaxf", MathFn::Max, FLOAT),
    math("fmax", MathFn::Max, FLOAT),
    math("copysignf", MathFn::CopySign, FLOAT),
    math("copysign", MathFn::CopySign, FLOAT),
    math("__fadd_rn", MathFn::AddRn, FAST),
    math("__fsub_rn", MathFn::SubRn, FAST),
    math("__fmul_rn", MathFn::MulRn, FAST),
    math("__fdiv_rn", MathFn::DivRn, FAST),
    math("__dadd_rn", MathFn::AddRn, FAST),
    math("__dsub_rn", MathFn::SubRn, FAST),
    math("__dmul_rn", MathFn::MulRn, FAST),
    math("__ddiv_rn", MathFn::DivRn, FAST),
    math("__expf", MathFn::NativeExp, FAST),
    math("__logf", MathFn::NativeLog, FAST),
    math("__log2f", MathFn::NativeLog2, FAST),
    math("__sinf", MathFn::NativeSin, FAST),
    math("__cosf", MathFn::NativeCos, FAST),
    math("__tanf", MathFn::NativeTan, FAST),
    math("__powf", MathFn::NativePow, FAST),
    math("__tanhf", MathFn::NativeTanh, FAST),
    math("__popc", MathFn::PopCount, INTEGER),
    math("__popcll", MathFn::PopCount, INTEGER),
    math("__clz", MathFn::CountLeadingZeros, INTEGER),
    math("__clzll", MathFn::CountLeadingZeros, INTEGER),
    math("min", MathFn::Min, INTEGER),
    math("max", MathFn::Max, INTEGER),
    math("abs", MathFn::Abs, INTEGER),
    math("__fdividef", MathFn::NativeDiv, FAST),
    row("__ffs", Operation::FindFirstSet, INTEGER),
    row("__ffsll", Operation::FindFirstSet, INTEGER),
    math("__brev", MathFn::ReverseBits, INTEGER),
    math("__brevll", MathFn::ReverseBits, INTEGER),
    math("__mulhi", MathFn::MulHigh, INTEGER),
    math("__umulhi", MathFn::MulHigh, INTEGER),
    math("__mul64hi", MathFn::MulHigh, INTEGER),
    math("__umul64hi", MathFn::MulHigh, INTEGER),
    row("__float_as_int", Operation::Bitcast, CAST),
    row("__float_as_uint", Operation::Bitcast, CAST),
    row("__int_as_float", Operation::Bitcast, CAST),
    row("__uint_as_float", Operation::Bitcast, CAST),
    row("__double_as_longlong", Operation::Bitcast, CAST),
    row("__longlong_as_double", Operation::Bitcast, CAST),
];
