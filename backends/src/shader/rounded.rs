//! Holds the order of additions where a reordering would lose what they are for: compensated sums.
//!
//! ```text
//! let t = sum + y                      let t = sum + y
//! c = (t - sum) - y                    c = (roundedF32(t) - sum) - y
//! ```
//!
//! WGSL lets a driver reassociate (Section "Floating Point Evaluation"), and Mesa's compiler makes 0 of `(sum + y) - sum - y`: Kahan's sum, the
//! error of an addition and rounding by a large constant would be lost without a word. Any other reordering changes a rounding or two. So
//! what matters is where a term *cancels*: an addition or subtraction whose one side is made of a term that the other side takes away.
//! There the side that is made of it goes through a function that returns it unchanged, by arithmetic on its bits that no compiler can see
//! through: it takes one NaN for another. (A selection between floats would not do: Mesa adds constants to both of its sides.)
//!
//! What a value is made of is followed through sums, differences, signs, selections, names, variables, memory cells of equal address, calls and
//! parameters, in any order of execution: more than a driver can know. What is nearest is held first, and what is held is made of nothing.
//!
//! *Needs*: the legal form. *Leaves*: the legal form, for a target that reassociates. SPIR-V has `NoContraction` for that.

use super::Program;
use super::rewrite::{Builder, rebuild_all};
use ir::{BinaryOp, Block, Expr, ExprId, FuncId, Function, FunctionKind, LetId, Module, Param, Scalar, Stmt, StmtKind, UnaryOp};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;
use std::borrow::Cow;

/// The program with such sums held; as it was if there are none.
pub fn with_rounded_sums(program: &Program) -> Cow<'_, Program> {
    let held = Origins::of(&program.module).held();
    if held.is_empty() {
        return Cow::Borrowed(program);
    }
    let mut changed = program.clone();
    hold(&mut changed.module, &held);
    Cow::Owned(changed)
}

/// One operand of an addition or subtraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Side {
    Left,
    Right,
}

type Held = FxHashSet<(FuncId, ExprId, Side)>;

/// A value that is made of nothing else: the first expression of its function that looks like it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Term {
    Value(FuncId, ExprId),
    Held(FuncId, ExprId),
    /// A constant beyond which a float has few bits behind the point.
    LargeConstant,
}

const PLUS: u8 = 1;
const MINUS: u8 = 2;

/// With which signs a term is in a sum.
type Terms = FxHashMap<Term, u8>;

/// A memory cell by the look of its address, within a function.
type Place = (FuncId, String);

/// Where the values of names, cells, parameters and calls come from.
struct Origins<'a> {
    module: &'a Module,
    lets: FxHashMap<(FuncId, LetId), ExprId>,
    /// Lets that hold what a call returns.
    results: FxHashMap<(FuncId, LetId), FuncId>,
    stores: FxHashMap<Place, Vec<ExprId>>,
    /// Cells that are one: a variable, and the parameter that it is passed as.
    same: FxHashMap<Place, Vec<Place>>,
    arguments: FxHashMap<(FuncId, u32), Vec<(FuncId, ExprId)>>,
    returns: FxHashMap<FuncId, Vec<ExprId>>,
    /// Additions and subtractions, in the order of the text.
    sums: Vec<(FuncId, ExprId)>,
    /// The first expression of a look.
    looks: FxHashMap<Place, ExprId>,
    /// The looks that were asked for: the same expressions are met from many sums.
    known: FxHashMap<(FuncId, ExprId), String>,
}

