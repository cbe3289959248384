// Part of what cuda_runtime.h gives.
#pragma once
#include "cuda_runtime.h"
