// Random numbers of a 64-bit linear congruential generator (Knuth's MMIX): products, shifts, a remainder by a 64-bit number.
//# launch  = { kernel = "lcg", grid = 4, block = 64 }
//# args    = [{ n = 200 }, { seeds = "expr u64 200 i * 7919 + 1" }, { states = "zeros u64 200" }, { bits = "zeros u32 200" }, { below = "zeros u64 200" }]
//# expect  = { states = "u64(seeds[i] * 6364136223846793005 + 1442695040888963407)", bits = "u64(seeds[i] * 6364136223846793005 + 1442695040888963407) >> 33", below = "u64(seeds[i] * 6364136223846793005 + 1442695040888963407) % 1000000007000" }

__global__ void lcg(int n, const unsigned long long* seeds, unsigned long long* states, unsigned int* bits, unsigned long long* below)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    unsigned long long x = seeds[i] * 6364136223846793005ull + 1442695040888963407ull;
    states[i] = x;
    bits[i] = (unsigned int)(x >> 33);
    below[i] = x % 1000000007000ull;
}
