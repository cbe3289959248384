// Keeps the positive values, in order: a ballot tells each lane how many before it keep theirs, one lane reserves room for its warp.
//# launch = { kernel = "compact", grid = 1, block = 32 }
//# args   = [{ data = "expr i32 100 (i * 37) % 11 - 5" }, { kept = "zeros i32 100" }, { count = "zeros i32 1" }, { n = 100 }]
//# expect.count = "count(k, 0, 100, data[k] > 0)"
//# expect.kept  = '''{ let left = i; let found = 0; for k in 0..100 { if data[k] > 0 { if left == 0 { found = data[k]; } left = left - 1; } } found }'''

__global__ void compact(const int* data, int* kept, int* count, int n)
{
    int lane = threadIdx.x;
    unsigned before = (1u << lane) - 1;

    for (int start = 0; start < n; start += 32) {
        int i = start + lane;
        bool keep = i < n && data[i] > 0;
        unsigned votes = __ballot_sync(0xffffffffu, keep);

        int first = 0;
        if (lane == 0)
            first = atomicAdd(count, __popc(votes));
        first = __shfl_sync(0xffffffffu, first, 0);
        if (keep)
            kept[first + __popc(votes & before)] = data[i];
    }
}
