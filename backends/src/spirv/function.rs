//! One function under construction: its blocks, variables and values, and the small words that everything else is written in.
//!
//! What must hold: `OpVariable`s open the first block (Section 2.4), followed by the *prologue*, values such as `threadIdx` that are
//! computed once and dominate everything; and each block ends with one terminator. Behind a terminator there is no block (`current` is
//! `None`) until a label opens one, and statements that stand there are dead.

use super::control::Target;
use super::module::ModuleWriter;
use super::options::EmitError;
use super::types::not_legal;
use ir::{ExprId, FuncId, Function, Geometry, LetId, LocalId, Scalar, Type, TypeId};
use rspirv::dr::{self, Instruction, Operand};
use rspirv::spirv::{Decoration, FunctionControl, GlslStd450Op as Glsl, Op, StorageClass, Word};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;

#[derive(Clone, Copy)]
enum Scoped {
    Let(LetId),
    Local(LocalId),
}

pub(super) struct FunctionWriter<'m, 'a> {
    pub(super) module: &'m mut ModuleWriter<'a>,
    pub(super) function: &'a Function,
    id: Word,
    params: Vec<Word>,
    blocks: Vec<dr::Block>,
    current: Option<usize>,
    variables: Vec<Instruction>,
    prologue: Vec<Instruction>,
    in_prologue: bool,
    lets: FxHashMap<LetId, Word>,
    locals: FxHashMap<LocalId, Word>,
    /// What the open blocks have bound and declared, in order.
    scope: Vec<Scoped>,
    declared: FxHashSet<LocalId>,
    pub(super) geometry: FxHashMap<Geometry, Word>,
    pub(super) lengths: FxHashMap<Word, Word>,
    pub(super) targets: Vec<Target>,
    /// Values of the statement being written, so that a shared operand is computed once.
    memo: FxHashMap<ExprId, Word>,
    memo_order: Vec<ExprId>,
    /// Expressions that may only be evaluated where the source does: see [`expr`](super::expr).
    pub(super) guarded: FxHashMap<ExprId, bool>,
    /// The statement's place, for errors.
    pub(super) span: Span,
}

impl<'m, 'a> FunctionWriter<'m, 'a> {
    pub(super) fn new(module: &'m mut ModuleWriter<'a>, function: FuncId, id: Word) -> FunctionWriter<'m, 'a> {
        let function = &module.program.module.functions[function];
        FunctionWriter::of(module, function, id)
    }

    fn of(module: &'m mut ModuleWriter<'a>, function: &'a Function, id: Word) -> FunctionWriter<'m, 'a> {
        FunctionWriter {
            module,
            function,
            id,
            params: Vec::new(),
            blocks: Vec::new(),
            current: None,
            variables: Vec::new(),
            prologue: Vec::new(),
            in_prologue: false,
            lets: FxHashMap::default(),
            locals: FxHashMap::default(),
            scope: Vec::new(),
            declared: FxHashSet::default(),
            geometry: FxHashMap::default(),
            lengths: FxHashMap::default(),
            targets: Vec::new(),
            memo: FxHashMap::default(),
            memo_order: Vec::new(),
            guarded: FxHashMap::default(),
            span: function.span,
        }
    }

    /// Writes a function of our own, whose body computes `body` of its parameters.
    pub(super) fn helper(
        &mut self,
        result: Word,
        params: &[Word],
        body: impl FnOnce(&mut FunctionWriter<'_, 'a>, &[Word]) -> Result<Word, EmitError>,
    ) -> Result<Word, EmitError> {
        let id = self.module.asm.id();
        let ty = self.module.asm.function_type(result, params);
        let mut parameters = Vec::new();
        let mut values = Vec::new();
        for param in params {
            let id = self.module.asm.id();
            values.push(id);
            parameters.push(Instruction::new(Op::FunctionParameter, Some(*param), Some(id), Vec::new()));
        }
        let mut writer = FunctionWriter::of(&mut *self.module, self.function, id);
        let label = writer.label();
        writer.begin(label);
        let value = body(&mut writer, &values)?;
        writer.terminate(Op::ReturnValue, vec![Operand::IdRef(value)]);
        let function = writer.finish(result, ty, parameters);
        self.module.asm.add_function(function);
        Ok(id)
    }

