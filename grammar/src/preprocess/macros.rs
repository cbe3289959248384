//! The macro table.

use super::{Constant, Preprocessor};
use crate::lexer::lex;
use crate::shipped::Step;
use crate::token::{Flags, Kind, Token};
use ast::Symbol;
use source::{Code, Span};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub(crate) struct Macro {
    pub name: Arc<str>,
    pub kind: MacroKind,
    pub body: Arc<[Token]>,
    /// From the first to the last token of the body.
    pub body_span: Span,
    /// The place of the name in its definition.
    pub definition: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum MacroKind {
    Object,
    Function {
        params: Vec<Symbol>,
        /// The last parameter takes the rest.
        variadic: bool,
    },
    Line,
    File,
    Counter,
    Pragma,
}

#[derive(Clone, Debug, Default)]
pub(super) struct MacroTable {
    /// Those of the prelude, which all units share. Their numbers come first.
    below: Arc<Vec<Macro>>,
    macros: Vec<Macro>,
    /// Those that are being expanded, so that their names stay as they are.
    active: Vec<usize>,
    /// Places of the literals of macros that stand for a number.
    uses: BTreeMap<usize, Vec<Span>>,
    /// By the symbol's number: index into `macros` plus one.
    current: Vec<u32>,
    /// Since the prelude, in order.
    changes: Vec<Change>,
}

/// A definition, or the end of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub name: Symbol,
    /// The kept header that it comes from.
    pub header: Option<u32>,
    /// What the name meant before, as `current` has it.
    before: u32,
}

/// A state of the table.
#[derive(Default)]
pub(super) struct Definitions(Vec<u32>);

impl MacroTable {
    pub fn is_defined(&self, symbol: Symbol) -> bool {
        self.current.get(symbol.id() as usize).is_some_and(|&slot| slot != 0)
    }

    /// What `#ifdef` says.
    pub fn counts_as_defined(&self, symbol: Symbol) -> bool {
        self.is_defined(symbol) || KEYWORDS.contains(&symbol.as_str())
    }

    pub fn find(&self, symbol: Symbol) -> Option<usize> {
        let slot = *self.current.get(symbol.id() as usize)?;
        (slot as usize).checked_sub(1)
    }

    pub fn get(&self, index: usize) -> &Macro {
        match index.checked_sub(self.below.len()) {
            Some(own) => &self.macros[own],
            None => &self.below[index],
        }
    }

    pub fn is_active(&self, index: usize) -> bool {
        self.active.contains(&index)
    }

    pub fn set_active(&mut self, index: usize, active: bool) {
        match active {
            true => self.active.push(index),
            false => self.active.retain(|&other| other != index),
        }
    }

    /// The literal of the macro is there once more.
    pub fn use_number(&mut self, index: usize, place: Span) {
        self.uses.entry(index).or_default().push(place);
    }

    /// Whoever goes on from here shares what is defined now.
    pub fn share(&mut self) {
        let below = std::mem::take(&mut self.below);
        let all = below.iter().cloned().chain(self.macros.drain(..)).collect();
        self.below = Arc::new(all);
        self.changes.clear();
    }

    /// `header`: the kept header that the definition comes from.
    pub fn define(&mut self, symbol: Symbol, definition: Macro, header: Option<u32>) {
        let index = self.below.len() + self.macros.len();
        self.macros.push(definition);
        self.change(symbol, index as u32 + 1, header);
    }

    /// Which macros are defined now.
    pub fn definitions(&self) -> Definitions {
        Definitions(self.current.clone())
    }

    /// As if nothing had been defined or undefined since then.
    pub fn set_definitions(&mut self, definitions: Definitions) {
        self.current = definitions.0;
        self.changes.clear();
    }

    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether the name means since the prelude what it did not: a header may define macros of its own and end them.
    pub fn is_changed(&self, symbol: Symbol) -> bool {
        let now = self.current.get(symbol.id() as usize).copied().unwrap_or_default();
        self.changes.iter().find(|change| change.name == symbol).is_some_and(|first| first.before != now)
    }

    /// The literal of a macro that stands for a number is there once more.
    pub fn add_use(&mut self, definition: Span, place: Span) {
        let is_it = |known: &Macro| known.definition == definition;
        let own = self.macros.iter().rposition(is_it).map(|at| self.below.len() + at);
        if let Some(index) = own.or_else(|| self.below.iter().rposition(is_it)) {
            self.use_number(index, place);
        }
    }

