//! Rewrites every access to go through its variable's view.
//!
//! ```text
//! let v = cast<*global f32x4>(x)[i]     x: [f32]    let v = f32x4(x[i * 4], x[i * 4 + 1], x[i * 4 + 2], x[i * 4 + 3])
//! let c = b[i]   (u8)                   b: [u32]    let c = u8(b[i >> 2] >> ((i & 3) << 3) & 255)
//! b[i] = c                              b: [u32]    call store8_b(i, u32(c))
//! ```
//!
//! *Needs*: the views. *Leaves*: `Load`, `Store` and `Atomic` on chains of `Field` and `Element` alone; variables have their
//! views' types. Narrow and 64-bit scalars are still there as values.

use super::address::{Address, Root, chain_address, emit_steps, index_value, plan, pointee, root_expr};
use super::helpers::{Helper, Helpers};
use super::rewrite::Builder;
use super::views::{Form, View, Views};
use super::{Features, Refusal};
use ir::{
    AtomicOp, BinaryOp, Block, Expr, ExprId, FuncId, Function, FunctionKind, LetId, LocalId, Module, Scalar, Scope, Space, Stmt,
    StmtKind, Type, TypeId, UnaryOp,
};
use source::Span;

/// Arrays longer than this are not copied element by element.
const MOST_ELEMENTS: u64 = 64;

pub(super) fn run(module: &mut Module, views: &Views, features: Features) -> Result<(), Refusal> {
    for (&global, view) in &views.globals {
        module.tables.globals[global].ty = view.ty;
    }
    let mut helpers = Helpers::default();
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let empty = Function::new("", FunctionKind::Device, module.functions[id].result, Span::NONE);
        let mut function = std::mem::replace(&mut module.functions[id], empty);
        for (local, data) in function.locals.iter_mut() {
            if let Some(view) = views.locals.get(&(id, local)) {
                data.ty = view.ty;
            }
        }
        let body = std::mem::take(&mut function.body);
        let mut rewriter = Rewriter { module, function: &mut function, id, views, features, helpers: &mut helpers };
        let body = rewriter.block(body);
        function.body = body?;
        module.functions[id] = function;
    }
    Ok(())
}

struct Rewriter<'a> {
    module: &'a mut Module,
    function: &'a mut Function,
    id: FuncId,
    views: &'a Views,
    features: Features,
    helpers: &'a mut Helpers,
}

/// Where statements may go that must run before an expression; `None` where the expression may not be evaluated at all,
/// or more than once.
type Before<'a> = Option<&'a mut Vec<Stmt>>;

