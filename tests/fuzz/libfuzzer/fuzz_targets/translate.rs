//! The property of `fuzz::target` for libFuzzer.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(finding) = fuzz::target::run(text) {
        panic!("{finding}");
    }
});
