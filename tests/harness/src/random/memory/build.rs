//! Grows a program from a seed.

use super::super::source::Random;
use super::accesses::Want;
use super::types::{Member, Prim, Ty, align_of, lay_out, size_of};
use super::{Access, Declared, Expr, Float, Op, Program, Root, Stmt, VARS};

/// The program of a seed. One in four uses 64-bit types, one in sixteen is long.
pub fn program(seed: u64) -> Program {
    let words = Ty::Prim(Prim::U32);
    let declared =
        Declared { own: words.clone(), alias: None, mine: words.clone(), tile: words.clone(), pool: Prim::U8, input: words };
    let program =
        Program { seed, records: Vec::new(), declared, packed: [1, 1], used: [false; 4], counters: 0, body: Vec::new() };
    let mut builder = Builder {
        random: Random::new(seed),
        program,
        wide: seed % 4 == 3,
        sharing: false,
        pointers: Vec::new(),
        counters: Vec::new(),
        next_pointer: 0,
    };
    for _ in 0..8 {
        builder.random.next();
    }
    builder.declare();
    let is_long = seed.is_multiple_of(16);
    let (count, depth) = if is_long { (4 + builder.random.below(6), 2) } else { (builder.random.below(3), 1) };
    // However short it is, something is stored through one view and read through another.
    let stored = builder.access(Want::Write);
    let mut body = vec![Stmt::Store(stored.clone(), builder.float(), builder.expr(2))];
    for _ in 0..count {
        match builder.random.below(5) {
            0 => body.extend(builder.phase()),
            1 if builder.random.chance(3) => {
                let counter = builder.counter();
                builder.counters.push(counter);
                let phase = builder.phase();
                builder.counters.pop();
                body.push(Stmt::Rounds(counter, 2, phase));
            }
            _ => body.push(builder.stmt(depth)),
        }
    }
    let seen = Expr::Load(Box::new(builder.other_view(&stored)));
    let var = builder.var();
    body.push(Stmt::Assign(var, Expr::Binary(Op::Xor, Box::new(Expr::Var(var)), Box::new(seen))));
    builder.program.body = body;
    builder.program
}

pub(super) struct Builder {
    pub(super) random: Random,
    pub(super) program: Program,
    pub(super) wide: bool,
    /// Between barriers where threads read each other's shared memory, and nobody writes it.
    pub(super) sharing: bool,
    /// In scope.
    pub(super) pointers: Vec<usize>,
    counters: Vec<usize>,
    next_pointer: usize,
}

impl Builder {
    fn declare(&mut self) {
        for _ in 0..1 + self.random.below(3) {
            let record = self.record();
            self.program.records.push(record);
        }
        self.program.packed = [0, 1].map(|_| self.random.pick(&[1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 14]));
        self.program.declared = Declared {
            own: self.element(),
            alias: self.random.chance(3).then(|| self.element()),
            mine: self.element(),
            tile: self.element(),
            pool: self.any_prim(),
            input: self.element(),
        };
    }

    /// The element type of 64 bytes.
    fn element(&mut self) -> Ty {
        loop {
            let ty = match self.random.below(6) {
                0 => Ty::Prim(Prim::U8),
                1 | 2 => Ty::Prim(self.any_prim()),
                3 => self.any_vector(),
                _ => Ty::Record(self.random.below(self.program.records.len() as u64) as usize),
            };
            if 64 % size_of(&ty, &self.program.records) == 0 {
                return ty;
            }
        }
    }

    fn record(&mut self) -> super::Record {
        let is_union = self.random.chance(4);
        loop {
            let count = 1 + self.random.below(6);
            let mut members: Vec<Member> = Vec::new();
            for _ in 0..count {
                if !is_union && self.random.chance(3) {
                    self.bit_fields(&mut members);
                } else {
                    members.push((self.member(), None));
                }
            }
            let record = lay_out(is_union, &members, &self.program.records);
            if record.size <= 32 {
                return record;
            }
        }
    }

