//! What is used in several nodes: values become variables, and variables move to the top of the kernel, so that each phase can have them.

use super::flatten::{Graph, Next, Node, NodeId};
use crate::shader::address::{Root, root_of};
use crate::shader::rewrite::{Builder, rebuild};
use ir::{Expr, ExprId, GlobalId, LetId, LocalId, Space, Stmt, StmtKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// What the statements and the condition of a node mention.
#[derive(Default)]
pub(super) struct Mentions {
    pub(super) lets: BTreeSet<LetId>,
    pub(super) locals: BTreeSet<LocalId>,
    pub(super) shared: BTreeSet<GlobalId>,
}

pub(super) fn mentions(builder: &Builder<'_>, node: &Node) -> Mentions {
    let mut found = Mentions::default();
    let mut roots: Vec<ExprId> = Vec::new();
    for stmt in &node.stmts {
        walk(stmt, &mut |stmt| stmt.kind.operands(|operand| roots.push(operand)));
    }
    if let Next::Branch(condition, ..) = node.next {
        roots.push(condition);
    }
    for root in roots {
        builder.function.walk_expr(root, &mut |id| match *builder.function.expr(id) {
            Expr::Let(result) => {
                found.lets.insert(result);
            }
            Expr::LocalAddr(local) => {
                found.locals.insert(local);
            }
            Expr::GlobalAddr(global) if builder.tables.globals[global].space == Space::Shared => {
                found.shared.insert(global);
            }
            _ => {}
        });
    }
    found
}

fn walk<'s>(stmt: &'s Stmt, visit: &mut impl FnMut(&'s Stmt)) {
    visit(stmt);
    stmt.kind.blocks().for_each(|block| block.walk(visit));
}

/// Where each name is bound.
struct Homes {
    lets: FxHashMap<LetId, NodeId>,
    locals: FxHashMap<LocalId, NodeId>,
    values: FxHashMap<LetId, ExprId>,
}

fn homes(graph: &Graph) -> Homes {
    let mut homes = Homes { lets: FxHashMap::default(), locals: FxHashMap::default(), values: FxHashMap::default() };
    for (id, node) in graph.nodes.iter().enumerate() {
        for stmt in &node.stmts {
            walk(stmt, &mut |stmt| {
                if let Some(result) = stmt.kind.result() {
                    homes.lets.insert(result, id);
                }
                match stmt.kind {
                    StmtKind::Declare { local, .. } => {
                        homes.locals.insert(local, id);
                    }
                    StmtKind::Let { result, value } => {
                        homes.values.insert(result, value);
                    }
                    _ => {}
                }
            });
        }
    }
    homes
}

/// After this no value of a node is used outside of it, and variables that are, have lost their declarations: those that this gives.
pub(in crate::shader) fn split_variables(builder: &mut Builder<'_>, graph: &mut Graph) -> BTreeSet<LocalId> {
    let homes = homes(graph);
    let mut crossing: BTreeSet<LetId> = BTreeSet::new();
    let mut moved: BTreeSet<LocalId> = BTreeSet::new();
    for (id, node) in graph.nodes.iter().enumerate() {
        let found = mentions(builder, node);
        crossing.extend(found.lets.iter().filter(|result| homes.lets.get(result).is_some_and(|home| *home != id)));
        moved.extend(found.locals.iter().filter(|local| homes.locals.get(local).is_some_and(|home| *home != id)));
    }
    let mut again: FxHashMap<LetId, ExprId> = FxHashMap::default();
    let mut kept: FxHashMap<LetId, LocalId> = FxHashMap::default();
    for &result in &crossing {
        match homes.values.get(&result) {
            Some(&value) if is_stable(builder, &homes, value) => {
                again.insert(result, value);
            }
            _ => {
                let binding = builder.function.lets[result].clone();
                let span = builder.function.lets.span(result);
                let local = builder.function.add_local(binding.name.unwrap_or_else(|| "kept".into()), binding.ty, span);
                kept.insert(result, local);
                moved.insert(local);
            }
        }
    }
    for (id, node) in graph.nodes.iter_mut().enumerate() {
        let mut stmts = std::mem::take(&mut node.stmts);
        replace_block(builder, &mut stmts, id, &homes, &again, &kept, &moved);
        node.stmts = stmts;
        if let Next::Branch(condition, ..) = &mut node.next {
            *condition = replaced(builder, *condition, id, &homes, &again, &kept);
        }
    }
    moved
}

fn replace_block(
    builder: &mut Builder<'_>,
    stmts: &mut Vec<Stmt>,
    node: NodeId,
    homes: &Homes,
    again: &FxHashMap<LetId, ExprId>,
    kept: &FxHashMap<LetId, LocalId>,
    moved: &BTreeSet<LocalId>,
) {
    let mut out = Vec::new();
    for mut stmt in std::mem::take(stmts) {
        stmt.kind.operands_mut(|operand| *operand = replaced(builder, *operand, node, homes, again, kept));
        for block in stmt.kind.blocks_mut() {
            replace_block(builder, &mut block.stmts, node, homes, again, kept, moved);
        }
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Declare { local, init } if moved.contains(&local) => {
                out.extend(init.map(|value| builder.store_local(local, value, span)));
            }
            _ => {
                let result = stmt.kind.result();
                out.push(stmt);
                if let Some((result, &local)) = result.and_then(|result| Some((result, kept.get(&result)?))) {
                    let value = builder.add(Expr::Let(result), span);
                    out.push(builder.store_local(local, value, span));
                }
            }
        }
    }
    *stmts = out;
}

