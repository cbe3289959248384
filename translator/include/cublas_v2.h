// The types of cuBLAS's data, which come with its header. What the library computes is the host's.
#pragma once
#include "cuComplex.h"
#include "cuda_fp16.h"
#include "cuda_bf16.h"
