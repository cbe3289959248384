// The 8-bit floats of cuda_fp8.h against a table of their values: every code to float, half and bfloat16, every float, half and bfloat16 to
// both kinds with both saturations, doubles around every boundary, and the integers.
//
//     g++ -O2 -std=c++17 -ffp-contract=off -w -fpermissive -iquote ../../translator/include fp8.cpp -o fp8 && ./fp8
//
// All of cuda_runtime.h is compiled here, so no header of the host can be.
#define __device__
#define __host__
#define __global__
#define __shared__
#define __constant__
#define __forceinline__ inline
#define __align__(n) alignas(n)
#define __is_integral(T) __is_same(T, int)
#define __is_arithmetic(T) __is_same(T, int)
#define __builtin_assume_aligned shipped_assume_aligned
#define printf shipped_printf
#include "translate_builtins.h"
#include "builtins.h"
#include "cuda_fp8.h"
#undef printf
extern "C" int printf(const char*, ...);

struct Kind {
    __nv_fp8_interpretation_t name;
    int fraction, bias, finite;  // bits of the fraction, bias of the exponent, the largest finite code
    double value(int code) const  // of a code without sign
    {
        int exponent = code >> fraction;
        double units = (code & ((1 << fraction) - 1)) + (exponent > 0 ? 1 << fraction : 0);
        return units * __builtin_ldexp(1, (exponent > 0 ? exponent : 1) - bias - fraction);
    }
    // Where code + 1 begins to be the nearer one; at the middle itself the even one of the two is taken.
    double middle(int code) const { return (value(code) + value(code + 1)) / 2; }
    bool above(double magnitude, int code) const { return magnitude > middle(code) || (magnitude == middle(code) && code % 2 == 1); }
};
const Kind KINDS[] = {{__NV_E4M3, 3, 7, 0x7e}, {__NV_E5M2, 2, 15, 0x7b}};
const __nv_saturation_t MODES[] = {__NV_NOSAT, __NV_SATFINITE};

long compared = 0, wrong = 0;
void expect(const char* what, double x, long long got, long long want)
{
    compared++;
    if (got != want && wrong++ < 40) printf("%s of %a is %llx, not %llx\n", what, x, got, want);
}

// The code nearest to a magnitude, by bisection; finite + 1 where it is too large.
int nearest(const Kind& kind, double magnitude)
{
    int low = 0, high = kind.finite + 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (kind.above(magnitude, middle)) low = middle + 1;
        else high = middle;
    }
    return low;
}
int reference(const Kind& kind, __nv_saturation_t mode, double x)
{
    int code = nearest(kind, __builtin_fabs(x));
    if (code > kind.finite && mode == __NV_SATFINITE) code = kind.finite;
    return code | (__builtin_signbit(x) ? 0x80 : 0);
}

// All floats in the order of their magnitude: the code moves up with them.
void floats(const Kind& kind, __nv_saturation_t mode)
{
    int code = 0;
    for (unsigned int bits = 0; bits <= 0x7f800000u; bits++) {
        double x = __uint_as_float(bits);
        while (code <= kind.finite && kind.above(x, code)) code++;
        int want = code > kind.finite && mode == __NV_SATFINITE ? kind.finite : code;
        expect("float", x, __nv_cvt_float_to_fp8(__uint_as_float(bits), mode, kind.name), want);
        expect("float", -x, __nv_cvt_float_to_fp8(__uint_as_float(bits | 0x80000000u), mode, kind.name), want | 0x80);
    }
    for (unsigned int bits = 0x7f800001u; bits <= 0x7fffffffu; bits++) {
        expect("NaN", bits, __nv_cvt_float_to_fp8(__uint_as_float(bits), mode, kind.name), 0x7f);
        expect("NaN", bits, __nv_cvt_float_to_fp8(__uint_as_float(bits | 0x80000000u), mode, kind.name), 0x7f);
    }
}

const long long STEPS[] = {-1000000000, -536870912, -3, -1, 0, 1, 3, 536870912, 1000000000};
const double FAR[] = {1e300, 1e-300, -1e300, __builtin_inf(), 4.9e-324};
void doubles(const Kind& kind, __nv_saturation_t mode)
{
    for (int code = 0; code <= kind.finite; code++)
        for (int between = 0; between < 2; between++)
            for (long long step : STEPS) {
                double point = between ? kind.middle(code) : kind.value(code);
                if (point == 0 && step < 0) continue;
                double x = __longlong_as_double(__double_as_longlong(point) + step);
                expect("double", x, __nv_cvt_double_to_fp8(x, mode, kind.name), reference(kind, mode, x));
                expect("double", -x, __nv_cvt_double_to_fp8(-x, mode, kind.name), reference(kind, mode, -x));
            }
    for (double x : FAR) expect("double", x, __nv_cvt_double_to_fp8(x, mode, kind.name), reference(kind, mode, x));
}

