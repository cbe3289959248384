//! Where each pointer variable may point to, and in which steps.

use super::super::Refusal;
use super::super::address::{Root, gcd, pointee};
use super::super::bind::Interface;
use super::super::rewrite::Builder;
use super::memory::{holds_addresses, is_own_memory};
use super::{additive_pointer, is_pointer_variable};
use crate::common::ordered::OrderedMap;
use ir::{Block, Expr, ExprId, Function, GlobalId, LetId, LocalId, Scalar, StmtKind, Type};
use rustc_hash::FxHashMap;
use source::Span;

/// A pointer into one of more variables than this is refused.
const MOST_ROOTS: usize = 16;

/// A place that holds a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Cell {
    Local(LocalId),
    Let(LetId),
    /// Pointers that lie in a variable of the thread or the block.
    In(Root),
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
    /// Must a cell say which root it points into, or that it is null?
    pub(super) fn needs_choice(&self) -> bool {
        self.roots.len() > 1 || self.may_be_null && !self.roots.is_empty()
    }

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

/// The result: where each cell, and any pointer in memory, may point to.
#[derive(Default)]
pub(super) struct Flow {
    pub(super) cells: OrderedMap<Cell, Target>,
    pub(super) memory: Target,
    /// Can anybody tell whether a pointer is null?
    sees_null: bool,
}

impl Flow {
    /// Where a pointer loaded from one of `containers` may point to; in the heap in units of `unit`.
    pub(super) fn loaded_from(&self, containers: &[Root], heap: Option<GlobalId>, unit: u64) -> Target {
        let mut target = Target { may_be_null: self.sees_null && heap.is_none(), ..Target::default() };
        for &container in containers {
            if let Some(inside) = self.cells.get(&Cell::In(container)) {
                target.join(inside);
            }
        }
        if let Some(heap) = heap {
            // What was copied out of the heap byte by byte.
            target.join(&Target::of(Root::Global(heap), unit));
        }
        target
    }
}

pub(super) struct Analysis<'a, 'b> {
    builder: &'a Builder<'b>,
    interface: &'a Interface,
    flow: Flow,
}

/// What a statement assigns to.
#[derive(Clone, Copy)]
enum Destination {
    Cell(Cell),
    /// Through a pointer.
    Memory(ExprId),
    /// Integers through a pointer: they may be bytes of pointers that lay elsewhere.
    Bytes(ExprId),
}

impl Analysis<'_, '_> {
    pub(super) fn of(builder: &Builder<'_>, interface: &Interface, body: &Block) -> Result<Flow, Refusal> {
        let (assignments, writes) = assignments(builder, body);
        let flow = Flow { sees_null: interface.heap.is_none() && sees_null(builder, body), ..Flow::default() };
        let mut analysis = Analysis { builder, interface, flow };
        for &(destination, ..) in &assignments {
            let Destination::Cell(cell) = destination else { continue };
            let is_constant = match cell {
                Cell::Let(_) => true,
                Cell::Local(local) => writes.get(&local) == Some(&1),
                Cell::In(_) => false,
            };
            analysis.flow.cells.insert(cell, Target { is_constant, ..Target::default() });
        }
        let mut changed = true;
        while changed {
            changed = false;
            for &(destination, value, span) in &assignments {
                changed |= match destination {
                    Destination::Cell(cell) => {
                        let target = analysis.target(value)?;
                        analysis.assign(cell, value, target, span)?
                    }
                    Destination::Memory(pointer) => {
                        let target = analysis.target(value)?;
                        analysis.assign_in_memory(pointer, value, &target, span)?
                    }
                    Destination::Bytes(pointer) => analysis.assign_bytes(pointer, value, span)?,
                };
            }
        }
        Ok(analysis.flow)
    }

