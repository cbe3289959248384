//! One variable for what inlining has copied from one into the next.
//!
//! ```text
//! let value = x[i]                 var value = x[i]
//! var value.1 = value              value = value + 1
//! value.1 = value.1 + 1      =>    if t == 0 { value = 0 }
//! var value.2 = value.1
//! if t == 0 { value.2 = 0 }
//! ```
//!
//! A value that only starts a variable is that variable from the start; a variable that nobody mentions behind its copy lives on as the copy. Both in
//! one block, so that no loop comes back between the two; and one of the two is not the source's own, or they have one name: what the source calls differently stays as it was
//! written.
//!
//! *Needs*: legal addresses, which are never values: what uses a variable mentions it. The numbers of values and variables that the kernel had
//! before inlining. *Leaves*: fewer names. Asked for by readers of the output.

use ir::{Block, Expr, ExprId, FuncId, Function, LetId, LocalId, Module, Stmt, StmtKind};

/// How many of each the source has: what has a higher number came by inlining.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) lets: usize,
    pub(super) locals: usize,
}

pub(super) fn run(module: &mut Module, kernel: FuncId, written: Written) {
    let function = &mut module.functions[kernel];
    let mut body = std::mem::take(&mut function.body);
    let uses = uses_of_lets(function, &body);
    start_variables(function, &uses, written, &mut body);
    let mut became = (0..function.locals.len()).map(|_| None).collect();
    join_variables(function, written, &mut body, &mut became);
    function.body = body;
    rename(function, &became);
}

fn uses_of_lets(function: &Function, body: &Block) -> Vec<u32> {
    let mut uses = vec![0; function.lets.len()];
    body.walk(&mut |stmt| {
        stmt.kind.operands(|operand| {
            function.walk_expr(operand, &mut |id| {
                if let Expr::Let(id) = function.expr(id) {
                    uses[id.index()] += 1;
                }
            });
        });
    });
    uses
}

/// `let a = x; ...; var b = a` becomes `var b = x; ...` where nothing else mentions `a`.
fn start_variables(function: &mut Function, uses: &[u32], written: Written, block: &mut Block) {
    for stmt in &mut block.stmts {
        stmt.kind.blocks_mut().for_each(|nested| start_variables(function, uses, written, nested));
    }
    let mut index = 0;
    while index < block.stmts.len() {
        let Some((result, local)) = started(function, uses, written, &block.stmts[index]) else {
            index += 1;
            continue;
        };
        let bound =
            block.stmts[..index].iter().position(|stmt| matches!(stmt.kind, StmtKind::Let { result: id, .. } if id == result));
        let Some(bound) = bound else {
            index += 1;
            continue;
        };
        if let StmtKind::Let { value, .. } = block.stmts[bound].kind {
            block.stmts[bound].kind = StmtKind::Declare { local, init: Some(value) };
        }
        block.stmts.remove(index);
        if result.index() < written.lets
            && let Some(name) = function.lets[result].name.clone()
        {
            function.locals[local].name = name;
        }
    }
}

/// The value that alone starts the variable that is declared here.
fn started(function: &Function, uses: &[u32], written: Written, stmt: &Stmt) -> Option<(LetId, LocalId)> {
    let StmtKind::Declare { local, init: Some(init) } = stmt.kind else { return None };
    let Expr::Let(result) = *function.expr(init) else { return None };
    // The result of a call that was inlined has no name.
    let is_ours = result.index() >= written.lets || function.lets[result].name.is_none();
    let one_is_ours = is_ours || local.index() >= written.locals;
    (one_is_ours && uses[result.index()] == 1 && function.ty(init) == function.locals[local].ty).then_some((result, local))
}

/// `var b = a` goes, and `b` is `a` from here on, where `a` is declared in this block and not mentioned behind.
fn join_variables(function: &mut Function, written: Written, block: &mut Block, became: &mut Vec<Option<LocalId>>) {
    for stmt in &mut block.stmts {
        stmt.kind.blocks_mut().for_each(|nested| join_variables(function, written, nested, became));
    }
    let mut index = 0;
    while index < block.stmts.len() {
        let Some((copy, original)) = copied(function, written, became, &block.stmts, index) else {
            index += 1;
            continue;
        };
        block.stmts.remove(index);
        became[copy.index()] = Some(original);
        if copy.index() < written.locals {
            function.locals[original].name = function.locals[copy].name.clone();
        }
    }
}

