//! Operations, types, masks, and the choice of cases.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Shuffle,
    Up,
    Down,
    Xor,
    Any,
    All,
    Ballot,
    MatchAny,
    MatchAll,
    ReduceAdd,
    ReduceMin,
    ReduceMax,
    ReduceAnd,
    ReduceOr,
    ReduceXor,
    /// Through shared memory between two `__syncwarp`.
    Sync,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    Int,
    Uint,
    Long,
    Ulong,
    Float,
    Double,
    Half,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// All lanes of the region.
    Region,
    /// Those of the region with the same parity.
    Parity,
    /// Those of the region that say the same in a vote.
    Vote,
    /// `__activemask()`.
    Active,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub operation: Operation,
    pub ty: Ty,
    pub mask: Mask,
    pub width: u32,
    /// Lane, delta or xor mask; one with the high bit set depends on the thread.
    pub operand: u32,
}

/// The operand is `(t + operand) % 5`.
pub const BY_THREAD: u32 = 1 << 31;

impl Operation {
    pub const ALL: [Operation; 16] = [
        Operation::Shuffle,
        Operation::Up,
        Operation::Down,
        Operation::Xor,
        Operation::Any,
        Operation::All,
        Operation::Ballot,
        Operation::MatchAny,
        Operation::MatchAll,
        Operation::ReduceAdd,
        Operation::ReduceMin,
        Operation::ReduceMax,
        Operation::ReduceAnd,
        Operation::ReduceOr,
        Operation::ReduceXor,
        Operation::Sync,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Operation::Shuffle => "__shfl_sync",
            Operation::Up => "__shfl_up_sync",
            Operation::Down => "__shfl_down_sync",
            Operation::Xor => "__shfl_xor_sync",
            Operation::Any => "__any_sync",
            Operation::All => "__all_sync",
            Operation::Ballot => "__ballot_sync",
            Operation::MatchAny => "__match_any_sync",
            Operation::MatchAll => "__match_all_sync",
            Operation::ReduceAdd => "__reduce_add_sync",
            Operation::ReduceMin => "__reduce_min_sync",
            Operation::ReduceMax => "__reduce_max_sync",
            Operation::ReduceAnd => "__reduce_and_sync",
            Operation::ReduceOr => "__reduce_or_sync",
            Operation::ReduceXor => "__reduce_xor_sync",
            Operation::Sync => "__syncwarp",
        }
    }

    pub fn is_shuffle(self) -> bool {
        matches!(self, Operation::Shuffle | Operation::Up | Operation::Down | Operation::Xor)
    }

    pub fn takes(self, ty: Ty) -> bool {
        match self {
            Operation::Shuffle | Operation::Up | Operation::Down | Operation::Xor => true,
            Operation::MatchAny | Operation::MatchAll => ty != Ty::Half,
            Operation::ReduceAdd | Operation::ReduceMin | Operation::ReduceMax => matches!(ty, Ty::Int | Ty::Uint),
            _ => ty == Ty::Uint,
        }
    }
}

impl Ty {
    pub const ALL: [Ty; 7] = [Ty::Int, Ty::Uint, Ty::Long, Ty::Ulong, Ty::Float, Ty::Double, Ty::Half];

    pub fn name(self) -> &'static str {
        match self {
            Ty::Int => "int",
            Ty::Uint => "unsigned",
            Ty::Long => "long long",
            Ty::Ulong => "unsigned long long",
            Ty::Float => "float",
            Ty::Double => "double",
            Ty::Half => "__half",
        }
    }
}

impl Case {
    /// Shuffles are half of all cases. Everything else goes round at its own pace.
    pub fn nth(index: u32, warp: u32) -> Case {
        let pick = index / 2;
        let operation =
            if index.is_multiple_of(2) { Operation::ALL[(pick % 4) as usize] } else { Operation::ALL[4 + (pick % 12) as usize] };
        let round = mixed(index);
        let types: Vec<Ty> = Ty::ALL.into_iter().filter(|ty| operation.takes(*ty)).collect();
        Case {
            operation,
            ty: types[(round >> 3) as usize % types.len()],
            mask: [Mask::Region, Mask::Parity, Mask::Vote, Mask::Active][(round >> 9) as usize % 4],
            width: [32, 16, 8, 4, 2, 1][(round >> 14) as usize % 6].min(warp),
            operand: [0, 1, 2, 5, 7, 16, 17, 31, BY_THREAD, BY_THREAD | 3][(round >> 20) as usize % 10],
        }
    }
}

fn mixed(index: u32) -> u32 {
    let x = (index + 77).wrapping_mul(0x9e37_79b9);
    let x = (x ^ x >> 15).wrapping_mul(0x85eb_ca6b);
    let x = (x ^ x >> 13).wrapping_mul(0xc2b2_ae35);
    x ^ x >> 16
}
