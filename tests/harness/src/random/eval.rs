//! What a program computes.

use super::{BLOCK, ELEMENTS, Expr, GRID, Op, Program, Stmt, Ty, byte, input, short};

/// A value with its type; the bits of an `int` are two's complement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Value {
    ty: Ty,
    bits: u32,
}

fn int(value: i32) -> Value {
    Value { ty: Ty::Int, bits: value as u32 }
}

fn uint(bits: u32) -> Value {
    Value { ty: Ty::Uint, bits }
}

fn boolean(value: bool) -> Value {
    Value { ty: Ty::Bool, bits: u32::from(value) }
}

#[derive(Clone)]
struct Thread {
    index: usize,
    block: usize,
    vars: Vec<u32>,
    local: [u32; 4],
    live: bool,
}

enum Flow {
    Next,
    Break,
    Continue,
}

struct Machine<'a> {
    program: &'a Program,
    tile: [u32; BLOCK],
    out: Vec<u32>,
    counts: Vec<u32>,
}

impl Program {
    /// The contents of `out` and of `counts` after the launch; both start with zeros.
    pub fn run(&self) -> (Vec<u32>, Vec<u32>) {
        let mut machine = Machine { program: self, tile: [0; BLOCK], out: vec![0; ELEMENTS], counts: vec![0; 8] };
        for block in 0..GRID {
            let thread = |index| Thread { index, block, vars: vec![0; self.vars.len()], local: [0; 4], live: true };
            let mut threads: Vec<Thread> = (0..BLOCK).map(thread).collect();
            machine.tile = [0; BLOCK];
            machine.block(&self.body, &mut threads);
        }
        (machine.out, machine.counts)
    }
}

