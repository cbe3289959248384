//! Expressions as text, with the parentheses that WGSL's grammar asks for and no others.

use super::function::FunctionWriter;
use super::helpers::Helper;
use super::literal;
use ir::{Axis, BinaryOp, Expr, ExprId, Geometry, LogicalOp, Scalar, Type, UnaryOp};

/// The production an expression's text belongs to (WGSL, "Expression Grammar Summary"), loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    BitOr,
    BitXor,
    BitAnd,
    Relational,
    Shift,
    Additive,
    Multiplicative,
    /// A minus sign or other prefix operator in front.
    Unary,
    Primary,
}

#[derive(Clone, Debug)]
pub(super) struct Printed {
    pub text: String,
    pub level: Level,
}

impl Printed {
    pub fn primary(text: impl Into<String>) -> Printed {
        Printed { text: text.into(), level: Level::Primary }
    }

    /// The text, in parentheses unless `fits` takes its level.
    pub fn within(self, fits: impl Fn(Level) -> bool) -> String {
        if fits(self.level) { self.text } else { ["(", &self.text, ")"].concat() }
    }
}

/// The greatest masks that are as good in decimal: where passes bring them, and as operands of bit operations.
const HALFWORD: u32 = 0x7fff;
const BYTE: u32 = 0xff;

impl FunctionWriter<'_, '_> {
    /// The expression where its type follows from what surrounds it, so that literals need no suffix.
    pub(super) fn plain(&mut self, id: ExprId) -> String {
        self.print(id).text
    }

    /// The expression where nothing else says its type: `let x = 1u`.
    pub(super) fn typed(&mut self, id: ExprId) -> String {
        self.print_typed(id).text
    }

    fn print_typed(&mut self, id: ExprId) -> Printed {
        let Some(scalar) = self.scalar(id) else { return self.print(id) };
        if !self.is_abstract(id) || matches!(scalar, Scalar::Bool | Scalar::I32) {
            return self.print(id);
        }
        if let Some((scalar, bits)) = self.folded_constant(id) {
            return self.literal(scalar, bits, true, id);
        }
        match self.function.expr(id) {
            Expr::Const { scalar, bits } => self.literal(*scalar, *bits, true, id),
            _ if scalar == Scalar::F32 => self.print(id),
            _ => {
                let text = self.plain(id);
                Printed::primary(call_text(scalar.name(), &text))
            }
        }
    }

    pub(super) fn scalar(&self, id: ExprId) -> Option<Scalar> {
        self.module.types().as_scalar(self.function.ty(id))
    }

    /// Is the text of abstract type (WGSL, "Abstract Types"), so that the other operand decides its type?
    fn is_abstract(&self, id: ExprId) -> bool {
        if let Some((scalar, bits)) = self.folded_constant(id) {
            return literal::is_abstract(scalar, bits);
        }
        match self.function.expr(id) {
            Expr::Const { scalar, bits } => literal::is_abstract(*scalar, *bits),
            Expr::NamedConst(constant) => {
                let constant = &self.tables().constants[*constant];
                literal::is_abstract(constant.scalar, constant.bits)
            }
            Expr::Unary { op: UnaryOp::Neg, value } => self.is_abstract(*value),
            Expr::Binary { op, a, b } if !op.is_comparison() => self.is_abstract(*a) && self.is_abstract(*b),
            _ => false,
        }
    }

    pub(super) fn print(&mut self, id: ExprId) -> Printed {
        if let Some((scalar, bits)) = self.folded_constant(id) {
            return self.literal(scalar, bits, true, id);
        }
        let function = self.function;
        match *function.expr(id) {
            Expr::Const { scalar, bits } => self.literal(scalar, bits, false, id),
            Expr::Zero(ty) | Expr::Undef(ty) => self.zero(ty),
            Expr::NamedConst(constant) => Printed::primary(self.module.use_constant(constant)),
            Expr::Let(result) => self.print_let(result),
            Expr::Param(index) => Printed::primary(self.params[index as usize].clone()),
            Expr::Geometry(geometry) => self.geometry(geometry),
            Expr::LocalAddr(_) | Expr::GlobalAddr(_) | Expr::Field { .. } | Expr::Element { .. } => {
                let place = self.place(id);
                Printed { text: ["&", &place].concat(), level: Level::Unary }
            }
            Expr::Load { pointer, .. } => self.load(pointer),
            Expr::Unary { op, value } => self.unary(op, value),
            Expr::Binary { op: op @ (BinaryOp::And | BinaryOp::Shr), a, b } => {
                self.part_of_word(id).unwrap_or_else(|| self.binary(op, a, b))
            }
            Expr::Binary { op, a, b } => self.binary(op, a, b),
            Expr::Logical { op, a, b } => self.logical(op, a, b),
            Expr::Select { condition, accept, reject } => self.select(condition, accept, reject),
            Expr::Convert { value, to } => self.convert(value, to),
            Expr::Bitcast { value, to } => {
                let (to, value) = (self.module.ty(to), self.typed(value));
                Printed::primary(format!("bitcast<{to}>({value})"))
            }
            Expr::Math { function, ref args } => self.math(function, args),
            Expr::Call { function, ref args, .. } => Printed::primary(self.call(function, args)),
            Expr::Construct { ty, ref parts } => self.construct(ty, parts),
            Expr::Extract { value, index } => self.extract(value, index),
            Expr::Offset { .. } => self.not_legal("pointer arithmetic", id),
            Expr::PointerCast { .. } => self.not_legal("a pointer cast", id),
            Expr::PointerDiff { .. } => self.not_legal("a pointer difference", id),
            Expr::PointerToInt(_) | Expr::IntToPointer { .. } => self.not_legal("a pointer as an integer", id),
        }
    }

