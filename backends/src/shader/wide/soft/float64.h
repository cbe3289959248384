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
// A one in the low word counts like one in the lowest place of the high word.
__device__ inline bool f64IsNan(uint2 a) { return ((a.y & 0x7fffffff) | (a.x != 0 ? 1u : 0u)) > 0x7ff00000; }
__device__ inline bool f64IsInfinite(uint2 a) { return a.x == 0 && (a.y & 0x7fffffff) == 0x7ff00000; }
__device__ inline uint2 f64Quiet(uint2 a) { return uint2{a.x, a.y | 0x80000}; }
// Of two operands, one of them NaN.
__device__ inline uint2 f64FirstNan(uint2 a, uint2 b) { return f64Quiet(select64(f64IsNan(a), a, b)); }

// NaN or infinite; zero or subnormal.
__device__ inline bool f64IsSpecial(uint2 a) { return (a.y & 0x7ff00000) == 0x7ff00000; }
__device__ inline bool f64IsSmall(uint2 a) { return (a.y & 0x7ff00000) == 0; }

// The exponent field; 1 for subnormal numbers, whose scale is the same.
__device__ inline int f64Exponent(uint2 a) { return max((int)(a.y >> 20 & 0x7ff), 1); }

// The significand at its place, bit 62 for normal numbers.
__device__ inline uint2 f64Significand(uint2 a)
{
    unsigned int high = (a.y & 0xfffff) | ((a.y & 0x7ff00000) != 0 ? 0x100000u : 0u);
    return uint2{a.x << 10, high << 10 | a.x >> 22};
}

// Shifts to the right by less than 64, and keeps in the lowest bit whether a one was lost.
__device__ inline uint2 shrSticky64(uint2 a, unsigned int n)
{
    uint2 kept = shrBelow64(a, n);
    uint2 back = shlBelow64(kept, n);
    return uint2{kept.x | (a.x != back.x || a.y != back.y ? 1u : 0u), kept.y};
}

// The number m * 2^(exponent - 1023 - 62), rounded. The leading one of m is bit 62, or it is a zero or subnormal number of exponent 1.
__device__ inline uint2 f64Pack(unsigned int sign, int exponent, uint2 m)
{
    unsigned int low = m.x + 0x200, high = m.y + (low < 0x200 ? 1u : 0u);
    // To even in the middle.
    unsigned int even = (m.x & 0x3ff) == 0x200 ? ~1u : ~0u;
    // The leading one adds to the exponent; so does a carry out of it, up to infinity.
    unsigned int base = (m.y & 0x40000000) != 0 ? (unsigned int)(exponent - 1) << 20 : 0;
    bool over = exponent > 0x7fe && base != 0;
    unsigned int x = (low >> 10 | high << 22) & even, y = base + (high >> 10);
    return uint2{over ? 0 : x, sign | (over ? 0x7ff00000 : y)};
}

// The same for any exponent: below 1 the number is subnormal.
__device__ inline uint2 f64Round(unsigned int sign, int exponent, uint2 m)
{
    if (exponent < 1) {
        m = shrSticky64(m, (unsigned int)min(1 - exponent, 63));
        exponent = 1;
    }
    return f64Pack(sign, exponent, m);
}

// ---- comparisons -----------------------------------------------------------------------------------------------

__device__ inline bool f64Eq(uint2 a, uint2 b)
{
    bool nan = f64IsNan(a), zeros = (a.x | b.x | ((a.y | b.y) & 0x7fffffff)) == 0;
    return !nan && ((a.x == b.x && a.y == b.y) || zeros);
}

// For numbers, with -0 below +0: as signed integers, but that two negative ones are the other way round.
__device__ inline bool f64Below(uint2 a, uint2 b)
{
    bool below = ltI64(a, b);
    bool same = a.x == b.x && a.y == b.y;
    bool negative = (int)(a.y & b.y) < 0;
    return below != negative && !same;
}

__device__ inline bool f64Lt(uint2 a, uint2 b)
{
    bool nanA = f64IsNan(a), nanB = f64IsNan(b), below = f64Below(a, b);
    bool zeros = (a.x | b.x | ((a.y | b.y) & 0x7fffffff)) == 0;
    return below && !nanA && !nanB && !zeros;
}

__device__ inline bool f64Le(uint2 a, uint2 b)
{
    bool nanA = f64IsNan(a), nanB = f64IsNan(b), above = f64Below(b, a);
    bool zeros = (a.x | b.x | ((a.y | b.y) & 0x7fffffff)) == 0;
    return (!above || zeros) && !nanA && !nanB;
}

