// A member under the unit of a bit-field: both live in one word, and a copy with a new tag keeps the rest.
//# launch = { kernel = "retag", grid = 2, block = 64 }
//# args   = [{ items = "iota u32 100" }, { n = 100 }, { out = "zeros u32 100" }]
//# expect = { out = "i + 7" }

struct Item {
    unsigned char tag;
    int rest : 24;
};

__global__ void retag(const Item* items, int n, Item* out)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    Item item = items[i];
    item.tag = item.tag + 7;
    out[i] = item;
}
