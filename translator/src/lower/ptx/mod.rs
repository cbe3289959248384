//! Inline PTX: each instruction is a call of a function of `include/ptx.h`, whose name is the opcode.
//!
//! ```text
//! asm("mad.lo.u32 %0, %1, %2, 5;" : "=r"(d) : "r"(a), "r"(b));      d = __ptx_mad_lo_u32(a, b, 5)
//! asm("mov.u32 %0, %laneid;" : "=r"(l));                            l = __ptx_reg_laneid()
//! asm("ld.global.nc.f32 %0, [%1];" : "=f"(x) : "l"(p));             x = *(float*)p
//! asm("add.cc.u32 %0, %1, %2;" ...); asm("addc.u32 ...");           the carry is a variable of the function
//! ```
//!
//! The header is the table of what is known: another instruction is refused by its name, and so is one whose operands have other sizes
//! than it. Registers are variables; outputs are assigned at the end. A carry that another function has left is refused, since nothing
//! says that it survives the call (PTX ISA, "Extended-Precision Integer Arithmetic Instructions").

mod memory;
mod parse;

use super::*;
use crate::sema::NsId;
use ast::Symbol;
use ir::{Expr, Scalar, StmtKind};
use parse::{Instruction, PtxOperand, Statement};
use source::Code;

/// An operand of the statement, or a register.
#[derive(Clone)]
enum Slot<'a> {
    Variable {
        ty: CType,
        local: ir::LocalId,
    },
    /// An input: never written.
    Input(Operand<'a>),
}

/// What names mean in one `asm` statement.
struct Frame<'a> {
    arguments: Vec<Slot<'a>>,
    registers: Vec<(String, Slot<'a>)>,
    /// How many registers there were at each `{`.
    scopes: Vec<usize>,
    span: Span,
}

impl<'a> Sema<'a> {
    pub(super) fn lower_ptx(&mut self, asm: &'a ast::Asm, span: Span) -> Result<()> {
        let text = String::from_utf8_lossy(&asm.template.value).into_owned();
        let statements = parse::statements(&text).map_err(|what| failure(Code::E0224, what, asm.template.span))?;
        let mut frame = Frame { arguments: Vec::new(), registers: Vec::new(), scopes: Vec::new(), span };
        let mut results = Vec::new();
        for output in &asm.outputs {
            let (ty, constraint) = self.constraint(output)?;
            let target = self.lower_expr(&output.value)?;
            let init = match constraint.contains('+') {
                true => Some(self.as_register(&target, ty, span)?),
                false => None,
            };
            let ir = self.ir_type(ty, span)?;
            let local = self.declare_temporary(ir, init, span);
            results.push((target, ty, local));
            frame.arguments.push(Slot::Variable { ty, local });
        }
        for input in &asm.inputs {
            let (ty, _) = self.constraint(input)?;
            let operand = self.lower_expr(&input.value)?;
            let operand = self.decayed(operand, span)?;
            let operand = match self.types.is_pointer(operand.ty) {
                true => {
                    let value = self.rvalue(&operand)?;
                    let value = self.bind(value, None, span);
                    Operand::value(operand.ty.unqualified(), value, span)
                }
                false => {
                    let value = self.as_register(&operand, ty, span)?;
                    let value = self.bind(value, None, span);
                    Operand::value(ty, value, span)
                }
            };
            frame.arguments.push(Slot::Input(operand));
        }
        for statement in &statements {
            self.lower_ptx_statement(statement, &mut frame)?;
        }
        for (target, ty, local) in results {
            let pointer = self.local_addr(local, span);
            let value = self.load(pointer, false, span)?;
            let value = self.fit(value, ty, target.ty.unqualified(), span)?;
            let value = Operand::value(target.ty.unqualified(), value, span);
            self.assign(target, value, span, false)?;
        }
        Ok(())
    }

    /// The register that a constraint asks for (CUDA guide, "Inline PTX Assembly", "Constraints").
    fn constraint(&mut self, operand: &ast::AsmOperand) -> Result<(CType, String)> {
        let text = String::from_utf8_lossy(&operand.constraint.value).into_owned();
        let ty = match text.trim_start_matches(['=', '+', '&']) {
            "r" => CType::int(IntKind::UInt),
            "l" => CType::int(IntKind::ULong),
            "h" => CType::int(IntKind::UShort),
            "f" => CType::FLOAT,
            "d" => CType::DOUBLE,
            "n" => CType::LONG,
            _ => return fail(Code::E0224, format!("no register has the constraint `{text}`"), operand.constraint.span),
        };
        Ok((ty, text))
    }

