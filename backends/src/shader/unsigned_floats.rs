//! Floats from unsigned integers, by way of signed ones: SwiftShader rounds those of 2^31 and more twice.
//!
//! ```text
//! f32(u)          f32OfU32(u)     which is  select(f32(i32(u)), 2.0 * f32(i32(u >> 1 | u & 1)), u > 0x7fffffff)
//! f32(u >> 8)     f32(u >> 8)     below 2^31
//! ```
//!
//! Half the number, with what was lost kept in its last bit, rounds the same way as the number.
//!
//! *Needs*: values of 32 bits. *Leaves*: no conversion of a `u32` to `f32` but of those that are seen to be below 2^31.

use super::rewrite::{Builder, rebuild_all};
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, Function, FunctionKind, Geometry, Module, Param, Scalar, Stmt, StmtKind};
use source::Span;

pub(super) fn run(module: &mut Module) {
    let mut helper = None;
    let ids: Vec<FuncId> = module.functions.handles().filter(|id| !module.functions[*id].is_settled).collect();
    for id in ids {
        let lets = bits_of_lets(&module.functions[id]);
        let function = &module.functions[id];
        if !function.evaluated().any(|(expr, _)| is_concerned(module, function, &lets, expr)) {
            continue;
        }
        let function = *helper.get_or_insert_with(|| {
            let function = conversion(module);
            module.functions.add(function, Span::NONE)
        });
        let Module { tables, functions, .. } = &mut *module;
        let mut builder = Builder { tables, function: &mut functions[id] };
        rebuild_all(&mut builder, &mut |builder, old, expr| {
            let Expr::Convert { value, to: Scalar::F32 } = *expr else { return None };
            let Expr::Convert { value: source, .. } = *builder.function.expr(old) else { return None };
            if builder.scalar_of(value) != Some(Scalar::U32) || bits(builder.function, &lets, source) <= 31 {
                return None;
            }
            let ty = builder.ty(old);
            let span = builder.span(old);
            Some(builder.add(Expr::Call { function, args: vec![value], ty }, span))
        });
    }
}

/// By the handle of a bound value: so many low bits hold it.
type Bits = Vec<u32>;

/// How many low bits hold the values that names are bound to, in the order of the text: each is looked at once, however often it is used.
fn bits_of_lets(function: &Function) -> Bits {
    let mut lets = vec![32; function.lets.len()];
    function.body.walk(&mut |stmt| {
        if let StmtKind::Let { result, value } = stmt.kind {
            lets[result.index()] = bits(function, &lets, value);
        }
    });
    lets
}

fn is_concerned(module: &Module, function: &Function, lets: &Bits, expr: ExprId) -> bool {
    let Expr::Convert { value, to: Scalar::F32 } = *function.expr(expr) else { return false };
    module.tables.types.as_scalar(function.ty(value)) == Some(Scalar::U32) && bits(function, lets, value) > 31
}

/// So many low bits hold the value of a `u32`.
fn bits(function: &Function, lets: &Bits, value: ExprId) -> u32 {
    let constant = |id: ExprId| match function.expr(id) {
        Expr::Const { bits, .. } => Some(*bits as u32),
        _ => None,
    };
    let width = |value: u32| 32 - value.leading_zeros();
    match function.expr(value) {
        Expr::Const { bits, .. } => width(*bits as u32),
        Expr::Zero(_) => 0,
        // A grid has fewer than 2^31 blocks along x (CUDA's "Technical Specifications"), a block at most 1024 threads.
        Expr::Geometry(
            Geometry::ThreadIdx(_) | Geometry::BlockDim(_) | Geometry::ThreadRank | Geometry::Lane | Geometry::Warp,
        )
        | Expr::Geometry(Geometry::ThreadCount) => 11,
        Expr::Geometry(Geometry::BlockIdx(_) | Geometry::GridDim(_)) => 31,
        Expr::Let(name) => lets[name.index()],
        Expr::Select { accept, reject, .. } => bits(function, lets, *accept).max(bits(function, lets, *reject)),
        Expr::Binary { op: BinaryOp::And, a, b } => bits(function, lets, *a).min(bits(function, lets, *b)),
        Expr::Binary { op: BinaryOp::Or | BinaryOp::Xor, a, b } => bits(function, lets, *a).max(bits(function, lets, *b)),
        Expr::Binary { op: BinaryOp::Shr, a, b } => {
            let amount = constant(*b).filter(|amount| *amount < 32).unwrap_or(0);
            bits(function, lets, *a).saturating_sub(amount)
        }
        Expr::Binary { op: BinaryOp::Div, a, b } => {
            let divisor = constant(*b).filter(|divisor| *divisor > 0).map_or(1, |divisor| divisor);
            bits(function, lets, *a).saturating_sub(width(divisor) - 1)
        }
        Expr::Binary { op: BinaryOp::Rem, a, b } => {
            let below = constant(*b).filter(|divisor| *divisor > 0).map_or(32, |divisor| width(divisor - 1));
            below.min(bits(function, lets, *a))
        }
        Expr::Binary { op: BinaryOp::Add, a, b } => (bits(function, lets, *a).max(bits(function, lets, *b)) + 1).min(32),
        Expr::Binary { op: BinaryOp::Mul, a, b } => (bits(function, lets, *a) + bits(function, lets, *b)).min(32),
        _ => 32,
    }
}

/// `fn f32OfU32(u: u32) -> f32`.
fn conversion(module: &mut Module) -> Function {
    let ty = module.tables.types.scalar(Scalar::F32);
    let word = module.tables.types.scalar(Scalar::U32);
    let mut function = Function::new("f32OfU32", FunctionKind::Device, ty, Span::NONE);
    function.remark = Some("u rounded once, by way of signed integers: some drivers round twice from 2^31 on.");
    function.params.push(Param { name: "u".into(), ty: word, is_restrict: false, is_const: false, span: Span::NONE });
    let mut builder = Builder { tables: &mut module.tables, function: &mut function };
    let span = Span::NONE;
    let u = builder.add(Expr::Param(0), span);
    let one = builder.constant(Scalar::U32, 1, span);
    let half = builder.binary(BinaryOp::Shr, u, one, span);
    let last = builder.binary(BinaryOp::And, u, one, span);
    let sticky = builder.binary(BinaryOp::Or, half, last, span);
    let sticky = builder.convert(sticky, Scalar::I32, span);
    let rounded = builder.convert(sticky, Scalar::F32, span);
    let two = builder.add(Expr::Const { scalar: Scalar::F32, bits: u64::from(2.0f32.to_bits()) }, span);
    let large = builder.add(Expr::Binary { op: BinaryOp::Mul, a: two, b: rounded }, span);
    let signed = builder.convert(u, Scalar::I32, span);
    let small = builder.convert(signed, Scalar::F32, span);
    let most = builder.constant(Scalar::U32, 0x7fff_ffff, span);
    let condition = builder.add(Expr::Binary { op: BinaryOp::Gt, a: u, b: most }, span);
    let result = builder.add(Expr::Select { condition, accept: large, reject: small }, span);
    function.body = Block { stmts: vec![Stmt { kind: StmtKind::Return(Some(result)), span }] };
    function
}
