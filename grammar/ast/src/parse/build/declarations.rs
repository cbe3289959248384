//! Declarations from specifiers and declarators.

use super::*;
use crate::parse::Errors;
use crate::*;
use source::{Code, Span};
use std::sync::Arc;

pub(in crate::parse) struct InitDecl {
    declarator: Box<Declarator>,
    tail: DeclTail,
    span: Span,
}

/// What follows a declarator.
pub(in crate::parse) enum DeclTail {
    Nothing,
    Init(Box<Init>),
    Bits(Box<Expr>, Option<Box<Expr>>),
    Default,
    Delete,
}

impl InitDecl {
    pub(in crate::parse) fn new(declarator: Box<Declarator>, tail: DeclTail, lo: u32, hi: u32) -> Box<InitDecl> {
        Box::new(InitDecl { declarator, tail, span: Span::new(lo, hi) })
    }
}

pub(in crate::parse) fn decl(kind: DeclKind, lo: u32, hi: u32) -> Box<Decl> {
    Box::new(Decl { kind, span: Span::new(lo, hi) })
}

/// `specifiers declarator, declarator, ...`
pub(in crate::parse) fn declaration(
    specs: Box<SpecBuilder>,
    list: Vec<InitDecl>,
    lo: u32,
    hi: u32,
    errs: &mut Errors,
) -> Box<Decl> {
    let (specs, base) = specs.finish(errs);
    let bare = matches!(&list[..], [only] if only.declarator.is_empty() && matches!(only.tail, DeclTail::Nothing));
    let friend = specs.has(Spec::Friend);
    let kind = if bare {
        bare_declaration(specs, base)
    } else if specs.has(Spec::Typedef) {
        typedef(specs, base, list, errs)
    } else {
        declare_all(specs, base, list, errs)
    };
    let friend_type = matches!(kind, DeclKind::FriendType(_));
    let inner = decl(kind, lo, hi);
    if friend && !friend_type { decl(DeclKind::Friend(inner), lo, hi) } else { inner }
}

/// `struct S { .. };`, `struct S;`, `friend T;`
fn bare_declaration(specs: Specs, base: Type) -> DeclKind {
    if specs.has(Spec::Friend) {
        return DeclKind::FriendType(Box::new(base));
    }
    let plain = specs.set.is_empty() && specs.aligns.is_empty();
    match base.kind {
        TypeKind::Class(class) if plain => DeclKind::Class(class),
        TypeKind::Enum(enumeration) if plain => DeclKind::Enum(enumeration),
        TypeKind::Name(NamedType { name, key }) if plain && class_key(key).is_some() => {
            let key = class_key(key).unwrap_or(ClassKey::Struct);
            let class =
                Class { key, specs: Specs::default(), name: Some(name), bases: Vec::new(), members: None, span: base.span };
            DeclKind::Class(Arc::new(class))
        }
        kind => DeclKind::Vars(Box::new(Vars { specs, base: Type { kind, ..base }, vars: Vec::new() })),
    }
}

fn class_key(key: TypeNameKey) -> Option<ClassKey> {
    match key {
        TypeNameKey::Struct => Some(ClassKey::Struct),
        TypeNameKey::Class => Some(ClassKey::Class),
        TypeNameKey::Union => Some(ClassKey::Union),
        TypeNameKey::Plain | TypeNameKey::Typename | TypeNameKey::Enum => None,
    }
}

fn typedef(specs: Specs, base: Type, list: Vec<InitDecl>, errs: &mut Errors) -> DeclKind {
    let mut names = Vec::new();
    for InitDecl { declarator, span, .. } in list {
        let (name, ty) = declarator.apply(base.clone());
        match name {
            Some(name) => names.extend(simple_name(name, errs).map(|name| TypedefName { name, ty })),
            None => errs.push(Code::E0120, "expected a name for the type", span),
        }
    }
    DeclKind::Typedef(Box::new(Typedef { base, specs, names }))
}

