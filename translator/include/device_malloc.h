// malloc, free, new and delete on the device (CUDA guide, "Dynamic Global Memory Allocation and Operations").
//
// A heap of as many bytes as CUDA's default limit, of which an end moves up. What a thread frees, the same thread may have again, in this launch
// and the next; another thread may not: it would have to know that the first one's writes are done, and WGSL cannot order the memory of
// two workgroups. So nobody waits for anybody, and an exhausted heap gives null.
//
// Four words lie before each block: its units of 16 bytes, its own unit, the next free block, the number of elements that `new T[n]` made.
#pragma once

enum { __heapBytes = 8 << 20, __heapThreads = 1024, __heapNothing = -1 };

__device__ __align__(16) unsigned int __deviceHeap[__heapBytes / 4];
// The first unit that was never given away.
__device__ unsigned int __heapEnd;
// Threads that freed blocks, by number + 1, and the unit + 1 of the block that each freed last.
__device__ unsigned int __heapOwner[__heapThreads];
__device__ unsigned int __heapFree[__heapThreads];

// The place of the calling thread among those, or nothing: then what it frees stays lost.
__device__ inline int __heapPlace()
{
    size_t blocks = (size_t)gridDim.x * gridDim.y * gridDim.z, threads = blockDim.x * blockDim.y * blockDim.z;
    if (blocks * threads >= 0xffffffff) return __heapNothing;
    unsigned int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
    unsigned int thread = block * (unsigned int)threads + (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x + 1;
    for (unsigned int i = 0; i < 4; ++i) {
        unsigned int place = (thread + i * 397) % __heapThreads, owner = atomicCAS(&__heapOwner[place], 0u, thread);
        if (owner == 0 || owner == thread) return (int)place;
    }
    return __heapNothing;
}

// A block that this thread freed, of `units` or more, but no more than `most`.
__device__ inline int __heapReuse(unsigned int units, unsigned int most)
{
    int place = __heapPlace();
    if (place == __heapNothing) return __heapNothing;
    unsigned int before = 0;
    for (unsigned int block = __heapFree[place]; block != 0;) {
        unsigned int at = (block - 1) * 4, size = __deviceHeap[at], next = __deviceHeap[at + 2];
        if (size >= units && size <= most) {
            if (before == 0) __heapFree[place] = next;
            else __deviceHeap[(before - 1) * 4 + 2] = next;
            return (int)(block - 1);
        }
        before = block;
        block = next;
    }
    return __heapNothing;
}

__device__ inline int __heapExtend(unsigned int units)
{
    for (unsigned int end = atomicAdd(&__heapEnd, 0u); units <= __heapBytes / 16 - end;) {
        unsigned int seen = atomicCAS(&__heapEnd, end, end + units);
        if (seen == end) {
            __deviceHeap[end * 4] = units;
            return (int)end;
        }
        end = seen;
    }
    return __heapNothing;
}

__device__ inline int __heapTake(unsigned int units)
{
    int unit = __heapReuse(units, units * 2);
    if (unit == __heapNothing) unit = __heapExtend(units);
    return unit == __heapNothing ? __heapReuse(units, 0xffffffffu) : unit;
}

__device__ inline void __heapGive(unsigned int unit)
{
    int place = __heapPlace();
    if (place == __heapNothing) return;
    __deviceHeap[unit * 4 + 2] = __heapFree[place];
    __heapFree[place] = unit + 1;
}

__device__ inline void* malloc(size_t bytes)
{
    if (bytes > __heapBytes) return nullptr;
    int unit = __heapTake(((unsigned int)bytes + 31) / 16);
    if (unit == __heapNothing) return nullptr;
    unsigned int* block = __deviceHeap + unit * 4;
    block[1] = (unsigned int)unit;
    return block + 4;
}

__device__ inline void free(void* memory)
{
    if (memory) __heapGive(((unsigned int*)memory)[-3]);
}

// What `new T[count]` becomes, and the number of elements that `delete[]` ends.
__device__ inline void* __newArray(size_t count, size_t bytes)
{
    if (count > __heapBytes / bytes) return nullptr;
    unsigned int* memory = (unsigned int*)malloc(count * bytes);
    if (memory) memory[-1] = (unsigned int)count;
    return memory;
}
__device__ inline unsigned int __arrayLength(void* memory) { return ((unsigned int*)memory)[-1]; }

namespace std {
using ::malloc;
using ::free;
}
