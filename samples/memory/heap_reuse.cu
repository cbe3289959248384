// Blocks of many sizes that come and go: what a thread frees it gets again, and never what another one still has.
//# launches = [{ kernel = "stress", grid = 40, block = 64, args = ["wrong", "got"] },
//#             { kernel = "stress", grid = 40, block = 64, args = ["wrong", "got"] }]
//# args    = [{ wrong = "zeros u32 2560" }, { got = "zeros u32 2560" }]
//# expect  = { wrong = "0 * i", got = "48 + 0 * i" }
__global__ void stress(unsigned* wrong, unsigned* got) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x, state = i * 2654435761u + 12345u;
    unsigned* held[4] = {nullptr, nullptr, nullptr, nullptr};
    for (unsigned round = 0; round < 24; ++round) {
        state = state * 1664525u + 1013904223u;
        unsigned at = state >> 30, words = (state >> 20) % 12 + 1;
        unsigned* old = held[at];
        if (old) {
            for (unsigned k = 1; k < old[0]; ++k) if (old[k] != i * 1000 + at * 100 + k) ++wrong[i];
            free(old);
            held[at] = nullptr;
        }
        unsigned* block = (unsigned*)malloc(words * 4);
        if (block) {
            ++got[i];
            block[0] = words;
            for (unsigned k = 1; k < words; ++k) block[k] = i * 1000 + at * 100 + k;
            held[at] = block;
        }
    }
    for (unsigned at = 0; at < 4; ++at) if (held[at]) {
        for (unsigned k = 1; k < held[at][0]; ++k) if (held[at][k] != i * 1000 + at * 100 + k) ++wrong[i];
        free(held[at]);
    }
}
