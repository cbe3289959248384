//! Statements, one line each.

use super::{Printer, spell};
use crate::expr::{ExprId, LetId};
use crate::stmt::{Assertion, Block, Case, LoopForm, Stmt, StmtKind};
use crate::types::Scalar;

impl Printer<'_> {
    pub(super) fn block(&mut self, block: &Block) {
        self.depth += 1;
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Let { result, value } => {
                let value = self.value(*value, 0);
                self.line(&format!("let {} = {value}", self.own.lets[result.index()]));
            }
            StmtKind::Declare { local, init } => {
                let init = init.map_or(String::new(), |init| format!(" = {}", self.value(init, 0)));
                let ty = self.ty(self.function.locals[*local].ty);
                self.line(&format!("var {}: {ty}{init}", self.own.locals[local.index()]));
            }
            StmtKind::Store { pointer, value, volatile } => {
                let volatile = if *volatile { "volatile " } else { "" };
                self.line(&format!("{volatile}{} = {}", self.place(*pointer), self.value(*value, 0)));
            }
            StmtKind::Call { result, function, args } => {
                let callee = &self.names.functions[function.index()];
                self.effect(*result, &format!("call {callee}({})", self.list(args)));
            }
            StmtKind::Scope(block) => {
                self.line("{");
                self.block(block);
                self.line("}");
            }
            StmtKind::If { .. } => self.if_chain(&stmt.kind, "if"),
            StmtKind::Loop { form, condition, body, update, until, unroll } => {
                self.loop_head(*form, *condition, *unroll);
                self.block(body);
                self.loop_tail(update, *until);
            }
            StmtKind::Switch { selector, cases } => self.switch(*selector, cases),
            StmtKind::Break => self.line("break"),
            StmtKind::Continue => self.line("continue"),
            StmtKind::Return(None) => self.line("return"),
            StmtKind::Return(Some(value)) => self.line(&format!("return {}", self.value(*value, 0))),
            _ => self.simt(&stmt.kind),
        }
    }

    /// What threads do together, and what ends a launch.
    fn simt(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Barrier => self.line("barrier"),
            StmtKind::Arrive { object } => self.line(&format!("arrive({})", self.value(*object, 0))),
            StmtKind::GridBarrier => self.line("grid_barrier"),
            StmtKind::WarpBarrier { mask } => self.line(&format!("warp_barrier{}", self.mask(*mask))),
            StmtKind::Yield => self.line("yield"),
            StmtKind::TileBarrier { threads } => self.line(&format!("tile_barrier({})", self.value(*threads, 0))),
            StmtKind::Fence(scope) => self.line(&format!("fence {}", spell::spelling(spell::SCOPES, scope))),
            StmtKind::Atomic { result, op, pointer, value, compare, scope } => {
                let (op, scope) = (spell::spelling(spell::ATOMICS, op), spell::spelling(spell::SCOPES, scope));
                let compare = compare.map_or(String::new(), |compare| format!(", {}", self.value(compare, 0)));
                let text = format!("atomic.{op}.{scope}({}{compare}, {})", self.value(*pointer, 0), self.value(*value, 0));
                self.effect(*result, &text);
            }
            StmtKind::BlockVote { result, op, value } => {
                self.effect(Some(*result), &format!("vote.{}({})", spell::spelling(spell::VOTES, op), self.value(*value, 0)));
            }
            StmtKind::BlockBroadcast { result, value } => {
                self.effect(Some(*result), &format!("broadcast({})", self.value(*value, 0)));
            }
            StmtKind::Warp { result, op, mask, args } => {
                let op = spell::spelling(spell::WARP_OPS, op);
                self.effect(Some(*result), &format!("warp.{op}{}({})", self.mask(*mask), self.list(args)));
            }
            StmtKind::Clock { result, scalar } => self.effect(Some(*result), &format!("clock.{}", scalar.name())),
            StmtKind::Trap => self.line("trap"),
            StmtKind::Assert { condition, assertion } => {
                let Assertion { expression, file, line, function } = &**assertion;
                let condition = self.value(*condition, 0);
                self.line(&format!(
                    "assert({condition}, {}, {}, {line}, {})",
                    string(expression),
                    string(file),
                    string(function)
                ));
            }
            StmtKind::Printf { format, args } => {
                let args: String = args.iter().map(|arg| format!(", {}", self.value(*arg, 0))).collect();
                self.line(&format!("printf({}{args})", string(format)));
            }
            _ => unreachable!("`stmt` prints the others"),
        }
    }

    /// A statement that may bind a result. The type of a result is written where operands do not give it.
    fn effect(&mut self, result: Option<LetId>, text: &str) {
        match result {
            Some(result) => self.line(&format!("let {} = {text}", self.own.lets[result.index()])),
            None => self.line(text),
        }
    }

    fn mask(&self, mask: Option<ExprId>) -> String {
        mask.map_or(String::new(), |mask| format!("[{}]", self.value(mask, 0)))
    }

    /// `else { if .. }` with nothing else in it is written `else if`.
    fn if_chain(&mut self, kind: &StmtKind, head: &str) {
        let StmtKind::If { condition, accept, reject } = kind else { unreachable!("only for `if`") };
        self.line(&format!("{head} {} {{", self.value(*condition, 0)));
        self.block(accept);
        match reject.stmts.as_slice() {
            [] => self.line("}"),
            [Stmt { kind: nested @ StmtKind::If { .. }, .. }] => self.if_chain(nested, "} else if"),
            _ => {
                self.line("} else {");
                self.block(reject);
                self.line("}");
            }
        }
    }

    fn loop_head(&mut self, form: LoopForm, condition: Option<ExprId>, unroll: Option<u32>) {
        let mut head = String::from(match form {
            LoopForm::For => "for",
            LoopForm::While => "while",
            LoopForm::DoWhile => "do",
        });
        if let Some(condition) = condition {
            head += &format!(" {}", self.value(condition, 0));
        }
        if let Some(unroll) = unroll {
            head += &format!(" unroll {unroll}");
        }
        self.line(&format!("{head} {{"));
    }

    fn loop_tail(&mut self, update: &Block, until: Option<ExprId>) {
        if !update.stmts.is_empty() {
            self.line("} update {");
            self.block(update);
        }
        match until {
            Some(until) => self.line(&format!("}} until {}", self.value(until, 0))),
            None => self.line("}"),
        }
    }

    fn switch(&mut self, selector: ExprId, cases: &[Case]) {
        let scalar = self.module.tables.types.as_scalar(self.function.ty(selector)).unwrap_or(Scalar::U64);
        self.line(&format!("switch {} {{", self.value(selector, 0)));
        self.depth += 1;
        for case in cases {
            let default = case.is_default.then(|| "default".to_owned());
            let labels: Vec<String> = case.values.iter().map(|bits| super::expr::literal(scalar, *bits)).chain(default).collect();
            self.line(&format!("case {} {{", labels.join(", ")));
            self.block(&case.body);
            self.line(if case.falls_through { "} fallthrough" } else { "}" });
        }
        self.depth -= 1;
        self.line("}");
    }
}

/// A string literal.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '\n' => out += "\\n",
            c if c.is_control() => out += &format!("\\u{{{:x}}}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
