// [namespace.alias] in a block; [conv.ptr]/1: a macro that is 0 is a null pointer; [basic.scope.pdecl]/7: `struct S*` declares S.
//# launch = { kernel = "named", grid = 1, block = 32 }
//# args   = [{ out = "zeros i32 5" }, { x = "list i32 7 8 9" }, { handle = "null" }]
//# expect = { out = [496, -1, 9, 2, 1] }
#include <cooperative_groups.h>
#include <cooperative_groups/reduce.h>
#include <cstddef>
#define NOTHING 0
typedef struct OpaqueHandle* Handle;

__device__ int first(const int* p) { return p ? p[0] : -1; }

__global__ void named(int* out, const int* x, Handle handle)
{
    namespace cg = cooperative_groups;
    cg::thread_block block = cg::this_thread_block();
    cg::thread_block_tile<32> warp = cg::tiled_partition<32>(block);
    int sum = cg::reduce(warp, (int)warp.thread_rank(), cg::plus<int>{});
    const int* p = NULL;
    const int* q = NOTHING;
    if (block.thread_rank() == 0) {
        namespace groups = cg;
        out[0] = sum;
        out[1] = first(q);
        out[2] = first(sum > 3 ? x + 2 : NULL);
        out[3] = (p == NULL) + (first(NULL) < 0);
        out[4] = handle == NULL && groups::this_thread_block().size() == 32;
    }
}
