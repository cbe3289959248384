//! Barriers, fences, atomics and votes.
//!
//! `__syncthreads()` orders shared and global memory among the threads of the block; atomics are relaxed, as CUDA's are.

use super::function::FunctionWriter;
use super::options::EmitError;
use ir::{AtomicOp, BlockVote, ExprId, Geometry, Scalar, Scope};
use rspirv::dr::Operand;
use rspirv::spirv::{self, Capability, MemorySemantics, Op, StorageClass, Word};

/// Acquire and release, of buffers and shared memory.
const ALL_MEMORY: MemorySemantics =
    MemorySemantics::ACQUIRE_RELEASE.union(MemorySemantics::UNIFORM_MEMORY).union(MemorySemantics::WORKGROUP_MEMORY);

impl FunctionWriter<'_, '_> {
    fn scope(&mut self, scope: Scope) -> Word {
        // Vulkan has no scope beyond the device.
        let scope = match scope {
            Scope::Block => spirv::Scope::Workgroup,
            Scope::Device | Scope::System => spirv::Scope::Device,
        };
        self.u32(scope as u32)
    }

    pub(super) fn barrier(&mut self) {
        let block = self.scope(Scope::Block);
        let semantics = self.u32(ALL_MEMORY.bits());
        let operands = vec![Operand::IdScope(block), Operand::IdScope(block), Operand::IdMemorySemantics(semantics)];
        self.raw(Op::ControlBarrier, operands);
    }

    pub(super) fn fence(&mut self, scope: Scope) {
        let scope = self.scope(scope);
        let semantics = self.u32(ALL_MEMORY.bits());
        self.raw(Op::MemoryBarrier, vec![Operand::IdScope(scope), Operand::IdMemorySemantics(semantics)]);
    }

    /// The old value; `None` for a store.
    pub(super) fn atomic(
        &mut self,
        op: AtomicOp,
        pointer: ExprId,
        value: ExprId,
        compare: Option<ExprId>,
        scope: Scope,
    ) -> Result<Option<Word>, EmitError> {
        let value_expr = value;
        let place = self.place(pointer)?;
        let scalar = self.module.ir_types.as_scalar(place.ty).ok_or_else(|| self.bug("an atomic on what is no scalar"))?;
        if scalar.size() == 8 {
            self.module.asm.capability(Capability::Int64Atomics);
        }
        let ty = self.scalar_type(scalar)?;
        let pointer = self.pointer(&place)?;
        let scope = self.scope(scope);
        let relaxed = self.u32(MemorySemantics::RELAXED.bits());
        if op == AtomicOp::Load {
            return Ok(Some(self.op(Op::AtomicLoad, ty, &[pointer, scope, relaxed])));
        }
        let value = self.value(value_expr)?;
        match (op, compare) {
            (AtomicOp::Store, _) => {
                self.raw(Op::AtomicStore, [pointer, scope, relaxed, value].map(Operand::IdRef).to_vec());
                Ok(None)
            }
            (AtomicOp::CompareExchange, Some(compare)) => {
                let compare = self.value(compare)?;
                let operands = [pointer, scope, relaxed, relaxed, value, compare];
                Ok(Some(self.op(Op::AtomicCompareExchange, ty, &operands)))
            }
            _ => {
                let op = atomic_op(op, scalar).ok_or_else(|| self.bug(format!("atomic {op:?} on {}", scalar.name())))?;
                Ok(Some(self.op(op, ty, &[pointer, scope, relaxed, value])))
            }
        }
    }

    /// A barrier and the answer of all threads: they count in a word of shared memory.
    pub(super) fn block_vote(&mut self, op: BlockVote, value: ExprId) -> Result<Word, EmitError> {
        let value = self.value(value)?;
        let word = self.module.asm.u32();
        let (zero, one) = (self.u32(0), self.u32(1));
        let counter = self.vote_counter();
        let rank = self.geometry(Geometry::ThreadRank);
        let is_first = self.compare(Op::IEqual, rank, zero);
        let (reset, ready) = (self.label(), self.label());
        let no_hint = Operand::SelectionControl(spirv::SelectionControl::NONE);
        self.raw(Op::SelectionMerge, vec![Operand::IdRef(ready), no_hint]);
        self.branch_if(is_first, reset, ready);
        self.begin(reset);
        self.raw(Op::Store, [counter, zero].map(Operand::IdRef).to_vec());
        self.branch(ready);
        self.begin(ready);
        self.barrier();
        let vote = self.select(word, value, one, zero);
        let scope = self.scope(Scope::Block);
        self.op(Op::AtomicIAdd, word, &[counter, scope, zero, vote]);
        self.barrier();
        let count = self.op(Op::Load, word, &[counter]);
        self.barrier();
        let answer = match op {
            BlockVote::Count => return Ok(count),
            BlockVote::Any => self.compare(Op::INotEqual, count, zero),
            BlockVote::All => {
                let threads = self.threads();
                self.compare(Op::IEqual, count, threads)
            }
        };
        Ok(self.select(word, answer, one, zero))
    }

    /// Threads of the block.
    pub(super) fn threads(&mut self) -> Word {
        if let Some(threads) = self.module.known_threads() {
            return self.u32(threads);
        }
        let word = self.module.asm.u32();
        let [x, y, z] = self.module.block_dim;
        if self.module.linear {
            return x;
        }
        let row = self.op(Op::IMul, word, &[x, y]);
        self.op(Op::IMul, word, &[row, z])
    }

    fn vote_counter(&mut self) -> Word {
        if let Some(counter) = self.module.entry.vote {
            return counter;
        }
        let word = self.module.asm.u32();
        let counter = self.module.asm.variable(StorageClass::Workgroup, word);
        self.module.name(counter, "votes");
        self.module.entry.vote = Some(counter);
        counter
    }
}

/// Section 3.42.18. Floats can be exchanged only; `Inc` and `Dec` are loops by now.
fn atomic_op(op: AtomicOp, scalar: Scalar) -> Option<Op> {
    let signed = scalar.is_signed();
    if scalar.is_float() {
        return (op == AtomicOp::Exchange).then_some(Op::AtomicExchange);
    }
    Some(match op {
        AtomicOp::Add => Op::AtomicIAdd,
        AtomicOp::Sub => Op::AtomicISub,
        AtomicOp::Min if signed => Op::AtomicSMin,
        AtomicOp::Min => Op::AtomicUMin,
        AtomicOp::Max if signed => Op::AtomicSMax,
        AtomicOp::Max => Op::AtomicUMax,
        AtomicOp::And => Op::AtomicAnd,
        AtomicOp::Or => Op::AtomicOr,
        AtomicOp::Xor => Op::AtomicXor,
        AtomicOp::Exchange => Op::AtomicExchange,
        AtomicOp::CompareExchange | AtomicOp::Inc | AtomicOp::Dec | AtomicOp::Load | AtomicOp::Store => return None,
    })
}
