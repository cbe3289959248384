// Two halves of a warp go separate ways, each with its own mask and its own number of rounds; behind it they meet again.
//# launch = { kernel = "halves", grid = 1, block = 64 }
//# args   = [{ data = "expr i32 64 i * i" }, { out = "zeros i32 64" }]
//# expect = { out = '''{
//#   let lane = i % 32; let base = i - lane; let result = 0;
//#   if lane < 16 { result = sum(k, base, base + 16, data[k]); }
//#   else { result = most(k, base + 16, base + 32, data[k]) + data[base + 16 + (lane + 1) % 16]; }
//#   let first = sum(k, base, base + 16, data[k]);
//#   result + first
//# }''' }

__global__ void halves(const int* data, int* out)
{
    int lane = threadIdx.x & 31;
    int value = data[threadIdx.x];
    int result = value;

    if (lane < 16) {
        for (int step = 8; step > 0; step >>= 1)
            result += __shfl_xor_sync(0x0000ffffu, result, step);
    } else {
        result = __reduce_max_sync(0xffff0000u, value);
        result += __shfl_sync(0xffff0000u, value, lane + 1, 16);
    }
    __syncwarp();
    out[threadIdx.x] = result + __shfl_sync(0xffffffffu, result, 0);
}
