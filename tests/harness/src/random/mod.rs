//! Random kernels with their results: a small C that this module can print as CUDA and compute by itself.
//!
//! The same seed gives the same kernel everywhere. Every program is defined by C++: unsigned arithmetic wraps, amounts of shifts are masked, divisors
//! are odd, indices are masked, barriers are reached by all live threads. So every route must give exactly the values that [`Program::run`] gives,
//! which shares no code with the translator.

mod build;
mod eval;
pub mod lifetimes;
pub mod memory;
mod print;
pub mod recursion;
pub mod resolution;
mod source;

pub use build::program;

/// Threads of a block, blocks, and elements of each buffer.
pub const BLOCK: usize = 32;
pub const GRID: usize = 3;
pub const ELEMENTS: usize = 128;

/// Types of values. `Bool` only in conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    Int,
    Uint,
    Bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Add,
    Sub,
    Mul,
    /// The divisor is made odd.
    Div,
    Rem,
    And,
    Or,
    Xor,
    /// The amount is masked.
    Shl,
    Shr,
    Lt,
    Le,
    Eq,
    Ne,
    LogicalAnd,
    LogicalOr,
}

#[derive(Clone, Debug)]
pub enum Expr {
    Literal(Ty, u32),
    /// A variable of the thread.
    Var(usize),
    /// A parameter of the device function.
    Param(usize),
    ThreadIdx,
    BlockIdx,
    N,
    /// `in[e & 127]`, `bytes[e & 127]`, `shorts[e & 127]`, `pairs[e & 63].lo/.hi`
    In(Box<Expr>),
    Bytes(Box<Expr>),
    Shorts(Box<Expr>),
    Pair(Box<Expr>, bool),
    /// `tile[e & 31]`
    Tile(Box<Expr>),
    /// `local[e & 3]`
    Local(Box<Expr>),
    Binary(Op, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Complement(Box<Expr>),
    Negate(Box<Expr>),
    Select(Box<Expr>, Box<Expr>, Box<Expr>),
    Cast(Ty, Box<Expr>),
    /// `(unsigned char)e`, `(short)e`
    Narrow(bool, Box<Expr>),
    Call(usize, Vec<Expr>),
    /// `min(a, b)`, `max(a, b)`, `__popc(a)`, `__clz(a)`
    Min(Box<Expr>, Box<Expr>),
    Max(Box<Expr>, Box<Expr>),
    Popc(Box<Expr>),
    Clz(Box<Expr>),
}

#[derive(Clone, Debug)]
pub enum Stmt {
    Assign(usize, Expr),
    Compound(usize, Op, Expr),
    StoreLocal(Expr, Expr),
    StoreOut(Expr),
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// `for (int rK = 0; rK < count; rK++)`, at most a few rounds; the loop variable is variable `usize`.
    For(usize, Expr, Vec<Stmt>),
    /// `do { } while (--rK > 0 && cond)`
    DoWhile(usize, Expr, Vec<Stmt>),
    /// `switch (e & 3)`; a body may fall through into the next.
    Switch(Expr, Vec<(Vec<Stmt>, bool)>),
    BreakIf(Expr),
    ContinueIf(Expr),
    /// Adds through a pointer: `bump(&v, e)`.
    Bump(usize, Expr),
    AtomicAdd(Expr, Expr),

    // Of the block as a whole: conditions are the same for all live threads.
    WriteTile(Expr),
    Barrier,
    ReturnIf(Expr),
    UniformIf(Expr, Vec<Stmt>),
    UniformFor(usize, Expr, Vec<Stmt>),
    UniformBreakIf(Expr),
}

/// `__device__ unsigned fK(unsigned p0, int p1) { if (cond) return early; return result; }`
#[derive(Clone, Debug)]
pub struct Function {
    pub params: Vec<Ty>,
    pub condition: Expr,
    pub early: Expr,
    pub result: Expr,
}

#[derive(Clone, Debug)]
pub struct Program {
    pub seed: u64,
    pub n: u32,
    pub vars: Vec<Ty>,
    pub functions: Vec<Function>,
    pub body: Vec<Stmt>,
}

/// What kernels read. Fixed, so that a failing seed can be studied without its data.
pub fn input(i: usize) -> u32 {
    (i as u32).wrapping_mul(2_654_435_761).rotate_left(7) ^ 0x9e37
}

pub fn byte(i: usize) -> u8 {
    (input(i + 300) >> 8) as u8
}

pub fn short(i: usize) -> i16 {
    (input(i + 700) >> 5) as i16
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
    fn most_programs_compute_something() {
        let busy = (0..50).filter(|seed| program(*seed).run().0.iter().any(|&value| value != 0)).count();
        assert!(busy > 40, "{busy}");
    }
}