    pub fn undefine(&mut self, symbol: Symbol, header: Option<u32>) {
        self.change(symbol, 0, header);
    }

    fn change(&mut self, symbol: Symbol, slot: u32, header: Option<u32>) {
        let id = symbol.id() as usize;
        if self.current.len() <= id {
            self.current.resize(id + 1, 0);
        }
        let before = std::mem::replace(&mut self.current[id], slot);
        self.changes.push(Change { name: symbol, header, before });
    }

    /// Macros that stand for one number and were used, in order of definition.
    pub fn take_constants(&mut self) -> Vec<Constant> {
        let uses = std::mem::take(&mut self.uses);
        let used = uses.into_iter().map(|(index, uses)| (self.get(index), uses));
        used.filter(|(m, _)| m.is_number() && !m.definition.is_none())
            .map(|(m, uses)| Constant { name: Symbol::new(&m.name), token: m.body[0], definition: m.definition, uses })
            .collect()
    }
}

impl Macro {
    pub fn is_number(&self) -> bool {
        self.kind == MacroKind::Object && matches!(&self.body[..], [Token { kind: Kind::Number, .. }])
    }
}

impl Preprocessor<'_> {
    /// `#define NAME body`, `#define NAME(a, b) body`. `line` starts at the name.
    pub(super) fn define(&mut self, line: &[Token], directive: Span) {
        let Some((name, rest)) = line.split_first().filter(|(name, _)| name.kind == Kind::Ident) else {
            self.error(Code::E0105, "`#define` needs a name", line.first().map_or(directive, Token::span));
            return;
        };
        let Some(symbol) = name.text else { return };
        let (kind, body) = match rest.first() {
            Some(paren) if paren.kind == Kind::LParen && !paren.flags.has(Flags::SPACE) => match parse_params(&rest[1..]) {
                Some((params, variadic, used)) => (MacroKind::Function { params, variadic }, &rest[1 + used..]),
                None => {
                    self.error(Code::E0105, "malformed parameter list of a macro", paren.span());
                    return;
                }
            },
            _ => (MacroKind::Object, rest),
        };
        let body_span = match (body.first(), body.last()) {
            (Some(first), Some(last)) => Span::new(first.lo, last.hi),
            _ => Span::NONE,
        };
        let definition =
            Macro { name: Arc::from(symbol.as_str()), kind, body: Arc::from(body), body_span, definition: name.span() };
        self.record(|| Step::Define(symbol, definition.clone()));
        self.state.macros.define(symbol, definition, None);
    }

    /// Definitions that come as text: the compiler's own and `-D`.
    pub(super) fn define_text(&mut self, file: &str, text: &str) {
        let Some(id) = self.map.add_file(file, text) else { return };
        let tokens = lex(text, self.map.file_span(id).lo).tokens;
        self.out.origins.push((id, crate::unit::Origin::Builtin));
        self.read_tokens(&tokens);
    }

    pub(super) fn define_builtins(&mut self) {
        let arch = self.options.cuda_arch;
        let cplusplus = match self.options.std {
            0..=11 => "201103L",
            12..=14 => "201402L",
            15..=17 => "201703L",
            _ => "202002L",
        };
        let mut text = String::new();
        let mut define = |name: &str, value: &str| text.push_str(&format!("#define {name} {value}\n"));
        define("__cplusplus", cplusplus);
        define("__CUDA_ARCH__", &arch.to_string());
        BUILTIN_MACROS.iter().for_each(|(name, value)| define(name, value));
        self.define_text("<built-in>", &text);
        for (name, kind) in [
            ("__LINE__", MacroKind::Line),
            ("__FILE__", MacroKind::File),
            ("__COUNTER__", MacroKind::Counter),
            ("_Pragma", MacroKind::Pragma),
        ] {
            let definition =
                Macro { name: Arc::from(name), kind, body: Arc::from([]), body_span: Span::NONE, definition: Span::NONE };
            self.state.macros.define(Symbol::new(name), definition, None);
        }
    }

    /// `-D` and `-U`.
    pub(super) fn apply_command_line(&mut self) {
        let mut text = String::new();
        for (name, value) in &self.options.defines {
            text.push_str(&format!("#define {name} {}\n", value.as_deref().unwrap_or("1").replace('\n', " ")));
        }
        for name in &self.options.undefines {
            text.push_str(&format!("#undef {name}\n"));
        }
        if !text.is_empty() {
            self.files.push(super::FileState { name: "<command line>".to_string(), folder: None, conditions: Vec::new() });
            self.define_text("<command line>", &text);
            self.files.pop();
        }
    }
}

