//! What the template arguments of a launch stand for where they are names of the host function around it: local constants, aliases,
//! the host function's own template parameters.
//!
//! Host code is not parsed, so this reads its text: `const int n = 256;`, `using T = float;`, `template <typename T> void run(..)`
//! and its calls `run<float>(..)`. As in `host`, a wrong guess only instantiates a kernel that nobody launches.

use super::*;
use rustc_hash::FxHashMap;
use source::{FileId, SourceMap};

/// Host templates may call host templates this deep.
const MAX_HOST_DEPTH: u32 = 4;

/// Names of the host function and their values, one list for each way the launch is reached.
pub(super) type Bindings = Vec<(Symbol, TemplateArg)>;

/// The user's files one after another, those that are included first.
#[derive(Default)]
pub(super) struct HostFiles {
    text: String,
    starts: Vec<(FileId, usize)>,
}

impl HostFiles {
    pub(super) fn of(files: &[FileId], map: &SourceMap) -> HostFiles {
        let mut host = HostFiles::default();
        for &file in files.iter().rev() {
            host.starts.push((file, host.text.len()));
            host.text.push_str(map.text(file));
            host.text.push_str("\n}\n");
        }
        host
    }
}

/// Host code, and where each of its words stands: a name is asked for once for each launch.
pub(super) struct HostText<'t> {
    files: &'t HostFiles,
    text: &'t str,
    /// The last place of each word.
    last: FxHashMap<&'t str, u32>,
    /// Each place with the one before it of the same word.
    places: Vec<(usize, u32)>,
}

const NO_PLACE: u32 = u32::MAX;

impl<'t> HostText<'t> {
    pub(super) fn new(files: &'t HostFiles) -> HostText<'t> {
        let text: &'t str = &files.text;
        let mut host = HostText { files, text, last: FxHashMap::default(), places: Vec::with_capacity(text.len() / 8) };
        let mut at = 0;
        while at < text.len() {
            let end = word_end(text, at);
            if end == at {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                continue;
            }
            let before = host.last.insert(&text[at..end], host.places.len() as u32).unwrap_or(NO_PLACE);
            host.places.push((at, before));
            at = end;
        }
        host
    }

    /// Where a name stands by itself, from the end to the start. It may have several words, as `S::n` has.
    fn places<'s>(&'s self, name: &'s str) -> impl Iterator<Item = usize> + use<'s, 't> {
        let word = name.rsplit(|c| !is_word_char(c)).next().unwrap_or(name);
        let mut next = self.last.get(word).copied().unwrap_or(NO_PLACE);
        let places = std::iter::from_fn(move || {
            let (at, before) = *self.places.get(next as usize)?;
            next = before;
            Some(at)
        });
        places.filter_map(move |at| {
            let start = at.checked_sub(name.len() - word.len())?;
            let is_it = self.text.get(start..)?.starts_with(name);
            (is_it && !self.text[..start].ends_with(is_word_char)).then_some(start)
        })
    }
}

impl<'a> Sema<'a> {
    pub(super) fn launch_bindings(
        &mut self,
        names: &[Symbol],
        launch: Span,
        map: &SourceMap,
        host: &HostText<'_>,
    ) -> Vec<Bindings> {
        let Some((file, range)) = map.locate(launch) else { return vec![Vec::new()] };
        let Some((_, start)) = host.files.starts.iter().find(|(known, _)| *known == file) else { return vec![Vec::new()] };
        self.bindings_at(names, (start + range.start).min(host.text.len()), host, 0)
    }

    fn bindings_at(&mut self, names: &[Symbol], at: usize, text: &HostText<'_>, depth: u32) -> Vec<Bindings> {
        let mut fixed = Bindings::new();
        for name in names {
            if let Some(arg) = self.local_meaning(name.as_str(), at, text, depth) {
                fixed.push((*name, arg));
            }
        }
        let Some(HostTemplate { params, name, is_class }) = host_template(at, text.text) else { return vec![fixed] };
        if depth >= MAX_HOST_DEPTH {
            return vec![fixed];
        }
        let mut out: Vec<Bindings> = Vec::new();
        for (call, args) in uses_of(&name, is_class, text) {
            let mut bound = fixed.clone();
            for (param, arg) in params.iter().zip(&args) {
                let values = self.host_arguments(arg, call, text, depth + 1);
                if let Some(value) = values.into_iter().next() {
                    bound.push((Symbol::new(param), value));
                }
            }
            if !out.contains(&bound) {
                out.push(bound);
            }
        }
        if out.is_empty() {
            out.push(fixed);
        }
        out
    }

    /// The values a template argument in host text may have.
    fn host_arguments(&mut self, arg: &str, at: usize, text: &HostText<'_>, depth: u32) -> Vec<TemplateArg> {
        if let Ok(arg) = self.requested_arg(arg) {
            return vec![arg];
        }
        if depth > MAX_HOST_DEPTH {
            return Vec::new();
        }
        if let Some(found) = self.local_meaning(arg, at, text, depth) {
            return vec![found];
        }
        let symbol = Symbol::new(arg);
        let bindings = self.bindings_at(&[], at, text, depth + 1);
        bindings.into_iter().filter_map(|bound| bound.into_iter().find(|(name, _)| *name == symbol)).map(|(_, arg)| arg).collect()
    }

