//! Structured control flow (Section 2.11): `if`, loops, `switch`, and the ways out of them.

use super::function::FunctionWriter;
use super::options::EmitError;
use ir::{Block, Case, ExprId, Scalar};
use rspirv::dr::Operand;
use rspirv::spirv::{LoopControl, Op, SelectionControl, Word};

/// Where `break` and `continue` lead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    merge: Word,
    merge_used: bool,
    /// Loops only.
    next: Option<Word>,
    next_used: bool,
    /// The flag to raise before the next turn ends the loop; without one `break` leads to `merge` at once.
    leave: Option<Word>,
}

impl FunctionWriter<'_, '_> {
    pub(super) fn if_statement(&mut self, condition: ExprId, accept: &Block, reject: &Block) -> Result<(), EmitError> {
        let condition = self.value(condition)?;
        let (yes, merge) = (self.label(), self.label());
        let no = if reject.stmts.is_empty() { merge } else { self.label() };
        self.selection_merge(merge);
        self.branch_if(condition, yes, no);
        self.begin(yes);
        self.block(accept)?;
        let mut reached = no == merge || self.is_open();
        self.branch(merge);
        if no != merge {
            self.begin(no);
            self.block(reject)?;
            reached |= self.is_open();
            self.branch(merge);
        }
        self.begin_merge(merge, reached);
        Ok(())
    }

    fn selection_merge(&mut self, merge: Word) {
        self.raw(Op::SelectionMerge, vec![Operand::IdRef(merge), Operand::SelectionControl(SelectionControl::NONE)]);
    }

    /// The merge block must be there even if nothing leads to it.
    fn begin_merge(&mut self, merge: Word, reached: bool) {
        self.begin(merge);
        if !reached {
            self.terminate(Op::Unreachable, Vec::new());
        }
    }

    pub(super) fn loop_statement(
        &mut self,
        condition: Option<ExprId>,
        body: &Block,
        update: &Block,
        until: Option<ExprId>,
        unroll: Option<u32>,
    ) -> Result<(), EmitError> {
        let (header, test, next, merge) = (self.label(), self.label(), self.label(), self.label());
        let breaks_only = condition.is_none() && until.is_none();
        let leave = (until.is_some() || breaks_only).then(|| self.leave_flag());
        self.branch(header);
        self.begin(header);
        let control = match unroll {
            None => LoopControl::NONE,
            Some(1) => LoopControl::DONT_UNROLL,
            Some(_) => LoopControl::UNROLL,
        };
        self.raw(Op::LoopMerge, vec![Operand::IdRef(merge), Operand::IdRef(next), Operand::LoopControl(control)]);
        self.branch(test);
        self.begin(test);
        self.memo_reset(0);
        if let Some(leave) = leave {
            let ty = self.module.asm.bool();
            let leaves = self.op(Op::Load, ty, &[leave]);
            let inside = self.label();
            self.branch_if(leaves, merge, inside);
            self.begin(inside);
        }
        if let Some(condition) = condition {
            let condition = self.value(condition)?;
            let inside = self.label();
            self.branch_if(condition, inside, merge);
            self.begin(inside);
        }
        self.targets.push(Target {
            merge,
            merge_used: condition.is_some() || leave.is_some(),
            next: Some(next),
            next_used: false,
            leave: leave.filter(|_| breaks_only),
        });
        self.block(body)?;
        let open = self.is_open();
        self.branch(next);
        let target = self.targets.pop().ok_or_else(|| self.bug("a loop that was never begun"))?;
        self.begin(next);
        if open || target.next_used {
            // `until` sees what `update` declares.
            let mark = self.scope_mark();
            match target.leave.filter(|_| !update.stmts.is_empty()) {
                Some(leave) => self.update_unless(leave, update)?,
                None => self.statements(update)?,
            }
            self.close_loop(until.zip(leave), header)?;
            self.scope_reset(mark);
        } else {
            self.branch(header);
        }
        self.begin_merge(merge, target.merge_used);
        Ok(())
    }

