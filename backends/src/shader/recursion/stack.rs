//! A copy of each variable for each call that waits: an array, of which the running call has the element `top`.
//!
//! ```text
//! let a = result                   aStack[top] = result
//! ...                              ...
//! result = a + b                   result = aStack[top] + b
//! ```
//!
//! Only what outlives a state needs one: variables and values that two states name, and variables whose address is a value. If no call
//! waits for another, one copy is enough, and there are no arrays.

use super::states::{State, States};
use super::{Control, depth, stmt};
use crate::shader::rewrite::{Builder, rebuild};
use ir::{Block, Case, Expr, ExprId, Function, LetId, LocalId, LoopForm, Scalar, Stmt, StmtKind, Type};
use rustc_hash::FxHashMap;
use source::Span;

/// Makes the function's body of its states.
pub(super) fn lay_out(builder: &mut Builder<'_>, states: States, asked: Option<u32>, span: Span) {
    let States { mut blocks, start, control, arguments, waits, limit } = states;
    let lasting = Lasting::of(builder, &blocks, &control, &arguments, waits);
    let types = |builder: &Builder<'_>, variable: Variable| match variable {
        Variable::Local(local) => builder.function.locals[local].ty,
        Variable::Let(id) => builder.function.lets[id].ty,
    };
    let bytes: u64 = lasting.order.iter().map(|&variable| builder.tables.types.size_of(types(builder, variable))).sum();
    let depth = depth(bytes, asked);
    builder.function.exprs[limit].expr = Expr::Const { scalar: Scalar::I32, bits: depth - 1 };

    let mut body = Vec::new();
    if blocks.len() > 1 {
        let init = Some(builder.constant(Scalar::I32, start as i64, span));
        body.push(stmt(StmtKind::Declare { local: control.state, init }, span));
    }
    if waits {
        let init = Some(builder.constant(Scalar::I32, 0, span));
        body.push(stmt(StmtKind::Declare { local: control.top, init }, span));
    }
    for &(_, local) in &control.results {
        body.push(stmt(StmtKind::Declare { local, init: None }, span));
    }
    let mut copies = Copies { places: FxHashMap::default(), top: waits.then_some(control.top) };
    let is_argument = |variable| arguments.iter().any(|&(_, local)| variable == Variable::Local(local));
    for &variable in &lasting.order {
        let ty = types(builder, variable);
        let ty = if waits { builder.tables.types.array(ty, Some(depth)) } else { ty };
        let name = match variable {
            Variable::Local(local) => builder.function.locals[local].name.clone(),
            Variable::Let(id) => builder.function.lets[id].name.clone().unwrap_or_else(|| "value".to_owned()),
        };
        let name = if waits { format!("{name}Stack") } else { name };
        let local = builder.function.add_local(name, ty, span);
        if waits || !is_argument(variable) {
            body.push(stmt(StmtKind::Declare { local, init: None }, span));
        }
        copies.places.insert(variable, local);
    }
    for &(index, local) in &arguments {
        let value = builder.add(Expr::Param(index), span);
        let place = copies.places.get(&Variable::Local(local)).copied();
        body.push(match copies.address(builder, Variable::Local(local), span).filter(|_| waits) {
            Some(pointer) => stmt(StmtKind::Store { pointer, value, volatile: false }, span),
            None => stmt(StmtKind::Declare { local: place.unwrap_or(local), init: Some(value) }, span),
        });
    }
    for block in &mut blocks {
        copies.block(builder, block);
    }
    let waiting = copies.address(builder, Variable::Local(control.resume), span).filter(|_| waits);
    let turn = turn(builder, blocks, &control, waiting, span);
    let turn = StmtKind::Loop {
        form: LoopForm::While,
        condition: None,
        body: Block { stmts: turn },
        update: Block::default(),
        until: None,
        unroll: None,
    };
    body.push(stmt(turn, span));
    let result = builder.function.result;
    if builder.kind(result) != Type::Void {
        let local = control.results.iter().find(|(ty, _)| *ty == result).map(|&(_, local)| local);
        let value = match local {
            Some(local) => builder.load_local(local, span),
            None => builder.add(Expr::Undef(result), span),
        };
        body.push(stmt(StmtKind::Return(Some(value)), span));
    }
    builder.function.body.stmts = body;
}

