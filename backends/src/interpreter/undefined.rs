//! Undefined values in registers.
//!
//! Working programs move undefined values around: they copy shared memory that nobody has written yet, or compute with it and throw
//! the result away; the last block of a grid often does so with the items that are not there. So an undefined value may be loaded, copied,
//! computed with and shuffled. It is a fault to use it as an address or an operand of an atomic or a vote, to print it, or to store it to
//! global memory; and with `sanitize`, to branch on it. A thread pays for the marks from its first undefined value on.

use super::code::{Instr, Reg};

/// Moves the marks as `instr` moves values. `Err` if an undefined value decides what happens. Instructions with memory or other threads
/// are the thread's own matter, but for their addresses.
pub(super) fn step(instr: &Instr, marks: &mut [u8], may_branch: bool) -> Result<(), ()> {
    let mark = |reg: Reg| marks[reg as usize];
    let (dst, value) = match *instr {
        Instr::Copy { dst, src } => (dst, mark(src)),
        Instr::Unary { dst, a, .. } => (dst, mark(a)),
        Instr::Binary { dst, a, b, .. }
        | Instr::Diff { dst, a, b, .. }
        | Instr::And { dst, a, b }
        | Instr::Or { dst, a, b }
        | Instr::Xor { dst, a, b }
        | Instr::AddI32 { dst, a, b }
        | Instr::SubI32 { dst, a, b }
        | Instr::MulI32 { dst, a, b }
        | Instr::AddU32 { dst, a, b }
        | Instr::SubU32 { dst, a, b }
        | Instr::MulU32 { dst, a, b }
        | Instr::ShlU32 { dst, a, b }
        | Instr::ShrU32 { dst, a, b }
        | Instr::AddF32 { dst, a, b }
        | Instr::SubF32 { dst, a, b }
        | Instr::MulF32 { dst, a, b } => (dst, mark(a) | mark(b)),
        Instr::Ternary { dst, a, b, c, .. } => (dst, mark(a) | mark(b) | mark(c)),
        Instr::Index { dst, base, index, .. } => (dst, mark(base) | mark(index)),
        Instr::AddConst { dst, base, .. } => (dst, mark(base)),
        Instr::SlotAddr { dst, .. } => (dst, 0),
        Instr::JumpIf { .. } | Instr::JumpUnless { .. } | Instr::JumpIfCompare { .. } | Instr::JumpUnlessCompare { .. }
            if may_branch =>
        {
            return Ok(());
        }
        Instr::Switch { .. } if may_branch => return Ok(()),
        Instr::JumpIf { condition, .. } | Instr::JumpUnless { condition, .. } | Instr::Assert { condition, .. } => {
            return need(mark(condition));
        }
        Instr::JumpIfCompare { a, b, .. } | Instr::JumpUnlessCompare { a, b, .. } => return need(mark(a) | mark(b)),
        Instr::Switch { selector, .. } => return need(mark(selector)),
        Instr::Load { addr, .. } | Instr::Store { addr, .. } | Instr::CopyIn { addr, .. } | Instr::CopyOut { addr, .. } => {
            return need(mark(addr));
        }
        Instr::Clock { dst, .. } => (dst, 0),
        Instr::BlockVote { src, dst, .. } | Instr::BlockBroadcast { src, dst } => {
            need(mark(src))?;
            (dst, 0)
        }
        Instr::TileBarrier { threads } => return need(mark(threads)),
        Instr::WarpBarrier { mask } => return need(mask.map_or(0, mark)),
        _ => return Ok(()),
    };
    marks[dst as usize] = value;
    Ok(())
}

fn need(mark: u8) -> Result<(), ()> {
    if mark == 0 { Ok(()) } else { Err(()) }
}
