//! Short loops around warp operations, round by round.
//!
//! ```text
//! var step: i32 = 16                                         let other = warp.shuffle_down(x, 16, 32)
//! for step > 0 {                                             x = x + other
//!   let other = warp.shuffle_down(x, step, 32)        =>     let other.1 = warp.shuffle_down(x, 8, 32)
//!   x = x + other                                            x = x + other.1
//! } update { step = step / 2 }                               ...
//! ```
//!
//! The exchange that becomes of the operation has a barrier, and a barrier in a loop makes drivers keep all that lives around it in memory: on
//! lavapipe a reduction takes 1.5 times as long. What the operation is asked is a constant behind this, too.
//!
//! *Needs*: behind inlining. A counter that only the loop's own update changes, bounds that are constants, no jumps in the body, and no
//! `#pragma unroll 1`. *Leaves*: no loop there. Asked for by [`warps`](super::warps).

use super::inline::Copier;
use super::rewrite::{Builder, block_has, rebuild, sign_extend};
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, Function, LocalId, Module, Scalar, Stmt, StmtKind, UnaryOp};

/// The steps of a warp are five or six; the text of all rounds should still be read.
const MOST_ROUNDS: usize = 8;
const MOST_STATEMENTS: usize = 96;

pub(super) fn run(module: &mut Module, kernel: FuncId) {
    let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    let mut body = std::mem::take(&mut builder.function.body);
    block(&mut builder, &mut body);
    builder.function.body = body;
}

fn block(builder: &mut Builder<'_>, around: &mut Block) {
    for stmt in &mut around.stmts {
        stmt.kind.blocks_mut().for_each(|nested| block(builder, nested));
    }
    let mut index = 0;
    while index + 1 < around.stmts.len() {
        let Some(rounds) = rounds(builder, &around.stmts[index..]) else {
            index += 1;
            continue;
        };
        let count = rounds.len();
        around.stmts.splice(index..index + 2, rounds);
        index += count;
    }
}

/// What the declaration and the loop at the start of `stmts` become.
fn rounds(builder: &mut Builder<'_>, stmts: &[Stmt]) -> Option<Vec<Stmt>> {
    let [declare, looping, behind @ ..] = stmts else { return None };
    let StmtKind::Declare { local: counter, init: Some(init) } = declare.kind else { return None };
    let StmtKind::Loop { condition: Some(condition), body, update, until: None, unroll, .. } = &looping.kind else { return None };
    let [Stmt { kind: StmtKind::Store { pointer, value: next, volatile: false }, .. }] = update.stmts.as_slice() else {
        return None;
    };
    let counts = matches!(builder.expr(*pointer), Expr::LocalAddr(local) if local == counter);
    let is_warp = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Warp { .. });
    if !counts || *unroll == Some(1) || !block_has(body, &mut |stmt| is_warp(stmt)) || jumps(body) {
        return None;
    }
    let outside = uses(builder.function, counter, behind);
    let inside = uses(builder.function, counter, &body.stmts);
    if outside.all > 0 || inside.all > inside.loads {
        return None;
    }
    let values = values(builder, counter, init, *condition, *next)?;
    let mut size = 0;
    body.walk(&mut |_| size += 1);
    if size * values.len() > MOST_STATEMENTS {
        return None;
    }
    let mut out = Vec::new();
    for value in values {
        out.extend(round(builder, counter, value, body));
    }
    Some(out)
}

fn jumps(body: &Block) -> bool {
    block_has(body, &mut |stmt| matches!(stmt.kind, StmtKind::Break | StmtKind::Continue | StmtKind::Return(_)))
}

/// How often the variable is mentioned, and how often only to be read.
#[derive(Default)]
struct Uses {
    all: usize,
    loads: usize,
}