    /// Arrays as pointers to their first elements.
    fn decayed(&mut self, operand: Operand<'a>, span: Span) -> Result<Operand<'a>> {
        let ty = self.decay(operand.ty);
        if ty.same(operand.ty.unqualified()) {
            return Ok(operand);
        }
        let value = self.rvalue(&operand)?;
        Ok(Operand::value(ty, value, span))
    }

    /// The value of a C++ expression in a register of a type: integers are extended, all else must have its size.
    fn as_register(&mut self, operand: &Operand<'a>, ty: CType, span: Span) -> Result<ExprId> {
        if self.types.is_integral(operand.ty) && self.types.is_integral(ty) {
            return self.convert(operand, ty, span);
        }
        let value = self.rvalue(operand)?;
        self.fit(value, operand.ty.unqualified(), ty, span)
    }

    /// A value as another type of the same size: the bits stay.
    fn fit(&mut self, value: ExprId, from: CType, to: CType, span: Span) -> Result<ExprId> {
        if from.same(to) {
            return Ok(value);
        }
        let (have, want) = (self.ir_type(from, span)?, self.ir_type(to, span)?);
        let types = &self.module.tables.types;
        match (types.as_scalar(have), types.as_scalar(want)) {
            (Some(a), Some(b)) if a.size() == b.size() && a.is_int() && b.is_int() => self.convert_scalar(value, b, span),
            (Some(a), Some(b)) if a.size() == b.size() && a != Scalar::Bool && b != Scalar::Bool => {
                self.add(Expr::Bitcast { value, to: want }, span)
            }
            _ => {
                let (from, to) = (self.show(from), self.show(to));
                fail(Code::E0224, format!("the instruction takes a value like `{to}`, and this is `{from}`"), span)
            }
        }
    }

    fn lower_ptx_statement(&mut self, statement: &Statement, frame: &mut Frame<'a>) -> Result<()> {
        match statement {
            Statement::Open => frame.scopes.push(frame.registers.len()),
            Statement::Close => {
                let Some(count) = frame.scopes.pop() else {
                    return fail(Code::E0224, "a brace too many", frame.span);
                };
                frame.registers.truncate(count);
            }
            Statement::Registers { ty, names } => {
                let Some(ty) = register_type(ty) else {
                    return fail(Code::E0224, format!("there are no registers of type `.{ty}` here"), frame.span);
                };
                let ir = self.ir_type(ty, frame.span)?;
                for name in names {
                    let local = self.declare_temporary(ir, None, frame.span);
                    frame.registers.push((name.clone(), Slot::Variable { ty, local }));
                }
            }
            Statement::Instruction(instruction) => return self.lower_guarded(instruction, frame),
        }
        Ok(())
    }

    fn lower_guarded(&mut self, instruction: &Instruction, frame: &Frame<'a>) -> Result<()> {
        let Some((predicate, negated)) = &instruction.guard else { return self.lower_instruction(instruction, frame) };
        let operand = PtxOperand::Register(predicate.clone());
        let operand = if *negated { PtxOperand::Not(predicate.clone()) } else { operand };
        let condition = self.source(&operand, CType::BOOL, frame)?;
        let condition = self.bind(condition, None, frame.span);
        let (accept, ()) = self.block(|sema| sema.lower_instruction(instruction, frame))?;
        self.push(StmtKind::If { condition, accept, reject: ir::Block::default() }, frame.span);
        Ok(())
    }

    fn lower_instruction(&mut self, instruction: &Instruction, frame: &Frame<'a>) -> Result<()> {
        let Instruction { opcode, operands, .. } = instruction;
        let span = frame.span;
        match (opcode.split('.').next().unwrap_or_default(), &operands[..]) {
            ("mov", [to, from]) => self.lower_move(to, from, frame),
            ("ld" | "ldu", [to, PtxOperand::Address { base, offset }]) => self.lower_ptx_load(opcode, to, base, *offset, frame),
            ("st", [PtxOperand::Address { base, offset }, from]) => self.lower_ptx_store(opcode, base, *offset, from, frame),
            ("prefetch" | "prefetchu", _) => Ok(()),
            ("bar" | "barrier", [PtxOperand::Integer(0)]) if opcode.contains(".sync") && !opcode.contains("warp") => {
                self.call_library("__ptx_bar_sync", Vec::new(), span).map(|_| ())
            }
            _ => self.lower_by_table(instruction, frame),
        }
    }

    /// A call of the header's function.
    fn lower_by_table(&mut self, instruction: &Instruction, frame: &Frame<'a>) -> Result<()> {
        let Instruction { opcode, operands, .. } = instruction;
        let span = frame.span;
        let name = function_name(opcode);
        let function = self.ptx_function(&name).ok_or_else(|| {
            failure(Code::E0224, format!("the instruction `{opcode}` is not among those that are translated"), span)
        })?;
        let signature = self.signature(function)?.clone();
        let result = signature.result.unwrap_or(CType::VOID);
        let has_result = !self.types.is_void(result);
        let mut params: Vec<CType> = signature.params.iter().map(|param| param.ty).collect();
        let carries = params.last().is_some_and(|last| self.types.is_ref(*last));
        if carries {
            params.pop();
        }
        let (target, sources) = match (has_result, &operands[..]) {
            (true, [target, sources @ ..]) => (Some(target), sources),
            (_, sources) => (None, sources),
        };
        if sources.len() != params.len() {
            return fail(Code::E0224, format!("`{opcode}` takes {} operands here", params.len() + usize::from(has_result)), span);
        }
        let mut args = Vec::new();
        for (source, param) in sources.iter().zip(params) {
            let value = match source {
                PtxOperand::Address { base, offset } => self.address(base, *offset, param, frame)?,
                _ => self.source(source, param, frame)?,
            };
            args.push(Operand::value(param.unqualified(), value, span));
        }
        if carries {
            args.push(self.carry(opcode, span)?);
        }
        let value = self.call_library(&name, args, span)?;
        let Some(target) = target else { return Ok(()) };
        let value = self.rvalue(&value)?;
        self.write(target, value, result, frame)
    }

    fn ptx_function(&mut self, name: &str) -> Option<FnId> {
        let entities = self.lookup_in_namespace(NsId(0), NameKey::Ident(Symbol::new(name)));
        match entities[..] {
            [Entity::Function(function)] => Some(function),
            _ => None,
        }
    }

    /// The function's carry flag. Who reads it must have set it before.
    fn carry(&mut self, opcode: &str, span: Span) -> Result<Operand<'a>> {
        let reads = opcode.split('.').next().is_some_and(|word| word.ends_with('c'));
        let ty = CType::int(IntKind::UInt);
        let local = match self.f.ptx_carry {
            Some(local) => local,
            None if reads => {
                let what = format!("`{opcode}` reads a carry that no instruction of this function has set before it");
                return fail(Code::E0224, what, span);
            }
            None => {
                let ir = self.ir_type(ty, span)?;
                let local = self.f.func.add_local("carry".to_string(), ir, span);
                let zero = self.constant(Scalar::U32, 0, span);
                if let Some(first) = self.f.blocks.first_mut() {
                    first.insert(0, ir::Stmt { kind: StmtKind::Declare { local, init: Some(zero) }, span });
                }
                self.f.ptx_carry = Some(local);
                local
            }
        };
        let address = self.local_addr(local, span);
        Ok(Operand::lvalue(ty, Place::Memory(address), span))
    }

