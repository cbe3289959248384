//! The terms that a value is a sum of, and where one of them cancels.

use super::origins::{Origins, is_float};
use super::{FARTHEST, Held, MOST_TERMS, Side};
use ir::{BinaryOp, Expr, ExprId, FuncId, Function, Module, Scalar, UnaryOp};

/// A value that is made of nothing else: the first expression of its function that looks like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Term {
    Value(FuncId, ExprId),
    Held(FuncId, ExprId),
    /// A constant beyond which a float has few bits behind the point.
    LargeConstant,
}

const PLUS: u8 = 1;
const MINUS: u8 = 2;

/// Marks on things that have numbers. Searches are many and find little, so each takes back only what it marked.
#[derive(Default)]
struct Marks {
    marks: Vec<u8>,
    marked: Vec<u32>,
}

impl Marks {
    fn get(&self, number: usize) -> u8 {
        self.marks.get(number).copied().unwrap_or(0)
    }

    /// True if the thing did not have this mark.
    fn add(&mut self, number: usize, mark: u8) -> bool {
        if number >= self.marks.len() {
            self.marks.resize((number + 1).next_power_of_two(), 0);
        }
        let marks = &mut self.marks[number];
        if *marks == 0 {
            self.marked.push(number as u32);
        }
        let is_new = *marks & mark == 0;
        *marks |= mark;
        is_new
    }

    fn clear(&mut self) {
        self.marked.drain(..).for_each(|number| self.marks[number as usize] = 0);
    }
}

/// What a search finds.
#[derive(Default)]
pub(super) struct Found {
    /// The terms, by their numbers, with the signs that they have in the sum.
    terms: Marks,
    /// Cells whose contents were looked at, with which sign, and whether as parts of others.
    seen: Marks,
    is_vast: bool,
}

