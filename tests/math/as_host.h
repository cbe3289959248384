// CUDA C++ as C++ of the host: the shipped headers define anew what C's do. To be included behind these, without a guard.
#define __device__
#define __host__
#undef INFINITY
#undef NAN
#undef HUGE_VALF
#undef HUGE_VAL
