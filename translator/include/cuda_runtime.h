// What nvcc includes in front of every .cu file: types, vector types, math and the device intrinsics.
#pragma once
#include "limits.h"
#include "stdint.h"
#include "translate_builtins.h"
#include "vector_types.h"
#include "vector_functions.h"
#include "driver_types.h"
#include "math_functions.h"
#include "device_functions.h"
#include "warp_functions.h"

// What else comes with it, through the C headers that nvcc's own headers include.
#include "assert.h"
#include "cmath"
#include "extrema.h"
#include "limits.h"
#include "stdlib.h"

#define CUDART_VERSION 12080

// Words of host_defines.h that mean nothing here.
#define __device_builtin__
#define __cudart_builtin__
#define CUDARTAPI
#define __builtin_align__(n) __align__(n)

typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long int64_t;
typedef unsigned char u_int8_t;
typedef unsigned short u_int16_t;
typedef unsigned int u_int32_t;
typedef unsigned long u_int64_t;
