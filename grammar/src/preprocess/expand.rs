//! Macro expansion: C++ [cpp.replace].
//!
//! A use pushes a frame with the substituted body; while the frame is read its macro is not expanded again, and names that
//! meet this ban stay banned (`PAINTED`). Tokens of a body get places in an expansion of their own, one for each use;
//! arguments keep the places where the user wrote them.

use super::Preprocessor;
use super::macros::MacroKind;
use crate::lexer::lex;
use crate::shipped::Step;
use crate::token::{Flags, Kind, Token};
use ast::Symbol;
use source::{Code, Expansion, Span};
use std::sync::Arc;

/// What macros may make in one unit.
const MAX_TOKENS: usize = 2_000_000;
const MAX_ARGUMENT_DEPTH: usize = 100;

/// Tokens to be read before the rest of the source.
pub(super) struct Frame {
    tokens: Vec<Token>,
    at: usize,
    /// The macro that is banned until the frame ends.
    owner: Option<usize>,
}

/// What lies below the frames.
struct Source<'t> {
    tokens: &'t [Token],
    at: usize,
    /// A whole file, in which directives count.
    is_file: bool,
}

/// Arguments of one use; each is expanded once, when first needed.
struct Arguments {
    raw: Vec<Vec<Token>>,
    expanded: Vec<Option<Vec<Token>>>,
}

