// The largest error of each shipped math function, in units in the last place, against the host's next wider type.
//
//     g++ -O2 -std=c++17 -ffp-contract=off -iquote ../../translator/include ulp.cpp -o ulp
//     ./ulp float 1          # all 2^32 floats (two hours); 5: every fifth one
//     ./ulp values DIR 1000192  # arguments and results for `cargo run -p translate --example math_devices -- DIR`, which compares devices
//     ./ulp double 20000000  # so many doubles for each function; a third word picks functions by a part of their name
//
// An error beyond CUDA's bound (here: half a unit more, for the rounding) and a wrong NaN, infinity or zero make it fail.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#define __device__
#define __host__
#undef INFINITY
#undef NAN
#undef HUGE_VALF
#undef HUGE_VAL
namespace shipped {
#include "translate_builtins.h"
#include "builtins.h"
#include "math/float_bessel.h"
#include "math/float_erf.h"
#include "math/float_exp.h"
#include "math/float_inverse_trig.h"
#include "math/float_log.h"
#include "math/float_parts.h"
#include "math/float_pow.h"
#include "math/float_trig.h"
#include "math/float_gamma.h"
#include "math/float_inverse_erf.h"

#include "math/double_bessel.h"
#include "math/double_erf.h"
#include "math/double_exp.h"
#include "math/double_inverse_trig.h"
#include "math/double_log.h"
#include "math/double_parts.h"
#include "math/double_pow.h"
#include "math/double_trig.h"
#include "math/double_gamma.h"
#include "math/double_inverse_erf.h"
}

template <typename T> struct Wider;
template <> struct Wider<float> { typedef double type; };
template <> struct Wider<double> { typedef long double type; };

// ---- references for what the host's library lacks ----------------------------------------------------------

const long double PI = 3.14159265358979323846264338327950288L;
template <typename W> W rsqrt(W x) { return 1 / std::sqrt(x); }
template <typename W> W rcbrt(W x) { return 1 / std::cbrt(x); }
template <typename W> W exp10(W x) { return std::pow((long double)10, (long double)x); }
template <typename W> W normcdf(W x) { return std::erfc(-x * (W)0.707106781186547524400844362104849039L) / 2; }
template <typename W>
W sinpi(W x)
{
    long double t = (long double)x - 2 * std::round((long double)x / 2);
    if (t == 0 || std::fabs(t) == 1) return std::copysign((W)0, x);
    return std::sin(PI * (t > 0.5L ? 1 - t : t < -0.5L ? -1 - t : t));
}
template <typename W>
W cospi(W x)
{
    long double t = std::fabs((long double)x - 2 * std::round((long double)x / 2));
    if (t == 0.5L) return 0;
    return t < 0.25L ? std::cos(PI * t) : std::sin(PI * (0.5L - t));
}

// e^(x*x) * erfc(x); far out by its asymptotic series.
template <typename W> W erfcx(W x)
{
    long double y = x;
    if (y < 50) return (W)(std::exp(y * y) * std::erfc(y));
    long double z = 1 / (2 * y * y);
    return (W)((1 - z * (1 - 3 * z * (1 - 5 * z * (1 - 7 * z)))) / (y * std::sqrt(PI)));
}
// Newton's method (Halley's step) in the type A, by the complement where that is more exact.
template <typename A, typename Error> A newton(A guess, A target, A direction, Error error)
{
    for (int i = 0; i < 60; i++) {
        A step = (error(guess) - target) / (direction * 2 / std::sqrt((A)PI) * std::exp(-guess * guess));
        step /= 1 + guess * step;
        guess -= step;
        if (std::fabs(step) <= std::fabs(guess) * std::numeric_limits<A>::epsilon() / 4) break;
    }
    return guess;
}
// For y between 0 and 1: the complement is exact here, so A is the type of the argument's next wider one.
template <typename A> A smallErfcinv(A y)
{
    A root = std::sqrt(-std::log(y));
    A guess = y > (A)0.3 ? (1 - y) * (A)0.9 : std::sqrt(-std::log(y * root * (A)1.7));
    return newton(guess, y, (A)-1, [](A x) { return std::erfc(x); });
}
template <typename A> A smallErfinv(A y)
{
    // The series' next term is below a thousandth of a float's unit.
    if (sizeof(A) == 8 && std::fabs(y) < 1e-3) return y * (A)(std::sqrt(PI) / 2) * (1 + (A)(PI / 12) * y * y + (A)(7 * PI * PI / 480) * y * y * y * y);
    return newton(y * (A)0.886226925452758L, y, (A)1, [](A x) { return std::erf(x); });
}
template <typename W> W erfcinv(W x)
{
    if (!(x >= 0 && x <= 2)) return std::numeric_limits<W>::quiet_NaN();
    if (x == 0 || x == 2) return x == 0 ? std::numeric_limits<W>::infinity() : -std::numeric_limits<W>::infinity();
    if (x > 1) return -erfcinv<W>(2 - x);
    return x > (W)0.7 ? smallErfinv<W>(1 - x) : smallErfcinv<W>(x);
}
template <typename W> W erfinv(W x)
{
    if (std::fabs(x) < (W)0.3) return smallErfinv<W>(x);
    return x < 0 ? -erfcinv<W>(1 + x) : erfcinv<W>(1 - x);
}
template <typename W> W normcdfinv(W x) { return -std::sqrt((W)2) * erfcinv<W>(2 * x); }

