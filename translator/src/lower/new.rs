//! `new` and `delete` (C++ [expr.new], [expr.delete]): memory of the device's heap (`include/device_malloc.h`), and the lives of objects in it.
//!
//! ```text
//! T* p = new T(x);      p = (T*)malloc(sizeof(T)); if (p != null) { T(p, x) }
//! T* q = new T[n];      q = (T*)__newArray(n, sizeof(T)); if (q != null) { for i in 0..n { T(q + i) } }
//! new (place) T(x);     T((T*)place, x)
//! delete[] q;           if (q != null) { for i in n..0 { ~T(q + i) }; free(q) }
//! ```
//!
//! Where there is no memory left `new` gives null, and constructs nothing.

use super::casts::CastKind;
use super::*;
use crate::sema::NsId;
use ast::Init;
use ir::{BinaryOp, Expr, Scalar, StmtKind};
use source::Code;

/// CUDA guide, "Dynamic Global Memory Allocation": what `malloc` gives is aligned to 16 bytes.
const MALLOC_ALIGN: u64 = 16;

impl<'a> Sema<'a> {
    pub(super) fn lower_new(&mut self, new: &'a ast::New, span: Span) -> Result<Operand<'a>> {
        let (object, count) = match &new.ty.kind {
            ast::TypeKind::Array { element, size: Some(size) } => (self.resolve_type(element)?, Some(&**size)),
            _ => (self.resolve_type(&new.ty)?, None),
        };
        self.check_not_abstract(object, span)?;
        if matches!(self.types.kind(object), TypeKind::Array(..)) && count.is_none() {
            return fail(Code::E0226, "`new` of a named array type is not supported", span);
        }
        if let Some(class) = self.types.as_class(object) {
            self.layout_class(class, span)?;
            let own = [ast::OperatorName::New, ast::OperatorName::NewArray].map(NameKey::Operator);
            if new.placement.is_empty() && own.iter().any(|key| self.class(class).members.contains_key(key)) {
                return fail(Code::E0226, "an `operator new` of a class is not supported", span);
            }
        }
        let (bytes, align) = self.size_and_align(object, span)?;
        if new.placement.is_empty() && align > MALLOC_ALIGN {
            return fail(
                Code::E0226,
                format!("`new` of a type aligned to {align} bytes is not supported: `malloc` aligns to 16"),
                span,
            );
        }
        let count = match count {
            Some(tree) => {
                let operand = self.lower_expr(tree)?;
                let count = self.convert(&operand, CType::SIZE, span)?;
                Some(self.bind(count, None, span))
            }
            None => None,
        };
        let memory = self.memory_for(new, count, bytes, span)?;
        let pointer = self.types.pointer(object);
        let address = self.cast_operand(pointer, memory, CastKind::Reinterpret, span)?;
        let address = self.rvalue(&address)?;
        let address = self.bind(address, None, span);
        let (construction, ()) = self.block(|sema| sema.construct_new(new, object, count, address, span))?;
        if construction.stmts.is_empty() {
            return Ok(Operand::value(pointer, address, span));
        }
        if new.placement.is_empty() {
            let condition = self.truth_of(address, span)?;
            self.push(StmtKind::If { condition, accept: construction, reject: ir::Block::default() }, span);
        } else {
            self.push(StmtKind::Scope(construction), span);
        }
        Ok(Operand::value(pointer, address, span))
    }

    fn memory_for(&mut self, new: &'a ast::New, count: Option<ExprId>, bytes: u64, span: Span) -> Result<Operand<'a>> {
        let bytes = self.size_value(bytes, span);
        match (&new.placement[..], count) {
            ([], None) => self.call_library("malloc", vec![bytes], span),
            ([], Some(count)) => {
                let count = Operand::value(CType::SIZE, count, span);
                self.call_library("__newArray", vec![count, bytes], span)
            }
            ([place], _) => {
                let place = self.lower_expr(place)?;
                let place = self.builtin_operand(&place)?;
                let ty = self.decay(place.ty);
                match *self.types.kind(ty) {
                    TypeKind::Pointer(_) => Ok(place),
                    _ => fail(Code::E0226, "`new` with other arguments than a place is not supported", span),
                }
            }
            _ => fail(Code::E0226, "`new` with several arguments for the allocation is not supported", span),
        }
    }

    fn construct_new(
        &mut self,
        new: &'a ast::New,
        object: CType,
        count: Option<ExprId>,
        address: ExprId,
        span: Span,
    ) -> Result<()> {
        let Some(count) = count else { return self.init_object_at(address, object, new.init.as_ref(), span) };
        // `new T[4]{a, b}`: as an array with these values, the rest zero.
        if let (Some(init @ Init::Braced(list)), Some(length)) = (&new.init, self.fold(count))
            && !list.items.is_empty()
        {
            let array = self.types.array(object, Some(length));
            let pointer = self.types.pointer(array);
            let address = Operand::value(self.types.pointer(object), address, span);
            let address = self.cast_operand(pointer, address, CastKind::Reinterpret, span)?;
            let address = self.rvalue(&address)?;
            return self.init_object_at(address, array, Some(init), span);
        }
        let is_value_initialised = match &new.init {
            None => false,
            Some(Init::Direct { args, .. }) if args.is_empty() => true,
            Some(Init::Braced(list)) if list.items.is_empty() => true,
            Some(_) => return fail(Code::E0226, "`new` of an array with values for its elements needs a constant length", span),
        };
        let count = self.convert_scalar(count, Scalar::U32, span)?;
        let (construction, ()) = self.block(|sema| {
            sema.repeat(count, span, |sema, index| {
                let at = sema.add(Expr::Offset { base: address, index }, span)?;
                if is_value_initialised {
                    let value = sema.default_value(object, span)?;
                    return sema.store_place(Place::Memory(at), object.unqualified(), value, span);
                }
                sema.init_default_at(at, object, span)
            })
        })?;
        // A loop that does nothing is not written.
        let does_something = |stmt: &ir::Stmt| match &stmt.kind {
            StmtKind::Scope(scope) => scope.stmts.iter().any(|stmt| match &stmt.kind {
                StmtKind::Loop { body, .. } => !body.stmts.is_empty(),
                _ => false,
            }),
            _ => true,
        };
        if construction.stmts.iter().any(does_something) {
            construction.stmts.into_iter().for_each(|stmt| self.push(stmt.kind, stmt.span));
        }
        Ok(())
    }

    pub(super) fn lower_delete(&mut self, array: bool, operand: &'a ast::Expr, span: Span) -> Result<Operand<'a>> {
        let operand = self.lower_expr(operand)?;
        let operand = self.builtin_operand(&operand)?;
        let TypeKind::Pointer(object) = *self.types.kind(operand.ty) else {
            return fail(Code::E0226, "`delete` of what is no pointer is not supported", span);
        };
        let address = self.rvalue(&operand)?;
        let address = self.bind(address, None, span);
        let memory = Operand::value(operand.ty, address, span);
        // An array is of the class that it says ([expr.delete]/3).
        if let Some(class) = self.types.as_class(object).filter(|class| !array && self.class(*class).polymorphic) {
            let (ends, ()) = self.block(|sema| sema.delete_virtual(address, class, span))?;
            let condition = self.truth_of(address, span)?;
            self.push(StmtKind::If { condition, accept: ends, reject: ir::Block::default() }, span);
            return Ok(Operand::void(span));
        }
        if self.needs_cleanup(object)? {
            let (ends, ()) = self.block(|sema| match array {
                false => sema.destroy(address, object, span),
                true => sema.destroy_elements(memory.clone(), address, object, span),
            })?;
            let condition = self.truth_of(address, span)?;
            self.push(StmtKind::If { condition, accept: ends, reject: ir::Block::default() }, span);
        }
        let void = self.types.pointer(CType::VOID);
        let memory = self.cast_operand(void, memory, CastKind::C, span)?;
        self.call_library("free", vec![memory], span)
    }

    /// From the last to the first.
    fn destroy_elements(&mut self, memory: Operand<'a>, address: ExprId, object: CType, span: Span) -> Result<()> {
        let void = self.types.pointer(CType::VOID);
        let memory = self.cast_operand(void, memory, CastKind::C, span)?;
        let count = self.call_library("__arrayLength", vec![memory], span)?;
        let count = self.rvalue(&count)?;
        let count = self.bind(count, None, span);
        self.repeat(count, span, |sema, index| {
            let one = sema.constant(Scalar::U32, 1, span);
            let last = sema.binary(BinaryOp::Sub, count, one, span)?;
            let index = sema.binary(BinaryOp::Sub, last, index, span)?;
            let at = sema.add(Expr::Offset { base: address, index }, span)?;
            sema.destroy(at, object, span)
        })
    }

    /// A function of the shipped headers.
    pub(super) fn call_library(&mut self, name: &str, args: Vec<Operand<'a>>, span: Span) -> Result<Operand<'a>> {
        let entities = self.lookup_in_namespace(NsId(0), NameKey::Ident(Symbol::new(name)));
        let name = name.to_string();
        let set = FunctionSet { entities, args: None, object: None, by_arguments: None, is_qualified: true, name };
        self.call_set(set, args, span)
    }

    /// `for (T i = 0; i < count; ++i) work(i)`, with the count's type.
    pub(super) fn repeat(&mut self, count: ExprId, span: Span, work: impl FnOnce(&mut Self, ExprId) -> Result<()>) -> Result<()> {
        let ty = self.ir_ty(count);
        let scalar = self.scalar_of(count).unwrap_or(Scalar::U32);
        let zero = self.constant(scalar, 0, span);
        let (scope, ()) = self.block(|sema| {
            let local = sema.declare_temporary(ty, Some(zero), span);
            let counter = sema.local_addr(local, span);
            let index = sema.load(counter, false, span)?;
            let condition = sema.binary(BinaryOp::Lt, index, count, span)?;
            // Temporaries of one turn end with it ([class.temporary]/5).
            let (body, ()) = sema.block(|sema| sema.full_expression(|sema| work(sema, index)))?;
            let (update, ()) = sema.block(|sema| {
                let one = sema.constant(scalar, 1, span);
                let next = sema.binary(BinaryOp::Add, index, one, span)?;
                sema.push(StmtKind::Store { pointer: counter, value: next, volatile: false }, span);
                Ok(())
            })?;
            let form = ir::LoopForm::For;
            sema.push(StmtKind::Loop { form, condition: Some(condition), body, update, until: None, unroll: None }, span);
            Ok(())
        })?;
        self.push(StmtKind::Scope(scope), span);
        Ok(())
    }
}
