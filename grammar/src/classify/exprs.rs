//! Expressions: a walk over operands and operators (R1, R5, R9, R10, R12, R16).

use super::names::{Want, is_named_cast};
use super::types::word_of;
use super::{Classifier, Place};
use crate::names::NameKind;
use crate::token::Kind;
use ast::{BinaryOp, FoldOp, Kw, NamedCast, PostfixOp, Tok, UnaryOp};

pub(super) fn binary_operator(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::Plus => BinaryOp::Add,
        Kind::Minus => BinaryOp::Sub,
        Kind::Star => BinaryOp::Mul,
        Kind::Slash => BinaryOp::Div,
        Kind::Percent => BinaryOp::Rem,
        Kind::Shl => BinaryOp::Shl,
        Kind::Amp => BinaryOp::BitAnd,
        Kind::Pipe => BinaryOp::BitOr,
        Kind::Caret => BinaryOp::BitXor,
        Kind::AndAnd => BinaryOp::And,
        Kind::OrOr => BinaryOp::Or,
        Kind::EqEq => BinaryOp::Eq,
        Kind::NotEq => BinaryOp::Ne,
        Kind::Lt => BinaryOp::Lt,
        Kind::Gt => BinaryOp::Gt,
        Kind::Le => BinaryOp::Le,
        Kind::Spaceship => BinaryOp::ThreeWay,
        Kind::DotStar => BinaryOp::DotStar,
        Kind::ArrowStar => BinaryOp::ArrowStar,
        _ => return None,
    })
}

pub(super) fn compound_operator(kind: Kind) -> Option<BinaryOp> {
    Some(match kind {
        Kind::PlusEq => BinaryOp::Add,
        Kind::MinusEq => BinaryOp::Sub,
        Kind::StarEq => BinaryOp::Mul,
        Kind::SlashEq => BinaryOp::Div,
        Kind::PercentEq => BinaryOp::Rem,
        Kind::ShlEq => BinaryOp::Shl,
        Kind::AmpEq => BinaryOp::BitAnd,
        Kind::PipeEq => BinaryOp::BitOr,
        Kind::CaretEq => BinaryOp::BitXor,
        _ => return None,
    })
}

/// R16: the role of an alternative token between operands.
fn word_operator(kw: Kw) -> Option<Tok> {
    Some(match kw {
        Kw::And => Tok::BinOp(BinaryOp::And),
        Kw::Or => Tok::BinOp(BinaryOp::Or),
        Kw::Bitand => Tok::BinOp(BinaryOp::BitAnd),
        Kw::Bitor => Tok::BinOp(BinaryOp::BitOr),
        Kw::Xor => Tok::BinOp(BinaryOp::BitXor),
        Kw::NotEq => Tok::BinOp(BinaryOp::Ne),
        Kw::AndEq => Tok::AsgOp(BinaryOp::BitAnd),
        Kw::OrEq => Tok::AsgOp(BinaryOp::BitOr),
        Kw::XorEq => Tok::AsgOp(BinaryOp::BitXor),
        _ => return None,
    })
}

