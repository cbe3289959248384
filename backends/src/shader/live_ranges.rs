//! Gives a pointer that is set anew a variable for each of its lives, so that each points where it points, and no read chooses between buffers.
//!
//! ```text
//! var p: *f32                      var p: *f32 = a
//! p = a                            while ... { sum += p[i] }
//! while ... { sum += p[i] }   =>   var p: *f32 = b
//! p = b                            while ... { sum += p[i] }
//! while ... { sum += p[i] }
//! ```
//!
//! A life begins with a store that stands directly in the block of the declaration and does not look at the pointer itself (`p += n` goes on with
//! the old life). Control passes such a store on its way from what stands above to what stands below, and never comes back: whatever leaves the block
//! ends the variable. So what is mentioned between two of them, however deep, means the life of the upper one.
//!
//! *Needs*: nothing. *Leaves*: the same program with more variables. Before `bind_locals`, which makes values of what is set once.

use super::rewrite::{Builder, rebuild};
use ir::{Block, Expr, ExprId, FuncId, Function, LocalId, Module, Stmt, StmtKind};
use rustc_hash::{FxHashMap, FxHashSet};

pub(super) fn run(module: &mut Module) {
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let has_pointers =
            module.functions[id].locals.iter().any(|(_, local)| module.tables.types.as_pointer(local.ty).is_some());
        if !has_pointers {
            continue;
        }
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        let mut body = std::mem::take(&mut builder.function.body);
        let mut ranges = Ranges { shared: shared_addresses(builder.function, &body), builder: &mut builder };
        ranges.block(&mut body);
        builder.function.body = body;
    }
}

/// Variables whose address is more than what a load or a store goes to, and those that several statements declare.
fn shared_addresses(function: &Function, body: &Block) -> FxHashSet<LocalId> {
    let mut shared = FxHashSet::default();
    let mut visit = |root: ExprId| {
        if let Expr::LocalAddr(local) = *function.expr(root) {
            shared.insert(local);
        }
        function.walk_expr(root, &mut |id| {
            if !matches!(function.expr(id), Expr::Load { .. }) {
                function.expr(id).operands(|operand| {
                    if let Expr::LocalAddr(local) = *function.expr(operand) {
                        shared.insert(local);
                    }
                });
            }
        });
    };
    body.walk(&mut |stmt| match stmt.kind {
        StmtKind::Store { pointer, value, .. } if matches!(function.expr(pointer), Expr::LocalAddr(_)) => visit(value),
        _ => stmt.kind.operands(&mut visit),
    });
    let mut declared = FxHashSet::default();
    body.walk(&mut |stmt| {
        if let StmtKind::Declare { local, .. } = stmt.kind
            && !declared.insert(local)
        {
            shared.insert(local);
        }
    });
    shared
}

struct Ranges<'a, 'b> {
    builder: &'a mut Builder<'b>,
    shared: FxHashSet<LocalId>,
}

impl Ranges<'_, '_> {
    fn block(&mut self, block: &mut Block) {
        let declared: FxHashSet<LocalId> = block.stmts.iter().filter_map(|stmt| self.declares(stmt)).collect();
        // The variable that each of them is at this place.
        let mut lives: FxHashMap<LocalId, LocalId> = FxHashMap::default();
        for stmt in &mut block.stmts {
            match self.sets_anew(stmt) {
                Some((local, value)) if declared.contains(&local) => {
                    let (data, span) = (self.builder.function.locals[local].clone(), stmt.span);
                    let value = self.replaced(value, &lives);
                    let life = self.builder.function.add_local(data.name, data.ty, span);
                    lives.insert(local, life);
                    stmt.kind = StmtKind::Declare { local: life, init: Some(value) };
                }
                _ => self.rename(stmt, &lives),
            }
        }
        self.drop_unused(block, &lives);
        self.nested(block);
    }

