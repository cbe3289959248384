//! Writes the kernel that runs one phase: a `switch` with a case for each.

use super::MOST_NODES;
use super::flatten::{Graph, Next, NodeId};
use super::keep::{Mentions, mentions, moved_locals};
use crate::launch_plan::END_OF_PHASES;
use crate::shader::bind::Interface;
use crate::shader::inline::Copier;
use crate::shader::rewrite::Builder;
use crate::shader::{Binding, BindingKind, BindingSource, Refusal};
use ir::{
    Axis, BinaryOp, Block, Case, Expr, ExprId, Field, FuncId, Function, Geometry, Global, GlobalId, LetId, LocalId, LogicalOp,
    LoopForm, Module, Scalar, Space, Stmt, StmtKind, Struct, Tables, Type, TypeId,
};
use rustc_hash::FxHashMap;
use source::Span;
use std::collections::BTreeSet;

/// Gives the number of phases.
pub(super) fn run(module: &mut Module, kernel: FuncId, interface: &mut Interface, graph: Graph) -> Result<Option<u32>, Refusal> {
    let builder = Builder { tables: &mut module.tables, function: &mut module.functions[kernel] };
    let moved = moved_locals(&builder, &graph);
    let phases = find_phases(&builder, &graph, &moved);
    let old =
        std::mem::replace(builder.function, Function::new("", ir::FunctionKind::Device, builder.function.result, Span::NONE));
    let mut target = Function::new(old.name.clone(), old.kind, old.result, old.span);
    target.max_threads = old.max_threads;
    let state = State::make(&mut module.tables, interface, &old, &phases)?;
    let mut writer = Writer {
        tables: &mut module.tables,
        source: &old,
        target,
        maps: Maps::of(&old),
        graph: &graph,
        phases: &phases,
        state,
        self_index: None,
        written: 0,
    };
    writer.kernel(&moved)?;
    let target = writer.target;
    module.functions[kernel] = target;
    Ok(Some(phases.len() as u32))
}

/// From one barrier to the next ones.
#[derive(Default)]
struct Phase {
    entry: NodeId,
    /// Phases that may follow.
    next: BTreeSet<usize>,
    /// Moved variables, and shared memory, that this phase or a later one uses.
    locals: BTreeSet<LocalId>,
    shared: BTreeSet<GlobalId>,
}

fn find_phases(builder: &Builder<'_>, graph: &Graph, moved: &BTreeSet<LocalId>) -> Vec<Phase> {
    let all: Vec<Mentions> = graph.nodes.iter().map(|node| mentions(builder, node)).collect();
    let mut phases = vec![Phase { entry: graph.start, ..Phase::default() }];
    let mut index = 0;
    while index < phases.len() {
        let mut pending = vec![phases[index].entry];
        let mut seen: BTreeSet<NodeId> = BTreeSet::new();
        while let Some(node) = pending.pop() {
            if !seen.insert(node) {
                continue;
            }
            phases[index].locals.extend(all[node].locals.intersection(moved));
            phases[index].shared.extend(&all[node].shared);
            match graph.nodes[node].next {
                Next::Goto(next) => pending.push(next),
                Next::Branch(_, accept, reject) => pending.extend([accept, reject]),
                Next::End => {}
                Next::Barrier(entry) => {
                    let known = phases.iter().position(|phase| phase.entry == entry).unwrap_or_else(|| {
                        phases.push(Phase { entry, ..Phase::default() });
                        phases.len() - 1
                    });
                    phases[index].next.insert(known);
                }
            }
        }
        index += 1;
    }
    keep_shared_of_several(&mut phases);
    loop {
        let mut grown = false;
        for index in 0..phases.len() {
            for next in phases[index].next.clone() {
                let (locals, shared) = (phases[next].locals.clone(), phases[next].shared.clone());
                let before = phases[index].locals.len() + phases[index].shared.len();
                phases[index].locals.extend(locals);
                phases[index].shared.extend(shared);
                grown |= phases[index].locals.len() + phases[index].shared.len() > before;
            }
        }
        if !grown {
            return phases;
        }
    }
}

