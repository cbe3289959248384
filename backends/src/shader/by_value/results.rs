//! What functions fill, they return.
//!
//! A function without a result, whose one pointer parameter points to what it writes all of on every way, and reads only where it has written, computes
//! in a variable of its own and returns that. The caller stores it. Nothing else that the function does may reach the same memory.

use super::usage::{Chain, Root, Usage, chain};
use super::{Changed, passed_value};
use crate::shader::rewrite::{Builder, rebuild};
use ir::{
    Block, Expr, ExprId, FuncId, Function, FunctionKind, LetId, Module, Space, Stmt, StmtKind, Type, TypeId, Types, parts_of,
};
use source::Span;

pub(super) fn run(module: &mut Module, changed: &mut Changed) {
    let mut usages: Vec<Usage> = Vec::new();
    // The parameter that became the result.
    let mut returned: Vec<Option<usize>> = Vec::new();
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let Module { tables, functions, .. } = &mut *module;
        let mut builder = Builder { tables, function: &mut functions[id] };
        let mut results = Vec::new();
        let mut body = std::mem::take(&mut builder.function.body);
        take_results(&mut builder, &returned, &mut body, &mut results);
        builder.function.body = body;
        changed.functions[id.index()] |= !results.is_empty();
        changed.results.extend(results.into_iter().map(|result| (id, result)));
        if module.functions[id].kind == FunctionKind::Kernel {
            // Nobody calls it.
            usages.push(Usage::default());
            returned.push(None);
            continue;
        }
        let usage = Usage::of(module, &module.functions[id], &usages);
        let filled = filled_param(module, &module.functions[id], &usage);
        if let Some(index) = filled {
            let Module { tables, functions, .. } = &mut *module;
            return_param(&mut Builder { tables, function: &mut functions[id] }, index);
            changed.functions[id.index()] = true;
        }
        let function = &module.functions[id];
        usages.push(if filled.is_some() { Usage::of(module, function, &usages) } else { usage });
        returned.push(filled);
    }
}

/// `call f(&v, x)` becomes `let %0 = call f(x)` and `v = %0`.
fn take_results(builder: &mut Builder<'_>, returned: &[Option<usize>], block: &mut Block, results: &mut Vec<LetId>) {
    let returns = |stmt: &Stmt| match &stmt.kind {
        StmtKind::Call { function, .. } => returned.get(function.index()).copied().flatten(),
        _ => None,
    };
    for stmt in &mut block.stmts {
        stmt.kind.blocks_mut().for_each(|nested| take_results(builder, returned, nested, results));
    }
    if !block.stmts.iter().any(|stmt| returns(stmt).is_some()) {
        return;
    }
    for mut stmt in std::mem::take(&mut block.stmts) {
        let span = stmt.span;
        let at = returns(&stmt);
        let StmtKind::Call { result, args, .. } = &mut stmt.kind else {
            block.stmts.push(stmt);
            continue;
        };
        let Some(at) = at else {
            block.stmts.push(stmt);
            continue;
        };
        let mut pointer = args.remove(at);
        let Some((ty, _)) = builder.tables.types.as_pointer(builder.ty(pointer)) else {
            unreachable!("the parameter is a pointer")
        };
        // The address is that of before the call.
        if builder.reads_memory(pointer) {
            pointer = builder.bind("place", pointer, &mut block.stmts);
        }
        let value = builder.function.add_let(None, ty, span);
        *result = Some(value);
        results.push(value);
        let value = builder.add(Expr::Let(value), span);
        block.stmts.push(stmt);
        block.stmts.push(Stmt { kind: StmtKind::Store { pointer, value, volatile: false }, span });
    }
}

/// The parameter that can be the result.
fn filled_param(module: &Module, function: &Function, usage: &Usage) -> Option<usize> {
    let types = &module.tables.types;
    let is_ours = function.kind == FunctionKind::Device && !function.is_settled && !usage.concerns_kernel;
    if !is_ours || types.get(function.result) != Type::Void {
        return None;
    }
    let mut pointers = (0..function.params.len()).filter(|index| types.has_pointer(function.params[*index].ty));
    let (index, None) = (pointers.next()?, pointers.next()) else { return None };
    let ty = function.params[index].ty;
    let pointee = passed_value(types, ty)?;
    let (_, space) = types.as_pointer(ty)?;
    let used = &usage.params[index];
    let reaches = |reach: super::usage::Reach| reach.locals || reach.elsewhere && space != Space::Local;
    if !used.stored || used.is_value || !used.passed.is_empty() || reaches(usage.reads) || reaches(usage.writes) {
        return None;
    }
    let mut filling = Filling { types, function, param: index as u32, pointee, whole: mask(leaves(types, pointee))?, ok: true };
    let end = filling.block(&function.body, 0);
    (filling.ok && end == filling.whole).then_some(index)
}