    fn bit_fields(&mut self, members: &mut Vec<Member>) {
        for _ in 0..1 + self.random.below(4) {
            let unit = self.random.pick(&[Prim::U32, Prim::U32, Prim::I32, Prim::U16, Prim::I16, Prim::U8, Prim::I8]);
            let width = 1 + self.random.below(u64::from(unit.size()) * 8) as u32;
            members.push((Ty::Prim(unit), Some(width)));
        }
    }

    fn member(&mut self) -> Ty {
        match self.random.below(10) {
            0..=4 => Ty::Prim(self.any_prim()),
            5 => Ty::Prim(Prim::Bool),
            6 | 7 => self.any_vector(),
            8 => Ty::Array(self.any_prim(), self.random.pick(&[2, 3, 4, 5])),
            _ if self.program.records.is_empty() => Ty::Prim(Prim::U8),
            _ => Ty::Record(self.random.below(self.program.records.len() as u64) as usize),
        }
    }

    fn counter(&mut self) -> usize {
        self.program.counters += 1;
        self.program.counters - 1
    }

    /// Everybody reads what others wrote, between barriers.
    fn phase(&mut self) -> Vec<Stmt> {
        let mut stmts = vec![self.stmt(1), Stmt::Barrier];
        self.sharing = true;
        for _ in 0..1 + self.random.below(3) {
            stmts.push(self.stmt(1));
        }
        self.sharing = false;
        stmts.push(Stmt::Barrier);
        stmts
    }

    fn stmts(&mut self, depth: u64) -> Vec<Stmt> {
        (0..1 + self.random.below(3)).map(|_| self.stmt(depth)).collect()
    }

    fn stmt(&mut self, depth: u64) -> Stmt {
        let kinds = if depth == 0 { 15 } else { 20 };
        match self.random.below(kinds) {
            0..=2 => Stmt::Assign(self.var(), self.expr(3)),
            3..=6 => Stmt::Store(self.access(Want::Write), self.float(), self.expr(2)),
            7 | 8 => {
                let op = self.random.pick(&[Op::Add, Op::Sub, Op::Mul, Op::And, Op::Or, Op::Xor, Op::Shr]);
                Stmt::Compound(self.access(Want::Integer { bits: true }), op, self.expr(2))
            }
            9 | 10 => {
                let from = self.access(Want::Whole { write: false });
                let to = self.access_of(&from.ty, Want::Whole { write: true });
                // What overlaps must be the same object (C++ standard, [expr.ass]): g++ copies an `int3` that overlaps itself member by member.
                let records = &self.program.records;
                let is_exact = size_of(&from.ty, records) == align_of(&from.ty, records);
                if is_exact || !to.root.may_overlap(from.root) { Stmt::Copy(to, from) } else { self.modify(to, from) }
            }
            11 => {
                let from = self.access(Want::Whole { write: false });
                let to = self.access_of(&from.ty, Want::Whole { write: true });
                self.modify(to, from)
            }
            12 => Stmt::Bump(self.access(Want::Integer { bits: false }), self.expr(1)),
            13 => {
                let op = self.random.pick(&[Op::Add, Op::Sub, Op::And, Op::Or, Op::Xor]);
                Stmt::Atomic(self.access(Want::Word), op, self.expr(1))
            }
            14 => self.walk(),
            15 | 16 => {
                let reject = if self.random.chance(2) { self.stmts(depth - 1) } else { Vec::new() };
                Stmt::If(self.condition(), self.stmts(depth - 1), reject)
            }
            17 | 18 => {
                let (counter, count) = (self.counter(), 1 + self.random.below(4) as u32);
                self.counters.push(counter);
                let body = self.stmts(depth - 1);
                self.counters.pop();
                Stmt::For(counter, count, body)
            }
            _ => self.pointer(depth),
        }
    }

    fn modify(&mut self, to: Access, from: Access) -> Stmt {
        let leaf = self.steps(&from.ty);
        Stmt::Modify { to, from, leaf, float: self.float(), value: self.expr(2) }
    }

    fn float(&mut self) -> Float {
        self.random.pick(&[Float::Bits, Float::OfShort])
    }

