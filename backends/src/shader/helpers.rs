//! Small functions that stand for what one shader operation cannot do: stores into parts of words that other
//! threads write too, atomics on such parts, float atomics, wrapping counters. One for each variable and operation, made when first needed.
//!
//! Each is a loop around `CompareExchange`: it ends when nobody wrote the word between the read and the write.

use super::rewrite::Builder;
use super::words::{bit_position, bits_of, others_in_word, part_of_word, with_part};
use ir::{
    AtomicOp, BinaryOp, Block, Expr, ExprId, FuncId, Function, FunctionKind, GlobalId, LoopForm, MathFn, Module, Param, Scalar,
    Scope, Stmt, StmtKind,
};
use rustc_hash::FxHashMap;
use source::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Helper {
    /// `fn(at: u32, value: u32)`: puts a scalar of `size` bytes at byte `at` into its `word`.
    StorePart { global: GlobalId, size: u64, word: Scalar },
    /// `fn(at: u32, value: scalar) -> scalar`, with `compare: scalar` for `CompareExchange`: an atomic on a part of a `word`.
    UpdatePart { global: GlobalId, op: AtomicOp, scalar: Scalar, word: Scalar },
    /// `fn(index: u32, value: scalar) -> scalar`, without `index` for a variable that is one scalar.
    Update { global: GlobalId, op: AtomicOp, scalar: Scalar, indexed: bool },
}

#[derive(Default)]
pub(super) struct Helpers {
    made: FxHashMap<Helper, FuncId>,
}

impl Helpers {
    pub(super) fn get(&mut self, module: &mut Module, helper: Helper, span: Span) -> FuncId {
        if let Some(&id) = self.made.get(&helper) {
            return id;
        }
        let function = match helper {
            Helper::StorePart { global, size, word } => store_part(module, global, size, word),
            Helper::UpdatePart { global, op, scalar, word } => update_part(module, global, op, scalar, word),
            Helper::Update { global, op, scalar, indexed } => update(module, global, op, scalar, indexed),
        };
        let id = module.functions.add(function, span);
        self.made.insert(helper, id);
        id
    }
}

fn param(builder: &mut Builder<'_>, name: &str, scalar: Scalar) -> ExprId {
    let ty = builder.scalar_ty(scalar);
    builder.function.params.push(Param { name: name.into(), ty, is_restrict: false, is_const: false, span: Span::NONE });
    let index = builder.function.params.len() as u32 - 1;
    builder.add(Expr::Param(index), Span::NONE)
}

fn store_part(module: &mut Module, global: GlobalId, size: u64, word: Scalar) -> Function {
    let name = format!("store{}_{}", size * 8, module.tables.globals[global].name);
    let void = module.tables.types.void();
    let mut function = Function::new(name, FunctionKind::Device, void, Span::NONE);
    let span = Span::NONE;
    let mut builder = Builder { tables: &mut module.tables, function: &mut function };
    let byte = param(&mut builder, "at", Scalar::U32);
    let bits = param(&mut builder, "value", Scalar::U32);
    let mut body = Vec::new();
    let scalar = [Scalar::U8, Scalar::U16, Scalar::U32].into_iter().find(|scalar| scalar.size() == size).unwrap_or(Scalar::U32);
    let part = Part::at(&mut builder, global, byte, scalar, word, &mut body);
    let bits = builder.convert(bits, word, span);
    let shifted = builder.binary(BinaryOp::Shl, bits, part.shift, span);
    let shifted = builder.bind("shifted", shifted, &mut body);
    exchange_loop(&mut builder, part.place, word, &mut body, |builder, old| {
        let kept = builder.binary(BinaryOp::And, old, part.others, span);
        builder.binary(BinaryOp::Or, kept, shifted, span)
    });
    function.body = Block { stmts: body };
    function
}

/// A part of a word in memory.
struct Part {
    place: ExprId,
    shift: ExprId,
    /// The bits of the word that are not the part's.
    others: ExprId,
}

