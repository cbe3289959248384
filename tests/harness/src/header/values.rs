//! Arguments, buffers and symbols: memory before the first launch.

use super::reader::{Node, Reader};
use crate::case::{Arg, ArgValue, Buffer, Check, Order, Target};
use crate::compare::Tolerance;
use crate::formula::{Env, Memory};
use crate::generator::{self, GeneratorError, MAX_BYTES, generate};
use crate::launch_file::hex;
use crate::layout::Layout;
use crate::scalar::{Value, scalars_of};
use source::Code;
use toml::de::DeValue;

/// What has been read so far. Formulas may use all of it.
#[derive(Default)]
pub struct Values {
    pub args: Vec<Arg>,
    numbers: Vec<(String, Value)>,
    buffers: Vec<Buffer>,
    symbols: Vec<Buffer>,
    links: Vec<(String, Link)>,
    arg_links: Vec<(String, Layout, Vec<Link>)>,
}

/// A field whose scalars are pointers to elements of a buffer; until all is read they hold the elements' numbers.
#[derive(Clone)]
pub struct Link {
    field: String,
    target: String,
    at: std::ops::Range<usize>,
}

/// What memory is declared to hold.
type Content = (Layout, Vec<u8>, Vec<Link>);

impl Values {
    pub fn env(&self) -> Env<'_> {
        let memory =
            self.buffers.iter().chain(&self.symbols).filter_map(|buffer| {
                Some(Memory { name: &buffer.name, layout: buffer.layout.as_ref()?, bytes: &buffer.initial })
            });
        Env { numbers: self.numbers.iter().map(|(name, value)| (name.as_str(), *value)).collect(), memory: memory.collect() }
    }

    /// A buffer or symbol by name.
    pub fn memory_mut(&mut self, name: &str) -> Option<&mut Buffer> {
        self.buffers.iter_mut().chain(&mut self.symbols).find(|buffer| buffer.name == name)
    }

    pub fn memory_names(&self) -> String {
        let names: Vec<_> = self.buffers.iter().chain(&self.symbols).map(|buffer| buffer.name.as_str()).collect();
        names.join(", ")
    }

    pub fn into_memory(self) -> (Vec<Buffer>, Vec<Buffer>) {
        (self.buffers, self.symbols)
    }

    pub fn read_buffers(&mut self, reader: &mut Reader, node: Node) {
        let Some(table) = reader.table(node) else { return };
        for (name, value) in table.iter() {
            let node = Node::new(value);
            if let Some(content) = self.memory(reader, &node) {
                self.add_buffer(reader, name.get_ref(), content, &node);
            }
        }
    }

    pub fn read_symbols(&mut self, reader: &mut Reader, node: Node) {
        let Some(table) = reader.table(node) else { return };
        for (name, value) in table.iter() {
            let node = Node::new(value);
            let Some((layout, bytes, links)) = self.memory(reader, &node) else { continue };
            if self.is_free(reader, name.get_ref(), &node) {
                self.links.extend(links.into_iter().map(|link| (name.get_ref().to_string(), link)));
                self.symbols.push(buffer(name.get_ref(), layout, bytes));
            }
        }
    }

    pub fn read_args(&mut self, reader: &mut Reader, node: Node) {
        for item in reader.array(node).unwrap_or_default() {
            let span = item.span.clone();
            let Some(table) = reader.table(item) else { continue };
            let mut entries = table.iter();
            let (Some((name, value)), None) = (entries.next(), entries.next()) else {
                reader.error(Code::E0652, "an argument is `{ name = value }`, one name each", span);
                continue;
            };
            let node = Node::new(value);
            if let Some(value) = self.arg(reader, name.get_ref(), &node) {
                self.args.push(Arg { name: name.get_ref().to_string(), ty: None, value });
            }
        }
    }

    /// Numbers come first, so that every formula may use them.
    pub fn read_numbers(&mut self, reader: &mut Reader, node: Node) {
        for item in reader.array(node).unwrap_or_default() {
            let DeValue::Table(table) = item.value else { continue };
            for (name, value) in table.iter() {
                let node = Node::new(value);
                let Some(Ok(value)) = number_text(node.value).map(|text| generator::number(&text)) else { continue };
                if self.is_free(reader, name.get_ref(), &node) {
                    self.numbers.push((name.get_ref().to_string(), value));
                }
            }
        }
    }

    fn arg(&mut self, reader: &mut Reader, name: &str, node: &Node) -> Option<ArgValue> {
        match node.value {
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => self.number(reader, node),
            DeValue::String(text) if text == "null" => Some(ArgValue::Null),
            DeValue::Table(table) if table.contains_key("value") => {
                reader.known_keys(table, &["value"]);
                self.number(reader, node)
            }
            DeValue::Table(table) if table.contains_key("buffer") => {
                reader.known_keys(table, &["buffer", "offset"]);
                self.pointer(reader, node)
            }
            DeValue::Table(table) if table.contains_key("bytes") => {
                reader.known_keys(table, &["bytes"]);
                let value = reader.required(node, "bytes")?;
                let bytes = hex(reader.string(value.clone())?);
                if bytes.is_none() {
                    reader.error(Code::E0652, "expected an even number of hexadecimal digits", value.span);
                }
                bytes.map(ArgValue::Bytes)
            }
            DeValue::Table(table) if !table.contains_key("count") => {
                reader.known_keys(table, &["fields"]);
                let (layout, bytes, links) = self.structures(reader, node, 1)?;
                if links.is_empty() {
                    return Some(ArgValue::Bytes(bytes));
                }
                self.arg_links.push((name.to_string(), layout, links));
                Some(ArgValue::Struct { bytes, pointers: Vec::new() })
            }
            _ => {
                let content = self.memory(reader, node)?;
                let buffer = self.buffers.len();
                self.add_buffer(reader, name, content, node).then_some(ArgValue::Pointer { buffer, offset: 0 })
            }
        }
    }

    fn number(&mut self, reader: &mut Reader, node: &Node) -> Option<ArgValue> {
        let text = number_text(node.value).filter(|text| generator::number(text).is_ok());
        if text.is_none() {
            reader.error(Code::E0652, "expected a number", node.span.clone());
        }
        text.map(|text| ArgValue::Number { text, ty: None })
    }

    fn pointer(&mut self, reader: &mut Reader, node: &Node) -> Option<ArgValue> {
        let target = reader.required(node, "buffer")?;
        let name = reader.string(target.clone())?;
        let offset = match reader.table(node.clone())?.get("offset") {
            Some(offset) => reader.count(Node::new(offset))?,
            None => 0,
        };
        let found = self.buffers.iter().position(|buffer| buffer.name == name);
        match found {
            Some(buffer) if offset <= self.buffers[buffer].initial.len() => Some(ArgValue::Pointer { buffer, offset }),
            Some(_) => {
                reader.error(Code::E0652, "the offset lies outside of the buffer", node.span.clone());
                None
            }
            None => {
                reader.error(Code::E0653, format!("no buffer `{name}` is declared before this"), target.span);
                None
            }
        }
    }

    /// The arguments of one of several launches, by name.
    pub fn named_args(&self, reader: &mut Reader, node: Node) -> Option<Vec<Arg>> {
        let names = reader.array(node)?;
        let mut args = Vec::new();
        for node in names {
            let name = reader.string(node.clone())?;
            let arg = self.args.iter().find(|arg| arg.name == name).cloned();
            let buffer = || {
                let buffer = self.buffers.iter().position(|buffer| buffer.name == name)?;
                Some(Arg { name: name.to_string(), ty: None, value: ArgValue::Pointer { buffer, offset: 0 } })
            };
            match arg.or_else(buffer) {
                Some(arg) => args.push(arg),
                None => reader.error(Code::E0653, format!("`{name}` is neither in `args` nor in `buffers`"), node.span),
            }
        }
        Some(args)
    }

    /// Memory from a generator, or an array of structures.
    fn memory(&self, reader: &mut Reader, node: &Node) -> Option<Content> {
        match node.value {
            DeValue::Table(table) => {
                reader.known_keys(table, &["count", "fields"]);
                let count = reader.required(node, "count").and_then(|count| reader.count(count))?;
                self.structures(reader, node, count)
            }
            _ => {
                let text = reader.string(node.clone())?;
                // `expr nodes* 10 FORMULA`: numbers of elements first.
                let target = text.split_whitespace().find_map(|word| word.strip_suffix('*').filter(|name| is_name(name)));
                let plain = target.map_or(text.to_string(), |name| text.replacen(&format!(" {name}* "), " i64 ", 1));
                let link = |target: &str| Link { field: String::new(), target: target.to_string(), at: node.span.clone() };
                let links = target.filter(|_| plain != text).map(link).into_iter().collect();
                let (layout, bytes) = generate(&plain, &self.env()).map_err(|error| report(reader, node, 0, error)).ok()?;
                Some((layout, bytes, links))
            }
        }
    }

    /// `fields = [{ name = "TYPE FORMULA" }, ...]`, `count` times.
    fn structures(&self, reader: &mut Reader, node: &Node, count: usize) -> Option<Content> {
        let list = reader.required(node, "fields")?;
        let mut members: Vec<(&str, String, &str, Node)> = Vec::new();
        let mut links = Vec::new();
        for item in reader.array(list)? {
            for (name, value) in reader.table(item)?.iter() {
                let node = Node::new(value);
                let text = reader.string(node.clone())?;
                let (ty, formula) = text.trim().split_once(' ').unwrap_or((text, ""));
                // `x*` and `x*[4]`
                let (element, array) = ty.split_at(ty.find('[').unwrap_or(ty.len()));
                if let Some(target) = element.strip_suffix('*').filter(|name| is_name(name)) {
                    let (field, target) = (name.get_ref().to_string(), target.to_string());
                    links.push(Link { field, target, at: node.span.clone() });
                    let ty = if array.is_empty() { "i64".into() } else { format!("i64{array}") };
                    members.push((name.get_ref(), ty, formula, node));
                    continue;
                }
                if scalars_of(ty).is_none() {
                    report(reader, &node, 0, GeneratorError::Type(ty.to_string()));
                    return None;
                }
                members.push((name.get_ref(), ty.to_string(), formula, node));
            }
        }
        let layout = Layout::structure(members.iter().map(|member| (member.0, member.1.as_str())))?;
        let size = layout.stride.checked_mul(count).filter(|size| (1..=MAX_BYTES).contains(size));
        let Some(size) = size else {
            report(reader, node, 0, GeneratorError::Size);
            return None;
        };
        let mut bytes = vec![0; size];
        let env = self.env();
        for (name, _, formula, node) in &members {
            let lanes = layout.field(name)?.count;
            let values = |i: usize| vec![Value::Int((i / lanes) as i128), Value::Int((i % lanes) as i128)];
            match generator::fill(formula, &layout, name, count * lanes, &["i", "c"], &env, values) {
                // Each field sets its own bytes and leaves the others zero.
                Ok((_, own)) => bytes.iter_mut().zip(own).for_each(|(to, from)| *to |= from),
                Err(error) => report(reader, node, formula_start(node, formula), error),
            }
        }
        Some((layout, bytes, links))
    }

    /// The buffer that a link leads to, and the size of its elements.
    fn target(&self, reader: &mut Reader, link: &Link) -> Option<(usize, usize)> {
        let target = self.buffers.iter().position(|buffer| buffer.name == link.target);
        let found = target.and_then(|target| Some((target, self.buffers[target].layout.as_ref()?.stride)));
        if found.is_none() {
            reader.error(Code::E0653, format!("no buffer is named `{}`", link.target), link.at.clone());
        }
        found
    }

    /// Numbers of elements become pointers to them in structs by value.
    pub fn link_args(&mut self, reader: &mut Reader) {
        for (name, layout, links) in std::mem::take(&mut self.arg_links) {
            for link in links {
                let Some((buffer, stride)) = self.target(reader, &link) else { continue };
                let Some(field) = layout.field(&link.field) else { continue };
                let Some(arg) = self.args.iter_mut().find(|arg| arg.name == name) else { continue };
                let ArgValue::Struct { bytes, pointers } = &mut arg.value else { continue };
                let slots = (0..field.count).filter_map(|index| layout.offset_of(field, index));
                for at in slots {
                    let Some(slot) = bytes.get_mut(at..at + 8) else { continue };
                    let element = element_at(slot);
                    slot.fill(0);
                    if let Ok(element) = u64::try_from(element) {
                        pointers.push((at, Target { buffer, offset: element * stride as u64 }));
                    }
                }
            }
        }
    }

    /// The same in memory, in what it holds and in what it should hold.
    pub fn link(&mut self, reader: &mut Reader) {
        for (name, link) in std::mem::take(&mut self.links) {
            let Some((target, stride)) = self.target(reader, &link) else { continue };
            let Some(buffer) = self.memory_mut(&name) else { continue };
            let Some(layout) = buffer.layout.clone() else { continue };
            let Some(field) = layout.field(&link.field) else { continue };
            let point = |bytes: &mut [u8], at: usize| {
                let Some(slot) = bytes.get_mut(at..at + 8) else { return };
                let offset = u64::try_from(element_at(slot)).ok().map(|element| element * stride as u64);
                slot.copy_from_slice(&Target::bits(offset.map(|offset| Target { buffer: target, offset })).to_le_bytes());
            };
            for index in 0..layout.scalars(field, buffer.initial.len()) {
                let Some(at) = layout.offset_of(field, index) else { continue };
                point(&mut buffer.initial, at);
                if let Check::Equals { expected, .. } = &mut buffer.check {
                    point(expected, at);
                }
                buffer.pointers.push(at);
            }
        }
    }

    fn add_buffer(&mut self, reader: &mut Reader, name: &str, (layout, bytes, links): Content, node: &Node) -> bool {
        let free = self.is_free(reader, name, node);
        if free {
            self.links.extend(links.into_iter().map(|link| (name.to_string(), link)));
            self.buffers.push(buffer(name, layout, bytes));
        }
        free
    }

    fn is_free(&self, reader: &mut Reader, name: &str, node: &Node) -> bool {
        let mut memory = self.buffers.iter().chain(&self.symbols);
        let taken = memory.any(|buffer| buffer.name == name) || self.numbers.iter().any(|(known, _)| known == name);
        if taken {
            reader.error(Code::E0653, format!("`{name}` is declared twice"), node.span.clone());
        }
        !taken
    }
}

