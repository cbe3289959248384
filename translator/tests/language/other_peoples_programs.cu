// Small things that public programs rest on.
//# launch = { kernel = "found", grid = 1, block = 1 }
//# args   = [{ counter = { fields = [{ at = "cells* 0" }] } }, { out = "list i32 7 2 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0" }]
//# buffers = { cells = "list i32 5 6" }
//# expect = { cells = [8, 10], out = [7, 2, 7, 2, 32, 0x3f800000, 0x40000000, 4, 0xc0, 9, 6, 12, 10, 9, 216, 5, 213] }
#include <unistd.h>
#include <time.h>
#include <cuda_fp16.h>

// nvcc has CUDA's words as macros, and programs ask for them (host_defines.h).
#ifndef __host__
#define __host__
#define __device__
#endif
#if !defined(__global__) || !defined(__shared__) || !defined(__constant__) || !defined(__launch_bounds__) || !defined(__align__)
#error "CUDA's words count as macros"
#endif
#if !(_POSIX_TIMERS > 0) || _POSIX_VERSION < 200112L || !defined(CLOCK_MONOTONIC)
#error "no timer"
#endif

// [lex.ext]: a suffix may be pasted to a string.
#define NAMED(text, suffix) text##suffix
inline const char* operator""_name(const char* text, unsigned long) { return text; }
inline const char* host_text() { return NAMED("text", _name); }

// A function of CUDA that is declared again is that function.
extern __device__ __device_builtin__ void __syncthreads(void);
__device__ float fabsf(float);

// A kernel's parameter is a copy of bytes: the host destroys what it was copied from.
struct Counter {
    int* at;
    __host__ __device__ ~Counter() { *at = -1; }
    __device__ void add(int by) { *at += by; at++; }
};

// [dcl.fct]/5: `T a[n]` is `T* a`, of which no size is deduced; qualifiers at the top of a parameter are no part of its type.
template <unsigned limbs, class T> __device__ void set(T to[limbs], const T from[limbs])
{
    for (unsigned i = 0; i < limbs; i++) to[i] = from[i];
}
template <int A, int B> __device__ int scaled(const int to, int* out, int more = 2);
__device__ int by_default(int* out) { return scaled<3, 1>(7, out); }
template <int A, int B> __device__ int scaled(int to, int* const out, const int more) { return to * A + B + more * 5; }

// [class.union]: the members of a union lie over each other, also in one that is a value.
union Bits {
    float number;
    unsigned word;
    unsigned char bytes[4];
};
__device__ Bits bits_of(float number) { Bits bits = {number}; return bits; }

struct Ray { float3 origin, direction; float length; };
__device__ Ray moved(Ray ray) { ray.origin.x += ray.length; return ray; }

// [dcl.init.aggr]/15: inner braces may be left out, in an argument and in an assignment too.
template <class T, int N> struct Array { T data[N]; };
struct Box { Array<int, 3> low; int mark; };
__device__ int sum(Array<int, 3> of) { return of.data[0] + of.data[1] + of.data[2]; }

// Both functions name their result alike, and one stands in the condition of the loop around the other.
__device__ int next(unsigned* state) { *state = *state * 5 + 3; int result = *state >> 4; return result; }
__device__ int squared(const int& x) { int result = x * x; return result; }
__device__ int below(unsigned* state, int limit)
{
    int found;
    do {
        found = next(state) & 31;
    } while (squared(found) >= limit);
    return found;
}

// Attributes stand in front of specifiers.
[[maybe_unused]] static constexpr int hundreds = 100;

// [basic.type.qualifier]/3: an array's qualifiers are its elements', however deep they lie.
struct Cell { int value; };
template <int M, int N> __device__ int last_of(const Cell (&cells)[M][N]) { return cells[M - 1][N - 1].value + M * hundreds + N * 10 - 10; }
__device__ int last_in(const int (*rows)[3]) { return rows[1][2]; }

// [expr.prim.lambda.capture]: what the operands of `asm`, bindings and the head of a `switch` name is captured.
__device__ int captured(Cell cell, int add)
{
    int sum = 0;
    auto run = [&] {
        asm("add.s32 %0, %1, %2;" : "=r"(sum) : "r"(add), "r"(10));
        auto [value] = cell;
        switch (int kind = value; kind) {
        case 3: sum += 200; break;
        }
    };
    run();
    return sum;
}

__global__ void found(Counter counter, int* out)
{
    counter.add(3);
    counter.add(4);
    set<2>(out + 2, out);
    out[4] = by_default(out);
    const union { float number; int word; } one = {1.0f};
    out[5] = one.word;
    out[6] = bits_of(2.0f).word;
    Bits half = bits_of(3.0f);
    Bits copy = half;
    copy.bytes[3] = 0xc0;
    out[7] = (int)(half.number + 1.0f);
    out[8] = copy.word >> 24;
    Ray ray = {make_float3(1, 2, 3), make_float3(4, 5, 6), 8};
    out[9] = (int)moved(ray).origin.x;
    out[10] = std::max(sum({1, 2, 3}), std::min(5, 4));
    Box box;
    box = {3, 4, 5, 6};
    box.low = {box.low.data[0], 2, 7};
    out[11] = sum(box.low) * (box.mark == 6);
    __syncthreads();
    ::half halves[2] = {__float2half(fabsf(-2.5f)), __float2half(4.0f)};
    unsigned state = 77;
    out[13] = below(&state, 100) + below(&state, 100);
    Cell cells[2][2] = {{{1}, {2}}, {{3}, {6}}};
    out[14] = last_of(cells);
    int rows[2][3] = {{1, 2, 3}, {4, 5, 5}};
    out[15] = last_in(rows);
    out[16] = captured(Cell{3}, 3);
    out[12] = (int)(__half2float(halves[0]) * __half2float(halves[1]));
}
