// What nvcc includes in front of every .cu file: types, vector types, math and the device intrinsics.
#pragma once
#include "limits.h"
#include "stdint.h"
#include "translate_builtins.h"
#include "vector_types.h"
#include "vector_functions.h"
#include "math_functions.h"
#include "device_functions.h"
#include "warp_functions.h"

#define CUDART_VERSION 12080

typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