    /// A constant computation whose value the target would refuse to compute or compute otherwise: overflow, division
    /// by zero, shifts beyond the width, NaN. Other constant expressions stay as written.
    fn folded_constant(&self, id: ExprId) -> Option<(Scalar, u64)> {
        match self.function.expr(id) {
            Expr::Unary { .. } | Expr::Binary { .. } | Expr::Convert { .. } | Expr::Bitcast { .. } | Expr::Math { .. } => {
                literal::fold_if_needed(self.function, self.tables(), id)
            }
            _ => None,
        }
    }

    pub(super) fn literal(&mut self, scalar: Scalar, bits: u64, suffixed: bool, id: ExprId) -> Printed {
        if scalar == Scalar::F32 && !f32::from_bits(bits as u32).is_finite() {
            let helper = self.module.use_helper(Helper::Special);
            return Printed::primary(format!("{helper}(0x{:x}u)", bits as u32));
        }
        if scalar == Scalar::F64 && !f64::from_bits(bits).is_finite() {
            return Printed::primary(format!("bitcast<f64>(0x{bits:x}lu)"));
        }
        let span = self.function.exprs.span(id);
        // What passes bring has no text that could say how it is meant; large unsigned numbers are bits mostly.
        let hexadecimal = self.module.is_hexadecimal(span) || scalar == Scalar::U32 && bits as u32 > HALFWORD && span.is_none();
        let text = literal::text(scalar, bits, suffixed, hexadecimal);
        let level = if text.starts_with('-') { Level::Unary } else { Level::Primary };
        Printed { text, level }
    }

    /// The operand of a bit operation: a mask that nobody wrote as a decimal number reads best as its digits.
    pub(super) fn print_bits(&mut self, id: ExprId, suffixed: bool) -> Printed {
        match *self.function.expr(id) {
            Expr::Const { scalar: scalar @ (Scalar::I32 | Scalar::U32), bits }
                if bits as u32 > BYTE && !self.module.is_decimal(self.function.exprs.span(id)) =>
            {
                let text = literal::text(scalar, bits, suffixed, true);
                let level = if text.starts_with('-') { Level::Unary } else { Level::Primary };
                Printed { text, level }
            }
            _ if suffixed => self.print_typed(id),
            _ => self.print(id),
        }
    }

    pub(super) fn zero(&mut self, ty: ir::TypeId) -> Printed {
        let text = match self.module.types().get(ty) {
            Type::Scalar(scalar) => literal::text(scalar, 0, true, false),
            _ => format!("{}()", self.module.ty(ty)),
        };
        Printed::primary(text)
    }

    fn unary(&mut self, op: UnaryOp, value: ExprId) -> Printed {
        if let (UnaryOp::Neg, Some(scalar @ (Scalar::U32 | Scalar::U64))) = (op, self.scalar(value)) {
            // WGSL has no minus for unsigned numbers (WGSL, "Arithmetic Expressions").
            let operand = self.print_typed(value).within(|inner| fits_right(inner, Level::Additive));
            return Printed { text: format!("{} - {operand}", literal::text(scalar, 0, true, false)), level: Level::Additive };
        }
        let sign = match op {
            UnaryOp::Neg => "-",
            UnaryOp::BitNot => "~",
            UnaryOp::Not => "!",
        };
        // Two minus signs in a row would be one token, `--`.
        let negates_literal = op == UnaryOp::Neg;
        let operand = if op == UnaryOp::Neg { self.print(value) } else { self.print_typed(value) };
        let operand = operand.within(|level| level == Level::Primary || level == Level::Unary && !negates_literal);
        Printed { text: [sign, &operand].concat(), level: Level::Unary }
    }