// A NaN operand gives the other one.
__device__ inline uint2 f64Min(uint2 a, uint2 b)
{
    bool nanA = f64IsNan(a), nanB = f64IsNan(b), other = f64Below(b, a);
    return select64(nanA || (other && !nanB), b, a);
}

__device__ inline uint2 f64Max(uint2 a, uint2 b)
{
    bool nanA = f64IsNan(a), nanB = f64IsNan(b), other = f64Below(a, b);
    return select64(nanA || (other && !nanB), b, a);
}

// ---- sums ------------------------------------------------------------------------------------------------------

// Where an operand is NaN or infinite.
__device__ inline uint2 f64AddSpecial(uint2 a, uint2 b)
{
    bool nanA = f64IsNan(a), nanB = f64IsNan(b), infinite = f64IsInfinite(a), both = f64IsInfinite(b);
    if (nanA || nanB) return f64FirstNan(a, b);
    if (infinite && both && a.y != b.y) return f64Nan();
    return select64(infinite, a, b);
}

__device__ inline uint2 f64Add(uint2 a, uint2 b)
{
    bool specialA = f64IsSpecial(a), specialB = f64IsSpecial(b);
    if (specialA || specialB) return f64AddSpecial(a, b);
    // The larger magnitude first.
    bool swap = ltU64(f64Abs(a), f64Abs(b));
    uint2 x = select64(swap, b, a), y = select64(swap, a, b);
    int exponent = f64Exponent(x);
    unsigned int distance = (unsigned int)min(exponent - f64Exponent(y), 63);
    // With the leading one at bit 61, so that the sum stays below bit 63. Of a significand's last ten bits none is set.
    uint2 m = f64Significand(x), other = f64Significand(y);
    m = uint2{m.x >> 1 | m.y << 31, m.y >> 1};
    other = shrSticky64(uint2{other.x >> 1 | other.y << 31, other.y >> 1}, distance);
    bool differ = (int)(a.y ^ b.y) < 0;
    m = select64(differ, sub64(m, other), add64(m, other));
    int shift = min(clz64(m) - 1, exponent);
    unsigned int sign = differ && (m.x | m.y) == 0 ? 0 : x.y & 0x80000000u;
    return f64Pack(sign, exponent + 1 - shift, shlBelow64(m, (unsigned int)shift));
}

// The sign of a NaN stays.
__device__ inline uint2 f64Sub(uint2 a, uint2 b)
{
    bool nan = f64IsNan(b);
    return f64Add(a, uint2{b.x, nan ? b.y : b.y ^ 0x80000000u});
}

// ---- products --------------------------------------------------------------------------------------------------

// How far a significand is from having its leading one at bit 62: subnormal numbers only.
__device__ inline int f64Shift(uint2 significand) { return clz64(significand) - 1; }

__device__ inline uint2 f64MulSpecial(uint2 a, uint2 b)
{
    bool nanA = f64IsNan(a), nanB = f64IsNan(b), zeroA = f64IsZero(a), zeroB = f64IsZero(b);
    if (nanA || nanB) return f64FirstNan(a, b);
    return uint2{0, zeroA || zeroB ? 0xfff80000u : ((a.y ^ b.y) & 0x80000000u) | 0x7ff00000};
}

