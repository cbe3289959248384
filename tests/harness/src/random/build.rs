//! Grows a program from a seed.

use super::source::Random;
use super::{Expr, Function, Op, Program, Stmt, Ty};

/// Variables 0 to 3 are for expressions (two unsigned, two int), the rest for loops, one a loop.
const PLAIN_VARS: usize = 4;

/// The program of a seed.
pub fn program(seed: u64) -> Program {
    let mut builder = Builder {
        random: Random::new(seed),
        vars: vec![Ty::Uint, Ty::Uint, Ty::Int, Ty::Int],
        functions: Vec::new(),
        in_function: false,
        reads_tile: false,
    };
    for _ in 0..8 {
        builder.random.next();
    }
    for _ in 0..builder.random.below(3) {
        let function = builder.function();
        builder.functions.push(function);
    }
    let mut body: Vec<Stmt> = (0..2).map(|var| Stmt::Assign(var, builder.expr(2, Ty::Uint))).collect();
    if builder.random.chance(3) {
        let limit = Expr::Binary(Op::Lt, Box::new(Expr::N), Box::new(builder.thread_value()));
        body.push(Stmt::ReturnIf(limit));
    }
    for _ in 0..2 + builder.random.below(4) {
        body.extend(if builder.random.chance(2) { builder.phase(2) } else { vec![builder.stmt(3, false)] });
    }
    body.push(Stmt::StoreOut(builder.expr(3, Ty::Uint)));
    let n = 20 + builder.random.below(90) as u32;
    Program { seed, n, vars: builder.vars, functions: builder.functions, body }
}

struct Builder {
    random: Random,
    vars: Vec<Ty>,
    functions: Vec<Function>,
    in_function: bool,
    /// The tile may be read: a barrier stands between its last write and here.
    reads_tile: bool,
}

impl Builder {
    fn function(&mut self) -> Function {
        self.in_function = true;
        let params = vec![Ty::Uint, Ty::Int];
        let function =
            Function { params, condition: self.condition(1), early: self.expr(2, Ty::Uint), result: self.expr(3, Ty::Uint) };
        self.in_function = false;
        function
    }

    /// `blockIdx.x * 32 + threadIdx.x`, give or take.
    fn thread_value(&mut self) -> Expr {
        let block = Expr::Binary(Op::Mul, Box::new(Expr::BlockIdx), Box::new(Expr::Literal(Ty::Uint, 32)));
        Expr::Binary(Op::Add, Box::new(block), Box::new(Expr::ThreadIdx))
    }

    /// Writes the tile, waits, reads it, waits; perhaps under a condition or in a loop that all live threads agree on.
    fn phase(&mut self, depth: u64) -> Vec<Stmt> {
        let mut stmts = vec![Stmt::WriteTile(self.expr(2, Ty::Uint)), Stmt::Barrier];
        self.reads_tile = true;
        for _ in 0..1 + self.random.below(2) {
            stmts.push(self.stmt(2, false));
        }
        self.reads_tile = false;
        stmts.push(Stmt::Barrier);
        if depth == 0 {
            return stmts;
        }
        match self.random.below(5) {
            0 => vec![Stmt::UniformIf(self.agreed(), stmts)],
            1 | 2 => {
                let var = self.loop_var();
                if self.random.chance(2) {
                    stmts.push(Stmt::UniformBreakIf(self.agreed()));
                    stmts.extend(self.phase(0));
                }
                let count = Expr::Binary(Op::And, Box::new(self.agreed_value()), Box::new(Expr::Literal(Ty::Uint, 3)));
                vec![Stmt::UniformFor(var, count, stmts)]
            }
            _ => stmts,
        }
    }

    /// A value that all threads of a block agree on: from constants, the block's index, or memory nobody writes.
    fn agreed_value(&mut self) -> Expr {
        let index =
            Expr::Binary(Op::Add, Box::new(Expr::BlockIdx), Box::new(Expr::Literal(Ty::Uint, self.random.below(100) as u32)));
        match self.random.below(3) {
            0 => Expr::Binary(Op::Add, Box::new(Expr::N), Box::new(index)),
            1 => Expr::In(Box::new(index)),
            _ => Expr::Bytes(Box::new(index)),
        }
    }