    fn assign(&mut self, cell: Cell, value: ExprId, mut target: Target, span: Span) -> Result<bool, Refusal> {
        if target.step != 0 {
            let types = &self.builder.tables.types;
            let size = types.as_pointer(self.builder.ty(value)).map_or(1, |(pointee, _)| types.size_of(pointee));
            target.step = gcd(target.step, size.max(1));
        }
        let name = self.name(cell);
        let is_new = !self.flow.cells.contains_key(&cell);
        let old = self.flow.cells.entry(cell).or_default();
        let before = old.clone();
        old.join(&target);
        if old.roots.len() > MOST_ROOTS {
            return Err(Refusal::ManyRoots { span, name });
        }
        Ok(is_new || *old != before)
    }

    fn assign_in_memory(&mut self, pointer: ExprId, value: ExprId, target: &Target, span: Span) -> Result<bool, Refusal> {
        let mut changed = false;
        for container in self.containers(pointer)? {
            let cell = match container {
                Root::Local(local) if is_pointer_variable(self.builder, container) => Cell::Local(local),
                _ => Cell::In(container),
            };
            changed |= self.assign(cell, value, target.clone(), span)?;
            if let Some(target) = self.flow.cells.get_mut(&cell) {
                target.is_constant = false;
            }
        }
        self.flow.memory.join(target);
        Ok(changed)
    }

    /// Where there are pointers already, bytes may be those of any other in memory.
    fn assign_bytes(&mut self, pointer: ExprId, value: ExprId, span: Span) -> Result<bool, Refusal> {
        let mut changed = false;
        for container in self.containers(pointer)? {
            if self.flow.cells.contains_key(&Cell::In(container)) {
                changed |= self.assign(Cell::In(container), value, self.flow.memory.clone(), span)?;
            }
        }
        Ok(changed)
    }

    /// The thread's and the block's variables that a pointer may point into.
    fn containers(&self, pointer: ExprId) -> Result<Vec<Root>, Refusal> {
        let mut roots = self.target(pointer)?.roots;
        roots.retain(|&root| is_own_memory(&self.builder.tables.globals, root));
        Ok(roots)
    }

