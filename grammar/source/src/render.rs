//! Diagnostics as text (with codespan-reporting) and as JSON lines.

use crate::{Diagnostic, FileId, Severity, SourceMap};
use codespan_reporting::diagnostic as cs;
use codespan_reporting::files::{self, Files};
use codespan_reporting::term;
use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};
use std::ops::Range;

struct MapFiles<'a>(&'a SourceMap);

impl<'a> Files<'a> for MapFiles<'a> {
    type FileId = u32;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: u32) -> Result<&'a str, files::Error> {
        Ok(self.0.path(FileId(id)))
    }

    fn source(&'a self, id: u32) -> Result<&'a str, files::Error> {
        Ok(self.0.text(FileId(id)))
    }

    fn line_index(&'a self, id: u32, byte: usize) -> Result<usize, files::Error> {
        Ok(self.0.line_index(FileId(id), byte))
    }

    fn line_range(&'a self, id: u32, line: usize) -> Result<Range<usize>, files::Error> {
        self.0.line_range(FileId(id), line).ok_or(files::Error::LineTooLarge { given: line, max: 0 })
    }
}

/// Writes one diagnostic with its source lines; the macro expansions behind its place become notes.
pub fn render_text(out: &mut dyn WriteColor, map: &SourceMap, diagnostic: &Diagnostic) -> std::io::Result<()> {
    let severity = match diagnostic.severity {
        Severity::Error => cs::Severity::Error,
        Severity::Warning => cs::Severity::Warning,
        Severity::Note => cs::Severity::Note,
    };
    let mut shown = cs::Diagnostic::new(severity).with_code(diagnostic.code.as_str()).with_message(&diagnostic.message);
    for label in &diagnostic.labels {
        if let Some((file, range)) = map.locate(label.span) {
            let style = if label.primary { cs::LabelStyle::Primary } else { cs::LabelStyle::Secondary };
            shown.labels.push(cs::Label::new(style, file.0, range).with_message(&label.text));
        }
    }
    shown.notes.extend(expansion_notes(map, diagnostic));
    shown.notes.extend(diagnostic.notes.iter().cloned());
    shown.notes.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    term::emit_to_write_style(out, &term::Config::default(), &MapFiles(map), &shown).map_err(std::io::Error::other)
}

/// Macros nest; beyond this depth the names say little.
const MAX_EXPANSION_NOTES: usize = 6;

/// One note for each macro that the place came through, with the place of its text.
fn expansion_notes(map: &SourceMap, diagnostic: &Diagnostic) -> Vec<String> {
    let expansions = map.expansions(diagnostic.span());
    let notes = expansions.iter().take(MAX_EXPANSION_NOTES).map(|(name, text)| match map.place(*text) {
        Some(place) => format!("in the expansion of macro `{name}`, {}:{}:{}", place.path, place.line, place.column),
        None => format!("in the expansion of macro `{name}`"),
    });
    notes.collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coloring {
    Plain,
    /// With the escape sequences of terminals.
    Ansi,
}

/// The same as a string. What cannot be shown with its source lines is shown without.
pub fn render_string(map: &SourceMap, diagnostic: &Diagnostic, coloring: Coloring) -> String {
    let mut text = Vec::new();
    let written = match coloring {
        Coloring::Plain => render_text(&mut NoColor::new(&mut text), map, diagnostic),
        Coloring::Ansi => render_text(&mut Ansi::new(&mut text), map, diagnostic),
    };
    match written {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        Err(error) => format!("{}: {} ({error})\n", diagnostic.code, diagnostic.message),
    }
}

/// One diagnostic as one line of JSON: `{severity, code, message, labels: [{path, line, column, text, primary}], macros, notes, help}`.
pub fn render_json(map: &SourceMap, diagnostic: &Diagnostic) -> String {
    let labels: Vec<_> = diagnostic
        .labels
        .iter()
        .filter_map(|label| {
            let place = map.place(label.span)?;
            Some(serde_json::json!({
                "path": &*place.path, "line": place.line, "column": place.column,
                "text": label.text, "primary": label.primary,
            }))
        })
        .collect();
    serde_json::json!({
        "severity": match diagnostic.severity { Severity::Error => "error", Severity::Warning => "warning", Severity::Note => "note" },
        "code": diagnostic.code.as_str(),
        "message": diagnostic.message,
        "labels": labels,
        "macros": map.expansions(diagnostic.span()).iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>(),
        "notes": diagnostic.notes,
        "help": diagnostic.help,
    })
    .to_string()
}
