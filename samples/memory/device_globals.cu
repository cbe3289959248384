// __device__ variables live on between launches: the first launch fills a table, the second one reads it.
//# launches = [
//#   { kernel = "fillTable", grid = 1, block = 32, args = ["first"] },
//#   { kernel = "lookUp", grid = 2, block = 32, args = ["keys", "values", "n"] },
//# ]
//# args    = [{ first = 3 }, { keys = "mod 16 i32 50" }, { values = "zeros i32 50" }, { n = 50 }]
//# symbols = { table = "zeros i32 16", filled = "zeros i32 1" }
//# expect  = { values = "16 + (3 + i % 16) * (3 + i % 16)", table = "(3 + i) * (3 + i)", filled = [16] }

__device__ int table[16];
__device__ int filled;

__global__ void fillTable(int first)
{
    int i = threadIdx.x;
    if (i >= 16) return;
    table[i] = (first + i) * (first + i);
    if (i == 0)
        filled = 16;
}

__global__ void lookUp(const int* keys, int* values, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n)
        values[i] = filled + table[keys[i]];
}