impl<'a> Origins<'a> {
    fn of(module: &'a Module) -> Origins<'a> {
        let mut origins = Origins {
            module,
            lets: FxHashMap::default(),
            results: FxHashMap::default(),
            stores: FxHashMap::default(),
            same: FxHashMap::default(),
            arguments: FxHashMap::default(),
            returns: FxHashMap::default(),
            sums: Vec::new(),
            looks: FxHashMap::default(),
            known: FxHashMap::default(),
        };
        // Without a minus nothing is taken away.
        let takes_away = |(_, function): (FuncId, &Function)| {
            function.exprs.handles().any(|id| is_float(module, function, id) && is_minus(function, id))
        };
        if module.functions.iter().any(takes_away) {
            module.functions.handles().for_each(|id| origins.add(id));
        }
        origins
    }

    fn add(&mut self, id: FuncId) {
        let function = &self.module.functions[id];
        let mut seen = FxHashSet::default();
        function.body.walk(&mut |stmt| {
            stmt.kind.operands(|root| {
                function.walk_expr(root, &mut |expr| {
                    if seen.insert(expr) {
                        self.add_expr(id, function, expr);
                    }
                });
            });
            match &stmt.kind {
                StmtKind::Let { result, value } => {
                    self.lets.insert((id, *result), *value);
                }
                StmtKind::Declare { local, init: Some(value) } => {
                    let place = (id, format!("{:?}", Expr::LocalAddr(*local)));
                    self.stores.entry(place).or_default().push(*value);
                }
                StmtKind::Store { pointer, value, .. } => {
                    let place = (id, self.look(id, *pointer));
                    self.stores.entry(place).or_default().push(*value);
                }
                StmtKind::Call { result, function: callee, args } => {
                    if let Some(result) = result {
                        self.results.insert((id, *result), *callee);
                    }
                    self.add_call(id, *callee, args);
                }
                StmtKind::Return(Some(value)) => self.returns.entry(id).or_default().push(*value),
                _ => {}
            }
        });
    }

    fn add_expr(&mut self, id: FuncId, function: &Function, expr: ExprId) {
        match function.expr(expr) {
            Expr::Binary { op: BinaryOp::Add | BinaryOp::Sub, .. } if is_float(self.module, function, expr) => {
                self.sums.push((id, expr))
            }
            Expr::Call { function: callee, args, .. } => self.add_call(id, *callee, args),
            _ => {}
        }
    }

    fn add_call(&mut self, id: FuncId, callee: FuncId, args: &[ExprId]) {
        for (index, &arg) in args.iter().enumerate() {
            let index = index as u32;
            self.arguments.entry((callee, index)).or_default().push((id, arg));
            if self.module.tables.types.as_pointer(self.module.functions[id].ty(arg)).is_some() {
                let inside: Place = (callee, format!("{:?}", Expr::Param(index)));
                let outside: Place = (id, self.look(id, arg));
                self.same.entry(inside.clone()).or_default().push(outside.clone());
                self.same.entry(outside).or_default().push(inside);
            }
        }
    }

    /// The expression as text, the same for expressions that look alike.
    fn look(&mut self, id: FuncId, expr: ExprId) -> String {
        if let Some(known) = self.known.get(&(id, expr)) {
            return known.clone();
        }
        let mut copy = self.module.functions[id].expr(expr).clone();
        copy.operands_mut(|operand| *operand = self.first(id, *operand));
        let look = format!("{copy:?}");
        self.known.insert((id, expr), look.clone());
        look
    }

    /// The first expression that looks like this one.
    fn first(&mut self, id: FuncId, expr: ExprId) -> ExprId {
        let look = self.look(id, expr);
        *self.looks.entry((id, look)).or_insert(expr)
    }

    /// What to hold: where something cancels, from the nearest to what takes the most steps to see.
    fn held(mut self) -> Held {
        let mut held = Held::default();
        let sums = std::mem::take(&mut self.sums);
        let mut suspects: Vec<(FuncId, ExprId)> = sums;
        suspects.retain(|&(id, sum)| self.cancels(id, sum, u32::MAX, &held).is_some());
        if suspects.is_empty() {
            return held;
        }
        for steps in [0, 1, 2, 3, 4, 6, 8, u32::MAX] {
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
        let (left, right) = (self.terms(id, sum, Side::Left, a, PLUS, steps, held), {
            let sign = if op == BinaryOp::Sub { MINUS } else { PLUS };
            self.terms(id, sum, Side::Right, b, sign, steps, held)
        });
        let (few, many) = if left.len() < right.len() { (&left, &right) } else { (&right, &left) };
        let lost = |term: &Term| {
            let signs = few[term] | many.get(term).copied().unwrap_or(0);
            many.contains_key(term) && signs == PLUS | MINUS
        };
        if !few.keys().any(lost) {
            return None;
        }
        // What cancels as it stands needs no holding: the other side is what it hides in.
        let whole = Term::Value(id, self.first(id, b));
        let side = if right.contains_key(&whole) && left.contains_key(&whole) { Side::Left } else { Side::Right };
        let hides = |side| !held.contains(&(id, sum, side));
        let other = if side == Side::Left { Side::Right } else { Side::Left };
        let left_whole = Term::Value(id, self.first(id, a));
        let side = if side == Side::Right && !(left.contains_key(&left_whole) && right.contains_key(&left_whole)) {
            Side::Left
        } else {
            side
        };
        if hides(side) { Some(side) } else { hides(other).then_some(other) }
    }

    #[allow(clippy::too_many_arguments)]
    fn terms(&mut self, id: FuncId, sum: ExprId, side: Side, operand: ExprId, sign: u8, steps: u32, held: &Held) -> Terms {
        let mut found = Search { terms: Terms::default(), seen: FxHashSet::default(), held };
        if held.contains(&(id, sum, side)) {
            let first = self.first(id, operand);
            found.terms.insert(Term::Held(id, first), sign);
        } else {
            self.expand(id, operand, sign, steps, &mut found);
        }
        found.terms
    }

    fn expand(&mut self, id: FuncId, expr: ExprId, sign: u8, steps: u32, found: &mut Search<'_>) {
        let module = self.module;
        let function = &module.functions[id];
        match function.expr(expr) {
            Expr::Binary { op: op @ (BinaryOp::Add | BinaryOp::Sub), a, b } => {
                let right = if *op == BinaryOp::Sub { opposite(sign) } else { sign };
                for (side, operand, sign) in [(Side::Left, *a, sign), (Side::Right, *b, right)] {
                    if found.held.contains(&(id, expr, side)) {
                        let first = self.first(id, operand);
                        found.add(Term::Held(id, first), sign);
                    } else {
                        self.expand(id, operand, sign, steps, found);
                    }
                }
            }
            Expr::Unary { op: UnaryOp::Neg, value } => self.expand(id, *value, opposite(sign), steps, found),
            Expr::Const { scalar, bits } => {
                let highest = 1u64 << (scalar.bits() - 1);
                let sign = if bits & highest != 0 { opposite(sign) } else { sign };
                let magnitude = bits & !highest;
                if is_large(*scalar, magnitude) {
                    found.add(Term::LargeConstant, sign);
                } else if magnitude != 0 {
                    let look = format!("{:?}", Expr::Const { scalar: *scalar, bits: magnitude });
                    let first = *self.looks.entry((id, look)).or_insert(expr);
                    found.add(Term::Value(id, first), sign);
                }
            }
            Expr::Zero(_) | Expr::Undef(_) => {}
            Expr::Construct { parts, .. } => parts.iter().for_each(|part| self.expand(id, *part, sign, steps, found)),
            _ => {
                let first = self.first(id, expr);
                if found.add(Term::Value(id, first), sign) {
                    self.expand_origin(id, expr, sign, steps, found);
                }
            }
        }
    }

    /// What a name, a cell, a parameter or a call was made of, a step further back.
    fn expand_origin(&mut self, id: FuncId, expr: ExprId, sign: u8, steps: u32, found: &mut Search<'_>) {
        let module = self.module;
        let origins: Vec<(FuncId, ExprId)> = match module.functions[id].expr(expr) {
            Expr::Let(name) => match self.results.get(&(id, *name)) {
                Some(callee) => self.returned(*callee),
                None => self.lets.get(&(id, *name)).map(|value| (id, *value)).into_iter().collect(),
            },
            Expr::Param(index) => self.arguments.get(&(id, *index)).cloned().unwrap_or_default(),
            Expr::Call { function, .. } => self.returned(*function),
            Expr::Select { accept, reject, .. } => vec![(id, *accept), (id, *reject)],
            Expr::Extract { value, .. } => vec![(id, *value)],
            Expr::Load { pointer, .. } => self.stored(id, *pointer, sign, found),
            _ => return,
        };
        let Some(steps) = steps.checked_sub(1) else { return };
        for (id, value) in origins {
            self.expand(id, value, sign, steps, found);
        }
    }

    fn returned(&self, callee: FuncId) -> Vec<(FuncId, ExprId)> {
        self.returns.get(&callee).into_iter().flatten().map(|value| (callee, *value)).collect()
    }

    /// What was stored to the cell, or to one that it is a part of.
    fn stored(&mut self, id: FuncId, pointer: ExprId, sign: u8, found: &mut Search<'_>) -> Vec<(FuncId, ExprId)> {
        let mut pending = Vec::new();
        let mut at = pointer;
        loop {
            pending.push((id, self.look(id, at)));
            match self.module.functions[id].expr(at) {
                Expr::Field { base, .. } | Expr::Element { base, .. } => at = *base,
                _ => break,
            }
        }
        let mut values = Vec::new();
        while let Some(place) = pending.pop() {
            if !found.seen.insert((place.clone(), sign)) {
                continue;
            }
            values.extend(self.stores.get(&place).into_iter().flatten().map(|value| (place.0, *value)));
            pending.extend(self.same.get(&place).into_iter().flatten().cloned());
        }
        values
    }
}

struct Search<'h> {
    terms: Terms,
    seen: FxHashSet<(Place, u8)>,
    held: &'h Held,
}

impl Search<'_> {
    /// True if the term with this sign is new.
    fn add(&mut self, term: Term, sign: u8) -> bool {
        let signs = self.terms.entry(term).or_insert(0);
        let new = *signs & sign == 0;
        *signs |= sign;
        new
    }
}

