//! 8- and 16-bit integers become 32-bit ones that hold the extended value, because shaders compute in 32 bits.
//!
//! ```text
//! let c: u8 = u8(x)               let c: u32 = x & 255
//! let d: i8 = i8(x)               let d: i32 = x << 24 >> 24
//! var a: [u8; 16]                 var a: [u32; 16]
//! ```
//!
//! C computes nothing in less than 32 bits, so what is left are conversions, and those cut.
//!
//! *Needs*: buffers are words where they hold narrow scalars (`access`). *Leaves*: no type of 8 or 16 bits but `f16`
//! where the target has it.

use super::Refusal;
use super::rewrite::{Builder, sign_extend};
use ir::{
    Arena, BinaryOp, Block, Expr, ExprData, ExprId, Field, FuncId, MathFn, Module, Scalar, Space, Stmt, StmtKind, Struct, Tables,
    Type, TypeId, UnaryOp,
};
use rustc_hash::FxHashMap;
use source::Span;

pub(super) fn run(module: &mut Module) -> Result<(), Refusal> {
    let mut widener = Widener { types: FxHashMap::default() };
    let shared: Vec<_> =
        module.tables.globals.iter().filter(|(_, global)| global.space == Space::Shared).map(|(id, _)| id).collect();
    for id in shared {
        let ty = module.tables.globals[id].ty;
        module.tables.globals[id].ty = widener.ty(&mut module.tables, ty);
    }
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let function = &mut module.functions[id];
        function.result = widener.ty(&mut module.tables, function.result);
        for param in &mut function.params {
            param.ty = widener.ty(&mut module.tables, param.ty);
        }
        let body = std::mem::take(&mut function.body);
        // The new expressions come into an arena of their own; the old ones say what a conversion came from.
        let old = std::mem::take(&mut function.exprs);
        function.exprs.reserve(old.len());
        for (_, local) in function.locals.iter_mut() {
            local.ty = widener.ty(&mut module.tables, local.ty);
        }
        for (_, binding) in function.lets.iter_mut() {
            binding.ty = widener.ty(&mut module.tables, binding.ty);
        }
        let mut rewriter = Rewriter {
            done: vec![None; old.len()],
            old: &old,
            builder: Builder { tables: &mut module.tables, function },
            widener: &mut widener,
        };
        let body = rewriter.block(body)?;
        function.body = body;
    }
    Ok(())
}

struct Widener {
    types: FxHashMap<TypeId, TypeId>,
}

impl Widener {
    fn scalar(&self, scalar: Scalar) -> Scalar {
        match scalar {
            Scalar::I8 | Scalar::I16 => Scalar::I32,
            Scalar::U8 | Scalar::U16 => Scalar::U32,
            other => other,
        }
    }

    fn ty(&mut self, tables: &mut Tables, id: TypeId) -> TypeId {
        if let Some(&new) = self.types.get(&id) {
            return new;
        }
        let new = match tables.types.get(id) {
            Type::Scalar(scalar) => tables.types.scalar(self.scalar(scalar)),
            Type::Vector { scalar, count } => tables.types.vector(self.scalar(scalar), count),
            Type::Array { element, count } => {
                let element = self.ty(tables, element);
                tables.types.array(element, count)
            }
            // Left over in types that nothing uses any more; structs may go round in circles through them.
            Type::Pointer { pointee, .. } if tables.types.has_pointer(pointee) => id,
            Type::Pointer { pointee, space } => {
                let pointee = self.ty(tables, pointee);
                tables.types.pointer(pointee, space)
            }
            Type::Struct(definition) => self.structure(tables, id, definition),
            Type::Void => id,
        };
        self.types.insert(id, new);
        new
    }

    fn structure(&mut self, tables: &mut Tables, id: TypeId, definition: ir::StructId) -> TypeId {
        let source = tables.types.structs()[definition].clone();
        if source.fields.is_empty() {
            return empty_struct(tables, source);
        }
        let fields: Vec<TypeId> = source.fields.iter().map(|field| self.ty(tables, field.ty)).collect();
        if source.fields.iter().map(|field| field.ty).eq(fields.iter().copied()) {
            return id;
        }
        let (mut end, mut align) = (0u64, 1);
        let mut widened = Vec::new();
        for (field, ty) in source.fields.iter().zip(fields) {
            let offset = end.next_multiple_of(tables.types.align_of(ty));
            align = align.max(tables.types.align_of(ty));
            end = offset + tables.types.size_of(ty);
            widened.push(Field { name: field.name.clone(), ty, offset });
        }
        let size = end.next_multiple_of(align);
        tables.types.add_struct(Struct { name: source.name, fields: widened, size, align, is_union: false }, Span::NONE)
    }
}

/// Shader structs have at least one member (WGSL specification, "Structure Types"); C++'s may be empty.
fn empty_struct(tables: &mut Tables, source: Struct) -> TypeId {
    let ty = tables.types.scalar(Scalar::U32);
    let fields = vec![Field { name: "empty".into(), ty, offset: 0 }];
    tables.types.add_struct(Struct { fields, size: 4, align: 4, ..source }, Span::NONE)
}

