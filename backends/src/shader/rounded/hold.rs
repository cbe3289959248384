//! The function that returns a float unchanged, and its calls.

use super::super::rewrite::{Builder, rebuild_all};
use super::{Held, Helpers, Side};
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, Function, FunctionKind, MathFn, Module, Param, Scalar, Stmt, StmtKind};
use source::Span;

/// The operation that an intrinsic with its rounding in its name is.
pub(super) fn explicit(expr: &Expr) -> Option<BinaryOp> {
    match expr {
        Expr::Math { function: MathFn::AddRn, .. } => Some(BinaryOp::Add),
        Expr::Math { function: MathFn::SubRn, .. } => Some(BinaryOp::Sub),
        _ => None,
    }
}

pub(super) fn hold_explicit(module: &mut Module, helpers: &mut Helpers) {
    let mut carriers: Vec<Scalar> = Vec::new();
    for (_, function) in module.functions.iter() {
        let explicit = function.exprs.handles().filter(|id| explicit(function.expr(*id)).is_some());
        carriers.extend(explicit.filter_map(|id| module.tables.types.as_scalar(function.ty(id))).map(carrier));
    }
    add_helpers(module, helpers, &carriers);
    let Module { tables, functions, .. } = module;
    for (_, function) in functions.iter_mut() {
        rebuild_all(&mut Builder { tables, function }, &mut |builder, old, expr| {
            let (Some(op), Expr::Math { args, .. }) = (explicit(expr), expr) else { return None };
            let [a, b] = args[..] else { return None };
            let helper = *helpers.get(&carrier(builder.scalar_of(old)?))?;
            let span = builder.span(old);
            let sum = builder.add(Expr::Binary { op, a, b }, span);
            Some(held_value(builder, helper, sum, span))
        });
    }
}

/// The value through the function that returns it unchanged.
fn held_value(builder: &mut Builder<'_>, helper: FuncId, value: ExprId, span: Span) -> ExprId {
    let Some(scalar) = builder.scalar_of(value) else { return value };
    let ty = builder.scalar_ty(carrier(scalar));
    let wide = builder.convert(value, carrier(scalar), span);
    let call = builder.add(Expr::Call { function: helper, args: vec![wide], ty }, span);
    builder.convert(call, scalar, span)
}

fn add_helpers(module: &mut Module, helpers: &mut Helpers, carriers: &[Scalar]) {
    for scalar in [Scalar::F32, Scalar::F64] {
        if carriers.contains(&scalar) && !helpers.contains_key(&scalar) {
            let function = unchanged(module, scalar);
            helpers.insert(scalar, module.functions.add(function, Span::NONE));
        }
    }
}

pub(super) fn hold(module: &mut Module, held: &Held, helpers: &mut Helpers) {
    let scalar =
        |(id, sum, _): &(FuncId, ExprId, Side)| module.tables.types.as_scalar(module.functions[*id].ty(*sum)).map(carrier);
    let carriers: Vec<Scalar> = held.iter().filter_map(scalar).collect();
    add_helpers(module, helpers, &carriers);
    let Module { tables, functions, .. } = module;
    for (id, function) in functions.iter_mut() {
        let mut builder = Builder { tables, function };
        rebuild_all(&mut builder, &mut |builder, old, expr| {
            let Expr::Binary { op, mut a, mut b } = *expr else { return None };
            let sides = [held.contains(&(id, old, Side::Left)), held.contains(&(id, old, Side::Right))];
            if sides == [false, false] {
                return None;
            }
            let helper = *helpers.get(&carrier(builder.scalar_of(old)?))?;
            let span = builder.span(old);
            for (operand, is_held) in [&mut a, &mut b].into_iter().zip(sides) {
                if is_held {
                    *operand = held_value(builder, helper, *operand, span);
                }
            }
            Some(builder.add(Expr::Binary { op, a, b }, span))
        });
    }
}

/// The type whose bits are looked at: WGSL has no integer of 16 bits.
fn carrier(scalar: Scalar) -> Scalar {
    if scalar == Scalar::F64 { Scalar::F64 } else { Scalar::F32 }
}

/// `fn roundedF32(x: f32) -> f32`: x, which a compiler cannot know, since one NaN becomes another.
fn unchanged(module: &mut Module, scalar: Scalar) -> Function {
    let (name, word, nan) = match scalar {
        Scalar::F32 => ("roundedF32", Scalar::U32, 0x7fc0_0001),
        _ => ("roundedF64", Scalar::U64, 0x7ff8_0000_0000_0001),
    };
    let ty = module.tables.types.scalar(scalar);
    let mut function = Function::new(name, FunctionKind::Device, ty, Span::NONE);
    function.remark =
        Some("x as it is, rounded: drivers may reorder a sum, as if it had no rounding error, but not through integers.");
    function.params.push(Param { name: "x".into(), ty, is_restrict: false, is_const: false, span: Span::NONE });
    let mut builder = Builder { tables: &mut module.tables, function: &mut function };
    let span = Span::NONE;
    let word_ty = builder.scalar_ty(word);
    let x = builder.add(Expr::Param(0), span);
    let bits = builder.add(Expr::Bitcast { value: x, to: word_ty }, span);
    let mut stmts = Vec::new();
    let bits = builder.bind("bits", bits, &mut stmts);
    let [nan, one, zero] = [nan, 1, 0].map(|value| builder.constant(word, value, span));
    let condition = builder.add(Expr::Binary { op: BinaryOp::Eq, a: bits, b: nan }, span);
    let step = builder.add(Expr::Select { condition, accept: one, reject: zero }, span);
    let other = builder.add(Expr::Binary { op: BinaryOp::Sub, a: bits, b: step }, span);
    let result = builder.add(Expr::Bitcast { value: other, to: ty }, span);
    stmts.push(Stmt { kind: StmtKind::Return(Some(result)), span });
    function.body = Block { stmts };
    function
}
