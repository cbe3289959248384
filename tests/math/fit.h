// Exact values of a function for many neighbouring floats at once: between 2^15 neighbours a function is nearly a polynomial, so its
// values at eleven Chebyshev nodes, computed in 113 bits, give all of them to about 45 bits. Where the last coefficients or two
// more exact values say that it is not, the stretch is halved; below 64 floats each value is computed exactly.
#pragma once
#include "chebyshev.h"
#include "record.h"

struct Stretch {
    static const int MOST = 1 << 15, DEGREE = 10, NODES = DEGREE + 1;
    alignas(64) double value[MOST];
    alignas(64) double slack[MOST];  // how far a value may be off

    template <typename Function> void fill(Function exact, uint32_t first, int count) { fill(exact, first, 0, count); }

private:
    typedef Chebyshev<NODES> Nodes;

    template <typename Function> void fill(Function exact, uint32_t first, int from, int count)
    {
        if (count >= 64) {
            if (fit(exact, first, from, count)) return;
            fill(exact, first, from, count / 2);
            fill(exact, first, from + count / 2, count - count / 2);
            return;
        }
        for (int i = from; i < from + count; i++) {
            Quad y = exact((Quad)fromBits<float>(first + i));
            value[i] = (double)y;
            slack[i] = std::fabs(value[i]) * 0x1p-52;
        }
    }

    void constant(double y, int from, int count)
    {
        for (int i = from; i < from + count; i++) value[i] = y, slack[i] = 0;
    }

    template <typename Function> bool fit(Function exact, uint32_t first, int from, int count)
    {
        double x0 = fromBits<float>(first + from), x1 = fromBits<float>(first + from + count - 1);
        Quad middle = ((Quad)x0 + x1) / 2, half = ((Quad)x1 - x0) / 2, y[NODES], c[NODES];
        int over = 0, under = 0, undefined = 0, negative = 0;
        Quad least = HUGE_VALQ;
        for (int k = 0; k < NODES; k++) {
            y[k] = exact(middle + half * Nodes::node(k));
            Quad size = fabsq(y[k]);
            over += size > (Quad)0x1.000001p128;
            under += size < (Quad)0x1p-152;
            undefined += isnanq(y[k]) != 0;
            negative += signbitq(y[k]) != 0;
            if (size < least) least = size;
        }
        if (undefined == NODES) return constant(std::numeric_limits<double>::quiet_NaN(), from, count), true;
        if (undefined || (negative && negative < NODES)) return false;
        double sign = negative ? -1 : 1;
        if (over == NODES) return constant(sign * std::numeric_limits<double>::infinity(), from, count), true;
        if (under == NODES) return constant(sign * 0x1p-200, from, count), true;
        if (over || under) return false;

        // Chebyshev coefficients, then powers of t.
        Nodes::coefficients(y, c);
        if (fabsq(c[DEGREE]) + fabsq(c[DEGREE - 1]) > least * (Quad)0x1p-46) return false;
        Quad exactly[NODES], sizes = 0;
        double power[NODES];
        Nodes::powers(c, exactly);
        for (int k = 0; k < NODES; k++) sizes += fabsq(exactly[k]), power[k] = (double)exactly[k];
        Quad error = sizes * (Quad)0x1p-50 / least + (Quad)0x1p-45;
        if (error > (Quad)0x1p-36) return false;
        for (double at : {-0.93, 0.41}) {
            double place = at;
            Quad there = exact(middle + half * (Quad)place);
            if (!(fabsq(horner(power, place) - there) <= error * fabsq(there))) return false;
        }
        double step = count > 1 ? 2.0 / (count - 1) : 0, relative = (double)error;
        for (int i = 0; i < count; i++) {
            double at = i * step - 1;
            double y = horner(power, at);
            value[from + i] = y;
            slack[from + i] = std::fabs(y) * relative;
        }
        return true;
    }

    static double horner(const double* power, double t)
    {
        double y = power[DEGREE];
        for (int k = DEGREE - 1; k >= 0; k--) y = y * t + power[k];
        return y;
    }
};