// Modified Bessel functions: the power series, whose terms are all positive; far out the asymptotic one.
template <typename W> W besselI(int order, W argument)
{
    long double x = std::fabs((long double)argument), sum, term;
    if (!std::isfinite(argument)) return order == 1 ? argument : std::fabs(argument);
    if (x < 40) {
        sum = term = order == 0 ? 1 : x / 2;
        for (int k = 1; term > sum * 1e-22L; k++) sum += term *= x * x / 4 / ((long double)k * (k + order));
    } else {
        sum = term = 1;
        for (int k = 1; std::fabs(term) > 1e-22L && k < 80; k++) sum += term *= ((2 * k - 1) * (2 * k - 1) - 4.0L * order * order) / (8 * x * k);
        sum *= std::exp(x) / std::sqrt(2 * PI * x);
    }
    return (W)(order == 1 && argument < 0 ? -sum : order == 1 ? std::copysign(sum, (long double)argument) : sum);
}
template <typename W> W cyl_bessel_i0(W x) { return besselI<W>(0, x); }
template <typename W> W cyl_bessel_i1(W x) { return besselI<W>(1, x); }
#define BESSEL(name) inline double name##_of(double x) { return ::name(x); } inline long double name##_of(long double x) { return ::name##l(x); }
BESSEL(j0) BESSEL(j1) BESSEL(y0) BESSEL(y1)
#undef BESSEL
inline double jn_of(int n, double x) { return ::jn(n, x); }
inline long double jn_of(int n, long double x) { return ::jnl(n, x); }
inline double yn_of(int n, double x) { return ::yn(n, x); }
inline long double yn_of(int n, long double x) { return ::ynl(n, x); }

// ---- comparing ---------------------------------------------------------------------------------------------

template <typename T>
struct Errors {
    typedef typename Wider<T>::type W;
    W worst = 0;
    T at[2] = {0, 0};
    long wrong = 0;
    T wrongAt[2] = {0, 0};
    bool outside = false;
    // From this magnitude on the error is an absolute one.
    double absoluteFrom = std::numeric_limits<double>::infinity(), absolute = 0;
    W worstAbsolute = 0;
    double slack = 4;  // units below the largest number in which infinity is right too

    static W unit(W reference)
    {
        typedef std::numeric_limits<T> Limits;
        int exponent = Limits::min_exponent;
        if (reference != 0) std::frexp(reference, &exponent);
        return std::ldexp((W)1, std::max(exponent, Limits::min_exponent) - Limits::digits);
    }

    void add(T got, W reference, T x, T y)
    {
        // Near the zeros of lgamma below -2 no bound is given.
        if (outside && x < -2.2 && x > (sizeof(T) == 4 ? -10.1 : -23.1)) return;
        T rounded = (T)reference;
        if (std::fabs(x) >= absoluteFrom && std::isfinite(x) && std::isfinite(reference)) {
            W error = std::fabs((W)got - reference);
            if (!(error <= worstAbsolute)) worstAbsolute = error;
            return;
        }
        // The common case costs little: what is rounded correctly is at most half a unit off.
        if (worst >= 0.5 && memcmp(&rounded, &got, sizeof(T)) == 0) return;
        bool bothZero = rounded == 0 && got == 0;
        bool nearOverflow = std::fabs(reference) > std::numeric_limits<T>::max() * (1 - (W)slack * std::numeric_limits<T>::epsilon());
        bool right = std::isnan(rounded) || std::isnan(got)         ? std::isnan(rounded) && std::isnan(got)
                     : std::isinf(rounded) || std::isinf(got)       ? rounded == got || nearOverflow
                     : bothZero                                     ? std::signbit(rounded) == std::signbit(got)
                                                                    : true;
        if (!right) {
            wrong++;
            wrongAt[0] = x;
            wrongAt[1] = y;
        } else if (std::isfinite(rounded) && std::isfinite(got)) {
            W error = std::fabs((W)got - reference) / unit(reference);
            if (error > worst) {
                worst = error;
                at[0] = x;
                at[1] = y;
            }
        }
    }

