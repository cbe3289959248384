// The software 64-bit integers and doubles (backends/src/shader/wide/soft) against the CPU's own, bit for bit.
//
//     g++ -O2 -std=c++17 -ffp-contract=off -frounding-math soft.cpp -o soft
//     ./soft 100000000       # so many random operands for each operation (ten minutes), besides all pairs of edge cases
//
// Operands are those of Berkeley TestFloat's style: edge cases of sign, exponent and significand, numbers with few ones or few
// zeros, neighbours of each other, and plain random bits. Two NaNs are equal. It fails at the first difference.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <vector>

#define __device__
struct uint2 { unsigned int x, y; };
struct uint3 { unsigned int x, y, z; };
struct uint4 { unsigned int x, y, z, w; };
static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }
static inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz((unsigned int)x); }
static inline int __popc(unsigned int x) { return __builtin_popcount(x); }
static inline unsigned int __umulhi(unsigned int x, unsigned int y) { return (uint64_t)x * y >> 32; }
static inline unsigned int __brev(unsigned int x)
{
    unsigned int r = 0;
    for (int i = 0; i < 32; i++) r |= (x >> i & 1) << (31 - i);
    return r;
}
template <typename To, typename From> static To same_bits(From from)
{
    static_assert(sizeof(To) == sizeof(From));
    To to;
    memcpy(&to, &from, sizeof to);
    return to;
}
static inline float __uint_as_float(unsigned int x) { return same_bits<float>(x); }
static inline unsigned int __float_as_uint(float x) { return same_bits<unsigned int>(x); }
#include "../../backends/src/shader/wide/soft/float64.h"

typedef uint64_t u64;
typedef int64_t i64;
typedef __int128 i128;
typedef unsigned __int128 u128;
static uint2 w(u64 x) { return uint2{(unsigned int)x, (unsigned int)(x >> 32)}; }
static u64 n(uint2 x) { return (u64)x.y << 32 | x.x; }
static double d(u64 x) { return same_bits<double>(x); }
static u64 b(double x) { return same_bits<u64>(x); }

// ---- operands --------------------------------------------------------------------------------------------------

static u64 state = 88172645463325252ull;
static u64 random_bits()
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 2685821657736338717ull;
}

static std::vector<u64> edges()
{
    std::vector<u64> out;
    for (u64 sign : {0ull, 1ull << 63})
        for (u64 exponent : {0, 1, 2, 51, 52, 53, 54, 700, 896, 897, 1021, 1022, 1023, 1024, 1025, 1054, 1055, 1074, 1075, 1076, 1085, 1086, 1087, 1150, 1151, 2044, 2045, 2046, 2047})
            for (u64 fraction : {0ull, 1ull, 2ull, 0x8000000000000ull, 0x8000000000001ull, 0x7ffffffffffffull, 0xffffffffffffeull, 0xfffffffffffffull, 0x20000000ull, 0x10000000ull, 0x30000001ull})
                out.push_back(sign | exponent << 52 | fraction);
    for (int i = 0; i < 64; i++)
        for (u64 x : {1ull << i, (1ull << i) - 1, ~(1ull << i), 0 - (1ull << i)}) out.push_back(x);
    return out;
}

static const std::vector<u64> EDGES = edges();

static u64 operand(u64 near)
{
    u64 r = random_bits();
    switch (r & 7) {
    case 0: return EDGES[(r >> 8) % EDGES.size()];
    case 1: return random_bits() & random_bits() & random_bits();
    case 2: return random_bits() | random_bits() | random_bits();
    case 3: return near + (u64)((i64)(r << 40) >> 56);
    // Exponents so near to each other that sums and fused operations cancel.
    case 4: return (near & 0x7ff0000000000000ull) + (((u64)((r >> 8) % 121) - 60) << 52) + (random_bits() & 0x800fffffffffffffull);
    case 5: return (random_bits() & 0x800fffffffffffffull) | (1023 - 70 + (r >> 8) % 140) << 52;
    case 6: return random_bits() >> (r >> 8 & 63);
    default: return random_bits();
    }
}

