//! Comparisons, differences and integers made of pointers.
//!
//! Pointers into one variable are compared by their indices. For others each variable has an address: that of a buffer comes with the
//! arguments ([`ArgumentPart::HeapAddress`](super::super::ArgumentPart)), so that two parameters into one buffer compare as CUDA has
//! them; the thread's and the block's variables lie above all buffers. Null is 0. Which addresses objects have is
//! unspecified in C++; that they differ, keep order inside of an object, and are aligned, holds.

use super::super::Refusal;
use super::super::address::{Address, Root, gcd, pointee};
use super::Rewriter;
use super::place::Pointed;
use ir::{BinaryOp, Expr, ExprId, GlobalId, LogicalOp, Scalar, Space, Type};
use source::Span;

/// Where the windows of shared and local memory begin, and how much each variable has there. Buffers end below: a launch whose
/// buffers do not is refused.
const SHARED_WINDOW: i64 = 0xf800_0000;
const LOCAL_WINDOW: i64 = 0xfc00_0000;
const WINDOW_STEP: i64 = 1 << 18;
const WINDOWS: usize = 255;

impl Rewriter<'_, '_> {
    /// The address of a pointer, `u32`; 0 for null.
    pub(super) fn address_in_memory(&mut self, place: &Pointed, span: Span) -> Result<ExprId, Refusal> {
        let mut address = place.nullable.then(|| self.builder.constant(Scalar::U32, 0, span));
        let distance = self.distance(&place.address, 1, span);
        let distance = self.builder.convert(distance, Scalar::U32, span);
        for (index, &root) in place.roots.iter().enumerate().rev() {
            let base = self.base_address(root, span)?;
            let here = self.builder.binary(BinaryOp::Add, base, distance, span);
            address = Some(match (address, place.which) {
                (Some(reject), Some(which)) => {
                    let condition = self.is_root(which, index, span);
                    self.builder.add(Expr::Select { condition, accept: here, reject }, span)
                }
                _ => here,
            });
        }
        Ok(match (address, place.roots.is_empty()) {
            // Of null `offsetof` is made: `&((T*)0)->field`.
            (_, true) | (None, _) => distance,
            (Some(address), _) => address,
        })
    }

    fn base_address(&mut self, root: Root, span: Span) -> Result<ExprId, Refusal> {
        if self.interface.heap.map(Root::Global) == Some(root) {
            return Ok(self.builder.constant(Scalar::U32, 0, span));
        }
        match root {
            Root::Local(local) => {
                let (number, _) = self.windows.insert_full(local);
                let size = self.builder.tables.types.size_of(self.builder.function.locals[local].ty);
                self.window(LOCAL_WINDOW, number, size, span)
            }
            Root::Global(global) if self.builder.tables.globals[global].space == Space::Shared => {
                let size = self.builder.tables.types.size_of(self.builder.tables.globals[global].ty);
                self.window(SHARED_WINDOW, global.index(), size, span)
            }
            Root::Global(global) => match (self.interface.address.get(&global), self.interface.arguments_global) {
                (Some(&field), Some(arguments)) => {
                    let base = self.builder.global(arguments, span);
                    let address = self.builder.field(base, field, span);
                    Ok(self.builder.load(address, span))
                }
                _ => Err(Refusal::UnrelatedPointers { span }),
            },
            Root::Param(_) => Err(Refusal::UnrelatedPointers { span }),
        }
    }

    fn window(&mut self, start: i64, number: usize, size: u64, span: Span) -> Result<ExprId, Refusal> {
        if number >= WINDOWS || size > WINDOW_STEP as u64 {
            return Err(Refusal::UnrelatedPointers { span });
        }
        Ok(self.builder.constant(Scalar::U32, start + number as i64 * WINDOW_STEP, span))
    }

    /// Two pointers that point into one variable if anywhere: the distances from its start, in units.
    fn distances(&mut self, a: &Pointed, b: &Pointed, unit: u64, span: Span) -> Option<[ExprId; 2]> {
        if a.roots.len() != 1 || a.roots != b.roots {
            return None;
        }
        let unit = gcd(gcd(a.address.granularity(), b.address.granularity()), unit).max(1) as i64;
        Some([a, b].map(|place| self.distance(&place.address, unit, span)))
    }

    pub(super) fn difference(&mut self, a: ExprId, b: ExprId, span: Span) -> Result<ExprId, Refusal> {
        let size = self.builder.tables.types.size_of(pointee(self.builder, a)).max(1);
        let (a, b) = (self.pointed(a)?, self.pointed(b)?);
        let unit = gcd(gcd(a.address.granularity(), b.address.granularity()), size).max(1);
        // Null has a difference to null alone.
        let (unit, [left, right]) = match self.distances(&a, &b, unit, span) {
            Some(distances) => (unit, distances),
            None => {
                let addresses = [self.address_in_memory(&a, span)?, self.address_in_memory(&b, span)?];
                (1, addresses.map(|address| self.builder.convert(address, Scalar::I32, span)))
            }
        };
        let difference = self.builder.binary(BinaryOp::Sub, left, right, span);
        let difference = self.builder.with_constant(BinaryOp::Div, difference, (size / unit) as i64, span);
        Ok(self.builder.convert(difference, Scalar::I64, span))
    }

