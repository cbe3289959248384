//! Decisions on raw tokens that emit nothing: is this a type (R3), a declaration (R4), a cast (R5), a parameter list (R6)?

use super::{Classifier, Place};
use crate::names::NameKind;
use crate::token::Kind;
use ast::Kw;

/// A complete type-id as a scan sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeScan {
    pub end: usize,
    /// A keyword that only a type can have.
    keyword: bool,
    /// Ends in `*`, `&` or an abstract declarator.
    pub suffix: bool,
    /// Template arguments are last.
    template: bool,
    kind: Option<NameKind>,
    qualified: bool,
    typelike_name: bool,
}

impl TypeScan {
    /// It cannot be an expression, or its name is known to be a type.
    pub fn certain(&self) -> bool {
        self.keyword
            || self.kind.is_some_and(NameKind::is_type)
            || (self.suffix && self.kind != Some(NameKind::Value))
            || (self.qualified && self.kind.is_none() && self.typelike_name)
    }

    fn known(&self) -> bool {
        self.keyword || self.kind.is_some_and(NameKind::is_type)
    }
}

pub(super) fn is_type_word(kw: Kw) -> bool {
    use Kw::*;
    matches!(
        kw,
        Auto | Bool
            | BoolC
            | Char
            | Char8
            | Char16
            | Char32
            | Double
            | Float
            | Float128
            | Int
            | Int128
            | Int128T
            | UInt128T
            | Int64Ms
            | Long
            | Short
            | Signed
            | SignedGnu
            | Unsigned
            | Void
            | Wchar
    )
}

pub(super) fn is_cv(kw: Kw) -> bool {
    use Kw::*;
    matches!(kw, Const | ConstGnu | ConstGnu2 | Volatile | VolatileGnu | VolatileGnu2 | Restrict | Restrict2 | Restrict3)
}

/// `and`, `or`, ...: operators spelled as words.
pub(super) fn is_word_operator(kw: Kw) -> bool {
    use Kw::*;
    matches!(kw, And | AndEq | Bitand | Bitor | Compl | Not | NotEq | Or | OrEq | Xor | XorEq)
}

/// Keywords that only a declaration starts with.
fn starts_declaration(kw: Kw) -> bool {
    use Kw::*;
    is_cv(kw)
        || matches!(
            kw,
            Auto | Static
                | Constexpr
                | Consteval
                | Constinit
                | Typedef
                | Extern
                | Register
                | ThreadLocal
                | ThreadLocalGnu
                | Struct
                | Class
                | Union
                | Enum
                | Using
                | Template
                | StaticAssert
                | StaticAssertC
                | Shared
                | Device
                | Host
                | Global
                | Constant
                | Managed
                | Inline
                | InlineGnu
                | InlineGnu2
                | ForceInline
                | NoInline
                | Alignas
                | Align
                | Friend
                | Namespace
                | Virtual
                | Explicit
        )
}