    bool report(const char* name, double bound) const
    {
        bool good = wrong == 0 && worst <= bound + 0.5 && (absolute == 0 || worstAbsolute <= absolute);
        printf("%-10s bound %g  max %.3f at %.9g %.9g  wrong %ld", name, bound, (double)worst, (double)at[0], (double)at[1], wrong);
        if (absolute != 0) printf("  from %g on bound %g  max %.3g", absoluteFrom, absolute, (double)worstAbsolute);
        if (wrong) printf(" (%.17g %.17g)", (double)wrongAt[0], (double)wrongAt[1]);
        puts(good ? "" : "  EXCEEDS");
        fflush(stdout);
        return good;
    }
};

const double INF = std::numeric_limits<double>::infinity();
const double SPECIAL[] = {0.0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, INF, -INF, std::nan(""), 1e-40, -1e-40, 1e-310, -1e-310, 3.4e38, -3.4e38,
    1.79e308, -1.79e308, 1.17549435e-38, 2.2250738585072014e-308, 16777215, 16777216, 16777217, 9007199254740991, -9007199254740991, 1e30, -1e30, 1e300,
    0.99999994, 1.0000001, 0.9999999999999999, 1.0000000000000002, 88.7228394, 709.782712893384, 710.4758600739439, 308.25471555991674, -1022, -1075};

template <typename T>
struct Unary {
    typedef typename Wider<T>::type W;
    const char* name;
    T (*function)(T);
    W (*reference)(W);
    double bound;
    double low, high;  // where doubles are taken from, besides all of them
    double absolute = 0;  // the bound of the absolute error from 8 on
};

template <typename T>
struct Binary {
    typedef typename Wider<T>::type W;
    const char* name;
    T (*function)(T, T);
    W (*reference)(W, W);
    double bound;
};

const Unary<float> FLOATS[] = {
#define F(name, bound) {#name "f", shipped::name##f, [](double x) { using namespace std; return (double)name(x); }, bound, 0, 0},
    F(exp, 2) F(exp2, 2) F(exp10, 2) F(expm1, 1) F(cosh, 2) F(sinh, 3) F(tanh, 2) F(log, 1) F(log2, 1) F(log10, 2) F(log1p, 1) F(asinh, 3) F(acosh, 4)
    F(atanh, 3) F(sin, 2) F(cos, 2) F(tan, 4) F(sinpi, 1) F(cospi, 1) F(asin, 2) F(acos, 2) F(atan, 2) F(rsqrt, 2) F(cbrt, 1) F(rcbrt, 1) F(erf, 2)
    F(erfc, 4) F(normcdf, 5) F(round, 0) F(logb, 0) F(tgamma, 5) F(lgamma, 6) F(erfcx, 4) F(erfinv, 2) F(erfcinv, 4) F(normcdfinv, 5) F(cyl_bessel_i0, 6)
    F(cyl_bessel_i1, 6)
#undef F
#define J(name) {#name "f", shipped::name##f, [](double x) { return name##_of(x); }, 9, 0, 0, 2.2e-6},
    J(j0) J(j1) J(y0) J(y1)
#undef J
};
const Unary<double> DOUBLES[] = {
#define D(name, bound, low, high) {#name, shipped::name, [](long double x) { using namespace std; return (long double)name(x); }, bound, low, high},
    D(exp, 1, -746, 710) D(exp2, 1, -1075, 1025) D(exp10, 1, -324, 309) D(expm1, 1, -40, 40) D(cosh, 1, -20, 20) D(sinh, 2, -20, 20) D(tanh, 1, -4, 4)
    D(log, 1, 0, 10) D(log2, 1, 0, 10) D(log10, 1, 0, 10) D(log1p, 1, -1, 10) D(asinh, 3, -10, 10) D(acosh, 3, 1, 10) D(atanh, 2, -1, 1) D(sin, 2, -20, 20)
    D(cos, 2, -20, 20) D(tan, 2, -20, 20) D(sinpi, 2, -4, 4) D(cospi, 2, -4, 4) D(asin, 2, -1, 1) D(acos, 2, -1, 1) D(atan, 2, -5, 5) D(rsqrt, 1, 0, 10)
    D(cbrt, 1, -10, 10) D(rcbrt, 1, -10, 10) D(erf, 2, -6, 6) D(erfc, 5, -6, 28) D(normcdf, 5, -39, 8) D(round, 0, -10, 10) D(logb, 0, -10, 10)
    D(tgamma, 10, -30, 170) D(lgamma, 4, -2, 30) D(erfcx, 4, -26, 40) D(erfinv, 5, -1, 1) D(erfcinv, 6, 0, 2) D(normcdfinv, 8, 0, 1)
    D(cyl_bessel_i0, 6, -20, 20) D(cyl_bessel_i1, 6, -20, 20)
#undef D
#define J(name, low) {#name, shipped::name, [](long double x) { return name##_of(x); }, 7, low, 20, 5e-12},
    J(j0, -20) J(j1, -20) J(y0, 0) J(y1, 0)
#undef J
};
#define B(T, name, function, bound) {#function, shipped::function, [](Wider<T>::type x, Wider<T>::type y) { return (Wider<T>::type)std::name(x, y); }, bound},
const Binary<float> FLOAT_PAIRS[] = {B(float, pow, powf, 4) B(float, atan2, atan2f, 3) B(float, hypot, hypotf, 3) B(float, fmod, fmodf, 0)
    B(float, remainder, remainderf, 0) B(float, fdim, fdimf, 0)};
