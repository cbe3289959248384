//! Passes what a device function only reads by value, and lets it return what it only fills.
//!
//! ```text
//! fn mul(a: *Half, b: *Half) -> Half {         fn mul(a: Half, b: Half) -> Half {
//!   let x = call widen(a.bits)                   let x = call widen(a.bits)
//!   let y = call widen(b.bits)                   let y = call widen(b.bits)
//!   var t: Half                             =>   let t = call make(x * y)
//!   call make(&t, x * y)                         return t
//!   return t                                   }
//! }
//! fn make(self: *Half, x: f32) {               fn make(x: f32) -> Half {
//!   self->bits = call narrow(x)                  let %0 = call narrow(x)
//! }                                              return Half(%0)
//!                                              }
//! call mul(&p, &buffer[i])                     call mul(p, buffer[i])
//! ```
//!
//! References to constants, constant member functions and constructors are such parameters. As values they need no variable in the caller, and a
//! function that takes no pointer stays a function whatever memory its arguments are in.
//!
//! A call that gives one variable twice, to be written and otherwise, is inlined: `v.add(v)`. WGSL forbids it ("Alias Analysis"), and other calls of the
//! function need not be references for its sake.
//!
//! *Needs*: no recursion, callees before callers, no parameters of kernels (`bind`). *Leaves*: the same program, in free form; functions that became
//! equal are one. Before `inline`, which puts functions with pointers into their callers. Asked for by readers of the output.

mod arguments;
#[cfg(test)]
mod random;
mod results;
#[cfg(test)]
mod tests;
mod usage;
mod words;

use super::inline::compacted;
use super::transplant::do_the_same;
use ir::{Block, Expr, FuncId, Function, FunctionKind, LetId, Module, Stmt, StmtKind, Type, TypeId, Types};
use rustc_hash::{FxHashMap, FxHashSet};

/// What a shader still passes by value gladly: a matrix of 4 by 4.
const MOST_BYTES: u64 = 64;

pub(super) fn run(module: &mut Module) {
    let takes_pointers = |(_, function): (FuncId, &Function)| {
        function.kind == FunctionKind::Device && function.params.iter().any(|param| is_pointer(&module.tables.types, param.ty))
    };
    if !module.functions.iter().any(takes_pointers) {
        return;
    }
    let usages = inline_aliased(module);
    let mut changed = Changed { functions: vec![false; module.functions.len()], results: Vec::new() };
    arguments::run(module, &usages, &mut changed);
    results::run(module, &mut changed);
    let ids: Vec<FuncId> = module.functions.handles().filter(|id| changed.functions[id.index()]).collect();
    for &id in &ids {
        let Module { tables, functions, .. } = &mut *module;
        // Variables whose address was an argument are values now.
        let before = functions[id].lets.len();
        ir::bind_locals::run(&mut functions[id], tables);
        changed.name_results(&mut functions[id], id);
        see_through_copies(&mut functions[id], before);
    }
    unite_equal(module, &ids);
    words::run(module, &ids);
}

/// Also tells how functions use memory now.
fn inline_aliased(module: &mut Module) -> Vec<usage::Usage> {
    let usages = usage::of_all(module);
    let inlined = super::inline::calls(module, &mut |module, caller, callee, args| {
        let types = &module.tables.types;
        let root = |arg: ir::ExprId| match usage::chain(types, caller, arg)?.root {
            usage::Root::Global(_) => None,
            root => Some(root),
        };
        let params = &usages[callee.index()].params;
        let written = (0..args.len()).filter(|index| params[*index].stored).filter_map(|index| Some((index, root(args[index])?)));
        let is_given_again =
            |(index, given)| args.iter().enumerate().any(|(other, arg)| other != index && root(*arg) == Some(given));
        written.into_iter().any(is_given_again)
    });
    if inlined { usage::of_all(module) } else { usages }
}

/// What was done, for those who clean up behind it.
struct Changed {
    functions: Vec<bool>,
    /// What calls gave where they filled a variable before.
    results: Vec<(FuncId, LetId)>,
}

impl Changed {
    /// `let %0 = call f(); let v = %0` is `let v = call f()`.
    fn name_results(&self, function: &mut Function, id: FuncId) {
        let ours: FxHashSet<LetId> = self.results.iter().filter(|(owner, _)| *owner == id).map(|(_, result)| *result).collect();
        if !ours.is_empty() {
            let mut body = std::mem::take(&mut function.body);
            name_results(function, &ours, &mut body);
            function.body = body;
        }
    }
}

