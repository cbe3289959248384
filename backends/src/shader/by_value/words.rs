//! Functions that are another word for one operation on their arguments: calls of them become that operation.
//!
//! ```text
//! fn plus(a: i32, b: i32) -> i32 { return a + b }
//! fn make(re: f32, im: f32) -> Complex { return Complex(re, im) }
//! call plus(x[i], y[i])                             x[i] + y[i]
//! ```
//!
//! Function objects, `__ldg`, accessors and plain constructors are such, once they take values. Those that the source wrote with values stay.

use crate::shader::inline::Copier;
use ir::{Block, Expr, ExprId, FuncId, Function, FunctionKind, Module, StmtKind};

pub(super) fn run(module: &mut Module, changed: &[FuncId]) {
    let words: Vec<FuncId> = changed.iter().copied().filter(|id| operation(&module.functions[*id]).is_some()).collect();
    if words.is_empty() {
        return;
    }
    let callers: Vec<FuncId> = module.functions.handles().collect();
    for caller in callers {
        if !module.functions[caller].callees().iter().any(|(callee, _)| words.contains(callee)) {
            continue;
        }
        // It has a place of its own while it is changed, so that its callees can be read.
        let empty = Function::new("", FunctionKind::Device, module.functions[caller].result, module.functions[caller].span);
        let mut function = std::mem::replace(&mut module.functions[caller], empty);
        let mut body = std::mem::take(&mut function.body);
        replace_calls(module, &words, &mut function, &mut body);
        function.body = body;
        module.functions[caller] = function;
    }
}

fn replace_calls(module: &Module, words: &[FuncId], caller: &mut Function, block: &mut Block) {
    for stmt in &mut block.stmts {
        stmt.kind.blocks_mut().for_each(|nested| replace_calls(module, words, caller, nested));
        if let StmtKind::Call { result: Some(result), function, args } = &mut stmt.kind
            && words.contains(function)
            && let callee = &module.functions[*function]
            && let Some(value) = operation(callee)
        {
            let params = std::mem::take(args);
            let exprs = vec![None; callee.exprs.len()];
            let value =
                Copier { source: callee, target: caller, params, exprs, locals: Vec::new(), lets: Vec::new() }.expr(value);
            stmt.kind = StmtKind::Let { result: *result, value };
        }
    }
}

/// What the function returns, if that is one operation, or a part, of its parameters, each of which it names once.
fn operation(function: &Function) -> Option<ExprId> {
    let [ir::Stmt { kind: StmtKind::Return(Some(value)), .. }] = function.body.stmts[..] else { return None };
    let mut seen = vec![0; function.params.len()];
    let mut only_values = true;
    function.walk_expr(value, &mut |id| match function.expr(id) {
        Expr::Param(index) => seen[*index as usize] += 1,
        Expr::Load { .. } | Expr::Call { .. } | Expr::Geometry(_) | Expr::Undef(_) | Expr::Let(_) => only_values = false,
        _ => {}
    });
    let is_one = |expr: &Expr| {
        matches!(
            expr,
            Expr::Unary { .. }
                | Expr::Binary { .. }
                | Expr::Logical { .. }
                | Expr::Convert { .. }
                | Expr::Math { .. }
                | Expr::Construct { .. }
        )
    };
    let mut operands_are_parts = true;
    function.expr(value).operands(|operand| operands_are_parts &= is_part(function, operand));
    let is_word = is_part(function, value) || is_one(function.expr(value)) && operands_are_parts;
    (only_values && is_word && seen.iter().all(|count| *count == 1)).then_some(value)
}

/// A parameter, a part of one, or a constant.
fn is_part(function: &Function, value: ExprId) -> bool {
    match function.expr(value) {
        Expr::Extract { value, .. } => is_part(function, *value),
        expr => matches!(expr, Expr::Param(_) | Expr::Const { .. } | Expr::Zero(_) | Expr::NamedConst(_)),
    }
}
