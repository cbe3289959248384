//! What the tests on devices share. A machine without devices says what it left out; it does not pass in silence.

pub use harness::left_out;
use std::time::Duration;

use runner::{Checks, Device, Launch, Module, devices};

pub const LIMIT: Duration = Duration::from_secs(60);

/// Runs `check` on every device of this machine.
pub fn on_every_device(test: &str, check: impl Fn(&mut Device)) {
    let found = devices();
    if found.present.is_empty() {
        let reasons: Vec<&str> = found.left_out.iter().map(|out| out.reason.as_str()).collect();
        left_out(test, &reasons.join("; "));
    }
    for adapter in &found.present {
        println!("{test} on {} ({} {})", adapter.info.id, adapter.info.driver, adapter.info.driver_version);
        check(&mut Device::open(adapter).expect("a device that is listed opens"));
    }
}

pub fn wgsl(text: &str, entry: &str) -> Launch {
    Launch::new(Module::Wgsl { text: text.to_string(), checks: Checks::Checked }, entry, LIMIT)
}

pub fn bytes_of(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

pub fn words_of(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
}
