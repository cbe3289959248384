//! Places in memory: address chains as one `OpAccessChain`, loads and stores, clamped indices in checked code.

use super::function::FunctionWriter;
use super::module::{Variable, wide_view};
use super::options::EmitError;
use super::types::Layout;
use ir::{Expr, ExprId, Type, TypeId};
use rspirv::dr::Operand;
use rspirv::spirv::{GlslStd450Op as Glsl, MemoryAccess, Op, StorageClass, Word};

/// Values of more parts than this are not copied part by part between buffers and variables.
const MAX_COPIED_PARTS: u64 = 4096;

/// An address: a variable and the indices into it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    base: Word,
    pub(super) class: StorageClass,
    layout: Layout,
    indices: Vec<Word>,
    /// What is there.
    pub(super) ty: TypeId,
    /// The length of a dynamic shared array.
    length: Option<Word>,
}

impl FunctionWriter<'_, '_> {
    pub(super) fn place(&mut self, address: ExprId) -> Result<Place, EmitError> {
        match self.function.expr(address).clone() {
            Expr::GlobalAddr(global) => {
                let variable = self.module.entry.variables.get(&global).copied();
                let variable = variable.ok_or_else(|| self.bug("a variable without a binding"))?;
                let is_shared = variable.class == StorageClass::Workgroup;
                let indices = if is_shared { Vec::new() } else { vec![self.u32(0)] };
                let layout = if is_shared { Layout::Plain } else { Layout::Explicit };
                Ok(Place { base: variable.id, class: variable.class, layout, indices, ty: variable.ty, length: variable.length })
            }
            Expr::PointerCast { base, .. } => {
                let view = wide_view(&self.module.ir_types, self.function, address);
                let view = view.and_then(|view| self.module.entry.views.get(&view).copied());
                let Variable { id, class, ty, .. } = view.ok_or_else(|| self.bug(format!("a cast of {base:?}")))?;
                let indices = vec![self.u32(0)];
                Ok(Place { base: id, class, layout: Layout::Explicit, indices, ty, length: None })
            }
            Expr::LocalAddr(local) => {
                let base = self.local(local)?;
                Ok(self.function_place(base, self.function.locals[local].ty))
            }
            Expr::Param(index) => {
                let base = self.param(index)?;
                let types = &self.module.ir_types;
                let pointee = types.as_pointer(self.function.ty(address)).map(|(pointee, _)| pointee);
                let pointee = pointee.ok_or_else(|| self.bug("an address that is no pointer"))?;
                Ok(self.function_place(base, pointee))
            }
            Expr::Field { base, index } => {
                let place = self.place(base)?;
                self.part(&place, index)
            }
            Expr::Element { base, index } => {
                let place = self.place(base)?;
                self.element(place, index)
            }
            other => Err(self.bug(format!("the address {other:?}"))),
        }
    }

    fn function_place(&self, base: Word, ty: TypeId) -> Place {
        Place { base, class: StorageClass::Function, layout: Layout::Plain, indices: Vec::new(), ty, length: None }
    }

    /// A field of a struct, component of a vector or element of an array, by a constant index.
    pub(super) fn part(&mut self, place: &Place, index: u32) -> Result<Place, EmitError> {
        let ty = self.module.part_type(place.ty, index).ok_or_else(|| self.bug("a part of what has none"))?;
        let mut place = place.clone();
        let index = self.u32(index);
        place.indices.push(index);
        place.ty = ty;
        Ok(place)
    }

    fn element(&mut self, mut place: Place, index: ExprId) -> Result<Place, EmitError> {
        let Type::Array { element, count } = self.module.ir_types.get(place.ty) else {
            return Err(self.bug("an element of what is no array"));
        };
        let known = self.constant_bits(index);
        let mut index = self.value(index)?;
        if self.module.options.checked {
            let is_inside = known.is_some_and(|known| count.map_or(known == 0, |count| known < count));
            if !is_inside {
                let last = self.last_index(&place, count)?;
                let word = self.module.asm.u32();
                index = self.glsl(Glsl::UMin, word, &[index, last]);
            }
        }
        place.indices.push(index);
        place.ty = element;
        Ok(place)
    }

