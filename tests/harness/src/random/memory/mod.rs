//! Random kernels about memory: overlapping views of one buffer, of shared and of local memory, with the bytes that they must leave.
//!
//! Each thread owns some bytes of each memory and reads and writes them as chars, shorts, ints, floats, vectors, structs, unions and bit-fields,
//! through casts, typed pointers, references and functions. Neighbouring threads own neighbouring bytes, so a store that
//! touches more than its own bytes is seen. [`Program::run`] works on plain bytes and shares no code with the translator;
//! the file that [`Program`] prints is also plain enough for g++ ([`host`]).
//!
//! One program in sixteen is as long as a kernel of an application, the others have a few statements: nearly all the time of a program on a
//! device is its driver's compiler's (lavapipe: 1.4 s for a long one, a tenth for a short one).
//!
//! Everything is defined by CUDA: accesses are aligned, bytes are written before they are read, padding is never looked at,
//! bools are read as bytes. Casts between pointer types break C++'s aliasing rule, which device compilers do not use (g++: `-fno-strict-aliasing`).

mod accesses;
mod build;
mod eval;
mod host;
mod print;
mod types;

pub use build::program;
pub use host::host_program;
use types::{Prim, Record, Ty};

/// Threads of a block, and blocks.
pub const BLOCK: u32 = 16;
pub const GRID: u32 = 2;
pub const THREADS: u32 = BLOCK * GRID;
/// Variables of a thread. All are unsigned.
const VARS: usize = 4;
/// Bytes of the read-only input.
const INPUT: u32 = 256;

/// Memory that accesses start from, always as bytes of the running thread unless said otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    /// The thread's part of the buffer `data`.
    Own,
    /// The same bytes through another parameter.
    Alias,
    /// A variable of the thread.
    Mine,
    /// Static shared memory.
    Tile,
    /// Dynamic shared memory.
    Pool,
    /// A few bytes of a buffer, with no gap to the neighbours'.
    Packed,
    /// The same in shared memory.
    PackedTile,
    /// Read only.
    Input,
    Table,
    /// The `Tile` or `PackedTile` of another thread, between barriers.
    Neighbour {
        packed: bool,
        distance: u32,
    },
    /// Wherever the pointer `qN` points, by its number; only in its scope.
    Pointer(usize),
}

/// The memories of [`Program::scratch`].
const SCRATCH: [Root; 4] = [Root::Mine, Root::Tile, Root::Pool, Root::PackedTile];

impl Root {
    /// The memory that must be there for it; pointers mark theirs where they are made.
    fn scratch(self) -> Option<usize> {
        let memory = match self {
            Root::Neighbour { packed: true, .. } => Root::PackedTile,
            Root::Neighbour { packed: false, .. } => Root::Tile,
            root => root,
        };
        SCRATCH.iter().position(|&scratch| scratch == memory)
    }

    /// Are there threads for which the two are one memory?
    fn may_overlap(self, other: Root) -> bool {
        let memory = |root| match root {
            Root::Alias => Root::Own,
            Root::Neighbour { packed: true, .. } => Root::PackedTile,
            Root::Neighbour { packed: false, .. } => Root::Tile,
            root => root,
        };
        let is_pointer = |root| matches!(root, Root::Pointer(_));
        is_pointer(self) || is_pointer(other) || memory(self) == memory(other)
    }
}

/// A place of a type: bytes `offset + (index & mask) * stride` of a root, then down to a leaf.
#[derive(Clone, Debug)]
struct Access {
    root: Root,
    ty: Ty,
    offset: u32,
    index: Option<Index>,
    steps: Vec<Step>,
    spelling: Spelling,
}

#[derive(Clone, Debug)]
struct Index {
    value: Box<Expr>,
    mask: u32,
    stride: u32,
}

/// One step from a place of a type into it.
#[derive(Clone, Debug)]
enum Step {
    /// `.fN` of a record.
    Field(usize),
    /// `.x` of a vector.
    Lane(u32),
    /// `[e & mask]` of an array.
    Element(Box<Expr>, u32),
}

/// How the place of a type is written. Those that do not fit an access are printed as the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// `*(T*)(own + 8)`
    Cast,
    /// `((T*)own)[2]`
    Indexed,
    /// `*(T*)((short*)own + 4)`
    ThroughShorts,
    /// `at<T>(own, 8)`, a function that returns a reference.
    Reference,
    /// `data[rank * 16 + 2]`, where the root is declared with this type.
    Declared,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Op {
    Add,
    Sub,
    Mul,
    And,
    Or,
    Xor,
    /// The amount is masked.
    Shl,
    Shr,
    Lt,
    Eq,
}

/// All values are unsigned.
#[derive(Clone, Debug)]
enum Expr {
    Literal(u32),
    Var(usize),
    /// The counter of a loop.
    Counter(usize),
    Thread,
    Rank,
    /// A scalar or bit-field: integers converted, floats as their bits, wide ones folded.
    Load(Box<Access>),
    Binary(Op, Box<Expr>, Box<Expr>),
    Select(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `(unsigned)(T)e` for a small integer type.
    Narrow(Prim, Box<Expr>),
}

/// How an unsigned value becomes a float to store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Float {
    Bits,
    OfShort,
}

