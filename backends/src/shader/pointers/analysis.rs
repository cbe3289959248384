//! Where each pointer variable may point to, and in which steps.

use super::super::Refusal;
use super::super::address::{Root, gcd, pointee};
use super::super::bind::Interface;
use super::super::rewrite::Builder;
use super::additive_pointer;
use indexmap::IndexMap;
use ir::{Block, Expr, ExprId, Function, LetId, LocalId, StmtKind, Type};
use rustc_hash::FxHashMap;
use source::Span;

/// A pointer into one of more variables than this is refused.
const MOST_ROOTS: usize = 4;

/// A place that holds a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cell {
    Local(LocalId),
    Let(LetId),
}

/// Where the pointers of a cell may point to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Target {
    pub(super) roots: Vec<Root>,
    /// Divides every distance from the root; 0 if the pointer is always a root's start.
    pub(super) step: u64,
    pub(super) may_be_null: bool,
    /// Assigned at its declaration only.
    pub(super) is_constant: bool,
}

impl Target {
    fn of(root: Root, step: u64) -> Target {
        Target { roots: vec![root], step, ..Target::default() }
    }

    fn join(&mut self, other: &Target) {
        for &root in &other.roots {
            if !self.roots.contains(&root) {
                self.roots.push(root);
            }
        }
        self.step = gcd(self.step, other.step);
        self.may_be_null |= other.may_be_null;
    }
}

pub(super) struct Analysis<'a, 'b> {
    builder: &'a Builder<'b>,
    interface: &'a Interface,
    cells: IndexMap<Cell, Target>,
}

impl Analysis<'_, '_> {
    pub(super) fn of(builder: &Builder<'_>, interface: &Interface, body: &Block) -> Result<IndexMap<Cell, Target>, Refusal> {
        let (assignments, writes) = assignments(builder, body);
        let mut analysis = Analysis { builder, interface, cells: IndexMap::new() };
        for &(cell, ..) in &assignments {
            let is_constant = match cell {
                Cell::Let(_) => true,
                Cell::Local(local) => writes.get(&local) == Some(&1),
            };
            analysis.cells.insert(cell, Target { is_constant, ..Target::default() });
        }
        let mut changed = true;
        while changed {
            changed = false;
            for &(cell, value, span) in &assignments {
                changed |= analysis.assign(cell, value, span)?;
            }
        }
        Ok(analysis.cells)
    }

    fn assign(&mut self, cell: Cell, value: ExprId, span: Span) -> Result<bool, Refusal> {
        let mut target = self.target(value)?;
        if target.step != 0 {
            let types = &self.builder.tables.types;
            let size = types.as_pointer(self.builder.ty(value)).map_or(1, |(pointee, _)| types.size_of(pointee));
            target.step = gcd(target.step, size.max(1));
        }
        let name = self.name(cell);
        let Some(old) = self.cells.get_mut(&cell) else { return Ok(false) };
        let before = old.clone();
        old.join(&target);
        if old.roots.len() > MOST_ROOTS {
            return Err(Refusal::ManyRoots { span, name });
        }
        Ok(*old != before)
    }

    fn name(&self, cell: Cell) -> String {
        match cell {
            Cell::Local(local) => self.builder.function.locals[local].name.clone(),
            Cell::Let(id) => self.builder.function.lets[id].name.clone().unwrap_or_default(),
        }
    }

