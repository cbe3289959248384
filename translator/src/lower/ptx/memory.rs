//! Loads and stores of inline PTX (PTX ISA, "ld", "st"): the pointer of the operand knows its memory, so that state spaces and cache
//! hints say nothing more. What orders memory (`.acquire`, `.release`) is refused.

use super::{Frame, PtxOperand, unsigned};
use crate::lower::casts::CastKind;
use crate::lower::*;
use ir::{Scalar, StmtKind};
use source::Code;

/// What an access moves.
struct Access {
    element: CType,
    /// 1, 2 or 4.
    count: usize,
    volatile: bool,
}

const HINTS: [&str; 22] = [
    "global",
    "shared",
    "local",
    "const",
    "weak",
    "nc",
    "ca",
    "cg",
    "cs",
    "lu",
    "cv",
    "wb",
    "wt",
    "gpu",
    "cta",
    "sys",
    "relaxed",
    "volatile",
    "v2",
    "v4",
    "shared::cta",
    "L1::no_allocate",
];

impl<'a> Sema<'a> {
    fn access(&mut self, opcode: &str, span: Span) -> Result<Access> {
        let words: Vec<&str> = opcode.split('.').skip(1).collect();
        let refused = || failure(Code::E0224, format!("the instruction `{opcode}` is not among those that are translated"), span);
        let (ty, hints) = words.split_last().ok_or_else(refused)?;
        let is_hint = |word: &&str| HINTS.contains(word) || word.starts_with("L1::") || word.starts_with("L2::");
        if !hints.iter().all(is_hint) {
            return Err(refused());
        }
        let element = match *ty {
            "s8" => CType::int(IntKind::SChar),
            "s16" => CType::int(IntKind::Short),
            "s32" => CType::INT,
            "s64" => CType::LONG,
            ty => super::register_type(ty).filter(|found| !found.same(CType::BOOL)).ok_or_else(refused)?,
        };
        let count = if hints.contains(&"v4") {
            4
        } else if hints.contains(&"v2") {
            2
        } else {
            1
        };
        Ok(Access { element, count, volatile: hints.contains(&"volatile") || hints.contains(&"relaxed") })
    }

    /// The pointer that `[base + offset]` is, to what `pointer` points to.
    pub(super) fn address(&mut self, base: &PtxOperand, offset: i64, pointer: CType, frame: &Frame<'a>) -> Result<ExprId> {
        let span = frame.span;
        if offset == 0 {
            return self.source(base, pointer, frame);
        }
        let bytes = self.types.pointer(CType::int(IntKind::Char));
        let start = self.source(base, bytes, frame)?;
        let offset = self.constant(Scalar::I64, offset as u64, span);
        let moved = self.add(ir::Expr::Offset { base: start, index: offset }, span)?;
        let moved = Operand::value(bytes, moved, span);
        let cast = self.cast_operand(pointer, moved, CastKind::Reinterpret, span)?;
        self.rvalue(&cast)
    }

    fn registers<'p>(&mut self, operand: &'p PtxOperand, count: usize, frame: &Frame<'a>) -> Result<&'p [PtxOperand]> {
        match operand {
            PtxOperand::Vector(parts) if parts.len() == count && count > 1 => Ok(parts),
            PtxOperand::Vector(_) => fail(Code::E0224, "the access has another number of registers", frame.span),
            _ if count == 1 => Ok(std::slice::from_ref(operand)),
            _ => fail(Code::E0224, "a vector needs its registers in braces", frame.span),
        }
    }

    pub(super) fn lower_ptx_load(
        &mut self,
        opcode: &str,
        to: &PtxOperand,
        base: &PtxOperand,
        offset: i64,
        frame: &Frame<'a>,
    ) -> Result<()> {
        let span = frame.span;
        let access = self.access(opcode, span)?;
        let pointer = self.types.pointer(access.element);
        let size = i64::from(self.bits_of(access.element)? / 8);
        let targets = self.registers(to, access.count, frame)?;
        let mut values = Vec::new();
        for at in 0..access.count as i64 {
            let address = self.address(base, offset + at * size, pointer, frame)?;
            let value = self.load(address, access.volatile, span)?;
            values.push(self.bind(value, None, span));
        }
        for (target, value) in targets.iter().zip(values) {
            self.write_wide(target, value, access.element, frame)?;
        }
        Ok(())
    }

    /// A register may be wider than what is loaded: the value is extended as its type says.
    fn write_wide(&mut self, target: &PtxOperand, value: ExprId, ty: CType, frame: &Frame<'a>) -> Result<()> {
        if *target == PtxOperand::Sink {
            return Ok(());
        }
        let want = self.type_of(target, frame)?;
        let (have_bits, want_bits) = (self.bits_of(ty)?, self.bits_of(want)?);
        if have_bits < want_bits && self.types.is_integral(ty) && self.types.is_integral(want) {
            let value = Operand::value(ty, value, frame.span);
            let value = self.convert(&value, want, frame.span)?;
            return self.write(target, value, want, frame);
        }
        self.write(target, value, ty, frame)
    }

    pub(super) fn lower_ptx_store(
        &mut self,
        opcode: &str,
        base: &PtxOperand,
        offset: i64,
        from: &PtxOperand,
        frame: &Frame<'a>,
    ) -> Result<()> {
        let span = frame.span;
        let access = self.access(opcode, span)?;
        let pointer = self.types.pointer(access.element);
        let bits = self.bits_of(access.element)?;
        let sources = self.registers(from, access.count, frame)?;
        let mut values = Vec::new();
        for source in sources {
            values.push(self.narrow_source(source, access.element, bits, frame)?);
        }
        for (at, value) in values.into_iter().enumerate() {
            let address = self.address(base, offset + at as i64 * i64::from(bits / 8), pointer, frame)?;
            self.push(StmtKind::Store { pointer: address, value, volatile: access.volatile }, span);
        }
        Ok(())
    }

    /// The low bits of a register that may be wider than what is stored.
    fn narrow_source(&mut self, source: &PtxOperand, element: CType, bits: u32, frame: &Frame<'a>) -> Result<ExprId> {
        let is_register = matches!(source, PtxOperand::Argument(_) | PtxOperand::Register(_));
        if is_register && self.types.is_integral(element) {
            let have = self.type_of(source, frame)?;
            let have_bits = self.bits_of(have)?;
            if have_bits > bits && self.types.is_integral(have) {
                let value = self.source(source, unsigned(have_bits), frame)?;
                let value = Operand::value(unsigned(have_bits), value, frame.span);
                return self.convert(&value, element, frame.span);
            }
        }
        self.source(source, element, frame)
    }
}
