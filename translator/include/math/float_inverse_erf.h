// The inverses of the error functions and of the normal distribution, and the scaled complement, for floats.
#pragma once
#include "math/float_erf.h"
#include "math/float_log.h"

// erfcinv(e^(-u^2)) for u >= 0.83, as u times a polynomial about the middle of the range that u is in.
__device__ inline float __erfcinv_kernel(float u)
{
    if (u < 2.2f) {
        float s = u - 1.5f;
        float p = 0.00612556702f + s * (-0.000609300972f + s * (-0.00108484295f + s * (0.00144562649f + s * -0.000737463939f)));
        p = 0.763309181f + s * (0.184149623f + s * (-0.106439106f + s * (0.0514615662f + s * (-0.0206465442f + s * p))));
        return u * p;
    }
    if (u < 4.6f) {
        float s = u - 3.375f;
        float p = 0.000281674496f + s * (-7.46399528e-05f + s * (2.22338094e-05f + s * -4.9387736e-06f));
        p = 0.9199f + s * (0.0349211618f + s * (-0.0118719907f + s * (0.00363621674f + s * (-0.00104352646f + s * p))));
        return u * p;
    }
    float s = u - 7.375f;
    float p = -2.08545833e-10f + s * 2.42628695e-11f;
    p = 2.9776279e-06f + s * (-4.19676553e-07f + s * (5.72573491e-08f + s * (-7.08066938e-09f + s * (1.00825226e-09f + s * p))));
    p = 0.976222277f + s * (0.0052239513f + s * (-0.000897845777f + s * (0.000140152595f + s * (-2.07631692e-05f + s * p))));
    return u * p;
}

// Outside of the middle x times a function of w = -log(1 - x * x), which changes slowly (M. Giles, "Approximating the erfinv function").
__device__ inline float erfinvf(float x)
{
    float magnitude = fabsf(x);
    if (!(magnitude < 1.0f)) return magnitude == 1.0f ? copysignf(CUDART_INF_F, x) : CUDART_NAN_F;
    if (magnitude <= 0.74f) {
        float z = x * x;
        float p = 0.183257893f + z * (-0.445274711f + z * (1.10943198f + z * (-1.27908444f + z * 0.742620945f)));
        p = 0.886226892f + z * (0.232015133f + z * (0.127471f + z * (0.0884421989f + z * (0.0439599939f + z * p))));
        return x * p;
    }
    float w = -logf((1.0f - magnitude) * (1.0f + magnitude));
    if (w < 5.0f) {
        float t = w - 2.0f;
        float p = 6.06832529e-10f + t * 2.61006061e-11f;
        p = 7.57523458e-06f + t * (-4.87278248e-06f + t * (3.21179272e-07f + t * (6.64874591e-08f + t * (-1.34163614e-08f + t * p))));
        p = -5.46806405e-08f + t * (0.249768063f + t * (-0.00196814397f + t * (-0.00169214502f + t * (0.000215938358f + t * p))));
        return x * (1.37721527f + p);  // the leading coefficient in two parts
    }
    float t = sqrtf(w) - 3.0f;
    float p = -3.45757908e-05f;
    p = -0.00356167858f + t * (0.00147374556f + t * (-0.000131319946f + t * (-0.00027226712f + t * (0.000168541577f + t * p))));
    p = 2.83297682f + t * (1.00167525f + t * (0.00944532268f + t * (-0.00764374575f + t * (0.00568768755f + t * p))));
    return x * p;
}

__device__ inline float erfcinvf(float x)
{
    if (!(x >= 0.0f && x <= 2.0f)) return CUDART_NAN_F;
    if (x == 0.0f) return CUDART_INF_F;
    if (x >= 0.25f) return x <= 1.75f ? erfinvf(1.0f - x) : x == 2.0f ? -CUDART_INF_F : -__erfcinv_kernel(sqrtf(-logf(2.0f - x)));
    return __erfcinv_kernel(sqrtf(-logf(x)));
}

__device__ inline float normcdfinvf(float x) { return -1.41421356237309505f * erfcinvf(2.0f * x); }

// e^(x*x) * erfc(x).
__device__ inline float erfcxf(float x)
{
    if (x > 10.0f) {
        // The asymptotic series.
        float z = 0.5f / (x * x);
        float p = 1.0f - z * (1.0f - 3.0f * z * (1.0f - 5.0f * z * (1.0f - 7.0f * z)));
        return 0.56418958354775629f / x * p;
    }
    if (x >= 0.47f) return __erfcx_kernel(x);
    if (!(x > -9.4f)) return isnan(x) ? x : CUDART_INF_F;
    float head = __head12(x);
    float rest = (x - head) * (x + head);
    float power = expf(head * head);
    power += power * __expm1_kernel(rest);
    if (x > -0.47f) return power * (1.0f - erff(x));
    return 2.0f * power - __erfcx_kernel(-x);
}
