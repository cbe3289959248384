// assert: reports and stops the thread. Like C's it may be included again after a change of NDEBUG.
#include "translate_builtins.h"

#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : __assertfail(#condition, __FILE__, __LINE__, "", 1))
#endif
