//! Bit-fields of automatic objects start as zero.
//!
//! ```text
//! Flags f;            declare f: Flags
//! f.a = 5;            store &f.unit, 0
//!                     store &f.unit, f.unit & ~7 | 5
//! ```
//!
//! A store to a bit-field keeps the bits of its neighbours ([class.bit]). Where these have no value yet the unit as a whole would have none:
//! bytes, not bits, are known to be defined. The zeros are written where the object is declared, and go where nobody sees them.

use super::*;
use ir::{Expr, StmtKind};

impl<'a> Sema<'a> {
    /// Writes zeros to the units of bit-fields in an object that has no value yet.
    pub(super) fn clear_bit_fields(&mut self, address: ExprId, ty: CType, span: Span) -> Result<()> {
        if !self.has_bit_fields(ty, span)? {
            return Ok(());
        }
        let class = match *self.types.kind(ty) {
            TypeKind::Array(element, Some(count)) => {
                return self.for_each_element(address, element, count, span, |sema, at, element| {
                    sema.clear_bit_fields(at, element, span)
                });
            }
            TypeKind::Class(class) => class,
            _ => return Ok(()),
        };
        for (index, base) in self.class(class).bases.clone().into_iter().enumerate() {
            let base_ty = self.class_type(base.class);
            if self.has_bit_fields(base_ty, span)? {
                let at = self.follow_steps(address, class, &[MemberStep::Base(index as u32)], span)?;
                self.clear_bit_fields(at, base_ty, span)?;
            }
        }
        // Units of several types may share their bytes.
        let mut cleared = 0;
        for field in self.class(class).fields.clone() {
            if field.bits.is_none() && !self.has_bit_fields(field.ty, span)? {
                continue;
            }
            match field.bits {
                Some(bits) if field.offset + bits.unit.size() <= cleared => {}
                Some(bits) => {
                    let pointer = self.add(Expr::Field { base: address, index: field.ir_index }, span)?;
                    let value = self.constant(bits.unit, 0, span);
                    self.push(StmtKind::Store { pointer, value, volatile: false }, span);
                    cleared = field.offset + bits.unit.size();
                }
                None => {
                    let part = self.add(Expr::Field { base: address, index: field.ir_index }, span)?;
                    self.clear_bit_fields(part, field.ty, span)?;
                }
            }
        }
        Ok(())
    }

    fn has_bit_fields(&mut self, ty: CType, span: Span) -> Result<bool> {
        match *self.types.kind(ty) {
            TypeKind::Array(element, Some(_)) => self.has_bit_fields(element, span),
            TypeKind::Class(class) => {
                self.layout_class(class, span)?;
                for base in self.class(class).bases.clone() {
                    let base = self.class_type(base.class);
                    if self.has_bit_fields(base, span)? {
                        return Ok(true);
                    }
                }
                for field in self.class(class).fields.clone() {
                    if field.bits.is_some() || self.has_bit_fields(field.ty, span)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Ok(false),
        }
    }
}
