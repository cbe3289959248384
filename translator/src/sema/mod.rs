//! Names, types, templates and classes: what a C++ program means before it becomes IR.
//!
//! Everything is lazy: registering a declaration only files its tree under its name; types, members and values are worked out when
//! somebody asks, once. A template is instantiated by reading its tree again in an [`Env`] that binds its parameters.
//!
//! Sema and lowering share one state, [`Sema`], because C++ needs both at once: an array's size may call a constexpr function, an
//! overload may depend on the type of a lambda.

mod access;
mod apply;
pub mod builtins;
mod classes;
mod const_eval;
mod convert;
mod deduce;
mod display;
mod function_address;
mod layout;
pub(crate) mod lookup;
mod names;
mod overload;
mod partial_order;
mod rank;
mod resolve;
mod start;
mod template;
mod template_names;
mod traits;
pub mod types;
mod user_conversion;

pub(crate) use const_eval::{ConstantObject, convert_bits, fold_unary};
pub use convert::{Allowed, ConversionKind, ImplicitConversion};
pub(crate) use function_address::fnv;
pub use lookup::{Found, MemberStep};
pub(crate) use names::{function_key, operator_text};
pub(crate) use overload::{BUILTIN, Choice, Viable};
pub use overload::{Candidates, Resolved};
pub use rank::{Binding, ConversionRank, Shape, Step};
pub use types::{CType, FunctionSig, IntKind, TypeKind, TypeTable};

use crate::lower::{Dispatcher, FunctionState, VirtualDispatcher};
use ast::{OperatorName, Symbol};
use grammar::Unit;
use ir::{FuncId, GlobalId, TypeId};
use rustc_hash::FxHashMap;
use source::{Code, Diagnostic, Span};
use std::rc::Rc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A class: a definition with its template parameters bound.
    ClassId
    EnumId
    NsId
    EnvId
    /// A function with its template parameters bound. Not yet specialised for address spaces.
    FnId
    TemplateId
    AliasId
    /// A variable at namespace scope or a static data member.
    VarId
}

/// Why something could not be done. `Poisoned`: it was reported before, so say nothing.
#[derive(Clone, Debug)]
pub enum Failure {
    Error(Box<Diagnostic>),
    Poisoned,
}

pub type Result<T> = std::result::Result<T, Failure>;

/// An error at a place, the usual way to fail.
pub fn fail<T>(code: Code, message: impl Into<String>, span: Span) -> Result<T> {
    Err(failure(code, message, span))
}

pub fn failure(code: Code, message: impl Into<String>, span: Span) -> Failure {
    Failure::Error(Box::new(Diagnostic::error(code, message, span)))
}

impl Failure {
    /// Changes the diagnostic, if there is one.
    pub fn map(self, change: impl FnOnce(Diagnostic) -> Diagnostic) -> Failure {
        match self {
            Failure::Error(diagnostic) => Failure::Error(Box::new(change(*diagnostic))),
            Failure::Poisoned => Failure::Poisoned,
        }
    }

    pub fn message(&self) -> &str {
        match self {
            Failure::Error(diagnostic) => &diagnostic.message,
            Failure::Poisoned => "an error before",
        }
    }
}

/// What a name may be looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKey {
    Ident(Symbol),
    Operator(OperatorName),
    /// All conversion functions of a class.
    Conversion,
    Constructor,
    Destructor,
}

/// What a name was declared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    Function(FnId),
    Template(TemplateId),
    Class(ClassId),
    Enum(EnumId),
    Enumerator(EnumId, u32),
    Alias(AliasId),
    Variable(VarId),
    Namespace(NsId),
    /// A using-declaration: index into [`Sema::usings`].
    Using(u32),
    /// A data member: index into [`ClassInfo::fields`].
    Field(u32),
}

/// Where a declaration stands: names in it are looked up from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ctx {
    pub ns: NsId,
    pub class: Option<ClassId>,
    pub env: EnvId,
}

/// A template argument after look-up. Values carry the bits of their scalar.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TemplateArg {
    Type(CType),
    Value(CType, u64),
    Template(TemplateId),
    Pack(Vec<TemplateArg>),
}

/// Template parameters and what they stand for; also local types and constants that a local class or lambda may name.
#[derive(Debug, Default)]
pub struct Env {
    pub parent: Option<EnvId>,
    pub bindings: Vec<(Symbol, TemplateArg)>,
}

#[derive(Debug, Default)]
pub struct Namespace {
    pub name: Option<Symbol>,
    pub parent: Option<NsId>,
    pub names: FxHashMap<NameKey, Vec<Entity>>,
    /// Namespaces whose names are seen here too: inline ones, unnamed ones, using-directives.
    pub used: Vec<NsId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    Open,
    Running,
    Done,
}

