//! Lets one invocation carry several threads of a block, for devices whose workgroups are smaller than the launch's blocks.
//!
//! ```text
//! tile[thread] = x[i]               for c in 0..4 { let thread = c * 256 + invocation; tile[thread] = x[i] }
//! barrier                     =>    barrier
//! y[i] = tile[1023 - thread]        for c in 0..4 { let thread = c * 256 + invocation; y[i] = tile[1023 - thread] }
//! ```
//!
//! What stands between barriers is run for one thread after the other; the order of threads is CUDA's to choose. Flow around barriers is uniform, so
//! its conditions are those of the first thread. Variables and values that are used on both sides of a barrier become arrays with an element for each
//! thread. Votes combine the threads before they ask the others.
//!
//! A value that is the same for all threads is bound once. A return that all threads take together stays; one that some take behind their last
//! barrier becomes a flag of each ([`single_exit`]). (Those that a barrier may follow are flags since the repair of barriers.)
//!
//! The block is a constant then: the kernel is for this block alone, and its workgroup is `width` x 1 x 1.
//!
//! Operations of warps are exchanges around a barrier by now, so an invocation carries threads of any warps: `exchange` has places for all threads
//! of the block.
//!
//! *Needs*: barriers in uniform flow; functions with barriers inlined. *Leaves*: of the geometry, `ThreadRank` (the invocation) and what is the
//! grid's.

use super::rewrite::{Builder, block_has, rebuild, rebuild_all, stmt_has};
use super::single_exit;
use super::uniformity::{Class, Returns, Uniformity, contains_sync, is_sync, pure_functions};
use super::{Coarsen, Refusal};
use ir::{
    Axis, BinaryOp, Block, BlockVote, Expr, ExprId, FuncId, Function, Geometry, GlobalId, LetId, LocalId, LogicalOp, LoopForm,
    Module, Param, Scalar, Stmt, StmtKind, Type,
};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;
use std::collections::BTreeSet;

/// `read_only` are the buffers that the program never writes.
pub(super) fn run(
    module: &mut Module,
    kernel: FuncId,
    coarsen: &Coarsen,
    read_only: &FxHashSet<GlobalId>,
) -> Result<(), Refusal> {
    // As many places as there are threads, and not invocations.
    for (_, global) in module.tables.globals.iter_mut() {
        let per_thread = std::mem::take(&mut global.per_thread);
        if let (1.., Type::Array { element, .. }) = (per_thread, module.tables.types.get(global.ty)) {
            global.ty = module.tables.types.array(element, Some(u64::from(per_thread * coarsen.threads())));
        }
    }
    pass_thread(module, kernel, coarsen);
    let pure = pure_functions(module);
    let uniform = Uniformity::of(&module.functions[kernel], &module.tables, read_only, &pure, Returns::Leave);
    let blank = Function::new("", ir::FunctionKind::Device, module.functions[kernel].result, Span::NONE);
    let mut function = std::mem::replace(&mut module.functions[kernel], blank);
    let body = std::mem::take(&mut function.body).stmts;
    let builder = Builder { tables: &mut module.tables, function: &mut function };
    let mut carrier =
        Carrier { builder, coarsen, uniform, homes: Homes::default(), arrays: FxHashMap::default(), kept: FxHashMap::default() };
    let result = carrier.kernel(body);
    module.functions[kernel] = function;
    result
}

