//! Puts every barrier into control flow that is uniform for the target's analysis, because WGSL demands it (WGSL, "Uniformity") and CUDA
//! demands only that all live threads reach it (CUDA C++ Programming Guide, "Synchronization Functions").
//!
//! ```text
//! if (i >= n) return;          let live = i < n
//! tile[t] = x[i];              if live { tile[t] = x[i] }
//! __syncthreads();       =>    barrier
//! y[i] = tile[0];              if live { y[i] = tile[0] }
//! ```
//!
//! * Threads that return early where a barrier may follow stay in the flow, and do nothing: they are no longer `live`.
//! * A condition around a barrier that is uniform but for a load of writable memory goes through a `BlockBroadcast`.
//! * Any other condition around a barrier becomes a vote: if one thread wants in, all go in, and those that do not want to do nothing there.
//!   So do loops: they run until no thread wants another round; threads that have left with `break` wait.
//! * Warp operations in two arms that wait for each other become one ([`join`]).
//! * Control flow without barriers, and flow that is provably uniform, stays as it is.
//!
//! *Needs*: legal addresses; functions with barriers inlined; no fall-through. *Leaves*: each synchronising statement in flow that
//! [`uniformity`](super::uniformity) proves uniform; what it cannot is refused. Asked for by WGSL; SPIR-V gets it too, since Vulkan has the same rule.

mod choice;
mod facts;
mod join;

use self::facts::{Counts, FromMemory, JumpKinds, jumps, jumps_in, simple_return, simple_returns};
use super::rewrite::Builder;
use super::uniformity::{Class, Returns, Uniformity, contains_sync, is_sync, pure_functions, reads_memory};
use crate::common::effects::{Root, root};
use ir::{
    BinaryOp, Block, BlockVote, Case, Expr, ExprId, FuncId, Function, FunctionKind, GlobalId, LetId, LocalId, LogicalOp,
    LoopForm, Module, Scalar, Stmt, StmtKind, UnaryOp, WarpOp,
};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;

/// The place of a barrier that could not be made uniform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Divergent(pub(super) Span);

/// Repairs one kernel. `read_only` gives the buffers that the program never writes.
pub(super) fn run(
    module: &mut Module,
    kernel: FuncId,
    read_only: impl FnOnce(&Module) -> FxHashSet<GlobalId>,
) -> Result<(), Divergent> {
    if !module.functions[kernel].body.stmts.iter().any(contains_sync) {
        return Ok(());
    }
    let read_only = &read_only(module);
    let pure = pure_functions(module);
    let strict = Uniformity::of(&module.functions[kernel], &module.tables, read_only, &pure, Returns::Leave);
    if strict.divergent_sync.is_none() {
        return Ok(());
    }
    let mut relaxed = Uniformity::of(&module.functions[kernel], &module.tables, read_only, &pure, Returns::Stay);
    let mut body = std::mem::take(&mut module.functions[kernel].body);
    let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    let joined = join::run(&mut builder, &relaxed, &mut body);
    module.functions[kernel].body = body;
    if joined {
        relaxed = Uniformity::of(&module.functions[kernel], &module.tables, read_only, &pure, Returns::Stay);
    }
    let blank = Function::new("", FunctionKind::Device, module.functions[kernel].result, Span::NONE);
    let mut function = std::mem::replace(&mut module.functions[kernel], blank);
    let body = std::mem::take(&mut function.body);
    let counts = Counts::of_block(&function, &body);
    let from_memory = FromMemory::of(&function, &module.tables, &body);
    let simple_returns = simple_returns(&body);
    let mut repair = Repair {
        builder: Builder { tables: &mut module.tables, function: &mut function },
        uniform: relaxed,
        counts,
        from_memory,
        live: None,
        values: FxHashMap::default(),
    };
    let body = repair.function_body(body, simple_returns);
    function.body = body;
    module.functions[kernel] = function;
    let after = Uniformity::of(&module.functions[kernel], &module.tables, read_only, &pure, Returns::Leave);
    after.divergent_sync.map_or(Ok(()), |span| Err(Divergent(span)))
}

/// A condition under which a thread takes part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flag {
    Value(LetId),
    Variable(LocalId),
}

/// Where a block stands.
#[derive(Clone, Default)]
struct Ctx {
    /// A thread takes part if all of these hold. Outer before inner.
    flags: Vec<Flag>,
    /// May a barrier follow, in this block's surroundings or a later round of a loop? Then a return must be turned into a flag.
    sync_after: bool,
    /// The loop that `break` and `continue` mean, if it has barriers.
    target: Option<Target>,
    /// Directly inside a loop with barriers, whose jumps are uniform unless there is a target.
    in_sync_loop: bool,
    /// Inside a loop or switch without barriers, of which `break` is the way out.
    in_plain_loop: bool,
}

#[derive(Clone, Copy)]
struct Target {
    /// Cleared by `break`.
    looping: Option<LocalId>,
    /// Cleared by `continue`.
    going: Option<LocalId>,
}