fn declare_all(specs: Specs, base: Type, list: Vec<InitDecl>, errs: &mut Errors) -> DeclKind {
    let mut decls: Vec<Decl> = Vec::new();
    let mut vars: Vec<Var> = Vec::new();
    let count = list.len();
    for item in list {
        let span = item.span;
        if !item.declarator.binding.is_empty() {
            decls.push(Decl { kind: structured_binding(specs.clone(), base.clone(), item), span });
        } else if item.declarator.is_function() {
            decls.push(Decl { kind: prototype(specs.clone(), base.clone(), item, errs), span });
        } else {
            vars.push(variable(base.clone(), item, errs));
        }
    }
    if decls.is_empty() {
        return DeclKind::Vars(Box::new(Vars { specs, base, vars }));
    }
    if count == 1
        && let Some(only) = decls.pop()
    {
        return only.kind;
    }
    if !vars.is_empty() {
        let span = vars[0].span;
        decls.insert(0, Decl { kind: DeclKind::Vars(Box::new(Vars { specs, base, vars })), span });
    }
    DeclKind::Group(decls)
}

fn variable(base: Type, item: InitDecl, errs: &mut Errors) -> Var {
    let InitDecl { declarator, tail, span } = item;
    let (name, ty) = declarator.apply(base);
    let (bits, init) = match tail {
        DeclTail::Nothing => (None, None),
        DeclTail::Init(init) => (None, Some(*init)),
        DeclTail::Bits(bits, init) => (Some(*bits), init.map(|e| Init::Copy(*e))),
        DeclTail::Default | DeclTail::Delete => {
            errs.push(Code::E0122, "only a function can be defaulted or deleted", span);
            (None, None)
        }
    };
    if name.is_none() && bits.is_none() {
        errs.push(Code::E0120, "expected a name", span);
    }
    Var { name, ty, bits, init, span }
}

fn structured_binding(specs: Specs, base: Type, item: InitDecl) -> DeclKind {
    let init = match item.tail {
        DeclTail::Init(init) => Some(*init),
        _ => None,
    };
    let mut declarator = item.declarator;
    let names = std::mem::take(&mut declarator.binding);
    let (_, ty) = declarator.apply(base);
    DeclKind::Binding(Box::new(Binding { specs, ty, names, init }))
}

fn prototype(specs: Specs, base: Type, item: InitDecl, errs: &mut Errors) -> DeclKind {
    let body = match item.tail {
        DeclTail::Nothing => FunctionBody::None,
        DeclTail::Default => FunctionBody::Default,
        DeclTail::Delete => FunctionBody::Delete,
        DeclTail::Init(init) if is_zero(&init) => FunctionBody::Pure,
        DeclTail::Init(_) | DeclTail::Bits(..) => {
            errs.push(Code::E0122, "a function cannot have an initialiser", item.span);
            FunctionBody::None
        }
    };
    match make_function(specs, base, item.declarator, Vec::new(), body, item.span, errs) {
        Some(function) => DeclKind::Function(Box::new(function)),
        None => DeclKind::Error,
    }
}

fn is_zero(init: &Init) -> bool {
    matches!(init, Init::Copy(Expr { kind: ExprKind::Int(IntLit { value: 0, .. }), .. }))
}

pub(in crate::parse) fn member_init(name: Name, init: Box<Init>, pack: bool, lo: u32, hi: u32) -> Box<MemberInit> {
    Box::new(MemberInit { name, init: *init, pack, span: Span::new(lo, hi) })
}

