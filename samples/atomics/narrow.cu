// Atomics beside other widths: compare-and-swap on halfwords, integers whose bytes are also stored one by one,
// minima of signed and unsigned numbers in one array.
//# launch  = { kernel = "mixed", grid = 2, block = 64 }
//# args    = [{ counters = "zeros u16 3" }, { bytes = "zeros u8 136" }, { extremes = "fill 50 i32 4" }]
//# expect  = { counters = "i == 2 ? 0 : 64", bytes = "i < 4 ? (i == 0 ? 128 : 0) : i < 68 ? i - 4 : i < 132 ? 0 : 0", extremes = "i == 0 ? -63 : i == 1 ? 63 : i == 2 ? 50 : 50" }

__global__ void mixed(unsigned short* counters, unsigned char* bytes, int* extremes) {
    int i = threadIdx.x;

    unsigned short* counter = &counters[i % 2];
    unsigned short seen = *counter, expected;
    do {
        expected = seen;
        seen = atomicCAS(counter, expected, (unsigned short)(expected + 1));
    } while (seen != expected);

    atomicAdd((int*)bytes, 1);
    if (blockIdx.x == 0)
        bytes[4 + i] = i;

    atomicMin(&extremes[0], -i);
    atomicMax((unsigned*)&extremes[1], (unsigned)i);
    atomicMin((unsigned*)&extremes[2], (unsigned)(i + 50));
}
