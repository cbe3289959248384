//! A module: tables that everything shares, functions, and the source's comments.

use crate::arena::{Arena, Handle};
use crate::expr::{Expr, ExprData, ExprId, LetId, LocalId};
use crate::stmt::{Block, StmtKind};
use crate::types::{Scalar, Space, TypeId, Types};
use source::Span;

pub type FuncId = Handle<Function>;
pub type GlobalId = Handle<Global>;

/// The kernels of one translation unit, with the functions, variables and types that they reach.
#[derive(Clone, Debug)]
pub struct Module {
    pub tables: Tables,
    pub functions: Arena<Function>,
    /// Comments of the user's files, ascending, so that an emitter can carry them over.
    pub comments: Vec<Comment>,
    /// Lanes of a warp, a power of two and no more than [`WARP_SIZE`]. Tests of native subgroups take those of the device at hand.
    pub warp_size: u32,
}

/// Lanes of a warp of CUDA's (CUDA C++ Programming Guide, "SIMT Architecture").
pub const WARP_SIZE: u32 = 32;

impl Default for Module {
    fn default() -> Module {
        Module { tables: Tables::default(), functions: Arena::new(), comments: Vec::new(), warp_size: WARP_SIZE }
    }
}

/// What functions refer to. Apart from the functions, so that one can be changed while the other is read.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    pub types: Types,
    pub constants: Arena<Constant>,
    pub globals: Arena<Global>,
}

/// A comment with its markers, `// ...` or `/* ... */`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    pub span: Span,
    pub text: String,
}

/// A scalar constant that keeps the source's name.
#[derive(Clone, Debug, PartialEq)]
pub struct Constant {
    pub name: String,
    pub scalar: Scalar,
    pub bits: u64,
}

/// A variable of the module: `__shared__` (also those declared in functions), `__constant__`, `__device__`, `__managed__`.
#[derive(Clone, Debug, PartialEq)]
pub struct Global {
    pub name: String,
    pub ty: TypeId,
    pub space: Space,
    /// Initial bytes, little endian, in the layout of `ty`. Without: zeros, and undefined content in shared memory.
    pub init: Option<Vec<u8>>,
    /// `extern __shared__ T name[]`: all such variables start at the same address.
    pub dynamic: bool,
    /// Shared memory of passes: an array without a length that has so many elements for each thread of the block. Otherwise 0.
    pub per_thread: u32,
    /// A string literal: nobody writes it and no host names it, so that passes may place it where they like.
    pub literal: bool,
    /// At least the alignment of the type.
    pub align: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// `__global__`
    Kernel,
    /// `__device__`
    Device,
}

#[derive(Clone, Debug)]
pub struct Function {
    /// Unique in the module. A kernel's is what the launch writes, `scale<float, 256>`; emitters make identifiers of it.
    pub name: String,
    pub kind: FunctionKind,
    pub params: Vec<Param>,
    /// `void` or a value type.
    pub result: TypeId,
    pub locals: Arena<Local>,
    pub lets: Arena<Let>,
    pub exprs: Arena<ExprData>,
    pub body: Block,
    /// `__launch_bounds__(threads)`.
    pub max_threads: Option<u32>,
    /// Why a pass has added the function, for readers of what is emitted.
    pub remark: Option<&'static str>,
    /// From the library of a pass, and as that library has it: pure, with values for parameters, in the form that passes leave. They have nothing to
    /// do with it but to keep it where it is called.
    pub is_settled: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    pub name: String,
    pub ty: TypeId,
    /// `const T* __restrict__`: nobody writes the pointee while the function runs.
    pub is_restrict: bool,
    /// `const T*`: the function does not write through this pointer as written.
    pub is_const: bool,
    pub span: Span,
}

/// An automatic variable. Its life starts at its `Declare`.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// The source's name, or a made one (`t1`); need not be unique.
    pub name: String,
    pub ty: TypeId,
}

/// An immutable value bound by a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// The source's name, if it had one.
    pub name: Option<String>,
    pub ty: TypeId,
    /// The name is a pass's, for where the value needs one: it may as well stand where it is used.
    pub is_made: bool,
}

impl Module {
    /// For functions that passes bring: they have no place in the user's source.
    pub fn forget_spans(&mut self) {
        self.tables.constants.forget_spans();
        self.tables.globals.forget_spans();
        self.functions.forget_spans();
        for (_, function) in self.functions.iter_mut() {
            function.span = Span::NONE;
            function.params.iter_mut().for_each(|param| param.span = Span::NONE);
            function.locals.forget_spans();
            function.lets.forget_spans();
            function.exprs.forget_spans();
            function.body.walk_mut(&mut |stmt| stmt.span = Span::NONE);
        }
    }
}

impl Function {
    pub fn new(name: impl Into<String>, kind: FunctionKind, result: TypeId, span: Span) -> Function {
        Function {
            name: name.into(),
            kind,
            params: Vec::new(),
            result,
            locals: Arena::new(),
            lets: Arena::new(),
            exprs: Arena::new(),
            body: Block::default(),
            max_threads: None,
            remark: None,
            is_settled: false,
            span,
        }
    }

