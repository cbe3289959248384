//! Which values and which places in the control flow are the same for all threads of a block.
//!
//! # Contract
//!
//! Every value gets a [`Class`]. `Uniform` means: WGSL's uniformity analysis ("Uniformity", as Tint implements it) calls the value
//! uniform too. `Memory` means: it would be uniform if writable memory read at a uniform address were; by CUDA's rules all
//! threads that read it between two barriers see one value, but WGSL does not believe it. `Varying` is everything else.
//!
//! *Why `Uniform` implies WGSL's.* Our rules are WGSL's with less knowledge. Sources are the same (literals, `workgroup_id`, pipeline
//! constants, uniform and read-only buffers, `workgroupUniformLoad`); an expression is the worst of its operands, as in WGSL; an automatic
//! variable is the worst of all values ever stored to it and of the control flow around those stores, where WGSL takes only the
//! stores that reach the use; a call's result is `Uniform` only if the callee computes it from uniform operands alone. A place's
//! control flow is the worst of the conditions around it and of those under which an earlier `break`, `continue` or `return` leaves
//! threads behind; it recovers where WGSL's does: behind an `if`, `switch` or loop that control cannot leave by a jump. By induction over
//! the derivation, whatever we call uniform has a derivation there.
//!
//! With [`Returns::Stay`] a divergent `return` does not count: [`barriers`](super::barriers) keeps such threads in the flow. Nor does a divergent
//! condition around barriers count for what only lives inside: all threads will be walked through there together, so a loop with
//! constant bounds inside of `if (warp == 0)` stays a loop with constant bounds. (The analysis after the repair is the strict one.)

use crate::common::effects::{Root, root};
use ir::{
    Block, Expr, ExprId, FuncId, Function, FunctionKind, Geometry, GlobalId, Handle, Let, LetId, Local, LocalId, Module, Space,
    Stmt, StmtKind, Tables,
};
use rustc_hash::{FxHashMap, FxHashSet};
use std::marker::PhantomData;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) enum Class {
    #[default]
    Uniform,
    Memory,
    Varying,
}

/// What a divergent `return` does to the flow behind it, and a divergent condition to what it keeps threads from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Returns {
    Leave,
    Stay,
    /// As `Stay`, but conditions count: which threads come by at all?
    Ignored,
}

/// What is known of one function.
#[derive(Debug, Default)]
pub(super) struct Uniformity {
    lets: Classes<Let>,
    locals: Classes<Local>,
    read_only: FxHashSet<GlobalId>,
    pure_calls: FxHashSet<FuncId>,
    /// The first synchronising statement in flow that is not `Uniform`.
    pub(super) divergent_sync: Option<source::Span>,
    /// The first arrival at a barrier object that not all threads reach together, or at one of several objects.
    pub(super) divergent_arrival: Option<source::Span>,
}

/// By handle; what is not there is uniform.
#[derive(Debug)]
struct Classes<T> {
    list: Vec<Class>,
    /// Some class has become worse.
    changed: bool,
    of: PhantomData<T>,
}

impl<T> Default for Classes<T> {
    fn default() -> Self {
        Classes { list: Vec::new(), changed: false, of: PhantomData }
    }
}

impl<T> Classes<T> {
    fn get(&self, id: Handle<T>) -> Class {
        self.list.get(id.index()).copied().unwrap_or_default()
    }

    fn make_worse(&mut self, id: Handle<T>, class: Class) {
        if self.list.len() <= id.index() {
            self.list.resize(id.index() + 1, Class::default());
        }
        let known = &mut self.list[id.index()];
        self.changed |= *known < class;
        *known = (*known).max(class);
    }
}

/// Does this statement itself synchronise the block? Operations of a warp do once they are exchanges through shared memory.
pub(super) fn is_sync(stmt: &Stmt) -> bool {
    matches!(
        stmt.kind,
        StmtKind::Barrier
            | StmtKind::Arrive { .. }
            | StmtKind::BlockVote { .. }
            | StmtKind::BlockBroadcast { .. }
            | StmtKind::WarpBarrier { .. }
            | StmtKind::TileBarrier { .. }
            | StmtKind::Warp { .. }
    )
}

/// Does this statement, or one nested in it, synchronise the block?
pub(super) fn contains_sync(stmt: &Stmt) -> bool {
    is_sync(stmt) || stmt.kind.blocks().any(|block| block.stmts.iter().any(contains_sync))
}

