//! Every warp operation × type × mask × width × way to diverge × block, with the results that CUDA's rules give.
//!
//! A [`Matrix`] is one kernel with many cases. It prints itself as a sample whose header expects what [`model`] computes from the PTX ISA's description
//! of each instruction; nothing here is shared with the translator or its interpreter.
//!
//! ```text
//! for (int k = 0; k <= lane % 3; k++) {                  // the shape: who comes by, how often, and which lanes that are
//!     unsigned region = k == 0 ? 0xffffffffu : ...;
//!     unsigned m = region & (lane & 1 ? ...);            // the mask
//!     r = r * 31u + bits(__shfl_down_sync(m, value(x), 5, 16));
//! }
//! out[case * threads + t] = r;
//! ```
//!
//! Where CUDA leaves a result undefined, because the source lane does not take part, the own value is expected: the promise of this translator.

mod cases;
mod model;
mod print;
mod shapes;

pub use cases::{Case, Mask, Operation, Ty};
pub use shapes::Shape;

/// One kernel.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Lanes of a warp: 32, or those of a device's subgroups, for which kernels are made that CUDA does not know.
    pub warp: u32,
    pub block: [u32; 3],
    pub shape: Shape,
    pub cases: Vec<Case>,
}

pub const BLOCKS: [[u32; 3]; 11] = [
    [1, 1, 1],
    [31, 1, 1],
    [32, 1, 1],
    [33, 1, 1],
    [64, 1, 1],
    [100, 1, 1],
    [256, 1, 1],
    [1024, 1, 1],
    [8, 4, 1],
    [33, 3, 1],
    [5, 4, 3],
];

/// Cases in each kernel.
pub const CASES: usize = 24;

/// Cases in each kernel that a device is given: what LLVM takes for a kernel with barriers grows faster than the kernel. On lavapipe 24 cases
/// in one kernel take three times as long as in six.
pub const CASES_OF_A_PIECE: usize = 4;

/// All kernels, in an order in which any few neighbours differ in everything.
pub fn all() -> Vec<Matrix> {
    all_with_warps_of(32)
}

/// The same for warps of so many lanes.
pub fn all_with_warps_of(warp: u32) -> Vec<Matrix> {
    let mut found = Vec::new();
    let count = BLOCKS.len() * Shape::ALL.len();
    // 17 has no divisor in common with the count: each pair comes once.
    for index in 0..count {
        let index = index * 17 % count;
        let (block, shape) = (BLOCKS[index % BLOCKS.len()], Shape::ALL[index / BLOCKS.len()]);
        let cases = (0..CASES).map(|case| Case::nth((index * CASES + case) as u32, warp)).collect();
        found.push(Matrix { warp, block, shape, cases });
    }
    found
}

impl Matrix {
    pub fn threads(&self) -> u32 {
        self.block.iter().product()
    }

    /// The same cases in smaller kernels.
    pub fn pieces(&self) -> impl Iterator<Item = Matrix> {
        self.cases.chunks(CASES_OF_A_PIECE).map(|cases| Matrix { cases: cases.to_vec(), ..*self })
    }
}

/// What thread `t` reads.
pub fn input(t: u32) -> u32 {
    (t + 1).wrapping_mul(2_654_435_761).rotate_left(11) ^ t
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_block_meets_every_shape_once() {
        let pairs: BTreeSet<_> = all().iter().map(|matrix| (matrix.block, format!("{:?}", matrix.shape))).collect();
        assert_eq!(pairs.len(), BLOCKS.len() * Shape::ALL.len());
        assert!(all().len() * CASES > 3000);
    }

    #[test]
    fn every_operation_meets_every_type_it_takes() {
        let all: BTreeSet<_> =
            all().iter().flat_map(|matrix| &matrix.cases).map(|case| (case.operation.name(), case.ty.name())).collect();
        for operation in Operation::ALL {
            for ty in Ty::ALL.into_iter().filter(|ty| operation.takes(*ty)) {
                assert!(all.contains(&(operation.name(), ty.name())), "{} on {}", operation.name(), ty.name());
            }
        }
    }

    #[test]
    fn a_sum_by_hand() {
        let case = Case { operation: Operation::ReduceAdd, ty: Ty::Uint, mask: Mask::Region, width: 32, operand: 0 };
        let matrix = Matrix { warp: 32, block: [33, 1, 1], shape: Shape::Half, cases: vec![case] };
        let expected = matrix.expected();
        let low: u32 = (0..16).fold(0, |sum, t| sum.wrapping_add(input(t)));
        assert_eq!(expected[0], low);
        assert_eq!(expected[16], 0);
        assert_eq!(expected[32], input(32));
    }
}
