// Inline PTX: one function for each instruction, named by the opcode (`src/lower/ptx`). Read where a program has an `asm` statement.
// Semantics: PTX ISA, the section of each group. `.approx` has a bound and is met by the exact function; `.ftz` takes and gives no
// subnormals. A last parameter that is a reference is the carry.
#pragma once
#include "cuda_runtime.h"
#include "rounding_functions.h"
#include "cuda_fp16.h"

#define __PTX inline __device__
#define __PTX_1(name, T, e) __PTX T __ptx_##name(T a) { return e; }
#define __PTX_2(name, T, e) __PTX T __ptx_##name(T a, T b) { return e; }
#define __PTX_3(name, T, e) __PTX T __ptx_##name(T a, T b, T c) { return e; }

// ---- Integer arithmetic: the same bits in both signs where the result is as wide as the operands ----
#define __PTX_INTEGERS(t, T) \
    __PTX_2(add_##t, T, a + b) __PTX_2(sub_##t, T, a - b) __PTX_2(mul_lo_##t, T, a * b) \
    __PTX_3(mad_lo_##t, T, a * b + c) __PTX_2(div_##t, T, a / b) __PTX_2(rem_##t, T, a % b) \
    __PTX_2(min_##t, T, b < a ? b : a) __PTX_2(max_##t, T, a < b ? b : a)
__PTX_INTEGERS(u16, unsigned short)
__PTX_INTEGERS(s16, short)
__PTX_INTEGERS(u32, unsigned int)
__PTX_INTEGERS(s32, int)
__PTX_INTEGERS(u64, unsigned long)
__PTX_INTEGERS(s64, long)
#define __PTX_SIGNED(t, T) __PTX_1(abs_##t, T, a < 0 ? -a : a) __PTX_1(neg_##t, T, -a)
__PTX_SIGNED(s16, short)
__PTX_SIGNED(s32, int)
__PTX_SIGNED(s64, long)

__PTX_2(mul_hi_u32, unsigned int, __umulhi(a, b))
__PTX_2(mul_hi_s32, int, __mulhi(a, b))
__PTX_2(mul_hi_u64, unsigned long, __umul64hi(a, b))
__PTX_2(mul_hi_s64, long, __mul64hi(a, b))
__PTX_3(mad_hi_u32, unsigned int, __umulhi(a, b) + c)
__PTX_3(mad_hi_s32, int, __mulhi(a, b) + c)
__PTX_3(mad_hi_u64, unsigned long, __umul64hi(a, b) + c)
__PTX_3(mad_hi_s64, long, __mul64hi(a, b) + c)
__PTX unsigned int __ptx_mul_wide_u16(unsigned short a, unsigned short b) { return (unsigned int)a * b; }
__PTX int __ptx_mul_wide_s16(short a, short b) { return a * b; }
__PTX unsigned long __ptx_mul_wide_u32(unsigned int a, unsigned int b) { return (unsigned long)a * b; }
__PTX long __ptx_mul_wide_s32(int a, int b) { return (long)a * b; }
__PTX unsigned long __ptx_mad_wide_u32(unsigned int a, unsigned int b, unsigned long c) { return (unsigned long)a * b + c; }
__PTX long __ptx_mad_wide_s32(int a, int b, long c) { return (long)a * b + c; }
__PTX_2(mul24_lo_u32, unsigned int, __umul24(a, b))
__PTX_2(mul24_lo_s32, int, __mul24(a, b))
__PTX_3(mad24_lo_u32, unsigned int, __umul24(a, b) + c)
__PTX_3(mad24_lo_s32, int, __mul24(a, b) + c)
__PTX unsigned int __ptx_sad_u32(unsigned int a, unsigned int b, unsigned int c) { return (a < b ? b - a : a - b) + c; }
__PTX int __ptx_sad_s32(int a, int b, int c) { return (int)((a < b ? (unsigned int)b - a : (unsigned int)a - b) + c); }
__PTX_2(add_sat_s32, int, (int)((((a ^ (a + b)) & (b ^ (a + b))) < 0) ? (a < 0 ? 0x80000000u : 0x7fffffffu) : (unsigned int)(a + b)))
__PTX_2(sub_sat_s32, int, (int)((((a ^ b) & (a ^ (a - b))) < 0) ? (a < 0 ? 0x80000000u : 0x7fffffffu) : (unsigned int)(a - b)))
__PTX unsigned int __ptx_dp4a_u32_u32(unsigned int a, unsigned int b, unsigned int c)
{
    for (int shift = 0; shift < 32; shift += 8)
        c += (a >> shift & 255) * (b >> shift & 255);
    return c;
}
__PTX int __ptx_dp4a_s32_s32(int a, int b, int c)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        c += ((a << shift) >> 24) * ((b << shift) >> 24);
    return c;
}

// ---- Extended precision: the carry of a sum, the borrow of a difference ----
#define __PTX_CARRY(t, T) \
    __PTX T __ptx_add_cc_##t(T a, T b, unsigned int& carry) { T sum = a + b; carry = sum < a; return sum; } \
    __PTX T __ptx_addc_##t(T a, T b, unsigned int& carry) { return a + b + carry; } \
    __PTX T __ptx_addc_cc_##t(T a, T b, unsigned int& carry) \
    { \
        T sum = a + b, all = sum + carry; \
        carry = (sum < a) | (all < sum); \
        return all; \
    } \
    __PTX T __ptx_sub_cc_##t(T a, T b, unsigned int& carry) { carry = a < b; return a - b; } \
    __PTX T __ptx_subc_##t(T a, T b, unsigned int& carry) { return a - b - carry; } \
    __PTX T __ptx_subc_cc_##t(T a, T b, unsigned int& carry) \
    { \
        T difference = a - b, all = difference - carry; \
        carry = (a < b) | (difference < carry); \
        return all; \
    } \
    __PTX T __ptx_mad_lo_cc_##t(T a, T b, T c, unsigned int& carry) { return __ptx_add_cc_##t(__ptx_mul_lo_##t(a, b), c, carry); } \
    __PTX T __ptx_mad_hi_cc_##t(T a, T b, T c, unsigned int& carry) { return __ptx_add_cc_##t(__ptx_mul_hi_##t(a, b), c, carry); } \
    __PTX T __ptx_madc_lo_##t(T a, T b, T c, unsigned int& carry) { return __ptx_mul_lo_##t(a, b) + c + carry; } \
    __PTX T __ptx_madc_hi_##t(T a, T b, T c, unsigned int& carry) { return __ptx_mul_hi_##t(a, b) + c + carry; } \
    __PTX T __ptx_madc_lo_cc_##t(T a, T b, T c, unsigned int& carry) { return __ptx_addc_cc_##t(__ptx_mul_lo_##t(a, b), c, carry); } \
    __PTX T __ptx_madc_hi_cc_##t(T a, T b, T c, unsigned int& carry) { return __ptx_addc_cc_##t(__ptx_mul_hi_##t(a, b), c, carry); }
__PTX_CARRY(u32, unsigned int)
__PTX_CARRY(u64, unsigned long)
// The carry is that of the bits.
#define __PTX_SIGNED_CARRY(t, T, u, U) \
    __PTX T __ptx_add_cc_##t(T a, T b, unsigned int& carry) { return (T)__ptx_add_cc_##u((U)a, (U)b, carry); } \
    __PTX T __ptx_addc_##t(T a, T b, unsigned int& carry) { return (T)__ptx_addc_##u((U)a, (U)b, carry); } \
    __PTX T __ptx_addc_cc_##t(T a, T b, unsigned int& carry) { return (T)__ptx_addc_cc_##u((U)a, (U)b, carry); } \
    __PTX T __ptx_sub_cc_##t(T a, T b, unsigned int& carry) { return (T)__ptx_sub_cc_##u((U)a, (U)b, carry); } \
    __PTX T __ptx_subc_##t(T a, T b, unsigned int& carry) { return (T)__ptx_subc_##u((U)a, (U)b, carry); } \
    __PTX T __ptx_subc_cc_##t(T a, T b, unsigned int& carry) { return (T)__ptx_subc_cc_##u((U)a, (U)b, carry); }
__PTX_SIGNED_CARRY(s32, int, u32, unsigned int)
__PTX_SIGNED_CARRY(s64, long, u64, unsigned long)

// ---- Bits. Shifts by the width or more give 0, or the sign ----
#define __PTX_BITS(t, T, U, S, bits) \
    __PTX_2(and_##t, T, a & b) __PTX_2(or_##t, T, a | b) __PTX_2(xor_##t, T, a ^ b) __PTX_1(not_##t, T, ~a) \
    __PTX_1(cnot_##t, T, (T)(a == 0)) \
    __PTX T __ptx_shl_##t(T a, unsigned int n) { return n < bits ? (T)(a << n) : (T)0; } \
    __PTX U __ptx_shr_u##bits(U a, unsigned int n) { return n < bits ? (U)(a >> n) : (U)0; } \
    __PTX U __ptx_shr_b##bits(U a, unsigned int n) { return n < bits ? (U)(a >> n) : (U)0; } \
    __PTX S __ptx_shr_s##bits(S a, unsigned int n) { return (S)(a >> (n < bits ? n : bits - 1)); } \
    __PTX T __ptx_selp_##t(T a, T b, bool p) { return p ? a : b; } \
    __PTX U __ptx_selp_u##bits(U a, U b, bool p) { return p ? a : b; } \
    __PTX S __ptx_selp_s##bits(S a, S b, bool p) { return p ? a : b; }
__PTX_BITS(b16, unsigned short, unsigned short, short, 16)
__PTX_BITS(b32, unsigned int, unsigned int, int, 32)
__PTX_BITS(b64, unsigned long, unsigned long, long, 64)
__PTX_2(and_pred, bool, a && b)
__PTX_2(or_pred, bool, a || b)
__PTX_2(xor_pred, bool, a != b)
__PTX_1(not_pred, bool, !a)
__PTX float __ptx_selp_f32(float a, float b, bool p) { return p ? a : b; }
__PTX double __ptx_selp_f64(double a, double b, bool p) { return p ? a : b; }
__PTX unsigned int __ptx_popc_b32(unsigned int a) { return __popc(a); }
__PTX unsigned int __ptx_popc_b64(unsigned long a) { return __popcll(a); }
__PTX unsigned int __ptx_clz_b32(unsigned int a) { return __clz(a); }
__PTX unsigned int __ptx_clz_b64(unsigned long a) { return __clzll(a); }
__PTX_1(brev_b32, unsigned int, __brev(a))
__PTX_1(brev_b64, unsigned long, __brevll(a))
// The position of the highest bit, for signed numbers of the highest that is not the sign's; 0xffffffff if there is none.
__PTX unsigned int __ptx_bfind_u32(unsigned int a) { return 31 - __clz(a); }
__PTX unsigned int __ptx_bfind_s32(int a) { return 31 - __clz(a < 0 ? ~a : a); }
__PTX unsigned int __ptx_bfind_u64(unsigned long a) { return 63 - __clzll(a); }
__PTX unsigned int __ptx_bfind_s64(long a) { return 63 - __clzll(a < 0 ? ~a : a); }
__PTX unsigned int __ptx_bfind_shiftamt_u32(unsigned int a) { return a ? __clz(a) : 0xffffffffu; }
__PTX unsigned int __ptx_bfe_u32(unsigned int a, unsigned int from, unsigned int count)
{
    from &= 255;
    count &= 255;
    unsigned int moved = from < 32 ? a >> from : 0;
    return count >= 32 ? moved : moved & ((1u << count) - 1);
}
__PTX int __ptx_bfe_s32(int a, unsigned int from, unsigned int count)
{
    from &= 255;
    count &= 255;
    if (count == 0)
        return 0;
    int moved = a >> (from < 31 ? from : 31);
    return count >= 32 ? moved : (int)((unsigned int)moved << (32 - count)) >> (32 - count);
}
__PTX unsigned long __ptx_bfe_u64(unsigned long a, unsigned int from, unsigned int count)
{
    from &= 255;
    count &= 255;
    unsigned long moved = from < 64 ? a >> from : 0;
    return count >= 64 ? moved : moved & ((1ul << count) - 1);
}
__PTX unsigned int __ptx_bfi_b32(unsigned int a, unsigned int b, unsigned int at, unsigned int count)
{
    at &= 255;
    count &= 255;
    if (at >= 32 || count == 0)
        return b;
    unsigned int mask = (count >= 32 ? 0xffffffffu : (1u << count) - 1) << at;
    return (b & ~mask) | (a << at & mask);
}
__PTX unsigned int __ptx_prmt_b32(unsigned int a, unsigned int b, unsigned int which)
{
    unsigned long bytes = (unsigned long)b << 32 | a;
    unsigned int out = 0;
    for (int i = 0; i < 4; i++) {
        unsigned int choice = which >> 4 * i & 15;
        unsigned int byte = (unsigned int)(bytes >> 8 * (choice & 7)) & 255;
        out |= (choice & 8 ? (byte & 128 ? 255u : 0u) : byte) << 8 * i;
    }
    return out;
}
__PTX unsigned int __ptx_lop3_b32(unsigned int a, unsigned int b, unsigned int c, unsigned int table)
{
    unsigned int out = 0;
    for (int row = 0; row < 8; row++)
        if (table >> row & 1)
            out |= (row & 4 ? a : ~a) & (row & 2 ? b : ~b) & (row & 1 ? c : ~c);
    return out;
}
__PTX unsigned int __ptx_shf_l_wrap_b32(unsigned int a, unsigned int b, unsigned int n) { return __funnelshift_l(a, b, n); }
__PTX unsigned int __ptx_shf_r_wrap_b32(unsigned int a, unsigned int b, unsigned int n) { return __funnelshift_r(a, b, n); }
__PTX unsigned int __ptx_shf_l_clamp_b32(unsigned int a, unsigned int b, unsigned int n) { return __funnelshift_lc(a, b, n); }
__PTX unsigned int __ptx_shf_r_clamp_b32(unsigned int a, unsigned int b, unsigned int n) { return __funnelshift_rc(a, b, n); }

// ---- Comparisons ----
#define __PTX_COMPARE(t, T) \
    __PTX bool __ptx_setp_eq_##t(T a, T b) { return a == b; } \
    __PTX bool __ptx_setp_ne_##t(T a, T b) { return a != b; }
#define __PTX_ORDER(t, T) \
    __PTX_COMPARE(t, T) \
    __PTX bool __ptx_setp_lt_##t(T a, T b) { return a < b; } \
    __PTX bool __ptx_setp_le_##t(T a, T b) { return a <= b; } \
    __PTX bool __ptx_setp_gt_##t(T a, T b) { return a > b; } \
    __PTX bool __ptx_setp_ge_##t(T a, T b) { return a >= b; }
#define __PTX_UNSIGNED_ORDER(t, T) \
    __PTX_ORDER(t, T) \
    __PTX bool __ptx_setp_lo_##t(T a, T b) { return a < b; } \
    __PTX bool __ptx_setp_ls_##t(T a, T b) { return a <= b; } \
    __PTX bool __ptx_setp_hi_##t(T a, T b) { return a > b; } \
    __PTX bool __ptx_setp_hs_##t(T a, T b) { return a >= b; }
__PTX_COMPARE(b16, unsigned short)
__PTX_COMPARE(b32, unsigned int)
__PTX_COMPARE(b64, unsigned long)
__PTX_ORDER(s16, short)
__PTX_ORDER(s32, int)
__PTX_ORDER(s64, long)
__PTX_UNSIGNED_ORDER(u16, unsigned short)
__PTX_UNSIGNED_ORDER(u32, unsigned int)
__PTX_UNSIGNED_ORDER(u64, unsigned long)
// Of floats `ne` is false for NaN, and the forms with u are true.
#define __PTX_FLOAT_ORDER(t, T) \
    __PTX bool __ptx_setp_eq_##t(T a, T b) { return a == b; } \
    __PTX bool __ptx_setp_ne_##t(T a, T b) { return a < b || a > b; } \
    __PTX bool __ptx_setp_lt_##t(T a, T b) { return a < b; } \
    __PTX bool __ptx_setp_le_##t(T a, T b) { return a <= b; } \
    __PTX bool __ptx_setp_gt_##t(T a, T b) { return a > b; } \
    __PTX bool __ptx_setp_ge_##t(T a, T b) { return a >= b; } \
    __PTX bool __ptx_setp_equ_##t(T a, T b) { return !(a < b || a > b); } \
    __PTX bool __ptx_setp_neu_##t(T a, T b) { return !(a == b); } \
    __PTX bool __ptx_setp_ltu_##t(T a, T b) { return !(a >= b); } \
    __PTX bool __ptx_setp_leu_##t(T a, T b) { return !(a > b); } \
    __PTX bool __ptx_setp_gtu_##t(T a, T b) { return !(a <= b); } \
    __PTX bool __ptx_setp_geu_##t(T a, T b) { return !(a < b); } \
    __PTX bool __ptx_setp_num_##t(T a, T b) { return !isnan(a) && !isnan(b); } \
    __PTX bool __ptx_setp_nan_##t(T a, T b) { return isnan(a) || isnan(b); }
__PTX_FLOAT_ORDER(f32, float)
__PTX_FLOAT_ORDER(f64, double)

// ---- Floating point ----
__PTX float __ptx_flush(float x) { return fabsf(x) < 1.17549435e-38f ? copysignf(0.0f, x) : x; }
__PTX float __ptx_saturated(float x) { return x > 0 ? fminf(x, 1.0f) : 0.0f; }
#define __PTX_FLOAT_1(name, e) \
    __PTX_1(name##_f32, float, e) \
    __PTX float __ptx_##name##_ftz_f32(float a) { return __ptx_flush(__ptx_##name##_f32(__ptx_flush(a))); }
#define __PTX_FLOAT_2(name, e) \
    __PTX_2(name##_f32, float, e) \
    __PTX float __ptx_##name##_ftz_f32(float a, float b) { return __ptx_flush(__ptx_##name##_f32(__ptx_flush(a), __ptx_flush(b))); }
#define __PTX_FLOAT_3(name, e) \
    __PTX_3(name##_f32, float, e) \
    __PTX float __ptx_##name##_ftz_f32(float a, float b, float c) \
    { \
        return __ptx_flush(__ptx_##name##_f32(__ptx_flush(a), __ptx_flush(b), __ptx_flush(c))); \
    }
__PTX_FLOAT_2(add, __fadd_rn(a, b))
__PTX_FLOAT_2(add_rn, __fadd_rn(a, b))
__PTX_FLOAT_2(add_rz, __fadd_rz(a, b))
__PTX_FLOAT_2(add_rm, __fadd_rd(a, b))
__PTX_FLOAT_2(add_rp, __fadd_ru(a, b))
__PTX_FLOAT_2(sub, __fsub_rn(a, b))
__PTX_FLOAT_2(sub_rn, __fsub_rn(a, b))
__PTX_FLOAT_2(sub_rz, __fsub_rz(a, b))
__PTX_FLOAT_2(mul, __fmul_rn(a, b))
__PTX_FLOAT_2(mul_rn, __fmul_rn(a, b))
__PTX_FLOAT_2(mul_rz, __fmul_rz(a, b))
__PTX_FLOAT_2(div_rn, __fdiv_rn(a, b))
__PTX_FLOAT_2(div_approx, __fdiv_rn(a, b))
__PTX_FLOAT_2(div_full, __fdiv_rn(a, b))
__PTX_FLOAT_3(fma_rn, __fmaf_rn(a, b, c))
__PTX_FLOAT_3(fma_rz, __fmaf_rz(a, b, c))
__PTX_FLOAT_3(fma_rm, __fmaf_rd(a, b, c))
__PTX_FLOAT_3(fma_rp, __fmaf_ru(a, b, c))
__PTX_FLOAT_3(mad_rn, __fmaf_rn(a, b, c))
__PTX_FLOAT_2(min, fminf(a, b))
__PTX_FLOAT_2(max, fmaxf(a, b))
__PTX_FLOAT_1(abs, fabsf(a))
__PTX_FLOAT_1(neg, -a)
__PTX_FLOAT_1(sqrt_rn, __fsqrt_rn(a))
__PTX_FLOAT_1(sqrt_approx, __fsqrt_rn(a))
__PTX_FLOAT_1(rsqrt_approx, rsqrtf(a))
__PTX_FLOAT_1(rcp_rn, __frcp_rn(a))
__PTX_FLOAT_1(rcp_approx, __frcp_rn(a))
__PTX_FLOAT_1(ex2_approx, exp2f(a))
__PTX_FLOAT_1(lg2_approx, log2f(a))
__PTX_FLOAT_1(sin_approx, sinf(a))
__PTX_FLOAT_1(cos_approx, cosf(a))
__PTX_1(tanh_approx_f32, float, tanhf(a))
__PTX_2(add_sat_f32, float, __ptx_saturated(__fadd_rn(a, b)))
__PTX_2(mul_sat_f32, float, __ptx_saturated(__fmul_rn(a, b)))
__PTX_3(fma_rn_sat_f32, float, __ptx_saturated(__fmaf_rn(a, b, c)))
__PTX_2(copysign_f32, float, copysignf(b, a))
__PTX_2(add_f64, double, __dadd_rn(a, b))
__PTX_2(add_rn_f64, double, __dadd_rn(a, b))
__PTX_2(sub_f64, double, __dsub_rn(a, b))
__PTX_2(sub_rn_f64, double, __dsub_rn(a, b))
__PTX_2(mul_f64, double, __dmul_rn(a, b))
__PTX_2(mul_rn_f64, double, __dmul_rn(a, b))
__PTX_2(div_rn_f64, double, __ddiv_rn(a, b))
__PTX_3(fma_rn_f64, double, __fma_rn(a, b, c))
__PTX_2(min_f64, double, fmin(a, b))
__PTX_2(max_f64, double, fmax(a, b))
__PTX_1(abs_f64, double, fabs(a))
__PTX_1(neg_f64, double, -a)
__PTX_1(sqrt_rn_f64, double, __dsqrt_rn(a))
__PTX_1(rcp_rn_f64, double, __drcp_rn(a))

// ---- Conversions ----
__PTX float __ptx_cvt_rn_f32_s32(int a) { return (float)a; }
__PTX float __ptx_cvt_rn_f32_u32(unsigned int a) { return (float)a; }
__PTX float __ptx_cvt_rn_f32_s64(long a) { return (float)a; }
__PTX float __ptx_cvt_rn_f32_u64(unsigned long a) { return (float)a; }
__PTX float __ptx_cvt_rn_f32_f64(double a) { return (float)a; }
__PTX double __ptx_cvt_f64_f32(float a) { return a; }
__PTX double __ptx_cvt_rn_f64_s32(int a) { return a; }
__PTX double __ptx_cvt_rn_f64_u32(unsigned int a) { return a; }
__PTX double __ptx_cvt_rn_f64_s64(long a) { return (double)a; }
__PTX double __ptx_cvt_rn_f64_u64(unsigned long a) { return (double)a; }
__PTX int __ptx_cvt_rzi_s32_f32(float a) { return __float2int_rz(a); }
__PTX unsigned int __ptx_cvt_rzi_u32_f32(float a) { return __float2uint_rz(a); }
__PTX int __ptx_cvt_rni_s32_f32(float a) { return __float2int_rn(a); }
__PTX unsigned int __ptx_cvt_rni_u32_f32(float a) { return __float2uint_rn(a); }
__PTX int __ptx_cvt_rmi_s32_f32(float a) { return __float2int_rd(a); }
__PTX int __ptx_cvt_rpi_s32_f32(float a) { return __float2int_ru(a); }
__PTX int __ptx_cvt_rzi_s32_f64(double a) { return __double2int_rz(a); }
__PTX long __ptx_cvt_rzi_s64_f32(float a) { return __float2ll_rz(a); }
__PTX long __ptx_cvt_rzi_s64_f64(double a) { return __double2ll_rz(a); }
__PTX_1(cvt_rni_f32_f32, float, rintf(a))
__PTX_1(cvt_rzi_f32_f32, float, truncf(a))
__PTX_1(cvt_rmi_f32_f32, float, floorf(a))
__PTX_1(cvt_rpi_f32_f32, float, ceilf(a))
__PTX_1(cvt_sat_f32_f32, float, __ptx_saturated(a))
__PTX unsigned long __ptx_cvt_u64_u32(unsigned int a) { return a; }
__PTX long __ptx_cvt_s64_s32(int a) { return a; }
__PTX unsigned int __ptx_cvt_u32_u64(unsigned long a) { return (unsigned int)a; }
__PTX int __ptx_cvt_s32_s64(long a) { return (int)a; }
__PTX unsigned int __ptx_cvt_u32_u16(unsigned short a) { return a; }
__PTX int __ptx_cvt_s32_s16(short a) { return a; }
__PTX unsigned short __ptx_cvt_u16_u32(unsigned int a) { return (unsigned short)a; }
__PTX unsigned short __ptx_cvt_rn_f16_f32(float a) { return __half_as_ushort(__float2half_rn(a)); }
__PTX float __ptx_cvt_f32_f16(unsigned short a) { return __half2float(__ushort_as_half(a)); }

// ---- Threads, barriers, fences, atomics, warps ----
__PTX unsigned int __ptx_reg_tid_x() { return threadIdx.x; }
__PTX unsigned int __ptx_reg_tid_y() { return threadIdx.y; }
__PTX unsigned int __ptx_reg_tid_z() { return threadIdx.z; }
__PTX unsigned int __ptx_reg_ntid_x() { return blockDim.x; }
__PTX unsigned int __ptx_reg_ntid_y() { return blockDim.y; }
__PTX unsigned int __ptx_reg_ntid_z() { return blockDim.z; }
__PTX unsigned int __ptx_reg_ctaid_x() { return blockIdx.x; }
__PTX unsigned int __ptx_reg_ctaid_y() { return blockIdx.y; }
__PTX unsigned int __ptx_reg_ctaid_z() { return blockIdx.z; }
__PTX unsigned int __ptx_reg_nctaid_x() { return gridDim.x; }
__PTX unsigned int __ptx_reg_nctaid_y() { return gridDim.y; }
__PTX unsigned int __ptx_reg_nctaid_z() { return gridDim.z; }
__PTX unsigned int __ptx_reg_laneid() { return __thread_rank() % 32; }
__PTX unsigned int __ptx_reg_warpid() { return __thread_rank() / 32; }
__PTX unsigned int __ptx_reg_nwarpid() { return (__thread_count() + 31) / 32; }
__PTX unsigned int __ptx_reg_lanemask_eq() { return 1u << __ptx_reg_laneid(); }
__PTX unsigned int __ptx_reg_lanemask_lt() { return (1u << __ptx_reg_laneid()) - 1; }
__PTX unsigned int __ptx_reg_lanemask_le() { return 0xffffffffu >> (31 - __ptx_reg_laneid()); }
__PTX unsigned int __ptx_reg_lanemask_gt() { return ~__ptx_reg_lanemask_le(); }
__PTX unsigned int __ptx_reg_lanemask_ge() { return 0xffffffffu << __ptx_reg_laneid(); }
// The device is one multiprocessor, as far as programs can tell.
__PTX unsigned int __ptx_reg_smid() { return 0; }
__PTX unsigned int __ptx_reg_nsmid() { return 1; }
__PTX unsigned long __ptx_reg_gridid() { return 0; }
__PTX unsigned int __ptx_reg_clock() { return (unsigned int)clock(); }
__PTX unsigned long __ptx_reg_clock64() { return (unsigned long)clock64(); }
__PTX unsigned long __ptx_reg_globaltimer() { return (unsigned long)clock64(); }

__PTX void __ptx_bar_sync() { __syncthreads(); }
__PTX void __ptx_membar_cta() { __threadfence_block(); }
__PTX void __ptx_membar_gl() { __threadfence(); }
__PTX void __ptx_membar_sys() { __threadfence_system(); }
#define __PTX_FENCES(order) \
    __PTX void __ptx_fence_##order##_cta() { __threadfence_block(); } \
    __PTX void __ptx_fence_##order##_gpu() { __threadfence(); } \
    __PTX void __ptx_fence_##order##_sys() { __threadfence_system(); }
__PTX_FENCES(sc)
__PTX_FENCES(acq_rel)
__PTX void __ptx_bar_warp_sync(unsigned int mask) { __syncwarp(mask); }
__PTX void __ptx_nanosleep_u32(unsigned int) {}
__PTX void __ptx_trap() { __trap(); }
__PTX unsigned int __ptx_activemask_b32() { return __activemask(); }

#define __PTX_ATOMIC(op, t, T, e) \
    __PTX T __ptx_atom_##op##_##t(T* p, T v) { return e; } \
    __PTX void __ptx_red_##op##_##t(T* p, T v) { e; }
__PTX_ATOMIC(add, u32, unsigned int, atomicAdd(p, v))
__PTX_ATOMIC(add, s32, int, atomicAdd(p, v))
__PTX_ATOMIC(add, u64, unsigned long long, atomicAdd(p, v))
__PTX_ATOMIC(add, f32, float, atomicAdd(p, v))
__PTX_ATOMIC(add, f64, double, atomicAdd(p, v))
__PTX_ATOMIC(min, u32, unsigned int, atomicMin(p, v))
__PTX_ATOMIC(min, s32, int, atomicMin(p, v))
__PTX_ATOMIC(max, u32, unsigned int, atomicMax(p, v))
__PTX_ATOMIC(max, s32, int, atomicMax(p, v))
__PTX_ATOMIC(and, b32, unsigned int, atomicAnd(p, v))
__PTX_ATOMIC(or, b32, unsigned int, atomicOr(p, v))
__PTX_ATOMIC(xor, b32, unsigned int, atomicXor(p, v))
__PTX_ATOMIC(inc, u32, unsigned int, atomicInc(p, v))
__PTX_ATOMIC(dec, u32, unsigned int, atomicDec(p, v))
__PTX unsigned int __ptx_atom_exch_b32(unsigned int* p, unsigned int v) { return atomicExch(p, v); }
__PTX unsigned int __ptx_atom_cas_b32(unsigned int* p, unsigned int compare, unsigned int v) { return atomicCAS(p, compare, v); }

// The source lane as the ISA computes it from `c`, which holds the clamp and the mask of the segment.
__PTX unsigned int __ptx_shuffle(unsigned int a, int from, bool inside, unsigned int mask)
{
    return __shfl_sync(mask, a, inside ? from : (int)__ptx_reg_laneid());
}
__PTX int __ptx_last_lane(unsigned int c) { return (int)((__ptx_reg_laneid() & (c >> 8)) | (c & ~(c >> 8))) & 31; }
__PTX unsigned int __ptx_shfl_sync_up_b32(unsigned int a, unsigned int b, unsigned int c, unsigned int mask)
{
    int from = (int)__ptx_reg_laneid() - (int)(b & 31);
    return __ptx_shuffle(a, from, from >= __ptx_last_lane(c), mask);
}
__PTX unsigned int __ptx_shfl_sync_down_b32(unsigned int a, unsigned int b, unsigned int c, unsigned int mask)
{
    int from = (int)__ptx_reg_laneid() + (int)(b & 31);
    return __ptx_shuffle(a, from, from <= __ptx_last_lane(c), mask);
}
__PTX unsigned int __ptx_shfl_sync_bfly_b32(unsigned int a, unsigned int b, unsigned int c, unsigned int mask)
{
    int from = (int)(__ptx_reg_laneid() ^ (b & 31));
    return __ptx_shuffle(a, from, from <= __ptx_last_lane(c), mask);
}
__PTX unsigned int __ptx_shfl_sync_idx_b32(unsigned int a, unsigned int b, unsigned int c, unsigned int mask)
{
    int from = (int)((__ptx_reg_laneid() & (c >> 8)) | (b & ~(c >> 8))) & 31;
    return __ptx_shuffle(a, from, from <= __ptx_last_lane(c), mask);
}
__PTX bool __ptx_vote_sync_any_pred(bool p, unsigned int mask) { return __any_sync(mask, p); }
__PTX bool __ptx_vote_sync_all_pred(bool p, unsigned int mask) { return __all_sync(mask, p); }
__PTX unsigned int __ptx_vote_sync_ballot_b32(bool p, unsigned int mask) { return __ballot_sync(mask, p); }
__PTX unsigned int __ptx_match_any_sync_b32(unsigned int a, unsigned int mask) { return __match_any_sync(mask, a); }
__PTX unsigned int __ptx_redux_sync_add_u32(unsigned int a, unsigned int mask) { return __reduce_add_sync(mask, a); }
__PTX int __ptx_redux_sync_add_s32(int a, unsigned int mask) { return __reduce_add_sync(mask, a); }
__PTX unsigned int __ptx_redux_sync_min_u32(unsigned int a, unsigned int mask) { return __reduce_min_sync(mask, a); }
__PTX unsigned int __ptx_redux_sync_max_u32(unsigned int a, unsigned int mask) { return __reduce_max_sync(mask, a); }
__PTX int __ptx_redux_sync_min_s32(int a, unsigned int mask) { return __reduce_min_sync(mask, a); }
__PTX int __ptx_redux_sync_max_s32(int a, unsigned int mask) { return __reduce_max_sync(mask, a); }
__PTX unsigned int __ptx_redux_sync_and_b32(unsigned int a, unsigned int mask) { return __reduce_and_sync(mask, a); }
__PTX unsigned int __ptx_redux_sync_or_b32(unsigned int a, unsigned int mask) { return __reduce_or_sync(mask, a); }
__PTX unsigned int __ptx_redux_sync_xor_b32(unsigned int a, unsigned int mask) { return __reduce_xor_sync(mask, a); }
