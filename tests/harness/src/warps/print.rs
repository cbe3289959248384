//! A matrix as a sample.

use super::cases::{BY_THREAD, Case, Mask, Operation, Ty};
use super::{Matrix, Shape, input};
use std::fmt;

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [x, y, z] = self.block;
        let threads = self.threads();
        let list = |values: Vec<u32>| values.iter().map(u32::to_string).collect::<Vec<_>>();
        let words = list((0..threads).map(input).collect()).join(" ");
        writeln!(f, "// Warp operations, {:?}, in a block of {x} x {y} x {z}.", self.shape)?;
        writeln!(f, "//# launch = {{ kernel = \"warps\", grid = 1, block = [{x}, {y}, {z}] }}")?;
        writeln!(
            f,
            "//# args = [{{ data = \"list u32 {words}\" }}, {{ out = \"zeros u32 {}\" }}]",
            threads as usize * self.cases.len()
        )?;
        writeln!(f, "//# expect.out = [{}]", list(self.expected()).join(", "))?;
        f.write_str(PRELUDE)?;
        let has_sync = self.cases.iter().any(|case| case.operation == Operation::Sync);
        writeln!(f, "\n__global__ void warps(const unsigned* data, unsigned* out)\n{{")?;
        if has_sync {
            writeln!(f, "    __shared__ unsigned places[1024];")?;
        }
        writeln!(f, "    int t = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);")?;
        writeln!(f, "    int lane = t % {0};\n    int warp = t / {0};", self.warp)?;
        if self.shape == Shape::Exited {
            writeln!(f, "    if (lane % 7 == 3) return;")?;
        }
        for (index, case) in self.cases.iter().enumerate() {
            let code = self.shape.around(self.warp, &body(case));
            writeln!(
                f,
                "    {{\n        unsigned r = 0;\n        {code}\n        out[{} + t] = r;\n    }}",
                index as u32 * threads
            )?;
        }
        writeln!(f, "}}")
    }
}

const PRELUDE: &str = "\
#include <cuda_fp16.h>

__device__ unsigned bits(int v) { return (unsigned)v; }
__device__ unsigned bits(unsigned v) { return v; }
__device__ unsigned bits(unsigned long long v) { return (unsigned)v ^ (unsigned)(v >> 32) * 31u; }
__device__ unsigned bits(long long v) { return bits((unsigned long long)v); }
__device__ unsigned bits(float v) { return __float_as_uint(v); }
__device__ unsigned bits(double v) { return bits(__double_as_longlong(v)); }
__device__ unsigned bits(__half v) { return __half_as_ushort(v); }
";

/// One visit.
fn body(case: &Case) -> String {
    let x = "unsigned x = data[t] + k * 0x9e3779b9u;";
    let mask = match case.mask {
        Mask::Region => "unsigned m = region;".to_string(),
        Mask::Parity => "unsigned m = region & (lane & 1 ? 0xaaaaaaaau : 0x55555555u);".into(),
        Mask::Vote => "unsigned v = __ballot_sync(region, x & 2u); unsigned m = x & 2u ? v : region & ~v;".into(),
        Mask::Active => "unsigned m = __activemask();".into(),
    };
    let name = case.operation.name();
    let operand = match case.operand {
        thread if thread & BY_THREAD != 0 => format!("(t + {}) % 5", thread & 31),
        number => number.to_string(),
    };
    let value = value(case);
    let call = match case.operation {
        operation if operation.is_shuffle() => format!("bits({name}(m, {value}, {operand}, {}))", case.width),
        Operation::Any | Operation::All | Operation::Ballot => format!("(unsigned){name}(m, x % 11u > 2u)"),
        Operation::MatchAll => {
            return format!("{x} {mask} int same; unsigned q = {name}(m, {value}, &same); r = r * 31u + q + same * 7u;");
        }
        Operation::Sync => {
            return format!(
                "{x} {mask} places[t] = x; __syncwarp(m); unsigned here = __ballot_sync(m, 1); unsigned later = here & ~((2u << lane) - 1u); \
                 int next = __ffs(later ? later : here) - 1; r = r * 31u + places[t - lane + next]; __syncwarp(m);"
            );
        }
        _ => format!("(unsigned){name}(m, {value})"),
    };
    format!("{x} {mask} r = r * 31u + {call};")
}

fn value(case: &Case) -> String {
    let x = if matches!(case.operation, Operation::MatchAny | Operation::MatchAll) { "(x % 3u)" } else { "x" };
    match case.ty {
        Ty::Int => format!("(int){x}"),
        Ty::Uint => x.to_string(),
        Ty::Long => format!("(long long)((unsigned long long){x} * 4294967299ull)"),
        Ty::Ulong => format!("(unsigned long long){x} * 4294967299ull"),
        Ty::Float => format!("(float)({x} & 0xffffu) * 0.25f"),
        Ty::Double => format!("(double){x} * 0.125"),
        Ty::Half => format!("__ushort_as_half((unsigned short)({x} & 0x7bffu))"),
    }
}
