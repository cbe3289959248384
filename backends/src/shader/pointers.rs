//! Pointer variables become integers: where a pointer always points into one variable, its index says everything.
//!
//! ```text
//! let row = &a[i * w]             let row = i * w
//! x = row[k]                      x = a[row + k]
//!
//! var p: *f32 = &a[i]             var p: i32 = i
//! while ... { sum += p.*          while ... { sum += a[p]
//!             p = &p[stride] }                p = p + stride }
//! ```
//!
//! A pointer that is bound once keeps the terms of its address (so a pointer to a struct in an array still reads
//! `nodes[n].next`). One that changes counts in units that divide every step it makes, at most its pointee's size.
//! Comparisons and differences of pointers into one variable are those of the indices.
//!
//! *Needs*: calls with pointers are inlined; locals hold pointers as whole locals only (`split`). *Leaves*: no local, `Let` or
//! `Select` of pointer type; every address is a chain from a variable or a parameter.

use super::Refusal;
use super::address::{Address, Root, Term, address_of, gcd, index_value, pointee};
use super::bind::Interface;
use super::rewrite::Builder;
use indexmap::IndexMap;
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, Function, LetId, LocalId, Module, Scalar, Space, Stmt, StmtKind, Type, TypeId};
use source::Span;
use std::collections::HashMap;

pub(super) fn run(module: &mut Module, interface: &Interface) -> Result<(), Refusal> {
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        run_function(&mut builder, interface)?;
    }
    Ok(())
}

fn run_function(builder: &mut Builder<'_>, interface: &Interface) -> Result<(), Refusal> {
    let body = std::mem::take(&mut builder.function.body);
    let cells = Analysis::of(builder, &body)?;
    let mut rewriter = Rewriter { builder, interface, cells, addresses: HashMap::new(), indices: HashMap::new() };
    let body = rewriter.block(body)?;
    builder.function.body = body;
    Ok(())
}

/// A place that holds a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Cell {
    Local(LocalId),
    Let(LetId),
}

/// Where the pointers of a cell may point to.
#[derive(Clone, Debug, Default, PartialEq)]
struct Target {
    root: Option<Root>,
    /// Divides every distance from the root; 0 if the pointer is always the root's start.
    step: u64,
    may_be_null: bool,
    /// Assigned at its declaration only.
    is_constant: bool,
}

struct Analysis<'a, 'b> {
    builder: &'a mut Builder<'b>,
    cells: IndexMap<Cell, Target>,
    changed: bool,
}

impl Analysis<'_, '_> {
    fn of(builder: &mut Builder<'_>, body: &Block) -> Result<IndexMap<Cell, Target>, Refusal> {
        let mut assignments: Vec<(Cell, ExprId, Span, bool)> = Vec::new();
        let mut declared: HashMap<LocalId, usize> = HashMap::new();
        let function: &Function = builder.function;
        let types = &builder.tables.types;
        let is_pointer = |ty| types.as_pointer(ty).is_some();
        body.walk(&mut |stmt| match &stmt.kind {
            StmtKind::Let { result, value } if is_pointer(function.lets[*result].ty) => {
                assignments.push((Cell::Let(*result), *value, stmt.span, true));
            }
            StmtKind::Declare { local, init } if is_pointer(function.locals[*local].ty) => {
                *declared.entry(*local).or_default() += 1;
                if let Some(init) = init {
                    assignments.push((Cell::Local(*local), *init, stmt.span, true));
                } else {
                    *declared.entry(*local).or_default() += 1;
                }
            }
            StmtKind::Store { pointer, value, .. } => {
                if let Expr::LocalAddr(local) = *function.expr(*pointer)
                    && is_pointer(function.locals[local].ty)
                {
                    *declared.entry(local).or_default() += 1;
                    assignments.push((Cell::Local(local), *value, stmt.span, false));
                }
            }
            _ => {}
        });
        let mut analysis = Analysis { builder, cells: IndexMap::new(), changed: true };
        for (cell, ..) in &assignments {
            let is_constant = match cell {
                Cell::Let(_) => true,
                Cell::Local(local) => declared.get(local) == Some(&1),
            };
            analysis.cells.insert(*cell, Target { is_constant, ..Target::default() });
        }
        while analysis.changed {
            analysis.changed = false;
            for &(cell, value, span, _) in &assignments {
                let mut target = analysis.target(value)?;
                if target.step != 0 {
                    let ty = analysis.builder.ty(value);
                    let size = analysis
                        .builder
                        .tables
                        .types
                        .as_pointer(ty)
                        .map_or(1, |(pointee, _)| analysis.builder.tables.types.size_of(pointee));
                    target.step = gcd(target.step, size.max(1));
                }
                analysis.join(cell, &target, span)?;
            }
        }
        Ok(analysis.cells)
    }

