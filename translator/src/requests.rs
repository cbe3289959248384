//! `--kernel 'scale<float, 256>'`: a kernel by name, its template arguments as text.

use crate::sema::*;
use ast::Symbol;
use source::{Code, Span};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KernelRequest {
    pub text: String,
    /// The last part of the name, without namespaces.
    pub name: String,
    pub args: Vec<String>,
}

impl KernelRequest {
    pub fn parse(text: &str) -> KernelRequest {
        let text = text.trim();
        let (name, args) = match text.split_once('<') {
            Some((name, rest)) => (name, split_args(rest.trim_end().strip_suffix('>').unwrap_or(rest))),
            None => (text, Vec::new()),
        };
        let name = name.rsplit("::").next().unwrap_or(name).trim().to_string();
        KernelRequest { text: text.to_string(), name, args }
    }
}

/// Splits at commas outside of brackets.
fn split_args(text: &str) -> Vec<String> {
    let (mut depth, mut out, mut at) = (0i32, Vec::new(), String::new());
    for c in text.chars() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                out.push(std::mem::take(&mut at).trim().to_string());
                continue;
            }
            _ => {}
        }
        at.push(c);
    }
    if !at.trim().is_empty() {
        out.push(at.trim().to_string());
    }
    out
}

impl<'a> Sema<'a> {
    /// A template argument as text: a number, `true`, an enumerator, or a type.
    pub fn requested_arg(&mut self, text: &str) -> Result<TemplateArg> {
        if let Some(value) = parse_integer(text) {
            let (ty, bits) = match i32::try_from(value) {
                Ok(value) => (CType::INT, value as u32 as u64),
                Err(_) => (CType::LONG, value as u64),
            };
            return Ok(TemplateArg::Value(ty, bits));
        }
        match text {
            "true" => return Ok(TemplateArg::Value(CType::BOOL, 1)),
            "false" => return Ok(TemplateArg::Value(CType::BOOL, 0)),
            _ => {}
        }
        self.type_from_words(text)
            .map(TemplateArg::Type)
            .ok_or_else(|| failure(Code::E0235, format!("`{text}` is no type or number that this file knows"), Span::NONE))
    }

    /// A type of words and stars: `const unsigned int*`, `ns::Point`.
    pub fn type_from_words(&mut self, text: &str) -> Option<CType> {
        let stars = text.chars().filter(|&c| c == '*').count();
        let words: Vec<&str> =
            text.split(|c: char| c.is_whitespace() || c == '*' || c == '&').filter(|word| !word.is_empty()).collect();
        let is_const = words.contains(&"const");
        let words: Vec<&str> = words
            .into_iter()
            .filter(|word| {
                !matches!(*word, "const" | "volatile" | "static" | "struct" | "typename" | "__restrict__" | "register" | "extern")
            })
            .collect();
        let mut ty = self.builtin_from_words(&words)?;
        if is_const {
            ty = ty.with_const();
        }
        for _ in 0..stars {
            ty = self.types.pointer(ty);
        }
        Some(ty)
    }

    fn builtin_from_words(&mut self, words: &[&str]) -> Option<CType> {
        let count = |word: &str| words.iter().filter(|w| **w == word).count();
        let known = ["unsigned", "signed", "int", "long", "short", "char", "float", "double", "bool", "void"];
        if words.is_empty() {
            return None;
        }
        if words.iter().all(|word| known.contains(word)) {
            let unsigned = count("unsigned") > 0;
            let kind = match (count("char"), count("short"), count("long")) {
                (1, ..) if unsigned => IntKind::UChar,
                (1, ..) if count("signed") > 0 => IntKind::SChar,
                (1, ..) => IntKind::Char,
                (_, 1, _) => {
                    if unsigned {
                        IntKind::UShort
                    } else {
                        IntKind::Short
                    }
                }
                (_, _, 1) => {
                    if unsigned {
                        IntKind::ULong
                    } else {
                        IntKind::Long
                    }
                }
                (_, _, 2) => {
                    if unsigned {
                        IntKind::ULongLong
                    } else {
                        IntKind::LongLong
                    }
                }
                _ => {
                    if unsigned {
                        IntKind::UInt
                    } else {
                        IntKind::Int
                    }
                }
            };
            return Some(match words {
                ["float"] => CType::FLOAT,
                ["double"] => CType::DOUBLE,
                ["bool"] => CType::BOOL,
                ["void"] => CType::VOID,
                _ => CType::int(kind),
            });
        }
        let [name] = words else { return None };
        let last = name.rsplit("::").next()?;
        if let Some(TemplateArg::Type(ty)) = self.env_lookup(self.f.ctx.env, Symbol::new(last)) {
            return Some(*ty);
        }
        let key = NameKey::Ident(Symbol::new(last));
        let entities: Vec<Entity> = self.namespaces.iter().filter_map(|ns| ns.names.get(&key)).flatten().copied().collect();
        for entity in entities {
            match entity {
                Entity::Class(class) => return Some(self.types.intern(TypeKind::Class(class))),
                Entity::Enum(id) => return Some(self.types.intern(TypeKind::Enum(id))),
                Entity::Alias(alias) => return self.alias_type(alias).ok(),
                _ => {}
            }
        }
        None
    }
}

fn parse_integer(text: &str) -> Option<i64> {
    let digits = text.trim_end_matches(['u', 'U', 'l', 'L']);
    match digits.strip_prefix("0x") {
        Some(hex) => i64::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}
