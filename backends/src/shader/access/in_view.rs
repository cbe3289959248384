//! Wide accesses to a buffer of scalars or words, through a second view of the buffer in elements as wide as they are.
//!
//! ```text
//! ((int4*)b)[i] = v     b: [u32]    cast<*global [i32x4]>(&b)[i] = v
//! ```
//!
//! CUDA demands that an address is aligned to what is accessed there (guide, "Device Memory Accesses"), and a binding starts where 16 divides
//! the address, so that the access is one whole element. The two views alias, which the emitter tells the driver.

use super::Rewriter;
use crate::shader::address::{Address, Root, index_value};
use ir::{BinaryOp, Expr, ExprId, Scalar, Space, Type, TypeId};
use source::Span;

impl Rewriter<'_> {
    /// The place of `ty` in a view of the buffer with such elements; `None` where the target has no such views, or not of this type.
    pub(super) fn place_in_wide_view(&mut self, address: &Address, ty: TypeId, span: Span) -> Option<ExprId> {
        let Root::Global(global) = address.root else { return None };
        let space = self.module.tables.globals[global].space;
        let is_buffer =
            matches!(self.module.tables.types.get(self.module.tables.globals[global].ty), Type::Array { count: None, .. });
        if !self.options.wide_views
            || !is_buffer
            || !matches!(space, Space::Global | Space::Constant)
            || !self.is_wide_element(ty)
        {
            return None;
        }
        let size = self.module.tables.types.size_of(ty);
        let index = if address.granularity().is_multiple_of(size) {
            let terms: Vec<(ExprId, i64)> = address.terms.iter().map(|term| (term.index, term.stride / size as i64)).collect();
            index_value(&mut self.builder(), &terms, address.constant / size as i64, span)
        } else {
            let byte = self.byte(address, span);
            self.builder().with_constant(BinaryOp::Shr, byte, size.ilog2().into(), span)
        };
        let array = self.module.tables.types.array(ty, None);
        let to = self.module.tables.types.pointer(array, space);
        let mut builder = self.builder();
        let base = builder.global(global, span);
        let view = builder.add(Expr::PointerCast { base, to }, span);
        Some(builder.element(view, index, span))
    }

    /// 8 or 16 bytes that the target has as one type, and that lie aligned to their size.
    fn is_wide_element(&self, ty: TypeId) -> bool {
        let types = &self.module.tables.types;
        let (scalar, is_wide) = match types.get(ty) {
            Type::Scalar(scalar) => (scalar, scalar.size() == 8),
            Type::Vector { scalar, count } => (scalar, scalar.size() >= 4 && matches!(scalar.size() * u64::from(count), 8 | 16)),
            _ => return false,
        };
        let is_native = match scalar {
            Scalar::I64 | Scalar::U64 => self.options.features.int64,
            Scalar::F64 => self.options.features.float64,
            _ => true,
        };
        is_wide && is_native && types.align_of(ty) == types.size_of(ty)
    }
}
