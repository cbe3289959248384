// Every function that is measured, beside CUDA's bound (CUDA C++ Programming Guide, "Mathematical Functions") in units in the last place.
#pragma once
#include "record.h"
#include "reference.h"
#include "shipped.h"

const double NONE = -1;  // CUDA states no bound

// A bound of the absolute error, for arguments of this magnitude on: Bessel functions have one.
struct Absolute {
    double bound = 0, from = 0;
};

// ---- one float: all 2^32 -------------------------------------------------------------------------------------------------------------

enum class Symmetry { None, Even, Odd };
// `near`, the host's double function, is the first reference below `low` and above `high`, where neighbouring floats lie too far apart
// for a polynomial; `exact` is the one elsewhere, and has the last word everywhere.
struct OneFloat {
    const char* name;
    void (*function)(uint32_t first, uint32_t count, uint32_t step, float* results);
    double (*near)(double);
    Quad (*exact)(Quad);
    double bound;
    Symmetry symmetry;
    double low, high;
    Absolute absolute;
};
const double FAR = 1e39;
// A loop of its own for each function, so that the compiler can make vectors of it.
template <float (*Function)(float)> void each(uint32_t first, uint32_t count, uint32_t step, float* results)
{
    for (uint32_t i = 0; i < count; i += step) results[i] = Function(fromBits<float>(first + i));
}

#define F(name, bound, symmetry, low, high, ...) {#name "f", each<shipped::name##f>, reference::name, reference::name, bound, Symmetry::symmetry, low, high, {__VA_ARGS__}},
#define SMOOTH(name, bound, symmetry) F(name, bound, symmetry, -FAR, FAR)
const OneFloat ONE_FLOAT[] = {
    SMOOTH(exp, 2, None) SMOOTH(exp2, 2, None) SMOOTH(exp10, 2, None) SMOOTH(expm1, 1, None) SMOOTH(cosh, 2, Even) SMOOTH(sinh, 3, Odd) SMOOTH(tanh, 2, Odd)
    SMOOTH(log, 1, None) SMOOTH(log2, 1, None) SMOOTH(log10, 2, None) SMOOTH(log1p, 1, None) SMOOTH(asinh, 3, Odd) SMOOTH(acosh, 4, None) SMOOTH(atanh, 3, Odd)
    F(sin, 2, Odd, -512, 512) F(cos, 2, Even, -512, 512) F(tan, 4, Odd, -256, 256) F(sinpi, 1, Odd, -8, 8) F(cospi, 1, Even, -8, 8)
    SMOOTH(asin, 2, Odd) SMOOTH(acos, 2, None) SMOOTH(atan, 2, Odd) SMOOTH(rsqrt, 2, None) SMOOTH(cbrt, 1, Odd) SMOOTH(rcbrt, 1, Odd)
    SMOOTH(erf, 2, Odd) SMOOTH(erfc, 4, None) SMOOTH(erfcx, 4, None) SMOOTH(erfinv, 2, Odd) SMOOTH(erfcinv, 4, None)
    SMOOTH(normcdf, 5, None) SMOOTH(normcdfinv, 5, None) F(tgamma, 5, None, -16, FAR) F(lgamma, 6, None, -16, FAR)
    SMOOTH(cyl_bessel_i0, 6, Even) SMOOTH(cyl_bessel_i1, 6, Odd)
    F(j0, 9, Even, -64, 64, 2.2e-6, 8) F(j1, 9, Odd, -64, 64, 2.2e-6, 8) F(y0, 9, None, -64, 64, 2.2e-6, 8) F(y1, 9, None, -64, 64, 2.2e-6, 8)
};
#undef SMOOTH
#undef F

// ---- one float whose result is exact: all 2^32, compared with the host's own ------------------------------------------------------------

