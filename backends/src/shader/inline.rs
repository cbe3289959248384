//! Puts bodies of device functions in the place of their calls where a shader function could not stand: functions that
//! take or give pointers to buffers, shared memory or parts of variables, and functions with barriers or traps in them.
//!
//! ```text
//! call add(&out[i], 1.0)          let p = &out[i]
//!                                 p.* = p.* + 1.0
//! ```
//!
//! A function stays a function if its parameters are values, or pointers to whole locals that it uses as such: legible, and
//! small where a function is called often.
//!
//! *Needs*: no recursion, callees before callers. *Leaves*: remaining calls have values and whole locals for arguments.

use super::copies;
use super::rewrite::{Builder, block_has};
use super::single_exit;
use ir::{
    Block, Case, Expr, ExprData, ExprId, FuncId, Function, FunctionKind, LetId, LocalId, Module, Stmt, StmtKind, Tables, Type,
};
use rustc_hash::FxHashMap;

pub(super) fn run(module: &mut Module) {
    let mut callees = Callees::default();
    in_rounds(module, &mut |module, caller, call, args, whole| must_inline(module, caller, call, args, &mut callees, whole));
}

/// The calls that `wanted` wants, and no others. True if there were any.
pub(super) fn calls(module: &mut Module, wanted: &mut impl FnMut(&Module, &Function, FuncId, &[ExprId]) -> bool) -> bool {
    in_rounds(module, &mut |module, caller, call, args, _| wanted(module, caller, call, args))
}

type Wanted<'a> = dyn FnMut(&Module, &Function, FuncId, &[ExprId], &mut Option<Wholes>) -> bool + 'a;

fn in_rounds(module: &mut Module, wanted: &mut Wanted<'_>) -> bool {
    let mut found = false;
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let placeholder = Function::new("", FunctionKind::Device, module.functions[id].result, module.functions[id].span);
        let mut caller = std::mem::replace(&mut module.functions[id], placeholder);
        // In rounds, because what was inlined may call with other arguments than it had, and use locals in other ways.
        let mut whole = None;
        while has_work(module, &caller, wanted, &mut whole) {
            found = true;
            let body = caller.body.clone();
            caller.body = Inliner { module, caller: &mut caller, wanted, whole: &mut whole }.block(body);
            whole = None;
        }
        module.functions[id] = caller;
    }
    found
}

/// `caller` keeps its body of before the round, which says how it uses its locals.
struct Inliner<'a, 'w> {
    module: &'a mut Module,
    caller: &'a mut Function,
    wanted: &'a mut Wanted<'w>,
    whole: &'a mut Option<Wholes>,
}

/// What was found out about functions that have been gone through, and so stay as they are.
#[derive(Default)]
struct Callees {
    concern_kernel: FxHashMap<FuncId, bool>,
    wholes: FxHashMap<FuncId, Wholes>,
}

#[derive(Clone, Copy)]
enum Variable {
    Local(LocalId),
    Param(u32),
}

/// Is there a call that is to go?
fn has_work(module: &Module, caller: &Function, wanted: &mut Wanted<'_>, whole: &mut Option<Wholes>) -> bool {
    block_has(&caller.body, &mut |stmt| match &stmt.kind {
        StmtKind::Call { function, args, .. } => wanted(module, caller, *function, args, whole),
        _ => false,
    })
}

fn must_inline(
    module: &Module,
    caller: &Function,
    id: FuncId,
    args: &[ExprId],
    callees: &mut Callees,
    whole: &mut Option<Wholes>,
) -> bool {
    let callee = &module.functions[id];
    let types = &module.tables.types;
    let concerns = || block_has(&callee.body, &mut |stmt| concerns_kernel(&stmt.kind));
    types.has_pointer(callee.result)
        || is_another_word(callee)
        || *callees.concern_kernel.entry(id).or_insert_with(concerns)
        || callee.params.iter().zip(args).enumerate().any(|(index, (param, &arg))| {
            types.has_pointer(param.ty)
                && !(is_whole_local(module, caller, arg, whole) && passes_whole(module, id, index as u32, callees))
        })
}

/// Does the function only say in other words what has a short one: `block.size()`?
fn is_another_word(function: &Function) -> bool {
    let mut known = Vec::new();
    function.body.stmts.iter().all(|stmt| match stmt.kind {
        StmtKind::Let { result, value } => {
            known.push(result);
            copies::is_short(function.expr(value))
        }
        StmtKind::Return(Some(value)) => {
            let value = function.expr(value);
            matches!(value, Expr::Geometry(_)) || matches!(value, Expr::Let(bound) if known.contains(bound))
        }
        _ => false,
    })
}

