#error this is wrong
//<- E0108: #error this is wrong
#define
//<- E0105: `#define` needs a name
#if 1 +
//<- E0106: the condition ends too early
#endif
#else
//<- E0107: `#else` without `#if`
#define F(a, b) a + b
__device__ int x = F(1);
//                 ^ E0109: macro `F` takes 2 arguments, 1 are given
#define JOIN(a, b) a ## b
__device__ int y = JOIN(+, 3);
//                      ^ E0111: `+` and `3` make no token together
const char* s = "open;
//              ^ E0110: this string has no end on its line
#frobnicate
//<- E0105: unknown directive `#frobnicate`
#warning careful
//<- E0112: #warning careful
#include "nowhere.h"
//       ^^^^^^^^^^^ E0102: `nowhere.h` was not found and counts as empty
__global__ void k() {}
#ifdef UNKNOWN
//<- E0107: this condition has no `#endif`