    fn agreed(&mut self) -> Expr {
        let bit =
            Expr::Binary(Op::And, Box::new(self.agreed_value()), Box::new(Expr::Literal(Ty::Uint, 1 << self.random.below(4))));
        Expr::Binary(Op::Ne, Box::new(bit), Box::new(Expr::Literal(Ty::Uint, 0)))
    }

    fn loop_var(&mut self) -> usize {
        self.vars.push(Ty::Int);
        self.vars.len() - 1
    }

    fn var(&mut self) -> usize {
        self.random.below(PLAIN_VARS as u64) as usize
    }

    fn unsigned_var(&mut self) -> usize {
        self.random.below(2) as usize
    }

    fn stmts(&mut self, depth: u64, in_loop: bool) -> Vec<Stmt> {
        (0..1 + self.random.below(3)).map(|_| self.stmt(depth, in_loop)).collect()
    }

    fn stmt(&mut self, depth: u64, in_loop: bool) -> Stmt {
        let kinds = if depth == 0 { 6 } else { 12 };
        match self.random.below(kinds) {
            0 | 1 => {
                let var = self.var();
                Stmt::Assign(var, self.expr(3, self.vars[var]))
            }
            2 => {
                let var = self.unsigned_var();
                let op = [Op::Add, Op::Sub, Op::Mul, Op::And, Op::Or, Op::Xor, Op::Shl, Op::Shr][self.random.below(8) as usize];
                Stmt::Compound(var, op, self.expr(2, Ty::Uint))
            }
            3 => Stmt::StoreLocal(self.expr(1, Ty::Uint), self.expr(2, Ty::Uint)),
            4 => Stmt::Bump(self.unsigned_var(), self.expr(2, Ty::Uint)),
            5 if in_loop => {
                let condition = self.condition(1);
                if self.random.chance(2) { Stmt::BreakIf(condition) } else { Stmt::ContinueIf(condition) }
            }
            5 => Stmt::AtomicAdd(self.expr(1, Ty::Uint), self.expr(1, Ty::Uint)),
            6 | 7 => {
                let reject = if self.random.chance(2) { self.stmts(depth - 1, in_loop) } else { Vec::new() };
                Stmt::If(self.condition(2), self.stmts(depth - 1, in_loop), reject)
            }
            8 | 9 => {
                let var = self.loop_var();
                let count = Expr::Binary(Op::And, Box::new(self.expr(1, Ty::Uint)), Box::new(Expr::Literal(Ty::Uint, 3)));
                Stmt::For(var, count, self.stmts(depth - 1, true))
            }
            10 => {
                let var = self.loop_var();
                Stmt::DoWhile(var, self.condition(1), self.stmts(depth - 1, true))
            }
            _ => {
                let cases = (0..2 + self.random.below(3))
                    .map(|_| (self.stmts(depth - 1, false), self.random.chance(3)))
                    .collect::<Vec<_>>();
                Stmt::Switch(self.expr(2, Ty::Uint), cases)
            }
        }
    }

    fn boxed(&mut self, depth: u64, ty: Ty) -> Box<Expr> {
        Box::new(self.expr(depth, ty))
    }

    fn any_type(&mut self) -> Ty {
        if self.random.chance(3) { Ty::Int } else { Ty::Uint }
    }

    fn condition(&mut self, depth: u64) -> Expr {
        if depth > 0 && self.random.chance(3) {
            let op = if self.random.chance(2) { Op::LogicalAnd } else { Op::LogicalOr };
            return Expr::Binary(op, Box::new(self.condition(depth - 1)), Box::new(self.condition(depth - 1)));
        }
        if self.random.chance(6) {
            return Expr::Not(Box::new(self.condition(0)));
        }
        let op = [Op::Lt, Op::Le, Op::Eq, Op::Ne][self.random.below(4) as usize];
        let (left, right) = (self.any_type(), self.any_type());
        Expr::Binary(op, self.boxed(depth, left), self.boxed(depth, right))
    }