fn name_results(function: &mut Function, ours: &FxHashSet<LetId>, block: &mut Block) {
    block.stmts.dedup_by(|next, call| {
        let StmtKind::Let { result: named, value } = next.kind else { return false };
        let StmtKind::Call { result: Some(result), .. } = &mut call.kind else { return false };
        let is_same = ours.contains(result) && *function.expr(value) == Expr::Let(*result);
        if is_same {
            *result = named;
        }
        is_same
    });
    block.stmts.iter_mut().flat_map(|stmt| stmt.kind.blocks_mut()).for_each(|nested| name_results(function, ours, nested));
}

/// Values with a handle from `first` on were variables for the sake of their address: those that only the compiler knew need no name, and those that
/// held what has this name already are that.
fn see_through_copies(function: &mut Function, first: usize) {
    let mut copied: FxHashMap<LetId, Expr> = FxHashMap::default();
    for result in function.lets.handles().filter(|result| result.index() >= first) {
        let named = &mut function.lets[result].name;
        if named.as_deref().is_some_and(is_temporary) {
            *named = None;
        }
    }
    function.body.walk(&mut |stmt| {
        let StmtKind::Let { result, value } = stmt.kind else { return };
        let name = function.lets[result].name.as_deref();
        let original = match *function.expr(value) {
            Expr::Param(index) => Some(function.params[index as usize].name.as_str()),
            Expr::Let(bound) => function.lets[bound].name.as_deref(),
            _ => return,
        };
        if result.index() >= first && (name.is_none() || name == original) {
            copied.insert(result, function.expr(value).clone());
        }
    });
    if !copied.is_empty() {
        function.exprs.iter_mut().for_each(|(_, data)| {
            while let Expr::Let(bound) = data.expr
                && let Some(original) = copied.get(&bound)
            {
                data.expr = original.clone();
            }
        });
    }
}

/// The name of an object that only the compiler knows of: `t1`.
fn is_temporary(name: &str) -> bool {
    name.strip_prefix('t').is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Instances for other address spaces have become the same function.
fn unite_equal(module: &mut Module, changed: &[FuncId]) {
    let mut kept: Vec<FuncId> = Vec::new();
    for &id in changed {
        if module.functions[id].kind != FunctionKind::Device {
            continue;
        }
        module.functions[id] = compacted(&module.functions[id]);
        let function = &module.functions[id];
        match kept
            .iter()
            .copied()
            .find(|other| module.functions[*other].span == function.span && do_the_same(&module.functions[*other], function))
        {
            Some(same) => {
                let callers: Vec<FuncId> = module.functions.handles().filter(|caller| caller.index() > id.index()).collect();
                for caller in callers {
                    module.functions[caller].map_callees(|callee| Some(if callee == id { same } else { callee }));
                }
            }
            None => kept.push(id),
        }
    }
}

fn is_pointer(types: &Types, ty: TypeId) -> bool {
    types.as_pointer(ty).is_some()
}

/// What the pointer points to, if a shader may pass it by value.
fn passed_value(types: &Types, pointer: TypeId) -> Option<TypeId> {
    let (pointee, _) = types.as_pointer(pointer)?;
    is_value(types, pointee, &|_| true).then_some(pointee)
}

/// A type of values that is small, has parts of its own and no pointers, and scalars that `fits` likes.
fn is_value(types: &Types, ty: TypeId, fits: &impl Fn(ir::Scalar) -> bool) -> bool {
    let parts_are_values = match types.get(ty) {
        Type::Scalar(scalar) | Type::Vector { scalar, .. } => fits(scalar),
        Type::Array { element, count: Some(_) } => is_value(types, element, fits),
        Type::Struct(definition) => {
            let definition = &types.structs()[definition];
            !types.shares_bytes(definition) && definition.fields.iter().all(|field| is_value(types, field.ty, fits))
        }
        Type::Void | Type::Array { count: None, .. } | Type::Pointer { .. } => false,
    };
    parts_are_values && types.size_of(ty) <= MOST_BYTES
}

fn call_of(stmt: &Stmt) -> Option<(FuncId, &[ir::ExprId])> {
    match &stmt.kind {
        StmtKind::Call { function, args, .. } => Some((*function, args)),
        _ => None,
    }
}
