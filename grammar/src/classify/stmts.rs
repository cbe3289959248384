//! Statements (R4, R11, R14, R15).

use super::{Classifier, Place};
use crate::names::NameKind;
use crate::token::Kind;
use ast::{Cv, Kw, Tok};

/// A loop, which may have `#pragma unroll` in front.
pub(super) fn is_loop(kw: Option<Kw>) -> bool {
    matches!(kw, Some(Kw::For | Kw::While | Kw::Do))
}

impl Classifier<'_> {
    /// `{ .. }` at the current place.
    pub(super) fn block(&mut self) {
        let close = self.mate(self.i);
        if close == self.i {
            self.take(Tok::BlockL);
            return;
        }
        self.take(Tok::BlockL);
        let scope = self.open_scope();
        self.nested(close, |c| {
            while c.i < close {
                let before = c.i;
                c.statement(close);
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

    /// One statement, or a label, that ends before `end`.
    pub(super) fn statement(&mut self, end: usize) {
        self.skip_attributes(end);
        if self.failure.is_some() {
            self.i = end;
        }
        if self.i >= end {
            return;
        }
        match self.kind(self.i) {
            Some(Kind::LBrace) if self.skip_dull_block(end) => {}
            Some(Kind::LBrace) => self.block(),
            Some(Kind::Semi) => self.take(Tok::Semi),
            Some(Kind::Pragma) => self.pragma(end),
            Some(Kind::Ident) => match self.kw(self.i) {
                Some(kw) => self.keyword_statement(kw, end),
                None => self.named_statement(end),
            },
            // `::half x;`
            Some(Kind::ColCol) if self.is_declaration(self.i, end) => self.local_declaration(end),
            _ => self.expression_statement(end),
        }
    }

    fn keyword_statement(&mut self, kw: Kw, end: usize) {
        match kw {
            Kw::If | Kw::For | Kw::While | Kw::Do | Kw::Switch if self.skip_dull_block(end) => {}
            Kw::If => self.if_statement(end),
            Kw::For => self.nested(end, |c| c.for_statement(end)),
            Kw::While => self.nested(end, |c| c.headed(Tok::While, end)),
            Kw::Switch => self.nested(end, |c| c.headed(Tok::Switch, end)),
            Kw::Do => self.nested(end, |c| c.do_statement(end)),
            Kw::Case => self.case_label(end),
            Kw::Default if self.is_at(self.i + 1, Kind::Colon) => {
                self.take(Tok::Default);
                self.take(Tok::Colon);
            }
            Kw::Break => self.simple(Tok::Break, end),
            Kw::Continue => self.simple(Tok::Continue, end),
            Kw::Goto => {
                self.take(Tok::Goto);
                if let Some(name) = self.name_at(self.i) {
                    self.take(Tok::Id(name));
                }
                self.semicolon(end);
            }
            Kw::Return => {
                self.take(Tok::Return);
                self.weight = 0;
                if self.is(Kind::LBrace) {
                    self.braced_list();
                    self.semicolon(end);
                } else {
                    self.expression_statement(end);
                }
            }
            Kw::Else => self.simple(Tok::Else, end),
            Kw::Try => self.try_block(end),
            Kw::Asm | Kw::AsmGnu | Kw::AsmGnu2 => self.asm_statement(end),
            _ => self.named_statement(end),
        }
    }

    fn simple(&mut self, tok: Tok, end: usize) {
        self.take(tok);
        self.semicolon(end);
    }

    fn semicolon(&mut self, end: usize) {
        if self.i < end && self.is(Kind::Semi) {
            self.take(Tok::Semi);
        }
    }

    /// A label, a declaration or an expression.
    fn named_statement(&mut self, end: usize) {
        if let Some(name) = self.name_at(self.i)
            && self.is_at(self.i + 1, Kind::Colon)
        {
            self.take(Tok::Label(name));
            self.take(Tok::Colon);
            return;
        }
        if self.is_declaration(self.i, end) {
            self.local_declaration(end);
        } else {
            self.expression_statement(end);
        }
    }

    fn local_declaration(&mut self, end: usize) {
        self.mark(Tok::Decl);
        let stop = self.find_flat(self.i, end, Kind::Semi).map_or(end, |semi| semi + 1);
        let outer = self.specs_at;
        self.declaration(stop, Place::Block);
        self.specs_at = outer;
        self.pass_on(stop);
    }

    /// An expression up to its `;`, which is handed on too.
    fn expression_statement(&mut self, end: usize) {
        self.weight = 0;
        let semi = self.find_flat(self.i, end, Kind::Semi);
        if semi.is_some_and(|semi| self.skip_dull_expression(semi)) {
            return;
        }
        let stop = semi.unwrap_or(end);
        self.expression(stop, false);
        self.pass_on(stop);
        self.semicolon(end);
    }

    /// `if` chains are walked in a loop: they may be long.
    fn if_statement(&mut self, end: usize) {
        let scope = self.open_scope();
        let weight = std::mem::take(&mut self.weight);
        let mut chain = 0;
        loop {
            let place = self.out.len();
            self.take(Tok::If);
            match self.kw(self.i) {
                Some(Kw::Constexpr) => self.take(Tok::ConstexprIf),
                Some(Kw::Consteval) => self.pass_on(self.i + 1),
                _ => {}
            }
            if self.is(Kind::LParen) {
                self.head();
            }
            self.nested(end, |c| c.substatement(end));
            if self.i >= end || self.kw(self.i) != Some(Kw::Else) {
                break;
            }
            self.out[place].1 = Tok::IfElse;
            self.take(Tok::Else);
            chain += 1;
            self.weight = chain;
            self.add_weight();
            if self.kw(self.i) != Some(Kw::If) {
                self.nested(end, |c| c.substatement(end));
                break;
            }
        }
        self.weight = weight;
        self.close_scope(scope);
    }

    /// The statement under another, with the labels in front of it.
    fn substatement(&mut self, end: usize) {
        loop {
            let before = self.i;
            self.statement(end);
            let label = matches!(self.out.last(), Some((_, Tok::Colon, _)));
            if !label || self.i == before || self.i >= end {
                return;
            }
        }
    }

    /// `( init; condition )`
    fn head(&mut self) {
        let close = self.mate(self.i);
        self.take(Tok::LParen);
        if let Some(semi) = self.find_flat(self.i, close, Kind::Semi) {
            self.for_init(semi);
        }
        self.condition(close);
        self.pass_on(close);
        self.take(Tok::RParen);
    }

    /// An expression, or a declaration with its initialiser.
    fn condition(&mut self, close: usize) {
        self.weight = 0;
        if self.i < close && self.is_declaration(self.i, close) && self.has_initialiser(close) {
            self.mark(Tok::Decl);
            self.variables(close);
        } else {
            self.expression(close, false);
        }
    }

    fn has_initialiser(&self, close: usize) -> bool {
        let mut at = self.i;
        while at < close {
            if matches!(self.kind(at), Some(Kind::Eq | Kind::LBrace)) {
                return true;
            }
            at = self.t.after(at);
        }
        false
    }

    /// Declarators that stay in the scope of the statement.
    fn variables(&mut self, stop: usize) {
        let outer = self.specs_at;
        let names = self.simple_declaration(stop, Place::Block);
        self.specs_at = outer;
        self.pass_on(stop);
        for (name, kind) in names {
            self.declare(name, kind);
        }
    }

    /// Up to and with the `;` at `semi`.
    fn for_init(&mut self, semi: usize) {
        self.weight = 0;
        if self.i < semi && self.is_declaration(self.i, semi) {
            self.mark(Tok::Decl);
            self.variables(semi);
        } else {
            self.expression(semi, false);
        }
        self.pass_on(semi + 1);
    }

    /// `while (..) body`, `switch (..) body`
    fn headed(&mut self, tok: Tok, end: usize) {
        let scope = self.open_scope();
        self.take(tok);
        if self.is(Kind::LParen) {
            self.head();
        }
        self.substatement(end);
        self.close_scope(scope);
    }

    fn do_statement(&mut self, end: usize) {
        self.take(Tok::Do);
        self.substatement(end);
        if self.i < end && self.kw(self.i) == Some(Kw::While) {
            self.take(Tok::While);
            if self.is(Kind::LParen) {
                self.weight = 0;
                self.group(Tok::LParen, false);
            }
            self.semicolon(end);
        }
    }

    fn for_statement(&mut self, end: usize) {
        let scope = self.open_scope();
        let open = self.i + 1;
        let close = self.mate(open);
        let range = if self.is_at(open, Kind::LParen) { self.range_colon(open + 1, close) } else { None };
        self.take(if range.is_some() { Tok::RangeFor } else { Tok::For });
        if self.is(Kind::LParen) {
            self.take(Tok::LParen);
            match range {
                Some(colon) => self.range_head(colon, close),
                None => self.for_head(close),
            }
            self.pass_on(close);
            self.take(Tok::RParen);
        }
        self.substatement(end);
        self.close_scope(scope);
    }

    /// R11: a colon outside brackets and `?:` with at most one `;` before it.
    fn range_colon(&self, lo: usize, close: usize) -> Option<usize> {
        let (mut at, mut questions, mut semis) = (lo, 0usize, 0usize);
        while at < close {
            match self.kind(at) {
                Some(Kind::Question) => questions += 1,
                Some(Kind::Semi) => semis += 1,
                Some(Kind::Colon) if questions == 0 => return (semis <= 1).then_some(at),
                Some(Kind::Colon) => questions -= 1,
                _ => {}
            }
            at = self.t.after(at);
        }
        None
    }

    fn range_head(&mut self, colon: usize, close: usize) {
        if let Some(semi) = self.find_flat(self.i, colon, Kind::Semi) {
            self.for_init(semi);
        }
        self.mark(Tok::Decl);
        self.variables(colon);
        self.take(Tok::Colon);
        self.weight = 0;
        self.initial_value(close);
    }

    fn for_head(&mut self, close: usize) {
        if let Some(semi) = self.find_flat(self.i, close, Kind::Semi) {
            self.for_init(semi);
        }
        if let Some(semi) = self.find_flat(self.i, close, Kind::Semi) {
            if self.i < semi {
                self.condition(semi);
            }
            self.pass_on(semi + 1);
        }
        self.weight = 0;
        self.expression(close, false);
    }

    /// `case a:`, `case a ... b:`
    fn case_label(&mut self, end: usize) {
        self.take(Tok::Case);
        self.weight = 0;
        let Some(colon) = self.range_colon(self.i, end) else { return };
        if let Some(dots) = self.find_flat(self.i, colon, Kind::Ellipsis) {
            self.expression(dots, false);
            self.take(Tok::Ellipsis);
        }
        self.expression(colon, false);
        self.pass_on(colon);
        self.take(Tok::Colon);
    }

    fn try_block(&mut self, end: usize) {
        self.take(Tok::Try);
        if self.is(Kind::LBrace) {
            self.block();
        }
        while self.i < end && self.kw(self.i) == Some(Kw::Catch) {
            self.take(Tok::Catch);
            let scope = self.open_scope();
            if self.is(Kind::LParen) {
                let close = self.mate(self.i);
                self.take(Tok::LParen);
                if self.is(Kind::Ellipsis) {
                    self.take(Tok::Ellipsis);
                } else if let Some(name) = self.parameter(close) {
                    self.declare(name, NameKind::Value);
                }
                self.pass_on(close);
                self.take(Tok::RParen);
            }
            if self.is(Kind::LBrace) {
                self.block();
            }
            self.close_scope(scope);
        }
    }

    /// R14: `#pragma unroll` is a prefix of the next statement if that is a loop; of several the last counts.
    fn pragma(&mut self, end: usize) {
        let after = (self.i..end).find(|&at| self.is_at(at, Kind::PragmaEnd)).map_or(end, |at| at + 1);
        if !is_loop(self.kw(after)) {
            self.i = after;
            return;
        }
        self.take(Tok::Pragma);
        let stop = after - 1;
        self.weight = 0;
        self.expression(stop, false);
        self.pass_on(stop);
        self.take(Tok::PragmaEnd);
    }

    /// R15: `::` is two colons here, and a missing comma between operands is supplied.
    fn asm_statement(&mut self, end: usize) {
        self.take(Tok::Asm);
        while self.i < end && !self.is(Kind::LParen) {
            match self.kw(self.i) {
                Some(Kw::Volatile | Kw::VolatileGnu | Kw::VolatileGnu2) => self.take(Tok::SpecCv(Cv::Volatile)),
                Some(Kw::Inline) => self.take(Tok::Spec(ast::Spec::Inline)),
                Some(Kw::Goto) => self.take(Tok::Goto),
                _ => break,
            }
        }
        if !self.is(Kind::LParen) {
            return self.expression_statement(end);
        }
        let close = self.mate(self.i);
        self.take(Tok::LParen);
        while self.i < close {
            let tok = match self.kind(self.i) {
                Some(Kind::ColCol) => {
                    self.mark(Tok::Colon);
                    Tok::Colon
                }
                Some(Kind::LParen) => {
                    self.weight = 0;
                    self.group(Tok::LParen, false);
                    if self.i < close && matches!(self.kind(self.i), Some(Kind::Str | Kind::LBracket)) {
                        self.mark(Tok::Comma);
                    }
                    continue;
                }
                Some(Kind::Str) => self.literal(self.i),
                _ => self.raw(self.i),
            };
            self.take(tok);
        }
        self.take(Tok::RParen);
        self.semicolon(end);
    }
}
