// Part of what cuda_runtime.h gives.
#pragma once
#include "cuda_runtime.h"

struct cudaPos { size_t x, y, z; };
struct cudaExtent { size_t width, height, depth; };
struct cudaPitchedPtr { void* ptr; size_t pitch, xsize, ysize; };
