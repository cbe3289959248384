//! Statements as lines.

use super::comments::{At, Comments};
use super::constants::Bound;
use super::expr::{Level, call_text, join_arguments};
use super::function::{FunctionWriter, geometry_params};
use super::helpers::Helper;
use super::literal;
use crate::output::Site;
use ir::{AtomicOp, Block, BlockVote, Case, Expr, ExprId, LoopForm, Stmt, StmtKind};
use source::Span;

impl FunctionWriter<'_, '_> {
    /// The statements of a block that is open already, as a scope of names.
    pub(super) fn statements(&mut self, block: &Block) {
        self.namer.push();
        self.statements_here(block);
        self.namer.pop();
    }

    fn statements_here(&mut self, block: &Block) {
        for (index, stmt) in block.stmts.iter().enumerate() {
            self.statement(stmt, &block.stmts[index + 1..]);
            if leaves(stmt) {
                break; // naga takes no statement behind one that leaves.
            }
        }
    }

    fn block(&mut self, head: &str, block: &Block) {
        self.text().open(head);
        self.statements(block);
        self.text().close("}");
    }

    /// `behind` is what follows in the block.
    pub(super) fn statement(&mut self, stmt: &Stmt, behind: &[Stmt]) {
        if self.skip(stmt) {
            return;
        }
        let ends = self.module.options.sources.and_then(|sources| Comments::ends(sources, stmt.span));
        if let Some((start, end)) = ends {
            self.comments_before(stmt, start, end);
        }
        match &stmt.kind {
            StmtKind::Let { result, value } => {
                let value = self.typed(*value);
                let name = self.name_let(*result, "t");
                let keyword = if self.hidden.contains(&Bound::Let(*result)) { "var" } else { "let" };
                self.text().pieces(&[keyword, " ", &name, " = ", &value, ";"]);
            }
            StmtKind::Declare { local, init } => {
                let declaration = self.declaration(*local, *init);
                self.text().pieces(&[&declaration, ";"]);
            }
            StmtKind::Store { pointer, value, .. } => {
                let store = self.store(*pointer, *value);
                self.text().pieces(&[&store, ";"]);
            }
            StmtKind::Call { result, function, args } => self.call_statement(*result, *function, args),
            StmtKind::Scope(block) => self.scope(block, behind),
            StmtKind::If { condition, accept, reject } => self.if_statement(*condition, accept, reject),
            StmtKind::Loop { condition: None, body, update, until: None, .. }
                if update.stmts.is_empty() && self.attempt(body) => {}
            StmtKind::Loop { form, condition, body, update, until, .. } => {
                self.loop_statement("", *form, *condition, body, update, *until);
            }
            StmtKind::Switch { selector, cases } => self.switch(*selector, cases),
            StmtKind::Break => self.text().line("break;"),
            StmtKind::Continue => self.text().line("continue;"),
            StmtKind::Return(None) => self.text().line("return;"),
            StmtKind::Return(Some(value)) => {
                let value = self.plain(*value);
                self.text().pieces(&["return ", &value, ";"]);
            }
            StmtKind::Barrier => self.barrier(stmt.span),
            StmtKind::Fence(_) => self.module.fail_fence(stmt.span),
            StmtKind::Atomic { result, op, pointer, value, compare, .. } => self.atomic(*result, *op, *pointer, *value, *compare),
            StmtKind::BlockVote { result, op, value } => {
                self.order_storage(stmt.span);
                self.block_vote(*result, *op, *value);
            }
            StmtKind::BlockBroadcast { result, value } => self.block_broadcast(*result, *value),
            StmtKind::Warp { result, op, mask: None, args } => self.subgroup_operation(*result, *op, args, stmt.span),
            StmtKind::WarpBarrier { .. } | StmtKind::TileBarrier { .. } | StmtKind::Warp { .. } => {
                self.module.fail("a warp operation", stmt.span)
            }
            StmtKind::GridBarrier
            | StmtKind::Arrive { .. }
            | StmtKind::Yield
            | StmtKind::Trap
            | StmtKind::Assert { .. }
            | StmtKind::Printf { .. }
            | StmtKind::Clock { .. } => {
                self.module.fail("a barrier of the grid or of an object, printf, assert, trap or clock", stmt.span);
            }
        }
        if let Some((_, end)) = ends {
            self.comment_behind(stmt, end);
        }
    }