impl Preprocessor<'_> {
    /// Expands the macro named at `at`; returns where reading goes on.
    pub(super) fn expand_at(&mut self, tokens: &[Token], at: usize) -> usize {
        let mut source = Source { tokens, at, is_file: true };
        let mut out = std::mem::take(&mut self.out.tokens);
        self.uses += 1;
        while let Some(token) = self.next(&mut source) {
            self.expand_or_push(token, &mut source, &mut out);
            self.pop_finished();
            if self.frames.is_empty() || self.exhausted {
                break;
            }
        }
        self.drop_frames(0);
        self.uses -= 1;
        out.append(&mut self.out.tokens);
        self.out.tokens = out;
        source.at
    }

    /// Expands a list on its own: a directive's line, a macro's argument.
    pub(super) fn expand_line(&mut self, tokens: &[Token]) -> Vec<Token> {
        let outer = std::mem::take(&mut self.frames);
        let mut source = Source { tokens, at: 0, is_file: false };
        let mut out = Vec::with_capacity(tokens.len());
        while let Some(token) = self.next(&mut source) {
            self.expand_or_push(token, &mut source, &mut out);
            if self.exhausted {
                break;
            }
        }
        self.drop_frames(0);
        self.frames = outer;
        out
    }

    fn next(&mut self, source: &mut Source<'_>) -> Option<Token> {
        self.pop_finished();
        if let Some(frame) = self.frames.last_mut() {
            frame.at += 1;
            return frame.tokens.get(frame.at - 1).copied();
        }
        let token = source.tokens.get(source.at).copied();
        source.at += 1;
        token
    }

    fn pop_finished(&mut self) {
        while self.frames.last().is_some_and(|frame| frame.at >= frame.tokens.len()) {
            self.drop_frames(self.frames.len() - 1);
        }
    }

    fn drop_frames(&mut self, keep: usize) {
        while self.frames.len() > keep {
            if let Some(Frame { owner: Some(owner), .. }) = self.frames.pop() {
                self.state.macros.set_active(owner, false);
            }
        }
    }

    fn expand_or_push(&mut self, mut token: Token, source: &mut Source<'_>, out: &mut Vec<Token>) {
        let index = match token.text {
            Some(symbol) if token.kind == Kind::Ident && !token.flags.has(Flags::PAINTED) => self.state.macros.find(symbol),
            _ => None,
        };
        let Some(index) = index else {
            out.push(token);
            return;
        };
        if self.state.macros.is_active(index) {
            token.flags = token.flags.with(Flags::PAINTED);
            out.push(token);
            return;
        }
        match &self.state.macros.get(index).kind {
            MacroKind::Object => self.enter_macro(index, &token, Arguments::none()),
            MacroKind::Line => {
                let line = self.map.place(token.span()).map_or(0, |place| place.line);
                out.push(Self::make_token(Kind::Number, Symbol::new(&line.to_string()), &token));
            }
            MacroKind::File => {
                let name = self.files.last().map_or("", |file| &file.name);
                out.push(Self::make_token(Kind::Str, Symbol::new(&format!("{name:?}")), &token));
            }
            MacroKind::Counter => {
                out.push(Self::make_token(Kind::Number, Symbol::new(&self.state.counter.to_string()), &token));
                self.state.counter += 1;
            }
            MacroKind::Function { .. } | MacroKind::Pragma if !self.paren_follows(source) => out.push(token),
            MacroKind::Pragma => self.pragma_operator(&token, source, out),
            MacroKind::Function { params, variadic } => {
                let (count, variadic) = (params.len(), *variadic);
                if let Some(arguments) = self.arguments(index, &token, count, variadic, source) {
                    self.enter_macro(index, &token, arguments);
                }
            }
        }
    }

    /// Whether the next token, in whatever frame, is `(`.
    fn paren_follows(&self, source: &Source<'_>) -> bool {
        for frame in self.frames.iter().rev() {
            if let Some(token) = frame.tokens.get(frame.at) {
                return token.is(Kind::LParen);
            }
        }
        source.tokens.get(source.at).is_some_and(|token| token.is(Kind::LParen))
    }

    /// Reads `( .. , .. )`. `None` after an error.
    fn arguments(
        &mut self,
        index: usize,
        name: &Token,
        count: usize,
        variadic: bool,
        source: &mut Source<'_>,
    ) -> Option<Arguments> {
        self.next(source)?;
        let mut raw = vec![Vec::new()];
        let mut depth = 0usize;
        loop {
            while self.at_directive(source) {
                source.at = self.directive(source.tokens, source.at);
            }
            let Some(mut token) = self.next(source) else {
                let message = format!("the arguments of macro `{}` do not end", self.state.macros.get(index).name);
                self.error(Code::E0109, message, name.span());
                return None;
            };
            match token.kind {
                Kind::LParen => depth += 1,
                Kind::RParen if depth == 0 => break,
                Kind::RParen => depth -= 1,
                Kind::Comma if depth == 0 && !(variadic && raw.len() == count) => {
                    raw.push(Vec::new());
                    continue;
                }
                _ => {}
            }
            if token.starts_line() {
                token.flags = token.flags.without(Flags::LINE_START).with(Flags::SPACE);
            }
            if let Some(last) = raw.last_mut() {
                last.push(token);
            }
        }
        if count == 0 && raw.len() == 1 && raw[0].is_empty() {
            raw.clear();
        }
        if variadic && raw.len() + 1 == count {
            raw.push(Vec::new());
        }
        if raw.len() != count {
            let name_text = &self.state.macros.get(index).name;
            let message = format!("macro `{name_text}` takes {count} arguments, {} are given", raw.len());
            self.error(Code::E0109, message, name.span());
            return None;
        }
        let expanded = raw.iter().map(|_| None).collect();
        Some(Arguments { raw, expanded })
    }

    fn at_directive(&mut self, source: &Source<'_>) -> bool {
        self.pop_finished();
        let next = source.tokens.get(source.at);
        source.is_file && self.frames.is_empty() && next.is_some_and(|t| t.is(Kind::Hash) && t.starts_line())
    }

    /// Pushes the frame of one use.
    fn enter_macro(&mut self, index: usize, name: &Token, mut arguments: Arguments) {
        let definition = self.state.macros.get(index);
        let body: Arc<[Token]> = definition.body.clone();
        let body_span = definition.body_span;
        let base = if body.is_empty() {
            0
        } else {
            let expansion = Expansion { macro_name: definition.name.clone(), spelling: body_span, call_site: name.span() };
            match self.map.add_expansion(expansion) {
                Some(span) => span.lo,
                None => return self.give_up(name.span()),
            }
        };
        let shift = |token: &Token| Token {
            lo: base + (token.lo - body_span.lo),
            hi: base + (token.hi - body_span.lo),
            flags: token.flags.without(Flags::LINE_START),
            ..*token
        };
        let body: Vec<Token> = body.iter().map(shift).collect();
        if self.state.macros.get(index).is_number() {
            let place = body[0].span();
            self.state.macros.use_number(index, place);
            let definition = self.state.macros.get(index).definition;
            self.record(|| Step::Use { definition, place });
        }
        if let (Some(recording), Some(symbol)) = (&mut self.recording, name.text) {
            recording.words.insert(symbol);
        }
        let mut tokens = match self.state.macros.get(index).kind {
            MacroKind::Function { .. } => self.substitute(index, &body, &mut arguments),
            _ => body,
        };
        if matches!(self.state.macros.get(index).kind, MacroKind::Object) && tokens.iter().any(|t| t.is(Kind::HashHash)) {
            tokens = self.substitute(index, &tokens, &mut arguments);
        }
        if let Some(first) = tokens.first_mut() {
            first.flags = first.flags.with(name.flags.without(Flags::PAINTED));
        }
        self.state.made += tokens.len() + 1;
        if self.state.made > MAX_TOKENS {
            return self.give_up(name.span());
        }
        self.state.macros.set_active(index, true);
        self.frames.push(Frame { tokens, at: 0, owner: Some(index) });
    }

    fn give_up(&mut self, span: Span) {
        if !self.exhausted {
            self.error(Code::E0104, format!("macros of this unit make more than {MAX_TOKENS} tokens"), span);
        }
        self.exhausted = true;
    }

    /// Replaces parameters in a body: C++ [cpp.subst], [cpp.stringize], [cpp.concat].
    fn substitute(&mut self, index: usize, body: &[Token], arguments: &mut Arguments) -> Vec<Token> {
        let mut out: Vec<Token> = Vec::with_capacity(body.len());
        let mut at = 0;
        while let Some(token) = body.get(at) {
            at += 1;
            if token.is(Kind::HashHash) && !out.is_empty() && at < body.len() {
                at = self.paste_next(index, body, at, arguments, &mut out);
            } else if token.is(Kind::Hash)
                && let Some(param) = body.get(at).and_then(|next| self.param(index, next))
            {
                out.push(stringify(&arguments.raw[param], token));
                at += 1;
            } else if let Some(end) = self.va_opt(index, body, at - 1) {
                if self.has_variable_arguments(index, arguments) {
                    let inner = self.substitute(index, &body[at + 1..end], arguments);
                    out.extend(inner);
                }
                at = end + 1;
            } else if let Some(param) = self.param(index, token) {
                let pasted = body.get(at).is_some_and(|next| next.is(Kind::HashHash));
                let list = if pasted { arguments.raw[param].clone() } else { self.expanded(arguments, param) };
                if pasted && list.is_empty() {
                    // Nothing to the left of `##`: the right side stands alone.
                    at = self.append_next(index, body, at + 1, arguments, &mut out);
                } else {
                    append_spaced(&mut out, list, token);
                }
            } else {
                out.push(*token);
            }
        }
        out
    }

    /// The operand behind `##` without pasting; an empty one leaves the place to the next `##`.
    fn append_next(&mut self, index: usize, body: &[Token], at: usize, arguments: &Arguments, out: &mut Vec<Token>) -> usize {
        let mut at = at;
        while let Some(token) = body.get(at) {
            at += 1;
            match self.param(index, token) {
                Some(param) if arguments.raw[param].is_empty() && body.get(at).is_some_and(|next| next.is(Kind::HashHash)) => {
                    at += 1
                }
                Some(param) => {
                    out.extend(&arguments.raw[param]);
                    break;
                }
                None => {
                    out.push(*token);
                    break;
                }
            }
        }
        at
    }

    /// Joins the last token of `out` with the operand behind `##`.
    fn paste_next(&mut self, index: usize, body: &[Token], at: usize, arguments: &mut Arguments, out: &mut Vec<Token>) -> usize {
        let right: Vec<Token> = match self.param(index, &body[at]) {
            Some(param) => {
                let last = param + 1 == arguments.raw.len();
                if out.last().is_some_and(|t| t.is(Kind::Comma)) && last && self.is_variadic(index) {
                    // GNU: `, ## __VA_ARGS__` drops the comma where nothing follows, and pastes nothing.
                    if arguments.raw[param].is_empty() {
                        out.pop();
                    } else {
                        let list = self.expanded(arguments, param);
                        out.extend(list);
                    }
                    return at + 1;
                }
                arguments.raw[param].clone()
            }
            None => vec![body[at]],
        };
        let mut right = right.into_iter();
        if let Some(b) = right.next()
            && let Some(a) = out.pop()
        {
            match paste(&a, &b) {
                Some(token) => out.push(token),
                // A suffix of the program's own ([lex.ext]) stays a token of its own.
                None if a.is(Kind::Str) && b.is(Kind::Ident) => out.extend([a, b]),
                None => {
                    let message = format!("`{}` and `{}` make no token together", a.as_str(), b.as_str());
                    self.error(Code::E0111, message, a.span());
                    out.extend([a, b]);
                }
            }
        }
        out.extend(right);
        at + 1
    }

    fn param(&self, index: usize, token: &Token) -> Option<usize> {
        match &self.state.macros.get(index).kind {
            MacroKind::Function { params, .. } if token.is(Kind::Ident) => {
                params.iter().position(|&param| Some(param) == token.text)
            }
            _ => None,
        }
    }

    fn is_variadic(&self, index: usize) -> bool {
        matches!(self.state.macros.get(index).kind, MacroKind::Function { variadic: true, .. })
    }

    /// The place of the `)` of a `__VA_OPT__( .. )` that starts at `at`.
    fn va_opt(&self, index: usize, body: &[Token], at: usize) -> Option<usize> {
        if !body[at].is(Kind::Ident) || body[at].as_str() != "__VA_OPT__" || !self.is_variadic(index) {
            return None;
        }
        let mut depth = 0usize;
        for (place, token) in body.iter().enumerate().skip(at + 1) {
            match token.kind {
                Kind::LParen => depth += 1,
                Kind::RParen if depth == 1 => return Some(place),
                Kind::RParen => depth = depth.checked_sub(1)?,
                _ if depth == 0 => return None,
                _ => {}
            }
        }
        None
    }

    fn has_variable_arguments(&mut self, index: usize, arguments: &mut Arguments) -> bool {
        self.is_variadic(index) && !arguments.raw.is_empty() && !self.expanded(arguments, arguments.raw.len() - 1).is_empty()
    }

    fn expanded(&mut self, arguments: &mut Arguments, param: usize) -> Vec<Token> {
        if let Some(list) = &arguments.expanded[param] {
            return list.clone();
        }
        if self.argument_depth >= MAX_ARGUMENT_DEPTH {
            let span = arguments.raw[param].first().map_or(Span::NONE, Token::span);
            self.error(Code::E0104, format!("macro arguments nest more than {MAX_ARGUMENT_DEPTH} deep"), span);
            self.exhausted = true;
            return Vec::new();
        }
        self.argument_depth += 1;
        let list = self.expand_line(&arguments.raw[param]);
        self.argument_depth -= 1;
        self.state.made += list.len();
        arguments.expanded[param] = Some(list.clone());
        list
    }

    /// `_Pragma("...")`, C++ [cpp.pragma.op].
    fn pragma_operator(&mut self, name: &Token, source: &mut Source<'_>, out: &mut Vec<Token>) {
        let index = name.text.and_then(|symbol| self.state.macros.find(symbol)).unwrap_or_default();
        let Some(arguments) = self.arguments(index, name, 1, true, source) else { return };
        let Some(text) = arguments.raw.first().and_then(|list| list.first()).filter(|t| t.is(Kind::Str)) else {
            self.error(Code::E0105, "`_Pragma` needs one string", name.span());
            return;
        };
        let inner = text.as_str().trim_matches('"').replace("\\\"", "\"").replace("\\\\", "\\");
        let place = |token: &Token| Token { lo: text.lo, hi: text.hi, ..*token };
        let line: Vec<Token> = lex(&inner, 0).tokens.iter().map(place).collect();
        let before = self.out.tokens.len();
        self.pragma(&line, name.span());
        out.extend(self.out.tokens.split_off(before));
    }
}

