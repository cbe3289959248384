// Bit-fields that are set one by one: each store keeps its neighbours, which have no value yet.
//# launch = { kernel = "pack", grid = 2, block = 64 }
//# args   = [{ out = "zeros u32 100" }, { n = 100 }]
//# expect = { out = "i % 8 + i % 2 * 16 + 544" }

struct Flags {
    unsigned kind : 3;
    bool odd : 1;
    signed level : 12;
};

struct Cell {
    Flags flags[2];
    int rest;
};

__device__ unsigned packed(const Flags& flags) { return flags.kind + flags.odd * 16 + flags.level * 32; }

__global__ void pack(unsigned* out, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    Cell cell;
    Flags& flags = cell.flags[i % 2];
    flags.kind = i;
    flags.odd = i & 1;
    flags.level = -3;
    flags.level += 20;
    out[i] = packed(flags);
}
