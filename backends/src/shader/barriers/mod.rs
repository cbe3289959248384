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

pub(super) mod arrivals;
mod choice;
pub(super) mod facts;
mod flow;
mod join;
mod jumps;
mod meet;
mod predicate;

use self::facts::{Counts, FromMemory, ReturnsBefore, returns_before_barriers};
use super::rewrite::Builder;
use super::uniformity::{Class, Returns, Uniformity, contains_sync, is_sync, pure_functions, reads_memory};
use crate::common::effects::{Root, root};
use ir::{
    Block, BlockVote, Expr, ExprId, FuncId, Function, FunctionKind, GlobalId, LetId, LocalId, Module, Scalar, Stmt, StmtKind,
    WarpOp,
};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;

/// A barrier that could not be made uniform, or a condition that keeps lanes apart which wait for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Divergent {
    pub(super) span: Span,
    pub(super) why: &'static str,
}

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
    let repaired = &module.functions[kernel];
    if let Some(span) = meet::find(repaired, &module.tables, &relaxed, &repaired.body) {
        return Err(Divergent { span, why: "lanes of one warp may take both arms and meet at operations in loops there" });
    }
    let blank = Function::new("", FunctionKind::Device, module.functions[kernel].result, Span::NONE);
    let mut function = std::mem::replace(&mut module.functions[kernel], blank);
    let body = std::mem::take(&mut function.body);
    let counts = Counts::of_block(&function, &body);
    let from_memory = FromMemory::of(&function, &module.tables, &body);
    let returns = returns_before_barriers(&body);
    let mut repair = Repair {
        builder: Builder { tables: &mut module.tables, function: &mut function },
        uniform: relaxed,
        counts,
        from_memory,
        live: None,
        values: FxHashMap::default(),
    };
    let body = repair.function_body(body, returns);
    function.body = body;
    module.functions[kernel] = function;
    let after = Uniformity::of(&module.functions[kernel], &module.tables, read_only, &pure, Returns::Leave);
    let why = "its condition differs between threads";
    after.divergent_sync.map_or(Ok(()), |span| Err(Divergent { span, why }))
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
    /// Under a condition without barriers that not all threads fulfil.
    apart: bool,
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
    fn function_body(&mut self, body: Block, returns: ReturnsBefore) -> Block {
        let mut ctx = Ctx::default();
        let mut out = Out::default();
        if returns == ReturnsBefore::Several && self.has_divergent_return(&body, Class::Uniform, Class::Memory) {
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
}

#[cfg(test)]
mod tests;
