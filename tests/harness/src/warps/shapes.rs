//! Ways in which threads come to an operation: as text, and as the list of visits of each thread.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    All,
    Half,
    Odd,
    Arms,
    Shared,
    Rounds,
    Exited,
    Warps,
    Memory,
    Switch,
    WarpLoop,
    Nested,
    Continue,
    Break,
}

/// A thread comes by for the `k`-th time, together with the lanes of `region` (as far as they exist and live).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    pub k: u32,
    pub region: u32,
}

impl Shape {
    pub const ALL: [Shape; 14] = [
        Shape::All,
        Shape::Half,
        Shape::Odd,
        Shape::Arms,
        Shape::Shared,
        Shape::Rounds,
        Shape::Exited,
        Shape::Warps,
        Shape::Memory,
        Shape::Switch,
        Shape::WarpLoop,
        Shape::Nested,
        Shape::Continue,
        Shape::Break,
    ];

    /// Has the lane left the kernel before the first case?
    pub fn has_exited(self, lane: u32) -> bool {
        self == Shape::Exited && lane % 7 == 3
    }

    /// Lanes in different arms meet at an operation, and are not found together by `__activemask`.
    pub fn arm(self, warp: u32, lane: u32) -> bool {
        self == Shape::Shared && lane < part(12, warp)
    }

    /// `memory` is the region that `Shape::Memory` finds in the thread's warp.
    pub fn visits(self, size: u32, lane: u32, warp: u32, input: u32, memory: u32) -> Vec<Visit> {
        let part = |lanes| part(lanes, size);
        let once = |yes: bool, region: u32| if yes { vec![Visit { k: 0, region }] } else { Vec::new() };
        let rounds = |inside: &dyn Fn(u32, u32) -> bool| {
            let visit = |k| Visit { k, region: lanes(|lane| inside(lane, k)) };
            (0..3).filter(|k| inside(lane, *k)).map(visit).collect()
        };
        match self {
            Shape::All | Shape::Exited | Shape::Shared => once(true, u32::MAX),
            Shape::Half => once(lane < part(16), below(part(16))),
            Shape::Odd => once(lane % 2 == 1, 0xaaaa_aaaa),
            Shape::Arms => once(true, if lane < part(12) { below(part(12)) } else { !below(part(12)) }),
            Shape::Rounds => rounds(&|lane, k| k <= lane % 3),
            Shape::Warps => once(warp % 2 == 1, u32::MAX),
            Shape::Memory => once(input & 1 == 1, memory),
            Shape::Switch => once(true, [0x1111_1111, 0xaaaa_aaaa, 0x4444_4444, 0xaaaa_aaaa][lane as usize % 4]),
            Shape::WarpLoop => (0..=warp % 3).map(|k| Visit { k, region: u32::MAX }).collect(),
            Shape::Nested => {
                let (inside, middle) = (below(part(24)), below(part(24)) & !below(part(8)));
                let inner = once((part(8)..part(24)).contains(&lane), middle);
                inner.into_iter().chain((lane < part(24)).then_some(Visit { k: 1, region: inside })).collect()
            }
            Shape::Continue => rounds(&|lane, k| lane % 4 != k),
            Shape::Break => rounds(&|lane, k| (0..=k).all(|k| lane % 8 != k + 2)),
        }
    }

    /// `body` in its surroundings; it may use `region` and `k`.
    pub fn around(self, size: u32, body: &str) -> String {
        let [eight, twelve, half, most] = [8, 12, 16, 24].map(|lanes| part(lanes, size));
        let visit = |k: u32, region: u32| format!("{{ const int k = {k}; const unsigned region = {region:#x}u; {body} }}");
        let by_round = |inside: &dyn Fn(u32, u32) -> bool| {
            let region = |k| lanes(|lane| inside(lane, k));
            format!("const unsigned region = k == 0 ? {:#x}u : k == 1 ? {:#x}u : {:#x}u; {body}", region(0), region(1), region(2))
        };
        match self {
            Shape::All | Shape::Exited => visit(0, u32::MAX),
            Shape::Half => format!("if (lane < {half}) {}", visit(0, below(half))),
            Shape::Odd => format!("if (lane & 1) {}", visit(0, 0xaaaa_aaaa)),
            Shape::Shared => format!("if (lane < {twelve}) {} else {}", visit(0, u32::MAX), visit(0, u32::MAX)),
            Shape::Arms => format!("if (lane < {twelve}) {} else {}", visit(0, below(twelve)), visit(0, !below(twelve))),
            Shape::Rounds => format!("for (int k = 0; k <= lane % 3; k++) {{ {} }}", by_round(&|lane, k| k <= lane % 3)),
            Shape::Warps => format!("if (warp % 2 == 1) {}", visit(0, u32::MAX)),
            Shape::Memory => format!(
                "const bool in = data[t] & 1u; const unsigned region = __ballot_sync(0xffffffffu, in); if (in) {{ const int k = 0; {body} }}"
            ),
            Shape::Switch => format!(
                "switch (lane & 3) {{ case 0: {} break; case 1: case 3: {} break; default: {} }}",
                visit(0, 0x1111_1111),
                visit(0, 0xaaaa_aaaa),
                visit(0, 0x4444_4444)
            ),
            Shape::WarpLoop => {
                format!("int k = 0; while (true) {{ if (k > warp % 3) break; const unsigned region = 0xffffffffu; {body} k++; }}")
            }
            Shape::Nested => {
                let (inside, middle) = (below(most), below(most) & !below(eight));
                format!("if (lane < {most}) {{ if (lane >= {eight}) {} {} }}", visit(0, middle), visit(1, inside))
            }
            Shape::Continue => {
                format!("for (int k = 0; k < 3; k++) {{ if (lane % 4 == k) continue; {} }}", by_round(&|lane, k| lane % 4 != k))
            }
            Shape::Break => format!(
                "for (int k = 0; k < 3; k++) {{ if (lane % 8 == k + 2) break; {} }}",
                by_round(&|lane, k| (0..=k).all(|k| lane % 8 != k + 2))
            ),
        }
    }
}

/// So many of 32 lanes, in a warp of `size`.
fn part(lanes: u32, size: u32) -> u32 {
    lanes * size / 32
}

fn below(lanes: u32) -> u32 {
    (1 << lanes) - 1
}

fn lanes(inside: impl Fn(u32) -> bool) -> u32 {
    (0..32).filter(|lane| inside(*lane)).fold(0, |mask, lane| mask | 1 << lane)
}