    fn name(&self, cell: Cell) -> String {
        match cell {
            Cell::Local(local) => self.builder.function.locals[local].name.clone(),
            Cell::Let(id) => self.builder.function.lets[id].name.clone().unwrap_or_default(),
            Cell::In(Root::Local(local)) => self.builder.function.locals[local].name.clone(),
            Cell::In(Root::Global(global)) => self.builder.tables.globals[global].name.clone(),
            Cell::In(Root::Param(_)) => String::new(),
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
            Expr::Let(id) => Ok(self.flow.cells.get(&Cell::Let(id)).cloned().unwrap_or_default()),
            Expr::Load { pointer, .. } => match builder.expr(pointer) {
                Expr::LocalAddr(local) => Ok(self.flow.cells.get(&Cell::Local(local)).cloned().unwrap_or_default()),
                _ => self.loaded(id, pointer, span),
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
            // In the heap null is a place as any other.
            Expr::Zero(_) => Ok(match self.interface.heap {
                Some(heap) => Target::of(Root::Global(heap), 0),
                None => Target { may_be_null: self.flow.sees_null, ..Target::default() },
            }),
            Expr::Undef(_) => Ok(Target::default()),
            Expr::IntToPointer { value, .. } => match additive_pointer(builder, value) {
                Some(pointer) => Ok(Target { step: 1, ..self.target(pointer)? }),
                None => self.interface.heap_address(builder, id).ok_or(Refusal::PointerBits { span }),
            },
            _ => Err(Refusal::PointerInMemory { span }),
        }
    }
}

impl Analysis<'_, '_> {
    fn loaded(&self, id: ExprId, pointer: ExprId, span: Span) -> Result<Target, Refusal> {
        let containers = self.target(pointer)?.roots;
        if let [container @ Root::Local(local)] = containers[..]
            && is_pointer_variable(self.builder, container)
        {
            return Ok(self.flow.cells.get(&Cell::Local(local)).cloned().unwrap_or_default());
        }
        let (heap, globals) = (self.interface.heap, &self.builder.tables.globals);
        let has_addresses = |root: &Root| holds_addresses(globals, heap, *root);
        if containers.iter().any(|root| !has_addresses(root) && !is_own_memory(globals, *root)) {
            return Err(Refusal::PointerInMemory { span });
        }
        if heap.is_some() && containers.iter().all(has_addresses) {
            return self.interface.heap_address(self.builder, id).ok_or(Refusal::PointerInMemory { span });
        }
        Ok(self.flow.loaded_from(&containers, heap, heap_unit(self.builder, id)))
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

type Assignments = Vec<(Destination, ExprId, Span)>;

/// What is assigned to pointer variables, and how often each local is written.
fn assignments(builder: &Builder<'_>, body: &Block) -> (Assignments, FxHashMap<LocalId, usize>) {
    let (mut found, mut bytes) = (Vec::new(), Vec::new());
    let mut writes: FxHashMap<LocalId, usize> = FxHashMap::default();
    let function: &Function = builder.function;
    let is_pointer = |ty| builder.tables.types.as_pointer(ty).is_some();
    body.walk(&mut |stmt| match &stmt.kind {
        StmtKind::Let { result, value } if is_pointer(function.lets[*result].ty) => {
            found.push((Destination::Cell(Cell::Let(*result)), *value, stmt.span))
        }
        StmtKind::Declare { local, init } if is_pointer(function.locals[*local].ty) => {
            // Without a value at its start a variable changes at least once more.
            *writes.entry(*local).or_default() += if init.is_some() { 1 } else { 2 };
            found.extend(init.map(|init| (Destination::Cell(Cell::Local(*local)), init, stmt.span)));
        }
        StmtKind::Store { pointer, value, .. } => match *function.expr(*pointer) {
            Expr::LocalAddr(local) if is_pointer(function.locals[local].ty) => {
                *writes.entry(local).or_default() += 1;
                found.push((Destination::Cell(Cell::Local(local)), *value, stmt.span));
            }
            _ if is_pointer(function.ty(*value)) => found.push((Destination::Memory(*pointer), *value, stmt.span)),
            _ if builder.scalar_of(*value).is_some_and(Scalar::is_int) && builder.const_value(*value).is_none() => {
                bytes.push((Destination::Bytes(*pointer), *value, stmt.span));
            }
            _ => {}
        },
        _ => {}
    });
    // Without pointers in memory bytes are bytes.
    if found.iter().any(|(destination, ..)| matches!(destination, Destination::Memory(_))) {
        found.extend(bytes);
    }
    (found, writes)
}

/// Is a pointer compared, made an integer, or stored?
fn sees_null(builder: &Builder<'_>, body: &Block) -> bool {
    let function: &Function = builder.function;
    let is_pointer = |id: ExprId| builder.tables.types.as_pointer(function.ty(id)).is_some();
    let asks = |expr: &Expr| match *expr {
        Expr::Binary { a, .. } => is_pointer(a),
        Expr::PointerToInt(_) => true,
        _ => false,
    };
    let mut found = false;
    // Most functions have no such thing, and a look along the arena is the cheapest question.
    if function.exprs.iter().any(|(_, data)| asks(&data.expr)) {
        let mut look = |id: ExprId| found |= asks(function.expr(id));
        body.walk(&mut |stmt| stmt.kind.operands(|operand| function.walk_expr(operand, &mut look)));
    }
    body.walk(&mut |stmt| {
        if let StmtKind::Store { pointer, value, .. } = stmt.kind {
            found |= is_pointer(value) && !matches!(function.expr(pointer), Expr::LocalAddr(_));
        }
    });
    found
}

fn field_offset(builder: &Builder<'_>, base: ExprId, index: u32) -> u64 {
    match builder.kind(pointee(builder, base)) {
        Type::Struct(definition) => builder.tables.types.structs()[definition].fields[index as usize].offset,
        Type::Vector { scalar, .. } => scalar.size() * u64::from(index),
        _ => 0,
    }
}
