//! `--explain-lowering`: of each kernel, what the target computes itself and what is software there, and what that costs.

use crate::emit::legal;
use crate::pipeline::Compiled;
use crate::table;
use backends::shader::{Options, Program, soft_functions};
use ir::{Expr, FuncId, Function, Module, Scalar, Stmt, StmtKind};
use source::Diagnostic;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The types that some targets lack, as rows name them.
const TYPES: [(&str, &[Scalar]); 2] = [("64-bit integers", &[Scalar::I64, Scalar::U64]), ("double", &[Scalar::F64])];

/// One row for each such type that a kernel computes with, and one for its warp operations.
pub fn table(compiled: &Compiled, kernels: &[FuncId], options: &Options) -> Result<String, Vec<Diagnostic>> {
    let mut rows = vec![["kernel", "type", "operations", "native", "software", "cost"].map(String::from).to_vec()];
    for &kernel in kernels {
        let name = &compiled.module.functions[kernel].name;
        let program = legal(compiled, &[kernel], options)?;
        let soft = SoftCalls::of(&program.module, program.entries[0].kernel);
        for (title, scalars) in TYPES {
            let written = operations(&compiled.module, kernel, scalars);
            if written == 0 {
                continue;
            }
            let native = operations(&program.module, program.entries[0].kernel, scalars);
            let (calls, cost) = soft.of_type(scalars[0] == Scalar::F64);
            let nothing = || if native == 0 { "in 32 bits".to_string() } else { "-".into() };
            rows.push(vec![
                name.clone(),
                title.into(),
                written.to_string(),
                native.to_string(),
                if calls.is_empty() { nothing() } else { calls },
                if cost == 0 { "-".into() } else { format!("{cost} operations of 32 bits") },
            ]);
        }
        rows.extend(warp_row(compiled, kernel, &program));
        if rows.last().is_none_or(|row| row[0] != *name) {
            rows.push([name, "all", "-", "all", "-", "-"].map(String::from).to_vec());
        }
    }
    Ok(table::render(&rows))
}

/// Each operation costs a barrier where lanes meet in shared memory.
fn warp_row(compiled: &Compiled, kernel: FuncId, program: &Program) -> Option<Vec<String>> {
    let mut written = 0;
    for id in functions_of(&compiled.module, kernel) {
        let body = &compiled.module.functions[id].body;
        body.walk(&mut |stmt: &Stmt| written += usize::from(matches!(stmt.kind, StmtKind::Warp { .. })));
    }
    let (native, software, cost) = match program.uses_subgroups() {
        true => (written, "-", "-"),
        false => (0, "through shared memory", "a barrier each"),
    };
    let name = compiled.module.functions[kernel].name.clone();
    let row = [name, "warps".into(), written.to_string(), native.to_string(), software.into(), cost.into()];
    (written > 0).then(|| row.to_vec())
}

/// What a function's statements evaluate, each expression once.
fn reached(function: &Function) -> Vec<&Expr> {
    let mut pending = Vec::new();
    function.body.walk(&mut |stmt| stmt.kind.operands(|operand| pending.push(operand)));
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    while let Some(id) = pending.pop() {
        if seen.insert(id) {
            found.push(function.expr(id));
            function.expr(id).operands(|operand| pending.push(operand));
        }
    }
    found
}

/// The kernel and what it calls.
fn functions_of(module: &Module, kernel: FuncId) -> Vec<FuncId> {
    let mut found = vec![kernel];
    let mut next = 0;
    while let Some(&id) = found.get(next) {
        next += 1;
        for (callee, _) in module.functions[id].callees() {
            if !found.contains(&callee) {
                found.push(callee);
            }
        }
    }
    found
}

/// How many operations have an operand of one of the types.
fn operations(module: &Module, kernel: FuncId, scalars: &[Scalar]) -> usize {
    let mut count = 0;
    for id in functions_of(module, kernel) {
        let function = &module.functions[id];
        let is_one = |id: &ir::ExprId| module.tables.types.as_scalar(function.ty(*id)).is_some_and(|ty| scalars.contains(&ty));
        count += reached(function)
            .into_iter()
            .filter(|expr| match expr {
                Expr::Unary { value, .. } | Expr::Convert { value, .. } => is_one(value),
                Expr::Binary { a, .. } => is_one(a),
                Expr::Math { args, .. } => args.iter().any(is_one),
                _ => false,
            })
            .count();
    }
    count
}

/// Calls of the soft functions in a legal kernel, outside of these functions.
struct SoftCalls<'a> {
    module: &'a Module,
    calls: BTreeMap<FuncId, usize>,
}

impl<'a> SoftCalls<'a> {
    fn of(module: &'a Module, kernel: FuncId) -> SoftCalls<'a> {
        let soft: BTreeSet<&str> = soft_functions().collect();
        let mut calls = BTreeMap::new();
        for id in functions_of(module, kernel).into_iter().filter(|id| !soft.contains(module.functions[*id].name.as_str())) {
            for expr in reached(&module.functions[id]) {
                if let Expr::Call { function, .. } = expr {
                    *calls.entry(*function).or_default() += 1;
                }
            }
        }
        SoftCalls { module, calls }
    }

    /// The calls by name, and what they come to where each is inlined, as drivers do it.
    fn of_type(&self, double: bool) -> (String, usize) {
        let mut sizes = HashMap::new();
        let (mut names, mut cost) = (Vec::new(), 0);
        for (&function, count) in &self.calls {
            let name = &self.module.functions[function].name;
            if name.to_lowercase().contains("f64") == double {
                names.push(format!("{name} {count}"));
                cost += count * self.size(function, &mut sizes);
            }
        }
        names.sort();
        (names.join(", "), cost)
    }

    fn size(&self, id: FuncId, known: &mut HashMap<FuncId, usize>) -> usize {
        if let Some(size) = known.get(&id) {
            return *size;
        }
        let function = &self.module.functions[id];
        let is_operation = |expr: &&Expr| {
            matches!(
                expr,
                Expr::Unary { .. } | Expr::Binary { .. } | Expr::Logical { .. } | Expr::Select { .. } | Expr::Math { .. }
            )
        };
        let own = reached(function).iter().filter(|expr| is_operation(expr)).count();
        let called: usize = function.callees().into_iter().map(|(callee, _)| self.size(callee, known)).sum();
        known.insert(id, own + called);
        own + called
    }
}
