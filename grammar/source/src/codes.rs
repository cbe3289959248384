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

#[cfg(test)]
mod tests {
    use super::*;

    /// What a program did, an example of it (indented lines), and behind that what to do. Codes about the machine (E06) say it in words.
    #[test]
    fn pages_have_cause_example_and_cure() {
        let mut wrong = Vec::new();
        for (code, title, page) in all_codes().filter(|row| row.0.as_str() < "E06") {
            let is_ours = title.starts_with("internal error") || title.starts_with("a defect of");
            let lines: Vec<&str> = page.lines().filter(|line| !line.is_empty()).collect();
            let example = lines.iter().rposition(|line| line.starts_with("    "));
            let cause = lines.first().is_some_and(|line| !line.starts_with(' '));
            let cure = example.is_some_and(|at| lines.len() > at + 1);
            if !cause || !cure && !is_ours {
                wrong.push(code.as_str());
            }
        }
        assert!(wrong.is_empty(), "no cause, indented example and cure behind it: {wrong:?}");
    }

    #[test]
    fn codes_are_unique_and_pages_say_something() {
        let mut codes: Vec<&str> = all_codes().map(|row| row.0.as_str()).collect();
        assert!(all_codes().all(|row| row.2.len() > 20), "an empty page");
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }
}
