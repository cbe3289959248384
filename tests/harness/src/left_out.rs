//! What a test could not do on this machine, noted down for `cargo xtask test` (`tests/README.md`: `TRANSLATE_LEFT_OUT`).

use std::fs::OpenOptions;
use std::io::Write;

/// Says what is not tested here. The test that calls this is not counted as passed: libtest runs each test on a thread of its name.
pub fn left_out(what: &str, reason: &str) {
    println!("left out: {what}: {reason}");
    if let Some(file) = std::env::var_os("TRANSLATE_LEFT_OUT") {
        let thread = std::thread::current();
        let line = format!("{what}: {reason}\t{}\n", thread.name().unwrap_or("?"));
        let file = OpenOptions::new().append(true).create(true).open(file);
        // One call, so that lines of tests that run side by side do not mix.
        file.expect("the file opens").write_all(line.as_bytes()).expect("the file takes a line");
    }
}