/// The expression with values of other nodes computed again or loaded.
fn replaced(
    builder: &mut Builder<'_>,
    root: ExprId,
    node: NodeId,
    homes: &Homes,
    again: &FxHashMap<LetId, ExprId>,
    kept: &FxHashMap<LetId, LocalId>,
) -> ExprId {
    rebuild(builder, root, &mut |builder, old, expr| {
        let Expr::Let(result) = *expr else { return None };
        if homes.lets.get(&result) == Some(&node) {
            return None;
        }
        let span = builder.span(old);
        match (again.get(&result), kept.get(&result)) {
            (Some(&value), _) => Some(replaced(builder, value, NodeId::MAX, homes, again, kept)),
            (None, Some(&local)) => Some(builder.load_local(local, span)),
            (None, None) => {
                // A value that only a value computed again mentions.
                let value = *homes.values.get(&result)?;
                Some(replaced(builder, value, NodeId::MAX, homes, again, kept))
            }
        }
    })
}

/// Is the value the same whenever a thread computes it?
fn is_stable(builder: &Builder<'_>, homes: &Homes, root: ExprId) -> bool {
    let mut stable = true;
    let mut lets: FxHashSet<LetId> = FxHashSet::default();
    builder.function.walk_expr(root, &mut |id| match *builder.function.expr(id) {
        Expr::Load { pointer, .. } => {
            let constant = matches!(root_of(builder.function, pointer), Some(Root::Global(global))
                if builder.tables.globals[global].space == Space::Constant);
            stable &= constant;
        }
        Expr::LocalAddr(_) | Expr::Undef(_) => stable = false,
        Expr::Let(result) => {
            lets.insert(result);
        }
        _ => {}
    });
    let values: Option<Vec<ExprId>> = lets.iter().map(|result| homes.values.get(result).copied()).collect();
    stable && values.is_some_and(|values| values.iter().all(|&value| is_stable(builder, homes, value)))
}

/// Variables that some node uses and none declares: those that [`split_variables`] has moved.
pub(super) fn moved_locals(builder: &Builder<'_>, graph: &Graph) -> BTreeSet<LocalId> {
    let homes = homes(graph);
    let mentioned = graph.nodes.iter().flat_map(|node| mentions(builder, node).locals);
    mentioned.filter(|local| !homes.locals.contains_key(local)).collect()
}
