//! Declaration specifiers (R7) and attributes (R14).

use super::decide::is_cv;
use super::names::Want;
use super::{Classifier, Place};
use crate::token::Kind;
use ast::{ClassKey, Cv, Kw, Spec, Tok, Word};

/// What the specifiers of a declaration were.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Specifiers {
    pub typedef: bool,
    /// `auto` or `decltype(auto)`: a `[` behind it is a structured binding.
    pub auto: bool,
    /// A type was seen, or its absence was marked.
    pub typed: bool,
}

pub(super) fn cv_of(kw: Kw) -> Option<Cv> {
    use Kw::*;
    Some(match kw {
        Const | ConstGnu | ConstGnu2 => Cv::Const,
        Volatile | VolatileGnu | VolatileGnu2 => Cv::Volatile,
        Restrict | Restrict2 | Restrict3 => Cv::Restrict,
        _ => return None,
    })
}

pub(super) fn spec_of(kw: Kw) -> Option<Spec> {
    Some(match kw {
        Kw::Typedef => Spec::Typedef,
        Kw::Friend => Spec::Friend,
        Kw::Extern => Spec::Extern,
        Kw::Static => Spec::Static,
        Kw::Inline | Kw::InlineGnu | Kw::InlineGnu2 => Spec::Inline,
        Kw::Constexpr => Spec::Constexpr,
        Kw::Consteval => Spec::Consteval,
        Kw::Constinit => Spec::Constinit,
        Kw::ThreadLocal | Kw::ThreadLocalGnu => Spec::ThreadLocal,
        Kw::Register => Spec::Register,
        Kw::Mutable => Spec::Mutable,
        Kw::Virtual => Spec::Virtual,
        Kw::Explicit => Spec::Explicit,
        Kw::Global => Spec::Global,
        Kw::Device => Spec::Device,
        Kw::Host => Spec::Host,
        Kw::Shared => Spec::Shared,
        Kw::Constant => Spec::Constant,
        Kw::Managed => Spec::Managed,
        Kw::GridConstant => Spec::GridConstant,
        Kw::ForceInline | Kw::ForceInlineMs => Spec::ForceInline,
        Kw::NoInline => Spec::NoInline,
        _ => return None,
    })
}

pub(super) fn word_of(kw: Kw) -> Option<&'static [Word]> {
    Some(match kw {
        Kw::Void => &[Word::Void],
        Kw::Bool | Kw::BoolC => &[Word::Bool],
        Kw::Char => &[Word::Char],
        Kw::Short => &[Word::Short],
        Kw::Int => &[Word::Int],
        Kw::Long => &[Word::Long],
        Kw::Int64Ms => &[Word::Long, Word::Long],
        Kw::Signed | Kw::SignedGnu => &[Word::Signed],
        Kw::Unsigned => &[Word::Unsigned],
        Kw::Int128 | Kw::Int128T => &[Word::Int128],
        Kw::UInt128T => &[Word::Unsigned, Word::Int128],
        Kw::Wchar => &[Word::Wchar],
        Kw::Char8 => &[Word::Char8],
        Kw::Char16 => &[Word::Char16],
        Kw::Char32 => &[Word::Char32],
        Kw::Float => &[Word::Float],
        Kw::Double => &[Word::Double],
        Kw::Float128 => &[Word::Float128],
        Kw::Auto => &[Word::Auto],
        _ => return None,
    })
}