/// CUDA's words that are macros with nvcc (`host_defines.h`) and keywords here: sources ask `#ifndef __host__` before they define it away
/// for other compilers.
const KEYWORDS: [&str; 12] = [
    "__host__",
    "__device__",
    "__global__",
    "__shared__",
    "__constant__",
    "__managed__",
    "__forceinline__",
    "__launch_bounds__",
    "__cluster_dims__",
    "__maxnreg__",
    "__grid_constant__",
    "__align__",
];

/// What nvcc with GCC on 64-bit Linux defines, as far as sources ask for it.
const BUILTIN_MACROS: &[(&str, &str)] = &[
    ("__CUDACC__", "1"),
    ("__NVCC__", "1"),
    ("__CUDACC_VER_MAJOR__", "12"),
    ("__CUDACC_VER_MINOR__", "4"),
    ("__CUDACC_VER_BUILD__", "0"),
    ("__CUDACC_EXTENDED_LAMBDA__", "1"),
    ("__STDC__", "1"),
    ("__STDC_HOSTED__", "1"),
    ("__GNUC__", "12"),
    ("__GNUC_MINOR__", "2"),
    ("__GNUG__", "12"),
    ("__linux__", "1"),
    ("__linux", "1"),
    ("linux", "1"),
    ("__unix__", "1"),
    ("__unix", "1"),
    ("unix", "1"),
    ("__x86_64__", "1"),
    ("__x86_64", "1"),
    ("__amd64__", "1"),
    ("_LP64", "1"),
    ("__LP64__", "1"),
    ("__ELF__", "1"),
    ("_GNU_SOURCE", "1"),
    ("__CHAR_BIT__", "8"),
    ("__SIZEOF_INT__", "4"),
    ("__SIZEOF_LONG__", "8"),
    ("__SIZEOF_LONG_LONG__", "8"),
    ("__SIZEOF_POINTER__", "8"),
    ("__SIZEOF_SIZE_T__", "8"),
    ("__SIZEOF_FLOAT__", "4"),
    ("__SIZEOF_DOUBLE__", "8"),
    ("__INT_MAX__", "0x7fffffff"),
    ("__LONG_MAX__", "0x7fffffffffffffffL"),
    ("__LONG_LONG_MAX__", "0x7fffffffffffffffLL"),
    ("__SIZE_TYPE__", "unsigned long"),
    ("__PTRDIFF_TYPE__", "long"),
    ("__ORDER_LITTLE_ENDIAN__", "1234"),
    ("__ORDER_BIG_ENDIAN__", "4321"),
    ("__BYTE_ORDER__", "1234"),
    ("__DATE__", "\"Jan  1 2000\""),
    ("__TIME__", "\"00:00:00\""),
];

/// `a, b, ...)`: the parameters, whether the last takes the rest, and how many tokens were used.
fn parse_params(tokens: &[Token]) -> Option<(Vec<Symbol>, bool, usize)> {
    let mut params = Vec::new();
    let mut at = 0;
    if tokens.first()?.is(Kind::RParen) {
        return Some((params, false, 1));
    }
    loop {
        let token = tokens.get(at)?;
        at += 1;
        let variadic = match token.kind {
            Kind::Ellipsis => {
                params.push(Symbol::new("__VA_ARGS__"));
                true
            }
            Kind::Ident => {
                params.push(token.text?);
                // GNU: `args...`
                let named_rest = tokens.get(at).is_some_and(|t| t.is(Kind::Ellipsis));
                at += usize::from(named_rest);
                named_rest
            }
            _ => return None,
        };
        match tokens.get(at)?.kind {
            Kind::RParen => return Some((params, variadic, at + 1)),
            Kind::Comma if !variadic => at += 1,
            _ => return None,
        }
    }
}
