//! Bodies cut at their recursive calls. What runs between two of them without a stop is a state; control goes from state to state by
//! storing the next one's number and starting the loop's next turn, and returns by leaving the `switch`.
//!
//! ```text
//! while c { a; call f(x); b }         case 1: if !c { state = 3; continue }
//! d                                           a; [call f(x), then go on in 2]
//!                                     case 2: b; state = 1; continue
//!                                     case 3: d
//! ```
//!
//! Statements without such a call stay as they are, but for their ways out.

use super::{Control, Member, Param, kept_params, stmt};
use crate::shader::inline::Copier;
use crate::shader::rewrite::{Builder, block_has, stmt_has};
use ir::{Assertion, BinaryOp, Block, Case, Expr, ExprId, FuncId, Function, LetId, LocalId, Scalar, Stmt, StmtKind};
use source::Span;
use std::collections::VecDeque;

/// The number of a state.
pub(super) type State = usize;

/// The bodies as states, over variables that are still those of the source.
pub(super) struct States {
    pub(super) blocks: Vec<Block>,
    pub(super) start: State,
    pub(super) control: Control,
    /// The parameters of the first call, by their numbers.
    pub(super) arguments: Vec<(u32, LocalId)>,
    /// Does a call wait for another?
    pub(super) waits: bool,
    /// `top` is less than this where a call is made; to be filled in.
    pub(super) limit: ExprId,
}

pub(super) fn of(builder: &mut Builder<'_>, bodies: &[(FuncId, Function)], start: FuncId, span: Span) -> States {
    let number = builder.scalar_ty(Scalar::I32);
    let local = |builder: &mut Builder<'_>, name: &str| builder.function.add_local(name, number, span);
    let control = Control {
        state: local(builder, "state"),
        top: local(builder, "top"),
        resume: local(builder, "resume"),
        results: Vec::new(),
    };
    let limit = builder.constant(Scalar::I32, 0, span);
    let mut cutter =
        Cutter { builder, control, limit, members: Vec::new(), blocks: Vec::new(), targets: Vec::new(), waits: false };
    let mut copies = Vec::new();
    for (id, function) in bodies {
        let kept = if bodies.len() == 1 { kept_params(*id, function) } else { vec![false; function.params.len()] };
        copies.push(cutter.add_member(*id, function, &kept));
    }
    for (index, body) in copies.into_iter().enumerate() {
        let mut path = Path { state: Some(cutter.members[index].start), open: true, ..Path::default() };
        cutter.block(&mut path, body, Ground { member: index, tail: true });
        cutter.close(path);
    }
    let arguments = cutter.members.iter().find(|member| member.function == start).map(|member| {
        let variable = |(index, param): (u32, &Param)| match *param {
            Param::Variable(local) => Some((index, local)),
            Param::Kept => None,
        };
        (member.start, (0..).zip(&member.params).filter_map(variable).collect())
    });
    let Cutter { control, blocks, waits, .. } = cutter;
    let (start, arguments) = arguments.unwrap_or_default();
    States { blocks, start, control, arguments, waits, limit }
}

struct Cutter<'a, 'b> {
    builder: &'a mut Builder<'b>,
    control: Control,
    limit: ExprId,
    members: Vec<Member>,
    blocks: Vec<Block>,
    /// Loops and switches around that were cut, from without to within.
    targets: Vec<Target>,
    waits: bool,
}

/// A loop or switch that is states now: where its exits lead, as soon as there is one.
struct Target {
    behind: Option<State>,
    /// Of a loop.
    next: Option<Option<State>>,
}

/// Statements on their way into blocks: first into the block where the path began, behind each cut into a state.
#[derive(Default)]
struct Path {
    state: Option<State>,
    head: Vec<Stmt>,
    out: Vec<Stmt>,
    /// Does control come to the end of `out`?
    open: bool,
}

impl Path {
    fn nested() -> Path {
        Path { open: true, ..Path::default() }
    }

    fn push(&mut self, kind: StmtKind, span: Span) {
        self.out.push(stmt(kind, span));
    }
}

/// Whose body it is, and whether behind a block there is nothing but the end of it.
#[derive(Clone, Copy)]
struct Ground {
    member: usize,
    tail: bool,
}

impl Ground {
    fn inner(self) -> Ground {
        Ground { tail: false, ..self }
    }
}

