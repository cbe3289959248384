//! From typed trees to IR.
//!
//! Typing and lowering are one walk: an expression's [`Operand`] has its C++ type and, as long as it is pure, an IR expression
//! tree. Effects are put into statements in C++'s order; operands that an effect could change are bound first, so that
//! evaluation goes from left to right as other compilers have it. `decltype` and `sizeof` walk too and throw the statements away.

mod aggregates;
mod assign;
mod assigned;
mod bit_fields;
mod builtin;
mod call;
mod casts;
mod class_deduction;
mod cleanup;
mod copies;
mod dispatch;
mod emit;
mod execution_space;
mod expr;
mod function;
mod goto;
mod host;
mod host_walk;
mod init;
mod kernel;
mod lambda;
mod launch;
mod literals;
mod member;
mod member_pointer;
mod new;
mod operators;
mod overloaded;
mod packs;
mod place;
mod ptx;
mod range_for;
mod stmt;
mod switch;
mod variable;
mod virtual_calls;
mod walk;

pub use dispatch::Dispatcher;
pub(crate) use emit::mask_bits;
pub use packs::{mentions_auto, names_in_arg, names_in_expr, names_in_segments, names_in_type};
pub(crate) use stmt::NO_TREE;
pub use virtual_calls::VirtualDispatcher;

use crate::sema::*;
use ast::Symbol;
use ir::{ExprId, TypeId};
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, Span};
use std::collections::BTreeSet;

/// What an expression denotes.
#[derive(Clone, Debug)]
pub struct Operand<'a> {
    /// Without a reference; the kind says whether it is an lvalue.
    pub ty: CType,
    pub kind: OperandKind<'a>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum OperandKind<'a> {
    /// A prvalue; of type `void` it has no expression.
    Value(Option<ExprId>),
    Lvalue(Place),
    Xvalue(Place),
    /// A name of functions, to be chosen by a call.
    Functions(FunctionSet<'a>),
    /// `{a, b}`
    Braced(&'a ast::BraceInit),
    /// A string literal: an lvalue that nobody stores to.
    Text(&'a ast::StrLit),
}

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// The address.
    Memory(ExprId),
    /// A value without an address: a parameter (by its number), a temporary.
    Value {
        value: ExprId,
        param: Option<u32>,
    },
    Bits {
        unit: ExprId,
        field: BitField,
    },
}

#[derive(Clone, Debug)]
pub struct FunctionSet<'a> {
    pub entities: Vec<Entity>,
    /// `f<int>`
    pub args: Option<Vec<TemplateArg>>,
    /// The object of `x.f`.
    pub object: Option<Box<Operand<'a>>>,
    /// `f` alone: functions in the namespaces of the arguments count too.
    pub by_arguments: Option<NameKey>,
    /// `x.B::f` calls what it names, virtual or not ([class.virtual]/15).
    pub is_qualified: bool,
    pub name: String,
}

/// A variable, parameter or reference in a block.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    /// Without a reference.
    pub ty: CType,
    /// As declared.
    pub declared: CType,
    pub place: Place,
    /// Its value, if it is a constant: `const int N = 8`.
    pub constant: Option<(CType, u64, Option<ir::ConstantId>)>,
}

#[derive(Clone, Debug)]
pub enum LocalEntity {
    Object(Object),
    Type(CType),
    /// `namespace cg = cooperative_groups;` in a block.
    Namespace(NsId),
    Enumerator(EnumId, u32),
    /// A function parameter pack.
    Pack(Vec<Object>),
    /// `using n::f` and function prototypes in a block.
    Functions(Vec<Entity>),
    /// Its declaration failed and was reported.
    Poisoned,
}

#[derive(Debug, Default)]
struct Scope {
    names: FxHashMap<Symbol, LocalEntity>,
    /// Of parameters, or of what a statement declares in its head: the block behind it may not declare the same names.
    is_head: bool,
    /// What ends with the scope, in the order in which it began.
    cleanups: Vec<cleanup::Cleanup>,
}