impl Rewriter<'_> {
    fn builder(&mut self) -> Builder<'_> {
        Builder { tables: &mut self.module.tables, function: self.function }
    }

    fn block(&mut self, block: Block) -> Result<Block, Refusal> {
        let mut out = Vec::with_capacity(block.stmts.len());
        for stmt in block.stmts {
            self.stmt(stmt, &mut out)?;
        }
        Ok(Block { stmts: out })
    }

    fn stmt(&mut self, mut stmt: Stmt, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Store { pointer, value, volatile } => {
                let value = self.value(value, Some(out))?;
                let address = self.address(pointer, Some(out))?;
                let ty = pointee(&self.builder(), pointer);
                return self.store(&address, ty, value, volatile, span, out);
            }
            StmtKind::Declare { local, init: None } if self.view(Root::Local(local), span)?.form == Form::Words => {
                // Parts of words are read before all of a word is written.
                let zero = Expr::Zero(self.function.locals[local].ty);
                let init = Some(self.builder().add(zero, span));
                stmt.kind = StmtKind::Declare { local, init };
            }
            StmtKind::Declare { local, init: Some(value) } => return self.declare(local, value, span, out),
            StmtKind::Atomic { result, op, pointer, value, compare, scope } => {
                let value = self.value(value, Some(out))?;
                let compare = compare.map(|compare| self.value(compare, Some(out))).transpose()?;
                let address = self.address(pointer, Some(out))?;
                let ty = pointee(&self.builder(), pointer);
                let atomic = Atomic { result, op, value, compare, scope, span };
                return self.atomic(&address, ty, &atomic, out);
            }
            StmtKind::Loop { condition, body, update, until, form, unroll } => {
                let condition = condition.map(|condition| self.value(condition, None)).transpose()?;
                let body = self.block(body)?;
                let update = self.block(update)?;
                let until = until.map(|until| self.value(until, None)).transpose()?;
                stmt.kind = StmtKind::Loop { condition, body, update, until, form, unroll };
            }
            _ => {
                let mut operands = Vec::new();
                stmt.kind.operands(|operand| operands.push(operand));
                let mut values = Vec::new();
                for operand in operands {
                    values.push(self.value(operand, Some(out))?);
                }
                let mut values = values.into_iter();
                stmt.kind.operands_mut(|operand| *operand = values.next().unwrap_or(*operand));
                for nested in stmt.kind.blocks_mut() {
                    *nested = self.block(std::mem::take(nested))?;
                }
            }
        }
        out.push(stmt);
        Ok(())
    }

    fn declare(&mut self, local: LocalId, value: ExprId, span: Span, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let value = self.value(value, Some(out))?;
        let ty = self.builder().ty(value);
        let view_ty = self.function.locals[local].ty;
        if ty == view_ty {
            out.push(Stmt { kind: StmtKind::Declare { local, init: Some(value) }, span });
            return Ok(());
        }
        if matches!(self.builder().expr(value), Expr::Zero(_)) {
            let zero = self.builder().add(Expr::Zero(view_ty), span);
            out.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
            return Ok(());
        }
        let zero = self.builder().add(Expr::Zero(view_ty), span);
        out.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
        self.store(&Address::of(Root::Local(local)), ty, value, false, span, out)
    }

    /// The address with its indices rewritten.
    fn address(&mut self, pointer: ExprId, mut before: Before<'_>) -> Result<Address, Refusal> {
        let mut address = chain_address(&mut self.builder(), pointer)?;
        for term in &mut address.terms {
            term.index = self.value(term.index, before.as_deref_mut())?;
        }
        Ok(address)
    }

    fn value(&mut self, id: ExprId, mut before: Before<'_>) -> Result<ExprId, Refusal> {
        let mut expr = self.function.expr(id).clone();
        let span = self.function.exprs.span(id);
        match expr {
            Expr::Load { pointer, volatile } => {
                let address = self.address(pointer, before.as_deref_mut())?;
                return self.load(&address, self.function.ty(id), volatile, span, before);
            }
            Expr::LocalAddr(_) | Expr::GlobalAddr(_) => return Ok(id),
            Expr::Select { condition, accept, reject } => {
                let condition = self.value(condition, before)?;
                let (accept, reject) = (self.value(accept, None)?, self.value(reject, None)?);
                expr = Expr::Select { condition, accept, reject };
            }
            Expr::Logical { op, a, b } => {
                let a = self.value(a, before)?;
                let b = self.value(b, None)?;
                expr = Expr::Logical { op, a, b };
            }
            _ => {
                let mut operands = Vec::new();
                expr.operands(|operand| operands.push(operand));
                let mut values = Vec::new();
                for operand in operands {
                    values.push(self.value(operand, before.as_deref_mut())?);
                }
                let mut values = values.into_iter();
                expr.operands_mut(|operand| *operand = values.next().unwrap_or(*operand));
            }
        }
        if let Expr::Extract { value, index } = &expr
            && let Expr::Construct { parts, .. } = self.function.expr(*value)
        {
            return Ok(parts[*index as usize]);
        }
        if expr == *self.function.expr(id) {
            return Ok(id);
        }
        Ok(self.builder().add(expr, span))
    }

    fn view(&mut self, root: Root, span: Span) -> Result<View, Refusal> {
        let id = self.id;
        let native = |ty| View { ty, form: Form::Native };
        let view = match root {
            Root::Global(global) => self.views.globals.get(&global).copied(),
            Root::Local(local) => {
                Some(self.views.locals.get(&(id, local)).copied().unwrap_or(native(self.function.locals[local].ty)))
            }
            Root::Param(index) => {
                let param = &self.function.params[index as usize];
                self.module.tables.types.as_pointer(param.ty).map(|(pointee, _)| native(pointee))
            }
        };
        view.ok_or_else(|| Refusal::Internal { span, what: "a variable without a view".into() })
    }

    /// The place of `ty` at `address`, and the type found there; `None` if the view has no such place.
    fn place(&mut self, address: &Address, ty: TypeId, view: View, span: Span) -> Option<(ExprId, TypeId)> {
        let scalar = self.module.tables.types.as_scalar(ty);
        if view.form == Form::Words {
            return scalar.filter(|scalar| scalar.size() == 4).map(|_| (self.word(address, 0, span), self.word_ty()));
        }
        let (steps, found) = plan(&self.module.tables.types, view.ty, address, ty)?;
        let root = root_expr(&mut self.builder(), address.root, span);
        let place = emit_steps(&mut self.builder(), root, address, &steps, span);
        Some((place, found))
    }

    fn word_ty(&mut self) -> TypeId {
        self.module.tables.types.scalar(Scalar::U32)
    }

    /// The address of word number `more` behind the one that holds the byte at `address`.
    fn word(&mut self, address: &Address, more: i64, span: Span) -> ExprId {
        let index = if address.granularity().is_multiple_of(4) {
            let terms: Vec<(ExprId, i64)> = address.terms.iter().map(|term| (term.index, term.stride / 4)).collect();
            index_value(&mut self.builder(), &terms, address.constant / 4 + more, span)
        } else {
            let byte = self.byte(address, span);
            let word = self.builder().with_constant(BinaryOp::Shr, byte, 2, span);
            self.builder().with_constant(BinaryOp::Add, word, more, span)
        };
        let root = root_expr(&mut self.builder(), address.root, span);
        self.builder().element(root, index, span)
    }

    /// The byte offset of `address` in its variable, `u32`.
    fn byte(&mut self, address: &Address, span: Span) -> ExprId {
        let terms: Vec<(ExprId, i64)> = address.terms.iter().map(|term| (term.index, term.stride)).collect();
        let byte = index_value(&mut self.builder(), &terms, address.constant, span);
        self.builder().convert(byte, Scalar::U32, span)
    }

    /// The address with its index computed once, if that takes more than a name.
    fn settle(&mut self, address: &Address, before: Before<'_>, span: Span) -> Address {
        let Some(before) = before else { return address.clone() };
        let granularity = address.granularity();
        let cheap = address.terms.iter().all(|term| self.builder().is_cheap(term.index)) && address.terms.len() <= 1;
        if cheap || granularity == 0 {
            return address.clone();
        }
        let unit = [16, 8, 4, 2, 1].into_iter().find(|&unit| granularity.is_multiple_of(unit)).unwrap_or(1) as i64;
        let terms: Vec<(ExprId, i64)> = address.terms.iter().map(|term| (term.index, term.stride / unit)).collect();
        let index = index_value(&mut self.builder(), &terms, address.constant / unit, span);
        let index = self.builder().bind("at", index, before);
        Address { root: address.root, terms: vec![super::address::Term { index, stride: unit, bound: None }], constant: 0 }
    }

    fn load(&mut self, address: &Address, ty: TypeId, volatile: bool, span: Span, before: Before<'_>) -> Result<ExprId, Refusal> {
        let view = self.view(address.root, span)?;
        if let Some((pointer, found)) = self.place(address, ty, view, span) {
            let value = self.builder().add(Expr::Load { pointer, volatile }, span);
            return Ok(self.as_type(value, found, ty, span));
        }
        let settled = if view.form == Form::Native { address.clone() } else { self.settle(address, before, span) };
        match self.module.tables.types.get(ty) {
            Type::Scalar(Scalar::F64) if !self.features.float64 => Err(Refusal::ValueType { span, what: "double" }),
            Type::Scalar(scalar) if view.form == Form::Words => Ok(self.load_from_words(&settled, scalar, volatile, span)),
            _ => {
                let parts = self.parts(ty, span)?;
                let mut values = Vec::new();
                for (offset, part) in parts {
                    values.push(self.load(&settled.plus(offset), part, volatile, span, None)?);
                }
                Ok(self.builder().add(Expr::Construct { ty, parts: values }, span))
            }
        }
    }

    /// `value` of type `from` as the `to` that the access asked for.
    fn as_type(&mut self, value: ExprId, from: TypeId, to: TypeId, span: Span) -> ExprId {
        match self.module.tables.types.as_scalar(to) {
            Some(scalar) if from != to => self.builder().reinterpret(value, scalar, span),
            _ => value,
        }
    }

    fn load_from_words(&mut self, address: &Address, scalar: Scalar, volatile: bool, span: Span) -> ExprId {
        let pointer = self.word(address, 0, span);
        let word = self.builder().add(Expr::Load { pointer, volatile }, span);
        if scalar.size() == 8 {
            let pointer = self.word(address, 1, span);
            let high = self.builder().add(Expr::Load { pointer, volatile }, span);
            let ty = self.module.tables.types.vector(Scalar::U32, 2);
            let words = self.builder().add(Expr::Construct { ty, parts: vec![word, high] }, span);
            let whole = wide_from_parts(&mut self.builder(), words, span);
            return self.builder().reinterpret(whole, scalar, span);
        }
        let shift = self.shift(address, scalar, span);
        let mut builder = self.builder();
        let bits = builder.binary(BinaryOp::Shr, word, shift, span);
        let mask = if scalar.size() == 1 { 0xff } else { 0xffff };
        let bits = builder.with_constant(BinaryOp::And, bits, mask, span);
        match scalar {
            Scalar::F16 | Scalar::BF16 => {
                let bits = builder.convert(bits, Scalar::U16, span);
                builder.reinterpret(bits, scalar, span)
            }
            _ => builder.convert(bits, scalar, span),
        }
    }

    /// The bit position in its word of a narrow scalar at `address`.
    fn shift(&mut self, address: &Address, scalar: Scalar, span: Span) -> ExprId {
        let byte = self.byte(address, span);
        let inside = if scalar.size() == 1 { 3 } else { 2 };
        let byte = self.builder().with_constant(BinaryOp::And, byte, inside, span);
        self.builder().with_constant(BinaryOp::Shl, byte, 3, span)
    }

    /// Offsets and types of the parts of a type that is moved part by part.
    fn parts(&mut self, ty: TypeId, span: Span) -> Result<Vec<(i64, TypeId)>, Refusal> {
        let types = &mut self.module.tables.types;
        match types.get(ty) {
            Type::Vector { scalar, count } => {
                let part = types.scalar(scalar);
                Ok((0..i64::from(count)).map(|i| (i * scalar.size() as i64, part)).collect())
            }
            Type::Array { element, count: Some(count) } if count <= MOST_ELEMENTS => {
                let size = types.size_of(element) as i64;
                Ok((0..count as i64).map(|i| (i * size, element)).collect())
            }
            Type::Struct(definition) if !types.structs()[definition].is_union => {
                Ok(types.structs()[definition].fields.iter().map(|field| (field.offset as i64, field.ty)).collect())
            }
            Type::Struct(_) => Err(Refusal::Access { span, why: "a union is copied as a whole" }),
            Type::Array { .. } => Err(Refusal::Access { span, why: "a large array is copied as a whole" }),
            _ => Err(Refusal::Access { span, why: "the accesses to this variable do not fit together" }),
        }
    }

    fn store(
        &mut self,
        address: &Address,
        ty: TypeId,
        value: ExprId,
        volatile: bool,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        let view = self.view(address.root, span)?;
        if let Some((pointer, found)) = self.place(address, ty, view, span) {
            let value = self.as_type(value, ty, found, span);
            out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile }, span });
            return Ok(());
        }
        let settled = if view.form == Form::Native { address.clone() } else { self.settle(address, Some(out), span) };
        match self.module.tables.types.get(ty) {
            Type::Scalar(scalar) if view.form == Form::Words => self.store_to_words(&settled, scalar, value, volatile, span, out),
            _ => {
                let value = self.bind_value(value, out);
                for (index, (offset, part)) in self.parts(ty, span)?.into_iter().enumerate() {
                    let part_value = self.extract(value, index as u32, part, span);
                    self.store(&settled.plus(offset), part, part_value, volatile, span, out)?;
                }
                Ok(())
            }
        }
    }

    /// All parts are read before the first is written.
    fn bind_value(&mut self, value: ExprId, out: &mut Vec<Stmt>) -> ExprId {
        let mut builder = self.builder();
        if matches!(builder.expr(value), Expr::Zero(_) | Expr::Let(_)) {
            return value;
        }
        if let Expr::Construct { ty, parts } = builder.expr(value) {
            let span = builder.span(value);
            let parts = parts
                .into_iter()
                .map(|part| if builder.reads_memory(part) { builder.bind("part", part, out) } else { part })
                .collect();
            return builder.add(Expr::Construct { ty, parts }, span);
        }
        let span = builder.span(value);
        let result = builder.function.add_let(Some("whole".into()), builder.ty(value), span);
        out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        builder.add(Expr::Let(result), span)
    }

    fn extract(&mut self, value: ExprId, index: u32, part: TypeId, span: Span) -> ExprId {
        match self.function.expr(value).clone() {
            Expr::Construct { parts, .. } => parts[index as usize],
            Expr::Zero(_) => self.builder().add(Expr::Zero(part), span),
            _ => self.builder().add(Expr::Extract { value, index }, span),
        }
    }

    fn store_to_words(
        &mut self,
        address: &Address,
        scalar: Scalar,
        value: ExprId,
        volatile: bool,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        if scalar.size() == 8 {
            let whole = self.builder().reinterpret(value, Scalar::U64, span);
            let whole = self.builder().bind("wide", whole, out);
            for (more, shift) in [(0, 0), (1, 32)] {
                let part = self.builder().with_constant(BinaryOp::Shr, whole, shift, span);
                let part = super::narrow::truncate(&mut self.builder(), part, Scalar::U32);
                let pointer = self.word(address, more, span);
                out.push(Stmt { kind: StmtKind::Store { pointer, value: part, volatile }, span });
            }
            return Ok(());
        }
        let bits = narrow_bits(&mut self.builder(), value, scalar, span);
        match address.root {
            Root::Global(global) => {
                let byte = self.byte(address, span);
                let byte = self.builder().convert(byte, Scalar::U32, span);
                let function = self.helpers.get(self.module, Helper::StoreNarrow { global, size: scalar.size() }, span);
                let kind = StmtKind::Call { result: None, function, args: vec![byte, bits] };
                out.push(Stmt { kind, span });
            }
            Root::Local(_) | Root::Param(_) => {
                let shift = self.shift(address, scalar, span);
                let pointer = self.word(address, 0, span);
                let mut builder = self.builder();
                let mask = builder.constant(Scalar::U32, if scalar.size() == 1 { 0xff } else { 0xffff }, span);
                let mask = builder.binary(BinaryOp::Shl, mask, shift, span);
                let mask = builder.add(Expr::Unary { op: UnaryOp::BitNot, value: mask }, span);
                let old = builder.load(pointer, span);
                let kept = builder.binary(BinaryOp::And, old, mask, span);
                let bits = builder.binary(BinaryOp::Shl, bits, shift, span);
                let value = builder.binary(BinaryOp::Or, kept, bits, span);
                out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile }, span });
            }
        }
        Ok(())
    }

    fn atomic(&mut self, address: &Address, ty: TypeId, atomic: &Atomic, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = atomic.span;
        let view = self.view(address.root, span)?;
        let scalar = self.module.tables.types.as_scalar(ty);
        let what = match scalar {
            Some(Scalar::I32 | Scalar::U32 | Scalar::F32) => None,
            Some(Scalar::I64 | Scalar::U64) if self.features.atomic_int64 => None,
            Some(Scalar::I64 | Scalar::U64) => Some("64-bit integers"),
            Some(Scalar::F64) => Some("double"),
            _ => Some("this type"),
        };
        let (Some(scalar), None) = (scalar, what) else {
            return Err(Refusal::AtomicType { span, what: what.unwrap_or("this type") });
        };
        let global = match address.root {
            Root::Global(global) if self.module.tables.globals[global].space != Space::Constant => global,
            _ => return Err(Refusal::AtomicType { span, what: "local memory" }),
        };
        let Some((place, found)) = self.place(address, ty, view, span) else {
            return Err(Refusal::Access { span, why: "an atomic operation on a part of a larger element" });
        };
        let Some(found_scalar) = self.module.tables.types.as_scalar(found) else {
            return Err(Refusal::Access { span, why: "an atomic operation on something that is no scalar" });
        };
        if needs_loop(atomic.op, scalar) {
            let index = match self.function.expr(place) {
                Expr::Element { base, index } if matches!(self.function.expr(*base), Expr::GlobalAddr(_)) => Some(*index),
                Expr::GlobalAddr(_) => None,
                _ => return Err(Refusal::Access { span, why: "this atomic operation needs a one-dimensional array" }),
            };
            let helper = Helper::Update { global, op: atomic.op, scalar, indexed: index.is_some() };
            let function = self.helpers.get(self.module, helper, span);
            let mut args: Vec<ExprId> = index.into_iter().map(|index| self.builder().convert(index, Scalar::U32, span)).collect();
            args.push(atomic.value);
            out.push(Stmt { kind: StmtKind::Call { result: atomic.result, function, args }, span });
            return Ok(());
        }
        let value = self.as_type(atomic.value, ty, found, span);
        let compare = atomic.compare.map(|compare| self.as_type(compare, ty, found, span));
        let result = match atomic.result {
            Some(result) if found != ty => {
                let raw = self.function.add_let(None, found, span);
                Some((raw, Some(result)))
            }
            other => other.map(|result| (result, None)),
        };
        let kind = StmtKind::Atomic {
            result: result.map(|(raw, _)| raw),
            op: atomic.op,
            pointer: place,
            value,
            compare,
            scope: atomic.scope,
        };
        out.push(Stmt { kind, span });
        if let Some((raw, Some(result))) = result {
            let value = self.builder().add(Expr::Let(raw), span);
            let value = self.builder().reinterpret(value, scalar, span);
            out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        }
        debug_assert_eq!(found_scalar.size(), scalar.size());
        Ok(())
    }
}

