//! A program as a CUDA file with the header that `translate check` reads.

use super::{BLOCK, ELEMENTS, Expr, Function, GRID, Op, Program, Stmt, Ty, byte, input, short};
use std::fmt::{self, Display, Write};

impl Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: Vec<String>| values.join(" ");
        let inputs = list((0..ELEMENTS).map(|i| input(i).to_string()).collect());
        let bytes = list((0..ELEMENTS).map(|i| byte(i).to_string()).collect());
        let shorts = list((0..ELEMENTS).map(|i| short(i).to_string()).collect());
        let (out, counts) = self.run();
        writeln!(f, "// Random kernel {}.", self.seed)?;
        writeln!(f, "//# launch = {{ kernel = \"k\", grid = {GRID}, block = {BLOCK} }}")?;
        writeln!(
            f,
            "//# args = [{{ input = \"list u32 {inputs}\" }}, {{ bytes = \"list u8 {bytes}\" }}, {{ shorts = \"list i16 {shorts}\" }},"
        )?;
        writeln!(
            f,
            "//#   {{ pairs = \"list u32 {inputs}\" }}, {{ out = \"zeros u32 {ELEMENTS}\" }}, {{ counts = \"zeros u32 8\" }}, {{ n = {} }}]",
            self.n
        )?;
        writeln!(f, "//# expect = {{ out = {out:?}, counts = {counts:?} }}\n")?;
        writeln!(f, "struct Pair {{ unsigned lo; int hi; }};\n")?;
        writeln!(f, "__device__ void bump(unsigned* v, unsigned e) {{ *v = *v * 3 + e; }}\n")?;
        for (index, function) in self.functions.iter().enumerate() {
            print_function(f, index, function)?;
        }
        writeln!(
            f,
            "__global__ void k(const unsigned* input, const unsigned char* bytes, const short* shorts, const Pair* pairs,"
        )?;
        writeln!(f, "                  unsigned* out, unsigned* counts, unsigned n)\n{{")?;
        writeln!(f, "    __shared__ unsigned tile[{BLOCK}];")?;
        writeln!(f, "    unsigned local[4] = {{0, 0, 0, 0}};")?;
        for (index, ty) in self.vars.iter().enumerate() {
            writeln!(f, "    {} v{index} = 0;", name(*ty))?;
        }
        writeln!(f, "    tile[threadIdx.x] = 0;\n    __syncthreads();")?;
        print_block(f, &self.body, 1)?;
        writeln!(f, "}}")
    }
}

fn name(ty: Ty) -> &'static str {
    match ty {
        Ty::Int => "int",
        Ty::Uint => "unsigned",
        Ty::Bool => "bool",
    }
}

fn print_function(f: &mut fmt::Formatter<'_>, index: usize, function: &Function) -> fmt::Result {
    let params: Vec<String> = function.params.iter().enumerate().map(|(i, ty)| format!("{} p{i}", name(*ty))).collect();
    writeln!(f, "__device__ unsigned f{index}({})\n{{", params.join(", "))?;
    writeln!(f, "    if ({})\n        return {};", text(&function.condition), text(&function.early))?;
    writeln!(f, "    return {};\n}}\n", text(&function.result))
}

fn print_block(f: &mut fmt::Formatter<'_>, stmts: &[Stmt], level: usize) -> fmt::Result {
    stmts.iter().try_for_each(|stmt| print_stmt(f, stmt, level))
}