    /// An expression of type `ty`. Arithmetic is unsigned, so that nothing overflows; ints come from casts and narrow memory.
    fn expr(&mut self, depth: u64, ty: Ty) -> Expr {
        if ty == Ty::Int {
            return self.int(depth);
        }
        if depth == 0 {
            return self.unsigned_leaf();
        }
        let depth = depth - 1;
        match self.random.below(14) {
            0..=5 => {
                let op = [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Rem, Op::And, Op::Or, Op::Xor, Op::Shl, Op::Shr]
                    [self.random.below(10) as usize];
                let right = self.any_type();
                Expr::Binary(op, self.boxed(depth, Ty::Uint), self.boxed(depth, right))
            }
            6 => Expr::Select(Box::new(self.condition(0)), self.boxed(depth, Ty::Uint), self.boxed(depth, Ty::Uint)),
            7 => Expr::Complement(self.boxed(depth, Ty::Uint)),
            8 => Expr::Negate(self.boxed(depth, Ty::Uint)),
            9 => Expr::Min(self.boxed(depth, Ty::Uint), self.boxed(depth, Ty::Uint)),
            10 => Expr::Cast(Ty::Uint, self.boxed(depth, Ty::Int)),
            11 if !self.in_function && !self.functions.is_empty() => {
                let function = self.random.below(self.functions.len() as u64) as usize;
                Expr::Call(function, vec![self.expr(depth, Ty::Uint), self.expr(depth, Ty::Int)])
            }
            12 if !self.in_function => Expr::In(self.boxed(depth, Ty::Uint)),
            _ => self.unsigned_leaf(),
        }
    }

    fn unsigned_leaf(&mut self) -> Expr {
        if self.in_function {
            return if self.random.chance(2) { Expr::Param(0) } else { Expr::Literal(Ty::Uint, self.random.next() as u32) };
        }
        let small =
            |builder: &mut Builder| Box::new(if builder.random.chance(2) { builder.thread_value() } else { Expr::Var(0) });
        match self.random.below(8) {
            0 => Expr::Literal(Ty::Uint, self.random.below(40) as u32),
            1 => Expr::Literal(Ty::Uint, self.random.next() as u32),
            2 => Expr::ThreadIdx,
            3 => Expr::In(small(self)),
            4 => Expr::Local(small(self)),
            5 if self.reads_tile => Expr::Tile(small(self)),
            6 => Expr::Pair(small(self), false),
            _ => Expr::Var(self.unsigned_var()),
        }
    }

    fn int(&mut self, depth: u64) -> Expr {
        if self.in_function {
            return match self.random.below(3) {
                0 => Expr::Literal(Ty::Int, self.random.below(100) as u32),
                1 => Expr::Cast(Ty::Int, Box::new(Expr::Param(0))),
                _ => Expr::Param(1),
            };
        }
        let index = Box::new(self.thread_value());
        match self.random.below(9) {
            0 => Expr::Literal(Ty::Int, (self.random.below(200) as i32 - 100) as u32),
            1 => Expr::Bytes(index),
            2 => Expr::Shorts(index),
            3 => Expr::Pair(index, true),
            4 if depth > 0 => Expr::Cast(Ty::Int, self.boxed(depth - 1, Ty::Uint)),
            5 if depth > 0 => Expr::Narrow(self.random.chance(2), self.boxed(depth - 1, Ty::Uint)),
            6 if depth > 0 => Expr::Popc(self.boxed(depth - 1, Ty::Uint)),
            7 if depth > 0 => Expr::Max(self.boxed(depth - 1, Ty::Int), self.boxed(depth - 1, Ty::Int)),
            8 if depth > 0 => Expr::Clz(self.boxed(depth - 1, Ty::Uint)),
            _ => Expr::Var(2 + self.random.below(2) as usize),
        }
    }
}
