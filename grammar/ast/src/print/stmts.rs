//! Statements.

use super::Printer;
use crate::*;

impl Printer {
    /// From its `{`, which stands on a line begun already, to its `}`.
    pub(super) fn block(&mut self, block: &Block) {
        self.put("{\n");
        self.indent += 1;
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
        self.indent -= 1;
        self.line_start();
        self.put("}");
    }

    fn stmt(&mut self, stmt: &Stmt) {
        self.line_start();
        self.bare_stmt(stmt);
        self.put("\n");
    }

    /// The statement under another, on the same line.
    fn sub(&mut self, stmt: &Stmt) {
        self.put(" ");
        self.bare_stmt(stmt);
    }

    fn bare_stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Empty => self.put(";"),
            StmtKind::Expr(expr) => {
                self.expr(expr);
                self.put(";");
            }
            StmtKind::Decl(decl) => self.bare_decl(decl),
            StmtKind::Block(block) => self.block(block),
            StmtKind::If(node) => self.if_stmt(node),
            StmtKind::Switch(node) => {
                self.put("switch (");
                self.head(node.init.as_ref(), &node.condition);
                self.put(")");
                self.sub(&node.body);
            }
            StmtKind::Case { value, high } => {
                self.put("case ");
                self.expr(value);
                if let Some(high) = high {
                    self.put(" ... ");
                    self.expr(high);
                }
                self.put(":");
            }
            StmtKind::Default => self.put("default:"),
            StmtKind::Label(name) => self.put(&format!("{name}:")),
            StmtKind::Goto(name) => self.put(&format!("goto {name};")),
            StmtKind::While(node) => {
                self.unroll(node.unroll.as_ref());
                self.put("while (");
                self.condition(&node.condition);
                self.put(")");
                self.sub(&node.body);
            }
            StmtKind::DoWhile(node) => {
                self.unroll(node.unroll.as_ref());
                self.put("do");
                self.sub(&node.body);
                self.put(" while (");
                self.expr(&node.condition);
                self.put(");");
            }
            StmtKind::For(node) => self.for_stmt(node),
            StmtKind::RangeFor(node) => self.range_for(node),
            StmtKind::Break => self.put("break;"),
            StmtKind::Continue => self.put("continue;"),
            StmtKind::Return(value) => {
                self.put("return");
                if let Some(value) = value {
                    self.put(" ");
                    self.expr(value);
                }
                self.put(";");
            }
            StmtKind::Asm(node) => self.asm(node),
            StmtKind::Try(node) => {
                self.put("try ");
                self.block(&node.body);
                for handler in &node.handlers {
                    self.put(" catch (");
                    match &handler.param {
                        Some(param) => self.param(param),
                        None => self.put("..."),
                    }
                    self.put(") ");
                    self.block(&handler.body);
                }
            }
            StmtKind::Error => self.put("/* error */;"),
        }
    }

    fn if_stmt(&mut self, node: &If) {
        self.put(if node.constexpr { "if constexpr (" } else { "if (" });
        self.head(node.init.as_ref(), &node.condition);
        self.put(")");
        self.sub(&node.then);
        if let Some(otherwise) = &node.otherwise {
            self.put(" else");
            self.sub(otherwise);
        }
    }

    fn head(&mut self, init: Option<&Stmt>, condition: &Condition) {
        if let Some(init) = init {
            self.bare_stmt(init);
            self.put(" ");
        }
        self.condition(condition);
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Expr(expr) => self.expr(expr),
            Condition::Decl(decl) => self.open_decl(decl),
        }
    }

    /// A declaration without its `;`.
    fn open_decl(&mut self, decl: &Decl) {
        match &decl.kind {
            DeclKind::Vars(vars) => self.vars(vars),
            DeclKind::Binding(binding) => self.binding(binding),
            _ => self.bare_decl(decl),
        }
    }

    /// On a line of its own.
    fn unroll(&mut self, unroll: Option<&Unroll>) {
        let Some(unroll) = unroll else { return };
        self.put("\n");
        self.line_start();
        self.put("#pragma unroll");
        if let Some(factor) = &unroll.factor {
            self.put(" ");
            self.expr(factor);
        }
        self.put("\n");
        self.line_start();
    }

    fn for_stmt(&mut self, node: &For) {
        self.unroll(node.unroll.as_ref());
        self.put("for (");
        self.bare_stmt(&node.init);
        if let Some(condition) = &node.condition {
            self.put(" ");
            self.condition(condition);
        }
        self.put(";");
        if let Some(step) = &node.step {
            self.put(" ");
            self.expr(step);
        }
        self.put(")");
        self.sub(&node.body);
    }

    fn range_for(&mut self, node: &RangeFor) {
        self.unroll(node.unroll.as_ref());
        self.put("for (");
        if let Some(init) = &node.init {
            self.bare_stmt(init);
            self.put(" ");
        }
        self.open_decl(&node.variable);
        self.put(" : ");
        self.expr(&node.range);
        self.put(")");
        self.sub(&node.body);
    }

    fn asm(&mut self, node: &Asm) {
        self.put(if node.volatile { "asm volatile(" } else { "asm(" });
        self.put(node.template.text.as_str());
        let parts = [&node.outputs, &node.inputs];
        let has_clobbers = !node.clobbers.is_empty();
        let last = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |at| at + 1);
        for part in &parts[..if has_clobbers { 2 } else { last }] {
            self.put(" : ");
            self.list(part, Printer::asm_operand);
        }
        if has_clobbers {
            self.put(" : ");
            self.list(&node.clobbers, |p, text| p.put(text.text.as_str()));
        }
        self.put(");");
    }

    fn asm_operand(&mut self, operand: &AsmOperand) {
        if let Some(name) = operand.name {
            self.put(&format!("[{name}] "));
        }
        self.put(operand.constraint.text.as_str());
        self.put("(");
        self.expr(&operand.value);
        self.put(")");
    }
}
