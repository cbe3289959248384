//! Removes conversions between signed and unsigned that C++'s rules bring in and nobody would write.
//!
//! ```text
//! i32(u32(start) + threadIdx.x)    start + i32(threadIdx.x)
//! u32(i32(x))                      x                            x is u32
//! bin = i32(u32(bin) + blockDim.x) bin = bin + i32(blockDim.x)  which emitters write as +=
//! ```
//!
//! Sums, differences and products wrap, so they have the same bits in both signs; the rules are exact for every value.
//!
//! *Needs*: values of 32 and 64 bits only. *Leaves*: the legal form as it was. Asked for by readers of the output.

use super::rewrite::{Builder, rebuild_all};
use ir::{BinaryOp, Expr, ExprId, Module, Scalar};

pub(super) fn run(module: &mut Module) {
    let Module { tables, functions, .. } = module;
    for (_, function) in functions.iter_mut() {
        let mut builder = Builder { tables, function };
        rebuild_all(&mut builder, &mut simplified);
    }
}

fn simplified(builder: &mut Builder<'_>, old: ExprId, expr: &Expr) -> Option<ExprId> {
    let Expr::Convert { value, to } = *expr else { return None };
    if let Some(inner) = converted_from(builder, value, to) {
        return Some(inner);
    }
    let Expr::Binary { op: op @ (BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul), a, b } = builder.expr(value) else {
        return None;
    };
    let from = builder.scalar_of(value)?;
    let worth =
        same_size_ints(from, to) && (converted_from(builder, a, to).is_some() || converted_from(builder, b, to).is_some());
    if !worth {
        return None;
    }
    let span = builder.span(old);
    let (a, b) = (as_type(builder, a, to), as_type(builder, b, to));
    Some(builder.add(Expr::Binary { op, a, b }, span))
}

/// The operand of a conversion away from `to` that kept all bits.
fn converted_from(builder: &Builder<'_>, value: ExprId, to: Scalar) -> Option<ExprId> {
    let Expr::Convert { value: inner, to: between } = builder.expr(value) else { return None };
    (builder.scalar_of(inner) == Some(to) && same_size_ints(between, to)).then_some(inner)
}

fn same_size_ints(a: Scalar, b: Scalar) -> bool {
    a.is_int() && b.is_int() && a.size() == b.size() && a.size() >= 4
}

fn as_type(builder: &mut Builder<'_>, value: ExprId, to: Scalar) -> ExprId {
    match converted_from(builder, value, to) {
        Some(inner) => inner,
        None => {
            let span = builder.span(value);
            builder.convert(value, to, span)
        }
    }
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn check(before: &str, after: &str) {
        let mut module = ir::text::parse(before).unwrap_or_else(|error| panic!("{error}"));
        super::run(&mut module);
        assert_eq!(ir::text::print(&module).trim(), after.trim());
    }

    #[test]
    fn conversions_forth_and_back_vanish() {
        check(
            "\
global x: [f32]
kernel k() {
  var i: i32 = i32(threadIdx.x)
  i = i32(u32(i) + blockDim.x)
  let far = i32(u32(i) * 4u32 - threadIdx.x)
  let quotient = i32(u32(i) / 3u32)
  x[u32(i32(threadIdx.x))] = x[far + quotient]
}
",
            "\
global x: [f32]

kernel k() {
  var i: i32 = i32(threadIdx.x)
  i = i + i32(blockDim.x)
  let far = i32(u32(i) * 4u32 - threadIdx.x)
  let quotient = i32(u32(i) / 3u32)
  x[threadIdx.x] = x[far + quotient]
}
",
        );
    }
}
