//! Diagnostics as SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), which code hosts and editors read.

use crate::{Code, Diagnostic, Severity, SourceMap, Span};
use serde_json::{Value, json};

/// One diagnostic as a `result` (Section 3.27). Notes become lines of the message, second places and macros related locations.
pub fn sarif_result(map: &SourceMap, diagnostic: &Diagnostic) -> Value {
    let mut message = diagnostic.message.clone();
    diagnostic.notes.iter().for_each(|note| message += &format!("\n{note}"));
    diagnostic.help.iter().for_each(|help| message += &format!("\nhelp: {help}"));
    let place = |primary: bool| {
        let labels = diagnostic.labels.iter().filter(move |label| label.primary == primary);
        labels.filter_map(|label| location(map, label.span, &label.text)).collect::<Vec<_>>()
    };
    let mut related = place(false);
    for (name, text) in map.expansions(diagnostic.span()) {
        related.extend(location(map, text, &format!("expanded from macro `{name}`")));
    }
    json!({
        "ruleId": diagnostic.code.as_str(),
        "level": level(diagnostic.severity),
        "message": { "text": message },
        "locations": place(true),
        "relatedLocations": related,
    })
}

/// A log of one run with these results, and the pages of the codes that occur in them as rules.
pub fn sarif_log(results: &[Value]) -> String {
    let mut codes: Vec<Code> = results.iter().filter_map(|result| crate::find_code(result["ruleId"].as_str()?)).collect();
    codes.sort();
    codes.dedup();
    let rules: Vec<Value> = codes
        .into_iter()
        .map(|code| {
            json!({
                "id": code.as_str(),
                "shortDescription": { "text": code.title() },
                "fullDescription": { "text": code.explanation() },
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "translate", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn location(map: &SourceMap, span: Span, text: &str) -> Option<Value> {
    let start = map.place(span)?;
    let (file, range) = map.locate(span)?;
    let base = map.file_span(file).lo;
    let end = base + range.end as u32;
    let end = map.place(Span::new(end, end)).unwrap_or_else(|| start.clone());
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&start.path) },
            "region": { "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column },
        },
    });
    if !text.is_empty() {
        location["message"] = json!({ "text": text });
    }
    Some(location)
}

/// A path as a relative URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    path.bytes().map(|byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_has_rule_level_place_and_notes() {
        let mut map = SourceMap::new();
        let file = map.add_file("my folder/a.cu", "one\ntwo three\n").expect("there is room");
        let lo = map.file_span(file).lo;
        let diagnostic = Diagnostic::error(Code::E0201, "nothing is named `three`", Span::new(lo + 8, lo + 13))
            .with_label(Span::new(lo, lo + 3), "here")
            .with_note("a note");
        let log: Value = serde_json::from_str(&sarif_log(&[sarif_result(&map, &diagnostic)])).expect("JSON");
        let run = &log["runs"][0];
        assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "E0201");
        let result = &run["results"][0];
        assert_eq!((&result["ruleId"], &result["level"]), (&json!("E0201"), &json!("error")));
        assert_eq!(result["message"]["text"], "nothing is named `three`\na note");
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20folder/a.cu");
        assert_eq!(place["region"], json!({ "startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 10 }));
        assert_eq!(result["relatedLocations"][0]["message"]["text"], "here");
    }
}
