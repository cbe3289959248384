// What the compiler itself provides. A function declared here has no body anywhere: its name is a row of the
// compiler's table of built-ins, which gives the IR operation named after `IR:`. The overloads are C++'s, so
// the operand types come from the prototype that overload resolution chose. A definition of the same
// signature in the user's file (a hand-written atomicAdd for double, say) takes the place of the built-in.
//
// Everything else in these headers is ordinary CUDA C++ over these functions.
// threadIdx, blockIdx, blockDim and gridDim are declared in vector_types.h; warpSize needs no declaration.
#pragma once

typedef unsigned long size_t;
typedef long ptrdiff_t;

// ---- floating point: exact on every device -----------------------------------------------------------------

// IR: Sqrt, correctly rounded.
__device__ float sqrtf(float x);
__device__ float sqrt(float x);
__device__ double sqrt(double x);

// IR: Abs. Clears the sign, of NaN too.
__device__ float fabsf(float x);
__device__ float fabs(float x);
__device__ double fabs(double x);

// IR: Floor, Ceil, Trunc, RoundEven.
__device__ float floorf(float x);
__device__ float floor(float x);
__device__ double floor(double x);
__device__ float ceilf(float x);
__device__ float ceil(float x);
__device__ double ceil(double x);
__device__ float truncf(float x);
__device__ float trunc(float x);
__device__ double trunc(double x);
__device__ float rintf(float x);
__device__ float rint(float x);
__device__ double rint(double x);

// IR: Fma, one rounding.
__device__ float fmaf(float x, float y, float z);
__device__ float fma(float x, float y, float z);
__device__ double fma(double x, double y, double z);
__device__ float __fmaf_rn(float x, float y, float z);
__device__ double __fma_rn(double x, double y, double z);

// IR: Min, Max: the other operand where one is NaN; -0 counts as less than +0.
__device__ float fminf(float x, float y);
__device__ float fmin(float x, float y);
__device__ double fmin(double x, double y);
__device__ float fmaxf(float x, float y);
__device__ float fmax(float x, float y);
__device__ double fmax(double x, double y);
__device__ float min(float x, float y);
__device__ double min(double x, double y);
__device__ float max(float x, float y);
__device__ double max(double x, double y);

// IR: CopySign: the magnitude of x with the sign of y.
__device__ float copysignf(float x, float y);
__device__ float copysign(float x, float y);
__device__ double copysign(double x, double y);

// IR: AddRn, SubRn, MulRn, DivRn: no pass may contract them into a fused multiply-add.
__device__ float __fadd_rn(float x, float y);
__device__ float __fsub_rn(float x, float y);
__device__ float __fmul_rn(float x, float y);
__device__ float __fdiv_rn(float x, float y);
__device__ double __dadd_rn(double x, double y);
__device__ double __dsub_rn(double x, double y);
__device__ double __dmul_rn(double x, double y);
__device__ double __ddiv_rn(double x, double y);

// IR: Bitcast.
__device__ int __float_as_int(float x);
__device__ unsigned int __float_as_uint(float x);
__device__ float __int_as_float(int x);
__device__ float __uint_as_float(unsigned int x);
__device__ long long __double_as_longlong(double x);
__device__ double __longlong_as_double(long long x);

// ---- floating point: the device's own, fast and inexact ----------------------------------------------------

// IR: NativeExp, NativeLog, NativeLog2, NativeSin, NativeCos, NativeTan, NativePow, NativeTanh, NativeDiv.
__device__ float __expf(float x);
__device__ float __logf(float x);
__device__ float __log2f(float x);
__device__ float __sinf(float x);
__device__ float __cosf(float x);
__device__ float __tanf(float x);
__device__ float __powf(float x, float y);
__device__ float __tanhf(float x);
__device__ float __fdividef(float x, float y);

// ---- integers ----------------------------------------------------------------------------------------------