fn print_stmt(f: &mut fmt::Formatter<'_>, stmt: &Stmt, level: usize) -> fmt::Result {
    let pad = "    ".repeat(level);
    let mut block = |head: String, body: &[Stmt], tail: &str| {
        writeln!(f, "{pad}{head} {{")?;
        print_block(f, body, level + 1)?;
        writeln!(f, "{pad}}}{tail}")
    };
    match stmt {
        Stmt::Assign(var, value) => writeln!(f, "{pad}v{var} = {};", text(value)),
        Stmt::Compound(var, op, value) => match op {
            Op::Shl | Op::Shr => writeln!(f, "{pad}v{var} {}= ({}) & 31;", sign(*op), text(value)),
            _ => writeln!(f, "{pad}v{var} {}= {};", sign(*op), text(value)),
        },
        Stmt::StoreLocal(index, value) => writeln!(f, "{pad}local[({}) & 3] = {};", text(index), text(value)),
        Stmt::StoreOut(value) => writeln!(f, "{pad}out[blockIdx.x * blockDim.x + threadIdx.x] = {};", text(value)),
        Stmt::If(condition, accept, reject) if reject.is_empty() => block(format!("if ({})", text(condition)), accept, ""),
        Stmt::If(condition, accept, reject) => {
            block(format!("if ({})", text(condition)), accept, " else {")?;
            print_block(f, reject, level + 1)?;
            writeln!(f, "{pad}}}")
        }
        Stmt::For(var, count, body) | Stmt::UniformFor(var, count, body) => {
            block(format!("for (v{var} = 0; v{var} < (int)({}); v{var}++)", text(count)), body, "")
        }
        Stmt::DoWhile(var, condition, body) => {
            writeln!(f, "{pad}v{var} = 3;")?;
            writeln!(f, "{pad}do {{")?;
            print_block(f, body, level + 1)?;
            writeln!(f, "{pad}}} while (--v{var} > 0 && {});", text(condition))
        }
        Stmt::Switch(selector, cases) => {
            writeln!(f, "{pad}switch (({}) & 3) {{", text(selector))?;
            for (index, (body, falls_through)) in cases.iter().enumerate() {
                let label = if index + 1 == cases.len() { "default".to_string() } else { format!("case {index}") };
                writeln!(f, "{pad}{label}:")?;
                print_block(f, body, level + 1)?;
                if !falls_through {
                    writeln!(f, "{pad}    break;")?;
                }
            }
            writeln!(f, "{pad}}}")
        }
        Stmt::BreakIf(condition) | Stmt::UniformBreakIf(condition) => writeln!(f, "{pad}if ({}) break;", text(condition)),
        Stmt::ContinueIf(condition) => writeln!(f, "{pad}if ({}) continue;", text(condition)),
        Stmt::Bump(var, value) => writeln!(f, "{pad}bump(&v{var}, {});", text(value)),
        Stmt::AtomicAdd(index, value) => writeln!(f, "{pad}atomicAdd(&counts[({}) & 7], {});", text(index), text(value)),
        Stmt::WriteTile(value) => writeln!(f, "{pad}tile[threadIdx.x] = {};", text(value)),
        Stmt::Barrier => writeln!(f, "{pad}__syncthreads();"),
        Stmt::ReturnIf(condition) => writeln!(f, "{pad}if ({}) return;", text(condition)),
        Stmt::UniformIf(condition, body) => block(format!("if ({})", text(condition)), body, ""),
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Add => "+",
        Op::Sub => "-",
        Op::Mul => "*",
        Op::Div => "/",
        Op::Rem => "%",
        Op::And => "&",
        Op::Or => "|",
        Op::Xor => "^",
        Op::Shl => "<<",
        Op::Shr => ">>",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Eq => "==",
        Op::Ne => "!=",
        Op::LogicalAnd => "&&",
        Op::LogicalOr => "||",
    }
}

/// An expression, in parentheses unless it is a name.
fn text(expr: &Expr) -> String {
    let mut out = String::new();
    write_expr(&mut out, expr).expect("a string takes everything");
    out
}

fn write_expr(out: &mut String, expr: &Expr) -> fmt::Result {
    match expr {
        Expr::Literal(Ty::Uint, bits) => write!(out, "{bits}u"),
        Expr::Literal(_, bits) => write!(out, "{}", *bits as i32),
        Expr::Var(var) => write!(out, "v{var}"),
        Expr::Param(index) => write!(out, "p{index}"),
        Expr::ThreadIdx => write!(out, "threadIdx.x"),
        Expr::BlockIdx => write!(out, "blockIdx.x"),
        Expr::N => write!(out, "n"),
        Expr::In(index) => write!(out, "input[{} & 127]", text(index)),
        Expr::Bytes(index) => write!(out, "bytes[{} & 127]", text(index)),
        Expr::Shorts(index) => write!(out, "shorts[{} & 127]", text(index)),
        Expr::Pair(index, high) => write!(out, "pairs[{} & 63].{}", text(index), if *high { "hi" } else { "lo" }),
        Expr::Tile(index) => write!(out, "tile[{} & 31]", text(index)),
        Expr::Local(index) => write!(out, "local[{} & 3]", text(index)),
        Expr::Binary(op @ (Op::Div | Op::Rem), a, b) => write!(out, "({} {} ({} | 1u))", text(a), sign(*op), text(b)),
        Expr::Binary(op @ (Op::Shl | Op::Shr), a, b) => write!(out, "({} {} ({} & 31))", text(a), sign(*op), text(b)),
        Expr::Binary(op, a, b) => write!(out, "({} {} {})", text(a), sign(*op), text(b)),
        Expr::Not(a) => write!(out, "!{}", text(a)),
        Expr::Complement(a) => write!(out, "~{}", text(a)),
        Expr::Negate(a) => write!(out, "(0u - {})", text(a)),
        Expr::Select(condition, a, b) => write!(out, "({} ? {} : {})", text(condition), text(a), text(b)),
        Expr::Cast(ty, a) => write!(out, "({}){}", name(*ty), text(a)),
        Expr::Narrow(true, a) => write!(out, "(unsigned char){}", text(a)),
        Expr::Narrow(false, a) => write!(out, "(short){}", text(a)),
        Expr::Call(function, args) => {
            let args: Vec<String> = args.iter().map(text).collect();
            write!(out, "f{function}({})", args.join(", "))
        }
        Expr::Min(a, b) => write!(out, "min((unsigned){}, (unsigned){})", text(a), text(b)),
        Expr::Max(a, b) => write!(out, "max((int){}, (int){})", text(a), text(b)),
        Expr::Popc(a) => write!(out, "__popc({})", text(a)),
        Expr::Clz(a) => write!(out, "__clz({})", text(a)),
    }
}
