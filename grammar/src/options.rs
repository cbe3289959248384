//! What a caller may ask of the front end, and where built-in headers come from.

use crate::prelude::PreludeCache;
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct Options {
    /// `-I`, in order. The folder of the including file comes first for `#include "..."`.
    pub include_dirs: Vec<PathBuf>,
    /// `-D NAME`, `-D NAME=VALUE`, `-D 'F(x)=x'`
    pub defines: Vec<(String, Option<String>)>,
    /// `-U`, applied after `defines`.
    pub undefines: Vec<String>,
    /// A missing include is an error, not a warning.
    pub strict_includes: bool,
    /// `__CUDA_ARCH__`: 800 is sm_80.
    pub cuda_arch: u32,
    /// The C++ standard: 11, 14, 17 or 20.
    pub std: u32,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            include_dirs: Vec::new(),
            defines: Vec::new(),
            undefines: Vec::new(),
            strict_includes: false,
            cuda_arch: 800,
            std: 17,
        }
    }
}

/// The headers that ship with the program. They are found before those of the system and of `-I`.
pub trait Headers {
    /// The text of a header, by the name in the include: `cuda_fp16.h`, `cub/block/block_reduce.cuh`.
    fn header(&self, name: &str) -> Option<&'static str>;

    /// All of them, by name. What is made of them is kept where the prelude is, so they are the same for the whole process.
    fn all(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The header that every unit includes first, as nvcc includes `cuda_runtime.h`.
    fn prelude(&self) -> Option<(&'static str, &'static str)>;

    /// Where what the front end makes of the prelude stays between units; without one, each unit reads it again. Prelude and
    /// headers must be the same for the whole process.
    fn kept(&self) -> Option<&PreludeCache> {
        None
    }

    /// Headers that belong behind the prelude but are read only where the program says this word: `__vadd4` names `simd_functions.h`.
    fn parts(&self, _word: &str) -> &'static [&'static str] {
        &[]
    }

    /// All words that name such headers.
    fn part_words(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// A header that the user's own of the same name goes before, wherever it is found: it does not come with the toolkit.
    fn gives_way(&self, _name: &str) -> bool {
        false
    }
}

/// No headers at all.
pub struct NoHeaders;

impl Headers for NoHeaders {
    fn header(&self, _name: &str) -> Option<&'static str> {
        None
    }

    fn prelude(&self) -> Option<(&'static str, &'static str)> {
        None
    }
}
