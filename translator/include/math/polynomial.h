// Long polynomials. A driver writes out every call where it stands, and an operation of software doubles is hundreds of instructions: in a loop each stands there once.
#pragma once

// c[0] + x * (c[1] + x * (c[2] + ...)) up to c[degree].
template <int N> __device__ inline double __polynomial(const double (&c)[N], int degree, double x)
{
    double p = c[degree];
    for (int k = degree - 1; k >= 0; k--) p = c[k] + x * p;
    return p;
}
