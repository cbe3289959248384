//! Rewrites every access to go through its variable's view.
//!
//! ```text
//! let v = cast<*global f32x4>(x)[i]     x: [f32]    let v = f32x4(x[i * 4], x[i * 4 + 1], x[i * 4 + 2], x[i * 4 + 3])
//! let c = b[i]   (u8)                   b: [u32]    let c = u8(b[i >> 2] >> ((i & 3) << 3) & 255)
//! b[i] = c                              b: [u32]    call store8_b(i, u32(c))
//! ((int4*)b)[i] = v             b: [u32]    cast<*global [i32x4]>(&b)[i] = v                     where the target has such views
//! m = x[i]  (a large struct)            x: [u32]    for k in 0..100 { m.a[k] = f32(x[i * 107 + k]) } ...
//! ```
//!
//! A variable with atomics is made of the widest words that it has atomics on; narrower accesses and atomics go through the word
//! that holds them ([`helpers`](super::helpers)), so that no thread's change is lost.
//!
//! *Needs*: the views. *Leaves*: `Load`, `Store` and `Atomic` on chains of `Field` and `Element` alone; variables have their
//! views' types. Narrow and 64-bit scalars are still there as values.

mod atomics;
mod in_view;
mod large;
mod packed;

use self::atomics::Atomic;
use super::address::{Address, Root, Term, chain_address, emit_steps, index_value, plan, pointee, root_expr};
use super::helpers::{Helper, Helpers};
use super::narrow::truncate;
use super::rewrite::Builder;
use super::views::{Form, View, Views};
use super::words::{bit_position, bits_of, others_in_word, part_of_word, with_part};
use super::{Options, Refusal};
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, Function, FunctionKind, LocalId, Module, Scalar, Stmt, StmtKind, Type, TypeId};
use source::Span;

/// Values of more scalars than this are copied by loops.
const MOST_ELEMENTS: u64 = 32;

