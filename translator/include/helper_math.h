// The operators and functions on vector types that CUDA's samples define in a file of this name: what programs include it for.
#pragma once
#include "cuda_runtime.h"

#ifndef EXIT_WAIVED
#define EXIT_WAIVED 2
#endif

__host__ __device__ inline float lerp(float a, float b, float t) { return a + t * (b - a); }
__host__ __device__ inline float clamp(float x, float low, float high) { return fmaxf(low, fminf(x, high)); }
__host__ __device__ inline int clamp(int x, int low, int high) { return max(low, min(x, high)); }
__host__ __device__ inline unsigned int clamp(unsigned int x, unsigned int low, unsigned int high) { return max(low, min(x, high)); }

// ---- vectors from scalars and from each other --------------------------------------------------------------------

#define __MAKE(T, S)                                                                                        \
    __host__ __device__ inline T##2 make_##T##2(S s) { return make_##T##2(s, s); }                          \
    __host__ __device__ inline T##2 make_##T##2(T##3 a) { return make_##T##2(a.x, a.y); }                   \
    __host__ __device__ inline T##3 make_##T##3(S s) { return make_##T##3(s, s, s); }                       \
    __host__ __device__ inline T##3 make_##T##3(T##2 a) { return make_##T##3(a.x, a.y, 0); }                \
    __host__ __device__ inline T##3 make_##T##3(T##2 a, S s) { return make_##T##3(a.x, a.y, s); }           \
    __host__ __device__ inline T##3 make_##T##3(T##4 a) { return make_##T##3(a.x, a.y, a.z); }              \
    __host__ __device__ inline T##4 make_##T##4(S s) { return make_##T##4(s, s, s, s); }                    \
    __host__ __device__ inline T##4 make_##T##4(T##3 a) { return make_##T##4(a.x, a.y, a.z, 0); }           \
    __host__ __device__ inline T##4 make_##T##4(T##3 a, S w) { return make_##T##4(a.x, a.y, a.z, w); }
__MAKE(float, float)
__MAKE(int, int)
__MAKE(uint, unsigned int)
#undef __MAKE
#define __CAST(T, S, U)                                                                                               \
    __host__ __device__ inline T##2 make_##T##2(U##2 a) { return make_##T##2(S(a.x), S(a.y)); }                       \
    __host__ __device__ inline T##3 make_##T##3(U##3 a) { return make_##T##3(S(a.x), S(a.y), S(a.z)); }               \
    __host__ __device__ inline T##4 make_##T##4(U##4 a) { return make_##T##4(S(a.x), S(a.y), S(a.z), S(a.w)); }
__CAST(float, float, int)
__CAST(float, float, uint)
__CAST(int, int, float)
__CAST(int, int, uint)
__CAST(uint, uint, int)
#undef __CAST

// ---- arithmetic, component by component ------------------------------------------------------------------------------

#define __OPERATOR(T, S, op)                                                                                                                               \
    __host__ __device__ inline T##2 operator op(T##2 a, T##2 b) { return make_##T##2(a.x op b.x, a.y op b.y); }                                            \
    __host__ __device__ inline T##2 operator op(T##2 a, S b) { return make_##T##2(a.x op b, a.y op b); }                                                   \
    __host__ __device__ inline T##2 operator op(S a, T##2 b) { return make_##T##2(a op b.x, a op b.y); }                                                   \
    __host__ __device__ inline void operator op##=(T##2& a, T##2 b) { a = a op b; }                                                                        \
    __host__ __device__ inline void operator op##=(T##2& a, S b) { a = a op b; }                                                                           \
    __host__ __device__ inline T##3 operator op(T##3 a, T##3 b) { return make_##T##3(a.x op b.x, a.y op b.y, a.z op b.z); }                                \
    __host__ __device__ inline T##3 operator op(T##3 a, S b) { return make_##T##3(a.x op b, a.y op b, a.z op b); }                                         \
    __host__ __device__ inline T##3 operator op(S a, T##3 b) { return make_##T##3(a op b.x, a op b.y, a op b.z); }                                         \
    __host__ __device__ inline void operator op##=(T##3& a, T##3 b) { a = a op b; }                                                                        \
    __host__ __device__ inline void operator op##=(T##3& a, S b) { a = a op b; }                                                                           \
    __host__ __device__ inline T##4 operator op(T##4 a, T##4 b) { return make_##T##4(a.x op b.x, a.y op b.y, a.z op b.z, a.w op b.w); }                    \
    __host__ __device__ inline T##4 operator op(T##4 a, S b) { return make_##T##4(a.x op b, a.y op b, a.z op b, a.w op b); }                               \
    __host__ __device__ inline T##4 operator op(S a, T##4 b) { return make_##T##4(a op b.x, a op b.y, a op b.z, a op b.w); }                               \
    __host__ __device__ inline void operator op##=(T##4& a, T##4 b) { a = a op b; }                                                                        \
    __host__ __device__ inline void operator op##=(T##4& a, S b) { a = a op b; }
#define __OPERATORS(T, S) __OPERATOR(T, S, +) __OPERATOR(T, S, -) __OPERATOR(T, S, *)
__OPERATORS(float, float)
__OPERATORS(int, int)
__OPERATORS(uint, unsigned int)
__OPERATOR(float, float, /)
#undef __OPERATORS
#undef __OPERATOR