    fn join(&mut self, cell: Cell, new: &Target, span: Span) -> Result<(), Refusal> {
        let name = self.name(cell);
        let Some(old) = self.cells.get_mut(&cell) else { return Ok(()) };
        let mut joined = old.clone();
        joined.root = match (old.root, new.root) {
            (Some(a), Some(b)) if a != b => return Err(Refusal::ManyRoots { span, name }),
            (a, b) => a.or(b),
        };
        joined.step = gcd(old.step, new.step);
        joined.may_be_null |= new.may_be_null;
        if joined != *old {
            *old = joined;
            self.changed = true;
        }
        Ok(())
    }

    fn name(&self, cell: Cell) -> String {
        match cell {
            Cell::Local(local) => self.builder.function.locals[local].name.clone(),
            Cell::Let(id) => self.builder.function.lets[id].name.clone().unwrap_or_default(),
        }
    }

    fn target(&self, id: ExprId) -> Result<Target, Refusal> {
        let builder = &*self.builder;
        let span = builder.span(id);
        let root = |root| Ok(Target { root: Some(root), ..Target::default() });
        let size = |id| builder.tables.types.size_of(pointee(builder, id)).max(1);
        match builder.expr(id) {
            Expr::GlobalAddr(global) => root(Root::Global(global)),
            Expr::LocalAddr(local) => root(Root::Local(local)),
            Expr::Param(index) => root(Root::Param(index)),
            Expr::Let(id) => Ok(self.cells.get(&Cell::Let(id)).cloned().unwrap_or_default()),
            Expr::Load { pointer, .. } => match builder.expr(pointer) {
                Expr::LocalAddr(local) => Ok(self.cells.get(&Cell::Local(local)).cloned().unwrap_or_default()),
                _ => Err(Refusal::PointerInMemory { span }),
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
                let (a, b) = (self.target(accept)?, self.target(reject)?);
                if a.root.is_some() && b.root.is_some() && a.root != b.root {
                    return Err(Refusal::ManyRoots { span, name: String::new() });
                }
                let may_be_null = a.may_be_null || b.may_be_null;
                Ok(Target { root: a.root.or(b.root), step: gcd(a.step, b.step), may_be_null, is_constant: false })
            }
            Expr::Zero(_) => Ok(Target { may_be_null: true, ..Target::default() }),
            Expr::Undef(_) => Ok(Target::default()),
            Expr::IntToPointer { .. } => Err(Refusal::PointerBits { span }),
            _ => Err(Refusal::PointerInMemory { span }),
        }
    }
}

fn field_offset(builder: &Builder<'_>, base: ExprId, index: u32) -> u64 {
    match builder.kind(pointee(builder, base)) {
        Type::Struct(definition) => builder.tables.types.structs()[definition].fields[index as usize].offset,
        Type::Vector { scalar, .. } => scalar.size() * u64::from(index),
        _ => 0,
    }
}

struct Rewriter<'a, 'b> {
    builder: &'a mut Builder<'b>,
    interface: &'a Interface,
    cells: IndexMap<Cell, Target>,
    /// Addresses of cells that are bound once.
    addresses: HashMap<Cell, Address>,
    /// The integer that a changing cell became.
    indices: HashMap<LocalId, (LocalId, u64)>,
}

impl Rewriter<'_, '_> {
    fn block(&mut self, block: Block) -> Result<Block, Refusal> {
        let mut out = Vec::with_capacity(block.stmts.len());
        for stmt in block.stmts {
            self.stmt(stmt, &mut out)?;
        }
        Ok(Block { stmts: out })
    }

    fn is_pointer(&self, ty: TypeId) -> bool {
        self.builder.tables.types.as_pointer(ty).is_some()
    }

