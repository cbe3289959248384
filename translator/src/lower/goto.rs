//! `goto` as loops and breaks (C++ [stmt.goto], [stmt.label], [stmt.dcl]/3).
//!
//! ```text
//! a; if (c) goto end; b; end: d;          ->   loop { a; if c { break; } b; break; } d;
//! again: a; if (c) goto again; b;         ->   loop { a; if c { continue; } b; break; }
//! several labels in one block             ->   loop { if to == 0 { a; } if to <= 1 { to = 0; b; } if to <= 2 { to = 0; c; } break; }
//! ```
//!
//! A block with labels becomes such loops. A jump that has to leave loops and switches on its way says where it goes in a variable and
//! breaks; behind each of them it goes on. The same carries a `break` or `continue` of the source out of a loop made here.
//!
//! What a part of the block declares outlives the part, so it is declared in front. Jumps into a block, and over initialisations, are
//! refused: C++ forbids the second.

use super::*;
use ast::{DeclKind, Stmt as Tree, StmtKind as Kind};
use ir::{Expr, LoopForm, Scalar, StmtKind};
use source::Code;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RegionKind {
    /// A loop of the source.
    Loop,
    Switch,
    /// A loop made here.
    Labels,
}

/// What a jump does once it is in the region that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Action {
    Break,
    Continue,
    /// Starts the region again at one of its labels.
    Enter(ir::LocalId, u64),
}

/// A jump that has left a region and is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Escape {
    code: u64,
    region: usize,
    action: Action,
}

/// A construct of the IR that `Break` and `Continue` mean, while its body is lowered.
#[derive(Clone, Debug)]
pub(super) struct Region {
    kind: RegionKind,
    escapes: Vec<Escape>,
}

/// What stands behind a name in `goto name`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    name: Symbol,
    region: usize,
    /// Scopes that stay open.
    scopes: usize,
    action: Action,
}

/// The jumps of a function.
#[derive(Clone, Debug, Default)]
pub(super) struct Jumps {
    regions: Vec<Region>,
    targets: Vec<Target>,
    pending: Vec<Escape>,
    codes: u64,
    /// Where a jump goes; zero is nowhere.
    flag: Option<ir::LocalId>,
}

impl<'a> Sema<'a> {
    pub(super) fn enter_region(&mut self, kind: RegionKind) {
        self.f.jumps.regions.push(Region { kind, escapes: Vec::new() });
    }

    pub(super) fn leave_region(&mut self) {
        let escapes = self.f.jumps.regions.pop().map_or_else(Vec::new, |region| region.escapes);
        self.f.jumps.pending.extend(escapes);
    }

    /// `break` and `continue` of the source: to the innermost switch or loop of the source.
    pub(super) fn leave_for(&mut self, kind: StmtKind, span: Span) -> Result<()> {
        let action = if kind == StmtKind::Break { Action::Break } else { Action::Continue };
        let means = |region: &Region| match region.kind {
            RegionKind::Loop => true,
            RegionKind::Switch => action == Action::Break,
            RegionKind::Labels => false,
        };
        match self.f.jumps.regions.iter().rposition(means) {
            Some(region) => self.jump_to(region, action, span),
            None => {
                self.push(kind, span);
                Ok(())
            }
        }
    }

    pub(super) fn lower_goto(&mut self, label: &ast::Ident) -> Result<()> {
        match self.f.jumps.targets.iter().rev().find(|target| target.name == label.name).copied() {
            Some(target) => {
                self.leave_scopes(target.scopes, label.span)?;
                self.jump_to(target.region, target.action, label.span)
            }
            None => fail(Code::E0222, format!("`{}` is no label of a block around this goto", label.name.as_str()), label.span),
        }
    }

    /// Does what it should at once, or leaves the innermost construct on the way there.
    fn jump_to(&mut self, region: usize, action: Action, span: Span) -> Result<()> {
        if self.is_at(region, action) {
            return self.perform(action, span);
        }
        self.f.jumps.codes += 1;
        let escape = Escape { code: self.f.jumps.codes, region, action };
        let flag = self.jump_flag(span);
        self.set_number(flag, escape.code, span);
        self.escape(escape, span);
        Ok(())
    }

    /// A `Continue` goes through switches.
    fn is_at(&self, region: usize, action: Action) -> bool {
        let inner = self.f.jumps.regions.get(region + 1..).unwrap_or_default();
        inner.is_empty() || action != Action::Break && inner.iter().all(|region| region.kind == RegionKind::Switch)
    }

