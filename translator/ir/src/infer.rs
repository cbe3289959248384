//! The type of an expression from its operands. The builder calls it for each new expression; the verifier calls it again.

use crate::expr::{BinaryOp, Expr, ExprData, ExprId, MathFn};
use crate::module::{Function, Tables};
use crate::types::{Scalar, Space, Type, TypeId, Types};
use source::Span;

/// Why an expression has no type. Always a bug of the pass that made it, never the user's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TypeError(pub String);

fn fail<T>(message: impl Into<String>) -> Result<T, TypeError> {
    Err(TypeError(message.into()))
}

impl Function {
    /// Adds an expression with the type that [`infer`] gives it.
    pub fn add(&mut self, tables: &mut Tables, expr: Expr, span: Span) -> Result<ExprId, TypeError> {
        let ty = infer(tables, self, &expr)?;
        Ok(self.exprs.add(ExprData { expr, ty }, span))
    }
}

/// The type that `expr` must have in `function`.
pub fn infer(tables: &mut Tables, function: &Function, expr: &Expr) -> Result<TypeId, TypeError> {
    let ty = |id: &ExprId| function.ty(*id);
    let types = &mut tables.types;
    match expr {
        Expr::Const { scalar, .. } => Ok(types.scalar(*scalar)),
        Expr::Zero(ty) | Expr::Undef(ty) => Ok(*ty),
        Expr::NamedConst(constant) => Ok(types.scalar(tables.constants[*constant].scalar)),
        Expr::Let(id) => Ok(function.lets[*id].ty),
        Expr::Param(index) => match function.params.get(*index as usize) {
            Some(param) => Ok(param.ty),
            None => fail(format!("there is no parameter {index}")),
        },
        Expr::Geometry(_) => Ok(types.scalar(Scalar::U32)),
        Expr::LocalAddr(local) => Ok(types.pointer(function.locals[*local].ty, Space::Local)),
        Expr::GlobalAddr(global) => {
            let global = &tables.globals[*global];
            Ok(types.pointer(global.ty, global.space))
        }
        Expr::Field { base, index } => infer_field(types, ty(base), *index),
        Expr::Element { base, index } => {
            check_index(types, ty(index))?;
            let (pointee, space) = pointer(types, ty(base))?;
            match types.get(pointee) {
                Type::Array { element, .. } => Ok(types.pointer(element, space)),
                _ => fail("`element` needs a pointer to an array"),
            }
        }
        Expr::Offset { base, index } => {
            check_index(types, ty(index))?;
            pointer(types, ty(base))?;
            Ok(ty(base))
        }
        Expr::PointerCast { base, to } => {
            pointer(types, ty(base))?;
            pointer(types, *to)?;
            Ok(*to)
        }
        Expr::PointerDiff { a, b } => {
            pointer(types, ty(a))?;
            pointer(types, ty(b))?;
            Ok(types.scalar(Scalar::I64))
        }
        Expr::PointerToInt(value) => {
            pointer(types, ty(value))?;
            Ok(types.scalar(Scalar::U64))
        }
        Expr::IntToPointer { value, to } => {
            check_index(types, ty(value))?;
            pointer(types, *to)?;
            Ok(*to)
        }
        Expr::Load { pointer: base, .. } => Ok(pointer(types, ty(base))?.0),
        Expr::Unary { value, .. } => Ok(ty(value)),
        Expr::Binary { op, a, b } => infer_binary(types, *op, ty(a), ty(b)),
        Expr::Logical { a, b, .. } => {
            let bool_type = types.scalar(Scalar::Bool);
            if ty(a) == bool_type && ty(b) == bool_type { Ok(bool_type) } else { fail("`&&` and `||` need bools") }
        }
        Expr::Select { condition, accept, reject } => {
            if types.as_scalar(ty(condition)) != Some(Scalar::Bool) {
                fail("the condition of `select` must be a bool")
            } else if ty(accept) != ty(reject) {
                fail("the arms of `select` differ in type")
            } else {
                Ok(ty(accept))
            }
        }
        Expr::Convert { value, to } => match types.as_scalar(ty(value)) {
            Some(_) => Ok(types.scalar(*to)),
            None => fail("`convert` needs a scalar"),
        },
        Expr::Bitcast { value, to } => {
            let plain = |ty| matches!(types.get(ty), Type::Scalar(_) | Type::Vector { .. });
            if !plain(ty(value)) || !plain(*to) || types.size_of(ty(value)) != types.size_of(*to) {
                fail("`bitcast` needs scalars or vectors of one size")
            } else {
                Ok(*to)
            }
        }
        Expr::Math { function: math, args } => {
            let Some(first) = args.first().map(ty) else { return fail(format!("`{math:?}` needs arguments")) };
            let is_alike = args.len() == math.arity() && args.iter().all(|arg| ty(arg) == first);
            infer_math(types, *math, first, is_alike)
        }
        // What the function takes and gives is the verifier's to check, who sees the module.
        Expr::Call { ty, .. } => Ok(*ty),
        Expr::Construct { ty: to, parts } => {
            let fits = match types.get(*to) {
                // The most frequent: words of a number.
                Type::Vector { scalar, count } => {
                    let part = types.scalar(scalar);
                    parts.len() == usize::from(count) && parts.iter().all(|given| ty(given) == part)
                }
                _ => parts_of(types, *to)?.into_iter().eq(parts.iter().map(ty)),
            };
            if fits { Ok(*to) } else { fail("the parts of `construct` do not fit the type") }
        }
        Expr::Extract { value, index } => match part_of(types, ty(value), *index)? {
            Some(part) => Ok(part),
            None => fail(format!("there is no part {index}")),
        },
    }
}