/// Shared memory that one phase alone uses, and that once, is nobody else's affair.
fn keep_shared_of_several(phases: &mut [Phase]) {
    let follows = |from: usize, to: usize| {
        let mut pending: Vec<usize> = phases[from].next.iter().copied().collect();
        let mut seen = BTreeSet::new();
        while let Some(phase) = pending.pop() {
            if phase == to {
                return true;
            }
            if seen.insert(phase) {
                pending.extend(&phases[phase].next);
            }
        }
        false
    };
    let used: Vec<BTreeSet<GlobalId>> = phases.iter().map(|phase| phase.shared.clone()).collect();
    let several = |global: &GlobalId| {
        let users: Vec<usize> = (0..used.len()).filter(|&phase| used[phase].contains(global)).collect();
        users.len() > 1 || users.iter().any(|&phase| follows(phase, phase))
    };
    let kept: Vec<BTreeSet<GlobalId>> =
        used.iter().map(|shared| shared.iter().copied().filter(|global| several(global)).collect()).collect();
    for (phase, kept) in phases.iter_mut().zip(kept) {
        phase.shared = kept;
    }
}

/// The buffers between phases.
struct State {
    phase: GlobalId,
    next: GlobalId,
    threads: Option<GlobalId>,
    fields: FxHashMap<LocalId, u32>,
    blocks: Option<GlobalId>,
    block_fields: FxHashMap<GlobalId, u32>,
    /// The dynamic shared array, and where it is kept.
    dynamic: Option<(GlobalId, GlobalId)>,
}

impl State {
    fn make(tables: &mut Tables, interface: &mut Interface, kernel: &Function, phases: &[Phase]) -> Result<State, Refusal> {
        let span = kernel.span;
        let word = tables.types.scalar(Scalar::U32);
        let words = tables.types.array(word, None);
        let mut bind = |tables: &mut Tables, name: &str, ty, space, source| {
            let align = tables.types.align_of(ty);
            let global =
                Global { name: name.into(), ty, space, init: None, dynamic: false, align, per_thread: 0, literal: false };
            let global = tables.globals.add(global, span);
            let kind = if space == Space::Constant { BindingKind::Uniform } else { BindingKind::StorageReadWrite };
            interface.bindings.push(Binding { binding: 0, global, kind, source });
            global
        };
        let fields = vec![("phase".to_owned(), word), ("sharedBytes".to_owned(), word)];
        let ty = structure(tables, "GridPhase", fields, span);
        let phase = bind(tables, "gridPhase", ty, Space::Constant, BindingSource::GridPhase);
        let next = bind(tables, "gridNext", words, Space::Global, BindingSource::GridNext);
        let locals: BTreeSet<LocalId> = phases[1..].iter().flat_map(|phase| phase.locals.iter().copied()).collect();
        let shared: BTreeSet<GlobalId> = phases[1..].iter().flat_map(|phase| phase.shared.iter().copied()).collect();
        let mut state = State {
            phase,
            next,
            threads: None,
            fields: FxHashMap::default(),
            blocks: None,
            block_fields: FxHashMap::default(),
            dynamic: None,
        };
        let mut layout = Vec::new();
        for local in locals {
            let variable = &kernel.locals[local];
            if tables.types.has_pointer(variable.ty) {
                return Err(Refusal::PointerInMemory { span: kernel.locals.span(local) });
            }
            let ty = match tables.types.get(variable.ty) {
                Type::Scalar(Scalar::Bool) => word,
                _ => variable.ty,
            };
            state.fields.insert(local, layout.len() as u32);
            layout.push((variable.name.clone(), ty));
        }
        if !layout.is_empty() {
            let ty = record(tables, "GridThread", layout, span);
            state.threads = Some(bind(tables, "gridThreads", ty, Space::Global, BindingSource::GridThreads));
        }
        let mut layout = Vec::new();
        for global in shared {
            let variable = &tables.globals[global];
            if variable.dynamic {
                let ty = variable.ty;
                let kept = bind(tables, "gridDynamic", ty, Space::Global, BindingSource::GridDynamic);
                state.dynamic = Some((global, kept));
                continue;
            }
            state.block_fields.insert(global, layout.len() as u32);
            layout.push((variable.name.clone(), variable.ty));
        }
        if !layout.is_empty() {
            let ty = record(tables, "GridBlock", layout, span);
            state.blocks = Some(bind(tables, "gridBlocks", ty, Space::Global, BindingSource::GridBlocks));
        }
        Ok(state)
    }
}

/// An array of structs with these fields.
fn record(tables: &mut Tables, name: &str, fields: Vec<(String, TypeId)>, span: Span) -> TypeId {
    let ty = structure(tables, name, fields, span);
    tables.types.array(ty, None)
}

