// What device code may use of <stdlib.h>.
#pragma once
#include "stddef.h"

#define RAND_MAX 2147483647
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