#[derive(Debug)]
pub struct ClassInfo<'a> {
    pub ast: &'a ast::Class,
    /// Around the class; its env binds the class's own template parameters.
    pub ctx: Ctx,
    pub name: String,
    pub template: Option<(TemplateId, Vec<TemplateArg>)>,
    /// Declared in a header that ships with the program.
    pub shipped: bool,
    pub order: u32,
    /// Are the names of the members filed? Types of fields come with `layout`.
    pub members_state: Completion,
    pub members: FxHashMap<NameKey, Vec<Entity>>,
    pub layout_state: Completion,
    /// Friends defined in the class: found by the arguments' types alone.
    pub friends: FxHashMap<NameKey, Vec<Entity>>,
    pub bases: Vec<BaseInfo>,
    pub fields: Vec<FieldInfo<'a>>,
    pub size: u64,
    /// Size without the padding at the end, which a derived class may use.
    pub data_size: u64,
    pub align: u64,
    /// Has virtual functions, its own or inherited.
    pub polymorphic: bool,
    /// Where the number of the dynamic class is kept, if no base has a place for it.
    pub vptr: Option<u32>,
    /// Two to four scalars that the IR has as a vector.
    pub vector: Option<(ir::Scalar, u8)>,
    pub ir: Option<TypeId>,
    /// Lambdas: what the closure captured, in the order of the fields.
    pub captures: Vec<CaptureInfo>,
}

#[derive(Clone, Debug)]
pub struct BaseInfo {
    pub class: ClassId,
    pub offset: u64,
    /// `None`: empty, takes no place; or `flat`.
    pub ir_index: Option<u32>,
    /// Its parts lie among those of the derived class, which uses the padding at its end.
    pub flat: bool,
}

#[derive(Clone, Debug)]
pub struct FieldInfo<'a> {
    pub name: Option<Symbol>,
    pub ty: CType,
    pub offset: u64,
    pub ir_index: u32,
    pub bits: Option<BitField>,
    pub init: Option<&'a ast::Init>,
    pub is_mutable: bool,
    pub span: Span,
}

/// A bit-field inside the storage unit that `FieldInfo::ir_index` names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitField {
    pub shift: u32,
    pub width: u32,
    pub unit: ir::Scalar,
}

#[derive(Clone, Copy, Debug)]
pub struct CaptureInfo {
    /// `None`: `this`, or `*this` where the field is of a class.
    pub name: Option<Symbol>,
    pub by_reference: bool,
    pub in_pack: bool,
}

#[derive(Debug)]
pub struct EnumInfo<'a> {
    pub ast: &'a ast::Enum,
    pub ctx: Ctx,
    pub name: String,
    pub state: Completion,
    pub underlying: CType,
    pub values: Vec<i128>,
}

#[derive(Debug)]
pub struct AliasInfo<'a> {
    pub ty: &'a ast::Type,
    pub ctx: Ctx,
    pub state: Completion,
    pub resolved: CType,
}

#[derive(Debug)]
pub struct VarInfo<'a> {
    pub ast: &'a ast::Var,
    pub specs: &'a ast::Specs,
    pub ctx: Ctx,
    pub name: String,
    pub state: Completion,
    pub ty: CType,
    /// Its value as a constant, once asked for.
    pub value: Option<Option<(CType, u64)>>,
    pub global: Option<GlobalId>,
}

/// One function parameter after packs were expanded.
#[derive(Clone, Debug)]
pub struct ParamInfo<'a> {
    pub ast: &'a ast::Param,
    /// As declared, arrays and functions decayed.
    pub ty: CType,
    /// Position within a pack, and its length.
    pub pack: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct Signature<'a> {
    pub params: Vec<ParamInfo<'a>>,
    /// `None`: deduced from the body.
    pub result: Option<CType>,
    pub variadic: bool,
}

#[derive(Debug)]
pub struct FnInfo<'a> {
    pub ast: FunctionTree<'a>,
    /// Names in the function are looked up from here; the env binds its template parameters.
    pub ctx: Ctx,
    pub name: String,
    pub template: Option<(TemplateId, Vec<TemplateArg>)>,
    pub shipped: bool,
    /// Number of the item at namespace scope that declares it.
    pub order: u32,
    pub signature: Option<Rc<Signature<'a>>>,
    pub signature_running: bool,
}