    /// `const int name = 4 * 64;` or `using name = float;` in front of a position.
    fn local_meaning(&mut self, name: &str, at: usize, text: &HostText<'_>, depth: u32) -> Option<TemplateArg> {
        if depth > MAX_HOST_DEPTH {
            return None;
        }
        let before = &text.text[..at];
        for found in text.places(name).filter(|found| found + name.len() <= at) {
            let head = before[..found].rsplit([';', '{', '}', '\n']).next().unwrap_or("").trim();
            let rest = before[found + name.len()..].trim_start();
            if head == "using" {
                let value = rest.strip_prefix('=')?.split(';').next()?.trim();
                return self.requested_arg(value).ok();
            }
            if let (Some(ty), true) = (head.strip_prefix("typedef "), rest.starts_with(';')) {
                return self.requested_arg(ty.trim()).ok();
            }
            let is_const = head.split_whitespace().any(|word| word == "const" || word == "constexpr");
            if let (true, Some(value)) = (is_const, rest.strip_prefix('=')) {
                let value = value.split([';', ',']).next()?.trim();
                let bits = self.host_integer(value, found, text, depth + 1)?;
                let ty = if head.contains("bool") { CType::BOOL } else { CType::LONG };
                return Some(TemplateArg::Value(ty, bits as u64));
            }
        }
        None
    }

    /// Products, quotients, sums and differences of numbers and constants, from left to right within their rank.
    fn host_integer(&mut self, text_of_value: &str, at: usize, text: &HostText<'_>, depth: u32) -> Option<i64> {
        let value = text_of_value.trim();
        let split = |ops: &[char]| value.rfind(|c| ops.contains(&c)).filter(|&i| i > 0);
        if let Some(i) = split(&['+', '-']).or_else(|| split(&['*', '/'])) {
            let left = self.host_integer(&value[..i], at, text, depth + 1)?;
            let right = self.host_integer(&value[i + 1..], at, text, depth + 1)?;
            return match &value[i..=i] {
                "+" => left.checked_add(right),
                "-" => left.checked_sub(right),
                "*" => left.checked_mul(right),
                _ => left.checked_div(right),
            };
        }
        if let Ok(TemplateArg::Value(_, bits)) = self.requested_arg(value) {
            return Some(bits as i64);
        }
        let unit = self.unit;
        let constant = unit.macros.iter().find(|constant| constant.name == value);
        if let Some(ast::Expr { kind: ast::ExprKind::Int(literal), .. }) = constant.map(|constant| &constant.value) {
            return i64::try_from(literal.value).ok();
        }
        match self.local_meaning(value, at, text, depth + 1)? {
            TemplateArg::Value(_, bits) => Some(bits as i64),
            _ => None,
        }
    }
}

/// Behind the word that starts here, if one does. Nearly all text is ASCII, whose characters need not be put together.
fn word_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => at += 1,
            0..=0x7f => break,
            _ => match text[at..].chars().next().filter(|&c| is_word_char(c)) {
                Some(c) => at += c.len_utf8(),
                None => break,
            },
        }
    }
    at
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A template of host code.
struct HostTemplate {
    params: Vec<String>,
    name: String,
    /// The name is that of a class template, of which this is a member function.
    is_class: bool,
}

/// The host function template around a position. Functions at the start of a line with `template` before them count.
fn host_template(at: usize, text: &str) -> Option<HostTemplate> {
    let before = &text[..at];
    let start = before.rfind("template")?;
    // A function that ends in between is another one: its closing brace stands at the start of a line.
    if before[start..].contains("\n}") {
        return None;
    }
    let open = start + before[start..].find('<')?;
    let (list, close) = bracketed(before, open)?;
    let params = split_top(&list).into_iter().map(|param| {
        let declared = param.split('=').next().unwrap_or("").trim().to_string();
        declared.rsplit(|c: char| !is_word_char(c)).next().unwrap_or("").to_string()
    });
    let params: Vec<String> = params.collect();
    let paren = close + before[close..].find('(')?;
    let head = before[close..paren].trim_end();
    // `T Estimator<T>::run(`: what matters is which estimators there are.
    let owner = head.rsplit_once(">::").and_then(|(owner, _)| owner.rsplit_once('<')).map(|(owner, _)| owner.trim_end());
    let name = owner.unwrap_or(head).rsplit(|c: char| !is_word_char(c)).next()?.to_string();
    (!name.is_empty()).then_some(HostTemplate { params, name, is_class: owner.is_some() })
}

/// Calls `name<a, b>(`, or any mention `name<a, b>` of a class, with the positions they stand at.
fn uses_of(name: &str, is_class: bool, host: &HostText<'_>) -> Vec<(usize, Vec<String>)> {
    let (mut out, text) = (Vec::new(), host.text);
    let mut places: Vec<usize> = host.places(name).collect();
    places.reverse();
    for at in places {
        let behind = at + name.len();
        let open = behind + text[behind..].len() - text[behind..].trim_start().len();
        if !text[open..].starts_with('<') || text[open..].starts_with("<<<") {
            continue;
        }
        let Some((list, close)) = bracketed(text, open) else { continue };
        if is_class || text[close..].trim_start().starts_with('(') {
            out.push((at, split_top(&list)));
        }
    }
    out
}

/// What stands between `<` at `open` and its `>`, and the position behind that.
fn bracketed(text: &str, open: usize) -> Option<(String, usize)> {
    let mut depth = 0i32;
    for (i, c) in text[open..].char_indices() {
        match c {
            '<' => depth += 1,
            '>' => {
                depth -= 1;
                if depth == 0 {
                    return Some((text[open + 1..open + i].to_string(), open + i + 1));
                }
            }
            ';' | '{' => return None,
            _ => {}
        }
    }
    None
}

fn split_top(list: &str) -> Vec<String> {
    let (mut depth, mut out, mut at) = (0i32, Vec::new(), String::new());
    for c in list.chars() {
        match c {
            '<' | '(' => depth += 1,
            '>' | ')' => depth -= 1,
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
