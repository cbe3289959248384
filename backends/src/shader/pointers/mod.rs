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
//! A pointer into one of several variables also says into which, or -1 for null; its accesses branch. With a heap, pointers of unknown origin
//! (loaded from memory, made from integers) are indices into the heap, in words where their pointee is aligned to words;
//! in memory they keep CUDA's 8 bytes, of which the upper four are zero.
//!
//! A pointer in a thread's own or the block's memory (`float* rows[4]`, a list of locals) is two words there: its distance in bytes,
//! and which variable it points into (`memory`).
//!
//! Comparisons and differences of pointers into one variable are those of the indices; others are those of addresses (`compare`).
//! A pointer that is always null reads zeros and writes nothing: in CUDA the access would end the launch.
//!
//! *Needs*: calls with pointers are inlined; structs of pointers are taken apart where they can be (`split`). *Leaves*: no local, `Let` or
//! `Select` of pointer type; every address is a chain from a variable or a parameter.

mod analysis;
mod atomics;
mod cells;
mod compare;
mod escaping;
mod memory;
mod place;
mod windows;

use self::analysis::{Analysis, Cell, Flow};
use self::place::Pointed;
use super::Refusal;
use super::address::{Root, root_of};
use super::bind::Interface;
use super::rewrite::Builder;
use crate::common::ordered::OrderedSet;
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, LocalId, Module, Scalar, Stmt, StmtKind, TypeId};
use rustc_hash::FxHashMap;
use source::Span;

pub(super) fn run(module: &mut Module, interface: &Interface) -> Result<(), Refusal> {
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        let mut body = std::mem::take(&mut builder.function.body);
        escaping::run(&mut builder, &mut body);
        let flow = Analysis::of(&builder, interface, &body)?;
        let mut rewriter = Rewriter {
            builder: &mut builder,
            interface,
            flow,
            bound: FxHashMap::default(),
            indices: FxHashMap::default(),
            choices: FxHashMap::default(),
            windows: OrderedSet::default(),
            in_scope: OrderedSet::default(),
            choosing: 0,
        };
        let body = rewriter.block(body)?;
        builder.function.body = body;
    }
    Ok(())
}

/// A variable that holds a pointer, and becomes integers.
fn is_pointer_variable(builder: &Builder<'_>, root: Root) -> bool {
    matches!(root, Root::Local(local) if builder.tables.types.as_pointer(builder.function.locals[local].ty).is_some())
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

struct Rewriter<'a, 'b> {
    builder: &'a mut Builder<'b>,
    interface: &'a Interface,
    flow: Flow,
    /// Where cells that are bound once point to.
    bound: FxHashMap<Cell, Pointed>,
    /// The integer that a changing cell became, and its unit.
    indices: FxHashMap<LocalId, (LocalId, u64)>,
    /// The number of the root that a changing cell points into.
    choices: FxHashMap<LocalId, LocalId>,
    /// Locals whose addresses are compared with others.
    windows: OrderedSet<LocalId>,
    /// The locals declared so far in the blocks around. A pointer to any other one dangles ([basic.stc.general]), wherever it was stored.
    in_scope: OrderedSet<LocalId>,
    /// Loads that expressions choose between because the heap has several windows.
    choosing: usize,
}

impl Rewriter<'_, '_> {
    fn block(&mut self, block: Block) -> Result<Block, Refusal> {
        let around = self.in_scope.len();
        let mut out = Vec::with_capacity(block.stmts.len());
        for stmt in block.stmts {
            let declared = match stmt.kind {
                StmtKind::Declare { local, .. } => Some(local),
                _ => None,
            };
            self.stmt(stmt, &mut out)?;
            self.in_scope.extend(declared);
        }
        self.in_scope.truncate(around);
        Ok(Block { stmts: out })
    }

    /// The pointer variable that a pointer points to: `int*& q = p`, a capture by reference. It is integers by now, so nothing else of it can be
    /// reached, nor one of several.
    fn pointer_variable(&self, place: &Pointed, span: Span) -> Result<Option<LocalId>, Refusal> {
        let is_variable = |root: &Root| is_pointer_variable(self.builder, *root);
        match place.roots[..] {
            [Root::Local(local)] if is_variable(&place.roots[0]) && place.address.is_start() => Ok(Some(local)),
            _ if place.roots.iter().any(is_variable) => Err(Refusal::PointerInMemory { span }),
            _ => Ok(None),
        }
    }

    fn need_memory(&self, place: &Pointed, span: Span) -> Result<(), Refusal> {
        match place.roots.iter().any(|root| is_pointer_variable(self.builder, *root)) {
            true => Err(Refusal::PointerInMemory { span }),
            false => Ok(()),
        }
    }

    /// The roots that an access through the pointer may mean, with their numbers.
    fn roots_in_scope(&self, place: &Pointed) -> Vec<(usize, Root)> {
        let is_there = |root: &Root| !matches!(root, Root::Local(local) if !self.in_scope.contains(local));
        place.roots.iter().copied().enumerate().filter(|(_, root)| is_there(root)).collect()
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
                let value = if self.is_windowed(&place) { self.builder.bind("value", value, out) } else { value };
                let kind = |pointer| StmtKind::Store { pointer, value, volatile };
                return self.branch(&place, ty, span, out, &mut |_, pointer| vec![Stmt { kind: kind(pointer), span }]);
            }
            StmtKind::Atomic { pointer, .. } => {
                let place = self.pointed(pointer)?;
                match place.roots[..] {
                    [Root::Local(_)] => {
                        self.need_memory(&place, span)?;
                        return self.local_atomic(stmt, out);
                    }
                    [_] if !self.is_windowed(&place) => {}
                    _ => return self.branching_atomic(stmt, out),
                }
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
        self.need_memory(place, span)?;
        let place = &self.in_windows(place, Some(out), span)?;
        let mut stmts = Vec::new();
        for (index, root) in self.roots_in_scope(place).into_iter().rev() {
            let address = self.address_in(place, root);
            let pointer = self.emit(&address, ty, span);
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

    fn value(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.builder.span(id);
        let mut expr = self.builder.expr(id);
        if self.is_pointer(self.builder.ty(id)) {
            return self.pointer(id);
        }
        match expr {
            Expr::PointerDiff { a, b } => return self.difference(a, b, span),
            Expr::PointerToInt(pointer) => {
                let place = self.pointed(pointer)?;
                let address = self.address_in_memory(&place, span).map_err(|_| Refusal::PointerBits { span })?;
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
                let root = root_of(self.builder.function, pointer);
                if root.is_some_and(|root| is_pointer_variable(self.builder, root)) {
                    return Err(Refusal::PointerInMemory { span });
                }
                if root.is_none() {
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
}