/// The address of a local that the caller, too, only uses as what it is.
fn is_whole_local(module: &Module, caller: &Function, arg: ExprId, whole: &mut Option<Wholes>) -> bool {
    let (variable, keeps_pointers) = match *caller.expr(arg) {
        Expr::LocalAddr(local) => (Variable::Local(local), module.tables.types.has_pointer(caller.locals[local].ty)),
        Expr::Param(index) => (Variable::Param(index), false),
        _ => return false,
    };
    !keeps_pointers && whole.get_or_insert_with(|| Wholes::of(&module.tables, caller)).has(variable)
}

impl Inliner<'_, '_> {
    fn block(&mut self, block: Block) -> Block {
        let mut out = Vec::new();
        for mut stmt in block.stmts {
            for nested in stmt.kind.blocks_mut() {
                *nested = self.block(std::mem::take(nested));
            }
            match &stmt.kind {
                StmtKind::Call { result, function, args }
                    if (self.wanted)(self.module, self.caller, *function, args, self.whole) =>
                {
                    let (result, function, args) = (*result, *function, args.clone());
                    self.inline(result, function, &args, &stmt, &mut out);
                }
                _ => out.push(stmt),
            }
        }
        Block { stmts: out }
    }

    fn inline(&mut self, result: Option<LetId>, id: FuncId, args: &[ExprId], call: &Stmt, out: &mut Vec<Stmt>) {
        let placeholder = Function::new("", FunctionKind::Device, self.module.functions[id].result, call.span);
        let callee = std::mem::replace(&mut self.module.functions[id], placeholder);
        let mut params = Vec::new();
        for (param, &arg) in callee.params.iter().zip(args) {
            params.push(self.argument(&param.name, arg, call, out));
        }
        let mut copier = Copier {
            source: &callee,
            target: self.caller,
            params,
            exprs: vec![None; callee.exprs.len()],
            locals: vec![None; callee.locals.len()],
            lets: vec![None; callee.lets.len()],
        };
        let mut body = copier.block(&callee.body);
        show_at_call(&mut body, call.span);
        // The copy's returns are the callee's: the caller's result type stands aside while they are removed.
        let caller_result = std::mem::replace(&mut self.caller.result, callee.result);
        if block_has(&body, &mut |stmt| matches!(stmt.kind, StmtKind::Return(_))) {
            let mut builder = Builder { tables: &mut self.module.tables, function: self.caller };
            let (stmts, value) = single_exit::run(&mut builder, body);
            out.extend(stmts);
            if let (Some(result), Some(value)) = (result, value) {
                out.push(Stmt { kind: StmtKind::Let { result, value }, span: call.span });
            }
        } else {
            out.append(&mut body.stmts);
            if let Some(result) = result.filter(|_| self.module.tables.types.get(callee.result) != Type::Void) {
                let mut builder = Builder { tables: &mut self.module.tables, function: self.caller };
                let value = builder.add(Expr::Undef(callee.result), call.span);
                out.push(Stmt { kind: StmtKind::Let { result, value }, span: call.span });
            }
        }
        self.caller.result = caller_result;
        self.module.functions[id] = callee;
    }

    /// What the parameter stands for: the argument if it cannot change, otherwise a `Let` with the parameter's name.
    fn argument(&mut self, name: &str, arg: ExprId, call: &Stmt, out: &mut Vec<Stmt>) -> ExprId {
        let stable = |expr: &Expr| {
            matches!(
                expr,
                Expr::Const { .. }
                    | Expr::Zero(_)
                    | Expr::NamedConst(_)
                    | Expr::Let(_)
                    | Expr::Param(_)
                    | Expr::Geometry(_)
                    | Expr::LocalAddr(_)
                    | Expr::GlobalAddr(_)
            )
        };
        let mut base = arg;
        // A known part of something that cannot move cannot move either.
        loop {
            base = match *self.caller.expr(base) {
                Expr::PointerCast { base: inner, .. } | Expr::Field { base: inner, .. } => inner,
                Expr::Element { base: inner, index } if matches!(self.caller.expr(index), Expr::Const { .. }) => inner,
                _ => break,
            };
        }
        if stable(self.caller.expr(base)) {
            return arg;
        }
        let mut builder = Builder { tables: &mut self.module.tables, function: self.caller };
        let result = builder.made_let(name, builder.ty(arg), call.span);
        out.push(Stmt { kind: StmtKind::Let { result, value: arg }, span: call.span });
        builder.add(Expr::Let(result), call.span)
    }
}

/// What arrives at a barrier object is a shipped header's; the user's place is the call.
fn show_at_call(block: &mut Block, call: source::Span) {
    for stmt in &mut block.stmts {
        if let StmtKind::Arrive { .. } = stmt.kind {
            stmt.span = call;
        }
        stmt.kind.blocks_mut().for_each(|block| show_at_call(block, call));
    }
}