/// What must be known before a function's body is lowered and is only found while it is: the body is lowered again until it holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assumptions {
    /// Parameters that are assigned or whose address is taken: they live in a local.
    pub param_locals: BTreeSet<u32>,
    /// IR types of local variables that hold pointers, where the declaration alone does not tell the space.
    pub locals: FxHashMap<Span, TypeId>,
    pub result: Option<TypeId>,
}

#[derive(Clone, Copy, Debug)]
pub struct This {
    pub pointer: ExprId,
    /// The class, with the method's qualifiers.
    pub class: CType,
}

/// The state of the function that is being lowered. Declarations are read in a state of their own.
#[derive(Debug)]
pub struct FunctionState<'a> {
    pub ctx: Ctx,
    pub func: ir::Function,
    pub(crate) blocks: Vec<Vec<ir::Stmt>>,
    scopes: Vec<Scope>,
    this: Option<This>,
    /// `None`: deduced from the first `return`.
    declared_result: Option<CType>,
    result: Option<CType>,
    assumptions: Assumptions,
    next_assumptions: Assumptions,
    /// Inside `decltype` and `sizeof`: nothing is called or instantiated.
    unevaluated: u32,
    /// A function was called that does not say `noexcept` ([expr.unary.noexcept]).
    may_throw: bool,
    /// In host code, which may use what is not here: nobody sees its messages.
    pub unseen: bool,
    /// One of several candidates is looked at.
    pub is_candidate: bool,
    depth: u32,
    /// How many scopes stay open when `continue` and `break` leave for the innermost loop or switch.
    continues: Vec<usize>,
    breaks: Vec<usize>,
    jumps: goto::Jumps,
    temporary_objects: Vec<cleanup::Temporary>,
    /// How many blocks were open where the full expression at hand began.
    expression_blocks: usize,
    diagnostics: Vec<Diagnostic>,
    /// Something failed that was reported elsewhere.
    poisoned: bool,
    /// `auto&` and the like as the result's type.
    result_pattern: Option<&'a ast::Type>,
    ir_result: Option<TypeId>,
    /// Pointer variables without initialiser: the first store decides their space.
    undetermined: FxHashSet<Span>,
    /// Env under which function-local statics are kept apart.
    instance: EnvId,
    temporaries: u32,
    /// The carry of inline PTX.
    ptx_carry: Option<ir::LocalId>,
    /// Parameters that are pointers to known functions, by number.
    known_params: Vec<(u32, u64)>,
    /// Objects that are `constexpr`, by their local variables: constant expressions read them.
    pub(crate) constant_objects: Vec<(ir::LocalId, ConstantObject)>,
    /// The function calls itself and is lowered for known arguments.
    unrolled_recursion: bool,
    /// The function whose body this is, for its name.
    current: Option<FnId>,
}

impl<'a> FunctionState<'a> {
    pub fn scratch(ctx: Ctx, void: TypeId) -> FunctionState<'a> {
        FunctionState {
            ctx,
            func: ir::Function::new("", ir::FunctionKind::Device, void, Span::NONE),
            blocks: vec![Vec::new()],
            scopes: Vec::new(),
            this: None,
            declared_result: Some(CType::VOID),
            result: None,
            assumptions: Assumptions::default(),
            next_assumptions: Assumptions::default(),
            unevaluated: 0,
            may_throw: false,
            unseen: false,
            is_candidate: false,
            depth: 0,
            continues: Vec::new(),
            breaks: Vec::new(),
            jumps: goto::Jumps::default(),
            temporary_objects: Vec::new(),
            expression_blocks: 1,
            diagnostics: Vec::new(),
            poisoned: false,
            result_pattern: None,
            ir_result: None,
            undetermined: FxHashSet::default(),
            instance: ctx.env,
            temporaries: 0,
            ptx_carry: None,
            known_params: Vec::new(),
            constant_objects: Vec::new(),
            unrolled_recursion: false,
            current: None,
        }
    }

    pub fn this_pointer(&self) -> Option<ExprId> {
        self.this.map(|this| this.pointer)
    }

    pub fn find_local(&self, name: Symbol) -> Option<&LocalEntity> {
        self.scopes.iter().rev().find_map(|scope| scope.names.get(&name))
    }

    pub fn local_names(&self) -> impl Iterator<Item = Symbol> {
        let mut names: Vec<Symbol> = self.scopes.iter().flat_map(|scope| scope.names.keys().copied()).collect();
        names.sort();
        names.into_iter()
    }
}