/// A function with its body.
pub(in crate::parse) fn function(
    specs: Box<SpecBuilder>,
    declarator: Box<Declarator>,
    inits: Vec<MemberInit>,
    body: Block,
    lo: u32,
    hi: u32,
    errs: &mut Errors,
) -> Box<Decl> {
    let (specs, base) = specs.finish(errs);
    let friend = specs.has(Spec::Friend);
    let span = Span::new(lo, hi);
    let kind = match make_function(specs, base, declarator, inits, FunctionBody::Block(body), span, errs) {
        Some(function) => DeclKind::Function(Box::new(function)),
        None => DeclKind::Error,
    };
    let inner = decl(kind, lo, hi);
    if friend { decl(DeclKind::Friend(inner), lo, hi) } else { inner }
}

fn make_function(
    mut specs: Specs,
    base: Type,
    mut declarator: Box<Declarator>,
    inits: Vec<MemberInit>,
    body: FunctionBody,
    span: Span,
    errs: &mut Errors,
) -> Option<Function> {
    declarator.take_specs(&mut specs);
    let no_type = base.is_none();
    let (name, ty) = declarator.apply(base);
    let TypeKind::Function(ty) = ty.kind else {
        errs.push(Code::E0122, "a body needs a parameter list before it", span);
        return None;
    };
    let Some(name) = name else {
        errs.push(Code::E0120, "expected a function name", span);
        return None;
    };
    let kind = match &name.last().id {
        Id::Destructor(_) => FunctionKind::Destructor,
        Id::Conversion(_) => FunctionKind::Conversion,
        Id::Ident(_) if no_type && ty.trailing => FunctionKind::DeductionGuide,
        Id::Ident(_) if no_type => FunctionKind::Constructor,
        _ => FunctionKind::Ordinary,
    };
    Some(Function { specs, name, ty: *ty, kind, inits, body, span })
}

pub(in crate::parse) fn template(
    params: Vec<TemplateParam>,
    requires: Option<Box<Expr>>,
    inner: Box<Decl>,
    lo: u32,
    hi: u32,
) -> Box<Decl> {
    decl(DeclKind::Template(Box::new(Template { params, requires: requires.map(|e| *e), decl: *inner })), lo, hi)
}

pub(in crate::parse) fn template_param(
    kind: TemplateParamKind,
    name: Option<Ident>,
    pack: bool,
    default: Option<Box<TemplateArg>>,
    lo: u32,
    hi: u32,
) -> Box<TemplateParam> {
    Box::new(TemplateParam { kind, name, pack, default: default.map(|d| *d), span: Span::new(lo, hi) })
}

pub(in crate::parse) fn value_param(
    specs: Box<SpecBuilder>,
    mut declarator: Box<Declarator>,
    default: Option<Box<TemplateArg>>,
    lo: u32,
    hi: u32,
    errs: &mut Errors,
) -> Box<TemplateParam> {
    let (_, base) = specs.finish(errs);
    let pack = declarator.take_pack();
    let (name, ty) = declarator.apply(base);
    let name = name.and_then(|name| simple_name(name, errs));
    template_param(TemplateParamKind::Value(ty), name, pack, default, lo, hi)
}

pub(in crate::parse) fn static_assert(condition: Box<Expr>, message: Option<Box<Expr>>, lo: u32, hi: u32) -> Box<Decl> {
    let assert = StaticAssert { condition: *condition, message: message.map(|e| *e) };
    decl(DeclKind::StaticAssert(Box::new(assert)), lo, hi)
}

fn class_specs(attrs: Vec<SpecItem>, trailing: &[Spec]) -> Specs {
    let mut specs = Specs::default();
    for attr in attrs {
        match attr {
            SpecItem::Spec(spec) => specs.set.insert(spec),
            SpecItem::Align(align) => specs.aligns.push(*align),
            _ => {}
        }
    }
    trailing.iter().for_each(|&spec| specs.set.insert(spec));
    specs
}