impl Machine<'_> {
    /// Statements of the whole block, one at a time for all threads. True if the surrounding loop is to be left.
    fn block(&mut self, stmts: &[Stmt], threads: &mut [Thread]) -> bool {
        for stmt in stmts {
            match stmt {
                Stmt::Barrier => {}
                Stmt::WriteTile(value) => {
                    for thread in threads.iter_mut().filter(|thread| thread.live) {
                        self.tile[thread.index] = self.eval(value, thread, &[]).bits;
                    }
                }
                Stmt::ReturnIf(condition) => {
                    for thread in threads.iter_mut().filter(|thread| thread.live) {
                        thread.live = self.eval(condition, thread, &[]).bits == 0;
                    }
                }
                Stmt::UniformIf(condition, body) => {
                    if self.agreed(condition, threads) != 0 && self.block(body, threads) {
                        return true;
                    }
                }
                Stmt::UniformFor(var, count, body) => {
                    threads.iter_mut().for_each(|thread| thread.vars[*var] = 0);
                    while (self.round(threads, *var) as i32) < self.agreed(count, threads) as i32 {
                        if self.block(body, threads) {
                            break;
                        }
                        threads.iter_mut().for_each(|thread| thread.vars[*var] += 1);
                    }
                }
                Stmt::UniformBreakIf(condition) => {
                    if self.agreed(condition, threads) != 0 {
                        return true;
                    }
                }
                _ => {
                    for thread in threads.iter_mut().filter(|thread| thread.live) {
                        self.stmt(stmt, thread);
                    }
                }
            }
        }
        false
    }

    fn round(&self, threads: &[Thread], var: usize) -> u32 {
        threads.iter().find(|thread| thread.live).map_or(0, |thread| thread.vars[var])
    }

    /// A value that is the same for all live threads; 0 if none is.
    fn agreed(&self, value: &Expr, threads: &[Thread]) -> u32 {
        let first = threads.iter().find(|thread| thread.live);
        first.map_or(0, |thread| self.eval(value, &mut thread.clone(), &[]).bits)
    }

    fn stmts(&mut self, stmts: &[Stmt], thread: &mut Thread) -> Flow {
        for stmt in stmts {
            match self.stmt(stmt, thread) {
                Flow::Next => {}
                leave => return leave,
            }
        }
        Flow::Next
    }

    fn stmt(&mut self, stmt: &Stmt, thread: &mut Thread) -> Flow {
        match stmt {
            Stmt::Assign(var, value) => thread.vars[*var] = self.eval(value, thread, &[]).bits,
            Stmt::Compound(var, op, value) => {
                let left = Value { ty: self.program.vars[*var], bits: thread.vars[*var] };
                let right = self.eval(value, thread, &[]);
                thread.vars[*var] = binary(*op, left, right).bits;
            }
            Stmt::StoreLocal(index, value) => {
                let value = self.eval(value, thread, &[]).bits;
                let index = self.eval(index, thread, &[]).bits as usize & 3;
                thread.local[index] = value;
            }
            Stmt::StoreOut(value) => {
                let value = self.eval(value, thread, &[]).bits;
                self.out[thread.block * BLOCK + thread.index] = value;
            }
            Stmt::If(condition, accept, reject) => {
                let branch = if self.eval(condition, thread, &[]).bits != 0 { accept } else { reject };
                return self.stmts(branch, thread);
            }
            Stmt::For(var, count, body) => {
                thread.vars[*var] = 0;
                while (thread.vars[*var] as i32) < self.eval(count, thread, &[]).bits as i32 {
                    if let Flow::Break = self.stmts(body, thread) {
                        break;
                    }
                    thread.vars[*var] += 1;
                }
            }
            Stmt::DoWhile(var, condition, body) => {
                thread.vars[*var] = 3;
                loop {
                    if let Flow::Break = self.stmts(body, thread) {
                        break;
                    }
                    thread.vars[*var] -= 1;
                    if thread.vars[*var] == 0 || self.eval(condition, thread, &[]).bits == 0 {
                        break;
                    }
                }
            }
            Stmt::Switch(selector, cases) => {
                let chosen = (self.eval(selector, thread, &[]).bits & 3) as usize;
                for (body, falls_through) in cases.iter().skip(chosen.min(cases.len() - 1)) {
                    match self.stmts(body, thread) {
                        Flow::Next if *falls_through => {}
                        Flow::Continue => return Flow::Continue,
                        Flow::Next | Flow::Break => break,
                    }
                }
            }
            Stmt::BreakIf(condition) if self.eval(condition, thread, &[]).bits != 0 => return Flow::Break,
            Stmt::ContinueIf(condition) if self.eval(condition, thread, &[]).bits != 0 => return Flow::Continue,
            Stmt::Bump(var, value) => {
                let value = self.eval(value, thread, &[]).bits;
                thread.vars[*var] = thread.vars[*var].wrapping_mul(3).wrapping_add(value);
            }
            Stmt::AtomicAdd(index, value) => {
                let value = self.eval(value, thread, &[]).bits;
                let index = self.eval(index, thread, &[]).bits as usize & 7;
                self.counts[index] = self.counts[index].wrapping_add(value);
            }
            _ => {}
        }
        Flow::Next
    }

    fn eval(&self, expr: &Expr, thread: &mut Thread, params: &[Value]) -> Value {
        let mut at = |index: &Expr| self.eval(index, thread, params).bits as usize;
        match expr {
            Expr::Literal(ty, bits) => Value { ty: *ty, bits: *bits },
            Expr::Var(var) => Value { ty: self.program.vars[*var], bits: thread.vars[*var] },
            Expr::Param(index) => params[*index],
            Expr::ThreadIdx => uint(thread.index as u32),
            Expr::BlockIdx => uint(thread.block as u32),
            Expr::N => uint(self.program.n),
            Expr::In(index) => uint(input(at(index) % ELEMENTS)),
            Expr::Bytes(index) => int(i32::from(byte(at(index) % ELEMENTS))),
            Expr::Shorts(index) => int(i32::from(short(at(index) % ELEMENTS))),
            Expr::Pair(index, high) => {
                let pair = at(index) % (ELEMENTS / 2);
                if *high { int(input(2 * pair + 1) as i32) } else { uint(input(2 * pair)) }
            }
            Expr::Tile(index) => uint(self.tile[at(index) % BLOCK]),
            Expr::Local(index) => {
                let index = at(index) & 3;
                uint(thread.local[index])
            }
            Expr::Binary(Op::LogicalAnd, a, b) => {
                boolean(self.eval(a, thread, params).bits != 0 && self.eval(b, thread, params).bits != 0)
            }
            Expr::Binary(Op::LogicalOr, a, b) => {
                boolean(self.eval(a, thread, params).bits != 0 || self.eval(b, thread, params).bits != 0)
            }
            Expr::Binary(op, a, b) => {
                let left = self.eval(a, thread, params);
                let right = self.eval(b, thread, params);
                binary(*op, left, right)
            }
            Expr::Not(a) => boolean(self.eval(a, thread, params).bits == 0),
            Expr::Complement(a) => {
                let a = promoted(self.eval(a, thread, params));
                Value { bits: !a.bits, ..a }
            }
            Expr::Negate(a) => uint(self.eval(a, thread, params).bits.wrapping_neg()),
            Expr::Select(condition, a, b) => {
                let chosen = if self.eval(condition, thread, params).bits != 0 { a } else { b };
                self.eval(chosen, thread, params)
            }
            Expr::Cast(ty, a) => Value { ty: *ty, bits: self.eval(a, thread, params).bits },
            Expr::Narrow(unsigned, a) => {
                let bits = self.eval(a, thread, params).bits;
                int(if *unsigned { i32::from(bits as u8) } else { i32::from(bits as i16) })
            }
            Expr::Call(function, args) => {
                let function = &self.program.functions[*function];
                let values: Vec<Value> = args
                    .iter()
                    .zip(&function.params)
                    .map(|(arg, ty)| Value { ty: *ty, bits: self.eval(arg, thread, params).bits })
                    .collect();
                let early = self.eval(&function.condition, thread, &values).bits != 0;
                uint(self.eval(if early { &function.early } else { &function.result }, thread, &values).bits)
            }
            Expr::Min(a, b) => uint(self.eval(a, thread, params).bits.min(self.eval(b, thread, params).bits)),
            Expr::Max(a, b) => int((self.eval(a, thread, params).bits as i32).max(self.eval(b, thread, params).bits as i32)),
            Expr::Popc(a) => int(self.eval(a, thread, params).bits.count_ones() as i32),
            Expr::Clz(a) => int(self.eval(a, thread, params).bits.leading_zeros() as i32),
        }
    }
}

