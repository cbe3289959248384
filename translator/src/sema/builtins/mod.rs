//! CUDA's built-ins, one row each: name, IR operation, section of NVIDIA's guide.
//!
//! Their prototypes stand in `include/translate_builtins.h`, so overload resolution treats them like any other function; the row says
//! what a call becomes. What can be written in CUDA C++ over these is written in the shipped headers.

mod atomics;
mod math;
mod memory;
mod thread;
mod warp;

use ir::{AtomicOp, BlockVote, Geometry, MathFn, Scope, WarpOp};

/// What a call of a built-in becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Math(MathFn),
    /// The position of the lowest set bit from 1, 0 for none.
    FindFirstSet,
    Bitcast,
    Barrier,
    /// At a barrier object, of which a number is given.
    Arrive,
    /// Others go on before the thread asks again.
    Yield,
    /// Of all blocks; the shipped cooperative groups call it.
    GridBarrier,
    BlockVote(BlockVote),
    WarpBarrier,
    /// Of so many neighbouring threads.
    TileBarrier,
    Fence(Scope),
    Atomic(AtomicOp, Scope),
    /// Value, lane and width, all by the mask's lanes.
    Shuffle(WarpOp),
    Vote(WarpOp),
    ActiveMask,
    /// Value: the lanes that have an equal one; the combined value of all.
    Match(WarpOp),
    Reduce(WarpOp),
    Printf,
    AssertFail,
    Trap,
    /// The thread's place, for the shipped headers: what they say of it holds for blocks of any shape.
    Geometry(Geometry),
    /// A counter that rises with each reading, as wide as the result.
    Clock,
    /// Hints to the optimiser: the arguments are evaluated.
    Nothing,
    /// The first argument.
    First,
    Copy,
    Fill,
}

/// One built-in.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    pub name: &'static str,
    pub operation: Operation,
    /// Section of the CUDA C++ Programming Guide or of the math API.
    pub section: &'static str,
}

const fn row(name: &'static str, operation: Operation, section: &'static str) -> Builtin {
    Builtin { name, operation, section }
}

/// All rows, by family.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    [thread::TABLE, atomics::TABLE, math::TABLE, warp::TABLE, memory::TABLE].into_iter().flatten()
}

/// The row of a name. Atomics have three scopes: `atomicAdd`, `atomicAdd_block`, `atomicAdd_system`.
pub fn find(name: &str) -> Option<Builtin> {
    if let Some(row) = all().find(|row| row.name == name) {
        return Some(*row);
    }
    let (base, scope) = match (name.strip_suffix("_block"), name.strip_suffix("_system")) {
        (Some(base), _) => (base, Scope::Block),
        (_, Some(base)) => (base, Scope::System),
        _ => return None,
    };
    let row = all().find(|row| row.name == base)?;
    match row.operation {
        Operation::Atomic(op, _) => Some(Builtin { operation: Operation::Atomic(op, scope), ..*row }),
        _ => None,
    }
}

/// The table as a page for people: `translator/MAPPING.md`.
pub fn mapping_page() -> String {
    let mut page = String::from(
        "# CUDA's built-ins and what they become\n\nMade from the table in `src/sema/builtins/`; `BLESS=1 cargo test -p translator` writes it again.\n\n| CUDA | IR | NVIDIA's guide |\n| --- | --- | --- |\n",
    );
    for row in all() {
        page.push_str(&format!("| `{}` | `{:?}` | {} |\n", row.name, row.operation, row.section));
    }
    page
}
