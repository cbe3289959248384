// The worst errors of one function. CUDA states its bounds as the distance, in units in the last place, between a result and the
// correctly rounded one (CUDA C++ Programming Guide, "Mathematical Functions"): a whole number. The error before rounding is kept too.
#pragma once
#include <algorithm>
#include <cstring>
#include <cstdint>
#include "reference.h"

template <typename T> struct Bits;
template <> struct Bits<float> { typedef uint32_t type; };
template <> struct Bits<double> { typedef uint64_t type; };

template <typename T> T fromBits(typename Bits<T>::type bits)
{
    T x;
    memcpy(&x, &bits, sizeof x);
    return x;
}
template <typename T> typename Bits<T>::type bitsOf(T x)
{
    typename Bits<T>::type bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
// Neighbours differ by one, both zeros are 0, and infinity follows the largest number.
template <typename T> int64_t place(T x)
{
    const typename Bits<T>::type sign = (typename Bits<T>::type)1 << (sizeof(T) * 8 - 1), bits = bitsOf(x);
    int64_t magnitude = (int64_t)(bits & ~sign);
    return bits & sign ? -magnitude : magnitude;
}
template <typename T> uint64_t distance(T x, T y)
{
    uint64_t a = (uint64_t)place(x), b = (uint64_t)place(y);
    return place(x) > place(y) ? a - b : b - a;
}

const int MOST_ARGUMENTS = 4;

template <typename T>
struct Record {
    uint64_t count = 0, ulps = 0, wrong = 0;
    double error = 0, absolute = 0;
    T ulpsAt[MOST_ARGUMENTS] = {}, wrongAt[MOST_ARGUMENTS] = {};

    static Quad unit(Quad reference)
    {
        typedef std::numeric_limits<T> Limits;
        int exponent = Limits::min_exponent;
        if (reference != 0) frexpq(reference, &exponent);
        return ldexpq((Quad)1, (exponent > Limits::min_exponent ? exponent : Limits::min_exponent) - Limits::digits);
    }

    // Compares one result with the exact value.
    void judge(T got, Quad exact, const T* x, int arguments)
    {
        T rounded = (T)exact;
        bool nans = std::isnan(rounded) || std::isnan(got);
        if (nans ? std::isnan(rounded) != std::isnan(got) : rounded == 0 && got == 0 && std::signbit(rounded) != std::signbit(got)) {
            if (wrong++ == 0) memcpy(wrongAt, x, sizeof(T) * arguments);
            return;
        }
        if (nans) return;
        uint64_t here = distance(got, rounded);
        double part = std::isfinite(got) && finiteq(exact) ? (double)(fabsq((Quad)got - exact) / unit(exact)) : 0;
        if (here > ulps || (here == ulps && part > error)) memcpy(ulpsAt, x, sizeof(T) * arguments);
        if (here > ulps) ulps = here;
        if (part > error) error = part;
    }
    void judgeAbsolute(T got, Quad exact)
    {
        double part = (double)fabsq((Quad)got - exact);
        if (part > absolute) absolute = part;
    }

    void add(const Record& other)
    {
        count += other.count;
        if (other.wrong && !wrong) memcpy(wrongAt, other.wrongAt, sizeof wrongAt);
        wrong += other.wrong;
        if (other.ulps > ulps || (other.ulps == ulps && other.error > error)) memcpy(ulpsAt, other.ulpsAt, sizeof ulpsAt);
        if (other.ulps > ulps) ulps = other.ulps;
        if (other.error > error) error = other.error;
        if (other.absolute > absolute) absolute = other.absolute;
    }
};

// A unit in the last place of T, from a positive or negative number of the next wider type.
template <typename T> inline double unitOf(double reference)
{
    typedef std::numeric_limits<T> Limits;
    int exponent = (int)(bitsOf(reference) >> 52 & 2047) - 1022;
    if (exponent < Limits::min_exponent) exponent = Limits::min_exponent;
    return fromBits<double>((uint64_t)(exponent - Limits::digits + 1023) << 52);
}
template <typename T> inline Long unitOf(Long reference)
{
    typedef std::numeric_limits<T> Limits;
    int exponent;
    std::frexp(reference, &exponent);
    return std::ldexp((Long)1, (exponent > Limits::min_exponent ? exponent : Limits::min_exponent) - Limits::digits);
}

// Whether a result must be judged exactly, seen from a reference that is exact but for `slack`: it may be worse than the worst so far,
// or be of the wrong kind. Few results are, so that most cost a conversion and a comparison.
template <typename T, typename W>
inline bool suspicious(T got, W reference, W slack, const Record<T>& worst)
{
    if (!(std::fabs(reference) <= std::numeric_limits<W>::max())) {
        return std::isnan(reference) ? !std::isnan(got) : place(got) != place((T)reference);
    }
    T low = (T)(reference - slack), high = (T)(reference + slack);
    if (bitsOf(low) == bitsOf(got) && bitsOf(high) == bitsOf(got) && worst.error >= 0.5) return false;
    if (std::isnan(got) || (got == 0 && (low == 0 || high == 0) && std::signbit(got) != std::signbit(reference))) return true;
    if (distance(got, low) > worst.ulps || distance(got, high) > worst.ulps) return true;
    return std::isfinite(got) && std::fabs((W)got - reference) + slack > (W)std::max(worst.error, 0.1) * unitOf<T>(reference);
}
