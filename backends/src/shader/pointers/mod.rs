//! Pointer variables become integers: where it is known what a pointer points into, its index says everything.
//!
//! ```text
//! let row = &a[i * w]             let row = i * w
//! x = row[k]                      x = a[row + k]
//!
//! var p: *f32 = &a[i]             var p: i32 = i
//! while ... { sum += p.*          while ... { sum += a[p]
//!             p = &p[stride] }                p = p + stride }
//!
//! let p = flag ? a : b            let p = flag ? 0 : 1
//! x = p[i]                        x = p == 0 ? a[i] : b[i]
//! ```
//!
//! A pointer that is bound once keeps the terms of its address (so a pointer to a struct in an array still reads
//! `nodes[n].next`). One that changes counts in units that divide every step it makes, at most its pointee's size.
//! A pointer into one of several variables also says into which; its accesses branch. With a heap, pointers of unknown origin
//! (loaded from memory, made from integers) are indices into the heap, in words where their pointee is aligned to words;
//! in memory they keep CUDA's 8 bytes, of which the upper four are zero.
//!
//! Comparisons and differences of pointers into one variable are those of the indices.
//!
//! *Needs*: calls with pointers are inlined; locals hold pointers as whole locals only (`split`). *Leaves*: no local, `Let` or
//! `Select` of pointer type; every address is a chain from a variable or a parameter.

mod analysis;

use self::analysis::{Analysis, Cell, Target, heap_unit};
use super::Refusal;
use super::address::{Address, Root, Term, address_of, gcd, index_value, pointee, root_expr, root_of};
use super::bind::Interface;
use super::narrow::truncate;
use super::rewrite::Builder;
use indexmap::IndexMap;
use ir::{
    BinaryOp, Block, Expr, ExprId, FuncId, GlobalId, LocalId, Module, Scalar, Space, Stmt, StmtKind, Type, TypeId, UnaryOp,
};
use rustc_hash::FxHashMap;
use source::Span;

pub(super) fn run(module: &mut Module, interface: &Interface) -> Result<(), Refusal> {
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        let body = std::mem::take(&mut builder.function.body);
        let cells = Analysis::of(&builder, interface, &body)?;
        let mut rewriter = Rewriter {
            builder: &mut builder,
            interface,
            cells,
            bound: FxHashMap::default(),
            indices: FxHashMap::default(),
            choices: FxHashMap::default(),
        };
        let body = rewriter.block(body)?;
        builder.function.body = body;
    }
    Ok(())
}

/// The pointer whose address an integer is but for a distance: `address(p) + n`.
fn additive_pointer(builder: &Builder<'_>, value: ExprId) -> Option<ExprId> {
    match builder.expr(value) {
        Expr::PointerToInt(pointer) => Some(pointer),
        Expr::Convert { value, to } if to.size() == 8 => additive_pointer(builder, value),
        Expr::Binary { op: BinaryOp::Add, a, b } => match (additive_pointer(builder, a), additive_pointer(builder, b)) {
            (Some(pointer), None) | (None, Some(pointer)) => Some(pointer),
            _ => None,
        },
        _ => None,
    }
}

/// Where a pointer points to: an address, in which `roots[which]` may stand for the root if there are several.
#[derive(Clone, Debug)]
struct Pointed {
    roots: Vec<Root>,
    which: Option<ExprId>,
    address: Address,
}

impl Pointed {
    fn at(address: Address) -> Pointed {
        Pointed { roots: vec![address.root], which: None, address }
    }

    fn single(self, span: Span) -> Result<Address, Refusal> {
        match self.which {
            None => Ok(self.address),
            Some(_) => Err(Refusal::ManyRoots { span, name: String::new() }),
        }
    }
}

