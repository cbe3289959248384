// Bessel functions, read where a program names one of them. CUDA gives those without suffix doubles alone.
#pragma once
#include "math_functions.h"
#include "math/float_bessel.h"
#include "math/double_bessel.h"
