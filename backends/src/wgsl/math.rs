//! Math functions: the built-in where it does what CUDA does, a helper where it does not.

use super::expr::{Level, Printed};
use super::function::FunctionWriter;
use super::helpers::Helper;
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
            MathFn::Fma => self.module.use_helper(Helper::Fma),
            MathFn::Min if scalar.is_float() => self.module.use_helper(Helper::Fmin),
            MathFn::Max if scalar.is_float() => self.module.use_helper(Helper::Fmax),
            MathFn::Min => "min",
            MathFn::Max => "max",
            MathFn::CopySign => self.module.use_helper(Helper::CopySign),
            MathFn::MulHigh => self.module.use_helper(Helper::MulHigh(scalar)),
            MathFn::AddRn => return self.operator("+", Level::Additive, args),
            MathFn::SubRn => return self.operator("-", Level::Additive, args),
            MathFn::MulRn => return self.operator("*", Level::Multiplicative, args),
            MathFn::DivRn | MathFn::NativeDiv => return self.operator("/", Level::Multiplicative, args),
            MathFn::PopCount => return self.count("countOneBits", scalar, args),
            MathFn::CountLeadingZeros => return self.count("countLeadingZeros", scalar, args),
            MathFn::CountTrailingZeros => return self.count("countTrailingZeros", scalar, args),
            MathFn::ReverseBits => "reverseBits",
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
        let mut texts = vec![self.typed(args[0])];
        texts.extend(args[1..].iter().map(|arg| self.plain(*arg)));
        Printed::primary(format!("{name}({})", texts.join(", ")))
    }

    fn operator(&mut self, sign: &str, level: Level, args: &[ExprId]) -> Printed {
        let a = self.print(args[0]).within(|inner| inner >= level && inner != Level::Shift);
        let b = self.print(args[1]).within(|inner| inner > level && inner != Level::Shift);
        Printed { text: format!("{a} {sign} {b}"), level }
    }

    /// Bit counts are `i32` in the IR and of the operand's type in WGSL.
    fn count(&mut self, name: &str, scalar: Scalar, args: &[ExprId]) -> Printed {
        let value = self.typed(args[0]);
        Printed::primary(if scalar == Scalar::I32 { format!("{name}({value})") } else { format!("i32({name}({value}))") })
    }
}
