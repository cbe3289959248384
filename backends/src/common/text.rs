//! Indented text.

use std::ops::Range;

/// Lines with indentation, four blanks a level.
#[derive(Debug, Default)]
pub struct TextBuffer {
    text: String,
    level: usize,
}

impl TextBuffer {
    pub fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n("    ", self.level));
            self.text.push_str(line);
        }
        self.text.push('\n');
    }

    /// A line of these pieces, one behind the other.
    pub fn pieces(&mut self, pieces: &[&str]) {
        self.text.extend(std::iter::repeat_n("    ", self.level));
        self.text.extend(pieces.iter().copied());
        self.text.push('\n');
    }

    /// An empty line, unless the text is empty or has one already.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") && !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    /// Adds to the end of the last line, and tells where that is in the text.
    pub fn append(&mut self, more: &str) -> Range<usize> {
        if self.text.ends_with('\n') {
            self.text.pop();
        }
        let start = self.text.len();
        self.text.push_str(more);
        self.text.push('\n');
        start..start + more.len()
    }

    /// Adds finished lines as they are.
    pub fn push(&mut self, lines: &str) {
        self.text.push_str(lines);
    }

    pub fn open(&mut self, line: impl AsRef<str>) {
        self.line(line);
        self.level += 1;
    }

    pub fn close(&mut self, line: impl AsRef<str>) {
        self.level -= 1;
        while self.text.ends_with("\n\n") {
            self.text.pop();
        }
        self.line(line);
    }

    /// `} else {`: closes a level and opens the next.
    pub fn close_open(&mut self, line: impl AsRef<str>) {
        self.close(line);
        self.level += 1;
    }

    /// Opens a level without a line.
    pub fn indent(&mut self) {
        self.level += 1;
    }

    pub fn finish(self) -> String {
        self.text
    }
}
