//! Scalar expressions: into a register. What is in a register already (constants, parameters, bound values, variables whose address
//! is not taken) costs no instruction.

use super::{Compiler, Home, Result, part_offset};
use crate::interpreter::code::{Instr, Loc, Pc, Reg};
use crate::interpreter::numbers;
use ir::{BinaryOp, Expr, ExprId, LocalId, LogicalOp, MathFn, Scalar, Type, TypeId, UnaryOp};

impl Compiler<'_> {
    /// The register that holds the value of a scalar expression.
    pub(super) fn value(&mut self, id: ExprId) -> Result<Reg> {
        match self.function.expr(id) {
            Expr::Const { scalar, bits } => Ok(self.constant(numbers::canonical(*scalar, *bits))),
            Expr::NamedConst(constant) => {
                let constant = &self.module.tables.constants[*constant];
                Ok(self.constant(numbers::canonical(constant.scalar, constant.bits)))
            }
            Expr::Zero(_) => Ok(self.constant(0)),
            Expr::Let(bound) => match self.lets[bound.index()] {
                Some(Loc::Reg(reg)) => Ok(reg),
                _ => self.fail("a value is used that nothing binds"),
            },
            Expr::Param(index) => match self.code.params.get(*index as usize) {
                Some(Loc::Reg(reg)) => Ok(*reg),
                _ => self.fail("a parameter that is not there"),
            },
            Expr::Geometry(geometry) => {
                if let Some(reg) = self.geometry.get(geometry) {
                    return Ok(*reg);
                }
                let reg = self.new_reg();
                self.geometry.insert(*geometry, reg);
                self.code.geometry.push((reg, *geometry));
                Ok(reg)
            }
            Expr::GlobalAddr(global) => Ok(self.constant(self.globals[global.index()])),
            Expr::Load { pointer, .. } => match self.register_local(*pointer) {
                Some((local, reg, flag)) => {
                    self.check_set(local, reg, flag);
                    Ok(reg)
                }
                None => self.computed(id),
            },
            // The same 64 bits.
            Expr::PointerCast { base, .. } => self.value(*base),
            Expr::PointerToInt(value) => self.value(*value),
            _ => self.computed(id),
        }
    }

    fn computed(&mut self, id: ExprId) -> Result<Reg> {
        let dst = self.temp();
        self.value_into(id, dst)?;
        Ok(dst)
    }

    fn check_set(&mut self, local: LocalId, reg: Reg, flag: Option<Reg>) {
        if let Some(flag) = flag {
            let name = self.name(&self.function.locals[local].name);
            self.emit(Instr::CheckSet { flag, reg, name });
        }
    }

    /// Writes `dst` last, when all operands are read: `dst` may be a variable that the expression reads.
    pub(super) fn value_into(&mut self, id: ExprId, dst: Reg) -> Result<()> {
        let outer = self.span;
        let own = self.function.exprs.span(id);
        if !own.is_none() {
            self.span = own;
        }
        let result = self.value_into_spanned(id, dst);
        self.span = outer;
        result
    }

    fn value_into_spanned(&mut self, id: ExprId, dst: Reg) -> Result<()> {
        let function = self.function;
        match function.expr(id) {
            Expr::Undef(_) => {
                self.emit(Instr::Undefined { dst });
            }
            Expr::LocalAddr(_) | Expr::Field { .. } | Expr::Element { .. } | Expr::Offset { .. } => self.address(id, dst)?,
            Expr::PointerDiff { a, b } => {
                let (left, right) = (self.value(*a)?, self.value(*b)?);
                let scale = self.pointee_size(*a)?.max(1);
                self.emit(Instr::Diff { dst, a: left, b: right, scale });
            }
            Expr::IntToPointer { value, .. } => {
                let src = self.value(*value)?;
                self.emit(Instr::Copy { dst, src });
            }
            Expr::Load { pointer, .. } if self.register_local(*pointer).is_none() => {
                self.load(*pointer, self.function.ty(id), dst)?
            }
            Expr::Unary { op, value } => self.unary(*op, *value, dst)?,
            Expr::Binary { op, a, b } => {
                let (left, right) = (self.value(*a)?, self.value(*b)?);
                let f = self.binary_function(*op, *a)?;
                let common = self.module.tables.types.as_scalar(self.function.ty(*a));
                let common = common.and_then(|scalar| Instr::common(*op, scalar, dst, left, right));
                self.emit(common.unwrap_or(Instr::Binary { f, dst, a: left, b: right }));
            }
            Expr::Logical { .. } => {
                let mut no = Vec::new();
                self.jump(id, false, &mut no)?;
                let (one, zero) = (self.constant(1), self.constant(0));
                self.emit(Instr::Copy { dst, src: one });
                let end = self.emit(Instr::Jump { to: 0 });
                self.land(&no);
                self.emit(Instr::Copy { dst, src: zero });
                self.land(&[end]);
            }
            Expr::Select { condition, accept, reject } => {
                let mut no = Vec::new();
                self.jump(*condition, false, &mut no)?;
                self.value_into(*accept, dst)?;
                let end = self.emit(Instr::Jump { to: 0 });
                self.land(&no);
                self.value_into(*reject, dst)?;
                self.land(&[end]);
            }
            Expr::Convert { value, to } => {
                let Some(from) = self.register_scalar(function.ty(*value)) else { return self.fail("`convert` of an aggregate") };
                let a = self.value(*value)?;
                self.emit(Instr::Unary { f: numbers::convert(from, *to), dst, a });
            }
            Expr::Bitcast { value, .. } => self.bitcast(*value, self.function.ty(id), dst)?,
            Expr::Math { function, args } => self.math(*function, args, dst)?,
            Expr::Extract { value, index } => {
                let (value, index) = (*value, *index);
                let ty = function.ty(value);
                let at = self.aggregate(value, None)?;
                let Some(offset) = part_offset(self.module, ty, index) else { return self.fail("there is no such part") };
                self.frame_load(at + offset as u32, function.ty(id), "a part of a value", dst)?;
            }
            Expr::Call { function, args, .. } => self.call(Some(Loc::Reg(dst)), function.index(), args)?,
            Expr::Construct { .. } => return self.fail("a scalar cannot be constructed"),
            _ => {
                let src = self.value(id)?;
                self.emit(Instr::Copy { dst, src });
            }
        }
        Ok(())
    }

    /// The variable in a register that this is the address of.
    fn register_local(&self, pointer: ExprId) -> Option<(LocalId, Reg, Option<Reg>)> {
        let Expr::LocalAddr(local) = self.function.expr(pointer) else { return None };
        match self.homes[local.index()] {
            Home::Reg { reg, flag } => Some((*local, reg, flag)),
            Home::Nowhere | Home::Mem { .. } => None,
        }
    }

    fn load(&mut self, pointer: ExprId, ty: TypeId, dst: Reg) -> Result<()> {
        if let Some((local, offset)) = self.static_place(pointer)
            && let Home::Mem { at, .. } = self.homes[local.index()]
        {
            let name = self.function.locals[local].name.clone();
            return self.frame_load(at + offset as u32, ty, &name, dst);
        }
        let Some(scalar) = self.register_scalar(ty) else { return self.fail("a scalar load of an aggregate") };
        let addr = self.value(pointer)?;
        self.emit(Instr::Load { dst, addr, scalar });
        Ok(())
    }

    fn frame_load(&mut self, at: u32, ty: TypeId, name: &str, dst: Reg) -> Result<()> {
        let Some(scalar) = self.register_scalar(ty) else { return self.fail("a scalar load of an aggregate") };
        let name = self.name(name);
        self.emit(Instr::FrameLoad { dst, at, scalar, name });
        Ok(())
    }

    fn unary(&mut self, op: UnaryOp, value: ExprId, dst: Reg) -> Result<()> {
        let function = self.register_scalar(self.function.ty(value)).and_then(|scalar| numbers::unary(op, scalar));
        let Some(f) = function else { return self.fail(format!("`{op:?}` of a type that has none")) };
        let a = self.value(value)?;
        self.emit(Instr::Unary { f, dst, a });
        Ok(())
    }

    fn binary_function(&self, op: BinaryOp, a: ExprId) -> Result<numbers::Fn2> {
        let function = self.register_scalar(self.function.ty(a)).and_then(|scalar| numbers::binary(op, scalar));
        function.map_or_else(|| self.fail(format!("`{op:?}` of a type that has none")), Ok)
    }

    fn bitcast(&mut self, value: ExprId, to: TypeId, dst: Reg) -> Result<()> {
        let Some(scalar) = self.register_scalar(to) else { return self.fail("a scalar bitcast of an aggregate") };
        if self.register_scalar(self.function.ty(value)).is_none() {
            let at = self.aggregate(value, None)?;
            return self.frame_load(at, to, "a part of a value", dst);
        }
        let a = self.value(value)?;
        let f: numbers::Fn1 = match scalar {
            Scalar::Bool => |bits| numbers::canonical(Scalar::Bool, bits),
            Scalar::I8 => |bits| numbers::canonical(Scalar::I8, bits),
            Scalar::I16 => |bits| numbers::canonical(Scalar::I16, bits),
            Scalar::I32 => |bits| numbers::canonical(Scalar::I32, bits),
            Scalar::U8 => |bits| numbers::canonical(Scalar::U8, bits),
            Scalar::U16 | Scalar::F16 | Scalar::BF16 => |bits| numbers::canonical(Scalar::U16, bits),
            Scalar::U32 | Scalar::F32 => |bits| numbers::canonical(Scalar::U32, bits),
            Scalar::I64 | Scalar::U64 | Scalar::F64 => |bits| bits,
        };
        self.emit(Instr::Unary { f, dst, a });
        Ok(())
    }

    fn math(&mut self, function: MathFn, args: &[ExprId], dst: Reg) -> Result<()> {
        let scalar = args.first().and_then(|arg| self.register_scalar(self.function.ty(*arg)));
        let Some(scalar) = scalar else { return self.fail("a function of nothing") };
        let none = || format!("`{function:?}` of {}", scalar.name());
        match *args {
            [a] => {
                let Some(f) = numbers::math1(function, scalar) else { return self.fail(none()) };
                let a = self.value(a)?;
                self.emit(Instr::Unary { f, dst, a });
            }
            [a, b] => {
                let Some(f) = numbers::math2(function, scalar) else { return self.fail(none()) };
                let (a, b) = (self.value(a)?, self.value(b)?);
                self.emit(Instr::Binary { f, dst, a, b });
            }
            [a, b, c] => {
                let Some(f) = numbers::math3(function, scalar) else { return self.fail(none()) };
                let (a, b, c) = (self.value(a)?, self.value(b)?, self.value(c)?);
                self.emit(Instr::Ternary { f, dst, a, b, c });
            }
            _ => return self.fail(none()),
        }
        Ok(())
    }

    pub(super) fn pointee_size(&self, pointer: ExprId) -> Result<u32> {
        match self.module.tables.types.as_pointer(self.function.ty(pointer)) {
            Some((pointee, _)) => self.size32(pointee),
            None => self.fail("a pointer is needed"),
        }
    }

    /// The address that a chain of parts and elements gives.
    fn address(&mut self, pointer: ExprId, dst: Reg) -> Result<()> {
        match *self.function.expr(pointer) {
            Expr::LocalAddr(local) => match self.homes[local.index()] {
                Home::Mem { slot, .. } => {
                    self.emit(Instr::SlotAddr { dst, slot });
                }
                _ => return self.fail("the address of a variable that is not declared"),
            },
            Expr::Field { base, index } => {
                let pointee = self.module.tables.types.as_pointer(self.function.ty(base)).map(|(pointee, _)| pointee);
                let Some(offset) = pointee.and_then(|ty| part_offset(self.module, ty, index)) else {
                    return self.fail("there is no such field");
                };
                let base = self.value(base)?;
                self.emit(Instr::AddConst { dst, base, offset: offset as u32 });
            }
            Expr::Element { base, index } => {
                let pointee = self.module.tables.types.as_pointer(self.function.ty(base)).map(|(pointee, _)| pointee);
                let element = pointee.and_then(|ty| match self.module.tables.types.get(ty) {
                    Type::Array { element, .. } => Some(element),
                    _ => None,
                });
                let Some(element) = element else { return self.fail("`element` needs an array") };
                let scale = self.size32(element)?;
                let (base, index) = (self.value(base)?, self.value(index)?);
                self.emit(Instr::Index { dst, base, index, scale });
            }
            Expr::Offset { base, index } => {
                let scale = self.pointee_size(base)?;
                let (base, index) = (self.value(base)?, self.value(index)?);
                self.emit(Instr::Index { dst, base, index, scale });
            }
            _ => return self.fail("not an address"),
        }
        Ok(())
    }

    /// Jumps if the condition has the value `when`; the jumps are added to `out`, to be aimed later.
    pub(super) fn jump(&mut self, condition: ExprId, when: bool, out: &mut Vec<Pc>) -> Result<()> {
        match *self.function.expr(condition) {
            Expr::Unary { op: UnaryOp::Not, value } => self.jump(value, !when, out),
            Expr::Logical { op, a, b } => {
                // `a && b` is false as soon as one is; `a || b` is true as soon as one is.
                if (op == LogicalOp::And) != when {
                    self.jump(a, when, out)?;
                    return self.jump(b, when, out);
                }
                let mut past = Vec::new();
                self.jump(a, !when, &mut past)?;
                self.jump(b, when, out)?;
                self.land(&past);
                Ok(())
            }
            Expr::Binary { op, a, b } if op.is_comparison() => {
                let (left, right) = (self.value(a)?, self.value(b)?);
                let f = self.binary_function(op, a)?;
                let instr = if when {
                    Instr::JumpIfCompare { f, a: left, b: right, to: 0 }
                } else {
                    Instr::JumpUnlessCompare { f, a: left, b: right, to: 0 }
                };
                out.push(self.emit(instr));
                Ok(())
            }
            _ => {
                let condition = self.value(condition)?;
                let instr = if when { Instr::JumpIf { condition, to: 0 } } else { Instr::JumpUnless { condition, to: 0 } };
                out.push(self.emit(instr));
                Ok(())
            }
        }
    }
}
