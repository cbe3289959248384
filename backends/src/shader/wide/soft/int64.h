// 64-bit integers for devices without them: two words, x the low one. Each function gives what the IR says of its operation
// (translator/ir/src/expr.rs, "Numbers"), for every operand.
//
// CUDA C++ over 32-bit unsigned integers, so that g++ builds it too (tests/soft). The passes take it as IR, soft.ir, which a test keeps fresh.
//
// Drivers put every function in place of its calls, so what is used often is straight lines and selections: they take less to compile and to
// run than branches. A call behind `&&` or `?` would be a branch; hence the names for its result.
#pragma once

__device__ inline uint2 not64(uint2 a) { return uint2{~a.x, ~a.y}; }
__device__ inline uint2 and64(uint2 a, uint2 b) { return uint2{a.x & b.x, a.y & b.y}; }
__device__ inline uint2 or64(uint2 a, uint2 b) { return uint2{a.x | b.x, a.y | b.y}; }
__device__ inline uint2 xor64(uint2 a, uint2 b) { return uint2{a.x ^ b.x, a.y ^ b.y}; }
__device__ inline uint2 extend64(int a) { return uint2{(unsigned int)a, (unsigned int)(a >> 31)}; }

// ---- comparisons -----------------------------------------------------------------------------------------------

__device__ inline bool isZero64(uint2 a) { return (a.x | a.y) == 0; }
__device__ inline bool eq64(uint2 a, uint2 b) { return a.x == b.x && a.y == b.y; }
__device__ inline bool ltU64(uint2 a, uint2 b) { return a.y < b.y || (a.y == b.y && a.x < b.x); }
__device__ inline bool ltI64(uint2 a, uint2 b) { return (int)a.y < (int)b.y || (a.y == b.y && a.x < b.x); }
__device__ inline uint2 select64(bool c, uint2 a, uint2 b) { return uint2{c ? a.x : b.x, c ? a.y : b.y}; }
__device__ inline uint2 minU64(uint2 a, uint2 b) { return select64(ltU64(b, a), b, a); }
__device__ inline uint2 maxU64(uint2 a, uint2 b) { return select64(ltU64(a, b), b, a); }
__device__ inline uint2 minI64(uint2 a, uint2 b) { return select64(ltI64(b, a), b, a); }
__device__ inline uint2 maxI64(uint2 a, uint2 b) { return select64(ltI64(a, b), b, a); }

// ---- sums and products -----------------------------------------------------------------------------------------

__device__ inline uint2 add64(uint2 a, uint2 b)
{
    unsigned int low = a.x + b.x;
    unsigned int carry = low < a.x ? 1u : 0u;
    return uint2{low, a.y + b.y + carry};
}

__device__ inline uint2 sub64(uint2 a, uint2 b)
{
    unsigned int borrow = a.x < b.x ? 1u : 0u;
    return uint2{a.x - b.x, a.y - b.y - borrow};
}

__device__ inline uint2 neg64(uint2 a) { return sub64(uint2{0, 0}, a); }
__device__ inline uint2 abs64(uint2 a) { return select64((int)a.y < 0, neg64(a), a); }

// All 64 bits of the product of two words.
__device__ inline uint2 mulWords(unsigned int a, unsigned int b) { return uint2{a * b, __umulhi(a, b)}; }

__device__ inline uint2 mul64(uint2 a, uint2 b) { return uint2{a.x * b.x, __umulhi(a.x, b.x) + a.x * b.y + a.y * b.x}; }

// All 128 bits of the product, the lowest word in x.
__device__ inline uint4 mulWide64(uint2 a, uint2 b)
{
    // No sum here leaves 64 bits: (2^32 - 1)^2 + 2 * (2^32 - 1) is 2^64 - 1.
    uint2 low = mulWords(a.x, b.x);
    uint2 middle = add64(mulWords(a.x, b.y), uint2{low.y, 0});
    uint2 other = add64(mulWords(a.y, b.x), uint2{middle.x, 0});
    uint2 high = add64(add64(mulWords(a.y, b.y), uint2{middle.y, 0}), uint2{other.y, 0});
    return uint4{low.x, other.x, high.x, high.y};
}