    /// Values that are printed in place of their use: keeps their text. True if there is nothing to print here.
    fn skip(&mut self, stmt: &Stmt) -> bool {
        let Some(result) = stmt.kind.result().filter(|result| self.folded.contains_key(result)) else { return false };
        let printed = match &stmt.kind {
            StmtKind::Let { value, .. } => self.print(*value),
            StmtKind::Call { function, args, .. } => super::expr::Printed::primary(self.call(*function, args)),
            StmtKind::Atomic { op: AtomicOp::Load, pointer, .. } => {
                super::expr::Printed::primary(format!("atomicLoad(&{})", self.place(*pointer)))
            }
            _ => return false,
        };
        self.folded_text.insert(result, printed);
        true
    }

    fn declaration(&mut self, local: ir::LocalId, init: Option<ExprId>) -> String {
        let variable = &self.function.locals[local];
        let init = init.filter(|init| !matches!(self.function.expr(*init), Expr::Undef(_)));
        let value = init.map(|init| self.typed(init));
        let name = self.namer.take(&variable.name);
        self.locals.insert(local, name.clone());
        match value {
            Some(value) if self.constant_locals.contains(&local) => ["let ", &name, " = ", &value].concat(),
            Some(value) => ["var ", &name, " = ", &value].concat(),
            None => format!("var {name}: {}", self.module.ty(variable.ty)),
        }
    }

    pub(super) fn call(&mut self, function: ir::FuncId, args: &[ExprId]) -> String {
        let mut texts: Vec<String> = args.iter().map(|arg| self.argument(*arg)).collect();
        texts.extend(geometry_params(self.module.geometry.needs[&function]).iter().map(|(name, _)| name.to_string()));
        call_text(&self.module.names.functions[&function], &join_arguments(texts))
    }

    fn call_statement(&mut self, result: Option<ir::LetId>, function: ir::FuncId, args: &[ExprId]) {
        let call = self.call(function, args);
        match result {
            Some(result) if self.is_used(result) => {
                let name = self.name_let(result, "result");
                self.text().pieces(&["let ", &name, " = ", &call, ";"]);
            }
            _ => self.text().pieces(&[&call, ";"]),
        }
        if let Some(site) = self.site(function, args) {
            self.text().append(&format!(" // {site}"));
        }
    }

    /// What the record of a call is about, for the reader.
    fn site(&self, function: ir::FuncId, args: &[ExprId]) -> Option<String> {
        let name = &self.module.program.module.functions[function].name;
        let Expr::Const { bits, .. } = *self.function.expr(*args.first()?) else { return None };
        if !name.starts_with("logRecord") && name != "logFailure" {
            return None;
        }
        Some(match self.module.sites.get(&self.id)?.get((bits as usize).checked_sub(1)?)? {
            Site::Printf { format, .. } => format!("printf({format:?})"),
            Site::Assert { expression, .. } => format!("assert({})", expression.replace(['\n', '\r'], " ")),
            Site::Trap => "__trap()".to_string(),
        })
    }

    fn scope(&mut self, block: &Block, behind: &[Stmt]) {
        let is_folded = |stmt: &&Stmt| stmt.kind.result().is_some_and(|result| self.folded.contains_key(&result));
        let before = block.stmts.iter().take_while(is_folded).count();
        if let [first, second] = &block.stmts[before..]
            && let StmtKind::Declare { local, init: Some(init) } = first.kind
            && let StmtKind::Loop { form: LoopForm::For, condition, body, update, until: None, .. } = &second.kind
            && self.is_simple(update)
        {
            self.namer.push();
            block.stmts[..before].iter().for_each(|stmt| self.statement(stmt, &[]));
            let head = self.declaration(local, Some(init));
            self.loop_statement(&head, LoopForm::For, *condition, body, update, None);
            self.namer.pop();
            return;
        }
        if self.needs_braces(block, behind) {
            self.block("{", block);
        } else {
            self.statements_here(block);
        }
    }

    /// Does the block declare a name that something behind it wants too?
    fn needs_braces(&self, block: &Block, behind: &[Stmt]) -> bool {
        let own: Vec<&str> = block.stmts.iter().filter_map(|stmt| self.declared(stmt)).collect();
        let mut meet = false;
        if !own.is_empty() {
            let mut visit = |stmt: &Stmt| meet |= self.declared(stmt).is_some_and(|name| own.contains(&name));
            behind.iter().for_each(|stmt| {
                visit(stmt);
                stmt.kind.blocks().for_each(|nested| nested.walk(&mut visit));
            });
        }
        meet
    }

    /// The name that a statement brings into its block, as it wants it.
    fn declared(&self, stmt: &Stmt) -> Option<&str> {
        if let StmtKind::Declare { local, .. } = stmt.kind {
            return Some(&self.function.locals[local].name);
        }
        let result = stmt.kind.result().filter(|result| self.is_used(*result) && !self.folded.contains_key(result))?;
        Some(self.function.lets[result].name.as_deref().unwrap_or("t"))
    }

