//! The [`SourceMap`]: all files and macro expansions of one translation, and the way from a position back to text.

use crate::Span;
use std::sync::{Arc, OnceLock};

/// Index of a file in its [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// Positions of tokens that a macro expansion produced. The n-th position of the range stands for the n-th
/// byte of `spelling` (the macro's body or the argument), seen at `call_site` (the macro's use).
#[derive(Clone, Debug)]
pub struct Expansion {
    pub macro_name: Arc<str>,
    pub spelling: Span,
    pub call_site: Span,
}

/// A position as people read it. `line` and `column` count from 1; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: FileId,
    pub path: Arc<str>,
    pub line: u32,
    pub column: u32,
}

#[derive(Debug)]
struct File {
    path: Arc<str>,
    text: Arc<str>,
    start: u32,
    /// Made when a place is first asked for.
    line_starts: OnceLock<Vec<u32>>,
}

#[derive(Debug)]
enum Region {
    File(FileId),
    Expansion(u32),
}

impl File {
    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at as u32 + 1)).collect()
        })
    }
}

/// All text of one translation. Files and expansions get consecutive ranges of positions; position 0 is nobody's.
#[derive(Debug)]
pub struct SourceMap {
    /// What this map continues: its files and positions come first.
    below: Option<Arc<SourceMap>>,
    /// Maps whose own positions lie between those below and the own ones, ascending.
    between: Vec<Arc<SourceMap>>,
    /// The number of the first own file.
    first_file: u32,
    files: Vec<File>,
    expansions: Vec<Expansion>,
    /// Start of each region, ascending.
    regions: Vec<(u32, Region)>,
    next: u32,
}

impl Default for SourceMap {
    fn default() -> Self {
        SourceMap {
            below: None,
            between: Vec::new(),
            first_file: 0,
            files: Vec::new(),
            expansions: Vec::new(),
            regions: Vec::new(),
            next: 1,
        }
    }
}

impl SourceMap {
    pub fn new() -> SourceMap {
        SourceMap::default()
    }

    /// A map that has all of another and adds to it, so that what several translations share is there once.
    pub fn continuing(below: Arc<SourceMap>) -> SourceMap {
        let (start, first_file) = (below.next, below.file_count() as u32);
        SourceMap::continuing_from(below, start, first_file)
    }

    /// The same with room in front of the own positions and files, for maps that [`join`](SourceMap::join).
    pub fn continuing_from(below: Arc<SourceMap>, start: u32, first_file: u32) -> SourceMap {
        SourceMap { next: start, first_file, below: Some(below), ..SourceMap::default() }
    }

    /// Takes the own files and positions of a map that continues the same one into the room in front of the own.
    pub fn join(&mut self, other: Arc<SourceMap>) {
        let at = self.between.partition_point(|map| map.first_file < other.first_file);
        self.between.insert(at, other);
    }

    /// The first position that nothing has yet.
    pub fn end(&self) -> u32 {
        self.next
    }