__device__ inline uint2 f64Mul(uint2 a, uint2 b)
{
    bool specialA = f64IsSpecial(a), specialB = f64IsSpecial(b), smallA = f64IsSmall(a), smallB = f64IsSmall(b);
    if (specialA || specialB) return f64MulSpecial(a, b);
    uint2 x = f64Significand(a), y = f64Significand(b);
    int exponent = f64Exponent(a) + f64Exponent(b) - 1022;
    if (smallA || smallB) {
        int up = f64Shift(x), other = f64Shift(y);
        x = shlBelow64(x, (unsigned int)up);
        y = shlBelow64(y, (unsigned int)other);
        exponent -= up + other;
    }
    // The leading one of the product is bit 124 or 125: two places below where the upper words want it, or one.
    uint4 product = mulWide64(x, y);
    bool far = product.w < 0x20000000;
    unsigned int up = far ? 2 : 1;
    unsigned int rest = (product.x | product.y << up) != 0 ? 1u : 0u;
    uint2 m = uint2{product.z << up | product.y >> (32 - up) | rest, product.w << up | product.z >> (32 - up)};
    return f64Round((a.y ^ b.y) & 0x80000000u, exponent - (far ? 1 : 0), m);
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
    bool nanA = f64IsNan(a), nanB = f64IsNan(b), zeroA = f64IsZero(a), zeroB = f64IsZero(b);
    bool infiniteA = f64IsInfinite(a), infiniteB = f64IsInfinite(b);
    unsigned int sign = (a.y ^ b.y) & 0x80000000u;
    if (nanA || nanB) return f64FirstNan(a, b);
    if ((zeroA && zeroB) || (infiniteA && infiniteB)) return f64Nan();
    if (infiniteA || zeroB) return f64Infinity(sign);
    if (zeroA || infiniteB) return uint2{0, sign};
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
        low = shrSticky64(high, (unsigned int)min((int)n - 64, 63));
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
    bool nanA = f64IsNan(a), nanB = f64IsNan(b), nanC = f64IsNan(c), zeroA = f64IsZero(a), zeroB = f64IsZero(b);
    bool infiniteA = f64IsInfinite(a), infiniteB = f64IsInfinite(b), infiniteC = f64IsInfinite(c);
    unsigned int sign = (a.y ^ b.y) & 0x80000000u;
    if (nanA || nanB) return f64FirstNan(a, b);
    if (nanC) return f64Quiet(c);
    bool infinite = infiniteA || infiniteB, zero = zeroA || zeroB;
    if (infinite && zero) return f64Nan();
    if (infinite || zero || infiniteC) return f64Add(uint2{0, infinite ? sign | 0x7ff00000 : sign}, c);

    uint2 x = f64Significand(a), y = f64Significand(b), z = f64Significand(c);
    int up = f64Shift(x), other = f64Shift(y), third = f64Shift(z);
    int exponent = f64Exponent(a) - up + f64Exponent(b) - other - 1023;
    int exponentC = f64Exponent(c) - third;
    // 1 is bit 125 here: the product is below 2^127, the sum below 2^128.
    x = shl64(x, (unsigned int)(up + 1));
    y = shl64(y, (unsigned int)other);
    uint4 product = mulWide64(x, y);
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

__device__ inline unsigned int clamp63(int n) { return (unsigned int)min(max(n, 0), 63); }

__device__ inline uint2 f64Trunc(uint2 a)
{
    int exponent = f64Exponent(a) - 1023;
    uint2 mask = shlBelow64(uint2{0xffffffffu, 0xffffffffu}, clamp63(52 - exponent));
    bool small = exponent < 0, nan = f64IsNan(a);
    return uint2{a.x & (small ? 0 : mask.x), (a.y & (small ? 0x80000000u : mask.y)) | (nan ? 0x80000u : 0u)};
}

// The next whole number away from zero, of one below 2^52.
__device__ inline uint2 f64Outward(uint2 whole)
{
    uint2 next = add64(whole, shlBelow64(uint2{1, 0}, clamp63(52 + 1023 - f64Exponent(whole))));
    bool zero = f64IsZero(whole);
    return uint2{zero ? 0 : next.x, zero ? whole.y | 0x3ff00000 : next.y};
}

__device__ inline uint2 f64Floor(uint2 a)
{
    uint2 whole = f64Trunc(a), next = f64Outward(whole);
    bool keep = f64IsNan(a), exact = eq64(whole, a);
    return select64(keep || exact || (int)a.y >= 0, whole, next);
}

__device__ inline uint2 f64Ceil(uint2 a)
{
    uint2 whole = f64Trunc(a), next = f64Outward(whole);
    bool keep = f64IsNan(a), exact = eq64(whole, a);
    return select64(keep || exact || (int)a.y < 0, whole, next);
}

__device__ inline uint2 f64RoundEven(uint2 a)
{
    uint2 whole = f64Trunc(a), next = f64Outward(whole), m = f64Significand(a);
    int exponent = f64Exponent(a) - 1023;
    // What is behind the point, from bit 63 on. Nothing is, from 2^52 on.
    uint2 rest = shlBelow64(m, clamp63(exponent + 2));
    bool odd = (shrBelow64(m, clamp63(62 - exponent)).x & 1) != 0;
    bool up = rest.y > 0x80000000u || (rest.y == 0x80000000u && (rest.x != 0 || odd));
    return select64(up && exponent >= -1, next, whole);
}

// ---- conversions -----------------------------------------------------------------------------------------------

// Whole numbers: m with the sign given, rounded.
__device__ inline uint2 f64FromMagnitude(uint2 m, unsigned int sign)
{
    int shift = clz64(m);
    m = shl64(m, (unsigned int)shift);
    return f64Pack(sign, 1023 + 63 - shift, uint2{m.x >> 1 | m.y << 31 | (m.x & 1), m.y >> 1});
}

__device__ inline uint2 u64ToF64(uint2 a) { return f64FromMagnitude(a, 0); }
__device__ inline uint2 i64ToF64(uint2 a) { return f64FromMagnitude(abs64(a), a.y & 0x80000000u); }

// No 32-bit number is rounded.
__device__ inline uint2 f64FromWord(unsigned int m, unsigned int sign)
{
    int shift = min(__clz((int)m), 31);
    m <<= shift;
    unsigned int exponent = (unsigned int)(1023 + 30 - shift) << 20;
    return uint2{m << 21, m == 0 ? 0 : sign | (exponent + (m >> 11))};
}

__device__ inline uint2 u32ToF64(unsigned int a) { return f64FromWord(a, 0); }
__device__ inline uint2 i32ToF64(int a)
{
    unsigned int sign = (unsigned int)(a >> 31);
    return f64FromWord(((unsigned int)a ^ sign) - sign, sign & 0x80000000u);
}

__device__ inline uint2 f32ToF64(float a)
{
    unsigned int bits = __float_as_uint(a);
    unsigned int sign = bits & 0x80000000u, exponent = bits >> 23 & 0xff, fraction = bits & 0x7fffff;
    // Subnormal: the leading one goes to bit 23, where normal numbers have theirs.
    unsigned int shift = (unsigned int)min(__clz((int)fraction) - 8, 23);
    bool small = exponent == 0, zero = small && fraction == 0, special = exponent == 0xff;
    fraction = small ? fraction << shift & 0x7fffff : fraction;
    unsigned int field = special ? 0x7ff : small ? 897 - shift : exponent + 896;
    unsigned int quiet = special && fraction != 0 ? 0x80000u : 0u;
    return uint2{fraction << 29, sign | (zero ? 0 : field << 20) | fraction >> 3 | quiet};
}

__device__ inline float f64ToF32(uint2 a)
{
    unsigned int sign = a.y & 0x80000000u;
    int exponent = f64Exponent(a) - 896;
    bool nan = f64IsNan(a);
    // The leading one at bit 30, seven bits below the last place.
    uint2 m = f64Significand(a);
    unsigned int top = m.y | (m.x != 0 ? 1u : 0u);
    unsigned int shift = (unsigned int)min(max(1 - exponent, 0), 31);
    unsigned int kept = top >> shift;
    kept |= kept << shift != top ? 1u : 0u;
    unsigned int q = (kept + 0x40) >> 7;
    q &= (kept & 0x7f) == 0x40 ? ~1u : ~0u;
    unsigned int bits = ((unsigned int)(max(exponent, 1) - 1) << 23) + q;
    bits = exponent > 0xfe ? 0x7f800000 : bits;
    return __uint_as_float(sign | (nan ? 0x7fc00000 | (a.y & 0xfffff) << 3 | a.x >> 29 : bits));
}

// Beyond the range of the integer: its least or greatest value. NaN gives 0.
__device__ inline uint2 f64ToU64(uint2 a)
{
    uint2 m = f64Significand(a);
    int exponent = f64Exponent(a) - 1023;
    m = shrBelow64(uint2{m.x << 1, m.y << 1 | m.x >> 31}, clamp63(63 - exponent));
    bool nan = f64IsNan(a), none = nan || exponent < 0 || (int)a.y < 0, all = exponent > 63;
    return uint2{none ? 0 : all ? 0xffffffffu : m.x, none ? 0 : all ? 0xffffffffu : m.y};
}

__device__ inline uint2 f64ToI64(uint2 a)
{
    int exponent = f64Exponent(a) - 1023;
    uint2 m = shrBelow64(f64Significand(a), clamp63(62 - exponent));
    unsigned int sign = (unsigned int)((int)a.y >> 31);
    bool nan = f64IsNan(a), beyond = exponent > 62;
    m = beyond ? uint2{~sign, 0x7fffffff ^ sign} : select64(sign != 0, neg64(m), m);
    return uint2{nan ? 0 : m.x, nan ? 0 : m.y};
}

__device__ inline unsigned int f64ToU32(uint2 a)
{
    int exponent = f64Exponent(a) - 1023;
    unsigned int m = shrBelow64(f64Significand(a), clamp63(62 - exponent)).x;
    bool nan = f64IsNan(a);
    return nan || (int)a.y < 0 ? 0 : exponent > 31 ? 0xffffffffu : m;
}

__device__ inline int f64ToI32(uint2 a)
{
    int exponent = f64Exponent(a) - 1023;
    unsigned int m = shrBelow64(f64Significand(a), clamp63(62 - exponent)).x;
    unsigned int sign = (unsigned int)((int)a.y >> 31);
    bool nan = f64IsNan(a);
    return nan ? 0 : (int)(exponent > 30 ? 0x7fffffff ^ sign : (m ^ sign) - sign);
}