impl Part {
    fn at(builder: &mut Builder<'_>, global: GlobalId, byte: ExprId, scalar: Scalar, word: Scalar, body: &mut Vec<Stmt>) -> Part {
        let span = Span::NONE;
        let base = builder.global(global, span);
        let index = builder.with_constant(BinaryOp::Shr, byte, word.size().ilog2().into(), span);
        let place = builder.element(base, index, span);
        let shift = bit_position(builder, byte, scalar, word, span);
        let shift = builder.bind("shift", shift, body);
        let others = others_in_word(builder, shift, scalar, word, span);
        let others = builder.bind("others", others, body);
        Part { place, shift, others }
    }
}

fn update_part(module: &mut Module, global: GlobalId, op: AtomicOp, scalar: Scalar, word: Scalar) -> Function {
    let name = format!("{}{}_{}", update_name(op, scalar), scalar.bits(), module.tables.globals[global].name);
    let result = module.tables.types.scalar(scalar);
    let mut function = Function::new(name, FunctionKind::Device, result, Span::NONE);
    let span = Span::NONE;
    let mut builder = Builder { tables: &mut module.tables, function: &mut function };
    let byte = param(&mut builder, "at", Scalar::U32);
    let value = param(&mut builder, "value", scalar);
    let compare = (op == AtomicOp::CompareExchange).then(|| param(&mut builder, "compare", scalar));
    let mut body = Vec::new();
    let part = Part::at(&mut builder, global, byte, scalar, word, &mut body);
    let old = exchange_loop(&mut builder, part.place, word, &mut body, |builder, old| {
        let before = part_of_word(builder, old, part.shift, scalar, span);
        let new = match compare {
            Some(compare) => {
                let condition = builder.binary(BinaryOp::Eq, before, compare, span);
                builder.add(Expr::Select { condition, accept: value, reject: before }, span)
            }
            None => updated(builder, op, before, value),
        };
        let bits = bits_of(builder, new, scalar, span);
        with_part(builder, old, part.others, bits, part.shift, word, span)
    });
    let old = builder.load_local(old, span);
    let old = part_of_word(&mut builder, old, part.shift, scalar, span);
    body.push(Stmt { kind: StmtKind::Return(Some(old)), span });
    function.body = Block { stmts: body };
    function
}

fn update(module: &mut Module, global: GlobalId, op: AtomicOp, scalar: Scalar, indexed: bool) -> Function {
    let name = format!("{}_{}", update_name(op, scalar), module.tables.globals[global].name);
    let result = module.tables.types.scalar(scalar);
    let mut function = Function::new(name, FunctionKind::Device, result, Span::NONE);
    let span = Span::NONE;
    let mut builder = Builder { tables: &mut module.tables, function: &mut function };
    let mut place = builder.global(global, span);
    if indexed {
        let index = param(&mut builder, "index", Scalar::U32);
        place = builder.element(place, index, span);
    }
    let value = param(&mut builder, "value", scalar);
    let stored =
        builder.tables.types.as_pointer(builder.ty(place)).and_then(|(pointee, _)| builder.tables.types.as_scalar(pointee));
    let stored = stored.unwrap_or(Scalar::U32);
    let mut body = Vec::new();
    let old = exchange_loop(&mut builder, place, stored, &mut body, |builder, old| {
        let old = builder.reinterpret(old, scalar, span);
        let new = updated(builder, op, old, value);
        builder.reinterpret(new, stored, span)
    });
    let old = builder.load_local(old, span);
    let old = builder.reinterpret(old, scalar, span);
    body.push(Stmt { kind: StmtKind::Return(Some(old)), span });
    function.body = Block { stmts: body };
    function
}

fn update_name(op: AtomicOp, scalar: Scalar) -> &'static str {
    match op {
        AtomicOp::Add if scalar.is_float() => "atomicAddFloat",
        AtomicOp::Sub if scalar.is_float() => "atomicSubFloat",
        AtomicOp::Min if scalar.is_float() => "atomicMinFloat",
        AtomicOp::Max if scalar.is_float() => "atomicMaxFloat",
        AtomicOp::Add => "atomicAdd",
        AtomicOp::Sub => "atomicSub",
        AtomicOp::Min => "atomicMin",
        AtomicOp::Max => "atomicMax",
        AtomicOp::And => "atomicAnd",
        AtomicOp::Or => "atomicOr",
        AtomicOp::Xor => "atomicXor",
        AtomicOp::Inc => "atomicInc",
        AtomicOp::Dec => "atomicDec",
        AtomicOp::Exchange => "atomicExch",
        AtomicOp::CompareExchange => "atomicCas",
        AtomicOp::Load | AtomicOp::Store => "atomicUpdate",
    }
}