fn opposite(sign: u8) -> u8 {
    PLUS + MINUS - sign
}

fn is_float(module: &Module, function: &Function, id: ExprId) -> bool {
    module.tables.types.as_scalar(function.ty(id)).is_some_and(Scalar::is_float)
}

fn is_minus(function: &Function, id: ExprId) -> bool {
    match function.expr(id) {
        Expr::Binary { op: BinaryOp::Sub, .. } | Expr::Unary { op: UnaryOp::Neg, .. } => true,
        Expr::Const { scalar, bits } => bits >> (scalar.bits() - 1) & 1 == 1,
        _ => false,
    }
}

/// With a constant like this a sum is rounded far in front of the smaller one's last bit.
fn is_large(scalar: Scalar, magnitude: u64) -> bool {
    match scalar {
        Scalar::F16 => magnitude >= 0x6000,
        Scalar::F32 => f32::from_bits(magnitude as u32) >= 65536.0,
        _ => f64::from_bits(magnitude) >= 4294967296.0,
    }
}

fn hold(module: &mut Module, held: &Held) {
    let mut helpers: FxHashMap<Scalar, FuncId> = FxHashMap::default();
    for scalar in [Scalar::F32, Scalar::F64] {
        let of_type = |(id, sum, _): &(FuncId, ExprId, Side)| {
            module.tables.types.as_scalar(module.functions[*id].ty(*sum)).map(carrier) == Some(scalar)
        };
        if held.iter().any(of_type) {
            let function = unchanged(module, scalar);
            helpers.insert(scalar, module.functions.add(function, Span::NONE));
        }
    }
    let Module { tables, functions, .. } = module;
    for (id, function) in functions.iter_mut() {
        let mut builder = Builder { tables, function };
        rebuild_all(&mut builder, &mut |builder, old, expr| {
            let Expr::Binary { op, mut a, mut b } = *expr else { return None };
            let sides = [held.contains(&(id, old, Side::Left)), held.contains(&(id, old, Side::Right))];
            if sides == [false, false] {
                return None;
            }
            let scalar = builder.scalar_of(old)?;
            let helper = *helpers.get(&carrier(scalar))?;
            let span = builder.span(old);
            let ty = builder.scalar_ty(carrier(scalar));
            for (operand, is_held) in [&mut a, &mut b].into_iter().zip(sides) {
                if is_held {
                    let wide = builder.convert(*operand, carrier(scalar), span);
                    let call = builder.add(Expr::Call { function: helper, args: vec![wide], ty }, span);
                    *operand = builder.convert(call, scalar, span);
                }
            }
            Some(builder.add(Expr::Binary { op, a, b }, span))
        });
    }
}

