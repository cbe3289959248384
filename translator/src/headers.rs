//! The headers that ship with the program, as text of the executable.
//!
//! They are CUDA C++ (`translator/include/`), read by our own front end together with the user's file.

use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Implements [`grammar::Headers`] over the shipped headers.
pub struct ShippedHeaders;

impl grammar::Headers for ShippedHeaders {
    fn header(&self, name: &str) -> Option<&'static str> {
        let shipped = SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(|(_, text)| *text);
        shipped.or_else(|| HOST_ONLY.lines().any(|line| line == name).then_some(""))
    }

    fn all(&self) -> &'static [(&'static str, &'static str)] {
        SHIPPED
    }

    fn prelude(&self) -> Option<(&'static str, &'static str)> {
        let name = "cuda_runtime.h";
        self.header(name).map(|text| (name, text))
    }

    fn parts(&self, word: &str) -> &'static [&'static str] {
        parts().get(word).map_or(&[], Vec::as_slice)
    }

    fn part_words(&self) -> Vec<&'static str> {
        PARTS.lines().filter_map(|line| line.split_once(':')).flat_map(|(_, words)| words.split_whitespace()).collect()
    }

    fn gives_way(&self, name: &str) -> bool {
        name.starts_with("helper_")
    }

    fn kept(&self) -> Option<&grammar::PreludeCache> {
        static KEPT: grammar::PreludeCache = grammar::PreludeCache::new();
        Some(&KEPT)
    }
}

/// The parts behind the prelude by the words that ask for them.
fn parts() -> &'static FxHashMap<&'static str, Vec<&'static str>> {
    static TABLE: OnceLock<FxHashMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for (header, words) in PARTS.lines().filter_map(|line| line.split_once(':')) {
            words.split_whitespace().for_each(|word| table.entry(word).or_default().push(header));
        }
        table
    })
}

/// The functions that the shipped headers declare, for suggestions. Words before a parenthesis; made when a message first asks.
pub(crate) fn functions() -> impl Iterator<Item = &'static str> {
    static NAMES: OnceLock<Vec<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut names: Vec<&'static str> = Vec::new();
        for (_, text) in SHIPPED {
            for line in text.lines().filter(|line| line.contains("__device__")) {
                let head = line.split('(').next().unwrap_or_default();
                names.extend(head.rsplit([' ', '*', '&']).next().filter(|name| name.len() > 2));
            }
        }
        names.sort_unstable();
        names.dedup();
        names
    });
    names.iter().copied()
}

/// Names of standard headers of which device code uses nothing, one a line.
const HOST_ONLY: &str = include_str!("../include/HOST_ONLY");

/// `header: words`: the parts behind the prelude, with the functions that they declare.
const PARTS: &str = include_str!("../include/PARTS");

macro_rules! shipped {
    ($($name:literal)*) => {
        &[$(($name, include_str!(concat!("../include/", $name)))),*]
    };
}