fn structure(tables: &mut Tables, name: &str, fields: Vec<(String, TypeId)>, span: Span) -> TypeId {
    let mut end = 0;
    let mut most = 4;
    let mut laid = Vec::new();
    for (name, ty) in fields {
        let align = tables.types.align_of(ty);
        let offset = u64::next_multiple_of(end, align);
        most = most.max(align);
        end = offset + tables.types.size_of(ty);
        let taken = laid.iter().any(|field: &Field| field.name == name);
        let name = if taken { format!("{name}{}", laid.len()) } else { name };
        laid.push(Field { name, ty, offset });
    }
    let size = end.next_multiple_of(most);
    let definition = Struct { name: name.into(), fields: laid, size, align: most, is_union: false };
    tables.types.add_struct(definition, span)
}

/// What has been copied into the new kernel under which name.
#[derive(Clone, Default)]
struct Maps {
    exprs: Vec<Option<ExprId>>,
    locals: Vec<Option<LocalId>>,
    lets: Vec<Option<LetId>>,
}

impl Maps {
    fn of(function: &Function) -> Maps {
        Maps {
            exprs: vec![None; function.exprs.len()],
            locals: vec![None; function.locals.len()],
            lets: vec![None; function.lets.len()],
        }
    }
}

struct Writer<'a> {
    tables: &'a mut Tables,
    source: &'a Function,
    target: Function,
    maps: Maps,
    graph: &'a Graph,
    phases: &'a [Phase],
    state: State,
    /// The thread's place in `gridThreads`.
    self_index: Option<ExprId>,
    written: usize,
}

