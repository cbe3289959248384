// Arithmetic on the two halves or four bytes of a word (CUDA math API, "SIMD Intrinsics"), one lane after the other.
#pragma once
#include "translate_builtins.h"

// A lane of `word` from bit `at` on, W bits wide, as a signed and as an unsigned number.
template <int W> __host__ __device__ inline int __lane_s(unsigned int word, int at) { return (int)(word << (32 - W - at)) >> (32 - W); }
template <int W> __host__ __device__ inline int __lane_u(unsigned int word, int at) { return (int)(word >> at & ((1u << W) - 1u)); }

// name(a, b): each lane of the result is the expression in the lanes x and y; S and U say how they are read.
#define __LANES(name, W, kind, expression)                                                              \
    __device__ inline unsigned int name(unsigned int a, unsigned int b)                                 \
    {                                                                                                   \
        unsigned int result = 0;                                                                        \
        for (int at = 0; at < 32; at += W) {                                                            \
            int x = __lane_##kind<W>(a, at);                                                            \
            int y = __lane_##kind<W>(b, at);                                                            \
            result |= ((unsigned int)(expression) & ((1u << W) - 1u)) << at;                            \
        }                                                                                               \
        return result;                                                                                  \
    }
// The same with one operand, and a sum over the lanes.
#define __LANES1(name, W, expression)                                                                   \
    __device__ inline unsigned int name(unsigned int a)                                                 \
    {                                                                                                   \
        unsigned int result = 0;                                                                        \
        for (int at = 0; at < 32; at += W) {                                                            \
            int x = __lane_s<W>(a, at);                                                                 \
            result |= ((unsigned int)(expression) & ((1u << W) - 1u)) << at;                            \
        }                                                                                               \
        return result;                                                                                  \
    }
#define __LANES_SUM(name, W, kind)                                                                      \
    __device__ inline unsigned int name(unsigned int a, unsigned int b)                                 \
    {                                                                                                   \
        unsigned int sum = 0;                                                                           \
        for (int at = 0; at < 32; at += W) {                                                            \
            int difference = __lane_##kind<W>(a, at) - __lane_##kind<W>(b, at);                         \
            sum += (unsigned int)abs(difference);                                                       \
        }                                                                                               \
        return sum;                                                                                     \
    }
#define __SATURATED(value, low, high) min(max(value, low), high)

// ---- sums and differences: modulo, saturated (ss, us), averages -----------------------------------------------

__LANES(__vadd2, 16, u, x + y)
__LANES(__vadd4, 8, u, x + y)
__LANES(__vaddss2, 16, s, __SATURATED(x + y, -32768, 32767))
__LANES(__vaddss4, 8, s, __SATURATED(x + y, -128, 127))
__LANES(__vaddus2, 16, u, min(x + y, 65535))
__LANES(__vaddus4, 8, u, min(x + y, 255))
__LANES(__vsub2, 16, u, x - y)
__LANES(__vsub4, 8, u, x - y)
__LANES(__vsubss2, 16, s, __SATURATED(x - y, -32768, 32767))
__LANES(__vsubss4, 8, s, __SATURATED(x - y, -128, 127))
__LANES(__vsubus2, 16, u, max(x - y, 0))
__LANES(__vsubus4, 8, u, max(x - y, 0))
// Ties away from zero; unsigned (u) up, and (vhadd) down.
__LANES(__vavgs2, 16, s, (x + y + (x + y >= 0 ? 1 : 0)) >> 1)
__LANES(__vavgs4, 8, s, (x + y + (x + y >= 0 ? 1 : 0)) >> 1)
__LANES(__vavgu2, 16, u, (x + y + 1) >> 1)
__LANES(__vavgu4, 8, u, (x + y + 1) >> 1)
__LANES(__vhaddu2, 16, u, (x + y) >> 1)
__LANES(__vhaddu4, 8, u, (x + y) >> 1)

__LANES1(__vabs2, 16, abs(x))
__LANES1(__vabs4, 8, abs(x))
__LANES1(__vabsss2, 16, min(abs(x), 32767))
__LANES1(__vabsss4, 8, min(abs(x), 127))
__LANES1(__vneg2, 16, -x)
__LANES1(__vneg4, 8, -x)
__LANES1(__vnegss2, 16, min(-x, 32767))
__LANES1(__vnegss4, 8, min(-x, 127))

__LANES(__vabsdiffs2, 16, s, abs(x - y))
__LANES(__vabsdiffs4, 8, s, abs(x - y))
__LANES(__vabsdiffu2, 16, u, abs(x - y))
__LANES(__vabsdiffu4, 8, u, abs(x - y))
__LANES_SUM(__vsads2, 16, s)
__LANES_SUM(__vsads4, 8, s)
__LANES_SUM(__vsadu2, 16, u)
__LANES_SUM(__vsadu4, 8, u)

__LANES(__vmaxs2, 16, s, max(x, y))
__LANES(__vmaxs4, 8, s, max(x, y))
__LANES(__vmaxu2, 16, u, max(x, y))
__LANES(__vmaxu4, 8, u, max(x, y))
__LANES(__vmins2, 16, s, min(x, y))
__LANES(__vmins4, 8, s, min(x, y))
__LANES(__vminu2, 16, u, min(x, y))
__LANES(__vminu4, 8, u, min(x, y))

