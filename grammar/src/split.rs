//! Cuts a token range into declarations without parsing them, and says what each declares.
//!
//! Namespaces and `extern "C"` are entered; a class is one item. The same cutter serves class bodies.

mod declared;

pub use declared::before_angles;

use crate::brackets::NO_MATE;
use crate::token::{Kind, Token};
use crate::unit::{ItemFlags, ItemKind, Scope};
use ast::{Ident, Kw, Symbol};
use std::sync::Arc;

/// A declaration as a token range.
#[derive(Clone, Debug)]
pub struct RawItem {
    pub lo: usize,
    /// Behind the `;` or `}`.
    pub hi: usize,
    pub kind: ItemKind,
    pub flags: ItemFlags,
    pub scope: Arc<[Scope]>,
    /// The functions, variables or types that it declares.
    pub names: Vec<Symbol>,
    /// Enumerators, and variables behind a class: always values.
    pub values: Vec<Symbol>,
    /// Names before `::` in front of the declared name.
    pub qualifiers: Vec<Symbol>,
    /// Where the parameter list of a function starts.
    pub params: Option<usize>,
}

/// Tokens with the mates of their brackets.
#[derive(Clone, Copy)]
pub struct Tokens<'t> {
    pub list: &'t [Token],
    pub mates: &'t [u32],
}

impl<'t> Tokens<'t> {
    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.list.get(at).map(|t| t.kind)
    }

    pub fn is(&self, at: usize, kind: Kind) -> bool {
        self.kind(at) == Some(kind)
    }

    /// Names of type traits count as keywords only where they are called: libraries have classes of these names.
    pub fn keyword(&self, at: usize) -> Option<Kw> {
        let keyword = self.list.get(at)?.keyword()?;
        (!keyword.is_type_trait() || self.is(at + 1, Kind::LParen)).then_some(keyword)
    }

    /// A name that is no keyword.
    pub fn name(&self, at: usize) -> Option<Symbol> {
        let token = self.list.get(at)?;
        if token.kind == Kind::Ident && self.keyword(at).is_none() { token.text } else { None }
    }

    /// The index of the mate, `None` for other tokens.
    pub fn mate(&self, at: usize) -> Option<usize> {
        self.mates.get(at).copied().filter(|&mate| mate != NO_MATE).map(|mate| mate as usize)
    }

    /// Behind the token at `at`, or behind the bracket that it opens.
    pub fn after(&self, at: usize) -> usize {
        match self.kind(at) {
            Some(Kind::LParen | Kind::LBracket | Kind::LBrace) => self.mate(at).map_or(at + 1, |mate| mate + 1),
            _ => at + 1,
        }
    }

    /// Behind the `>` that closes the `<` at `at`, counting angles alone.
    pub fn after_angles(&self, at: usize, end: usize) -> Option<usize> {
        let mut depth = 0usize;
        let mut i = at;
        while i < end {
            match self.list[i].kind {
                // Behind a number or a bracket it compares.
                Kind::Lt if i == at || self.is(i - 1, Kind::Ident) => depth += 1,
                Kind::Gt => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(i + 1);
                    }
                }
                Kind::Semi | Kind::LBrace => return None,
                _ => {}
            }
            i = self.after(i);
        }
        None
    }
}

/// Cuts `lo..hi` at file scope.
pub fn split(tokens: Tokens<'_>, lo: usize, hi: usize) -> Vec<RawItem> {
    let mut splitter = Splitter { tokens, items: Vec::new() };
    splitter.range(lo, hi, &Arc::from([]));
    splitter.items
}

/// Cuts a class body.
pub fn split_members(tokens: Tokens<'_>, lo: usize, hi: usize) -> Vec<RawItem> {
    let mut splitter = Splitter { tokens, items: Vec::new() };
    let scope = Arc::from([]);
    let mut at = lo;
    while at < hi {
        at = match tokens.keyword(at) {
            Some(Kw::Public | Kw::Private | Kw::Protected) if tokens.is(at + 1, Kind::Colon) => {
                splitter.push(at, at + 2, ItemKind::Other, &scope);
                at + 2
            }
            _ => splitter.item(at, hi, &scope),
        };
    }
    splitter.items
}

