//! Operations of subgroups (Section 3.52.21, "Non-Uniform Instructions"): what the shader passes leave of warp operations where warps are subgroups.

use super::function::FunctionWriter;
use super::options::EmitError;
use ir::{ExprId, WarpOp};
use rspirv::dr::Operand;
use rspirv::spirv::{self, Capability, GroupOperation, Op, Word};

impl FunctionWriter<'_, '_> {
    pub(super) fn subgroup_operation(&mut self, op: WarpOp, args: &[ExprId]) -> Result<Word, EmitError> {
        let value = self.value(args[0])?;
        let scope = self.u32(spirv::Scope::Subgroup as u32);
        let word = self.module.asm.u32();
        self.module.asm.capability(Capability::GroupNonUniform);
        match op {
            WarpOp::Shuffle => {
                self.module.asm.capability(Capability::GroupNonUniformShuffle);
                let ty = self.value_type(self.function.ty(args[0]))?;
                let lane = self.value(args[1])?;
                Ok(self.op(Op::GroupNonUniformShuffle, ty, &[scope, value, lane]))
            }
            WarpOp::Ballot => {
                self.module.asm.capability(Capability::GroupNonUniformBallot);
                let words = self.module.asm.vector(word, 4);
                let votes = self.op(Op::GroupNonUniformBallot, words, &[scope, value]);
                Ok(self.extract(word, votes, 0))
            }
            op => {
                let scalar = self.module.ir_types.as_scalar(self.function.ty(args[0]));
                let signed = scalar.is_some_and(|scalar| scalar.is_signed());
                let code = reduction(op, signed).ok_or_else(|| self.bug("a warp operation"))?;
                self.module.asm.capability(Capability::GroupNonUniformArithmetic);
                let ty = self.value_type(self.function.ty(args[0]))?;
                let how = Operand::GroupOperation(GroupOperation::Reduce);
                Ok(self.result(code, ty, vec![Operand::IdScope(scope), how, Operand::IdRef(value)]))
            }
        }
    }
}

fn reduction(op: WarpOp, signed: bool) -> Option<Op> {
    Some(match op {
        WarpOp::ReduceAdd => Op::GroupNonUniformIAdd,
        WarpOp::ReduceMin if signed => Op::GroupNonUniformSMin,
        WarpOp::ReduceMin => Op::GroupNonUniformUMin,
        WarpOp::ReduceMax if signed => Op::GroupNonUniformSMax,
        WarpOp::ReduceMax => Op::GroupNonUniformUMax,
        WarpOp::ReduceAnd => Op::GroupNonUniformBitwiseAnd,
        WarpOp::ReduceOr => Op::GroupNonUniformBitwiseOr,
        WarpOp::ReduceXor => Op::GroupNonUniformBitwiseXor,
        _ => return None,
    })
}
