//! Vectors and structs of bytes and halfwords in memory made of words: each word is read and written once.
//!
//! ```text
//! let c = p[i]  (u8x4)       let word = p[i]
//!                            let c = u8x4(u8(word & 255), u8(word >> 8 & 255), ...)
//! p[i] = u8x4(r, g, b, a)    p[i] = r | g << 8 | b << 16 | a << 24
//! ```
//!
//! A word whose bytes all belong to the value needs no exchange loop: nobody else may write to it at the same time. Where some
//! bytes are padding or belong to others, what is stored keeps them.

use super::super::Refusal;
use super::super::address::Address;
use super::super::words::{bits_of, part_of_word};
use super::Rewriter;
use crate::common::ordered::OrderedMap;
use ir::{BinaryOp, Expr, ExprId, Scalar, Stmt, StmtKind, Type, TypeId};
use source::Span;

/// A scalar of the value that is stored, at its offset.
struct Leaf {
    offset: i64,
    scalar: Scalar,
    ty: TypeId,
    value: ExprId,
}

impl Rewriter<'_> {
    /// Does the value start at a word's start, and has it parts smaller than a word?
    pub(super) fn is_packed(&self, address: &Address, ty: TypeId) -> bool {
        let types = &self.module.tables.types;
        let aligned = address.granularity().is_multiple_of(4) || types.align_of(ty).is_multiple_of(4);
        aligned && types.as_scalar(ty).is_none() && has_narrow(types, ty)
    }

    pub(super) fn load_packed(
        &mut self,
        address: &Address,
        ty: TypeId,
        volatile: bool,
        span: Span,
        before: &mut Vec<Stmt>,
    ) -> Result<ExprId, Refusal> {
        let mut words = OrderedMap::default();
        self.unpack(address, 0, ty, volatile, span, &mut words, before)
    }

    #[allow(clippy::too_many_arguments)]
    fn unpack(
        &mut self,
        address: &Address,
        offset: i64,
        ty: TypeId,
        volatile: bool,
        span: Span,
        words: &mut OrderedMap<i64, ExprId>,
        before: &mut Vec<Stmt>,
    ) -> Result<ExprId, Refusal> {
        match self.module.tables.types.as_scalar(ty) {
            Some(scalar) if scalar.size() < 4 => {
                let word = match words.get(&(offset / 4)) {
                    Some(&word) => word,
                    None => {
                        let pointer = self.word(&address.plus(offset / 4 * 4), Scalar::U32, 0, span);
                        let mut builder = self.builder();
                        let word = builder.add(Expr::Load { pointer, volatile }, span);
                        let word = builder.bind("word", word, before);
                        words.insert(offset / 4, word);
                        word
                    }
                };
                let mut builder = self.builder();
                let shift = builder.constant(Scalar::U32, offset % 4 * 8, span);
                Ok(part_of_word(&mut builder, word, shift, scalar, span))
            }
            Some(_) => self.load(&address.plus(offset), ty, volatile, span, None),
            None => {
                let mut values = Vec::new();
                for (inner, part) in self.parts(ty, span)? {
                    values.push(self.unpack(address, offset + inner, part, volatile, span, words, before)?);
                }
                Ok(self.builder().add(Expr::Construct { ty, parts: values }, span))
            }
        }
    }

    pub(super) fn store_packed(
        &mut self,
        address: &Address,
        ty: TypeId,
        value: ExprId,
        volatile: bool,
        span: Span,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        let mut leaves = Vec::new();
        self.leaves(0, ty, value, span, &mut leaves, out)?;
        let mut rest = leaves.as_slice();
        while let Some(leaf) = rest.first() {
            let count = whole_word(rest);
            if count == 0 {
                self.store(&address.plus(leaf.offset), leaf.ty, leaf.value, volatile, span, out)?;
                rest = &rest[1..];
                continue;
            }
            let mut word = None;
            for part in &rest[..count] {
                let mut builder = self.builder();
                let bits = bits_of(&mut builder, part.value, part.scalar, span);
                let bits = builder.with_constant(BinaryOp::Shl, bits, (part.offset - leaf.offset) * 8, span);
                word = Some(match word {
                    Some(others) => builder.binary(BinaryOp::Or, others, bits, span),
                    None => bits,
                });
            }
            if let Some(value) = word {
                let pointer = self.word(&address.plus(leaf.offset), Scalar::U32, 0, span);
                out.push(Stmt { kind: StmtKind::Store { pointer, value, volatile }, span });
            }
            rest = &rest[count..];
        }
        Ok(())
    }

    fn leaves(
        &mut self,
        offset: i64,
        ty: TypeId,
        value: ExprId,
        span: Span,
        leaves: &mut Vec<Leaf>,
        out: &mut Vec<Stmt>,
    ) -> Result<(), Refusal> {
        if let Some(scalar) = self.module.tables.types.as_scalar(ty) {
            leaves.push(Leaf { offset, scalar, ty, value });
            return Ok(());
        }
        let value = self.bind_value(value, out);
        for (index, (inner, part)) in self.parts(ty, span)?.into_iter().enumerate() {
            let part_value = self.extract(value, index as u32, part, span);
            self.leaves(offset + inner, part, part_value, span, leaves, out)?;
        }
        Ok(())
    }
}

/// How many of the first leaves fill one word, each smaller than it; 0 if they do not.
fn whole_word(leaves: &[Leaf]) -> usize {
    let mut end = leaves[0].offset;
    if end % 4 != 0 {
        return 0;
    }
    for (index, leaf) in leaves.iter().enumerate() {
        if leaf.offset != end || leaf.scalar.size() >= 4 {
            return 0;
        }
        end += leaf.scalar.size() as i64;
        if end % 4 == 0 {
            return index + 1;
        }
    }
    0
}

fn has_narrow(types: &ir::Types, ty: TypeId) -> bool {
    match types.get(ty) {
        Type::Scalar(scalar) | Type::Vector { scalar, .. } => scalar.size() < 4,
        Type::Array { element, .. } => has_narrow(types, element),
        Type::Struct(definition) => types.structs()[definition].fields.iter().any(|field| has_narrow(types, field.ty)),
        Type::Pointer { .. } | Type::Void => false,
    }
}
