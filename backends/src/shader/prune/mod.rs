//! Takes out what a template instance or an inlined function left without use: branches on constants, values and
//! variables that nobody reads.
//!
//! ```text
//! if 256 >= 512 { barrier }
//! let tag = 1; switch tag { case 1: ... }      ...
//! let unused = x + 1              (nothing)
//! call this_grid()
//! var same: Empty = zero
//! for i in 0..16 { }
//! ```
//!
//! Only what has no effect goes; a volatile load is an effect. A loop that does nothing may be assumed to end (C++ [intro.progress]).
//!
//! *Needs*: nothing. *Leaves*: less.

mod unused;

use self::unused::Unused;
use super::rewrite::{Builder, sign_extend};
use ir::{Axis, BinaryOp, Block, Case, Expr, ExprId, FuncId, Geometry, LogicalOp, Module, Scalar, StmtKind, UnaryOp};

/// Tells whether a branch is gone.
pub(super) fn run(module: &mut Module) -> bool {
    let ids: Vec<FuncId> = module.functions.handles().filter(|id| !module.functions[*id].is_settled).collect();
    let silent = unused::silent_functions(module);
    let mut folded = false;
    for id in ids {
        let builder = Builder { tables: &mut module.tables, function: &mut module.functions[id] };
        let mut body = std::mem::take(&mut builder.function.body);
        let lets = builder.function.lets.len();
        let mut known = Known { constants: vec![None; lets], bound: vec![None; lets] };
        folded |= fold_branches(&builder, &mut known, &mut body);
        Unused::of(builder.function, &silent, &body).remove(&mut body);
        builder.function.body = body;
    }
    folded
}

/// What names stand for, by their handles.
struct Known {
    /// Those that are integer or bool constants.
    constants: Vec<Option<i64>>,
    bound: Vec<Option<ExprId>>,
}

fn fold_branches(builder: &Builder<'_>, known: &mut Known, block: &mut Block) -> bool {
    let mut folded = false;
    let stmts = std::mem::take(&mut block.stmts);
    block.stmts.reserve(stmts.len());
    for mut stmt in stmts {
        match &mut stmt.kind {
            StmtKind::Let { result, value } => {
                known.bound[result.index()] = Some(*value);
                known.constants[result.index()] = constant(builder, known, *value);
            }
            StmtKind::If { condition, accept, reject } => {
                if let Some(value) = constant(builder, known, *condition) {
                    let mut taken = std::mem::take(if value != 0 { accept } else { reject });
                    fold_branches(builder, known, &mut taken);
                    block.stmts.append(&mut taken.stmts);
                    folded = true;
                    continue;
                }
            }
            StmtKind::Switch { selector, cases } => {
                if let Some(value) = constant(builder, known, *selector)
                    && let Some(mut taken) = only_case(builder, *selector, value, cases)
                {
                    fold_branches(builder, known, &mut taken);
                    block.stmts.append(&mut taken.stmts);
                    folded = true;
                    continue;
                }
            }
            _ => {}
        }
        for nested in stmt.kind.blocks_mut() {
            folded |= fold_branches(builder, known, nested);
        }
        block.stmts.push(stmt);
    }
    folded
}

/// The body that a switch on `value` runs, if it can stand alone: it neither falls through nor leaves the switch before its end.
fn only_case(builder: &Builder<'_>, selector: ExprId, value: i64, cases: &mut [Case]) -> Option<Block> {
    let scalar = builder.scalar_of(selector)?;
    let labelled = |case: &Case| case.values.iter().any(|bits| sign_extend(scalar, *bits) == value);
    let at = cases.iter().position(labelled).or_else(|| cases.iter().position(|case| case.is_default));
    let Some(at) = at else { return Some(Block::default()) };
    let mut body = cases[at].body.clone();
    body.stmts.pop_if(|last| matches!(last.kind, StmtKind::Break));
    (!cases[at].falls_through && !breaks(&body)).then_some(body)
}

/// Is there a `break` that leaves what is around the block?
fn breaks(block: &Block) -> bool {
    block.stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break => true,
        StmtKind::Loop { .. } | StmtKind::Switch { .. } => false,
        kind => kind.blocks().any(breaks),
    })
}

