// Each math function in three types: double and long double by the host's library, __float128 by GCC's libquadmath.
// Functions that no library has are written once, for all three.
#pragma once
#include <cmath>
#include <limits>
#include <quadmath.h>

typedef __float128 Quad;
typedef long double Long;

namespace reference {

const Quad PI = M_PIq;
template <typename W> struct Epsilon { static constexpr W value = std::numeric_limits<W>::epsilon(); };
template <> struct Epsilon<Quad> { static constexpr Quad value = FLT128_EPSILON; };

#define NAME(name, quad)                                          \
    inline double name(double x) { return ::name(x); }            \
    inline Long name(Long x) { return ::name##l(x); }             \
    inline Quad name(Quad x) { return quad(x); }
#define SAME(name) NAME(name, name##q)
SAME(acos) SAME(acosh) SAME(asin) SAME(asinh) SAME(atan) SAME(atanh) SAME(cbrt) SAME(cos) SAME(cosh) SAME(erf) SAME(erfc) SAME(exp) SAME(expm1) SAME(fabs)
SAME(j0) SAME(lgamma) SAME(log) SAME(log10) SAME(log1p) SAME(log2) SAME(round) SAME(sin) SAME(sinh) SAME(sqrt) SAME(tan) SAME(tanh) SAME(tgamma)
SAME(y0) SAME(y1) SAME(logb)
#undef SAME
#undef NAME
// libquadmath loses the sign of -infinity, which CUDA keeps.
inline double j1(double x) { return std::isinf(x) ? 1 / x : ::j1(x); }
inline Long j1(Long x) { return std::isinf(x) ? 1 / x : ::j1l(x); }
inline Quad j1(Quad x) { return isinfq(x) ? 1 / x : j1q(x); }
#define NAME(name)                                                                   \
    inline double name(double x, double y) { return ::name(x, y); }                  \
    inline Long name(Long x, Long y) { return ::name##l(x, y); }                     \
    inline Quad name(Quad x, Quad y) { return name##q(x, y); }
NAME(atan2) NAME(copysign) NAME(fdim) NAME(fmax) NAME(fmin) NAME(fmod) NAME(pow) NAME(remainder)
#undef NAME
template <int N> double jn(double x) { return ::jn(N, x); }
template <int N> Long jn(Long x) { return ::jnl(N, x); }
template <int N> Quad jn(Quad x) { return jnq(N, x); }
template <int N> double yn(double x) { return ::yn(N, x); }
template <int N> Long yn(Long x) { return ::ynl(N, x); }
template <int N> Quad yn(Quad x) { return ynq(N, x); }

inline double exp2(double x) { return ::exp2(x); }
inline Long exp2(Long x) { return ::exp2l(x); }
inline Quad exp2(Quad x)
{
    Quad whole = rintq(x);
    return finiteq(x) && fabsq(x) < 20000 ? ldexpq(expq((x - whole) * M_LN2q), (int)whole) : x < 0 ? 0 : x + HUGE_VALQ * (x > 0);
}
inline double exp10(double x) { return ::exp10(x); }
inline Long exp10(Long x) { return ::exp10l(x); }
inline Quad exp10(Quad x) { return expq(x * M_LN10q); }

template <typename W> W rsqrt(W x) { return 1 / sqrt(x); }
template <typename W> W rcbrt(W x) { return 1 / cbrt(x); }
// erfc magnifies what its argument's rounding lost a thousandfold: the lost part is put back along the tangent.
template <typename W> W normcdf(W x)
{
    Quad z = -(Quad)x * M_SQRT1_2q;
    W head = (W)z, lost = finiteq(z) ? (W)(z - head) : 0;
    return (erfc(head) - lost * (W)M_2_SQRTPIq * exp(-head * head)) / 2;
}

template <typename W> W sinpi(W x)
{
    W t = x - 2 * round(x / 2);  // between -1 and 1, exactly
    if (t == 0 || fabs(t) == 1) return copysign((W)0, x);
    return sin((W)PI * (t > (W)0.5 ? 1 - t : t < (W)-0.5 ? -1 - t : t));
}
template <typename W> W cospi(W x)
{
    W t = fabs(x - 2 * round(x / 2));
    if (t == (W)0.5) return 0;
    return t < (W)0.25 ? cos((W)PI * t) : sin((W)PI * ((W)0.5 - t));
}

// e^(x*x) * erfc(x), with a square that is exact where x is a double; far out by its asymptotic series.
template <typename W> W erfcx(W x)
{
    if (!(x > -27)) return x != x ? x : (W)std::numeric_limits<double>::infinity();
    if (x < (sizeof(W) == 8 ? 20 : 100)) {
        W head = (float)x;
        return exp(head * head) * exp((x - head) * (x + head)) * erfc(x);
    }
    W z = 1 / (2 * x * x), sum = 1, term = 1;
    for (int k = 1; k < 24 && fabs(term) > Epsilon<W>::value / 8; k++) sum += term *= -(2 * k - 1) * z;
    return sum / (x * sqrt((W)PI));
}

// Halley's method for error(x) = target, where error' = slope * e^(-x*x).
template <typename W, typename Error> W solve(W x, W target, W slope, Error error)
{
    for (int i = 0; i < 60; i++) {
        W step = (error(x) - target) / (slope * exp(-x * x));
        step /= 1 + x * step;
        x -= step;
        if (fabs(step) <= fabs(x) * sqrt(sqrt(Epsilon<W>::value)) / 16) {  // the next step is below epsilon: the last one needed
            step = (error(x) - target) / (slope * exp(-x * x));
            return x - step / (1 + x * step);
        }
    }
    return x;
}
template <typename W> W near0Erfinv(W y)
{
    W half = sqrt((W)PI) / 2;
    if (fabs(y) < (W)1e-30) return y * half;
    return solve(y * half, y, 1 / half, [](W x) { return erf(x); });
}
template <typename W> W erfcinv(W y)
{
    if (!(y >= 0 && y <= 2)) return std::numeric_limits<double>::quiet_NaN();
    if (y == 0 || y == 2) return (1 - y) * (W)std::numeric_limits<double>::infinity();
    if (y > 1) return -erfcinv<W>(2 - y);
    if (y > (W)0.7) return near0Erfinv<W>(1 - y);
    W root = sqrt(-log(y));
    W guess = y > (W)0.3 ? (1 - y) * (W)0.9 : sqrt(-log(y * root * (W)1.7));
    return solve(guess, y, -2 / sqrt((W)PI), [](W x) { return erfc(x); });
}
template <typename W> W erfinv(W x)
{
    if (fabs(x) < (W)0.3) return near0Erfinv<W>(x);
    return x < 0 ? -erfcinv<W>(1 + x) : erfcinv<W>(1 - x);
}
template <typename W> W normcdfinv(W x) { return -sqrt((W)2) * erfcinv<W>(2 * x); }

// Modified Bessel functions: the power series, whose terms are all positive; far out the asymptotic one.
template <typename W> W besselI(int order, W argument)
{
    W x = fabs(argument), sum, term;
    if (!(x <= (W)std::numeric_limits<double>::max())) return order == 1 ? argument : x;
    if (x < 100) {
        sum = term = order == 0 ? 1 : x / 2;
        for (int k = 1; term > sum * Epsilon<W>::value / 16; k++) sum += term *= x * x / 4 / ((W)k * (k + order));
    } else {
        sum = term = 1;
        for (int k = 1; fabs(term) > Epsilon<W>::value / 16 && k < 100; k++) sum += term *= ((2 * k - 1) * (2 * k - 1) - 4 * (W)order * order) / (8 * x * k);
        sum *= x > 11000 ? (W)std::numeric_limits<double>::infinity() : exp(x) / sqrt(2 * (W)PI * x);
    }
    return order == 1 ? copysign(sum, argument) : sum;
}
template <typename W> W cyl_bessel_i0(W x) { return besselI<W>(0, x); }
template <typename W> W cyl_bessel_i1(W x) { return besselI<W>(1, x); }

// The length of a vector, in a type whose exponents are wide enough for the squares.
template <typename W> W length(int dimensions, const W* a)
{
    W sum = 0;
    for (int i = 0; i < dimensions; i++)
        if (fabs(a[i]) > (W)std::numeric_limits<double>::max()) return (W)std::numeric_limits<double>::infinity();
    for (int i = 0; i < dimensions; i++) sum += a[i] * a[i];
    return sqrt(sum);
}
}
