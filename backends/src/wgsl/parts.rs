//! Bytes and halfwords of a word, which memory views of words are full of, as calls with names.
//!
//! ```text
//! (b[i >> 2] >> ((i & 3) << 3)) & 255                       byteOf(b[i >> 2], i)
//! (i32((b[i >> 2] >> ((i & 3) << 3)) & 255) << 24) >> 24    signedByteOf(b[i >> 2], i)
//! ```

use super::expr::Printed;
use super::function::FunctionWriter;
use super::helpers::Helper;
use ir::{BinaryOp, Expr, ExprId, Scalar};

/// A part of a word at a byte address: both are `u32`.
struct Part {
    word: ExprId,
    address: ExprId,
    bits: u32,
}

impl FunctionWriter<'_, '_> {
    /// The call that an expression stands for, if it takes a part of a word and the address is not constant.
    pub(super) fn part_of_word(&mut self, id: ExprId) -> Option<Printed> {
        let (part, signed) = match (self.unsigned_part(id), self.extended_part(id)) {
            (Some(part), _) => (part, false),
            (None, part) => (part?, true),
        };
        let helper = self.module.use_helper(Helper::Part { bits: part.bits, signed });
        let (word, address) = (self.plain(part.word), self.plain(part.address));
        Some(Printed::primary(format!("{helper}({word}, {address})")))
    }

    /// `(word >> ((address & 3) << 3)) & 255`, or `& 2` and `& 65535`.
    fn unsigned_part(&self, id: ExprId) -> Option<Part> {
        let (moved, mask) = self.operands(BinaryOp::And, id)?;
        let (bits, inside) = match self.small_constant(mask)? {
            0xff => (8, 3),
            0xffff => (16, 2),
            _ => return None,
        };
        let (word, shift) = self.operands(BinaryOp::Shr, moved)?;
        let (byte, three) = self.operands(BinaryOp::Shl, shift)?;
        let (address, kept) = self.operands(BinaryOp::And, byte)?;
        let is_part = self.small_constant(three) == Some(3) && self.small_constant(kept) == Some(inside);
        let are_words = [word, address].iter().all(|id| self.scalar(*id) == Some(Scalar::U32));
        (is_part && are_words).then_some(Part { word, address, bits })
    }

    /// The same with its sign: `(i32(part) << 24) >> 24`.
    fn extended_part(&self, id: ExprId) -> Option<Part> {
        let (moved, back) = self.operands(BinaryOp::Shr, id)?;
        let (value, amount) = self.operands(BinaryOp::Shl, moved)?;
        let Expr::Convert { value: part, to: Scalar::I32 } = *self.function.expr(value) else { return None };
        let part = self.unsigned_part(part)?;
        let whole = Some(u64::from(32 - part.bits));
        (self.small_constant(amount) == whole && self.small_constant(back) == whole).then_some(part)
    }

    fn operands(&self, wanted: BinaryOp, id: ExprId) -> Option<(ExprId, ExprId)> {
        match *self.function.expr(id) {
            Expr::Binary { op, a, b } if op == wanted => Some((a, b)),
            _ => None,
        }
    }

    fn small_constant(&self, id: ExprId) -> Option<u64> {
        match *self.function.expr(id) {
            Expr::Const { scalar, bits } if scalar.is_int() => Some(bits),
            _ => None,
        }
    }
}
