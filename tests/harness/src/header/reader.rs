//! Looks into TOML and complains with a place.

use source::{Code, Diagnostic, Span};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and its place in the header.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    pub span: Range<usize>,
    pub value: &'a DeValue<'a>,
}

impl<'a> Node<'a> {
    pub fn new(spanned: &'a Spanned<DeValue<'a>>) -> Node<'a> {
        Node { span: spanned.span(), value: spanned.get_ref() }
    }
}

/// Collects what is wrong with a header.
pub struct Reader<'t> {
    /// Position of the file's first byte in the source map.
    base: u32,
    text: &'t str,
    pub diagnostics: Vec<Diagnostic>,
}

impl<'t> Reader<'t> {
    pub fn new(base: u32, text: &'t str) -> Reader<'t> {
        Reader { base, text, diagnostics: Vec::new() }
    }

    pub fn error(&mut self, code: Code, message: impl Into<String>, span: Range<usize>) {
        let span = Span::new(self.base + span.start as u32, self.base + span.end as u32);
        self.diagnostics.push(Diagnostic::error(code, message, span));
    }

    /// A mistake `at` bytes into the text of a string value.
    pub fn error_within(&mut self, code: Code, message: impl Into<String>, node: &Node, at: usize) {
        let inner = match node.value {
            DeValue::String(text) => self.text[node.span.clone()].find(&**text).map(|start| (node.span.start + start, text)),
            _ => None,
        };
        // A string with escapes does not stand in the file as it is; then the whole of it is the place.
        let span = match inner {
            Some((start, text)) => {
                let at = at.min(text.len());
                let width = text[at..].chars().next().map_or(0, char::len_utf8);
                start + at..start + at + width
            }
            None => node.span.clone(),
        };
        self.error(code, message, span);
    }

    /// Complains about every key that is not in `known`.
    pub fn known_keys(&mut self, table: &DeTable, known: &[&str]) {
        for (key, _) in table.iter() {
            if !known.contains(&key.get_ref().as_ref()) {
                let message = format!("unknown key `{}`; known here are {}", key.get_ref(), known.join(", "));
                self.error(Code::E0651, message, key.span());
            }
        }
    }

    pub fn table<'a>(&mut self, node: Node<'a>) -> Option<&'a DeTable<'a>> {
        match node.value {
            DeValue::Table(table) => Some(table),
            other => self.wrong(node.span, "a table", other),
        }
    }

    pub fn array<'a>(&mut self, node: Node<'a>) -> Option<Vec<Node<'a>>> {
        match node.value {
            DeValue::Array(array) => Some(array.iter().map(Node::new).collect()),
            other => self.wrong(node.span, "an array", other),
        }
    }

    pub fn string<'a>(&mut self, node: Node<'a>) -> Option<&'a str> {
        match node.value {
            DeValue::String(text) => Some(text),
            other => self.wrong(node.span, "a string", other),
        }
    }

    pub fn boolean(&mut self, node: Node) -> Option<bool> {
        match node.value {
            DeValue::Boolean(value) => Some(*value),
            other => self.wrong(node.span, "true or false", other),
        }
    }

    /// A whole number from 0 to 2^32-1.
    pub fn count(&mut self, node: Node) -> Option<usize> {
        let value = match node.value {
            DeValue::Integer(n) => u32::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok(),
            other => return self.wrong(node.span, "a whole number", other),
        };
        if value.is_none() {
            self.error(Code::E0652, "expected a whole number from 0 to 4294967295", node.span);
        }
        value.map(|n| n as usize)
    }

    pub fn float(&mut self, node: Node) -> Option<f64> {
        match node.value {
            DeValue::Integer(n) => n.as_str().replace('_', "").parse().ok(),
            DeValue::Float(x) => x.as_str().replace('_', "").parse().ok(),
            other => self.wrong(node.span, "a number", other),
        }
    }

    /// One to three positive numbers: the size of a grid or a block.
    pub fn extent(&mut self, node: Node) -> Option<[u32; 3]> {
        let span = node.span.clone();
        let sizes = match node.value {
            DeValue::Array(_) => {
                let items = self.array(node)?;
                items.into_iter().map(|item| self.count(item)).collect::<Option<Vec<_>>>()?
            }
            _ => vec![self.count(node)?],
        };
        if sizes.is_empty() || sizes.len() > 3 || sizes.contains(&0) {
            self.error(Code::E0652, "a grid or a block has one to three sizes, each at least 1", span);
            return None;
        }
        let mut extent = [1; 3];
        for (to, from) in extent.iter_mut().zip(sizes) {
            *to = from as u32;
        }
        Some(extent)
    }

    /// The value of a key that must be there.
    pub fn required<'a>(&mut self, node: &Node<'a>, key: &str) -> Option<Node<'a>> {
        let found = self.table(node.clone())?.get(key).map(Node::new);
        if found.is_none() {
            self.error(Code::E0652, format!("`{key}` is missing"), node.span.clone());
        }
        found
    }

    fn wrong<T>(&mut self, span: Range<usize>, wanted: &str, found: &DeValue) -> Option<T> {
        self.error(Code::E0652, format!("expected {wanted}, found {}", kind(found)), span);
        None
    }
}

fn kind(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
