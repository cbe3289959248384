//! Declarators, parameters and initialisers (R6, R8, R9).

use super::decide::is_cv;
use super::names::Want;
use super::types::{cv_of, spec_of};
use super::{Classifier, Place};
use crate::names::NameKind;
use crate::token::Kind;
use ast::{Kw, Spec, Symbol, Tok};

/// What a declarator declared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Declared {
    pub name: Option<Symbol>,
    /// A parameter list follows the name directly.
    pub function: bool,
}

impl Classifier<'_> {
    /// A declarator, named or abstract, with its array and function parts.
    pub(super) fn declarator(&mut self, end: usize, place: Place) -> Declared {
        let weight = self.weight;
        let declared = self.weighed_declarator(end, place);
        self.weight = weight;
        declared
    }

    fn weighed_declarator(&mut self, end: usize, place: Place) -> Declared {
        self.pointer_operators(end);
        let mut declared = self.direct_declarator(end, place);
        let named = declared.name.is_some();
        while self.i < end {
            if self.is(Kind::LBracket) && !self.is_attribute(self.i) {
                self.array_bound();
            } else if self.is(Kind::LParen) && self.is_parameter_list(self.i, place) {
                // In `int (&f(int))[3]` the function is inside, in `int (*f)(int)` there is none.
                let own = named && self.last_is_name();
                declared.function |= own;
                self.parameters(own);
                self.function_suffixes(end);
            } else if self.is_attribute(self.i) {
                self.late_attribute();
            } else {
                break;
            }
        }
        declared
    }

    /// Nothing but the name stands before the parameter list.
    fn last_is_name(&self) -> bool {
        matches!(self.out.last(), Some((_, Tok::Id(_) | Tok::TGt | Tok::OpName(_) | Tok::ConvEnd | Tok::Dtor(_), _)))
    }

    pub(super) fn array_bound(&mut self) {
        let close = self.mate(self.i);
        self.add_weight();
        self.take(Tok::ArrL);
        let outer = std::mem::take(&mut self.weight);
        self.expression(close, false);
        self.weight = outer;
        self.pass_on(close);
        self.take(Tok::RBracket);
    }

    /// `* const & && ... C::*`
    pub(super) fn pointer_operators(&mut self, end: usize) {
        while self.i < end && self.failure.is_none() {
            self.add_weight();
            match self.kind(self.i) {
                Some(Kind::Star) => self.take(Tok::PStar),
                Some(Kind::Amp) => self.take(Tok::PAmp),
                Some(Kind::AndAnd) => self.take(Tok::PAmpAmp),
                Some(Kind::Ellipsis) => self.take(Tok::Pack),
                Some(Kind::Ident) if self.kw(self.i).is_none() => match self.member_pointer_end(self.i) {
                    Some(stop) if stop <= end => self.member_pointer(stop),
                    _ => return,
                },
                Some(Kind::Ident) if self.is_attribute(self.i) => self.late_attribute(),
                Some(Kind::Ident) => {
                    let Some(kw) = self.kw(self.i) else { return };
                    match (cv_of(kw), spec_of(kw)) {
                        // Directly behind the specifiers a qualifier belongs to them.
                        (Some(cv), _) if self.behind_pointer() => self.take(Tok::PtrCv(cv)),
                        (Some(cv), _) => self.hoist(Tok::SpecCv(cv)),
                        // `T const & __device__ f()`
                        (None, Some(spec)) => self.hoist(Tok::Spec(spec)),
                        (None, None) => return,
                    }
                }
                _ => return,
            }
        }
    }

    fn behind_pointer(&self) -> bool {
        matches!(self.out.last(), Some((_, Tok::PStar | Tok::PAmp | Tok::PAmpAmp | Tok::PtrCv(_) | Tok::Pack, _)))
    }

    fn member_pointer(&mut self, stop: usize) {
        self.mark(Tok::MemPtr);
        while self.i < stop {
            if self.is(Kind::Star) {
                self.take(Tok::PStar);
                return;
            }
            let Some(name) = self.name_at(self.i) else { return };
            let kind = self.lookup(name);
            let close = if self.is_at(self.i + 1, Kind::Lt) { self.template_end(self.i + 1, kind, false, true) } else { None };
            match close {
                Some(close) => {
                    self.take(Tok::Qtmpl(name));
                    self.template_args(close);
                }
                None => self.take(Tok::Qual(name)),
            }
            if self.is(Kind::ColCol) {
                self.take(Tok::ColCol);
            }
        }
    }

    fn direct_declarator(&mut self, end: usize, place: Place) -> Declared {
        let mut declared = Declared::default();
        if self.i >= end {
            return declared;
        }
        match self.kind(self.i) {
            Some(Kind::LParen) if self.is_group(place) => {
                let close = self.mate(self.i);
                self.take(Tok::LParen);
                self.nested(close, |c| declared = c.declarator(close, place));
                self.pass_on(close);
                self.take(Tok::RParen);
            }
            Some(Kind::LBracket) if place == Place::Block && self.is_binding() => self.binding(),
            Some(Kind::Ident | Kind::ColCol | Kind::Tilde) if place != Place::Type => {
                let word = self.kw(self.i);
                if word.is_some() && word != Some(Kw::Operator) {
                    return declared;
                }
                declared.name = self.declared_symbol();
                let before = self.i;
                self.name(Want::Declared, end);
                if self.i == before {
                    declared.name = None;
                }
            }
            _ => {}
        }
        declared
    }

    /// The last component of the name that is declared; operators and destructors have the marker name.
    fn declared_symbol(&self) -> Option<Symbol> {
        let simple = self.name_at(self.i).filter(|_| !matches!(self.kind(self.i + 1), Some(Kind::ColCol | Kind::Lt)));
        if simple.is_some() {
            return simple;
        }
        match self.scan_name(self.i, true) {
            Some(name) => name.last,
            None => Some(Symbol::new("operator")),
        }
    }

    /// R8: a `(` where a declarator may stand is a group before `*`, `&`, `C::*`, or around a plain name.
    fn is_group(&self, place: Place) -> bool {
        let first = self.i + 1;
        match self.kind(first) {
            Some(Kind::Star | Kind::Amp | Kind::AndAnd | Kind::Caret) => true,
            Some(Kind::Ident) => {
                if self.member_pointer_end(first).is_some() {
                    return true;
                }
                let Some(name) = self.name_at(first) else { return false };
                place != Place::Type
                    && !self.lookup(name).is_some_and(NameKind::is_type)
                    && matches!(self.kind(first + 1), Some(Kind::RParen | Kind::LBracket | Kind::LParen))
                    && place != Place::Param
            }
            Some(Kind::LParen) => place != Place::Type,
            _ => false,
        }
    }

    fn is_binding(&self) -> bool {
        self.out.iter().rev().take(4).any(|t| matches!(t.1, Tok::Word(ast::Word::Auto)))
            && !self.is_at(self.i + 1, Kind::LBracket)
    }

    fn binding(&mut self) {
        let close = self.mate(self.i);
        self.take(Tok::BindL);
        while self.i < close {
            let tok = match self.name_at(self.i) {
                Some(name) => {
                    self.declare(name, NameKind::Value);
                    Tok::Id(name)
                }
                None => self.raw(self.i),
            };
            self.take(tok);
        }
        self.take(Tok::RBracket);
    }

    /// `( parameters )`; `keep`: they are the function's own, so its body sees them.
    pub(super) fn parameters(&mut self, keep: bool) {
        let close = self.mate(self.i);
        let mut names = Vec::new();
        self.take(Tok::ParamL);
        let outer = self.specs_at;
        self.nested(close, |c| {
            while c.i < close {
                let before = c.i;
                if c.is(Kind::Ellipsis) {
                    c.take(Tok::Ellipsis);
                } else {
                    names.extend(c.parameter(close));
                }
                if c.i < close && c.is(Kind::Comma) {
                    c.take(Tok::Comma);
                }
                if c.i == before {
                    let tok = c.raw(c.i);
                    c.take(tok);
                }
            }
        });
        self.specs_at = outer;
        self.i = close;
        self.take(Tok::RParen);
        if keep {
            self.params = names;
        }
    }

    pub(super) fn parameter(&mut self, close: usize) -> Option<Symbol> {
        self.specifiers(close, Place::Param);
        let declared = self.declarator(close, Place::Param);
        self.skip_attributes(close);
        if self.i < close && self.is(Kind::Eq) {
            self.take(Tok::Assign);
            self.initial_value(close);
        }
        declared.name
    }

    /// `const & noexcept override -> T` behind parameters.
    fn function_suffixes(&mut self, end: usize) {
        while self.i < end {
            match self.kind(self.i) {
                Some(Kind::Amp) => self.take(Tok::PAmp),
                Some(Kind::AndAnd) => self.take(Tok::PAmpAmp),
                Some(Kind::Arrow) => {
                    self.trailing_type(end);
                    return;
                }
                Some(Kind::Ident) => match self.kw(self.i) {
                    Some(Kw::Noexcept) => {
                        self.take(Tok::Noexcept);
                        if self.is(Kind::LParen) {
                            self.group(Tok::LParen, false);
                        }
                    }
                    // Dynamic exception specifications say nothing to a device.
                    Some(Kw::Throw) => self.i = self.t.after(self.i + 1),
                    Some(kw) if is_cv(kw) => {
                        if let Some(cv) = cv_of(kw) {
                            self.take(Tok::PtrCv(cv));
                        }
                    }
                    Some(kw) if spec_of(kw).is_some() => {
                        if let Some(spec) = spec_of(kw) {
                            self.take(Tok::Spec(spec));
                        }
                    }
                    Some(_) if self.is_attribute(self.i) => self.late_attribute(),
                    Some(Kw::LaunchBounds | Kw::Align | Kw::Alignas) => self.i = self.t.after(self.i + 1),
                    Some(Kw::Asm | Kw::AsmGnu | Kw::AsmGnu2) => self.i = self.t.after(self.i + 1),
                    Some(_) => return,
                    None => match self.t.list[self.i].as_str() {
                        "override" => self.take(Tok::Spec(Spec::Override)),
                        "final" => self.take(Tok::Spec(Spec::Final)),
                        _ => return,
                    },
                },
                Some(Kind::LBracket) if self.is_attribute(self.i) => self.late_attribute(),
                _ => return,
            }
        }
    }

    /// An attribute behind a declarator is dropped, but alignment counts: it moves to the specifiers.
    fn late_attribute(&mut self) {
        let before = self.out.len();
        self.attribute();
        let moved = self.out.split_off(before);
        let at = self.specs_at.min(self.out.len());
        self.out.splice(at..at, moved);
    }

    /// `-> T`: specifiers and pointer operators only.
    pub(super) fn trailing_type(&mut self, end: usize) {
        self.take(Tok::Trail);
        let outer = self.specs_at;
        self.specifiers(end, Place::Type);
        self.pointer_operators(end);
        self.specs_at = outer;
    }

    /// An initialiser behind `=`.
    pub(super) fn initial_value(&mut self, end: usize) {
        if self.is(Kind::LBrace) {
            self.braced_list();
        } else {
            let outer = std::mem::take(&mut self.weight);
            self.expression(end, true);
            self.weight = outer;
        }
    }

    /// `( a, b )` as an initialiser.
    pub(super) fn direct_initialiser(&mut self) {
        self.group(Tok::InitL, true);
    }
}
