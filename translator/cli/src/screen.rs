//! Where messages go: standard error, with colours on a terminal, one JSON object a line, or one SARIF log at the end.

use crate::args::Color;
use clap::ValueEnum;
use source::{Code, Coloring, Diagnostic, SourceMap, Span, render_json, render_string, sarif_log, sarif_result};
use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    /// One object a line
    Json,
    /// One SARIF 2.1.0 log at the end
    Sarif,
    #[value(skip)]
    Silent,
}

/// How to speak to the user.
#[derive(Clone, Debug)]
pub struct Screen {
    format: Format,
    colored: bool,
    /// What a SARIF log will hold.
    results: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Screen {
    pub fn new(format: Format, color: Color) -> Screen {
        let colored = match color {
            Color::Auto => std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            Color::Always => true,
            Color::Never => false,
        };
        Screen { format, colored: colored && format == Format::Human, results: Arc::default() }
    }

    /// Shows nothing, for callers that look at the results themselves.
    pub fn silent() -> Screen {
        Screen { format: Format::Silent, colored: false, results: Arc::default() }
    }

    /// Writes diagnostics, in order. A standard error that is closed is nobody's problem.
    pub fn show(&self, map: &SourceMap, diagnostics: &[Diagnostic]) {
        let coloring = if self.colored { Coloring::Ansi } else { Coloring::Plain };
        let mut text = String::new();
        for diagnostic in diagnostics {
            match self.format {
                Format::Human => text += &render_string(map, diagnostic, coloring),
                Format::Silent => {}
                Format::Json => text += &format!("{}\n", render_json(map, diagnostic)),
                Format::Sarif => {
                    self.results.lock().unwrap_or_else(PoisonError::into_inner).push(sarif_result(map, diagnostic));
                }
            }
        }
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }

    /// Whether a program reads the messages.
    pub fn is_for_machines(&self) -> bool {
        matches!(self.format, Format::Json | Format::Sarif)
    }

    /// Says that all has been said: a SARIF log is written as a whole.
    pub fn finish(&self) {
        if self.format == Format::Sarif {
            let log = sarif_log(&self.results.lock().unwrap_or_else(PoisonError::into_inner));
            let _ = std::io::stderr().lock().write_all(log.as_bytes());
        }
    }

    /// An error without a place in a source text.
    pub fn error(&self, code: Code, message: impl Into<String>) {
        self.show(&SourceMap::new(), &[Diagnostic::error(code, message, Span::NONE)]);
    }

    /// A remark that is no diagnostic; JSON readers do not get it.
    pub fn note(&self, text: &str) {
        if self.format == Format::Human {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Whether a progress bar would be seen.
    pub fn is_live(&self) -> bool {
        self.format == Format::Human && std::io::stderr().is_terminal()
    }
}

/// Writes the result to standard output. `false` if the reader has gone.
pub fn print(text: &[u8]) -> bool {
    let mut out = std::io::stdout().lock();
    out.write_all(text).and_then(|()| out.flush()).is_ok()
}
