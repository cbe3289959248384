// Inline PTX: special registers, bit fields, a guarded instruction, 128-bit sums with a carry, a warp's sum by `shfl`, memory with hints.
//# launch  = { kernel = "instructions", grid = 2, block = 64 }
//# args    = [{ in = "expr u32 128 i * 2654435761" }, { out = "zeros u32 128" }, { wide = "zeros u64 256" }, { total = "zeros u32 1" }]
//# expect  = { out = ''' {
//#   let lane = i % 32; let v = in[i];
//#   let field = v >> 5 & 1023;
//#   let swapped = (v & 255) << 24 | (v >> 8 & 255) << 16 | (v >> 16 & 255) << 8 | v >> 24;
//#   let before = count(k, 0, lane, in[i - lane + k] % 3 == 0);
//#   let small = field < 100 ? 7 : field;
//#   u32(lane * 3 + small) + (swapped ^ u32(before))
//# } ''', wide = "i % 2 == 0 ? u64(in[i / 2]) - 1 : u64(i / 2) + (in[i / 2] > 0 ? 1 : 0)", total = "4 * sum(k, 0, 32, k) + 2 * 32 * 32" }

__device__ unsigned laneId()
{
    unsigned lane;
    asm("mov.u32 %0, %%laneid;" : "=r"(lane));
    return lane;
}

// How many of the lanes below this one say yes.
__device__ unsigned countBelow(bool yes)
{
    unsigned votes = __ballot_sync(0xffffffff, yes), below;
    asm("{ .reg .u32 m; mov.u32 m, %%lanemask_lt; and.b32 m, m, %1; popc.b32 %0, m; }" : "=r"(below) : "r"(votes));
    return below;
}

__device__ unsigned warpSum(unsigned value)
{
    for (int distance = 16; distance > 0; distance /= 2) {
        unsigned other;
        asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 0x1f, 0xffffffff;" : "=r"(other) : "r"(value), "r"(distance));
        value += other;
    }
    return value;
}

__global__ void instructions(const unsigned* in, unsigned* out, unsigned long long* wide, unsigned* total)
{
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned v, field, swapped, result;
    asm("ld.global.nc.u32 %0, [%1];" : "=r"(v) : "l"(in + i));
    asm("bfe.u32 %0, %1, 5, 10;" : "=r"(field) : "r"(v));
    asm("prmt.b32 %0, %1, 0, 0x0123;" : "=r"(swapped) : "r"(v));
    asm("{\n\t"
        ".reg .pred small;\n\t"
        "setp.lt.u32 small, %0, 100;   // a guard\n\t"
        "@small mov.u32 %0, 7;\n\t"
        "}"
        : "+r"(field));
    unsigned before = countBelow(v % 3 == 0);
    asm("mad.lo.u32 %0, %1, 3, %2;" : "=r"(result) : "r"(laneId()), "r"(field));
    asm("lop3.b32 %0, %1, %2, 0, 0x3c;" : "=r"(swapped) : "r"(swapped), "r"(before));
    asm volatile("st.global.cs.u32 [%0], %1;" : : "l"(out + i), "r"(result + swapped) : "memory");

    // i * 2^64 + v, and all ones of the lower half to it: a carry unless v is 0.
    unsigned long long low = v, high = i;
    asm("add.cc.u64 %0, %0, %2;\n\taddc.u64 %1, %1, 0;" : "+l"(low), "+l"(high) : "l"(0xffffffffffffffffull));
    wide[2 * i] = low;
    wide[2 * i + 1] = high;

    unsigned sum = warpSum(laneId() + 16);
    if (laneId() == 0)
        asm volatile("red.global.add.u32 [%0], %1;" : : "l"(total), "r"(sum) : "memory");
}
