//! Directives: C++ [cpp.pre].

use super::{Condition, Preprocessor};
use crate::shipped::Step;
use crate::token::{Flags, Kind, Token};
use ast::Symbol;
use source::{Code, Diagnostic, Span};

/// `#ifndef G` first and its `#endif` last: the file may be skipped while `G` is defined.
pub(super) fn include_guard(tokens: &[Token]) -> Option<Symbol> {
    let [hash, ifndef, name, next, ..] = tokens else { return None };
    if !hash.is(Kind::Hash) || ifndef.as_str() != "ifndef" || !name.is(Kind::Ident) || !next.starts_line() {
        return None;
    }
    let mut depth = 0usize;
    let last = tokens.len();
    for (at, pair) in tokens.windows(2).enumerate() {
        if !(pair[0].is(Kind::Hash) && pair[0].starts_line()) {
            continue;
        }
        match pair[1].as_str() {
            "if" | "ifdef" | "ifndef" => depth += 1,
            "else" | "elif" if depth == 1 => return None,
            "endif" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    let end = (at + 2..last).find(|&i| tokens[i].starts_line()).unwrap_or(last);
                    return if end == last { name.text } else { None };
                }
            }
            _ => {}
        }
    }
    None
}

impl Preprocessor<'_> {
    /// Runs the directive whose `#` stands at `at`; returns where reading goes on.
    pub(super) fn directive(&mut self, tokens: &[Token], at: usize) -> usize {
        let end = Self::line_end(tokens, at + 1);
        let line = &tokens[at + 1..end];
        let Some((name, rest)) = line.split_first() else { return end };
        let span = name.span();
        match name.as_str() {
            "define" => self.define(rest, span),
            "undef" => match rest.first().and_then(|t| t.text) {
                Some(symbol) => {
                    self.record(|| Step::Undefine(symbol));
                    self.state.macros.undefine(symbol, None);
                }
                None => self.error(Code::E0105, "`#undef` needs a name", span),
            },
            "include" | "include_next" | "import" => self.include(rest, span),
            "if" | "ifdef" | "ifndef" => return self.begin_condition(name, rest, tokens, end),
            "else" | "elif" | "elifdef" | "elifndef" | "endif" => return self.next_branch(name, rest, tokens, end),
            "pragma" => self.pragma(rest, span),
            "error" => {
                let text = self.line_text(rest);
                self.error(Code::E0108, format!("#error {text}"), span);
            }
            "warning" => {
                let text = self.line_text(rest);
                self.report(Diagnostic::warning(Code::E0112, format!("#warning {text}"), span));
            }
            "line" | "ident" | "sccs" => {}
            _ if name.is(Kind::Number) => {}
            other => self.error(Code::E0105, format!("unknown directive `#{other}`"), span),
        }
        end
    }

    fn line_text(&self, line: &[Token]) -> String {
        match (line.first(), line.last()) {
            (Some(first), Some(last)) => self.map.snippet(Span::new(first.lo, last.hi)).unwrap_or("").to_string(),
            _ => String::new(),
        }
    }

    fn begin_condition(&mut self, name: &Token, rest: &[Token], tokens: &[Token], end: usize) -> usize {
        let active = self.holds(name, rest);
        let condition = Condition { span: name.span(), active, done: active, had_else: false };
        if let Some(file) = self.files.last_mut() {
            file.conditions.push(condition);
        }
        if active { end } else { self.skip(tokens, end) }
    }

    fn holds(&mut self, name: &Token, rest: &[Token]) -> bool {
        let defined = |pp: &Self, rest: &[Token]| rest.first().and_then(|t| t.text).map(|s| pp.state.macros.counts_as_defined(s));
        match name.as_str() {
            "ifdef" | "elifdef" | "ifndef" | "elifndef" => match defined(self, rest) {
                Some(defined) => defined != name.as_str().ends_with("ndef"),
                None => {
                    self.error(Code::E0105, format!("`#{}` needs a name", name.as_str()), name.span());
                    false
                }
            },
            _ => self.evaluate(rest, name.span()),
        }
    }

    /// `#else` and its kin after a branch that was read: the rest is skipped.
    fn next_branch(&mut self, name: &Token, _rest: &[Token], tokens: &[Token], end: usize) -> usize {
        let Some(condition) = self.files.last_mut().and_then(|file| file.conditions.last_mut()) else {
            self.error(Code::E0107, format!("`#{}` without `#if`", name.as_str()), name.span());
            return end;
        };
        if name.as_str() == "endif" {
            self.files.last_mut().and_then(|file| file.conditions.pop());
            return end;
        }
        let second_else = condition.had_else;
        condition.had_else |= name.as_str() == "else";
        condition.active = false;
        if second_else {
            self.error(Code::E0107, format!("`#{}` after `#else`", name.as_str()), name.span());
        }
        self.skip(tokens, end)
    }

    /// Skips to the branch that is read, or behind the `#endif`.
    fn skip(&mut self, tokens: &[Token], from: usize) -> usize {
        let mut at = from;
        let mut nested = 0usize;
        while at < tokens.len() {
            if !(tokens[at].is(Kind::Hash) && tokens[at].starts_line()) {
                at += 1;
                continue;
            }
            let end = Self::line_end(tokens, at + 1);
            let Some((name, rest)) = tokens[at + 1..end].split_first() else {
                at = end;
                continue;
            };
            match name.as_str() {
                "if" | "ifdef" | "ifndef" => nested += 1,
                "endif" if nested > 0 => nested -= 1,
                "endif" => {
                    self.files.last_mut().and_then(|file| file.conditions.pop());
                    return end;
                }
                "else" | "elif" | "elifdef" | "elifndef" if nested == 0 && self.takes_branch(name, rest) => return end,
                _ => {}
            }
            at = end;
        }
        at
    }

    /// Whether this branch of the innermost condition is the one to read.
    fn takes_branch(&mut self, name: &Token, rest: &[Token]) -> bool {
        let Some(condition) = self.files.last_mut().and_then(|file| file.conditions.last_mut()) else { return false };
        let is_else = name.as_str() == "else";
        let second_else = condition.had_else;
        condition.had_else |= is_else;
        if second_else {
            self.error(Code::E0107, format!("`#{}` after `#else`", name.as_str()), name.span());
            return false;
        }
        if condition.done || !(is_else || self.holds(name, rest)) {
            return false;
        }
        if let Some(condition) = self.files.last_mut().and_then(|file| file.conditions.last_mut()) {
            condition.active = true;
            condition.done = true;
        }
        true
    }

    /// `#pragma`: only `once` and `unroll` mean something to a kernel.
    pub(super) fn pragma(&mut self, line: &[Token], span: Span) {
        match line.first().map_or("", Token::as_str) {
            "once" => {
                if let Some(file) = self.files.last() {
                    self.state.once.insert(file.name.clone());
                }
            }
            "unroll" => self.unroll(&line[0], &line[1..]),
            "nounroll" => {
                let one = Token { text: Some(Symbol::new("1")), kind: Kind::Number, ..line[0] };
                self.unroll(&line[0], &[one]);
            }
            "GCC" | "clang" if line.get(1).is_some_and(|t| t.as_str() == "unroll") => self.unroll(&line[1], &line[2..]),
            "GCC" if line.get(1).is_some_and(|t| t.as_str() == "error") => {
                let text = self.line_text(&line[2..]);
                self.error(Code::E0108, text, span);
            }
            _ => {}
        }
    }

    fn unroll(&mut self, word: &Token, factor: &[Token]) {
        let mut tokens = self.expand_line(factor);
        // `#pragma unroll 4;` and a comment-like rest are common: only what stands before the `;` counts.
        if let Some(semi) = tokens.iter().position(|t| t.is(Kind::Semi)) {
            tokens.truncate(semi);
        }
        let mark = |kind, lo, hi| Token { lo, hi, text: None, kind, flags: Flags::LINE_START };
        let end = tokens.last().map_or(word.hi, |t| t.hi);
        self.out.tokens.push(mark(Kind::Pragma, word.lo, word.hi));
        self.out.tokens.append(&mut tokens);
        self.out.tokens.push(mark(Kind::PragmaEnd, end, end));
    }
}