impl Classifier<'_> {
    /// Walks an expression up to `end`; `one`: it ends at a comma already.
    pub(super) fn expression(&mut self, end: usize, one: bool) {
        let stops: &[Kind] = if one { &[Kind::Comma] } else { &[] };
        self.expression_until(end, stops);
    }

    /// Walks an expression up to `end` or the first of `stops` outside brackets.
    pub(super) fn expression_until(&mut self, end: usize, stops: &[Kind]) {
        let mut operand = true;
        while self.i < end {
            if self.failure.is_some() {
                self.i = end;
                return;
            }
            let kind = self.t.list[self.i].kind;
            if stops.contains(&kind) || kind == Kind::Semi {
                return;
            }
            let before = self.i;
            operand = if operand { self.operand(end) } else { self.operator(end) };
            if self.i == before {
                let tok = self.raw(self.i);
                self.take(tok);
            }
        }
    }

    /// `( .. )` or `[ .. ]` around expressions, in a role; `list`: elements do not nest into one another.
    pub(super) fn group(&mut self, open: Tok, list: bool) {
        if !matches!(self.kind(self.i), Some(Kind::LParen | Kind::LBracket)) {
            return;
        }
        let close = self.mate(self.i);
        self.take(open);
        let outer = self.weight;
        let in_list = std::mem::replace(&mut self.in_list, false);
        self.nested(close, |c| {
            if list {
                c.list(close);
            } else {
                c.expression(close, false);
            }
        });
        self.weight = outer;
        self.in_list = in_list;
        self.pass_on(close);
        if open == Tok::LBracket || open == Tok::ArrL { self.take(Tok::RBracket) } else { self.take(Tok::RParen) }
    }

    /// Arguments: expressions and braced lists between commas.
    fn list(&mut self, close: usize) {
        let weight = self.weight;
        while self.i < close {
            let before = self.i;
            self.weight = weight;
            self.expression(close, true);
            if self.i < close && self.is(Kind::Comma) {
                self.take(Tok::Comma);
            }
            if self.i == before {
                let tok = self.raw(self.i);
                self.take(tok);
            }
        }
    }

    // ---- Operators ----

    /// A token behind an operand. Returns whether an operand comes next.
    fn operator(&mut self, end: usize) -> bool {
        let kind = self.t.list[self.i].kind;
        if kind == Kind::Gt {
            self.add_weight();
            self.greater();
            return true;
        }
        if let Some(op) = binary_operator(kind) {
            self.add_weight();
            self.take(Tok::BinOp(op));
            return true;
        }
        if let Some(op) = compound_operator(kind) {
            self.add_weight();
            self.take(Tok::AsgOp(op));
            return true;
        }
        match kind {
            Kind::Eq => self.plain_operator(Tok::Assign),
            Kind::Question => self.plain_operator(Tok::Question),
            Kind::Colon => self.plain_operator(Tok::Colon),
            Kind::Comma => self.plain_operator(Tok::Comma),
            Kind::LParen => {
                self.add_weight();
                self.group(Tok::LParen, true);
                false
            }
            Kind::LBracket => {
                self.add_weight();
                self.group(Tok::LBracket, true);
                false
            }
            Kind::LBrace => {
                self.braced_list();
                false
            }
            Kind::Dot => self.member(Tok::Dot, end),
            Kind::Arrow => self.member(Tok::Arrow, end),
            Kind::PlusPlus => self.postfix(PostfixOp::Increment),
            Kind::MinusMinus => self.postfix(PostfixOp::Decrement),
            Kind::Ellipsis => {
                self.take(Tok::Expand);
                false
            }
            Kind::LaunchL => self.launch(end),
            Kind::Str => {
                let tok = self.literal(self.i);
                self.take(tok);
                false
            }
            Kind::Ident => match self.kw(self.i).and_then(word_operator) {
                Some(tok) => self.plain_operator(tok),
                // Two operands in a row: the parser says so.
                None => self.operand(end),
            },
            _ => self.operand(end),
        }
    }

    fn plain_operator(&mut self, tok: Tok) -> bool {
        self.add_weight();
        self.take(tok);
        true
    }

    fn postfix(&mut self, op: PostfixOp) -> bool {
        self.add_weight();
        self.take(Tok::PostOp(op));
        false
    }

    /// R1: adjacent `>` join to `>>`, `>=`, `>>=`.
    fn greater(&mut self) {
        let touches = |at: usize| match (self.t.list.get(at), self.t.list.get(at + 1)) {
            (Some(a), Some(b)) => a.touches(b),
            _ => false,
        };
        let second = if touches(self.i) { self.kind(self.i + 1) } else { None };
        let third = if second.is_some() && touches(self.i + 1) { self.kind(self.i + 2) } else { None };
        match (second, third) {
            (Some(Kind::Gt), Some(Kind::Eq)) => self.take_joined(Tok::AsgOp(BinaryOp::Shr), 3),
            // `a >>== b` cannot be, `>` before `>=` neither.
            (Some(Kind::Gt), _) => self.take_joined(Tok::BinOp(BinaryOp::Shr), 2),
            (Some(Kind::Eq), _) => self.take_joined(Tok::BinOp(BinaryOp::Ge), 2),
            (Some(Kind::EqEq), _) => self.take(Tok::BinOp(BinaryOp::Gt)),
            _ => self.take(Tok::BinOp(BinaryOp::Gt)),
        }
    }

    fn member(&mut self, tok: Tok, end: usize) -> bool {
        self.add_weight();
        self.take(tok);
        self.name(Want::Member, end);
        false
    }

    /// `<<< config >>>`: closed by three adjacent `>` that no fourth follows (R1).
    fn launch(&mut self, end: usize) -> bool {
        let Some(close) = self.launch_end(self.i + 1, end) else {
            self.take(Tok::Stray);
            return true;
        };
        self.take(Tok::LaunchL);
        self.list(close);
        self.pass_on(close);
        self.take_joined(Tok::LaunchR, 3);
        false
    }

    pub(super) fn launch_end(&self, from: usize, end: usize) -> Option<usize> {
        let mut at = from;
        while at + 2 < end {
            if self.is_at(at, Kind::Gt)
                && self.is_at(at + 1, Kind::Gt)
                && self.is_at(at + 2, Kind::Gt)
                && !self.is_at(at + 3, Kind::Gt)
            {
                return Some(at);
            }
            if self.is_at(at, Kind::Semi) {
                return None;
            }
            at = self.t.after(at);
        }
        None
    }

    // ---- Operands ----

    /// A token where an operand is expected. Returns whether an operand is still to come.
    fn operand(&mut self, end: usize) -> bool {
        let token = self.t.list[self.i];
        match token.kind {
            Kind::Number | Kind::Char | Kind::Str => {
                let tok = self.literal(self.i);
                self.take(tok);
                false
            }
            Kind::LParen => self.parenthesis(end),
            Kind::LBracket => self.bracket(end),
            Kind::LBrace => {
                self.braced_list();
                false
            }
            Kind::Plus => self.prefix(Tok::UnOp(UnaryOp::Plus)),
            Kind::Minus => self.prefix(Tok::UnOp(UnaryOp::Minus)),
            Kind::Bang => self.prefix(Tok::UnOp(UnaryOp::Not)),
            Kind::Tilde => self.prefix(Tok::UnOp(UnaryOp::BitNot)),
            Kind::PlusPlus => self.prefix(Tok::UnOp(UnaryOp::Increment)),
            Kind::MinusMinus => self.prefix(Tok::UnOp(UnaryOp::Decrement)),
            Kind::Star => self.prefix(Tok::Deref),
            Kind::Amp => self.prefix(Tok::Amp),
            Kind::AndAnd => self.prefix(Tok::UnOp(UnaryOp::LabelAddress)),
            Kind::Ellipsis => {
                self.take(Tok::Ellipsis);
                true
            }
            Kind::Dot => {
                self.designator();
                true
            }
            Kind::ColCol => match self.kw(self.i + 1) {
                Some(Kw::New) => {
                    self.i += 1;
                    self.new_expression(true, end)
                }
                Some(Kw::Delete) => {
                    self.i += 1;
                    self.delete_expression(true)
                }
                _ => self.value_name(end),
            },
            Kind::Ident => match self.kw(self.i) {
                None => self.value_name(end),
                Some(kw) => self.keyword_operand(kw, end),
            },
            // An operator without its left operand: the parser says so.
            _ => {
                let tok = self.raw(self.i);
                self.take(tok);
                true
            }
        }
    }

    fn value_name(&mut self, end: usize) -> bool {
        self.name(Want::Value, end);
        false
    }

    fn prefix(&mut self, tok: Tok) -> bool {
        self.add_weight();
        self.take(tok);
        true
    }

    fn keyword_operand(&mut self, kw: Kw, end: usize) -> bool {
        match kw {
            Kw::True => self.take(Tok::Bool(true)),
            Kw::False => self.take(Tok::Bool(false)),
            Kw::Nullptr => self.take(Tok::Nullptr),
            Kw::This => self.take(Tok::This),
            Kw::Not => return self.prefix(Tok::UnOp(UnaryOp::Not)),
            Kw::Compl => return self.prefix(Tok::UnOp(UnaryOp::BitNot)),
            Kw::Bitand => return self.prefix(Tok::Amp),
            Kw::Extension => {
                self.i += 1;
                return true;
            }
            Kw::Sizeof => return self.sizeof(),
            Kw::Alignof | Kw::AlignofGnu | Kw::AlignofGnu2 | Kw::AlignofC => {
                return self.typed_unary(Tok::AlignofType, Tok::Alignof);
            }
            Kw::Noexcept => {
                self.take(Tok::NoexceptExpr);
                self.group(Tok::LParen, false);
            }
            Kw::Typeid => self.type_or_expr(Tok::TypeidType, Tok::Typeid, false),
            Kw::Throw => {
                self.take(Tok::Throw);
                return true;
            }
            Kw::New => return self.new_expression(false, end),
            Kw::Delete => return self.delete_expression(false),
            Kw::Operator => self.name(Want::Value, end),
            Kw::Template => {
                self.i += 1;
                return true;
            }
            Kw::Typename => {
                self.take(Tok::Typename);
                self.name(Want::Type, end);
            }
            Kw::Decltype | Kw::DecltypeGnu => self.decltype_operand(end),
            kw if is_named_cast(kw) => self.named_cast(kw),
            kw if kw.is_type_trait() => self.type_trait(kw),
            kw => match word_of(kw) {
                Some([word]) => self.take(Tok::Word(*word)),
                _ => self.take(Tok::Kw(kw)),
            },
        }
        false
    }

    fn decltype_operand(&mut self, end: usize) {
        let scope = self.is_at(self.t.after(self.i + 1), Kind::ColCol);
        self.take(if scope { Tok::DecltypeScope } else { Tok::Decltype });
        self.group(Tok::LParen, false);
        if scope {
            self.take(Tok::ColCol);
            self.name(Want::Value, end);
        }
    }

    fn named_cast(&mut self, kw: Kw) {
        let cast = match kw {
            Kw::StaticCast => NamedCast::Static,
            Kw::DynamicCast => NamedCast::Dynamic,
            Kw::ReinterpretCast => NamedCast::Reinterpret,
            _ => NamedCast::Const,
        };
        self.take(Tok::NamedCast(cast));
        if !self.is(Kind::Lt) {
            return;
        }
        let Some(close) = self.template_end(self.i, Some(NameKind::ClassTemplate), false, true) else { return };
        self.take(Tok::TLt);
        self.type_id(close);
        self.take(Tok::TGt);
        self.group(Tok::LParen, false);
    }

    fn type_trait(&mut self, kw: Kw) {
        self.take(Tok::Trait(ast::Symbol::new(kw.as_str())));
        if !self.is(Kind::LParen) {
            return;
        }
        let close = self.mate(self.i);
        self.take(Tok::LParen);
        self.nested(close, |c| {
            while c.i < close {
                let before = c.i;
                match c.scan_type(c.i, close) {
                    Some(scan) if scan.end == close || c.is_at(scan.end, Kind::Comma) => c.type_arg(close),
                    _ => c.template_arg(close),
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
        self.i = close;
        self.take(Tok::RParen);
    }

    /// `sizeof...(p)`, `sizeof(T)`, `sizeof x`
    fn sizeof(&mut self) -> bool {
        if self.is_at(self.i + 1, Kind::Ellipsis) {
            self.take_joined(Tok::SizeofPack, 2);
            self.group(Tok::LParen, false);
            return false;
        }
        self.typed_unary(Tok::SizeofType, Tok::Sizeof)
    }

    /// R12: with a type in parentheses the operator is done, otherwise its operand follows.
    fn typed_unary(&mut self, of_type: Tok, of_expr: Tok) -> bool {
        let open = self.i + 1;
        if self.is_at(open, Kind::LParen) {
            let close = self.mate(open);
            let scan = self.scan_type(open + 1, close);
            if scan.is_some_and(|scan| scan.end == close && scan.certain()) {
                self.take(of_type);
                self.take(Tok::LParen);
                self.type_id(close);
                self.take(Tok::RParen);
                return false;
            }
        }
        self.add_weight();
        self.take(of_expr);
        true
    }

    /// `new (place) T[n](args)`
    fn new_expression(&mut self, global: bool, end: usize) -> bool {
        self.take(Tok::New(global));
        if self.is(Kind::LParen) {
            let close = self.mate(self.i);
            let scan = self.scan_type(self.i + 1, close);
            let parenthesised = scan.is_some_and(|scan| scan.end == close && scan.certain())
                && !matches!(self.kind(close + 1), Some(Kind::Ident | Kind::ColCol));
            if parenthesised {
                self.take(Tok::CastL);
                self.type_id(close);
                self.take(Tok::RParen);
                self.new_initialiser();
                return false;
            }
            self.group(Tok::InitL, true);
        }
        let outer = self.specs_at;
        self.specifiers(end, Place::Type);
        self.pointer_operators(end);
        self.specs_at = outer;
        while self.i < end && self.is(Kind::LBracket) {
            self.array_bound();
        }
        self.new_initialiser();
        false
    }

    fn new_initialiser(&mut self) {
        match self.kind(self.i) {
            Some(Kind::LParen) => self.direct_initialiser(),
            Some(Kind::LBrace) => self.braced_list(),
            _ => {}
        }
    }

    fn delete_expression(&mut self, global: bool) -> bool {
        let array = self.is_at(self.i + 1, Kind::LBracket) && self.is_at(self.i + 2, Kind::RBracket);
        self.take_joined(Tok::Delete { global, array }, if array { 3 } else { 1 });
        true
    }

    /// `(` where an operand is expected: cast, fold, statement expression or plain.
    fn parenthesis(&mut self, end: usize) -> bool {
        let close = self.mate(self.i);
        self.add_weight();
        if self.is_at(self.i + 1, Kind::LBrace) && self.mate(self.i + 1) + 1 == close {
            self.take(Tok::LParen);
            self.block();
            self.take(Tok::RParen);
            return false;
        }
        if close + 1 < end && self.is_cast(self.i) {
            self.take(Tok::CastL);
            self.nested(close, |c| c.type_id(close));
            self.take(Tok::RParen);
            return true;
        }
        if let Some(dots) = self.find_flat(self.i + 1, close, Kind::Ellipsis)
            && self.is_fold(dots, close)
        {
            self.fold(dots, close);
            return false;
        }
        self.group(Tok::LParen, false);
        false
    }

    /// `... op e`, `e op ...`, `e op ... op e`
    fn is_fold(&self, dots: usize, close: usize) -> bool {
        (dots == self.i + 1 && self.fold_operator(dots + 1).is_some())
            || (self.fold_operator(dots - 1).is_some() && (dots + 1 == close || self.fold_operator(dots + 1).is_some()))
    }

    fn fold_operator(&self, at: usize) -> Option<FoldOp> {
        let kind = self.kind(at)?;
        match kind {
            Kind::Comma => Some(FoldOp::Comma),
            Kind::Eq => Some(FoldOp::Assign(None)),
            _ => binary_operator(kind).map(FoldOp::Binary).or_else(|| compound_operator(kind).map(|op| FoldOp::Assign(Some(op)))),
        }
    }

    fn fold(&mut self, dots: usize, close: usize) {
        self.take(Tok::FoldL);
        if dots > self.i {
            let stop = dots - 1;
            self.nested(stop, |c| c.expression(stop, false));
            self.pass_on(stop);
            self.take_fold_operator();
        }
        self.take(Tok::Ellipsis);
        if self.i < close {
            self.take_fold_operator();
            self.nested(close, |c| c.expression(close, false));
            self.pass_on(close);
        }
        self.take(Tok::RParen);
    }

    fn take_fold_operator(&mut self) {
        let tok = self.fold_operator(self.i).map_or_else(|| self.raw(self.i), Tok::FoldOp);
        self.take(tok);
    }

    /// R10: `[` where an operand is expected is a lambda, or a designator in a braced list.
    fn bracket(&mut self, end: usize) -> bool {
        let close = self.mate(self.i);
        if self.is_at(close + 1, Kind::Eq) {
            self.group(Tok::ArrL, false);
            return true;
        }
        self.lambda(close, end);
        false
    }

    fn lambda(&mut self, close: usize, end: usize) {
        self.captures(close);
        let scope = self.open_scope();
        if self.is(Kind::Lt) {
            self.template_parameters(end);
        }
        let outer_params = std::mem::take(&mut self.params);
        let outer_specs = self.specs_at;
        self.lambda_specifiers(end);
        if self.i < end && self.is(Kind::LParen) {
            self.parameters(true);
            self.lambda_specifiers(end);
            if self.is(Kind::Arrow) {
                self.trailing_type(end);
            }
        }
        for name in std::mem::replace(&mut self.params, outer_params) {
            self.declare(name, NameKind::Value);
        }
        self.specs_at = outer_specs;
        if self.i < end && self.is(Kind::LBrace) {
            let weight = self.weight;
            // What it returns is deduced from its statements.
            let telling = self.telling.take();
            self.block();
            self.telling = telling;
            self.weight = weight;
        }
        self.close_scope(scope);
    }

    fn lambda_specifiers(&mut self, end: usize) {
        while self.i < end {
            if self.is_attribute(self.i) {
                self.i = self.after_attribute(self.i);
                continue;
            }
            match self.kw(self.i) {
                Some(Kw::Noexcept) => {
                    self.take(Tok::Noexcept);
                    if self.is(Kind::LParen) {
                        self.i = self.t.after(self.i);
                    }
                }
                Some(kw) => match super::types::spec_of(kw) {
                    Some(spec) => self.take(Tok::Spec(spec)),
                    None => return,
                },
                None => return,
            }
        }
    }

    /// `[=, &x, this, y = e]`
    fn captures(&mut self, close: usize) {
        self.take(Tok::LambdaL);
        while self.i < close {
            match self.kind(self.i) {
                Some(Kind::Amp) => self.take(Tok::Amp),
                Some(Kind::Star) => self.take(Tok::Deref),
                Some(Kind::Ellipsis) => self.take(Tok::Expand),
                Some(Kind::Eq) => {
                    self.take(Tok::Assign);
                    if self.i < close && !self.is(Kind::Comma) {
                        self.initial_value(close);
                    }
                }
                Some(Kind::LParen) => self.direct_initialiser(),
                Some(Kind::LBrace) => self.braced_list(),
                Some(Kind::Ident) if self.kw(self.i) == Some(Kw::This) => self.take(Tok::This),
                _ => {
                    let tok = self.raw(self.i);
                    self.take(tok);
                }
            }
        }
        self.take(Tok::RBracket);
    }

    /// `{ a, .b = c, [3] = d }` as an initialiser.
    pub(super) fn braced_list(&mut self) {
        let close = self.mate(self.i);
        self.take(Tok::BraceL);
        if close + 1 == self.i {
            return;
        }
        let weight = self.weight;
        self.nested(close, |c| c.list(close));
        self.weight = weight;
        self.pass_on(close);
        self.take(Tok::RBrace);
    }

    /// `.x =` in a braced list.
    fn designator(&mut self) {
        while self.is(Kind::Dot) || self.is(Kind::LBracket) {
            if self.is(Kind::LBracket) {
                self.group(Tok::ArrL, false);
                continue;
            }
            self.take(Tok::Dot);
            match self.name_at(self.i) {
                Some(name) => self.take(Tok::Id(name)),
                None => return,
            }
        }
        if self.is(Kind::Eq) {
            self.take(Tok::Assign);
        }
    }
}