/// Statements that all threads of the block must reach together, those that may leave the kernel, readings of the thread's clock, and
/// fences, which an argument (a memory order) often makes unnecessary.
pub(super) fn concerns_kernel(kind: &StmtKind) -> bool {
    matches!(
        kind,
        StmtKind::Barrier
            | StmtKind::Arrive { .. }
            | StmtKind::GridBarrier
            | StmtKind::BlockVote { .. }
            | StmtKind::BlockBroadcast { .. }
            | StmtKind::Warp { .. }
            | StmtKind::WarpBarrier { .. }
            | StmtKind::TileBarrier { .. }
            | StmtKind::Yield
            | StmtKind::Trap
            | StmtKind::Assert { .. }
            | StmtKind::Clock { .. }
            | StmtKind::Fence(_)
    )
}

/// Does the callee use pointer parameter `index` as the whole variable it points to?
fn passes_whole(module: &Module, id: FuncId, index: u32, callees: &mut Callees) -> bool {
    let callee = &module.functions[id];
    let param = &callee.params[index as usize];
    let pointee = module.tables.types.as_pointer(param.ty).map(|(pointee, _)| pointee);
    pointee.is_some_and(|pointee| !module.tables.types.has_pointer(pointee) && module.tables.types.get(pointee) != Type::Void)
        && callees.wholes.entry(id).or_insert_with(|| Wholes::of(&module.tables, callee)).has(Variable::Param(index))
}

/// Of which locals and parameters the address is only loaded from, stored to, stepped into by fields and bounded elements, or passed on whole.
/// Those of the function as it was when this was asked.
struct Wholes {
    locals: Vec<bool>,
    params: Vec<bool>,
}

/// What an address leads to: a variable, or a part of it.
type Link = (Variable, bool);

impl Wholes {
    fn of(tables: &Tables, function: &Function) -> Wholes {
        let mut wholes = Wholes { locals: vec![true; function.locals.len()], params: vec![true; function.params.len()] };
        for (id, expr) in function.evaluated() {
            match expr {
                Expr::Field { base, .. } | Expr::Element { base, .. } if link(function, *base).is_some() => {}
                Expr::Load { pointer, .. }
                    if !tables.types.has_pointer(function.ty(id)) && link(function, *pointer).is_some() => {}
                other => other.operands(|operand| wholes.escapes(function, operand)),
            }
        }
        function.body.walk(&mut |stmt| match &stmt.kind {
            StmtKind::Store { value, .. } => wholes.escapes(function, *value),
            // A part of the variable passed on would be a second view of it; whether the callee may have the whole it decides itself.
            StmtKind::Call { args, .. } => {
                args.iter().filter(|arg| link(function, **arg).is_some_and(|(_, is_part)| is_part)).for_each(|arg| {
                    wholes.escapes(function, *arg);
                });
            }
            other => other.operands(|operand| wholes.escapes(function, operand)),
        });
        wholes
    }

    fn escapes(&mut self, function: &Function, address: ExprId) {
        match link(function, address) {
            Some((Variable::Local(local), _)) => self.locals[local.index()] = false,
            Some((Variable::Param(index), _)) => self.params[index as usize] = false,
            None => {}
        }
    }

    fn has(&self, variable: Variable) -> bool {
        match variable {
            Variable::Local(local) => self.locals[local.index()],
            Variable::Param(index) => self.params[index as usize],
        }
    }
}

fn link(function: &Function, mut address: ExprId) -> Option<Link> {
    let mut is_part = false;
    loop {
        address = match *function.expr(address) {
            Expr::LocalAddr(local) => return Some((Variable::Local(local), is_part)),
            Expr::Param(index) => return Some((Variable::Param(index), is_part)),
            Expr::Field { base, .. } | Expr::Element { base, .. } => base,
            _ => return None,
        };
        is_part = true;
    }
}

/// The function with nothing in its arenas but what its body uses.
pub(super) fn compacted(function: &Function) -> Function {
    let mut target = Function::new(function.name.clone(), function.kind, function.result, function.span);
    target.params = function.params.clone();
    target.max_threads = function.max_threads;
    target.remark = function.remark;
    target.is_settled = function.is_settled;
    target.exprs.reserve(function.exprs.len());
    let params = function.params.iter().enumerate().map(|(index, param)| {
        let data = ExprData { expr: Expr::Param(index as u32), ty: param.ty };
        target.exprs.add(data, param.span)
    });
    let params = params.collect();
    let mut copier = Copier {
        source: function,
        target: &mut target,
        params,
        exprs: vec![None; function.exprs.len()],
        locals: vec![None; function.locals.len()],
        lets: vec![None; function.lets.len()],
    };
    let body = copier.block(&function.body);
    target.body = body;
    target
}