    fn perform(&mut self, action: Action, span: Span) -> Result<()> {
        match action {
            Action::Break => self.push(StmtKind::Break, span),
            Action::Continue => self.push(StmtKind::Continue, span),
            Action::Enter(local, at) => {
                self.set_number(local, at, span);
                self.push(StmtKind::Continue, span);
            }
        }
        Ok(())
    }

    fn escape(&mut self, escape: Escape, span: Span) {
        if let Some(region) = self.f.jumps.regions.last_mut()
            && !region.escapes.contains(&escape)
        {
            region.escapes.push(escape);
        }
        self.push(StmtKind::Break, span);
    }

    /// Behind a loop or switch: jumps that left it go on.
    pub(super) fn resume_jumps(&mut self, span: Span) -> Result<()> {
        for escape in std::mem::take(&mut self.f.jumps.pending) {
            let flag = self.jump_flag(span);
            let condition = self.number_is(flag, ir::BinaryOp::Eq, escape.code, span)?;
            let (accept, ()) = self.block(|sema| {
                if sema.is_at(escape.region, escape.action) {
                    sema.set_number(flag, 0, span);
                    return sema.perform(escape.action, span);
                }
                sema.escape(escape, span);
                Ok(())
            })?;
            self.push(StmtKind::If { condition, accept, reject: ir::Block::default() }, span);
        }
        Ok(())
    }

    fn jump_flag(&mut self, span: Span) -> ir::LocalId {
        if let Some(flag) = self.f.jumps.flag {
            return flag;
        }
        let flag = self.new_number("jump", span);
        self.f.jumps.flag = Some(flag);
        flag
    }

    /// A variable of the whole function that starts at zero.
    fn new_number(&mut self, name: &str, span: Span) -> ir::LocalId {
        let ty = self.module.tables.types.scalar(Scalar::I32);
        let local = self.f.func.add_local(name, ty, span);
        let init = Some(self.constant(Scalar::I32, 0, span));
        if let Some(first) = self.f.blocks.first_mut() {
            first.insert(0, ir::Stmt { kind: StmtKind::Declare { local, init }, span });
        }
        local
    }

    fn set_number(&mut self, local: ir::LocalId, to: u64, span: Span) {
        let (pointer, value) = (self.local_addr(local, span), self.constant(Scalar::I32, to, span));
        self.push(StmtKind::Store { pointer, value, volatile: false }, span);
    }

    fn number_is(&mut self, local: ir::LocalId, op: ir::BinaryOp, to: u64, span: Span) -> Result<ExprId> {
        let pointer = self.local_addr(local, span);
        let value = self.load(pointer, false, span)?;
        let number = self.constant(Scalar::I32, to, span);
        self.binary(op, value, number, span)
    }

    /// The statements of a block some of which are labels.
    pub(super) fn lower_labelled(&mut self, stmts: &'a [Tree]) -> Result<()> {
        let gotos: Vec<Vec<ast::Ident>> = stmts.iter().map(gotos_in).collect();
        let is_used = |name: Symbol| gotos.iter().flatten().any(|goto| goto.name == name);
        let labels: Vec<(usize, Symbol)> =
            stmts.iter().enumerate().filter_map(|(at, stmt)| Some((at, label_of(stmt)?))).collect();
        for (index, (at, name)) in labels.iter().enumerate() {
            if labels[..index].iter().any(|(_, other)| other == name) {
                return fail(Code::E0238, format!("the block has the label `{}` already", name.as_str()), stmts[*at].span);
            }
        }
        let labels: Vec<(usize, Symbol)> = labels.into_iter().filter(|(_, name)| is_used(*name)).collect();
        for (at, gotos) in gotos.iter().enumerate() {
            for goto in gotos {
                if let Some((label, _)) = labels.iter().find(|(label, name)| *name == goto.name && *label > at) {
                    self.check_jump(&stmts[at + 1..*label], goto)?;
                }
            }
        }
        match labels[..] {
            [] => self.lower_each(stmts),
            [(at, name)] => {
                let (before, behind) = (&stmts[..at], &stmts[at + 1..]);
                let jumps = |part: &[Vec<ast::Ident>]| part.iter().flatten().any(|goto| goto.name == name);
                match jumps(&gotos[..at]) {
                    true => self.lower_once(before, name, Action::Break, stmts[at].span)?,
                    false => self.lower_each(before),
                }
                match jumps(&gotos[at + 1..]) {
                    true => self.lower_once(behind, name, Action::Continue, stmts[at].span)?,
                    false => self.lower_each(behind),
                }
            }
            _ => self.lower_parts(stmts, &labels)?,
        }
        Ok(())
    }

