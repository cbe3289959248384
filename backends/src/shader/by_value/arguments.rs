//! Parameters that become values.
//!
//! A pointer may become what it points to if the function does nothing with it but load, at places known in the text, and if the memory keeps its
//! content as long as each call lasts: nothing that the function writes may be the same variable. The load stands in the caller then, so it must be
//! one that the call makes in any case, or one that cannot go wrong: of a variable, or a part of it.

use super::usage::{Chain, Root, Usage, chain};
use super::{Changed, call_of, is_pointer, is_value, passed_value};
use crate::shader::rewrite::{Builder, rebuild};
use ir::{Expr, ExprId, FuncId, Function, FunctionKind, LocalId, Module, Scalar, Space, StmtKind, Types};

/// What becomes of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Stays,
    Value,
    /// A pointer that nobody looks at.
    Goes,
}

pub(super) fn run(module: &mut Module, usages: &[Usage], changed: &mut Changed) {
    let ways = Decision { module, usages }.ways();
    let ids: Vec<FuncId> = module.functions.handles().collect();
    for id in ids {
        let own = &ways[id.index()];
        let calls_changed = module.functions[id].callees().iter().any(|(callee, _)| is_changed(&ways[callee.index()]));
        if is_changed(own) || calls_changed {
            changed.functions[id.index()] = true;
            let Module { tables, functions, .. } = &mut *module;
            change(&mut Builder { tables, function: &mut functions[id] }, own, &ways);
        }
    }
}

fn is_changed(ways: &[Way]) -> bool {
    ways.iter().any(|way| *way != Way::Stays)
}

struct Decision<'a> {
    module: &'a Module,
    usages: &'a [Usage],
}

impl Decision<'_> {
    /// By function and parameter. Starts with all that may be, and takes back what a call, or a parameter given on, forbids.
    fn ways(&self) -> Vec<Vec<Way>> {
        let functions = &self.module.functions;
        let mut ways: Vec<Vec<Way>> = functions.iter().map(|(id, function)| self.wanted(id, function)).collect();
        let calls: Vec<Vec<(FuncId, &[ExprId])>> = functions.iter().map(|(_, function)| calls_of(function)).collect();
        loop {
            let mut refused: Vec<(FuncId, usize)> = Vec::new();
            for (id, function) in functions.iter() {
                for (index, param) in self.usages[id.index()].params.iter().enumerate() {
                    let stays = |(callee, at): &(FuncId, u32)| ways[callee.index()][*at as usize] == Way::Stays;
                    if ways[id.index()][index] == Way::Value && param.passed.iter().any(stays) {
                        refused.push((id, index));
                    }
                }
                for (callee, args) in &calls[id.index()] {
                    let values = (0..args.len()).filter(|index| ways[callee.index()][*index] == Way::Value);
                    let refusing = values.filter(|index| !self.allows(id, function, &ways[id.index()], *callee, args, *index));
                    refused.extend(refusing.map(|index| (*callee, index)));
                }
            }
            if refused.is_empty() {
                return ways;
            }
            for (id, index) in refused {
                ways[id.index()][index] = Way::Stays;
            }
        }
    }

    fn wanted(&self, id: FuncId, function: &Function) -> Vec<Way> {
        let (types, usage) = (&self.module.tables.types, &self.usages[id.index()]);
        let is_ours = function.kind == FunctionKind::Device
            && !function.is_settled
            && !usage.concerns_kernel
            && !types.has_pointer(function.result);
        let way = |(param, used): (&ir::Param, &super::usage::ParamUse)| {
            if !is_ours || !is_pointer(types, param.ty) || used.stored || used.is_value {
                Way::Stays
            } else if !used.loaded && used.passed.is_empty() {
                Way::Goes
            } else if passed_value(types, param.ty).is_some() {
                Way::Value
            } else {
                Way::Stays
            }
        };
        function.params.iter().zip(&usage.params).map(way).collect()
    }

    /// May this call pass what argument `index` points to?
    fn allows(&self, id: FuncId, caller: &Function, ways: &[Way], callee: FuncId, args: &[ExprId], index: usize) -> bool {
        let types = &self.module.tables.types;
        let called = &self.usages[callee.index()];
        let root = chain(types, caller, args[index]);
        match root {
            // A part of a value.
            Some(Chain { root: Root::Param(own), .. }) if ways[own as usize] == Way::Value => return true,
            Some(Chain { root: Root::Local(_), path: Some(_) }) => {}
            _ if called.params[index].surely_loaded && is_free_of_longs(types, caller, args[index]) => {}
            _ => return false,
        }
        if let Some(Chain { root: Root::Local(local), .. }) = root
            && !self.usages[id.index()].leaks[local.index()]
        {
            let others = args.iter().zip(&called.params).enumerate();
            return others
                .filter(|(at, (_, param))| *at != index && param.stored)
                .all(|(_, (other, _))| is_apart(types, caller, *other, local));
        }
        let space = space_of(types, caller, args[index]);
        let may_write = |other: ExprId| may_meet(space, space_of(types, caller, other));
        let writes = called.writes.locals && may_meet(space, Space::Local) || called.writes.elsewhere && space != Space::Local;
        space == Space::Constant
            || !writes && !args.iter().zip(&called.params).any(|(other, param)| param.stored && may_write(*other))
    }
}