    /// Adds a file and returns its id. One position past the last byte belongs to the file too (its end).
    /// `None` when the address space of 4 GiB is used up.
    pub fn add_file(&mut self, path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Option<FileId> {
        let (path, text) = (path.into(), text.into());
        let length = u32::try_from(text.len()).ok()?;
        let id = FileId(self.file_count() as u32);
        let start = self.claim(length.checked_add(1)?, Region::File(id))?;
        self.files.push(File { path, text, start, line_starts: OnceLock::new() });
        Some(id)
    }

    /// Adds the positions of one expanded token and returns its span. `None` when the address space is used up.
    pub fn add_expansion(&mut self, expansion: Expansion) -> Option<Span> {
        let length = expansion.spelling.hi.saturating_sub(expansion.spelling.lo).max(1);
        let start = self.claim(length, Region::Expansion(self.expansions.len() as u32))?;
        self.expansions.push(expansion);
        Some(Span::new(start, start + length))
    }

    fn claim(&mut self, length: u32, region: Region) -> Option<u32> {
        let start = self.next;
        self.next = start.checked_add(length)?;
        self.regions.push((start, region));
        Some(start)
    }

    pub fn file_count(&self) -> usize {
        self.first_file as usize + self.files.len()
    }

    fn file(&self, id: FileId) -> &File {
        if let Some(own) = id.0.checked_sub(self.first_file) {
            return &self.files[own as usize];
        }
        let between = self.between.iter().rev().find(|map| map.first_file <= id.0);
        match (between, &self.below) {
            (Some(map), _) => map.file(id),
            (None, Some(below)) => below.file(id),
            (None, None) => unreachable!("a map below has the files in front of the own"),
        }
    }

    pub fn path(&self, file: FileId) -> &Arc<str> {
        &self.file(file).path
    }

    pub fn text(&self, file: FileId) -> &Arc<str> {
        &self.file(file).text
    }

    /// The whole file as a span.
    pub fn file_span(&self, file: FileId) -> Span {
        let f = self.file(file);
        Span::new(f.start, f.start + f.text.len() as u32)
    }

    /// The start of the region that a position lies in, what it is, and the map that has it.
    fn region(&self, pos: u32) -> Option<(u32, &Region, &SourceMap)> {
        self.own_region(pos).or_else(|| {
            let before = self.between.partition_point(|map| map.regions.first().is_some_and(|(start, _)| *start <= pos));
            let between = before.checked_sub(1).map(|index| &self.between[index]).filter(|map| pos < map.next);
            between.and_then(|map| map.own_region(pos)).or_else(|| self.below.as_ref()?.region(pos))
        })
    }

    fn own_region(&self, pos: u32) -> Option<(u32, &Region, &SourceMap)> {
        let index = self.regions.partition_point(|&(start, _)| start <= pos).checked_sub(1)?;
        let (start, region) = &self.regions[index];
        Some((*start, region, self))
    }

    /// The expansion a position belongs to, if it lies in one.
    pub fn expansion(&self, pos: u32) -> Option<&Expansion> {
        match self.region(pos)? {
            (_, Region::Expansion(index), map) => Some(&map.expansions[*index as usize]),
            _ => None,
        }
    }

    /// The file that a span without macros lies in, with its place there.
    fn plain(&self, span: Span) -> Option<(FileId, &File)> {
        let (start, Region::File(id), map) = self.region(span.lo)? else { return None };
        let file = map.file(*id);
        (span.hi as usize <= start as usize + file.text.len()).then_some((*id, file))
    }

    /// The macros behind a place, the innermost first, each with the place of the text in its definition.
    pub fn expansions(&self, span: Span) -> Vec<(Arc<str>, Span)> {
        let mut found = Vec::new();
        let mut pos = span.lo;
        while let Some(expansion) = self.expansion(pos) {
            found.push((expansion.macro_name.clone(), expansion.spelling));
            pos = expansion.call_site.lo;
        }
        found
    }

    /// Where the user wrote it: both ends follow call sites out of all expansions. The result lies in one file.
    pub fn call_site(&self, span: Span) -> Span {
        if self.plain(span).is_some() {
            return Span::new(span.lo, span.hi.max(span.lo));
        }
        let mut lo = span.lo;
        while let Some(expansion) = self.expansion(lo) {
            lo = expansion.call_site.lo;
        }
        let mut hi = span.hi;
        while let Some(expansion) = self.expansion(hi.saturating_sub(1)) {
            hi = expansion.call_site.hi;
        }
        let same_file = matches!((self.region(lo), self.region(hi.saturating_sub(1))), (Some((a, ..)), Some((b, ..))) if a == b);
        Span::new(lo, if same_file { hi.max(lo) } else { lo })
    }

    /// The file in which the user wrote it.
    pub fn file_of(&self, span: Span) -> Option<FileId> {
        let mut lo = span.lo;
        while let Some(expansion) = self.expansion(lo) {
            lo = expansion.call_site.lo;
        }
        match self.region(lo)?.1 {
            Region::File(id) => Some(*id),
            Region::Expansion(_) => None,
        }
    }

    /// File and byte range of a span at its call site. `None` for [`Span::NONE`].
    pub fn locate(&self, span: Span) -> Option<(FileId, std::ops::Range<usize>)> {
        if span.is_none() {
            return None;
        }
        if let Some((id, file)) = self.plain(span) {
            let (lo, hi) = (span.lo - file.start, span.hi.max(span.lo) - file.start);
            return Some((id, lo as usize..hi as usize));
        }
        let span = self.call_site(span);
        match self.region(span.lo)?.1 {
            Region::File(id) => {
                let f = self.file(*id);
                let lo = (span.lo - f.start) as usize;
                let hi = (span.hi.max(span.lo) - f.start) as usize;
                Some((*id, lo.min(f.text.len())..hi.min(f.text.len()).max(lo.min(f.text.len()))))
            }
            Region::Expansion(_) => None,
        }
    }

    /// Line and column of the start of a span at its call site.
    pub fn place(&self, span: Span) -> Option<Place> {
        let (file, range) = self.locate(span)?;
        let f = self.file(file);
        let line = f.line_starts().partition_point(|&start| start as usize <= range.start).max(1) - 1;
        let line_start = f.line_starts()[line] as usize;
        let column = f.text.get(line_start..range.start).map_or(0, |t| t.chars().count());
        Some(Place { file, path: f.path.clone(), line: line as u32 + 1, column: column as u32 + 1 })
    }

    /// The text of a span at its call site.
    pub fn snippet(&self, span: Span) -> Option<&str> {
        let (file, range) = self.locate(span)?;
        self.file(file).text.get(range)
    }

    /// Line of a byte offset, from 0.
    pub fn line_index(&self, file: FileId, byte: usize) -> usize {
        self.file(file).line_starts().partition_point(|&start| start as usize <= byte).max(1) - 1
    }

    /// Byte range of a line (from 0) with its line end.
    pub fn line_range(&self, file: FileId, line: usize) -> Option<std::ops::Range<usize>> {
        let f = self.file(file);
        let start = *f.line_starts().get(line)? as usize;
        Some(start..f.line_starts().get(line + 1).map_or(f.text.len(), |&s| s as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_goes_on_from_another() {
        let mut below = SourceMap::new();
        let first = below.add_file("a", "one\ntwo").expect("there is room");
        let word = Span::new(below.file_span(first).lo + 4, below.file_span(first).hi);
        let below = Arc::new(below);
        let mut map = SourceMap::continuing(below.clone());
        let second = map.add_file("b", "three").expect("there is room");
        assert_eq!((second, map.file_count()), (FileId(1), 2));
        assert_eq!(map.file_span(second).lo, below.file_span(first).hi + 1);
        assert_eq!((map.snippet(word), map.snippet(map.file_span(second))), (Some("two"), Some("three")));
        assert_eq!(map.place(word).map(|place| (place.file, place.line, place.column)), Some((first, 2, 1)));
        let used = Expansion { macro_name: "M".into(), spelling: word, call_site: map.file_span(second) };
        let expanded = map.add_expansion(used).expect("there is room");
        assert_eq!((map.file_of(expanded), map.snippet(expanded)), (Some(second), Some("three")));
        assert_eq!(below.file_count(), 1);
    }

    #[test]
    fn a_map_joins_in_front_of_the_own_positions() {
        let mut below = SourceMap::new();
        below.add_file("a", "one").expect("there is room");
        let below = Arc::new(below);
        let mut kept = SourceMap::continuing_from(below.clone(), below.end() + 10, 3);
        let header = kept.add_file("header", "two").expect("there is room");
        let kept = Arc::new(kept);
        let mut map = SourceMap::continuing_from(below.clone(), below.end() + 100, 4);
        let own = map.add_file("b", "three").expect("there is room");
        assert_eq!((header, own), (FileId(3), FileId(4)));
        let span = kept.file_span(header);
        map.join(kept);
        assert_eq!((map.file_of(span), map.snippet(span), map.path(header).as_ref()), (Some(header), Some("two"), "header"));
        assert_eq!((map.snippet(map.file_span(own)), map.snippet(map.file_span(FileId(0)))), (Some("three"), Some("one")));
    }
}