impl Writer<'_> {
    fn builder(&mut self) -> Builder<'_> {
        Builder { tables: self.tables, function: &mut self.target }
    }

    fn copy<T>(&mut self, work: impl FnOnce(&mut Copier<'_>) -> T) -> T {
        let Maps { exprs, locals, lets } = std::mem::take(&mut self.maps);
        let mut copier = Copier { source: self.source, target: &mut self.target, params: Vec::new(), exprs, locals, lets };
        let result = work(&mut copier);
        self.maps = Maps { exprs: copier.exprs, locals: copier.locals, lets: copier.lets };
        result
    }

    fn span(&self) -> Span {
        self.source.span
    }

    fn kernel(&mut self, moved: &BTreeSet<LocalId>) -> Result<(), Refusal> {
        let span = self.span();
        let mut body = Vec::new();
        for &local in moved {
            let copy = self.copy(|copier| copier.local(local));
            let ty = self.target.locals[copy].ty;
            // A phase may keep what it has not yet given a value.
            let init = (!self.tables.types.has_pointer(ty)).then(|| self.builder().add(Expr::Zero(ty), span));
            body.push(Stmt { kind: StmtKind::Declare { local: copy, init }, span });
        }
        if self.state.threads.is_some() {
            let mut builder = self.builder();
            let block = builder.add(Expr::Geometry(Geometry::BlockRank), span);
            let size = block_threads(&mut builder, span);
            let first = builder.binary(BinaryOp::Mul, block, size, span);
            let rank = builder.add(Expr::Geometry(Geometry::ThreadRank), span);
            let index = builder.binary(BinaryOp::Add, first, rank, span);
            self.self_index = Some(builder.bind("gridThread", index, &mut body));
        }
        let mut cases = Vec::new();
        for index in 0..self.phases.len() {
            let maps = self.maps.clone();
            let mut stmts = if index == 0 { self.clear_shared() } else { self.restore(index) };
            self.written = 0;
            stmts.extend(self.node(self.phases[index].entry)?);
            self.maps = maps;
            // The last one is the default, as a switch wants one.
            let is_default = index + 1 == self.phases.len();
            cases.push(Case { values: vec![index as u64], is_default, body: Block { stmts }, falls_through: false, span });
        }
        let phase = self.state.phase;
        let mut builder = self.builder();
        let base = builder.global(phase, span);
        let pointer = builder.field(base, 0, span);
        let selector = builder.load(pointer, span);
        body.push(Stmt { kind: StmtKind::Switch { selector, cases }, span });
        self.target.body.stmts = body;
        Ok(())
    }

    fn node(&mut self, id: NodeId) -> Result<Vec<Stmt>, Refusal> {
        self.written += 1;
        if self.written > MOST_NODES {
            let why = "there are too many ways from one to the next, or one without any";
            return Err(Refusal::GridBarrier { span: self.span(), why });
        }
        let node = &self.graph.nodes[id];
        let mut out: Vec<Stmt> = node.stmts.iter().map(|stmt| self.copy(|copier| copier.stmt(stmt))).collect();
        match node.next {
            Next::Goto(next) => out.extend(self.node(next)?),
            Next::Branch(condition, accept, reject) => {
                let span = self.source.exprs.span(condition);
                let condition = self.copy(|copier| copier.expr(condition));
                let maps = self.maps.clone();
                let accept = Block { stmts: self.node(accept)? };
                self.maps = maps.clone();
                let reject = Block { stmts: self.node(reject)? };
                self.maps = maps;
                out.push(Stmt { kind: StmtKind::If { condition, accept, reject }, span });
            }
            Next::Barrier(entry) => {
                let phase = self.phases.iter().position(|phase| phase.entry == entry).unwrap_or(0);
                out.extend(self.keep(phase));
                out.push(self.announce(phase as u32));
            }
            Next::End => out.push(self.announce(END_OF_PHASES)),
        }
        Ok(out)
    }

    /// The first thread of the grid says which phase is next.
    fn announce(&mut self, phase: u32) -> Stmt {
        let (span, next) = (self.span(), self.state.next);
        let mut builder = self.builder();
        let [block, thread] = [Geometry::BlockRank, Geometry::ThreadRank].map(|rank| {
            let rank = builder.add(Expr::Geometry(rank), span);
            builder.with_constant(BinaryOp::Eq, rank, 0, span)
        });
        let condition = builder.add(Expr::Logical { op: LogicalOp::And, a: block, b: thread }, span);
        let base = builder.global(next, span);
        let zero = builder.constant(Scalar::U32, 0, span);
        let pointer = builder.element(base, zero, span);
        let value = builder.constant(Scalar::U32, phase.into(), span);
        let accept = Block { stmts: vec![Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span }] };
        Stmt { kind: StmtKind::If { condition, accept, reject: Block::default() }, span }
    }

    /// Where a variable of the thread is kept.
    fn place(&mut self, local: LocalId) -> Option<ExprId> {
        let (span, threads, index) = (self.span(), self.state.threads?, self.self_index?);
        let field = *self.state.fields.get(&local)?;
        let mut builder = self.builder();
        let base = builder.global(threads, span);
        let own = builder.element(base, index, span);
        Some(builder.field(own, field, span))
    }

    fn keep(&mut self, phase: usize) -> Vec<Stmt> {
        let span = self.span();
        let mut out = Vec::new();
        for &local in &self.phases[phase].locals {
            let Some(pointer) = self.place(local) else { continue };
            let copy = self.copy(|copier| copier.local(local));
            let mut builder = self.builder();
            let value = builder.load_local(copy, span);
            let value =
                if builder.scalar_of(value) == Some(Scalar::Bool) { builder.convert(value, Scalar::U32, span) } else { value };
            out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
        }
        if !self.phases[phase].shared.is_empty() {
            out.push(Stmt { kind: StmtKind::Barrier, span });
        }
        for &global in &self.phases[phase].shared {
            out.push(self.copy_shared(global, Way::Keep));
        }
        out
    }

    fn restore(&mut self, phase: usize) -> Vec<Stmt> {
        let span = self.span();
        let mut out = Vec::new();
        for &local in &self.phases[phase].locals {
            let Some(pointer) = self.place(local) else { continue };
            let copy = self.copy(|copier| copier.local(local));
            let is_flag = self.tables.types.as_scalar(self.target.locals[copy].ty) == Some(Scalar::Bool);
            let mut builder = self.builder();
            let value = builder.load(pointer, span);
            let value = if is_flag { builder.with_constant(BinaryOp::Ne, value, 0, span) } else { value };
            out.push(builder.store_local(copy, value, span));
        }
        for &global in &self.phases[phase].shared {
            out.push(self.copy_shared(global, Way::Restore));
        }
        if !self.phases[phase].shared.is_empty() {
            out.push(Stmt { kind: StmtKind::Barrier, span });
        }
        out
    }

    /// Shared memory that is kept has a value from the start, because all of it is copied.
    fn clear_shared(&mut self) -> Vec<Stmt> {
        let dynamic = self.state.dynamic.map(|(shared, _)| shared);
        let mut kept: Vec<GlobalId> = self.state.block_fields.keys().copied().chain(dynamic).collect();
        kept.sort();
        let mut out: Vec<Stmt> = kept.iter().map(|&global| self.copy_shared(global, Way::Clear)).collect();
        if !out.is_empty() {
            out.push(Stmt { kind: StmtKind::Barrier, span: self.span() });
        }
        out
    }

    /// All threads of the block copy together.
    fn copy_shared(&mut self, global: GlobalId, way: Way) -> Stmt {
        let (span, ty) = (self.span(), self.tables.globals[global].ty);
        if let Some((_, kept)) = self.state.dynamic.filter(|(shared, _)| *shared == global) {
            return self.copy_dynamic(global, kept, way);
        }
        let (blocks, field) = (self.state.blocks, self.state.block_fields.get(&global).copied());
        let mut builder = self.builder();
        let shared = builder.global(global, span);
        let kept = match (blocks, field) {
            (Some(blocks), Some(field)) => {
                let base = builder.global(blocks, span);
                let rank = builder.add(Expr::Geometry(Geometry::BlockRank), span);
                let own = builder.element(base, rank, span);
                builder.field(own, field, span)
            }
            _ => shared,
        };
        let thread = builder.add(Expr::Geometry(Geometry::ThreadRank), span);
        let Type::Array { element, count: Some(count) } = builder.kind(ty) else {
            let condition = builder.with_constant(BinaryOp::Eq, thread, 0, span);
            let stmt = moved(&mut builder, shared, kept, ty, way, span);
            let kind = StmtKind::If { condition, accept: Block { stmts: vec![stmt] }, reject: Block::default() };
            return Stmt { kind, span };
        };
        let count = builder.constant(Scalar::U32, count as i64, span);
        copy_elements(&mut builder, count, span, |builder, index| {
            let (shared, kept) = (builder.element(shared, index, span), builder.element(kept, index, span));
            moved(builder, shared, kept, element, way, span)
        })
    }

    /// Its length is the launch's affair: the host says how many bytes there are.
    fn copy_dynamic(&mut self, global: GlobalId, kept: GlobalId, way: Way) -> Stmt {
        let (span, phase) = (self.span(), self.state.phase);
        let Type::Array { element, .. } = self.tables.types.get(self.tables.globals[global].ty) else {
            unreachable!("dynamic shared memory is an array")
        };
        let size = self.tables.types.size_of(element).max(1);
        let mut builder = self.builder();
        let base = builder.global(phase, span);
        let pointer = builder.field(base, 1, span);
        let bytes = builder.load(pointer, span);
        let count = builder.with_constant(BinaryOp::Div, bytes, size as i64, span);
        copy_elements(&mut builder, count, span, |builder, index| {
            let block = builder.add(Expr::Geometry(Geometry::BlockRank), span);
            let first = builder.binary(BinaryOp::Mul, block, count, span);
            let place = builder.binary(BinaryOp::Add, first, index, span);
            let (shared, kept) = (builder.global(global, span), builder.global(kept, span));
            let (shared, kept) = (builder.element(shared, index, span), builder.element(kept, place, span));
            moved(builder, shared, kept, element, way, span)
        })
    }
}