fn leaves(types: &Types, ty: TypeId) -> u64 {
    match types.get(ty) {
        Type::Vector { count, .. } => u64::from(count),
        Type::Array { element, count } => leaves(types, element).saturating_mul(count.unwrap_or(0)),
        Type::Struct(definition) => types.structs()[definition].fields.iter().map(|field| leaves(types, field.ty)).sum(),
        _ => 1,
    }
}

/// So many bits, if there are some and not too many.
fn mask(leaves: u64) -> Option<u64> {
    (1..=64).contains(&leaves).then(|| u64::MAX >> (64 - leaves))
}

/// Which parts are written, each scalar a bit, on the way through the statements.
struct Filling<'a> {
    types: &'a Types,
    function: &'a Function,
    param: u32,
    pointee: TypeId,
    whole: u64,
    ok: bool,
}

impl Filling<'_> {
    fn block(&mut self, block: &Block, mut written: u64) -> u64 {
        for stmt in &block.stmts {
            match &stmt.kind {
                StmtKind::Store { pointer, value, volatile } => {
                    self.reads(*value, written);
                    match self.part(*pointer) {
                        Some(part) => {
                            self.ok &= !volatile;
                            written |= part;
                        }
                        None => self.reads(*pointer, written),
                    }
                }
                StmtKind::Loop { condition, body, update, until, .. } => {
                    // It may end before it has begun, and what it leaves unwritten it may read when it comes round.
                    [condition, until].into_iter().flatten().for_each(|operand| self.reads(*operand, written));
                    self.block(body, written);
                    self.block(update, written);
                }
                kind => {
                    kind.operands(|operand| self.reads(operand, written));
                    written = match kind {
                        StmtKind::Return(_) => {
                            self.ok &= written == self.whole;
                            self.whole
                        }
                        // Nothing comes behind in this block.
                        StmtKind::Break | StmtKind::Continue => self.whole,
                        StmtKind::Scope(block) => self.block(block, written),
                        StmtKind::If { accept, reject, .. } => self.block(accept, written) & self.block(reject, written),
                        StmtKind::Switch { cases, .. } => {
                            cases.iter().for_each(|case| {
                                self.block(&case.body, written);
                            });
                            written
                        }
                        _ => written,
                    };
                }
            }
        }
        written
    }

    fn reads(&mut self, root: ExprId, written: u64) {
        let function = self.function;
        function.walk_expr(root, &mut |id| {
            if let Expr::Load { pointer, .. } = *function.expr(id)
                && let Some(part) = self.part(pointer)
            {
                self.ok &= written & part == part;
            }
        });
    }

    /// The bits of the part that an address into the parameter means.
    fn part(&self, address: ExprId) -> Option<u64> {
        let Chain { root, path } = chain(self.types, self.function, address)?;
        if root != Root::Param(self.param) {
            return None;
        }
        let (mut ty, mut first) = (self.pointee, 0);
        for index in path? {
            let part = |ty: TypeId, count: u64| (ty, count * leaves(self.types, ty));
            let (inner, before) = match self.types.get(ty) {
                Type::Struct(definition) => {
                    let fields = &self.types.structs()[definition].fields;
                    let before = fields[..index as usize].iter().map(|field| leaves(self.types, field.ty)).sum();
                    (fields[index as usize].ty, before)
                }
                Type::Array { element, .. } => part(element, u64::from(index)),
                // A component is the last step.
                _ => return mask(1).map(|bit| bit << (first + u64::from(index))),
            };
            (ty, first) = (inner, first + before);
        }
        // A part without scalars has nothing to write.
        Some(mask(leaves(self.types, ty)).map_or(0, |bits| bits << first))
    }
}

fn return_param(builder: &mut Builder<'_>, index: usize) {
    let mut param = builder.function.params.remove(index);
    let Some((pointee, _)) = builder.tables.types.as_pointer(param.ty) else { unreachable!("the parameter is a pointer") };
    param.ty = pointee;
    builder.function.result = pointee;
    let mut body = std::mem::take(&mut builder.function.body);
    if let Some(parts) = stored_once(builder, index as u32, pointee, &mut body) {
        let value = constructed(builder, pointee, parts, param.span);
        body.stmts.push(Stmt { kind: StmtKind::Return(Some(value)), span: param.span });
        renumber(builder, &mut body, index as u32, None);
    } else {
        let local = builder.function.add_local(param.name, pointee, param.span);
        let address = builder.add(Expr::LocalAddr(local), param.span);
        renumber(builder, &mut body, index as u32, Some(address));
        return_local(builder, address, &mut body);
        body.stmts.insert(0, Stmt { kind: StmtKind::Declare { local, init: None }, span: param.span });
        if !matches!(body.stmts.last(), Some(Stmt { kind: StmtKind::Return(_), .. })) {
            let value = builder.load(address, param.span);
            body.stmts.push(Stmt { kind: StmtKind::Return(Some(value)), span: param.span });
        }
    }
    builder.function.body = body;
}