    /// The greatest index of an array.
    fn last_index(&mut self, place: &Place, count: Option<u64>) -> Result<Word, EmitError> {
        match (count, place.length) {
            (Some(count), _) => Ok(self.u32(u32::try_from(count.max(1) - 1).unwrap_or(u32::MAX))),
            (None, Some(length)) => Ok(self.last_of(length, |_| length)),
            (None, None) if place.layout == Layout::Explicit && place.indices.len() == 1 => {
                let word = self.module.asm.u32();
                let base = place.base;
                Ok(self.last_of(base, |writer| {
                    writer.result(Op::ArrayLength, word, vec![Operand::IdRef(base), Operand::LiteralBit32(0)])
                }))
            }
            (None, None) => Err(self.bug("an array without a length")),
        }
    }

    /// `length - 1`, computed once for each array.
    fn last_of(&mut self, array: Word, length: impl FnOnce(&mut Self) -> Word) -> Word {
        if let Some(last) = self.lengths.get(&array) {
            return *last;
        }
        let last = self.once(|writer| {
            let length = length(writer);
            let word = writer.module.asm.u32();
            let one = writer.u32(1);
            writer.op(Op::ISub, word, &[length, one])
        });
        self.lengths.insert(array, last);
        last
    }

    /// The SPIR-V pointer of a place.
    pub(super) fn pointer(&mut self, place: &Place) -> Result<Word, EmitError> {
        if place.indices.is_empty() {
            return Ok(place.base);
        }
        let pointee = self.module.ty(place.ty, place.layout, self.span)?;
        let ty = self.module.asm.pointer(place.class, pointee);
        let mut operands = vec![place.base];
        operands.extend(&place.indices);
        Ok(self.op(Op::AccessChain, ty, &operands))
    }

    /// Structs and arrays of buffers have types of their own, so they are copied part by part.
    fn parts_to_copy(&self, place: &Place) -> Result<Option<u32>, EmitError> {
        let types = &self.module.ir_types;
        let is_explicit = place.layout == Layout::Explicit;
        match types.get(place.ty) {
            Type::Struct(definition) if is_explicit => Ok(Some(types.structs()[definition].fields.len() as u32)),
            Type::Array { count: Some(count), .. } if is_explicit && count <= MAX_COPIED_PARTS => Ok(Some(count as u32)),
            Type::Array { .. } if is_explicit => Err(self.bug("a copy of a large array in a buffer")),
            _ => Ok(None),
        }
    }

    pub(super) fn load(&mut self, place: &Place, volatile: bool) -> Result<Word, EmitError> {
        let ty = self.value_type(place.ty)?;
        let Some(parts) = self.parts_to_copy(place)? else {
            let pointer = self.pointer(place)?;
            let mut operands = vec![Operand::IdRef(pointer)];
            if volatile {
                operands.push(Operand::MemoryAccess(MemoryAccess::VOLATILE));
            }
            return Ok(self.result(Op::Load, ty, operands));
        };
        let mut values = Vec::new();
        for index in 0..parts {
            let part = self.part(place, index)?;
            values.push(self.load(&part, volatile)?);
        }
        Ok(self.op(Op::CompositeConstruct, ty, &values))
    }

    pub(super) fn store(&mut self, place: &Place, value: Word, volatile: bool) -> Result<(), EmitError> {
        let Some(parts) = self.parts_to_copy(place)? else {
            let pointer = self.pointer(place)?;
            let mut operands = vec![Operand::IdRef(pointer), Operand::IdRef(value)];
            if volatile {
                operands.push(Operand::MemoryAccess(MemoryAccess::VOLATILE));
            }
            self.raw(Op::Store, operands);
            return Ok(());
        };
        for index in 0..parts {
            let part = self.part(place, index)?;
            let ty = self.value_type(part.ty)?;
            let value = self.extract(ty, value, index);
            self.store(&part, value, volatile)?;
        }
        Ok(())
    }

    /// `Extract` of a load reads that part alone. `None` if `value` is no such chain.
    pub(super) fn loaded_part(&mut self, value: ExprId, index: u32) -> Result<Option<Place>, EmitError> {
        let place = match *self.function.expr(value) {
            Expr::Load { pointer, volatile: false } => Some(self.place(pointer)?),
            Expr::Extract { value, index } => self.loaded_part(value, index)?,
            _ => None,
        };
        place.map(|place| self.part(&place, index)).transpose()
    }
}