impl Cutter<'_, '_> {
    /// The body over the loop's own variables; parameters are variables too.
    fn add_member(&mut self, id: FuncId, function: &Function, kept: &[bool]) -> Block {
        let mut params = Vec::new();
        let mut values = Vec::new();
        for (index, param) in function.params.iter().enumerate() {
            if kept[index] {
                params.push(Param::Kept);
                values.push(self.builder.add(Expr::Param(index as u32), param.span));
            } else {
                let local = self.builder.function.add_local(&param.name, param.ty, param.span);
                params.push(Param::Variable(local));
                values.push(self.builder.load_local(local, param.span));
            }
        }
        let mut copier = Copier {
            source: function,
            target: self.builder.function,
            params: values,
            exprs: vec![None; function.exprs.len()],
            locals: vec![None; function.locals.len()],
            lets: vec![None; function.lets.len()],
        };
        let body = copier.block(&function.body);
        let may_reuse = !super::stack::escapes(function);
        let start = self.new_state();
        self.members.push(Member { function: id, start, params, may_reuse });
        body
    }

    fn new_state(&mut self) -> State {
        self.blocks.push(Block::default());
        self.blocks.len() - 1
    }

    fn member(&self, id: FuncId) -> Option<usize> {
        self.members.iter().position(|member| member.function == id)
    }

    // ---- paths

    /// What follows goes to `state`.
    fn cut(&mut self, path: &mut Path, state: State) {
        self.finish(path);
        path.state = Some(state);
        path.open = true;
    }

    fn finish(&mut self, path: &mut Path) {
        let out = std::mem::take(&mut path.out);
        match path.state {
            Some(state) => self.blocks[state].stmts = out,
            None => path.head = out,
        }
    }

    /// The block where the path began.
    fn close(&mut self, mut path: Path) -> Block {
        self.finish(&mut path);
        Block { stmts: path.head }
    }

    fn jump(&mut self, path: &mut Path, to: State, span: Span) {
        if std::mem::replace(&mut path.open, false) {
            path.out.extend(self.jump_stmts(to, span));
        }
    }

    fn jump_stmts(&mut self, to: State, span: Span) -> [Stmt; 2] {
        let number = self.builder.constant(Scalar::I32, to as i64, span);
        [self.builder.store_local(self.control.state, number, span), stmt(StmtKind::Continue, span)]
    }

    // ---- statements

    fn block(&mut self, path: &mut Path, block: Block, ground: Ground) {
        let mut stmts: VecDeque<Stmt> = block.stmts.into();
        while let Some(mut stmt) = stmts.pop_front() {
            if !path.open {
                return;
            }
            let last = stmts.is_empty();
            match stmt.kind {
                StmtKind::Call { result, function, ref args } if self.member(function).is_some() => {
                    let returned = if last { ground.tail && result.is_none() } else { self.returns(result, &stmts) };
                    let reuses = returned && self.members[ground.member].may_reuse;
                    self.call(path, (result, function, args), reuses, stmt.span);
                }
                _ if self.is_cut(&stmt) => {
                    // An arm that ends in a call may return what that gives, if the return stands in the arm.
                    if let (StmtKind::If { accept, reject, .. }, Some(StmtKind::Return(_))) =
                        (&mut stmt.kind, stmts.front().map(|next| &next.kind))
                    {
                        let exit = stmts.pop_front();
                        accept.stmts.extend(exit.clone());
                        reject.stmts.extend(exit);
                    }
                    self.cut_stmt(path, stmt, Ground { tail: ground.tail && last, ..ground });
                }
                _ => {
                    path.open = !matches!(stmt.kind, StmtKind::Return(_) | StmtKind::Break | StmtKind::Continue);
                    self.whole(&mut path.out, stmt, Inside::default());
                }
            }
        }
    }