fn calls_of(function: &Function) -> Vec<(FuncId, &[ExprId])> {
    let mut found = Vec::new();
    function.body.walk(&mut |stmt| found.extend(call_of(stmt)));
    found
}

fn space_of(types: &Types, function: &Function, address: ExprId) -> Space {
    types.as_pointer(function.ty(address)).map_or(Space::Generic, |(_, space)| space)
}

fn may_meet(a: Space, b: Space) -> bool {
    a == b || a == Space::Generic || b == Space::Generic
}

/// Certainly not an address in `local`, whose own address is nowhere a value?
fn is_apart(types: &Types, function: &Function, address: ExprId, local: LocalId) -> bool {
    match chain(types, function, address) {
        Some(chain) => chain.root != Root::Local(local),
        // No value leads to it.
        None => true,
    }
}

/// Indices of 64 bits are narrowed where they are seen from their beginning to their use.
fn is_free_of_longs(types: &Types, function: &Function, address: ExprId) -> bool {
    let is_local = matches!(chain(types, function, address), Some(Chain { root: Root::Local(_), .. }));
    let fits = |scalar: Scalar| is_local || !matches!(scalar, Scalar::I64 | Scalar::U64);
    types.as_pointer(function.ty(address)).is_some_and(|(pointee, _)| is_value(types, pointee, &fits))
}

fn change(builder: &mut Builder<'_>, own: &[Way], ways: &[Vec<Way>]) {
    let mut body = std::mem::take(&mut builder.function.body);
    body.walk_mut(&mut |stmt| {
        if let StmtKind::Call { function, args, .. } = &mut stmt.kind {
            let mut ways = ways[function.index()].iter();
            args.retain(|_| ways.next() != Some(&Way::Goes));
        }
    });
    if is_changed(own) {
        let values = change_params(builder, own);
        body.walk_mut(&mut |stmt| {
            stmt.kind.operands_mut(|operand| {
                *operand = rebuild(builder, *operand, &mut |builder, old, expr| as_value(builder, &values, old, expr))
            });
        });
    }
    body.walk_mut(&mut |stmt| {
        if let StmtKind::Call { function, args, .. } = &mut stmt.kind {
            let ways = ways[function.index()].iter().filter(|way| **way != Way::Goes);
            for (arg, _) in args.iter_mut().zip(ways).filter(|(_, way)| **way == Way::Value) {
                if is_pointer(&builder.tables.types, builder.ty(*arg)) {
                    let span = builder.span(*arg);
                    *arg = builder.load(*arg, span);
                }
            }
        }
    });
    builder.function.body = body;
}

/// The expressions of the parameters as they are now, by the numbers that they had.
fn change_params(builder: &mut Builder<'_>, own: &[Way]) -> Vec<Option<ExprId>> {
    for (param, _) in builder.function.params.iter_mut().zip(own).filter(|(_, way)| **way == Way::Value) {
        if let Some((pointee, _)) = builder.tables.types.as_pointer(param.ty) {
            param.ty = pointee;
            (param.is_const, param.is_restrict) = (false, false);
        }
    }
    let mut ways = own.iter();
    builder.function.params.retain(|_| ways.next() != Some(&Way::Goes));
    let mut number = 0;
    let mut expression = |way: &Way| {
        (*way != Way::Goes).then(|| {
            number += 1;
            let span = builder.function.params[number as usize - 1].span;
            builder.add(Expr::Param(number - 1), span)
        })
    };
    own.iter().map(&mut expression).collect()
}

/// Parts of what is a value now.
fn as_value(builder: &mut Builder<'_>, params: &[Option<ExprId>], old: ExprId, expr: &Expr) -> Option<ExprId> {
    let span = builder.span(old);
    let is_now_value = |builder: &Builder<'_>, base: ExprId| !is_pointer(&builder.tables.types, builder.ty(base));
    match *expr {
        Expr::Param(index) => params[index as usize],
        Expr::Field { base, index } if is_now_value(builder, base) => {
            Some(builder.add(Expr::Extract { value: base, index }, span))
        }
        Expr::Element { base, index } if is_now_value(builder, base) => {
            let index = builder.const_value(index).and_then(|index| u32::try_from(index).ok())?;
            Some(builder.add(Expr::Extract { value: base, index }, span))
        }
        Expr::Load { pointer, .. } if is_now_value(builder, pointer) => Some(pointer),
        _ => None,
    }
}