/// Geometry of threads in device functions comes from a parameter, the thread's rank; block sizes are known everywhere.
fn pass_thread(module: &mut Module, kernel: FuncId, coarsen: &Coarsen) {
    let ids: Vec<FuncId> = module.functions.handles().filter(|&id| id != kernel).collect();
    let mut wants: BTreeSet<FuncId> = BTreeSet::new();
    loop {
        let before = wants.len();
        for &id in &ids {
            let function = &module.functions[id];
            let mut found = false;
            function.walk_all(&mut |expr| {
                found |= matches!(function.expr(expr), Expr::Geometry(geometry) if is_of_thread(*geometry))
            });
            function
                .body
                .walk(&mut |stmt| found |= matches!(stmt.kind, StmtKind::Call { function, .. } if wants.contains(&function)));
            if found {
                wants.insert(id);
            }
        }
        if wants.len() == before {
            break;
        }
    }
    let word = module.tables.types.scalar(Scalar::U32);
    for id in ids.into_iter().chain([kernel]) {
        let is_kernel = id == kernel;
        let mut builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        let span = builder.function.span;
        let number = builder.function.params.len() as u32;
        if wants.contains(&id) {
            let name = "threadRank".to_owned();
            builder.function.params.push(Param { name, ty: word, is_restrict: false, is_const: false, span });
        }
        let own = |builder: &mut Builder<'_>, span| match is_kernel {
            true => builder.add(Expr::Geometry(Geometry::ThreadRank), span),
            false => builder.add(Expr::Param(number), span),
        };
        rebuild_all(&mut builder, &mut |builder, old, expr| match *expr {
            Expr::Geometry(Geometry::BlockDim(axis)) => {
                let span = builder.span(old);
                Some(builder.constant(Scalar::U32, coarsen.block[axis as usize].into(), span))
            }
            Expr::Geometry(Geometry::ThreadCount) => {
                let span = builder.span(old);
                Some(builder.constant(Scalar::U32, coarsen.threads().into(), span))
            }
            Expr::Geometry(geometry) if is_of_thread(geometry) => {
                let span = builder.span(old);
                let rank = own(builder, span);
                Some(from_rank(builder, rank, geometry, coarsen.block, span))
            }
            _ => None,
        });
        let mut body = std::mem::take(&mut builder.function.body);
        body.walk_mut(&mut |stmt| {
            if let StmtKind::Call { function, args, .. } = &mut stmt.kind
                && wants.contains(function)
            {
                args.push(own(&mut builder, stmt.span));
            }
        });
        builder.function.body = body;
    }
}

fn is_of_thread(geometry: Geometry) -> bool {
    matches!(geometry, Geometry::ThreadIdx(_) | Geometry::ThreadRank | Geometry::Lane | Geometry::Warp)
}

/// What the rank says of the thread.
fn from_rank(builder: &mut Builder<'_>, rank: ExprId, geometry: Geometry, block: [u32; 3], span: Span) -> ExprId {
    let [width, height, _] = block.map(i64::from);
    match geometry {
        Geometry::ThreadIdx(Axis::X) if height == 1 && block[2] == 1 => rank,
        Geometry::ThreadIdx(Axis::X) => builder.with_constant(BinaryOp::Rem, rank, width, span),
        Geometry::ThreadIdx(Axis::Y) => {
            let row = builder.with_constant(BinaryOp::Div, rank, width, span);
            builder.with_constant(BinaryOp::Rem, row, height, span)
        }
        Geometry::ThreadIdx(Axis::Z) => builder.with_constant(BinaryOp::Div, rank, width * height, span),
        Geometry::Lane => builder.with_constant(BinaryOp::Rem, rank, 32, span),
        Geometry::Warp => builder.with_constant(BinaryOp::Div, rank, 32, span),
        _ => rank,
    }
}

/// The unit in which each name is bound: units are numbered as they are met, twice in the same order.
#[derive(Default)]
struct Homes {
    lets: FxHashMap<LetId, usize>,
    locals: FxHashMap<LocalId, usize>,
    /// Bound by a vote or a broadcast, or made of what is the same for all threads: one value for all.
    uniform: BTreeSet<LetId>,
    used_lets: BTreeSet<(LetId, usize)>,
    used_locals: BTreeSet<(LocalId, usize)>,
    units: usize,
}

struct Carrier<'a> {
    builder: Builder<'a>,
    coarsen: &'a Coarsen,
    uniform: Uniformity,
    homes: Homes,
    /// Arrays that stand for variables.
    arrays: FxHashMap<LocalId, LocalId>,
    /// Arrays that keep values.
    kept: FxHashMap<LetId, LocalId>,
}

