//! Conditions that took statements of their own are conditions again.
//!
//! ```text
//! var t1: bool = x == 0
//! if !t1 {
//!   let %0 = call isnan(x)     =>     if x == 0 || isnan(x) { ... }
//!   t1 = %0
//! }
//! if t1 { ... }
//!
//! loop {
//!   let %0 = call last()
//!   if !(i < %0) { break }     =>     while i < last() { ... }
//!   ...
//! }
//! ```
//!
//! Lowering makes such a variable for `&&` and `||` where the right side calls a function, and such a loop where its condition does. Once it is
//! inlined, or known to be pure and short, the right side may be an operand: those of `&&` and `||` have no effects, and an emitter may evaluate both.
//!
//! *Needs*: legal form, in which calls of pure functions are expressions. *Leaves*: the same. Asked for by readers of the output.

use super::rewrite::{Builder, rebuild};
use crate::common::effects::loaded_local;
use ir::{Block, Expr, ExprId, FuncId, Function, LetId, LocalId, LogicalOp, Module, Scalar, Stmt, StmtKind, TypeId, UnaryOp};
use rustc_hash::FxHashMap;

/// Statements of a function that costs no more than to find out whether it is needed.
const SHORT: usize = 3;

pub(super) fn run(module: &mut Module) {
    let results: Vec<Option<TypeId>> = module.functions.iter().map(|(_, function)| short_result(module, function)).collect();
    let Module { tables, functions, .. } = module;
    for (_, function) in functions.iter_mut().filter(|(_, function)| !function.is_settled) {
        let mut body = std::mem::take(&mut function.body);
        let mut joined = Vec::new();
        join(&mut Builder { tables, function }, &results, &mut body, &mut joined);
        name_nothing(&mut Builder { tables, function }, &joined, &mut body);
        function.body = body;
    }
}

/// The result of a function that does nothing else than to compute it, in few steps.
fn short_result(module: &Module, function: &Function) -> Option<TypeId> {
    let is_value = |param: &ir::Param| !module.tables.types.has_pointer(param.ty);
    let is_step = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Let { .. } | StmtKind::Return(Some(_)));
    let stmts = &function.body.stmts;
    let is_short = stmts.len() <= SHORT && stmts.iter().all(is_step) && function.params.iter().all(is_value);
    let is_own =
        |expr: &Expr| !matches!(expr, Expr::GlobalAddr(_) | Expr::Geometry(_) | Expr::Call { .. } | Expr::IntToPointer { .. });
    (is_short && function.evaluated().all(|(_, expr)| is_own(expr))).then_some(function.result)
}

fn join(builder: &mut Builder<'_>, results: &[Option<TypeId>], block: &mut Block, joined: &mut Vec<LocalId>) {
    for stmt in &mut block.stmts {
        stmt.kind.blocks_mut().for_each(|nested| join(builder, results, nested, joined));
        take_condition(builder, results, stmt);
    }
    let mut index = 0;
    while index + 1 < block.stmts.len() {
        let [first, second] = &block.stmts[index..index + 2] else { break };
        match condition(builder, results, first, second) {
            // There may be one more: `a && b && c`.
            Some((local, value)) => {
                block.stmts[index].kind = StmtKind::Declare { local, init: Some(value) };
                block.stmts.remove(index + 1);
                joined.push(local);
            }
            None => index += 1,
        }
    }
}

/// What `var t = a; if t { t = b }` or `var t = a; if !t { t = b }` makes of `t`.
fn condition(builder: &mut Builder<'_>, results: &[Option<TypeId>], first: &Stmt, second: &Stmt) -> Option<(LocalId, ExprId)> {
    let StmtKind::Declare { local, init: Some(a) } = first.kind else { return None };
    if builder.tables.types.as_scalar(builder.function.locals[local].ty) != Some(Scalar::Bool) {
        return None;
    }
    let StmtKind::If { condition, accept, reject } = &second.kind else { return None };
    let (op, tested) = match *builder.function.expr(*condition) {
        Expr::Unary { op: UnaryOp::Not, value } => (LogicalOp::Or, value),
        _ => (LogicalOp::And, *condition),
    };
    if loaded_local(builder.function, tested) != Some(local) || !reject.stmts.is_empty() {
        return None;
    }
    let (last, steps) = accept.stmts.split_last()?;
    let StmtKind::Store { pointer, value: b, volatile: false } = last.kind else { return None };
    if *builder.function.expr(pointer) != Expr::LocalAddr(local) || mentions(builder.function, Some(local), b) {
        return None;
    }
    let values = steps_of(builder.function, results, steps, Some(local))?;
    let b = values_in_place(builder, &values, accept, b)?;
    let span = first.span;
    Some((local, builder.add(Expr::Logical { op, a, b }, span)))
}

