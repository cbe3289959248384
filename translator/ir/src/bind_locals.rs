//! Turns variables that get one value and keep it into named values.
//!
//! ```text
//! declare i: i32 = x              let i = x
//! declare j: i32
//! store j, load i + 1      =>     let j = i + 1
//! store p, load j                 store p, j
//! ```
//!
//! *Needs*: a `Declare` with an initialiser, or one without and a store behind it in the same block before anything reads the variable; otherwise the
//! address is only loaded from, whole or by a field. *Leaves*: a `Let` of the same name. Readers of the output see at once what is constant, and
//! passes see through pointers. Lowering runs it on each function, and the shader passes again on what inlining brought.

use crate::expr::{Expr, ExprId, LetId, LocalId};
use crate::module::{Function, Tables};
use crate::stmt::{Block, StmtKind};
use rustc_hash::FxHashMap;

pub fn run(func: &mut Function, tables: &mut Tables) {
    let of_local = |local: LocalId| {
        let definition = tables.types.as_struct(func.locals[local].ty);
        Knowledge { shares_bytes: definition.is_some_and(|it| tables.types.shares_bytes(it)), ..Knowledge::default() }
    };
    let mut survey = Survey { func, locals: func.locals.handles().map(of_local).collect(), blocks: 0 };
    survey.block(&func.body);
    let bound: Vec<bool> = survey.locals.iter().map(Knowledge::has_one_value).collect();
    let mut lets: FxHashMap<LocalId, LetId> = FxHashMap::default();
    for local in func.locals.handles().filter(|local| bound[local.index()]) {
        let (name, ty, span) = (func.locals[local].name.clone(), func.locals[local].ty, func.locals.span(local));
        lets.insert(local, func.add_let(Some(name), ty, span));
    }
    if !lets.is_empty() {
        replace_loads(func, &lets, tables);
        let mut body = std::mem::take(&mut func.body);
        replace_statements(func, &mut body, &lets);
        func.body = body;
    }
}

/// What is known of a local.
#[derive(Clone, Copy, Default)]
struct Knowledge {
    declares: u32,
    has_init: bool,
    /// The block that declares it.
    block: u32,
    stores: u32,
    /// The first store is in the declaring block, and nothing used the variable before.
    is_set_first: bool,
    is_used: bool,
    escapes: bool,
    /// A union: its members are parts of memory, not of a value.
    shares_bytes: bool,
}

impl Knowledge {
    fn has_one_value(&self) -> bool {
        let from_init = self.has_init && self.stores == 0;
        let from_store = !self.has_init && self.stores == 1 && self.is_set_first;
        self.declares == 1 && !self.escapes && (from_init || from_store)
    }
}

/// One walk in the order of the text.
struct Survey<'a> {
    func: &'a Function,
    locals: Vec<Knowledge>,
    blocks: u32,
}

impl Survey<'_> {
    fn block(&mut self, block: &Block) {
        self.blocks += 1;
        let this = self.blocks;
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::Store { pointer, value, volatile: false } if self.local(*pointer).is_some() => {
                    self.uses(*value);
                    if let Some(local) = self.local(*pointer) {
                        let known = &mut self.locals[local.index()];
                        known.is_set_first |= known.stores == 0 && !known.is_used && known.declares == 1 && known.block == this;
                        known.stores += 1;
                    }
                }
                kind => kind.operands(|operand| self.uses(operand)),
            }
            if let StmtKind::Declare { local, init } = stmt.kind {
                let is_undefined = init.is_none_or(|init| matches!(self.func.expr(init), Expr::Undef(_)));
                let known = &mut self.locals[local.index()];
                known.declares += 1;
                known.has_init = !is_undefined;
                known.block = this;
            }
            stmt.kind.blocks().for_each(|nested| self.block(nested));
        }
    }

    /// A tree that a statement evaluates.
    fn uses(&mut self, root: ExprId) {
        let func = self.func;
        self.note_escape(root);
        func.walk_expr(root, &mut |id| match func.expr(id) {
            Expr::LocalAddr(local) => self.locals[local.index()].is_used = true,
            Expr::Load { pointer, volatile: false } if self.is_variable_or_field(*pointer) => {}
            // The field's own address is judged where it is used.
            Expr::Field { base, .. } if self.local(*base).is_some_and(|local| !self.locals[local.index()].shares_bytes) => {}
            expr => expr.operands(|operand| self.note_escape(operand)),
        });
    }

    fn is_variable_or_field(&self, pointer: ExprId) -> bool {
        self.local(pointer).is_some() || field_of_local(self.func, pointer).is_some()
    }

    fn local(&self, pointer: ExprId) -> Option<LocalId> {
        match self.func.expr(pointer) {
            Expr::LocalAddr(local) => Some(*local),
            _ => None,
        }
    }

    fn note_escape(&mut self, address: ExprId) {
        let local = self.local(address).or_else(|| field_of_local(self.func, address).map(|(local, _)| local));
        if let Some(local) = local {
            self.locals[local.index()].escapes = true;
        }
    }
}

/// The local and field that `&local.field` means.
fn field_of_local(func: &Function, pointer: ExprId) -> Option<(LocalId, u32)> {
    let Expr::Field { base, index } = func.expr(pointer) else { return None };
    match func.expr(*base) {
        Expr::LocalAddr(local) => Some((*local, *index)),
        _ => None,
    }
}

fn replace_loads(func: &mut Function, lets: &FxHashMap<LocalId, LetId>, tables: &mut Tables) {
    let mut changes = Vec::new();
    for (id, data) in func.exprs.iter() {
        let Expr::Load { pointer, volatile: false } = &data.expr else { continue };
        match func.expr(*pointer) {
            Expr::LocalAddr(local) => {
                if let Some(&bound) = lets.get(local) {
                    changes.push((id, bound, None));
                }
            }
            _ => {
                if let Some((local, index)) = field_of_local(func, *pointer)
                    && let Some(&bound) = lets.get(&local)
                {
                    changes.push((id, bound, Some(index)));
                }
            }
        }
    }
    for (id, bound, field) in changes {
        match field {
            None => func.exprs[id].expr = Expr::Let(bound),
            Some(index) => {
                let span = func.exprs.span(id);
                if let Ok(value) = func.add(tables, Expr::Let(bound), span) {
                    func.exprs[id].expr = Expr::Extract { value, index };
                }
            }
        }
    }
}

fn replace_statements(func: &Function, block: &mut Block, lets: &FxHashMap<LocalId, LetId>) {
    block.stmts.retain_mut(|stmt| {
        match &mut stmt.kind {
            StmtKind::Declare { local, init } => {
                if let Some(&result) = lets.get(local) {
                    match init.filter(|init| !matches!(func.expr(*init), Expr::Undef(_))) {
                        Some(value) => stmt.kind = StmtKind::Let { result, value },
                        None => return false,
                    }
                }
            }
            StmtKind::Store { pointer, value, .. } => {
                if let Expr::LocalAddr(local) = func.expr(*pointer)
                    && let Some(&result) = lets.get(local)
                {
                    stmt.kind = StmtKind::Let { result, value: *value };
                }
            }
            kind => kind.blocks_mut().for_each(|nested| replace_statements(func, nested, lets)),
        }
        true
    });
}