    fn walk(&mut self) -> Stmt {
        let place = loop {
            let place = self.access(Want::Integer { bits: false });
            // Pointers to several variables have no end to compare with.
            if !matches!(place.root, Root::Pointer(_)) {
                break place;
            }
        };
        let (extent, align) = self.program.extent(place.root);
        let prim = self.any_prim();
        let prim = if prim.size() > align { Prim::U8 } else { prim };
        let most = extent / prim.size();
        let count = 1 + self.random.below(u64::from(most.min(6))) as u32;
        let offset = self.random.below(u64::from(most - count) + 1) as u32 * prim.size();
        let write = (prim.is_small_integer() && self.random.chance(2)).then(|| self.expr(1));
        Stmt::Walk { root: place.root, prim, offset, count, var: self.var(), write }
    }

    /// Two targets in one memory.
    fn pointer(&mut self, depth: u64) -> Stmt {
        let condition = self.condition();
        let pairs: &[[Root; 2]] = if self.sharing {
            &[[Root::Own, Root::Own], [Root::Mine, Root::Mine], [Root::Pool, Root::Pool]]
        } else {
            &[
                [Root::Own, Root::Own],
                [Root::Mine, Root::Mine],
                [Root::Tile, Root::Tile],
                [Root::Pool, Root::Pool],
                [Root::Tile, Root::Pool],
                [Root::Own, Root::Mine],
            ]
        };
        let [accept, reject] = self.random.pick(pairs).map(|root| {
            let (extent, _) = self.program.extent(root);
            self.mark(root);
            (root, self.random.below(u64::from((extent - 16) / 4) + 1) as u32 * 4)
        });
        let number = self.next_pointer;
        self.next_pointer += 1;
        self.pointers.push(number);
        let body = self.stmts(depth - 1);
        self.pointers.pop();
        Stmt::Pointer { number, condition, accept, reject, body }
    }

    /// Notes that a statement names this memory.
    pub(super) fn mark(&mut self, root: Root) {
        if let Some(scratch) = root.scratch() {
            self.program.used[scratch] = true;
        }
    }

    fn var(&mut self) -> usize {
        self.random.below(VARS as u64) as usize
    }

    fn condition(&mut self) -> Expr {
        let op = self.random.pick(&[Op::Lt, Op::Eq, Op::And]);
        Expr::Binary(op, Box::new(self.expr(1)), Box::new(self.expr(1)))
    }

    pub(super) fn expr(&mut self, depth: u64) -> Expr {
        if depth == 0 {
            return self.simple();
        }
        match self.random.below(10) {
            0..=3 => Expr::Load(Box::new(self.access(Want::Read))),
            4..=6 => {
                let op =
                    self.random.pick(&[Op::Add, Op::Sub, Op::Mul, Op::And, Op::Or, Op::Xor, Op::Shl, Op::Shr, Op::Lt, Op::Eq]);
                Expr::Binary(op, Box::new(self.expr(depth - 1)), Box::new(self.expr(depth - 1)))
            }
            7 => {
                let prim = self.random.pick(&[Prim::I8, Prim::U8, Prim::I16, Prim::U16]);
                Expr::Narrow(prim, Box::new(self.expr(depth - 1)))
            }
            8 => {
                let [a, b] = [0, 1].map(|_| Box::new(self.expr(depth - 1)));
                Expr::Select(Box::new(self.condition()), a, b)
            }
            _ => self.simple(),
        }
    }

    fn simple(&mut self) -> Expr {
        if !self.counters.is_empty() && self.random.chance(3) {
            return Expr::Counter(self.random.pick(&self.counters.clone()));
        }
        match self.random.below(6) {
            0 => Expr::Literal(self.random.below(16) as u32),
            1 => Expr::Literal(self.random.next() as u32),
            2 => Expr::Thread,
            3 => Expr::Rank,
            _ => Expr::Var(self.var()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::types::align_of;
    use super::*;

    #[test]
    fn records_fit_their_roots() {
        for seed in 0..200 {
            let program = program(seed);
            for index in 0..program.records.len() {
                let ty = Ty::Record(index);
                assert!(size_of(&ty, &program.records) <= 32 && align_of(&ty, &program.records) <= 16);
            }
        }
    }
}
