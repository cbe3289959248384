//! Takes out what nobody reads: values, variables with what is stored to them, calls for a result, loops that compute for themselves.

use ir::{Block, Expr, ExprId, FuncId, Function, LetId, LocalId, Module, Stmt, StmtKind};

/// The uses of names in a function's body, which sink as statements go.
pub(super) struct Unused<'a> {
    function: &'a Function,
    silent: &'a [bool],
    uses: Uses<'a>,
}

/// How often names are read.
struct Uses<'a> {
    function: &'a Function,
    lets: Vec<u32>,
    locals: Vec<u32>,
}

impl<'a> Uses<'a> {
    fn none(function: &'a Function) -> Uses<'a> {
        Uses { function, lets: vec![0; function.lets.len()], locals: vec![0; function.locals.len()] }
    }

    /// The reads of a statement and of what stands in it.
    fn note_all(&mut self, stmt: &Stmt, change: &impl Fn(&mut u32)) {
        self.note(stmt, change);
        stmt.kind.blocks().flat_map(|block| &block.stmts).for_each(|nested| self.note_all(nested, change));
    }

    /// The reads of a statement itself, without those in its blocks.
    fn note(&mut self, stmt: &Stmt, change: &impl Fn(&mut u32)) {
        match &stmt.kind {
            // The store itself does not make its target used.
            StmtKind::Store { pointer, value, .. } if matches!(self.function.expr(*pointer), Expr::LocalAddr(_)) => {
                self.note_expr(*value, change)
            }
            kind => kind.operands(|operand| self.note_expr(operand, change)),
        }
    }

    fn note_expr(&mut self, root: ExprId, change: &impl Fn(&mut u32)) {
        let function = self.function;
        function.walk_expr(root, &mut |id| match function.expr(id) {
            Expr::Let(id) => change(&mut self.lets[id.index()]),
            Expr::LocalAddr(local) => change(&mut self.locals[local.index()]),
            _ => {}
        });
    }
}

impl<'a> Unused<'a> {
    pub(super) fn of(function: &'a Function, silent: &'a [bool], body: &Block) -> Unused<'a> {
        let mut uses = Uses::none(function);
        body.walk(&mut |stmt| uses.note(stmt, &|count| *count += 1));
        Unused { function, silent, uses }
    }

    pub(super) fn remove(mut self, body: &mut Block) {
        // A value may be used by an unused one alone.
        while self.remove_from(body) {}
    }

    /// What goes makes what it read less used.
    fn remove_from(&mut self, block: &mut Block) -> bool {
        let before = block.stmts.len();
        block.stmts.retain(|stmt| {
            let goes = self.is_unused(stmt);
            if goes {
                self.uses.note_all(stmt, &|count| *count -= 1);
            }
            !goes
        });
        let mut changed = block.stmts.len() != before;
        for stmt in &mut block.stmts {
            for nested in stmt.kind.blocks_mut() {
                changed |= self.remove_from(nested);
            }
        }
        changed
    }