    /// C++ [stmt.dcl]/3: a jump forward passes no declaration but of a scalar without initialiser.
    fn check_jump(&mut self, passed: &'a [Tree], goto: &ast::Ident) -> Result<()> {
        for stmt in passed {
            let Kind::Decl(decl) = &stmt.kind else { continue };
            let at = match &decl.kind {
                DeclKind::Vars(vars) => {
                    let is_static = vars.specs.has(ast::Spec::Static) || vars.specs.has(ast::Spec::Shared);
                    let mut found = None;
                    for var in vars.vars.iter().filter(|_| !is_static) {
                        let trivial = var.init.is_none() && self.starts_trivially(&var.ty)?;
                        found = found.or((!trivial).then_some(var.span));
                    }
                    found
                }
                DeclKind::Binding(binding) => Some(binding.ty.span),
                _ => None,
            };
            if let Some(at) = at {
                let error = failure(Code::E0245, format!("goto `{}` passes an initialisation", goto.name.as_str()), goto.span);
                return Err(error.map(|diagnostic| diagnostic.with_label(at, "this would not have happened")));
            }
        }
        Ok(())
    }

    fn starts_trivially(&mut self, ty: &'a ast::Type) -> Result<bool> {
        let mut ty = self.resolve_type(ty)?;
        while let TypeKind::Array(element, _) = *self.types.kind(ty) {
            ty = element;
        }
        match self.types.as_class(ty) {
            Some(class) => {
                let fields = |sema: &Self| sema.class(class).fields.iter().any(|field| field.init.is_some());
                Ok(!self.has_user_constructor(class)? && !self.has_destructor(class)? && !fields(self))
            }
            None => Ok(true),
        }
    }

    fn lower_each(&mut self, stmts: &'a [Tree]) {
        for stmt in stmts {
            if let Err(error) = self.lower_stmt(stmt) {
                self.report(error);
            }
        }
    }

    /// A part of a block with jumps to its end (`Break`) or to its start (`Continue`).
    fn lower_once(&mut self, stmts: &'a [Tree], name: Symbol, action: Action, span: Span) -> Result<()> {
        let known = self.f.jumps.targets.len();
        let target = Target { name, region: self.f.jumps.regions.len(), scopes: self.f.scopes.len(), action };
        self.f.jumps.targets.push(target);
        self.enter_region(RegionKind::Labels);
        let mut body = self.lower_part(stmts, span)?;
        self.leave_region();
        self.f.jumps.targets.truncate(known);
        end_with_break(&mut body, span);
        self.push_endless(body, span);
        self.resume_jumps(span)
    }

    /// A block with several labels.
    fn lower_parts(&mut self, stmts: &'a [Tree], labels: &[(usize, Symbol)]) -> Result<()> {
        let span = stmts[labels[0].0].span;
        let known = self.f.jumps.targets.len();
        let to = self.new_number("to", span);
        self.set_number(to, 0, span);
        for (index, (_, name)) in labels.iter().enumerate() {
            let action = Action::Enter(to, index as u64 + 1);
            let (region, scopes) = (self.f.jumps.regions.len(), self.f.scopes.len());
            self.f.jumps.targets.push(Target { name: *name, region, scopes, action });
        }
        self.enter_region(RegionKind::Labels);
        let mut parts = Vec::new();
        let mut start = 0;
        for (index, end) in labels.iter().map(|(at, _)| *at).chain([stmts.len()]).enumerate() {
            let mut accept = self.lower_part(&stmts[start..end], span)?;
            let op = if index == 0 { ir::BinaryOp::Eq } else { ir::BinaryOp::Le };
            let condition = self.number_is(to, op, index as u64, span)?;
            if index > 0 {
                let (reset, ()) = self.block(|sema| {
                    sema.set_number(to, 0, span);
                    Ok(())
                })?;
                accept.stmts.splice(0..0, reset.stmts);
            }
            parts.push(ir::Stmt { kind: StmtKind::If { condition, accept, reject: ir::Block::default() }, span });
            start = end + 1;
        }
        self.leave_region();
        self.f.jumps.targets.truncate(known);
        let mut body = ir::Block { stmts: parts };
        end_with_break(&mut body, span);
        self.push_endless(body, span);
        self.resume_jumps(span)
    }