/// One turn of the loop: a state, and where a state ends by returning, the way back to the call that waits.
/// `resume` is the place of its state.
fn turn(builder: &mut Builder<'_>, mut blocks: Vec<Block>, control: &Control, resume: Option<ExprId>, span: Span) -> Vec<Stmt> {
    let mut out = match &mut blocks[..] {
        [only] => without_stores(builder, std::mem::take(only), control.state).stmts,
        _ => {
            let last = blocks.len() - 1;
            let case = |(number, mut body): (State, Block)| {
                if let Some(Stmt { kind: StmtKind::Break, .. }) = body.stmts.last() {
                    body.stmts.pop();
                }
                let values = if number == last { Vec::new() } else { vec![number as u64] };
                Case { values, is_default: number == last, body, falls_through: false, span }
            };
            let cases = blocks.into_iter().enumerate().map(case).collect();
            let selector = builder.load_local(control.state, span);
            vec![stmt(StmtKind::Switch { selector, cases }, span)]
        }
    };
    let Some(resume) = resume else {
        out.push(stmt(StmtKind::Break, span));
        return out;
    };
    let top = builder.load_local(control.top, span);
    let zero = builder.constant(Scalar::I32, 0, span);
    let condition = builder.add(Expr::Binary { op: ir::BinaryOp::Eq, a: top, b: zero }, span);
    let accept = Block { stmts: vec![stmt(StmtKind::Break, span)] };
    out.push(stmt(StmtKind::If { condition, accept, reject: Block::default() }, span));
    let less = builder.with_constant(ir::BinaryOp::Sub, top, 1, span);
    out.push(builder.store_local(control.top, less, span));
    let value = builder.load(resume, span);
    out.push(builder.store_local(control.state, value, span));
    out
}