pub(super) fn run(module: &mut Module, views: &Views, options: &Options) -> Result<(), Refusal> {
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
        let used = used_values(&function);
        let body = std::mem::take(&mut function.body);
        let mut rewriter = Rewriter { module, function: &mut function, id, views, options, helpers: &mut helpers, used };
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
    options: &'a Options,
    helpers: &'a mut Helpers,
    /// Of the bound values, by handle: does something read it?
    used: Vec<bool>,
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
                if let Some(source) = self.large_source(value, out)? {
                    let address = self.address(pointer, Some(out))?;
                    let ty = self.builder().ty(value);
                    return self.copy(&address, &source, ty, volatile, span, out);
                }
                let value = self.value(value, Some(out))?;
                let address = self.address(pointer, Some(out))?;
                let ty = pointee(&self.builder(), pointer);
                return self.store(&address, ty, value, volatile, span, out);
            }
            StmtKind::Declare { local, init: None } => return self.declare_undefined(local, span, out),
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
                stmt.kind.try_operands_mut(|operand| {
                    *operand = self.value(*operand, Some(out))?;
                    Ok(())
                })?;
                for nested in stmt.kind.blocks_mut() {
                    *nested = self.block(std::mem::take(nested))?;
                }
            }
        }
        out.push(stmt);
        Ok(())
    }

    fn declare_undefined(&mut self, local: LocalId, span: Span, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let mut init = None;
        if matches!(self.view(Root::Local(local), span)?.form, Form::Words(_)) {
            // Parts of words are read before all of a word is written.
            let zero = Expr::Zero(self.function.locals[local].ty);
            init = Some(self.builder().add(zero, span));
        }
        out.push(Stmt { kind: StmtKind::Declare { local, init }, span });
        Ok(())
    }

    fn declare(&mut self, local: LocalId, value: ExprId, span: Span, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        if let Some(source) = self.large_source(value, out)? {
            self.declare_undefined(local, span, out)?;
            let ty = self.builder().ty(value);
            return self.copy(&Address::of(Root::Local(local)), &source, ty, false, span, out);
        }
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
        let mut changed = false;
        match expr {
            Expr::Load { pointer, volatile } => {
                let address = self.address(pointer, before.as_deref_mut())?;
                return self.load(&address, self.function.ty(id), volatile, span, before);
            }
            Expr::LocalAddr(_) | Expr::GlobalAddr(_) => return Ok(id),
            _ => {
                let is_lazy = matches!(expr, Expr::Select { .. } | Expr::Logical { .. });
                let mut is_first = true;
                expr.try_operands_mut(|operand| {
                    let before = before.as_deref_mut().filter(|_| is_first || !is_lazy);
                    is_first = false;
                    let value = self.value(*operand, before)?;
                    changed |= value != *operand;
                    *operand = value;
                    Ok(())
                })?;
            }
        }
        if let Expr::Extract { value, index } = &expr
            && let Expr::Construct { parts, .. } = self.function.expr(*value)
        {
            return Ok(parts[*index as usize]);
        }
        Ok(if changed { self.builder().add(expr, span) } else { id })
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
        let wanted = match (view.form, scalar) {
            (Form::Words(word), _) => {
                let is_word = scalar.is_some_and(|scalar| scalar.size() == word.size());
                return is_word.then(|| (self.word(address, word, 0, span), self.module.tables.types.scalar(word)));
            }
            (Form::Flat(flat), Some(scalar)) if scalar.size() == flat.size() => self.module.tables.types.scalar(flat),
            (Form::Flat(_) | Form::Native, _) => ty,
        };
        let (steps, found) = plan(&self.module.tables.types, view.ty, address, wanted)?;
        let root = root_expr(&mut self.builder(), address.root, span);
        let place = emit_steps(&mut self.builder(), root, address, &steps, span);
        Some((place, found))
    }

    /// The address of word number `more` behind the one that holds the byte at `address`.
    fn word(&mut self, address: &Address, word: Scalar, more: i64, span: Span) -> ExprId {
        let size = word.size() as i64;
        let index = if address.granularity().is_multiple_of(word.size()) {
            let terms: Vec<(ExprId, i64)> = address.terms.iter().map(|term| (term.index, term.stride / size)).collect();
            index_value(&mut self.builder(), &terms, address.constant / size + more, span)
        } else {
            let byte = self.byte(address, span);
            let index = self.builder().with_constant(BinaryOp::Shr, byte, size.ilog2().into(), span);
            self.builder().with_constant(BinaryOp::Add, index, more, span)
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
        Address { root: address.root, terms: vec![Term { index, stride: unit, bound: None }], constant: 0 }
    }

    fn load(
        &mut self,
        address: &Address,
        ty: TypeId,
        volatile: bool,
        span: Span,
        mut before: Before<'_>,
    ) -> Result<ExprId, Refusal> {
        let view = self.view(address.root, span)?;
        if let Some((pointer, found)) = self.place(address, ty, view, span) {
            let value = self.builder().add(Expr::Load { pointer, volatile }, span);
            return Ok(self.as_type(value, found, ty, span));
        }
        if let Some(pointer) = self.place_in_wide_view(address, ty, span) {
            return Ok(self.builder().add(Expr::Load { pointer, volatile }, span));
        }
        if self.is_large(ty) {
            return self.copied(address, ty, volatile, span, before);
        }
        let settled = match before.as_deref_mut() {
            Some(before) if view.form != Form::Native => self.settle(address, Some(before), span),
            _ => address.clone(),
        };
        if let (Form::Words(Scalar::U32), Some(before)) = (view.form, before)
            && self.is_packed(&settled, ty)
        {
            return self.load_packed(&settled, ty, volatile, span, before);
        }
        match (self.module.tables.types.get(ty), view.form) {
            (Type::Scalar(scalar), Form::Words(word)) => Ok(self.load_from_words(&settled, scalar, word, volatile, span)),
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

    fn load_from_words(&mut self, address: &Address, scalar: Scalar, word: Scalar, volatile: bool, span: Span) -> ExprId {
        let pointer = self.word(address, word, 0, span);
        let low = self.builder().add(Expr::Load { pointer, volatile }, span);
        if scalar.size() > word.size() {
            let pointer = self.word(address, word, 1, span);
            let high = self.builder().add(Expr::Load { pointer, volatile }, span);
            let ty = self.module.tables.types.vector(Scalar::U32, 2);
            let words = self.builder().add(Expr::Construct { ty, parts: vec![low, high] }, span);
            let whole = wide_from_parts(&mut self.builder(), words, span);
            return self.builder().reinterpret(whole, scalar, span);
        }
        let byte = self.byte(address, span);
        let shift = bit_position(&mut self.builder(), byte, scalar, word, span);
        part_of_word(&mut self.builder(), low, shift, scalar, span)
    }

    /// Offsets and types of the parts of a type that is moved part by part.
    fn parts(&mut self, ty: TypeId, span: Span) -> Result<Vec<(i64, TypeId)>, Refusal> {
        let types = &mut self.module.tables.types;
        match types.get(ty) {
            Type::Vector { scalar, count } => {
                let part = types.scalar(scalar);
                Ok((0..i64::from(count)).map(|i| (i * scalar.size() as i64, part)).collect())
            }
            Type::Array { element, count: Some(count) } => {
                let size = types.size_of(element) as i64;
                Ok((0..count as i64).map(|i| (i * size, element)).collect())
            }
            Type::Struct(definition) => {
                Ok(types.structs()[definition].fields.iter().map(|field| (field.offset as i64, field.ty)).collect())
            }
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
        if let Some(pointer) = self.place_in_wide_view(address, ty, span) {
            out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile }, span });
            return Ok(());
        }
        if self.is_large(ty) {
            return self.store_large(address, ty, value, volatile, span, out);
        }
        let settled = if view.form == Form::Native { address.clone() } else { self.settle(address, Some(out), span) };
        if view.form == Form::Words(Scalar::U32) && self.is_packed(&settled, ty) {
            return self.store_packed(&settled, ty, value, volatile, span, out);
        }
        match (self.module.tables.types.get(ty), view.form) {
            (Type::Scalar(scalar), Form::Words(word)) => {
                self.store_to_words(&settled, scalar, word, value, volatile, span, out);
                Ok(())
            }
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
        let result = builder.made_let("whole", builder.ty(value), span);
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

    #[allow(clippy::too_many_arguments)]
    fn store_to_words(
        &mut self,
        address: &Address,
        scalar: Scalar,
        word: Scalar,
        value: ExprId,
        volatile: bool,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        if scalar.size() > word.size() {
            for (more, part) in self.halves(value, span, out).into_iter().enumerate() {
                let pointer = self.word(address, word, more as i64, span);
                out.push(Stmt { kind: StmtKind::Store { pointer, value: part, volatile }, span });
            }
            return;
        }
        let byte = self.byte(address, span);
        let bits = bits_of(&mut self.builder(), value, scalar, span);
        match address.root {
            Root::Global(global) => {
                let helper = Helper::StorePart { global, size: scalar.size(), word };
                let function = self.helpers.get(self.module, helper, span);
                let kind = StmtKind::Call { result: None, function, args: vec![byte, bits] };
                out.push(Stmt { kind, span });
            }
            Root::Local(_) | Root::Param(_) => {
                let pointer = self.word(address, word, 0, span);
                let shift = bit_position(&mut self.builder(), byte, scalar, word, span);
                let mut builder = self.builder();
                let others = others_in_word(&mut builder, shift, scalar, word, span);
                let old = builder.load(pointer, span);
                let value = with_part(&mut builder, old, others, bits, shift, word, span);
                out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile }, span });
            }
        }
    }

    /// Those of a literal, and of an extended 32-bit integer.
    fn known_halves(&mut self, value: ExprId, span: Span, out: &mut Vec<Stmt>) -> Option<[ExprId; 2]> {
        let mut builder = self.builder();
        if let Some(known) = builder.const_value(value) {
            return Some([known, known >> 32].map(|half| builder.constant(Scalar::U32, half & 0xffff_ffff, span)));
        }
        let Expr::Convert { value: mut narrow, mut to } = builder.expr(value) else { return None };
        // `(unsigned long long)(long long)i` extends as the inner conversion says.
        while let Expr::Convert { value: inner, to: between } = builder.expr(narrow)
            && between.is_int()
            && between.size() == 8
        {
            (narrow, to) = (inner, between);
        }
        let from = builder.scalar_of(narrow).filter(|from| from.is_int() && from.size() <= 4 && to.is_int() && to.size() == 8)?;
        let wide = if from.is_signed() { Scalar::I32 } else { Scalar::U32 };
        let narrow = builder.convert(narrow, wide, span);
        let narrow = builder.bind("narrow", narrow, out);
        let low = builder.convert(narrow, Scalar::U32, span);
        let high = match from.is_signed() {
            true => builder.with_constant(BinaryOp::Shr, narrow, 31, span),
            false => builder.constant(Scalar::U32, 0, span),
        };
        Some([low, builder.convert(high, Scalar::U32, span)])
    }

    /// The low and the high word of a 64-bit value.
    fn halves(&mut self, value: ExprId, span: Span, out: &mut Vec<Stmt>) -> [ExprId; 2] {
        if let Some(halves) = self.known_halves(value, span, out) {
            return halves;
        }
        let whole = self.builder().reinterpret(value, Scalar::U64, span);
        let whole = self.builder().bind("wide", whole, out);
        [0, 32].map(|shift| {
            let part = self.builder().with_constant(BinaryOp::Shr, whole, shift, span);
            truncate(&mut self.builder(), part, Scalar::U32)
        })
    }
}

/// Bound values that something reads.
fn used_values(function: &Function) -> Vec<bool> {
    let mut used = vec![false; function.lets.len()];
    for (_, expr) in function.evaluated() {
        if let Expr::Let(bound) = expr {
            used[bound.index()] = true;
        }
    }
    used
}

fn wide_from_parts(builder: &mut Builder<'_>, words: ExprId, span: Span) -> ExprId {
    let Expr::Construct { parts, .. } = builder.expr(words) else { return super::bind::wide_value(builder, words, span) };
    let low = builder.convert(parts[0], Scalar::U64, span);
    let high = builder.convert(parts[1], Scalar::U64, span);
    let high = builder.with_constant(BinaryOp::Shl, high, 32, span);
    builder.binary(BinaryOp::Or, low, high, span)
}