impl Origins<'_> {
    /// What to hold: where something cancels, from the nearest to what takes the most steps to see.
    pub(super) fn held(mut self) -> Held {
        let mut held = Held::default();
        let sums = std::mem::take(&mut self.sums);
        let mut suspects: Vec<(FuncId, ExprId)> = sums;
        suspects.retain(|&(id, sum)| self.cancels(id, sum, FARTHEST, &held).is_some());
        if suspects.is_empty() {
            return held;
        }
        for steps in [0, 1, 2, 4, 8, FARTHEST] {
            for &(id, sum) in &suspects {
                while let Some(side) = self.cancels(id, sum, steps, &held) {
                    if !held.insert((id, sum, side)) {
                        break;
                    }
                }
            }
        }
        held
    }

    /// Which operand is made of a term that the other one takes away.
    fn cancels(&mut self, id: FuncId, sum: ExprId, steps: u32, held: &Held) -> Option<Side> {
        let Expr::Binary { op, a, b } = *self.module.functions[id].expr(sum) else { return None };
        let left = self.terms(id, sum, Side::Left, a, PLUS, steps, held);
        let right = self.terms(id, sum, Side::Right, b, if op == BinaryOp::Sub { MINUS } else { PLUS }, steps, held);
        let side = if left.is_vast || right.is_vast || cancel(&left.terms, &right.terms) {
            self.side_to_hold(id, sum, (a, &left.terms), (b, &right.terms), held)
        } else {
            None
        };
        self.spare.extend([left, right]);
        side
    }

    /// Which side is to be held of a sum where something cancels.
    fn side_to_hold(
        &mut self,
        id: FuncId,
        sum: ExprId,
        (a, left): (ExprId, &Marks),
        (b, right): (ExprId, &Marks),
        held: &Held,
    ) -> Option<Side> {
        // What cancels as it stands needs no holding: the other side is what it hides in.
        let are_both_made_of = |number: usize| left.get(number) != 0 && right.get(number) != 0;
        let whole = Term::Value(id, self.first(id, b));
        let side = if are_both_made_of(self.number(whole)) { Side::Left } else { Side::Right };
        let hides = |side| !held.contains(&(id, sum, side));
        let other = if side == Side::Left { Side::Right } else { Side::Left };
        let left_whole = Term::Value(id, self.first(id, a));
        let side = if side == Side::Right && !are_both_made_of(self.number(left_whole)) { Side::Left } else { side };
        if hides(side) { Some(side) } else { hides(other).then_some(other) }
    }

    #[allow(clippy::too_many_arguments)]
    fn terms(&mut self, id: FuncId, sum: ExprId, side: Side, operand: ExprId, sign: u8, steps: u32, held: &Held) -> Found {
        let mut found = self.spare.pop().unwrap_or_default();
        found.clear();
        if held.contains(&(id, sum, side)) {
            let first = self.first(id, operand);
            self.add_term(&mut found, Term::Held(id, first), sign);
        } else {
            self.expand(id, operand, sign, steps, &mut Search { held, found: &mut found });
        }
        found
    }

    fn expand(&mut self, id: FuncId, expr: ExprId, sign: u8, steps: u32, search: &mut Search<'_>) {
        if search.found.is_vast {
            return;
        }
        let module = self.module;
        let function = &module.functions[id];
        match function.expr(expr) {
            Expr::Binary { op: op @ (BinaryOp::Add | BinaryOp::Sub), a, b } if is_float(module, function, expr) => {
                let right = if *op == BinaryOp::Sub { opposite(sign) } else { sign };
                for (side, operand, sign) in [(Side::Left, *a, sign), (Side::Right, *b, right)] {
                    if search.held.contains(&(id, expr, side)) {
                        let first = self.first(id, operand);
                        self.add_term(search.found, Term::Held(id, first), sign);
                    } else {
                        self.expand(id, operand, sign, steps, search);
                    }
                }
            }
            Expr::Unary { op: UnaryOp::Neg, value } => self.expand(id, *value, opposite(sign), steps, search),
            Expr::Binary { op: op @ (BinaryOp::Mul | BinaryOp::Div), a, b }
                if power_of_two(module, function, *b).is_some()
                    || *op == BinaryOp::Mul && power_of_two(module, function, *a).is_some() =>
            {
                let (value, factor) = if power_of_two(module, function, *b).is_some() { (*a, *b) } else { (*b, *a) };
                let is_negative = power_of_two(module, function, factor) == Some(true);
                self.expand(id, value, if is_negative { opposite(sign) } else { sign }, steps, search);
            }
            Expr::Const { scalar, bits } if scalar.is_float() => {
                let highest = 1u64 << (scalar.bits() - 1);
                let sign = if bits & highest != 0 { opposite(sign) } else { sign };
                let magnitude = bits & !highest;
                if is_large(*scalar, magnitude) {
                    self.add_term(search.found, Term::LargeConstant, sign);
                } else if magnitude != 0 {
                    let first = self.first_of_look(id, Expr::Const { scalar: *scalar, bits: magnitude }, expr);
                    self.add_term(search.found, Term::Value(id, first), sign);
                }
            }
            Expr::Zero(_) | Expr::Undef(_) => {}
            Expr::Construct { parts, .. } => parts.iter().for_each(|part| self.expand(id, *part, sign, steps, search)),
            _ => {
                let first = self.first(id, expr);
                if self.add_term(search.found, Term::Value(id, first), sign) {
                    self.expand_origin(id, expr, sign, steps, search);
                }
            }
        }
    }

    /// What a name, a cell, a parameter or a call was made of, a step further back.
    fn expand_origin(&mut self, id: FuncId, expr: ExprId, sign: u8, steps: u32, search: &mut Search<'_>) {
        let module = self.module;
        let origins: Vec<(FuncId, ExprId)> = match module.functions[id].expr(expr) {
            Expr::Let(name) => match self.results.get(&(id, *name)) {
                Some(callee) if self.is_helper(*callee) => return,
                Some(callee) => self.returned(*callee),
                None => self.lets.get(&(id, *name)).map(|value| (id, *value)).into_iter().collect(),
            },
            Expr::Param(index) => self.arguments.get(&(id, *index)).cloned().unwrap_or_default(),
            Expr::Call { function, .. } if self.is_helper(*function) => return,
            Expr::Call { function, .. } => self.returned(*function),
            Expr::Bitcast { value, .. } => vec![(id, *value)],
            Expr::Select { accept, reject, .. } => vec![(id, *accept), (id, *reject)],
            Expr::Extract { value, .. } => vec![(id, *value)],
            Expr::Load { pointer, .. } => self.stored(id, *pointer, sign, search),
            _ => return,
        };
        let Some(steps) = steps.checked_sub(1) else { return };
        for (id, value) in origins {
            self.expand(id, value, sign, steps, search);
        }
    }

    /// True if the term with this sign is new.
    fn add_term(&self, found: &mut Found, term: Term, sign: u8) -> bool {
        let is_new = found.terms.add(self.number(term), sign);
        found.is_vast |= found.terms.marked.len() > MOST_TERMS;
        is_new
    }

    fn number(&self, term: Term) -> usize {
        match term {
            Term::LargeConstant => 0,
            Term::Value(id, expr) => 1 + 2 * (self.starts[id.index()] + expr.index()),
            Term::Held(id, expr) => 2 + 2 * (self.starts[id.index()] + expr.index()),
        }
    }

    /// What was stored to the cell, to a part of it, or to one that it is a part of.
    fn stored(&mut self, id: FuncId, pointer: ExprId, sign: u8, search: &mut Search<'_>) -> Vec<(FuncId, ExprId)> {
        let mut pending = vec![(self.cell(id, pointer), true)];
        let mut at = pointer;
        while let Expr::Field { base, .. } | Expr::Element { base, .. } = self.module.functions[id].expr(at) {
            pending.push((self.cell(id, *base), false));
            at = *base;
        }
        let mut values = Vec::new();
        while let Some((place, is_it)) = pending.pop() {
            if !search.found.seen.add(place, if is_it { sign } else { sign << 2 }) {
                continue;
            }
            let cell = &self.cells[place];
            let parts: &[ExprId] = if is_it { &cell.parts } else { &[] };
            let stored = cell.stored.iter().chain(parts);
            values.extend(stored.take(MOST_TERMS + 1).map(|value| (cell.function, *value)));
            if values.len() > MOST_TERMS {
                search.found.is_vast = true;
                return Vec::new();
            }
            pending.extend(cell.same.iter().map(|other| (*other, is_it)));
        }
        values
    }
}

