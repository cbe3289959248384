//! Constant expressions: folds IR trees, and runs constexpr functions on the IR they were lowered to.
//!
//! An expression is lowered as usual into a block of its own. If the tree alone does not fold, the block and the functions it calls
//! are run by a small machine with a step limit. So constant expressions mean exactly what the device would compute.

use super::*;
use crate::lower::{LocalEntity, Operand};
use ir::{BinaryOp, Block, Expr, ExprId, Function, LogicalOp, Scalar, StmtKind, UnaryOp};

/// A constexpr evaluation ends after so many statements and expressions.
const MAX_STEPS: u32 = 1_000_000;

impl<'a> Sema<'a> {
    /// The value of a scalar constant expression and its type.
    pub fn eval_constant(&mut self, tree: &'a ast::Expr) -> Result<(CType, u64)> {
        let (block, (ty, value)) = self.block(|sema| {
            let operand = sema.lower_expr(tree)?;
            sema.constant_operand(operand)
        })?;
        match self.evaluate(&block, value) {
            Some(bits) => Ok((ty, bits)),
            None => fail(Code::E0207, "this is not a constant expression", tree.span),
        }
    }

    pub fn eval_constant_name(&mut self, name: &'a ast::Name) -> Result<(CType, u64)> {
        let (block, (ty, value)) = self.block(|sema| {
            let operand = sema.lower_name(name)?;
            sema.constant_operand(operand)
        })?;
        match self.evaluate(&block, value) {
            Some(bits) => Ok((ty, bits)),
            None => fail(Code::E0207, "this is not a constant expression", name.span),
        }
    }

    /// Classes count with the arithmetic type they convert to.
    fn constant_operand(&mut self, operand: Operand<'a>) -> Result<(CType, ExprId)> {
        if self.types.as_class(operand.ty).is_some() {
            for to in [CType::BOOL, CType::LONG] {
                if self.implicit_conversion(&operand, to)?.is_some() {
                    let value = self.convert(&operand, to, operand.span)?;
                    return Ok((to, value));
                }
            }
        }
        let value = self.rvalue(&operand)?;
        Ok((operand.ty.unqualified(), value))
    }

    pub fn eval_integer(&mut self, tree: &'a ast::Expr) -> Result<i128> {
        let (ty, bits) = self.eval_constant(tree)?;
        let integral = self.types.is_integral(ty) || self.is_enum(ty);
        if !integral {
            let shown = self.show(ty);
            return fail(Code::E0207, format!("an integer constant is needed, not `{shown}`"), tree.span);
        }
        let ir = self.ir_type(ty, tree.span)?;
        let scalar = self.module.tables.types.as_scalar(ir).unwrap_or(Scalar::I64);
        Ok(to_i128(scalar, bits))
    }

    /// The bits of a constant after a conversion between scalar types.
    pub fn convert_constant(&mut self, from: CType, bits: u64, to: CType, span: Span) -> Result<u64> {
        let (a, b) = (self.ir_type(from, span)?, self.ir_type(to, span)?);
        if let (TypeKind::MemberPointer(..), false) = (self.types.kind(from), from.same(to)) {
            let (from, to) = (self.show(from), self.show(to));
            return fail(Code::E0208, format!("`{from}` as a template argument of type `{to}` is not supported"), span);
        }
        match (self.module.tables.types.as_scalar(a), self.module.tables.types.as_scalar(b)) {
            (Some(a), Some(b)) => Ok(convert_bits(a, bits, b)),
            _ if from == CType::NULLPTR || bits == 0 => Ok(0),
            _ => fail(
                Code::E0208,
                format!("`{}` cannot be a template argument of type `{}`", self.show(from), self.show(to)),
                span,
            ),
        }
    }

    /// The bits of a constant tree; `None` if something in it is not constant.
    pub fn fold(&self, value: ExprId) -> Option<u64> {
        fold_tree(&self.f.func, &self.module.tables, value, 0)
    }

