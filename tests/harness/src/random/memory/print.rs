//! A program as a CUDA file with the header that `translate check` reads.

use super::eval::initial;
use super::types::{Prim, Record, Ty, align_of, size_of};
use super::{Access, BLOCK, Expr, Float, GRID, Op, Program, Root, Spelling, Step, Stmt};
use std::fmt::{self, Display, Write};

impl Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |salt| initial(self, salt).iter().map(u8::to_string).collect::<Vec<_>>().join(" ");
        let memory = self.run();
        writeln!(f, "// Random kernel {} about memory.", self.seed)?;
        writeln!(f, "//# launch = {{ kernel = \"k\", grid = {GRID}, block = {BLOCK}, shared = {} }}", BLOCK * 32)?;
        let alias = if self.declared.alias.is_some() { " { alias = { buffer = \"data\" } }," } else { "" };
        writeln!(f, "//# args = [{{ data = \"list u8 {}\" }},{alias}", list(1))?;
        writeln!(f, "//#   {{ packed = \"list u8 {}\" }}, {{ input = \"list u8 {}\" }},", list(2), list(3))?;
        writeln!(f, "//#   {{ out = \"zeros u32 {}\" }}]", memory.out.len())?;
        writeln!(f, "//# expect = {{ data = {:?}, packed = {:?}, out = {:?} }}\n", memory.data, memory.packed, memory.out)?;
        self.print_code(f)
    }
}

/// Functions that accesses go through.
const PRELUDE: &str = "\
template <class T> __device__ T& at(unsigned char* p, unsigned offset) { return *(T*)(p + offset); }
template <class T> __device__ const T& at(const unsigned char* p, unsigned offset) { return *(const T*)(p + offset); }
template <class T> __device__ void bump(T* p, unsigned v) { *p = (T)(*p * 3u + v); }
__device__ unsigned fold(unsigned long long v) { return (unsigned)(v ^ v >> 32); }

";

impl Program {
    /// Without the header.
    pub(super) fn print_code(&self, f: &mut dyn Write) -> fmt::Result {
        for (index, record) in self.records.iter().enumerate() {
            self.print_record(f, index, record)?;
        }
        let table: Vec<String> = initial(self, 4)
            .chunks(4)
            .map(|word| format!("0x{:08x}", u32::from_le_bytes([word[0], word[1], word[2], word[3]])))
            .collect();
        writeln!(f, "__constant__ unsigned table[16] = {{{}}};\n", table.join(", "))?;
        f.write_str(PRELUDE)?;
        let declared = &self.declared;
        let [own, mine, tile, input] = [&declared.own, &declared.mine, &declared.tile, &declared.input].map(name);
        let alias = declared.alias.as_ref().map_or(String::new(), |ty| format!("{}* alias, ", name(ty)));
        writeln!(f, "__global__ void k({own}* data, {alias}unsigned char* packed, const {input}* input, unsigned* out)\n{{")?;
        let count = |ty: &Ty, bytes: u32| bytes / size_of(ty, &self.records);
        if self.uses(Root::Tile) {
            writeln!(f, "    __shared__ __align__(16) {tile} tile[{}];", count(&declared.tile, BLOCK * 64))?;
        }
        if self.uses(Root::PackedTile) {
            writeln!(f, "    __shared__ unsigned char packedTile[{}];", BLOCK * self.packed[1])?;
        }
        if self.uses(Root::Pool) {
            writeln!(f, "    {}", self.pool_declaration())?;
        }
        if self.uses(Root::Mine) {
            writeln!(f, "    __align__(16) {mine} mine[{}];", count(&declared.mine, 64))?;
        }
        writeln!(f, "    unsigned thread = threadIdx.x, rank = blockIdx.x * {BLOCK} + threadIdx.x;")?;
        self.print_initialisation(f)?;
        writeln!(f, "    unsigned v0 = thread, v1 = blockIdx.x + 1, v2 = 0x9e3779b9, v3 = 7;")?;
        let [packed, packed_tile] = self.packed;
        writeln!(f, "    unsigned char* own = (unsigned char*)data + rank * 64;")?;
        if declared.alias.is_some() {
            writeln!(f, "    unsigned char* other = (unsigned char*)alias + rank * 64;")?;
        }
        writeln!(f, "    unsigned char* few = packed + rank * {packed};")?;
        if self.uses(Root::PackedTile) {
            writeln!(f, "    unsigned char* fewShared = packedTile + thread * {packed_tile};")?;
        }
        if self.uses(Root::Pool) {
            writeln!(f, "    unsigned char* carved = (unsigned char*)pool + thread * 32;")?;
        }
        self.print_block(f, &self.body, 1)?;
        self.print_report(f)?;
        writeln!(f, "}}")
    }