struct Search<'h> {
    held: &'h Held,
    found: &'h mut Found,
}

impl Found {
    fn clear(&mut self) {
        self.terms.clear();
        self.seen.clear();
        self.is_vast = false;
    }
}

/// Is there a term that one side adds and the other takes away?
fn cancel(left: &Marks, right: &Marks) -> bool {
    let (few, many) = if left.marked.len() < right.marked.len() { (left, right) } else { (right, left) };
    few.marked.iter().map(|&term| term as usize).any(|term| {
        let (signs, others) = (few.get(term), many.get(term));
        others != 0 && signs | others == PLUS | MINUS
    })
}

fn opposite(sign: u8) -> u8 {
    PLUS + MINUS - sign
}

/// The sign of a constant power of two, by which a product is exact: true if it is negative.
fn power_of_two(module: &Module, function: &Function, id: ExprId) -> Option<bool> {
    let (scalar, bits) = match *function.expr(id) {
        Expr::Const { scalar, bits } => (scalar, bits),
        Expr::NamedConst(name) => (module.tables.constants[name].scalar, module.tables.constants[name].bits),
        _ => return None,
    };
    let mantissa = match scalar {
        Scalar::F16 => 10,
        Scalar::F32 => 23,
        Scalar::F64 => 52,
        _ => return None,
    };
    let magnitude = bits & !(1 << (scalar.bits() - 1));
    (magnitude != 0 && magnitude & ((1 << mantissa) - 1) == 0).then_some(magnitude != bits)
}

/// With a constant like this a sum is rounded far in front of the smaller one's last bit.
fn is_large(scalar: Scalar, magnitude: u64) -> bool {
    match scalar {
        Scalar::F16 => magnitude >= 0x6000,
        Scalar::F32 => f32::from_bits(magnitude as u32) >= 65536.0,
        _ => f64::from_bits(magnitude) >= 4294967296.0,
    }
}