__device__ inline uint2 mulHighU64(uint2 a, uint2 b)
{
    uint4 product = mulWide64(a, b);
    return uint2{product.z, product.w};
}

// A negative number is 2^64 less than its bits say.
__device__ inline uint2 mulHighI64(uint2 a, uint2 b)
{
    uint2 high = mulHighU64(a, b);
    if ((int)a.y < 0) high = sub64(high, b);
    if ((int)b.y < 0) high = sub64(high, a);
    return high;
}

// ---- shifts and bits -------------------------------------------------------------------------------------------

// A 64-bit amount as a word: every amount beyond the width does the same.
__device__ inline unsigned int shiftAmount64(uint2 n) { return n.y == 0 ? n.x : 64; }

// By less than 64. `31 - by` is at most 31, so that no shift is by the width.
__device__ inline uint2 shlBelow64(uint2 a, unsigned int n)
{
    unsigned int by = n & 31, back = ~n & 31;
    unsigned int low = a.x << by, high = a.y << by | a.x >> 1 >> back;
    return uint2{n < 32 ? low : 0, n < 32 ? high : low};
}

__device__ inline uint2 shrBelow64(uint2 a, unsigned int n)
{
    unsigned int by = n & 31, back = ~n & 31;
    unsigned int high = a.y >> by, low = a.x >> by | a.y << 1 << back;
    return uint2{n < 32 ? low : high, n < 32 ? high : 0};
}

__device__ inline uint2 shl64(uint2 a, unsigned int n) { return select64(n < 64, shlBelow64(a, n), uint2{0, 0}); }
__device__ inline uint2 shrU64(uint2 a, unsigned int n) { return select64(n < 64, shrBelow64(a, n), uint2{0, 0}); }

// A shift of the complement brings in the complement of the zeros.
__device__ inline uint2 shrI64(uint2 a, unsigned int n)
{
    unsigned int sign = (unsigned int)((int)a.y >> 31);
    uint2 shifted = shrU64(uint2{a.x ^ sign, a.y ^ sign}, n);
    return uint2{shifted.x ^ sign, shifted.y ^ sign};
}

__device__ inline int popcount64(uint2 a) { return __popc(a.x) + __popc(a.y); }
__device__ inline int clz64(uint2 a) { return a.y != 0 ? __clz((int)a.y) : 32 + __clz((int)a.x); }
// The zeros below the lowest one, made ones, are all that is set.
__device__ inline int ctz64(uint2 a) { return popcount64(and64(not64(a), sub64(a, uint2{1, 0}))); }
__device__ inline uint2 brev64(uint2 a) { return uint2{__brev(a.y), __brev(a.x)}; }

// ---- quotients -------------------------------------------------------------------------------------------------

// (high * 2^16 + next) / d as one digit of 16 bits, where the top bit of d is set and high < d. The estimate by the top half
// of d is at most two too large (Knuth, The Art of Computer Programming, 4.3.1, theorem B).
__device__ inline unsigned int divideDigit(unsigned int high, unsigned int next, unsigned int d)
{
    unsigned int top = d >> 16, rest = d & 0xffff;
    unsigned int q = high / top, r = high % top;
    if (q > 0xffff || q * rest > (r << 16 | next)) {
        q--;
        r += top;
        if (r <= 0xffff && (q > 0xffff || q * rest > (r << 16 | next))) q--;
    }
    return q;
}

// Quotient and remainder of high * 2^32 + low by d, where high < d.
__device__ inline uint2 divideWords(unsigned int high, unsigned int low, unsigned int d)
{
    unsigned int shift = (unsigned int)__clz((int)d);
    uint2 n = shl64(uint2{low, high}, shift);
    d <<= shift;
    unsigned int q1 = divideDigit(n.y, n.x >> 16, d);
    unsigned int r = (n.y << 16 | n.x >> 16) - q1 * d;
    unsigned int q0 = divideDigit(r, n.x & 0xffff, d);
    r = (r << 16 | (n.x & 0xffff)) - q0 * d;
    return uint2{q1 << 16 | q0, r >> shift};
}