    pub(super) fn comparison(&mut self, op: BinaryOp, a: ExprId, b: ExprId, span: Span) -> Result<ExprId, Refusal> {
        let is_equality = matches!(op, BinaryOp::Eq | BinaryOp::Ne);
        if is_equality && (self.is_null(a) || self.is_null(b)) {
            let other = if self.is_null(a) { b } else { a };
            let place = self.pointed(other)?;
            let is_null = self.null_test(&place, span)?;
            return Ok(if op == BinaryOp::Eq { is_null } else { self.builder.not(is_null, span) });
        }
        let (a, b) = (self.pointed(a)?, self.pointed(b)?);
        let (left, right) = match self.distances(&a, &b, 0, span) {
            Some([left, right]) if !a.nullable && !b.nullable => (left, right),
            _ => (self.address_in_memory(&a, span)?, self.address_in_memory(&b, span)?),
        };
        Ok(self.builder.add(Expr::Binary { op, a: left, b: right }, span))
    }

    /// A thread's and a block's variables are never at address null; what a kernel parameter points to may be, and a place in the heap
    /// says so itself.
    fn null_test(&mut self, place: &Pointed, span: Span) -> Result<ExprId, Refusal> {
        if place.roots.is_empty() {
            return Ok(self.builder.boolean(true, span));
        }
        let mut tests = Vec::new();
        if let Some(which) = place.which.filter(|_| place.nullable) {
            let zero = self.builder.constant(Scalar::I32, 0, span);
            tests.push(self.builder.binary(BinaryOp::Lt, which, zero, span));
        }
        for (index, &root) in place.roots.iter().enumerate() {
            let Some(mut test) = self.is_null_root(root, place, span)? else { continue };
            if let Some(which) = place.which {
                let here = self.is_root(which, index, span);
                test = self.builder.add(Expr::Logical { op: LogicalOp::And, a: here, b: test }, span);
            }
            tests.push(test);
        }
        let all = tests.into_iter().reduce(|a, b| self.builder.add(Expr::Logical { op: LogicalOp::Or, a, b }, span));
        Ok(all.unwrap_or_else(|| self.builder.boolean(false, span)))
    }

    /// May a pointer into this root be null by itself?
    fn is_null_root(&mut self, root: Root, place: &Pointed, span: Span) -> Result<Option<ExprId>, Refusal> {
        if self.interface.heap.map(Root::Global) == Some(root) {
            let unit = place.address.granularity().max(1) as i64;
            let address = self.distance(&Address { root, ..place.address.clone() }, unit, span);
            let zero = self.builder.constant(Scalar::I32, 0, span);
            return Ok(Some(self.builder.binary(BinaryOp::Eq, address, zero, span)));
        }
        let Root::Global(global) = root else { return Ok(None) };
        if !self.is_parameter(global) {
            return Ok(None);
        }
        match (self.interface.present.get(&global), self.interface.arguments_global) {
            (Some(&field), Some(arguments)) => {
                let base = self.builder.global(arguments, span);
                let present = self.builder.field(base, field, span);
                let present = self.builder.load(present, span);
                let zero = self.builder.constant(Scalar::U32, 0, span);
                Ok(Some(self.builder.binary(BinaryOp::Eq, present, zero, span)))
            }
            _ => Err(Refusal::NullTest { span }),
        }
    }

    fn is_parameter(&self, global: GlobalId) -> bool {
        let global = &self.builder.tables.globals[global];
        global.space == Space::Global && matches!(self.builder.tables.types.get(global.ty), Type::Array { count: None, .. })
    }

    /// `address & 15`, `address % 16`: all variables and bindings start at multiples of 256.
    pub(super) fn asks_alignment(&self, op: BinaryOp, by: ExprId) -> bool {
        match (op, self.builder.const_value(by)) {
            (BinaryOp::And, Some(mask)) => (0..256).contains(&mask),
            (BinaryOp::Rem, Some(divisor)) => (1..=256).contains(&divisor) && divisor.count_ones() == 1,
            _ => false,
        }
    }

    /// An integer with the low eight bits of an address, for combinations of addresses by `|` and `+`.
    pub(super) fn low_bits(&mut self, id: ExprId) -> Result<Option<ExprId>, Refusal> {
        let span = self.builder.span(id);
        match self.builder.expr(id) {
            Expr::PointerToInt(pointer) => {
                let place = self.pointed(pointer)?;
                if place.nullable {
                    return Ok(None);
                }
                let distance = self.distance(&place.address, 1, span);
                let distance = self.builder.convert(distance, Scalar::U32, span);
                Ok(Some(self.builder.convert(distance, Scalar::U64, span)))
            }
            Expr::Convert { value, to } if to.size() >= 4 && to.is_int() => {
                let value = self.low_bits(value)?;
                Ok(value.map(|value| self.builder.convert(value, to, span)))
            }
            Expr::Binary { op: op @ (BinaryOp::Or | BinaryOp::Add), a, b } => match (self.low_bits(a)?, self.low_bits(b)?) {
                (Some(a), Some(b)) => Ok(Some(self.builder.binary(op, a, b, span))),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }
}