    fn binary(&mut self, op: BinaryOp, a: ExprId, b: ExprId) -> Printed {
        if op.is_shift() {
            return self.shift(op, a, b);
        }
        let is_float = self.scalar(a).is_some_and(Scalar::is_float);
        if op == BinaryOp::Ne && is_float {
            // naga and Tint compile `!=` as an ordered comparison, which is false for NaN.
            let equal = self.infix("==", Level::Relational, a, b);
            return Printed { text: format!("!({})", equal.text), level: Level::Unary };
        }
        if matches!(op, BinaryOp::Div | BinaryOp::Rem) && literal::is_zero(self.function, self.tables(), b) {
            // Unspecified, but no trap; WGSL does not take a constant 0 as divisor.
            return self.print_typed(a);
        }
        let (sign, level) = match op {
            BinaryOp::Add => ("+", Level::Additive),
            BinaryOp::Sub => ("-", Level::Additive),
            BinaryOp::Mul => ("*", Level::Multiplicative),
            BinaryOp::Div => ("/", Level::Multiplicative),
            BinaryOp::Rem => ("%", Level::Multiplicative),
            BinaryOp::And => ("&", Level::BitAnd),
            BinaryOp::Or => ("|", Level::BitOr),
            BinaryOp::Xor => ("^", Level::BitXor),
            BinaryOp::Eq => ("==", Level::Relational),
            BinaryOp::Ne => ("!=", Level::Relational),
            BinaryOp::Lt => ("<", Level::Relational),
            BinaryOp::Le => ("<=", Level::Relational),
            BinaryOp::Gt => (">", Level::Relational),
            BinaryOp::Ge => (">=", Level::Relational),
            BinaryOp::Shl | BinaryOp::Shr => unreachable!("shifts are printed apart"),
        };
        self.infix(sign, level, a, b)
    }

    fn infix(&mut self, sign: &str, level: Level, a: ExprId, b: ExprId) -> Printed {
        let both_abstract = self.is_abstract(a) && self.is_abstract(b);
        let (left, right) = match level {
            Level::BitAnd | Level::BitOr | Level::BitXor => (self.print_bits(a, both_abstract), self.print_bits(b, false)),
            _ if both_abstract => (self.print_typed(a), self.print(b)),
            _ => (self.print(a), self.print(b)),
        };
        let left = left.within(|inner| fits_left(inner, level));
        let right = right.within(|inner| fits_right(inner, level));
        Printed { text: [&left, " ", sign, " ", &right].concat(), level }
    }

    fn shift(&mut self, op: BinaryOp, a: ExprId, b: ExprId) -> Printed {
        let scalar = self.scalar(a).unwrap_or(Scalar::I32);
        if literal::shift_amount_fits(self.function, self.tables(), b, scalar.bits()) {
            let left = self.print_bits(a, true).within(|inner| inner >= Level::Unary);
            let amount = self.shift_amount(b).within(|inner| inner >= Level::Unary);
            let sign = if op == BinaryOp::Shl { "<<" } else { ">>" };
            return Printed { text: [&left, " ", sign, " ", &amount].concat(), level: Level::Shift };
        }
        let helper = if op == BinaryOp::Shl { Helper::Shl(scalar) } else { Helper::Shr(scalar) };
        let (helper, amount) = (self.module.use_helper(helper), self.shift_amount(b).text);
        let value = self.print_bits(a, false).text;
        Printed::primary(format!("{helper}({value}, {amount})"))
    }

    /// WGSL wants the amount as `u32`.
    fn shift_amount(&mut self, id: ExprId) -> Printed {
        if let Some(amount) = literal::constant_amount(self.function, self.tables(), id) {
            return Printed::primary(format!("{amount}u"));
        }
        if self.is_abstract(id) || self.scalar(id) == Some(Scalar::U32) {
            return self.print(id);
        }
        let text = self.plain(id);
        Printed::primary(call_text("u32", &text))
    }

    /// In the functions that passes add both sides are evaluated: naga makes a branch and a variable of `&&` and `||`, and drivers that inline a soft
    /// double's operation at each use of it would have thousands of them.
    fn logical(&mut self, op: LogicalOp, a: ExprId, b: ExprId) -> Printed {
        let is_added = self.function.span.is_none() && self.is_harmless(b);
        let (sign, level) = match op {
            LogicalOp::And if is_added => ("&", Level::BitAnd),
            LogicalOp::Or if is_added => ("|", Level::BitOr),
            LogicalOp::And => ("&&", Level::And),
            LogicalOp::Or => ("||", Level::Or),
        };
        if is_added {
            let [a, b] = [a, b].map(|side| self.print_typed(side).within(|inner| inner >= Level::Unary));
            return Printed { text: [&a, " ", sign, " ", &b].concat(), level };
        }
        self.infix(sign, level, a, b)
    }