// By zero: all bits set.
__device__ inline uint2 divU64(uint2 a, uint2 b)
{
    if (b.y == 0) {
        if (b.x == 0) return uint2{0xffffffffu, 0xffffffffu};
        return uint2{divideWords(a.y % b.x, a.x, b.x).x, a.y / b.x};
    }
    // The quotient fits a word. Half of a by the leading word of b gives it or one more; one less, it cannot be too large.
    unsigned int shift = (unsigned int)__clz((int)b.y);
    uint2 half = shrU64(a, 1);
    unsigned int q = divideWords(half.y, half.x, shl64(b, shift).y).x >> (31 - shift);
    if (q != 0) q--;
    uint2 r = sub64(a, mul64(uint2{q, 0}, b));
    return uint2{ltU64(r, b) ? q : q + 1, 0};
}

__device__ inline uint2 remU64(uint2 a, uint2 b) { return sub64(a, mul64(divU64(a, b), b)); }

__device__ inline uint2 divI64(uint2 a, uint2 b)
{
    if (isZero64(b)) return uint2{0xffffffffu, 0xffffffffu};
    uint2 q = divU64(abs64(a), abs64(b));
    if ((int)(a.y ^ b.y) < 0) return neg64(q);
    return q;
}

__device__ inline uint2 remI64(uint2 a, uint2 b)
{
    uint2 r = remU64(abs64(a), abs64(b));
    if ((int)a.y < 0) return neg64(r);
    return r;
}

// ---- floats ----------------------------------------------------------------------------------------------------

// The float nearest to a, to even in the middle; its sign bit is given.
__device__ inline float roundToFloat64(uint2 a, unsigned int sign)
{
    if (isZero64(a)) return 0.0f;
    unsigned int shift = (unsigned int)clz64(a);
    uint2 m = shl64(a, shift);
    unsigned int rest = m.y & 0xff;
    bool up = rest > 0x80 || (rest == 0x80 && (m.x != 0 || (m.y & 0x100) != 0));
    // The leading one of the significand adds to the exponent; so does a carry out of it.
    unsigned int bits = ((126 + 63 - shift) << 23) + (m.y >> 8) + (up ? 1u : 0u);
    return __uint_as_float(bits | sign);
}

__device__ inline float u64ToF32(uint2 a) { return roundToFloat64(a, 0); }
__device__ inline float i64ToF32(uint2 a) { return roundToFloat64(abs64(a), a.y & 0x80000000u); }

// The whole part of a float's magnitude, if it is below 2^64.
__device__ inline uint2 wholePart64(unsigned int bits)
{
    int exponent = (int)(bits >> 23 & 0xff) - 127;
    uint2 m = uint2{(bits & 0x7fffff) | 0x800000, 0};
    if (exponent < 0) return uint2{0, 0};
    return exponent < 23 ? shrU64(m, (unsigned int)(23 - exponent)) : shl64(m, (unsigned int)(exponent - 23));
}

__device__ inline uint2 f32ToU64(float a)
{
    unsigned int bits = __float_as_uint(a);
    if ((bits & 0x7fffffff) > 0x7f800000 || bits >= 0x80000000u) return uint2{0, 0};
    if (bits >= 0x5f800000) return uint2{0xffffffffu, 0xffffffffu};  // 2^64
    return wholePart64(bits);
}

__device__ inline uint2 f32ToI64(float a)
{
    unsigned int bits = __float_as_uint(a);
    unsigned int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) return uint2{0, 0};
    if (magnitude >= 0x5f000000)  // 2^63
        return bits >= 0x80000000u ? uint2{0, 0x80000000u} : uint2{0xffffffffu, 0x7fffffff};
    uint2 whole = wholePart64(magnitude);
    if (bits >= 0x80000000u) return neg64(whole);
    return whole;
}