/// Where there is one state only, nobody asks which.
fn without_stores(builder: &Builder<'_>, mut block: Block, state: LocalId) -> Block {
    let is_store = |stmt: &Stmt| match stmt.kind {
        StmtKind::Store { pointer, .. } => matches!(*builder.function.expr(pointer), Expr::LocalAddr(local) if local == state),
        _ => false,
    };
    fn visit(block: &mut Block, is_store: &dyn Fn(&Stmt) -> bool) {
        block.stmts.retain(|stmt| !is_store(stmt));
        for stmt in &mut block.stmts {
            stmt.kind.blocks_mut().for_each(|block| visit(block, is_store));
        }
    }
    visit(&mut block, &is_store);
    block
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Variable {
    Local(LocalId),
    Let(LetId),
}

/// Variables and values that outlive a state, in the order in which they are met.
struct Lasting {
    order: Vec<Variable>,
}

impl Lasting {
    fn of(builder: &Builder<'_>, blocks: &[Block], control: &Control, arguments: &[(u32, LocalId)], waits: bool) -> Lasting {
        let mut met: FxHashMap<Variable, usize> = FxHashMap::default();
        // The way back is read behind all states.
        let mut lasting = Lasting { order: waits.then_some(Variable::Local(control.resume)).into_iter().collect() };
        let own = |variable: Variable| match variable {
            Variable::Local(local) => {
                [control.state, control.top].contains(&local) || control.results.iter().any(|(_, result)| *result == local)
            }
            Variable::Let(_) => false,
        };
        // Arguments come from before the first state.
        for &(_, local) in arguments {
            met.insert(Variable::Local(local), blocks.len());
        }
        for (state, block) in blocks.iter().enumerate() {
            let mut meet = |variable: Variable| {
                if !own(variable) && *met.entry(variable).or_insert(state) != state && !lasting.order.contains(&variable) {
                    lasting.order.push(variable);
                }
            };
            block.walk(&mut |stmt| {
                if let Some(result) = stmt.kind.result() {
                    meet(Variable::Let(result));
                }
                if let StmtKind::Declare { local, .. } = stmt.kind {
                    meet(Variable::Local(local));
                }
                stmt.kind.operands(|root| {
                    builder.function.walk_expr(root, &mut |id| match *builder.function.expr(id) {
                        Expr::LocalAddr(local) => meet(Variable::Local(local)),
                        Expr::Let(id) => meet(Variable::Let(id)),
                        _ => {}
                    });
                });
            });
        }
        for local in escaping(builder.function, blocks) {
            let variable = Variable::Local(local);
            if !own(variable) && !lasting.order.contains(&variable) {
                lasting.order.push(variable);
            }
        }
        lasting
    }
}

/// Is the address of one of its variables a value: bound, stored, passed on?
pub(super) fn escapes(function: &Function) -> bool {
    !escaping(function, std::slice::from_ref(&function.body)).is_empty()
}

/// Whose address is a value in these blocks of the function.
fn escaping(function: &Function, blocks: &[Block]) -> Vec<LocalId> {
    let root = |mut id: ExprId| loop {
        id = match *function.expr(id) {
            Expr::LocalAddr(local) => return Some(local),
            Expr::Field { base, .. } | Expr::Element { base, .. } => base,
            _ => return None,
        };
    };
    let mut found = Vec::new();
    let mut escape = |id: ExprId| {
        if let Some(local) = root(id)
            && !found.contains(&local)
        {
            found.push(local);
        }
    };
    for (_, expr) in function.evaluated_in(blocks) {
        if !matches!(expr, Expr::Field { .. } | Expr::Element { .. } | Expr::Load { .. }) {
            expr.operands(&mut escape);
        }
    }
    for block in blocks {
        block.walk(&mut |stmt| match &stmt.kind {
            StmtKind::Store { value, .. } => escape(*value),
            StmtKind::Atomic { value, compare, .. } => [Some(*value), *compare].into_iter().flatten().for_each(&mut escape),
            other => other.operands(&mut escape),
        });
    }
    found
}

/// Where the variables are now.
struct Copies {
    places: FxHashMap<Variable, LocalId>,
    top: Option<LocalId>,
}

impl Copies {
    /// The address of the running call's copy.
    fn address(&self, builder: &mut Builder<'_>, variable: Variable, span: Span) -> Option<ExprId> {
        let local = *self.places.get(&variable)?;
        let address = builder.add(Expr::LocalAddr(local), span);
        Some(match self.top {
            Some(top) => {
                let top = builder.load_local(top, span);
                builder.element(address, top, span)
            }
            None => address,
        })
    }

    fn block(&self, builder: &mut Builder<'_>, block: &mut Block) {
        let mut out = Vec::new();
        for mut stmt in std::mem::take(&mut block.stmts) {
            let span = stmt.span;
            stmt.kind.operands_mut(|operand| {
                *operand = rebuild(builder, *operand, &mut |builder, id, expr| {
                    let span = builder.span(id);
                    match *expr {
                        Expr::LocalAddr(local) => self.address(builder, Variable::Local(local), span),
                        Expr::Let(id) => {
                            self.address(builder, Variable::Let(id), span).map(|address| builder.load(address, span))
                        }
                        _ => None,
                    }
                });
            });
            for nested in stmt.kind.blocks_mut() {
                self.block(builder, nested);
            }
            match stmt.kind {
                StmtKind::Declare { local, init } if self.places.contains_key(&Variable::Local(local)) => {
                    let pointer = self.address(builder, Variable::Local(local), span);
                    if let (Some(pointer), Some(value)) = (pointer, init) {
                        out.push(super::stmt(StmtKind::Store { pointer, value, volatile: false }, span));
                    }
                }
                StmtKind::Let { result, value } if self.places.contains_key(&Variable::Let(result)) => {
                    if let Some(pointer) = self.address(builder, Variable::Let(result), span) {
                        out.push(super::stmt(StmtKind::Store { pointer, value, volatile: false }, span));
                    }
                }
                kind => {
                    let bound = kind.result().filter(|&result| self.places.contains_key(&Variable::Let(result)));
                    out.push(super::stmt(kind, span));
                    if let Some(result) = bound {
                        let value = builder.add(Expr::Let(result), span);
                        if let Some(pointer) = self.address(builder, Variable::Let(result), span) {
                            out.push(super::stmt(StmtKind::Store { pointer, value, volatile: false }, span));
                        }
                    }
                }
            }
        }
        block.stmts = out;
    }
}