struct Repair<'a> {
    builder: Builder<'a>,
    uniform: Uniformity,
    counts: Counts,
    from_memory: FromMemory,
    live: Option<Flag>,
    /// Values that have become variables, since they are computed under a flag and used outside.
    values: FxHashMap<LetId, LocalId>,
}

/// Statements under construction: those that wait for a common `if live`.
#[derive(Default)]
struct Out {
    done: Vec<Stmt>,
    waiting: Vec<Stmt>,
}

impl Repair<'_> {
    fn function_body(&mut self, body: Block, returns: usize) -> Block {
        let mut ctx = Ctx::default();
        let mut out = Out::default();
        let single = returns == 1 && body.stmts.iter().any(|stmt| simple_return(stmt).is_some());
        if returns > 0 && !single && self.has_divergent_return(&body, Class::Uniform, Class::Memory) {
            let live = self.flag_variable("live", true, Span::NONE, &mut out.done);
            self.live = Some(Flag::Variable(live));
            ctx.flags.push(Flag::Variable(live));
        }
        self.stmts(body.stmts, &mut ctx, &mut out);
        self.flush(&ctx, &mut out);
        Block { stmts: out.done }
    }

    fn block(&mut self, block: Block, ctx: &Ctx) -> Block {
        let mut ctx = ctx.clone();
        let mut out = Out::default();
        self.stmts(block.stmts, &mut ctx, &mut out);
        self.flush(&ctx, &mut out);
        Block { stmts: out.done }
    }

    fn stmts(&mut self, stmts: Vec<Stmt>, ctx: &mut Ctx, out: &mut Out) {
        let syncs: Vec<bool> = stmts.iter().map(contains_sync).collect();
        let outer_sync = ctx.sync_after;
        for (index, stmt) in stmts.into_iter().enumerate() {
            ctx.sync_after = outer_sync || syncs[index + 1..].contains(&true);
            self.stmt(stmt, syncs[index], ctx, out);
        }
        ctx.sync_after = outer_sync;
    }

    fn stmt(&mut self, mut stmt: Stmt, has_sync: bool, ctx: &mut Ctx, out: &mut Out) {
        let waits = !has_sync && !self.escapes(&stmt, ctx) && !self.is_uniform_jump(&stmt, ctx) && !self.is_harmless(&stmt);
        if !waits {
            self.flush(ctx, out);
        }
        self.replace_values(&mut stmt);
        if is_sync(&stmt) {
            return self.sync(stmt, ctx, out);
        }
        if has_sync {
            return self.structure(stmt, ctx, out);
        }
        if self.escapes(&stmt, ctx) {
            return self.escape(stmt, ctx, out);
        }
        if self.is_uniform_jump(&stmt, ctx) {
            return self.uniform_jump(stmt, ctx, out);
        }
        self.plain(stmt, ctx, out);
    }

    fn is_uniform_jump(&self, stmt: &Stmt, ctx: &Ctx) -> bool {
        let jump = jumps(stmt);
        ctx.in_sync_loop && (jump.breaks || jump.continues)
    }

    /// A jump that all threads of a loop with barriers take together: those that take no part must take it too.
    fn uniform_jump(&mut self, stmt: Stmt, ctx: &Ctx, out: &mut Out) {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Scope(block) => {
                let block = self.block(block, ctx);
                out.done.push(Stmt { kind: StmtKind::Scope(block), span });
            }
            StmtKind::If { condition, accept, reject } => {
                let condition = self.made_uniform(condition, ctx, span, out);
                let (accept, reject) = (self.block(accept, ctx), self.block(reject, ctx));
                out.done.push(Stmt { kind: StmtKind::If { condition, accept, reject }, span });
            }
            kind => out.done.push(Stmt { kind, span }),
        }
    }

    /// The condition, broadcast if only memory keeps it from being uniform and all threads are here.
    fn made_uniform(&mut self, condition: ExprId, ctx: &Ctx, span: Span, out: &mut Out) -> ExprId {
        if self.class(condition) == Class::Memory && ctx.flags.is_empty() {
            return self.broadcast(condition, span, &mut out.done);
        }
        condition
    }

    /// A statement without barriers and without jumps past one.
    fn plain(&mut self, stmt: Stmt, ctx: &Ctx, out: &mut Out) {
        if ctx.flags.is_empty() {
            return out.done.push(stmt);
        }
        if self.is_harmless(&stmt) {
            return out.done.push(stmt);
        }
        out.waiting.push(stmt);
    }

    /// May threads that take no part execute it too? It computes a value or assigns a uniform variable, and reads nothing that could be out of bounds.
    fn is_harmless(&self, stmt: &Stmt) -> bool {
        let (function, tables) = (&*self.builder.function, &*self.builder.tables);
        match &stmt.kind {
            StmtKind::Let { value, .. } => !reads_memory(function, tables, *value),
            StmtKind::Declare { init: Some(init), .. } => !reads_memory(function, tables, *init),
            StmtKind::Declare { init: None, .. } => true,
            StmtKind::Store { pointer, value, .. } => match root(function, *pointer) {
                Some(Root::Local(local)) => {
                    self.uniform.local(local) == Class::Uniform
                        && !reads_memory(function, tables, *value)
                        && !reads_memory(function, tables, *pointer)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Does control leave this statement by a jump that passes a barrier?
    fn escapes(&self, stmt: &Stmt, ctx: &Ctx) -> bool {
        let jump = jumps(stmt);
        (jump.returns && ctx.sync_after) || (ctx.target.is_some() && (jump.breaks || jump.continues))
    }

    /// Puts the waiting statements under `if live`. What they bind and others use becomes a variable in front.
    fn flush(&mut self, ctx: &Ctx, out: &mut Out) {
        let waiting = std::mem::take(&mut out.waiting);
        if waiting.is_empty() {
            return;
        }
        let span = waiting[0].span;
        let inside = self.hoist(waiting, &mut out.done);
        match self.active(ctx, span) {
            Some(condition) => {
                let stmt = self.guarded(condition, inside, span);
                out.done.push(stmt);
            }
            None => out.done.extend(inside),
        }
    }

    fn hoist(&mut self, stmts: Vec<Stmt>, done: &mut Vec<Stmt>) -> Vec<Stmt> {
        let here = Counts::of(self.builder.function, &stmts);
        let mut inside = Vec::new();
        for stmt in stmts {
            match stmt.kind {
                StmtKind::Declare { local, init } if self.counts.locals.get(&local) != here.locals.get(&local) => {
                    self.uniform.set_varying(local);
                    let zero = self.zero(self.builder.function.locals[local].ty, stmt.span);
                    done.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span: stmt.span });
                    if let Some(init) = init {
                        inside.push(self.builder.store_local(local, init, stmt.span));
                    }
                }
                ref kind => {
                    let outside = kind
                        .result()
                        .filter(|id| self.counts.lets.get(id) != here.lets.get(id) && self.counts.lets.contains_key(id));
                    inside.push(stmt.clone());
                    if let Some(id) = outside {
                        let local = self.value_variable(id, stmt.span, done);
                        let value = self.builder.add(Expr::Let(id), stmt.span);
                        inside.push(self.builder.store_local(local, value, stmt.span));
                    }
                }
            }
        }
        inside
    }

    fn value_variable(&mut self, id: LetId, span: Span, done: &mut Vec<Stmt>) -> LocalId {
        let value = self.builder.function.lets[id].clone();
        let name = value.name.unwrap_or_else(|| "value".into());
        let local = self.builder.function.add_local(name, value.ty, span);
        self.uniform.set_varying(local);
        let zero = self.zero(value.ty, span);
        done.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
        self.values.insert(id, local);
        local
    }

    /// Threads that take no part may read it: it holds something defined.
    fn zero(&mut self, ty: ir::TypeId, span: Span) -> ExprId {
        self.builder.add(Expr::Zero(ty), span)
    }

    /// Reads of values that have become variables. (Statements nested in `stmt` are handled when their turn comes, or here if they stay as they are.)
    fn replace_values(&mut self, stmt: &mut Stmt) {
        if self.values.is_empty() {
            return;
        }
        let values = self.values.clone();
        let builder = &mut self.builder;
        replace_in(builder, stmt, &values);
    }

    /// `if condition { stmts }`; a lone `if c` inside joins it, `if condition && c`, where evaluating `c` harms nobody.
    fn guarded(&mut self, condition: ExprId, mut stmts: Vec<Stmt>, span: Span) -> Stmt {
        if let [Stmt { kind: StmtKind::If { condition: inner, accept, reject }, .. }] = stmts.as_mut_slice()
            && reject.stmts.is_empty()
            && !reads_memory(self.builder.function, self.builder.tables, *inner)
        {
            let both = self.builder.add(Expr::Logical { op: LogicalOp::And, a: condition, b: *inner }, span);
            return plain_if(both, std::mem::take(&mut accept.stmts), span);
        }
        plain_if(condition, stmts, span)
    }

    /// The condition under which a thread takes part; `None` if all do.
    fn active(&mut self, ctx: &Ctx, span: Span) -> Option<ExprId> {
        let mut all = None;
        for flag in &ctx.flags {
            let value = self.flag(*flag, span);
            all = Some(match all {
                None => value,
                Some(before) => self.builder.add(Expr::Logical { op: LogicalOp::And, a: before, b: value }, span),
            });
        }
        all
    }

    fn flag(&mut self, flag: Flag, span: Span) -> ExprId {
        match flag {
            Flag::Value(id) => self.builder.add(Expr::Let(id), span),
            Flag::Variable(local) => self.builder.load_local(local, span),
        }
    }

    fn flag_variable(&mut self, name: &str, value: bool, span: Span, out: &mut Vec<Stmt>) -> LocalId {
        let ty = self.builder.scalar_ty(Scalar::Bool);
        let local = self.builder.function.add_local(name, ty, span);
        self.uniform.set_varying(local);
        let init = Some(self.builder.boolean(value, span));
        out.push(Stmt { kind: StmtKind::Declare { local, init }, span });
        local
    }

    /// A condition evaluated by the threads that take part, and false for the others.
    fn wanted(&mut self, condition: ExprId, ctx: &Ctx, span: Span, out: &mut Out) -> ExprId {
        let Some(active) = self.active(ctx, span) else { return condition };
        if !reads_memory(self.builder.function, self.builder.tables, condition) {
            return self.builder.add(Expr::Logical { op: LogicalOp::And, a: active, b: condition }, span);
        }
        let local = self.flag_variable("wants", false, span, &mut out.done);
        let store = self.builder.store_local(local, condition, span);
        let store = self.guarded(active, vec![store], span);
        out.done.push(store);
        self.builder.load_local(local, span)
    }

    fn vote(&mut self, value: ExprId, span: Span, done: &mut Vec<Stmt>) -> ExprId {
        let ty = self.builder.scalar_ty(Scalar::I32);
        let result = self.builder.function.add_let(Some("any".into()), ty, span);
        done.push(Stmt { kind: StmtKind::BlockVote { result, op: BlockVote::Any, value }, span });
        let any = self.builder.add(Expr::Let(result), span);
        self.builder.with_constant(BinaryOp::Ne, any, 0, span)
    }

    fn broadcast(&mut self, value: ExprId, span: Span, done: &mut Vec<Stmt>) -> ExprId {
        let ty = self.builder.ty(value);
        let result = self.builder.function.add_let(None, ty, span);
        done.push(Stmt { kind: StmtKind::BlockBroadcast { result, value }, span });
        self.builder.add(Expr::Let(result), span)
    }

    fn not(&mut self, value: ExprId, span: Span) -> ExprId {
        if let Expr::Unary { op: UnaryOp::Not, value } = self.builder.expr(value) {
            return value;
        }
        if let Expr::Binary { op, a, b } = self.builder.expr(value)
            && self.builder.scalar_of(a).is_some_and(Scalar::is_int)
            && let Some(op) = opposite(op)
        {
            return self.builder.add(Expr::Binary { op, a, b }, span);
        }
        self.builder.add(Expr::Unary { op: UnaryOp::Not, value }, span)
    }

    fn class(&self, value: ExprId) -> Class {
        self.uniform.expr(self.builder.function, value)
    }

    /// A barrier stays; a vote counts only threads that take part; a lane that takes no part in a warp operation has the mask 0.
    fn sync(&mut self, stmt: Stmt, ctx: &Ctx, out: &mut Out) {
        if ctx.flags.is_empty() {
            return out.done.push(stmt);
        }
        let (result, op, value) = match stmt.kind {
            StmtKind::BlockVote { result, op, value } => (result, op, value),
            StmtKind::Warp { result, op, mask, args } => return self.warp_operation(result, op, mask, args, stmt.span, ctx, out),
            _ => return out.done.push(stmt),
        };
        let value = match op {
            BlockVote::Any | BlockVote::Count => self.wanted(value, ctx, stmt.span, out),
            BlockVote::All => {
                let refused = self.not(value, stmt.span);
                let refused = self.wanted(refused, ctx, stmt.span, out);
                self.not(refused, stmt.span)
            }
        };
        out.done.push(Stmt { kind: StmtKind::BlockVote { result, op, value }, span: stmt.span });
    }

    #[allow(clippy::too_many_arguments)]
    fn warp_operation(
        &mut self,
        result: LetId,
        op: WarpOp,
        mask: Option<ExprId>,
        args: Vec<ExprId>,
        span: Span,
        ctx: &Ctx,
        out: &mut Out,
    ) {
        let args = args.into_iter().map(|arg| self.read_by_active(arg, ctx, span, out)).collect();
        let everybody = self.builder.constant(Scalar::U32, 0xffff_ffff, span);
        let mask = mask.map_or(everybody, |mask| self.read_by_active(mask, ctx, span, out));
        let nobody = self.builder.constant(Scalar::U32, 0, span);
        let mask = self
            .active(ctx, span)
            .map(|condition| self.builder.add(Expr::Select { condition, accept: mask, reject: nobody }, span));
        out.done.push(Stmt { kind: StmtKind::Warp { result, op, mask, args }, span });
    }

    /// A value whose evaluation may harm threads that take no part: they get zero.
    fn read_by_active(&mut self, value: ExprId, ctx: &Ctx, span: Span, out: &mut Out) -> ExprId {
        if !reads_memory(self.builder.function, self.builder.tables, value) {
            return value;
        }
        let Some(active) = self.active(ctx, span) else { return value };
        let ty = self.builder.ty(value);
        let local = self.builder.function.add_local("value", ty, span);
        self.uniform.set_varying(local);
        let zero = self.zero(ty, span);
        out.done.push(Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
        let store = self.builder.store_local(local, value, span);
        let store = self.guarded(active, vec![store], span);
        out.done.push(store);
        self.builder.load_local(local, span)
    }

    /// A structured statement with barriers inside.
    fn structure(&mut self, stmt: Stmt, ctx: &Ctx, out: &mut Out) {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Scope(block) => {
                let block = self.block(block, ctx);
                out.done.push(Stmt { kind: StmtKind::Scope(block), span });
            }
            StmtKind::If { condition, accept, reject } => self.if_with_sync(condition, accept, reject, span, ctx, out),
            StmtKind::Loop { form, condition, body, update, until, unroll } => {
                let parts = LoopParts { form, condition, body, update, until, unroll, span };
                self.loop_with_sync(parts, ctx, out);
            }
            StmtKind::Switch { selector, cases } => {
                let class = self.class(selector);
                let can_broadcast = class == Class::Memory && ctx.flags.is_empty();
                if class != Class::Uniform && !can_broadcast {
                    let selected = self.read_by_active(selector, ctx, span, out);
                    let selected = self.builder.bind("selected", selected, &mut out.done);
                    if let Expr::Let(id) = *self.builder.function.expr(selected) {
                        self.uniform.set_varying_let(id);
                    }
                    if let Some(stmt) = choice::as_conditions(&mut self.builder, selected, &cases, span) {
                        return self.structure(stmt, ctx, out);
                    } // What is left is found by the check at the end.
                }
                let selector = if can_broadcast { self.broadcast(selector, span, &mut out.done) } else { selector };
                // `break` leaves the switch here; a `continue` still means the loop.
                let inner = Ctx { sync_after: true, target: ctx.target, ..ctx.clone() };
                let cases = cases.into_iter().map(|case| Case { body: self.case_body(case.body, &inner), ..case }).collect();
                out.done.push(Stmt { kind: StmtKind::Switch { selector, cases }, span });
            }
            kind => out.done.push(Stmt { kind, span }),
        }
    }

    fn case_body(&mut self, mut body: Block, ctx: &Ctx) -> Block {
        let last = body.stmts.pop_if(|stmt| matches!(stmt.kind, StmtKind::Break));
        let mut block = self.block(body, ctx);
        block.stmts.extend(last);
        block
    }

    fn if_with_sync(&mut self, condition: ExprId, accept: Block, reject: Block, span: Span, ctx: &Ctx, out: &mut Out) {
        let class = self.class(condition);
        if class == Class::Uniform || (class == Class::Memory && ctx.flags.is_empty()) {
            let condition = if class == Class::Uniform { condition } else { self.broadcast(condition, span, &mut out.done) };
            let (accept, reject) = (self.block(accept, ctx), self.block(reject, ctx));
            return out.done.push(Stmt { kind: StmtKind::If { condition, accept, reject }, span });
        }
        let asks = self.from_memory.depends(self.builder.function, self.builder.tables, condition);
        let wanted = self.wanted(condition, ctx, span, out);
        let wanted = self.bind_flag("inside", wanted, span, &mut out.done);
        self.voted_block(wanted, asks, accept, ctx, span, out);
        if !reject.stmts.is_empty() {
            let refused = self.flag(wanted, span);
            let refused = self.not(refused, span);
            let refused = match self.active(ctx, span) {
                Some(active) => self.builder.add(Expr::Logical { op: LogicalOp::And, a: active, b: refused }, span),
                None => refused,
            };
            let refused = self.bind_flag("otherwise", refused, span, &mut out.done);
            self.voted_block(refused, asks, reject, ctx, span, out);
        }
    }

    /// All threads go in if one wants to; the others do nothing there. Whether one wants to is not asked where the condition is one on indices
    /// and arguments: almost always one does, and the question costs as much as what it would save.
    fn voted_block(&mut self, wanted: Flag, asks: bool, block: Block, ctx: &Ctx, span: Span, out: &mut Out) {
        let mut inner = ctx.clone();
        inner.flags.push(wanted);
        if !block.stmts.iter().any(contains_sync) {
            return out.done.extend(self.block(block, &inner).stmts);
        }
        let value = self.flag(wanted, span);
        let condition = asks.then(|| self.vote(value, span, &mut out.done));
        let accept = self.block(block, &inner);
        let Some(condition) = condition else {
            return out.done.push(Stmt { kind: StmtKind::Scope(accept), span });
        };
        out.done.push(Stmt { kind: StmtKind::If { condition, accept, reject: Block::default() }, span });
    }

    fn bind_flag(&mut self, name: &str, value: ExprId, span: Span, done: &mut Vec<Stmt>) -> Flag {
        let ty = self.builder.scalar_ty(Scalar::Bool);
        let result = self.builder.function.add_let(Some(name.into()), ty, span);
        self.uniform.set_varying_let(result);
        done.push(Stmt { kind: StmtKind::Let { result, value }, span });
        Flag::Value(result)
    }

    fn loop_with_sync(&mut self, mut parts: LoopParts, ctx: &Ctx, out: &mut Out) {
        let condition = parts.condition.map_or(Class::Uniform, |condition| self.class(condition));
        let until = parts.until.map_or(Class::Uniform, |until| self.class(until));
        let divergent_jump = self.has_divergent_jump(&parts.body, ctx);
        if condition.max(until) == Class::Uniform && !divergent_jump {
            let inner = Ctx { sync_after: true, target: None, in_sync_loop: true, in_plain_loop: false, ..ctx.clone() };
            parts.body = self.block(parts.body, &inner);
            parts.update = self.block(parts.update, &inner);
            return out.done.push(parts.into_stmt());
        }
        if condition.max(until) <= Class::Memory && !divergent_jump && ctx.flags.is_empty() {
            return self.broadcast_loop(parts, ctx, out);
        }
        self.voted_loop(parts, ctx, out);
    }

    /// The conditions are uniform but for memory: they are broadcast in each round.
    fn broadcast_loop(&mut self, mut parts: LoopParts, ctx: &Ctx, out: &mut Out) {
        let span = parts.span;
        let inner = Ctx { sync_after: true, target: None, in_sync_loop: true, in_plain_loop: false, ..ctx.clone() };
        let mut body = Vec::new();
        if let Some(condition) = parts.condition.take() {
            let go = if self.class(condition) == Class::Uniform { condition } else { self.broadcast(condition, span, &mut body) };
            let stop = self.not(go, span);
            body.push(plain_if(stop, vec![Stmt { kind: StmtKind::Break, span }], span));
        }
        body.extend(self.block(parts.body, &inner).stmts);
        parts.body = Block { stmts: body };
        parts.update = self.block(parts.update, &inner);
        if let Some(until) = parts.until.take() {
            let until =
                if self.class(until) == Class::Uniform { until } else { self.broadcast(until, span, &mut parts.update.stmts) };
            parts.until = Some(until);
        }
        parts.form = LoopForm::While;
        out.done.push(parts.into_stmt());
    }

    /// The loop runs until no thread wants another round.
    fn voted_loop(&mut self, mut parts: LoopParts, ctx: &Ctx, out: &mut Out) {
        let span = parts.span;
        let looping = self.flag_variable("looping", true, span, &mut out.done);
        let mut round = ctx.clone();
        round.flags.push(Flag::Variable(looping));
        round.sync_after = true;
        round.in_plain_loop = false;
        round.in_sync_loop = true;

        let mut body = Out::default();
        if let Some(condition) = parts.condition.take() {
            let wanted = self.wanted(condition, &round, span, &mut body);
            body.done.push(self.builder.store_local(looping, wanted, span));
        }
        let some = self.active(&round, span).map(|active| self.vote(active, span, &mut body.done));
        if let Some(some) = some {
            let stop = self.not(some, span);
            body.done.push(plain_if(stop, vec![Stmt { kind: StmtKind::Break, span }], span));
        }
        let continues = jumps_in(&parts.body).continues;
        let mut inner = round.clone();
        let going = continues.then(|| {
            let going = self.flag_variable("going", true, span, &mut body.done);
            inner.flags.push(Flag::Variable(going));
            going
        });
        inner.target = Some(Target { looping: Some(looping), going });
        body.done.extend(self.block(parts.body, &inner).stmts);
        parts.body = Block { stmts: body.done };

        let mut update = Out::default();
        self.stmts(parts.update.stmts, &mut round.clone(), &mut update);
        self.flush(&round, &mut update);
        if let Some(until) = parts.until.take() {
            let more = self.not(until, span);
            let store = self.builder.store_local(looping, more, span);
            update.waiting.push(store);
            self.flush(&round, &mut update);
        }
        parts.update = Block { stmts: update.done };
        parts.form = LoopForm::While;
        out.done.push(parts.into_stmt());
    }

    /// Does the body leave or restart the loop where not all threads do? A condition on memory counts only where it cannot be broadcast.
    fn has_divergent_jump(&self, body: &Block, ctx: &Ctx) -> bool {
        let limit = if ctx.flags.is_empty() { Class::Memory } else { Class::Uniform };
        self.divergent_jump_in(body, Class::Uniform, limit)
    }

    fn divergent_jump_in(&self, block: &Block, flow: Class, limit: Class) -> bool {
        block.stmts.iter().any(|stmt| match &stmt.kind {
            StmtKind::Break | StmtKind::Continue => flow > limit,
            StmtKind::If { condition, accept, reject } => {
                let flow = flow.max(self.class(*condition));
                self.divergent_jump_in(accept, flow, limit) || self.divergent_jump_in(reject, flow, limit)
            }
            StmtKind::Scope(block) => self.divergent_jump_in(block, flow, limit),
            StmtKind::Switch { selector, cases } => {
                let flow = flow.max(self.class(*selector));
                cases.iter().any(|case| jumps_in(&case.body).continues && flow != Class::Uniform)
            }
            _ => false,
        })
    }

    /// Do some threads return where others go on? Inside loops a condition on memory counts, since it may come to be evaluated by some threads only.
    fn has_divergent_return(&self, block: &Block, flow: Class, limit: Class) -> bool {
        block.stmts.iter().any(|stmt| match &stmt.kind {
            StmtKind::Return(_) => flow > limit,
            StmtKind::If { condition, accept, reject } => {
                let flow = flow.max(self.class(*condition));
                self.has_divergent_return(accept, flow, limit) || self.has_divergent_return(reject, flow, limit)
            }
            StmtKind::Loop { condition, body, .. } => {
                let flow = condition.map_or(flow, |condition| flow.max(self.class(condition)));
                self.has_divergent_return(body, flow, Class::Uniform)
            }
            StmtKind::Switch { selector, cases } => {
                let flow = flow.max(self.class(*selector));
                cases.iter().any(|case| self.has_divergent_return(&case.body, flow, limit))
            }
            StmtKind::Scope(block) => self.has_divergent_return(block, flow, limit),
            _ => false,
        })
    }

    /// A statement without barriers that control may leave by a jump past one.
    fn escape(&mut self, stmt: Stmt, ctx: &mut Ctx, out: &mut Out) {
        let span = stmt.span;
        if let Some(condition) = simple_return(&stmt)
            && self.class(condition) != Class::Uniform
            && self.live.is_none()
            && ctx.flags.is_empty()
            && ctx.target.is_none()
            && !ctx.in_plain_loop
        {
            let stays = self.not(condition, span);
            let live = self.bind_flag("live", stays, span, &mut out.done);
            self.live = Some(live);
            ctx.flags.push(live);
            return;
        }
        match stmt.kind {
            StmtKind::Return(_) => self.leave(stmt.kind, self.live_variable(), ctx, span, out),
            StmtKind::Break if ctx.target.is_some() => {
                self.leave(stmt.kind, ctx.target.and_then(|target| target.looping), ctx, span, out)
            }
            StmtKind::Continue if ctx.target.is_some() => {
                self.leave(stmt.kind, ctx.target.and_then(|target| target.going), ctx, span, out)
            }
            StmtKind::Scope(block) => {
                let block = self.block(block, ctx);
                out.done.push(Stmt { kind: StmtKind::Scope(block), span });
            }
            StmtKind::If { condition, accept, reject } => self.if_with_escape(condition, accept, reject, span, ctx, out),
            StmtKind::Loop { form, condition, body, update, until, unroll } => {
                let inner = Ctx { flags: Vec::new(), target: None, in_sync_loop: false, in_plain_loop: true, ..ctx.clone() };
                let body = self.block(body, &inner);
                self.plain(Stmt { kind: StmtKind::Loop { form, condition, body, update, until, unroll }, span }, ctx, out);
                self.flush(ctx, out);
                self.leave_outer(ctx, span, out);
            }
            StmtKind::Switch { selector, cases } => {
                let inner = Ctx { flags: Vec::new(), in_sync_loop: false, in_plain_loop: true, ..ctx.clone() };
                let cases = cases.into_iter().map(|case| Case { body: self.case_body(case.body, &inner), ..case }).collect();
                self.plain(Stmt { kind: StmtKind::Switch { selector, cases }, span }, ctx, out);
                self.flush(ctx, out);
                self.leave_outer(ctx, span, out);
            }
            kind => out.done.push(Stmt { kind, span }),
        }
    }

    fn live_variable(&self) -> Option<LocalId> {
        match self.live {
            Some(Flag::Variable(local)) => Some(local),
            _ => None,
        }
    }

    /// The thread takes no part any more; in a loop without barriers it leaves the loop as well.
    fn leave(&mut self, jump: StmtKind, flag: Option<LocalId>, ctx: &Ctx, span: Span, out: &mut Out) {
        let Some(flag) = flag else {
            // All threads come here together: the jump may stay. (If not, the check at the end finds it.)
            return out.done.push(Stmt { kind: jump, span });
        };
        let no = self.builder.boolean(false, span);
        let store = self.builder.store_local(flag, no, span);
        out.done.push(store);
        if ctx.in_plain_loop {
            out.done.push(Stmt { kind: StmtKind::Break, span });
        }
    }

    /// Behind a loop without barriers that threads may have left for good, inside another such loop.
    fn leave_outer(&mut self, ctx: &Ctx, span: Span, out: &mut Out) {
        if !ctx.in_plain_loop {
            return;
        }
        let Some(live) = self.live_variable() else { return };
        let live = self.builder.load_local(live, span);
        let dead = self.not(live, span);
        out.done.push(plain_if(dead, vec![Stmt { kind: StmtKind::Break, span }], span));
    }

    fn if_with_escape(&mut self, condition: ExprId, accept: Block, reject: Block, span: Span, ctx: &Ctx, out: &mut Out) {
        let condition = if ctx.in_plain_loop { condition } else { self.made_uniform(condition, ctx, span, out) };
        if self.class(condition) == Class::Uniform && !ctx.in_plain_loop {
            // All threads jump together, those that take no part too.
            let stmt =
                StmtKind::If { condition, accept: self.jump_together(accept, ctx), reject: self.jump_together(reject, ctx) };
            return out.done.push(Stmt { kind: stmt, span });
        }
        let inner = Ctx { flags: Vec::new(), ..ctx.clone() };
        let (accept, reject) = (self.nested(accept, &inner), self.nested(reject, &inner));
        let stmt = Stmt { kind: StmtKind::If { condition, accept, reject }, span };
        match self.active(ctx, span) {
            Some(active) => {
                let stmt = self.guarded(active, vec![stmt], span);
                out.done.push(stmt);
            }
            None => out.done.push(stmt),
        }
    }

    fn jump_together(&mut self, mut block: Block, ctx: &Ctx) -> Block {
        let jump = block.stmts.pop_if(|stmt| matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue));
        let mut block = self.block(block, ctx);
        block.stmts.extend(jump);
        block
    }

    /// A block inside a condition, without flags of its own: behind a statement that may clear a flag, the rest is guarded by it.
    fn nested(&mut self, block: Block, ctx: &Ctx) -> Block {
        let mut out: Vec<Stmt> = Vec::new();
        let mut stmts = block.stmts.into_iter();
        while let Some(stmt) = stmts.next() {
            let escapes = self.escapes(&stmt, ctx);
            let span = stmt.span;
            let jumped = jumps(&stmt);
            let mut part = Out::default();
            let mut stmt = stmt;
            self.replace_values(&mut stmt);
            if escapes {
                self.escape(stmt, &mut ctx.clone(), &mut part)
            } else {
                part.done.push(stmt)
            }
            out.append(&mut part.done);
            if escapes {
                let rest = Block { stmts: stmts.by_ref().collect() };
                if !rest.stmts.is_empty() && !ctx.in_plain_loop {
                    let rest = self.nested(rest, ctx);
                    match self.cleared(jumped, ctx, span) {
                        Some(condition) => out.push(plain_if(condition, rest.stmts, span)),
                        None => out.extend(rest.stmts),
                    }
                } else if !rest.stmts.is_empty() {
                    out.extend(self.nested(rest, ctx).stmts);
                }
            }
        }
        Block { stmts: out }
    }

    /// The flags that a jump may have cleared still hold.
    fn cleared(&mut self, jumped: JumpKinds, ctx: &Ctx, span: Span) -> Option<ExprId> {
        let mut flags = Vec::new();
        if jumped.returns {
            flags.extend(self.live_variable().map(Flag::Variable));
        }
        if let Some(target) = ctx.target {
            if jumped.breaks {
                flags.extend(target.looping.map(Flag::Variable));
            }
            if jumped.continues {
                flags.extend(target.going.map(Flag::Variable));
            }
        }
        self.active(&Ctx { flags, ..Default::default() }, span)
    }
}

