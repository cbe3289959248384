//! What a program leaves in memory, computed on bytes.

use super::types::{Bits, Prim, Ty, size_of};
use super::{Access, BLOCK, Expr, Float, GRID, INPUT, Memory, Op, Program, Root, Step, Stmt, THREADS, VARS, noise};

/// Where something is: a memory, and a byte in it.
#[derive(Clone, Copy, Debug)]
struct Place {
    memory: usize,
    at: u32,
}

const DATA: usize = 0;
const PACKED: usize = 1;
const MINE: usize = 2;
const TILE: usize = 3;
const POOL: usize = 4;
const PACKED_TILE: usize = 5;
const INPUT_BYTES: usize = 6;
const TABLE: usize = 7;
/// The variable of a `Modify`.
const COPY: usize = 8;

/// What an access comes to in the end.
#[derive(Clone, Copy, Debug)]
enum Leaf {
    Prim(Prim),
    /// `first` counts from the place.
    Bits(Bits),
}

#[derive(Clone)]
struct Thread {
    index: u32,
    block: u32,
    vars: [u32; VARS],
    counters: Vec<u32>,
    pointers: Vec<(usize, Place)>,
}

impl Thread {
    fn rank(&self) -> u32 {
        self.block * BLOCK + self.index
    }
}

struct Machine<'a> {
    program: &'a Program,
    memories: [Vec<u8>; 9],
}

/// Input, table and first contents of `data` and `packed`.
pub(super) fn initial(program: &Program, salt: u32) -> Vec<u8> {
    let length = match salt {
        1 => THREADS * 64,
        2 => THREADS * program.packed[0],
        3 => INPUT,
        _ => 64,
    };
    (0..length).map(|index| noise(index, salt)).collect()
}

impl Program {
    pub fn run(&self) -> Memory {
        let bytes = |length: u32| vec![0; length as usize];
        let memories = [
            initial(self, 1),
            initial(self, 2),
            bytes(BLOCK * 64),
            bytes(BLOCK * 64),
            bytes(BLOCK * 32),
            bytes(BLOCK * self.packed[1]),
            initial(self, 3),
            initial(self, 4),
            Vec::new(),
        ];
        let mut machine = Machine { program: self, memories };
        let mut out = Vec::new();
        for block in 0..GRID {
            let thread = |index| Thread {
                index,
                block,
                vars: [index, block + 1, 0x9e37_79b9, 7],
                counters: vec![0; self.counters],
                pointers: Vec::new(),
            };
            let mut threads: Vec<Thread> = (0..BLOCK).map(thread).collect();
            threads.iter().for_each(|thread| machine.initialise(thread));
            machine.block(&self.body, &mut threads);
            threads.iter().for_each(|thread| machine.report(thread, &mut out));
        }
        let [data, packed, ..] = machine.memories;
        Memory { data, packed, out }
    }
}

