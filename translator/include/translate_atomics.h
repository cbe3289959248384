// The atomic functions at one scope; translate_builtins.h reads this file once for each, with __ATOMIC(name)
// giving the function's name. Hence no include guard.

// IR: Atomic Add.
__device__ int __ATOMIC(atomicAdd)(int* address, int value);
__device__ unsigned int __ATOMIC(atomicAdd)(unsigned int* address, unsigned int value);
__device__ unsigned long long __ATOMIC(atomicAdd)(unsigned long long* address, unsigned long long value);
__device__ float __ATOMIC(atomicAdd)(float* address, float value);
__device__ double __ATOMIC(atomicAdd)(double* address, double value);

// IR: Atomic Sub.
__device__ int __ATOMIC(atomicSub)(int* address, int value);
__device__ unsigned int __ATOMIC(atomicSub)(unsigned int* address, unsigned int value);

// IR: Atomic Exchange.
__device__ int __ATOMIC(atomicExch)(int* address, int value);
__device__ unsigned int __ATOMIC(atomicExch)(unsigned int* address, unsigned int value);
__device__ unsigned long long __ATOMIC(atomicExch)(unsigned long long* address, unsigned long long value);
__device__ float __ATOMIC(atomicExch)(float* address, float value);

// IR: Atomic Min, Max.
__device__ int __ATOMIC(atomicMin)(int* address, int value);
__device__ unsigned int __ATOMIC(atomicMin)(unsigned int* address, unsigned int value);
__device__ long long __ATOMIC(atomicMin)(long long* address, long long value);
__device__ unsigned long long __ATOMIC(atomicMin)(unsigned long long* address, unsigned long long value);
__device__ int __ATOMIC(atomicMax)(int* address, int value);
__device__ unsigned int __ATOMIC(atomicMax)(unsigned int* address, unsigned int value);
__device__ long long __ATOMIC(atomicMax)(long long* address, long long value);
__device__ unsigned long long __ATOMIC(atomicMax)(unsigned long long* address, unsigned long long value);

// IR: Atomic IncWrap (old >= value ? 0 : old + 1), DecWrap (old == 0 || old > value ? value : old - 1).
__device__ unsigned int __ATOMIC(atomicInc)(unsigned int* address, unsigned int value);
__device__ unsigned int __ATOMIC(atomicDec)(unsigned int* address, unsigned int value);

// IR: Atomic CompareExchange; returns the old value.
__device__ int __ATOMIC(atomicCAS)(int* address, int compare, int value);
__device__ unsigned int __ATOMIC(atomicCAS)(unsigned int* address, unsigned int compare, unsigned int value);
__device__ unsigned long long __ATOMIC(atomicCAS)(unsigned long long* address, unsigned long long compare, unsigned long long value);
__device__ unsigned short __ATOMIC(atomicCAS)(unsigned short* address, unsigned short compare, unsigned short value);

// IR: Atomic And, Or, Xor.
__device__ int __ATOMIC(atomicAnd)(int* address, int value);
__device__ unsigned int __ATOMIC(atomicAnd)(unsigned int* address, unsigned int value);
__device__ unsigned long long __ATOMIC(atomicAnd)(unsigned long long* address, unsigned long long value);
__device__ int __ATOMIC(atomicOr)(int* address, int value);
__device__ unsigned int __ATOMIC(atomicOr)(unsigned int* address, unsigned int value);
__device__ unsigned long long __ATOMIC(atomicOr)(unsigned long long* address, unsigned long long value);
__device__ int __ATOMIC(atomicXor)(int* address, int value);
__device__ unsigned int __ATOMIC(atomicXor)(unsigned int* address, unsigned int value);
__device__ unsigned long long __ATOMIC(atomicXor)(unsigned long long* address, unsigned long long value);
