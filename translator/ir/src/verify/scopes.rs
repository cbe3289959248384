//! Where names are visible, and what `break` and `continue` leave.

use super::Verifier;
use crate::expr::{Expr, ExprId};
use crate::module::{FuncId, Function};
use crate::stmt::{Block, Stmt, StmtKind};
use source::Span;

pub(super) fn check(verifier: &mut Verifier, id: FuncId) {
    let function = &verifier.module.functions[id];
    let (lets, locals) = (vec![false; function.lets.len()], vec![false; function.locals.len()]);
    let mut walker = Walker {
        verifier,
        function,
        lets,
        locals,
        trail: Vec::new(),
        loops: 0,
        breakable: 0,
        seen: vec![0; function.exprs.len()],
        root: 0,
        work: Vec::new(),
    };
    walker.block(&function.body);
}

/// What a statement made visible.
#[derive(Clone, Copy)]
enum Name {
    Let(usize),
    Local(usize),
}

struct Walker<'a, 'b> {
    verifier: &'a mut Verifier<'b>,
    function: &'b Function,
    lets: Vec<bool>,
    locals: Vec<bool>,
    /// In the order of appearance, to take them back at the end of a block.
    trail: Vec<Name>,
    loops: u32,
    /// Loops and switches around.
    breakable: u32,
    /// The number of the operand that each expression was last looked at for.
    seen: Vec<u32>,
    root: u32,
    work: Vec<ExprId>,
}

impl Walker<'_, '_> {
    fn block(&mut self, block: &Block) {
        let outer = self.trail.len();
        self.stmts(block);
        self.leave(outer);
    }

    fn stmts(&mut self, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn leave(&mut self, outer: usize) {
        for name in self.trail.split_off(outer) {
            match name {
                Name::Let(index) => self.lets[index] = false,
                Name::Local(index) => self.locals[index] = false,
            }
        }
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Loop { condition, body, update, until, .. } => {
                condition.iter().for_each(|condition| self.expr(*condition, stmt.span));
                self.in_loop(1, |walker| walker.block(body));
                // `continue` in `update` would come back to it; `until` sees the declarations of `update`.
                let outer = self.trail.len();
                let loops = std::mem::replace(&mut self.loops, 0);
                self.breakable += 1;
                self.stmts(update);
                self.breakable -= 1;
                self.loops = loops;
                until.iter().for_each(|until| self.expr(*until, stmt.span));
                self.leave(outer);
            }
            StmtKind::Switch { selector, cases } => {
                self.expr(*selector, stmt.span);
                self.breakable += 1;
                cases.iter().for_each(|case| self.block(&case.body));
                self.breakable -= 1;
            }
            StmtKind::Break if self.breakable == 0 => self.verifier.error("`break` outside of a loop or switch", stmt.span),
            StmtKind::Continue if self.loops == 0 => self.verifier.error("`continue` outside of a loop's body", stmt.span),
            kind => {
                kind.operands(|operand| self.expr(operand, stmt.span));
                kind.blocks().for_each(|block| self.block(block));
                self.bind(kind, stmt.span);
            }
        }
    }

    fn in_loop(&mut self, depth: u32, inside: impl FnOnce(&mut Self)) {
        self.loops += depth;
        self.breakable += depth;
        inside(self);
        self.loops -= depth;
        self.breakable -= depth;
    }

    fn bind(&mut self, kind: &StmtKind, span: Span) {
        if let StmtKind::Declare { local, .. } = kind
            && let Some(visible) = self.locals.get_mut(local.index())
        {
            if *visible {
                self.verifier.error("a variable is declared again while it lives", span);
                return;
            }
            *visible = true;
            self.trail.push(Name::Local(local.index()));
        }
        if let Some(result) = kind.result()
            && let Some(visible) = self.lets.get_mut(result.index())
        {
            if *visible {
                self.verifier.error("a name is bound again while it can be seen", span);
                return;
            }
            *visible = true;
            self.trail.push(Name::Let(result.index()));
        }
    }

    /// Each expression once a statement, even if handles are shared.
    fn expr(&mut self, root: ExprId, span: Span) {
        self.root += 1;
        self.work.push(root);
        while let Some(id) = self.work.pop() {
            let Some(data) = self.function.exprs.get(id) else { continue };
            if std::mem::replace(&mut self.seen[id.index()], self.root) == self.root {
                continue;
            }
            let own = self.function.exprs.span(id);
            let span = if own.is_none() { span } else { own };
            match &data.expr {
                Expr::Let(bound) if self.lets.get(bound.index()) == Some(&false) => {
                    let name = self.function.lets[*bound].name.clone().unwrap_or_else(|| "a value".into());
                    self.verifier.error(format!("`{name}` is not in scope"), span);
                }
                Expr::LocalAddr(local) if self.locals.get(local.index()) == Some(&false) => {
                    let name = self.function.locals[*local].name.clone();
                    self.verifier.error(format!("the variable `{name}` is not in scope"), span);
                }
                expr => expr.operands(|operand| self.work.push(operand)),
            }
        }
    }
}
