//! What the template arguments of a launch stand for where they are names of the host function around it: local constants, aliases,
//! the host function's own template parameters.
//!
//! Host code is not parsed, so this reads its text: `const int n = 256;`, `using T = float;`, `template <typename T> void run(..)`
//! and its calls `run<float>(..)`. As in `host`, a wrong guess only instantiates a kernel that nobody launches.

use super::*;
use source::SourceMap;

/// Host templates may call host templates this deep.
const MAX_HOST_DEPTH: u32 = 4;

/// Names of the host function and their values, one list for each way the launch is reached.
pub(super) type Bindings = Vec<(Symbol, TemplateArg)>;

impl<'a> Sema<'a> {
    pub(super) fn launch_bindings(&mut self, names: &[Symbol], launch: Span, map: &SourceMap) -> Vec<Bindings> {
        let Some((file, range)) = map.locate(launch) else { return vec![Vec::new()] };
        let (text, start) = self.host_text(map, file);
        self.bindings_at(names, (start + range.start).min(text.len()), &text, 0)
    }

    /// The user's files one after another, those that are included first, and where the launch's file starts.
    fn host_text(&self, map: &SourceMap, of: source::FileId) -> (String, usize) {
        let unit = self.unit;
        let shipped = unit.items.iter().filter(|item| item.origin == grammar::Origin::Builtin);
        let shipped: std::collections::BTreeSet<_> =
            shipped.filter_map(|item| map.file_of(item.span)).map(|file| file.0).collect();
        let (mut text, mut start) = (String::new(), 0);
        for index in (0..map.file_count() as u32).rev().filter(|index| *index == of.0 || !shipped.contains(index)) {
            if index == of.0 {
                start = text.len();
            }
            text.push_str(map.text(source::FileId(index)));
            text.push_str("\n}\n");
        }
        (text, start)
    }

    fn bindings_at(&mut self, names: &[Symbol], at: usize, text: &str, depth: u32) -> Vec<Bindings> {
        let mut fixed = Bindings::new();
        for name in names {
            if let Some(arg) = self.local_meaning(name.as_str(), at, text, depth) {
                fixed.push((*name, arg));
            }
        }
        let Some((params, function)) = host_template(at, text) else { return vec![fixed] };
        if depth >= MAX_HOST_DEPTH {
            return vec![fixed];
        }
        let mut out: Vec<Bindings> = Vec::new();
        for (call, args) in calls_of(&function, text) {
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
    fn host_arguments(&mut self, arg: &str, at: usize, text: &str, depth: u32) -> Vec<TemplateArg> {
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
    fn local_meaning(&mut self, name: &str, at: usize, text: &str, depth: u32) -> Option<TemplateArg> {
        if depth > MAX_HOST_DEPTH || name.is_empty() {
            return None;
        }
        let before = &text[..at];
        let mut end = before.len();
        while let Some(found) = before[..end].rfind(name) {
            end = found;
            if !is_word(before, found, name.len()) {
                continue;
            }
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
    fn host_integer(&mut self, text_of_value: &str, at: usize, text: &str, depth: u32) -> Option<i64> {
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

fn is_word(text: &str, at: usize, length: usize) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    !text[..at].chars().next_back().is_some_and(word) && !text[at + length..].chars().next().is_some_and(word)
}

/// The host function template around a position: its parameters' names and its own name. Functions at the start of a line with
/// `template` before them count.
fn host_template(at: usize, text: &str) -> Option<(Vec<String>, String)> {
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
        declared.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or("").to_string()
    });
    let params: Vec<String> = params.collect();
    let paren = close + before[close..].find('(')?;
    let head = before[close..paren].trim_end();
    let name = head.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?.to_string();
    (!name.is_empty()).then_some((params, name))
}

/// Calls `name<a, b>(` with the positions they stand at.
fn calls_of(name: &str, text: &str) -> Vec<(usize, Vec<String>)> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices(name) {
        if !is_word(text, at, name.len()) {
            continue;
        }
        let behind = at + name.len();
        let open = behind + text[behind..].len() - text[behind..].trim_start().len();
        if !text[open..].starts_with('<') || text[open..].starts_with("<<<") {
            continue;
        }
        let Some((list, close)) = bracketed(text, open) else { continue };
        if text[close..].trim_start().starts_with('(') {
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
