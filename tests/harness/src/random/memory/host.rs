//! Programs as one C++ file for the host's compiler, which prints what each leaves behind. A second opinion on [`Program::run`].

use super::eval::initial;
use super::{BLOCK, GRID, Memory, Program};
use std::fmt::Write;
use std::ops::Range;

/// What CUDA gives a kernel, for sixteen threads as contexts that take turns at barriers.
const PRELUDE: &str = r#"#include <cstdio>
#include <cstring>
#include <functional>
#include <ucontext.h>
#include <vector>

#define __global__ static
#define __device__ static inline
#define __constant__ static const
#define __shared__ static
#define __align__(n) __attribute__((aligned(n)))

#define VECTORS(T, name, align2, align4) \
    struct alignas(align2) name##2 { T x, y; }; struct name##3 { T x, y, z; }; struct alignas(align4) name##4 { T x, y, z, w; };
VECTORS(signed char, char, 2, 4) VECTORS(unsigned char, uchar, 2, 4)
VECTORS(short, short, 4, 8) VECTORS(unsigned short, ushort, 4, 8)
VECTORS(int, int, 8, 16) VECTORS(unsigned, uint, 8, 16) VECTORS(float, float, 8, 16)
VECTORS(long long, longlong, 16, 16) VECTORS(unsigned long long, ulonglong, 16, 16) VECTORS(double, double, 16, 16)

struct Index { unsigned x, y, z; };
static Index threadIdx, blockIdx, gridDim = {GRID, 1, 1};
static ucontext_t scheduler, contexts[BLOCK];
static unsigned char stacks[BLOCK][1 << 16];
static bool done[BLOCK];
static unsigned current;
static std::function<void()> kernel;
typedef std::vector<unsigned char> Bytes;

static Bytes noise(unsigned length, unsigned salt) {
    Bytes bytes;
    for (unsigned i = 0; i < length; ++i) {
        unsigned mixed = (i ^ salt << 20) * 0x9e3779b1u;
        bytes.push_back((mixed ^ mixed >> 15) * 0x85ebca77u >> 13);
    }
    return bytes;
}

static void __syncthreads() { swapcontext(&contexts[current], &scheduler); }
static void entry() { kernel(); done[current] = true; __syncthreads(); }

static void launch(std::function<void()> body) {
    kernel = body;
    for (blockIdx.x = 0; blockIdx.x < GRID; ++blockIdx.x) {
        for (unsigned i = 0; i < BLOCK; ++i) {
            done[i] = false;
            getcontext(&contexts[i]);
            contexts[i].uc_stack.ss_sp = stacks[i];
            contexts[i].uc_stack.ss_size = sizeof stacks[i];
            contexts[i].uc_link = nullptr;
            makecontext(&contexts[i], entry, 0);
        }
        for (bool any = true; any;) {
            any = false;
            for (current = 0; current < BLOCK; ++current)
                if (!done[current]) {
                    any = true;
                    threadIdx.x = current;
                    swapcontext(&scheduler, &contexts[current]);
                }
        }
    }
}

template <class To, class From> static To reinterpret(From v) { To t; memcpy(&t, &v, sizeof t); return t; }
static unsigned __float_as_uint(float v) { return reinterpret<unsigned>(v); }
static float __uint_as_float(unsigned v) { return reinterpret<float>(v); }
static long long __double_as_longlong(double v) { return reinterpret<long long>(v); }
template <class T> static T atomicAdd(T* p, T v) { T old = *p; *p = (T)((unsigned)old + (unsigned)v); return old; }
template <class T> static T atomicSub(T* p, T v) { T old = *p; *p = (T)((unsigned)old - (unsigned)v); return old; }
template <class T> static T atomicAnd(T* p, T v) { T old = *p; *p = old & v; return old; }
template <class T> static T atomicOr(T* p, T v) { T old = *p; *p = old | v; return old; }
template <class T> static T atomicXor(T* p, T v) { T old = *p; *p = old ^ v; return old; }

// With and without the second pointer to `data`.
template <class D, class I>
static void call(void (*k)(D*, unsigned char*, const I*, unsigned*), Bytes& data, Bytes& packed, Bytes& input, std::vector<unsigned>& out) {
    k((D*)data.data(), packed.data(), (const I*)input.data(), out.data());
}
template <class D, class A, class I>
static void call(void (*k)(D*, A*, unsigned char*, const I*, unsigned*), Bytes& data, Bytes& packed, Bytes& input, std::vector<unsigned>& out) {
    k((D*)data.data(), (A*)data.data(), packed.data(), (const I*)input.data(), out.data());
}

template <class T> static void print(const char* name, const std::vector<T>& values) {
    printf(" %s", name);
    for (T value : values)
        printf(" %llx", (unsigned long long)value);
}

"#;

/// A file whose `main` prints one line a seed, as [`Memory`] does.
pub fn host_program(seeds: Range<u64>) -> String {
    let mut out = format!("enum {{ BLOCK = {BLOCK}, GRID = {GRID} }};\n{PRELUDE}");
    let mut main = String::from("int main() {\n");
    for seed in seeds {
        let program = super::program(seed);
        write(&mut out, &program).expect("a string takes all text");
        let _ = writeln!(main, "    random_{seed}::run();");
    }
    out + &main + "}\n"
}

fn write(out: &mut String, program: &Program) -> std::fmt::Result {
    let mut code = String::new();
    program.print_code(&mut code)?;
    let pool = program.pool_declaration();
    // Alignment and size are what dynamic shared memory has.
    let fixed = pool
        .replace("extern ", "")
        .replace("pool[]", &format!("pool[{} / sizeof({})]", BLOCK * 32, program.declared.pool.name()));
    // By the formula: as lists of numbers they were two thirds of what g++ compiled.
    let bytes = |salt| format!("noise({}, {salt})", initial(program, salt).len());
    writeln!(out, "namespace random_{} {{\n{}", program.seed, code.replace(&pool, &fixed))?;
    writeln!(out, "static void run() {{")?;
    writeln!(out, "    Bytes data = {}, packed = {}, input = {};", bytes(1), bytes(2), bytes(3))?;
    writeln!(out, "    std::vector<unsigned> out({});", program.out_words() * BLOCK * GRID)?;
    writeln!(out, "    launch([&] {{ call(k, data, packed, input, out); }});")?;
    writeln!(out, "    printf(\"{}\");", program.seed)?;
    writeln!(out, "    print(\"data\", data); print(\"packed\", packed); print(\"out\", out); printf(\"\\n\");\n}}\n}}\n")
}

impl Memory {
    /// The line that the host's program prints.
    pub fn line(&self, seed: u64) -> String {
        let hex = |values: &mut dyn Iterator<Item = u32>| values.map(|value| format!(" {value:x}")).collect::<String>();
        let data = hex(&mut self.data.iter().map(|byte| u32::from(*byte)));
        let packed = hex(&mut self.packed.iter().map(|byte| u32::from(*byte)));
        format!("{seed} data{data} packed{packed} out{}", hex(&mut self.out.iter().copied()))
    }
}