/// The type whose bits are looked at: WGSL has no integer of 16 bits.
fn carrier(scalar: Scalar) -> Scalar {
    if scalar == Scalar::F64 { Scalar::F64 } else { Scalar::F32 }
}

/// `fn roundedF32(x: f32) -> f32`: x, which a compiler cannot know, since one NaN becomes another.
fn unchanged(module: &mut Module, scalar: Scalar) -> Function {
    let (name, word, nan) = match scalar {
        Scalar::F32 => ("roundedF32", Scalar::U32, 0x7fc0_0001),
        _ => ("roundedF64", Scalar::U64, 0x7ff8_0000_0000_0001),
    };
    let ty = module.tables.types.scalar(scalar);
    let mut function = Function::new(name, FunctionKind::Device, ty, Span::NONE);
    function.params.push(Param { name: "x".into(), ty, is_restrict: false, is_const: false, span: Span::NONE });
    let mut builder = Builder { tables: &mut module.tables, function: &mut function };
    let span = Span::NONE;
    let word_ty = builder.scalar_ty(word);
    let x = builder.add(Expr::Param(0), span);
    let bits = builder.add(Expr::Bitcast { value: x, to: word_ty }, span);
    let mut stmts = Vec::new();
    let bits = builder.bind("bits", bits, &mut stmts);
    let [nan, one, zero] = [nan, 1, 0].map(|value| builder.constant(word, value, span));
    let condition = builder.add(Expr::Binary { op: BinaryOp::Eq, a: bits, b: nan }, span);
    let step = builder.add(Expr::Select { condition, accept: one, reject: zero }, span);
    let other = builder.add(Expr::Binary { op: BinaryOp::Sub, a: bits, b: step }, span);
    let result = builder.add(Expr::Bitcast { value: other, to: ty }, span);
    stmts.push(Stmt { kind: StmtKind::Return(Some(result)), span });
    function.body = Block { stmts };
    function
}