/// A stretch of statements.
enum Unit {
    /// Run for each thread.
    Run(Vec<Stmt>),
    /// Flow around barriers, a barrier, or a value for all threads.
    Control(Stmt),
}

/// What a jump here would leave or repeat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Kernel,
    /// A loop with barriers: all threads jump together, or the barriers would not be in uniform flow.
    Loop,
    /// A switch with barriers.
    Switch,
}

impl Inside {
    fn blocks_of(self, stmt: &Stmt) -> Inside {
        match stmt.kind {
            StmtKind::Loop { .. } => Inside::Loop,
            StmtKind::Switch { .. } => Inside::Switch,
            _ => self,
        }
    }
}

/// Is the flow of the whole block decided here, or may a thread decide for itself?
fn is_control(stmt: &Stmt, inside: Inside) -> bool {
    contains_sync(stmt) || returns(stmt) || inside != Inside::Kernel && jumps_out(stmt)
}

fn returns(stmt: &Stmt) -> bool {
    stmt_has(stmt, &mut |stmt| matches!(stmt.kind, StmtKind::Return(_)))
}

fn jumps_out(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Break | StmtKind::Continue => true,
        StmtKind::Loop { .. } => false,
        StmtKind::Switch { cases, .. } => {
            cases.iter().any(|case| block_has(&case.body, &mut |stmt| stmt.kind == StmtKind::Continue))
        }
        kind => kind.blocks().any(|block| block.stmts.iter().any(jumps_out)),
    }
}