    fn nested(&mut self, block: &mut Block) {
        for stmt in &mut block.stmts {
            match &mut stmt.kind {
                StmtKind::Loop { body, update, .. } => {
                    self.block(body);
                    // What it declares is seen by `until` too.
                    self.nested(update);
                }
                kind => kind.blocks_mut().for_each(|nested| self.block(nested)),
            }
        }
    }

    fn declares(&self, stmt: &Stmt) -> Option<LocalId> {
        let StmtKind::Declare { local, .. } = stmt.kind else { return None };
        let is_pointer = self.builder.tables.types.as_pointer(self.builder.function.locals[local].ty).is_some();
        (is_pointer && !self.shared.contains(&local)).then_some(local)
    }

    /// The variable that the statement sets to something that does not depend on it.
    fn sets_anew(&self, stmt: &Stmt) -> Option<(LocalId, ExprId)> {
        let StmtKind::Store { pointer, value, volatile: false } = stmt.kind else { return None };
        let function = &*self.builder.function;
        let Expr::LocalAddr(local) = *function.expr(pointer) else { return None };
        let mut looks = false;
        function.walk_expr(value, &mut |id| looks |= *function.expr(id) == Expr::LocalAddr(local));
        (!looks).then_some((local, value))
    }

    fn replaced(&mut self, root: ExprId, lives: &FxHashMap<LocalId, LocalId>) -> ExprId {
        rebuild(self.builder, root, &mut |builder, old, expr| {
            let Expr::LocalAddr(local) = expr else { return None };
            let (life, span) = (*lives.get(local)?, builder.span(old));
            Some(builder.add(Expr::LocalAddr(life), span))
        })
    }

    fn rename(&mut self, stmt: &mut Stmt, lives: &FxHashMap<LocalId, LocalId>) {
        if lives.is_empty() {
            return;
        }
        stmt.kind.operands_mut(|operand| *operand = self.replaced(*operand, lives));
        stmt.kind.blocks_mut().for_each(|block| block.stmts.iter_mut().for_each(|nested| self.rename(nested, lives)));
    }

    /// A declaration whose own life nobody saw.
    fn drop_unused(&self, block: &mut Block, lives: &FxHashMap<LocalId, LocalId>) {
        if lives.is_empty() {
            return;
        }
        let function = &*self.builder.function;
        let mut seen: FxHashSet<LocalId> = FxHashSet::default();
        block.walk(&mut |stmt| {
            stmt.kind.operands(|operand| {
                function.walk_expr(operand, &mut |id| {
                    if let Expr::LocalAddr(local) = *function.expr(id) {
                        seen.insert(local);
                    }
                });
            });
        });
        let unused = |local: &LocalId| lives.contains_key(local) && !seen.contains(local);
        block.stmts.retain(|stmt| !matches!(&stmt.kind, StmtKind::Declare { local, init: None } if unused(local)));
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(before: &str, after: &str) {
        let text = |body: &str| format!("global a: [f32]\nglobal b: [f32]\n\nkernel k(n: i32) {{\n{body}}}\n");
        crate::shader::testing::becomes(super::run, &text(before), &text(after));
    }

    #[test]
    fn a_pointer_set_twice_is_two() {
        let before = "  var p: *global f32
  p = &a[0]
  b[0] = p.*
  while n < 3 {
    p = &p[1]
  }
  p = &b[1]
  if n > 7 {
    a[0] = p[n]
  }
";
        let after = "  var p: *global f32 = &a[0]
  b[0] = p.*
  while n < 3 {
    p = &p[1]
  }
  var p.1: *global f32 = &b[1]
  if n > 7 {
    a[0] = p.1[n]
  }
";
        check(before, after);
    }

    #[test]
    fn what_comes_round_or_is_set_in_a_branch_stays() {
        let body = "  var p: *global f32 = &a[0]
  while n < 3 {
    b[0] = p.*
    p = &b[1]
  }
  if n < 9 {
    p = &a[2]
  }
  a[0] = p.*
";
        check(body, body);
    }
}