fn pointer(types: &Types, ty: TypeId) -> Result<(TypeId, Space), TypeError> {
    types.as_pointer(ty).ok_or_else(|| TypeError("a pointer is needed".into()))
}

fn check_index(types: &Types, ty: TypeId) -> Result<(), TypeError> {
    match types.as_scalar(ty) {
        Some(scalar) if scalar.is_int() => Ok(()),
        _ => fail("an index must be an integer"),
    }
}

fn infer_field(types: &mut Types, base: TypeId, index: u32) -> Result<TypeId, TypeError> {
    let (pointee, space) = pointer(types, base)?;
    let field = match types.get(pointee) {
        Type::Struct(definition) => types.structs()[definition].fields.get(index as usize).map(|field| field.ty),
        Type::Vector { scalar, count } if index < u32::from(count) => Some(types.scalar(scalar)),
        _ => None,
    };
    match field {
        Some(field) => Ok(types.pointer(field, space)),
        None => fail(format!("the pointee has no field {index}")),
    }
}

fn infer_binary(types: &mut Types, op: BinaryOp, a: TypeId, b: TypeId) -> Result<TypeId, TypeError> {
    let is_pointer = |ty| types.as_pointer(ty).is_some();
    if op.is_comparison() && is_pointer(a) && is_pointer(b) {
        return Ok(types.scalar(Scalar::Bool));
    }
    let (Some(left), Some(right)) = (types.as_scalar(a), types.as_scalar(b)) else {
        return fail(format!("`{op:?}` needs scalars"));
    };
    let bitwise = matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor);
    let comparable = op.is_comparison() && matches!(op, BinaryOp::Eq | BinaryOp::Ne);
    if op.is_shift() {
        return if left.is_int() && right.is_int() { Ok(a) } else { fail("a shift needs integers") };
    }
    if left != right {
        return fail(format!("`{op:?}` of {} and {}", left.name(), right.name()));
    }
    if left == Scalar::Bool && !bitwise && !comparable {
        return fail(format!("`{op:?}` of bools"));
    }
    if bitwise && left.is_float() {
        return fail(format!("`{op:?}` of floats"));
    }
    Ok(if op.is_comparison() { types.scalar(Scalar::Bool) } else { a })
}

/// `is_alike`: the arguments are as many as there should be, and have the type of the first.
fn infer_math(types: &mut Types, math: MathFn, first: TypeId, is_alike: bool) -> Result<TypeId, TypeError> {
    let Some(scalar) = types.as_scalar(first) else { return fail(format!("`{math:?}` needs scalars")) };
    if !is_alike {
        return fail(format!("`{math:?}` needs {} arguments of one type", math.arity()));
    }
    let wide = matches!(scalar, Scalar::I32 | Scalar::U32 | Scalar::I64 | Scalar::U64);
    match math {
        MathFn::PopCount | MathFn::CountLeadingZeros | MathFn::CountTrailingZeros if wide => Ok(types.scalar(Scalar::I32)),
        MathFn::ReverseBits | MathFn::MulHigh if wide => Ok(first),
        MathFn::Min | MathFn::Max if wide || scalar.is_float() => Ok(first),
        MathFn::Abs if scalar.is_float() || matches!(scalar, Scalar::I32 | Scalar::I64) => Ok(first),
        MathFn::PopCount
        | MathFn::CountLeadingZeros
        | MathFn::CountTrailingZeros
        | MathFn::ReverseBits
        | MathFn::MulHigh
        | MathFn::Min
        | MathFn::Max
        | MathFn::Abs => fail(format!("`{math:?}` of {}", scalar.name())),
        _ if scalar.is_float() => Ok(first),
        _ => fail(format!("`{math:?}` of {}", scalar.name())),
    }
}

fn part_of(types: &mut Types, ty: TypeId, index: u32) -> Result<Option<TypeId>, TypeError> {
    match types.get(ty) {
        Type::Vector { scalar, count } => Ok((index < u32::from(count)).then(|| types.scalar(scalar))),
        Type::Struct(definition) => Ok(types.structs()[definition].fields.get(index as usize).map(|field| field.ty)),
        Type::Array { element, count: Some(count) } => Ok((u64::from(index) < count).then_some(element)),
        _ => fail("only vectors, structs and arrays have parts"),
    }
}

/// The types of the parts of a vector, struct or array, in order.
pub fn parts_of(types: &mut Types, ty: TypeId) -> Result<Vec<TypeId>, TypeError> {
    match types.get(ty) {
        Type::Vector { scalar, count } => Ok(vec![types.scalar(scalar); usize::from(count)]),
        Type::Struct(definition) => Ok(types.structs()[definition].fields.iter().map(|field| field.ty).collect()),
        Type::Array { element, count: Some(count) } => Ok(vec![element; count as usize]),
        _ => fail("only vectors, structs and arrays have parts"),
    }
}
