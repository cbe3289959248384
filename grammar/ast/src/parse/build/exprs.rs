//! Expressions.

use super::*;
use crate::parse::Errors;
use crate::*;
use source::Span;

pub(in crate::parse) fn expr(kind: ExprKind, lo: u32, hi: u32) -> Box<Expr> {
    Box::new(Expr::new(kind, Span::new(lo, hi)))
}

/// Hangs `op rhs` into the right edge of `lhs` where its precedence belongs. The edge rises in precedence, so it is short.
pub(in crate::parse) fn binary(mut lhs: Box<Expr>, op: BinaryOp, rhs: Box<Expr>) -> Box<Expr> {
    let (lo, hi) = (lhs.span.lo, rhs.span.hi);
    match lhs.kind {
        ExprKind::Binary { op: outer, lhs: a, rhs: b } if outer.precedence() < op.precedence() => {
            lhs.kind = ExprKind::Binary { op: outer, lhs: a, rhs: binary(b, op, rhs) };
            lhs.span.hi = hi;
            lhs
        }
        _ => expr(ExprKind::Binary { op, lhs, rhs }, lo, hi),
    }
}

pub(in crate::parse) fn construct_named(name: Name, init: BraceInit, lo: u32, hi: u32) -> Box<Expr> {
    let span = name.span;
    let ty = named_type(name, TypeNameKey::Plain, span.lo, span.hi);
    expr(ExprKind::ConstructBraced { ty, init }, lo, hi)
}

pub(in crate::parse) fn new_expr(
    global: bool,
    placement: Option<Vec<Expr>>,
    specs: Box<SpecBuilder>,
    declarator: Box<Declarator>,
    init: Option<Box<Init>>,
    lo: u32,
    hi: u32,
    errs: &mut Errors,
) -> Box<Expr> {
    let ty = type_id(specs, declarator, errs);
    new_parenthesised(global, placement, ty, init, lo, hi)
}

pub(in crate::parse) fn new_parenthesised(
    global: bool,
    placement: Option<Vec<Expr>>,
    ty: Box<Type>,
    init: Option<Box<Init>>,
    lo: u32,
    hi: u32,
) -> Box<Expr> {
    let new = New { global, placement: placement.unwrap_or_default(), ty: *ty, init: init.map(|i| *i) };
    expr(ExprKind::New(Box::new(new)), lo, hi)
}

pub(in crate::parse) enum CaptureItem {
    Default(CaptureDefault),
    Capture(Capture),
}

pub(in crate::parse) fn capture(kind: CaptureKind, pack: bool, lo: u32, hi: u32) -> Box<CaptureItem> {
    Box::new(CaptureItem::Capture(Capture { kind, pack, span: Span::new(lo, hi) }))
}

pub(in crate::parse) type LambdaParams = (Params, Vec<FnSuffix>, Option<Box<Type>>);

pub(in crate::parse) fn lambda(
    items: Vec<CaptureItem>,
    template_params: Option<Vec<TemplateParam>>,
    before: Vec<FnSuffix>,
    params: Option<Box<LambdaParams>>,
    body: Block,
    lo: u32,
    hi: u32,
) -> Box<Expr> {
    let (mut default, mut captures) = (None, Vec::new());
    for item in items {
        match item {
            CaptureItem::Default(kind) => default = Some(kind),
            CaptureItem::Capture(capture) => captures.push(capture),
        }
    }
    let (params, after, trailing) =
        params.map_or_else(|| (Params { list: Vec::new(), variadic: false }, Vec::new(), None), |p| *p);
    let suffixes: Vec<FnSuffix> = before.into_iter().chain(after).collect();
    let mut specs = Specs { span: Span::new(lo, lo), ..Specs::default() };
    for suffix in &suffixes {
        if let FnSuffix::Spec(spec) = suffix {
            specs.set.insert(*spec);
        }
    }
    let result = Type::new(TypeKind::Auto, Span::new(lo, lo));
    let ty = function_type(result, params, suffixes, trailing);
    let template_params = template_params.unwrap_or_default();
    expr(ExprKind::Lambda(Box::new(Lambda { default, captures, template_params, specs, ty, body })), lo, hi)
}
