// Products of bytes and of halves with bytes, added to a sum.
#pragma once
#include "cuda_runtime.h"

__device__ inline int __dp4a(int a, int b, int c)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        c += ((a << shift) >> 24) * ((b << shift) >> 24);
    return c;
}
__device__ inline unsigned int __dp4a(unsigned int a, unsigned int b, unsigned int c)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        c += ((a << shift) >> 24) * ((b << shift) >> 24);
    return c;
}
__device__ inline int __dp4a(char4 a, char4 b, int c) { return c + a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }
__device__ inline unsigned int __dp4a(uchar4 a, uchar4 b, unsigned int c) { return c + a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }

// Two halves of a with the lower (lo) or upper (hi) two bytes of b.
__device__ inline int __dp2a_lo(int a, int b, int c) { return c + ((a << 16) >> 16) * ((b << 24) >> 24) + (a >> 16) * ((b << 16) >> 24); }
__device__ inline int __dp2a_hi(int a, int b, int c) { return c + ((a << 16) >> 16) * ((b << 8) >> 24) + (a >> 16) * (b >> 24); }
__device__ inline unsigned int __dp2a_lo(unsigned int a, unsigned int b, unsigned int c)
{
    return c + (a & 0xffffu) * (b & 0xffu) + (a >> 16) * (b >> 8 & 0xffu);
}
__device__ inline unsigned int __dp2a_hi(unsigned int a, unsigned int b, unsigned int c)
{
    return c + (a & 0xffffu) * (b >> 16 & 0xffu) + (a >> 16) * (b >> 24);
}
__device__ inline int __dp2a_lo(short2 a, char4 b, int c) { return c + a.x * b.x + a.y * b.y; }
__device__ inline int __dp2a_hi(short2 a, char4 b, int c) { return c + a.x * b.z + a.y * b.w; }
__device__ inline unsigned int __dp2a_lo(ushort2 a, uchar4 b, unsigned int c) { return c + a.x * b.x + a.y * b.y; }
__device__ inline unsigned int __dp2a_hi(ushort2 a, uchar4 b, unsigned int c) { return c + a.x * b.z + a.y * b.w; }
