//! Statements.

use super::function::FunctionWriter;
use super::options::EmitError;
use ir::{Block, Expr, ExprId, FuncId, Stmt, StmtKind, Type};
use rspirv::dr::Operand;
use rspirv::spirv::{Op, Word};

impl FunctionWriter<'_, '_> {
    /// The statements of a block, which is a scope.
    pub(super) fn block(&mut self, block: &Block) -> Result<(), EmitError> {
        let mark = self.scope_mark();
        self.statements(block)?;
        self.scope_reset(mark);
        Ok(())
    }

    /// Statements in the scope that is open. Those behind a terminator are dead and not written.
    pub(super) fn statements(&mut self, block: &Block) -> Result<(), EmitError> {
        for stmt in &block.stmts {
            if !self.is_open() {
                return Ok(());
            }
            self.span = stmt.span;
            self.memo_reset(0);
            self.statement(stmt)?;
        }
        self.memo_reset(0);
        Ok(())
    }

    fn statement(&mut self, stmt: &Stmt) -> Result<(), EmitError> {
        match &stmt.kind {
            StmtKind::Let { result, value } => {
                let value = self.value(*value)?;
                self.bind(*result, value);
                Ok(())
            }
            StmtKind::Declare { local, init } => {
                let init = init.filter(|init| !matches!(self.function.expr(*init), Expr::Undef(_)));
                let value = init.map(|init| self.value(init)).transpose()?;
                self.declare(*local);
                if let Some(value) = value {
                    let variable = self.local(*local)?;
                    self.raw(Op::Store, [variable, value].map(Operand::IdRef).to_vec());
                }
                Ok(())
            }
            StmtKind::Store { pointer, value, volatile } => {
                let value = self.value(*value)?;
                let place = self.place(*pointer)?;
                self.store(&place, value, *volatile)
            }
            StmtKind::Call { result, function, args } => {
                let value = self.call(*function, args)?;
                if let Some(result) = result {
                    self.bind(*result, value);
                }
                Ok(())
            }
            StmtKind::Scope(block) => self.block(block),
            StmtKind::If { condition, accept, reject } => self.if_statement(*condition, accept, reject),
            StmtKind::Loop { condition, body, update, until, unroll, .. } => {
                self.loop_statement(*condition, body, update, *until, *unroll)
            }
            StmtKind::Switch { selector, cases } => self.switch(*selector, cases),
            StmtKind::Break => self.break_statement(),
            StmtKind::Continue => self.continue_statement(),
            StmtKind::Return(value) => self.return_statement(*value),
            StmtKind::Barrier => {
                self.barrier();
                Ok(())
            }
            StmtKind::Fence(scope) => {
                self.fence(*scope);
                Ok(())
            }
            StmtKind::Atomic { result, op, pointer, value, compare, scope } => {
                let old = self.atomic(*op, *pointer, *value, *compare, *scope)?;
                if let (Some(result), Some(old)) = (result, old) {
                    self.bind(*result, old);
                }
                Ok(())
            }
            StmtKind::BlockVote { result, op, value } => {
                let answer = self.block_vote(*op, *value)?;
                self.bind(*result, answer);
                Ok(())
            }
            StmtKind::BlockBroadcast { result, value } => {
                // The value is the same in all threads, and control flow need not be uniform here: only the barrier is left.
                let value = self.value(*value)?;
                self.barrier();
                self.bind(*result, value);
                Ok(())
            }
            StmtKind::Warp { result, op, mask: None, args } => {
                let value = self.subgroup_operation(*op, args)?;
                self.bind(*result, value);
                Ok(())
            }
            StmtKind::WarpBarrier { .. } | StmtKind::TileBarrier { .. } | StmtKind::Warp { .. } => {
                Err(self.bug("a warp operation"))
            }
            StmtKind::GridBarrier
            | StmtKind::Arrive { .. }
            | StmtKind::Yield
            | StmtKind::Trap
            | StmtKind::Assert { .. }
            | StmtKind::Printf { .. }
            | StmtKind::Clock { .. } => Err(self.bug("a barrier of the grid or of an object, printf, assert, trap or clock")),
        }
    }

    pub(super) fn call(&mut self, function: FuncId, args: &[ExprId]) -> Result<Word, EmitError> {
        let callee = self.module.entry.functions.get(&function).copied();
        let mut operands = vec![callee.ok_or_else(|| self.bug("a call of an unknown function"))?];
        for arg in args {
            operands.push(self.value(*arg)?);
        }
        let ty = self.value_type(self.module.program.module.functions[function].result)?;
        Ok(self.op(Op::FunctionCall, ty, &operands))
    }

    fn return_statement(&mut self, value: Option<ExprId>) -> Result<(), EmitError> {
        let is_void = self.module.ir_types.get(self.function.result) == Type::Void;
        match value {
            Some(value) if !is_void => {
                let value = self.value(value)?;
                self.terminate(Op::ReturnValue, vec![Operand::IdRef(value)]);
            }
            _ => self.terminate(Op::Return, Vec::new()),
        }
        Ok(())
    }
}