    pub(super) fn pool_declaration(&self) -> String {
        format!("extern __shared__ __align__(16) {} pool[];", self.declared.pool.name())
    }

    fn print_record(&self, f: &mut dyn Write, index: usize, record: &Record) -> fmt::Result {
        writeln!(f, "{} R{index} {{", if record.is_union { "union" } else { "struct" })?;
        for (number, field) in record.fields.iter().enumerate() {
            match (&field.ty, field.bits) {
                (ty, Some(bits)) => writeln!(f, "    {} f{number} : {};", name(ty), bits.width)?,
                (Ty::Array(prim, count), None) => writeln!(f, "    {} f{number}[{count}];", prim.name())?,
                (ty, None) => writeln!(f, "    {} f{number};", name(ty))?,
            }
        }
        writeln!(f, "}};\n")
    }

    fn print_initialisation(&self, f: &mut dyn Write) -> fmt::Result {
        for (root, length, factor) in self.scratch() {
            let target = match root {
                Root::Mine => "((unsigned char*)mine)[i]".to_string(),
                Root::Tile => "((unsigned char*)tile)[thread * 64 + i]".to_string(),
                Root::Pool => "((unsigned char*)pool)[thread * 32 + i]".to_string(),
                _ => format!("packedTile[thread * {length} + i]"),
            };
            writeln!(f, "    for (unsigned i = 0; i < {}; ++i)", rolled(root, length))?;
            writeln!(f, "        {target} = ((const unsigned char*)input)[(thread * {factor} + i) % 256];")?;
        }
        Ok(())
    }

    fn print_report(&self, f: &mut dyn Write) -> fmt::Result {
        writeln!(f, "    unsigned* report = out + rank * {};", self.out_words())?;
        for (root, length, _) in self.scratch() {
            let (source, count) = match root {
                Root::Mine => ("((unsigned*)mine)[i]".to_string(), length / 4),
                Root::Tile => ("((unsigned*)tile)[thread * 16 + i]".to_string(), length / 4),
                Root::Pool => ("((unsigned*)pool)[thread * 8 + i]".to_string(), length / 4),
                _ => (format!("packedTile[thread * {length} + i]"), length),
            };
            writeln!(f, "    for (unsigned i = 0; i < {}; ++i)\n        *report++ = {source};", rolled(root, count))?;
        }
        writeln!(f, "    report[0] = v0;\n    report[1] = v1;\n    report[2] = v2;\n    report[3] = v3;")
    }

    fn print_block(&self, f: &mut dyn Write, stmts: &[Stmt], level: usize) -> fmt::Result {
        stmts.iter().try_for_each(|stmt| self.print_stmt(f, stmt, level))
    }

    fn print_stmt(&self, f: &mut dyn Write, stmt: &Stmt, level: usize) -> fmt::Result {
        let pad = "    ".repeat(level);
        match stmt {
            Stmt::Assign(var, value) => writeln!(f, "{pad}v{var} = {};", self.text(value)),
            Stmt::Store(place, float, value) => {
                let stored = stored(self.leaf(&place.ty, &place.steps), *float, &self.text(value));
                writeln!(f, "{pad}{} = {stored};", self.scalar(place))
            }
            Stmt::Compound(place, Op::Shr, value) => {
                writeln!(f, "{pad}{} >>= ({}) & 7u;", self.scalar(place), self.text(value))
            }
            Stmt::Compound(place, op, value) => {
                writeln!(f, "{pad}{} {}= {};", self.scalar(place), sign(*op), self.text(value))
            }
            Stmt::Copy(to, from) => writeln!(f, "{pad}{} = {};", self.place(to), self.place(from)),
            Stmt::Modify { to, from, leaf, float, value } => {
                let stored = stored(self.leaf(&from.ty, leaf), *float, &self.text(value));
                writeln!(f, "{pad}{{\n{pad}    {} t = {};", name(&from.ty), self.place(from))?;
                writeln!(f, "{pad}    t{} = {stored};\n{pad}    {} = t;\n{pad}}}", self.steps(leaf), self.place(to))
            }
            Stmt::Bump(place, value) => writeln!(f, "{pad}bump(&{}, {});", self.scalar(place), self.text(value)),
            Stmt::Atomic(place, op, value) => {
                let function = match op {
                    Op::Sub => "atomicSub",
                    Op::And => "atomicAnd",
                    Op::Or => "atomicOr",
                    Op::Xor => "atomicXor",
                    _ => "atomicAdd",
                };
                let ty = name(&place.ty);
                writeln!(f, "{pad}{function}(&{}, ({ty})({}));", self.scalar(place), self.text(value))
            }
            Stmt::Walk { root, prim, offset, count, var, write } => {
                let (ty, keep) = (prim.name(), constness(*root));
                let start = format!("({keep}{ty}*)({} + {offset})", self.root(*root));
                writeln!(f, "{pad}for ({keep}{ty} *p = {start}, *end = p + {count}; p != end; ++p) {{")?;
                writeln!(f, "{pad}    v{var} = v{var} * 33u + {};", loaded(*prim, "*p"))?;
                if let Some(value) = write {
                    writeln!(f, "{pad}    *p = ({ty})({});", self.text(value))?;
                }
                writeln!(f, "{pad}}}")
            }
            Stmt::If(condition, accept, reject) => {
                writeln!(f, "{pad}if ({}) {{", self.text(condition))?;
                self.print_block(f, accept, level + 1)?;
                if !reject.is_empty() {
                    writeln!(f, "{pad}}} else {{")?;
                    self.print_block(f, reject, level + 1)?;
                }
                writeln!(f, "{pad}}}")
            }
            Stmt::For(counter, count, body) | Stmt::Rounds(counter, count, body) => {
                writeln!(f, "{pad}for (unsigned c{counter} = 0; c{counter} < {count}; ++c{counter}) {{")?;
                self.print_block(f, body, level + 1)?;
                writeln!(f, "{pad}}}")
            }
            Stmt::Pointer { number, condition, accept, reject, body } => {
                let [a, b] = [accept, reject].map(|(root, offset)| format!("{} + {offset}", self.root(*root)));
                writeln!(f, "{pad}{{\n{pad}    unsigned char* q{number} = {} ? {a} : {b};", self.text(condition))?;
                self.print_block(f, body, level + 1)?;
                writeln!(f, "{pad}}}")
            }
            Stmt::Barrier => writeln!(f, "{pad}__syncthreads();"),
        }
    }

