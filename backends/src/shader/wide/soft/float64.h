// IEEE 754 binary64 for devices without double: the bits as two words, x the low one. Results are rounded to nearest even, with
// subnormal numbers, infinities and signed zeros. A NaN operand comes back quiet, the first of two; an operation that is invalid gives
// CUDA's NaN, 0xfff8000000000000.
//
// Inside, a number is a significand whose leading one is bit 62 of 64, and a biased exponent that may leave its field. The ten bits
// below the last place decide the rounding; what is lost below them leaves a one in the lowest ("sticky").
#pragma once
#include "int64.h"

// ---- parts -----------------------------------------------------------------------------------------------------

__device__ inline uint2 f64Nan() { return uint2{0, 0xfff80000u}; }
__device__ inline uint2 f64Infinity(unsigned int sign) { return uint2{0, sign | 0x7ff00000}; }
__device__ inline uint2 f64Abs(uint2 a) { return uint2{a.x, a.y & 0x7fffffff}; }
__device__ inline uint2 f64Neg(uint2 a) { return uint2{a.x, a.y ^ 0x80000000u}; }
__device__ inline uint2 f64CopySign(uint2 a, uint2 b) { return uint2{a.x, (a.y & 0x7fffffff) | (b.y & 0x80000000u)}; }
__device__ inline bool f64IsZero(uint2 a) { return (a.x | (a.y & 0x7fffffff)) == 0; }
__device__ inline bool f64IsNan(uint2 a) { return ltU64(uint2{0, 0x7ff00000}, f64Abs(a)); }
__device__ inline bool f64IsInfinite(uint2 a) { return a.x == 0 && (a.y & 0x7fffffff) == 0x7ff00000; }
__device__ inline uint2 f64Quiet(uint2 a) { return uint2{a.x, a.y | 0x80000}; }
// Of two operands, one of them NaN.
__device__ inline uint2 f64FirstNan(uint2 a, uint2 b) { return f64Quiet(f64IsNan(a) ? a : b); }

// The exponent field; 1 for subnormal numbers, whose scale is the same.
__device__ inline int f64Exponent(uint2 a) { return max((int)(a.y >> 20 & 0x7ff), 1); }

// The significand at its place, bit 62 for normal numbers.
__device__ inline uint2 f64Significand(uint2 a)
{
    unsigned int one = (a.y & 0x7ff00000) != 0 ? 0x100000u : 0u;
    return shl64(uint2{a.x, (a.y & 0xfffff) | one}, 10);
}

// Shifts to the right, and keeps in the lowest bit whether a one was lost.
__device__ inline uint2 shrSticky64(uint2 a, unsigned int n)
{
    if (n == 0) return a;
    uint2 lost = n < 64 ? shl64(a, 64 - n) : a;
    uint2 kept = shrU64(a, n);
    return uint2{kept.x | (isZero64(lost) ? 0u : 1u), kept.y};
}

// The number m * 2^(exponent - 1023 - 62), rounded. The leading one of m is bit 62, or lower if the exponent is 1 or less.
__device__ inline uint2 f64Round(unsigned int sign, int exponent, uint2 m)
{
    if (exponent < 1) {
        m = shrSticky64(m, (unsigned int)(1 - exponent));
        exponent = 1;
    }
    if (exponent > 0x7fe) return f64Infinity(sign);
    unsigned int rest = m.x & 0x3ff;
    uint2 q = shrU64(add64(m, uint2{0x200, 0}), 10);
    if (rest == 0x200) q.x &= ~1u;
    // The leading one adds to the exponent; so does a carry out of it, up to infinity.
    return uint2{q.x, sign + ((unsigned int)(exponent - 1) << 20) + q.y};
}

// ---- comparisons -----------------------------------------------------------------------------------------------

__device__ inline bool f64Eq(uint2 a, uint2 b)
{
    if (f64IsNan(a) || f64IsNan(b)) return false;
    return eq64(a, b) || (f64IsZero(a) && f64IsZero(b));
}

// For numbers, with -0 below +0.
__device__ inline bool f64Below(uint2 a, uint2 b)
{
    if ((int)(a.y ^ b.y) < 0) return (int)a.y < 0;
    return (int)a.y < 0 ? ltU64(b, a) : ltU64(a, b);
}

__device__ inline bool f64Lt(uint2 a, uint2 b)
{
    if (f64IsNan(a) || f64IsNan(b) || (f64IsZero(a) && f64IsZero(b))) return false;
    return f64Below(a, b);
}

