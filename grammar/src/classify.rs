//! Raw tokens of one item to role tokens: every ambiguity of C++ is decided here, with unlimited look-ahead and no tree.
//!
//! A recursive walk, one function for each coarse construct. It never fails: what it does not understand it passes on, and the
//! parser then names it. Decisions are numbered R1 to R16; a comment at each says what is decided by what.
//!
//! What must hold: every loop makes progress; recursion follows brackets and statements and is capped; a scan for a `>` is paid
//! from a budget, so that no input costs more than linear time.

mod decide;
mod declarations;
mod declarators;
mod dull;
mod exprs;
mod names;
mod stmts;
mod types;

pub use dull::{has_dull_statements, telling_names};

use crate::names::{NameKind, NameTable};
use crate::split::Tokens;
use crate::token::Kind;
use ast::{Kw, Symbol, Tok};
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Code, Diagnostic, Span};
use std::cell::{Cell, RefCell};

/// Role tokens with their places, as the parser takes them.
pub type Roles = Vec<(u32, Tok, u32)>;

/// A question to the names of the unit, on which roles depend: the name, whether it stood behind `::`, and what it was.
pub type Question = (Symbol, bool, Option<NameKind>);

/// Statements under statements, template lists in template lists.
const MAX_DEPTH: usize = 256;
/// Operators on one path of an expression: the tree becomes as deep.
const MAX_WEIGHT: usize = 2048;

pub struct Classifier<'t> {
    t: Tokens<'t>,
    names: &'t NameTable,
    /// What `names` was asked, if that is wanted.
    asked: Option<RefCell<Vec<Question>>>,
    /// Of host code that is only read for its launches: the names that may lead to one.
    telling: Option<&'t FxHashSet<Symbol>>,
    /// The token to be looked at next.
    i: usize,
    out: Roles,
    /// Names of the scopes around, innermost meaning first.
    scope: FxHashMap<Symbol, NameKind>,
    undo: Vec<(Symbol, Option<NameKind>)>,
    /// Names of the classes around, for constructors.
    classes: Vec<Option<Symbol>>,
    /// Parameters of the last declarator, for the body behind it.
    params: Vec<Symbol>,
    /// Where the specifiers of the current declaration start in `out`.
    specs_at: usize,
    /// Inside template arguments, outside parentheses in them.
    in_list: bool,
    depth: usize,
    weight: usize,
    /// What look-ahead may still cost.
    budget: Cell<usize>,
    failure: Option<Diagnostic>,
}

/// Where a declaration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Namespace,
    Class,
    Block,
    Param,
    /// A type-id: no name is declared.
    Type,
}

/// Classifies the item `lo..hi`. `telling`: of host code, without what says nothing.
pub fn classify_item<'t>(
    t: Tokens<'t>,
    names: &'t NameTable,
    (lo, hi): (usize, usize),
    telling: Option<&'t FxHashSet<Symbol>>,
) -> (Roles, Option<Diagnostic>) {
    let mut classifier = Classifier::new(t, names, lo, hi);
    classifier.telling = telling;
    classifier.declaration(hi, Place::Namespace);
    classifier.pass_on(hi);
    classifier.finish(lo)
}

/// The same, with all that the roles depend on beside the tokens.
pub fn classify_kept_item(t: Tokens<'_>, names: &NameTable, lo: usize, hi: usize) -> (Roles, Option<Diagnostic>, Vec<Question>) {
    let mut classifier = Classifier::new(t, names, lo, hi);
    classifier.asked = Some(RefCell::default());
    classifier.declaration(hi, Place::Namespace);
    classifier.pass_on(hi);
    let mut asked = classifier.asked.take().map(RefCell::into_inner).unwrap_or_default();
    asked.sort_unstable_by_key(|&(name, qualified, _)| (name.id(), qualified));
    asked.dedup();
    let (roles, failure) = classifier.finish(lo);
    (roles, failure, asked)
}