impl Classifier<'_> {
    /// R7: a name is taken as *the* type only while no type was seen; the next name is the declarator's.
    pub(super) fn specifiers(&mut self, end: usize, place: Place) -> Specifiers {
        let mut found = Specifiers::default();
        self.specs_at = self.out.len();
        while self.i < end {
            if self.is_attribute(self.i) {
                self.attribute();
                continue;
            }
            let Some(kw) = self.kw(self.i) else {
                if found.typed || !self.names_type(place, &mut found, end) {
                    break;
                }
                continue;
            };
            if let Some(words) = word_of(kw) {
                found.auto |= kw == Kw::Auto;
                found.typed = true;
                self.type_words(words);
            } else if let Some(cv) = cv_of(kw) {
                self.take(Tok::SpecCv(cv));
            } else if let Some(spec) = spec_of(kw) {
                found.typedef |= spec == Spec::Typedef;
                self.take(Tok::Spec(spec));
                // `explicit(condition)`
                if spec == Spec::Explicit && self.is(Kind::LParen) {
                    self.i = self.t.after(self.i);
                }
            } else if !self.other_specifier(kw, end, &mut found) {
                break;
            }
        }
        found
    }

    fn type_words(&mut self, words: &[Word]) {
        for (at, &word) in words.iter().enumerate() {
            if at + 1 < words.len() {
                self.mark(Tok::Word(word));
            } else {
                self.take(Tok::Word(word));
            }
        }
    }

    fn other_specifier(&mut self, kw: Kw, end: usize, found: &mut Specifiers) -> bool {
        match kw {
            Kw::Alignas | Kw::Align => self.alignment(),
            Kw::LaunchBounds => {
                self.take(Tok::LaunchBounds);
                self.group(Tok::LParen, true);
            }
            Kw::Typename if !found.typed => {
                found.typed = true;
                self.take(Tok::Typename);
                self.name(Want::Type, end);
            }
            Kw::Struct | Kw::Class | Kw::Union if !found.typed => {
                found.typed = true;
                self.class_specifier(kw, end);
            }
            Kw::Enum if !found.typed => {
                found.typed = true;
                self.enum_specifier(end);
            }
            Kw::Decltype | Kw::DecltypeGnu if !found.typed => {
                found.typed = true;
                if self.is_at(self.i + 1, Kind::LParen) && self.kw(self.i + 2) == Some(Kw::Auto) {
                    found.auto = true;
                    self.take_joined(Tok::DecltypeAuto, 4);
                } else {
                    self.decltype_name(end);
                }
            }
            Kw::Typeof | Kw::TypeofGnu | Kw::TypeofGnu2 if !found.typed => {
                found.typed = true;
                self.type_or_expr(Tok::TypeofType, Tok::TypeofExpr, false);
            }
            Kw::UnderlyingType if !found.typed => {
                found.typed = true;
                self.mark(Tok::Typename);
                self.take(Tok::Ttype(ast::Symbol::new("__underlying_type")));
                self.mark(Tok::TLt);
                let close = self.mate(self.i);
                self.i += 1;
                self.type_arg(close);
                self.i = close + 1;
                self.wrap(Tok::TGt);
            }
            Kw::Operator if !found.typed => {
                found.typed = true;
                self.mark(Tok::NoSpec);
                return false;
            }
            _ => return false,
        }
        true
    }

    /// `decltype(e)` as a type, or as the first scope of one.
    fn decltype_name(&mut self, end: usize) {
        let after = self.t.after(self.i + 1);
        let scope = self.is_at(after, Kind::ColCol);
        self.take(if scope { Tok::DecltypeScope } else { Tok::Decltype });
        self.group(Tok::LParen, false);
        if scope {
            self.take(Tok::ColCol);
            self.name(Want::Type, end);
        }
    }

    /// A name, a `::` or something else while no type was seen. Emits the type or `nospec`; false: not part of the specifiers.
    fn names_type(&mut self, place: Place, found: &mut Specifiers, end: usize) -> bool {
        let starts = self.name_at(self.i).is_some() || self.is(Kind::ColCol);
        if self.is(Kind::Tilde) && matches!(place, Place::Class | Place::Namespace) {
            found.typed = true;
            self.mark(Tok::NoSpec);
            return false;
        }
        if !starts {
            return false;
        }
        found.typed = true;
        if matches!(place, Place::Class | Place::Namespace) && self.declares_without_type(place, end) {
            self.mark(Tok::NoSpec);
            return false;
        }
        self.name(Want::Type, end);
        true
    }

    /// Constructors, destructors, conversions, deduction guides: the name that comes is no type.
    fn declares_without_type(&self, place: Place, end: usize) -> bool {
        let mut i = self.i;
        let mut previous = None;
        if self.is_at(i, Kind::ColCol) {
            i += 1;
        }
        loop {
            let Some(name) = self.name_at(i) else { return false };
            i += 1;
            if self.is_at(i, Kind::Lt) {
                let kind = self.kind_of(name, false);
                match self.template_end(i, kind, false, true) {
                    Some(close) if close < end => i = close + 1,
                    _ => {}
                }
            }
            if self.is_at(i, Kind::LParen) {
                let own_class = place == Place::Class && self.classes.last() == Some(&Some(name));
                let group = matches!(self.kind(i + 1), Some(Kind::Star | Kind::Amp | Kind::AndAnd))
                    && matches!(self.kind(self.mate(i) + 1), Some(Kind::LParen | Kind::LBracket));
                // `T (C::*p)(..)` and `T (name)(..)`
                let group = group || (!own_class && self.member_pointer_end(i + 1).is_some());
                return own_class || previous == Some(name) || !group;
            }
            if !self.is_at(i, Kind::ColCol) {
                return false;
            }
            i += 1;
            if self.kw(i) == Some(Kw::Template) {
                i += 1;
            }
            if self.is_at(i, Kind::Tilde) || self.kw(i) == Some(Kw::Operator) {
                // `A::operator T()`; `A operator+(..)` has its type before the name.
                return self.is_at(i, Kind::Tilde) || self.is_conversion_operator(i);
            }
            previous = Some(name);
        }
    }

    /// Behind `A::`: a conversion, or another operator whose type came before and is `A` only by mistake of the scan.
    fn is_conversion_operator(&self, at: usize) -> bool {
        match self.kind(at + 1) {
            Some(Kind::Ident) => !matches!(self.kw(at + 1), Some(Kw::New | Kw::Delete)),
            _ => true,
        }
    }

    // ---- Attributes ----

    /// `__attribute__((..))`, `__declspec(..)`, `[[..]]`: alignment, packing and inlining count.
    pub(super) fn attribute(&mut self) {
        let end = self.after_attribute(self.i);
        if self.is(Kind::LBracket) || !self.is_at(self.i + 1, Kind::LParen) {
            self.i = end;
            return;
        }
        let mut at = self.i + 2;
        while at < end {
            let token = &self.t.list[at];
            match token.as_str() {
                "aligned" | "__aligned__" | "align" if self.is_at(at + 1, Kind::LParen) => {
                    self.i = at;
                    self.alignment();
                    at = self.i;
                    continue;
                }
                "packed" | "__packed__" => self.emit_at(at, Tok::Spec(Spec::Packed)),
                "noinline" | "__noinline__" => self.emit_at(at, Tok::Spec(Spec::NoInline)),
                "always_inline" | "__always_inline__" => self.emit_at(at, Tok::Spec(Spec::ForceInline)),
                _ => {}
            }
            at += 1;
        }
        self.i = end;
    }

    fn emit_at(&mut self, at: usize, tok: Tok) {
        let span = self.span_at(at);
        self.out.push((span.lo, tok, span.hi));
    }

    /// `alignas(..)`, `__align__(..)`, `aligned(..)`.
    pub(super) fn alignment(&mut self) {
        self.take(Tok::Alignas);
        if !self.is(Kind::LParen) {
            return;
        }
        let close = self.mate(self.i);
        self.take(Tok::LParen);
        self.template_arg(close);
        self.pass_on(close);
        self.take(Tok::RParen);
    }

    /// `name(` type or expression `)`: emits the word by what the parentheses hold (R12).
    pub(super) fn type_or_expr(&mut self, of_type: Tok, of_expr: Tok, list: bool) {
        let open = self.i + 1;
        let close = self.mate(open);
        let scan = if self.is_at(open, Kind::LParen) { self.scan_type(open + 1, close) } else { None };
        let is_type = scan.is_some_and(|scan| scan.end == close && scan.certain());
        self.take(if is_type { of_type } else { of_expr });
        if is_type {
            self.take(Tok::LParen);
            self.type_id(close);
            self.take(Tok::RParen);
        } else {
            self.group(Tok::LParen, list);
        }
    }

    // ---- Classes and enums as specifiers ----

    /// `struct S`, `struct S { .. }`: definition or reference by look-ahead.
    fn class_specifier(&mut self, kw: Kw, end: usize) {
        let key = match kw {
            Kw::Struct => ClassKey::Struct,
            Kw::Class => ClassKey::Class,
            _ => ClassKey::Union,
        };
        if self.defines_class(end) {
            self.class_definition(key, end);
        } else {
            self.take(Tok::ClassRef(key));
            while self.i < end && (self.is_attribute(self.i) || matches!(self.kw(self.i), Some(Kw::Alignas | Kw::Align))) {
                self.i = self.after_attribute(self.i);
            }
            self.name(Want::Type, end);
        }
    }

    fn defines_class(&self, end: usize) -> bool {
        let mut i = self.i + 1;
        loop {
            if self.is_attribute(i) || matches!(self.kw(i), Some(Kw::Alignas | Kw::Align)) {
                i = self.after_attribute(i);
            } else if self.kw(i).is_some_and(|kw| spec_of(kw).is_some() || is_cv(kw)) {
                i += 1;
            } else {
                break;
            }
        }
        if let Some(name) = self.scan_name(i, true) {
            i = name.end;
        }
        if self.t.list.get(i).is_some_and(|t| t.as_str() == "final") {
            i += 1;
        }
        i < end && (self.is_at(i, Kind::LBrace) || (self.is_at(i, Kind::Colon) && self.find_flat(i, end, Kind::LBrace).is_some()))
    }

    fn enum_specifier(&mut self, end: usize) {
        let scoped = matches!(self.kw(self.i + 1), Some(Kw::Class | Kw::Struct));
        let mut i = self.i + 1 + usize::from(scoped);
        while self.is_attribute(i) {
            i = self.after_attribute(i);
        }
        if let Some(name) = self.scan_name(i, true) {
            i = name.end;
        }
        let brace = if self.is_at(i, Kind::Colon) { self.find_flat(i, end, Kind::LBrace) } else { Some(i) };
        let defined = brace.is_some_and(|brace| self.is_at(brace, Kind::LBrace));
        let opaque = !defined && (self.is_at(i, Kind::Colon) || (scoped && self.is_at(i, Kind::Semi)));
        let tok = if defined {
            Tok::EnumDef(scoped)
        } else if opaque {
            Tok::EnumOpaque(scoped)
        } else {
            Tok::EnumRef
        };
        self.take_joined(tok, 1 + usize::from(scoped));
        while self.is_attribute(self.i) {
            self.attribute();
        }
        if !defined && !opaque {
            self.name(Want::Type, end);
            return;
        }
        if self.name_at(self.i).is_some() {
            self.name(Want::Declared, end);
        }
        if self.is(Kind::Colon) {
            self.take(Tok::Colon);
            let stop = brace.filter(|_| defined).unwrap_or_else(|| self.find_flat(self.i, end, Kind::Semi).unwrap_or(end));
            let outer = self.specs_at;
            self.specifiers(stop, Place::Type);
            self.specs_at = outer;
            self.pass_on(stop);
        }
        if defined {
            self.enum_body();
        }
    }

    fn enum_body(&mut self) {
        let close = self.mate(self.i);
        self.take(Tok::LBrace);
        while self.i < close {
            self.skip_attributes(close);
            match self.name_at(self.i) {
                Some(name) => {
                    self.declare(name, crate::names::NameKind::Value);
                    self.take(Tok::Id(name));
                    self.skip_attributes(close);
                    if self.is(Kind::Eq) {
                        self.take(Tok::Assign);
                        self.expression(close, true);
                    }
                }
                None if self.i < close && self.is(Kind::Comma) => {}
                None if self.i < close => {
                    let tok = self.raw(self.i);
                    self.take(tok);
                }
                None => {}
            }
            if self.i < close && self.is(Kind::Comma) {
                self.take(Tok::Comma);
            }
        }
        self.take(Tok::RBrace);
    }
}