__device__ inline bool f64Le(uint2 a, uint2 b)
{
    if (f64IsNan(a) || f64IsNan(b)) return false;
    return !f64Below(b, a) || (f64IsZero(a) && f64IsZero(b));
}

// A NaN operand gives the other one.
__device__ inline uint2 f64Min(uint2 a, uint2 b)
{
    if (f64IsNan(a)) return b;
    return f64IsNan(b) || !f64Below(b, a) ? a : b;
}

__device__ inline uint2 f64Max(uint2 a, uint2 b)
{
    if (f64IsNan(a)) return b;
    return f64IsNan(b) || !f64Below(a, b) ? a : b;
}

// ---- sums ------------------------------------------------------------------------------------------------------

// a is at least as large as b in magnitude, and neither is NaN or infinite.
__device__ inline uint2 f64AddOrdered(uint2 a, uint2 b)
{
    unsigned int sign = a.y & 0x80000000u;
    int exponent = f64Exponent(a);
    uint2 m = f64Significand(a);
    uint2 other = shrSticky64(f64Significand(b), (unsigned int)(exponent - f64Exponent(b)));
    if ((int)(a.y ^ b.y) >= 0) {
        m = add64(m, other);
        if ((int)m.y < 0) {
            m = shrSticky64(m, 1);
            exponent++;
        }
        return f64Round(sign, exponent, m);
    }
    m = sub64(m, other);
    if (isZero64(m)) return uint2{0, 0};
    int shift = min(clz64(m), exponent) - 1;
    return f64Round(sign, exponent - shift, shl64(m, (unsigned int)shift));
}

__device__ inline uint2 f64Add(uint2 a, uint2 b)
{
    if (f64IsNan(a) || f64IsNan(b)) return f64FirstNan(a, b);
    if (f64IsInfinite(a)) return f64IsInfinite(b) && a.y != b.y ? f64Nan() : a;
    if (f64IsInfinite(b)) return b;
    return ltU64(f64Abs(a), f64Abs(b)) ? f64AddOrdered(b, a) : f64AddOrdered(a, b);
}

__device__ inline uint2 f64Sub(uint2 a, uint2 b)
{
    if (f64IsNan(a) || f64IsNan(b)) return f64FirstNan(a, b);
    return f64Add(a, f64Neg(b));
}

// ---- products --------------------------------------------------------------------------------------------------

// How far a significand is from having its leading one at bit 62: subnormal numbers only.
__device__ inline int f64Shift(uint2 significand) { return clz64(significand) - 1; }

__device__ inline uint2 f64Mul(uint2 a, uint2 b)
{
    if (f64IsNan(a) || f64IsNan(b)) return f64FirstNan(a, b);
    unsigned int sign = (a.y ^ b.y) & 0x80000000u;
    bool zero = f64IsZero(a) || f64IsZero(b);
    if (f64IsInfinite(a) || f64IsInfinite(b)) return zero ? f64Nan() : f64Infinity(sign);
    if (zero) return uint2{0, sign};
    uint2 x = f64Significand(a), y = f64Significand(b);
    int up = f64Shift(x), other = f64Shift(y);
    int exponent = f64Exponent(a) - up + f64Exponent(b) - other - 1022;
    // Bits 63 and 62: the leading one of the product is bit 126 or 125.
    x = shl64(x, (unsigned int)(up + 1));
    y = shl64(y, (unsigned int)other);
    uint2 m = mulHighU64(x, y);
    if (!isZero64(mul64(x, y))) m.x |= 1;
    if (m.y < 0x40000000) {
        m = shl64(m, 1);
        exponent--;
    }
    return f64Round(sign, exponent, m);
}

// One digit of a long division: (high * 2^32 + next) / d, where the top bit of d is set and high < d. The quotient in x, the
// remainder in y and z.
__device__ inline uint3 divideByTwo(uint2 high, unsigned int next, uint2 d)
{
    // At most two too large (Knuth, 4.3.1, theorem B).
    unsigned int q = high.y == d.y ? 0xffffffffu : divideWords(high.y, high.x, d.y).x;
    uint2 low = mulWords(q, d.x);
    uint2 rest = sub64(high, add64(mulWords(q, d.y), uint2{low.y, 0}));
    uint2 r = sub64(uint2{next, rest.x}, uint2{low.x, 0});
    // The word above the remainder: all ones while it is negative.
    unsigned int above = rest.y - (next < low.x && rest.x == 0 ? 1u : 0u);
    while (above != 0) {
        q--;
        r = add64(r, d);
        if (ltU64(r, d)) above++;
    }
    return uint3{q, r.x, r.y};
}

