// C's math functions, which cuda_runtime.h has already.
#pragma once
#include "math_functions.h"
