//! What functions do with their pointer parameters, and with memory that is not their own.

use super::super::inline::concerns_kernel;
use super::is_pointer;
use ir::{Block, Expr, ExprId, FuncId, Function, GlobalId, LocalId, LogicalOp, Module, Space, StmtKind, Type, TypeId, Types};

/// Where a chain of known steps starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Root {
    Param(u32),
    Local(LocalId),
    Global(GlobalId),
}

/// An address that is a root and steps into it.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub(super) root: Root,
    /// Fields and elements from the root on; `None` behind an index that is not constant, or not known to be in bounds.
    pub(super) path: Option<Vec<u32>>,
}

pub(super) fn chain(types: &Types, function: &Function, address: ExprId) -> Option<Chain> {
    let step = |base: ExprId, index: Option<u32>| {
        let mut chain = chain(types, function, base)?;
        match (index, &mut chain.path) {
            (Some(index), Some(path)) => path.push(index),
            _ => chain.path = None,
        }
        Some(chain)
    };
    let start = |root| Some(Chain { root, path: Some(Vec::new()) });
    match *function.expr(address) {
        Expr::Param(index) if is_pointer(types, function.ty(address)) => start(Root::Param(index)),
        Expr::LocalAddr(local) => start(Root::Local(local)),
        Expr::GlobalAddr(global) => start(Root::Global(global)),
        Expr::Field { base, index } => step(base, Some(index)),
        Expr::Element { base, index } => step(base, element_index(types, function, base, index)),
        _ => None,
    }
}

/// The constant index of an element that is there.
pub(super) fn element_index(types: &Types, function: &Function, base: ExprId, index: ExprId) -> Option<u32> {
    let Expr::Const { scalar, bits } = *function.expr(index) else { return None };
    let (array, _) = types.as_pointer(function.ty(base))?;
    let Type::Array { count: Some(count), .. } = types.get(array) else { return None };
    (scalar.is_int() && bits < count).then(|| u32::try_from(bits).ok()).flatten()
}

/// What is done with a pointer parameter.
#[derive(Clone, Debug, Default)]
pub(super) struct ParamUse {
    pub(super) loaded: bool,
    pub(super) stored: bool,
    /// Used as a value, or stepped into at a place that is not known.
    pub(super) is_value: bool,
    /// Given on, whole or in part, as that parameter.
    pub(super) passed: Vec<(FuncId, u32)>,
    /// All of it is loaded in each call, before anything else happens.
    pub(super) surely_loaded: bool,
}

/// Memory that a function itself, or one it calls, reaches otherwise than through its parameters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reach {
    /// Somebody's local variables.
    pub(super) locals: bool,
    /// Global, shared and constant memory.
    pub(super) elsewhere: bool,
}

impl Reach {
    fn add(&mut self, space: Space) {
        self.locals |= matches!(space, Space::Local | Space::Generic);
        self.elsewhere |= space != Space::Local;
    }

    fn join(&mut self, other: Reach) {
        self.locals |= other.locals;
        self.elsewhere |= other.elsewhere;
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    pub(super) params: Vec<ParamUse>,
    pub(super) reads: Reach,
    pub(super) writes: Reach,
    /// It is going to be inlined, for what it does or calls.
    pub(super) concerns_kernel: bool,
    /// By local: is its address a value somewhere?
    pub(super) leaks: Vec<bool>,
}

/// By function; callees stand before callers.
pub(super) fn of_all(module: &Module) -> Vec<Usage> {
    let mut usages = Vec::new();
    for (_, function) in module.functions.iter() {
        usages.push(Usage::of(module, function, &usages));
    }
    usages
}

impl Usage {
    /// `known` has the callees.
    pub(super) fn of(module: &Module, function: &Function, known: &[Usage]) -> Usage {
        let usage = Usage {
            params: vec![ParamUse::default(); function.params.len()],
            leaks: vec![false; function.locals.len()],
            ..Usage::default()
        };
        let mut survey = Survey { types: &module.tables.types, function, known, usage };
        survey.expressions();
        survey.statements();
        survey.sure_loads();
        survey.usage
    }
}

struct Survey<'a> {
    types: &'a Types,
    function: &'a Function,
    known: &'a [Usage],
    usage: Usage,
}

