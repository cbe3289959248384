//! Reads the rules out of the tests' comments, and writes the table of them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// `// [conv.prom]/1, [conv.fpprom]: small types are promoted.` and the functions or kernels behind it.
#[derive(Clone, Debug)]
struct Rule {
    /// Sections without brackets; the paragraph behind `/`, if any.
    places: Vec<(String, String)>,
    text: String,
    file: String,
    /// Functions that show it, or kernels that break it with their codes.
    shown_by: Vec<String>,
}

pub struct Table {
    accepted: Vec<Rule>,
    refused: Vec<Rule>,
    /// In the standard's order, with the reason why a section has no test.
    clauses: Vec<(String, Option<String>)>,
}

/// `rules/conversions.cu`: a test by its folder and name.
pub fn short(path: &Path) -> String {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    format!("{}/{}", folder.to_string_lossy(), path.file_name().unwrap_or_default().to_string_lossy())
}

/// The functions that a kernel `test` calls, in the order of `out[0] = first();`.
pub fn calls(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("out[")?.split_once("] = "));
    lines.filter_map(|(_, call)| Some(call.split_once('(')?.0.to_string())).collect()
}

/// Lines with a mark `//^ E0201: text` below them, from 1, with their text.
pub fn marked_lines(text: &str) -> Vec<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let marked = lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with("//^"));
    marked.filter_map(|(k, _)| Some((k.checked_sub(1)? + 1, lines[k - 1].trim().to_string()))).collect()
}

