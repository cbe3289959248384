//! The shipped headers and the samples are read by our own front end without a word.

use grammar::Options;
use source::SourceMap;
use std::path::{Path, PathBuf};
use translator::ShippedHeaders;

/// The messages about a unit, one a line, with their places.
fn messages(path: &str, text: &str) -> String {
    let mut map = SourceMap::new();
    let (_, diagnostics) = grammar::parse(path, text, &Options::default(), &ShippedHeaders, &mut map);
    let mut all = String::new();
    for diagnostic in &diagnostics {
        let place =
            map.place(diagnostic.span()).map_or(String::new(), |place| format!("{}:{}:{}", place.path, place.line, place.column));
        all += &format!("{place}: {} {}\n", diagnostic.code, diagnostic.message);
    }
    all
}

fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Words before a parenthesis that are no names of functions.
const KEYWORDS: [&str; 20] = [
    "__align__",
    "bool",
    "char",
    "short",
    "int",
    "long",
    "double",
    "float",
    "operator",
    "if",
    "for",
    "while",
    "switch",
    "sizeof",
    "return",
    "static_assert",
    "alignas",
    "__is_integral",
    "__is_arithmetic",
    "decltype",
];

#[test]
fn the_prelude_reads_in_full() {
    // A kernel that mentions a name reaches the item of that name: all of them, so that all are parsed.
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let mut names = String::new();
    for path in files_below(&include, "h") {
        let text = std::fs::read_to_string(path).expect("headers are UTF-8");
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '_') {
            if !KEYWORDS.contains(&word)
                && word.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && text.contains(&format!(" {word}("))
            {
                names += &format!("    (void){word};\n");
            }
        }
    }
    let unit = format!("__global__ void everything()\n{{\n{names}}}\n");
    let all = messages("everything.cu", &unit);
    assert!(all.is_empty(), "{all}");
}

#[test]
fn standard_headers_read() {
    let unit = "#include <cmath>\n#include <cstdint>\n#include <climits>\n#include <cfloat>\n#include <limits>\n#include <type_traits>\n\
        #include <utility>\n#include <algorithm>\n#include <cassert>\n#include <cstdio>\n#include <cstdlib>\n#include <cstring>\n\
        #include <iostream>\n#include <vector>\n\
        __global__ void k(float* p, std::uint32_t n)\n{\n    assert(n > 0);\n    std::swap(p[0], p[1]);\n\
            p[2] = std::max(p[0], std::numeric_limits<float>::lowest()) + std::sqrt(p[1]) + FLT_MAX + INT_MAX;\n\
            p[3] = std::is_same<int, float>::value + std::make_pair(1, 2).first;\n}\n";
    let all = messages("standard.cu", unit);
    assert!(all.is_empty(), "{all}");
}

#[test]
fn samples_read() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples");
    let mut all = String::new();
    for path in files_below(&samples, "cu") {
        let text = std::fs::read_to_string(&path).expect("samples are UTF-8");
        all += &messages(&path.to_string_lossy(), &text);
    }
    assert!(all.is_empty(), "{all}");
}

#[test]
fn every_prototype_has_a_row_in_the_table() {
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    let page = translator::mapping_page();
    for header in ["translate_builtins.h", "translate_atomics.h"] {
        let text = std::fs::read_to_string(include.join(header)).expect("headers are UTF-8");
        for line in text.lines().filter(|line| line.starts_with("__device__")) {
            let head = line.replace("__ATOMIC(", "").replace(")(", "(");
            let name = head.split('(').next().and_then(|head| head.split([' ', '*']).next_back()).unwrap_or_default();
            assert!(page.contains(&format!("`{name}`")), "{header}: `{name}` has no row");
        }
    }
}