    /// `mov`: the bits of one register, or of one that is put together or taken apart.
    fn lower_move(&mut self, to: &PtxOperand, from: &PtxOperand, frame: &Frame<'a>) -> Result<()> {
        let span = frame.span;
        match (to, from) {
            (_, PtxOperand::Vector(parts)) => {
                let ty = self.type_of(to, frame)?;
                let bits = self.bits_of(ty)?;
                let part = self.part_type(bits, parts.len(), span)?;
                let (whole, width) = (unsigned(bits), bits / parts.len() as u32);
                let mut value = self.convert_literal(whole, 0, span)?;
                for (at, source) in parts.iter().enumerate() {
                    let source = self.source(source, part, frame)?;
                    let scalar = self.scalar_of(value).unwrap_or(Scalar::U32);
                    let wide = self.convert_scalar(source, scalar, span)?;
                    let amount = self.constant(Scalar::U32, u64::from(at as u32 * width), span);
                    let moved = self.add(Expr::Binary { op: ir::BinaryOp::Shl, a: wide, b: amount }, span)?;
                    value = self.add(Expr::Binary { op: ir::BinaryOp::Or, a: value, b: moved }, span)?;
                }
                self.write(to, value, whole, frame)
            }
            (PtxOperand::Vector(parts), _) => {
                let ty = self.type_of(from, frame)?;
                let bits = self.bits_of(ty)?;
                let part = self.part_type(bits, parts.len(), span)?;
                let (whole, width) = (unsigned(bits), bits / parts.len() as u32);
                let value = self.source(from, whole, frame)?;
                let value = self.bind(value, None, span);
                let narrow = self.ir_type(part, span)?;
                let narrow = self.module.tables.types.as_scalar(narrow).unwrap_or(Scalar::U32);
                for (at, target) in parts.iter().enumerate() {
                    let amount = self.constant(Scalar::U32, u64::from(at as u32 * width), span);
                    let moved = self.add(Expr::Binary { op: ir::BinaryOp::Shr, a: value, b: amount }, span)?;
                    let moved = self.convert_scalar(moved, narrow, span)?;
                    self.write(target, moved, part, frame)?;
                }
                Ok(())
            }
            _ => {
                let ty = self.type_of(to, frame)?;
                let value = self.source(from, ty, frame)?;
                self.write(to, value, ty, frame)
            }
        }
    }