    fn target(&self, id: ExprId) -> Result<Target, Refusal> {
        let builder = self.builder;
        let span = builder.span(id);
        let root = |root| Ok(Target::of(root, 0));
        let size = |id| builder.tables.types.size_of(pointee(builder, id)).max(1);
        match builder.expr(id) {
            Expr::GlobalAddr(global) => root(Root::Global(global)),
            Expr::LocalAddr(local) => root(Root::Local(local)),
            Expr::Param(index) => root(Root::Param(index)),
            Expr::Let(id) => Ok(self.cells.get(&Cell::Let(id)).cloned().unwrap_or_default()),
            Expr::Load { pointer, .. } => match builder.expr(pointer) {
                Expr::LocalAddr(local) => Ok(self.cells.get(&Cell::Local(local)).cloned().unwrap_or_default()),
                _ => self.interface.heap_address(builder, id).ok_or(Refusal::PointerInMemory { span }),
            },
            Expr::PointerCast { base, .. } => self.target(base),
            Expr::Field { base, index } => {
                let mut target = self.target(base)?;
                target.step = gcd(target.step, field_offset(builder, base, index));
                Ok(target)
            }
            Expr::Element { base, index } | Expr::Offset { base, index } => {
                let mut target = self.target(base)?;
                if builder.const_value(index) != Some(0) {
                    target.step = gcd(target.step, size(id));
                }
                Ok(target)
            }
            Expr::Select { accept, reject, .. } => {
                let mut target = self.target(accept)?;
                target.join(&self.target(reject)?);
                target.is_constant = false;
                Ok(target)
            }
            Expr::Zero(_) => Ok(Target { may_be_null: true, ..Target::default() }),
            Expr::Undef(_) => Ok(Target::default()),
            Expr::IntToPointer { value, .. } => match additive_pointer(builder, value) {
                Some(pointer) => Ok(Target { step: 1, ..self.target(pointer)? }),
                None => self.interface.heap_address(builder, id).ok_or(Refusal::PointerBits { span }),
            },
            _ => Err(Refusal::PointerInMemory { span }),
        }
    }
}

impl Interface {
    /// What a pointer of unknown origin points to: something in the heap, if there is one.
    fn heap_address(&self, builder: &Builder<'_>, pointer: ExprId) -> Option<Target> {
        let heap = self.heap?;
        Some(Target::of(Root::Global(heap), heap_unit(builder, pointer)))
    }
}

/// Heap addresses are counted in words where the pointee is aligned to them.
pub(super) fn heap_unit(builder: &Builder<'_>, pointer: ExprId) -> u64 {
    builder.tables.types.align_of(pointee(builder, pointer)).clamp(1, 4)
}

type Assignments = Vec<(Cell, ExprId, Span)>;

/// What is assigned to pointer variables, and how often each local is written.
fn assignments(builder: &Builder<'_>, body: &Block) -> (Assignments, FxHashMap<LocalId, usize>) {
    let mut found = Vec::new();
    let mut writes: FxHashMap<LocalId, usize> = FxHashMap::default();
    let function: &Function = builder.function;
    let is_pointer = |ty| builder.tables.types.as_pointer(ty).is_some();
    body.walk(&mut |stmt| match &stmt.kind {
        StmtKind::Let { result, value } if is_pointer(function.lets[*result].ty) => {
            found.push((Cell::Let(*result), *value, stmt.span))
        }
        StmtKind::Declare { local, init } if is_pointer(function.locals[*local].ty) => {
            // Without a value at its start a variable changes at least once more.
            *writes.entry(*local).or_default() += if init.is_some() { 1 } else { 2 };
            found.extend(init.map(|init| (Cell::Local(*local), init, stmt.span)));
        }
        StmtKind::Store { pointer, value, .. } => {
            if let Expr::LocalAddr(local) = *function.expr(*pointer)
                && is_pointer(function.locals[local].ty)
            {
                *writes.entry(local).or_default() += 1;
                found.push((Cell::Local(local), *value, stmt.span));
            }
        }
        _ => {}
    });
    (found, writes)
}

fn field_offset(builder: &Builder<'_>, base: ExprId, index: u32) -> u64 {
    match builder.kind(pointee(builder, base)) {
        Type::Struct(definition) => builder.tables.types.structs()[definition].fields[index as usize].offset,
        Type::Vector { scalar, .. } => scalar.size() * u64::from(index),
        _ => 0,
    }
}