/// Functions whose result depends on their arguments alone: no memory but locals, no thread index, no effects. Nobody calls a kernel.
pub(super) fn pure_functions(module: &Module) -> FxHashSet<FuncId> {
    let mut known = vec![None; module.functions.len()];
    let devices = module.functions.handles().filter(|id| module.functions[*id].kind == FunctionKind::Device);
    devices.filter(|&id| is_pure(module, id, &mut known)).collect()
}

/// Calls form no cycle.
fn is_pure(module: &Module, id: FuncId, known: &mut Vec<Option<bool>>) -> bool {
    if let Some(known) = known[id.index()] {
        return known;
    }
    let (function, types) = (&module.functions[id], &module.tables.types);
    if function.is_settled {
        return true;
    }
    let mut yes = function.params.iter().all(|param| types.as_pointer(param.ty).is_none());
    function.evaluated().for_each(|(_, expr)| match expr {
        Expr::Geometry(Geometry::ThreadIdx(_) | Geometry::ThreadRank | Geometry::Lane | Geometry::Warp) | Expr::GlobalAddr(_) => {
            yes = false
        }
        _ => {}
    });
    function.body.walk(&mut |stmt| match &stmt.kind {
        StmtKind::Call { function, .. } => yes = yes && is_pure(module, *function, known),
        StmtKind::Atomic { .. } | StmtKind::Fence(_) => yes = false,
        _ => yes &= !is_sync(stmt),
    });
    known[id.index()] = Some(yes);
    yes
}

impl Uniformity {
    /// Analyses a kernel. `read_only` are the buffers that no kernel of the program may write.
    pub(super) fn of(
        function: &Function,
        tables: &Tables,
        read_only: &FxHashSet<GlobalId>,
        pure_calls: &FxHashSet<FuncId>,
        returns: Returns,
    ) -> Uniformity {
        let mut result = Uniformity { read_only: read_only.clone(), pure_calls: pure_calls.clone(), ..Default::default() };
        loop {
            (result.lets.changed, result.locals.changed) = (false, false);
            result.divergent_sync = None;
            result.divergent_arrival = None;
            let mut walk =
                Walk { known: &mut result, function, tables, returns, regions: Vec::new(), homes: FxHashMap::default() };
            walk.block(&function.body, Class::Uniform);
            if !result.lets.changed && !result.locals.changed {
                return result;
            }
        }
    }

    pub(super) fn local(&self, local: LocalId) -> Class {
        self.locals.get(local)
    }

    /// A pass has made this variable differ between threads.
    pub(super) fn set_varying(&mut self, local: LocalId) {
        self.locals.make_worse(local, Class::Varying);
    }

    /// A pass has bound a value that differs between threads.
    pub(super) fn set_varying_let(&mut self, id: LetId) {
        self.lets.make_worse(id, Class::Varying);
    }

    /// The class of a value where the flow is uniform.
    pub(super) fn expr(&self, function: &Function, id: ExprId) -> Class {
        match function.expr(id) {
            Expr::Let(id) => self.lets.get(*id),
            Expr::Geometry(geometry) => match geometry {
                Geometry::BlockIdx(_)
                | Geometry::BlockDim(_)
                | Geometry::GridDim(_)
                | Geometry::BlockRank
                | Geometry::ThreadCount
                | Geometry::ArrivalsCount => Class::Uniform,
                Geometry::ThreadIdx(_) | Geometry::ThreadRank | Geometry::Lane | Geometry::Warp => Class::Varying,
            },
            Expr::Param(_) => Class::Varying,
            Expr::Load { pointer, .. } => self.operands(function, *pointer).max(self.memory(function, *pointer)),
            _ => self.operands(function, id),
        }
    }

    fn operands(&self, function: &Function, id: ExprId) -> Class {
        let mut class = Class::Uniform;
        function.expr(id).operands(|operand| {
            class = class.max(match function.expr(operand) {
                Expr::LocalAddr(_) | Expr::GlobalAddr(_) => Class::Uniform,
                _ => self.expr(function, operand),
            });
        });
        class
    }

    fn memory(&self, function: &Function, pointer: ExprId) -> Class {
        match root(function, pointer) {
            Some(Root::Local(local)) => self.local(local),
            Some(Root::Global(global)) if self.read_only.contains(&global) => Class::Uniform,
            Some(Root::Global(_)) => Class::Memory,
            Some(Root::Param(_)) | None => Class::Varying,
        }
    }
}

/// The worst flow under which control leaves a statement otherwise than at its end.
#[derive(Clone, Copy, Debug, Default)]
struct Jumps {
    returns: Option<Class>,
    breaks: Option<Class>,
    continues: Option<Class>,
}

impl Jumps {
    fn worst(&self) -> Class {
        self.returns.max(self.breaks).max(self.continues).unwrap_or_default()
    }

