//! What the cases give, by the PTX ISA's sections on `shfl.sync`, `vote.sync`, `match.sync` and `redux.sync`.

use super::cases::{BY_THREAD, Case, Mask, Operation, Ty};
use super::shapes::Visit;
use super::{Matrix, input};

/// What one lane brings.
#[derive(Clone, Copy)]
struct Lane {
    lane: u32,
    mask: u32,
    /// The thread's word in this round, and the value that the operation sees.
    x: u32,
    value: u64,
    operand: u32,
}

impl Matrix {
    /// `out`: for each case a word of each thread.
    pub fn expected(&self) -> Vec<u32> {
        self.cases.iter().flat_map(|case| (0..self.threads()).map(|t| self.result(case, t))).collect()
    }

    fn result(&self, case: &Case, t: u32) -> u32 {
        if self.shape.has_exited(t % self.warp) {
            return 0;
        }
        self.visits(t).into_iter().fold(0u32, |result, visit| {
            let present: Vec<Lane> =
                self.warp(t).filter(|&t| self.visits(t).contains(&visit)).map(|t| bring(case, t % self.warp, t, visit)).collect();
            // The mask that each comes with may itself be the answer of those present.
            let masks: Vec<u32> = present.iter().map(|lane| mask(case, self, lane, visit, &present)).collect();
            let present: Vec<Lane> = present.iter().zip(masks).map(|(lane, mask)| Lane { mask, ..*lane }).collect();
            let own = present.iter().find(|lane| lane.lane == t % self.warp).expect("the thread itself is there");
            let group: Vec<Lane> = present.iter().filter(|lane| own.mask >> lane.lane & 1 == 1).copied().collect();
            result.wrapping_mul(31).wrapping_add(answer(case, own, &group))
        })
    }

    /// Threads of the warp that exist and live.
    fn warp(&self, t: u32) -> impl Iterator<Item = u32> {
        let (shape, warp) = (self.shape, self.warp);
        let first = t / warp * warp;
        (first..(first + warp).min(self.threads())).filter(move |t| !shape.has_exited(t % warp))
    }

    fn visits(&self, t: u32) -> Vec<Visit> {
        let memory = self.warp(t).filter(|t| input(*t) & 1 == 1).fold(0, |mask, t| mask | 1 << (t % self.warp));
        self.shape.visits(self.warp, t % self.warp, t / self.warp, input(t), memory)
    }
}

fn bring(case: &Case, lane: u32, t: u32, visit: Visit) -> Lane {
    let x = input(t).wrapping_add(visit.k.wrapping_mul(0x9e37_79b9));
    let operand = if case.operand & BY_THREAD != 0 { (t + (case.operand & 31)) % 5 } else { case.operand };
    Lane { lane, mask: 0, x, value: value(case, x), operand }
}

fn value(case: &Case, x: u32) -> u64 {
    let x = if matches!(case.operation, Operation::MatchAny | Operation::MatchAll) { x % 3 } else { x };
    match case.ty {
        Ty::Int | Ty::Uint => x.into(),
        Ty::Long | Ty::Ulong => u64::from(x).wrapping_mul(4_294_967_299),
        Ty::Float => ((x & 0xffff) as f32 * 0.25).to_bits().into(),
        Ty::Double => (f64::from(x) * 0.125).to_bits(),
        Ty::Half => (x & 0x7bff).into(),
    }
}

fn mask(case: &Case, matrix: &Matrix, own: &Lane, visit: Visit, present: &[Lane]) -> u32 {
    let bits =
        |test: &dyn Fn(&Lane) -> bool| present.iter().filter(|lane| test(lane)).fold(0, |mask, lane| mask | 1 << lane.lane);
    match case.mask {
        Mask::Region => visit.region,
        Mask::Parity => visit.region & if own.lane % 2 == 1 { 0xaaaa_aaaa } else { 0x5555_5555 },
        Mask::Vote => {
            let yes = bits(&|lane| lane.x & 2 != 0);
            if own.x & 2 != 0 { yes } else { visit.region & !yes }
        }
        Mask::Active => bits(&|lane| matrix.shape.arm(matrix.warp, lane.lane) == matrix.shape.arm(matrix.warp, own.lane)),
    }
}

fn answer(case: &Case, own: &Lane, group: &[Lane]) -> u32 {
    let bits = |test: &dyn Fn(&Lane) -> bool| group.iter().filter(|lane| test(lane)).fold(0, |mask, lane| mask | 1 << lane.lane);
    let yes = |lane: &Lane| lane.x % 11 > 2;
    let word = |lane: &Lane| lane.value as u32;
    let signed = case.ty == Ty::Int;
    let fold = |f: fn(u32, u32) -> u32| group.iter().map(word).reduce(f).expect("the own lane is one");
    match case.operation {
        Operation::Shuffle | Operation::Up | Operation::Down | Operation::Xor => {
            let source = source(case, own);
            let value = group.iter().find(|lane| lane.lane == source).map_or(own.value, |lane| lane.value);
            if matches!(case.ty, Ty::Long | Ty::Ulong | Ty::Double) {
                value as u32 ^ ((value >> 32) as u32).wrapping_mul(31)
            } else {
                value as u32
            }
        }
        Operation::Any => group.iter().any(yes).into(),
        Operation::All => group.iter().all(yes).into(),
        Operation::Ballot => bits(&yes),
        Operation::MatchAny => bits(&|lane| lane.value == own.value),
        Operation::MatchAll => {
            let same = group.iter().all(|lane| lane.value == own.value);
            if same { bits(&|_| true).wrapping_add(7) } else { 0 }
        }
        Operation::ReduceAdd => fold(u32::wrapping_add),
        Operation::ReduceMin if signed => fold(|a, b| (a as i32).min(b as i32) as u32),
        Operation::ReduceMax if signed => fold(|a, b| (a as i32).max(b as i32) as u32),
        Operation::ReduceMin => fold(u32::min),
        Operation::ReduceMax => fold(u32::max),
        Operation::ReduceAnd => fold(|a, b| a & b),
        Operation::ReduceOr => fold(|a, b| a | b),
        Operation::ReduceXor => fold(|a, b| a ^ b),
        Operation::Sync => {
            // The next of the group, round to the first.
            let next = group.iter().find(|lane| lane.lane > own.lane).or(group.first()).expect("the own lane is one");
            next.x
        }
    }
}

/// PTX ISA, "shfl.sync": the pseudocode, with the `c` that CUDA makes of a width.
fn source(case: &Case, own: &Lane) -> u32 {
    let (lane, b) = (own.lane as i32, (own.operand & 31) as i32);
    let segment = (32 - case.width as i32) & 31;
    let clamp = if case.operation == Operation::Up { 0 } else { 31 };
    let most = (lane & segment) | (clamp & !segment & 31);
    let least = lane & segment;
    let (from, inside) = match case.operation {
        Operation::Up => (lane - b, lane - b >= most),
        Operation::Down => (lane + b, lane + b <= most),
        Operation::Xor => (lane ^ b, (lane ^ b) <= most),
        _ => (least | (b & !segment & 31), true),
    };
    if inside { from as u32 } else { own.lane }
}