    fn part_type(&mut self, bits: u32, parts: usize, span: Span) -> Result<CType> {
        match (bits, parts) {
            (64, 2) => Ok(unsigned(32)),
            (64, 4) | (32, 2) => Ok(unsigned(16)),
            _ => fail(Code::E0224, "`mov` takes a register apart into two or four", span),
        }
    }

    fn bits_of(&mut self, ty: CType) -> Result<u32> {
        let ir = self.ir_type(ty, Span::NONE)?;
        Ok(self.module.tables.types.size_of(ir) as u32 * 8)
    }

    fn convert_literal(&mut self, ty: CType, bits: u64, span: Span) -> Result<ExprId> {
        let ir = self.ir_type(ty, span)?;
        let scalar = self.module.tables.types.as_scalar(ir).unwrap_or(Scalar::U32);
        Ok(self.constant(scalar, bits, span))
    }

    fn slot<'f>(&self, operand: &PtxOperand, frame: &'f Frame<'a>) -> Result<&'f Slot<'a>> {
        let found = match operand {
            PtxOperand::Argument(index) => frame.arguments.get(*index),
            PtxOperand::Register(name) => frame.registers.iter().rev().find(|(known, _)| known == name).map(|(_, slot)| slot),
            _ => None,
        };
        found.ok_or_else(|| {
            let what = match operand {
                PtxOperand::Argument(index) => format!("there is no operand %{index}"),
                PtxOperand::Register(name) => format!("there is no register `{name}`"),
                _ => "a register is needed here".to_string(),
            };
            failure(Code::E0224, what, frame.span)
        })
    }

    fn type_of(&mut self, operand: &PtxOperand, frame: &Frame<'a>) -> Result<CType> {
        if let Some(function) = self.special(operand, frame) {
            return Ok(self.signature(function)?.result.unwrap_or(CType::VOID));
        }
        Ok(match self.slot(operand, frame)? {
            Slot::Variable { ty, .. } => *ty,
            Slot::Input(value) => value.ty,
        })
    }

    /// The header's function for a special register (PTX ISA, "Special Registers").
    fn special(&mut self, operand: &PtxOperand, frame: &Frame<'a>) -> Option<FnId> {
        let PtxOperand::Register(name) = operand else { return None };
        if self.slot(operand, frame).is_ok() {
            return None;
        }
        let name = name.strip_prefix('%')?;
        self.ptx_function(&format!("__ptx_reg_{}", name.replace('.', "_")))
    }

    /// The value of a source operand as the type that the instruction takes.
    fn source(&mut self, operand: &PtxOperand, want: CType, frame: &Frame<'a>) -> Result<ExprId> {
        let span = frame.span;
        match operand {
            PtxOperand::Integer(value) if self.types.is_integral(want) => self.convert_literal(want, *value as u64, span),
            PtxOperand::Float(bits) => self.float_literal(f64::from(f32::from_bits(*bits)), want, span),
            PtxOperand::Double(bits) => self.float_literal(f64::from_bits(*bits), want, span),
            PtxOperand::Integer(value) => self.float_literal(*value as f64, want, span),
            PtxOperand::Not(name) => {
                let value = self.source(&PtxOperand::Register(name.clone()), CType::BOOL, frame)?;
                self.add(Expr::Unary { op: ir::UnaryOp::Not, value }, span)
            }
            PtxOperand::Argument(_) | PtxOperand::Register(_) => {
                if let Some(function) = self.special(operand, frame) {
                    let result = self.signature(function)?.result.unwrap_or(CType::VOID);
                    let name = self.function(function).name.clone();
                    let value = self.call_library(&name, Vec::new(), span)?;
                    let value = self.rvalue(&value)?;
                    return self.fit(value, result, want, span);
                }
                match self.slot(operand, frame)?.clone() {
                    Slot::Variable { ty, local } => {
                        let pointer = self.local_addr(local, span);
                        let value = self.load(pointer, false, span)?;
                        let value = self.bind(value, None, span);
                        self.fit(value, ty, want, span)
                    }
                    Slot::Input(value) if self.types.is_pointer(value.ty) || self.types.is_pointer(want) => {
                        let cast = self.cast_operand(want, value, super::casts::CastKind::Reinterpret, span)?;
                        self.rvalue(&cast)
                    }
                    Slot::Input(value) => {
                        let found = self.rvalue(&value)?;
                        // What `"n"` gives is a constant of any size.
                        if value.ty.same(CType::LONG) && self.types.is_integral(want) {
                            let value = Operand::value(value.ty, found, span);
                            return self.convert(&value, want, span);
                        }
                        self.fit(found, value.ty, want, span)
                    }
                }
            }
            PtxOperand::Address { .. } | PtxOperand::Vector(_) | PtxOperand::Sink => {
                fail(Code::E0224, "the instruction takes no operand of this form here", span)
            }
        }
    }

    fn float_literal(&mut self, value: f64, want: CType, span: Span) -> Result<ExprId> {
        match () {
            () if want.same(CType::FLOAT) => self.convert_literal(want, u64::from((value as f32).to_bits()), span),
            () if want.same(CType::DOUBLE) => self.convert_literal(want, value.to_bits(), span),
            () if want.same(unsigned(32)) => self.convert_literal(want, u64::from((value as f32).to_bits()), span),
            () if want.same(unsigned(64)) => self.convert_literal(want, value.to_bits(), span),
            () => fail(Code::E0224, "the instruction takes no floating-point constant here", span),
        }
    }

    /// Writes a result to a register.
    fn write(&mut self, target: &PtxOperand, value: ExprId, ty: CType, frame: &Frame<'a>) -> Result<()> {
        if *target == PtxOperand::Sink {
            return Ok(());
        }
        let Slot::Variable { ty: want, local } = self.slot(target, frame)?.clone() else {
            return fail(Code::E0224, "an input of the `asm` statement is written", frame.span);
        };
        let value = self.fit(value, ty, want, frame.span)?;
        let pointer = self.local_addr(local, frame.span);
        self.push(StmtKind::Store { pointer, value, volatile: false }, frame.span);
        Ok(())
    }
}