// IR: Min, Max, Abs.
__device__ int min(int x, int y);
__device__ unsigned int min(unsigned int x, unsigned int y);
__device__ long min(long x, long y);
__device__ unsigned long min(unsigned long x, unsigned long y);
__device__ long long min(long long x, long long y);
__device__ unsigned long long min(unsigned long long x, unsigned long long y);
__device__ int max(int x, int y);
__device__ unsigned int max(unsigned int x, unsigned int y);
__device__ long max(long x, long y);
__device__ unsigned long max(unsigned long x, unsigned long y);
__device__ long long max(long long x, long long y);
__device__ unsigned long long max(unsigned long long x, unsigned long long y);
__device__ int abs(int x);
__device__ long abs(long x);
__device__ long long abs(long long x);
__device__ float abs(float x);
__device__ double abs(double x);

// IR: PopCount.
__device__ int __popc(unsigned int x);
__device__ int __popcll(unsigned long long x);

// IR: CountLeadingZeros; the width of the type for 0.
__device__ int __clz(int x);
__device__ int __clzll(long long x);

// IR: CountTrailingZeros + 1: the position of the lowest set bit counted from 1; 0 for 0.
__device__ int __ffs(int x);
__device__ int __ffsll(long long x);

// IR: ReverseBits.
__device__ unsigned int __brev(unsigned int x);
__device__ unsigned long long __brevll(unsigned long long x);

// IR: MulHigh, the upper half of the full product.
__device__ int __mulhi(int x, int y);
__device__ unsigned int __umulhi(unsigned int x, unsigned int y);
__device__ long long __mul64hi(long long x, long long y);
__device__ unsigned long long __umul64hi(unsigned long long x, unsigned long long y);

// ---- synchronisation ---------------------------------------------------------------------------------------

// IR: Barrier, which orders shared and global memory for the block; with the count, conjunction or
// disjunction of the predicate over the threads that reach it.
__device__ void __syncthreads();
__device__ void __grid_sync();

// IR: Arrive, for barrier objects, in front of the counting: a barrier of the block where a pass proves that all threads reach it together, at one
// object. The number is one read from the object. Where that is so nothing is counted, and `__arrivals_count` is false.
__device__ void __block_arrive(unsigned int object);
__device__ unsigned int __arrivals_count();

// IR: Yield, between two looks at an object.
__device__ void __turn();

__device__ int __syncthreads_count(int predicate);
__device__ int __syncthreads_and(int predicate);
__device__ int __syncthreads_or(int predicate);

// IR: WarpBarrier.
__device__ void __syncwarp(unsigned int mask = 0xffffffffu);

// IR: TileBarrier, of the threads whose rank divided by `threads` is the caller's.
__device__ void __tile_sync(unsigned int threads);

// IR: Fence with scope block, device, system. Never waits for other threads.
__device__ void __threadfence_block();
__device__ void __threadfence();
__device__ void __threadfence_system();

// ---- atomics: at device scope, and with the suffixes _block and _system at the other two ---------------------

#define __ATOMIC(name) name
#include "translate_atomics.h"
#undef __ATOMIC
#define __ATOMIC(name) name##_block
#include "translate_atomics.h"
#undef __ATOMIC
#define __ATOMIC(name) name##_system
#include "translate_atomics.h"
#undef __ATOMIC

// IR: Atomic Load (the second operand has the type, its value is ignored), Store, CompareExchange; for cuda/atomic.
#define __ATOMIC_WORD(T)                                                    \
    __device__ T __atomicLoad(T* address, T ignored);                       \
    __device__ void __atomicStore(T* address, T value);                     \
    __device__ T __atomicCompareExchange(T* address, T compare, T value);
__ATOMIC_WORD(unsigned char)
__ATOMIC_WORD(unsigned short)
__ATOMIC_WORD(unsigned int)
__ATOMIC_WORD(unsigned long long)
#undef __ATOMIC_WORD

// ---- warps of 32 lanes ---------------------------------------------------------------------------------------