    /// Is what a call gave returned at once, perhaps by way of a variable?
    fn returns(&self, result: Option<LetId>, rest: &VecDeque<Stmt>) -> bool {
        let expr = |id: ExprId| self.builder.function.expr(id);
        let variable = |id: ExprId| if let Expr::LocalAddr(local) = *expr(id) { Some(local) } else { None };
        let is_result = |id: ExprId| matches!(*expr(id), Expr::Let(id) if Some(id) == result);
        let mut rest = rest.iter().map(|stmt| &stmt.kind);
        match rest.next() {
            Some(StmtKind::Return(value)) => value.map_or(result.is_none(), is_result),
            Some(StmtKind::Store { pointer, value, .. }) if is_result(*value) => match (variable(*pointer), rest.next()) {
                (Some(local), Some(StmtKind::Return(Some(value)))) => {
                    matches!(*expr(*value), Expr::Load { pointer, .. } if variable(pointer) == Some(local))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Has it a recursive call, or a `return` from where no `break` leads to the end of the state?
    fn is_cut(&self, stmt: &Stmt) -> bool {
        stmt_has(stmt, &mut |stmt| match &stmt.kind {
            StmtKind::Call { function, .. } => self.member(*function).is_some(),
            StmtKind::Loop { .. } | StmtKind::Switch { .. } => {
                stmt_has(stmt, &mut |stmt| matches!(stmt.kind, StmtKind::Return(_)))
            }
            _ => false,
        })
    }

    fn call(&mut self, path: &mut Path, (result, id, args): (Option<LetId>, FuncId, &[ExprId]), reuses: bool, span: Span) {
        let Some(callee) = self.member(id) else { return };
        let params = self.members[callee].params.clone();
        let variables = params.iter().filter(|param| matches!(param, Param::Variable(_))).count();
        let mut stores = Vec::new();
        for (param, &arg) in params.iter().zip(args) {
            let Param::Variable(local) = *param else { continue };
            let name = self.builder.function.locals[local].name.clone();
            // Where one variable alone is set, nothing is read behind it.
            let value = if reuses && variables == 1 { arg } else { self.value_of_caller(&name, arg, &mut path.out) };
            stores.push(self.builder.store_local(local, value, span));
        }
        let start = self.members[callee].start;
        if reuses {
            path.out.append(&mut stores);
            self.jump(path, start, span);
            return;
        }
        self.waits = true;
        let behind = self.new_state();
        self.push_call(path, behind, span);
        path.out.append(&mut stores);
        self.jump(path, start, span);
        self.cut(path, behind);
        if let Some(result) = result {
            let ty = self.builder.function.lets[result].ty;
            let local = self.result(ty, span);
            let value = self.builder.load_local(local, span);
            path.push(StmtKind::Let { result, value }, span);
        }
    }

    /// An argument, evaluated before there are new variables.
    fn value_of_caller(&mut self, name: &str, arg: ExprId, out: &mut Vec<Stmt>) -> ExprId {
        if matches!(self.builder.expr(arg), Expr::Const { .. } | Expr::Zero(_) | Expr::NamedConst(_) | Expr::Param(_)) {
            return arg;
        }
        let (ty, span) = (self.builder.ty(arg), self.builder.span(arg));
        let result = self.builder.function.add_let(Some(name.to_owned()), ty, span);
        out.push(stmt(StmtKind::Let { result, value: arg }, span));
        self.builder.add(Expr::Let(result), span)
    }

    /// The caller waits, to go on in state `behind`.
    fn push_call(&mut self, path: &mut Path, behind: State, span: Span) {
        let top = self.builder.load_local(self.control.top, span);
        let condition = self.builder.add(Expr::Binary { op: BinaryOp::Lt, a: top, b: self.limit }, span);
        let function = self.builder.function.name.clone();
        let expression = "there is room for another call, see --recursion-depth".to_owned();
        let assertion = Assertion { expression, file: String::new(), line: 0, function };
        path.push(StmtKind::Assert { condition, assertion: Box::new(assertion) }, span);
        let value = self.builder.constant(Scalar::I32, behind as i64, span);
        path.out.push(self.builder.store_local(self.control.resume, value, span));
        let one = self.builder.constant(Scalar::I32, 1, span);
        let more = self.builder.add(Expr::Binary { op: BinaryOp::Add, a: top, b: one }, span);
        path.out.push(self.builder.store_local(self.control.top, more, span));
    }

    fn result(&mut self, ty: ir::TypeId, span: Span) -> LocalId {
        if let Some(&(_, local)) = self.control.results.iter().find(|(known, _)| *known == ty) {
            return local;
        }
        let local = self.builder.function.add_local("result", ty, span);
        self.control.results.push((ty, local));
        local
    }

    fn cut_stmt(&mut self, path: &mut Path, stmt: Stmt, ground: Ground) {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Scope(block) => self.block(path, block, ground),
            StmtKind::If { condition, accept, reject } => {
                let mut behind = None;
                let [accept, reject] = [accept, reject].map(|block| self.arm(block, ground, &mut behind, span));
                path.push(StmtKind::If { condition, accept, reject }, span);
                self.go_on(path, behind);
            }
            StmtKind::Loop { condition, body, update, until, .. } => {
                self.cut_loop(path, (condition, body, update, until), ground.inner(), span)
            }
            StmtKind::Switch { selector, cases } => self.cut_switch(path, selector, cases, ground.inner(), span),
            _ => {}
        }
    }

    /// A block that goes to `behind` at its end.
    fn arm(&mut self, block: Block, ground: Ground, behind: &mut Option<State>, span: Span) -> Block {
        let mut path = Path::nested();
        self.block(&mut path, block, ground);
        if path.open {
            let to = *behind.get_or_insert_with(|| self.new_state());
            self.jump(&mut path, to, span);
        }
        self.close(path)
    }

    fn go_on(&mut self, path: &mut Path, behind: Option<State>) {
        path.open = false;
        if let Some(behind) = behind {
            self.cut(path, behind);
        }
    }

    #[allow(clippy::type_complexity)]
    fn cut_loop(
        &mut self,
        path: &mut Path,
        (condition, body, update, until): (Option<ExprId>, Block, Block, Option<ExprId>),
        ground: Ground,
        span: Span,
    ) {
        let head = self.new_state();
        self.jump(path, head, span);
        self.cut(path, head);
        self.targets.push(Target { behind: None, next: Some(None) });
        if let Some(condition) = condition {
            self.leave_if(path, condition, false, span);
        }
        self.block(path, body, ground);
        if let Some(Target { next: Some(Some(next)), .. }) = self.targets.last() {
            let next = *next;
            self.jump(path, next, span);
            self.cut(path, next);
        }
        self.block(path, update, ground);
        if let Some(until) = until.filter(|_| path.open) {
            self.leave_if(path, until, true, span);
        }
        self.jump(path, head, span);
        let behind = self.targets.pop().and_then(|target| target.behind);
        self.go_on(path, behind);
    }

    /// Leaves the innermost loop where the condition is `wanted`.
    fn leave_if(&mut self, path: &mut Path, condition: ExprId, wanted: bool, span: Span) {
        let condition = if wanted { condition } else { self.builder.not(condition, span) };
        let mut accept = Vec::new();
        self.exit(&mut accept, span);
        path.push(StmtKind::If { condition, accept: Block { stmts: accept }, reject: Block::default() }, span);
    }

    fn cut_switch(&mut self, path: &mut Path, selector: ExprId, cases: Vec<Case>, ground: Ground, span: Span) {
        self.targets.push(Target { behind: None, next: None });
        let count = cases.len();
        let has_default = cases.iter().any(|case| case.is_default);
        // A body that another falls into is a state of its own, and one that returns: a `break` in the switch would leave that.
        let returns = |case: &Case| block_has(&case.body, &mut |stmt| matches!(stmt.kind, StmtKind::Return(_)));
        let mut into: Vec<Option<State>> = vec![None; count + 1];
        for index in 0..count {
            if index > 0 && cases[index - 1].falls_through || returns(&cases[index]) {
                into[index] = Some(self.new_state());
            }
        }
        let mut heads = Vec::new();
        for (index, case) in cases.into_iter().enumerate() {
            let mut inner = Path::nested();
            if let Some(own) = into[index] {
                self.jump(&mut inner, own, case.span);
                self.cut(&mut inner, own);
            }
            self.block(&mut inner, case.body, ground);
            if inner.open {
                match into[index + 1].filter(|_| case.falls_through) {
                    Some(next) => self.jump(&mut inner, next, case.span),
                    None => {
                        inner.open = false;
                        self.exit(&mut inner.out, case.span);
                    }
                }
            }
            let body = self.close(inner);
            heads.push(Case { body, falls_through: false, ..Case { body: Block::default(), ..case } });
        }
        path.push(StmtKind::Switch { selector, cases: heads }, span);
        if !has_default {
            self.exit(&mut path.out, span);
        }
        let behind = self.targets.pop().and_then(|target| target.behind);
        self.go_on(path, behind);
    }

    /// The way out of the innermost loop or switch that is states.
    fn exit(&mut self, out: &mut Vec<Stmt>, span: Span) {
        let known = self.targets.last().and_then(|target| target.behind);
        let behind = known.unwrap_or_else(|| self.new_state());
        if let Some(target) = self.targets.last_mut() {
            target.behind = Some(behind);
        }
        out.extend(self.jump_stmts(behind, span));
    }

    /// A statement that stays, but for its ways out of what is states.
    fn whole(&mut self, out: &mut Vec<Stmt>, mut stmt: Stmt, inside: Inside) {
        let span = stmt.span;
        match stmt.kind {
            StmtKind::Return(value) => {
                if let Some(value) = value {
                    let local = self.result(self.builder.ty(value), span);
                    out.push(self.builder.store_local(local, value, span));
                }
                out.push(super::stmt(StmtKind::Break, span));
                return;
            }
            StmtKind::Break if !inside.breakable => return self.exit(out, span),
            StmtKind::Continue => {
                let known = self.targets.iter().rev().find_map(|target| target.next).flatten();
                let next = known.unwrap_or_else(|| self.new_state());
                if let Some(target) = self.targets.iter_mut().rev().find(|target| target.next.is_some()) {
                    target.next = Some(Some(next));
                }
                out.extend(self.jump_stmts(next, span));
                return;
            }
            // It has no way out but its own.
            StmtKind::Loop { .. } => {}
            _ => {
                let breakable = inside.breakable || matches!(stmt.kind, StmtKind::Switch { .. });
                for nested in stmt.kind.blocks_mut() {
                    let mut stmts = Vec::new();
                    for stmt in std::mem::take(&mut nested.stmts) {
                        self.whole(&mut stmts, stmt, Inside { breakable });
                    }
                    nested.stmts = stmts;
                }
            }
        }
        out.push(stmt);
    }
}

/// Where in a statement that stays.
#[derive(Clone, Copy, Default)]
struct Inside {
    /// In a switch that stays too, which a `break` leaves.
    breakable: bool,
}