    /// Can the update stand in the head of a `for`?
    fn is_simple(&self, update: &Block) -> bool {
        match update.stmts.as_slice() {
            [] => true,
            [stmt] => matches!(stmt.kind, StmtKind::Store { .. }),
            _ => false,
        }
    }

    fn if_statement(&mut self, condition: ExprId, accept: &Block, reject: &Block) {
        if accept.stmts.is_empty() && !reject.stmts.is_empty() {
            let text = self.print(condition).within(|level| level >= Level::Unary);
            return self.block(&format!("if !{text} {{"), reject);
        }
        let condition = self.plain(condition);
        self.text().open(format!("if {condition} {{"));
        self.statements(accept);
        self.else_branch(reject);
    }

    fn else_branch(&mut self, reject: &Block) {
        match reject.stmts.as_slice() {
            [] => self.text().close("}"),
            [Stmt { kind: StmtKind::If { condition, accept, reject }, .. }] => {
                let condition = self.plain(*condition);
                self.text().close_open(format!("}} else if {condition} {{"));
                self.statements(accept);
                self.else_branch(reject);
            }
            _ => {
                self.text().close_open("} else {");
                self.statements(reject);
                self.text().close("}");
            }
        }
    }

    fn loop_statement(
        &mut self,
        init: &str,
        form: LoopForm,
        condition: Option<ExprId>,
        body: &Block,
        update: &Block,
        until: Option<ExprId>,
    ) {
        let endless =
            condition.is_none_or(|condition| matches!(self.function.expr(condition), Expr::Const { bits, .. } if *bits != 0));
        let condition = if endless { None } else { condition };
        let in_head = until.is_none() && self.is_simple(update);
        if in_head
            && (form == LoopForm::For || !update.stmts.is_empty() || !init.is_empty())
            && (condition.is_some() || !init.is_empty())
        {
            let condition = condition.map(|condition| self.plain(condition)).unwrap_or_default();
            let update = update.stmts.first().map(|stmt| self.inline_store(stmt)).unwrap_or_default();
            let blank = if update.is_empty() { "" } else { " " };
            let head = ["for (", init, "; ", &condition, ";", blank, &update, ") {"].concat();
            return self.block(&head, body);
        }
        // Without `continue`, what stands behind the body is what comes behind it.
        if until.is_none() && (update.stmts.is_empty() || !continues(body)) {
            let head = match condition {
                Some(condition) => format!("while {} {{", self.plain(condition)),
                None => "loop {".to_string(),
            };
            self.text().open(head);
            self.namer.push();
            self.statements_here(body);
            if !body.stmts.last().is_some_and(leaves) {
                self.statements_here(update);
            }
            self.namer.pop();
            return self.text().close("}");
        }
        self.text().open("loop {");
        if let Some(condition) = condition {
            let text = self.print(condition).within(|level| level >= Level::Unary);
            self.text().open(format!("if !{text} {{"));
            self.text().line("break;");
            self.text().close("}");
        }
        // What the body declares is in scope behind it, and naga allows no second name there.
        self.namer.push();
        self.statements_here(body);
        self.continuing(update, until);
        self.namer.pop();
        self.text().close("}");
    }

    fn continuing(&mut self, update: &Block, until: Option<ExprId>) {
        self.text().gap();
        self.text().open("continuing {");
        self.namer.push();
        self.statements_here(update);
        if let Some(until) = until {
            let until = self.plain(until);
            self.text().line(format!("break if {until};"));
        }
        self.namer.pop();
        self.text().close("}");
    }

    fn inline_store(&mut self, stmt: &Stmt) -> String {
        match &stmt.kind {
            StmtKind::Store { pointer, value, .. } => self.store(*pointer, *value),
            _ => String::new(),
        }
    }

    fn switch(&mut self, selector: ExprId, cases: &[Case]) {
        let scalar = self.scalar(selector).unwrap_or(ir::Scalar::I32);
        let head = self.typed(selector);
        self.text().open(format!("switch {head} {{"));
        for case in cases {
            let mut labels: Vec<String> = case.values.iter().map(|bits| literal::text(scalar, *bits, true, false)).collect();
            if case.is_default {
                labels.push("default".into());
            }
            let label = if labels == ["default"] { "default".to_string() } else { format!("case {}", labels.join(", ")) };
            let body = without_last_break(&case.body);
            self.block(&format!("{label}: {{"), &body);
        }
        if !cases.iter().any(|case| case.is_default) {
            self.text().line("default: {}");
        }
        self.text().close("}");
    }

    fn barrier(&mut self, span: Span) {
        self.order_storage(span);
        self.text().line("workgroupBarrier();");
    }

