// Functions that CUDA documents as exact, against the host: directed rounding against the processor's rounding modes, SIMD intrinsics against
// plain loops over std::vector lanes.
//
//     g++ -O2 -std=c++17 -ffp-contract=off -frounding-math -iquote ../../translator/include exact.cpp -o exact && ./exact 10000000
#include <cfenv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>

#include "as_host.h"
namespace shipped {
#include "translate_builtins.h"
#include "builtins.h"
#include "rounding_functions.h"
#include "simd_functions.h"
}

std::mt19937_64 generator(1);
long wrong = 0, compared = 0;

template <typename T>
void compare(const char* name, T got, T want, double x, double y, double z)
{
    compared++;
    if (std::isnan(got) && std::isnan(want)) return;
    if (got == want && std::signbit(got) == std::signbit(want)) return;
    if (wrong++ < 40) printf("%s(%a, %a, %a) is %a, not %a\n", name, x, y, z, (double)got, (double)want);
}

// Bit patterns with many extremes: exponents close to each other, to the ends, significands of few bits.
template <typename T, typename U, int P>
T operand(T near)
{
    U bits = (U)generator();
    U fraction = ((U)1 << (P - 1)) - 1;
    U sign = (U)1 << (sizeof(U) * 8 - 1);
    switch (generator() % 6) {
    case 0: break;
    case 1: bits = (bits & ~fraction) | (fraction & -(U)(generator() & 1)) | (generator() % 3); break;
    case 2: bits = (bits & (sign | fraction)) | (shipped::same_bits<U>(near) & ~(sign | fraction)); break;
    case 3: bits = (bits & sign) | ((shipped::same_bits<U>(near) & ~sign) + (generator() % 5) - 2); break;
    case 4: bits = (bits & sign) | (generator() % 4); break;
    default: {
        T value = (T)(int)(generator() % 2001 - 1000) * (generator() % 2 ? (T)1 : (T)0.125);
        bits = shipped::same_bits<U>(value);
    }
    }
    return shipped::same_bits<T>(bits);
}

const int MODES[] = {FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};

template <typename T, typename U, int P>
void arithmetic(long count)
{
    T last = 1;
    for (long i = 0; i < count; i++) {
        volatile T x = operand<T, U, P>(last);
        volatile T y = operand<T, U, P>(x);
        volatile T z = operand<T, U, P>(generator() & 1 ? x * y : y);
        last = z;
        for (int mode = 0; mode < 3; mode++) {
            T got[] = {shipped::__fma_directed<T>(x, 1, y, mode), shipped::__mul_directed<T>(x, y, mode), shipped::__div_directed<T>(x, y, mode),
                shipped::__sqrt_directed<T>(std::fabs(x), mode), shipped::__fma_directed<T>(x, y, z, mode)};
            std::fesetround(MODES[mode]);
            volatile T want[] = {(T)(x + y), (T)(x * y), (T)(x / y), std::sqrt(std::fabs((T)x)), std::fma((T)x, (T)y, (T)z)};
            std::fesetround(FE_TONEAREST);
            const char* names[] = {"add", "mul", "div", "sqrt", "fma"};
            for (int k = 0; k < 5; k++) compare<T>(names[k], got[k], want[k], x, y, z);
        }
    }
}

void conversions(long count)
{
    for (long i = 0; i < count; i++) {
        volatile long long n = (long long)generator() >> (generator() % 64);
        volatile unsigned long long u = generator() >> (generator() % 64);
        volatile double d = operand<double, uint64_t, 53>((double)shipped::same_bits<float>((uint32_t)generator()));
        float floats[3][5] = {
            {shipped::__ll2float_rz(n), shipped::__ull2float_rz(u), shipped::__int2float_rz((int)n), shipped::__uint2float_rz((unsigned)u), shipped::__double2float_rz(d)},
            {shipped::__ll2float_rd(n), shipped::__ull2float_rd(u), shipped::__int2float_rd((int)n), shipped::__uint2float_rd((unsigned)u), shipped::__double2float_rd(d)},
            {shipped::__ll2float_ru(n), shipped::__ull2float_ru(u), shipped::__int2float_ru((int)n), shipped::__uint2float_ru((unsigned)u), shipped::__double2float_ru(d)}};
        double doubles[3][2] = {{shipped::__ll2double_rz(n), shipped::__ull2double_rz(u)}, {shipped::__ll2double_rd(n), shipped::__ull2double_rd(u)},
            {shipped::__ll2double_ru(n), shipped::__ull2double_ru(u)}};
        for (int mode = 0; mode < 3; mode++) {
            // The host's conversion of an unsigned 64-bit number rounds twice in this mode; long double holds it.
            volatile long double wide = u;
            std::fesetround(MODES[mode]);
            volatile float want[] = {(float)n, (float)wide, (float)(int)n, (float)(long long)(unsigned)u, (float)d};
            volatile double wantDouble[] = {(double)n, (double)wide};
            std::fesetround(FE_TONEAREST);
            for (int k = 0; k < 5; k++) compare<float>("to float", floats[mode][k], k == 0 && n == 0 ? 0.0f : want[k], (double)n, (double)u, d);
            for (int k = 0; k < 2; k++) compare<double>("to double", doubles[mode][k], wantDouble[k], (double)n, (double)u, d);
        }
    }
}