    /// An access down to its scalar.
    fn scalar(&self, access: &Access) -> String {
        let place = self.place(access);
        // `(*(R0*)p).f0` is what people write as `((R0*)p)->f0`.
        match (place.strip_prefix("(*").and_then(|rest| rest.strip_suffix(')')), access.steps.first()) {
            (Some(pointer), Some(Step::Field(field))) => format!("({pointer})->f{field}{}", self.steps(&access.steps[1..])),
            _ => place + &self.steps(&access.steps),
        }
    }

    fn place(&self, access: &Access) -> String {
        let (ty, keep, root) = (name(&access.ty), constness(access.root), self.root(access.root));
        let size = size_of(&access.ty, &self.records);
        let stride = access.index.as_ref().map_or(0, |index| index.stride);
        let divides = |unit: u32| access.offset.is_multiple_of(unit) && stride.is_multiple_of(unit);
        let offset = |unit: u32| match &access.index {
            None => (access.offset / unit).to_string(),
            Some(index) => {
                format!("{} + (({}) & {}u) * {}u", access.offset / unit, self.text(&index.value), index.mask, stride / unit)
            }
        };
        let (_, align) = self.extent(access.root);
        match access.spelling {
            Spelling::Indexed if divides(size) && size.is_multiple_of(align_of(&access.ty, &self.records)) => {
                format!("(({keep}{ty}*){root})[{}]", offset(size))
            }
            Spelling::ThroughShorts if align >= 2 && divides(2) => {
                format!("(*({keep}{ty}*)(({keep}short*){root} + {}))", offset(2))
            }
            Spelling::Reference => format!("at<{ty}>({}, {})", root, offset(1)),
            Spelling::Declared if divides(size) => {
                let per_thread =
                    |name: &str, thread: &str, bytes: u32| format!("{name}[{thread} * {} + {}]", bytes / size, offset(size));
                match access.root {
                    Root::Own => per_thread("data", "rank", 64),
                    Root::Alias => per_thread("alias", "rank", 64),
                    Root::Tile => per_thread("tile", "thread", 64),
                    Root::Pool => per_thread("pool", "thread", 32),
                    Root::Mine => format!("mine[{}]", offset(size)),
                    _ => format!("input[{}]", offset(size)),
                }
            }
            _ => format!("(*({keep}{ty}*)({root} + {}))", offset(1)),
        }
    }

    /// A pointer to the bytes of a root.
    fn root(&self, root: Root) -> String {
        match root {
            Root::Own => "own".into(),
            Root::Alias => "other".into(),
            Root::Mine => "(unsigned char*)mine".into(),
            Root::Tile => "((unsigned char*)tile + thread * 64)".into(),
            Root::Pool => "carved".into(),
            Root::Packed => "few".into(),
            Root::PackedTile => "fewShared".into(),
            Root::Input => "(const unsigned char*)input".into(),
            Root::Table => "(const unsigned char*)table".into(),
            Root::Neighbour { packed: true, distance } => {
                format!("(packedTile + (thread + {distance}) % {BLOCK} * {})", self.packed[1])
            }
            Root::Neighbour { packed: false, distance } => {
                format!("((unsigned char*)tile + (thread + {distance}) % {BLOCK} * 64)")
            }
            Root::Pointer(number) => format!("q{number}"),
        }
    }