    fn update_unless(&mut self, leave: Word, update: &Block) -> Result<(), EmitError> {
        let ty = self.module.asm.bool();
        let leaves = self.op(Op::Load, ty, &[leave]);
        let (yes, merge) = (self.label(), self.label());
        self.selection_merge(merge);
        self.branch_if(leaves, merge, yes);
        self.begin(yes);
        self.statements(update)?;
        self.branch(merge);
        self.begin_merge(merge, true);
        Ok(())
    }

    /// Whether `until` came true, or a `break` was met in a loop that ends by nothing else. Such loops leave at their top: where threads
    /// leave by the back edge in different turns, or by breaks of a loop whose top has no exit, SwiftShader goes on with the wrong ones.
    fn leave_flag(&mut self) -> Word {
        let ty = self.module.asm.bool();
        let flag = self.variable(ty);
        let no = self.module.asm.truth(false);
        self.raw(Op::Store, [flag, no].map(Operand::IdRef).to_vec());
        flag
    }

    fn close_loop(&mut self, until: Option<(ExprId, Word)>, header: Word) -> Result<(), EmitError> {
        if !self.is_open() {
            return Err(self.bug("a loop update that leaves the loop"));
        }
        self.memo_reset(0);
        if let Some((until, leave)) = until {
            let until = self.value(until)?;
            self.raw(Op::Store, [leave, until].map(Operand::IdRef).to_vec());
        }
        self.branch(header);
        Ok(())
    }

    pub(super) fn switch(&mut self, selector: ExprId, cases: &[Case]) -> Result<(), EmitError> {
        let scalar = self.scalar_of(selector)?;
        let selector = self.value(selector)?;
        let merge = self.label();
        let labels: Vec<Word> = cases.iter().map(|_| self.label()).collect();
        let default = cases.iter().position(|case| case.is_default);
        self.selection_merge(merge);
        let mut operands =
            vec![selector, default.map_or(merge, |at| labels[at])].into_iter().map(Operand::IdRef).collect::<Vec<_>>();
        for (case, label) in cases.iter().zip(&labels) {
            for value in &case.values {
                operands.push(self.case_literal(scalar, *value)?);
                operands.push(Operand::IdRef(*label));
            }
        }
        self.terminate(Op::Switch, operands);
        self.targets.push(Target { merge, merge_used: default.is_none(), next: None, next_used: false, leave: None });
        let mut reached = false;
        for (case, label) in cases.iter().zip(&labels) {
            if case.falls_through {
                return Err(self.bug("a case that falls through"));
            }
            self.begin(*label);
            self.block(&case.body)?;
            reached |= self.is_open();
            self.branch(merge);
        }
        let target = self.targets.pop().ok_or_else(|| self.bug("a switch that was never begun"))?;
        self.begin_merge(merge, reached || target.merge_used);
        Ok(())
    }

    fn case_literal(&self, scalar: Scalar, bits: u64) -> Result<Operand, EmitError> {
        match scalar {
            Scalar::I32 | Scalar::U32 => Ok(Operand::LiteralBit32(bits as u32)),
            Scalar::I64 | Scalar::U64 => Ok(Operand::LiteralBit64(bits)),
            _ => Err(self.bug(format!("a switch over {}", scalar.name()))),
        }
    }

    pub(super) fn break_statement(&mut self) -> Result<(), EmitError> {
        let Some(target) = self.targets.last_mut() else { return Err(self.bug("a break outside loops and switches")) };
        let Target { merge, next, leave, .. } = *target;
        if let (Some(next), Some(leave)) = (next, leave) {
            target.next_used = true;
            let yes = self.module.asm.truth(true);
            self.raw(Op::Store, [leave, yes].map(Operand::IdRef).to_vec());
            self.branch(next);
            return Ok(());
        }
        target.merge_used = true;
        self.branch(merge);
        Ok(())
    }

    pub(super) fn continue_statement(&mut self) -> Result<(), EmitError> {
        let target = self.targets.iter_mut().rev().find(|target| target.next.is_some());
        let Some(target) = target else { return Err(self.bug("a continue outside loops")) };
        target.next_used = true;
        let next = target.next.unwrap_or_default();
        self.branch(next);
        Ok(())
    }
}
