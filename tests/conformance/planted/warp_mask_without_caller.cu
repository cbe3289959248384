// Every lane votes with the mask of the lanes below it, and is not in it itself.
//# launch = { kernel = "k", grid = 1, block = 32 }
//# args   = [{ data = "iota i32 32" }, { out = "zeros i32 32" }]
//# fails  = "E0628"

__global__ void k(const int* data, int* out)
{
    unsigned below = (1u << threadIdx.x) - 1;
    unsigned votes = __ballot_sync(below, data[threadIdx.x] > 4); // <--
    out[threadIdx.x] = __popc(votes);
}