    fn stmt(&mut self, mut stmt: Stmt, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Let { result, value } if self.is_pointer(self.builder.function.lets[result].ty) => {
                let name = self.builder.function.lets[result].name.clone().unwrap_or_else(|| "pointer".into());
                let address = self.bound_address(&name, value, out)?;
                if let Some(address) = address {
                    self.addresses.insert(Cell::Let(result), address);
                }
                return Ok(());
            }
            StmtKind::Declare { local, init } if self.is_pointer(self.builder.function.locals[local].ty) => {
                return self.declare(local, init, span, out);
            }
            StmtKind::Store { pointer, value, .. } if self.is_pointer(self.builder.ty(value)) => {
                let Expr::LocalAddr(local) = self.builder.expr(pointer) else { return Err(Refusal::PointerInMemory { span }) };
                if let Some((index, unit)) = self.index_of(local) {
                    let value = self.index(value, unit)?;
                    out.push(self.builder.store_local(index, value, span));
                }
                return Ok(());
            }
            _ => {}
        }
        let mut operands = Vec::new();
        stmt.kind.operands(|operand| operands.push(operand));
        let mut values = Vec::new();
        for operand in operands {
            values.push(self.value(operand)?);
        }
        let mut values = values.into_iter();
        stmt.kind.operands_mut(|operand| *operand = values.next().unwrap_or(*operand));
        for nested in stmt.kind.blocks_mut() {
            *nested = self.block(std::mem::take(nested))?;
        }
        out.push(stmt);
        Ok(())
    }

    fn declare(&mut self, local: LocalId, init: Option<ExprId>, span: Span, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let target = self.cells.get(&Cell::Local(local)).cloned().unwrap_or_default();
        if target.is_constant {
            let name = self.builder.function.locals[local].name.clone();
            if let Some(init) = init
                && let Some(address) = self.bound_address(&name, init, out)?
            {
                self.addresses.insert(Cell::Local(local), address);
            }
            return Ok(());
        }
        if let Some((index, unit)) = self.index_of(local) {
            let is_null = |builder: &Builder<'_>, init| matches!(builder.expr(init), Expr::Zero(_) | Expr::Undef(_));
            let init = match init.filter(|&init| !is_null(self.builder, init)) {
                Some(init) => Some(self.index(init, unit)?),
                None => None,
            };
            out.push(Stmt { kind: StmtKind::Declare { local: index, init }, span });
        }
        Ok(())
    }

    /// The integer local of a cell that changes; `None` if it always holds the start of its root.
    fn index_of(&mut self, local: LocalId) -> Option<(LocalId, u64)> {
        if let Some(&index) = self.indices.get(&local) {
            return Some(index);
        }
        let target = self.cells.get(&Cell::Local(local))?;
        if target.step == 0 || target.root.is_none() {
            return None;
        }
        let unit = target.step;
        let ty = self.builder.scalar_ty(Scalar::I32);
        let (name, span) = (self.builder.function.locals[local].name.clone(), self.builder.function.locals.span(local));
        let index = self.builder.function.add_local(name, ty, span);
        self.indices.insert(local, (index, unit));
        Some((index, unit))
    }

    /// A pointer value's distance from its root in units, as `i32`.
    fn index(&mut self, value: ExprId, unit: u64) -> Result<ExprId, Refusal> {
        let span = self.builder.span(value);
        if matches!(self.builder.expr(value), Expr::Zero(_) | Expr::Undef(_)) {
            return Ok(self.builder.constant(Scalar::I32, 0, span));
        }
        let address = self.address(value)?;
        Ok(self.distance(&address, unit as i64, span))
    }

    fn distance(&mut self, address: &Address, unit: i64, span: Span) -> ExprId {
        let terms: Vec<(ExprId, i64)> = address.terms.iter().map(|term| (term.index, term.stride / unit)).collect();
        let index = index_value(self.builder, &terms, address.constant / unit, span);
        self.builder.convert(index, Scalar::I32, span)
    }

    /// The address with each index bound by a `Let`, so that later changes of variables do not reach it. `None` for null.
    fn bound_address(&mut self, name: &str, value: ExprId, out: &mut Vec<Stmt>) -> Result<Option<Address>, Refusal> {
        if matches!(self.builder.expr(value), Expr::Zero(_) | Expr::Undef(_)) {
            return Ok(None);
        }
        let span = self.builder.span(value);
        let mut address = self.address(value)?;
        self.add_up(&mut address, span);
        for term in &mut address.terms {
            // The low 32 bits are all that an index needs.
            if let Some(scalar) = self.builder.scalar_of(term.index).filter(|scalar| scalar.size() == 8) {
                let narrow = if scalar.is_signed() { Scalar::I32 } else { Scalar::U32 };
                term.index = super::narrow::truncate(self.builder, term.index, narrow);
            }
            let stable = matches!(self.builder.expr(term.index), Expr::Let(_) | Expr::Param(_) | Expr::Geometry(_));
            if !stable {
                let ty = self.builder.ty(term.index);
                let result = self.builder.function.add_let(Some(name.to_owned()), ty, span);
                out.push(Stmt { kind: StmtKind::Let { result, value: term.index }, span });
                term.index = self.builder.add(Expr::Let(result), span);
            }
        }
        Ok(Some(address))
    }

    /// Joins terms of one stride: `a + i * w + j` has one index, `i * w + j`.
    fn add_up(&mut self, address: &mut Address, span: Span) {
        let mut joined: Vec<Term> = Vec::new();
        for &term in &address.terms {
            match joined.iter_mut().find(|other| other.stride == term.stride && other.bound.is_none() && term.bound.is_none()) {
                Some(other) => {
                    other.index = index_value(self.builder, &[(other.index, 1), (term.index, 1)], 0, span);
                }
                None => joined.push(term),
            }
        }
        address.terms = joined;
    }

    /// The address that a pointer expression gives, with no pointer variables in it.
    fn address(&mut self, id: ExprId) -> Result<Address, Refusal> {
        let indices_before = self.collect_indices(id);
        let mut rewritten: HashMap<ExprId, ExprId> = HashMap::new();
        for index in indices_before {
            rewritten.insert(index, self.value(index)?);
        }
        let cells = self.cells.clone();
        let addresses = self.addresses.clone();
        let mut selected: HashMap<ExprId, Address> = HashMap::new();
        for select in self.collect_selects(id) {
            selected.insert(select, self.select(select)?);
        }
        let mut needed: HashMap<LocalId, Option<(LocalId, u64)>> = HashMap::new();
        for local in self.collect_loads(id) {
            needed.insert(local, self.index_of(local));
        }
        let mut address = address_of(self.builder, id, &mut |builder, leaf| {
            let span = builder.span(leaf);
            match builder.expr(leaf) {
                Expr::Param(index) => Ok(Address::of(Root::Param(index))),
                Expr::Let(id) => addresses.get(&Cell::Let(id)).cloned().ok_or(Refusal::Rootless { span }),
                Expr::Select { .. } => selected.get(&leaf).cloned().ok_or(Refusal::Rootless { span }),
                Expr::Load { pointer, .. } => {
                    let Expr::LocalAddr(local) = builder.expr(pointer) else { return Err(Refusal::PointerInMemory { span }) };
                    if let Some(address) = addresses.get(&Cell::Local(local)) {
                        return Ok(address.clone());
                    }
                    let root = cells.get(&Cell::Local(local)).and_then(|target| target.root).ok_or(Refusal::Rootless { span })?;
                    let mut address = Address::of(root);
                    if let Some(Some((index, unit))) = needed.get(&local) {
                        let index = builder.load_local(*index, span);
                        address.terms.push(Term { index, stride: *unit as i64, bound: None });
                    }
                    Ok(address)
                }
                Expr::IntToPointer { .. } => Err(Refusal::PointerBits { span }),
                Expr::Zero(_) | Expr::Undef(_) => Err(Refusal::Rootless { span }),
                _ => Err(Refusal::PointerInMemory { span }),
            }
        })?;
        for term in &mut address.terms {
            term.index = rewritten.get(&term.index).copied().unwrap_or(term.index);
        }
        Ok(address)
    }

    fn chain(&self, id: ExprId, visit: &mut impl FnMut(&Self, ExprId)) {
        visit(self, id);
        match self.builder.expr(id) {
            Expr::Field { base, .. }
            | Expr::Element { base, .. }
            | Expr::Offset { base, .. }
            | Expr::PointerCast { base, .. } => {
                self.chain(base, visit);
            }
            _ => {}
        }
    }

    fn collect_indices(&self, id: ExprId) -> Vec<ExprId> {
        let mut found = Vec::new();
        self.chain(id, &mut |this, id| {
            if let Expr::Element { index, .. } | Expr::Offset { index, .. } = this.builder.expr(id) {
                found.push(index);
            }
        });
        found
    }

    fn collect_selects(&self, id: ExprId) -> Vec<ExprId> {
        let mut found = Vec::new();
        self.chain(id, &mut |this, id| {
            if matches!(this.builder.expr(id), Expr::Select { .. }) {
                found.push(id);
            }
        });
        found
    }

    fn collect_loads(&self, id: ExprId) -> Vec<LocalId> {
        let mut found = Vec::new();
        self.chain(id, &mut |this, id| {
            if let Expr::Load { pointer, .. } = this.builder.expr(id)
                && let Expr::LocalAddr(local) = this.builder.expr(pointer)
            {
                found.push(local);
            }
        });
        found
    }

    /// `c ? p : q` into one root is that root with the selected index.
    fn select(&mut self, id: ExprId) -> Result<Address, Refusal> {
        let span = self.builder.span(id);
        let Expr::Select { condition, accept, reject } = self.builder.expr(id) else { return self.address(id) };
        let condition = self.value(condition)?;
        let is_null = |this: &Self, id| matches!(this.builder.expr(id), Expr::Zero(_) | Expr::Undef(_));
        if is_null(self, accept) {
            return self.address(reject);
        }
        if is_null(self, reject) {
            return self.address(accept);
        }
        let (a, b) = (self.address(accept)?, self.address(reject)?);
        if a.root != b.root {
            return Err(Refusal::ManyRoots { span, name: String::new() });
        }
        let unit = gcd(a.granularity(), b.granularity());
        if unit == 0 {
            return Ok(a);
        }
        let accept = self.distance(&a, unit as i64, span);
        let reject = self.distance(&b, unit as i64, span);
        let index = self.builder.add(Expr::Select { condition, accept, reject }, span);
        Ok(Address { root: a.root, terms: vec![Term { index, stride: unit as i64, bound: None }], constant: 0 })
    }

    fn value(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.builder.span(id);
        let mut expr = self.builder.expr(id);
        if self.is_pointer(self.builder.ty(id)) {
            return self.pointer(id);
        }
        match expr {
            Expr::PointerDiff { a, b } => return self.difference(a, b, span),
            Expr::PointerToInt(_) => return Err(Refusal::PointerBits { span }),
            Expr::Binary { op, a, b } if self.is_pointer(self.builder.ty(a)) => return self.comparison(op, a, b, span),
            _ => {}
        }
        let mut operands = Vec::new();
        expr.operands(|operand| operands.push(operand));
        let mut values = Vec::new();
        for &operand in &operands {
            values.push(self.value(operand)?);
        }
        if operands == values {
            return Ok(id);
        }
        let mut values = values.into_iter();
        expr.operands_mut(|operand| *operand = values.next().unwrap_or(*operand));
        Ok(self.builder.add(expr, span))
    }

    /// A pointer as a chain from its root. Chains that are one already keep their steps.
    fn pointer(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.builder.span(id);
        match self.builder.expr(id) {
            Expr::GlobalAddr(_) | Expr::LocalAddr(_) | Expr::Param(_) => return Ok(id),
            _ => {}
        }
        if super::address::root_of(self.builder.function, id).is_some() {
            return self.rebuild_chain(id);
        }
        let address = self.address(id)?;
        Ok(self.emit(&address, self.builder.ty(id), span))
    }

    fn rebuild_chain(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.builder.span(id);
        let old = self.builder.expr(id);
        let new = match old.clone() {
            Expr::Field { base, index } => Expr::Field { base: self.rebuild_chain(base)?, index },
            Expr::Element { base, index } => Expr::Element { base: self.rebuild_chain(base)?, index: self.value(index)? },
            Expr::Offset { base, index } => Expr::Offset { base: self.rebuild_chain(base)?, index: self.value(index)? },
            Expr::PointerCast { base, to } => Expr::PointerCast { base: self.rebuild_chain(base)?, to },
            _ => return Ok(id),
        };
        Ok(if new == old { id } else { self.builder.add(new, span) })
    }

    /// A chain with exactly this address: arrays of bytes stand for the strides.
    fn emit(&mut self, address: &Address, ty: TypeId, span: Span) -> ExprId {
        let mut place = super::address::root_expr(self.builder, address.root, span);
        let space = self.builder.tables.types.as_pointer(self.builder.ty(place)).map_or(Space::Generic, |(_, space)| space);
        let byte = self.builder.scalar_ty(Scalar::U8);
        for term in &address.terms {
            let unit = if term.stride.unsigned_abs() == 1 {
                byte
            } else {
                self.builder.tables.types.array(byte, Some(term.stride.unsigned_abs()))
            };
            let index = match term.stride {
                ..0 => self.builder.add(Expr::Unary { op: ir::UnaryOp::Neg, value: term.index }, span),
                _ => term.index,
            };
            place = match term.bound {
                Some(bound) => {
                    let array = self.builder.tables.types.array(unit, Some(bound));
                    let to = self.builder.tables.types.pointer(array, space);
                    let base = self.builder.add(Expr::PointerCast { base: place, to }, span);
                    self.builder.element(base, index, span)
                }
                None => {
                    let to = self.builder.tables.types.pointer(unit, space);
                    let base = self.builder.add(Expr::PointerCast { base: place, to }, span);
                    self.builder.add(Expr::Offset { base, index }, span)
                }
            };
        }
        if address.constant != 0 {
            let to = self.builder.tables.types.pointer(byte, space);
            let base = self.builder.add(Expr::PointerCast { base: place, to }, span);
            let index = self.builder.constant(Scalar::I64, address.constant, span);
            place = self.builder.add(Expr::Offset { base, index }, span);
        }
        self.builder.add(Expr::PointerCast { base: place, to: ty }, span)
    }

    fn difference(&mut self, a: ExprId, b: ExprId, span: Span) -> Result<ExprId, Refusal> {
        let size = self.builder.tables.types.size_of(pointee(self.builder, a)).max(1);
        let (a, b) = (self.address(a)?, self.address(b)?);
        if a.root != b.root {
            return Err(Refusal::UnrelatedPointers { span });
        }
        let unit = gcd(gcd(a.granularity(), b.granularity()), size).max(1) as i64;
        let left = self.distance(&a, unit, span);
        let right = self.distance(&b, unit, span);
        let difference = self.builder.binary(BinaryOp::Sub, left, right, span);
        let difference = self.builder.with_constant(BinaryOp::Div, difference, size as i64 / unit, span);
        Ok(self.builder.convert(difference, Scalar::I64, span))
    }

    fn comparison(&mut self, op: BinaryOp, a: ExprId, b: ExprId, span: Span) -> Result<ExprId, Refusal> {
        let is_null = |this: &Self, mut id| {
            while let Expr::PointerCast { base, .. } = this.builder.expr(id) {
                id = base;
            }
            matches!(this.builder.expr(id), Expr::Zero(_))
        };
        if is_null(self, a) || is_null(self, b) {
            let other = if is_null(self, a) { b } else { a };
            return self.null_test(op, other, span);
        }
        let (a, b) = (self.address(a)?, self.address(b)?);
        if a.root != b.root {
            return Err(Refusal::UnrelatedPointers { span });
        }
        let unit = gcd(a.granularity(), b.granularity()).max(1) as i64;
        let left = self.distance(&a, unit, span);
        let right = self.distance(&b, unit, span);
        Ok(self.builder.add(Expr::Binary { op, a: left, b: right }, span))
    }

    /// Variables are never at address null; what a kernel parameter points to may be.
    fn null_test(&mut self, op: BinaryOp, pointer: ExprId, span: Span) -> Result<ExprId, Refusal> {
        let may_be_null = self.may_be_null(pointer);
        let address = self.address(pointer)?;
        if may_be_null || !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            return Err(Refusal::NullTest { span });
        }
        match address.root {
            Root::Global(global) if self.is_parameter(global) => {
                match (self.interface.present.get(&global), self.interface.arguments_global) {
                    (Some(&field), Some(arguments)) => {
                        let base = self.builder.global(arguments, span);
                        let present = self.builder.field(base, field, span);
                        let present = self.builder.load(present, span);
                        let zero = self.builder.constant(Scalar::U32, 0, span);
                        Ok(self.builder.binary(op, present, zero, span))
                    }
                    _ => Err(Refusal::NullTest { span }),
                }
            }
            Root::Global(_) | Root::Local(_) | Root::Param(_) => Ok(self.builder.boolean(op == BinaryOp::Ne, span)),
        }
    }

    fn is_parameter(&self, global: ir::GlobalId) -> bool {
        let global = &self.builder.tables.globals[global];
        global.space == Space::Global && matches!(self.builder.tables.types.get(global.ty), Type::Array { count: None, .. })
    }

    fn may_be_null(&self, id: ExprId) -> bool {
        let mut found = false;
        self.builder.function.walk_expr(id, &mut |part| {
            let cell = match *self.builder.function.expr(part) {
                Expr::Let(id) => Cell::Let(id),
                Expr::LocalAddr(local) => Cell::Local(local),
                Expr::Zero(ty) if self.is_pointer(ty) => {
                    found = true;
                    return;
                }
                _ => return,
            };
            found |= self.cells.get(&cell).is_some_and(|target| target.may_be_null);
        });
        found
    }
}
