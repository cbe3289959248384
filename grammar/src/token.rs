//! Raw tokens: what the lexer makes and the preprocessor hands on.

use ast::{Kw, Symbol};
use logos::{FilterResult, Lexer, Logos};
use source::Span;

/// A raw token. Its place is a position of the source map, in a file or in a macro expansion.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub lo: u32,
    pub hi: u32,
    /// Names, literals.
    pub text: Option<Symbol>,
    pub kind: Kind,
    pub flags: Flags,
}

/// Small facts about a token that its place tells only at a cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// First on its line.
    pub const LINE_START: Flags = Flags(1);
    /// White space or a comment stands before it.
    pub const SPACE: Flags = Flags(2);
    /// The name of a macro that must not be expanded any more, C++ [cpp.rescan].
    pub const PAINTED: Flags = Flags(4);

    pub fn has(self, flag: Flags) -> bool {
        self.0 & flag.0 != 0
    }

    pub fn with(self, flag: Flags) -> Flags {
        Flags(self.0 | flag.0)
    }

    pub fn without(self, flag: Flags) -> Flags {
        Flags(self.0 & !flag.0)
    }
}

impl Token {
    pub fn span(&self) -> Span {
        Span::new(self.lo, self.hi)
    }

    pub fn is(&self, kind: Kind) -> bool {
        self.kind == kind
    }

    pub fn keyword(&self) -> Option<Kw> {
        if self.kind == Kind::Ident { self.text.and_then(Kw::of) } else { None }
    }

    pub fn starts_line(&self) -> bool {
        self.flags.has(Flags::LINE_START)
    }

    /// The spelling.
    pub fn as_str(&self) -> &'static str {
        self.text.map_or(self.kind.punctuation(), Symbol::as_str)
    }

    /// `self` ends where `next` begins, so that both may make one operator.
    pub fn touches(&self, next: &Token) -> bool {
        self.hi == next.lo && !next.flags.has(Flags::SPACE)
    }
}

macro_rules! kinds {
    ($($variant:ident = $text:literal,)*) => {
        /// Kinds of raw tokens. `>` is always single: whether it closes a template list is the classifier's to say.
        #[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
        #[logos(skip r"[ \t\r\x0b\x0c]+")]
        #[logos(skip r"\\\r?\n")]
        pub enum Kind {
            #[regex(r"[a-zA-Z_$\u{80}-\u{10FFFF}][a-zA-Z0-9_$\u{80}-\u{10FFFF}]*", priority = 3)]
            Ident,
            #[regex(r"\.?[0-9]([eEpP][+-]|[a-zA-Z0-9_.]|'[a-zA-Z0-9_])*", priority = 5)]
            Number,
            #[regex(r"(u8|u|U|L)?'([^'\\\n]|\\[^\r\n]|\\\r?\n)+'", priority = 10)]
            Char,
            #[regex(r#"(u8|u|U|L)?"([^"\\\n]|\\[^\r\n]|\\\r?\n)*""#, priority = 10)]
            #[regex(r#"(u8|u|U|L)?R""#, raw_string, priority = 20)]
            Str,
            #[token("\n")]
            Newline,
            #[regex(r"//([^\n\\]|\\[^\r\n]|\\\r?\n)*", allow_greedy = true)]
            #[token("/*", block_comment)]
            Comment,
            /// A quote or comment that does not end; text of no token.
            Unknown,
            /// `#pragma unroll`, made by the preprocessor; its tokens follow until `PragmaEnd`.
            Pragma,
            PragmaEnd,
            $(#[token($text)] $variant,)*
        }

        impl Kind {
            /// The text of an operator or bracket, empty for other kinds.
            pub fn punctuation(self) -> &'static str {
                match self {
                    $(Kind::$variant => $text,)*
                    _ => "",
                }
            }
        }
    };
}

kinds! {
    LParen = "(", RParen = ")", LBracket = "[", RBracket = "]", LBrace = "{", RBrace = "}",
    Semi = ";", Comma = ",", Colon = ":", ColCol = "::", Question = "?", Dot = ".", DotStar = ".*", Ellipsis = "...",
    Arrow = "->", ArrowStar = "->*", Plus = "+", Minus = "-", Star = "*", Slash = "/", Percent = "%", Amp = "&", Pipe = "|",
    Caret = "^", Tilde = "~", Bang = "!", Eq = "=", EqEq = "==", NotEq = "!=", Lt = "<", Gt = ">", Le = "<=", Shl = "<<",
    ShlEq = "<<=", LaunchL = "<<<", Spaceship = "<=>", AndAnd = "&&", OrOr = "||", PlusEq = "+=", MinusEq = "-=",
    StarEq = "*=", SlashEq = "/=", PercentEq = "%=", AmpEq = "&=", PipeEq = "|=", CaretEq = "^=", PlusPlus = "++",
    MinusMinus = "--", Hash = "#", HashHash = "##",
}

/// `R"delimiter( ... )delimiter"`
fn raw_string(lexer: &mut Lexer<Kind>) -> bool {
    let rest = lexer.remainder();
    let Some(open) = rest.find('(').filter(|&at| at <= 16) else { return false };
    let end = format!("){}\"", &rest[..open]);
    match rest[open..].find(&end) {
        Some(at) => {
            lexer.bump(open + at + end.len());
            true
        }
        None => false,
    }
}

fn block_comment(lexer: &mut Lexer<Kind>) -> FilterResult<(), ()> {
    match lexer.remainder().find("*/") {
        Some(at) => {
            lexer.bump(at + 2);
            FilterResult::Emit(())
        }
        None => {
            lexer.bump(lexer.remainder().len());
            FilterResult::Error(())
        }
    }
}