const Binary<double> DOUBLE_PAIRS[] = {B(double, pow, pow, 2) B(double, atan2, atan2, 2) B(double, hypot, hypot, 2) B(double, fmod, fmod, 0)
    B(double, remainder, remainder, 0)};

std::mt19937_64 generator(1);
double uniform(double low, double high) { return low + (high - low) * (double)(generator() >> 11) * 0x1p-53; }

float any(float) { return shipped::same_bits<float>((uint32_t)generator()); }
double any(double) { return shipped::same_bits<double>((uint64_t)generator()); }

template <typename T>
bool measure(const Binary<T>& entry, long count)
{
    Errors<T> errors;
    auto add = [&](T x, T y) { errors.add(entry.function(x, y), entry.reference(x, y), x, y); };
    for (double x : SPECIAL)
        for (double y : SPECIAL)
            add((T)x, (T)y);
    for (long i = 0; i < count; i += 4) {
        add(any(T()), any(T()));
        add((T)uniform(0.5, 2), (T)uniform(-2000, 2000));
        add((T)std::exp(uniform(-80, 80)), (T)uniform(-5, 5));
        T x = any(T());
        add(x, (T)(x * uniform(0.01, 100)));
    }
    return errors.report(entry.name, entry.bound);
}

bool measure(const Unary<float>& entry, long step)
{
    Errors<float> errors;
    errors.outside = strcmp(entry.name, "lgammaf") == 0;
    if (entry.absolute != 0) errors.absoluteFrom = 8, errors.absolute = entry.absolute;
    for (uint64_t bits = 0; bits < 1ull << 32; bits += step) {
        float x = shipped::same_bits<float>((uint32_t)bits);
        errors.add(entry.function(x), entry.reference(x), x, 0);
    }
    for (double x : SPECIAL)
        errors.add(entry.function((float)x), entry.reference((float)x), (float)x, 0);
    return errors.report(entry.name, entry.bound);
}

bool measure(const Unary<double>& entry, long count)
{
    Errors<double> errors;
    errors.outside = strcmp(entry.name, "lgamma") == 0;
    if (entry.absolute != 0) errors.absoluteFrom = 8, errors.absolute = entry.absolute;
    auto add = [&](double x) { errors.add(entry.function(x), entry.reference(x), x, 0); };
    for (double x : SPECIAL)
        add(x);
    for (long i = 0; i < count; i += 2) {
        add(any(double()));
        add(uniform(entry.low, entry.high));
    }
    return errors.report(entry.name, entry.bound);
}

