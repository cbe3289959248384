//! Statements.

use super::{Compiler, Exit, Home, Result};
use crate::interpreter::code::{AtomicSite, CallSite, Instr, Loc, Pc, PrintKind, PrintSite, Reg, Table, WarpSite};
use crate::interpreter::numbers;
use crate::output::format::conversions;
use ir::{Assertion, Block, Case, Expr, ExprId, LetId, LocalId, Scalar, Stmt, StmtKind};

impl Compiler<'_> {
    pub(super) fn block(&mut self, block: &Block) -> Result<()> {
        let live = self.live.len();
        for stmt in &block.stmts {
            if !stmt.span.is_none() {
                self.span = stmt.span;
            }
            self.end_statement();
            self.stmt(stmt)?;
        }
        self.end_lives(live);
        self.live.truncate(live);
        Ok(())
    }

    /// Ends the lives that began after `from`.
    fn end_lives(&mut self, from: usize) {
        for index in from..self.live.len() {
            let slot = self.live[index];
            self.emit(Instr::End { slot });
        }
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        match &stmt.kind {
            StmtKind::Let { result, value } => match self.result(*result)? {
                Loc::Reg(dst) => self.value_into(*value, dst),
                Loc::Mem { at, .. } => self.aggregate_into(*value, at),
            },
            StmtKind::Declare { local, init } => self.declare(*local, *init),
            StmtKind::Store { pointer, value, .. } => self.store(*pointer, *value),
            StmtKind::Call { result, function, args } => {
                let result = result.map(|result| self.result(result)).transpose()?;
                self.call(result, function.index(), args)
            }
            StmtKind::Scope(block) => self.block(block),
            StmtKind::If { condition, accept, reject } => self.if_stmt(*condition, accept, reject),
            StmtKind::Loop { condition, body, update, until, .. } => self.loop_stmt(*condition, body, update, *until),
            StmtKind::Switch { selector, cases } => self.switch(*selector, cases),
            StmtKind::Break => self.leave(false),
            StmtKind::Continue => self.leave(true),
            StmtKind::Return(value) => self.return_stmt(*value),
            _ => self.simt(&stmt.kind),
        }
    }

    /// What threads do together, and what ends a launch.
    fn simt(&mut self, kind: &StmtKind) -> Result<()> {
        match kind {
            StmtKind::Barrier => {
                self.emit(Instr::Barrier);
            }
            StmtKind::WarpBarrier { mask } => {
                let mask = mask.map(|mask| self.value(mask)).transpose()?;
                self.emit(Instr::WarpBarrier { mask });
            }
            StmtKind::Yield => {
                self.emit(Instr::Yield);
            }
            StmtKind::TileBarrier { threads } => {
                let threads = self.value(*threads)?;
                self.emit(Instr::TileBarrier { threads });
            }
            StmtKind::Fence(_) => {
                self.emit(Instr::Fence);
            }
            StmtKind::Atomic { result, op, pointer, value, compare, .. } => {
                let Some(scalar) = self.register_scalar(self.function.ty(*value)) else {
                    return self.fail("an atomic needs a scalar");
                };
                let site = AtomicSite {
                    op: *op,
                    scalar,
                    addr: self.value(*pointer)?,
                    value: self.value(*value)?,
                    compare: compare.map(|compare| self.value(compare)).transpose()?,
                    dst: result.map(|result| self.result_reg(result)).transpose()?,
                };
                self.code.atomics.push(site);
                let site = self.code.atomics.len() as u32 - 1;
                self.emit(Instr::Atomic { site });
            }
            StmtKind::BlockVote { result, op, value } => {
                let (dst, src) = (self.result_reg(*result)?, self.value(*value)?);
                self.emit(Instr::BlockVote { op: *op, dst, src });
            }
            StmtKind::BlockBroadcast { result, value } => {
                let (dst, src) = (self.result_reg(*result)?, self.value(*value)?);
                self.emit(Instr::BlockBroadcast { dst, src });
            }
            StmtKind::Warp { result, op, mask, args } => {
                let scalar = args.first().and_then(|arg| self.register_scalar(self.function.ty(*arg)));
                let site = WarpSite {
                    op: *op,
                    mask: mask.map(|mask| self.value(mask)).transpose()?,
                    args: args.iter().map(|arg| self.value(*arg)).collect::<Result<_>>()?,
                    dst: self.result_reg(*result)?,
                    scalar: scalar.unwrap_or(Scalar::U32),
                };
                self.code.warps.push(site);
                let site = self.code.warps.len() as u32 - 1;
                self.emit(Instr::Warp { site });
            }
            StmtKind::Arrive { .. } => {
                self.emit(Instr::Fence);
            }
            StmtKind::GridBarrier => {
                self.emit(Instr::GridBarrier);
            }
            StmtKind::Clock { result, scalar } => {
                let dst = self.result_reg(*result)?;
                self.emit(Instr::Clock { dst, scalar: *scalar });
            }
            StmtKind::Trap => {
                self.emit(Instr::Trap);
            }
            StmtKind::Assert { condition, assertion } => {
                let condition = self.value(*condition)?;
                self.code.assertions.push(Assertion::clone(assertion));
                let assertion = self.code.assertions.len() as u32 - 1;
                self.emit(Instr::Assert { condition, assertion });
            }
            StmtKind::Printf { format, args } => {
                let mut values = Vec::new();
                let conversions = conversions(format.as_bytes());
                for (index, arg) in args.iter().enumerate() {
                    let ty = self.function.ty(*arg);
                    let Some(scalar) = self.register_scalar(ty) else {
                        return self.fail("`printf` of an aggregate");
                    };
                    let is_text = conversions.get(index) == Some(&b's') && self.module.tables.types.as_pointer(ty).is_some();
                    values.push((self.value(*arg)?, if is_text { PrintKind::Text } else { PrintKind::Scalar(scalar) }));
                }
                self.code.prints.push(PrintSite { format: format.clone(), args: values });
                let site = self.code.prints.len() as u32 - 1;
                self.emit(Instr::Printf { site });
            }
            _ => unreachable!("`stmt` compiles the others"),
        }
        Ok(())
    }

    fn result(&mut self, result: LetId) -> Result<Loc> {
        self.lets[result.index()].map_or_else(|| self.fail("a result without a place"), Ok)
    }

    fn result_reg(&mut self, result: LetId) -> Result<Reg> {
        match self.result(result)? {
            Loc::Reg(reg) => Ok(reg),
            Loc::Mem { .. } => self.fail("a scalar result is needed"),
        }
    }

    fn declare(&mut self, local: LocalId, init: Option<ExprId>) -> Result<()> {
        match self.homes[local.index()] {
            Home::Nowhere => self.fail("a variable without a place"),
            Home::Reg { reg, flag } => self.set(reg, flag, init),
            Home::Mem { at, slot } => {
                let ty = self.function.locals[local].ty;
                match init {
                    // The value may be made of the variable's old content, in a loop: it is evaluated first.
                    Some(init) if self.register_scalar(ty).is_none() => {
                        let from = self.aggregate(init, None)?;
                        let len = self.size32(ty)?;
                        self.emit(Instr::Declare { slot });
                        self.emit(Instr::FrameCopy { to: at, from, len });
                    }
                    Some(init) => {
                        self.emit(Instr::Declare { slot });
                        self.store_part(at, init)?;
                    }
                    None => {
                        self.emit(Instr::Declare { slot });
                    }
                }
                self.live.push(slot);
                Ok(())
            }
        }
    }

    /// Gives a variable in a register a value, or none.
    fn set(&mut self, reg: Reg, flag: Option<Reg>, value: Option<ExprId>) -> Result<()> {
        let value = value.filter(|value| !matches!(self.function.expr(*value), Expr::Undef(_)));
        if let Some(value) = value {
            self.value_into(value, reg)?;
        }
        if let Some(flag) = flag {
            let src = self.constant(u64::from(value.is_some()));
            self.emit(Instr::Copy { dst: flag, src });
        }
        Ok(())
    }

    fn store(&mut self, pointer: ExprId, value: ExprId) -> Result<()> {
        if let Some((local, offset)) = self.static_place(pointer) {
            match self.homes[local.index()] {
                Home::Reg { reg, flag } => return self.set(reg, flag, Some(value)),
                Home::Mem { at, .. } => return self.store_part(at + offset as u32, value),
                Home::Nowhere => return self.fail("a variable that is not declared"),
            }
        }
        let ty = self.function.ty(value);
        match self.register_scalar(ty) {
            Some(scalar) => {
                let (src, addr) = (self.value(value)?, self.value(pointer)?);
                self.emit(Instr::Store { addr, src, scalar });
            }
            None => {
                let from = self.aggregate(value, None)?;
                let addr = self.value(pointer)?;
                let layout = self.layout(ty)?;
                self.emit(Instr::CopyOut { addr, from, layout });
            }
        }
        Ok(())
    }

    pub(super) fn call(&mut self, result: Option<Loc>, function: usize, args: &[ExprId]) -> Result<()> {
        let mut locs = Vec::new();
        for arg in args {
            let ty = self.function.ty(*arg);
            locs.push(match self.register_scalar(ty) {
                Some(_) => Loc::Reg(self.value(*arg)?),
                None => Loc::Mem { at: self.aggregate(*arg, None)?, len: self.size32(ty)? },
            });
        }
        self.code.calls.push(CallSite { function, args: locs, result });
        let site = self.code.calls.len() as u32 - 1;
        self.emit(Instr::Call { site });
        Ok(())
    }

    fn if_stmt(&mut self, condition: ExprId, accept: &Block, reject: &Block) -> Result<()> {
        let mut no = Vec::new();
        self.jump(condition, false, &mut no)?;
        self.block(accept)?;
        if reject.stmts.is_empty() {
            self.land(&no);
            return Ok(());
        }
        let end = self.emit(Instr::Jump { to: 0 });
        self.land(&no);
        self.block(reject)?;
        self.land(&[end]);
        Ok(())
    }

    fn loop_stmt(&mut self, condition: Option<ExprId>, body: &Block, update: &Block, until: Option<ExprId>) -> Result<()> {
        let span = self.span;
        let mut ends = Vec::new();
        let start = self.here();
        if let Some(condition) = condition {
            self.jump(condition, false, &mut ends)?;
        }
        self.exits.push(Exit { is_loop: true, live: self.live.len(), breaks: Vec::new(), continues: Vec::new() });
        self.block(body)?;
        let exit = self.exits.pop().expect("pushed above");
        self.land(&exit.continues);
        ends.extend(exit.breaks);
        // `until` sees the declarations of `update`, so their lives end behind it.
        self.exits.push(Exit { is_loop: true, live: self.live.len(), breaks: Vec::new(), continues: Vec::new() });
        let live = self.live.len();
        for stmt in &update.stmts {
            self.end_statement();
            self.stmt(stmt)?;
        }
        self.span = span;
        self.end_statement();
        let mut done = Vec::new();
        if let Some(until) = until {
            self.jump(until, true, &mut done)?;
        }
        self.end_lives(live);
        self.live.truncate(live);
        let exit = self.exits.pop().expect("pushed above");
        ends.extend(exit.breaks);
        ends.extend(done);
        self.emit(Instr::Jump { to: start });
        self.land(&ends);
        Ok(())
    }

    fn switch(&mut self, selector: ExprId, cases: &[Case]) -> Result<()> {
        let Some(scalar) = self.register_scalar(self.function.ty(selector)) else { return self.fail("a switch needs a scalar") };
        let selector = self.value(selector)?;
        let table = self.code.tables.len();
        self.code.tables.push(Table { cases: Vec::new(), default: 0 });
        self.emit(Instr::Switch { selector, table: table as u32 });
        self.exits.push(Exit { is_loop: false, live: self.live.len(), breaks: Vec::new(), continues: Vec::new() });
        let mut default: Option<Pc> = None;
        let mut ends = Vec::new();
        for case in cases {
            let here = self.here();
            self.code.tables[table].cases.extend(case.values.iter().map(|value| (numbers::canonical(scalar, *value), here)));
            if case.is_default {
                default = Some(here);
            }
            self.block(&case.body)?;
            if !case.falls_through {
                ends.push(self.emit(Instr::Jump { to: 0 }));
            }
        }
        let exit = self.exits.pop().expect("pushed above");
        self.land(&ends);
        self.land(&exit.breaks);
        // `continue` inside goes to the loop around.
        if let Some(outer) = self.exits.iter_mut().rev().find(|exit| exit.is_loop) {
            outer.continues.extend(exit.continues);
        }
        let here = self.here();
        self.code.tables[table].default = default.unwrap_or(here);
        Ok(())
    }

    /// `break`, or `continue` if `to_loop`.
    fn leave(&mut self, to_loop: bool) -> Result<()> {
        let found = self.exits.iter().rposition(|exit| exit.is_loop || !to_loop);
        let Some(index) = found else { return self.fail("there is nothing to leave") };
        self.end_lives(self.exits[index].live);
        let jump = self.emit(Instr::Jump { to: 0 });
        let exit = &mut self.exits[index];
        if to_loop {
            exit.continues.push(jump);
        } else {
            exit.breaks.push(jump);
        }
        Ok(())
    }

    fn return_stmt(&mut self, value: Option<ExprId>) -> Result<()> {
        let Some(value) = value else {
            self.emit(Instr::Return);
            return Ok(());
        };
        let ty = self.function.ty(value);
        if self.register_scalar(ty).is_some() {
            let src = self.value(value)?;
            self.emit(Instr::ReturnReg { src });
        } else {
            let (from, len) = (self.aggregate(value, None)?, self.size32(ty)?);
            self.emit(Instr::ReturnMem { from, len });
        }
        Ok(())
    }
}