struct Rewriter<'a, 'b> {
    builder: &'a mut Builder<'b>,
    interface: &'a Interface,
    cells: IndexMap<Cell, Target>,
    /// Where cells that are bound once point to.
    bound: FxHashMap<Cell, Pointed>,
    /// The integer that a changing cell became, and its unit.
    indices: FxHashMap<LocalId, (LocalId, u64)>,
    /// The number of the root that a changing cell points into.
    choices: FxHashMap<LocalId, LocalId>,
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

    fn is_null(&self, id: ExprId) -> bool {
        match self.builder.expr(id) {
            Expr::Zero(_) | Expr::Undef(_) => true,
            Expr::PointerCast { base, .. } => self.is_null(base),
            _ => false,
        }
    }

    fn stmt(&mut self, mut stmt: Stmt, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Let { result, value } if self.is_pointer(self.builder.function.lets[result].ty) => {
                let name = self.builder.function.lets[result].name.clone().unwrap_or_else(|| "pointer".into());
                return self.bind(Cell::Let(result), &name, value, out);
            }
            StmtKind::Declare { local, init } if self.is_pointer(self.builder.function.locals[local].ty) => {
                return self.declare(local, init, span, out);
            }
            StmtKind::Store { pointer, value, .. } if self.is_pointer(self.builder.ty(value)) => {
                return match self.builder.expr(pointer) {
                    Expr::LocalAddr(local) => self.assign(local, value, span, out),
                    _ => self.store_pointer(pointer, value, span, out),
                };
            }
            StmtKind::Store { pointer, value, volatile } => {
                let value = self.value(value)?;
                let place = self.pointed(pointer)?;
                let ty = self.builder.ty(pointer);
                let kind = |pointer| StmtKind::Store { pointer, value, volatile };
                return self.branch(&place, ty, span, out, &mut |_, pointer| vec![Stmt { kind: kind(pointer), span }]);
            }
            StmtKind::Atomic { pointer, .. } if self.pointed(pointer)?.which.is_some() => {
                return self.branching_atomic(stmt, out);
            }
            _ => {}
        }
        stmt.kind.try_operands_mut(|operand| {
            *operand = self.value(*operand)?;
            Ok(())
        })?;
        for nested in stmt.kind.blocks_mut() {
            *nested = self.block(std::mem::take(nested))?;
        }
        out.push(stmt);
        Ok(())
    }

    /// Statements for each root the place may be in, under the condition that it is.
    fn branch(
        &mut self,
        place: &Pointed,
        ty: TypeId,
        span: Span,
        out: &mut Vec<Stmt>,
        make: &mut impl FnMut(&mut Builder<'_>, ExprId) -> Vec<Stmt>,
    ) -> Result<(), Refusal> {
        let mut stmts = Vec::new();
        for (index, &root) in place.roots.iter().enumerate().rev() {
            let pointer = self.emit(&Address { root, ..place.address.clone() }, ty, span);
            let here = make(self.builder, pointer);
            stmts = match place.which {
                Some(which) if !stmts.is_empty() => {
                    let condition = self.is_root(which, index, span);
                    vec![Stmt { kind: StmtKind::If { condition, accept: Block { stmts: here }, reject: Block { stmts } }, span }]
                }
                _ => here,
            };
        }
        out.extend(stmts);
        Ok(())
    }

    fn is_root(&mut self, which: ExprId, index: usize, span: Span) -> ExprId {
        let number = self.builder.constant(Scalar::I32, index as i64, span);
        self.builder.add(Expr::Binary { op: BinaryOp::Eq, a: which, b: number }, span)
    }

    fn branching_atomic(&mut self, stmt: Stmt, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = stmt.span;
        let StmtKind::Atomic { result, op, pointer, value, compare, scope } = stmt.kind else { return Ok(()) };
        let ty = self.builder.ty(pointer);
        let place = self.pointed(pointer)?;
        let value = self.value(value)?;
        let compare = compare.map(|compare| self.value(compare)).transpose()?;
        let old = result.map(|result| {
            let data = self.builder.function.lets[result].clone();
            self.builder.function.add_local(data.name.unwrap_or_else(|| "old".into()), data.ty, span)
        });
        out.extend(old.map(|local| Stmt { kind: StmtKind::Declare { local, init: None }, span }));
        self.branch(&place, ty, span, out, &mut |builder, pointer| {
            let fresh = old.map(|local| builder.function.add_let(None, builder.function.locals[local].ty, span));
            let mut stmts = vec![Stmt { kind: StmtKind::Atomic { result: fresh, op, pointer, value, compare, scope }, span }];
            if let (Some(local), Some(fresh)) = (old, fresh) {
                let fresh = builder.add(Expr::Let(fresh), span);
                stmts.push(builder.store_local(local, fresh, span));
            }
            stmts
        })?;
        if let (Some(local), Some(result)) = (old, result) {
            let value = self.builder.load_local(local, span);
            out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        }
        Ok(())
    }

    fn declare(&mut self, local: LocalId, init: Option<ExprId>, span: Span, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let is_constant = self.cells.get(&Cell::Local(local)).is_some_and(|target| target.is_constant);
        if is_constant && let Some(init) = init {
            let name = self.builder.function.locals[local].name.clone();
            return self.bind(Cell::Local(local), &name, init, out);
        }
        let value =
            init.filter(|&init| !self.is_null(init) || self.in_heap(local)).map(|init| self.parts(local, init)).transpose()?;
        let (index, choice) = value.unwrap_or_default();
        if let Some((local, _)) = self.index_of(local) {
            out.push(Stmt { kind: StmtKind::Declare { local, init: index }, span });
        }
        if let Some(local) = self.choice_of(local) {
            out.push(Stmt { kind: StmtKind::Declare { local, init: choice }, span });
        }
        Ok(())
    }

    fn assign(&mut self, local: LocalId, value: ExprId, span: Span, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let (index, choice) = self.parts(local, value)?;
        // Both are computed before either changes: `p = p == a ? b : p`.
        let index = match (index, choice) {
            (Some(index), Some(_)) => Some(self.builder.bind("index", index, out)),
            (index, _) => index,
        };
        if let (Some(choice), Some(local)) = (choice, self.choice_of(local)) {
            out.push(self.builder.store_local(local, choice, span));
        }
        if let (Some(index), Some((local, _))) = (index, self.index_of(local)) {
            out.push(self.builder.store_local(local, index, span));
        }
        Ok(())
    }

    /// What a changing cell must hold to point where `value` does: the index, and the number of the root.
    fn parts(&mut self, local: LocalId, value: ExprId) -> Result<(Option<ExprId>, Option<ExprId>), Refusal> {
        let span = self.builder.span(value);
        let target = self.cells.get(&Cell::Local(local)).cloned().unwrap_or_default();
        if self.is_null(value) {
            let zero = self.builder.constant(Scalar::I32, 0, span);
            return Ok((self.index_of(local).map(|_| zero), (target.roots.len() > 1).then_some(zero)));
        }
        let place = self.pointed(value)?;
        let index = self.index_of(local).map(|(_, unit)| self.distance(&place.address, unit as i64, span));
        let choice = (target.roots.len() > 1).then(|| self.renumber(&place, &target.roots, span));
        Ok((index, choice))
    }

    /// The number among `roots` of the root that `place` is in.
    fn renumber(&mut self, place: &Pointed, roots: &[Root], span: Span) -> ExprId {
        if let Some(which) = place.which.filter(|_| place.roots == roots) {
            return which;
        }
        let mut number = None;
        for (index, root) in place.roots.iter().enumerate().rev() {
            let position = roots.iter().position(|other| other == root).unwrap_or(0);
            let position = self.builder.constant(Scalar::I32, position as i64, span);
            number = Some(match (number, place.which) {
                (Some(reject), Some(which)) => {
                    let condition = self.is_root(which, index, span);
                    self.builder.add(Expr::Select { condition, accept: position, reject }, span)
                }
                _ => position,
            });
        }
        number.unwrap_or_else(|| self.builder.constant(Scalar::I32, 0, span))
    }

    fn in_heap(&self, local: LocalId) -> bool {
        let heap = self.interface.heap.map(Root::Global);
        heap.is_some_and(|heap| self.cells.get(&Cell::Local(local)).is_some_and(|target| target.roots.contains(&heap)))
    }

    /// The integer local of a cell that changes; `None` if it always holds the start of a root.
    fn index_of(&mut self, local: LocalId) -> Option<(LocalId, u64)> {
        if let Some(&index) = self.indices.get(&local) {
            return Some(index);
        }
        let target = self.cells.get(&Cell::Local(local))?;
        if target.step == 0 || target.roots.is_empty() {
            return None;
        }
        let unit = target.step;
        let index = (self.integer_beside(local, ""), unit);
        self.indices.insert(local, index);
        Some(index)
    }

    fn choice_of(&mut self, local: LocalId) -> Option<LocalId> {
        if let Some(&choice) = self.choices.get(&local) {
            return Some(choice);
        }
        if self.cells.get(&Cell::Local(local))?.roots.len() < 2 {
            return None;
        }
        let choice = self.integer_beside(local, "_root");
        self.choices.insert(local, choice);
        Some(choice)
    }

    fn integer_beside(&mut self, local: LocalId, suffix: &str) -> LocalId {
        let ty = self.builder.scalar_ty(Scalar::I32);
        let name = format!("{}{suffix}", self.builder.function.locals[local].name);
        let span = self.builder.function.locals.span(local);
        self.builder.function.add_local(name, ty, span)
    }

    fn distance(&mut self, address: &Address, unit: i64, span: Span) -> ExprId {
        let terms: Vec<(ExprId, i64)> = address.terms.iter().map(|term| (term.index, term.stride / unit)).collect();
        let index = index_value(self.builder, &terms, address.constant / unit, span);
        self.builder.convert(index, Scalar::I32, span)
    }

    /// Binds each index by a `Let`, so that later changes of variables do not reach it.
    fn bind(&mut self, cell: Cell, name: &str, value: ExprId, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        if self.is_null(value) && self.interface.heap.is_none() {
            return Ok(());
        }
        let span = self.builder.span(value);
        let mut place = self.pointed(value)?;
        self.add_up(&mut place.address, span);
        for term in &mut place.address.terms {
            // The low 32 bits are all that an index needs.
            if let Some(scalar) = self.builder.scalar_of(term.index).filter(|scalar| scalar.size() == 8) {
                term.index = truncate(self.builder, term.index, if scalar.is_signed() { Scalar::I32 } else { Scalar::U32 });
            }
            term.index = self.named(name, term.index, out);
        }
        place.which = place.which.map(|which| self.named(name, which, out));
        self.bound.insert(cell, place);
        Ok(())
    }

    fn named(&mut self, name: &str, value: ExprId, out: &mut Vec<Stmt>) -> ExprId {
        let stable = matches!(self.builder.expr(value), Expr::Let(_) | Expr::Param(_) | Expr::Geometry(_) | Expr::Const { .. });
        if stable {
            return value;
        }
        let (ty, span) = (self.builder.ty(value), self.builder.span(value));
        let result = self.builder.function.add_let(Some(name.to_owned()), ty, span);
        out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        self.builder.add(Expr::Let(result), span)
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

    /// Where a pointer expression points to, with no pointer variables in it.
    fn pointed(&mut self, id: ExprId) -> Result<Pointed, Refusal> {
        let mut leaf = id;
        let mut rewritten: FxHashMap<ExprId, ExprId> = FxHashMap::default();
        loop {
            leaf = match self.builder.expr(leaf) {
                Expr::Element { base, index } | Expr::Offset { base, index } => {
                    rewritten.insert(index, self.value(index)?);
                    base
                }
                Expr::Field { base, .. } | Expr::PointerCast { base, .. } => base,
                _ => break,
            };
        }
        let start = self.leaf(leaf)?;
        let inner = start.address.terms.len();
        let mut address = address_of(self.builder, id, &mut |_, _| Ok(start.address.clone()))?;
        for term in &mut address.terms[inner..] {
            term.index = rewritten.get(&term.index).copied().unwrap_or(term.index);
        }
        Ok(Pointed { address, ..start })
    }

    fn leaf(&mut self, leaf: ExprId) -> Result<Pointed, Refusal> {
        let span = self.builder.span(leaf);
        match self.builder.expr(leaf) {
            Expr::GlobalAddr(global) => Ok(Pointed::at(Address::of(Root::Global(global)))),
            Expr::LocalAddr(local) => Ok(Pointed::at(Address::of(Root::Local(local)))),
            Expr::Param(index) => Ok(Pointed::at(Address::of(Root::Param(index)))),
            Expr::Let(id) => self.bound.get(&Cell::Let(id)).cloned().ok_or(Refusal::Rootless { span }),
            Expr::Select { condition, accept, reject } => self.select(condition, accept, reject, span),
            Expr::Load { pointer, .. } => match self.builder.expr(pointer) {
                Expr::LocalAddr(local) => self.cell(local, span),
                _ => self.loaded(leaf, pointer, span),
            },
            Expr::IntToPointer { value, .. } => match additive_pointer(self.builder, value) {
                Some(_) => self.shifted(value),
                None => {
                    let address = self.value(value)?;
                    let address = truncate(self.builder, address, Scalar::U32);
                    self.heap_place(leaf, address, span).ok_or(Refusal::PointerBits { span })
                }
            },
            Expr::Zero(_) | Expr::Undef(_) => match self.interface.heap {
                Some(heap) => Ok(Pointed::at(Address::of(Root::Global(heap)))),
                None => Err(Refusal::Rootless { span }),
            },
            _ => Err(Refusal::PointerInMemory { span }),
        }
    }

    fn cell(&mut self, local: LocalId, span: Span) -> Result<Pointed, Refusal> {
        if let Some(place) = self.bound.get(&Cell::Local(local)) {
            return Ok(place.clone());
        }
        let roots = self.cells.get(&Cell::Local(local)).map(|target| target.roots.clone()).unwrap_or_default();
        let &first = roots.first().ok_or(Refusal::Rootless { span })?;
        let mut address = Address::of(first);
        if let Some((index, unit)) = self.index_of(local) {
            let index = self.builder.load_local(index, span);
            address.terms.push(Term { index, stride: unit as i64, bound: None });
        }
        let which = self.choice_of(local).map(|choice| self.builder.load_local(choice, span));
        Ok(Pointed { roots, which, address })
    }

    /// A pointer that lies in memory: the low word of its eight bytes.
    fn loaded(&mut self, leaf: ExprId, pointer: ExprId, span: Span) -> Result<Pointed, Refusal> {
        if self.interface.heap.is_none() {
            return Err(Refusal::PointerInMemory { span });
        }
        let word = self.word_at(pointer, 0, span)?;
        let address = self.builder.load(word, span);
        self.heap_place(leaf, address, span).ok_or(Refusal::PointerInMemory { span })
    }

    /// Pointer to the `u32` at `pointer` or `more` words behind.
    fn word_at(&mut self, pointer: ExprId, more: i64, span: Span) -> Result<ExprId, Refusal> {
        let place = self.pointed(pointer)?.single(span)?;
        let word = self.builder.scalar_ty(Scalar::U32);
        let ty = self.builder.tables.types.pointer(word, Space::Generic);
        Ok(self.emit(&place.plus(more * 4), ty, span))
    }

    /// The place in the heap at byte `address`, for a pointer of the type of `pointer`.
    fn heap_place(&mut self, pointer: ExprId, address: ExprId, span: Span) -> Option<Pointed> {
        let heap = self.interface.heap?;
        let unit = heap_unit(self.builder, pointer);
        let index = self.builder.with_constant(BinaryOp::Shr, address, i64::from(unit.trailing_zeros()), span);
        let terms = vec![Term { index, stride: unit as i64, bound: None }];
        Some(Pointed::at(Address { root: Root::Global(heap), terms, constant: 0 }))
    }

    /// `address(p) + n`
    fn shifted(&mut self, value: ExprId) -> Result<Pointed, Refusal> {
        match self.builder.expr(value) {
            Expr::PointerToInt(pointer) => self.pointed(pointer),
            Expr::Convert { value, .. } => self.shifted(value),
            Expr::Binary { a, b, .. } => {
                let (pointer, distance) = if additive_pointer(self.builder, a).is_some() { (a, b) } else { (b, a) };
                let mut place = self.shifted(pointer)?;
                let index = self.value(distance)?;
                match self.builder.const_value(index) {
                    Some(bytes) => place.address.constant += bytes,
                    None => place.address.terms.push(Term { index, stride: 1, bound: None }),
                }
                Ok(place)
            }
            _ => Err(Refusal::PointerBits { span: self.builder.span(value) }),
        }
    }

    /// `c ? p : q`: the selected index, and the selected root if they differ.
    fn select(&mut self, condition: ExprId, accept: ExprId, reject: ExprId, span: Span) -> Result<Pointed, Refusal> {
        let condition = self.value(condition)?;
        if self.interface.heap.is_none() {
            if self.is_null(accept) {
                return self.pointed(reject);
            }
            if self.is_null(reject) {
                return self.pointed(accept);
            }
        }
        let (a, b) = (self.pointed(accept)?, self.pointed(reject)?);
        let mut roots = a.roots.clone();
        roots.extend(b.roots.iter().filter(|root| !a.roots.contains(root)));
        let which = (roots.len() > 1).then(|| {
            let accept = self.renumber(&a, &roots, span);
            let reject = self.renumber(&b, &roots, span);
            self.builder.add(Expr::Select { condition, accept, reject }, span)
        });
        let unit = gcd(a.address.granularity(), b.address.granularity()) as i64;
        let mut address = Address::of(roots[0]);
        if unit != 0 {
            let accept = self.distance(&a.address, unit, span);
            let reject = self.distance(&b.address, unit, span);
            let index = self.builder.add(Expr::Select { condition, accept, reject }, span);
            address.terms.push(Term { index, stride: unit, bound: None });
        }
        Ok(Pointed { roots, which, address })
    }

    fn value(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.builder.span(id);
        let mut expr = self.builder.expr(id);
        if self.is_pointer(self.builder.ty(id)) {
            return self.pointer(id);
        }
        match expr {
            Expr::PointerDiff { a, b } => return self.difference(a, b, span),
            Expr::PointerToInt(pointer) => {
                let place = self.pointed(pointer)?.single(span)?;
                if self.interface.heap.map(Root::Global) != Some(place.root) {
                    return Err(Refusal::PointerBits { span });
                }
                let address = self.distance(&place, 1, span);
                let address = self.builder.convert(address, Scalar::U32, span);
                return Ok(self.builder.convert(address, Scalar::U64, span));
            }
            Expr::Binary { op, a, b } if self.is_pointer(self.builder.ty(a)) => return self.comparison(op, a, b, span),
            Expr::Binary { op, a, b } if self.asks_alignment(op, b) => {
                if let Some(low) = self.low_bits(a)? {
                    let mask = self.value(b)?;
                    return Ok(self.builder.add(Expr::Binary { op, a: low, b: mask }, span));
                }
            }
            Expr::Load { pointer, volatile } => {
                let ty = self.builder.ty(id);
                if root_of(self.builder.function, pointer).is_none() {
                    let place = self.pointed(pointer)?;
                    return self.load(&place, self.builder.ty(pointer), ty, volatile, span);
                }
            }
            _ => {}
        }
        let mut changed = false;
        expr.try_operands_mut(|operand| {
            let value = self.value(*operand)?;
            changed |= value != *operand;
            *operand = value;
            Ok(())
        })?;
        Ok(if changed { self.builder.add(expr, span) } else { id })
    }

    /// `address & 15`, `address % 16`: all variables and bindings start at multiples of 256.
    fn asks_alignment(&self, op: BinaryOp, by: ExprId) -> bool {
        match (op, self.builder.const_value(by)) {
            (BinaryOp::And, Some(mask)) => (0..256).contains(&mask),
            (BinaryOp::Rem, Some(divisor)) => (1..=256).contains(&divisor) && divisor.count_ones() == 1,
            _ => false,
        }
    }

    /// An integer with the low eight bits of an address, for combinations of addresses by `|` and `+`.
    fn low_bits(&mut self, id: ExprId) -> Result<Option<ExprId>, Refusal> {
        let span = self.builder.span(id);
        match self.builder.expr(id) {
            Expr::PointerToInt(pointer) => {
                let place = self.pointed(pointer)?.single(span)?;
                let distance = self.distance(&place, 1, span);
                let distance = self.builder.convert(distance, Scalar::U32, span);
                Ok(Some(self.builder.convert(distance, Scalar::U64, span)))
            }
            Expr::Convert { value, to } if to.size() >= 4 && to.is_int() => {
                let value = self.low_bits(value)?;
                Ok(value.map(|value| self.builder.convert(value, to, span)))
            }
            Expr::Binary { op: op @ (BinaryOp::Or | BinaryOp::Add), a, b } => match (self.low_bits(a)?, self.low_bits(b)?) {
                (Some(a), Some(b)) => Ok(Some(self.builder.binary(op, a, b, span))),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    fn load(&mut self, place: &Pointed, pointer_ty: TypeId, ty: TypeId, volatile: bool, span: Span) -> Result<ExprId, Refusal> {
        let is_simple = matches!(self.builder.kind(ty), Type::Scalar(_) | Type::Vector { .. });
        if place.which.is_some() && !is_simple {
            return Err(Refusal::ManyRoots { span, name: String::new() });
        }
        let mut value = None;
        for (index, &root) in place.roots.iter().enumerate().rev() {
            let pointer = self.emit(&Address { root, ..place.address.clone() }, pointer_ty, span);
            let here = self.builder.add(Expr::Load { pointer, volatile }, span);
            value = Some(match (value, place.which) {
                (Some(reject), Some(which)) => {
                    let condition = self.is_root(which, index, span);
                    self.builder.add(Expr::Select { condition, accept: here, reject }, span)
                }
                _ => here,
            });
        }
        value.ok_or(Refusal::Rootless { span })
    }

    /// A pointer as a chain from its root. Chains that are one already keep their steps.
    fn pointer(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.builder.span(id);
        if matches!(self.builder.expr(id), Expr::GlobalAddr(_) | Expr::LocalAddr(_) | Expr::Param(_)) {
            return Ok(id);
        }
        if root_of(self.builder.function, id).is_some() {
            return self.rebuild_chain(id);
        }
        let address = self.pointed(id)?.single(span)?;
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
        let mut place = root_expr(self.builder, address.root, span);
        let space = self.builder.tables.types.as_pointer(self.builder.ty(place)).map_or(Space::Generic, |(_, space)| space);
        let byte = self.builder.scalar_ty(Scalar::U8);
        for term in &address.terms {
            let stride = term.stride.unsigned_abs();
            let unit = if stride == 1 { byte } else { self.builder.tables.types.array(byte, Some(stride)) };
            let index = match term.stride {
                ..0 => self.builder.add(Expr::Unary { op: UnaryOp::Neg, value: term.index }, span),
                _ => term.index,
            };
            let stepped = term.bound.map_or(unit, |bound| self.builder.tables.types.array(unit, Some(bound)));
            let to = self.builder.tables.types.pointer(stepped, space);
            let base = self.builder.add(Expr::PointerCast { base: place, to }, span);
            place = match term.bound {
                Some(_) => self.builder.element(base, index, span),
                None => self.builder.add(Expr::Offset { base, index }, span),
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

    /// Writes a pointer into memory: its address in the heap, and zero for the upper word.
    fn store_pointer(&mut self, pointer: ExprId, value: ExprId, span: Span, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let target = self.pointed(value)?.single(span)?;
        if self.interface.heap.map(Root::Global) != Some(target.root) {
            return Err(Refusal::PointerInMemory { span });
        }
        let low = self.distance(&target, 1, span);
        let low = self.builder.convert(low, Scalar::U32, span);
        let low = self.builder.bind("pointer", low, out);
        let zero = self.builder.constant(Scalar::U32, 0, span);
        for (more, value) in [(0, low), (1, zero)] {
            let pointer = self.word_at(pointer, more, span)?;
            out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
        }
        Ok(())
    }

    fn difference(&mut self, a: ExprId, b: ExprId, span: Span) -> Result<ExprId, Refusal> {
        let size = self.builder.tables.types.size_of(pointee(self.builder, a)).max(1);
        let (a, b) = self.related(a, b, span)?;
        let unit = gcd(gcd(a.granularity(), b.granularity()), size).max(1) as i64;
        let left = self.distance(&a, unit, span);
        let right = self.distance(&b, unit, span);
        let difference = self.builder.binary(BinaryOp::Sub, left, right, span);
        let difference = self.builder.with_constant(BinaryOp::Div, difference, size as i64 / unit, span);
        Ok(self.builder.convert(difference, Scalar::I64, span))
    }

    /// Two pointers into one variable.
    fn related(&mut self, a: ExprId, b: ExprId, span: Span) -> Result<(Address, Address), Refusal> {
        let (a, b) = (self.pointed(a)?, self.pointed(b)?);
        if a.which.is_some() || b.which.is_some() || a.address.root != b.address.root {
            return Err(Refusal::UnrelatedPointers { span });
        }
        Ok((a.address, b.address))
    }

    fn comparison(&mut self, op: BinaryOp, a: ExprId, b: ExprId, span: Span) -> Result<ExprId, Refusal> {
        if self.is_null(a) || self.is_null(b) {
            let other = if self.is_null(a) { b } else { a };
            return self.null_test(op, other, span);
        }
        let (a, b) = self.related(a, b, span)?;
        let unit = gcd(a.granularity(), b.granularity()).max(1) as i64;
        let left = self.distance(&a, unit, span);
        let right = self.distance(&b, unit, span);
        Ok(self.builder.add(Expr::Binary { op, a: left, b: right }, span))
    }

    /// Variables are never at address null; what a kernel parameter points to may be, and a place in the heap says so itself.
    fn null_test(&mut self, op: BinaryOp, pointer: ExprId, span: Span) -> Result<ExprId, Refusal> {
        if !matches!(op, BinaryOp::Eq | BinaryOp::Ne) {
            return Err(Refusal::NullTest { span });
        }
        let may_be_null = self.may_be_null(pointer);
        let place = self.pointed(pointer)?.single(span)?;
        if self.interface.heap.map(Root::Global) == Some(place.root) {
            let address = self.distance(&place, place.granularity().max(1) as i64, span);
            let zero = self.builder.constant(Scalar::I32, 0, span);
            return Ok(self.builder.binary(op, address, zero, span));
        }
        if may_be_null {
            return Err(Refusal::NullTest { span });
        }
        match place.root {
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

    fn is_parameter(&self, global: GlobalId) -> bool {
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
