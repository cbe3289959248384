//! Names that a function body mentions, for the default captures of a lambda. Too many names do no harm: each is looked up.

use super::*;
use ast::{Block, Condition, Decl, DeclKind, Init, Stmt, StmtKind};

pub(super) fn names_in_block(block: &Block, out: &mut Vec<Symbol>) {
    block.stmts.iter().for_each(|stmt| names_in_stmt(stmt, out));
}

fn names_in_stmt(stmt: &Stmt, out: &mut Vec<Symbol>) {
    match &stmt.kind {
        StmtKind::Expr(expr) => names_in_expr(expr, out),
        StmtKind::Decl(decl) => names_in_decl(decl, out),
        StmtKind::Block(block) => names_in_block(block, out),
        StmtKind::If(tree) => {
            tree.init.iter().for_each(|init| names_in_stmt(init, out));
            names_in_condition(&tree.condition, out);
            names_in_stmt(&tree.then, out);
            tree.otherwise.iter().for_each(|stmt| names_in_stmt(stmt, out));
        }
        StmtKind::Switch(tree) => {
            tree.init.iter().for_each(|init| names_in_stmt(init, out));
            names_in_condition(&tree.condition, out);
            names_in_stmt(&tree.body, out);
        }
        StmtKind::Case { value, high } => {
            [Some(value), high.as_ref()].into_iter().flatten().for_each(|value| names_in_expr(value, out))
        }
        StmtKind::While(tree) => {
            names_in_condition(&tree.condition, out);
            names_in_stmt(&tree.body, out);
        }
        StmtKind::DoWhile(tree) => {
            names_in_stmt(&tree.body, out);
            names_in_expr(&tree.condition, out);
        }
        StmtKind::For(tree) => {
            names_in_stmt(&tree.init, out);
            tree.condition.iter().for_each(|condition| names_in_condition(condition, out));
            tree.step.iter().for_each(|step| names_in_expr(step, out));
            names_in_stmt(&tree.body, out);
        }
        StmtKind::RangeFor(tree) => {
            tree.init.iter().for_each(|init| names_in_stmt(init, out));
            names_in_expr(&tree.range, out);
            names_in_stmt(&tree.body, out);
        }
        StmtKind::Return(value) => value.iter().for_each(|value| names_in_expr(value, out)),
        StmtKind::Asm(tree) => tree.outputs.iter().chain(&tree.inputs).for_each(|operand| names_in_expr(&operand.value, out)),
        StmtKind::Try(tree) => {
            names_in_block(&tree.body, out);
            tree.handlers.iter().for_each(|handler| names_in_block(&handler.body, out));
        }
        StmtKind::Empty
        | StmtKind::Default
        | StmtKind::Label(_)
        | StmtKind::Goto(_)
        | StmtKind::Break
        | StmtKind::Continue
        | StmtKind::Error => {}
    }
}

fn names_in_condition(condition: &Condition, out: &mut Vec<Symbol>) {
    match condition {
        Condition::Expr(expr) => names_in_expr(expr, out),
        Condition::Decl(decl) => names_in_decl(decl, out),
    }
}

fn names_in_init(init: Option<&Init>, out: &mut Vec<Symbol>) {
    match init {
        Some(Init::Copy(value)) => names_in_expr(value, out),
        Some(Init::Direct { args, .. }) => args.iter().for_each(|arg| names_in_expr(arg, out)),
        Some(Init::Braced(list)) => list.items.iter().for_each(|item| names_in_expr(&item.value, out)),
        None => {}
    }
}

fn names_in_decl(decl: &Decl, out: &mut Vec<Symbol>) {
    match &decl.kind {
        DeclKind::Vars(vars) => {
            for var in &vars.vars {
                names_in_type(&var.ty, out);
                names_in_init(var.init.as_ref(), out);
            }
        }
        DeclKind::Binding(binding) => names_in_init(binding.init.as_ref(), out),
        DeclKind::Group(decls) => decls.iter().for_each(|decl| names_in_decl(decl, out)),
        _ => {}
    }
}