    fn push_endless(&mut self, body: ir::Block, span: Span) {
        let update = ir::Block::default();
        self.push(StmtKind::Loop { form: LoopForm::While, condition: None, body, update, until: None, unroll: None }, span);
    }

    /// Statements in an IR block of their own and in the scope at hand; their declarations go in front of the block.
    fn lower_part(&mut self, stmts: &'a [Tree], span: Span) -> Result<ir::Block> {
        let cleanups = self.f.scopes.last().map_or(0, |scope| scope.cleanups.len());
        self.f.blocks.push(Vec::new());
        self.lower_each(stmts);
        let body = self.f.blocks.pop().unwrap_or_default();
        if self.f.scopes.last().map_or(0, |scope| scope.cleanups.len()) != cleanups {
            return fail(Code::E0222, "a goto among objects with destructors in one block is not supported", span);
        }
        let shared = self.lets_of_variables();
        let mut out = Vec::new();
        for stmt in body {
            let span = stmt.span;
            match stmt.kind {
                StmtKind::Declare { local, init } => {
                    self.push(StmtKind::Declare { local, init: None }, span);
                    if let Some(value) = init {
                        let pointer = self.local_addr(local, span);
                        out.push(ir::Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
                    }
                }
                StmtKind::Let { result, value } if shared.contains(&result) => {
                    let info = self.f.func.lets[result].clone();
                    let name = info.name.unwrap_or_else(|| "value".to_string());
                    let local = self.f.func.add_local(name, info.ty, span);
                    self.push(StmtKind::Declare { local, init: None }, span);
                    let pointer = self.local_addr(local, span);
                    out.push(ir::Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
                    self.read_instead(result, pointer);
                }
                _ => out.push(stmt),
            }
        }
        Ok(ir::Block { stmts: out })
    }

    /// Values that variables of the innermost scope stand for.
    fn lets_of_variables(&self) -> Vec<ir::LetId> {
        let mut found = Vec::new();
        let objects = self.f.scopes.last().into_iter().flat_map(|scope| scope.names.values());
        for entity in objects {
            let LocalEntity::Object(Object { place, .. }) = entity else { continue };
            let (Place::Memory(value) | Place::Value { value, .. } | Place::Bits { unit: value, .. }) = *place;
            self.f.func.walk_expr(value, &mut |id| {
                if let Expr::Let(id) = self.f.func.expr(id) {
                    found.push(*id);
                }
            });
        }
        found
    }

    fn read_instead(&mut self, id: ir::LetId, pointer: ExprId) {
        for (_, data) in self.f.func.exprs.iter_mut() {
            if data.expr == Expr::Let(id) {
                data.expr = Expr::Load { pointer, volatile: false };
            }
        }
    }
}

fn end_with_break(body: &mut ir::Block, span: Span) {
    let last = body.stmts.last().map(|stmt| &stmt.kind);
    if !matches!(last, Some(StmtKind::Break | StmtKind::Continue | StmtKind::Return(_))) {
        body.stmts.push(ir::Stmt { kind: StmtKind::Break, span });
    }
}

pub(super) fn label_of(stmt: &Tree) -> Option<Symbol> {
    match &stmt.kind {
        Kind::Label(ident) => Some(ident.name),
        _ => None,
    }
}

/// All gotos in a statement; lambdas have labels of their own.
fn gotos_in(stmt: &Tree) -> Vec<ast::Ident> {
    let mut found = Vec::new();
    collect_gotos(stmt, &mut found);
    found
}

fn collect_gotos(stmt: &Tree, found: &mut Vec<ast::Ident>) {
    match &stmt.kind {
        Kind::Goto(label) => found.push(*label),
        Kind::Block(block) => block.stmts.iter().for_each(|stmt| collect_gotos(stmt, found)),
        Kind::If(tree) => {
            collect_gotos(&tree.then, found);
            tree.otherwise.iter().for_each(|stmt| collect_gotos(stmt, found));
        }
        Kind::Switch(tree) => collect_gotos(&tree.body, found),
        Kind::While(tree) => collect_gotos(&tree.body, found),
        Kind::DoWhile(tree) => collect_gotos(&tree.body, found),
        Kind::For(tree) => collect_gotos(&tree.body, found),
        Kind::RangeFor(tree) => collect_gotos(&tree.body, found),
        _ => {}
    }
}