fn copied(
    function: &Function,
    written: Written,
    became: &[Option<LocalId>],
    stmts: &[Stmt],
    index: usize,
) -> Option<(LocalId, LocalId)> {
    let StmtKind::Declare { local: copy, init: Some(init) } = stmts[index].kind else { return None };
    let Expr::Load { pointer, volatile: false } = *function.expr(init) else { return None };
    let Expr::LocalAddr(named) = *function.expr(pointer) else { return None };
    let original = settled(became, named);
    let is_declared = stmts[..index].iter().any(|stmt| matches!(stmt.kind, StmtKind::Declare { local, .. } if local == original));
    let (from, to) = (&function.locals[original], &function.locals[copy]);
    let one_is_ours = from.name == to.name || original.index() >= written.locals || copy.index() >= written.locals;
    let same = from.ty == to.ty;
    let behind = &stmts[index + 1..];
    (is_declared && one_is_ours && same && !mentions(function, became, original, behind)).then_some((copy, original))
}

fn settled(became: &[Option<LocalId>], mut local: LocalId) -> LocalId {
    while let Some(original) = became[local.index()] {
        local = original;
    }
    local
}

fn mentions(function: &Function, became: &[Option<LocalId>], local: LocalId, stmts: &[Stmt]) -> bool {
    let mut found = false;
    let mut visit = |stmt: &Stmt| {
        stmt.kind.operands(|operand| {
            function.walk_expr(operand, &mut |id: ExprId| {
                found |= matches!(*function.expr(id), Expr::LocalAddr(other) if settled(became, other) == local);
            });
        });
    };
    for stmt in stmts {
        visit(stmt);
        stmt.kind.blocks().for_each(|block| block.walk(&mut visit));
    }
    found
}

fn rename(function: &mut Function, became: &[Option<LocalId>]) {
    let changes: Vec<(ExprId, LocalId)> = function
        .exprs
        .iter()
        .filter_map(|(id, data)| match data.expr {
            Expr::LocalAddr(local) => became[local.index()].map(|_| (id, settled(became, local))),
            _ => None,
        })
        .collect();
    for (id, local) in changes {
        function.exprs[id].expr = Expr::LocalAddr(local);
    }
}

#[cfg(test)]
mod tests {
    use super::Written;

    #[track_caller]
    fn check(written: Written, before: &str, after: &str) {
        let text = |body: &str| format!("global x: [i32]\n\nkernel k() {{\n{body}}}\n");
        let mut module = ir::text::parse(&text(before)).unwrap_or_else(|error| panic!("{error}"));
        let kernel = module.kernels().next().expect("the text has a kernel");
        super::run(&mut module, kernel, written);
        assert_eq!(ir::text::print(&module), text(after));
    }

    const NOTHING: Written = Written { lets: 0, locals: 0 };

    #[test]
    fn a_chain_of_copies_is_one_variable() {
        let before = "  let value = x[1]
  var other: i32 = value
  other = other + 1
  var last: i32 = other
  if threadIdx.x == 0u32 {
    last = 0
  }
  x[0] = last
";
        let after = "  var NAME: i32 = x[1]
  NAME = NAME + 1
  if threadIdx.x == 0u32 {
    NAME = 0
  }
  x[0] = NAME
";
        check(NOTHING, before, &after.replace("NAME", "other"));
        check(Written { lets: 1, locals: 0 }, before, &after.replace("NAME", "value"));
    }

    #[test]
    fn what_is_used_behind_or_comes_round_again_stays() {
        let body = "  let value = x[1]
  var a: i32 = value
  x[2] = value
  var b: i32 = a
  b = b + a
  while b < 9 {
    var c: i32 = b
    c = c * 2
    b = b + c
  }
";
        check(NOTHING, body, body);
        let chain = "  let value = x[1]
  var a: i32 = value
  a = a + 1
";
        check(Written { lets: 9, locals: 9 }, chain, chain);
    }
}