impl Carrier<'_> {
    fn kernel(&mut self, mut stmts: Vec<Stmt>) -> Result<(), Refusal> {
        if stmts.iter().any(|stmt| self.returns_apart(stmt, Class::Uniform)) {
            stmts = single_exit::run(&mut self.builder, Block { stmts }).0;
        }
        self.survey(&stmts, Inside::Kernel);
        let mut body = self.declare_arrays()?;
        self.homes.units = 0;
        let stmts = self.stmts(stmts, Inside::Kernel)?;
        body.extend(stmts);
        self.builder.function.body.stmts = body;
        Ok(())
    }

    /// Do some threads return here where others go on?
    fn returns_apart(&self, stmt: &Stmt, flow: Class) -> bool {
        let condition = match stmt.kind {
            StmtKind::Return(_) => return flow != Class::Uniform,
            StmtKind::If { condition, .. } => Some(condition),
            // A `break` may keep threads apart.
            StmtKind::Loop { .. } | StmtKind::Switch { .. } => return returns(stmt),
            _ => None,
        };
        let flow = flow.max(condition.map_or(Class::Uniform, |condition| self.uniform.expr(self.builder.function, condition)));
        stmt.kind.blocks().any(|block| block.stmts.iter().any(|stmt| self.returns_apart(stmt, flow)))
    }

    /// Cuts statements where the whole block decides. Values for all threads come in front of the stretch that they stand in: nothing there changes them.
    fn units(&mut self, stmts: Vec<Stmt>, inside: Inside) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut run = Vec::new();
        for stmt in stmts {
            if let StmtKind::Let { result, value } = stmt.kind
                && self.is_same_for_all(value)
            {
                self.homes.uniform.insert(result);
                units.push(Unit::Control(stmt));
            } else if is_control(&stmt, inside) {
                if !run.is_empty() {
                    units.push(Unit::Run(std::mem::take(&mut run)));
                }
                if is_sync(&stmt) {
                    self.homes.uniform.extend(stmt.kind.result());
                }
                units.push(Unit::Control(stmt));
            } else {
                run.push(stmt);
            }
        }
        if !run.is_empty() {
            units.push(Unit::Run(run));
        }
        units
    }

    /// Finds out what is bound and used where.
    fn survey(&mut self, stmts: &[Stmt], inside: Inside) {
        for unit in self.units(stmts.to_vec(), inside) {
            self.homes.units += 1;
            let unit_number = self.homes.units;
            match unit {
                Unit::Run(stmts) => {
                    for stmt in &stmts {
                        self.mention(stmt, unit_number);
                        stmt.kind.blocks().for_each(|block| block.walk(&mut |stmt| self.mention(stmt, unit_number)));
                    }
                }
                Unit::Control(stmt) => {
                    self.mention(&stmt, unit_number);
                    let inner = inside.blocks_of(&stmt);
                    let blocks: Vec<&Block> = stmt.kind.blocks().collect();
                    for block in blocks {
                        self.survey(&block.stmts, inner);
                    }
                }
            }
        }
    }

    fn mention(&mut self, stmt: &Stmt, unit: usize) {
        if let Some(result) = stmt.kind.result() {
            self.homes.lets.insert(result, unit);
        }
        if let StmtKind::Declare { local, .. } = stmt.kind {
            self.homes.locals.insert(local, unit);
        }
        let (function, homes) = (&*self.builder.function, &mut self.homes);
        stmt.kind.operands(|operand| {
            function.walk_expr(operand, &mut |id| match *function.expr(id) {
                Expr::Let(result) => {
                    homes.used_lets.insert((result, unit));
                }
                Expr::LocalAddr(local) => {
                    homes.used_locals.insert((local, unit));
                }
                _ => {}
            });
        });
    }

    fn declare_arrays(&mut self) -> Result<Vec<Stmt>, Refusal> {
        let homes = &self.homes;
        let lets: BTreeSet<LetId> = homes
            .used_lets
            .iter()
            .filter(|(result, unit)| homes.lets.get(result) != Some(unit) && !homes.uniform.contains(result))
            .map(|(result, _)| *result)
            .collect();
        let locals: BTreeSet<LocalId> = homes
            .used_locals
            .iter()
            .filter(|(local, unit)| homes.locals.get(local) != Some(unit))
            .map(|(local, _)| *local)
            .collect();
        let count = u64::from(self.coarsen.carried());
        let mut out = Vec::new();
        for local in locals {
            let (variable, span) = (self.builder.function.locals[local].clone(), self.builder.function.locals.span(local));
            let ty = self.builder.tables.types.array(variable.ty, Some(count));
            let array = self.builder.function.add_local(variable.name, ty, span);
            self.arrays.insert(local, array);
            out.push(Stmt { kind: StmtKind::Declare { local: array, init: None }, span });
        }
        for result in lets {
            let (binding, span) = (self.builder.function.lets[result].clone(), self.builder.function.lets.span(result));
            if self.builder.tables.types.has_pointer(binding.ty) {
                return Err(Refusal::Coarsen { span, why: "a pointer lives on behind a barrier" });
            }
            let ty = self.builder.tables.types.array(binding.ty, Some(count));
            let array = self.builder.function.add_local(binding.name.unwrap_or_else(|| "kept".into()), ty, span);
            self.kept.insert(result, array);
            out.push(Stmt { kind: StmtKind::Declare { local: array, init: None }, span });
        }
        Ok(out)
    }

    fn stmts(&mut self, stmts: Vec<Stmt>, inside: Inside) -> Result<Vec<Stmt>, Refusal> {
        let mut out = Vec::new();
        for unit in self.units(stmts, inside) {
            self.homes.units += 1;
            let number = self.homes.units;
            match unit {
                Unit::Run(stmts) => out.push(self.run(stmts, number)?),
                Unit::Control(stmt) => self.control(stmt, number, inside, &mut out)?,
            }
        }
        Ok(out)
    }

    /// `for carried in 0..count { let threadRank = carried * width + invocation; if threadRank < threads { stmts } }`
    fn run(&mut self, stmts: Vec<Stmt>, unit: usize) -> Result<Stmt, Refusal> {
        let span = stmts[0].span;
        let word = self.builder.scalar_ty(Scalar::U32);
        let counter = self.builder.function.add_local("carried", word, span);
        let carried = self.builder.load_local(counter, span);
        let rank = self.rank(carried, span);
        let result = self.builder.function.add_let(Some("threadRank".into()), word, span);
        let bound = Stmt { kind: StmtKind::Let { result, value: rank }, span };
        let rank = self.builder.add(Expr::Let(result), span);
        let mut stmts = self.carried(stmts, unit, carried, rank)?;
        if !self.coarsen.is_even() {
            let condition = self.builder.with_constant(BinaryOp::Lt, rank, self.coarsen.threads().into(), span);
            let kind = StmtKind::If { condition, accept: Block { stmts }, reject: Block::default() };
            stmts = vec![Stmt { kind, span }];
        }
        if self.mentions(&stmts, result) {
            stmts.insert(0, bound);
        }
        Ok(self.for_each(counter, stmts, span))
    }

    fn mentions(&self, stmts: &[Stmt], result: LetId) -> bool {
        let function = &*self.builder.function;
        stmts.iter().any(|stmt| {
            stmt_has(stmt, &mut |stmt| {
                let mut found = false;
                stmt.kind.operands(|operand| {
                    function.walk_expr(operand, &mut |id| found |= *function.expr(id) == Expr::Let(result));
                });
                found
            })
        })
    }

    fn for_each(&mut self, counter: LocalId, stmts: Vec<Stmt>, span: Span) -> Stmt {
        let carried = self.builder.load_local(counter, span);
        let zero = self.builder.constant(Scalar::U32, 0, span);
        let condition = Some(self.builder.with_constant(BinaryOp::Lt, carried, self.coarsen.carried().into(), span));
        let next = self.builder.with_constant(BinaryOp::Add, carried, 1, span);
        let update = Block { stmts: vec![self.builder.store_local(counter, next, span)] };
        let body = Block { stmts };
        let kind = StmtKind::Loop { form: LoopForm::For, condition, body, update, until: None, unroll: None };
        let declare = Stmt { kind: StmtKind::Declare { local: counter, init: Some(zero) }, span };
        Stmt { kind: StmtKind::Scope(Block { stmts: vec![declare, Stmt { kind, span }] }), span }
    }

    fn rank(&mut self, carried: ExprId, span: Span) -> ExprId {
        let first = self.builder.with_constant(BinaryOp::Mul, carried, self.coarsen.width.into(), span);
        let invocation = self.builder.add(Expr::Geometry(Geometry::ThreadRank), span);
        self.builder.binary(BinaryOp::Add, first, invocation, span)
    }

    /// The statements for one of the threads.
    fn carried(&mut self, stmts: Vec<Stmt>, unit: usize, carried: ExprId, rank: ExprId) -> Result<Vec<Stmt>, Refusal> {
        let mut out = Vec::new();
        for mut stmt in stmts {
            let span = stmt.span;
            let lent = self.lend(&mut stmt, carried, &mut out);
            stmt.kind.operands_mut(|operand| *operand = self.of_thread(*operand, unit, carried, rank));
            for block in stmt.kind.blocks_mut() {
                block.stmts = self.carried(std::mem::take(&mut block.stmts), unit, carried, rank)?;
            }
            match stmt.kind {
                StmtKind::Declare { local, init } if self.arrays.contains_key(&local) => {
                    let pointer = self.element(self.arrays[&local], carried, span);
                    out.extend(init.map(|value| Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span }));
                }
                _ => {
                    let result = stmt.kind.result();
                    out.push(stmt);
                    out.extend(lent.into_iter().map(|(local, array)| self.give_back(local, array, carried, span)));
                    if let Some((result, &array)) = result.and_then(|result| Some((result, self.kept.get(&result)?))) {
                        let value = self.builder.add(Expr::Let(result), span);
                        let pointer = self.element(array, carried, span);
                        out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
                    }
                }
            }
        }
        Ok(out)
    }

    /// A function takes the address of whole variables only: it gets that of a copy of the array's element.
    fn lend(&mut self, stmt: &mut Stmt, carried: ExprId, out: &mut Vec<Stmt>) -> Vec<(LocalId, LocalId)> {
        let span = stmt.span;
        let mut lent = Vec::new();
        let StmtKind::Call { args, .. } = &mut stmt.kind else { return lent };
        for arg in args {
            let Expr::LocalAddr(local) = self.builder.expr(*arg) else { continue };
            let Some(&array) = self.arrays.get(&local) else { continue };
            let variable = self.builder.function.locals[local].clone();
            let copy = self.builder.function.add_local(variable.name, variable.ty, span);
            let pointer = self.element(array, carried, span);
            let init = Some(self.builder.load(pointer, span));
            out.push(Stmt { kind: StmtKind::Declare { local: copy, init }, span });
            *arg = self.builder.add(Expr::LocalAddr(copy), span);
            lent.push((copy, array));
        }
        lent
    }

    fn give_back(&mut self, copy: LocalId, array: LocalId, carried: ExprId, span: Span) -> Stmt {
        let pointer = self.element(array, carried, span);
        let value = self.builder.load_local(copy, span);
        Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span }
    }

    fn element(&mut self, array: LocalId, index: ExprId, span: Span) -> ExprId {
        let base = self.builder.add(Expr::LocalAddr(array), span);
        self.builder.element(base, index, span)
    }

    /// The expression as the thread `carried` of this invocation has it.
    fn of_thread(&mut self, root: ExprId, unit: usize, carried: ExprId, rank: ExprId) -> ExprId {
        let (arrays, kept, homes) = (&self.arrays, &self.kept, &self.homes);
        rebuild(&mut self.builder, root, &mut |builder, old, expr| {
            let span = builder.span(old);
            match *expr {
                Expr::Geometry(Geometry::ThreadRank) => Some(rank),
                Expr::LocalAddr(local) => {
                    let base = builder.add(Expr::LocalAddr(*arrays.get(&local)?), span);
                    Some(builder.element(base, carried, span))
                }
                Expr::Let(result) if homes.lets.get(&result) != Some(&unit) => {
                    let base = builder.add(Expr::LocalAddr(*kept.get(&result)?), span);
                    let pointer = builder.element(base, carried, span);
                    Some(builder.load(pointer, span))
                }
                _ => None,
            }
        })
    }

    /// The expression as the first thread has it.
    fn of_first(&mut self, root: ExprId) -> ExprId {
        let span = self.builder.span(root);
        let zero = self.builder.constant(Scalar::U32, 0, span);
        let rank = self.builder.add(Expr::Geometry(Geometry::ThreadRank), span);
        self.of_thread(root, usize::MAX, zero, rank)
    }

    fn control(&mut self, mut stmt: Stmt, number: usize, inside: Inside, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Barrier | StmtKind::Break | StmtKind::Continue | StmtKind::Return(None) | StmtKind::Let { .. } => {
                out.push(stmt)
            }
            StmtKind::BlockBroadcast { result, value } => {
                let value = self.of_first(value);
                out.push(Stmt { kind: StmtKind::BlockBroadcast { result, value }, span });
            }
            StmtKind::BlockVote { result, op, value } => self.vote(result, op, value, span, number, out),
            StmtKind::Scope(_) | StmtKind::If { .. } | StmtKind::Loop { .. } | StmtKind::Switch { .. } => {
                self.check_flow(&stmt, inside)?;
                let inner = inside.blocks_of(&stmt);
                stmt.kind.operands_mut(|operand| *operand = self.of_first(*operand));
                let mut result = Ok(());
                for block in stmt.kind.blocks_mut() {
                    match self.stmts(std::mem::take(&mut block.stmts), inner) {
                        Ok(stmts) => block.stmts = stmts,
                        Err(refusal) => result = result.and(Err(refusal)),
                    }
                }
                result?;
                out.push(stmt);
            }
            _ => return Err(Refusal::Coarsen { span, why: "this stands where all threads of the block must come together" }),
        }
        Ok(())
    }

    /// Flow around barriers is the same for all threads; other flow is, if its condition shows it.
    fn check_flow(&self, stmt: &Stmt, inside: Inside) -> Result<(), Refusal> {
        if contains_sync(stmt) || matches!(stmt.kind, StmtKind::Scope(_)) {
            return Ok(());
        }
        match stmt.kind {
            StmtKind::If { .. } if inside == Inside::Loop && !returns(stmt) => Ok(()),
            StmtKind::If { condition, .. } | StmtKind::Switch { selector: condition, .. }
                if self.uniform.expr(self.builder.function, condition) == Class::Uniform =>
            {
                Ok(())
            }
            _ => Err(Refusal::Coarsen { span: stmt.span, why: "some threads leave before others have come to a barrier" }),
        }
    }

    /// Made of arguments, constants and the grid: nothing that a thread could change.
    fn is_same_for_all(&self, root: ExprId) -> bool {
        let function = &*self.builder.function;
        let mut same = true;
        function.walk_expr(root, &mut |id| {
            same &= match *function.expr(id) {
                Expr::Geometry(geometry) => !is_of_thread(geometry),
                Expr::Let(result) => self.homes.uniform.contains(&result),
                Expr::LocalAddr(_) => false,
                Expr::Load { pointer, .. } => {
                    matches!(super::address::root_of(function, pointer), Some(super::address::Root::Global(global))
                    if self.builder.tables.globals[global].space == ir::Space::Constant)
                }
                _ => true,
            };
        });
        same
    }

    fn vote(&mut self, result: LetId, op: BlockVote, value: ExprId, span: Span, number: usize, out: &mut Vec<Stmt>) {
        if op == BlockVote::Count {
            return self.count(result, value, span, number, out);
        }
        let (flag, word) = (self.builder.scalar_ty(Scalar::Bool), self.builder.scalar_ty(Scalar::U32));
        let all = self.builder.function.add_local("vote", flag, span);
        let init = Some(self.builder.boolean(op == BlockVote::All, span));
        out.push(Stmt { kind: StmtKind::Declare { local: all, init }, span });
        let counter = self.builder.function.add_local("carried", word, span);
        let carried = self.builder.load_local(counter, span);
        let rank = self.rank(carried, span);
        let value = self.of_thread(value, number, carried, rank);
        let value = self.where_there(value, op == BlockVote::All, rank, span);
        let so_far = self.builder.load_local(all, span);
        let logical = if op == BlockVote::All { LogicalOp::And } else { LogicalOp::Or };
        let value = self.builder.add(Expr::Logical { op: logical, a: so_far, b: value }, span);
        let store = self.builder.store_local(all, value, span);
        out.push(self.for_each(counter, vec![store], span));
        let value = self.builder.load_local(all, span);
        out.push(Stmt { kind: StmtKind::BlockVote { result, op, value }, span });
    }

    /// The value of a thread that is there, otherwise one that changes nothing.
    fn where_there(&mut self, value: ExprId, otherwise: bool, rank: ExprId, span: Span) -> ExprId {
        if self.coarsen.is_even() {
            return value;
        }
        let op = if otherwise { BinaryOp::Ge } else { BinaryOp::Lt };
        let a = self.builder.with_constant(op, rank, self.coarsen.threads().into(), span);
        let op = if otherwise { LogicalOp::Or } else { LogicalOp::And };
        self.builder.add(Expr::Logical { op, a, b: value }, span)
    }

    /// A count for each of the threads that an invocation carries.
    fn count(&mut self, result: LetId, value: ExprId, span: Span, number: usize, out: &mut Vec<Stmt>) {
        let number_ty = self.builder.scalar_ty(Scalar::I32);
        let mut sum: Option<ExprId> = None;
        for index in 0..self.coarsen.carried() {
            let carried = self.builder.constant(Scalar::U32, index.into(), span);
            let rank = self.rank(carried, span);
            let value = self.of_thread(value, number, carried, rank);
            let value = self.where_there(value, false, rank, span);
            let part = self.builder.function.add_let(None, number_ty, span);
            out.push(Stmt { kind: StmtKind::BlockVote { result: part, op: BlockVote::Count, value }, span });
            let part = self.builder.add(Expr::Let(part), span);
            sum = Some(sum.map_or(part, |sum| self.builder.binary(BinaryOp::Add, sum, part, span)));
        }
        if let Some(value) = sum {
            out.push(Stmt { kind: StmtKind::Let { result, value }, span });
        }
    }
}
