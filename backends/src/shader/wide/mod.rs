//! 64-bit integers and doubles as two words each, for targets without them.
//!
//! ```text
//! var sum: u64 = 0                       var sum: u32x2 = u32x2(0, 0)
//! sum = sum + u64(x[i]) * k              sum = add64(sum, mul64(u32x2(x[i], 0), k))
//! if y < 0.5                 (double)    if f64Lt(y, u32x2(0, 0x3fe00000))
//! ```
//!
//! The low word comes first, so that memory holds what the host reads. What takes one or two operations on words is written in place:
//! conversions to and from 32 bits, the halves of a value, a value from two halves. All else is a call of a function of the
//! [`library`], which is CUDA C++ ([`soft/`](soft)), tested against the CPU's own numbers and translated like a user's.
//!
//! Vectors become arrays of pairs of words. Structs keep their offsets.
//!
//! *Needs*: no narrow integers (`values`), switches on 32 bits (`narrow`). *Leaves*: no `i64`, `u64` and `f64` where the target has
//! none.

mod convert;
mod expr;
mod library;

use super::rewrite::Builder;
use super::{Features, Refusal};
use ir::{
    Block, Expr, ExprId, Field, FuncId, Function, FunctionKind, MathFn, Module, Scalar, StmtKind, Struct, Tables, Type, TypeId,
};
use library::Library;
pub use library::soft_functions;
use rustc_hash::FxHashMap;
use source::Span;

pub(super) fn run(module: &mut Module, features: Features) -> Result<(), Refusal> {
    let mut types = Words { features, fma_is_fused: true, known: FxHashMap::default() };
    if types.are_needed(module) { rewrite(module, &mut types) } else { Ok(()) }
}

/// Is there a fused multiply-add of doubles?
pub(super) fn has_fma(module: &Module) -> bool {
    module.functions.iter().any(|(_, function)| fuses(&module.tables, function))
}

fn fuses(tables: &Tables, function: &Function) -> bool {
    let is_double = |arg: &ExprId| tables.types.as_scalar(function.ty(*arg)) == Some(Scalar::F64);
    let is_fma = |expr: &Expr| matches!(expr, Expr::Math { function: MathFn::Fma, args } if args.iter().any(is_double));
    // Most functions have none, and a look along the arena is the cheapest question.
    function.exprs.iter().any(|(_, data)| is_fma(&data.expr)) && function.evaluated().any(|(_, expr)| is_fma(expr))
}

/// Replaces fused multiply-adds of doubles alone, for a target that has doubles and rounds twice.
pub(super) fn replace_fma(module: &mut Module) -> Result<(), Refusal> {
    let features = Features { int64: true, float64: true, ..Features::default() };
    rewrite(module, &mut Words { features, fma_is_fused: false, known: FxHashMap::default() })
}

fn rewrite(module: &mut Module, types: &mut Words) -> Result<(), Refusal> {
    let globals: Vec<_> = module.tables.globals.handles().collect();
    for id in globals {
        let ty = module.tables.globals[id].ty;
        module.tables.globals[id].ty = types.ty(&mut module.tables, ty);
    }
    let mut library = Library::default();
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        if types.fma_is_fused && !types.concern(&mut module.tables, &module.functions[id]) {
            continue;
        }
        let empty = Function::new("", FunctionKind::Device, module.functions[id].result, Span::NONE);
        let mut function = std::mem::replace(&mut module.functions[id], empty);
        let result = rewrite_function(module, &mut function, types, &mut library);
        module.functions[id] = function;
        result?;
    }
    Ok(())
}

fn rewrite_function(
    module: &mut Module,
    function: &mut Function,
    types: &mut Words,
    library: &mut Library,
) -> Result<(), Refusal> {
    let body = std::mem::take(&mut function.body);
    function.result = types.ty(&mut module.tables, function.result);
    for param in &mut function.params {
        param.ty = types.ty(&mut module.tables, param.ty);
    }
    for (_, local) in function.locals.iter_mut() {
        local.ty = types.ty(&mut module.tables, local.ty);
    }
    for (_, binding) in function.lets.iter_mut() {
        binding.ty = types.ty(&mut module.tables, binding.ty);
    }
    let done = vec![None; function.exprs.len()];
    let mut rewriter = Rewriter { module, function, types, library, done };
    let body = rewriter.block(body)?;
    function.body = body;
    Ok(())
}

/// Which types become words, and what they become.
struct Words {
    features: Features,
    fma_is_fused: bool,
    known: FxHashMap<TypeId, TypeId>,
}

impl Words {
    fn is_wide(&self, scalar: Scalar) -> bool {
        match scalar {
            Scalar::I64 | Scalar::U64 => !self.features.int64,
            Scalar::F64 => !self.features.float64,
            _ => false,
        }
    }