/// What an atomic operation makes of the old value.
pub(super) fn updated(builder: &mut Builder<'_>, op: AtomicOp, old: ExprId, value: ExprId) -> ExprId {
    let span = Span::NONE;
    match op {
        AtomicOp::Sub => builder.binary(BinaryOp::Sub, old, value, span),
        AtomicOp::Min => builder.add(Expr::Math { function: MathFn::Min, args: vec![old, value] }, span),
        AtomicOp::Max => builder.add(Expr::Math { function: MathFn::Max, args: vec![old, value] }, span),
        AtomicOp::Inc => {
            let condition = builder.binary(BinaryOp::Ge, old, value, span);
            let zero = builder.with_constant(BinaryOp::Mul, old, 0, span);
            let next = builder.with_constant(BinaryOp::Add, old, 1, span);
            builder.add(Expr::Select { condition, accept: zero, reject: next }, span)
        }
        AtomicOp::Dec => {
            let Some(scalar) = builder.scalar_of(old) else { unreachable!("atomics are on scalars") };
            let zero = builder.constant(scalar, 0, span);
            let is_zero = builder.binary(BinaryOp::Eq, old, zero, span);
            let is_above = builder.binary(BinaryOp::Gt, old, value, span);
            let condition = builder.add(Expr::Logical { op: ir::LogicalOp::Or, a: is_zero, b: is_above }, span);
            let next = builder.with_constant(BinaryOp::Sub, old, 1, span);
            builder.add(Expr::Select { condition, accept: value, reject: next }, span)
        }
        AtomicOp::And => builder.binary(BinaryOp::And, old, value, span),
        AtomicOp::Or => builder.binary(BinaryOp::Or, old, value, span),
        AtomicOp::Xor => builder.binary(BinaryOp::Xor, old, value, span),
        AtomicOp::Exchange | AtomicOp::Store | AtomicOp::CompareExchange => value,
        AtomicOp::Load => old,
        AtomicOp::Add => builder.binary(BinaryOp::Add, old, value, span),
    }
}

/// `old = *place; loop { seen = compare_exchange(place, old, new(old)); if seen == old break; old = seen }`. Gives `old`.
fn exchange_loop(
    builder: &mut Builder<'_>,
    place: ExprId,
    scalar: Scalar,
    out: &mut Vec<Stmt>,
    new: impl FnOnce(&mut Builder<'_>, ExprId) -> ExprId,
) -> ir::LocalId {
    let span = Span::NONE;
    let stmt = |kind| Stmt { kind, span };
    let ty = builder.scalar_ty(scalar);
    let old = builder.function.add_local("old", ty, span);
    let first = builder.made_let("first", ty, span);
    let zero = builder.constant(scalar, 0, span);
    let read = StmtKind::Atomic {
        result: Some(first),
        op: AtomicOp::Load,
        pointer: place,
        value: zero,
        compare: None,
        scope: Scope::Device,
    };
    out.push(stmt(read));
    let first = builder.add(Expr::Let(first), span);
    out.push(stmt(StmtKind::Declare { local: old, init: Some(first) }));
    let current = builder.load_local(old, span);
    let value = new(builder, current);
    let seen = builder.made_let("seen", ty, span);
    let exchange = StmtKind::Atomic {
        result: Some(seen),
        op: AtomicOp::CompareExchange,
        pointer: place,
        value,
        compare: Some(current),
        scope: Scope::Device,
    };
    let seen = builder.add(Expr::Let(seen), span);
    let same = builder.binary(BinaryOp::Eq, seen, current, span);
    let leave = StmtKind::If { condition: same, accept: Block { stmts: vec![stmt(StmtKind::Break)] }, reject: Block::default() };
    let again = builder.store_local(old, seen, span);
    let body = Block { stmts: vec![stmt(exchange), stmt(leave), again] };
    out.push(stmt(StmtKind::Loop {
        form: LoopForm::While,
        condition: None,
        body,
        update: Block::default(),
        until: None,
        unroll: None,
    }));
    old
}