    /// `__syncthreads()` and its votes order global memory too, where that matters.
    fn order_storage(&mut self, barrier: Span) {
        if self.module.orders_storage(barrier) {
            self.text().line("storageBarrier();");
        }
    }

    fn block_vote(&mut self, result: ir::LetId, op: BlockVote, value: ExprId) {
        let (helper, negated) = match op {
            BlockVote::Any => (Helper::BlockAny, false),
            BlockVote::All => (Helper::BlockAny, true),
            BlockVote::Count => (Helper::BlockCount, false),
        };
        let helper = self.module.use_helper(helper);
        let value = if negated {
            let text = self.print(value).within(|level| level >= Level::Unary);
            format!("!{text}")
        } else {
            self.plain(value)
        };
        let call = format!("{helper}(thread, {value})");
        if !self.is_used(result) {
            self.text().line(format!("_ = {call};"));
            return;
        }
        let name = self.name_let(result, "vote");
        let call = match op {
            BlockVote::Any => format!("i32({call})"),
            BlockVote::All => format!("i32(!{call})"),
            BlockVote::Count => format!("i32({call})"),
        };
        self.text().line(format!("let {name} = {call};"));
    }

    /// All threads have one value; WGSL's analysis learns it through `workgroupUniformLoad`.
    fn block_broadcast(&mut self, result: ir::LetId, value: ExprId) {
        let ty = self.function.ty(value);
        let variable = self.module.broadcast_variable(ty);
        let value = self.plain(value);
        self.text().open("if thread == 0 {");
        self.text().line(format!("{variable} = {value};"));
        self.text().close("}");
        let name = self.name_let(result, "uniform");
        self.text().line(format!("let {name} = workgroupUniformLoad(&{variable});"));
    }

    /// `start` and `end`: where the statement stands in the source.
    fn comments_before(&mut self, stmt: &Stmt, start: At, end: At) {
        let Some(cursor) = self.cursor else { return };
        if start.file != cursor.file || start.byte < cursor.byte {
            return;
        }
        let lines = self.module.comments.between(cursor.file, cursor.byte..start.byte);
        let blank_line = start.line > cursor.line + 1 + lines.len() || (!lines.is_empty() && start.line > cursor.line + 1);
        if blank_line && self.gap_in_source(cursor.byte, start.byte) {
            self.text().gap();
        }
        for line in lines {
            self.text().line(line);
        }
        let nested = stmt.kind.blocks().next().is_some();
        self.cursor = Some(if nested { start } else { end });
    }

    /// Does the source leave a line empty between these places?
    fn gap_in_source(&self, from: usize, to: usize) -> bool {
        let (Some(sources), Some(cursor)) = (self.module.options.sources, self.cursor) else { return false };
        let text = sources.text(source::FileId(cursor.file)).get(from..to).unwrap_or("");
        text.lines().skip(1).any(|line| line.trim().is_empty()) && text.contains("\n") && has_blank_line(text)
    }

    fn comment_behind(&mut self, stmt: &Stmt, end: At) {
        if stmt.kind.blocks().next().is_none()
            && self.cursor.is_some_and(|cursor| cursor == end)
            && let Some(comment) = self.module.comments.behind(end)
        {
            self.module.add_comment_behind(comment, end);
        } else if stmt.kind.blocks().next().is_some()
            && self.cursor.is_some_and(|cursor| cursor.file == end.file && cursor.byte < end.byte)
        {
            self.cursor = Some(end);
        }
    }
}

fn has_blank_line(text: &str) -> bool {
    let mut lines = text.split('\n');
    lines.next();
    let rest: Vec<&str> = lines.collect();
    rest.len() > 1 && rest[..rest.len() - 1].iter().any(|line| line.trim().is_empty())
}

/// Does control never go on behind this statement?
fn leaves(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Break | StmtKind::Continue | StmtKind::Return(_) => true,
        StmtKind::Scope(block) => block.stmts.iter().any(leaves),
        StmtKind::If { accept, reject, .. } => accept.stmts.iter().any(leaves) && reject.stmts.iter().any(leaves),
        _ => false,
    }
}

/// Does every path through the block end in `return`?
pub(super) fn always_leaves(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Return(_) => true,
        StmtKind::Scope(block) => always_leaves(block),
        StmtKind::If { accept, reject, .. } => always_leaves(accept) && always_leaves(reject),
        _ => false,
    })
}

/// Is there a `continue` of the loop around the block?
fn continues(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Continue => true,
        StmtKind::Loop { .. } => false,
        kind => kind.blocks().any(continues),
    })
}

fn without_last_break(block: &Block) -> Block {
    let mut block = block.clone();
    if matches!(block.stmts.last(), Some(Stmt { kind: StmtKind::Break, .. })) {
        block.stmts.pop();
    }
    block
}
