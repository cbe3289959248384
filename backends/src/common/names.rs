//! Names: identifiers from the source's names, unique where they would meet.

use super::keywords::is_wgsl_word;
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::sync::Arc;

/// Hands out identifiers. Scopes nest: a name is taken if it is visible, so siblings may share it.
#[derive(Debug, Default, Clone)]
pub struct Namer {
    /// The outermost scope, which all functions of a module have in common.
    outer: Arc<FxHashSet<String>>,
    /// What the inner scopes that are open have taken, all in one, and each by itself.
    inner: FxHashSet<String>,
    scopes: Vec<Vec<String>>,
}

impl Namer {
    pub fn push(&mut self) {
        self.scopes.push(Vec::new());
    }

    pub fn pop(&mut self) {
        for name in self.scopes.pop().into_iter().flatten() {
            self.inner.remove(&name);
        }
    }

    /// An identifier as near to `wanted` as may be, taken in the innermost scope.
    pub fn take(&mut self, wanted: &str) -> String {
        let mut name = identifier(wanted);
        if self.is_visible(&name) {
            self.number(&mut name);
        }
        match self.scopes.last_mut() {
            Some(scope) => {
                scope.push(name.clone());
                self.inner.insert(name.clone());
            }
            None => {
                Arc::make_mut(&mut self.outer).insert(name.clone());
            }
        }
        name
    }

    /// Makes the name another one by a number behind it.
    fn number(&self, name: &mut String) {
        if name.ends_with(|c: char| c.is_ascii_digit()) {
            name.push('_');
        }
        let base = name.len();
        for number in 2u32.. {
            name.truncate(base);
            name.push_str(&number.to_string());
            if !self.is_visible(name) {
                return;
            }
        }
    }

    /// Makes a name taken in the innermost scope, as it is.
    pub fn occupy(&mut self, name: &str) {
        match self.scopes.last_mut() {
            Some(scope) => {
                // Once: the scope gives back what it took.
                if self.inner.insert(name.to_string()) {
                    scope.push(name.to_string());
                }
            }
            None => self.reserve(name),
        }
    }

    /// Makes a name taken in the outermost scope.
    pub fn reserve(&mut self, name: &str) {
        Arc::make_mut(&mut self.outer).insert(name.to_string());
    }

    fn is_visible(&self, name: &str) -> bool {
        self.outer.contains(name) || self.inner.contains(name)
    }
}

/// A WGSL identifier: letters, digits and single underscores; reserved words get a trailing one. `k<float, 256>` gives `k_float_256`.
pub fn identifier(wanted: &str) -> String {
    let wanted = with_operator_words(wanted);
    let mut name = String::with_capacity(wanted.len() + 4);
    for c in wanted.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => name.push(c),
            '*' => name.push_str("ptr"),
            _ if name.ends_with('_') || name.is_empty() => {}
            _ => name.push('_'),
        }
    }
    while name.ends_with('_') {
        name.pop();
    }
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, 'v');
    }
    if is_wgsl_word(&name) {
        name.push('_');
    }
    name
}

/// The signs of overloaded operators, longer ones first.
const OPERATORS: [(&str, &str); 33] = [
    ("<<=", "shift_left_assign"),
    (">>=", "shift_right_assign"),
    ("->", "arrow"),
    ("()", "call"),
    ("[]", "index"),
    ("<<", "shift_left"),
    (">>", "shift_right"),
    ("++", "increment"),
    ("--", "decrement"),
    ("+=", "add_assign"),
    ("-=", "sub_assign"),
    ("*=", "mul_assign"),
    ("/=", "div_assign"),
    ("%=", "rem_assign"),
    ("&=", "and_assign"),
    ("|=", "or_assign"),
    ("^=", "xor_assign"),
    ("==", "equals"),
    ("!=", "differs"),
    ("<=", "at_most"),
    (">=", "at_least"),
    ("&&", "both"),
    ("||", "either"),
    ("+", "add"),
    ("-", "sub"),
    ("*", "mul"),
    ("/", "div"),
    ("%", "rem"),
    ("&", "and"),
    ("|", "or"),
    ("^", "xor"),
    ("<", "less"),
    (">", "greater"),
];

/// `Vec3::operator-` is `Vec3::sub`.
fn with_operator_words(wanted: &str) -> Cow<'_, str> {
    // Most names are shorter, and a search costs more than the rest.
    if wanted.len() <= "operator".len() {
        return Cow::Borrowed(wanted);
    }
    let Some(at) = wanted.find("operator") else { return Cow::Borrowed(wanted) };
    let sign = &wanted[at + "operator".len()..];
    let is_whole_word = !wanted[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    match OPERATORS.iter().find(|(known, _)| sign.starts_with(known)).filter(|_| is_whole_word) {
        Some((known, word)) => Cow::Owned(format!("{}{word}{}", &wanted[..at], &sign[known.len()..])),
        None => Cow::Borrowed(wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn template_arguments_become_part_of_the_name() {
        assert_eq!(identifier("scale<float, 256>"), "scale_float_256");
        assert_eq!(identifier("Vec3::operator-"), "Vec3_sub");
        assert_eq!(identifier("Map<int>::operator[]<4>"), "Map_int_index_4");
        assert_eq!(identifier("Half::operator float"), "Half_operator_float");
        assert_eq!(identifier("my_operator+"), "my_operator");
        assert_eq!(identifier("in"), "in");
        assert_eq!(identifier("var"), "var_");
        assert_eq!(identifier("__half"), "half");
        assert_eq!(identifier("8x"), "v8x");
    }

    #[test]
    fn siblings_share_and_nested_scopes_do_not() {
        let mut namer = Namer::default();
        namer.push();
        assert_eq!(namer.take("i"), "i");
        assert_eq!(namer.take("i"), "i2");
        namer.pop();
        namer.push();
        assert_eq!(namer.take("i"), "i");
    }
}
