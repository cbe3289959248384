//! Expression trees, with as few parentheses as C's binding strengths allow.

use super::super::names::quote;
use super::{Printer, spell};
use crate::expr::{BinaryOp, Expr, ExprId, LogicalOp, UnaryOp};
use crate::float16::{bf16_to_f64, f16_to_f64};
use crate::types::{Field, Scalar, Type, TypeId};

impl Printer<'_> {
    /// An expression as a value, in parentheses if it binds weaker than `strength`.
    pub(super) fn value(&self, id: ExprId, strength: u8) -> String {
        let (text, own) = self.value_and_strength(id);
        if own < strength { format!("({text})") } else { text }
    }

    fn value_and_strength(&self, id: ExprId) -> (String, u8) {
        let postfix = |text: String| (text, spell::POSTFIX);
        match self.function.expr(id) {
            Expr::Const { scalar, bits } => postfix(literal(*scalar, *bits)),
            Expr::Zero(ty) => postfix(format!("zero<{}>", self.ty(*ty))),
            Expr::Undef(ty) => postfix(format!("undef<{}>", self.ty(*ty))),
            Expr::NamedConst(constant) => postfix(self.names.constants[constant.index()].clone()),
            Expr::Let(id) => postfix(self.own.lets[id.index()].clone()),
            Expr::Param(index) => {
                postfix(self.own.params.get(*index as usize).cloned().unwrap_or_else(|| format!("param.{index}")))
            }
            Expr::Geometry(geometry) => postfix(spell::spelling(spell::GEOMETRY, geometry).into()),
            Expr::LocalAddr(_) | Expr::GlobalAddr(_) | Expr::Field { .. } | Expr::Element { .. } | Expr::Offset { .. } => {
                (format!("&{}", self.place(id)), spell::UNARY)
            }
            Expr::PointerCast { base, to } => postfix(format!("cast<{}>({})", self.ty(*to), self.value(*base, 0))),
            Expr::PointerDiff { a, b } => postfix(format!("diff({}, {})", self.value(*a, 0), self.value(*b, 0))),
            Expr::PointerToInt(value) => postfix(format!("address({})", self.value(*value, 0))),
            Expr::IntToPointer { value, to } => postfix(format!("pointer<{}>({})", self.ty(*to), self.value(*value, 0))),
            Expr::Load { pointer, volatile: true } => postfix(format!("volatile({})", self.place(*pointer))),
            Expr::Load { pointer, volatile: false } => postfix(self.place(*pointer)),
            Expr::Unary { op, value } => (self.unary(*op, *value), spell::UNARY),
            Expr::Binary { op, a, b } => self.binary(*op, *a, *b),
            Expr::Logical { op: LogicalOp::And, a, b } => self.infix("&&", spell::LOGICAL_AND, *a, *b),
            Expr::Logical { op: LogicalOp::Or, a, b } => self.infix("||", spell::LOGICAL_OR, *a, *b),
            Expr::Select { condition, accept, reject } => {
                let condition = self.value(*condition, spell::SELECT + 1);
                (format!("{condition} ? {} : {}", self.value(*accept, 0), self.value(*reject, 0)), spell::SELECT)
            }
            Expr::Convert { value, to } => postfix(format!("{}({})", to.name(), self.value(*value, 0))),
            Expr::Bitcast { value, to } => postfix(format!("bitcast<{}>({})", self.ty(*to), self.value(*value, 0))),
            Expr::Math { function, args } => postfix(format!("{}({})", spell::spelling(spell::MATH, function), self.list(args))),
            Expr::Call { function, args, .. } => {
                postfix(format!("pure {}({})", self.names.functions[function.index()], self.list(args)))
            }
            Expr::Construct { ty, parts } => postfix(format!("{}({})", self.ty(*ty), self.list(parts))),
            Expr::Extract { value, index } => {
                postfix(format!("{}.{}", self.rvalue(*value), self.part(self.function.ty(*value), *index)))
            }
        }
    }

    pub(super) fn list(&self, values: &[ExprId]) -> String {
        values.iter().map(|value| self.value(*value, 0)).collect::<Vec<_>>().join(", ")
    }

    fn unary(&self, op: UnaryOp, value: ExprId) -> String {
        let sign = match op {
            UnaryOp::Neg => "-",
            UnaryOp::BitNot => "~",
            UnaryOp::Not => "!",
        };
        let operand = self.value(value, spell::UNARY);
        // `-1` is a literal, so the negation of one is `-(1)`; `--` would read as one token.
        let literal = matches!(self.function.expr(value), Expr::Const { .. });
        if op == UnaryOp::Neg && (literal || operand.starts_with('-')) {
            format!("-({operand})")
        } else {
            format!("{sign}{operand}")
        }
    }

    fn binary(&self, op: BinaryOp, a: ExprId, b: ExprId) -> (String, u8) {
        let row = spell::BINARY.iter().find(|row| row.0 == op).expect("each operator has a row");
        self.infix(row.1, row.2, a, b)
    }

    fn infix(&self, sign: &str, strength: u8, a: ExprId, b: ExprId) -> (String, u8) {
        (format!("{} {sign} {}", self.value(a, strength), self.value(b, strength + 1)), strength)
    }

    /// What a pointer points to. A pointer that is no address of a part is dereferenced with `.*`.
    pub(super) fn place(&self, pointer: ExprId) -> String {
        match self.function.expr(pointer) {
            Expr::LocalAddr(local) => self.own.locals[local.index()].clone(),
            Expr::GlobalAddr(global) => self.names.globals[global.index()].clone(),
            Expr::Field { base, index } => {
                let pointee = self.module.tables.types.as_pointer(self.function.ty(*base)).map(|(pointee, _)| pointee);
                let part = pointee.map_or_else(|| format!("#{index}"), |ty| self.part(ty, *index));
                if self.is_address(*base) {
                    format!("{}.{part}", self.place(*base))
                } else {
                    format!("{}->{part}", self.value(*base, spell::POSTFIX))
                }
            }
            Expr::Element { base, index } => format!("{}[{}]", self.place(*base), self.value(*index, 0)),
            Expr::Offset { base, index } => format!("{}[{}]", self.value(*base, spell::POSTFIX), self.value(*index, 0)),
            _ => format!("{}.*", self.value(pointer, spell::POSTFIX)),
        }
    }

    fn is_address(&self, pointer: ExprId) -> bool {
        matches!(
            self.function.expr(pointer),
            Expr::LocalAddr(_) | Expr::GlobalAddr(_) | Expr::Field { .. } | Expr::Element { .. } | Expr::Offset { .. }
        )
    }

    /// A value that does not read as a place: a load stands in parentheses.
    fn rvalue(&self, id: ExprId) -> String {
        match self.function.expr(id) {
            Expr::Load { volatile: false, .. } => format!("({})", self.value(id, 0)),
            _ => self.value(id, spell::POSTFIX),
        }
    }

    /// The name of a part of a vector or struct, `#2` where there is none to tell it by.
    fn part(&self, ty: TypeId, index: u32) -> String {
        let by_number = || format!("#{index}");
        let named = |fields: &[Field]| {
            let name = &fields.get(index as usize)?.name;
            let unique = !name.is_empty() && fields.iter().filter(|field| field.name == *name).count() == 1;
            unique.then(|| quote(name))
        };
        match self.module.tables.types.get(ty) {
            Type::Vector { .. } => ["x", "y", "z", "w"].get(index as usize).map_or_else(by_number, |name| (*name).into()),
            Type::Struct(definition) => named(&self.module.tables.types.structs()[definition].fields).unwrap_or_else(by_number),
            _ => by_number(),
        }
    }
}

/// A scalar literal. `i32` and `f32` carry no suffix.
pub(super) fn literal(scalar: Scalar, bits: u64) -> String {
    let unit = 64 - scalar.bits();
    let unsigned = bits << unit >> unit;
    let suffix = if matches!(scalar, Scalar::I32 | Scalar::F32) { "" } else { scalar.name() };
    let float = match scalar {
        Scalar::Bool => return if unsigned == 1 { "true".into() } else { "false".into() },
        Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => return format!("{}{suffix}", (bits << unit) as i64 >> unit),
        Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => return format!("{unsigned}{suffix}"),
        Scalar::F16 => f16_to_f64(bits as u16),
        Scalar::BF16 => bf16_to_f64(bits as u16),
        Scalar::F32 => f64::from(f32::from_bits(bits as u32)),
        Scalar::F64 => f64::from_bits(bits),
    };
    if !float.is_finite() {
        format!("bits<{}>({unsigned:#x})", scalar.name())
    } else if scalar == Scalar::F32 {
        format!("{:?}", float as f32)
    } else {
        format!("{float:?}{suffix}")
    }
}
