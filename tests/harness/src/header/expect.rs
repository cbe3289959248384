//! What memory must hold after the last launch.

use super::reader::{Node, Reader};
use super::values::{Values, report};
use crate::case::{Check, Order};
use crate::compare::Tolerance;
use crate::generator::{fill, number};
use crate::layout::{Field, Layout};
use crate::scalar::Value;
use source::Code;
use std::path::Path;
use toml::de::{DeTable, DeValue};

/// Keys of `expect` that are no names of memory.
const COMMON: [&str; 5] = ["ulp", "rel", "abs", "signed_zeros", "past_end"];

/// `must_check`: nothing else in the header checks anything.
pub fn read(reader: &mut Reader, node: Node, values: &mut Values, folder: &Path, must_check: bool) {
    let Some(table) = reader.table(node.clone()) else { return };
    let common = tolerance(reader, table);
    if let Some(past_end) = table.get("past_end") {
        let node = Node::new(past_end);
        if reader.string(node.clone()).is_some_and(|text| text != "untouched") {
            reader.error(Code::E0652, "`past_end` can only be `untouched`", node.span);
        }
    }
    let mut checked = false;
    for (key, value) in table.iter() {
        if !COMMON.contains(&key.get_ref().as_ref()) {
            let expectation = Expectation { key: key.get_ref(), at: key.span(), node: Node::new(value), common, folder };
            checked |= expectation.read(reader, values).unwrap_or(true);
        }
    }
    if !checked && must_check {
        reader.error(Code::E0656, "`expect` names no memory that is compared", node.span);
    }
}

fn tolerance(reader: &mut Reader, table: &DeTable) -> Tolerance {
    let tolerance = Tolerance {
        ulp: table.get("ulp").and_then(|node| reader.count(Node::new(node))).map(|ulp| ulp as u64),
        rel: table.get("rel").and_then(|node| reader.float(Node::new(node))),
        abs: table.get("abs").and_then(|node| reader.float(Node::new(node))),
        signed_zeros: table.get("signed_zeros").and_then(|node| reader.boolean(Node::new(node))).unwrap_or(false),
    };
    let Some(exact) = table.get("signed_zeros").filter(|_| tolerance.signed_zeros) else { return tolerance };
    if tolerance.ulp.unwrap_or(0) > 0 || tolerance.rel.is_some() || tolerance.abs.is_some() {
        reader.error(Code::E0652, "`signed_zeros = true` leaves no room for a tolerance", Node::new(exact).span);
    }
    tolerance
}

/// The value of a buffer that must be the same on all routes, whatever it is.
const SAME: &str = "same";

/// One entry of `expect`.
struct Expectation<'a> {
    key: &'a str,
    at: std::ops::Range<usize>,
    node: Node<'a>,
    common: Tolerance,
    folder: &'a Path,
}