struct Splitter<'t> {
    tokens: Tokens<'t>,
    items: Vec<RawItem>,
}

impl Splitter<'_> {
    fn push(&mut self, lo: usize, hi: usize, kind: ItemKind, scope: &Arc<[Scope]>) {
        self.items.push(RawItem {
            lo,
            hi,
            kind,
            flags: ItemFlags::default(),
            scope: scope.clone(),
            names: Vec::new(),
            values: Vec::new(),
            qualifiers: Vec::new(),
            params: None,
        });
    }

    fn range(&mut self, lo: usize, hi: usize, scope: &Arc<[Scope]>) {
        let mut at = lo;
        while at < hi {
            let inline = self.tokens.keyword(at) == Some(Kw::Inline);
            let word = at + usize::from(inline);
            at = if self.tokens.keyword(word) == Some(Kw::Namespace) {
                self.namespace(word, hi, scope, inline)
            } else if self.tokens.keyword(at) == Some(Kw::Extern) && self.tokens.is(at + 1, Kind::Str) {
                self.linkage(at, hi, scope)
            } else if self.tokens.is(at, Kind::Pragma) {
                self.after_pragma(at, hi)
            } else {
                self.item(at, hi, scope)
            };
        }
    }

    fn after_pragma(&self, at: usize, hi: usize) -> usize {
        (at..hi).find(|&i| self.tokens.is(i, Kind::PragmaEnd)).map_or(hi, |i| i + 1)
    }

    /// `namespace a::b { .. }`, `namespace { .. }`, `namespace a = b;`
    fn namespace(&mut self, word: usize, hi: usize, scope: &Arc<[Scope]>, inline: bool) -> usize {
        let mut path: Vec<Scope> = scope.to_vec();
        let mut at = word + 1;
        let mut named = false;
        while at < hi {
            let token = &self.tokens.list[at];
            match token.kind {
                Kind::LBrace => {
                    let Some(mate) = self.tokens.mate(at) else { return at + 1 };
                    if !named {
                        path.push(Scope { name: None, inline: true });
                    }
                    self.range(at + 1, mate, &Arc::from(path));
                    return mate + 1;
                }
                Kind::Eq => return self.item(word, hi, scope),
                Kind::Semi => return at + 1,
                Kind::Ident => {
                    if let Some(name) = self.tokens.name(at) {
                        path.push(Scope { name: Some(Ident { name, span: token.span() }), inline });
                        named = true;
                    }
                }
                _ => {}
            }
            at = self.tokens.after(at);
        }
        at
    }

    /// `extern "C" { .. }`, `extern "C" f();`
    fn linkage(&mut self, at: usize, hi: usize, scope: &Arc<[Scope]>) -> usize {
        match self.tokens.mate(at + 2) {
            Some(mate) if self.tokens.is(at + 2, Kind::LBrace) => {
                self.range(at + 3, mate, scope);
                mate + 1
            }
            _ if at + 2 < hi => self.item(at + 2, hi, scope),
            _ => hi,
        }
    }

    /// Cuts one declaration and describes it; returns the place behind it.
    fn item(&mut self, lo: usize, hi: usize, scope: &Arc<[Scope]>) -> usize {
        if self.tokens.is(lo, Kind::Semi) {
            return lo + 1;
        }
        let shape = self.shape(lo, hi);
        let end = shape.end;
        self.push(lo, end, ItemKind::Other, scope);
        if let Some(item) = self.items.last_mut() {
            declared::describe(self.tokens, item, &shape);
        }
        end
    }

    /// Finds the end of the declaration at `lo` and what its head shows.
    fn shape(&self, lo: usize, hi: usize) -> Shape {
        let mut shape = Shape { start: lo, end: hi, ..Shape::default() };
        let mut at = lo;
        while at < hi {
            let token = &self.tokens.list[at];
            match token.kind {
                Kind::Semi => {
                    shape.end = at + 1;
                    return shape;
                }
                Kind::LBrace => {
                    let after = self.tokens.after(at);
                    if shape.is_function_body(self.tokens, at) {
                        shape.body = Some(at);
                        shape.end = after;
                        return shape;
                    }
                    if shape.class_key.is_some() && shape.class_body.is_none() && shape.assign.is_none() && shape.params.is_none()
                    {
                        shape.class_body = Some(at);
                    }
                    at = after;
                    continue;
                }
                // A closing bracket of an outer range: the range was cut wrongly, go no further.
                Kind::RBrace | Kind::RParen | Kind::RBracket => {
                    shape.end = at + 1;
                    return shape;
                }
                Kind::Eq if shape.assign.is_none() => shape.assign = Some(at),
                Kind::Colon if shape.params.is_some() => shape.after_colon = true,
                Kind::LParen if shape.assign.is_none() && shape.params.is_none() && !self.is_attribute_paren(at) => {
                    shape.params = Some(at);
                }
                Kind::Lt if shape.template && at == shape.start => {
                    if let Some(after) = self.tokens.after_angles(at, hi) {
                        at = after;
                        shape.start = after;
                        continue;
                    }
                }
                // Arguments of a template in the head: parentheses in them are none of ours.
                Kind::Lt if shape.assign.is_none() && shape.params.is_none() => {
                    if let Some(after) = self.tokens.after_angles(at, hi) {
                        at = after;
                        continue;
                    }
                }
                Kind::Ident => match token.keyword() {
                    Some(Kw::Template) if at == shape.start => {
                        shape.template = true;
                        shape.start = at + 1;
                    }
                    Some(Kw::Operator) => {
                        at = self.after_operator(at, hi, &mut shape);
                        continue;
                    }
                    Some(Kw::Struct | Kw::Class | Kw::Union | Kw::Enum)
                        if shape.class_key.is_none() && shape.params.is_none() =>
                    {
                        shape.class_key = Some(at);
                    }
                    _ => {}
                },
                _ => {}
            }
            at = self.tokens.after(at);
        }
        shape
    }

    /// Behind `operator+`, `operator()`, `operator T`; the `(` of the parameters comes next.
    fn after_operator(&self, at: usize, hi: usize, shape: &mut Shape) -> usize {
        shape.operator = Some(at);
        let mut i = at + 1;
        if self.tokens.is(i, Kind::LParen) && self.tokens.is(i + 1, Kind::RParen) {
            return i + 2;
        }
        while i < hi && !matches!(self.tokens.kind(i), Some(Kind::LParen | Kind::Semi | Kind::LBrace)) {
            i += 1;
        }
        i
    }

    /// `__align__(8)`, `__attribute__((..))`, `decltype(x)`: parentheses that are no parameter list.
    fn is_attribute_paren(&self, at: usize) -> bool {
        at > 0
            && matches!(
                self.tokens.keyword(at - 1),
                Some(
                    Kw::Align
                        | Kw::Alignas
                        | Kw::Attribute
                        | Kw::Attribute2
                        | Kw::Declspec
                        | Kw::LaunchBounds
                        | Kw::ClusterDims
                        | Kw::MaxNReg
                        | Kw::Decltype
                        | Kw::DecltypeGnu
                        | Kw::Typeof
                        | Kw::TypeofGnu
                        | Kw::TypeofGnu2
                        | Kw::Explicit
                        | Kw::Noexcept
                        | Kw::Requires
                        | Kw::Sizeof
                        | Kw::UnderlyingType
                )
            )
    }
}

/// What the head of a declaration shows.
#[derive(Debug, Default)]
struct Shape {
    /// Behind all `template <..>`.
    start: usize,
    end: usize,
    template: bool,
    class_key: Option<usize>,
    class_body: Option<usize>,
    params: Option<usize>,
    operator: Option<usize>,
    assign: Option<usize>,
    /// A colon behind the parameters: constructor initialisers.
    after_colon: bool,
    body: Option<usize>,
}

impl Shape {
    fn is_function_body(&self, tokens: Tokens<'_>, brace: usize) -> bool {
        if self.params.is_none() || self.assign.is_some() || brace == 0 {
            return false;
        }
        // `x{1}` among constructor initialisers follows a name.
        !(self.after_colon && (tokens.name(brace - 1).is_some() || tokens.is(brace - 1, Kind::Gt)))
    }
}