namespace whole {
// The result where what is stored besides is right too, else a NaN that nothing expects.
template <typename T> T both(T result, bool right) { return right ? result : std::numeric_limits<T>::signaling_NaN(); }
inline float frexp(float x) { int a, b; float y = shipped::frexpf(x, &a); ::frexpf(x, &b); return both(y, a == b || !(x - x == 0)); }
inline double frexp(double x) { int a, b; double y = shipped::frexp(x, &a); ::frexp(x, &b); return both(y, a == b || !(x - x == 0)); }
inline float modf(float x) { float a, b, y = shipped::modff(x, &a); ::modff(x, &b); return both(y, bitsOf(a) == bitsOf(b) || x != x); }
inline double modf(double x) { double a, b, y = shipped::modf(x, &a); ::modf(x, &b); return both(y, bitsOf(a) == bitsOf(b) || x != x); }
// C leaves all but the sign and the last three bits of the quotient open.
inline bool sameQuotient(int a, int b) { return (std::abs(a) & 7) == (std::abs(b) & 7) && ((a & 7) == 0 || (a < 0) == (b < 0)); }
inline float remquo(float x, float y) { int a, b; float z = shipped::remquof(x, y, &a), w = ::remquof(x, y, &b); return both(z, w != w || sameQuotient(a, b)); }
inline double remquo(double x, double y) { int a, b; double z = shipped::remquo(x, y, &a), w = ::remquo(x, y, &b); return both(z, w != w || sameQuotient(a, b)); }
inline bool pairs(float x, float s, float c) { float a, b; shipped::sincosf(x, &a, &b); return bitsOf(a) == bitsOf(s) && bitsOf(b) == bitsOf(c); }
inline bool pairs(double x, double s, double c) { double a, b; shipped::sincos(x, &a, &b); return bitsOf(a) == bitsOf(s) && bitsOf(b) == bitsOf(c); }
inline bool pairsOfPi(float x, float s, float c) { float a, b; shipped::sincospif(x, &a, &b); return bitsOf(a) == bitsOf(s) && bitsOf(b) == bitsOf(c); }
inline bool pairsOfPi(double x, double s, double c) { double a, b; shipped::sincospi(x, &a, &b); return bitsOf(a) == bitsOf(s) && bitsOf(b) == bitsOf(c); }
}

struct ExactFloat {
    const char* name;
    float (*function)(float);
    float (*expected)(float);
};
#define SAME(name, function, expected) {name, [](float x) -> float { return function; }, [](float x) -> float { return expected; }},
const ExactFloat EXACT_FLOAT[] = {
    SAME("roundf", shipped::roundf(x), ::roundf(x)) SAME("nearbyintf", shipped::nearbyintf(x), ::nearbyintf(x)) SAME("logbf", shipped::logbf(x), ::logbf(x))
    SAME("ilogbf", shipped::ilogbf(x), ::ilogbf(x)) SAME("frexpf", whole::frexp(x), ({ int e; ::frexpf(x, &e); })) SAME("modff", whole::modf(x), ({ float w; ::modff(x, &w); }))
    SAME("sincosf", whole::pairs(x, shipped::sinf(x), shipped::cosf(x)), 1) SAME("sincospif", whole::pairsOfPi(x, shipped::sinpif(x), shipped::cospif(x)), 1)
};
#undef SAME

// ---- everything else: sampled ---------------------------------------------------------------------------------------------------------

enum class Sampling { One, Pairs, Lengths, Scaling, Order };
template <typename T> struct Wider;
template <> struct Wider<float> { typedef double type; };
template <> struct Wider<double> { typedef Long type; };
// `near` is the first reference, in the next wider type; `exact` has the last word.
template <typename T>
struct Sampled {
    typedef typename Wider<T>::type W;
    const char* name;
    int arguments;
    T (*function)(const T*);
    W (*near)(const W*);
    Quad (*exact)(const Quad*);
    double bound;
    Sampling sampling;
    double low = 0, high = 0;  // where half of the single arguments lie; the others are any
    Absolute absolute = {};
};

#define ONE(name, bound, low, high, ...)                                                                                                       \
    {#name, 1, [](const T* x) { return shipped::name(x[0]); }, [](const W* x) { return (W)reference::name(x[0]); },                              \
        [](const Quad* x) { return (Quad)reference::name(x[0]); }, bound, Sampling::One, low, high, {__VA_ARGS__}},
#define TWO(name, host, bound)                                                                                                                 \
    {#name, 2, [](const T* x) { return shipped::name(x[0], x[1]); }, [](const W* x) { return (W)reference::host(x[0], x[1]); },                 \
        [](const Quad* x) { return (Quad)reference::host(x[0], x[1]); }, bound, Sampling::Pairs},
#define LENGTH(title, n, call, bound, expression)                                                                                              \
    {title, n, [](const T* x) { return shipped::call; }, [](const W* x) { W size = reference::length<W>(n, x); return (W)(expression); },        \
        [](const Quad* x) { Quad size = reference::length<Quad>(n, x); return (Quad)(expression); }, bound, Sampling::Lengths},
