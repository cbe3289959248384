//! The rules of C++ that device code uses, each with its place in the standard (C++20, N4861): `rules/RULES.md` is the table.
//!
//! The table is made of the tests themselves. A comment `// [conv.prom]/1: what the rule says` stands above the functions of
//! `language/**/*.cu` that show the rule and above the kernels of `errors/**/*.cu` that break it. `rules/clauses.txt` has every section
//! of the standard; one without a test needs a reason there, and one without a refused kernel says in its
//! comment that there is "nothing to refuse", or what is "not checked".
//!
//! Files of `language/rules` are C++ but for CUDA's keywords: g++ compiles them and says what `test` gives. `BLESS=1` writes that into
//! their headers, and the table. Of `errors/rules` NVIDIA's compiler must refuse each marked line too.

#[path = "rules/compilers.rs"]
mod compilers;
#[path = "rules/table.rs"]
mod table;

use backends::interpreter::{ArgValue, Launch, Options, run};
use source::{Diagnostic, SourceMap};
use std::path::{Path, PathBuf};
use table::Table;
use translator::{ShippedHeaders, TranslateOptions, translate};

/// The folder of the tests.
fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The CUDA files below a folder of the tests, by their paths.
fn files(folder: &str) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![tests().join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).expect("the folder can be read").flatten().map(|entry| entry.path()) {
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(extension) if extension == "cu" => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

fn is_blessed() -> bool {
    std::env::var_os("BLESS").is_some()
}

#[test]
fn the_table_is_fresh() {
    let page = Table::read(&files("language"), &files("errors")).page();
    let path = tests().join("rules/RULES.md");
    if is_blessed() {
        std::fs::write(&path, &page).expect("the table can be written");
    }
    assert!(
        std::fs::read_to_string(&path).unwrap_or_default() == page,
        "RULES.md is stale: run BLESS=1 cargo test -p translator"
    );
}

#[test]
fn every_section_has_a_test_or_a_reason() {
    let wrong = Table::read(&files("language"), &files("errors")).gaps();
    assert!(wrong.is_empty(), "{} gaps:\n{}", wrong.len(), wrong.join("\n"));
}

/// What `test` writes, on the interpreter.
fn interpreted(path: &Path, count: usize) -> Result<Vec<i32>, String> {
    let text = std::fs::read_to_string(path).expect("the test file can be read");
    let mut map = SourceMap::new();
    let (unit, diagnostics) = grammar::parse("rules.cu", &text, &grammar::Options::default(), &ShippedHeaders, &mut map);
    let translation = translate(&unit, &map, &TranslateOptions::default());
    let show =
        |all: &[Diagnostic]| all.iter().map(|d| source::render_string(&map, d, source::Coloring::Plain)).collect::<String>();
    let kernel = translation.kernels.iter().find(|kernel| kernel.name == "test").ok_or_else(|| show(&diagnostics))?;
    let launch = Launch {
        kernel: kernel.func.ok_or_else(|| show(&diagnostics) + &show(&kernel.diagnostics))?,
        grid: [1; 3],
        block: [1; 3],
        dynamic_shared: 0,
        args: vec![ArgValue::Pointer { buffer: 0, offset: 0 }],
        buffers: vec![vec![0; 4 * count]],
        globals: Vec::new(),
        bindings: Vec::new(),
        options: Options::default(),
    };
    let outcome = run(&translation.module, &launch).map_err(|fault| format!("{fault:?}"))?;
    Ok(outcome.buffers[0].chunks_exact(4).map(|bytes| i32::from_le_bytes(bytes.try_into().expect("four bytes"))).collect())
}

/// The number of results that a header announces: `//# args = [{ out = "zeros i32 13" }]`.
fn results(text: &str) -> Option<usize> {
    text.lines().find_map(|line| line.strip_prefix("//# args = [{ out = \"zeros i32 ")?.split('"').next()?.parse().ok())
}

const EXPECT: &str = "//# expect = ";

#[test]
fn values_are_those_of_gxx() {
    let Some(gxx) = compilers::Gxx::find() else {
        return harness::left_out("values of the rules", "there is no g++");
    };
    let mut wrong = Vec::new();
    for path in files("language/rules") {
        let text = std::fs::read_to_string(&path).expect("the test file can be read");
        let name = table::short(&path);
        let count = results(&text).unwrap_or_else(|| panic!("{name} has no line `//# args = [{{ out = \"zeros i32 N\" }}]`"));
        let expected = match gxx.run(&path, count) {
            Ok(values) => values,
            Err(messages) => {
                wrong.push(format!("{name}: g++: {messages}"));
                continue;
            }
        };
        match interpreted(&path, count) {
            Err(reason) => wrong.push(format!("{name}: {reason}")),
            Ok(found) => {
                let calls = table::calls(&text);
                let pairs = expected.iter().zip(&found).enumerate().filter(|(_, (a, b))| a != b);
                wrong.extend(pairs.map(|(k, (a, b))| {
                    let call = calls.get(k).map_or("?", String::as_str);
                    format!("{name}: {call}: g++ gives {a}, the interpreter {b}")
                }));
            }
        }
        let line = format!("{EXPECT}{{ out = {expected:?} }}");
        if text.lines().any(|known| known == line) {
            continue;
        }
        if is_blessed() {
            let lines: Vec<&str> =
                text.lines().map(|known| if known.starts_with(EXPECT) { line.as_str() } else { known }).collect();
            std::fs::write(&path, lines.join("\n") + "\n").expect("the header can be written");
        } else {
            wrong.push(format!("{name}: g++ gives other values than the header says: run with BLESS=1"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nvcc_accepts_the_one_and_refuses_the_other() {
    let Some(nvcc) = compilers::Nvcc::find() else {
        return harness::left_out("the rules by NVIDIA's compiler", "TRANSLATE_NVCC is not set");
    };
    let mut wrong = Vec::new();
    for path in files("language/rules") {
        if let Err(messages) = nvcc.accepts(&path) {
            wrong.push(format!("{}: {messages}", table::short(&path)));
        }
    }
    for path in files("errors/rules") {
        let text = std::fs::read_to_string(&path).expect("the test file can be read");
        let refused = nvcc.refused_lines(&path);
        for (line, kernel) in table::marked_lines(&text) {
            if !refused.contains(&line) {
                wrong.push(format!("{}:{line}: nvcc accepts {kernel}", table::short(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
