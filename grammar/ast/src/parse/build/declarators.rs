//! Turns declarators inside out: `*(*p[3])(int)` is kept as steps from the name outwards and applied to the base type.

use super::{SpecBuilder, add_qualifier};
use crate::parse::Errors;
use crate::*;
use source::{Code, Span};

#[derive(Default)]
pub(in crate::parse) struct Declarator {
    pub(super) name: Option<Name>,
    /// `[a, b]` of a structured binding.
    pub(super) binding: Vec<Ident>,
    /// The step nearest to the name first.
    pub(super) steps: Vec<Step>,
}

pub(super) enum Step {
    Pointer(PtrOp),
    Array(Option<Box<Expr>>),
    Function(Box<FunctionStep>),
}

pub(super) struct FunctionStep {
    params: Params,
    suffixes: Vec<FnSuffix>,
    trailing: Option<Box<Type>>,
}

pub(in crate::parse) struct PtrOp {
    pub kind: PtrKind,
    pub quals: Quals,
    pub span: Span,
}

pub(in crate::parse) enum PtrKind {
    Star,
    Amp,
    AmpAmp,
    /// `...` before a parameter's name.
    Pack,
    Member(Box<Name>),
}

pub(in crate::parse) enum FnSuffix {
    Cv(Cv),
    Ref(RefQual),
    Spec(Spec),
    Noexcept(Noexcept),
}

pub(in crate::parse) struct Params {
    pub list: Vec<Param>,
    pub variadic: bool,
}

impl Declarator {
    pub(in crate::parse) fn empty() -> Box<Declarator> {
        Box::default()
    }

    pub(in crate::parse) fn named(name: Name) -> Box<Declarator> {
        Box::new(Declarator { name: Some(name), ..Declarator::default() })
    }

    pub(in crate::parse) fn binding(names: Vec<Ident>) -> Box<Declarator> {
        Box::new(Declarator { binding: names, ..Declarator::default() })
    }

    /// The last pointer operator is the nearest to the name.
    pub(in crate::parse) fn pointers(mut self: Box<Self>, ops: Vec<PtrOp>) -> Box<Declarator> {
        self.steps.extend(ops.into_iter().rev().map(Step::Pointer));
        self
    }

    pub(in crate::parse) fn array(mut self: Box<Self>, size: Option<Box<Expr>>) -> Box<Declarator> {
        self.steps.push(Step::Array(size));
        self
    }

    pub(in crate::parse) fn function(
        mut self: Box<Self>,
        params: Params,
        suffixes: Vec<FnSuffix>,
        trailing: Option<Box<Type>>,
    ) -> Box<Declarator> {
        self.steps.push(Step::Function(Box::new(FunctionStep { params, suffixes, trailing })));
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.name.is_none() && self.binding.is_empty() && self.steps.is_empty()
    }

    pub(super) fn is_function(&self) -> bool {
        matches!(self.steps.first(), Some(Step::Function(_)))
    }

    /// Takes `...` out of the steps.
    pub(super) fn take_pack(&mut self) -> bool {
        let before = self.steps.len();
        self.steps.retain(|step| !matches!(step, Step::Pointer(PtrOp { kind: PtrKind::Pack, .. })));
        self.steps.len() != before
    }

    /// `override`, `final`, `__device__` behind the parameters belong to the declaration.
    pub(super) fn take_specs(&mut self, specs: &mut Specs) {
        if let Some(Step::Function(step)) = self.steps.first_mut() {
            step.suffixes.retain(|suffix| match suffix {
                FnSuffix::Spec(spec) => {
                    specs.set.insert(*spec);
                    false
                }
                _ => true,
            });
        }
    }

    /// The type that the declarator makes of the type before it.
    pub(super) fn apply(self, base: Type) -> (Option<Name>, Type) {
        let ty = self.steps.into_iter().rev().fold(base, |ty, step| step.apply(ty));
        (self.name, ty)
    }
}