#define LENGTHS(f, hypot_, rhypot_, n3, rn3, n4, rn4)                                                                                          \
    LENGTH("hypot" f, 2, hypot_(x[0], x[1]), sizeof(T) == 4 ? 3 : 2, size) LENGTH("rhypot" f, 2, rhypot_(x[0], x[1]), sizeof(T) == 4 ? 2 : 1, 1 / size) \
    LENGTH("norm3d" f, 3, n3(x[0], x[1], x[2]), sizeof(T) == 4 ? 3 : 2, size) LENGTH("rnorm3d" f, 3, rn3(x[0], x[1], x[2]), sizeof(T) == 4 ? 2 : 1, 1 / size) \
    LENGTH("norm4d" f, 4, n4(x[0], x[1], x[2], x[3]), sizeof(T) == 4 ? 3 : 2, size)                                                             \
    LENGTH("rnorm4d" f, 4, rn4(x[0], x[1], x[2], x[3]), sizeof(T) == 4 ? 2 : 1, 1 / size)
#define JN(name, function, n, absolute)                                                                                                        \
    {name "(" #n ")", 1, [](const T* x) { return shipped::function(n, x[0]); }, [](const W* x) { return reference::jn<n>(x[0]); },               \
        [](const Quad* x) { return reference::jn<n>(x[0]); }, NONE, Sampling::Order, n / 8.0, 3.0 * n, {absolute, 0}},
#define YN(name, function, n, absolute)                                                                                                        \
    {name "(" #n ")", 1, [](const T* x) { return shipped::function(n, x[0]); }, [](const W* x) { return reference::yn<n>(x[0]); },               \
        [](const Quad* x) { return reference::yn<n>(x[0]); }, (4 + 5 * n + 1) / 2, Sampling::Order, n / 8.0, 3.0 * n, {absolute, n}},
// The host's own result is exact.
#define SAME(title, n, sampling, expression, expected)                                                                                         \
    {title, n, [](const T* x) -> T { return expression; }, [](const W* x) -> W { return expected; }, [](const Quad* x) -> Quad { return expected; }, 0, Sampling::sampling},

namespace floats {
typedef float T;
typedef double W;
const Sampled<float> SAMPLED[] = {
    TWO(powf, pow, 4) TWO(atan2f, atan2, 3) TWO(fmodf, fmod, 0) TWO(remainderf, remainder, 0) TWO(fdimf, fdim, 0)
    LENGTHS("f", hypotf, rhypotf, norm3df, rnorm3df, norm4df, rnorm4df)
    LENGTH("normf(3)", 3, normf(3, x), NONE, size) LENGTH("rnormf(3)", 3, rnormf(3, x), NONE, 1 / size)
    SAME("remquof", 2, Pairs, whole::remquo(x[0], x[1]), ::remainderf(x[0], x[1])) SAME("nextafterf", 2, Pairs, shipped::nextafterf(x[0], x[1]), ::nextafterf(x[0], x[1]))
    SAME("ldexpf", 2, Scaling, shipped::ldexpf(x[0], (int)x[1]), ::ldexpf(x[0], (int)x[1])) SAME("scalbnf", 2, Scaling, shipped::scalbnf(x[0], (int)x[1]), ::scalbnf(x[0], (int)x[1]))
    SAME("scalblnf", 2, Scaling, shipped::scalblnf(x[0], (long)x[1]), ::scalblnf(x[0], (long)x[1]))
    JN("jnf", jnf, 2, 2.2e-6) JN("jnf", jnf, 3, 2.2e-6) JN("jnf", jnf, 7, 2.2e-6) JN("jnf", jnf, 20, 2.2e-6) JN("jnf", jnf, 128, 2.2e-6)
    YN("ynf", ynf, 2, 2.2e-6) YN("ynf", ynf, 3, 2.2e-6) YN("ynf", ynf, 7, 2.2e-6) YN("ynf", ynf, 20, 2.2e-6) YN("ynf", ynf, 128, 2.2e-6)
};
}