/// A number in decimal, if the value is one.
fn number_text(value: &DeValue) -> Option<String> {
    match value {
        DeValue::Integer(n) => i64::from_str_radix(&n.as_str().replace('_', ""), n.radix()).ok().map(|n| n.to_string()),
        DeValue::Float(x) => Some(x.as_str().replace('_', "")),
        DeValue::Boolean(b) => Some(if *b { "1" } else { "0" }.to_string()),
        DeValue::Table(table) => match table.get("value")?.get_ref() {
            DeValue::String(text) => Some(text.replace('_', "")),
            _ => None,
        },
        _ => None,
    }
}

/// Memory that must stay as it is, until `expect` says otherwise.
fn buffer(name: &str, layout: Layout, initial: Vec<u8>) -> Buffer {
    let check = Check::Equals { expected: initial.clone(), tolerance: Tolerance::default(), order: Order::Given };
    Buffer { name: name.to_string(), layout: Some(layout), initial, check, address: None, pointers: Vec::new() }
}

fn element_at(slot: &[u8]) -> i64 {
    slot.iter().rev().fold(0u64, |value, &byte| value << 8 | u64::from(byte)) as i64
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn formula_start(node: &Node, formula: &str) -> usize {
    match node.value {
        DeValue::String(text) => text.len().saturating_sub(formula.len()),
        _ => 0,
    }
}

/// Turns what a generator or formula complains about into a diagnostic.
pub fn report(reader: &mut Reader, node: &Node, start: usize, error: GeneratorError) {
    match error {
        GeneratorError::Formula { at, message } => reader.error_within(Code::E0655, message, node, start + at),
        other => reader.error(Code::E0654, other.to_string(), node.span.clone()),
    }
}
