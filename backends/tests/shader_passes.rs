//! The shader passes, before and after: each `tests/shader/*.ir` holds a module, a line `; ---`, and what the passes make
//! of it (or the code of the refusal). `BLESS=1 cargo test -p backends --test shader_passes` writes the second halves anew.

use backends::shader::{Binding, BindingSource, Options, Program, legalise};
use ir::text::{parse, print};
use std::fmt::Write;
use std::path::Path;

const SEPARATOR: &str = "; ---\n";

fn legalised(text: &str) -> String {
    let module = match parse(text) {
        Ok(module) => module,
        Err(error) => return format!("; the input cannot be read: {error}\n"),
    };
    let kernels: Vec<_> = module.kernels().collect();
    match legalise(&module, &kernels, &Options::default()) {
        Ok(program) => interface(&program) + &print(&program.module),
        Err(refusals) => refusals.iter().fold(String::new(), |mut text, refusal| {
            let _ = writeln!(text, "; {}: {refusal}", refusal.code());
            text
        }),
    }
}

/// The bindings, one a line.
fn interface(program: &Program) -> String {
    let mut text = String::new();
    for entry in &program.entries {
        for Binding { binding, global, kind, source } in &entry.bindings {
            let name = &program.module.tables.globals[*global].name;
            let from = match source {
                BindingSource::Parameter(index) => format!("parameter {index}"),
                BindingSource::Member { parameter, from } => format!("byte {from} of parameter {parameter}"),
                BindingSource::Arguments => "arguments".into(),
                BindingSource::Variable(name) => format!("variable {name}"),
                BindingSource::Heap => "heap".into(),
            };
            let _ = writeln!(text, "; @binding({binding}) {kind:?} {name}: {from}");
        }
    }
    text
}

#[test]
fn files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shader");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    let bless = std::env::var_os("BLESS").is_some();
    let mut failed = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file of text");
        let (before, after) = text.split_once(SEPARATOR).unwrap_or((&text, ""));
        let got = legalised(before);
        if got != after {
            if bless {
                std::fs::write(&path, format!("{before}{SEPARATOR}{got}")).expect("writable");
            } else {
                failed.push(format!("{}:\n{got}", path.display()));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