impl<'a> Operand<'a> {
    pub fn value(ty: CType, expr: ExprId, span: Span) -> Operand<'a> {
        Operand { ty, kind: OperandKind::Value(Some(expr)), span }
    }

    pub fn void(span: Span) -> Operand<'a> {
        Operand { ty: CType::VOID, kind: OperandKind::Value(None), span }
    }

    pub fn lvalue(ty: CType, place: Place, span: Span) -> Operand<'a> {
        Operand { ty, kind: OperandKind::Lvalue(place), span }
    }

    pub fn is_lvalue(&self) -> bool {
        matches!(self.kind, OperandKind::Lvalue(_) | OperandKind::Text(_))
    }
}

impl<'a> Sema<'a> {
    /// Reads a declaration where it stands: names from `ctx`, no local variables, no effects on the function at hand.
    pub fn in_ctx<T>(&mut self, ctx: Ctx, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let void = self.module.tables.types.void();
        let (unseen, is_candidate) = (self.f.unseen, self.f.is_candidate);
        let state = FunctionState { unseen, is_candidate, ..FunctionState::scratch(ctx, void) };
        let outer = std::mem::replace(&mut self.f, state);
        let result = work(self);
        self.f = outer;
        result
    }

    /// Writes a function of our own.
    fn in_scratch<T>(&mut self, ctx: Ctx, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<(ir::Function, T)> {
        let void = self.module.tables.types.void();
        let outer = std::mem::replace(&mut self.f, FunctionState::scratch(ctx, void));
        let result = work(self);
        let mut state = std::mem::replace(&mut self.f, outer);
        state.func.body = ir::Block { stmts: state.blocks.pop().unwrap_or_default() };
        Ok((state.func, result?))
    }

    /// Looks names up from `ctx` but emits into the function at hand: default arguments, member initialisers.
    pub fn with_names<T>(&mut self, ctx: Ctx, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let outer_ctx = std::mem::replace(&mut self.f.ctx, ctx);
        let scopes = std::mem::take(&mut self.f.scopes);
        let result = work(self);
        self.f.ctx = outer_ctx;
        self.f.scopes = scopes;
        result
    }

    /// Types an expression without evaluating it.
    pub fn unevaluated<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.f.unevaluated += 1;
        self.f.blocks.push(Vec::new());
        let result = work(self);
        self.f.blocks.pop();
        self.f.unevaluated -= 1;
        result
    }

    fn push_scope(&mut self) {
        self.f.scopes.push(Scope::default());
    }

    fn push_head_scope(&mut self) {
        self.f.scopes.push(Scope { is_head: true, ..Scope::default() });
    }

    fn pop_scope(&mut self) {
        self.f.scopes.pop();
    }

    fn declare_local(&mut self, name: Symbol, entity: LocalEntity) {
        if self.f.scopes.is_empty() {
            self.push_scope();
        }
        if let Some(scope) = self.f.scopes.last_mut() {
            scope.names.insert(name, entity);
        }
    }

    /// The parameters' names with types but without values, for a result type that names them.
    pub fn declare_params_unevaluated(&mut self, params: &[ParamInfo<'a>]) {
        let mut packs: Vec<(Symbol, Vec<Object>)> = Vec::new();
        for param in params {
            let Some(ident) = param.ast.name else { continue };
            let ty = self.types.strip_ref(param.ty);
            let Ok(ir) = self.ir_type(ty, param.ast.span) else { continue };
            let pointer = self.module.tables.types.pointer(ir, ir::Space::Generic);
            let address = self.zero(pointer, param.ast.span);
            let object = Object { ty, declared: param.ty, place: Place::Memory(address), constant: None };
            if param.pack.is_some() {
                match packs.iter_mut().find(|(name, _)| *name == ident.name) {
                    Some((_, objects)) => objects.push(object),
                    None => packs.push((ident.name, vec![object])),
                }
            } else {
                self.declare_local(ident.name, LocalEntity::Object(object));
            }
        }
        for (name, objects) in packs {
            self.declare_local(name, LocalEntity::Pack(objects));
        }
    }
}
