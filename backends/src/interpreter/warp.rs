//! Warp operations: 32 lanes, explicit masks, Volta's rules.
//!
//! A lane that comes to an operation waits until every lane of its mask that has not ended is at an operation of the same kind with the
//! same mask (CUDA guide, "Warp Shuffle Functions": all non-exited threads named in the mask must execute the same
//! intrinsic with the same mask). The source line may differ. `__activemask` has no mask; it answers when no lane of the warp can
//! run on, and its answer is the lanes that wait at the same place in the same round of each loop: those furthest behind in the program, since
//! the others may be waiting to meet them again.

use super::code::Code;
use super::fault::FaultKind;
use super::numbers::{binary, math2};
use super::thread::{State, Thread, WarpWait, is_shuffle};
use ir::{BinaryOp, MathFn, Scalar, WarpOp};

type Lanes<'a> = &'a mut [Thread];

/// Lanes of `warp` with a property, as a mask.
fn lanes_where(warp: &[Thread], test: impl Fn(&Thread) -> bool) -> u32 {
    (0..).zip(warp).filter(|(_, thread)| test(thread)).fold(0, |mask, (lane, _)| mask | 1u32 << lane)
}

/// Completes the operation that `lane` waits at if all its lanes are there. True if they were.
pub(super) fn try_complete(warp: Lanes, lane: usize, checked: bool) -> Result<bool, (usize, Box<FaultKind>)> {
    let Some(wait) = warp[lane].wait else { return Ok(false) };
    let Some(mask) = wait.mask else { return Ok(false) };
    if mask & 1 << lane == 0 {
        return Err((lane, FaultKind::LaneNotInMask { lane: lane as u32, mask }.into()));
    }
    let live = lanes_where(warp, |thread| thread.state != State::Done);
    let here = lanes_where(warp, |thread| is_same(thread, &wait));
    if mask & live & !here != 0 {
        return Ok(false);
    }
    complete(warp, mask & here, checked)?;
    Ok(true)
}

fn is_same(thread: &Thread, wait: &WarpWait) -> bool {
    thread.state == State::Warp && thread.wait.is_some_and(|other| other.op == wait.op && other.mask == wait.mask)
}

/// Called when no lane can run on: answers the `__activemask` of those who wait for it. True if there were some.
pub(super) fn complete_active_mask(warp: Lanes, codes: &[Code]) -> bool {
    let waits = |thread: &Thread| thread.state == State::Warp && thread.wait.is_some_and(|wait| wait.mask.is_none());
    let Some(place) = warp.iter().filter(|thread| waits(thread)).map(|thread| thread.path(codes)).min() else { return false };
    let group = lanes_where(warp, |thread| waits(thread) && thread.path(codes) == place);
    for (lane, thread) in warp.iter_mut().enumerate() {
        if group & 1 << lane != 0 {
            let dst = thread.wait.map_or(0, |wait| wait.dst);
            thread.resume(Some((dst, u64::from(group))));
        }
    }
    true
}

/// The mask that a lane waits for, and those of its lanes that never come, for the report of a deadlock.
pub(super) fn stuck(warp: &[Thread], lane: usize) -> Option<(u32, u32)> {
    let wait = warp[lane].wait?;
    let mask = wait.mask?;
    let live = lanes_where(warp, |thread| thread.state != State::Done);
    let here = lanes_where(warp, |thread| is_same(thread, &wait));
    Some((mask, mask & live & !here))
}

fn complete(warp: Lanes, group: u32, checked: bool) -> Result<(), (usize, Box<FaultKind>)> {
    let members: Vec<(usize, WarpWait)> = (0..)
        .zip(warp.iter())
        .filter(|(lane, _)| group & 1 << lane != 0)
        .filter_map(|(lane, thread)| Some((lane, thread.wait?)))
        .collect();
    let values: Vec<(u32, u64)> = members.iter().map(|(lane, wait)| (*lane as u32, wait.args[0])).collect();
    for (lane, wait) in &members {
        let result = match wait.op {
            None => None,
            Some(op) if is_shuffle(op) => {
                let (value, undefined) = shuffle(op, *lane, wait, &members, checked).map_err(|kind| (*lane, kind))?;
                Some((wait.dst, value, undefined))
            }
            Some(op) => Some((wait.dst, evaluate(op, wait, group, &values), false)),
        };
        warp[*lane].resume_with(result);
    }
    Ok(())
}

