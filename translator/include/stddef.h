// size_t, ptrdiff_t and offsetof.
#pragma once
#include "translate_builtins.h"

#ifndef NULL
#define NULL 0
#endif
#define offsetof(type, member) ((size_t)&((type*)0)->member)