impl Arguments {
    fn none() -> Arguments {
        Arguments { raw: Vec::new(), expanded: Vec::new() }
    }
}

/// Adds an argument in the place of its parameter, with the parameter's white space.
fn append_spaced(out: &mut Vec<Token>, list: Vec<Token>, param: &Token) {
    let from = out.len();
    out.extend(list);
    if let Some(first) = out.get_mut(from) {
        first.flags =
            if param.flags.has(Flags::SPACE) { first.flags.with(Flags::SPACE) } else { first.flags.without(Flags::SPACE) };
    }
}

fn stringify(tokens: &[Token], hash: &Token) -> Token {
    let mut text = String::from("\"");
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 && token.flags.has(Flags::SPACE) {
            text.push(' ');
        }
        if matches!(token.kind, Kind::Str | Kind::Char) {
            text.push_str(&token.as_str().replace('\\', "\\\\").replace('"', "\\\""));
        } else {
            text.push_str(token.as_str());
        }
    }
    text.push('"');
    Token { text: Some(Symbol::new(&text)), kind: Kind::Str, ..*hash }
}

fn paste(a: &Token, b: &Token) -> Option<Token> {
    let text = format!("{}{}", a.as_str(), b.as_str());
    match &lex(&text, 0).tokens[..] {
        [only] if only.kind != Kind::Unknown => Some(Token { lo: a.lo, hi: a.hi, flags: a.flags, ..*only }),
        _ => None,
    }
}