    /// It costs little and reads no memory.
    fn is_harmless(&self, root: ExprId) -> bool {
        let mut harmless = true;
        self.function.walk_expr(root, &mut |id| {
            harmless &= !matches!(self.function.expr(id), Expr::Call { .. } | Expr::Element { .. } | Expr::GlobalAddr(_));
        });
        harmless
    }

    fn select(&mut self, condition: ExprId, accept: ExprId, reject: ExprId) -> Printed {
        let both = self.is_abstract(accept) && self.is_abstract(reject);
        let is_whole = matches!(self.module.types().get(self.function.ty(accept)), Type::Scalar(_) | Type::Vector { .. });
        let mut side = |id| match both {
            true => self.typed(id),
            // Of others the parts are named.
            false => self.print(id).within(|inner| is_whole || inner == Level::Primary),
        };
        let (yes, no) = (side(accept), side(reject));
        let condition = self.plain(condition);
        Printed::primary(self.select_text(self.function.ty(accept), &no, &yes, &condition))
    }

    /// WGSL selects scalars and vectors; structs and arrays are put together from the selected parts.
    fn select_text(&mut self, ty: ir::TypeId, no: &str, yes: &str, condition: &str) -> String {
        let parts: Vec<ir::TypeId> = match self.module.types().get(ty) {
            Type::Struct(definition) => self.module.types().structs()[definition].fields.iter().map(|field| field.ty).collect(),
            Type::Array { element, count: Some(count) } => vec![element; count as usize],
            _ => return format!("select({})", join_arguments(vec![no.into(), yes.into(), condition.into()])),
        };
        let selected = parts.into_iter().enumerate().map(|(index, part)| {
            let member = self.member(ty, index as u32);
            self.select_text(part, &format!("{no}{member}"), &format!("{yes}{member}"), condition)
        });
        let selected = selected.collect::<Vec<_>>();
        format!("{}({})", self.module.ty(ty), selected.join(", "))
    }

    fn convert(&mut self, value: ExprId, to: Scalar) -> Printed {
        let from = self.scalar(value).unwrap_or(to);
        if from == to {
            return self.print(value);
        }
        if to == Scalar::Bool {
            return self.convert_to_bool(value, from);
        }
        if from.is_float() && to.is_int() && from != Scalar::F16 {
            let helper = self.module.use_helper(Helper::FloatToInt { from, to });
            let value = self.plain(value);
            return Printed::primary(call_text(helper, &value));
        }
        let value = self.typed(value);
        if from == Scalar::I32 && to == Scalar::U64 {
            // naga extends with zeros: WGSL's rules know no `u64`, C's extend the sign first.
            return Printed::primary(format!("u64(i64({value}))"));
        }
        Printed::primary(call_text(to.name(), &value))
    }

    fn convert_to_bool(&mut self, value: ExprId, from: Scalar) -> Printed {
        let text = self.print(value).within(|inner| fits_left(inner, Level::Relational));
        let zero = literal::text(from, 0, from.size() == 8, false);
        if from.is_float() {
            // A NaN is true.
            return Printed { text: format!("!({text} == {zero})"), level: Level::Unary };
        }
        Printed { text: format!("{text} != {zero}"), level: Level::Relational }
    }

    fn construct(&mut self, ty: ir::TypeId, parts: &[ExprId]) -> Printed {
        let is_vector = matches!(self.module.types().get(ty), Type::Vector { .. });
        let mut texts: Vec<String> = parts.iter().map(|part| self.plain(*part)).collect();
        if is_vector && texts.windows(2).all(|pair| pair[0] == pair[1]) {
            texts.truncate(1);
        }
        let name = self.module.ty(ty);
        if let Some(number) = self.written_number(parts) {
            return Printed::primary(format!("{name}({} /* {number} */)", texts.join(", ")));
        }
        Printed::primary(call_text(&name, &join_arguments(texts)))
    }