#[derive(Clone, Debug)]
enum Stmt {
    Assign(usize, Expr),
    Store(Access, Float, Expr),
    /// `place op= value` on integers and bit-fields.
    Compound(Access, Op, Expr),
    /// Places of one type without padding.
    Copy(Access, Access),
    /// `T t = from; t.steps = value; to = t;`
    Modify {
        to: Access,
        from: Access,
        leaf: Vec<Step>,
        float: Float,
        value: Expr,
    },
    /// `bump(&place, value)`, a function template over the pointee.
    Bump(Access, Expr),
    Atomic(Access, Op, Expr),
    /// `for (T *p = start, *end = p + count; p != end; ++p)`: hashes what it sees into a variable, and may write.
    Walk {
        root: Root,
        prim: Prim,
        offset: u32,
        count: u32,
        var: usize,
        write: Option<Expr>,
    },
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    For(usize, u32, Vec<Stmt>),
    /// `unsigned char* qN = cond ? a + n : b + m;` for the statements inside.
    Pointer {
        number: usize,
        condition: Expr,
        accept: (Root, u32),
        reject: (Root, u32),
        body: Vec<Stmt>,
    },
    Barrier,
    /// A loop of the whole block, with barriers inside.
    Rounds(usize, u32, Vec<Stmt>),
}

/// How a memory is declared: `float4* data`, `__shared__ Record tile[4]`.
#[derive(Clone, Debug)]
struct Declared {
    own: Ty,
    /// Where there is such a parameter.
    alias: Option<Ty>,
    mine: Ty,
    tile: Ty,
    pool: Prim,
    input: Ty,
}

/// A kernel with its data.
#[derive(Clone, Debug)]
pub struct Program {
    seed: u64,
    records: Vec<Record>,
    declared: Declared,
    /// Bytes of `Packed` and `PackedTile` for each thread.
    packed: [u32; 2],
    /// Those of `Mine`, `Tile`, `Pool` and `PackedTile` that a statement names. The others are not even declared: each costs a compiler time.
    used: [bool; 4],
    counters: usize,
    body: Vec<Stmt>,
}

/// What the buffers hold after the launch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    pub data: Vec<u8>,
    pub packed: Vec<u8>,
    pub out: Vec<u32>,
}

impl Program {
    /// Bytes of a root that one thread owns, and their alignment. Pointers are known to their users.
    fn extent(&self, root: Root) -> (u32, u32) {
        let packed = |size: u32| (size, 1 << size.trailing_zeros().min(2));
        match root {
            Root::Own | Root::Alias | Root::Mine | Root::Tile | Root::Table => (64, 16),
            Root::Pool => (32, 16),
            Root::Packed => packed(self.packed[0]),
            Root::PackedTile | Root::Neighbour { packed: true, .. } => packed(self.packed[1]),
            Root::Neighbour { packed: false, .. } => (64, 16),
            Root::Input => (INPUT, 16),
            Root::Pointer(_) => (16, 4),
        }
    }

    fn uses(&self, root: Root) -> bool {
        SCRATCH.iter().zip(self.used).any(|(&scratch, used)| used && scratch == root)
    }

    /// What a thread has for itself and reports: which memory, how many bytes, and how far apart neighbours begin in the input that fills it.
    fn scratch(&self) -> impl Iterator<Item = (Root, u32, u32)> {
        let all = [(Root::Mine, 64, 5), (Root::Tile, 64, 7), (Root::Pool, 32, 11), (Root::PackedTile, self.packed[1], 13)];
        all.into_iter().zip(self.used).filter(|(_, used)| *used).map(|(memory, _)| memory)
    }

    /// Words of `out` for each thread: its memories, `PackedTile` byte by byte, and the variables.
    fn out_words(&self) -> u32 {
        let words = |(root, bytes, _)| if root == Root::PackedTile { bytes } else { bytes / 4 };
        self.scratch().map(words).sum::<u32>() + VARS as u32
    }
}

/// What memory holds before the launch. Fixed, so that a failing seed can be studied without its data.
fn noise(index: u32, salt: u32) -> u8 {
    let mixed = (index ^ salt << 20).wrapping_mul(0x9e37_79b1);
    ((mixed ^ mixed >> 15).wrapping_mul(0x85eb_ca77) >> 13) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_program() {
        assert_eq!(program(7).to_string(), program(7).to_string());
        assert_ne!(program(7).to_string(), program(8).to_string());
        assert_eq!(program(7).run(), program(7).run());
    }

    #[test]
    fn programs_change_their_memory() {
        let idle = |seed| Program { body: Vec::new(), ..program(seed) }.run();
        let busy = (0..200).filter(|&seed| program(seed).run() != idle(seed)).count();
        assert!(busy > 195, "{busy}");
    }
}