    fn is_unused(&self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Let { result, value } => !self.has_let(*result) && self.is_plain(*value),
            StmtKind::Declare { local, init } => !self.has_local(*local) && init.is_none_or(|init| self.is_plain(init)),
            StmtKind::Store { pointer, value, volatile: false } => match self.function.expr(*pointer) {
                Expr::LocalAddr(local) => !self.has_local(*local) && self.is_plain(*value),
                _ => false,
            },
            StmtKind::If { condition, accept, reject } => {
                accept.stmts.is_empty() && reject.stmts.is_empty() && self.is_plain(*condition)
            }
            StmtKind::Scope(block) => block.stmts.is_empty(),
            StmtKind::Call { result, function: callee, args } => {
                self.silent[callee.index()]
                    && result.is_none_or(|result| !self.has_let(result))
                    && args.iter().all(|arg| self.is_plain(*arg))
            }
            StmtKind::Loop { condition, until, body, .. } => {
                (condition.is_some() || until.is_some() || super::breaks(body)) && self.is_idle(stmt)
            }
            _ => false,
        }
    }

    fn has_let(&self, id: LetId) -> bool {
        self.uses.lets[id.index()] != 0
    }

    fn has_local(&self, id: LocalId) -> bool {
        self.uses.locals[id.index()] != 0
    }

    fn is_plain(&self, value: ExprId) -> bool {
        let mut plain = true;
        self.function.walk_expr(value, &mut |id| {
            plain &= !matches!(self.function.expr(id), Expr::Load { volatile: true, .. });
        });
        plain
    }

    /// Other memory may change while a loop waits for it.
    fn reads_locals_alone(&self, value: ExprId) -> bool {
        let mut alone = true;
        self.function.walk_expr(value, &mut |id| {
            alone &= match self.function.expr(id) {
                Expr::Load { pointer, volatile } => !volatile && is_local(self.function, *pointer),
                Expr::Call { .. } => false,
                _ => true,
            };
        });
        alone
    }

    /// Does the loop write only variables that nobody reads outside of it, and read nothing that others write?
    fn is_idle(&self, stmt: &Stmt) -> bool {
        let mut written = Vec::new();
        if !self.only_writes_locals(stmt, &mut written) {
            return false;
        }
        let mut inside = Uses::none(self.function);
        inside.note_all(stmt, &|count| *count += 1);
        written.iter().all(|local| inside.locals[local.index()] == self.uses.locals[local.index()])
    }

    fn only_writes_locals(&self, stmt: &Stmt, written: &mut Vec<LocalId>) -> bool {
        let is_silent = match &stmt.kind {
            StmtKind::Store { pointer, volatile: false, .. } => match self.function.expr(*pointer) {
                Expr::LocalAddr(local) => {
                    written.push(*local);
                    true
                }
                _ => false,
            },
            StmtKind::Let { .. } | StmtKind::Declare { .. } | StmtKind::Break | StmtKind::Continue => true,
            kind => kind.blocks().next().is_some(),
        };
        let mut reads_own = is_silent;
        if is_silent {
            stmt.kind.operands(|operand| reads_own = reads_own && self.reads_locals_alone(operand));
        }
        reads_own && stmt.kind.blocks().flat_map(|block| &block.stmts).all(|nested| self.only_writes_locals(nested, written))
    }
}

/// Functions that give a value and do nothing else. Calls form no cycle.
pub(super) fn silent_functions(module: &Module) -> Vec<bool> {
    let mut known = vec![None; module.functions.len()];
    module.functions.handles().map(|id| is_silent(module, id, &mut known)).collect()
}

fn is_silent(module: &Module, id: FuncId, known: &mut Vec<Option<bool>>) -> bool {
    if let Some(known) = known[id.index()] {
        return known;
    }
    let function = &module.functions[id];
    let takes_pointers = function.params.iter().any(|param| module.tables.types.has_pointer(param.ty));
    let reads_volatile = function.exprs.iter().any(|(_, data)| matches!(data.expr, Expr::Load { volatile: true, .. }));
    let mut yes = !takes_pointers && !reads_volatile;
    function.body.walk(&mut |stmt| {
        yes = yes
            && match &stmt.kind {
                StmtKind::Store { pointer, volatile, .. } => !volatile && is_local(function, *pointer),
                StmtKind::Call { function, .. } => is_silent(module, *function, known),
                StmtKind::Let { .. } | StmtKind::Declare { .. } | StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue => {
                    true
                }
                kind => kind.blocks().next().is_some(),
            };
    });
    known[id.index()] = Some(yes);
    yes
}

/// The address of a variable, or of a part of it.
fn is_local(function: &Function, mut address: ExprId) -> bool {
    while let Expr::Field { base, .. } | Expr::Element { base, .. } = function.expr(address) {
        address = *base;
    }
    matches!(function.expr(address), Expr::LocalAddr(_))
}