    /// Runs a block and returns the bits of `value` after it.
    pub fn evaluate(&self, block: &Block, value: ExprId) -> Option<u64> {
        if block.stmts.is_empty()
            && let Some(bits) = self.fold(value)
        {
            return Some(bits);
        }
        match self.run_constant(block, value)? {
            Value::Bits(bits) => Some(bits),
            _ => None,
        }
    }

    /// `constexpr T x = ..;` in a block: what the statements from `start` on leave in `x`, if that is constant.
    pub(crate) fn remember_constant(&mut self, name: Symbol, start: usize) {
        let Some(LocalEntity::Object(object)) = self.f.find_local(name) else { return };
        let crate::lower::Place::Memory(address) = object.place else { return };
        let &Expr::LocalAddr(local) = self.f.func.expr(address) else { return };
        let stmts = self.f.blocks.last().and_then(|block| block.get(start..)).map(<[ir::Stmt]>::to_vec);
        let block = Block { stmts: stmts.unwrap_or_default() };
        let mut machine = Machine { module: &self.module, frames: Vec::new(), steps: 0 };
        machine.frames.push(self.outer_frame());
        let Some(Flow::Next) = machine.run_block(&self.f.func, &block) else { return };
        if let Some(value) = machine.frames[0].locals.remove(&local.index()) {
            self.f.constant_objects.push((local, ConstantObject(value)));
        }
    }

    /// The frame of the function at hand, with the constants of its blocks.
    fn outer_frame(&self) -> Frame {
        let mut frame = Frame::new(&self.f.func, Vec::new());
        frame.locals.extend(self.f.constant_objects.iter().map(|(local, object)| (local.index(), object.0.clone())));
        frame
    }

    fn run_constant(&self, block: &Block, value: ExprId) -> Option<Value> {
        let mut machine = Machine { module: &self.module, frames: Vec::new(), steps: 0 };
        machine.frames.push(self.outer_frame());
        match machine.run_block(&self.f.func, block)? {
            Flow::Next => machine.eval(&self.f.func, value),
            _ => None,
        }
    }

    /// Writes the memory of a constant into `bytes`; `false` if it is not constant.
    pub fn bytes_of(&mut self, block: &Block, value: ExprId, ty: TypeId, bytes: &mut [u8]) -> Result<bool> {
        let Some(value) = self.run_constant(block, value) else { return Ok(false) };
        Ok(write_value(&self.module.tables, &value, ty, bytes))
    }
}

fn write_value(tables: &ir::Tables, value: &Value, ty: TypeId, bytes: &mut [u8]) -> bool {
    let size = tables.types.size_of(ty) as usize;
    match (value, tables.types.get(ty)) {
        (Value::Bits(bits), ir::Type::Scalar(_)) => match bytes.get_mut(..size) {
            Some(target) => {
                target.copy_from_slice(&bits.to_le_bytes()[..size]);
                true
            }
            None => false,
        },
        (Value::Parts(parts), ir::Type::Array { element, .. }) => {
            let step = tables.types.size_of(element) as usize;
            parts
                .iter()
                .enumerate()
                .all(|(i, part)| bytes.get_mut(i * step..).is_some_and(|at| write_value(tables, part, element, at)))
        }
        (Value::Parts(parts), ir::Type::Vector { scalar, .. }) => parts.iter().enumerate().all(|(i, part)| match part {
            Value::Bits(bits) => {
                let step = scalar.size() as usize;
                bytes.get_mut(i * step..(i + 1) * step).is_some_and(|at| {
                    at.copy_from_slice(&bits.to_le_bytes()[..step]);
                    true
                })
            }
            _ => false,
        }),
        (Value::Parts(parts), ir::Type::Struct(id)) => {
            let fields = &tables.types.structs()[id].fields;
            parts.iter().zip(fields).all(|(part, field)| {
                bytes.get_mut(field.offset as usize..).is_some_and(|at| write_value(tables, part, field.ty, at))
            })
        }
        (Value::Bits(0), ir::Type::Pointer { .. }) => true,
        _ => false,
    }
}