/// What says nothing about the value: state spaces, which the pointer knows, and weak or relaxed orders with their scopes.
const IGNORED: [&str; 8] = ["global", "shared", "local", "relaxed", "cta", "gpu", "sys", "shared::cta"];

/// `red.global.add.u32` is `__ptx_red_add_u32`. A fence keeps its scope.
fn function_name(opcode: &str) -> String {
    let is_access = opcode.starts_with("atom") || opcode.starts_with("red.");
    let words = opcode.split('.').filter(|word| !is_access || !IGNORED.contains(word));
    let words: Vec<String> = words.map(|word| word.replace("::", "_")).collect();
    format!("__ptx_{}", words.join("_"))
}

fn unsigned(bits: u32) -> CType {
    CType::int(match bits {
        64 => IntKind::ULong,
        16 => IntKind::UShort,
        8 => IntKind::UChar,
        _ => IntKind::UInt,
    })
}

/// PTX ISA, "Fundamental Types". Integer registers have no sign: instructions do.
fn register_type(ty: &str) -> Option<CType> {
    Some(match ty {
        "pred" => CType::BOOL,
        "f32" => CType::FLOAT,
        "f64" => CType::DOUBLE,
        "b8" | "u8" | "s8" => unsigned(8),
        "b16" | "u16" | "s16" => unsigned(16),
        "b32" | "u32" | "s32" => unsigned(32),
        "b64" | "u64" | "s64" => unsigned(64),
        _ => return None,
    })
}