namespace doubles {
typedef double T;
typedef Long W;
const Sampled<double> SAMPLED[] = {
    ONE(exp, 1, -746, 710) ONE(exp2, 1, -1075, 1025) ONE(exp10, 1, -324, 309) ONE(expm1, 1, -40, 40) ONE(cosh, 1, -20, 20) ONE(sinh, 2, -20, 20) ONE(tanh, 1, -4, 4)
    ONE(log, 1, 0, 10) ONE(log2, 1, 0, 10) ONE(log10, 1, 0, 10) ONE(log1p, 1, -1, 10) ONE(asinh, 3, -10, 10) ONE(acosh, 3, 1, 10) ONE(atanh, 2, -1, 1)
    ONE(sin, 2, -20, 20) ONE(cos, 2, -20, 20) ONE(tan, 2, -20, 20) ONE(sinpi, 2, -4, 4) ONE(cospi, 2, -4, 4) ONE(asin, 2, -1, 1) ONE(acos, 2, -1, 1) ONE(atan, 2, -5, 5)
    ONE(rsqrt, 1, 0, 10) ONE(cbrt, 1, -10, 10) ONE(rcbrt, 1, -10, 10) ONE(erf, 2, -6, 6) ONE(erfc, 5, -6, 28) ONE(erfcx, 4, -26, 40)
    ONE(erfinv, 5, -1, 1) ONE(erfcinv, 6, 0, 2) ONE(normcdf, 5, -39, 8) ONE(normcdfinv, 8, 0, 1) ONE(tgamma, 10, -30, 171) ONE(lgamma, 4, -30, 30)
    ONE(cyl_bessel_i0, 6, -20, 20) ONE(cyl_bessel_i1, 6, -20, 20)
    ONE(j0, 7, -20, 20, 5e-12, 8) ONE(j1, 7, -20, 20, 5e-12, 8) ONE(y0, 7, 0, 20, 5e-12, 8) ONE(y1, 7, 0, 20, 5e-12, 8)
    TWO(pow, pow, 2) TWO(atan2, atan2, 2) TWO(fmod, fmod, 0) TWO(remainder, remainder, 0) TWO(fdim, fdim, 0)
    LENGTHS("", hypot, rhypot, norm3d, rnorm3d, norm4d, rnorm4d)
    LENGTH("norm(3)", 3, norm(3, x), NONE, size) LENGTH("rnorm(3)", 3, rnorm(3, x), NONE, 1 / size)
    SAME("round", 1, One, shipped::round(x[0]), ::round((T)x[0])) SAME("nearbyint", 1, One, shipped::nearbyint(x[0]), ::nearbyint((T)x[0]))
    SAME("logb", 1, One, shipped::logb(x[0]), ::logb((T)x[0])) SAME("ilogb", 1, One, shipped::ilogb(x[0]), ::ilogb((T)x[0]))
    SAME("frexp", 1, One, whole::frexp(x[0]), ({ int e; ::frexp((T)x[0], &e); })) SAME("modf", 1, One, whole::modf(x[0]), ({ double w; ::modf((T)x[0], &w); }))
    SAME("sincos", 1, One, whole::pairs(x[0], shipped::sin(x[0]), shipped::cos(x[0])), 1)
    SAME("sincospi", 1, One, whole::pairsOfPi(x[0], shipped::sinpi(x[0]), shipped::cospi(x[0])), 1)
    SAME("remquo", 2, Pairs, whole::remquo(x[0], x[1]), ::remainder((T)x[0], (T)x[1])) SAME("nextafter", 2, Pairs, shipped::nextafter(x[0], x[1]), ::nextafter((T)x[0], (T)x[1]))
    SAME("ldexp", 2, Scaling, shipped::ldexp(x[0], (int)x[1]), ::ldexp((T)x[0], (int)x[1])) SAME("scalbn", 2, Scaling, shipped::scalbn(x[0], (int)x[1]), ::scalbn((T)x[0], (int)x[1]))
    SAME("scalbln", 2, Scaling, shipped::scalbln(x[0], (long)x[1]), ::scalbln((T)x[0], (long)x[1]))
    JN("jn", jn, 2, 5e-12) JN("jn", jn, 3, 5e-12) JN("jn", jn, 7, 5e-12) JN("jn", jn, 20, 5e-12) JN("jn", jn, 128, 5e-12)
    YN("yn", yn, 2, 5e-12) YN("yn", yn, 3, 5e-12) YN("yn", yn, 7, 5e-12) YN("yn", yn, 20, 5e-12) YN("yn", yn, 128, 5e-12)
};
}
#undef SAME
#undef YN
#undef JN
#undef LENGTHS
#undef LENGTH
#undef TWO
#undef ONE