// ---- lanes -----------------------------------------------------------------------------------------------------

template <typename L, typename F>
uint32_t lanes(uint32_t a, uint32_t b, F f)
{
    const int n = 4 / sizeof(L);
    L x[n], y[n], r[n];
    memcpy(x, &a, 4);
    memcpy(y, &b, 4);
    for (int i = 0; i < n; i++) r[i] = (L)f((long)x[i], (long)y[i]);
    uint32_t result;
    memcpy(&result, r, 4);
    return result;
}
template <typename L> long saturated(long x) { return std::min<long>(std::max<long>(x, std::numeric_limits<L>::min()), std::numeric_limits<L>::max()); }

void word(const char* name, uint32_t got, uint32_t want, uint32_t a, uint32_t b)
{
    compared++;
    if (got != want && wrong++ < 40) printf("%s(%08x, %08x) is %08x, not %08x\n", name, a, b, got, want);
}

typedef int8_t s4;
typedef uint8_t u4;
typedef int16_t s2;
typedef uint16_t u2;

void simd(long count)
{
    for (long i = 0; i < count; i++) {
        uint32_t a = (uint32_t)generator(), b = generator() % 3 ? (uint32_t)generator() : a ^ (uint32_t)(generator() & generator() & 0x80017f01u);
#define CHECK(name, L, expression) word(#name, shipped::name(a, b), lanes<L>(a, b, [](long x, long y) { (void)y; return (long)(expression); }), a, b);
#define CHECK1(name, L, expression) word(#name, shipped::name(a), lanes<L>(a, b, [](long x, long y) { (void)y; return (long)(expression); }), a, b);
#define BOTH(name, sign, expression) CHECK(name##2, sign##2, expression) CHECK(name##4, sign##4, expression)
        BOTH(__vadd, u, x + y) BOTH(__vsub, u, x - y)
        CHECK(__vaddss2, s2, saturated<s2>(x + y)) CHECK(__vaddss4, s4, saturated<s4>(x + y)) CHECK(__vaddus2, u2, saturated<u2>(x + y)) CHECK(__vaddus4, u4, saturated<u4>(x + y))
        CHECK(__vsubss2, s2, saturated<s2>(x - y)) CHECK(__vsubss4, s4, saturated<s4>(x - y)) CHECK(__vsubus2, u2, saturated<u2>(x - y)) CHECK(__vsubus4, u4, saturated<u4>(x - y))
        BOTH(__vavgs, s, std::lround((x + y) / 2.0)) BOTH(__vavgu, u, std::lround((x + y) / 2.0)) BOTH(__vhaddu, u, (x + y) / 2)
        BOTH(__vabsdiffs, s, std::labs(x - y)) BOTH(__vabsdiffu, u, std::labs(x - y))
        BOTH(__vmaxs, s, std::max(x, y)) BOTH(__vmaxu, u, std::max(x, y)) BOTH(__vmins, s, std::min(x, y)) BOTH(__vminu, u, std::min(x, y))
        BOTH(__vcmpeq, u, -(x == y)) BOTH(__vcmpne, u, -(x != y)) BOTH(__vcmpges, s, -(x >= y)) BOTH(__vcmpgeu, u, -(x >= y)) BOTH(__vcmpgts, s, -(x > y))
        BOTH(__vcmpgtu, u, -(x > y)) BOTH(__vcmples, s, -(x <= y)) BOTH(__vcmpleu, u, -(x <= y)) BOTH(__vcmplts, s, -(x < y)) BOTH(__vcmpltu, u, -(x < y))
        BOTH(__vseteq, u, x == y) BOTH(__vsetne, u, x != y) BOTH(__vsetges, s, x >= y) BOTH(__vsetgtu, u, x > y) BOTH(__vsetles, s, x <= y) BOTH(__vsetltu, u, x < y)
        CHECK1(__vabs2, s2, std::labs(x)) CHECK1(__vabs4, s4, std::labs(x)) CHECK1(__vabsss2, s2, saturated<s2>(std::labs(x))) CHECK1(__vabsss4, s4, saturated<s4>(std::labs(x)))
        CHECK1(__vneg2, s2, -x) CHECK1(__vneg4, s4, -x) CHECK1(__vnegss2, s2, saturated<s2>(-x)) CHECK1(__vnegss4, s4, saturated<s4>(-x))
        CHECK(__vimax_s16x2_relu, s2, std::max(std::max(x, y), 0l)) CHECK(__vimin_s16x2_relu, s2, std::max(std::min(x, y), 0l))
        uint32_t sum = 0;
        for (int k = 0; k < 4; k++) sum += std::abs((int)(a >> 8 * k & 255) - (int)(b >> 8 * k & 255));
        word("__vsadu4", shipped::__vsadu4(a, b), sum, a, b);
    }
}

int main(int argc, char** argv)
{
    long count = argc > 1 ? atol(argv[1]) : 1000000;
    arithmetic<float, uint32_t, 24>(count);
    printf("float   %ld compared, %ld wrong\n", compared, wrong);
    arithmetic<double, uint64_t, 53>(count);
    printf("double  %ld compared, %ld wrong\n", compared, wrong);
    conversions(count);
    printf("convert %ld compared, %ld wrong\n", compared, wrong);
    simd(count);
    printf("lanes   %ld compared, %ld wrong\n", compared, wrong);
    return wrong != 0;
}
