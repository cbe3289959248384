// The types of one, two and four 8-bit floats; included once for each kind, with
//     __FP8_ONE, __FP8_TWO, __FP8_FOUR   the types' names
//     __FP8_KIND                         __NV_E4M3 or __NV_E5M2
// All constructors saturate to the largest finite value. Integers saturate at 8 bits, which no other integer needs; NaN becomes 0, of 64 bits
// the highest bit (CUDA Math API, "FP8 Intrinsics").

struct __align__(1) __FP8_ONE {
    __nv_fp8_storage_t __x;

    __FP8_ONE() = default;
    __host__ __device__ explicit __FP8_ONE(float value) : __x(__nv_cvt_float_to_fp8(value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(double value) : __x(__nv_cvt_double_to_fp8(value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(__half value) : __x(__nv_cvt_float_to_fp8(__half2float(value), __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(__nv_bfloat16 value) : __x(__nv_cvt_float_to_fp8(__bfloat162float(value), __NV_SATFINITE, __FP8_KIND)) {}
    // Integers that a float does not hold are too large for these types.
    __host__ __device__ explicit __FP8_ONE(short value) : __x(__nv_cvt_float_to_fp8((float)value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(unsigned short value) : __x(__nv_cvt_float_to_fp8((float)value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(int value) : __x(__nv_cvt_float_to_fp8((float)value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(unsigned int value) : __x(__nv_cvt_float_to_fp8((float)value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(long value) : __x(__nv_cvt_float_to_fp8((float)value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(unsigned long value) : __x(__nv_cvt_float_to_fp8((float)value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(long long value) : __x(__nv_cvt_float_to_fp8((float)value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_ONE(unsigned long long value) : __x(__nv_cvt_float_to_fp8((float)value, __NV_SATFINITE, __FP8_KIND)) {}

    __host__ __device__ explicit operator float() const { return __fp8_to_float(__x, __FP8_KIND); }
    __host__ __device__ explicit operator double() const { return (double)__fp8_to_float(__x, __FP8_KIND); }
    __host__ __device__ explicit operator __half() const { return __half(__nv_cvt_fp8_to_halfraw(__x, __FP8_KIND)); }
    __host__ __device__ explicit operator __nv_bfloat16() const { return __nv_bfloat16(__nv_cvt_fp8_to_bf16raw(__x, __FP8_KIND)); }
    __host__ __device__ explicit operator signed char() const { return (signed char)min(max((int)__fp8_to_float(__x, __FP8_KIND), -128), 127); }
    __host__ __device__ explicit operator char() const { return (char)(signed char)*this; }
    __host__ __device__ explicit operator unsigned char() const { return (unsigned char)min(max((int)__fp8_to_float(__x, __FP8_KIND), 0), 255); }
    __host__ __device__ explicit operator short() const { return (short)min(max((int)__fp8_to_float(__x, __FP8_KIND), -32768), 32767); }
    __host__ __device__ explicit operator unsigned short() const { return (unsigned short)min(max((int)__fp8_to_float(__x, __FP8_KIND), 0), 65535); }
    __host__ __device__ explicit operator int() const { return (int)__fp8_to_float(__x, __FP8_KIND); }
    __host__ __device__ explicit operator unsigned int() const { return (unsigned int)__fp8_to_float(__x, __FP8_KIND); }
    __host__ __device__ explicit operator long long() const { return __half2ll_rz(__half(*this)); }
    __host__ __device__ explicit operator unsigned long long() const { return __half2ull_rz(__half(*this)); }
    __host__ __device__ explicit operator long() const { return (long)(long long)*this; }
    __host__ __device__ explicit operator unsigned long() const { return (unsigned long)(unsigned long long)*this; }
    __host__ __device__ explicit operator bool() const { return (__x & 0x7fu) != 0u; }
};

struct __align__(2) __FP8_TWO {
    __nv_fp8x2_storage_t __x;

    __FP8_TWO() = default;
    __host__ __device__ explicit __FP8_TWO(float2 value) : __x(__nv_cvt_float2_to_fp8x2(value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_TWO(double2 value) : __x(__nv_cvt_double2_to_fp8x2(value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_TWO(__half2 value) : __x(__nv_cvt_halfraw2_to_fp8x2((__half2_raw)value, __NV_SATFINITE, __FP8_KIND)) {}
    __host__ __device__ explicit __FP8_TWO(__nv_bfloat162 value) : __x(__nv_cvt_bfloat16raw2_to_fp8x2((__nv_bfloat162_raw)value, __NV_SATFINITE, __FP8_KIND)) {}

    __host__ __device__ explicit operator float2() const { return make_float2(__fp8_to_float(__x, __FP8_KIND), __fp8_to_float(__x >> 8, __FP8_KIND)); }
    __host__ __device__ explicit operator __half2() const { return __half2(__nv_cvt_fp8x2_to_halfraw2(__x, __FP8_KIND)); }
    __host__ __device__ explicit operator __nv_bfloat162() const { return __nv_bfloat162(__nv_cvt_fp8x2_to_bf162raw(__x, __FP8_KIND)); }
};

struct __align__(4) __FP8_FOUR {
    __nv_fp8x4_storage_t __x;

    __FP8_FOUR() = default;
    __host__ __device__ explicit __FP8_FOUR(float4 value)
        : __x(__pair(__FP8_TWO(make_float2(value.x, value.y)), __FP8_TWO(make_float2(value.z, value.w)))) {}
    __host__ __device__ explicit __FP8_FOUR(double4 value)
        : __x(__pair(__FP8_TWO(make_double2(value.x, value.y)), __FP8_TWO(make_double2(value.z, value.w)))) {}
    __host__ __device__ explicit __FP8_FOUR(__half2 low, __half2 high) : __x(__pair(__FP8_TWO(low), __FP8_TWO(high))) {}
    __host__ __device__ explicit __FP8_FOUR(__nv_bfloat162 low, __nv_bfloat162 high) : __x(__pair(__FP8_TWO(low), __FP8_TWO(high))) {}

    __host__ __device__ explicit operator float4() const
    {
        return make_float4(__fp8_to_float(__x, __FP8_KIND), __fp8_to_float(__x >> 8, __FP8_KIND), __fp8_to_float(__x >> 16, __FP8_KIND),
                           __fp8_to_float(__x >> 24, __FP8_KIND));
    }

    __host__ __device__ static unsigned int __pair(__FP8_TWO low, __FP8_TWO high) { return low.__x | (unsigned int)high.__x << 16; }
};