struct Rewriter<'a> {
    old: &'a Arena<ExprData>,
    builder: Builder<'a>,
    widener: &'a mut Widener,
    /// By the old handle.
    done: Vec<Option<ExprId>>,
}

impl Rewriter<'_> {
    fn block(&mut self, mut block: Block) -> Result<Block, Refusal> {
        for stmt in &mut block.stmts {
            self.stmt(stmt)?;
        }
        Ok(block)
    }

    fn stmt(&mut self, stmt: &mut Stmt) -> Result<(), Refusal> {
        if let StmtKind::Switch { selector, cases } = &mut stmt.kind {
            self.widen_labels(*selector, cases);
        }
        stmt.kind.try_operands_mut(|operand| {
            *operand = self.value(*operand)?;
            Ok(())
        })?;
        for nested in stmt.kind.blocks_mut() {
            *nested = self.block(std::mem::take(nested))?;
        }
        Ok(())
    }

    fn widen_labels(&self, selector: ExprId, cases: &mut [ir::Case]) {
        let Some(scalar) = self.old_scalar(selector).filter(|scalar| scalar.size() < 4) else { return };
        for value in cases.iter_mut().flat_map(|case| &mut case.values) {
            *value = sign_extend(scalar, *value) as u64 & 0xffff_ffff;
        }
    }

    fn old_scalar(&self, id: ExprId) -> Option<Scalar> {
        self.builder.tables.types.as_scalar(self.old[id].ty)
    }

    fn value(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        if let Some(new) = self.done[id.index()] {
            return Ok(new);
        }
        let new = self.rebuilt(id)?;
        self.done[id.index()] = Some(new);
        Ok(new)
    }

    fn rebuilt(&mut self, id: ExprId) -> Result<ExprId, Refusal> {
        let span = self.old.span(id);
        let old: &Expr = &self.old[id].expr;
        let mut expr = old.clone();
        expr.try_operands_mut(|operand| {
            *operand = self.value(*operand)?;
            Ok(())
        })?;
        // What was asked about its type is the old operand.
        match *old {
            Expr::Const { scalar, bits } if is_narrow(scalar) => {
                return Ok(self.builder.constant(self.widener.scalar(scalar), sign_extend(scalar, bits), span));
            }
            Expr::NamedConst(constant) if is_narrow(self.builder.tables.constants[constant].scalar) => {
                let constant = &self.builder.tables.constants[constant];
                let (scalar, bits) = (constant.scalar, constant.bits);
                return Ok(self.builder.constant(self.widener.scalar(scalar), sign_extend(scalar, bits), span));
            }
            Expr::Convert { value, to } => {
                let Some(from) = self.old_scalar(value) else { return Err(not_scalar(span)) };
                let value = self.value(value)?;
                return Ok(self.convert(value, from, to, span));
            }
            Expr::Bitcast { value, to } => {
                let from = self.old[value].ty;
                let value = self.value(value)?;
                return self.bitcast(value, from, to, span);
            }
            Expr::Binary { op, a, b } => {
                let (left, right) = (self.value(a)?, self.value(b)?);
                let new = self.builder.binary(op, left, right, span);
                return Ok(match self.old_scalar(a).filter(|&scalar| is_narrow(scalar)) {
                    Some(scalar) if !op.is_comparison() && !keeps_range(op) => self.cut(new, scalar, span),
                    _ => new,
                });
            }
            Expr::Unary { op, value } => {
                let new = self.value(value)?;
                let new = self.builder.add(Expr::Unary { op, value: new }, span);
                return Ok(match self.old_scalar(value).filter(|&scalar| is_narrow(scalar)) {
                    Some(scalar) if op != UnaryOp::Not => self.cut(new, scalar, span),
                    _ => new,
                });
            }
            Expr::Construct { ty, ref parts } if parts.is_empty() => {
                let ty = self.widener.ty(self.builder.tables, ty);
                return Ok(self.builder.add(Expr::Zero(ty), span));
            }
            _ => {}
        }
        if let Expr::Zero(ty) | Expr::Undef(ty) | Expr::Construct { ty, .. } = &mut expr {
            *ty = self.widener.ty(self.builder.tables, *ty);
        }
        let ty = self.widener.ty(self.builder.tables, self.old[id].ty);
        debug_assert_eq!(ir::infer(self.builder.tables, self.builder.function, &expr), Ok(ty));
        Ok(self.builder.function.exprs.add(ExprData { expr, ty }, span))
    }

    fn convert(&mut self, value: ExprId, from: Scalar, to: Scalar, span: Span) -> ExprId {
        if !is_narrow(to) {
            return self.builder.convert(value, to, span);
        }
        let wide = self.widener.scalar(to);
        if from.is_float() {
            return self.saturate(value, to, wide, span);
        }
        let value = if from.size() == 8 {
            super::narrow::truncate(&mut self.builder, value, wide)
        } else {
            self.builder.convert(value, wide, span)
        };
        let fits = from == Scalar::Bool || from.bits() < to.bits() && (to.is_signed() || !from.is_signed()) || from == to;
        if fits || self.is_small(value, to) { value } else { self.cut(value, to, span) }
    }

    /// Is the value known to lie in the unsigned range?
    fn is_small(&self, value: ExprId, to: Scalar) -> bool {
        let most = (1i64 << (to.bits() - u32::from(to.is_signed()))) - 1;
        match self.builder.expr(value) {
            Expr::Binary { op: BinaryOp::And, a, b } => {
                [a, b].iter().any(|&side| self.builder.const_value(side).is_some_and(|mask| (0..=most).contains(&mask)))
            }
            Expr::Const { .. } => self.builder.const_value(value).is_some_and(|value| (0..=most).contains(&value)),
            Expr::Convert { value, .. } => self.builder.scalar_of(value).is_some_and(Scalar::is_int) && self.is_small(value, to),
            _ => false,
        }
    }

    /// The low bits of `value`, extended again.
    fn cut(&mut self, value: ExprId, to: Scalar, span: Span) -> ExprId {
        let bits = i64::from(to.bits());
        if to.is_signed() {
            let up = self.builder.with_constant(BinaryOp::Shl, value, 32 - bits, span);
            return self.builder.with_constant(BinaryOp::Shr, up, 32 - bits, span);
        }
        self.builder.with_constant(BinaryOp::And, value, (1 << bits) - 1, span)
    }

    fn saturate(&mut self, value: ExprId, to: Scalar, wide: Scalar, span: Span) -> ExprId {
        let builder = &mut self.builder;
        let value = builder.convert(value, wide, span);
        let (least, most) = match to.is_signed() {
            true => (-(1i64 << (to.bits() - 1)), (1i64 << (to.bits() - 1)) - 1),
            false => (0, (1i64 << to.bits()) - 1),
        };
        let most = builder.constant(wide, most, span);
        let value = builder.add(Expr::Math { function: MathFn::Min, args: vec![value, most] }, span);
        if least == 0 {
            return value;
        }
        let least = builder.constant(wide, least, span);
        builder.add(Expr::Math { function: MathFn::Max, args: vec![value, least] }, span)
    }

    /// Narrow scalars and vectors of them through a word.
    fn bitcast(&mut self, value: ExprId, from: TypeId, to: TypeId, span: Span) -> Result<ExprId, Refusal> {
        let types = &self.builder.tables.types;
        let shape = |ty| match types.get(ty) {
            Type::Scalar(scalar) => Some((scalar, 1)),
            Type::Vector { scalar, count } => Some((scalar, count)),
            _ => None,
        };
        let (Some((from_scalar, from_count)), Some((to_scalar, to_count))) = (shape(from), shape(to)) else {
            return Err(not_scalar(span));
        };
        if !is_narrow(from_scalar) && !is_narrow(to_scalar) {
            return Ok(self.builder.add(Expr::Bitcast { value, to }, span));
        }
        if from_count == 1 && to_count == 1 && from_scalar.is_int() && to_scalar.is_int() {
            return Ok(self.convert(value, from_scalar, to_scalar, span));
        }
        let whole = self.builder.tables.types.size_of(from);
        if whole != 4 || from_scalar.is_float() && from_scalar.size() != 4 || to_scalar.is_float() && to_scalar.size() != 4 {
            return Err(Refusal::Access { span, why: "these bits cannot be read as that type" });
        }
        let word = if from_count == 1 {
            self.builder.reinterpret(value, Scalar::U32, span)
        } else {
            self.pack(value, from_scalar, from_count, span)
        };
        if to_count == 1 {
            return Ok(self.builder.reinterpret(word, to_scalar, span));
        }
        let mut parts = Vec::new();
        for index in 0..i64::from(to_count) {
            let part = self.builder.with_constant(BinaryOp::Shr, word, index * i64::from(to_scalar.bits()), span);
            parts.push(self.convert(part, Scalar::U32, to_scalar, span));
        }
        let ty = self.widener.ty(self.builder.tables, to);
        Ok(self.builder.add(Expr::Construct { ty, parts }, span))
    }

    fn pack(&mut self, value: ExprId, scalar: Scalar, count: u8, span: Span) -> ExprId {
        let mut word = self.builder.constant(Scalar::U32, 0, span);
        for index in 0..u32::from(count) {
            let part = self.builder.add(Expr::Extract { value, index }, span);
            let part = self.builder.convert(part, Scalar::U32, span);
            let part = self.builder.with_constant(BinaryOp::And, part, (1 << scalar.bits()) - 1, span);
            let part = self.builder.with_constant(BinaryOp::Shl, part, i64::from(index * scalar.bits()), span);
            word = self.builder.binary(BinaryOp::Or, word, part, span);
        }
        word
    }
}

fn is_narrow(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::I8 | Scalar::I16 | Scalar::U8 | Scalar::U16)
}

/// Does the operation on extended values give an extended value? A quotient does not: by zero it has all bits set, and the
/// smallest number divided by -1 does not fit.
fn keeps_range(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::And | BinaryOp::Or | BinaryOp::Xor | BinaryOp::Rem | BinaryOp::Shr)
}

fn not_scalar(span: Span) -> Refusal {
    Refusal::Internal { span, what: "a conversion of something that is no scalar".into() }
}