struct LoopParts {
    form: LoopForm,
    condition: Option<ExprId>,
    body: Block,
    update: Block,
    until: Option<ExprId>,
    unroll: Option<u32>,
    span: Span,
}

impl LoopParts {
    fn into_stmt(self) -> Stmt {
        let LoopParts { form, condition, body, update, until, unroll, span } = self;
        Stmt { kind: StmtKind::Loop { form, condition, body, update, until, unroll }, span }
    }
}

fn plain_if(condition: ExprId, stmts: Vec<Stmt>, span: Span) -> Stmt {
    Stmt { kind: StmtKind::If { condition, accept: Block { stmts }, reject: Block::default() }, span }
}

fn opposite(op: BinaryOp) -> Option<BinaryOp> {
    Some(match op {
        BinaryOp::Eq => BinaryOp::Ne,
        BinaryOp::Ne => BinaryOp::Eq,
        BinaryOp::Lt => BinaryOp::Ge,
        BinaryOp::Le => BinaryOp::Gt,
        BinaryOp::Gt => BinaryOp::Le,
        BinaryOp::Ge => BinaryOp::Lt,
        _ => return None,
    })
}

fn replace_in(builder: &mut Builder<'_>, stmt: &mut Stmt, values: &FxHashMap<LetId, LocalId>) {
    stmt.kind.operands_mut(|operand| {
        *operand = super::rewrite::rebuild(builder, *operand, &mut |builder, old, expr| match expr {
            Expr::Let(id) => values.get(id).map(|local| {
                let span = builder.span(old);
                builder.load_local(*local, span)
            }),
            _ => None,
        });
    });
    // Nested statements see the replacement now: they may be moved as they are.
    for block in stmt.kind.blocks_mut() {
        block.stmts.iter_mut().for_each(|inner| replace_in(builder, inner, values));
    }
}

#[cfg(test)]
mod tests;