/// Classifies an expression as the condition of a `static_assert`, so that the one start symbol of the grammar serves.
pub fn classify_expression(t: Tokens<'_>, names: &NameTable, lo: usize, hi: usize) -> (Roles, Option<Diagnostic>) {
    let mut classifier = Classifier::new(t, names, lo, hi);
    classifier.wrap(Tok::StaticAssert);
    classifier.wrap(Tok::LParen);
    classifier.expression(hi, false);
    classifier.pass_on(hi);
    classifier.wrap(Tok::RParen);
    classifier.wrap(Tok::Semi);
    classifier.finish(lo)
}

impl<'t> Classifier<'t> {
    fn new(t: Tokens<'t>, names: &'t NameTable, lo: usize, hi: usize) -> Classifier<'t> {
        Classifier {
            t,
            names,
            asked: None,
            telling: None,
            i: lo,
            out: Vec::with_capacity((hi - lo) + 8),
            scope: FxHashMap::default(),
            undo: Vec::new(),
            classes: Vec::new(),
            params: Vec::new(),
            specs_at: 0,
            in_list: false,
            depth: 0,
            weight: 0,
            budget: Cell::new(100_000 + 16 * (hi - lo)),
            failure: None,
        }
    }

    fn finish(mut self, lo: usize) -> (Roles, Option<Diagnostic>) {
        if self.budget.get() == 0 {
            let span = self.span_at(lo);
            self.fail(Diagnostic::error(Code::E0116, "this declaration is too intricate to be read", span));
        }
        (self.out, self.failure)
    }

    // ---- Looking ----

    fn kind(&self, at: usize) -> Option<Kind> {
        self.t.kind(at)
    }

    fn is(&self, kind: Kind) -> bool {
        self.t.is(self.i, kind)
    }

    fn is_at(&self, at: usize, kind: Kind) -> bool {
        self.t.is(at, kind)
    }

    fn kw(&self, at: usize) -> Option<Kw> {
        self.t.keyword(at)
    }

    fn name_at(&self, at: usize) -> Option<Symbol> {
        self.t.name(at)
    }

    /// The mate of an opening bracket, `end` of the enclosing region otherwise.
    fn mate(&self, at: usize) -> usize {
        self.t.mate(at).unwrap_or(at)
    }

    fn span_at(&self, at: usize) -> Span {
        self.t.list.get(at).or(self.t.list.last()).map_or(Span::NONE, |t| t.span())
    }

    /// The first `kind` outside brackets in `from..end`.
    fn find_flat(&self, from: usize, end: usize, kind: Kind) -> Option<usize> {
        let mut at = from;
        while at < end {
            if self.is_at(at, kind) {
                return Some(at);
            }
            self.pay(1)?;
            at = self.t.after(at);
        }
        None
    }

    /// Pays for look-ahead; `None` when the budget is spent, and then the item fails.
    fn pay(&self, cost: usize) -> Option<()> {
        let left = self.budget.get().checked_sub(cost);
        self.budget.set(left.unwrap_or(0));
        left.map(|_| ())
    }

    // ---- Writing ----

    /// Emits the current token in a role and goes on.
    fn take(&mut self, tok: Tok) {
        let span = self.span_at(self.i);
        self.out.push((span.lo, tok, span.hi));
        self.i += 1;
    }

    /// Emits several tokens as one.
    fn take_joined(&mut self, tok: Tok, count: usize) {
        let (first, last) = (self.span_at(self.i), self.span_at(self.i + count - 1));
        self.out.push((first.lo, tok, last.hi));
        self.i += count;
    }

    /// Emits a token that has no text, in front of the current one.
    fn mark(&mut self, tok: Tok) {
        let lo = self.span_at(self.i).lo;
        self.out.push((lo, tok, lo));
    }

    /// Emits a token that has no text, behind the last one.
    fn wrap(&mut self, tok: Tok) {
        let hi = self.out.last().map_or_else(|| self.span_at(self.i).lo, |t| t.2);
        self.out.push((hi, tok, hi));
    }

    /// Emits a specifier that stands at the wrong place in front of the declaration's others.
    fn hoist(&mut self, tok: Tok) {
        let span = self.span_at(self.i);
        self.out.insert(self.specs_at.min(self.out.len()), (span.lo, tok, span.hi));
        self.i += 1;
    }

    /// What was not understood goes to the parser as it is.
    fn pass_on(&mut self, end: usize) {
        while self.i < end {
            let tok = self.raw(self.i);
            self.take(tok);
        }
    }

    /// The plainest role of a token.
    fn raw(&self, at: usize) -> Tok {
        let Some(token) = self.t.list.get(at) else { return Tok::Stray };
        match token.kind {
            Kind::Ident => match (self.kw(at), token.text) {
                (Some(kw), _) => Tok::Kw(kw),
                (None, Some(symbol)) => Tok::Id(symbol),
                (None, None) => Tok::Stray,
            },
            Kind::Number | Kind::Char | Kind::Str => self.literal(at),
            Kind::LParen => Tok::LParen,
            Kind::RParen => Tok::RParen,
            Kind::LBracket => Tok::LBracket,
            Kind::RBracket => Tok::RBracket,
            Kind::LBrace => Tok::LBrace,
            Kind::RBrace => Tok::RBrace,
            Kind::Semi => Tok::Semi,
            Kind::Comma => Tok::Comma,
            Kind::Colon => Tok::Colon,
            Kind::ColCol => Tok::ColCol,
            Kind::Question => Tok::Question,
            Kind::Dot => Tok::Dot,
            Kind::Arrow => Tok::Arrow,
            Kind::Ellipsis => Tok::Ellipsis,
            Kind::Eq => Tok::Assign,
            _ => exprs::binary_operator(token.kind).map_or(Tok::Stray, Tok::BinOp),
        }
    }

    fn literal(&self, at: usize) -> Tok {
        let Some(token) = self.t.list.get(at) else { return Tok::Stray };
        let Some(text) = token.text else { return Tok::Stray };
        match token.kind {
            Kind::Char => Tok::Char(text),
            Kind::Str => Tok::Str(text),
            _ if is_float(text.as_str()) => Tok::Float(text),
            _ => Tok::Int(text),
        }
    }

    // ---- Scopes ----

    fn open_scope(&self) -> usize {
        self.undo.len()
    }

    fn close_scope(&mut self, mark: usize) {
        while self.undo.len() > mark {
            if let Some((name, before)) = self.undo.pop() {
                match before {
                    Some(kind) => self.scope.insert(name, kind),
                    None => self.scope.remove(&name),
                };
            }
        }
    }

    fn declare(&mut self, name: Symbol, kind: NameKind) {
        let before = self.scope.insert(name, kind);
        self.undo.push((name, before));
    }

    /// An unqualified name: scopes first, then the unit.
    fn lookup(&self, name: Symbol) -> Option<NameKind> {
        self.scope.get(&name).copied().or_else(|| self.ask(name, false))
    }

    /// A name of the unit.
    fn ask(&self, name: Symbol, qualified: bool) -> Option<NameKind> {
        let kind = self.names.kind(name, qualified);
        if let Some(asked) = &self.asked {
            asked.borrow_mut().push((name, qualified, kind));
        }
        kind
    }

    // ---- Bounds ----

    /// Runs `f` one level deeper; beyond the cap the region is left out and the item fails.
    fn nested(&mut self, end: usize, f: impl FnOnce(&mut Self)) {
        if self.depth >= MAX_DEPTH {
            let span = self.span_at(self.i);
            self.fail(Diagnostic::error(Code::E0116, format!("statements nest more than {MAX_DEPTH} deep"), span));
            self.i = end.max(self.i);
            return;
        }
        self.depth += 1;
        f(self);
        self.depth -= 1;
    }

    fn fail(&mut self, diagnostic: Diagnostic) {
        if self.failure.is_none() {
            self.failure = Some(diagnostic);
        }
    }

    /// One more operator on the path from the statement to here.
    fn add_weight(&mut self) {
        self.weight += 1;
        if self.weight > MAX_WEIGHT && self.failure.is_none() {
            let span = self.span_at(self.i);
            let message = format!("one expression or statement has more than {MAX_WEIGHT} parts in a row");
            self.fail(Diagnostic::error(Code::E0116, message, span));
        }
    }
}

pub fn is_float(text: &str) -> bool {
    let hex = text.starts_with("0x") || text.starts_with("0X");
    if hex { text.contains(['p', 'P']) } else { text.contains(['.', 'e', 'E']) && !text.starts_with("0b") }
}