/// Every file of `translator/include/`.
const SHIPPED: &[(&str, &str)] = shipped! {
    "algorithm"
    "aligned_vectors.h"
    "array"
    "assert.h"
    "bit"
    "builtin_types.h"
    "cassert"
    "cfloat"
    "climits"
    "cmath"
    "complex"
    "cooperative_groups.h"
    "cooperative_groups/memcpy_async.h"
    "cooperative_groups/reduce.h"
    "cooperative_groups/scan.h"
    "cstddef"
    "cstdint"
    "cstdio"
    "cstdlib"
    "cstring"
    "ctime"
    "cuComplex.h"
    "cub/block/block_load.cuh"
    "cub/block/block_radix_sort.cuh"
    "cub/block/block_reduce.cuh"
    "cub/block/block_scan.cuh"
    "cub/block/block_store.cuh"
    "cub/cub.cuh"
    "cub/thread/thread_load.cuh"
    "cub/thread/thread_operators.cuh"
    "cub/thread/thread_store.cuh"
    "cub/util_ptx.cuh"
    "cub/warp/warp_reduce.cuh"
    "cub/warp/warp_scan.cuh"
    "cublas.h"
    "cublasLt.h"
    "cublasXt.h"
    "cublas_v2.h"
    "cuda.h"
    "cuda/atomic"
    "cuda/barrier"
    "cuda/functional"
    "cuda/pipeline"
    "cuda/std/algorithm"
    "cuda/std/array"
    "cuda/std/atomic"
    "cuda/std/bit"
    "cuda/std/cassert"
    "cuda/std/cfloat"
    "cuda/std/climits"
    "cuda/std/cmath"
    "cuda/std/complex"
    "cuda/std/cstddef"
    "cuda/std/cstdint"
    "cuda/std/cstdlib"
    "cuda/std/cstring"
    "cuda/std/detail"
    "cuda/std/functional"
    "cuda/std/limits"
    "cuda/std/numeric"
    "cuda/std/tuple"
    "cuda/std/type_traits"
    "cuda/std/utility"
    "cuda_awbarrier.h"
    "cuda_awbarrier_primitives.h"
    "cuda_bf16.h"
    "cuda_bf16.hpp"
    "cuda_device_runtime_api.h"
    "cuda_fp16.h"
    "cuda_fp16.hpp"
    "cuda_fp8.h"
    "cuda_fp8.hpp"
    "cuda_pipeline.h"
    "cuda_pipeline_primitives.h"
    "cuda_runtime.h"
    "cuda_runtime_api.h"
    "cufft.h"
    "cufftXt.h"
    "curand.h"
    "curand_kernel.h"
    "cusolverDn.h"
    "cusolverSp.h"
    "cusparse.h"
    "device_atomic_functions.h"
    "device_functions.h"
    "device_launch_parameters.h"
    "device_malloc.h"
    "driver_types.h"
    "extrema.h"
    "float.h"
    "functional"
    "helper_math.h"
    "host_defines.h"
    "limits"
    "limits.h"
    "math.h"
    "math/bessel.h"
    "math/double_bessel.h"
    "math/double_erf.h"
    "math/double_exp.h"
    "math/double_gamma.h"
    "math/double_inverse_erf.h"
    "math/double_inverse_trig.h"
    "math/double_log.h"
    "math/double_parts.h"
    "math/double_pow.h"
    "math/double_trig.h"
    "math/float_bessel.h"
    "math/float_erf.h"
    "math/float_exp.h"
    "math/float_gamma.h"
    "math/float_inverse_erf.h"
    "math/float_inverse_trig.h"
    "math/float_log.h"
    "math/float_parts.h"
    "math/float_pow.h"
    "math/float_trig.h"
    "math/gamma.h"
    "math/inverse_erf.h"
    "math/norms.h"
    "math/polynomial.h"
    "math_constants.h"
    "math_functions.h"
    "memory"
    "mma.h"
    "numeric"
    "paired_floats.h"
    "ptx.h"
    "round_to_odd.h"
    "rounding_functions.h"
    "simd_functions.h"
    "sm_20_atomic_functions.h"
    "sm_30_intrinsics.h"
    "sm_35_intrinsics.h"
    "sm_61_intrinsics.h"
    "stdbool.h"
    "stddef.h"
    "stdint.h"
    "stdio.h"
    "stdlib.h"
    "string"
    "string.h"
    "thrust/complex.h"
    "thrust/device_ptr.h"
    "thrust/device_vector.h"
    "thrust/functional.h"
    "thrust/host_vector.h"
    "thrust/pair.h"
    "thrust/swap.h"
    "thrust/tuple.h"
    "thrust/universal_vector.h"
    "time.h"
    "translate_atomics.h"
    "translate_builtins.h"
    "translate_float16.h"
    "translate_float8.h"
    "tuple"
    "type_traits"
    "unistd.h"
    "utility"
    "values.h"
    "vector"
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
        let mut folders = vec![folder.clone()];
        while let Some(inner) = folders.pop() {
            for entry in std::fs::read_dir(inner).expect("the folder exists") {
                let path = entry.expect("the folder can be read").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&folder).expect("below the folder").to_string_lossy();
                    names.push(name.into_owned());
                }
            }
        }
        names.retain(|name| !["HOST_ONLY", "PARTS", "README.md"].contains(&name.as_str()));
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