__device__ inline uint2 f64Div(uint2 a, uint2 b)
{
    if (f64IsNan(a) || f64IsNan(b)) return f64FirstNan(a, b);
    unsigned int sign = (a.y ^ b.y) & 0x80000000u;
    if (f64IsInfinite(a)) return f64IsInfinite(b) ? f64Nan() : f64Infinity(sign);
    if (f64IsZero(b)) return f64IsZero(a) ? f64Nan() : f64Infinity(sign);
    if (f64IsZero(a) || f64IsInfinite(b)) return uint2{0, sign};
    uint2 x = f64Significand(a), y = f64Significand(b);
    int up = f64Shift(x), other = f64Shift(y);
    int exponent = f64Exponent(a) - up - f64Exponent(b) + other + 1023;
    x = shl64(x, (unsigned int)up);
    y = shl64(y, (unsigned int)(other + 1));
    // With y at bit 63 the dividend is x * 2^63, or twice that, so that the quotient leads with bit 62.
    uint2 high = shrU64(x, 1);
    unsigned int next = x.x << 31;
    if (ltU64(shl64(x, 1), y)) {
        high = x;
        next = 0;
        exponent--;
    }
    uint3 first = divideByTwo(high, next, y);
    uint3 second = divideByTwo(uint2{first.y, first.z}, 0, y);
    unsigned int sticky = (second.y | second.z) != 0 ? 1u : 0u;
    return f64Round(sign, exponent, uint2{second.x | sticky, first.x});
}

__device__ inline uint2 f64Sqrt(uint2 a)
{
    if (f64IsNan(a)) return f64Quiet(a);
    if (f64IsZero(a)) return a;
    if ((int)a.y < 0) return f64Nan();
    if (f64IsInfinite(a)) return a;
    uint2 x = f64Significand(a);
    int up = f64Shift(x);
    int exponent = f64Exponent(a) - up - 1023;
    // An even power of two, so that its root is one: x is from 1 to 4.
    x = shl64(x, (unsigned int)(up + (exponent & 1)));
    // Digit by digit: two bits of x more, one bit of the root more. 55 bits and whether there are others.
    uint2 root = uint2{0, 0}, rest = uint2{0, 0};
    for (int i = 0; i < 55; i++) {
        rest = shl64(rest, 2);
        rest.x |= x.y >> 30;
        x = shl64(x, 2);
        root = shl64(root, 1);
        uint2 trial = uint2{root.x << 1 | 1, root.y << 1 | root.x >> 31};
        if (!ltU64(rest, trial)) {
            rest = sub64(rest, trial);
            root.x |= 1;
        }
    }
    uint2 m = shl64(root, 8);
    if (!isZero64(rest)) m.x |= 1;
    return f64Round(0, (exponent >> 1) + 1023, m);
}

// ---- fused multiply-add ----------------------------------------------------------------------------------------

// 128 bits: the words from x, the lowest, to w.
__device__ inline uint2 low128(uint4 a) { return uint2{a.x, a.y}; }
__device__ inline uint2 high128(uint4 a) { return uint2{a.z, a.w}; }
__device__ inline bool lt128(uint4 a, uint4 b)
{
    return ltU64(high128(a), high128(b)) || (eq64(high128(a), high128(b)) && ltU64(low128(a), low128(b)));
}

__device__ inline uint4 add128(uint4 a, uint4 b)
{
    uint2 low = add64(low128(a), low128(b));
    uint2 carry = uint2{ltU64(low, low128(a)) ? 1u : 0u, 0};
    uint2 high = add64(add64(high128(a), high128(b)), carry);
    return uint4{low.x, low.y, high.x, high.y};
}

__device__ inline uint4 sub128(uint4 a, uint4 b)
{
    uint2 borrow = uint2{ltU64(low128(a), low128(b)) ? 1u : 0u, 0};
    uint2 low = sub64(low128(a), low128(b));
    uint2 high = sub64(sub64(high128(a), high128(b)), borrow);
    return uint4{low.x, low.y, high.x, high.y};
}

__device__ inline uint4 shrSticky128(uint4 a, unsigned int n)
{
    uint2 low = low128(a), high = high128(a);
    if (n >= 64) {
        unsigned int sticky = isZero64(low) ? 0u : 1u;
        low = shrSticky64(high, n - 64);
        return uint4{low.x | sticky, low.y, 0, 0};
    }
    if (n == 0) return a;
    low = or64(shrSticky64(low, n), shl64(high, 64 - n));
    high = shrU64(high, n);
    return uint4{low.x, low.y, high.x, high.y};
}

