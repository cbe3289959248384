//! Where messages go: standard error, with colours on a terminal, or one JSON object a line.

use crate::args::Color;
use clap::ValueEnum;
use source::{Code, Coloring, Diagnostic, SourceMap, Span, render_json, render_string};
use std::io::{IsTerminal, Write};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Human,
    /// One object a line
    Json,
    #[value(skip)]
    Silent,
}

/// How to speak to the user.
#[derive(Clone, Debug)]
pub struct Screen {
    format: Format,
    colored: bool,
}

impl Screen {
    pub fn new(format: Format, color: Color) -> Screen {
        let colored = match color {
            Color::Auto => std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
            Color::Always => true,
            Color::Never => false,
        };
        Screen { format, colored: colored && format == Format::Human }
    }

    /// Shows nothing, for callers that look at the results themselves.
    pub fn silent() -> Screen {
        Screen { format: Format::Silent, colored: false }
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
            }
        }
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
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
