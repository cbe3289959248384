//! Declares a variable with its value where the statements behind the declaration fill it part by part.
//!
//! ```text
//! var v: [u32; 2] = zero           let %0 = x[i]
//! let %0 = x[i]                    let %1 = x[i + 1]
//! let %1 = x[i + 1]        =>      var v: [u32; 2] = [u32; 2](%0, %1)
//! v[0] = %0
//! v[1] = %1
//! ```
//!
//! Between the declaration and the last part stand only values and other declarations, which change nothing that a part is computed of.
//!
//! *Needs*: legal addresses. *Leaves*: fewer stores. Asked for by readers of the output.

use super::rewrite::Builder;
use ir::{Block, Expr, ExprId, Function, LocalId, Module, Stmt, StmtKind, Type, parts_of};

/// More of them are no line that anybody reads.
const MOST_PARTS: usize = 16;

pub(super) fn run(module: &mut Module) {
    let Module { tables, functions, .. } = module;
    for (_, function) in functions.iter_mut().filter(|(_, function)| !function.is_settled) {
        let mut body = std::mem::take(&mut function.body);
        fill(&mut Builder { tables, function }, &mut body);
        function.body = body;
    }
}

fn fill(builder: &mut Builder<'_>, block: &mut Block) {
    block.stmts.iter_mut().flat_map(|stmt| stmt.kind.blocks_mut()).for_each(|nested| fill(builder, nested));
    let mut index = 0;
    while index < block.stmts.len() {
        if let Some(filling) = filling(builder, &block.stmts[index..]) {
            declare_filled(builder, block, index, filling);
        } else {
            index += 1;
        }
    }
}

/// How a variable gets all of its value.
struct Filling {
    local: LocalId,
    /// The stores, by their distance from the declaration.
    stores: Vec<usize>,
    /// The values of its parts in their order, or of the whole.
    values: Vec<ExprId>,
    is_whole: bool,
}

fn filling(builder: &mut Builder<'_>, stmts: &[Stmt]) -> Option<Filling> {
    let StmtKind::Declare { local, init } = stmts.first()?.kind else { return None };
    if init.is_some_and(|init| !matches!(builder.function.expr(init), Expr::Zero(_) | Expr::Undef(_))) {
        return None;
    }
    let count = match builder.kind(builder.function.locals[local].ty) {
        Type::Scalar(_) | Type::Void | Type::Pointer { .. } => 0,
        _ => parts_of(&mut builder.tables.types, builder.function.locals[local].ty).ok()?.len(),
    };
    let mut parts: Vec<Option<ExprId>> = vec![None; if count <= MOST_PARTS { count } else { 0 }];
    let mut stores = Vec::new();
    for (distance, stmt) in stmts.iter().enumerate().skip(1) {
        let mut mentions = false;
        stmt.kind.operands(|operand| mentions |= is_mentioned(builder.function, local, operand));
        match stmt.kind {
            StmtKind::Let { .. } | StmtKind::Declare { .. } if !mentions => {}
            StmtKind::Store { pointer, value, volatile: false } if !is_mentioned(builder.function, local, value) => {
                let values = match part(builder, local, pointer)? {
                    Part::Whole if stores.is_empty() => vec![value],
                    Part::Whole => return None,
                    Part::At(index) => {
                        if parts.get_mut(index)?.replace(value).is_some() {
                            return None;
                        }
                        parts.iter().copied().collect::<Option<Vec<ExprId>>>().unwrap_or_default()
                    }
                };
                let is_whole = stores.is_empty() && matches!(part(builder, local, pointer), Some(Part::Whole));
                stores.push(distance);
                if !values.is_empty() {
                    return Some(Filling { local, stores, values, is_whole });
                }
            }
            _ => return None,
        }
    }
    None
}

enum Part {
    Whole,
    At(usize),
}

/// The part of the variable that an address means, if it is one of its fields, components or elements.
fn part(builder: &Builder<'_>, local: LocalId, address: ExprId) -> Option<Part> {
    let (base, index) = match *builder.function.expr(address) {
        Expr::LocalAddr(other) => return (other == local).then_some(Part::Whole),
        Expr::Field { base, index } => (base, index as usize),
        Expr::Element { base, index } => (base, usize::try_from(builder.const_value(index)?).ok()?),
        _ => return None,
    };
    (*builder.function.expr(base) == Expr::LocalAddr(local)).then_some(Part::At(index))
}

fn is_mentioned(function: &Function, local: LocalId, root: ExprId) -> bool {
    let mut found = false;
    function.walk_expr(root, &mut |id| match *function.expr(id) {
        Expr::LocalAddr(other) => found |= other == local,
        // It is read where it stands.
        Expr::Load { volatile, .. } => found |= volatile,
        _ => {}
    });
    found
}

fn declare_filled(builder: &mut Builder<'_>, block: &mut Block, index: usize, filling: Filling) {
    let Filling { local, stores, values, is_whole } = filling;
    let span = block.stmts[index].span;
    let value = match values[..] {
        [whole] if is_whole => whole,
        _ => {
            let ty = builder.function.locals[local].ty;
            builder.add(Expr::Construct { ty, parts: values }, span)
        }
    };
    if let Some(last) = stores.last() {
        block.stmts[index + last].kind = StmtKind::Declare { local, init: Some(value) };
    }
    for distance in stores.iter().rev().skip(1) {
        block.stmts.remove(index + distance);
    }
    block.stmts.remove(index);
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(before: &str, after: &str) {
        let text = |body: &str| {
            let pair = "struct Pair size 8 align 4 {\n  a: f32 @0\n  b: f32 @4\n}\n\nglobal x: [f32]\n\n";
            format!("{pair}kernel k(n: i32) {{\n{body}}}\n")
        };
        crate::shader::testing::becomes(super::run, &text(before), &text(after));
    }

    #[test]
    fn what_is_filled_at_once_is_declared_so() {
        let before = "  var v: [f32; 2] = zero<[f32; 2]>
  var p: Pair
  let a = x[n]
  v[1u32] = a
  v[0u32] = x[1]
  p.a = v[0u32]
  p.b = 1.0
  var q: Pair
  q = p
  x[0] = q.a
";
        let after = "  let a = x[n]
  var v: [f32; 2] = [f32; 2](x[1], a)
  var p: Pair = Pair(v[0u32], 1.0)
  var q: Pair = p
  x[0] = q.a
";
        check(before, after);
    }

    #[test]
    fn what_is_read_or_written_between_stays() {
        for between in ["  x[0] = 2.0\n", "  x[0] = v[0u32]\n", "  v[0u32] = 4.0\n", "  if n > 0 {\n    v[1u32] = 3.0\n  }\n"] {
            let body = format!("  var v: [f32; 2]\n  v[0u32] = x[0]\n{between}  v[1u32] = 1.0\n");
            check(&body, &body);
        }
        let itself = "  var v: [f32; 2]\n  v[0u32] = x[0]\n  v[1u32] = v[0u32]\n";
        check(itself, itself);
    }
}