    #[inline]
    pub fn ty(&self, expr: ExprId) -> TypeId {
        self.exprs[expr].ty
    }

    #[inline]
    pub fn expr(&self, expr: ExprId) -> &Expr {
        &self.exprs[expr].expr
    }

    pub fn add_local(&mut self, name: impl Into<String>, ty: TypeId, span: Span) -> LocalId {
        self.locals.add(Local { name: name.into(), ty }, span)
    }

    pub fn add_let(&mut self, name: Option<String>, ty: TypeId, span: Span) -> LetId {
        self.lets.add(Let { name, ty, is_made: false }, span)
    }

    /// Calls `visit` with `root` and all expressions below it, operands first.
    pub fn walk_expr(&self, root: ExprId, visit: &mut impl FnMut(ExprId)) {
        self.expr(root).operands(|operand| self.walk_expr(operand, visit));
        visit(root);
    }

    /// Calls `visit` with every expression that some statement evaluates, in order.
    pub fn walk_all(&self, visit: &mut impl FnMut(ExprId)) {
        let mut roots = Vec::new();
        self.body.walk(&mut |stmt| stmt.kind.operands(|operand| roots.push(operand)));
        for root in roots {
            self.walk_expr(root, visit);
        }
    }

    /// The expressions that statements evaluate, each once however many share it, in a fixed order that means nothing: what questions about a
    /// whole function ask, at a fraction of the price of [`walk_all`](Function::walk_all).
    pub fn evaluated(&self) -> Evaluated<'_> {
        self.evaluated_in(std::slice::from_ref(&self.body))
    }

    /// The same of statements that are not, or not yet, the function's body.
    pub fn evaluated_in(&self, blocks: &[Block]) -> Evaluated<'_> {
        let mut pending = Vec::with_capacity(self.exprs.len());
        for block in blocks {
            block.walk(&mut |stmt| stmt.kind.operands(|operand| pending.push(operand)));
        }
        Evaluated { function: self, pending, seen: vec![false; self.exprs.len()] }
    }
}

/// See [`Function::evaluated`].
pub struct Evaluated<'a> {
    function: &'a Function,
    pending: Vec<ExprId>,
    seen: Vec<bool>,
}

impl<'a> Iterator for Evaluated<'a> {
    type Item = (ExprId, &'a Expr);

    fn next(&mut self) -> Option<(ExprId, &'a Expr)> {
        while let Some(id) = self.pending.pop() {
            if !std::mem::replace(&mut self.seen[id.index()], true) {
                let expr = self.function.expr(id);
                expr.operands(|operand| self.pending.push(operand));
                return Some((id, expr));
            }
        }
        None
    }
}

impl Function {
    /// The functions that its statements and their expressions call, with the place of each call.
    pub fn callees(&self) -> Vec<(FuncId, Span)> {
        let mut found = Vec::new();
        self.body.walk(&mut |stmt| {
            if let StmtKind::Call { function, .. } = stmt.kind {
                found.push((function, stmt.span));
            }
        });
        // Few functions have calls in expressions, and a walk over trees costs more than a look at the list.
        if self.exprs.iter().any(|(_, data)| matches!(data.expr, Expr::Call { .. })) {
            for (id, expr) in self.evaluated() {
                if let Expr::Call { function, .. } = expr {
                    found.push((*function, self.exprs.span(id)));
                }
            }
        }
        found
    }

    /// Takes away all places in a source: those of a text that is not the user's.
    pub fn forget_spans(&mut self) {
        self.span = Span::NONE;
        self.params.iter_mut().for_each(|param| param.span = Span::NONE);
        self.locals.forget_spans();
        self.lets.forget_spans();
        self.exprs.forget_spans();
        self.body.walk_mut(&mut |stmt| stmt.span = Span::NONE);
    }

    /// Changes which functions are called. `None` is for calls that no statement reaches any more: they become undefined values.
    pub fn map_callees(&mut self, mut change: impl FnMut(FuncId) -> Option<FuncId>) {
        self.body.walk_mut(&mut |stmt| {
            if let StmtKind::Call { function, .. } = &mut stmt.kind
                && let Some(new) = change(*function)
            {
                *function = new;
            }
        });
        for (_, data) in self.exprs.iter_mut() {
            if let Expr::Call { function, .. } = &mut data.expr {
                match change(*function) {
                    Some(new) => *function = new,
                    None => data.expr = Expr::Undef(data.ty),
                }
            }
        }
    }
}

impl Module {
    pub fn kernels(&self) -> impl Iterator<Item = FuncId> {
        self.functions.iter().filter(|(_, function)| function.kind == FunctionKind::Kernel).map(|(id, _)| id)
    }

    /// Adds an expression with the type that [`infer`](crate::infer) gives it.
    pub fn add_expr(&mut self, function: FuncId, expr: Expr, span: Span) -> Result<ExprId, crate::TypeError> {
        self.functions[function].add(&mut self.tables, expr, span)
    }
}