    pub(super) fn write(mut self, is_kernel: bool) -> Result<dr::Function, EmitError> {
        let function = self.function;
        let result = self.module.value_type(function.result, self.span)?;
        let mut param_types = Vec::new();
        if !is_kernel {
            for param in &function.params {
                param_types.push(self.module.value_type(param.ty, param.span)?);
            }
        }
        let ty = self.module.asm.function_type(result, &param_types);
        let mut parameters = Vec::new();
        for (param, ty) in function.params.iter().zip(&param_types) {
            let id = self.module.asm.id();
            self.module.name(id, &param.name);
            self.params.push(id);
            parameters.push(Instruction::new(Op::FunctionParameter, Some(*ty), Some(id), Vec::new()));
        }
        let label = self.label();
        self.begin(label);
        if is_kernel {
            self.leave_behind_the_grid();
        }
        self.block(&function.body)?;
        self.fall_off_the_end(result);
        Ok(self.finish(result, ty, parameters))
    }

    fn finish(mut self, result: Word, ty: Word, parameters: Vec<Instruction>) -> dr::Function {
        let control = vec![Operand::FunctionControl(FunctionControl::NONE), Operand::IdRef(ty)];
        let def = Instruction::new(Op::Function, Some(result), Some(self.id), control);
        let end = Instruction::new(Op::FunctionEnd, None, None, Vec::new());
        let opening = self.variables.into_iter().chain(self.prologue);
        self.blocks[0].instructions.splice(0..0, opening);
        dr::Function { def: Some(def), end: Some(end), parameters, blocks: self.blocks }
    }

    /// Control that reaches the end of a function with a value: undefined in C++, zero here.
    fn fall_off_the_end(&mut self, result: Word) {
        if self.current.is_none() {
            return;
        }
        if self.module.ir_types.get(self.function.result) == Type::Void {
            self.terminate(Op::Return, Vec::new());
        } else {
            let zero = self.module.asm.null(result);
            self.terminate(Op::ReturnValue, vec![Operand::IdRef(zero)]);
        }
    }

    // Blocks.

    pub(super) fn label(&mut self) -> Word {
        self.module.asm.id()
    }

    pub(super) fn is_open(&self) -> bool {
        self.current.is_some()
    }

    pub(super) fn begin(&mut self, label: Word) {
        let label = Some(Instruction::new(Op::Label, None, Some(label), Vec::new()));
        self.blocks.push(dr::Block { label, instructions: Vec::new() });
        self.current = Some(self.blocks.len() - 1);
    }

    /// The label of the open block; phis need it.
    pub(super) fn current_label(&self) -> Word {
        self.current.and_then(|at| self.blocks[at].label_id()).unwrap_or_default()
    }

    pub(super) fn terminate(&mut self, op: Op, operands: Vec<Operand>) {
        self.push(Instruction::new(op, None, None, operands));
        self.current = None;
    }

    pub(super) fn branch(&mut self, label: Word) {
        if self.is_open() {
            self.terminate(Op::Branch, vec![Operand::IdRef(label)]);
        }
    }

    pub(super) fn branch_if(&mut self, condition: Word, accept: Word, reject: Word) {
        self.terminate(Op::BranchConditional, [condition, accept, reject].map(Operand::IdRef).to_vec());
    }

    fn push(&mut self, instruction: Instruction) {
        if self.in_prologue {
            self.prologue.push(instruction);
        } else if let Some(at) = self.current {
            self.blocks[at].instructions.push(instruction);
        }
    }