    fn add(&mut self, other: Jumps) {
        self.returns = self.returns.max(other.returns);
        self.breaks = self.breaks.max(other.breaks);
        self.continues = self.continues.max(other.continues);
    }
}

struct Walk<'a> {
    known: &'a mut Uniformity,
    function: &'a Function,
    tables: &'a Tables,
    returns: Returns,
    /// The regions around this place that all threads walk through together though some do nothing there: for each the flow at its entry. Inside,
    /// flow counts from there on.
    regions: Vec<Class>,
    /// How many regions there are around the place where a variable starts its life.
    homes: FxHashMap<LocalId, usize>,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block, flow: Class) -> Jumps {
        let mut all = Jumps::default();
        let mut here = flow;
        for stmt in &block.stmts {
            all.add(self.stmt(stmt, here));
            here = here.max(all.worst());
        }
        all
    }

    fn stmt(&mut self, stmt: &Stmt, flow: Class) -> Jumps {
        if is_sync(stmt) && flow != Class::Uniform {
            self.known.divergent_sync.get_or_insert(stmt.span);
        }
        if let StmtKind::Arrive { object } = stmt.kind
            && flow.max(self.value(object)) == Class::Varying
        {
            self.known.divergent_arrival.get_or_insert(stmt.span);
        }
        // In a region, what has no barriers inside is executed by those who take part.
        let is_plain = !self.regions.is_empty() && stmt.kind.blocks().next().is_some() && !contains_sync(stmt);
        let flow = if is_plain { flow.max(self.everywhere()) } else { flow };
        match &stmt.kind {
            StmtKind::Let { result, value } => {
                let outside = self.outside(self.regions.len(), &[*value]);
                self.bind(*result, flow.max(outside).max(self.value(*value)));
            }
            StmtKind::Declare { local, init } => {
                let class = init.map_or(Class::Uniform, |init| self.value(init));
                let outside = self.outside(self.regions.len(), init.as_slice());
                self.homes.insert(*local, self.regions.len());
                self.assign(*local, flow.max(outside).max(class));
            }
            StmtKind::Store { pointer, value, .. } => {
                if let Some(Root::Local(local)) = root(self.function, *pointer) {
                    let class = self.value(*value).max(self.known.operands(self.function, *pointer));
                    let home = self.homes.get(&local).copied().unwrap_or_default();
                    let outside = self.outside(home, &[*pointer, *value]);
                    self.assign(local, flow.max(outside).max(class));
                }
            }
            StmtKind::Call { result, function, args } => self.call(*result, *function, args, flow.max(self.everywhere())),
            StmtKind::Atomic { result, .. } => result.iter().for_each(|result| self.bind(*result, Class::Varying)),
            StmtKind::Warp { result, .. } | StmtKind::Clock { result, .. } => self.bind(*result, Class::Varying),
            StmtKind::BlockVote { result, .. } | StmtKind::BlockBroadcast { result, .. } => self.bind(*result, flow),
            StmtKind::Scope(block) => return self.block(block, flow),
            StmtKind::If { condition, accept, reject } => {
                let inner = flow.max(self.value(*condition));
                if self.returns == Returns::Stay && inner != Class::Uniform && contains_sync(stmt) {
                    return self.walked(inner, |walk| {
                        let mut jumps = walk.block(accept, Class::Uniform);
                        jumps.add(walk.block(reject, Class::Uniform));
                        jumps
                    });
                }
                let mut jumps = self.block(accept, inner);
                jumps.add(self.block(reject, inner));
                return jumps;
            }
            StmtKind::Loop { condition, body, update, until, .. } => {
                let walked = self.returns == Returns::Stay && contains_sync(stmt);
                return self.loop_stmt(*condition, body, update, *until, flow, walked);
            }
            StmtKind::Switch { selector, cases } => {
                let inner = flow.max(self.value(*selector));
                let all = |walk: &mut Self, flow| {
                    let mut jumps = Jumps::default();
                    cases.iter().for_each(|case| jumps.add(walk.block(&case.body, flow)));
                    jumps
                };
                let walked = self.returns == Returns::Stay && inner != Class::Uniform && contains_sync(stmt);
                let jumps = if walked { self.walked(inner, |walk| all(walk, Class::Uniform)) } else { all(self, inner) };
                return Jumps { breaks: None, ..jumps };
            }
            StmtKind::Break => return Jumps { breaks: Some(flow), ..Default::default() },
            StmtKind::Continue => return Jumps { continues: Some(flow), ..Default::default() },
            StmtKind::Return(_) if self.returns == Returns::Leave => return Jumps { returns: Some(flow), ..Default::default() },
            StmtKind::Return(_)
            | StmtKind::Barrier
            | StmtKind::Arrive { .. }
            | StmtKind::GridBarrier
            | StmtKind::WarpBarrier { .. }
            | StmtKind::TileBarrier { .. }
            | StmtKind::Yield
            | StmtKind::Fence(_)
            | StmtKind::Trap
            | StmtKind::Assert { .. }
            | StmtKind::Printf { .. } => {}
        }
        Jumps::default()
    }

    /// A region that all threads walk through together, though `flow` keeps some from doing anything there.
    fn walked(&mut self, flow: Class, inside: impl FnOnce(&mut Self) -> Jumps) -> Jumps {
        self.regions.push(flow);
        let jumps = inside(self);
        self.regions.pop();
        // A jump out of it is taken by those who take part.
        let outside = |class: Option<Class>| class.map(|class| class.max(flow));
        Jumps { returns: outside(jumps.returns), breaks: outside(jumps.breaks), continues: outside(jumps.continues) }
    }

    /// The flow between a statement and the place where its variable starts its life. Statements that threads which take no part must not
    /// execute are kept from them by all the conditions around.
    fn outside(&self, home: usize, values: &[ExprId]) -> Class {
        if self.everywhere() == Class::Uniform {
            return Class::Uniform;
        }
        let harmful = values.iter().any(|value| reads_memory(self.function, self.tables, *value));
        let from = if harmful { 0 } else { home };
        self.regions[from.min(self.regions.len())..].iter().copied().max().unwrap_or_default()
    }

    fn everywhere(&self) -> Class {
        self.regions.iter().copied().max().unwrap_or_default()
    }

    /// Threads that leave the loop are missing in its later iterations, so the flow at its head is found by iteration too.
    fn loop_stmt(
        &mut self,
        condition: Option<ExprId>,
        body: &Block,
        update: &Block,
        until: Option<ExprId>,
        flow: Class,
        walked: bool,
    ) -> Jumps {
        let mut head = flow;
        let block = |walk: &mut Self, block, flow| match flow {
            Class::Memory | Class::Varying if walked => walk.walked(flow, |walk| walk.block(block, Class::Uniform)),
            _ => walk.block(block, flow),
        };
        loop {
            let inside = condition.map_or(head, |condition| head.max(self.value(condition)));
            let jumps = block(self, body, inside);
            let leaves = jumps.breaks.max(jumps.returns).unwrap_or_default();
            let tail = inside.max(leaves);
            block(self, update, tail);
            let next = until.map_or(tail, |until| tail.max(self.value(until)));
            if next == head {
                return Jumps { returns: jumps.returns, ..Default::default() };
            }
            head = head.max(next);
        }
    }

    fn call(&mut self, result: Option<LetId>, callee: FuncId, args: &[ExprId], flow: Class) {
        let mut class = if self.known.pure_calls.contains(&callee) { flow } else { Class::Varying };
        for arg in args {
            match root(self.function, *arg) {
                Some(Root::Local(local)) => self.assign(local, Class::Varying),
                _ => class = class.max(self.value(*arg)),
            }
        }
        if let Some(result) = result {
            self.bind(result, class);
        }
    }

    fn value(&self, id: ExprId) -> Class {
        self.known.expr(self.function, id)
    }

    fn bind(&mut self, id: LetId, class: Class) {
        self.known.lets.make_worse(id, class);
    }

    fn assign(&mut self, id: LocalId, class: Class) {
        self.known.locals.make_worse(id, class);
    }
}

/// Does the value read memory other than locals, the arguments and other read-only variables of known size?
pub(super) fn reads_memory(function: &Function, tables: &ir::Tables, id: ExprId) -> bool {
    let mut found = false;
    function.walk_expr(id, &mut |expr| {
        if let Expr::Load { pointer, .. } = function.expr(expr) {
            found |= match root(function, *pointer) {
                Some(Root::Local(_)) => has_computed_index(function, *pointer),
                Some(Root::Global(global)) => {
                    tables.globals[global].space != Space::Constant || has_computed_index(function, *pointer)
                }
                Some(Root::Param(_)) | None => true,
            };
        }
    });
    found
}

fn has_computed_index(function: &Function, pointer: ExprId) -> bool {
    let mut found = false;
    function.walk_expr(pointer, &mut |expr| {
        if let Expr::Element { index, .. } = function.expr(expr) {
            found |= !matches!(function.expr(*index), Expr::Const { .. } | Expr::NamedConst(_));
        }
    });
    found
}
