// CUB's collective primitives for blocks and warps. Device-wide algorithms (cub::DeviceReduce and its kind) are host code.
#pragma once
#include "cub/block/block_load.cuh"
#include "cub/block/block_radix_sort.cuh"
#include "cub/block/block_reduce.cuh"
#include "cub/block/block_scan.cuh"
#include "cub/block/block_store.cuh"
#include "cub/thread/thread_load.cuh"
#include "cub/thread/thread_operators.cuh"
#include "cub/thread/thread_store.cuh"
#include "cub/util_ptx.cuh"
#include "cub/warp/warp_reduce.cuh"
#include "cub/warp/warp_scan.cuh"