fn promoted(value: Value) -> Value {
    if value.ty == Ty::Bool { int(value.bits as i32) } else { value }
}

/// C's usual conversions: unsigned wins.
fn binary(op: Op, a: Value, b: Value) -> Value {
    let (a, b) = (promoted(a), promoted(b));
    let unsigned = a.ty == Ty::Uint || b.ty == Ty::Uint;
    let (x, y) = (a.bits, b.bits);
    let ty = if unsigned { Ty::Uint } else { Ty::Int };
    let number = |bits| Value { ty, bits };
    let less = if unsigned { x < y } else { (x as i32) < (y as i32) };
    match op {
        Op::Add => number(x.wrapping_add(y)),
        Op::Sub => number(x.wrapping_sub(y)),
        Op::Mul => number(x.wrapping_mul(y)),
        Op::Div => number(x / (y | 1)),
        Op::Rem => number(x % (y | 1)),
        Op::And => number(x & y),
        Op::Or => number(x | y),
        Op::Xor => number(x ^ y),
        Op::Shl => Value { ty: a.ty, bits: x << (y & 31) },
        Op::Shr if a.ty == Ty::Int => int((x as i32) >> (y & 31)),
        Op::Shr => uint(x >> (y & 31)),
        Op::Lt => boolean(less),
        Op::Le => boolean(less || x == y),
        Op::Eq => boolean(x == y),
        Op::Ne => boolean(x != y),
        Op::LogicalAnd => boolean(x != 0 && y != 0),
        Op::LogicalOr => boolean(x != 0 || y != 0),
    }
}
