// The types of cuFFT's data, which kernels before and behind a transform take. The transforms themselves are the host's.
#pragma once
#include "cuComplex.h"

typedef float cufftReal;
typedef double cufftDoubleReal;
typedef cuComplex cufftComplex;
typedef cuDoubleComplex cufftDoubleComplex;
