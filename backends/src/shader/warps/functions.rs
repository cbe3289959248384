//! The functions that stand for warp operations, as IR text: an exchange through shared memory around one barrier.
//!
//! ```text
//! exchange[turn + threadRank] = value
//! barrier
//! result = exchange[turn + source]
//! turn = threadCount - turn
//! ```
//!
//! *One barrier is enough* because two halves of `exchange` take turns: a half is written again only behind the barrier of
//! the next operation, and every thread has read it before it came there. Votes are bits of one word for each warp; three words take
//! turns, since the next one must be cleared in time: what an operation clears was read by all before the barrier in front of it,
//! and the barrier behind keeps it from the operation that will use it.
//!
//! All threads of the block call these functions, those that take no part too ([`barriers`](super::super::barriers) walks them along). A lane
//! that takes no part has the mask 0. The lane that a shuffle asks for takes part if it is there and has the same mask, which is CUDA's
//! condition (CUDA C++ Programming Guide, "Warp Shuffle Functions"); otherwise the result is undefined in CUDA, and the own value here.

use ir::{Scalar, WarpOp};

/// Who takes part in an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Lanes {
    /// All lanes that the block has.
    All,
    /// All lanes are here, and each knows its group by its mask.
    Named,
    /// Some lanes are elsewhere or have ended.
    Present,
}

/// A function to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Exchange {
    Shuffle(Move, Lanes),
    Ballot,
    MatchAny(Lanes),
    MatchAll(Lanes),
    Reduce(Fold, Lanes),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Move {
    Index,
    Up,
    Down,
    Xor,
}

/// How values are combined; values are `u32` but for the signed two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Fold {
    Add,
    And,
    Or,
    Xor,
    Min,
    Max,
    SignedMin,
    SignedMax,
}

impl Move {
    pub(super) fn of(op: WarpOp) -> Option<Move> {
        Some(match op {
            WarpOp::Shuffle => Move::Index,
            WarpOp::ShuffleUp => Move::Up,
            WarpOp::ShuffleDown => Move::Down,
            WarpOp::ShuffleXor => Move::Xor,
            _ => return None,
        })
    }

    /// PTX ISA, "shfl.sync": the operand's name, the lane that is wanted, and whether it lies in the segment. An xor may reach into earlier
    /// segments, not into later ones.
    pub(super) fn source(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Move::Index => ("from", "lane & ~(width - 1u32) | from & width - 1u32", ""),
            Move::Up => ("delta", "lane - (delta & 31u32)", "(lane & width - 1u32) >= (delta & 31u32) && "),
            Move::Down => ("delta", "lane + (delta & 31u32)", "wanted <= (lane | width - 1u32) && "),
            Move::Xor => ("lanes", "lane ^ lanes & 31u32", "wanted <= (lane | width - 1u32) && "),
        }
    }
}

impl Fold {
    pub(super) fn of(op: WarpOp, scalar: Scalar) -> Option<Fold> {
        Some(match op {
            WarpOp::ReduceAdd => Fold::Add,
            WarpOp::ReduceAnd => Fold::And,
            WarpOp::ReduceOr => Fold::Or,
            WarpOp::ReduceXor => Fold::Xor,
            WarpOp::ReduceMin if scalar.is_signed() => Fold::SignedMin,
            WarpOp::ReduceMax if scalar.is_signed() => Fold::SignedMax,
            WarpOp::ReduceMin => Fold::Min,
            WarpOp::ReduceMax => Fold::Max,
            _ => return None,
        })
    }

    /// What `result` starts with, and what it becomes with `theirs`.
    pub(super) fn step(self) -> (&'static str, &'static str) {
        match self {
            Fold::Add => ("0u32", "result + theirs"),
            Fold::Or => ("0u32", "result | theirs"),
            Fold::Xor => ("0u32", "result ^ theirs"),
            // The own value is one of them.
            Fold::And => ("value", "result & theirs"),
            Fold::Min => ("value", "min(result, theirs)"),
            Fold::Max => ("value", "max(result, theirs)"),
            Fold::SignedMin => ("value", "u32(min(i32(result), i32(theirs)))"),
            Fold::SignedMax => ("value", "u32(max(i32(result), i32(theirs)))"),
        }
    }
}

impl Exchange {
    pub(super) fn lanes(self) -> Lanes {
        match self {
            Exchange::Shuffle(_, lanes) | Exchange::MatchAny(lanes) | Exchange::MatchAll(lanes) | Exchange::Reduce(_, lanes) => {
                lanes
            }
            Exchange::Ballot => Lanes::Named,
        }
    }

    pub(super) fn name(self) -> String {
        let base = match self {
            Exchange::Shuffle(Move::Index, _) => "shuffle",
            Exchange::Shuffle(Move::Up, _) => "shuffleUp",
            Exchange::Shuffle(Move::Down, _) => "shuffleDown",
            Exchange::Shuffle(Move::Xor, _) => "shuffleXor",
            Exchange::Ballot => return "ballot".into(),
            Exchange::MatchAny(_) => "matchAny",
            Exchange::MatchAll(_) => "matchAll",
            Exchange::Reduce(fold, _) => match fold {
                Fold::Add => "reduceAdd",
                Fold::And => "reduceAnd",
                Fold::Or => "reduceOr",
                Fold::Xor => "reduceXor",
                Fold::Min => "reduceMin",
                Fold::Max => "reduceMax",
                Fold::SignedMin => "reduceMinSigned",
                Fold::SignedMax => "reduceMaxSigned",
            },
        };
        let suffix = match self.lanes() {
            Lanes::All => "",
            Lanes::Named => "Among",
            Lanes::Present => "Present",
        };
        format!("{base}{suffix}")
    }
}