pub(in crate::parse) fn class(
    key: ClassKey,
    attrs: Vec<SpecItem>,
    name: Option<(Name, Vec<Spec>)>,
    bases: Option<Vec<Base>>,
    members: Vec<Box<Decl>>,
    lo: u32,
    hi: u32,
) -> Box<Type> {
    let (name, trailing) = name.map_or((None, Vec::new()), |(name, specs)| (Some(name), specs));
    let class = Class {
        key,
        specs: class_specs(attrs, &trailing),
        name,
        bases: bases.unwrap_or_default(),
        members: Some(members.into_iter().map(|m| *m).collect()),
        span: Span::new(lo, hi),
    };
    ty(TypeKind::Class(Arc::new(class)), lo, hi)
}

pub(in crate::parse) fn base(words: Vec<Option<Access>>, ty: Box<Type>, pack: bool, lo: u32, hi: u32) -> Box<Base> {
    let access = words.iter().copied().flatten().next_back();
    let virtual_ = words.iter().any(Option::is_none);
    Box::new(Base { access, virtual_, ty: *ty, pack, span: Span::new(lo, hi) })
}

pub(in crate::parse) fn enumeration(
    scoped: bool,
    name: Option<Name>,
    underlying: Option<Box<SpecBuilder>>,
    items: Vec<Enumerator>,
    lo: u32,
    hi: u32,
    errs: &mut Errors,
) -> Box<Type> {
    ty(TypeKind::Enum(Arc::new(make_enum(scoped, name, underlying, Some(items), Span::new(lo, hi), errs))), lo, hi)
}

pub(in crate::parse) fn opaque_enum(
    scoped: bool,
    name: Name,
    underlying: Option<Box<SpecBuilder>>,
    lo: u32,
    hi: u32,
    errs: &mut Errors,
) -> Box<Decl> {
    decl(DeclKind::Enum(Arc::new(make_enum(scoped, Some(name), underlying, None, Span::new(lo, hi), errs))), lo, hi)
}

fn make_enum(
    scoped: bool,
    name: Option<Name>,
    underlying: Option<Box<SpecBuilder>>,
    items: Option<Vec<Enumerator>>,
    span: Span,
    errs: &mut Errors,
) -> Enum {
    let underlying = underlying.map(|specs| specs.finish(errs).1);
    Enum { scoped, name, underlying, items, span }
}

pub(in crate::parse) fn direct_init(args: Vec<Expr>, lo: u32, hi: u32) -> Box<Init> {
    Box::new(Init::Direct { args, span: Span::new(lo, hi) })
}

#[derive(Default)]
pub(in crate::parse) struct Scopes {
    global: bool,
    segments: Vec<Segment>,
}

impl Scopes {
    pub(in crate::parse) fn new(global: bool) -> Box<Scopes> {
        Box::new(Scopes { global, segments: Vec::new() })
    }

    pub(in crate::parse) fn and(mut self: Box<Self>, segment: Segment) -> Box<Scopes> {
        self.segments.push(segment);
        self
    }
}

pub(in crate::parse) fn segment(id: Id, args: Option<Vec<TemplateArg>>, lo: u32, hi: u32) -> Segment {
    Segment { id, args: args.map(|list| Box::new(TemplateArgs(list))), span: Span::new(lo, hi) }
}

pub(in crate::parse) fn name(scopes: Option<Box<Scopes>>, last: Segment, lo: u32, hi: u32) -> Name {
    let (global, segments) = match scopes.map(|scopes| *scopes) {
        Some(Scopes { global, segments }) if segments.is_empty() => (global, Segments::One(last)),
        Some(Scopes { global, mut segments }) => {
            segments.push(last);
            (global, Segments::Several(segments))
        }
        None => (false, Segments::One(last)),
    };
    Name { global, segments, span: Span::new(lo, hi) }
}

/// `A::B` of `A::B::*`.
pub(in crate::parse) fn scope_name(scopes: Box<Scopes>, lo: u32, hi: u32) -> Box<Name> {
    let Scopes { global, segments } = *scopes;
    Box::new(Name { global, segments: Segments::Several(segments), span: Span::new(lo, hi) })
}
