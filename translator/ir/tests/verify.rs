//! `verify/*.ir`: a line with `; error: text` must be refused with a message that has this text, and no other line must be.

use ir::text::parse;
use ir::{Expr, Module, Scalar, verify};
use source::Span;

fn line_of(text: &str, span: Span) -> usize {
    text[..(span.lo as usize).saturating_sub(1)].matches('\n').count()
}

#[test]
fn files() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verify");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let module = parse(&text).unwrap_or_else(|error| panic!("{}:{error}", path.display()));
        let mut found: Vec<(usize, String)> = verify(&module)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|error| (line_of(&text, error.span), error.to_string()))
            .collect();
        for (line, content) in text.lines().enumerate() {
            let Some((_, expected)) = content.split_once("; error: ") else { continue };
            let index = found.iter().position(|(at, message)| *at == line && message.contains(expected));
            let index = index.unwrap_or_else(|| panic!("{}:{}: no `{expected}` among {found:?}", path.display(), line + 1));
            found.remove(index);
        }
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}

/// A module whose kernel `k` returns nothing and has the parameter `x: i32`; `change` breaks it.
#[track_caller]
fn check_broken(change: impl FnOnce(&mut Module), expected: &str) {
    let mut module = parse("kernel k(x: i32) {\n  let y = x + 1\n  let z = -(x)\n}\n").unwrap();
    verify(&module).unwrap();
    change(&mut module);
    let errors = verify(&module).unwrap_err();
    assert!(errors.iter().any(|error| error.message.contains(expected)), "{errors:?}");
}

#[test]
fn expressions_have_the_type_of_their_operands() {
    let first = |module: &Module| module.functions.handles().next().unwrap();
    let find = |module: &Module, test: fn(&Expr) -> bool| {
        let function = &module.functions[first(module)];
        function.exprs.iter().find(|(_, data)| test(&data.expr)).unwrap().0
    };
    check_broken(
        |module| {
            let (func, sum) = (first(module), find(module, |expr| matches!(expr, Expr::Binary { .. })));
            let float = module.tables.types.scalar(Scalar::F32);
            module.functions[func].exprs[sum].ty = float;
        },
        "not what its operands give",
    );
    check_broken(
        |module| {
            let (func, one) = (first(module), find(module, |expr| matches!(expr, Expr::Const { .. })));
            let float = module.tables.types.scalar(Scalar::F32);
            module.functions[func].exprs[one].expr = Expr::Const { scalar: Scalar::F32, bits: 0 };
            module.functions[func].exprs[one].ty = float;
        },
        "`Add` of i32 and f32",
    );
    check_broken(
        |module| {
            let (func, sum) = (first(module), find(module, |expr| matches!(expr, Expr::Binary { .. })));
            if let Expr::Binary { a, .. } = &mut module.functions[func].exprs[sum].expr {
                *a = sum;
            }
        },
        "contains itself",
    );
    check_broken(
        |module| {
            let (func, negation) = (first(module), find(module, |expr| matches!(expr, Expr::Unary { .. })));
            if let Expr::Unary { op, .. } = &mut module.functions[func].exprs[negation].expr {
                *op = ir::UnaryOp::Not;
            }
        },
        "`Not` of a type that has none",
    );
    check_broken(
        |module| {
            let (func, sum) = (first(module), find(module, |expr| matches!(expr, Expr::Binary { .. })));
            module.functions[func].exprs[sum].expr = Expr::Param(7);
        },
        "there is no parameter 7",
    );
}