/// A loop that begins with a look whether it goes on has that condition.
fn take_condition(builder: &mut Builder<'_>, results: &[Option<TypeId>], stmt: &mut Stmt) {
    let StmtKind::Loop { condition: condition @ None, body, .. } = &mut stmt.kind else { return };
    let Some(at) = body.stmts.iter().position(|stmt| matches!(stmt.kind, StmtKind::If { .. })) else { return };
    let StmtKind::If { condition: leaves, accept, reject } = &body.stmts[at].kind else { return };
    let [Stmt { kind: StmtKind::Break, .. }] = accept.stmts[..] else { return };
    if !reject.stmts.is_empty() {
        return;
    }
    let (leaves, span) = (*leaves, body.stmts[at].span);
    let Some(values) = steps_of(builder.function, results, &body.stmts[..at], None) else { return };
    if let Some(leaves) = values_in_place(builder, &values, body, leaves) {
        *condition = Some(builder.not(leaves, span));
        body.stmts.drain(..=at);
    }
}

/// Values and short calls, none of which mentions `local`.
fn steps_of(
    function: &Function,
    results: &[Option<TypeId>],
    steps: &[Stmt],
    local: Option<LocalId>,
) -> Option<FxHashMap<LetId, Step>> {
    let mut values = FxHashMap::default();
    for step in steps {
        let (result, value) = match &step.kind {
            StmtKind::Let { result, value } if !mentions(function, local, *value) => (*result, Step::Value(*value)),
            StmtKind::Call { result: Some(result), function: callee, args }
                if !args.iter().any(|arg| mentions(function, local, *arg)) =>
            {
                (*result, Step::Call(*callee, args.clone(), results[callee.index()]?))
            }
            _ => return None,
        };
        values.insert(result, value);
    }
    Some(values)
}

/// The expression with its steps in their places, if each is used once in the block: what is written twice would be computed twice.
fn values_in_place(builder: &mut Builder<'_>, values: &FxHashMap<LetId, Step>, block: &Block, root: ExprId) -> Option<ExprId> {
    let mut uses: FxHashMap<LetId, usize> = FxHashMap::default();
    block.walk(&mut |stmt| {
        stmt.kind.operands(|operand| {
            builder.function.walk_expr(operand, &mut |id| {
                if let Expr::Let(used) = builder.function.expr(id) {
                    *uses.entry(*used).or_default() += 1;
                }
            });
        });
    });
    values.keys().all(|result| uses.get(result) == Some(&1)).then(|| in_place(builder, values, root))
}

/// What a value of the right side is.
enum Step {
    Value(ExprId),
    Call(FuncId, Vec<ExprId>, TypeId),
}

fn in_place(builder: &mut Builder<'_>, values: &FxHashMap<LetId, Step>, root: ExprId) -> ExprId {
    rebuild(builder, root, &mut |builder, old, expr| {
        let Expr::Let(result) = expr else { return None };
        Some(match values.get(result)? {
            Step::Value(value) => in_place(builder, values, *value),
            Step::Call(function, args, ty) => {
                let args = args.iter().map(|arg| in_place(builder, values, *arg)).collect();
                let span = builder.span(old);
                builder.add(Expr::Call { function: *function, args, ty: *ty }, span)
            }
        })
    })
}

fn mentions(function: &Function, local: Option<LocalId>, root: ExprId) -> bool {
    let mut found = false;
    function.walk_expr(root, &mut |id| match *function.expr(id) {
        Expr::LocalAddr(other) => found |= Some(other) == local,
        Expr::Load { volatile, .. } => found |= volatile,
        _ => {}
    });
    found
}

