//! Computes formulas.

use super::{Binary, Env, Expr, ExprKind, Formula, FormulaError, Reduction, Stmt, Unary};
use crate::scalar::Value;

/// Expressions evaluated before a header is said to run for ever: some seconds.
const BUDGET: u64 = 100_000_000;

type Result<T> = std::result::Result<T, FormulaError>;

/// Evaluates formulas over one environment; the budget is shared by all of them.
pub struct Machine<'a> {
    env: &'a Env<'a>,
    locals: Vec<Value>,
    pub(super) budget: u64,
    /// Sorted copies of fields, made when first asked for.
    sorted: Vec<((usize, usize), Vec<Value>)>,
}

enum Flow {
    Next,
    Break,
}

impl<'a> Machine<'a> {
    pub fn new(env: &'a Env<'a>) -> Machine<'a> {
        Machine { env, locals: Vec::new(), budget: BUDGET, sorted: Vec::new() }
    }

    /// The value of a formula for these parameters.
    pub fn run(&mut self, formula: &Formula, parameters: &[Value]) -> Result<Value> {
        self.locals.clear();
        self.locals.extend_from_slice(parameters);
        self.locals.resize(formula.locals.max(parameters.len()), Value::Int(0));
        self.eval(&formula.body)
    }

    fn eval(&mut self, e: &Expr) -> Result<Value> {
        self.budget = self.budget.checked_sub(1).ok_or_else(|| error(e, "the formula takes too long"))?;
        Ok(match &e.kind {
            ExprKind::Const(value) => *value,
            ExprKind::Local(slot) => self.locals[*slot],
            ExprKind::Load { memory, field, index } => {
                let index = self.eval(index)?;
                self.load(e, *memory, *field, index)?
            }
            ExprKind::Sorted { memory, field, index } => {
                let index = self.eval(index)?;
                self.smallest(e, *memory, *field, index)?
            }
            ExprKind::Unary(operator, operand) => unary(e, *operator, self.eval(operand)?)?,
            ExprKind::Binary(operator, both) => binary(e, *operator, self.eval(&both[0])?, self.eval(&both[1])?)?,
            ExprKind::And(both) => truth(self.eval(&both[0])?.is_true() && self.eval(&both[1])?.is_true()),
            ExprKind::Or(both) => truth(self.eval(&both[0])?.is_true() || self.eval(&both[1])?.is_true()),
            ExprKind::Select(parts) => {
                let chosen = if self.eval(&parts[0])?.is_true() { 1 } else { 2 };
                self.eval(&parts[chosen])?
            }
            ExprKind::Call(function, args) => {
                let mut values = [Value::Int(0); 3];
                for (value, arg) in values.iter_mut().zip(args) {
                    *value = self.eval(arg)?;
                }
                (function.compute)(&values[..args.len()])
                    .ok_or_else(|| error(e, "the argument is outside the function's domain"))?
            }
            ExprKind::Reduce { kind, local, bounds, body } => self.reduce(e, *kind, *local, bounds, body)?,
            ExprKind::Block(statements, value) => {
                self.run_all(statements)?;
                self.eval(value)?
            }
        })
    }

    fn load(&self, e: &Expr, memory: usize, field: usize, index: Value) -> Result<Value> {
        let memory = &self.env.memory[memory];
        let field = &memory.layout.fields[field];
        let size = memory.layout.scalars(field, memory.bytes.len());
        let index = whole(e, index)?;
        usize::try_from(index)
            .ok()
            .filter(|&index| index < size)
            .and_then(|index| memory.bytes.get(memory.layout.offset_of(field, index)?..))
            .map(|at| field.scalar.load(at))
            .ok_or_else(|| error(e, format!("element {index} is outside of `{}`, which has {size}", memory.name)))
    }

    fn smallest(&mut self, e: &Expr, memory: usize, field: usize, index: Value) -> Result<Value> {
        let at = match self.sorted.iter().position(|(key, _)| *key == (memory, field)) {
            Some(at) => at,
            None => {
                let found = &self.env.memory[memory];
                let count = found.layout.scalars(&found.layout.fields[field], found.bytes.len());
                let mut all =
                    (0..count).map(|i| self.load(e, memory, field, Value::Int(i as i128))).collect::<Result<Vec<_>>>()?;
                all.sort_by(|a, b| match (a, b) {
                    (Value::Int(a), Value::Int(b)) => a.cmp(b),
                    (a, b) => a.as_f64().total_cmp(&b.as_f64()),
                });
                self.sorted.push(((memory, field), all));
                self.sorted.len() - 1
            }
        };
        let all = &self.sorted[at].1;
        let index = whole(e, index)?;
        usize::try_from(index)
            .ok()
            .and_then(|index| all.get(index).copied())
            .ok_or_else(|| error(e, format!("there is no element {index} among {}", all.len())))
    }

    fn reduce(&mut self, e: &Expr, kind: Reduction, local: usize, bounds: &[Expr; 2], body: &Expr) -> Result<Value> {
        let (low, high) = (self.eval(&bounds[0])?, self.eval(&bounds[1])?);
        let (low, high) = (whole(e, low)?, whole(e, high)?);
        let mut total: Option<Value> = match kind {
            Reduction::Sum | Reduction::Count => Some(Value::Int(0)),
            Reduction::Product => Some(Value::Int(1)),
            Reduction::Least | Reduction::Most => None,
        };
        for k in low..high {
            self.locals[local] = Value::Int(k);
            let value = self.eval(body)?;
            total = Some(match (kind, total) {
                (_, None) => value,
                (Reduction::Sum, Some(total)) => binary(e, Binary::Add, total, value)?,
                (Reduction::Product, Some(total)) => binary(e, Binary::Multiply, total, value)?,
                (Reduction::Count, Some(total)) => binary(e, Binary::Add, total, truth(value.is_true()))?,
                (Reduction::Least, Some(total)) => better(e, Binary::Less, value, total)?,
                (Reduction::Most, Some(total)) => better(e, Binary::Greater, value, total)?,
            });
        }
        total.ok_or_else(|| error(e, "there is neither a least nor a most among no values"))
    }

    fn run_all(&mut self, statements: &[Stmt]) -> Result<Flow> {
        for statement in statements {
            let flow = match statement {
                Stmt::Set(slot, value) => {
                    self.locals[*slot] = self.eval(value)?;
                    Flow::Next
                }
                Stmt::If(condition, then, other) => {
                    let chosen = if self.eval(condition)?.is_true() { then } else { other };
                    self.run_all(chosen)?
                }
                Stmt::While(condition, body) => {
                    while self.eval(condition)?.is_true() {
                        if let Flow::Break = self.run_all(body)? {
                            break;
                        }
                    }
                    Flow::Next
                }
                Stmt::For(slot, [low, high], body) => {
                    let (from, to) = (self.eval(low)?, self.eval(high)?);
                    for k in whole(low, from)?..whole(high, to)? {
                        self.budget = self.budget.checked_sub(1).ok_or_else(|| error(low, "the loop takes too long"))?;
                        self.locals[*slot] = Value::Int(k);
                        if let Flow::Break = self.run_all(body)? {
                            break;
                        }
                    }
                    Flow::Next
                }
                Stmt::Break => Flow::Break,
            };
            if let Flow::Break = flow {
                return Ok(Flow::Break);
            }
        }
        Ok(Flow::Next)
    }
}

