//! Ends every case of a switch by itself, because shader switches do not fall through.
//!
//! ```text
//! case 1: fallthrough             case 1, 2: b
//! case 2: b
//!
//! case 1: a; fallthrough          case 1: a; b
//! case 2: b                       case 2: b
//! ```
//!
//! *Needs*: nothing. *Leaves*: no case that falls through, none without a body that only passes control on.

use super::inline::with_own_names;
use ir::{Block, Case, Function, Module, StmtKind};

pub(super) fn run(module: &mut Module) {
    for (_, function) in module.functions.iter_mut() {
        let mut body = std::mem::take(&mut function.body);
        rewrite(function, &mut body);
        function.body = body;
    }
}

fn rewrite(function: &mut Function, block: &mut Block) {
    for stmt in &mut block.stmts {
        for nested in stmt.kind.blocks_mut() {
            rewrite(function, nested);
        }
        if let StmtKind::Switch { cases, .. } = &mut stmt.kind {
            *cases = without_fallthrough(function, std::mem::take(cases));
        }
    }
}

fn without_fallthrough(function: &mut Function, cases: Vec<Case>) -> Vec<Case> {
    let mut done: Vec<Case> = Vec::new();
    // From the last one on: a case takes over what the next has become.
    for mut case in cases.into_iter().rev() {
        if case.falls_through {
            case.falls_through = false;
            if let Some(next) = done.last_mut() {
                if case.body.stmts.is_empty() {
                    next.values.splice(0..0, case.values);
                    next.is_default |= case.is_default;
                    continue;
                }
                // With names of its own: a call in it may be inlined there and here, and give two values.
                case.body.stmts.extend(with_own_names(function, &next.body).stmts);
            }
        }
        done.push(case);
    }
    done.reverse();
    done
}