/// The value of an integer or a condition that depends on constants alone.
fn constant(builder: &Builder<'_>, known: &Known, id: ExprId) -> Option<i64> {
    let truth = |id| constant(builder, known, id).map(|value| value != 0);
    match *builder.function.expr(id) {
        Expr::Let(bound) => known.constants[bound.index()],
        Expr::Const { scalar: Scalar::Bool, bits } => Some((bits & 1) as i64),
        Expr::NamedConst(named) if builder.tables.constants[named].scalar == Scalar::Bool => {
            Some((builder.tables.constants[named].bits & 1) as i64)
        }
        Expr::Unary { op: UnaryOp::Not, value } => truth(value).map(|value| i64::from(!value)),
        Expr::Logical { op, a, b } => match (op, truth(a)) {
            (LogicalOp::And, Some(false)) => Some(0),
            (LogicalOp::Or, Some(true)) => Some(1),
            (_, Some(_)) => truth(b).map(i64::from),
            // Expressions have no effects, so the second operand may decide alone.
            (LogicalOp::And, None) => truth(b).filter(|b| !b).map(i64::from),
            (LogicalOp::Or, None) => truth(b).filter(|b| *b).map(i64::from),
        },
        Expr::Convert { value, to } if to.is_int() && builder.scalar_of(value).is_some_and(|from| from.is_int()) => {
            constant(builder, known, value).map(|value| sign_extend(to, value as u64))
        }
        Expr::Binary { op, a, b } => {
            if let Some(x) = constant(builder, known, a)
                && let Some(y) = constant(builder, known, b)
            {
                return calculate(op, builder.scalar_of(a)?, x, y);
            }
            match op {
                BinaryOp::Rem => divides(builder, known, b, a).then_some(0),
                BinaryOp::And => misses(builder, known, a, b).then_some(0),
                _ => None,
            }
        }
        _ => builder.const_value(id),
    }
}

fn calculate(op: BinaryOp, scalar: Scalar, a: i64, b: i64) -> Option<i64> {
    let order = if scalar.is_signed() { a.cmp(&b) } else { (a as u64).cmp(&(b as u64)) };
    let holds = match op {
        BinaryOp::Eq => order.is_eq(),
        BinaryOp::Ne => order.is_ne(),
        BinaryOp::Lt => order.is_lt(),
        BinaryOp::Le => order.is_le(),
        BinaryOp::Gt => order.is_gt(),
        BinaryOp::Ge => order.is_ge(),
        _ if !scalar.is_int() => return None,
        BinaryOp::Add => return Some(sign_extend(scalar, a.wrapping_add(b) as u64)),
        BinaryOp::Sub => return Some(sign_extend(scalar, a.wrapping_sub(b) as u64)),
        BinaryOp::Mul => return Some(sign_extend(scalar, a.wrapping_mul(b) as u64)),
        BinaryOp::And => return Some(a & b),
        BinaryOp::Or => return Some(a | b),
        BinaryOp::Xor => return Some(a ^ b),
        _ => return None,
    };
    Some(i64::from(holds))
}

/// Does the number divide the number of threads of a block, being a product of the block's sides?
fn divides(builder: &Builder<'_>, known: &Known, divisor: ExprId, threads: ExprId) -> bool {
    builder.expr(known.source(builder, threads)) == Expr::Geometry(Geometry::ThreadCount)
        && is_product_of_sides(builder, known, divisor, &mut Vec::new())
}

/// Such a product has no more than 32 bits, so the widths that it is computed in do not matter.
fn is_product_of_sides(builder: &Builder<'_>, known: &Known, id: ExprId, seen: &mut Vec<Axis>) -> bool {
    match builder.expr(known.source(builder, id)) {
        Expr::Geometry(Geometry::ThreadCount) => std::mem::replace(seen, vec![Axis::X, Axis::Y, Axis::Z]).is_empty(),
        Expr::Geometry(Geometry::BlockDim(axis)) => {
            let is_new = !seen.contains(&axis);
            seen.push(axis);
            is_new
        }
        Expr::Binary { op: BinaryOp::Mul, a, b } => {
            is_product_of_sides(builder, known, a, seen) && is_product_of_sides(builder, known, b, seen)
        }
        _ => false,
    }
}

/// Is `value & mask` 0 because the value is a multiple of a larger power of two?
fn misses(builder: &Builder<'_>, known: &Known, value: ExprId, mask: ExprId) -> bool {
    let Some(mask) = constant(builder, known, mask).filter(|mask| (0..1 << 31).contains(mask)) else { return false };
    let bits = 64 - mask.leading_zeros();
    let is_multiple = |id| {
        let factor = constant(builder, known, known.source(builder, id));
        factor.is_some_and(|factor| factor.trailing_zeros() >= bits)
    };
    match builder.expr(known.source(builder, value)) {
        Expr::Binary { op: BinaryOp::Mul, a, b } => is_multiple(a) || is_multiple(b),
        _ => mask == 0 || is_multiple(value),
    }
}

impl Known {
    /// Behind names and conversions between integers of 32 and 64 bits: a number with the same 32 low bits.
    fn source(&self, builder: &Builder<'_>, mut id: ExprId) -> ExprId {
        let is_word = |scalar: Scalar| scalar.is_int() && scalar.size() >= 4;
        loop {
            id = match *builder.function.expr(id) {
                Expr::Let(bound) => match self.bound[bound.index()] {
                    Some(value) => value,
                    None => return id,
                },
                Expr::Convert { value, to } if is_word(to) && builder.scalar_of(value).is_some_and(is_word) => value,
                _ => return id,
            };
        }
    }
}
