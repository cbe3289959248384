//! Random kernels agree on every engine with the results that their generator computed, which shares no code with the translator.
//!
//! `TRANSLATE_RANDOM=FROM..TO` picks other seeds than the few that run always.

use crate::common::left_out;
use crate::seeds::{devices, seeds, tally};
use harness::random::program;

#[test]
fn random_kernels_agree_everywhere() {
    let present = devices("random kernels").unwrap_or_default();
    let tally = tally("random", seeds("TRANSLATE_RANDOM", 16), present, |seed| program(seed).to_string());
    if tally.left_out > 0 {
        left_out(&format!("{} runs of random kernels", tally.left_out), "a device cannot run them");
    }
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n"));
}