/// A value of the constant machine.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Bits(u64),
    Parts(Vec<Value>),
    /// A local variable of a frame and the way into it.
    Pointer {
        frame: usize,
        local: usize,
        path: Vec<u32>,
    },
    /// A variable of the module with an initialiser.
    Global {
        global: ir::GlobalId,
        path: Vec<u32>,
    },
    Undefined,
}

/// The value of a `constexpr` object.
#[derive(Clone, Debug)]
pub(crate) struct ConstantObject(Value);

struct Frame {
    lets: FxHashMap<usize, Value>,
    locals: FxHashMap<usize, Value>,
    params: Vec<Value>,
}

impl Frame {
    fn new(_function: &Function, params: Vec<Value>) -> Frame {
        Frame { lets: FxHashMap::default(), locals: FxHashMap::default(), params }
    }
}

enum Flow {
    Next,
    Break,
    Continue,
    Return(Option<Value>),
}

struct Machine<'m> {
    module: &'m ir::Module,
    frames: Vec<Frame>,
    steps: u32,
}

impl Machine<'_> {
    fn tick(&mut self) -> Option<()> {
        self.steps += 1;
        (self.steps < MAX_STEPS).then_some(())
    }

    fn run_block(&mut self, func: &Function, block: &Block) -> Option<Flow> {
        for stmt in &block.stmts {
            self.tick()?;
            match self.run_stmt(func, &stmt.kind)? {
                Flow::Next => {}
                flow => return Some(flow),
            }
        }
        Some(Flow::Next)
    }

    fn frame(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    fn run_stmt(&mut self, func: &Function, stmt: &StmtKind) -> Option<Flow> {
        match stmt {
            StmtKind::Let { result, value } => {
                let value = self.eval(func, *value)?;
                self.frame()?.lets.insert(result.index(), value);
            }
            StmtKind::Declare { local, init } => {
                let value = match init {
                    Some(init) => self.eval(func, *init)?,
                    None => self.undefined(func.locals[*local].ty)?,
                };
                self.frame()?.locals.insert(local.index(), value);
            }
            StmtKind::Store { pointer, value, .. } => {
                let value = self.eval(func, *value)?;
                let Value::Pointer { frame, local, path } = self.eval(func, *pointer)? else { return None };
                let mut at = self.frames.get_mut(frame)?.locals.get_mut(&local)?;
                for step in path {
                    let Value::Parts(parts) = at else { return None };
                    at = parts.get_mut(step as usize)?;
                }
                *at = value;
            }
            StmtKind::Call { result, function, args } => {
                let mut values = Vec::new();
                for arg in args {
                    values.push(self.eval(func, *arg)?);
                }
                let returned = self.call(*function, values)?;
                if let (Some(result), Some(value)) = (result, returned) {
                    self.frame()?.lets.insert(result.index(), value);
                }
            }
            StmtKind::Scope(block) => return self.run_block(func, block),
            StmtKind::If { condition, accept, reject } => {
                let Value::Bits(bits) = self.eval(func, *condition)? else { return None };
                return self.run_block(func, if bits != 0 { accept } else { reject });
            }
            StmtKind::Loop { condition, body, update, until, .. } => {
                return self.run_loop(func, *condition, body, update, *until);
            }
            StmtKind::Switch { selector, cases } => return self.run_switch(func, *selector, cases),
            StmtKind::Break => return Some(Flow::Break),
            StmtKind::Continue => return Some(Flow::Continue),
            StmtKind::Return(value) => {
                let value = match value {
                    Some(value) => Some(self.eval(func, *value)?),
                    None => None,
                };
                return Some(Flow::Return(value));
            }
            _ => return None,
        }
        Some(Flow::Next)
    }

    fn run_loop(
        &mut self,
        func: &Function,
        condition: Option<ExprId>,
        body: &Block,
        update: &Block,
        until: Option<ExprId>,
    ) -> Option<Flow> {
        loop {
            self.tick()?;
            if let Some(condition) = condition
                && self.eval(func, condition)? == Value::Bits(0)
            {
                return Some(Flow::Next);
            }
            match self.run_block(func, body)? {
                Flow::Break => return Some(Flow::Next),
                Flow::Return(value) => return Some(Flow::Return(value)),
                Flow::Next | Flow::Continue => {}
            }
            self.run_block(func, update)?;
            if let Some(until) = until
                && self.eval(func, until)? != Value::Bits(0)
            {
                return Some(Flow::Next);
            }
        }
    }

    fn run_switch(&mut self, func: &Function, selector: ExprId, cases: &[ir::Case]) -> Option<Flow> {
        let Value::Bits(bits) = self.eval(func, selector)? else { return None };
        let chosen = cases.iter().position(|case| case.values.contains(&bits));
        let Some(mut at) = chosen.or_else(|| cases.iter().position(|case| case.is_default)) else { return Some(Flow::Next) };
        while let Some(case) = cases.get(at) {
            match self.run_block(func, &case.body)? {
                Flow::Break => return Some(Flow::Next),
                Flow::Next if case.falls_through => at += 1,
                Flow::Next => return Some(Flow::Next),
                flow => return Some(flow),
            }
        }
        Some(Flow::Next)
    }

    fn call(&mut self, function: ir::FuncId, args: Vec<Value>) -> Option<Option<Value>> {
        if self.frames.len() > 256 {
            return None;
        }
        let func = &self.module.functions[function];
        self.frames.push(Frame::new(func, args));
        let flow = self.run_block(func, &func.body);
        self.frames.pop();
        match flow? {
            Flow::Return(value) => Some(value),
            _ => Some(None),
        }
    }

    fn undefined(&self, ty: TypeId) -> Option<Value> {
        self.filled(ty, Value::Undefined)
    }

    fn filled(&self, ty: TypeId, leaf: Value) -> Option<Value> {
        let types = &self.module.tables.types;
        Some(match types.get(ty) {
            ir::Type::Scalar(_) | ir::Type::Pointer { .. } => leaf,
            ir::Type::Vector { count, .. } => Value::Parts(vec![leaf; usize::from(count)]),
            ir::Type::Array { element, count: Some(count) } if count <= 1 << 20 => {
                let part = self.filled(element, leaf)?;
                Value::Parts(vec![part; count as usize])
            }
            ir::Type::Struct(id) => {
                let fields = &types.structs()[id].fields;
                Value::Parts(fields.iter().map(|field| self.filled(field.ty, leaf.clone())).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    fn eval(&mut self, func: &Function, id: ExprId) -> Option<Value> {
        self.tick()?;
        match func.expr(id) {
            Expr::Const { bits, .. } => Some(Value::Bits(*bits)),
            Expr::NamedConst(id) => Some(Value::Bits(self.module.tables.constants[*id].bits)),
            Expr::Zero(ty) => self.filled(*ty, Value::Bits(0)),
            Expr::Let(id) => self.frame()?.lets.get(&id.index()).cloned(),
            Expr::Param(index) => self.frame()?.params.get(*index as usize).cloned(),
            Expr::LocalAddr(local) => {
                Some(Value::Pointer { frame: self.frames.len() - 1, local: local.index(), path: Vec::new() })
            }
            Expr::GlobalAddr(global) => Some(Value::Global { global: *global, path: Vec::new() }),
            Expr::Field { base, index } => {
                let base = self.eval(func, *base)?;
                step_into(base, *index)
            }
            Expr::Element { base, index } => {
                let base = self.eval(func, *base)?;
                let at = self.index(func, *index)?;
                step_into(base, u32::try_from(at).ok()?)
            }
            Expr::Offset { base, index } => {
                let base = self.eval(func, *base)?;
                let at = self.index(func, *index)?;
                step_over(base, at)
            }
            Expr::PointerCast { base, to } => {
                let from = func.ty(*base);
                let same = self.module.tables.types.as_pointer(from)?.0 == self.module.tables.types.as_pointer(*to)?.0;
                if same { self.eval(func, *base) } else { None }
            }
            Expr::Load { pointer, .. } => {
                let pointer = self.eval(func, *pointer)?;
                self.load(pointer)
            }
            Expr::Unary { op, value } => {
                let scalar = self.module.tables.types.as_scalar(func.ty(*value))?;
                let Value::Bits(bits) = self.eval(func, *value)? else { return None };
                fold_unary(*op, scalar, bits).map(Value::Bits)
            }
            Expr::Binary { op, a, b } => {
                let scalar = self.module.tables.types.as_scalar(func.ty(*a))?;
                let amount = self.module.tables.types.as_scalar(func.ty(*b))?;
                let (Value::Bits(x), Value::Bits(y)) = (self.eval(func, *a)?, self.eval(func, *b)?) else { return None };
                fold_binary(*op, scalar, amount, x, y).map(Value::Bits)
            }
            Expr::Logical { op, a, b } => {
                let Value::Bits(x) = self.eval(func, *a)? else { return None };
                match (op, x != 0) {
                    (LogicalOp::And, false) => Some(Value::Bits(0)),
                    (LogicalOp::Or, true) => Some(Value::Bits(1)),
                    _ => self.eval(func, *b),
                }
            }
            Expr::Select { condition, accept, reject } => {
                let Value::Bits(bits) = self.eval(func, *condition)? else { return None };
                self.eval(func, if bits != 0 { *accept } else { *reject })
            }
            Expr::Convert { value, to } => {
                let from = self.module.tables.types.as_scalar(func.ty(*value))?;
                let Value::Bits(bits) = self.eval(func, *value)? else { return None };
                Some(Value::Bits(convert_bits(from, bits, *to)))
            }
            Expr::Bitcast { value, to } => {
                self.module.tables.types.as_scalar(*to)?;
                match self.eval(func, *value)? {
                    Value::Bits(bits) => Some(Value::Bits(bits)),
                    _ => None,
                }
            }
            Expr::Construct { parts, .. } => {
                let parts = parts.iter().map(|part| self.eval(func, *part)).collect::<Option<_>>()?;
                Some(Value::Parts(parts))
            }
            Expr::Extract { value, index } => match self.eval(func, *value)? {
                Value::Parts(parts) => parts.get(*index as usize).cloned(),
                _ => None,
            },
            _ => None,
        }
    }

    fn index(&mut self, func: &Function, index: ExprId) -> Option<i64> {
        let scalar = self.module.tables.types.as_scalar(func.ty(index))?;
        match self.eval(func, index)? {
            Value::Bits(bits) => i64::try_from(to_i128(scalar, bits)).ok(),
            _ => None,
        }
    }

    fn load(&mut self, pointer: Value) -> Option<Value> {
        match pointer {
            Value::Pointer { frame, local, path } => {
                let mut at = self.frames.get(frame)?.locals.get(&local)?;
                for step in path {
                    let Value::Parts(parts) = at else { return None };
                    at = parts.get(step as usize)?;
                }
                (*at != Value::Undefined).then(|| at.clone())
            }
            Value::Global { global, path } => {
                let global = &self.module.tables.globals[global];
                if global.space != ir::Space::Constant {
                    return None;
                }
                let bytes = global.init.as_ref()?;
                read_bytes(&self.module.tables, global.ty, bytes, &path)
            }
            _ => None,
        }
    }
}

/// The scalar at a path into the bytes of a constant variable.
fn read_bytes(tables: &ir::Tables, ty: TypeId, bytes: &[u8], path: &[u32]) -> Option<Value> {
    let Some((&step, rest)) = path.split_first() else {
        let scalar = tables.types.as_scalar(ty)?;
        let mut raw = [0; 8];
        let size = scalar.size() as usize;
        raw[..size].copy_from_slice(bytes.get(..size)?);
        return Some(Value::Bits(u64::from_le_bytes(raw)));
    };
    match tables.types.get(ty) {
        ir::Type::Array { element, count } if u64::from(step) < count? => {
            let at = tables.types.size_of(element) * u64::from(step);
            read_bytes(tables, element, bytes.get(at as usize..)?, rest)
        }
        ir::Type::Struct(id) => {
            let field = tables.types.structs()[id].fields.get(step as usize)?;
            read_bytes(tables, field.ty, bytes.get(field.offset as usize..)?, rest)
        }
        _ => None,
    }
}

fn step_into(pointer: Value, index: u32) -> Option<Value> {
    match pointer {
        Value::Pointer { frame, local, mut path } => {
            path.push(index);
            Some(Value::Pointer { frame, local, path })
        }
        Value::Global { global, mut path } => {
            path.push(index);
            Some(Value::Global { global, path })
        }
        _ => None,
    }
}

fn step_over(pointer: Value, by: i64) -> Option<Value> {
    let moved = |path: &mut Vec<u32>| -> Option<()> {
        let last = path.last_mut()?;
        *last = u32::try_from(i64::from(*last) + by).ok()?;
        Some(())
    };
    match pointer {
        Value::Pointer { frame, local, mut path } => {
            moved(&mut path)?;
            Some(Value::Pointer { frame, local, path })
        }
        Value::Global { global, mut path } => {
            moved(&mut path)?;
            Some(Value::Global { global, path })
        }
        _ => None,
    }
}

fn fold_tree(func: &Function, tables: &ir::Tables, id: ExprId, depth: u32) -> Option<u64> {
    if depth > 200 {
        return None;
    }
    let scalar = |id: ExprId| tables.types.as_scalar(func.ty(id));
    let fold = |id: ExprId| fold_tree(func, tables, id, depth + 1);
    match func.expr(id) {
        Expr::Const { bits, .. } => Some(*bits),
        Expr::NamedConst(id) => Some(tables.constants[*id].bits),
        Expr::Unary { op, value } => fold_unary(*op, scalar(*value)?, fold(*value)?),
        Expr::Binary { op, a, b } => fold_binary(*op, scalar(*a)?, scalar(*b)?, fold(*a)?, fold(*b)?),
        Expr::Logical { op, a, b } => match (op, fold(*a)? != 0) {
            (LogicalOp::And, false) => Some(0),
            (LogicalOp::Or, true) => Some(1),
            _ => fold(*b),
        },
        Expr::Select { condition, accept, reject } => fold(if fold(*condition)? != 0 { *accept } else { *reject }),
        Expr::Convert { value, to } => Some(convert_bits(scalar(*value)?, fold(*value)?, *to)),
        _ => None,
    }
}

/// The value of an integer's bits.
pub fn to_i128(scalar: Scalar, bits: u64) -> i128 {
    let bits = crate::lower::mask_bits(scalar, bits);
    if scalar.is_signed() {
        let unused = 64 - scalar.bits();
        i128::from(((bits << unused) as i64) >> unused)
    } else {
        i128::from(bits)
    }
}

pub(crate) fn fold_unary(op: UnaryOp, scalar: Scalar, bits: u64) -> Option<u64> {
    let result = match op {
        UnaryOp::Not => u64::from(bits == 0),
        UnaryOp::BitNot if scalar.is_int() => !bits,
        UnaryOp::Neg if scalar.is_int() => bits.wrapping_neg(),
        UnaryOp::Neg if scalar == Scalar::F32 => bits ^ 0x8000_0000,
        UnaryOp::Neg if scalar == Scalar::F64 => bits ^ (1 << 63),
        _ => return None,
    };
    Some(crate::lower::mask_bits(scalar, result))
}

pub(crate) fn fold_binary(op: BinaryOp, scalar: Scalar, amount: Scalar, a: u64, b: u64) -> Option<u64> {
    if scalar.is_float() {
        return fold_float(op, scalar, a, b);
    }
    let (x, y) = (to_i128(scalar, a), to_i128(scalar, b));
    let bits = i128::from(scalar.bits());
    let shift = || Some(to_i128(amount, b)).filter(|&by| (0..bits).contains(&by));
    let result = match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x.wrapping_mul(y),
        BinaryOp::Div => x.checked_div(y)?,
        BinaryOp::Rem => x.checked_rem(y)?,
        BinaryOp::And => x & y,
        BinaryOp::Or => x | y,
        BinaryOp::Xor => x ^ y,
        BinaryOp::Shl => x << shift()?,
        BinaryOp::Shr => x >> shift()?,
        BinaryOp::Eq => i128::from(x == y),
        BinaryOp::Ne => i128::from(x != y),
        BinaryOp::Lt => i128::from(x < y),
        BinaryOp::Le => i128::from(x <= y),
        BinaryOp::Gt => i128::from(x > y),
        BinaryOp::Ge => i128::from(x >= y),
    };
    let scalar = if op.is_comparison() { Scalar::Bool } else { scalar };
    Some(crate::lower::mask_bits(scalar, result as u64))
}

fn fold_float(op: BinaryOp, scalar: Scalar, a: u64, b: u64) -> Option<u64> {
    let (x, y) = (to_f64(scalar, a)?, to_f64(scalar, b)?);
    let comparison = match op {
        BinaryOp::Eq => Some(x == y),
        BinaryOp::Ne => Some(x != y),
        BinaryOp::Lt => Some(x < y),
        BinaryOp::Le => Some(x <= y),
        BinaryOp::Gt => Some(x > y),
        BinaryOp::Ge => Some(x >= y),
        _ => None,
    };
    if let Some(truth) = comparison {
        return Some(u64::from(truth));
    }
    // One operation in double, rounded to float, is the float operation.
    let result = match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::Div => x / y,
        _ => return None,
    };
    match scalar {
        Scalar::F32 => Some(u64::from((result as f32).to_bits())),
        Scalar::F64 => Some(result.to_bits()),
        _ => None,
    }
}

fn to_f64(scalar: Scalar, bits: u64) -> Option<f64> {
    match scalar {
        Scalar::F32 => Some(f64::from(f32::from_bits(bits as u32))),
        Scalar::F64 => Some(f64::from_bits(bits)),
        _ => None,
    }
}

/// A conversion as the IR defines it: integers wrap, floats to integers saturate, everything but zero is true.
pub(crate) fn convert_bits(from: Scalar, bits: u64, to: Scalar) -> u64 {
    if from == to {
        return bits;
    }
    let converted = match (to_f64(from, bits), to) {
        (Some(value), Scalar::Bool) => u64::from(value != 0.0),
        (None, Scalar::Bool) => u64::from(bits != 0),
        (Some(value), Scalar::F32) => u64::from((value as f32).to_bits()),
        (Some(value), Scalar::F64) => value.to_bits(),
        (None, Scalar::F32) => u64::from((to_i128(from, bits) as f32).to_bits()),
        (None, Scalar::F64) => (to_i128(from, bits) as f64).to_bits(),
        (Some(value), Scalar::I8) => value as i8 as u64,
        (Some(value), Scalar::I16) => value as i16 as u64,
        (Some(value), Scalar::I32) => value as i32 as u64,
        (Some(value), Scalar::I64) => value as i64 as u64,
        (Some(value), Scalar::U8) => u64::from(value as u8),
        (Some(value), Scalar::U16) => u64::from(value as u16),
        (Some(value), Scalar::U32) => u64::from(value as u32),
        (Some(value), Scalar::U64) => value as u64,
        (None, _) => to_i128(from, bits) as u64,
        // Half constants are not folded: nothing makes them yet.
        (Some(value), Scalar::F16 | Scalar::BF16) => value.to_bits(),
    };
    crate::lower::mask_bits(to, converted)
}