// ---- operations ------------------------------------------------------------------------------------------------

enum Kind { BITS, DOUBLE, FLOAT };
struct Operation {
    const char* name;
    int operands;
    Kind result;
    u64 (*soft)(u64, u64, u64);
    u64 (*native)(u64, u64, u64);
};

static double host_min(double x, double y)
{
    if (std::isnan(x)) return y;
    if (std::isnan(y)) return x;
    return x == y ? (std::signbit(x) ? x : y) : x < y ? x : y;
}
static u64 saturate_u(double x, double most, u64 highest) { return !(x > 0) ? 0 : x >= most ? highest : (u64)x; }
static u64 saturate_i(double x, double most, i64 least, i64 highest)
{
    return std::isnan(x) ? 0 : x >= most ? (u64)highest : x < -most ? (u64)least : (u64)(i64)x;
}

#define OP(name, operands, kind, soft, native) \
    {name, operands, kind, [](u64 x, u64 y, u64 z) -> u64 { (void)x, (void)y, (void)z; return soft; }, \
                           [](u64 x, u64 y, u64 z) -> u64 { (void)x, (void)y, (void)z; return native; }}

static const Operation OPERATIONS[] = {
    OP("not64", 1, BITS, n(not64(w(x))), ~x),
    OP("and64", 2, BITS, n(and64(w(x), w(y))), x & y),
    OP("or64", 2, BITS, n(or64(w(x), w(y))), x | y),
    OP("xor64", 2, BITS, n(xor64(w(x), w(y))), x ^ y),
    OP("extend64", 1, BITS, n(extend64((int)x)), (u64)(i64)(int)x),
    OP("isZero64", 1, BITS, isZero64(w(x)), x == 0),
    OP("eq64", 2, BITS, eq64(w(x), w(y)), x == y),
    OP("ltU64", 2, BITS, ltU64(w(x), w(y)), x < y),
    OP("ltI64", 2, BITS, ltI64(w(x), w(y)), (i64)x < (i64)y),
    OP("minU64", 2, BITS, n(minU64(w(x), w(y))), x < y ? x : y),
    OP("maxU64", 2, BITS, n(maxU64(w(x), w(y))), x > y ? x : y),
    OP("minI64", 2, BITS, n(minI64(w(x), w(y))), (i64)x < (i64)y ? x : y),
    OP("maxI64", 2, BITS, n(maxI64(w(x), w(y))), (i64)x > (i64)y ? x : y),
    OP("add64", 2, BITS, n(add64(w(x), w(y))), x + y),
    OP("sub64", 2, BITS, n(sub64(w(x), w(y))), x - y),
    OP("neg64", 1, BITS, n(neg64(w(x))), 0 - x),
    OP("abs64", 1, BITS, n(abs64(w(x))), (i64)x < 0 ? 0 - x : x),
    OP("mul64", 2, BITS, n(mul64(w(x), w(y))), x * y),
    OP("mulHighU64", 2, BITS, n(mulHighU64(w(x), w(y))), (u64)((u128)x * y >> 64)),
    OP("mulHighI64", 2, BITS, n(mulHighI64(w(x), w(y))), (u64)((i128)(i64)x * (i64)y >> 64)),
    OP("shl64", 2, BITS, n(shl64(w(x), shiftAmount64(w(y >> 58 ? y & 127 : y)))), (y >> 58 ? y & 127 : y) < 64 ? x << (y & 63) : 0),
    OP("shrU64", 2, BITS, n(shrU64(w(x), shiftAmount64(w(y >> 58 ? y & 127 : y)))), (y >> 58 ? y & 127 : y) < 64 ? x >> (y & 63) : 0),
    OP("shrI64", 2, BITS, n(shrI64(w(x), shiftAmount64(w(y >> 58 ? y & 127 : y)))), (u64)((i64)x >> ((y >> 58 ? y & 127 : y) < 64 ? y & 63 : 63))),
    OP("popcount64", 1, BITS, (u64)popcount64(w(x)), (u64)__builtin_popcountll(x)),
    OP("clz64", 1, BITS, (u64)clz64(w(x)), x == 0 ? 64 : (u64)__builtin_clzll(x)),
    OP("ctz64", 1, BITS, (u64)ctz64(w(x)), x == 0 ? 64 : (u64)__builtin_ctzll(x)),
    OP("brev64", 1, BITS, n(brev64(w(n(brev64(w(x)))))) ^ (n(brev64(w(1))) != 1ull << 63), x),
    OP("divU64", 2, BITS, n(divU64(w(x), w(y))), y == 0 ? ~0ull : x / y),
    OP("remU64", 2, BITS, n(remU64(w(x), w(y))), y == 0 ? x : x % y),
    OP("divI64", 2, BITS, n(divI64(w(x), w(y))), y == 0 ? ~0ull : y == ~0ull ? 0 - x : (u64)((i64)x / (i64)y)),
    OP("remI64", 2, BITS, n(remI64(w(x), w(y))), y == 0 ? x : y == ~0ull ? 0 : (u64)((i64)x % (i64)y)),
    OP("u64ToF32", 1, FLOAT, __float_as_uint(u64ToF32(w(x))), __float_as_uint((float)x)),
    OP("i64ToF32", 1, FLOAT, __float_as_uint(i64ToF32(w(x))), __float_as_uint((float)(i64)x)),
    OP("f32ToU64", 1, BITS, n(f32ToU64(__uint_as_float((unsigned int)(x >> 32)))), saturate_u(__uint_as_float((unsigned int)(x >> 32)), 18446744073709551616.0, ~0ull)),
    OP("f32ToI64", 1, BITS, n(f32ToI64(__uint_as_float((unsigned int)(x >> 32)))), saturate_i(__uint_as_float((unsigned int)(x >> 32)), 9223372036854775808.0, INT64_MIN, INT64_MAX)),

    OP("f64Add", 2, DOUBLE, n(f64Add(w(x), w(y))), b(d(x) + d(y))),
    OP("f64Sub", 2, DOUBLE, n(f64Sub(w(x), w(y))), b(d(x) - d(y))),
    OP("f64Mul", 2, DOUBLE, n(f64Mul(w(x), w(y))), b(d(x) * d(y))),
    OP("f64Div", 2, DOUBLE, n(f64Div(w(x), w(y))), b(d(x) / d(y))),
    OP("f64Sqrt", 1, DOUBLE, n(f64Sqrt(w(x))), b(std::sqrt(d(x)))),
    OP("f64Fma", 3, DOUBLE, n(f64Fma(w(x), w(y), w(z))), b(std::fma(d(x), d(y), d(z)))),
    // The third operand almost cancels the product.
    OP("f64Fma, near", 3, DOUBLE, n(f64Fma(w(x), w(y), w(b(-(d(x) * d(y))) + (z & 7) - 4))), b(std::fma(d(x), d(y), d(b(-(d(x) * d(y))) + (z & 7) - 4)))),
    OP("f64Neg", 1, BITS, n(f64Neg(w(x))), x ^ 1ull << 63),
    OP("f64Abs", 1, BITS, n(f64Abs(w(x))), x & ~(1ull << 63)),
    OP("f64CopySign", 2, BITS, n(f64CopySign(w(x), w(y))), (x & ~(1ull << 63)) | (y & 1ull << 63)),
    OP("f64Eq", 2, BITS, f64Eq(w(x), w(y)), d(x) == d(y)),
    OP("f64Lt", 2, BITS, f64Lt(w(x), w(y)), d(x) < d(y)),
    OP("f64Le", 2, BITS, f64Le(w(x), w(y)), d(x) <= d(y)),
    OP("f64Min", 2, DOUBLE, n(f64Min(w(x), w(y))), b(host_min(d(x), d(y)))),
    OP("f64Max", 2, DOUBLE, n(f64Max(w(x), w(y))), b(-host_min(-d(x), -d(y)))),
    OP("f64Trunc", 1, DOUBLE, n(f64Trunc(w(x))), b(std::trunc(d(x)))),
    OP("f64Floor", 1, DOUBLE, n(f64Floor(w(x))), b(std::floor(d(x)))),
    OP("f64Ceil", 1, DOUBLE, n(f64Ceil(w(x))), b(std::ceil(d(x)))),
    OP("f64RoundEven", 1, DOUBLE, n(f64RoundEven(w(x))), b(std::rint(d(x)))),
    OP("f64IsZero", 1, BITS, f64IsZero(w(x)), d(x) == 0),
    OP("u64ToF64", 1, DOUBLE, n(u64ToF64(w(x))), b((double)x)),
    OP("i64ToF64", 1, DOUBLE, n(i64ToF64(w(x))), b((double)(i64)x)),
    OP("u32ToF64", 1, DOUBLE, n(u32ToF64((unsigned int)x)), b((double)(unsigned int)x)),
    OP("i32ToF64", 1, DOUBLE, n(i32ToF64((int)x)), b((double)(int)x)),
    OP("f32ToF64", 1, DOUBLE, n(f32ToF64(__uint_as_float((unsigned int)(x >> 32)))), b((double)__uint_as_float((unsigned int)(x >> 32)))),
    OP("f64ToF32", 1, FLOAT, __float_as_uint(f64ToF32(w(x))), __float_as_uint((float)d(x))),
    OP("f64ToU64", 1, BITS, n(f64ToU64(w(x))), saturate_u(d(x), 18446744073709551616.0, ~0ull)),
    OP("f64ToI64", 1, BITS, n(f64ToI64(w(x))), saturate_i(d(x), 9223372036854775808.0, INT64_MIN, INT64_MAX)),
    OP("f64ToU32", 1, BITS, f64ToU32(w(x)), saturate_u(d(x), 4294967296.0, 4294967295u)),
    OP("f64ToI32", 1, BITS, (u64)(i64)f64ToI32(w(x)), std::isnan(d(x)) ? 0 : d(x) >= 2147483647.0 ? (u64)INT32_MAX : d(x) <= -2147483648.0 ? (u64)(i64)INT32_MIN : (u64)(i64)(int)d(x)),
};

