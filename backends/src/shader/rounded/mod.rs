//! Holds the order of additions where a reordering would lose what they are for: compensated sums.
//!
//! ```text
//! let t = sum + y                      let t = sum + y
//! c = (t - sum) - y                    c = (roundedF32(t) - sum) - y
//! ```
//!
//! WGSL lets a driver reassociate (Section "Floating Point Evaluation"), and Mesa's compiler makes 0 of `(sum + y) - sum - y`: Kahan's sum, the
//! error of an addition and rounding by a large constant would be lost without a word. Any other reordering changes a rounding or two. So
//! what matters is where a term *cancels*: an addition or subtraction whose one side is made of a term that the other side takes away.
//! There the side that is made of it goes through a function that returns it unchanged, by arithmetic on its bits that no compiler can see
//! through: it takes one NaN for another. (A selection between floats would not do: Mesa adds constants to both of its sides.)
//!
//! What a value is made of is followed through sums, differences, signs, products with powers of two, bit casts, selections, names, variables,
//! memory cells of equal address (any element of a local array, which drivers keep in registers), calls and parameters, in any order of execution:
//! more than a driver can know, but no further than 24 names. What is nearest is held first, and what is held is made of nothing.
//! What `__fadd_rn`, `__dsub_rn` and their kind give is held wherever they stand, because they say so (CUDA guide, "Intrinsic Functions").
//!
//! *Needs*: the legal form. *Leaves*: the legal form, for a target that reassociates. SPIR-V has `NoContraction` for that.

mod hold;
mod origins;
mod terms;

use self::hold::{explicit, hold, hold_explicit};
use self::origins::Origins;
use super::Program;
use ir::{ExprId, FuncId, Scalar};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The program with such sums held; as it was if there are none.
pub fn with_rounded_sums(program: &Program) -> Cow<'_, Program> {
    let mut program = Cow::Borrowed(program);
    let mut helpers = Helpers::default();
    if program
        .module
        .functions
        .iter()
        .any(|(_, function)| function.exprs.handles().any(|id| explicit(function.expr(id)).is_some()))
    {
        hold_explicit(&mut program.to_mut().module, &mut helpers);
    }
    let held = Origins::of(&program.module, &helpers).held();
    if !held.is_empty() {
        hold(&mut program.to_mut().module, &held, &mut helpers);
    }
    program
}

/// `roundedF32` and `roundedF64`, where they are there.
type Helpers = FxHashMap<Scalar, FuncId>;

/// A sum of more terms is held without a look at all of them: text that was written out for hundreds of steps should not take minutes.
const MOST_TERMS: usize = 256;

/// How far a term may be from where it is taken away. What compensates an error stands near the sum that makes it.
const FARTHEST: u32 = 24;

/// One operand of an addition or subtraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Side {
    Left,
    Right,
}

type Held = FxHashSet<(FuncId, ExprId, Side)>;
