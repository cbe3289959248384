//! What fuzzing found, made small: `findings/NAME.cu` is named for the bug that it showed. Nothing of it may come back.

use fuzz::{seeds, target};
use std::path::{Path, PathBuf};

#[track_caller]
fn check(folders: &[PathBuf]) {
    let mut wrong = Vec::new();
    for (path, text) in seeds::read(folders) {
        println!("{}", path.display());
        let work = move || target::run(&text);
        let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(work).expect("a thread starts");
        match thread.join() {
            Ok(Ok(())) => {}
            Ok(Err(finding)) => wrong.push(format!("{}: {finding}", path.display())),
            Err(_) => wrong.push(format!("{}: panics", path.display())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_finding_comes_back() {
    check(&[Path::new(env!("CARGO_MANIFEST_DIR")).join("findings")]);
}

#[test]
fn seeds_are_translated_or_refused() {
    check(&seeds::own_folders());
}