impl Expectation<'_> {
    /// Whether anything is compared. `None` after a diagnostic.
    fn read(&self, reader: &mut Reader, values: &mut Values) -> Option<bool> {
        let (name, field_name) = self.key.split_once('.').unwrap_or((self.key, ""));
        let Some(buffer) = values.memory_mut(name) else {
            let known = values.memory_names();
            reader.error(Code::E0653, format!("no memory is named `{name}`; known are {known}"), self.at.clone());
            return None;
        };
        if matches!(self.node.value, DeValue::String(text) if text == "anything") {
            buffer.check = Check::Anything;
            return Some(false);
        }
        let layout = buffer.layout.clone()?;
        let before = buffer.initial.clone();
        let Check::Equals { mut expected, .. } = buffer.check.clone() else {
            reader.error(Code::E0653, "this memory is not compared, by another entry", self.at.clone());
            return None;
        };
        let options = self.options(reader)?;
        if options.value.as_ref().is_some_and(|value| matches!(value.value, DeValue::String(text) if text == SAME)) {
            if !field_name.is_empty() || options.count.is_some() || options.from != 0 {
                reader.error(Code::E0652, "`same` is said of a whole buffer", self.at.clone());
                return None;
            }
            let buffer = values.memory_mut(name)?;
            buffer.check = Check::Same { tolerance: options.tolerance, order: options.order };
            return Some(true);
        }
        if let Some(golden) = options.golden {
            expected = self.golden(reader, golden, before.len())?;
        } else {
            let Some(field) = layout.field(field_name) else {
                let known: Vec<_> = layout.fields.iter().map(|field| format!("{name}.{}", field.name)).collect();
                reader.error(Code::E0653, format!("name one field: {}", known.join(", ")), self.at.clone());
                return None;
            };
            let wanted = self.wanted(reader, values, &layout, field, &options, before.len())?;
            for (i, value) in wanted {
                let at = layout.offset_of(field, i)?;
                expected.get_mut(at..at + field.scalar.size())?.copy_from_slice(&value);
            }
        }
        let buffer = values.memory_mut(name)?;
        buffer.check = Check::Equals { expected, tolerance: options.tolerance, order: options.order };
        Some(true)
    }

    fn options<'n>(&'n self, reader: &mut Reader) -> Option<Wanted<'n>> {
        let mut wanted = Wanted { value: None, golden: None, tolerance: self.common, order: Order::Given, from: 0, count: None };
        let DeValue::Table(table) = self.node.value else {
            wanted.value = Some(self.node.clone());
            return Some(wanted);
        };
        reader.known_keys(table, &["value", "golden", "ulp", "rel", "abs", "signed_zeros", "order", "from", "count"]);
        wanted.value = table.get("value").map(Node::new);
        wanted.golden = table.get("golden").map(Node::new);
        if wanted.value.is_some() == wanted.golden.is_some() {
            reader.error(Code::E0652, "write either `value` or `golden`", self.node.span.clone());
            return None;
        }
        let own = tolerance(reader, table);
        if own != Tolerance::default() {
            wanted.tolerance = own;
        }
        if let Some(order) = table.get("order") {
            let node = Node::new(order);
            match reader.string(node.clone())? {
                "any" => wanted.order = Order::Any,
                _ => reader.error(Code::E0652, "`order` can only be `any`", node.span),
            }
        }
        if let Some(from) = table.get("from") {
            wanted.from = reader.count(Node::new(from))?;
        }
        if let Some(count) = table.get("count") {
            wanted.count = Some(reader.count(Node::new(count))?);
        }
        Some(wanted)
    }

    /// Scalars of the field that are expected to differ from before, as bytes.
    fn wanted(
        &self,
        reader: &mut Reader,
        values: &Values,
        layout: &Layout,
        field: &Field,
        options: &Wanted,
        bytes: usize,
    ) -> Option<Vec<(usize, Vec<u8>)>> {
        let total = layout.scalars(field, bytes);
        let count = options.count.unwrap_or(total.saturating_sub(options.from));
        if options.from.checked_add(count).is_none_or(|end| end > total) {
            reader.error(Code::E0652, format!("the buffer has only {total} elements"), self.node.span.clone());
            return None;
        }
        let value = options.value.clone()?;
        let range = options.from..options.from + count;
        if let DeValue::String(formula) = value.value {
            let index = |i: usize| vec![Value::Int((options.from + i) as i128)];
            // The formula's results are packed side by side first: they may be any part of the field.
            let packed = Layout::plain(field.scalar);
            let filled = fill(formula, &packed, "", count, &["i"], &values.env(), index);
            let (_, filled) = filled.map_err(|error| report(reader, &value, 0, error)).ok()?;
            return Some(range.zip(filled.chunks(field.scalar.size()).map(<[u8]>::to_vec)).collect());
        }
        let items = reader.array(value.clone())?;
        if items.len() != count {
            reader.error(Code::E0652, format!("{count} elements are compared, and here are {}", items.len()), value.span);
            return None;
        }
        let mut out = Vec::new();
        for (i, item) in range.zip(items) {
            out.push((i, self.element(reader, field, item)?));
        }
        Some(out)
    }

    fn element(&self, reader: &mut Reader, field: &Field, item: Node) -> Option<Vec<u8>> {
        let text = match item.value {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str().to_string(),
            DeValue::Integer(n) => i64::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok()?.to_string(),
            DeValue::Float(x) => x.as_str().to_string(),
            _ => return reader.string(item.clone()).and(None),
        };
        let mut bytes = Vec::new();
        let stored = number(&text).ok().and_then(|value| field.scalar.store(value, &mut bytes));
        if stored.is_none() {
            reader.error(Code::E0652, format!("this is no value of type {}", field.scalar.name()), item.span);
        }
        stored.map(|()| bytes)
    }

    fn golden(&self, reader: &mut Reader, node: Node, length: usize) -> Option<Vec<u8>> {
        let path = self.folder.join(reader.string(node.clone())?);
        match std::fs::read(&path) {
            Ok(bytes) if bytes.len() == length => Some(bytes),
            Ok(bytes) => {
                reader.error(Code::E0652, format!("the file has {} bytes and the buffer {length}", bytes.len()), node.span);
                None
            }
            Err(error) => {
                reader.error(Code::E0652, format!("cannot read {}: {error}", path.display()), node.span);
                None
            }
        }
    }
}

/// The value of an entry with its options.
struct Wanted<'a> {
    value: Option<Node<'a>>,
    golden: Option<Node<'a>>,
    tolerance: Tolerance,
    order: Order,
    from: usize,
    count: Option<usize>,
}
