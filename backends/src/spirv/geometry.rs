//! `threadIdx`, `blockIdx` and what follows from them, from Vulkan's built-ins and the launch uniform.

use super::function::FunctionWriter;
use ir::{Axis, Geometry};
use rspirv::dr::Operand;
use rspirv::spirv::{BuiltIn, Op, SelectionControl, StorageClass, Word};

impl FunctionWriter<'_, '_> {
    /// A built-in value; computed once, at the start of the function.
    pub(super) fn geometry(&mut self, geometry: Geometry) -> Word {
        if let Some(id) = self.geometry.get(&geometry) {
            return *id;
        }
        let id = self.once(|writer| writer.new_geometry(geometry));
        self.geometry.insert(geometry, id);
        id
    }

    fn new_geometry(&mut self, geometry: Geometry) -> Word {
        let word = self.module.asm.u32();
        match geometry {
            Geometry::BlockDim(axis) => self.module.block_dim[axis as usize],
            Geometry::GridDim(axis) => self.launch_word(&[0, axis as u32]),
            Geometry::ThreadRank => {
                let built_in = self.module.built_in(BuiltIn::LocalInvocationIndex);
                self.op(Op::Load, word, &[built_in])
            }
            Geometry::ThreadIdx(axis) => self.thread_idx(axis),
            Geometry::BlockRank => self.block_rank(),
            Geometry::BlockIdx(axis) => self.block_idx(axis),
            Geometry::Lane => {
                let rank = self.geometry(Geometry::ThreadRank);
                let mask = self.u32(self.module.program.module.warp_size - 1);
                self.op(Op::BitwiseAnd, word, &[rank, mask])
            }
            Geometry::ThreadCount => self.threads(),
            Geometry::ArrivalsCount => self.u32(0),
            Geometry::Warp => {
                let rank = self.geometry(Geometry::ThreadRank);
                let bits = self.u32(self.module.program.module.warp_size.trailing_zeros());
                self.op(Op::ShiftRightLogical, word, &[rank, bits])
            }
        }
    }

    fn thread_idx(&mut self, axis: Axis) -> Word {
        let word = self.module.asm.u32();
        let rank = self.geometry(Geometry::ThreadRank);
        let [x, y, _] = self.module.block_dim;
        let block = self.module.options.block;
        let is_flat = |axes: &[usize]| block.is_some_and(|block| axes.iter().all(|axis| block[*axis] == 1));
        match axis {
            Axis::X if self.module.linear || is_flat(&[1, 2]) => rank,
            Axis::Y if is_flat(&[1]) => self.u32(0),
            Axis::Z if is_flat(&[2]) => self.u32(0),
            Axis::X => self.op(Op::UMod, word, &[rank, x]),
            Axis::Y => {
                let row = self.op(Op::UDiv, word, &[rank, x]);
                if is_flat(&[2]) { row } else { self.op(Op::UMod, word, &[row, y]) }
            }
            Axis::Z => {
                let slice = self.op(Op::IMul, word, &[x, y]);
                self.op(Op::UDiv, word, &[rank, slice])
            }
        }
    }

    /// `firstBlock + group.x + groups.x * group.y`: a grid is folded into two dimensions.
    fn block_rank(&mut self) -> Word {
        let word = self.module.asm.u32();
        let vector = self.module.asm.vector(word, 3);
        let group = self.module.built_in(BuiltIn::WorkgroupId);
        let group = self.op(Op::Load, vector, &[group]);
        let groups = self.module.built_in(BuiltIn::NumWorkgroups);
        let groups = self.op(Op::Load, vector, &[groups]);
        let row = self.extract(word, group, 1);
        let size = self.extract(word, groups, 0);
        let index = self.extract(word, group, 0);
        let scaled = self.op(Op::IMul, word, &[size, row]);
        let rank = self.op(Op::IAdd, word, &[index, scaled]);
        let first = self.launch_word(&[1]);
        self.op(Op::IAdd, word, &[first, rank])
    }

    fn block_idx(&mut self, axis: Axis) -> Word {
        let word = self.module.asm.u32();
        let rank = self.geometry(Geometry::BlockRank);
        if self.module.linear {
            return rank;
        }
        let x = self.geometry(Geometry::GridDim(Axis::X));
        match axis {
            Axis::X => self.op(Op::UMod, word, &[rank, x]),
            Axis::Y => {
                let y = self.geometry(Geometry::GridDim(Axis::Y));
                let row = self.op(Op::UDiv, word, &[rank, x]);
                self.op(Op::UMod, word, &[row, y])
            }
            Axis::Z => {
                let y = self.geometry(Geometry::GridDim(Axis::Y));
                let slice = self.op(Op::IMul, word, &[x, y]);
                self.op(Op::UDiv, word, &[rank, slice])
            }
        }
    }

    /// A word of `struct Launch { gridDim: vec3u, firstBlock: u32 }`.
    fn launch_word(&mut self, path: &[u32]) -> Word {
        let word = self.module.asm.u32();
        let pointer = self.module.asm.pointer(StorageClass::Uniform, word);
        let mut operands = vec![self.module.launch];
        for index in path {
            operands.push(self.u32(*index));
        }
        let place = self.op(Op::AccessChain, pointer, &operands);
        self.op(Op::Load, word, &[place])
    }

    /// The last dispatch of a folded grid has groups past its end. All threads of a group leave together.
    pub(super) fn leave_behind_the_grid(&mut self) {
        let word = self.module.asm.u32();
        let rank = self.geometry(Geometry::BlockRank);
        let blocks = self.once(|writer| {
            if writer.module.linear {
                return writer.geometry(Geometry::GridDim(Axis::X));
            }
            let sizes = [Axis::X, Axis::Y, Axis::Z].map(|axis| writer.geometry(Geometry::GridDim(axis)));
            let plane = writer.op(Op::IMul, word, &[sizes[0], sizes[1]]);
            writer.op(Op::IMul, word, &[plane, sizes[2]])
        });
        let outside = self.compare(Op::UGreaterThanEqual, rank, blocks);
        let (leave, stay) = (self.label(), self.label());
        let merge = vec![Operand::IdRef(stay), Operand::SelectionControl(SelectionControl::NONE)];
        self.raw(Op::SelectionMerge, merge);
        self.branch_if(outside, leave, stay);
        self.begin(leave);
        self.terminate(Op::Return, Vec::new());
        self.begin(stay);
    }
}
