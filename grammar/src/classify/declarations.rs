//! Declarations: templates, classes, functions, variables and the rest.

use super::names::Want;
use super::{Classifier, Place};
use crate::names::{NameKind, name_kind};
use crate::split::split_members;
use crate::token::Kind;
use ast::{Access, ClassKey, Kw, Spec, Tok};

impl Classifier<'_> {
    /// One declaration up to `end`, which lies behind its `;` or `}`.
    pub(super) fn declaration(&mut self, end: usize, place: Place) {
        let scope = self.open_scope();
        let names = self.declaration_in_scope(end, place);
        self.close_scope(scope);
        // What a block or class declares outlives the declaration's own scope (its template parameters).
        for (name, kind) in names {
            self.declare(name, kind);
        }
    }

    fn declaration_in_scope(&mut self, end: usize, place: Place) -> Vec<(ast::Symbol, NameKind)> {
        while self.kw(self.i) == Some(Kw::Extension) || (self.is_attribute(self.i) && self.is(Kind::LBracket)) {
            self.i = self.after_attribute(self.i);
        }
        match self.kw(self.i) {
            Some(Kw::Template) if self.is_at(self.i + 1, Kind::Lt) => return self.template(end, place),
            Some(Kw::Template) => {
                self.take(Tok::Template);
                return self.declaration_in_scope(end, place);
            }
            Some(Kw::Extern) if self.kw(self.i + 1) == Some(Kw::Template) => {
                self.take_joined(Tok::ExternTemplate, 2);
                return self.declaration_in_scope(end, place);
            }
            // `extern "C"` in front of one declaration says nothing here.
            Some(Kw::Extern) if self.is_at(self.i + 1, Kind::Str) => {
                self.i += 2;
                return self.declaration_in_scope(end, place);
            }
            Some(Kw::Using) => return self.using(end),
            Some(Kw::Namespace) => self.namespace_alias(end),
            Some(Kw::StaticAssert | Kw::StaticAssertC) => {
                self.take(Tok::StaticAssert);
                self.group(Tok::LParen, true);
            }
            Some(Kw::Asm | Kw::AsmGnu | Kw::AsmGnu2) => {
                self.take(Tok::Asm);
                self.group(Tok::LParen, true);
            }
            Some(kw @ (Kw::Public | Kw::Protected | Kw::Private)) if place == Place::Class => {
                self.take(Tok::Access(access_of(kw)));
                if self.is(Kind::Colon) {
                    self.take(Tok::Colon);
                }
                return Vec::new();
            }
            _ => return self.simple_declaration(end, place),
        }
        if self.i < end && self.is(Kind::Semi) {
            self.take(Tok::Semi);
        }
        Vec::new()
    }

    /// `template < parameters > requires .. declaration`
    fn template(&mut self, end: usize, place: Place) -> Vec<(ast::Symbol, NameKind)> {
        self.take(Tok::Template);
        if !self.template_parameters(end) {
            return Vec::new();
        }
        if self.kw(self.i) == Some(Kw::Requires) {
            self.requires_clause(end);
        }
        let mut names = Vec::new();
        self.nested(end, |c| names = c.declaration_in_scope(end, place));
        for (_, kind) in &mut names {
            *kind = if kind.is_type() { NameKind::ClassTemplate } else { NameKind::FunctionTemplate };
        }
        names
    }

    /// `< .. >`; false if it does not end.
    pub(super) fn template_parameters(&mut self, end: usize) -> bool {
        let Some(after) = self.t.after_angles(self.i, end) else { return false };
        let close = after - 1;
        self.take(Tok::TLt);
        while self.i < close {
            let before = self.i;
            self.template_parameter(close);
            if self.i < close && self.is(Kind::Comma) {
                self.take(Tok::Comma);
            }
            if self.i == before {
                let tok = self.raw(self.i);
                self.take(tok);
            }
        }
        self.i = close;
        self.take(Tok::TGt);
        true
    }

    fn template_parameter(&mut self, close: usize) {
        let key = matches!(self.kw(self.i), Some(Kw::Typename | Kw::Class))
            && match self.kind(self.i + 1) {
                Some(Kind::Ident) => {
                    self.kw(self.i + 1).is_none()
                        && (self.i + 2 >= close || matches!(self.kind(self.i + 2), Some(Kind::Comma | Kind::Eq | Kind::Gt)))
                }
                Some(Kind::Ellipsis | Kind::Comma | Kind::Eq | Kind::Gt) => true,
                _ => false,
            };
        if key {
            self.type_parameter(close, NameKind::Type);
        } else if self.kw(self.i) == Some(Kw::Template) {
            self.take(Tok::Template);
            let scope = self.open_scope();
            self.template_parameters(close);
            self.close_scope(scope);
            if matches!(self.kw(self.i), Some(Kw::Typename | Kw::Class)) {
                self.type_parameter(close, NameKind::ClassTemplate);
            }
        } else {
            self.value_parameter(close);
        }
    }

    /// `typename T = int`, at the key.
    fn type_parameter(&mut self, close: usize, kind: NameKind) {
        self.take(Tok::TpKey);
        if self.is(Kind::Ellipsis) {
            self.take(Tok::Pack);
        }
        if let Some(name) = self.name_at(self.i).filter(|_| self.i < close) {
            self.take(Tok::Id(name));
            self.declare(name, kind);
        }
        if self.i < close && self.is(Kind::Eq) {
            self.take(Tok::Assign);
            if kind == NameKind::Type {
                self.type_arg(close);
            } else {
                self.template_arg(close);
            }
        }
    }

    fn value_parameter(&mut self, close: usize) {
        self.specifiers(close, Place::Param);
        let declared = self.declarator(close, Place::Param);
        if let Some(name) = declared.name {
            self.declare(name, NameKind::Value);
        }
        if self.i < close && self.is(Kind::Eq) {
            self.take(Tok::Assign);
            self.template_arg(close);
        }
    }

    /// `requires A<T> && (N > 0)`: primaries joined by `&&` and `||`.
    fn requires_clause(&mut self, end: usize) {
        self.take(Tok::Requires);
        loop {
            let stop = if self.is(Kind::LParen) {
                self.t.after(self.i)
            } else {
                match self.scan_name(self.i, true) {
                    Some(name) => name.end,
                    None => break,
                }
            };
            self.expression(stop.min(end), false);
            match self.kind(self.i) {
                Some(Kind::AndAnd) => self.take(Tok::BinOp(ast::BinaryOp::And)),
                Some(Kind::OrOr) => self.take(Tok::BinOp(ast::BinaryOp::Or)),
                _ => break,
            }
        }
        self.wrap(Tok::RequiresEnd);
    }

    /// `using namespace n;`, `using A = T;`, `using typename B::T;`
    fn using(&mut self, end: usize) -> Vec<(ast::Symbol, NameKind)> {
        let stop = self.find_flat(self.i, end, Kind::Semi).unwrap_or(end);
        let mut declared = Vec::new();
        if self.kw(self.i + 1) == Some(Kw::Namespace) {
            self.take_joined(Tok::UsingNamespace, 2);
            self.name(Want::Declared, stop);
        } else if self.kw(self.i + 1) == Some(Kw::Enum) {
            self.take_joined(Tok::UsingEnum, 2);
            self.name(Want::Declared, stop);
        } else if let Some(assign) = self.find_flat(self.i, stop, Kind::Eq) {
            self.take(Tok::UsingAlias);
            if let Some(name) = self.name_at(self.i) {
                declared.push((name, NameKind::Type));
                self.take(Tok::Id(name));
            }
            self.i = assign.max(self.i);
            self.take(Tok::Assign);
            self.type_id(stop);
        } else {
            self.take(Tok::Using);
            if self.kw(self.i) == Some(Kw::Typename) {
                self.i += 1;
            }
            if let Some(name) = (self.i..stop).rev().find_map(|at| self.name_at(at)) {
                let kind = self.kind_of(name, true).unwrap_or(NameKind::Value);
                declared.push((name, kind));
            }
            self.name(Want::Declared, stop);
            if self.is(Kind::Ellipsis) {
                self.take(Tok::Expand);
            }
        }
        self.pass_on(end);
        declared
    }

    fn namespace_alias(&mut self, end: usize) {
        self.take(Tok::NamespaceAlias);
        if let Some(name) = self.name_at(self.i) {
            self.take(Tok::Id(name));
        }
        if self.is(Kind::Eq) {
            self.take(Tok::Assign);
            self.name(Want::Declared, end);
        }
    }

    /// Specifiers and declarators, possibly with a body. Returns the names declared.
    pub(super) fn simple_declaration(&mut self, end: usize, place: Place) -> Vec<(ast::Symbol, NameKind)> {
        let mut names = Vec::new();
        if self.is(Kind::Semi) {
            self.take(Tok::Semi);
            return names;
        }
        let specs = self.specifiers(end, place);
        let specs_at = self.specs_at;
        loop {
            let before = self.i;
            self.specs_at = specs_at;
            let declared = self.declarator(end, place);
            let mut kind = if specs.typedef { NameKind::Type } else { NameKind::Value };
            if let Some(name) = declared.name {
                // A function template is one inside its own body too.
                if declared.function && self.lookup(name) == Some(NameKind::FunctionTemplate) {
                    kind = NameKind::FunctionTemplate;
                }
                names.push((name, kind));
                // Its own initialiser sees it: `T x = sizeof(x)`.
                self.declare(name, kind);
            }
            if self.i < end && self.is(Kind::LBrace) && declared.function {
                self.function_body(end);
                return names;
            }
            if self.i < end && self.is(Kind::Colon) && declared.function && place != Place::Block {
                self.constructor_initialisers(end);
                self.function_body(end);
                return names;
            }
            self.initialiser(end, place);
            match self.kind(self.i) {
                Some(Kind::Comma) if self.i < end => self.take(Tok::Comma),
                Some(Kind::Semi) if self.i < end => {
                    self.take(Tok::Semi);
                    return names;
                }
                _ if self.i >= end => return names,
                // A surprise: hand the rest of the declaration on, so that the message names it.
                _ => {
                    let stop = self.find_flat(self.i, end, Kind::Semi).map_or(end, |semi| semi + 1);
                    self.pass_on(if self.i == before { stop.max(self.i + 1) } else { stop });
                    return names;
                }
            }
        }
    }

    /// What may follow a declarator before `,` or `;`.
    fn initialiser(&mut self, end: usize, place: Place) {
        if matches!(self.kw(self.i), Some(Kw::Asm | Kw::AsmGnu | Kw::AsmGnu2)) {
            self.i = self.t.after(self.i + 1);
        }
        self.skip_attributes(end);
        if self.i >= end {
            return;
        }
        if self.is(Kind::Colon) && place == Place::Class {
            self.take(Tok::BitColon);
            self.expression_until(end, &[Kind::Comma, Kind::Semi, Kind::Eq]);
        }
        match self.kind(self.i) {
            Some(Kind::Eq) => {
                self.take(Tok::Assign);
                match self.kw(self.i) {
                    Some(Kw::Default) => self.take(Tok::Defaulted),
                    Some(Kw::Delete) if self.is_at(self.i + 1, Kind::Semi) => self.take(Tok::Deleted),
                    _ => {
                        let stop = self.find_flat(self.i, end, Kind::Semi).unwrap_or(end);
                        self.initial_value(stop);
                    }
                }
            }
            Some(Kind::LParen) => self.direct_initialiser(),
            Some(Kind::LBrace) => self.braced_list(),
            _ => {}
        }
    }

    /// `: a(1), B<T>{x} ...`
    fn constructor_initialisers(&mut self, end: usize) {
        self.take(Tok::CtorColon);
        while self.i < end && !self.is(Kind::LBrace) {
            let before = self.i;
            self.name(Want::Declared, end);
            match self.kind(self.i) {
                Some(Kind::LParen) => self.direct_initialiser(),
                Some(Kind::LBrace) if self.i > before => self.braced_list(),
                _ => {}
            }
            if self.is(Kind::Ellipsis) {
                self.take(Tok::Expand);
            }
            if self.is(Kind::Comma) {
                self.take(Tok::Comma);
            }
            if self.i == before {
                let tok = self.raw(self.i);
                self.take(tok);
            }
        }
    }

    /// The body of a function, which sees its parameters.
    fn function_body(&mut self, end: usize) {
        if self.i >= end || !self.is(Kind::LBrace) {
            return;
        }
        let scope = self.open_scope();
        for name in std::mem::take(&mut self.params) {
            self.declare(name, NameKind::Value);
        }
        self.block();
        self.close_scope(scope);
    }

    // ---- Classes ----

    /// `struct alignas(8) S final : B { .. }`, at the key.
    pub(super) fn class_definition(&mut self, key: ClassKey, end: usize) {
        self.take(Tok::ClassDef(key));
        loop {
            if self.is_attribute(self.i) {
                self.attribute();
            } else if matches!(self.kw(self.i), Some(Kw::Alignas | Kw::Align)) {
                self.alignment();
            } else if self.kw(self.i).and_then(super::types::spec_of).is_some() {
                // `struct __device__ S` means nothing.
                self.i += 1;
            } else {
                break;
            }
        }
        let name = self.scan_name(self.i, true).and_then(|name| name.last);
        if name.is_some() {
            self.name(Want::Declared, end);
        }
        if self.t.list.get(self.i).is_some_and(|t| t.as_str() == "final") {
            self.take(Tok::Spec(Spec::Final));
        }
        if self.is(Kind::Colon) {
            self.bases(end);
        }
        if self.is(Kind::LBrace) {
            self.classes.push(name);
            self.class_body(name);
            self.classes.pop();
        }
        let brace = self.i.checked_sub(1).filter(|&at| self.is_at(at, Kind::RBrace));
        if brace.is_some() && self.is_attribute(self.i) {
            // `} __attribute__((packed))`: belongs to the class, but only the head has a place for it.
            let before = self.out.len();
            self.attribute();
            self.move_to_class_head(before);
        }
        if let Some(name) = name {
            self.declare(name, NameKind::Type);
        }
    }

    fn move_to_class_head(&mut self, from: usize) {
        let moved = self.out.split_off(from);
        let head = self.out.iter().position(|t| matches!(t.1, Tok::ClassDef(_)));
        if let Some(head) = head {
            self.out.splice(head + 1..head + 1, moved);
        }
    }

    fn bases(&mut self, end: usize) {
        self.take(Tok::Colon);
        while self.i < end && !self.is(Kind::LBrace) {
            let before = self.i;
            match self.kw(self.i) {
                Some(kw @ (Kw::Public | Kw::Protected | Kw::Private)) => self.take(Tok::Access(access_of(kw))),
                Some(Kw::Virtual) => self.take(Tok::Spec(Spec::Virtual)),
                Some(Kw::Typename) => self.take(Tok::Typename),
                Some(Kw::Decltype) => {
                    self.take(Tok::Decltype);
                    self.group(Tok::LParen, false);
                }
                _ => match self.kind(self.i) {
                    Some(Kind::Comma) => self.take(Tok::Comma),
                    Some(Kind::Ellipsis) => self.take(Tok::Expand),
                    _ => self.name(Want::Type, end),
                },
            }
            if self.i == before {
                let tok = self.raw(self.i);
                self.take(tok);
            }
        }
    }

    /// Members see one another, so their names are gathered first.
    fn class_body(&mut self, name: Option<ast::Symbol>) {
        let close = self.mate(self.i);
        let members = split_members(self.t, self.i + 1, close);
        self.take(Tok::LBrace);
        let scope = self.open_scope();
        if let Some(name) = name
            && !self.lookup(name).is_some_and(NameKind::is_type)
        {
            self.declare(name, NameKind::Type);
        }
        for member in &members {
            if let Some(kind) = name_kind(member) {
                for &member_name in member.names.iter().filter(|&&n| Some(n) != name) {
                    self.declare(member_name, kind);
                }
            }
            member.values.iter().for_each(|&value| self.declare(value, NameKind::Value));
        }
        self.nested(close, |c| {
            while c.i < close {
                let before = c.i;
                if c.is(Kind::Pragma) {
                    c.skip_pragma(close);
                    continue;
                }
                let stop = members.iter().find(|m| m.lo <= c.i && c.i < m.hi).map_or(c.i + 1, |m| m.hi);
                let inner = c.open_scope();
                c.declaration(stop.min(close), Place::Class);
                c.pass_on(stop.min(close));
                c.close_scope(inner);
                if c.i == before {
                    let tok = c.raw(c.i);
                    c.take(tok);
                }
            }
        });
        self.close_scope(scope);
        self.i = close;
        self.take(Tok::RBrace);
    }

    /// A pragma where no loop follows says nothing.
    pub(super) fn skip_pragma(&mut self, end: usize) {
        self.i = (self.i..end).find(|&at| self.is_at(at, Kind::PragmaEnd)).map_or(end, |at| at + 1);
    }
}

fn access_of(kw: Kw) -> Access {
    match kw {
        Kw::Public => Access::Public,
        Kw::Protected => Access::Protected,
        _ => Access::Private,
    }
}