// The upper 64 bits of a << n, for n below 128, and whether there is anything below.
__device__ inline uint2 leading128(uint4 a, unsigned int n)
{
    uint2 low = low128(a);
    uint2 high = n < 64 ? or64(shl64(high128(a), n), shrU64(low, 64 - n)) : shl64(low, n - 64);
    bool below = n < 64 && !isZero64(shl64(low, n));
    return uint2{high.x | (below ? 1u : 0u), high.y};
}

__device__ inline uint2 f64Fma(uint2 a, uint2 b, uint2 c)
{
    if (f64IsNan(a) || f64IsNan(b)) return f64FirstNan(a, b);
    if (f64IsNan(c)) return f64Quiet(c);
    unsigned int sign = (a.y ^ b.y) & 0x80000000u;
    bool zero = f64IsZero(a) || f64IsZero(b);
    if (f64IsInfinite(a) || f64IsInfinite(b)) return zero ? f64Nan() : f64Add(f64Infinity(sign), c);
    if (zero || f64IsInfinite(c)) return f64Add(uint2{0, sign}, c);

    uint2 x = f64Significand(a), y = f64Significand(b), z = f64Significand(c);
    int up = f64Shift(x), other = f64Shift(y), third = isZero64(z) ? 0 : f64Shift(z);
    int exponent = f64Exponent(a) - up + f64Exponent(b) - other - 1023;
    int exponentC = f64Exponent(c) - third;
    // 1 is bit 125 here: the product is below 2^127, the sum below 2^128.
    x = shl64(x, (unsigned int)(up + 1));
    y = shl64(y, (unsigned int)other);
    uint2 low = mul64(x, y), high = mulHighU64(x, y);
    uint4 product = uint4{low.x, low.y, high.x, high.y};
    z = shl64(z, (unsigned int)third);
    uint4 addend = uint4{0, z.x << 31, z.x >> 1 | z.y << 31, z.y >> 1};
    if (exponent >= exponentC || isZero64(z)) {
        addend = shrSticky128(addend, (unsigned int)max(exponent - exponentC, 0));
    } else {
        product = shrSticky128(product, (unsigned int)(exponentC - exponent));
        exponent = exponentC;
    }
    uint4 sum;
    if ((int)(sign ^ c.y) >= 0) {
        sum = add128(product, addend);
    } else if (lt128(product, addend)) {
        sum = sub128(addend, product);
        sign = c.y & 0x80000000u;
    } else {
        sum = sub128(product, addend);
    }
    uint2 top = high128(sum);
    int shift = isZero64(top) ? 64 + clz64(low128(sum)) : clz64(top);
    if (shift == 128) return uint2{0, 0};
    exponent += 2 - shift;
    if (shift == 0) return f64Round(sign, exponent, shrSticky64(leading128(sum, 0), 1));
    return f64Round(sign, exponent, leading128(sum, (unsigned int)(shift - 1)));
}

// ---- whole numbers ---------------------------------------------------------------------------------------------

__device__ inline uint2 f64Trunc(uint2 a)
{
    int exponent = f64Exponent(a) - 1023;
    if (f64IsNan(a)) return f64Quiet(a);
    if (exponent < 0) return uint2{0, a.y & 0x80000000u};
    if (exponent >= 52) return a;
    return and64(a, shl64(uint2{0xffffffffu, 0xffffffffu}, (unsigned int)(52 - exponent)));
}

// The next whole number away from zero, of one that is none.
__device__ inline uint2 f64Outward(uint2 whole)
{
    if (f64IsZero(whole)) return uint2{0, whole.y | 0x3ff00000};
    return add64(whole, shl64(uint2{1, 0}, (unsigned int)(52 + 1023 - f64Exponent(whole))));
}

__device__ inline uint2 f64Floor(uint2 a)
{
    uint2 whole = f64Trunc(a);
    return f64IsNan(a) || (int)a.y >= 0 || eq64(whole, a) ? whole : f64Outward(whole);
}

__device__ inline uint2 f64Ceil(uint2 a)
{
    uint2 whole = f64Trunc(a);
    return f64IsNan(a) || (int)a.y < 0 || eq64(whole, a) ? whole : f64Outward(whole);
}

__device__ inline uint2 f64RoundEven(uint2 a)
{
    uint2 whole = f64Trunc(a);
    int exponent = f64Exponent(a) - 1023;
    if (exponent >= 52 || exponent < -1) return whole;
    uint2 rest = shl64(f64Significand(a), (unsigned int)(exponent + 2));
    bool odd = exponent >= 0 && (shrU64(f64Significand(a), (unsigned int)(62 - exponent)).x & 1) != 0;
    bool up = rest.y > 0x80000000u || (rest.y == 0x80000000u && (rest.x != 0 || odd));
    return up ? f64Outward(whole) : whole;
}