#define __NEGATE(T)                                                                                   \
    __host__ __device__ inline T##2 operator-(const T##2& a) { return make_##T##2(-a.x, -a.y); }            \
    __host__ __device__ inline T##3 operator-(const T##3& a) { return make_##T##3(-a.x, -a.y, -a.z); }      \
    __host__ __device__ inline T##4 operator-(const T##4& a) { return make_##T##4(-a.x, -a.y, -a.z, -a.w); }
__NEGATE(float)
__NEGATE(int)
#undef __NEGATE

// ---- functions of components ----------------------------------------------------------------------------------------

#define __BINARY(T, name, f)                                                                                                              \
    __host__ __device__ inline T##2 name(T##2 a, T##2 b) { return make_##T##2(f(a.x, b.x), f(a.y, b.y)); }                                \
    __host__ __device__ inline T##3 name(T##3 a, T##3 b) { return make_##T##3(f(a.x, b.x), f(a.y, b.y), f(a.z, b.z)); }                   \
    __host__ __device__ inline T##4 name(T##4 a, T##4 b) { return make_##T##4(f(a.x, b.x), f(a.y, b.y), f(a.z, b.z), f(a.w, b.w)); }
__BINARY(float, fminf, fminf)
__BINARY(float, fmaxf, fmaxf)
__BINARY(float, fmodf, fmodf)
__BINARY(int, min, min)
__BINARY(int, max, max)
__BINARY(uint, min, min)
__BINARY(uint, max, max)
#undef __BINARY
#define __UNARY(T, name, f)                                                                                            \
    __host__ __device__ inline T##2 name(T##2 a) { return make_##T##2(f(a.x), f(a.y)); }                               \
    __host__ __device__ inline T##3 name(T##3 a) { return make_##T##3(f(a.x), f(a.y), f(a.z)); }                       \
    __host__ __device__ inline T##4 name(T##4 a) { return make_##T##4(f(a.x), f(a.y), f(a.z), f(a.w)); }
__host__ __device__ inline float fracf(float x) { return x - floorf(x); }
__UNARY(float, floorf, floorf)
__UNARY(float, fracf, fracf)
__UNARY(float, fabs, fabsf)
__UNARY(int, abs, abs)
#undef __UNARY

#define __CLAMP(T, S)                                                                                                                                   \
    __host__ __device__ inline T##2 clamp(T##2 v, S a, S b) { return make_##T##2(clamp(v.x, a, b), clamp(v.y, a, b)); }                                  \
    __host__ __device__ inline T##3 clamp(T##3 v, S a, S b) { return make_##T##3(clamp(v.x, a, b), clamp(v.y, a, b), clamp(v.z, a, b)); }                \
    __host__ __device__ inline T##4 clamp(T##4 v, S a, S b) { return make_##T##4(clamp(v.x, a, b), clamp(v.y, a, b), clamp(v.z, a, b), clamp(v.w, a, b)); } \
    __host__ __device__ inline T##2 clamp(T##2 v, T##2 a, T##2 b) { return make_##T##2(clamp(v.x, a.x, b.x), clamp(v.y, a.y, b.y)); }                    \
    __host__ __device__ inline T##3 clamp(T##3 v, T##3 a, T##3 b) { return make_##T##3(clamp(v.x, a.x, b.x), clamp(v.y, a.y, b.y), clamp(v.z, a.z, b.z)); } \
    __host__ __device__ inline T##4 clamp(T##4 v, T##4 a, T##4 b)                                                                                        \
    {                                                                                                                                                    \
        return make_##T##4(clamp(v.x, a.x, b.x), clamp(v.y, a.y, b.y), clamp(v.z, a.z, b.z), clamp(v.w, a.w, b.w));                                      \
    }
__CLAMP(float, float)
__CLAMP(int, int)
__CLAMP(uint, unsigned int)
#undef __CLAMP

// ---- geometry ---------------------------------------------------------------------------------------------------------

#define __DOT(T, S)                                                                                             \
    __host__ __device__ inline S dot(T##2 a, T##2 b) { return a.x * b.x + a.y * b.y; }                          \
    __host__ __device__ inline S dot(T##3 a, T##3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }              \
    __host__ __device__ inline S dot(T##4 a, T##4 b) { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }
__DOT(float, float)
__DOT(int, int)
__DOT(uint, unsigned int)
#undef __DOT
#define __GEOMETRY(T)                                                                                           \
    __host__ __device__ inline T lerp(T a, T b, float t) { return a + t * (b - a); }                            \
    __host__ __device__ inline float length(T v) { return sqrtf(dot(v, v)); }                                   \
    __host__ __device__ inline T normalize(T v) { return v * rsqrtf(dot(v, v)); }                               \
    __host__ __device__ inline T smoothstep(T a, T b, T x)                                                      \
    {                                                                                                           \
        T y = clamp((x - a) / (b - a), 0.0f, 1.0f);                                                             \
        return y * y * (3.0f - 2.0f * y);                                                                       \
    }
__GEOMETRY(float2)
__GEOMETRY(float3)
__GEOMETRY(float4)
#undef __GEOMETRY
__host__ __device__ inline float smoothstep(float a, float b, float x)
{
    float y = clamp((x - a) / (b - a), 0.0f, 1.0f);
    return y * y * (3.0f - 2.0f * y);
}
__host__ __device__ inline float3 reflect(float3 i, float3 n) { return i - 2.0f * n * dot(n, i); }
__host__ __device__ inline float3 cross(float3 a, float3 b)
{
    return make_float3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x);
}
