//! The headers that ship with the program, as text of the executable.
//!
//! They are CUDA C++ (`translator/include/`), read by our own front end together with the user's file.

/// Implements [`grammar::Headers`] over the shipped headers.
pub struct ShippedHeaders;

impl grammar::Headers for ShippedHeaders {
    fn header(&self, name: &str) -> Option<&'static str> {
        let shipped = SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(|(_, text)| *text);
        shipped.or_else(|| HOST_ONLY.lines().any(|line| line == name).then_some(""))
    }

    fn prelude(&self) -> Option<(&'static str, &'static str)> {
        let name = "cuda_runtime.h";
        self.header(name).map(|text| (name, text))
    }

    fn kept(&self) -> Option<&grammar::PreludeCache> {
        static KEPT: grammar::PreludeCache = grammar::PreludeCache::new();
        Some(&KEPT)
    }
}

/// Names of standard headers of which device code uses nothing, one a line.
const HOST_ONLY: &str = include_str!("../include/HOST_ONLY");

macro_rules! shipped {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../include/", $name)))),*]
    };
}

/// Every file of `translator/include/`.
const SHIPPED: &[(&str, &str)] = shipped! {
    "algorithm"
    "assert.h"
    "builtin_types.h"
    "cassert"
    "cfloat"
    "climits"
    "cmath"
    "cooperative_groups.h"
    "cooperative_groups/memcpy_async.h"
    "cooperative_groups/reduce.h"
    "cooperative_groups/scan.h"
    "cstddef"
    "cstdint"
    "cstdio"
    "cstdlib"
    "cstring"
    "cuda.h"
    "cuda_bf16.h"
    "cuda_bf16.hpp"
    "cuda_device_runtime_api.h"
    "cuda_fp16.h"
    "cuda_fp16.hpp"
    "cuda_runtime.h"
    "cuda_runtime_api.h"
    "device_atomic_functions.h"
    "device_functions.h"
    "device_launch_parameters.h"
    "driver_types.h"
    "float.h"
    "host_defines.h"
    "limits"
    "limits.h"
    "math.h"
    "math/double_erf.h"
    "math/double_exp.h"
    "math/double_inverse_trig.h"
    "math/double_log.h"
    "math/double_parts.h"
    "math/double_pow.h"
    "math/double_trig.h"
    "math/float_erf.h"
    "math/float_exp.h"
    "math/float_inverse_trig.h"
    "math/float_log.h"
    "math/float_parts.h"
    "math/float_pow.h"
    "math/float_trig.h"
    "math_constants.h"
    "math_functions.h"
    "round_to_odd.h"
    "sm_20_atomic_functions.h"
    "sm_30_intrinsics.h"
    "sm_35_intrinsics.h"
    "stdbool.h"
    "stddef.h"
    "stdint.h"
    "stdio.h"
    "stdlib.h"
    "string.h"
    "translate_atomics.h"
    "translate_builtins.h"
    "type_traits"
    "utility"
    "values.h"
    "vector_functions.h"
    "vector_types.h"
    "warp_functions.h"
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_file_of_the_folder_is_shipped() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
        let mut names = Vec::new();
        for directory in ["", "cooperative_groups", "math"] {
            for entry in std::fs::read_dir(folder.join(directory)).expect("the folder exists") {
                let path = entry.expect("the folder can be read").path();
                if path.is_file() {
                    let name = path.strip_prefix(&folder).expect("below the folder").to_string_lossy();
                    names.push(name.into_owned());
                }
            }
        }
        names.retain(|name| name != "HOST_ONLY" && name != "README.md");
        names.sort();
        let shipped: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, shipped);
    }

    #[test]
    fn shipped_headers_include_only_shipped_headers() {
        for (name, text) in SHIPPED {
            for line in text.lines().filter(|line| line.starts_with("#include")) {
                let included = line.split('"').nth(1).expect("shipped headers include with quotes");
                assert!(SHIPPED.iter().any(|(shipped, _)| *shipped == included), "{name} includes {included}");
            }
        }
    }
}