    /// Runs `write` with the prologue as the place where instructions go.
    pub(super) fn once<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.in_prologue, true);
        let result = write(self);
        self.in_prologue = outer;
        result
    }

    // Instructions.

    pub(super) fn raw(&mut self, op: Op, operands: Vec<Operand>) {
        self.push(Instruction::new(op, None, None, operands));
    }

    pub(super) fn result(&mut self, op: Op, ty: Word, operands: Vec<Operand>) -> Word {
        let id = self.module.asm.id();
        self.push(Instruction::new(op, Some(ty), Some(id), operands));
        id
    }

    pub(super) fn op(&mut self, op: Op, ty: Word, args: &[Word]) -> Word {
        self.result(op, ty, args.iter().map(|arg| Operand::IdRef(*arg)).collect())
    }

    /// An operation on floats that nobody may contract or reassociate (Section 3.20, `NoContraction`).
    pub(super) fn float_op(&mut self, op: Op, ty: Word, args: &[Word]) -> Word {
        let id = self.op(op, ty, args);
        self.module.asm.decorate(id, Decoration::NoContraction, &[]);
        id
    }

    /// A function of `GLSL.std.450`.
    pub(super) fn glsl(&mut self, function: Glsl, ty: Word, args: &[Word]) -> Word {
        let mut operands = vec![Operand::IdRef(self.module.asm.glsl()), Operand::LiteralExtInstInteger(function as u32)];
        operands.extend(args.iter().map(|arg| Operand::IdRef(*arg)));
        self.result(Op::ExtInst, ty, operands)
    }

    pub(super) fn extract(&mut self, ty: Word, value: Word, index: u32) -> Word {
        self.result(Op::CompositeExtract, ty, vec![Operand::IdRef(value), Operand::LiteralBit32(index)])
    }

    pub(super) fn select(&mut self, ty: Word, condition: Word, accept: Word, reject: Word) -> Word {
        self.op(Op::Select, ty, &[condition, accept, reject])
    }

    pub(super) fn compare(&mut self, op: Op, a: Word, b: Word) -> Word {
        let ty = self.module.asm.bool();
        self.op(op, ty, &[a, b])
    }

    // Values.

    pub(super) fn scalar_type(&mut self, scalar: Scalar) -> Result<Word, EmitError> {
        self.module.scalar_type(scalar, self.span)
    }

    pub(super) fn value_type(&mut self, ty: TypeId) -> Result<Word, EmitError> {
        self.module.value_type(ty, self.span)
    }

    /// The number with these bits.
    pub(super) fn number(&mut self, scalar: Scalar, bits: u64) -> Result<Word, EmitError> {
        if scalar == Scalar::Bool {
            return Ok(self.module.asm.truth(bits & 1 != 0));
        }
        let ty = self.scalar_type(scalar)?;
        let width = scalar.bits();
        let bits = if width == 64 { bits } else { bits & ((1 << width) - 1) };
        Ok(self.module.asm.constant(ty, width, bits))
    }

    pub(super) fn u32(&mut self, value: u32) -> Word {
        self.module.asm.constant_u32(value)
    }

    pub(super) fn param(&self, index: u32) -> Result<Word, EmitError> {
        self.params.get(index as usize).copied().ok_or_else(|| self.bug("a parameter of a kernel"))
    }

    pub(super) fn bind(&mut self, result: LetId, value: Word) {
        self.lets.insert(result, value);
        self.scope.push(Scoped::Let(result));
    }

    pub(super) fn bound(&self, value: LetId) -> Result<Word, EmitError> {
        self.lets.get(&value).copied().ok_or_else(|| self.bug("a value used outside its scope"))
    }

    pub(super) fn declare(&mut self, local: LocalId) {
        self.declared.insert(local);
        self.scope.push(Scoped::Local(local));
    }

    pub(super) fn scope_mark(&self) -> usize {
        self.scope.len()
    }

    /// Ends the life of what was bound and declared since `mark`.
    pub(super) fn scope_reset(&mut self, mark: usize) {
        for scoped in self.scope.drain(mark..) {
            match scoped {
                Scoped::Let(id) => drop(self.lets.remove(&id)),
                Scoped::Local(id) => drop(self.declared.remove(&id)),
            }
        }
    }

    /// The variable of a local, made at its first use.
    pub(super) fn local(&mut self, local: LocalId) -> Result<Word, EmitError> {
        if !self.declared.contains(&local) {
            let name = &self.function.locals[local].name;
            return Err(self.bug(format!("the variable {name} used outside its scope")));
        }
        if let Some(id) = self.locals.get(&local) {
            return Ok(*id);
        }
        let pointee = self.value_type(self.function.locals[local].ty)?;
        let id = self.variable(pointee);
        self.module.name(id, &self.function.locals[local].name);
        self.locals.insert(local, id);
        Ok(id)
    }

    pub(super) fn variable(&mut self, pointee: Word) -> Word {
        let ty = self.module.asm.pointer(StorageClass::Function, pointee);
        let id = self.module.asm.id();
        let class = vec![Operand::StorageClass(StorageClass::Function)];
        self.variables.push(Instruction::new(Op::Variable, Some(ty), Some(id), class));
        id
    }

    // Values that are computed once in a statement.

    pub(super) fn known(&self, expr: ExprId) -> Option<Word> {
        self.memo.get(&expr).copied()
    }

    pub(super) fn remember(&mut self, expr: ExprId, value: Word) {
        if self.memo.insert(expr, value).is_none() {
            self.memo_order.push(expr);
        }
    }

    pub(super) fn memo_mark(&self) -> usize {
        self.memo_order.len()
    }

    /// Forgets what was remembered since `mark`: it does not dominate what follows.
    pub(super) fn memo_reset(&mut self, mark: usize) {
        for expr in self.memo_order.drain(mark..) {
            self.memo.remove(&expr);
        }
    }

    pub(super) fn bug(&self, what: impl Into<String>) -> EmitError {
        not_legal(what, self.span)
    }
}