    /// Does the module compute with any such type?
    fn are_needed(&self, module: &Module) -> bool {
        let types = &module.tables.types;
        let mut seen = vec![false; types.len()];
        let mut pending: Vec<TypeId> = module.tables.globals.iter().map(|(_, global)| global.ty).collect();
        for (_, function) in module.functions.iter() {
            pending.push(function.result);
            pending.extend(function.params.iter().map(|param| param.ty));
            pending.extend(function.locals.iter().map(|(_, local)| local.ty));
            pending.extend(function.exprs.iter().map(|(_, data)| data.ty));
        }
        while let Some(ty) = pending.pop() {
            if std::mem::replace(&mut seen[ty.index()], true) {
                continue;
            }
            match types.get(ty) {
                Type::Scalar(scalar) | Type::Vector { scalar, .. } if self.is_wide(scalar) => return true,
                Type::Array { element, .. } => pending.push(element),
                Type::Pointer { pointee, .. } => pending.push(pointee),
                Type::Struct(id) => pending.extend(types.structs()[id].fields.iter().map(|field| field.ty)),
                Type::Scalar(_) | Type::Vector { .. } | Type::Void => {}
            }
        }
        false
    }

    /// Does the function have anything of a type that changes, or an operation that does?
    fn concern(&mut self, tables: &mut Tables, function: &Function) -> bool {
        let params = function.params.iter().map(|param| param.ty);
        let locals = function.locals.iter().map(|(_, local)| local.ty);
        let lets = function.lets.iter().map(|(_, binding)| binding.ty);
        let exprs = function.exprs.iter().map(|(_, data)| data.ty);
        let mut types = [function.result].into_iter().chain(params).chain(locals).chain(lets).chain(exprs);
        types.any(|ty| self.ty(tables, ty) != ty) || (!self.fma_is_fused && fuses(tables, function))
    }

    fn ty(&mut self, tables: &mut Tables, id: TypeId) -> TypeId {
        if let Some(&new) = self.known.get(&id) {
            return new;
        }
        let new = match tables.types.get(id) {
            Type::Scalar(scalar) if self.is_wide(scalar) => tables.types.vector(Scalar::U32, 2),
            Type::Vector { scalar, count } if self.is_wide(scalar) => {
                let pair = tables.types.vector(Scalar::U32, 2);
                tables.types.array(pair, Some(count.into()))
            }
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
            Type::Scalar(_) | Type::Vector { .. } | Type::Void => id,
        };
        self.known.insert(id, new);
        new
    }

    fn structure(&mut self, tables: &mut Tables, id: TypeId, definition: ir::StructId) -> TypeId {
        let source = tables.types.structs()[definition].clone();
        let fields: Vec<TypeId> = source.fields.iter().map(|field| self.ty(tables, field.ty)).collect();
        if source.fields.iter().map(|field| field.ty).eq(fields.iter().copied()) {
            return id;
        }
        let fields = source.fields.iter().zip(fields).map(|(field, ty)| Field { ty, ..field.clone() }).collect();
        tables.types.add_struct(Struct { fields, ..source }, Span::NONE)
    }
}

struct Rewriter<'a> {
    module: &'a mut Module,
    /// The expressions that it had keep the types that they had, which tell what an operation is on.
    function: &'a mut Function,
    types: &'a mut Words,
    library: &'a mut Library,
    /// By the old handle.
    done: Vec<Option<ExprId>>,
}

impl Rewriter<'_> {
    fn builder(&mut self) -> Builder<'_> {
        Builder { tables: &mut self.module.tables, function: self.function }
    }

    fn block(&mut self, mut block: Block) -> Result<Block, Refusal> {
        for stmt in &mut block.stmts {
            let mut operands = Vec::new();
            stmt.kind.operands(|operand| operands.push(operand));
            let mut values = Vec::new();
            for operand in operands {
                values.push(self.value(operand)?);
            }
            let mut values = values.into_iter();
            stmt.kind.operands_mut(|operand| *operand = values.next().unwrap_or(*operand));
            if let StmtKind::Store { pointer, value, .. } | StmtKind::Atomic { pointer, value, .. } = &stmt.kind {
                debug_assert!(self.module.tables.types.as_pointer(self.function.ty(*pointer)).is_some(), "{value:?}");
            }
            for nested in stmt.kind.blocks_mut() {
                *nested = self.block(std::mem::take(nested))?;
            }
        }
        Ok(block)
    }

    /// The scalar type that an expression had.
    fn scalar(&self, id: ExprId) -> Option<Scalar> {
        self.module.tables.types.as_scalar(self.function.ty(id))
    }

    fn new_type(&mut self, ty: TypeId) -> TypeId {
        self.types.ty(&mut self.module.tables, ty)
    }

    /// A call of a function of the library.
    fn call(&mut self, name: &str, args: Vec<ExprId>, span: Span) -> ExprId {
        let function = self.library.get(self.module, name);
        let ty = self.module.functions[function].result;
        self.builder().add(Expr::Call { function, args, ty }, span)
    }

    fn pair(&mut self, low: ExprId, high: ExprId, span: Span) -> ExprId {
        let ty = self.module.tables.types.vector(Scalar::U32, 2);
        self.builder().add(Expr::Construct { ty, parts: vec![low, high] }, span)
    }

    /// A number by its 64 bits.
    fn literal(&mut self, bits: u64, span: Span) -> ExprId {
        let low = self.builder().constant(Scalar::U32, (bits & 0xffff_ffff) as i64, span);
        let high = self.builder().constant(Scalar::U32, (bits >> 32) as i64, span);
        self.pair(low, high, span)
    }

    /// One of the two words of a number.
    fn word(&mut self, value: ExprId, index: u32, span: Span) -> ExprId {
        match self.function.expr(value) {
            Expr::Construct { parts, .. } => parts[index as usize],
            _ => self.builder().add(Expr::Extract { value, index }, span),
        }
    }
}