struct Atomic {
    result: Option<LetId>,
    op: AtomicOp,
    value: ExprId,
    compare: Option<ExprId>,
    scope: Scope,
    span: Span,
}

/// Shaders have neither float arithmetic on atomics nor wrapping counters.
fn needs_loop(op: AtomicOp, scalar: Scalar) -> bool {
    match op {
        AtomicOp::Inc | AtomicOp::Dec => true,
        AtomicOp::Add | AtomicOp::Sub | AtomicOp::Min | AtomicOp::Max => scalar.is_float(),
        AtomicOp::And
        | AtomicOp::Or
        | AtomicOp::Xor
        | AtomicOp::Exchange
        | AtomicOp::CompareExchange
        | AtomicOp::Load
        | AtomicOp::Store => false,
    }
}

fn wide_from_parts(builder: &mut Builder<'_>, words: ExprId, span: Span) -> ExprId {
    let Expr::Construct { parts, .. } = builder.expr(words) else { return super::bind::wide_value(builder, words, span) };
    let low = builder.convert(parts[0], Scalar::U64, span);
    let high = builder.convert(parts[1], Scalar::U64, span);
    let high = builder.with_constant(BinaryOp::Shl, high, 32, span);
    builder.binary(BinaryOp::Or, low, high, span)
}

/// The bits of a narrow scalar, in a `u32` whose upper bits are zero.
fn narrow_bits(builder: &mut Builder<'_>, value: ExprId, scalar: Scalar, span: Span) -> ExprId {
    let unsigned = match scalar {
        Scalar::I8 => builder.convert(value, Scalar::U8, span),
        Scalar::I16 => builder.convert(value, Scalar::U16, span),
        Scalar::F16 | Scalar::BF16 => builder.reinterpret(value, Scalar::U16, span),
        _ => value,
    };
    builder.convert(unsigned, Scalar::U32, span)
}
