//! Makes a finding small: takes away parts as long as the finding stays the same one.

use crate::mutate::tokens;

/// A shorter text for which `is_same` still holds; `tries` bounds how often it is asked.
pub fn minimise(text: &str, mut tries: usize, mut is_same: impl FnMut(&str) -> bool) -> String {
    let mut pieces: Vec<String> = text.split_inclusive('\n').map(str::to_string).collect();
    // Lines first, then tokens.
    for round in 0..2 {
        let mut size = pieces.len().div_ceil(2);
        while size > 0 && tries > 0 {
            let mut at = 0;
            while at < pieces.len() && tries > 0 {
                let mut shorter = pieces.clone();
                shorter.drain(at..(at + size).min(pieces.len()));
                tries -= 1;
                if is_same(&shorter.concat()) {
                    pieces = shorter;
                } else {
                    at += size;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
        if round == 0 {
            let text = pieces.concat();
            pieces = tokens(&text).into_iter().map(str::to_string).collect();
        }
    }
    pieces.concat()
}
