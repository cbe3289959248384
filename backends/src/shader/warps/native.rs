//! The functions that stand for warp operations where warps are the device's subgroups, as IR text: one to three operations of all lanes.
//!
//! ```text
//! let wanted = lane + delta
//! let result = warp.shuffle(value, wanted is there ? wanted : lane, 32)
//! ```
//!
//! *What is left to the emitters* is `warp.shuffle` from a lane that is there, `warp.ballot` and `warp.reduce_*`, without masks: WGSL's
//! `subgroupShuffle`, `subgroupBallot`, `subgroupAdd` and its kind, SPIR-V's `OpGroupNonUniform*`. Masks are arithmetic on ballots.
//!
//! *Why all lanes are there.* All threads of the block come to these calls in flow that is uniform for the block ([`barriers`](super::super::barriers)
//! has seen to it for the exchanges through memory, and does the same here), so the lanes of a subgroup come together: SPIR-V promises
//! convergence behind a merge block if the flow is uniform for the invocation group (SPIR-V, 2.11, "Structured Control Flow" and "Uniform
//! Control Flow"), WGSL demands uniform flow and has no more to say ("Subgroup Built-in Functions").
//!
//! *What no standard promises* is that lane `r % 32` of warp `r / 32` is the thread of rank `r`: the launcher looks
//! ([`subgroups`](crate::reflect::KernelReflection::subgroups)).

use super::functions::{Exchange, Fold, Lanes, Move};

/// The module that has these functions.
pub(super) fn module_text(exchanges: &[Exchange], warp_size: u32) -> String {
    let mut text = String::new();
    for exchange in exchanges {
        let name = exchange.name();
        text += &match *exchange {
            Exchange::Ballot => continue,
            Exchange::Shuffle(kind, lanes) => shuffle(&name, kind, lanes),
            Exchange::MatchAny(lanes) => match_any(&name, lanes),
            Exchange::MatchAll(lanes) => match_all(&name, lanes),
            Exchange::Reduce(_, Lanes::All) => continue,
            Exchange::Reduce(fold, lanes) => reduce(&name, fold, lanes, warp_size),
        };
    }
    text
}

fn head(name: &str, params: &str, lanes: Lanes) -> String {
    let mask = if lanes == Lanes::All { "" } else { "mask: u32, " };
    format!("fn {name}({mask}value: u32{params}) -> u32 {{\n")
}

/// `group`: who takes part together with this lane. A lane that takes no part has the mask 0.
fn group(lanes: Lanes) -> &'static str {
    match lanes {
        Lanes::All => "  let group = warp.ballot(true)\n",
        Lanes::Named => "  let present = warp.ballot(true)\n  let group = present & mask\n",
        Lanes::Present => "  let present = warp.ballot(mask != 0u32)\n  let group = present & mask\n",
    }
}

fn shuffle(name: &str, kind: Move, lanes: Lanes) -> String {
    let (operand, wanted, reaches) = kind.source();
    let head = head(name, &format!(", {operand}: u32, width: u32"), lanes);
    let (group, there) = match lanes {
        Lanes::All => ("", "threadRank - lane + wanted < threadCount"),
        _ => (group(lanes), "(group >> (wanted & 31u32) & 1u32) != 0u32"),
    };
    format!(
        "\
{head}{group}  let wanted = {wanted}
  let source = {reaches}{there} ? wanted : lane
  let result = warp.shuffle(value, source, 32)
  return result
}}
"
    )
}

/// Those whose value has the same bits, one after the other.
fn match_any(name: &str, lanes: Lanes) -> String {
    let (head, group) = (head(name, "", lanes), group(lanes));
    let value = if lanes == Lanes::Present { "(mask != 0u32 ? value : 0u32)" } else { "value" };
    format!(
        "\
{head}{group}  var result: u32 = group
  var bit: u32 = 0u32
  for bit < 32u32 {{
    let mine = ({value} >> bit & 1u32) != 0u32
    let votes = warp.ballot(mine)
    result = result & (mine ? votes : ~votes)
  }} update {{
    bit = bit + 1u32
  }}
  return result
}}
"
    )
}

/// All compare with the first of the group.
fn match_all(name: &str, lanes: Lanes) -> String {
    let (head, group) = (head(name, "", lanes), group(lanes));
    let takes_part = if lanes == Lanes::Present { "mask != 0u32 && " } else { "" };
    format!(
        "\
{head}{group}  let first = group == 0u32 ? lane : u32(count_trailing_zeros(group))
  let theirs = warp.shuffle(value, first, 32)
  let others = warp.ballot({takes_part}theirs != value)
  return (others & group) == 0u32 ? group : 0u32
}}
"
    )
}

/// Each lane shows its value to all, so that groups of any shape find theirs.
fn reduce(name: &str, fold: Fold, lanes: Lanes, warp_size: u32) -> String {
    let (head, group) = (head(name, "", lanes), group(lanes));
    let (first, next) = fold.step();
    format!(
        "\
{head}{group}  var result: u32 = {first}
  var other: u32 = 0u32
  for other < {warp_size}u32 {{
    let takesPart = (group >> other & 1u32) != 0u32
    let theirs = warp.shuffle(value, takesPart ? other : lane, 32)
    if takesPart {{
      result = {next}
    }}
  }} update {{
    other = other + 1u32
  }}
  return result
}}
"
    )
}