// ---- comparisons: all bits of a lane (vcmp), or its lowest (vset) ---------------------------------------------

#define __COMPARISONS(what, kind, operation)                                  \
    __LANES(__vcmp##what##2, 16, kind, (x operation y) ? -1 : 0)              \
    __LANES(__vcmp##what##4, 8, kind, (x operation y) ? -1 : 0)               \
    __LANES(__vset##what##2, 16, kind, (x operation y) ? 1 : 0)               \
    __LANES(__vset##what##4, 8, kind, (x operation y) ? 1 : 0)
__COMPARISONS(eq, u, ==)
__COMPARISONS(ne, u, !=)
__COMPARISONS(ges, s, >=)
__COMPARISONS(geu, u, >=)
__COMPARISONS(gts, s, >)
__COMPARISONS(gtu, u, >)
__COMPARISONS(les, s, <=)
__COMPARISONS(leu, u, <=)
__COMPARISONS(lts, s, <)
__COMPARISONS(ltu, u, <)
#undef __COMPARISONS

// ---- minima and maxima of three, of a sum, and with zero (relu) ----------------------------------------------

// The 16-bit forms compute each lane with the 32-bit one; a sum wraps around in its lane first.
#define __LANES3(name, kind, T, expression)                                                             \
    __device__ inline unsigned int name(unsigned int a, unsigned int b, unsigned int c)                 \
    {                                                                                                   \
        unsigned int result = 0;                                                                        \
        for (int at = 0; at < 32; at += 16) {                                                           \
            T x = (T)__lane_##kind<16>(a, at);                                                          \
            T y = (T)__lane_##kind<16>(b, at);                                                          \
            T z = (T)__lane_##kind<16>(c, at);                                                          \
            result |= ((unsigned int)(expression) & 0xffffu) << at;                                     \
        }                                                                                               \
        return result;                                                                                  \
    }
#define __EXTREMA(what)                                                                                                                         \
    __device__ inline int __vi##what##_s32_relu(int a, int b) { return max(what(a, b), 0); }                                                   \
    __LANES(__vi##what##_s16x2_relu, 16, s, max(what(x, y), 0))                                                                                 \
    __device__ inline int __vi##what##3_s32(int a, int b, int c) { return what(what(a, b), c); }                                               \
    __device__ inline unsigned int __vi##what##3_u32(unsigned int a, unsigned int b, unsigned int c) { return what(what(a, b), c); }           \
    __device__ inline int __vi##what##3_s32_relu(int a, int b, int c) { return max(what(what(a, b), c), 0); }                                  \
    __LANES3(__vi##what##3_s16x2, s, int, what(what(x, y), z))                                                                                  \
    __LANES3(__vi##what##3_u16x2, u, int, what(what(x, y), z))                                                                                  \
    __LANES3(__vi##what##3_s16x2_relu, s, int, max(what(what(x, y), z), 0))                                                                     \
    __device__ inline int __viadd##what##_s32(int a, int b, int c) { return what((int)((unsigned int)a + (unsigned int)b), c); }               \
    __device__ inline unsigned int __viadd##what##_u32(unsigned int a, unsigned int b, unsigned int c) { return what(a + b, c); }              \
    __device__ inline int __viadd##what##_s32_relu(int a, int b, int c) { return max(what((int)((unsigned int)a + (unsigned int)b), c), 0); }  \
    __LANES3(__viadd##what##_s16x2, s, int, what(__lane_s<16>((unsigned int)(x + y), 0), z))                                                    \
    __LANES3(__viadd##what##_u16x2, u, int, what(__lane_u<16>((unsigned int)(x + y), 0), z))                                                    \
    __LANES3(__viadd##what##_s16x2_relu, s, int, max(what(__lane_s<16>((unsigned int)(x + y), 0), z), 0))
__EXTREMA(max)
__EXTREMA(min)
#undef __EXTREMA
#undef __LANES3

// With the comparison's result: a >= b for the maximum, a <= b for the minimum.
#define __EXTREMA(what, operation)                                                                                                         \
    __device__ inline int __vib##what##_s32(int a, int b, bool* chosen) { *chosen = a operation b; return what(a, b); }                    \
    __device__ inline unsigned int __vib##what##_u32(unsigned int a, unsigned int b, bool* chosen) { *chosen = a operation b; return what(a, b); }  \
    __device__ inline unsigned int __vib##what##_s16x2(unsigned int a, unsigned int b, bool* high, bool* low)                              \
    {                                                                                                                                      \
        *high = __lane_s<16>(a, 16) operation __lane_s<16>(b, 16);                                                                         \
        *low = __lane_s<16>(a, 0) operation __lane_s<16>(b, 0);                                                                            \
        return __v##what##s2(a, b);                                                                                                        \
    }                                                                                                                                      \
    __device__ inline unsigned int __vib##what##_u16x2(unsigned int a, unsigned int b, bool* high, bool* low)                              \
    {                                                                                                                                      \
        *high = __lane_u<16>(a, 16) operation __lane_u<16>(b, 16);                                                                         \
        *low = __lane_u<16>(a, 0) operation __lane_u<16>(b, 0);                                                                            \
        return __v##what##u2(a, b);                                                                                                        \
    }
__EXTREMA(max, >=)
__EXTREMA(min, <=)
#undef __EXTREMA
#undef __LANES
#undef __LANES1
#undef __LANES_SUM
#undef __SATURATED