/// `for i = threadRank; i < count; i += threads of the block { copy(i) }`
fn copy_elements(
    builder: &mut Builder<'_>,
    count: ExprId,
    span: Span,
    copy: impl FnOnce(&mut Builder<'_>, ExprId) -> Stmt,
) -> Stmt {
    let word = builder.scalar_ty(Scalar::U32);
    let counter = builder.function.add_local("i", word, span);
    let index = builder.load_local(counter, span);
    let condition = Some(builder.binary(BinaryOp::Lt, index, count, span));
    let body = Block { stmts: vec![copy(builder, index)] };
    let size = block_threads(builder, span);
    let step = builder.binary(BinaryOp::Add, index, size, span);
    let update = Block { stmts: vec![builder.store_local(counter, step, span)] };
    let kind = StmtKind::Loop { form: LoopForm::For, condition, body, update, until: None, unroll: None };
    let thread = builder.add(Expr::Geometry(Geometry::ThreadRank), span);
    let declare = Stmt { kind: StmtKind::Declare { local: counter, init: Some(thread) }, span };
    Stmt { kind: StmtKind::Scope(Block { stmts: vec![declare, Stmt { kind, span }] }), span }
}

#[derive(Clone, Copy)]
enum Way {
    Keep,
    Restore,
    Clear,
}

fn moved(builder: &mut Builder<'_>, shared: ExprId, kept: ExprId, ty: TypeId, way: Way, span: Span) -> Stmt {
    let (pointer, value) = match way {
        Way::Keep => (kept, builder.load(shared, span)),
        Way::Restore => (shared, builder.load(kept, span)),
        Way::Clear => (shared, builder.add(Expr::Zero(ty), span)),
    };
    Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span }
}

fn block_threads(builder: &mut Builder<'_>, span: Span) -> ExprId {
    let [x, y, z] = [Axis::X, Axis::Y, Axis::Z].map(|axis| builder.add(Expr::Geometry(Geometry::BlockDim(axis)), span));
    let xy = builder.binary(BinaryOp::Mul, x, y, span);
    builder.binary(BinaryOp::Mul, xy, z, span)
}