// Halves and bfloat16s widen exactly, by the host's own half type.
void halves(const Kind& kind, __nv_saturation_t mode)
{
    for (int bits = 0; bits < 0x10000; bits++) {
        unsigned short word = bits;
        double x = same_bits<_Float16>(word), y = __uint_as_float((unsigned int)bits << 16);
        __half_raw half = {word};
        __nv_bfloat16_raw bfloat = {word};
        expect("half", x, __nv_cvt_halfraw_to_fp8(half, mode, kind.name), x != x ? 0x7f : reference(kind, mode, x));
        expect("bfloat16", y, __nv_cvt_bfloat16raw_to_fp8(bfloat, mode, kind.name), y != y ? 0x7f : reference(kind, mode, y));
    }
}

template <typename T, typename One>
void integers(const Kind& kind, T lowest, T highest)
{
    for (int code = 0; code < 256; code++) {
        One value;
        value.__x = code;
        double x = (code & 0x80 ? -1 : 1) * kind.value(code & 0x7f);
        // What C++ leaves undefined is not the host's to answer: samples/numbers/float8.cu has it.
        if ((code & 0x7f) > kind.finite || (sizeof(T) >= 4 && x < (double)lowest)) continue;
        T want = x <= (double)lowest ? lowest : x >= (double)highest ? highest : (T)x;
        expect("to an integer", x, (long long)(T)value, (long long)want);
    }
    for (long long i = -70000; i <= 70000; i++)
        if (i >= (double)lowest && i <= (double)highest) expect("an integer", i, One((T)i).__x, reference(kind, __NV_SATFINITE, (double)i));
    expect("an integer", (double)highest, One(highest).__x, reference(kind, __NV_SATFINITE, (double)highest));
}

template <typename One, typename Two, typename Four>
void types(const Kind& kind)
{
    for (int code = 0; code < 256; code++) {
        One one;
        one.__x = code;
        double x = (code & 0x80 ? -1 : 1) * kind.value(code & 0x7f);
        if ((code & 0x7f) > kind.finite) x = kind.name == __NV_E5M2 && (code & 3) == 0 ? x * __builtin_inf() : __builtin_nan("");
        unsigned short half = same_bits<unsigned short>((_Float16)x), bfloat = __float_as_uint((float)x) >> 16;
        expect("to float", x, __float_as_uint((float)one), x != x ? 0x7fffe000u : __float_as_uint((float)x));
        expect("to half", x, ((__half)one).__x, x != x ? 0x7fff : half);
        expect("to bfloat16", x, ((__nv_bfloat16)one).__x, x != x ? 0x7fff : bfloat);
        if (x == x) expect("to double", x, __double_as_longlong((double)one), __double_as_longlong(x));
        expect("to bool", x, (bool)one, x != 0);

        Two two;
        two.__x = code | (code ^ 0x5a) << 8;
        float2 both = (float2)two;
        One other;
        other.__x = code ^ 0x5a;
        expect("pair", x, __float_as_uint(both.x), __float_as_uint((float)one));
        expect("pair", x, __float_as_uint(both.y), __float_as_uint((float)other));
        Four four(make_float4((float)one, (float)other, (float)other, (float)one));
        unsigned int back = One((float)one).__x, otherBack = One((float)other).__x;
        expect("four", x, four.__x, back | otherBack << 8 | otherBack << 16 | back << 24);
        expect("two of four", x, Two(both).__x, back | otherBack << 8);
        expect("halves", x, Two((__half2)two).__x, back | otherBack << 8);
        expect("bfloats", x, Two((__nv_bfloat162)two).__x, back | otherBack << 8);
        float4 all = (float4)four;
        One first, second;
        first.__x = back, second.__x = otherBack;
        expect("of four", x, __float_as_uint(all.w), __float_as_uint((float)first));
        expect("of four", x, __float_as_uint(all.z), __float_as_uint((float)second));
    }
    integers<signed char, One>(kind, -128, 127);
    integers<unsigned char, One>(kind, 0, 255);
    integers<short, One>(kind, -32768, 32767);
    integers<unsigned short, One>(kind, 0, 65535);
    integers<int, One>(kind, -2147483647 - 1, 2147483647);
    integers<unsigned int, One>(kind, 0, 4294967295u);
    integers<long long, One>(kind, -9223372036854775807ll - 1, 9223372036854775807ll);
    integers<unsigned long long, One>(kind, 0, 18446744073709551615ull);
}

int main()
{
    types<__nv_fp8_e4m3, __nv_fp8x2_e4m3, __nv_fp8x4_e4m3>(KINDS[0]);
    types<__nv_fp8_e5m2, __nv_fp8x2_e5m2, __nv_fp8x4_e5m2>(KINDS[1]);
    for (const Kind& kind : KINDS)
        for (__nv_saturation_t mode : MODES) {
            doubles(kind, mode);
            halves(kind, mode);
            floats(kind, mode);
        }
    printf("%ld conversions compared, %ld wrong\n", compared, wrong);
    return wrong != 0;
}
