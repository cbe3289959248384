//! Names with their scopes and template arguments (R2, R3, R13).

use super::{Classifier, Place};
use crate::names::NameKind;
use crate::token::Kind;
use ast::{BinaryOp, Kw, OperatorName, Symbol, Tok};

/// What the last segment of a name is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// An operand: type only if that is known and a `(` or `{` follows.
    Value,
    Type,
    /// A name that is being declared: always a value.
    Declared,
    /// Behind `.` or `->`.
    Member,
}

/// A name as a scan sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scanned {
    /// Behind the name.
    pub end: usize,
    pub last: Option<Symbol>,
    pub kind: Option<NameKind>,
    pub qualified: bool,
    /// The last segment has template arguments.
    pub template: bool,
}

impl Classifier<'_> {
    /// Runs over `A::B<C>::d` at `at` without emitting. `type_position`: a `<` behind a name is a bracket if it can be one.
    pub(super) fn scan_name(&self, at: usize, type_position: bool) -> Option<Scanned> {
        let mut i = at;
        let mut qualified = false;
        if self.is_at(i, Kind::ColCol) {
            qualified = true;
            i += 1;
        }
        loop {
            if self.kw(i) == Some(Kw::Template) {
                i += 1;
            }
            let name = self.name_at(i)?;
            let kind = self.kind_of(name, qualified);
            i += 1;
            let mut template = false;
            if self.is_at(i, Kind::Lt)
                && let Some(end) = self.template_end(i, kind, qualified, type_position)
            {
                template = true;
                i = end + 1;
            }
            let more = self.is_at(i, Kind::ColCol) && (self.name_at(i + 1).is_some() || self.kw(i + 1) == Some(Kw::Template));
            if !more {
                return Some(Scanned { end: i, last: Some(name), kind, qualified, template });
            }
            qualified = true;
            i += 1;
        }
    }

    pub(super) fn kind_of(&self, name: Symbol, qualified: bool) -> Option<NameKind> {
        if qualified { self.ask(name, true) } else { self.lookup(name) }
    }

    /// R2: whether the `<` at `at`, behind a name of this kind, opens template arguments; if so, the index of its `>`.
    pub(super) fn template_end(&self, at: usize, kind: Option<NameKind>, qualified: bool, type_position: bool) -> Option<usize> {
        match kind {
            Some(NameKind::Value | NameKind::Namespace) if !qualified && !type_position => None,
            Some(NameKind::ClassTemplate | NameKind::FunctionTemplate | NameKind::Type) => self.angle_end(at, false),
            _ if type_position => self.angle_end(at, false),
            _ => self.angle_end(at, true).filter(|&end| self.looks_like_template(at, end)),
        }
    }

    /// The `>` of a `<`. `wary`: the name is unknown, so signs of a comparison end the search.
    fn angle_end(&self, at: usize, wary: bool) -> Option<usize> {
        let mut depth = 0usize;
        let mut i = at;
        loop {
            self.pay(1)?;
            let token = self.t.list.get(i)?;
            match token.kind {
                Kind::Lt if i == at || self.opens_inside(i) => depth += 1,
                Kind::Gt => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(i);
                    }
                }
                Kind::LParen | Kind::LBracket | Kind::LBrace => {
                    i = self.mate(i);
                }
                Kind::RParen | Kind::RBracket | Kind::RBrace | Kind::Semi => return None,
                Kind::Eq | Kind::Question | Kind::OrOr | Kind::PlusEq | Kind::MinusEq if wary => return None,
                Kind::AndAnd if wary && !matches!(self.kind(i + 1), Some(Kind::Comma | Kind::Gt)) => return None,
                _ => {}
            }
            i += 1;
        }
    }

    /// A `<` inside a list opens a list of its own behind anything but a value.
    fn opens_inside(&self, at: usize) -> bool {
        match at.checked_sub(1).and_then(|before| self.name_at(before)) {
            Some(name) => {
                let qualified = at >= 2 && self.is_at(at - 2, Kind::ColCol);
                qualified || self.lookup(name) != Some(NameKind::Value)
            }
            None => at > 0 && self.t.list[at - 1].keyword().is_some_and(is_named_cast),
        }
    }

    /// R2 for unknown names: the token behind the `>` and the arguments tell.
    fn looks_like_template(&self, at: usize, end: usize) -> bool {
        let next = self.kind(end + 1);
        let by_follower = match next {
            Some(Kind::LParen | Kind::ColCol | Kind::LBrace) => true,
            Some(Kind::LaunchL) => true,
            Some(Kind::Ident) => {
                let keyword = self.kw(end + 1);
                keyword.is_none() || matches!(keyword, Some(Kw::Const | Kw::Volatile))
            }
            Some(Kind::Gt | Kind::Comma | Kind::Ellipsis) => self.in_list,
            _ => false,
        };
        by_follower || self.all_surely_types(at + 1, end)
    }

    /// Every argument is surely a type or an integer.
    fn all_surely_types(&self, lo: usize, hi: usize) -> bool {
        let mut at = lo;
        while at < hi {
            if self.is_at(at, Kind::Number) && matches!(self.kind(at + 1), Some(Kind::Comma | Kind::Gt)) {
                at += 2;
                continue;
            }
            match self.scan_type(at, hi) {
                Some(scan) if scan.certain() && (scan.end == hi || self.is_at(scan.end, Kind::Comma)) => at = scan.end + 1,
                _ => return false,
            }
        }
        true
    }

    // ---- Emitting ----

    /// Emits the name at the current place.
    pub(super) fn name(&mut self, want: Want, end: usize) {
        let mut qualified = false;
        if self.is(Kind::ColCol) {
            self.take(Tok::ColCol);
            qualified = true;
        }
        while self.i < end {
            if self.kw(self.i) == Some(Kw::Template) {
                self.i += 1;
            }
            if self.is(Kind::Tilde) {
                self.destructor_name();
                return;
            }
            if self.kw(self.i) == Some(Kw::Operator) {
                self.operator_name(end);
                return;
            }
            let Some(name) = self.name_at(self.i) else { return };
            let list_end = if self.is_at(self.i + 1, Kind::Lt) { self.list_end(name, qualified, want) } else { None };
            let after = list_end.map_or(self.i + 1, |close| close + 1);
            if self.is_at(after, Kind::ColCol) && self.continues(after + 1) {
                self.scope_segment(name, list_end);
                self.take(Tok::ColCol);
                qualified = true;
                continue;
            }
            self.last_segment(name, qualified, list_end, after, want);
            return;
        }
    }

    fn list_end(&self, name: Symbol, qualified: bool, want: Want) -> Option<usize> {
        let kind = self.kind_of(name, qualified);
        match want {
            // A member's template arguments need the word `template` or a call behind them.
            Want::Member if self.kw(self.i.wrapping_sub(1)) == Some(Kw::Template) => self.angle_end(self.i + 1, false),
            Want::Member => self.angle_end(self.i + 1, true).filter(|&end| {
                matches!(self.kind(end + 1), Some(Kind::LParen | Kind::ColCol)) && self.all_surely_types(self.i + 2, end)
                    || kind.is_some_and(NameKind::is_template) && self.is_at(end + 1, Kind::LParen)
            }),
            Want::Declared => self.angle_end(self.i + 1, false),
            Want::Type => self.template_end(self.i + 1, kind, qualified, true),
            Want::Value => {
                let forced = self.kw(self.i.wrapping_sub(1)) == Some(Kw::Template);
                if forced { self.angle_end(self.i + 1, false) } else { self.template_end(self.i + 1, kind, qualified, false) }
            }
        }
    }

    /// What may follow `::` inside a name.
    fn continues(&self, at: usize) -> bool {
        self.name_at(at).is_some() || self.is_at(at, Kind::Tilde) || matches!(self.kw(at), Some(Kw::Operator | Kw::Template))
    }

    fn scope_segment(&mut self, name: Symbol, list_end: Option<usize>) {
        match list_end {
            Some(close) => {
                self.take(Tok::Qtmpl(name));
                self.template_args(close);
            }
            None => self.take(Tok::Qual(name)),
        }
    }

    /// What the name is, is asked only where the role depends on it: what nobody asked cannot make a kept tree wrong.
    fn last_segment(&mut self, name: Symbol, qualified: bool, list_end: Option<usize>, after: usize, want: Want) {
        let constructs = matches!(self.kind(after), Some(Kind::LParen | Kind::LBrace));
        let as_type = match want {
            Want::Type => true,
            Want::Value => constructs && self.kind_of(name, qualified).is_some_and(NameKind::is_type),
            Want::Declared | Want::Member => false,
        };
        match list_end {
            Some(close) => {
                self.take(if as_type { Tok::Ttype(name) } else { Tok::Tid(name) });
                self.template_args(close);
            }
            None => self.take(if as_type { Tok::Type(name) } else { Tok::Id(name) }),
        }
    }

    fn destructor_name(&mut self) {
        match self.name_at(self.i + 1) {
            Some(name) => self.take_joined(Tok::Dtor(name), 2),
            None => self.take(Tok::Stray),
        }
    }

    /// `< .. >` at the current place, closed at `close`.
    pub(super) fn template_args(&mut self, close: usize) {
        self.take(Tok::TLt);
        let outer = std::mem::replace(&mut self.in_list, true);
        self.nested(close, |c| {
            while c.i < close {
                let before = c.i;
                c.template_arg(close);
                if c.is(Kind::Comma) && c.i < close {
                    c.take(Tok::Comma);
                }
                if c.i == before {
                    let tok = c.raw(c.i);
                    c.take(tok);
                }
            }
        });
        self.in_list = outer;
        self.i = close;
        self.take(Tok::TGt);
    }

    /// R3: one argument, type or expression.
    pub(super) fn template_arg(&mut self, close: usize) {
        if let Some(scan) = self.scan_type(self.i, close) {
            let pack = usize::from(self.is_at(scan.end, Kind::Ellipsis));
            let whole = scan.end + pack == close || self.is_at(scan.end + pack, Kind::Comma);
            if whole && scan.certain() {
                self.mark(Tok::TyArg);
                self.type_id(scan.end + pack);
                return;
            }
        }
        let outer = std::mem::take(&mut self.weight);
        self.expression(close, true);
        self.weight = outer;
    }

    /// A type where only a type can stand.
    pub(super) fn type_arg(&mut self, close: usize) {
        let end = self.scan_type(self.i, close).map_or(close, |scan| scan.end);
        let pack = usize::from(self.is_at(end, Kind::Ellipsis) && end < close);
        self.mark(Tok::TyArg);
        self.type_id(end + pack);
    }

    /// A whole type-id up to `end`.
    pub(super) fn type_id(&mut self, end: usize) {
        let outer = self.specs_at;
        self.specifiers(end, Place::Type);
        self.declarator(end, Place::Type);
        self.pass_on(end);
        self.specs_at = outer;
    }

    /// `operator+`, `operator()`, `operator T`, at `operator`.
    pub(super) fn operator_name(&mut self, end: usize) {
        use OperatorName as Op;
        let i = self.i;
        let touching = |at: usize| match (self.t.list.get(at), self.t.list.get(at + 1)) {
            (Some(a), Some(b)) => a.touches(b),
            _ => false,
        };
        let fused = match self.kind(i + 1) {
            Some(Kind::LParen) if self.is_at(i + 2, Kind::RParen) => Some((Op::Call, 3)),
            Some(Kind::LBracket) if self.is_at(i + 2, Kind::RBracket) => Some((Op::Index, 3)),
            Some(Kind::Arrow) => Some((Op::Arrow, 2)),
            Some(Kind::ArrowStar) => Some((Op::ArrowStar, 2)),
            Some(Kind::Comma) => Some((Op::Comma, 2)),
            Some(Kind::Bang) => Some((Op::Not, 2)),
            Some(Kind::Tilde) => Some((Op::BitNot, 2)),
            Some(Kind::PlusPlus) => Some((Op::Increment, 2)),
            Some(Kind::MinusMinus) => Some((Op::Decrement, 2)),
            Some(Kind::Eq) => Some((Op::Assign, 2)),
            Some(Kind::Gt) => Some(match (self.kind(i + 2), touching(i + 1), self.kind(i + 3), touching(i + 2)) {
                (Some(Kind::Gt), true, Some(Kind::Eq), true) => (Op::CompoundAssign(BinaryOp::Shr), 4),
                (Some(Kind::Gt), true, ..) => (Op::Binary(BinaryOp::Shr), 3),
                (Some(Kind::Eq), true, ..) => (Op::Binary(BinaryOp::Ge), 3),
                _ => (Op::Binary(BinaryOp::Gt), 2),
            }),
            Some(Kind::Str) => self.name_at(i + 2).map(|suffix| (Op::Literal(suffix), 3)),
            Some(kind) => super::exprs::binary_operator(kind)
                .map(|op| (Op::Binary(op), 2))
                .or_else(|| super::exprs::compound_operator(kind).map(|op| (Op::CompoundAssign(op), 2))),
            None => None,
        };
        let array = self.is_at(i + 2, Kind::LBracket) && self.is_at(i + 3, Kind::RBracket);
        let fused = fused.or(match self.kw(i + 1) {
            Some(Kw::New) => Some(if array { (Op::NewArray, 4) } else { (Op::New, 2) }),
            Some(Kw::Delete) => Some(if array { (Op::DeleteArray, 4) } else { (Op::Delete, 2) }),
            _ => None,
        });
        match fused {
            Some((op, count)) => {
                self.take_joined(Tok::OpName(op), count);
                if self.is(Kind::Lt)
                    && let Some(close) = self.angle_end(self.i, true).filter(|&close| self.is_at(close + 1, Kind::LParen))
                {
                    self.template_args(close);
                }
            }
            None => self.conversion_name(end),
        }
    }

    /// `operator T *`
    fn conversion_name(&mut self, end: usize) {
        self.take(Tok::ConvOp);
        let stop = self.find_flat(self.i, end, Kind::LParen).unwrap_or(end);
        let outer = self.specs_at;
        self.specifiers(stop, Place::Type);
        self.pointer_operators(stop);
        self.specs_at = outer;
        self.wrap(Tok::ConvEnd);
    }
}

pub(super) fn is_named_cast(kw: Kw) -> bool {
    matches!(kw, Kw::StaticCast | Kw::DynamicCast | Kw::ReinterpretCast | Kw::ConstCast)
}