    fn steps(&self, steps: &[Step]) -> String {
        let mut out = String::new();
        for step in steps {
            match step {
                Step::Field(number) => out += &format!(".f{number}"),
                Step::Lane(lane) => out += [".x", ".y", ".z", ".w"][*lane as usize],
                Step::Element(index, mask) => out += &format!("[({}) & {mask}u]", self.text(index)),
            }
        }
        out
    }

    /// The scalar at the end of the steps; `None` is a bit-field.
    fn leaf(&self, ty: &Ty, steps: &[Step]) -> Option<Prim> {
        let mut ty = ty.clone();
        for step in steps {
            ty = match (step, ty) {
                (Step::Field(number), Ty::Record(record)) => {
                    let field = &self.records[record].fields[*number];
                    if field.bits.is_some() {
                        return None;
                    }
                    field.ty.clone()
                }
                (_, Ty::Vector(prim, _) | Ty::Array(prim, _)) => Ty::Prim(prim),
                (_, other) => other,
            };
        }
        match ty {
            Ty::Prim(prim) => Some(prim),
            _ => None,
        }
    }

    fn text(&self, expr: &Expr) -> String {
        let text = |expr: &Expr| self.text(expr);
        match expr {
            Expr::Literal(value) => format!("{value}u"),
            Expr::Var(var) => format!("v{var}"),
            Expr::Counter(counter) => format!("c{counter}"),
            Expr::Thread => "thread".into(),
            Expr::Rank => "rank".into(),
            Expr::Load(access) => match self.leaf(&access.ty, &access.steps) {
                Some(prim) => loaded(prim, &self.scalar(access)),
                None => format!("(unsigned){}", self.scalar(access)),
            },
            Expr::Binary(op @ (Op::Shl | Op::Shr), a, b) => format!("({} {} ({} & 31u))", text(a), sign(*op), text(b)),
            Expr::Binary(op @ (Op::Lt | Op::Eq), a, b) => format!("(unsigned)({} {} {})", text(a), sign(*op), text(b)),
            Expr::Binary(op, a, b) => format!("({} {} {})", text(a), sign(*op), text(b)),
            Expr::Select(condition, a, b) => format!("({} ? {} : {})", text(condition), text(a), text(b)),
            Expr::Narrow(prim, value) => format!("(unsigned)({}){}", prim.name(), text(value)),
        }
    }
}

/// A bound that drivers do not know: loops written out sixteen times were half of what they compiled.
fn rolled(root: Root, count: u32) -> String {
    if root == Root::PackedTile { count.to_string() } else { format!("gridDim.x * {}", count / GRID) }
}

fn name(ty: &Ty) -> String {
    match ty {
        Ty::Prim(prim) | Ty::Array(prim, _) => prim.name().to_string(),
        Ty::Vector(prim, lanes) => format!("{}{lanes}", prim.stem()),
        Ty::Record(index) => format!("R{index}"),
    }
}

fn constness(root: Root) -> &'static str {
    if matches!(root, Root::Input | Root::Table) { "const " } else { "" }
}

/// A scalar as the unsigned value that expressions see.
fn loaded(prim: Prim, place: &str) -> String {
    match prim {
        Prim::F32 => format!("__float_as_uint({place})"),
        Prim::I64 | Prim::U64 => format!("fold((unsigned long long){place})"),
        Prim::F64 => format!("fold((unsigned long long)__double_as_longlong({place}))"),
        Prim::Bool => format!("(unsigned)*(const unsigned char*)&{place}"),
        _ => format!("(unsigned){place}"),
    }
}

/// An unsigned value as the scalar that is stored; `None` is a bit-field.
fn stored(prim: Option<Prim>, float: Float, value: &str) -> String {
    match prim {
        None => value.to_string(),
        Some(Prim::F32) if float == Float::Bits => format!("__uint_as_float({value})"),
        Some(Prim::F32) => format!("(float)(short)({value})"),
        Some(Prim::F64) => format!("(double)(int)({value})"),
        Some(prim @ (Prim::I64 | Prim::U64)) => format!("({})(({value}) * 0x9e3779b97f4a7c15ull)", prim.name()),
        Some(Prim::Bool) => format!("({value}) % 3u == 1u"),
        Some(prim) => format!("({})({value})", prim.name()),
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Add => "+",
        Op::Sub => "-",
        Op::Mul => "*",
        Op::And => "&",
        Op::Or => "|",
        Op::Xor => "^",
        Op::Shl => "<<",
        Op::Shr => ">>",
        Op::Lt => "<",
        Op::Eq => "==",
    }
}
