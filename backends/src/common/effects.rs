//! Which functions have effects, and which variables are loaded, stored or used atomically.

use super::calls::Calls;
use ir::{Expr, ExprId, FuncId, Function, GlobalId, LocalId, Module, StmtKind};
use rustc_hash::FxHashSet;

/// The variable at the start of an address chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    Global(GlobalId),
    Local(LocalId),
    Param(u32),
}

/// The root of an address in legal form. `None` if `address` is no such chain.
pub fn root(function: &Function, mut address: ExprId) -> Option<Root> {
    loop {
        match function.expr(address) {
            Expr::Field { base, .. } | Expr::Element { base, .. } | Expr::PointerCast { base, .. } => address = *base,
            Expr::GlobalAddr(global) => return Some(Root::Global(*global)),
            Expr::LocalAddr(local) => return Some(Root::Local(*local)),
            Expr::Param(index) => return Some(Root::Param(*index)),
            _ => return None,
        }
    }
}

/// The variable whose value an expression is, as it stands now.
pub fn loaded_local(function: &Function, value: ExprId) -> Option<LocalId> {
    let Expr::Load { pointer, volatile: false } = *function.expr(value) else { return None };
    match *function.expr(pointer) {
        Expr::LocalAddr(local) => Some(local),
        _ => None,
    }
}

/// How a module uses its variables.
#[derive(Debug, Default)]
pub struct Uses {
    pub loaded: FxHashSet<GlobalId>,
    pub stored: FxHashSet<GlobalId>,
    pub atomic: FxHashSet<GlobalId>,
    /// Functions that do more than compute a value and change locals behind their own pointers, with all they call.
    pub effectful: FxHashSet<FuncId>,
    /// Functions that write through a pointer parameter.
    writes_params: FxHashSet<FuncId>,
}

impl Uses {
    pub fn of(module: &Module, calls: &Calls) -> Uses {
        let mut uses = Uses::default();
        for (id, function) in module.functions.iter() {
            uses.add_function(id, function);
        }
        // To a fixed point along the calls; call graphs are small and have no cycles.
        loop {
            let before = uses.effectful.len();
            for caller in module.functions.handles() {
                let has_effect = |callee: &FuncId| uses.effectful.contains(callee) || uses.writes_params.contains(callee);
                if calls.of_function(caller).iter().any(has_effect) {
                    uses.effectful.insert(caller);
                }
            }
            if uses.effectful.len() == before {
                break;
            }
        }
        uses.effectful.extend(uses.writes_params.iter().copied());
        uses
    }

    fn add_function(&mut self, id: FuncId, function: &Function) {
        // The arena of a program's function holds nothing that it does not use.
        for (_, data) in function.exprs.iter() {
            if let Expr::Load { pointer, .. } = &data.expr
                && let Some(Root::Global(global)) = root(function, *pointer)
            {
                self.loaded.insert(global);
            }
        }
        function.body.walk(&mut |stmt| match &stmt.kind {
            StmtKind::Store { pointer, .. } => match root(function, *pointer) {
                Some(Root::Global(global)) => {
                    self.stored.insert(global);
                    self.effectful.insert(id);
                }
                Some(Root::Local(_)) => {}
                Some(Root::Param(_)) | None => {
                    self.writes_params.insert(id);
                }
            },
            StmtKind::Atomic { result, pointer, .. } => {
                self.effectful.insert(id);
                if let Some(Root::Global(global)) = root(function, *pointer) {
                    self.atomic.insert(global);
                    self.stored.insert(global);
                    if result.is_some() {
                        self.loaded.insert(global);
                    }
                }
            }
            StmtKind::Call { .. }
            | StmtKind::Let { .. }
            | StmtKind::Declare { .. }
            | StmtKind::Scope(_)
            | StmtKind::If { .. }
            | StmtKind::Loop { .. }
            | StmtKind::Switch { .. }
            | StmtKind::Break
            | StmtKind::Continue
            | StmtKind::Return(_) => {}
            StmtKind::Barrier
            | StmtKind::Arrive { .. }
            | StmtKind::GridBarrier
            | StmtKind::WarpBarrier { .. }
            | StmtKind::TileBarrier { .. }
            | StmtKind::Yield
            | StmtKind::Fence(_)
            | StmtKind::BlockVote { .. }
            | StmtKind::BlockBroadcast { .. }
            | StmtKind::Warp { .. }
            | StmtKind::Clock { .. }
            | StmtKind::Trap
            | StmtKind::Assert { .. }
            | StmtKind::Printf { .. } => {
                self.effectful.insert(id);
            }
        });
    }
}

/// Do two expressions always have the same value when evaluated at the same time?
pub fn same(function: &Function, a: ExprId, b: ExprId) -> bool {
    if a == b {
        return true;
    }
    let (left, right) = (&function.exprs[a], &function.exprs[b]);
    if left.ty != right.ty {
        return false;
    }
    let (mut blank_left, mut blank_right) = (left.expr.clone(), right.expr.clone());
    let (mut left_operands, mut right_operands) = (Vec::new(), Vec::new());
    blank_left.operands_mut(|operand| left_operands.push(std::mem::replace(operand, a)));
    blank_right.operands_mut(|operand| right_operands.push(std::mem::replace(operand, a)));
    blank_left == blank_right
        && left_operands.len() == right_operands.len()
        && left_operands.iter().zip(&right_operands).all(|(&x, &y)| same(function, x, y))
}