fn error(e: &Expr, message: impl Into<String>) -> FormulaError {
    FormulaError::new(e.at as usize, message)
}

fn truth(b: bool) -> Value {
    Value::Int(b.into())
}

fn whole(e: &Expr, value: Value) -> Result<i128> {
    match value {
        Value::Int(n) => Ok(n),
        Value::Float(x) => Err(error(e, format!("{x:?} is no whole number; int(...) makes one"))),
    }
}

fn better(e: &Expr, order: Binary, new: Value, old: Value) -> Result<Value> {
    Ok(if binary(e, order, new, old)?.is_true() { new } else { old })
}

fn unary(e: &Expr, operator: Unary, value: Value) -> Result<Value> {
    Ok(match (operator, value) {
        (Unary::Negate, Value::Int(n)) => Value::Int(n.wrapping_neg()),
        (Unary::Negate, Value::Float(x)) => Value::Float(-x),
        (Unary::Not, value) => truth(!value.is_true()),
        (Unary::Complement, value) => Value::Int(!whole(e, value)?),
    })
}

fn binary(e: &Expr, operator: Binary, a: Value, b: Value) -> Result<Value> {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => integers(e, operator, a, b),
        _ => floats(e, operator, a, b),
    }
}

fn integers(e: &Expr, operator: Binary, a: i128, b: i128) -> Result<Value> {
    let shift =
        |b: i128| u32::try_from(b).ok().filter(|b| *b < 128).ok_or_else(|| error(e, "shift by less than 0 or more than 127"));
    let divided = |value: Option<i128>| value.ok_or_else(|| error(e, "division by zero"));
    Ok(match operator {
        Binary::Add => Value::Int(a.wrapping_add(b)),
        Binary::Subtract => Value::Int(a.wrapping_sub(b)),
        Binary::Multiply => Value::Int(a.wrapping_mul(b)),
        Binary::Divide => Value::Int(divided(a.checked_div(b))?),
        Binary::Remainder => Value::Int(divided(a.checked_rem(b))?),
        Binary::And => Value::Int(a & b),
        Binary::Or => Value::Int(a | b),
        Binary::Xor => Value::Int(a ^ b),
        Binary::ShiftLeft => Value::Int(a << shift(b)?),
        Binary::ShiftRight => Value::Int(a >> shift(b)?),
        Binary::Equal => truth(a == b),
        Binary::NotEqual => truth(a != b),
        Binary::Less => truth(a < b),
        Binary::LessEqual => truth(a <= b),
        Binary::Greater => truth(a > b),
        Binary::GreaterEqual => truth(a >= b),
    })
}

fn floats(e: &Expr, operator: Binary, a: Value, b: Value) -> Result<Value> {
    let (x, y) = (a.as_f64(), b.as_f64());
    Ok(match operator {
        Binary::Add => Value::Float(x + y),
        Binary::Subtract => Value::Float(x - y),
        Binary::Multiply => Value::Float(x * y),
        Binary::Divide => Value::Float(x / y),
        Binary::Remainder => Value::Float(x % y),
        Binary::And | Binary::Or | Binary::Xor | Binary::ShiftLeft | Binary::ShiftRight => {
            return integers(e, operator, whole(e, a)?, whole(e, b)?);
        }
        Binary::Equal => truth(x == y),
        Binary::NotEqual => truth(x != y),
        Binary::Less => truth(x < y),
        Binary::LessEqual => truth(x <= y),
        Binary::Greater => truth(x > y),
        Binary::GreaterEqual => truth(x >= y),
    })
}