/// A function's tree: a declaration, or a lambda's call operator.
#[derive(Clone, Copy, Debug)]
pub enum FunctionTree<'a> {
    Function(&'a ast::Function),
    Lambda(&'a ast::Lambda),
}

#[derive(Clone, Copy, Debug)]
pub enum TemplateTree<'a> {
    Function(&'a ast::Function),
    Lambda(&'a ast::Lambda),
    Class(&'a ast::Class),
    Alias(&'a ast::Alias),
    Variable(&'a ast::Var, &'a ast::Specs),
}

#[derive(Debug)]
pub struct TemplateInfo<'a> {
    pub name: String,
    pub tree: TemplateTree<'a>,
    pub params: &'a [ast::TemplateParam],
    /// `requires ..` behind the parameters: what the arguments must fulfil ([temp.constr]).
    pub requires: Option<&'a ast::Expr>,
    pub ctx: Ctx,
    pub shipped: bool,
    pub order: u32,
    /// Partial and explicit specialisations of a class or variable template.
    pub specialisations: Vec<Specialisation<'a>>,
    /// Explicit specialisations of a function template: functions whose arguments are still to be matched.
    pub explicit: Vec<&'a ast::Function>,
}

#[derive(Clone, Copy, Debug)]
pub struct Specialisation<'a> {
    pub params: &'a [ast::TemplateParam],
    pub requires: Option<&'a ast::Expr>,
    pub args: &'a [ast::TemplateArg],
    pub tree: TemplateTree<'a>,
    pub ctx: Ctx,
}

/// A function as it was lowered: for these IR types of its parameters, and for those pointers to functions among them that are known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FunctionKey {
    pub function: FnId,
    pub params: Vec<TypeId>,
    pub known: Vec<(u32, u64)>,
}

/// What became of a function that was lowered for certain IR parameter types.
#[derive(Clone, Debug)]
pub enum LoweredFunction {
    /// Being lowered. A constexpr function may call itself while translating, so its place is kept.
    Running(Option<(FuncId, CType)>),
    Done {
        func: FuncId,
        result: CType,
    },
    Failed(Vec<Diagnostic>),
}

/// The state of one translation.
pub struct Sema<'a> {
    pub unit: &'a Unit,
    pub types: TypeTable,
    pub module: ir::Module,
    pub namespaces: Vec<Namespace>,
    pub envs: Vec<Env>,
    pub classes: Vec<ClassInfo<'a>>,
    pub enums: Vec<EnumInfo<'a>>,
    pub aliases: Vec<AliasInfo<'a>>,
    pub vars: Vec<VarInfo<'a>>,
    pub functions: Vec<FnInfo<'a>>,
    pub templates: Vec<TemplateInfo<'a>>,
    pub usings: Vec<(&'a ast::Name, Ctx)>,
    /// The using-declarations that are being looked through. Met again inside of itself, as `using ::pow` in `std` is under
    /// `using namespace std`, one adds nothing.
    pub expanding: Vec<u32>,
    /// What names mean in namespaces with using-directives or -declarations, until something else is declared.
    pub looked_up: FxHashMap<(NsId, NameKey), Rc<[Entity]>>,
    /// Members defined outside their class, by the class's name: the function or variable and the template parameters around it.
    pub out_of_line: FxHashMap<Symbol, Vec<OutOfLine<'a>>>,
    /// Does anything overload the comma? Hardly any program does, and then it costs.
    pub overloads_comma: bool,
    /// The same for `&&` and `||`.
    pub overloads_logical: bool,
    /// Closure classes, by their lambda, where it stands, and what it captured.
    #[allow(clippy::type_complexity)]
    pub closures: FxHashMap<(usize, EnvId, Vec<(CType, TypeId)>), ClassId>,
    /// Lambdas without captures as functions, for pointers to them.
    pub closure_functions: FxHashMap<ClassId, FnId>,
    /// Deduction guides, by the namespace and name of their class.
    pub guides: FxHashMap<(NsId, Symbol), Vec<TemplateId>>,
    /// Constructors of class templates as function templates, for class template argument deduction.
    pub implicit_guides: FxHashMap<TemplateId, Vec<TemplateId>>,
    /// The trees of data members, for the layout.
    pub field_trees: FxHashMap<(ClassId, u32), &'a ast::Var>,
    /// Default arguments of template parameters that stand at another declaration than the definition.
    pub template_defaults: FxHashMap<(TemplateId, u32), &'a ast::TemplateArg>,
    /// Classes and enums by the address of their tree and the env they were met in.
    class_memo: FxHashMap<(usize, EnvId), ClassId>,
    enum_memo: FxHashMap<(usize, EnvId), EnumId>,
    instances: FxHashMap<(TemplateId, Vec<TemplateArg>), Entity>,
    pub lowered: FxHashMap<FunctionKey, LoweredFunction>,
    /// Functions whose address is taken, by their numbers.
    pub address_taken: Vec<(u64, FnId)>,
    pub virtual_dispatchers: Vec<VirtualDispatcher>,
    /// Polymorphic classes of which objects are made.
    pub constructed: Vec<ClassId>,
    /// The functions that are being lowered, each called by the one before.
    pub call_chain: Vec<FnId>,
    /// Functions that were found to call themselves, round by round: each of a round calls the next.
    pub rounds: Vec<Vec<FnId>>,
    /// Those of them whose depth is not known.
    pub stacked: rustc_hash::FxHashSet<FnId>,
    /// What calls through pointers that are not known while translating.
    pub dispatchers: Vec<Dispatcher>,
    /// Function-local static and shared variables, by tree and function.
    pub local_globals: FxHashMap<(usize, EnvId), GlobalId>,
    /// By what they are; several if one value has several names.
    pub named_constants: FxHashMap<(ir::Scalar, u64), Vec<ir::ConstantId>>,
    /// Literals that came from `#define NAME literal`, by their span.
    pub macro_uses: FxHashMap<Span, Symbol>,
    /// What `threadIdx` and `blockDim` are, once one of their kind was met.
    pub geometry_types: [Option<(CType, TypeId)>; 2],
    /// Address space of pointer members that do not point to global memory.
    pub field_spaces: FxHashMap<(String, u32), ir::Space>,
    pub field_spaces_changed: bool,
    /// The function that is being lowered.
    pub f: FunctionState<'a>,
    /// Nesting of instantiations and functions.
    pub depth: u32,
    /// Number of the item whose body is read; later functions are invisible to it. `u32::MAX` in templates.
    pub order: u32,
    /// Number of the item that the template stands in whose body is read; later functions are found by their arguments alone.
    pub defined: u32,
    pub warnings: Vec<Diagnostic>,
    /// The declared type of the data member that the last member access selected, for `decltype`.
    pub selected_field: Option<CType>,
}

#[derive(Clone, Copy, Debug)]
pub struct OutOfLine<'a> {
    pub name: &'a ast::Name,
    /// Where the definition stands.
    pub ns: NsId,
    pub params: Option<&'a [ast::TemplateParam]>,
    /// Of the member template itself.
    pub inner_params: Option<&'a [ast::TemplateParam]>,
    pub tree: OutOfLineTree<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum OutOfLineTree<'a> {
    Function(&'a ast::Function),
    Variable(&'a ast::Var),
    Class(&'a ast::Class),
}

/// Instantiations and calls may be nested this deep.
pub const MAX_DEPTH: u32 = 200;

impl<'a> Sema<'a> {
    pub fn class(&self, id: ClassId) -> &ClassInfo<'a> {
        &self.classes[id.index()]
    }

    pub fn function(&self, id: FnId) -> &FnInfo<'a> {
        &self.functions[id.index()]
    }

    pub fn new_env(&mut self, parent: EnvId, bindings: Vec<(Symbol, TemplateArg)>) -> EnvId {
        self.envs.push(Env { parent: Some(parent), bindings });
        EnvId(self.envs.len() as u32 - 1)
    }

    /// What a template parameter is bound to, from the inside out.
    pub fn env_lookup(&self, env: EnvId, name: Symbol) -> Option<&TemplateArg> {
        let mut at = Some(env);
        while let Some(id) = at {
            let env = &self.envs[id.index()];
            if let Some((_, arg)) = env.bindings.iter().rev().find(|(bound, _)| *bound == name) {
                return Some(arg);
            }
            at = env.parent;
        }
        None
    }

    /// Runs `work` one level deeper, or fails if that is too deep.
    pub fn nested<T>(&mut self, span: Span, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return fail(Code::E0215, "instantiation is nested too deeply", span);
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        result
    }
}

impl<'a> FunctionTree<'a> {
    pub fn ty(self) -> &'a ast::FunctionType {
        match self {
            FunctionTree::Function(function) => &function.ty,
            FunctionTree::Lambda(lambda) => &lambda.ty,
        }
    }

    pub fn specs(self) -> &'a ast::Specs {
        match self {
            FunctionTree::Function(function) => &function.specs,
            FunctionTree::Lambda(lambda) => &lambda.specs,
        }
    }

    pub fn span(self) -> Span {
        match self {
            FunctionTree::Function(function) => function.name.span,
            FunctionTree::Lambda(lambda) => lambda.body.span,
        }
    }

    pub fn body(self) -> Option<&'a ast::Block> {
        match self {
            FunctionTree::Function(function) => match &function.body {
                ast::FunctionBody::Block(block) => Some(block),
                _ => None,
            },
            FunctionTree::Lambda(lambda) => Some(&lambda.body),
        }
    }

    /// May this overload be called where `f` decays: the name it was declared by.
    pub fn kind(self) -> ast::FunctionKind {
        match self {
            FunctionTree::Function(function) => function.kind,
            FunctionTree::Lambda(_) => ast::FunctionKind::Ordinary,
        }
    }
}
