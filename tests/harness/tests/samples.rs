//! Every sample has a header that reads, and a check that could fail.

use harness::{Check, has_header, read_header};
use source::SourceMap;
use std::path::{Path, PathBuf};

fn samples() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(root).expect("the samples are there").flatten().filter(|e| e.path().is_dir()) {
        let files = std::fs::read_dir(folder.path()).expect("a readable folder").flatten().map(|e| e.path());
        found.extend(files.filter(|path| path.extension().is_some_and(|e| e == "cu")));
    }
    found.sort();
    found
}

#[test]
fn headers_read() {
    let mut wrong = String::new();
    for path in samples() {
        let text = std::fs::read_to_string(&path).expect("samples are UTF-8");
        let mut map = SourceMap::new();
        let file = map.add_file(path.to_string_lossy(), text.as_str()).expect("samples are small");
        assert!(has_header(&text), "{} has no header", path.display());
        match read_header(&map, file, path.parent().expect("samples lie in folders")) {
            Ok(case) => {
                let changes = case
                    .buffers
                    .iter()
                    .chain(&case.symbols)
                    .any(|b| matches!(&b.check, Check::Equals { expected, .. } if *expected != b.initial));
                let says = case.output.is_some() || case.fails.is_some();
                if !changes && !says {
                    wrong += &format!("{}: a kernel that does nothing would pass\n", path.display());
                }
            }
            Err(diagnostics) => diagnostics.iter().for_each(|d| {
                let place = map.place(d.span()).map_or(String::new(), |p| format!("{}:{}", p.line, p.column));
                wrong += &format!("{}:{place}: {}: {}\n", path.display(), d.code, d.message);
            }),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