    /// The literal of the source that two words stand for, where they alone do not show it: a double, or an integer beyond 32 bits.
    fn written_number(&self, parts: &[ExprId]) -> Option<String> {
        let &[low, high] = parts else { return None };
        let word = |id| match *self.function.expr(id) {
            Expr::Const { scalar: Scalar::U32, bits } => Some(bits & 0xffff_ffff),
            _ => None,
        };
        let bits = word(high)? << 32 | word(low)?;
        let text = self.module.snippet(self.function.exprs.span(high)).trim_end_matches(['u', 'U', 'l', 'L']);
        let is_double = text.parse::<f64>().is_ok_and(|number| number.to_bits() == bits);
        let is_integer = text.parse::<u64>().is_ok_and(|number| number == bits);
        (bits >> 32 != 0 && (is_double || is_integer)).then(|| text.to_string())
    }

    fn extract(&mut self, value: ExprId, index: u32) -> Printed {
        let member = self.member(self.function.ty(value), index);
        let text = self.print(value).within(|inner| inner == Level::Primary);
        Printed::primary([text, member].concat())
    }

    /// `.x`, `.name` or `[3]`: part `index` of a value of type `ty`.
    pub(super) fn member(&self, ty: ir::TypeId, index: u32) -> String {
        match self.module.types().get(ty) {
            Type::Vector { .. } => format!(".{}", ["x", "y", "z", "w"][index as usize & 3]),
            Type::Struct(definition) => {
                let field = &self.module.types().structs()[definition].fields[index as usize];
                format!(".{}", super::names::field_name(&field.name, index as usize))
            }
            _ => format!("[{index}]"),
        }
    }

    fn geometry(&mut self, geometry: Geometry) -> Printed {
        let linear = self.module.geometry.linear;
        let warp = self.module.program.module.warp_size;
        let text = match geometry {
            Geometry::ThreadIdx(axis) if !linear => format!("threadIdx.{}", letter(axis)),
            Geometry::BlockIdx(axis) if !linear => format!("blockIdx.{}", letter(axis)),
            Geometry::ThreadIdx(_) | Geometry::ThreadRank => "thread".to_string(),
            Geometry::BlockIdx(_) | Geometry::BlockRank => "block".to_string(),
            Geometry::BlockDim(axis) => format!("blockDim{}", letter(axis).to_uppercase()),
            Geometry::GridDim(axis) => format!("launch.gridDim.{}", letter(axis)),
            Geometry::ArrivalsCount => "0".to_string(),
            Geometry::ThreadCount if linear => "blockDimX".to_string(),
            Geometry::ThreadCount => {
                return Printed { text: super::geometry::THREADS.into(), level: Level::Multiplicative };
            }
            Geometry::Lane => return Printed { text: format!("thread % {warp}"), level: Level::Multiplicative },
            Geometry::Warp => return Printed { text: format!("thread / {warp}"), level: Level::Multiplicative },
        };
        Printed::primary(text)
    }
}

fn letter(axis: Axis) -> &'static str {
    match axis {
        Axis::X => "x",
        Axis::Y => "y",
        Axis::Z => "z",
    }
}

/// May text of level `inner` stand left of an operator of level `outer` without parentheses? WGSL mixes neither `&&` with `||`
/// nor bit operators with anything looser than a prefix operator.
fn fits_left(inner: Level, outer: Level) -> bool {
    match outer {
        Level::Or => inner == Level::Or || inner >= Level::Relational,
        Level::And => inner == Level::And || inner >= Level::Relational,
        Level::BitOr | Level::BitXor | Level::BitAnd => inner == outer || inner >= Level::Unary,
        Level::Relational => inner > Level::Relational,
        _ => inner >= outer && inner != Level::Shift,
    }
}

fn fits_right(inner: Level, outer: Level) -> bool {
    match outer {
        Level::Or | Level::And => inner >= Level::Relational,
        Level::BitOr | Level::BitXor | Level::BitAnd => inner >= Level::Unary,
        // `a < b >> c` would begin a template list.
        Level::Relational => inner > Level::Shift,
        _ => inner > outer && inner != Level::Shift,
    }
}

/// `name(arguments)`.
pub(super) fn call_text(name: &str, arguments: &str) -> String {
    [name, "(", arguments, ")"].concat()
}

/// Arguments between commas. `f(a < b, c > d)` would be read as a template list `a<b, c>`, so a comparison with `<` in front of
/// another argument with `>` is put in parentheses (WGSL, "Template Lists").
pub(super) fn join_arguments(arguments: Vec<String>) -> String {
    let last_greater = arguments.iter().rposition(|text| text.contains('>')).unwrap_or(0);
    let shown = arguments
        .into_iter()
        .enumerate()
        .map(|(index, text)| if index < last_greater && text.contains(" < ") { format!("({text})") } else { text });
    shown.collect::<Vec<_>>().join(", ")
}