// IR: Shuffle Idx, Up, Down, Xor. Wider types are two shuffles, in warp_functions.h.
__device__ int __shfl_sync(unsigned int mask, int value, int lane, int width = 32);
__device__ unsigned int __shfl_sync(unsigned int mask, unsigned int value, int lane, int width = 32);
__device__ float __shfl_sync(unsigned int mask, float value, int lane, int width = 32);
__device__ int __shfl_up_sync(unsigned int mask, int value, unsigned int delta, int width = 32);
__device__ unsigned int __shfl_up_sync(unsigned int mask, unsigned int value, unsigned int delta, int width = 32);
__device__ float __shfl_up_sync(unsigned int mask, float value, unsigned int delta, int width = 32);
__device__ int __shfl_down_sync(unsigned int mask, int value, unsigned int delta, int width = 32);
__device__ unsigned int __shfl_down_sync(unsigned int mask, unsigned int value, unsigned int delta, int width = 32);
__device__ float __shfl_down_sync(unsigned int mask, float value, unsigned int delta, int width = 32);
__device__ int __shfl_xor_sync(unsigned int mask, int value, int laneMask, int width = 32);
__device__ unsigned int __shfl_xor_sync(unsigned int mask, unsigned int value, int laneMask, int width = 32);
__device__ float __shfl_xor_sync(unsigned int mask, float value, int laneMask, int width = 32);

// IR: Geometry ThreadRank and ThreadCount: of the block, whatever its shape.
__device__ unsigned int __thread_rank();
__device__ unsigned int __thread_count();

// IR: Vote All, Any, Ballot; ActiveMask.
__device__ int __all_sync(unsigned int mask, int predicate);
__device__ int __any_sync(unsigned int mask, int predicate);
__device__ unsigned int __ballot_sync(unsigned int mask, int predicate);
__device__ unsigned int __activemask();

// IR: Match Any (lanes with an equal value), on 32-bit patterns.
__device__ unsigned int __match_any_sync(unsigned int mask, int value);
__device__ unsigned int __match_any_sync(unsigned int mask, unsigned int value);
__device__ unsigned int __match_any_sync(unsigned int mask, float value);

// IR: WarpReduce Add, Min, Max, And, Or, Xor.
__device__ int __reduce_add_sync(unsigned int mask, int value);
__device__ unsigned int __reduce_add_sync(unsigned int mask, unsigned int value);
__device__ int __reduce_min_sync(unsigned int mask, int value);
__device__ unsigned int __reduce_min_sync(unsigned int mask, unsigned int value);
__device__ int __reduce_max_sync(unsigned int mask, int value);
__device__ unsigned int __reduce_max_sync(unsigned int mask, unsigned int value);
__device__ unsigned int __reduce_and_sync(unsigned int mask, unsigned int value);
__device__ unsigned int __reduce_or_sync(unsigned int mask, unsigned int value);
__device__ unsigned int __reduce_xor_sync(unsigned int mask, unsigned int value);

// ---- memory, output, the machine -----------------------------------------------------------------------------

// IR: Copy, Fill.
__device__ void* memcpy(void* to, const void* from, size_t bytes);
__device__ void* memset(void* to, int byte, size_t bytes);

// IR: Print; AssertFail; Trap.
__device__ int printf(const char* format, ...);
__device__ void __assertfail(const char* message, const char* file, unsigned int line, const char* function, size_t charSize);
__device__ void __assert_fail(const char* message, const char* file, unsigned int line, const char* function);
__device__ void __trap();

typedef long clock_t;
// IR: Clock, 32 and 64 bits of a counter that rises with each reading. CUDA's clock_t is a long, and its clock() has 32 bits.
__device__ int clock();
__device__ long long clock64();

// No operation: hints to the optimiser.
__device__ void __nanosleep(unsigned int nanoseconds);
__device__ void __builtin_assume(bool condition);
__device__ long __builtin_expect(long value, long expected);
__device__ void __builtin_unreachable();
