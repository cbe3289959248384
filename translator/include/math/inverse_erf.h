// The inverse error functions and their relatives under their names without suffix.
#pragma once
#include "math_functions.h"
#include "math/float_inverse_erf.h"
#include "math/double_inverse_erf.h"

__device__ inline float erfinv(float x) { return erfinvf(x); }
__device__ inline float erfcinv(float x) { return erfcinvf(x); }
__device__ inline float normcdfinv(float x) { return normcdfinvf(x); }
__device__ inline float erfcx(float x) { return erfcxf(x); }
