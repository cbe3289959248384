// The error function of doubles and its relatives.
#pragma once
#include "math/double_exp.h"
#include "math/polynomial.h"

// e^(x*x) * erfc(x) for x >= 0.47.
__device__ inline double __erfcx_kernel(double x)
{
    double t = (x - 4.0) / (x + 4.0);
    const double c[22] = {
        1.2329951186255526, -0.1396211168405625, 0.015379652102618912, 0.0680970542546917, -0.1010390660362468, 0.09373283499839434,
        -0.0663303658137695, 0.037167515536497615, -0.016197734036375352, 0.005031969990303217, -0.00075777346113153, -0.0001992567899702295,
        0.00015062254441514715, -2.4398734662684568e-5, -1.1224851499922636e-5, 5.70813238043399e-6, 2.99730181432615e-7, -8.219213223322613e-7,
        6.688839182018465e-8, 1.0523618692216698e-7, -1.2178900797240095e-8, -1.03453018298212e-8,
    };
    return __polynomial(c, 21, t) / (1.0 + 2.0 * x);
}

// e^(-scale * x * x): the square is split, because its rounding error would be magnified.
__device__ inline double __exp_minus_square(double x, double scale)
{
    double head = __head26(x);
    double whole = exp(-scale * (head * head));
    return whole + whole * __expm1_kernel(scale * ((head - x) * (head + x)), 0.0);
}

// erf(x) for |x| < 1.
__device__ inline double __erf_kernel(double x)
{
    double magnitude = fabs(x), z = x * x;
    const double c[12] = {
        -0.3761263890318375, 0.11283791670954857, -0.0268661706450729, 0.005223977624780897, -0.0008548326978743887, 0.00012055331036958146,
        -1.49255935082179e-5, 1.6460972837067026e-6, -1.6350025422970083e-7, 1.465788111744462e-8, -1.1365670651581257e-9, 5.945269338636741e-11,
    };
    return copysign(magnitude + magnitude * (0.1283791670955126 + z * __polynomial(c, 11, z)), x);
}

__device__ inline double erf(double x)
{
    double magnitude = fabs(x);
    if (magnitude < 1.0) return __erf_kernel(x);
    if (magnitude > 6.0) return copysign(1.0, x);
    return isnan(x) ? x : copysign(1.0 - __exp_minus_square(magnitude, 1.0) * __erfcx_kernel(magnitude), x);
}

__device__ inline double erfc(double x)
{
    if (isnan(x)) return x;
    double magnitude = fmin(fabs(x), 27.3);
    if (magnitude < 0.47) return 1.0 - __erf_kernel(x);
    if (x > 27.3) return 0.0;
    double tail = __exp_minus_square(magnitude, 1.0) * __erfcx_kernel(magnitude);
    return x < 0.0 ? 2.0 - tail : tail;
}

// The normal distribution: the area below x.
__device__ inline double normcdf(double x)
{
    if (isnan(x)) return x;
    if (fabs(x) < 0.66) return 0.5 * (1.0 + __erf_kernel(0.70710678118654752 * x));
    if (x < -38.6) return 0.0;
    double magnitude = fmin(fabs(x), 38.6);
    double tail = 0.5 * __exp_minus_square(magnitude, 0.5) * __erfcx_kernel(0.70710678118654752 * magnitude);
    return x < 0.0 ? tail : 1.0 - tail;
}
