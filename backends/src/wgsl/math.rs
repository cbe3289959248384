//! Math functions: the built-in where it does what CUDA does, a helper where it does not.

use super::expr::{Level, Printed};
use super::function::FunctionWriter;
use super::helpers::Helper;
use super::literal;
use ir::{ExprId, MathFn, Scalar};

impl FunctionWriter<'_, '_> {
    pub(super) fn math(&mut self, function: MathFn, args: &[ExprId]) -> Printed {
        let scalar = args.first().and_then(|arg| self.scalar(*arg)).unwrap_or(Scalar::F32);
        let name = match function {
            MathFn::Sqrt => "sqrt",
            MathFn::Abs => "abs",
            MathFn::Floor => "floor",
            MathFn::Ceil => "ceil",
            MathFn::Trunc => "trunc",
            MathFn::RoundEven => "round",
            MathFn::Fma if scalar != Scalar::F32 => {
                self.module.fail_fma_double(self.function.exprs.span(args[0]));
                "fma"
            }
            MathFn::Fma => self.module.use_helper(Helper::Fma),
            MathFn::Min if scalar.is_float() => self.module.use_helper(Helper::Fmin(scalar)),
            MathFn::Max if scalar.is_float() => self.module.use_helper(Helper::Fmax(scalar)),
            MathFn::Min => "min",
            MathFn::Max => "max",
            MathFn::CopySign => self.module.use_helper(Helper::CopySign(scalar)),
            MathFn::MulHigh => self.module.use_helper(Helper::MulHigh(scalar)),
            MathFn::AddRn => return self.operator("+", Level::Additive, args),
            MathFn::SubRn => return self.operator("-", Level::Additive, args),
            MathFn::MulRn => return self.operator("*", Level::Multiplicative, args),
            MathFn::DivRn | MathFn::NativeDiv => return self.operator("/", Level::Multiplicative, args),
            MathFn::PopCount => return self.count("countOneBits", Helper::PopCount64, scalar, args),
            MathFn::CountLeadingZeros => return self.count("countLeadingZeros", Helper::LeadingZeros64, scalar, args),
            MathFn::CountTrailingZeros => return self.count("countTrailingZeros", Helper::TrailingZeros64, scalar, args),
            MathFn::ReverseBits if scalar.size() == 8 => {
                let helper = self.module.use_helper(Helper::ReverseBits64);
                let value = self.typed(args[0]);
                return Printed::primary(format!("{}({helper}(u64({value})))", scalar.name()));
            }
            MathFn::ReverseBits => "reverseBits",
            // naga takes these on `f64` and writes a module that no driver understands.
            native if scalar == Scalar::F64 && is_native(native) => {
                self.module.fail_native_double(self.function.exprs.span(args[0]));
                "exp"
            }
            MathFn::NativeExp => "exp",
            MathFn::NativeExp2 => "exp2",
            MathFn::NativeLog => "log",
            MathFn::NativeLog2 => "log2",
            MathFn::NativeSin => "sin",
            MathFn::NativeCos => "cos",
            MathFn::NativeTan => "tan",
            MathFn::NativeTanh => "tanh",
            MathFn::NativePow => "pow",
            MathFn::NativeRcp => {
                let value = self.print(args[0]).within(|level| level >= Level::Unary);
                return Printed { text: format!("1.0 / {value}"), level: Level::Multiplicative };
            }
            MathFn::NativeRsqrt => "inverseSqrt",
        };
        let mut texts = vec![self.argument_that_runs(function, args).unwrap_or_else(|| self.typed(args[0]))];
        texts.extend(args[1..].iter().map(|arg| self.plain(*arg)));
        Printed::primary(format!("{name}({})", super::expr::join_arguments(texts)))
    }

    /// The first argument as no constant expression, where all are constant and WGSL would not compute with them: `log(0.0)`, a `f64`.
    fn argument_that_runs(&mut self, function: MathFn, args: &[ExprId]) -> Option<String> {
        let values: Option<Vec<_>> = args.iter().map(|arg| literal::value(self.function, self.tables(), *arg)).collect();
        let values = values?;
        let float = |index: usize| values.get(index).map_or(0.0, |value| f64::from(f32::from_bits(value.1 as u32)));
        match values[0] {
            (Scalar::F32, bits) if !is_finite(function, float(0), float(1)) => {
                let helper = self.module.use_helper(Helper::Special);
                Some(format!("{helper}(0x{:x}u)", bits as u32))
            }
            (Scalar::F64, bits) => Some(format!("bitcast<f64>(0x{bits:x}lu)")),
            _ => None,
        }
    }

    fn operator(&mut self, sign: &str, level: Level, args: &[ExprId]) -> Printed {
        let a = self.print(args[0]).within(|inner| inner >= level && inner != Level::Shift);
        let b = self.print(args[1]).within(|inner| inner > level && inner != Level::Shift);
        Printed { text: format!("{a} {sign} {b}"), level }
    }

    /// Bit counts are `i32` in the IR and of the operand's type in WGSL.
    fn count(&mut self, name: &str, wide: Helper, scalar: Scalar, args: &[ExprId]) -> Printed {
        let value = self.typed(args[0]);
        if scalar.size() == 8 {
            let helper = self.module.use_helper(wide);
            return Printed::primary(format!("{helper}(u64({value}))"));
        }
        Printed::primary(if scalar == Scalar::I32 { format!("{name}({value})") } else { format!("i32({name}({value}))") })
    }
}

/// Is the argument one that WGSL defines the function for, with a finite `f32` as its value?
fn is_finite(function: MathFn, x: f64, y: f64) -> bool {
    let value = match function {
        MathFn::NativeExp => x.exp(),
        MathFn::NativeExp2 => x.exp2(),
        MathFn::NativeLog => x.ln(),
        MathFn::NativeLog2 => x.log2(),
        MathFn::NativePow if x < 0.0 => f64::NAN,
        MathFn::NativePow => x.powf(y),
        MathFn::NativeRsqrt => x.sqrt().recip(),
        _ => x,
    };
    value.abs() <= f64::from(f32::MAX)
}

fn is_native(function: MathFn) -> bool {
    use MathFn::{NativeCos, NativeExp, NativeExp2, NativeLog, NativeLog2, NativePow, NativeSin, NativeTan, NativeTanh};
    matches!(
        function,
        NativeExp | NativeExp2 | NativeLog | NativeLog2 | NativeSin | NativeCos | NativeTan | NativeTanh | NativePow
    )
}