impl Machine<'_> {
    /// As the kernel's first lines do.
    fn initialise(&mut self, thread: &Thread) {
        for (root, length, factor) in self.program.scratch() {
            let place = self.root(root, thread);
            for i in 0..length {
                let from = (thread.index * factor + i) % INPUT;
                self.memories[place.memory][(place.at + i) as usize] = self.memories[INPUT_BYTES][from as usize];
            }
        }
    }

    fn report(&self, thread: &Thread, out: &mut Vec<u32>) {
        for (root, length, _) in self.program.scratch() {
            let Place { memory, at } = self.root(root, thread);
            let bytes = &self.memories[memory][at as usize..(at + length) as usize];
            if root == Root::PackedTile {
                out.extend(bytes.iter().map(|byte| u32::from(*byte)));
            } else {
                out.extend(bytes.chunks(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])));
            }
        }
        out.extend(thread.vars);
    }

    /// Statements of the whole block, one at a time for all threads.
    fn block(&mut self, stmts: &[Stmt], threads: &mut [Thread]) {
        for stmt in stmts {
            match stmt {
                Stmt::Barrier => {}
                Stmt::Rounds(counter, count, body) => {
                    for round in 0..*count {
                        threads.iter_mut().for_each(|thread| thread.counters[*counter] = round);
                        self.block(body, threads);
                    }
                }
                _ => threads.iter_mut().for_each(|thread| self.stmt(stmt, thread)),
            }
        }
    }

    fn stmts(&mut self, stmts: &[Stmt], thread: &mut Thread) {
        stmts.iter().for_each(|stmt| self.stmt(stmt, thread));
    }

    fn stmt(&mut self, stmt: &Stmt, thread: &mut Thread) {
        match stmt {
            Stmt::Assign(var, value) => thread.vars[*var] = self.eval(value, thread),
            Stmt::Store(place, float, value) => {
                let value = self.eval(value, thread);
                let (place, leaf) = self.leaf(place, thread);
                self.store(place, leaf, *float, value);
            }
            Stmt::Compound(place, op, value) => {
                let value = self.eval(value, thread);
                let (place, leaf) = self.leaf(place, thread);
                let new = apply(*op, self.load(place, leaf), value, leaf);
                self.store(place, leaf, Float::Bits, new);
            }
            Stmt::Bump(place, value) => {
                let value = self.eval(value, thread);
                let (place, leaf) = self.leaf(place, thread);
                let new = self.load(place, leaf).wrapping_mul(3).wrapping_add(value);
                self.store(place, leaf, Float::Bits, new);
            }
            Stmt::Atomic(place, op, value) => {
                let value = self.eval(value, thread);
                let (place, leaf) = self.leaf(place, thread);
                let new = apply(*op, self.load(place, leaf), value, leaf);
                self.store(place, leaf, Float::Bits, new);
            }
            Stmt::Copy(to, from) => {
                let bytes = self.bytes(from, thread);
                self.put(to, thread, &bytes);
            }
            Stmt::Modify { to, from, leaf, float, value } => {
                self.memories[COPY] = self.bytes(from, thread);
                let value = self.eval(value, thread);
                let (place, leaf) = self.walk_steps(Place { memory: COPY, at: 0 }, &from.ty, leaf, thread);
                self.store(place, leaf, *float, value);
                let changed = std::mem::take(&mut self.memories[COPY]);
                self.put(to, thread, &changed);
            }
            Stmt::Walk { root, prim, offset, count, var, write } => {
                for i in 0..*count {
                    let root = self.root(*root, thread);
                    let place = Place { at: root.at + offset + i * prim.size(), ..root };
                    let seen = self.load(place, Leaf::Prim(*prim));
                    thread.vars[*var] = thread.vars[*var].wrapping_mul(33).wrapping_add(seen);
                    if let Some(value) = write {
                        let value = self.eval(value, thread);
                        self.store(place, Leaf::Prim(*prim), Float::Bits, value);
                    }
                }
            }
            Stmt::If(condition, accept, reject) => {
                let chosen = if self.eval(condition, thread) != 0 { accept } else { reject };
                self.stmts(chosen, thread);
            }
            Stmt::For(counter, count, body) => {
                for round in 0..*count {
                    thread.counters[*counter] = round;
                    self.stmts(body, thread);
                }
            }
            Stmt::Pointer { number, condition, accept, reject, body } => {
                let (root, offset) = if self.eval(condition, thread) != 0 { accept } else { reject };
                let base = self.root(*root, thread);
                thread.pointers.push((*number, Place { at: base.at + offset, ..base }));
                self.stmts(body, thread);
                thread.pointers.pop();
            }
            Stmt::Barrier | Stmt::Rounds(..) => unreachable!("only the block as a whole"),
        }
    }

    /// The first byte of a root for a thread.
    fn root(&self, root: Root, thread: &Thread) -> Place {
        let [packed, packed_tile] = self.program.packed;
        let (memory, at) = match root {
            Root::Own | Root::Alias => (DATA, thread.rank() * 64),
            Root::Mine => (MINE, thread.index * 64),
            Root::Tile => (TILE, thread.index * 64),
            Root::Pool => (POOL, thread.index * 32),
            Root::Packed => (PACKED, thread.rank() * packed),
            Root::PackedTile => (PACKED_TILE, thread.index * packed_tile),
            Root::Input => (INPUT_BYTES, 0),
            Root::Table => (TABLE, 0),
            Root::Neighbour { packed, distance } => {
                let other = (thread.index + distance) % BLOCK;
                if packed { (PACKED_TILE, other * packed_tile) } else { (TILE, other * 64) }
            }
            Root::Pointer(number) => {
                let found = thread.pointers.iter().rev().find(|(known, _)| *known == number);
                return found.expect("a pointer is used in its scope").1;
            }
        };
        Place { memory, at }
    }

    fn base(&self, access: &Access, thread: &Thread) -> Place {
        let root = self.root(access.root, thread);
        let index = access.index.as_ref().map_or(0, |index| (self.eval(&index.value, thread) & index.mask) * index.stride);
        Place { at: root.at + access.offset + index, ..root }
    }

    fn leaf(&self, access: &Access, thread: &Thread) -> (Place, Leaf) {
        self.walk_steps(self.base(access, thread), &access.ty, &access.steps, thread)
    }

    fn walk_steps(&self, mut place: Place, ty: &Ty, steps: &[Step], thread: &Thread) -> (Place, Leaf) {
        let mut ty = ty.clone();
        for step in steps {
            match (step, &ty) {
                (Step::Lane(lane), Ty::Vector(prim, _)) => {
                    place.at += lane * prim.size();
                    ty = Ty::Prim(*prim);
                }
                (Step::Element(index, mask), Ty::Array(prim, _)) => {
                    place.at += (self.eval(index, thread) & mask) * prim.size();
                    ty = Ty::Prim(*prim);
                }
                (Step::Field(number), Ty::Record(record)) => {
                    let field = &self.program.records[*record].fields[*number];
                    if let Some(bits) = field.bits {
                        return (place, Leaf::Bits(bits));
                    }
                    place.at += field.offset;
                    ty = field.ty.clone();
                }
                _ => unreachable!("steps fit their types"),
            }
        }
        match ty {
            Ty::Prim(prim) => (place, Leaf::Prim(prim)),
            _ => unreachable!("steps end at a scalar"),
        }
    }

    /// All bytes of an access to a whole type.
    fn bytes(&self, access: &Access, thread: &Thread) -> Vec<u8> {
        let (place, size) = (self.base(access, thread), size_of(&access.ty, &self.program.records) as usize);
        self.memories[place.memory][place.at as usize..place.at as usize + size].to_vec()
    }

    fn put(&mut self, access: &Access, thread: &Thread, bytes: &[u8]) {
        let place = self.base(access, thread);
        self.memories[place.memory][place.at as usize..place.at as usize + bytes.len()].copy_from_slice(bytes);
    }

    fn word(&self, place: Place, size: u32) -> u64 {
        let bytes = &self.memories[place.memory][place.at as usize..(place.at + size) as usize];
        bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
    }

    fn load(&self, place: Place, leaf: Leaf) -> u32 {
        match leaf {
            Leaf::Prim(prim) => {
                let word = self.word(place, prim.size());
                match prim {
                    Prim::I8 => word as u8 as i8 as i32 as u32,
                    Prim::I16 => word as u16 as i16 as i32 as u32,
                    Prim::I64 | Prim::U64 | Prim::F64 => (word ^ word >> 32) as u32,
                    Prim::U8 | Prim::U16 | Prim::I32 | Prim::U32 | Prim::F32 | Prim::Bool => word as u32,
                }
            }
            Leaf::Bits(bits) => {
                let raw = (0..bits.width).rev().fold(0u32, |value, i| value << 1 | self.bit(place, bits.first + i));
                if bits.unit.is_signed() {
                    let unused = 32 - bits.width;
                    ((raw << unused) as i32 >> unused) as u32
                } else {
                    raw
                }
            }
        }
    }

    fn bit(&self, place: Place, bit: u32) -> u32 {
        u32::from(self.memories[place.memory][(place.at + bit / 8) as usize] >> (bit % 8) & 1)
    }

    fn store(&mut self, place: Place, leaf: Leaf, float: Float, value: u32) {
        let word = match leaf {
            Leaf::Prim(Prim::F32) if float == Float::OfShort => u64::from(f32::from(value as u16 as i16).to_bits()),
            Leaf::Prim(Prim::F64) => f64::from(value as i32).to_bits(),
            Leaf::Prim(Prim::I64 | Prim::U64) => u64::from(value).wrapping_mul(0x9e37_79b9_7f4a_7c15),
            Leaf::Prim(Prim::Bool) => u64::from(value % 3 == 1),
            _ => u64::from(value),
        };
        let memory = &mut self.memories[place.memory];
        match leaf {
            Leaf::Prim(prim) => {
                let size = prim.size() as usize;
                memory[place.at as usize..place.at as usize + size].copy_from_slice(&word.to_le_bytes()[..size]);
            }
            Leaf::Bits(bits) => {
                for i in 0..bits.width {
                    let bit = bits.first + i;
                    let byte = &mut memory[(place.at + bit / 8) as usize];
                    *byte = *byte & !(1 << (bit % 8)) | ((word >> i & 1) as u8) << (bit % 8);
                }
            }
        }
    }

    fn eval(&self, expr: &Expr, thread: &Thread) -> u32 {
        match expr {
            Expr::Literal(value) => *value,
            Expr::Var(var) => thread.vars[*var],
            Expr::Counter(counter) => thread.counters[*counter],
            Expr::Thread => thread.index,
            Expr::Rank => thread.rank(),
            Expr::Load(access) => {
                let (place, leaf) = self.leaf(access, thread);
                self.load(place, leaf)
            }
            Expr::Binary(op, a, b) => binary(*op, self.eval(a, thread), self.eval(b, thread)),
            Expr::Select(condition, a, b) => self.eval(if self.eval(condition, thread) != 0 { a } else { b }, thread),
            Expr::Narrow(prim, value) => {
                let value = self.eval(value, thread);
                match prim {
                    Prim::I8 => value as u8 as i8 as i32 as u32,
                    Prim::U8 => value & 0xff,
                    Prim::I16 => value as u16 as i16 as i32 as u32,
                    Prim::U16 => value & 0xffff,
                    _ => value,
                }
            }
        }
    }
}

fn binary(op: Op, a: u32, b: u32) -> u32 {
    match op {
        Op::Add => a.wrapping_add(b),
        Op::Sub => a.wrapping_sub(b),
        Op::Mul => a.wrapping_mul(b),
        Op::And => a & b,
        Op::Or => a | b,
        Op::Xor => a ^ b,
        Op::Shl => a << (b & 31),
        Op::Shr => a >> (b & 31),
        Op::Lt => u32::from(a < b),
        Op::Eq => u32::from(a == b),
    }
}

/// `place op= value`. A shift to the right keeps the sign of what was loaded; its amount is masked to 7.
fn apply(op: Op, old: u32, value: u32, leaf: Leaf) -> u32 {
    let signed = match leaf {
        Leaf::Prim(prim) => prim.is_signed(),
        Leaf::Bits(bits) => bits.unit.is_signed(),
    };
    match op {
        Op::Shr if signed => (old as i32 >> (value & 7)) as u32,
        Op::Shr => old >> (value & 7),
        _ => binary(op, old, value),
    }
}
