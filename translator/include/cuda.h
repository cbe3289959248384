// The driver interface is host code; device code finds here what cuda_runtime.h gives.
#pragma once
#include "cuda_runtime.h"

#define CUDA_VERSION 12080
