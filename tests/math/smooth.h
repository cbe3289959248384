// Exact values of a smooth function at many doubles of one interval: a polynomial of degree 19 through values of 113 bits, evaluated
// with two doubles for each number, in straight code that becomes vectors. It costs a tenth of what the host's long double functions do.
#pragma once
#include "chebyshev.h"
#include "record.h"

struct Smooth {
    static const int DEGREE = 19, NODES = DEGREE + 1, CHUNK = 256;
    static constexpr double SLACK = 0x1p-58;  // how far a value may be off, relatively

    // Whether the polynomial gives the function's values between `low` and `high`, which keep their sign there.
    template <typename Function> bool fit(Function exact, double low, double high)
    {
        middle = low + (high - low) / 2;
        scale = std::exp2(-std::ceil(std::log2((high - low) / 2)));  // exact
        Quad y[NODES], c[NODES], power[NODES], least = HUGE_VALQ;
        int negative = 0;
        for (int k = 0; k < NODES; k++) {
            y[k] = exact(middle + Nodes::node(k) / (Quad)scale);
            if (!finiteq(y[k]) || fabsq(y[k]) < (Quad)1e-280 || fabsq(y[k]) > (Quad)1e307) return false;
            negative += signbitq(y[k]) != 0;
            if (fabsq(y[k]) < least) least = fabsq(y[k]);
        }
        if (negative && negative < NODES) return false;
        Nodes::coefficients(y, c);
        if (fabsq(c[DEGREE]) + fabsq(c[DEGREE - 1]) > least * (Quad)0x1p-66) return false;
        Nodes::powers(c, power);
        Quad sizes = 0;
        for (int k = 0; k < NODES; k++) {
            sizes += fabsq(power[k]);
            head[k] = (double)power[k];
            rest[k] = (double)(power[k] - head[k]);
        }
        if (sizes * (Quad)0x1p-96 > least * (Quad)SLACK) return false;
        for (double at : {-0.93, 0.17, 0.98}) {
            double x = middle + at / scale, value[1], lost[1];
            evaluate(&x, 1, value, lost);
            Quad there = exact((Quad)x);
            if (!(fabsq((Quad)value[0] + lost[0] - there) <= fabsq(there) * (Quad)(SLACK / 4))) return false;
        }
        return true;
    }

    // The values at `count` numbers, as sums of two doubles.
    void evaluate(const double* x, int count, double* value, double* lost) const
    {
        double t[CHUNK], tRest[CHUNK];
        for (int i = 0; i < count; i++) {
            double difference = x[i] - middle, back = difference - x[i];
            t[i] = difference * scale;
            tRest[i] = ((x[i] - (difference - back)) - (middle + back)) * scale;
            value[i] = head[DEGREE];
            lost[i] = rest[DEGREE];
        }
        for (int k = DEGREE - 1; k >= 0; k--) {
            double c = head[k], cRest = rest[k];
            for (int i = 0; i < count; i++) {
                double product = value[i] * t[i];
                double productLost = __builtin_fma(value[i], t[i], -product) + (value[i] * tRest[i] + lost[i] * t[i]);
                double sum = product + c, back = sum - product;
                value[i] = sum;
                lost[i] = productLost + ((product - (sum - back)) + (c - back)) + cRest;
            }
        }
        for (int i = 0; i < count; i++) {
            double sum = value[i] + lost[i];
            lost[i] -= sum - value[i];
            value[i] = sum;
        }
    }

private:
    typedef Chebyshev<NODES> Nodes;
    double middle, scale, head[NODES], rest[NODES];
};