impl Step {
    fn apply(self, inner: Type) -> Type {
        let base = inner.span;
        match self {
            Step::Pointer(op) => {
                let inner = Box::new(inner);
                let kind = match op.kind {
                    PtrKind::Star => TypeKind::Pointer(inner),
                    PtrKind::Amp => TypeKind::LvalueRef(inner),
                    PtrKind::AmpAmp => TypeKind::RvalueRef(inner),
                    PtrKind::Pack => return *inner,
                    PtrKind::Member(class) => TypeKind::MemberPointer { class: *class, pointee: inner },
                };
                Type { kind, quals: op.quals, span: Span::new(base.lo, op.span.hi) }
            }
            Step::Array(size) => Type::new(TypeKind::Array { element: Box::new(inner), size }, base),
            Step::Function(step) => {
                Type::new(TypeKind::Function(Box::new(function_type(inner, step.params, step.suffixes, step.trailing))), base)
            }
        }
    }
}

pub(super) fn function_type(result: Type, params: Params, suffixes: Vec<FnSuffix>, trailing: Option<Box<Type>>) -> FunctionType {
    let mut ty = FunctionType {
        trailing: trailing.is_some(),
        result: trailing.map_or(result, |ty| *ty),
        params: params.list,
        variadic: params.variadic,
        quals: Quals::NONE,
        ref_qual: RefQual::None,
        noexcept: Noexcept::No,
    };
    // `f(void)` has no parameters, C++ [dcl.fct].
    if let [only] = &ty.params[..]
        && only.name.is_none()
        && only.ty.kind == TypeKind::Builtin(Builtin::Void)
    {
        ty.params.clear();
    }
    for suffix in suffixes {
        match suffix {
            FnSuffix::Cv(cv) => add_qualifier(&mut ty.quals, cv),
            FnSuffix::Ref(kind) => ty.ref_qual = kind,
            FnSuffix::Noexcept(kind) => ty.noexcept = kind,
            FnSuffix::Spec(_) => {}
        }
    }
    ty
}

pub(in crate::parse) fn type_id(specs: Box<SpecBuilder>, declarator: Box<Declarator>, errs: &mut Errors) -> Box<Type> {
    let (_, base) = specs.finish(errs);
    Box::new(declarator.apply(base).1)
}

/// A type without array or function parts: trailing return types and conversion operators.
pub(in crate::parse) fn simple_type_id(specs: Box<SpecBuilder>, ops: Vec<PtrOp>, errs: &mut Errors) -> Box<Type> {
    type_id(specs, Declarator::empty().pointers(ops), errs)
}

pub(in crate::parse) fn type_arg(
    specs: Box<SpecBuilder>,
    mut declarator: Box<Declarator>,
    lo: u32,
    hi: u32,
    errs: &mut Errors,
) -> Box<TemplateArg> {
    let pack = declarator.take_pack();
    let kind = TemplateArgKind::Type(*type_id(specs, declarator, errs));
    Box::new(TemplateArg { kind, pack, span: Span::new(lo, hi) })
}

pub(in crate::parse) fn value_arg(expr: Box<Expr>, pack: bool, lo: u32, hi: u32) -> Box<TemplateArg> {
    let kind = match expr.kind {
        ExprKind::Name(name) => TemplateArgKind::Name(name),
        _ => TemplateArgKind::Expr(*expr),
    };
    Box::new(TemplateArg { kind, pack, span: Span::new(lo, hi) })
}

pub(in crate::parse) fn param(
    specs: Box<SpecBuilder>,
    mut declarator: Box<Declarator>,
    default: Option<Box<Expr>>,
    lo: u32,
    hi: u32,
    errs: &mut Errors,
) -> Box<Param> {
    let (specs, base) = specs.finish(errs);
    let pack = declarator.take_pack();
    let (name, ty) = declarator.apply(base);
    let name = name.and_then(|name| simple_name(name, errs));
    Box::new(Param { specs, name, ty, default: default.map(|e| *e), pack, span: Span::new(lo, hi) })
}

/// Where only an identifier may be declared.
pub(super) fn simple_name(name: Name, errs: &mut Errors) -> Option<Ident> {
    match name.as_ident() {
        Some(symbol) => Some(Ident { name: symbol, span: name.span }),
        None => {
            errs.push(Code::E0120, "expected a plain name", name.span);
            None
        }
    }
}