// ---- conversions -----------------------------------------------------------------------------------------------

// Whole numbers: m with the sign given, rounded.
__device__ inline uint2 f64FromMagnitude(uint2 m, unsigned int sign)
{
    if (isZero64(m)) return uint2{0, 0};
    int shift = clz64(m);
    if (shift == 0) return f64Round(sign, 1023 + 63, shrSticky64(m, 1));
    return f64Round(sign, 1023 + 63 - shift, shl64(m, (unsigned int)(shift - 1)));
}

__device__ inline uint2 u64ToF64(uint2 a) { return f64FromMagnitude(a, 0); }
__device__ inline uint2 i64ToF64(uint2 a) { return f64FromMagnitude(abs64(a), a.y & 0x80000000u); }
__device__ inline uint2 u32ToF64(unsigned int a) { return f64FromMagnitude(uint2{a, 0}, 0); }
__device__ inline uint2 i32ToF64(int a) { return i64ToF64(extend64(a)); }

__device__ inline uint2 f32ToF64(float a)
{
    unsigned int bits = __float_as_uint(a);
    unsigned int sign = bits & 0x80000000u, exponent = bits >> 23 & 0xff, fraction = bits & 0x7fffff;
    if (exponent == 0xff) return uint2{fraction << 29, sign | 0x7ff00000 | fraction >> 3 | (fraction != 0 ? 0x80000u : 0u)};
    if (exponent == 0) {
        if (fraction == 0) return uint2{0, sign};
        unsigned int shift = (unsigned int)__clz((int)fraction) - 8;
        fraction = fraction << shift & 0x7fffff;
        exponent = 1 - shift;
    }
    return uint2{fraction << 29, (sign | fraction >> 3) + ((exponent + 896) << 20)};
}

__device__ inline float f64ToF32(uint2 a)
{
    unsigned int sign = a.y & 0x80000000u;
    if (f64IsNan(a)) return __uint_as_float(sign | 0x7fc00000 | (a.y & 0xfffff) << 3 | a.x >> 29);
    int exponent = f64Exponent(a) - 896;
    if (exponent > 0xfe) return __uint_as_float(sign | 0x7f800000);
    // The leading one at bit 30, seven bits below the last place.
    uint2 m = f64Significand(a);
    unsigned int top = m.y | (m.x != 0 ? 1u : 0u);
    if (exponent < 1) {
        unsigned int shift = (unsigned int)min(1 - exponent, 31);
        top = top >> shift | ((top << (32 - shift)) != 0 ? 1u : 0u);
        exponent = 1;
    }
    unsigned int rest = top & 0x7f;
    unsigned int q = (top + 0x40) >> 7;
    if (rest == 0x40) q &= ~1u;
    return __uint_as_float(sign + ((unsigned int)(exponent - 1) << 23) + q);
}

// The whole part of the magnitude, if it is below 2^64.
__device__ inline uint2 f64Whole(uint2 a)
{
    int exponent = f64Exponent(a) - 1023;
    if (exponent < 0) return uint2{0, 0};
    uint2 m = f64Significand(a);
    return exponent > 62 ? shl64(m, 1) : shrU64(m, (unsigned int)(62 - exponent));
}

// Beyond the range of the integer: its least or greatest value. NaN gives 0.
__device__ inline uint2 f64ToU64(uint2 a)
{
    if (f64IsNan(a) || (int)a.y < 0) return uint2{0, 0};
    return f64Exponent(a) >= 1023 + 64 ? uint2{0xffffffffu, 0xffffffffu} : f64Whole(a);
}

__device__ inline uint2 f64ToI64(uint2 a)
{
    if (f64IsNan(a)) return uint2{0, 0};
    if (f64Exponent(a) >= 1023 + 63) return (int)a.y < 0 ? uint2{0, 0x80000000u} : uint2{0xffffffffu, 0x7fffffff};
    return (int)a.y < 0 ? neg64(f64Whole(a)) : f64Whole(a);
}

__device__ inline unsigned int f64ToU32(uint2 a)
{
    uint2 whole = f64ToU64(a);
    return whole.y != 0 ? 0xffffffffu : whole.x;
}

__device__ inline int f64ToI32(uint2 a)
{
    uint2 whole = minI64(maxI64(f64ToI64(a), uint2{0x80000000u, 0xffffffffu}), uint2{0x7fffffff, 0});
    return (int)whole.x;
}