fn uses(function: &Function, local: LocalId, stmts: &[Stmt]) -> Uses {
    let mut uses = Uses::default();
    let is_address = |id: ExprId| matches!(function.expr(id), Expr::LocalAddr(other) if *other == local);
    let mut visit = |stmt: &Stmt| {
        stmt.kind.operands(|operand| {
            function.walk_expr(operand, &mut |id| match function.expr(id) {
                Expr::Load { pointer, volatile: false } if is_address(*pointer) => uses.loads += 1,
                _ => uses.all += usize::from(is_address(id)),
            });
        });
    };
    for stmt in stmts {
        visit(stmt);
        stmt.kind.blocks().for_each(|block| block.walk(&mut visit));
    }
    uses
}

/// What the counter is in each round.
fn values(builder: &Builder<'_>, counter: LocalId, init: ExprId, condition: ExprId, next: ExprId) -> Option<Vec<i64>> {
    let mut values = Vec::new();
    let mut value = evaluate(builder, init, None)?;
    while evaluate(builder, condition, Some((counter, value)))? != 0 {
        values.push(value);
        if values.len() > MOST_ROUNDS {
            return None;
        }
        value = evaluate(builder, next, Some((counter, value)))?;
    }
    Some(values)
}

/// The value of an integer or a condition that depends on constants and the counter alone.
fn evaluate(builder: &Builder<'_>, id: ExprId, counter: Option<(LocalId, i64)>) -> Option<i64> {
    match builder.expr(id) {
        Expr::Const { scalar: Scalar::Bool, bits } => Some((bits & 1) as i64),
        Expr::Load { pointer, volatile: false } => match (builder.expr(pointer), counter) {
            (Expr::LocalAddr(local), Some((counter, value))) if local == counter => Some(value),
            _ => None,
        },
        Expr::Unary { op: UnaryOp::Not, value } if builder.scalar_of(value) == Some(Scalar::Bool) => {
            Some(1 - evaluate(builder, value, counter)?)
        }
        Expr::Convert { value, to } if to.is_int() && builder.scalar_of(value).is_some_and(|from| from.is_int()) => {
            Some(sign_extend(to, evaluate(builder, value, counter)? as u64))
        }
        Expr::Binary { op, a, b } => {
            let scalar = builder.scalar_of(a).filter(|scalar| scalar.is_int() && scalar.size() <= 4)?;
            let (a, b) = (evaluate(builder, a, counter)?, evaluate(builder, b, counter)?);
            computed(op, scalar, a, b)
        }
        _ => builder.const_value(id),
    }
}

/// Of numbers of at most 32 bits, which 64 hold in either sign.
fn computed(op: BinaryOp, scalar: Scalar, a: i64, b: i64) -> Option<i64> {
    let in_range = (0..i64::from(scalar.bits())).contains(&b);
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a.wrapping_mul(b),
        BinaryOp::Div if b != 0 => a / b,
        BinaryOp::Rem if b != 0 => a % b,
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::Shl if in_range => a << b,
        BinaryOp::Shr if in_range => a >> b,
        BinaryOp::Eq => return Some(i64::from(a == b)),
        BinaryOp::Ne => return Some(i64::from(a != b)),
        BinaryOp::Lt => return Some(i64::from(a < b)),
        BinaryOp::Le => return Some(i64::from(a <= b)),
        BinaryOp::Gt => return Some(i64::from(a > b)),
        BinaryOp::Ge => return Some(i64::from(a >= b)),
        BinaryOp::Div | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr => return None,
    };
    Some(sign_extend(scalar, value as u64))
}

