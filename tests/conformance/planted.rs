//! The sanitizer finds what is wrong in kernels with a planted bug, each at all of its places, and finds nothing in the samples.
//!
//! A file in `planted/` has the header of a sample whose `fails` is the code of its bug; lines that must be shown end in `// <--`.

use crate::common::{samples, short, with_deep_stack};
use backends::interpreter;
use std::path::{Path, PathBuf};
use translate::check::{Checker, Row, Settings, Verdict};
use translate::screen::Screen;

const MARK: &str = "// <--";

fn planted() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/planted");
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).expect("the folder is there").flatten().map(|e| e.path()).collect();
    found.sort();
    found
}

fn sanitized(paths: Vec<PathBuf>) -> Vec<(PathBuf, Vec<Row>)> {
    with_deep_stack(move || {
        let interpreter = interpreter::Options { sanitize: true, max_steps: 1_000_000, ..interpreter::Options::default() };
        let mut checker = Checker::new(Settings { interpreter, ..Settings::default() }, &[]);
        paths.into_iter().map(|path| (path.clone(), checker.sample(&path, &Screen::silent()))).collect()
    })
}

/// What is wrong with the rows of a file with a bug.
fn judge(path: &Path, rows: &[Row]) -> Option<String> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let marked: Vec<String> =
        (1..).zip(text.lines()).filter(|(_, line)| line.ends_with(MARK)).map(|(number, _)| number.to_string()).collect();
    let [row] = rows else { return Some(format!("{} rows", rows.len())) };
    if row.verdict != Verdict::Agrees {
        return Some(format!("{}: {}", row.verdict.name(), row.detail));
    }
    let own = |place: &String| place.strip_prefix(&row.case)?.strip_prefix(':').map(str::to_string);
    let mut shown: Vec<String> = row.places.iter().filter_map(own).collect();
    shown.sort_by_key(|line| line.parse::<u32>().unwrap_or(0));
    shown.dedup();
    (shown != marked).then(|| format!("lines {shown:?} are shown, {marked:?} are marked"))
}

#[test]
fn every_planted_bug_is_found() {
    let rows = sanitized(planted());
    assert!(rows.len() >= 20, "there are {} kernels with a bug", rows.len());
    let wrong: Vec<String> =
        rows.iter().filter_map(|(path, rows)| judge(path, rows).map(|why| format!("{}: {why}\n", short(path)))).collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn samples_have_none() {
    let rows = sanitized(samples()).into_iter().flat_map(|(_, rows)| rows);
    let bad = rows.filter(|row| !row.verdict.is_good());
    let wrong: Vec<String> = bad.map(|row| format!("{}: {}: {}\n", row.case, row.verdict.name(), row.detail)).collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}