/// The places at a comment's beginning: `[conv.prom]/1, [conv.fpprom]`, and what follows them.
fn places(comment: &str) -> (Vec<(String, String)>, &str) {
    let (mut found, mut rest) = (Vec::new(), comment);
    while let Some((clause, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let end = behind.find(|c: char| !c.is_ascii_digit() && c != '/' && c != '.').unwrap_or(behind.len());
        let paragraph = behind[..end].trim_matches(['/', '.']).to_string();
        found.push((clause.to_string(), paragraph));
        let next = behind[end..].trim_start();
        rest = next.strip_prefix("and ").or_else(|| next.strip_prefix(',')).unwrap_or(next).trim_start();
    }
    (found, rest.strip_prefix(':').unwrap_or(rest).trim())
}

/// The name of the function or kernel that a line begins to define.
fn defined(line: &str, keyword: &str) -> Vec<String> {
    line.match_indices(keyword)
        .filter_map(|(at, _)| {
            let (head, _) = line[at + keyword.len()..].split_once('(')?;
            Some(head.split(|c: char| !c.is_alphanumeric() && c != '_').next_back()?.to_string())
        })
        .collect()
}

fn read(path: &Path, is_refused: bool) -> Vec<Rule> {
    let text = std::fs::read_to_string(path).expect("the test file can be read");
    let (calls, mut rules, mut is_open): (_, Vec<Rule>, _) = (calls(&text), Vec::new(), false);
    for line in text.lines() {
        let comment = line.trim_start().strip_prefix("// ");
        if let Some(comment) = comment.filter(|comment| comment.starts_with('[')) {
            let (places, text) = places(comment);
            rules.push(Rule { places, text: text.to_string(), file: short(path), shown_by: Vec::new() });
            is_open = true;
        } else if let (Some(comment), true, Some(rule)) = (comment, is_open, rules.last_mut()) {
            rule.text = format!("{} {comment}", rule.text);
        } else if let Some(rule) = rules.last_mut() {
            is_open = false;
            if is_refused {
                rule.shown_by.extend(defined(line, "__global__ "));
                if let Some((_, mark)) = line.split_once("//^") {
                    let code = mark.trim_start_matches('^').trim().split(':').next().unwrap_or_default();
                    match rule.shown_by.last_mut() {
                        Some(kernel) if kernel.contains('(') => {}
                        Some(kernel) => *kernel = format!("{kernel} ({code})"),
                        // A line of its own, as the preprocessor has them.
                        None => rule.shown_by.push(format!("a line ({code})")),
                    }
                }
            } else {
                rule.shown_by.extend(defined(line, "__device__ ").into_iter().filter(|name| calls.contains(name)));
            }
        }
    }
    rules.into_iter().filter(|rule| !rule.shown_by.is_empty()).collect()
}

/// What shows a rule, and what breaks it.
type Row<'t> = (Vec<&'t Rule>, Vec<&'t Rule>);

impl Table {
    pub fn read(language: &[PathBuf], errors: &[PathBuf]) -> Table {
        let lines = include_str!("clauses.txt").lines().filter(|line| !line.starts_with('#'));
        let clauses = lines.map(|line| match line.split_once(": ") {
            Some((clause, reason)) => (clause.to_string(), Some(reason.to_string())),
            None => (line.to_string(), None),
        });
        Table {
            accepted: language.iter().flat_map(|path| read(path, false)).collect(),
            refused: errors.iter().flat_map(|path| read(path, true)).collect(),
            clauses: clauses.collect(),
        }
    }

    fn of<'a>(rules: &'a [Rule], clause: &'a str) -> impl Iterator<Item = (&'a Rule, &'a str)> {
        rules.iter().filter_map(move |rule| {
            let (_, paragraph) = rule.places.iter().find(|(place, _)| place == clause)?;
            Some((rule, paragraph.as_str()))
        })
    }

    /// Sections without a test or a reason, and places that no standard has.
    pub fn gaps(&self) -> Vec<String> {
        let mut gaps = Vec::new();
        for (clause, reason) in &self.clauses {
            let accepted: Vec<&Rule> = Table::of(&self.accepted, clause).map(|(rule, _)| rule).collect();
            let is_refused = Table::of(&self.refused, clause).next().is_some();
            let unrefused = |rule: &&Rule| rule.text.contains("othing to refuse") || rule.text.contains("not checked");
            let nothing_to_refuse = accepted.iter().any(unrefused);
            let nothing_to_accept = Table::of(&self.refused, clause).any(|(rule, _)| rule.text.contains("othing to accept"));
            match reason {
                Some(_) if !accepted.is_empty() || is_refused => gaps.push(format!("[{clause}] has a reason and a test")),
                Some(_) => {}
                None => {
                    if accepted.is_empty() && !nothing_to_accept {
                        gaps.push(format!("[{clause}] is shown by nothing"));
                    }
                    if !is_refused && !nothing_to_refuse {
                        gaps.push(format!("[{clause}]: nothing that breaks it"));
                    }
                }
            }
        }
        for rule in self.accepted.iter().chain(&self.refused) {
            for (place, _) in &rule.places {
                if !self.clauses.iter().any(|(clause, _)| clause == place) {
                    gaps.push(format!("{}: there is no section [{place}]", rule.file));
                }
            }
        }
        gaps
    }

    pub fn page(&self) -> String {
        let mut page = String::from(
            "# The rules of C++, and where each is tested\n\nMade of the tests' comments by `BLESS=1 cargo test -p translator --test rules`; `../rules.rs` says how. Files are in\n`../language` and `../errors`; a code in brackets is the one with which the kernel is refused. The order is the standard's (C++20, N4861).\n\n",
        );
        let count = |rules: &[Rule]| rules.iter().map(|rule| rule.shown_by.len()).sum::<usize>();
        let tested = self.clauses.iter().filter(|(_, reason)| reason.is_none()).count();
        let _ = write!(
            page,
            "{tested} sections; {} rules shown by {} functions, {} broken by {} kernels.\n\n",
            self.accepted.len(),
            count(&self.accepted),
            self.refused.len(),
            count(&self.refused)
        );
        page.push_str("| place | rule | accepted | refused |\n| --- | --- | --- | --- |\n");
        for (clause, reason) in &self.clauses {
            if let Some(reason) = reason {
                let _ = writeln!(page, "| [{clause}] | no test: {reason} | | |");
                continue;
            }
            // Paragraphs of a section in their order; what breaks one stands beside what shows it.
            let mut rows: BTreeMap<(u32, &str), Row<'_>> = BTreeMap::new();
            let number = |paragraph: &str| paragraph.split(['.', '/']).next().and_then(|text| text.parse().ok()).unwrap_or(0);
            for (rule, paragraph) in Table::of(&self.accepted, clause) {
                rows.entry((number(paragraph), paragraph)).or_default().0.push(rule);
            }
            for (rule, paragraph) in Table::of(&self.refused, clause) {
                rows.entry((number(paragraph), paragraph)).or_default().1.push(rule);
            }
            for ((_, paragraph), (accepted, refused)) in rows {
                let place = if paragraph.is_empty() { format!("[{clause}]") } else { format!("[{clause}]/{paragraph}") };
                let texts: Vec<&str> = accepted.iter().chain(&refused).map(|rule| rule.text.as_str()).collect();
                let shown = |rules: &[&Rule]| {
                    let parts: Vec<String> =
                        rules.iter().map(|rule| format!("{}: {}", rule.file, rule.shown_by.join(", "))).collect();
                    parts.join("; ")
                };
                let text = texts.join(" / ").replace('|', "\\|");
                let _ = writeln!(page, "| {place} | {text} | {} | {} |", shown(&accepted), shown(&refused));
            }
        }
        page
    }
}
