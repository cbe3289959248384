//! Every code we ever print, with the page that `translate explain` shows.
//!
//! One table a stage: E01 grammar, E02 sema, E03 lower, E04 passes, E05 emit, E06 devices and checks. Codes never move and are never reused.
//! A row is `E0101: "title" => "explanation"`; it makes the constant `Code::E0101`.

use std::fmt;

/// A stable diagnostic code, a row of the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static str);

impl Code {
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The title: one line that names the rule.
    pub fn title(self) -> &'static str {
        self.row().1
    }

    /// The page that `translate explain` shows: what it means, an example, what to do.
    pub fn explanation(self) -> &'static str {
        self.row().2
    }

    fn row(self) -> &'static (Code, &'static str, &'static str) {
        all_codes().find(|row| row.0 == self).expect("a Code is only made by a row of a table")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

macro_rules! codes {
    ($($code:ident: $title:literal => $text:literal;)*) => {
        impl Code {
            $(#[doc = $title] pub const $code: Code = Code(stringify!($code));)*
        }
        pub(super) const TABLE: &[(Code, &str, &str)] = &[$((Code::$code, $title, $text),)*];
    };
}

mod emit;
mod grammar;
mod lower;
mod passes;
mod run;
mod sema;

/// All rows in the order of their codes: code, title, explanation.
pub fn all_codes() -> impl Iterator<Item = &'static (Code, &'static str, &'static str)> {
    [grammar::TABLE, sema::TABLE, lower::TABLE, passes::TABLE, emit::TABLE, run::TABLE].into_iter().flatten()
}

/// The code with this name, as a user types it (`E0301` or `e0301`).
pub fn find_code(name: &str) -> Option<Code> {
    all_codes().map(|row| row.0).find(|code| code.0.eq_ignore_ascii_case(name))
}