/// The module that has these functions and the memory they need.
pub(super) fn module_text(exchanges: &[Exchange]) -> String {
    let mut text = String::new();
    if exchanges.iter().any(|exchange| *exchange != Exchange::Ballot) {
        text += "shared exchange: [u32] per_thread 2\n";
    }
    if exchanges.iter().any(|exchange| exchange.lanes() == Lanes::Present) {
        text += "shared exchangeMasks: [u32] per_thread 2\n";
    }
    if exchanges.contains(&Exchange::Ballot) {
        text += VOTES;
    }
    for exchange in exchanges {
        text += &match *exchange {
            Exchange::Ballot => BALLOT.to_string(),
            Exchange::Shuffle(kind, lanes) => shuffle(&exchange.name(), kind, lanes),
            Exchange::MatchAny(lanes) => walk(&exchange.name(), lanes, "u32", "0u32", MATCH_ANY),
            Exchange::MatchAll(lanes) => walk(&exchange.name(), lanes, "u32", "0u32", MATCH_ALL),
            Exchange::Reduce(fold, lanes) => reduce(&exchange.name(), fold, lanes),
        };
    }
    text
}

/// 32 warps at most (CUDA C++ Programming Guide, "Technical Specifications per Compute Capability"), three words for each.
const VOTES: &str = "shared votes: [u32; 96]\n";

/// `clearVotes` comes before the first vote.
const BALLOT: &str = "\
fn clearVotes() {
  if lane == 0u32 {
    votes[warpRank] = 0u32
  }
  barrier
}
fn ballot(round: *local u32, mask: u32, yes: bool) -> u32 {
  let here = round.*
  let next = here == 64u32 ? 0u32 : here + 32u32
  if yes {
    atomic.or.block(&votes[here + warpRank], 1u32 << lane)
  }
  if lane == 0u32 {
    votes[next + warpRank] = 0u32
  }
  barrier
  let all = votes[here + warpRank]
  round.* = next
  return all & mask
}
";

/// `start: u32` of this turn, and everybody's value behind a barrier.
fn head(name: &str, params: &str, result: &str, lanes: Lanes) -> String {
    let mask = if lanes == Lanes::All { "" } else { "mask: u32, " };
    let masks = if lanes == Lanes::Present { "  exchangeMasks[start + threadRank] = mask\n" } else { "" };
    format!(
        "\
fn {name}(turn: *local u32, {mask}value: u32{params}) -> {result} {{
  let start = turn.*
  exchange[start + threadRank] = value
{masks}  barrier
"
    )
}

fn shuffle(name: &str, kind: Move, lanes: Lanes) -> String {
    let (operand, wanted, reaches) = kind.source();
    let takes_part = match lanes {
        Lanes::All => "",
        Lanes::Named => " && (mask >> wanted & 1u32) != 0u32",
        Lanes::Present => " && exchangeMasks[start + other] == mask",
    };
    let head = head(name, &format!(", {operand}: u32, width: u32"), "u32", lanes);
    format!(
        "\
{head}  let wanted = {wanted}
  let other = threadRank - lane + wanted
  let source = {reaches}other < threadCount{takes_part} ? other : threadRank
  let result = exchange[start + source]
  turn.* = threadCount - start
  return result
}}
"
    )
}

/// Goes through the lanes of the mask; `step` sees each of them as `other`, its value as `theirs`, and changes `result`.
fn walk(name: &str, lanes: Lanes, result: &str, first: &str, step: &str) -> String {
    let head = head(name, "", result, lanes);
    let mask = if lanes == Lanes::All { "4294967295u32" } else { "mask" };
    let takes_part = if lanes == Lanes::Present { " && exchangeMasks[start + thread] == mask" } else { "" };
    format!(
        "\
{head}  var result: {result} = {first}
  var rest: u32 = {mask}
  while rest != 0u32 {{
    let other = u32(count_trailing_zeros(rest))
    rest = rest & rest - 1u32
    let thread = threadRank - lane + other
    if thread < threadCount{takes_part} {{
      let theirs = exchange[start + thread]
{step}
    }}
  }}
  turn.* = threadCount - start
  return result
}}
"
    )
}

const MATCH_ANY: &str = "\
      if theirs == value {
        result = result | 1u32 << other
      }";

/// All lanes seen so far have one value; a lane that differs ends the walk.
const MATCH_ALL: &str = "\
      if theirs != value {
        result = 0u32
        break
      }
      result = result | 1u32 << other";

fn reduce(name: &str, fold: Fold, lanes: Lanes) -> String {
    let (first, next) = fold.step();
    walk(name, lanes, "u32", first, &format!("      result = {next}"))
}