/// The parts, if each is written by one statement of the body itself, and none is read: those statements bind them instead.
fn stored_once(builder: &mut Builder<'_>, param: u32, pointee: TypeId, body: &mut Block) -> Option<Vec<ExprId>> {
    let (types, function) = (&builder.tables.types, &*builder.function);
    let path = |address: ExprId| match chain(types, function, address) {
        Some(Chain { root: Root::Param(root), path }) if root == param => path,
        _ => None,
    };
    let stored = |stmt: &Stmt| match stmt.kind {
        StmtKind::Store { pointer, .. } => path(pointer),
        _ => None,
    };
    let paths: Vec<Vec<u32>> = body.stmts.iter().filter_map(stored).collect();
    let is_return = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Return(_));
    let (mut stores, mut returns) = (0, 0);
    body.walk(&mut |stmt| {
        stores += usize::from(stored(stmt).is_some());
        returns += usize::from(is_return(stmt));
    });
    let mut loads = function.evaluated_in(std::slice::from_ref(body));
    let is_load = |expr: &Expr| matches!(*expr, Expr::Load { pointer, .. } if path(pointer).is_some());
    if stores != paths.len()
        || returns > usize::from(body.stmts.last().is_some_and(is_return))
        || loads.any(|(_, expr)| is_load(expr))
    {
        return None;
    }
    let count = match paths.as_slice() {
        [whole] if whole.is_empty() => 1,
        _ => parts_of(&mut builder.tables.types, pointee).ok()?.len(),
    };
    let mut places: Vec<Option<usize>> = vec![None; count];
    for (at, path) in paths.iter().enumerate() {
        let place = match path[..] {
            [] if count == 1 && paths.len() == 1 => 0,
            [part] => part as usize,
            _ => return None,
        };
        if places[place].replace(at).is_some() {
            return None;
        }
    }
    let order: Vec<usize> = places.into_iter().collect::<Option<_>>()?;
    body.stmts.pop_if(|last| matches!(last.kind, StmtKind::Return(_)));
    let values = bound_values(builder, param, body);
    Some(order.into_iter().map(|at| values[at]).collect())
}

/// Each store into the parameter binds its value.
fn bound_values(builder: &mut Builder<'_>, param: u32, body: &mut Block) -> Vec<ExprId> {
    let mut values = Vec::new();
    for mut stmt in std::mem::take(&mut body.stmts) {
        if let StmtKind::Store { pointer, value, .. } = stmt.kind
            && chain(&builder.tables.types, builder.function, pointer).is_some_and(|chain| chain.root == Root::Param(param))
        {
            if is_settled(builder.function.expr(value)) {
                values.push(value);
                continue;
            }
            let result = builder.function.add_let(None, builder.ty(value), stmt.span);
            values.push(builder.add(Expr::Let(result), stmt.span));
            stmt.kind = StmtKind::Let { result, value };
        }
        body.stmts.push(stmt);
    }
    values
}

/// The same wherever it stands.
fn is_settled(expr: &Expr) -> bool {
    matches!(expr, Expr::Const { .. } | Expr::Zero(_) | Expr::NamedConst(_) | Expr::Let(_) | Expr::Param(_))
}

fn constructed(builder: &mut Builder<'_>, ty: TypeId, parts: Vec<ExprId>, span: Span) -> ExprId {
    match parts[..] {
        [whole] if builder.ty(whole) == ty => whole,
        _ => builder.add(Expr::Construct { ty, parts }, span),
    }
}

/// Parameter `gone` is `address` from here on, and those behind it move up.
fn renumber(builder: &mut Builder<'_>, body: &mut Block, gone: u32, address: Option<ExprId>) {
    let mut moved = Vec::new();
    for index in gone..builder.function.params.len() as u32 {
        let span = builder.function.params[index as usize].span;
        moved.push(builder.add(Expr::Param(index), span));
    }
    body.walk_mut(&mut |stmt| {
        stmt.kind.operands_mut(|operand| {
            *operand = rebuild(builder, *operand, &mut |_, _, expr| match *expr {
                Expr::Param(index) if index == gone => address,
                Expr::Param(index) if index > gone => Some(moved[(index - gone) as usize - 1]),
                _ => None,
            })
        });
    });
}

fn return_local(builder: &mut Builder<'_>, address: ExprId, block: &mut Block) {
    block.walk_mut(&mut |stmt| {
        if let StmtKind::Return(result) = &mut stmt.kind {
            *result = Some(builder.load(address, stmt.span));
        }
    });
}