/// What a lane gets from another one, and whether that is undefined.
fn shuffle(
    op: WarpOp,
    lane: usize,
    wait: &WarpWait,
    members: &[(usize, WarpWait)],
    checked: bool,
) -> Result<(u64, bool), Box<FaultKind>> {
    let source = shuffle_source(op, lane as u32, wait.args[1] as u32, wait.args[2])?;
    match members.iter().find(|(lane, _)| *lane == source as usize) {
        Some((_, from)) => Ok((from.args[0], from.undefined)),
        // What hardware gives here is undefined; programs that discard it are common.
        None if checked => Err(FaultKind::InactiveLane { lane: lane as u32, source_lane: source }.into()),
        None => Ok((wait.args[0], wait.undefined)),
    }
}

fn evaluate(op: WarpOp, wait: &WarpWait, group: u32, all: &[(u32, u64)]) -> u64 {
    let where_value =
        |test: &dyn Fn(u64) -> bool| all.iter().filter(|(_, value)| test(*value)).fold(0, |mask, (lane, _)| mask | 1u32 << lane);
    let reduce = |f: &dyn Fn(u64, u64) -> u64| all.iter().map(|(_, value)| *value).reduce(f).unwrap_or(0);
    let by = |op: BinaryOp| binary(op, wait.scalar).map_or(0, |f| reduce(&f));
    let own = wait.args[0];
    match op {
        WarpOp::Any => u64::from(where_value(&|value| value != 0) != 0),
        WarpOp::All => u64::from(where_value(&|value| value == 0) == 0),
        WarpOp::Ballot => u64::from(where_value(&|value| value != 0)),
        WarpOp::ActiveMask => u64::from(group),
        WarpOp::MatchAny => u64::from(where_value(&|value| value == own)),
        WarpOp::MatchAll => u64::from(if where_value(&|value| value == own) == group { group } else { 0 }),
        WarpOp::Shuffle | WarpOp::ShuffleUp | WarpOp::ShuffleDown | WarpOp::ShuffleXor => unreachable!("`shuffle` moves values"),
        WarpOp::ReduceAdd => by(BinaryOp::Add),
        WarpOp::ReduceAnd => by(BinaryOp::And),
        WarpOp::ReduceOr => by(BinaryOp::Or),
        WarpOp::ReduceXor => by(BinaryOp::Xor),
        WarpOp::ReduceMin => extreme(MathFn::Min, BinaryOp::Lt, wait.scalar, all),
        WarpOp::ReduceMax => extreme(MathFn::Max, BinaryOp::Gt, wait.scalar, all),
    }
}

fn extreme(function: MathFn, better: BinaryOp, scalar: Scalar, all: &[(u32, u64)]) -> u64 {
    let pick = |a: u64, b: u64| match (math2(function, scalar), binary(better, scalar)) {
        (Some(f), _) => f(a, b),
        (None, Some(f)) => {
            if f(b, a) != 0 {
                b
            } else {
                a
            }
        }
        (None, None) => a,
    };
    all.iter().map(|(_, value)| *value).reduce(pick).unwrap_or(0)
}

/// PTX ISA, `shfl.sync`: the lane that a shuffle reads, the own one where that lies outside of the segment.
fn shuffle_source(op: WarpOp, lane: u32, operand: u32, width: u64) -> Result<u32, Box<FaultKind>> {
    if ![1, 2, 4, 8, 16, 32].contains(&width) {
        return Err(FaultKind::ShuffleWidth { width }.into());
    }
    let inside = width as u32 - 1;
    let (first, last) = (lane & !inside, lane | inside);
    let operand = operand & 31;
    Ok(match op {
        WarpOp::ShuffleUp => match lane.checked_sub(operand) {
            Some(source) if source >= first => source,
            _ => lane,
        },
        WarpOp::ShuffleDown => {
            if lane + operand <= last {
                lane + operand
            } else {
                lane
            }
        }
        // An xor may reach into earlier segments, not into later ones.
        WarpOp::ShuffleXor => {
            if lane ^ operand <= last {
                lane ^ operand
            } else {
                lane
            }
        }
        _ => first | operand & inside,
    })
}