/// A second copy of a block of the function: what it binds and declares are names of its own.
pub(super) fn with_own_names(function: &mut Function, block: &Block) -> Block {
    let source = function.clone();
    let mut locals: Vec<Option<LocalId>> = source.locals.handles().map(Some).collect();
    let mut lets: Vec<Option<LetId>> = source.lets.handles().map(Some).collect();
    block.walk(&mut |stmt| {
        if let StmtKind::Declare { local, .. } = stmt.kind {
            locals[local.index()] = None;
        }
        if let Some(result) = stmt.kind.result() {
            lets[result.index()] = None;
        }
    });
    let param = |(id, data): (ExprId, &ExprData)| matches!(data.expr, Expr::Param(_)).then_some(id);
    let exprs = source.exprs.iter().map(param).collect();
    Copier { source: &source, target: function, params: Vec::new(), exprs, locals, lets }.block(block)
}

/// Copies a callee's tree into the caller's arenas.
pub(super) struct Copier<'a> {
    pub(super) source: &'a Function,
    pub(super) target: &'a mut Function,
    pub(super) params: Vec<ExprId>,
    /// By the handles in the source.
    pub(super) exprs: Vec<Option<ExprId>>,
    pub(super) locals: Vec<Option<LocalId>>,
    pub(super) lets: Vec<Option<LetId>>,
}

impl Copier<'_> {
    pub(super) fn local(&mut self, id: LocalId) -> LocalId {
        let (source, target) = (self.source, &mut *self.target);
        *self.locals[id.index()].get_or_insert_with(|| target.locals.add(source.locals[id].clone(), source.locals.span(id)))
    }

    fn binding(&mut self, id: LetId) -> LetId {
        let (source, target) = (self.source, &mut *self.target);
        *self.lets[id.index()].get_or_insert_with(|| target.lets.add(source.lets[id].clone(), source.lets.span(id)))
    }

    pub(super) fn expr(&mut self, id: ExprId) -> ExprId {
        if let Some(copy) = self.exprs[id.index()] {
            return copy;
        }
        let mut data = self.source.exprs[id].clone();
        if let Expr::Param(index) = data.expr {
            return self.params[index as usize];
        }
        match &mut data.expr {
            Expr::LocalAddr(local) => *local = self.local(*local),
            Expr::Let(binding) => *binding = self.binding(*binding),
            _ => {}
        }
        data.expr.operands_mut(|operand| *operand = self.expr(*operand));
        let copy = self.target.exprs.add(data, self.source.exprs.span(id));
        self.exprs[id.index()] = Some(copy);
        copy
    }

    pub(super) fn block(&mut self, block: &Block) -> Block {
        Block { stmts: block.stmts.iter().map(|stmt| self.stmt(stmt)).collect() }
    }

    pub(super) fn stmt(&mut self, stmt: &Stmt) -> Stmt {
        let mut kind = without_blocks(&stmt.kind);
        kind.operands_mut(|operand| *operand = self.expr(*operand));
        match &mut kind {
            StmtKind::Let { result, .. }
            | StmtKind::BlockVote { result, .. }
            | StmtKind::BlockBroadcast { result, .. }
            | StmtKind::Warp { result, .. }
            | StmtKind::Clock { result, .. }
            | StmtKind::Call { result: Some(result), .. }
            | StmtKind::Atomic { result: Some(result), .. } => *result = self.binding(*result),
            StmtKind::Declare { local, .. } => *local = self.local(*local),
            _ => {}
        }
        for (nested, source) in kind.blocks_mut().zip(stmt.kind.blocks()) {
            *nested = self.block(source);
        }
        Stmt { kind, span: stmt.span }
    }
}

/// A copy whose blocks are empty: what stands in them is not to be copied twice.
fn without_blocks(kind: &StmtKind) -> StmtKind {
    match kind {
        StmtKind::Scope(_) => StmtKind::Scope(Block::default()),
        StmtKind::If { condition, .. } => {
            StmtKind::If { condition: *condition, accept: Block::default(), reject: Block::default() }
        }
        StmtKind::Loop { form, condition, until, unroll, .. } => StmtKind::Loop {
            form: *form,
            condition: *condition,
            body: Block::default(),
            update: Block::default(),
            until: *until,
            unroll: *unroll,
        },
        StmtKind::Switch { selector, cases } => {
            let case = |case: &Case| Case {
                values: case.values.clone(),
                is_default: case.is_default,
                body: Block::default(),
                falls_through: case.falls_through,
                span: case.span,
            };
            StmtKind::Switch { selector: *selector, cases: cases.iter().map(case).collect() }
        }
        plain => plain.clone(),
    }
}
