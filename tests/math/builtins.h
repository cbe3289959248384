// Host bodies for the built-ins that the shipped math headers call, so that g++ can compile those headers as they are.
// To be included inside a namespace, behind translate_builtins.h.

template <typename To, typename From>
inline To same_bits(From from)
{
    static_assert(sizeof(To) == sizeof(From));
    To to;
    __builtin_memcpy(&to, &from, sizeof to);
    return to;
}

inline int __float_as_int(float x) { return same_bits<int>(x); }
inline unsigned int __float_as_uint(float x) { return same_bits<unsigned int>(x); }
inline float __int_as_float(int x) { return same_bits<float>(x); }
inline float __uint_as_float(unsigned int x) { return same_bits<float>(x); }
inline long long __double_as_longlong(double x) { return same_bits<long long>(x); }
inline double __longlong_as_double(long long x) { return same_bits<double>(x); }

inline float sqrtf(float x) { return __builtin_sqrtf(x); }
inline float sqrt(float x) { return __builtin_sqrtf(x); }
inline float fabs(float x) { return __builtin_fabsf(x); }
inline float fabsf(float x) { return __builtin_fabsf(x); }
inline float floorf(float x) { return __builtin_floorf(x); }
inline float truncf(float x) { return __builtin_truncf(x); }
inline float rintf(float x) { return __builtin_rintf(x); }
inline float fminf(float x, float y) { return __builtin_fminf(x, y); }
inline float fmaxf(float x, float y) { return __builtin_fmaxf(x, y); }
inline float copysignf(float x, float y) { return __builtin_copysignf(x, y); }
inline double sqrt(double x) { return __builtin_sqrt(x); }
inline double fabs(double x) { return __builtin_fabs(x); }
inline double floor(double x) { return __builtin_floor(x); }
inline double trunc(double x) { return __builtin_trunc(x); }
inline double rint(double x) { return __builtin_rint(x); }
inline double fmin(double x, double y) { return __builtin_fmin(x, y); }
inline double fmax(double x, double y) { return __builtin_fmax(x, y); }
inline double copysign(double x, double y) { return __builtin_copysign(x, y); }

inline int min(int x, int y) { return x < y ? x : y; }
inline int max(int x, int y) { return x > y ? x : y; }
inline long min(long x, long y) { return x < y ? x : y; }
inline long max(long x, long y) { return x > y ? x : y; }
inline int __clz(int x) { return x == 0 ? 32 : __builtin_clz((unsigned int)x); }
inline int __clzll(long long x) { return x == 0 ? 64 : __builtin_clzll((unsigned long long)x); }
inline unsigned int __umulhi(unsigned int x, unsigned int y) { return (unsigned long long)x * y >> 32; }
inline unsigned long long __umul64hi(unsigned long long x, unsigned long long y) { return (unsigned __int128)x * y >> 64; }
inline unsigned int min(unsigned int x, unsigned int y) { return x < y ? x : y; }
inline unsigned int max(unsigned int x, unsigned int y) { return x > y ? x : y; }
inline int abs(int x) { return x < 0 ? (int)(0u - (unsigned int)x) : x; }