static bool same(Kind kind, u64 x, u64 y)
{
    if (x == y) return true;
    if (kind == DOUBLE) return std::isnan(d(x)) && std::isnan(d(y));
    if (kind == FLOAT) return std::isnan(__uint_as_float((unsigned int)x)) && std::isnan(__uint_as_float((unsigned int)y));
    return false;
}

static bool check(const Operation& op, u64 x, u64 y, u64 z)
{
    u64 soft = op.soft(x, y, z), native = op.native(x, y, z);
    if (same(op.result, soft, native)) return true;
    printf("%s(%016llx, %016llx, %016llx): %016llx, the CPU gives %016llx\n", op.name, (unsigned long long)x, (unsigned long long)y,
           (unsigned long long)z, (unsigned long long)soft, (unsigned long long)native);
    return false;
}

int main(int argc, char** argv)
{
    long count = argc > 1 ? atol(argv[1]) : 100000;
    bool good = true;
    for (const Operation& op : OPERATIONS) {
        long done = 0;
        bool agrees = true;
        for (u64 x : EDGES)
            for (u64 y : EDGES) {
                u64 z = operand(op.operands == 3 ? b(d(x) * d(y)) : y);
                agrees = agrees && check(op, x, y, z);
                done++;
                if (op.operands == 1) break;
            }
        for (long i = 0; i < count && agrees; i++, done++) {
            u64 x = operand(0x3ff0000000000000ull), y = operand(x);
            agrees = check(op, x, y, operand(op.operands == 3 ? b(d(x) * d(y)) : y));
        }
        if (agrees) printf("%-14s %ld operands agree\n", op.name, done);
        good = good && agrees;
    }
    return good ? 0 : 1;
}
