//! `translator/MATH.md`: its tables are written from the measurements, what is between them by hand.

use std::path::PathBuf;

use crate::shell;

use super::rows::{Build, Row, Rows};

pub fn path() -> PathBuf {
    shell::workspace().join("translator/MATH.md")
}

pub fn write() -> Result<(), String> {
    std::fs::write(path(), rendered()?).map_err(|error| error.to_string())
}

/// The page with the tables that the measurements give.
pub fn rendered() -> Result<String, String> {
    let rows = Rows::read()?;
    let devices = std::fs::read_to_string(shell::workspace().join("tests/math/devices.md")).unwrap_or_default();
    let mut text = std::fs::read_to_string(path()).map_err(|error| error.to_string())?;
    for (name, table) in [("float", errors(&rows, "float")), ("double", errors(&rows, "double")), ("devices", devices)] {
        text = replaced(&text, name, &table)?;
    }
    Ok(text)
}

/// Puts a table between `<!-- table NAME -->` and the next `<!-- end -->`.
fn replaced(text: &str, name: &str, table: &str) -> Result<String, String> {
    let mark = format!("<!-- table {name} -->\n");
    let start = text.find(&mark).ok_or(format!("MATH.md has no table {name}"))? + mark.len();
    let end = start + text[start..].find("<!-- end -->").ok_or(format!("the table {name} has no end"))?;
    Ok(format!("{}\n{table}\n{}", &text[..start], &text[end..]))
}

fn errors(rows: &Rows, ty: &str) -> String {
    let mut table = String::from(
        "| function | CUDA's bound | ulps | error | at | arguments | reordered |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows.of(Build::Exact).filter(|row| row.ty == ty) {
        let reordered = rows.find(Build::Reordered, &row.name);
        let cells = [
            format!("`{}`", row.name),
            bound(row),
            ulps(row),
            error(row),
            at(row),
            arguments(row),
            reordered.map_or(String::new(), |row| format!("{}{}{}", error(row), beyond(row), mark(row))),
        ];
        table += &format!("| {} |\n", cells.join(" | "));
    }
    table
}

fn bound(row: &Row) -> String {
    let ulps = if row.bound < 0.0 { "none".to_string() } else { row.bound.to_string() };
    match &row.absolute {
        Some(absolute) if absolute.from == 0.0 => format!("absolute {}", absolute.bound),
        Some(absolute) => format!("{ulps}; from {} on absolute {}", absolute.from, absolute.bound),
        None => ulps,
    }
}

fn ulps(row: &Row) -> String {
    let relative = row.absolute.as_ref().is_none_or(|absolute| absolute.from > 0.0);
    let beyond = if row.is_within() { "" } else { " **beyond the bound**" };
    let wrong = if row.wrong > 0 { format!(", {} wrong", row.wrong) } else { String::new() };
    format!("{}{wrong}{beyond}", if relative { row.ulps.to_string() } else { String::new() })
}

fn error(row: &Row) -> String {
    match &row.absolute {
        Some(absolute) if absolute.from == 0.0 => format!("absolute {}", absolute.error),
        Some(absolute) => format!("{:.2}; absolute {}", row.error, absolute.error),
        None => format!("{:.2}", row.error),
    }
}

/// Half a unit is the rounding's, which the bound does not count.
fn beyond(row: &Row) -> &'static str {
    if row.bound >= 0.0 && row.error > row.bound + 0.5 { " \\*" } else { "" }
}

fn at(row: &Row) -> String {
    row.at.replace(' ', ", ")
}

fn arguments(row: &Row) -> String {
    let count = match row.count {
        _ if row.is_exhaustive() => "all".to_string(),
        count if count >= 1_000_000 => format!("{} M", count / 1_000_000),
        count => count.to_string(),
    };
    count + mark(row)
}

/// Headers have changed since the measurement.
fn mark(row: &Row) -> &'static str {
    if row.is_stale() { " †" } else { "" }
}

#[test]
fn math_md_is_what_the_measurements_render_to() {
    let page = std::fs::read_to_string(path()).expect("the page is there");
    assert!(page == rendered().expect("the tables are there"), "translator/MATH.md is stale: cargo xtask math page");
}

#[test]
fn nothing_is_beyond_cudas_bound() {
    let rows = Rows::read().expect("the measurements read");
    let beyond: Vec<&str> = rows.of(Build::Exact).filter(|row| !row.is_within()).map(|row| row.name.as_str()).collect();
    assert!(beyond.is_empty(), "{beyond:?}");
}