impl Survey<'_> {
    fn chain(&self, address: ExprId) -> Option<Chain> {
        chain(self.types, self.function, address)
    }

    fn space(&self, address: ExprId) -> Space {
        self.types.as_pointer(self.function.ty(address)).map_or(Space::Generic, |(_, space)| space)
    }

    fn expressions(&mut self) {
        let function = self.function;
        for (id, expr) in function.evaluated() {
            match expr {
                // The address of a part is judged where it is used.
                Expr::Field { .. } | Expr::Element { .. } => {
                    if let Some(Chain { root: Root::Param(index), path: None }) = self.chain(id) {
                        self.usage.params[index as usize].is_value = true;
                    }
                }
                Expr::Load { pointer, volatile } => {
                    let plain = !volatile && !self.types.has_pointer(function.ty(id));
                    match self.chain(*pointer).map(|chain| chain.root) {
                        Some(Root::Param(index)) => {
                            let param = &mut self.usage.params[index as usize];
                            param.loaded = true;
                            param.is_value |= !plain;
                        }
                        Some(Root::Local(_)) => {}
                        Some(Root::Global(_)) | None => self.usage.reads.add(self.space(*pointer)),
                    }
                }
                other => other.operands(|operand| self.is_value(operand)),
            }
        }
    }

    /// The expression is a value here: an address, for one, may be anywhere from here on.
    fn is_value(&mut self, value: ExprId) {
        match self.chain(value).map(|chain| chain.root) {
            Some(Root::Param(index)) => self.usage.params[index as usize].is_value = true,
            Some(Root::Local(local)) => self.usage.leaks[local.index()] = true,
            Some(Root::Global(_)) | None => {}
        }
    }

    fn writes_to(&mut self, address: ExprId) {
        match self.chain(address).map(|chain| chain.root) {
            Some(Root::Param(index)) => self.usage.params[index as usize].stored = true,
            Some(Root::Local(_)) => {}
            Some(Root::Global(_)) | None => self.usage.writes.add(self.space(address)),
        }
    }

    fn statements(&mut self) {
        let function = self.function;
        function.body.walk(&mut |stmt| {
            self.usage.concerns_kernel |= concerns_kernel(&stmt.kind);
            match &stmt.kind {
                StmtKind::Store { pointer, value, .. } => {
                    self.is_value(*value);
                    self.writes_to(*pointer);
                }
                StmtKind::Atomic { pointer, value, compare, .. } => {
                    self.is_value(*pointer);
                    [Some(*value), *compare].into_iter().flatten().for_each(|operand| self.is_value(operand));
                    self.writes_to(*pointer);
                    self.usage.reads.add(self.space(*pointer));
                }
                StmtKind::Call { function: callee, args, .. } => self.call(*callee, args),
                other => other.operands(|operand| self.is_value(operand)),
            }
        });
    }

    fn call(&mut self, callee: FuncId, args: &[ExprId]) {
        let known = self.known;
        // One that is not known yet may do anything.
        let Some(called) = known.get(callee.index()) else {
            args.iter().for_each(|arg| self.is_value(*arg));
            self.usage.reads.join(Reach { locals: true, elsewhere: true });
            self.usage.writes.join(Reach { locals: true, elsewhere: true });
            self.usage.concerns_kernel = true;
            return;
        };
        self.usage.concerns_kernel |= called.concerns_kernel;
        self.usage.reads.join(called.reads);
        self.usage.writes.join(called.writes);
        for (index, (&arg, param)) in args.iter().zip(&called.params).enumerate() {
            if !is_pointer(self.types, self.function.ty(arg)) {
                continue;
            }
            if param.is_value {
                self.is_value(arg);
            }
            if param.stored {
                self.writes_to(arg);
            }
            match self.chain(arg).map(|chain| chain.root) {
                Some(Root::Param(own)) => self.usage.params[own as usize].passed.push((callee, index as u32)),
                Some(Root::Local(_)) => {}
                Some(Root::Global(_)) | None if param.loaded || param.is_value || !param.passed.is_empty() => {
                    self.usage.reads.add(self.space(arg));
                }
                Some(Root::Global(_)) | None => {}
            }
        }
    }

    fn sure_loads(&mut self) {
        let mut loads = vec![Vec::new(); self.function.params.len()];
        self.leading_loads(&self.function.body, &mut loads);
        for (index, loads) in loads.iter().enumerate() {
            if let Some((pointee, _)) = self.types.as_pointer(self.function.params[index].ty) {
                self.usage.params[index].surely_loaded = covers(self.types, pointee, &mut Vec::new(), loads);
            }
        }
    }

    /// The parts of parameters that are loaded whatever happens. False behind a statement that may do more than compute.
    fn leading_loads(&self, block: &Block, loads: &mut [Vec<Vec<u32>>]) -> bool {
        for stmt in &block.stmts {
            if let StmtKind::Loop { .. } = stmt.kind {
                return false;
            }
            stmt.kind.operands(|operand| self.sure_loads_in(operand, loads));
            let goes_on = match &stmt.kind {
                StmtKind::Let { .. } | StmtKind::Declare { .. } => true,
                StmtKind::Scope(block) => self.leading_loads(block, loads),
                StmtKind::Store { pointer, .. } => {
                    matches!(self.chain(*pointer), Some(Chain { root: Root::Local(_), .. }))
                }
                StmtKind::Call { function, args, .. } => self.given_on(*function, args, loads),
                _ => false,
            };
            if !goes_on {
                return false;
            }
        }
        true
    }

    fn given_on(&self, callee: FuncId, args: &[ExprId], loads: &mut [Vec<Vec<u32>>]) -> bool {
        let Some(called) = self.known.get(callee.index()) else { return false };
        for (arg, param) in args.iter().zip(&called.params).filter(|(_, param)| param.surely_loaded) {
            if let Some(Chain { root: Root::Param(index), path: Some(path) }) = self.chain(*arg) {
                debug_assert!(!param.stored || param.surely_loaded);
                loads[index as usize].push(path);
            }
        }
        !called.concerns_kernel && !called.writes.locals && !called.writes.elsewhere && !called.params.iter().any(|it| it.stored)
    }

    fn sure_loads_in(&self, value: ExprId, loads: &mut [Vec<Vec<u32>>]) {
        match self.function.expr(value) {
            Expr::Select { condition, .. } => self.sure_loads_in(*condition, loads),
            Expr::Logical { op: LogicalOp::And | LogicalOp::Or, a, .. } => self.sure_loads_in(*a, loads),
            Expr::Load { pointer, .. } => {
                if let Some(Chain { root: Root::Param(index), path: Some(path) }) = self.chain(*pointer) {
                    loads[index as usize].push(path);
                }
                self.sure_loads_in(*pointer, loads);
            }
            other => other.operands(|operand| self.sure_loads_in(operand, loads)),
        }
    }
}

/// Is all of a type, at `path`, among the parts that were loaded?
fn covers(types: &Types, ty: TypeId, path: &mut Vec<u32>, loads: &[Vec<u32>]) -> bool {
    if loads.iter().any(|loaded| path.starts_with(loaded)) {
        return true;
    }
    let parts: Vec<TypeId> = match types.get(ty) {
        Type::Struct(definition) => types.structs()[definition].fields.iter().map(|field| field.ty).collect(),
        // What a component is does not matter: it has no parts.
        Type::Vector { count, .. } => vec![ty; usize::from(count)],
        Type::Array { element, count: Some(count) } if count <= super::MOST_BYTES => vec![element; count as usize],
        _ => return false,
    };
    let is_vector = matches!(types.get(ty), Type::Vector { .. });
    !parts.is_empty()
        && (0u32..).zip(parts).all(|(index, part)| {
            path.push(index);
            let all = if is_vector { loads.contains(path) } else { covers(types, part, path, loads) };
            path.pop();
            all
        })
}
