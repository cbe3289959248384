//! CUDA in, IR out: `ir/*.cu` beside the text that it becomes, `errors/*.cu` with `//^^^ E0201: text` under the lines that are refused.
//!
//! `language/*.cu` carry what g++ computes: `translate check translator/tests/language --device none` runs them on the interpreter.
//!
//! `BLESS=1` writes the IR files again.

use source::{Diagnostic, SourceMap};
use std::path::{Path, PathBuf};
use translator::{ShippedHeaders, TranslateOptions, Translation, translate};

fn lower(path: &Path) -> (Translation, SourceMap, Vec<Diagnostic>) {
    let text = std::fs::read_to_string(path).expect("the test file can be read");
    let mut map = SourceMap::new();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (unit, diagnostics) = grammar::parse(&name, &text, &grammar::Options::default(), &ShippedHeaders, &mut map);
    (translate(&unit, &map, &TranslateOptions::default()), map, diagnostics)
}

fn files(folder: &str) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).expect("the folder is there");
        let (inner, found): (Vec<PathBuf>, Vec<PathBuf>) =
            entries.flatten().map(|entry| entry.path()).partition(|path| path.is_dir());
        folders.extend(inner);
        files.extend(found);
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "cu"));
    files.sort();
    assert!(!files.is_empty(), "no test files");
    files
}

#[test]
fn ir_is_as_written() {
    let mut stale = Vec::new();
    for path in files("ir") {
        let (translation, map, diagnostics) = lower(&path);
        let mut text = String::new();
        let errors = diagnostics.iter().chain(translation.kernels.iter().flat_map(|kernel| &kernel.diagnostics));
        for diagnostic in errors.filter(|diagnostic| diagnostic.is_error()) {
            text.push_str(&source::render_string(&map, diagnostic, source::Coloring::Plain));
        }
        text.push_str(&ir::text::print(&translation.module));
        let expected = path.with_extension("ir");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&expected, &text).expect("the expectation can be written");
        }
        if std::fs::read_to_string(&expected).unwrap_or_default() != text {
            stale.push(format!("{}:\n{text}", path.display()));
        }
    }
    assert!(stale.is_empty(), "the IR has changed; look at it and run with BLESS=1\n{}", stale.join("\n"));
}

/// `//^^^ E0201: text` points at columns of the line above and wants the code, and the text in the message.
#[test]
fn refusals_are_where_they_are_marked() {
    let mut wrong = Vec::new();
    for path in files("errors") {
        let text = std::fs::read_to_string(&path).expect("the test file can be read");
        let mut expected = Vec::new();
        for (line, content) in text.lines().enumerate() {
            if let Some((_, mark)) = content.split_once("//^") {
                let mark = mark.trim_start_matches('^').trim();
                let (code, message) = mark.split_once(": ").unwrap_or((mark, ""));
                expected.push((line as u32, code.to_string(), message.to_string()));
            }
        }
        let (translation, map, diagnostics) = lower(&path);
        let line_of = |diagnostic: &Diagnostic| map.place(diagnostic.span()).map_or(0, |place| place.line);
        let unread: Vec<u32> = diagnostics.iter().map(line_of).collect();
        let all = diagnostics.into_iter().chain(translation.kernels.into_iter().flat_map(|kernel| kernel.diagnostics));
        for diagnostic in all {
            let line = line_of(&diagnostic);
            // A kernel with a syntax error is refused for that.
            if diagnostic.code == source::Code::E0240 && unread.contains(&line) {
                continue;
            }
            let known = expected.iter().position(|(at, code, message)| {
                *at == line && code == diagnostic.code.as_str() && diagnostic.message.contains(message.as_str())
            });
            match known {
                Some(index) => {
                    expected.remove(index);
                }
                None => {
                    wrong.push(format!("{}:{line}: not expected: {} {}", path.display(), diagnostic.code, diagnostic.message))
                }
            }
        }
        wrong.extend(expected.iter().map(|(line, code, text)| format!("{}:{line}: missing: {code} {text}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `// wants: k<float>, k<int>` under a kernel lists its instances, in the order in which they are made, or `nothing`.
#[test]
fn host_code_says_what_is_instantiated() {
    for path in files("launches") {
        let (translation, map, _) = lower(&path);
        let text = std::fs::read_to_string(&path).expect("the test file can be read");
        for (line, mark) in text.lines().enumerate().filter_map(|(line, text)| Some((line, text.strip_prefix("// wants: ")?))) {
            let here = translation.kernels.iter().filter(|k| map.place(k.span).is_some_and(|place| place.line as usize == line));
            let lowered: Vec<&str> = here.filter(|k| k.func.is_some()).map(|k| k.name.as_str()).collect();
            let lowered = if lowered.is_empty() { "nothing".to_string() } else { lowered.join(", ") };
            assert_eq!(lowered, mark, "{}:{line}", path.display());
        }
    }
}

/// Broad use of C++: nothing in it is refused. The values are compared by `translate check`.
#[test]
fn language_files_lower() {
    for path in files("language") {
        let (translation, map, diagnostics) = lower(&path);
        let kernels = &translation.kernels;
        let errors = diagnostics.iter().chain(kernels.iter().flat_map(|kernel| &kernel.diagnostics));
        let shown: String = errors.map(|error| source::render_string(&map, error, source::Coloring::Plain)).collect();
        assert!(shown.is_empty() && kernels.iter().all(|kernel| kernel.func.is_some()), "{}:\n{shown}", path.display());
    }
}

#[test]
fn fmad_contracts_products_and_sums() {
    let text =
        "__global__ void k(float* o, float a, float b) { o[0] = a * b + o[1]; o[2] = o[1] - a * b; o[3] = __fadd_rn(a * b, b); }";
    let mut map = SourceMap::new();
    let (unit, _) = grammar::parse("fmad.cu", text, &grammar::Options::default(), &ShippedHeaders, &mut map);
    let with = translate(&unit, &map, &TranslateOptions { fmad: true, ..TranslateOptions::default() });
    let without = translate(&unit, &map, &TranslateOptions::default());
    assert_eq!(ir::text::print(&with.module).matches("fma(").count(), 2, "{}", ir::text::print(&with.module));
    assert_eq!(ir::text::print(&without.module).matches("fma(").count(), 0);
}