/// A copy of the body with names of its own, for which the counter is a constant.
fn round(builder: &mut Builder<'_>, counter: LocalId, value: i64, body: &Block) -> Vec<Stmt> {
    let Some(scalar) = builder.tables.types.as_scalar(builder.function.locals[counter].ty) else {
        unreachable!("a counter whose values are integers is one")
    };
    let source = builder.function.clone();
    let (mut locals, mut lets) = (identity(source.locals.handles()), identity(source.lets.handles()));
    body.walk(&mut |stmt| {
        if let StmtKind::Declare { local, .. } = stmt.kind {
            locals[local.index()] = None;
        }
        if let Some(result) = stmt.kind.result() {
            lets[result.index()] = None;
        }
    });
    let mut exprs = vec![None; source.exprs.len()];
    for (id, data) in source.exprs.iter() {
        exprs[id.index()] = match data.expr {
            Expr::Param(_) => Some(id),
            Expr::Load { pointer, .. } if matches!(source.expr(pointer), Expr::LocalAddr(local) if *local == counter) => {
                Some(builder.constant(scalar, value, source.exprs.span(id)))
            }
            _ => None,
        };
    }
    let mut copier = Copier { source: &source, target: builder.function, params: Vec::new(), exprs, locals, lets };
    let mut round = Block { stmts: body.stmts.iter().map(|stmt| copier.stmt(stmt)).collect() };
    round.walk_mut(&mut |stmt| stmt.kind.operands_mut(|operand| *operand = rebuild(builder, *operand, &mut folded)));
    round.stmts
}

fn identity<T>(handles: impl Iterator<Item = T>) -> Vec<Option<T>> {
    handles.map(Some).collect()
}

/// The counter's constant meets others.
fn folded(builder: &mut Builder<'_>, old: ExprId, expr: &Expr) -> Option<ExprId> {
    let span = builder.span(old);
    let literal = |builder: &Builder<'_>, id| matches!(builder.expr(id), Expr::Const { .. });
    match *expr {
        Expr::Convert { value, to } if literal(builder, value) && to.is_int() => Some(builder.convert(value, to, span)),
        Expr::Binary { op, a, b } if !op.is_comparison() && literal(builder, a) && literal(builder, b) => {
            let scalar = builder.scalar_of(a).filter(|scalar| scalar.is_int() && scalar.size() <= 4)?;
            let value = computed(op, scalar, builder.const_value(a)?, builder.const_value(b)?)?;
            Some(builder.constant(scalar, value, span))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(before: &str, after: &str) {
        let text = |body: &str| {
            let body: String = body.lines().map(|line| format!("  {line}\n")).collect();
            format!("global x: [i32]\n\nkernel k() {{\n  var sum: i32 = x[threadIdx.x]\n{body}  x[threadIdx.x] = sum\n}}\n")
        };
        let mut module = ir::text::parse(&text(before)).unwrap_or_else(|error| panic!("{error}"));
        let kernel = module.kernels().next().expect("the text has a kernel");
        super::run(&mut module, kernel);
        assert_eq!(ir::text::print(&module), text(after));
    }

    #[test]
    fn a_tree_of_shuffles_is_written_out() {
        check(
            "\
{
  var step: i32 = 8
  for step > 2 {
    let other = warp.shuffle_xor[4294967295u32](sum, step, 32)
    sum = sum + other * (step - 1)
  } update {
    step = step / 2
  }
}
",
            "\
{
  let other = warp.shuffle_xor[4294967295u32](sum, 8, 32)
  sum = sum + other * 7
  let other.1 = warp.shuffle_xor[4294967295u32](sum, 4, 32)
  sum = sum + other.1 * 3
}
",
        );
    }

    #[test]
    fn many_rounds_unknown_bounds_and_jumps_stay() {
        for (init, condition, stop) in [
            ("0", "step < 9", "sum = sum + 1"),
            ("i32(blockDim.x)", "step < 4", "sum = sum + 1"),
            ("0", "step < 4", "if sum == 0 {\n      break\n    }"),
        ] {
            let body = format!(
                "\
{{
  var step: i32 = {init}
  for {condition} {{
    let other = warp.shuffle_xor[4294967295u32](sum, step, 32)
    sum = sum + other
    {stop}
  }} update {{
    step = step + 1
  }}
}}
"
            );
            check(&body, &body);
        }
    }
}