impl Classifier<'_> {
    /// R3: runs over a type-id at `at`, within `limit`.
    pub(super) fn scan_type(&self, at: usize, limit: usize) -> Option<TypeScan> {
        self.pay(4)?;
        let mut scan = TypeScan {
            end: at,
            keyword: false,
            suffix: false,
            template: false,
            kind: None,
            qualified: false,
            typelike_name: false,
        };
        let mut i = at;
        let mut seen = false;
        while i < limit {
            match self.kw(i) {
                Some(kw) if is_cv(kw) => {
                    scan.keyword = true;
                    i += 1;
                }
                Some(kw) if is_type_word(kw) => {
                    (seen, scan.keyword) = (true, true);
                    i += 1;
                }
                Some(Kw::Decltype | Kw::DecltypeGnu | Kw::Typeof | Kw::TypeofGnu | Kw::TypeofGnu2) if !seen => {
                    (seen, scan.keyword) = (true, true);
                    i = self.t.after(i + 1);
                }
                Some(Kw::UnderlyingType) if !seen => {
                    (seen, scan.keyword) = (true, true);
                    i = self.t.after(i + 1);
                }
                Some(Kw::Struct | Kw::Class | Kw::Union | Kw::Enum | Kw::Typename) if !seen => {
                    scan.keyword = true;
                    i = self.scan_name(i + 1, true)?.end;
                    seen = true;
                }
                Some(_) => break,
                None if !seen && (self.name_at(i).is_some() || self.is_at(i, Kind::ColCol)) => {
                    let name = self.scan_name(i, true)?;
                    (scan.kind, scan.qualified, scan.template) = (name.kind, name.qualified, name.template);
                    scan.typelike_name = name.last.is_some_and(|last| {
                        let text = last.as_str();
                        text == "type" || text.ends_with("_t") || text.ends_with("_type")
                    });
                    i = name.end;
                    seen = true;
                }
                None => break,
            }
        }
        if !seen || i > limit {
            return None;
        }
        scan.end = i;
        self.scan_abstract(&mut scan, limit);
        Some(scan)
    }

    /// Pointer operators and abstract declarators behind a type.
    fn scan_abstract(&self, scan: &mut TypeScan, limit: usize) {
        let mut i = scan.end;
        while i < limit {
            match self.kind(i) {
                Some(Kind::Star | Kind::Amp | Kind::AndAnd) => {
                    scan.suffix = true;
                    i += 1;
                }
                Some(Kind::Ident) if self.kw(i).is_some_and(is_cv) => {
                    scan.keyword = true;
                    i += 1;
                }
                Some(Kind::Ident) if self.member_pointer_end(i).is_some() => {
                    i = self.member_pointer_end(i).unwrap_or(i + 1);
                    scan.suffix = true;
                    scan.keyword = true;
                }
                // `T (*)(int)`, `T (&)[3]`, `T (C::*)(int)`
                Some(Kind::LParen) if self.is_abstract_group(i) => {
                    i = self.t.after(i);
                    scan.suffix = true;
                    scan.keyword = true;
                }
                // `T(int)` is a function type if its parentheses hold parameters: only where a type is known.
                Some(Kind::LParen) if scan.known() && self.is_parameter_list(i, Place::Type) => {
                    i = self.t.after(i);
                    scan.suffix = true;
                }
                Some(Kind::LBracket) if scan.known() => {
                    i = self.t.after(i);
                    scan.suffix = true;
                }
                _ => break,
            }
        }
        scan.end = i.min(limit);
    }

    /// `C::*` at `at`: the place behind it.
    pub(super) fn member_pointer_end(&self, at: usize) -> Option<usize> {
        let mut i = at;
        loop {
            self.name_at(i)?;
            i += 1;
            if self.is_at(i, Kind::Lt) {
                let kind = self.name_at(i - 1).and_then(|name| self.lookup(name));
                i = self.template_end(i, kind, false, false)? + 1;
            }
            if !self.is_at(i, Kind::ColCol) {
                return None;
            }
            i += 1;
            if self.is_at(i, Kind::Star) {
                return Some(i + 1);
            }
        }
    }

    fn is_abstract_group(&self, at: usize) -> bool {
        let close = self.mate(at);
        match self.kind(at + 1) {
            Some(Kind::Star | Kind::Amp | Kind::AndAnd) => {
                let inner = (at + 1..close).all(|i| {
                    matches!(
                        self.kind(i),
                        Some(Kind::Star | Kind::Amp | Kind::AndAnd | Kind::LBracket | Kind::RBracket | Kind::Number)
                    ) || self.kw(i).is_some_and(is_cv)
                });
                inner && matches!(self.kind(close + 1), Some(Kind::LParen | Kind::LBracket))
            }
            Some(Kind::Ident) => self.member_pointer_end(at + 1).is_some_and(|end| end == close),
            _ => false,
        }
    }

    /// R5: whether the `(` at operand position is a cast.
    pub(super) fn is_cast(&self, at: usize) -> bool {
        let close = self.mate(at);
        if close == at || !self.starts_operand(close + 1) {
            return false;
        }
        let Some(scan) = self.scan_type(at + 1, close).filter(|scan| scan.end == close) else { return false };
        if scan.known() {
            return true;
        }
        // `(f<int>)(x)` calls a function by its name in parentheses.
        if matches!(scan.kind, Some(NameKind::Value | NameKind::FunctionTemplate)) {
            return false;
        }
        if scan.suffix || scan.template {
            return true;
        }
        if scan.kind.is_some() {
            return false;
        }
        // An unknown name: what follows must not be readable as the right side of an operator or as arguments.
        match self.kind(close + 1) {
            Some(Kind::Ident | Kind::Number | Kind::Char | Kind::Str | Kind::Tilde | Kind::Bang | Kind::LBrace) => true,
            Some(Kind::LParen) => !self.is_at(close + 2, Kind::RParen),
            _ => scan.qualified && scan.typelike_name,
        }
    }

    fn starts_operand(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::Ident) => match self.kw(at) {
                Some(kw) => !is_word_operator(kw) || matches!(kw, Kw::Not | Kw::Compl),
                None => true,
            },
            Some(
                Kind::Number
                | Kind::Char
                | Kind::Str
                | Kind::LParen
                | Kind::Tilde
                | Kind::Bang
                | Kind::LBrace
                | Kind::Star
                | Kind::Amp
                | Kind::Plus
                | Kind::Minus
                | Kind::PlusPlus
                | Kind::MinusMinus
                | Kind::ColCol,
            ) => true,
            _ => false,
        }
    }

    /// R6: whether the `(` at `at`, behind a declared name, opens parameters rather than an initialiser.
    pub(super) fn is_parameter_list(&self, at: usize, place: Place) -> bool {
        let close = self.mate(at);
        let first = at + 1;
        if first == close || self.is_at(first, Kind::Ellipsis) {
            return true;
        }
        if self.is_at(first, Kind::LBracket) {
            // `[[maybe_unused]] int x`; a lambda otherwise.
            return self.is_at(first + 1, Kind::LBracket);
        }
        match self.kw(first) {
            Some(kw) if is_type_word(kw) => {
                return !matches!(self.kind(first + 1), Some(Kind::LBrace)) && !self.is_functional_cast(first + 1);
            }
            Some(kw) if is_cv(kw) => return true,
            Some(Kw::Typename) => {
                return match self.scan_name(first + 1, true) {
                    Some(name) => !matches!(self.kind(name.end), Some(Kind::LParen | Kind::LBrace | Kind::ColCol)),
                    None => false,
                };
            }
            Some(kw) => {
                return matches!(
                    kw,
                    Kw::Struct | Kw::Class | Kw::Union | Kw::Enum | Kw::Decltype | Kw::Attribute | Kw::GridConstant
                );
            }
            None => {}
        }
        if self.name_at(first).is_none() && !self.is_at(first, Kind::ColCol) {
            return false;
        }
        let Some(name) = self.scan_name(first, true) else { return false };
        if name.kind == Some(NameKind::Value) && !name.template {
            return false;
        }
        let known = name.kind.is_some_and(NameKind::is_type);
        let outside = place != Place::Block;
        match self.kind(name.end) {
            Some(Kind::Ident) => self.kw(name.end).is_none_or(|kw| !is_word_operator(kw)),
            Some(Kind::RParen | Kind::Comma) => known || (outside && !name.qualified) || (outside && name.template),
            Some(Kind::Star | Kind::Amp | Kind::AndAnd) => known || outside,
            Some(Kind::Ellipsis) => known || outside,
            Some(Kind::Eq | Kind::LBracket) => known,
            Some(Kind::LParen) => known && self.is_abstract_or_named_group(name.end),
            _ => false,
        }
    }

    /// `int(x)`: parentheses that are no function type or group.
    fn is_functional_cast(&self, at: usize) -> bool {
        self.is_at(at, Kind::LParen) && !self.is_abstract_or_named_group(at) && !self.is_at(at + 1, Kind::RParen)
    }

    /// `(*`, `(&`: part of a declarator.
    pub(super) fn is_abstract_or_named_group(&self, at: usize) -> bool {
        let close = self.mate(at);
        (matches!(self.kind(at + 1), Some(Kind::Star | Kind::Amp | Kind::AndAnd)) || self.member_pointer_end(at + 1).is_some())
            && matches!(self.kind(close + 1), Some(Kind::LParen | Kind::LBracket))
    }

    /// R4: whether a declaration starts at `at`, in a block.
    pub(super) fn is_declaration(&self, at: usize, end: usize) -> bool {
        let mut at = at;
        while self.kw(at) == Some(Kw::Extension) || self.is_attribute(at) {
            at = self.after_attribute(at);
        }
        match self.kw(at) {
            Some(kw) if starts_declaration(kw) => return true,
            Some(kw) if is_type_word(kw) => {
                return match self.kind(at + 1) {
                    Some(Kind::LParen) => self.is_abstract_or_named_group(at + 1) || self.is_name_in_parentheses(at + 1),
                    Some(Kind::LBrace) => false,
                    _ => true,
                };
            }
            Some(Kw::Decltype | Kw::DecltypeGnu | Kw::Typeof | Kw::TypeofGnu | Kw::TypeofGnu2) => {
                return !matches!(self.kind(self.t.after(at + 1)), Some(Kind::LParen | Kind::LBrace | Kind::ColCol));
            }
            Some(Kw::Typename) => {
                return match self.scan_name(at + 1, true) {
                    Some(name) => {
                        !matches!(self.kind(name.end), Some(Kind::LParen | Kind::LBrace))
                            || self.is_abstract_or_named_group(name.end)
                    }
                    None => false,
                };
            }
            Some(_) => return false,
            None => {}
        }
        let known_value = self.name_at(at).is_some_and(|name| self.lookup(name) == Some(NameKind::Value));
        if known_value && !self.is_at(at + 1, Kind::ColCol) {
            return self.name_at(at + 1).is_some();
        }
        let Some(name) = self.scan_name(at, false) else { return false };
        let name = if self.is_at(name.end, Kind::Lt) && name.kind != Some(NameKind::Value) {
            match self.scan_name(at, true) {
                Some(wide) if self.name_at(wide.end).is_some() || self.is_at(wide.end, Kind::ColCol) => wide,
                _ => name,
            }
        } else {
            name
        };
        if name.end >= end {
            return false;
        }
        match self.kind(name.end) {
            Some(Kind::Ident) => self.kw(name.end).is_none_or(|kw| is_cv(kw) || is_type_word(kw) || starts_declaration(kw)),
            Some(Kind::Star | Kind::Amp | Kind::AndAnd) => self.is_pointer_declaration(name.end, name.kind, name.template),
            Some(Kind::LParen) => {
                name.kind != Some(NameKind::Value) && self.is_abstract_or_named_group(name.end) && self.is_named_group(name.end)
                    || name.kind.is_some_and(NameKind::is_type) && self.is_name_in_parentheses(name.end)
            }
            _ => false,
        }
    }

    /// `T(x);` and `T(*x) = 1;` declare x, whatever x was before (C++ [stmt.ambig]).
    fn is_name_in_parentheses(&self, at: usize) -> bool {
        let mut i = at + 1;
        while matches!(self.kind(i), Some(Kind::Star | Kind::Amp)) {
            i += 1;
        }
        self.name_at(i).is_some() && self.is_at(i + 1, Kind::RParen) && matches!(self.kind(i + 2), Some(Kind::Semi | Kind::Eq))
    }

    /// `(*p)(..)`: a name behind the operators.
    fn is_named_group(&self, at: usize) -> bool {
        let mut i = self.member_pointer_end(at + 1).unwrap_or(at + 1);
        while matches!(self.kind(i), Some(Kind::Star | Kind::Amp | Kind::AndAnd)) || self.kw(i).is_some_and(is_cv) {
            i += 1;
        }
        self.name_at(i).is_some() && matches!(self.kind(i + 1), Some(Kind::RParen | Kind::LBracket))
    }

    /// `T * x`, `T & x` from the operator on.
    fn is_pointer_declaration(&self, at: usize, kind: Option<NameKind>, template: bool) -> bool {
        let mut i = at;
        let mut and_and = false;
        while matches!(self.kind(i), Some(Kind::Star | Kind::Amp | Kind::AndAnd)) || self.kw(i).is_some_and(is_cv) {
            if self.kw(i).is_some() {
                return true;
            }
            and_and |= self.is_at(i, Kind::AndAnd);
            i += 1;
        }
        if self.is_at(i, Kind::LParen) && self.is_abstract_or_named_group(i) {
            return kind.is_some_and(NameKind::is_type);
        }
        if self.name_at(i).is_none() {
            return false;
        }
        match kind {
            Some(kind) if kind.is_type() => true,
            Some(_) if !template => false,
            // Unknown: an unused product is no statement.
            _ => {
                !and_and
                    && matches!(
                        self.kind(i + 1),
                        Some(Kind::Semi | Kind::Eq | Kind::Comma | Kind::LBrace | Kind::LBracket | Kind::LParen | Kind::Colon)
                    )
            }
        }
    }

    // ---- Attributes (R14) ----

    pub(super) fn is_attribute(&self, at: usize) -> bool {
        match self.kind(at) {
            Some(Kind::LBracket) => self.is_at(at + 1, Kind::LBracket),
            Some(Kind::Ident) => {
                matches!(
                    self.kw(at),
                    Some(Kw::Attribute | Kw::Attribute2 | Kw::Declspec | Kw::Extension | Kw::ClusterDims | Kw::MaxNReg)
                )
            }
            _ => false,
        }
    }

    pub(super) fn after_attribute(&self, at: usize) -> usize {
        match self.kind(at) {
            Some(Kind::LBracket) => self.t.after(at),
            _ if self.is_at(at + 1, Kind::LParen) => self.t.after(at + 1),
            _ => at + 1,
        }
    }

    pub(super) fn skip_attributes(&mut self, end: usize) {
        while self.i < end && self.is_attribute(self.i) {
            self.i = self.after_attribute(self.i);
        }
    }
}