// Bessel functions of order n: jn's error is an absolute one; yn's is relative below n.
template <typename T>
bool measureOrders(const char* name, T (*function)(int, T), typename Wider<T>::type (*reference)(int, typename Wider<T>::type), bool second, long count)
{
    bool good = true;
    for (int n : {2, 3, 7, 20, 128}) {
        Errors<T> errors;
        errors.absolute = sizeof(T) == 4 ? 2.2e-6 : 5e-12;
        errors.absoluteFrom = second ? n : 0;
        errors.slack = std::ceil(2 + 2.5 * n);
        for (long i = 0; i < count; i++) {
            T x = (T)(i % 4 == 0 ? std::exp(uniform(-3, 12)) : uniform(n / 8.0, 3.0 * n));
            errors.add(function(n, x), reference(n, x), x, (T)n);
        }
        char title[32];
        snprintf(title, sizeof title, "%s(%d)", name, n);
        good &= errors.report(title, errors.slack);
    }
    return good;
}

// One file for each function, NAME.ARITY.BITS: all first arguments, all second ones, all results.
template <typename T>
void write(const char* folder, const char* name, int arity, long count, const std::vector<T>& x, const std::vector<T>& y, const std::vector<T>& results)
{
    std::string path = std::string(folder) + "/" + name + "." + std::to_string(arity) + "." + std::to_string(sizeof(T) * 8);
    FILE* file = fopen(path.c_str(), "wb");
    if (!file) exit(2);
    fwrite(x.data(), sizeof(T), count, file);
    if (arity == 2) fwrite(y.data(), sizeof(T), count, file);
    fwrite(results.data(), sizeof(T), count, file);
    fclose(file);
}
template <typename T>
T ordinary(double low, double high, long i)
{
    return i % 2 == 0 ? any(T()) : i % 4 == 1 ? (T)uniform(low, high) : (T)std::copysign(std::exp(uniform(-20, 5)), i % 8 < 4 || low >= 0 ? 1 : -1);
}
template <typename T>
void values(const char* folder, const Unary<T>& entry, long count)
{
    std::vector<T> x(count), results(count);
    double low = entry.low < entry.high ? entry.low : -10, high = entry.low < entry.high ? entry.high : 10;
    for (long i = 0; i < count; i++) results[i] = entry.function(x[i] = i < 41 ? (T)SPECIAL[i] : ordinary<T>(low, high, i));
    write<T>(folder, entry.name, 1, count, x, x, results);
}
template <typename T>
void values(const char* folder, const Binary<T>& entry, long count)
{
    std::vector<T> x(count), y(count), results(count);
    for (long i = 0; i < count; i++) {
        x[i] = i < 1681 ? (T)SPECIAL[i / 41] : ordinary<T>(-10, 10, i / 4);
        y[i] = i < 1681 ? (T)SPECIAL[i % 41] : ordinary<T>(-10, 10, i);
        results[i] = entry.function(x[i], y[i]);
    }
    write<T>(folder, entry.name, 2, count, x, y, results);
}

int main(int argc, char** argv)
{
    if (argc > 3 && strcmp(argv[1], "values") == 0) {
        for (auto& entry : FLOATS) values(argv[2], entry, atol(argv[3]));
        for (auto& entry : FLOAT_PAIRS) values(argv[2], entry, atol(argv[3]));
        for (auto& entry : DOUBLES) values(argv[2], entry, atol(argv[3]));
        for (auto& entry : DOUBLE_PAIRS) values(argv[2], entry, atol(argv[3]));
        return 0;
    }
    bool floats = argc < 2 || strcmp(argv[1], "float") == 0;
    long effort = argc > 2 ? atol(argv[2]) : floats ? 997 : 100000;
    auto wanted = [&](const char* name) { return argc <= 3 || strstr(name, argv[3]) != nullptr; };
    bool good = true;
    if (floats) {
        for (auto& entry : FLOATS) good &= !wanted(entry.name) || measure(entry, effort);
        if (wanted("jnf")) good &= measureOrders<float>("jnf", shipped::jnf, jn_of, false, 40000000 / effort + 1000);
        if (wanted("ynf")) good &= measureOrders<float>("ynf", shipped::ynf, yn_of, true, 40000000 / effort + 1000);
        for (auto& entry : FLOAT_PAIRS) good &= !wanted(entry.name) || measure(entry, 400000000 / effort);
    } else {
        for (auto& entry : DOUBLES) good &= !wanted(entry.name) || measure(entry, effort);
        if (wanted("jn")) good &= measureOrders<double>("jn", shipped::jn, jn_of, false, effort / 5);
        if (wanted("yn")) good &= measureOrders<double>("yn", shipped::yn, yn_of, true, effort / 5);
        for (auto& entry : DOUBLE_PAIRS) good &= !wanted(entry.name) || measure(entry, effort);
    }
    return good ? 0 : 1;
}