/// A condition that nothing changes any more is a value, and needs no name.
fn name_nothing(builder: &mut Builder<'_>, joined: &[LocalId], body: &mut Block) {
    let changed = |local: LocalId, function: &Function| {
        let mut others = 0;
        body.walk(&mut |stmt| match stmt.kind {
            StmtKind::Store { pointer, .. } => others += usize::from(*function.expr(pointer) == Expr::LocalAddr(local)),
            StmtKind::Declare { local: other, .. } if other == local => others += 1,
            StmtKind::Call { ref args, .. } => {
                others += args.iter().filter(|arg| *function.expr(**arg) == Expr::LocalAddr(local)).count();
            }
            _ => {}
        });
        others > 1
    };
    let mut values: FxHashMap<LocalId, LetId> = FxHashMap::default();
    for &local in joined {
        if !values.contains_key(&local) && !changed(local, builder.function) {
            let (ty, span) = (builder.function.locals[local].ty, builder.function.locals.span(local));
            let name = builder.function.locals[local].name.clone();
            values.insert(local, builder.made_let(&name, ty, span));
        }
    }
    if values.is_empty() {
        return;
    }
    body.walk_mut(&mut |stmt| {
        if let StmtKind::Declare { local, init: Some(value) } = stmt.kind
            && let Some(&result) = values.get(&local)
        {
            stmt.kind = StmtKind::Let { result, value };
        }
    });
    let exprs: Vec<(ExprId, LetId)> = builder
        .function
        .exprs
        .handles()
        .filter_map(|id| Some((id, *values.get(&loaded_local(builder.function, id)?)?)))
        .collect();
    for (id, result) in exprs {
        builder.function.exprs[id].expr = Expr::Let(result);
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(before: &str, after: &str) {
        let text = |body: &str| {
            let isnan = "global x: [f32]\n\nfn isnan(v: f32) -> bool {\n  return v != v\n}\n\n";
            let long = "fn far(v: f32) -> bool {\n  var n: f32 = v\n  while n < 100.0 {\n    n = n * 2.0\n  }\n  return n > 110.0\n}\n\n";
            format!("{isnan}{long}kernel k(n: i32) {{\n{body}}}\n")
        };
        crate::shader::testing::becomes(super::run, &text(before), &text(after));
    }

    #[test]
    fn the_right_side_is_an_operand_again() {
        check(
            "  var t1: bool = n > 7
  if t1 {
    t1 = x[n] > 1.0
  }
  if !t1 {
    let %0 = call isnan(x[0])
    let twice = %0
    t1 = twice
  }
  if t1 {
    x[1] = 1.0
  }
",
            "  let t1 = n > 7 && x[n] > 1.0 || pure isnan(x[0])
  if t1 {
    x[1] = 1.0
  }
",
        );
    }

    #[test]
    fn a_loop_that_looks_first_has_a_condition() {
        check(
            "  var i: i32 = 0
  for {
    let %0 = call isnan(x[i])
    if %0 {
      break
    }
    if i > n {
      break
    }
    x[i] = 1.0
  } update {
    i = i + 1
  }
  for {
    let now = x[i]
    if now > 1.0 {
      break
    }
    x[i] = now + 1.0
  }
",
            "  var i: i32 = 0
  for !pure isnan(x[i]) {
    if i > n {
      break
    }
    x[i] = 1.0
  } update {
    i = i + 1
  }
  for {
    let now = x[i]
    if now > 1.0 {
      break
    }
    x[i] = now + 1.0
  }
",
        );
    }

    #[test]
    fn what_costs_more_or_does_more_stays() {
        for second in ["    let %0 = call far(x[0])\n    t1 = %0\n", "    x[2] = 1.0\n    t1 = false\n", "    t1 = !t1\n"] {
            let body = format!("  var t1: bool = n > 7\n  if t1 {{\n{second}  }}\n  if t1 {{\n    x[1] = 1.0\n  }}\n");
            check(&body, &body);
        }
    }
}
