// [stmt.goto], [stmt.label]: jumps, forward and back, out of loops and switches, between several labels. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 12" }]
//# expect = { out = [41221, 2011, 154114, 2110, -16, 1297, 211121, 467693, 3130687, 6114, 10, 10001111] }
__device__ int forward(int n) { int r = 1; if (n > 2) goto end; r = 10; if (n > 1) goto end; r = 20; end: return r + n; }
__device__ int back(int n) { int sum = 0, i = 0; again: sum += i; i++; if (i < n) goto again; return sum * 100 + i; }
__device__ int both(int n) { int r = 0; if (n < 0) goto top; r = 5; top: r += 3; n++; if (n < 4) goto top; return r * 10 + n; }
__device__ int out_of_loops(const int* m, int want) {
    int i, j, tries = 0;
    for (i = 0; i < 4; i++) {
        for (j = 0; j < 4; j++) {
            tries++;
            if (m[i * 4 + j] == want) goto found;
        }
    }
    return -tries;
found:
    return i * 1000 + j * 100 + tries;
}
__device__ int next_outer(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            if (i * j > 3) goto next;
            if (i == j) continue;
            if (j == 5) break;
            sum += i * 10 + j;
        }
        if (i == 4) break;
        if (i == 1) continue;
        sum += 1000;
    next:;
    }
    return sum;
}
__device__ int in_switch(int n) {
    int r = 0;
    while (true) {
        switch (n) {
        case 0: goto done;
        case 1: r += 1; n = 2; continue;
        case 2: r += 20; break;
        default: r += 300; n -= 2; continue;
        }
        n = 0;
    }
done:
    return r;
}
__device__ int several(int n) {
    int r = 0, state = n;
    if (n == 2) goto two;
    if (n == 3) goto three;
one:
    r = r * 10 + 1;
    state++;
    if (state > 6) goto end;
two: {
    const int twice = state * 2;
    r = r * 10 + 2 + twice % 2;
}
    if (state % 2) goto one;
three:
    r = r * 10 + 3;
    state += 2;
    if (state < 6) goto two;
    goto one;
end:
    return r;
}
__device__ int keeps(int n) {
    const int a = n * 3;
    int b[2] = {n, a};
    const int& last = b[1];
    if (n == 1) goto out;
    b[0] += last;
    b[1] = 7;
out:
    return a * 100 + b[0] * 10 + last;
}
struct Count { int* n; __device__ Count(int* p) : n(p) {} __device__ ~Count() { *n += 1; } };
__device__ int ends_lives(int k) {
    int n = 0;
    for (int i = 0; i < 5; i++) {
        Count a(&n);
        for (Count b(&n); i < 4;) {
            Count c(&n);
            if (i == k) goto out;
            break;
        }
    }
    n += 100;
out:
    return n;
}
__device__ int unused(int n) { here: return n; }
__device__ int nested_blocks(int n) {
    int r = 0;
    {
        if (n == 1) goto inner;
        if (n == 2) goto outer;
        r += 1;
    inner:
        r += 10;
        if (r == 10) goto outer;
        r += 100;
    }
    r += 1000;
outer:
    return r;
}
__global__ void test(int* out) {
    int m[16];
    for (int i = 0; i < 16; i++) m[i] = i * 3;
    out[0] = forward(1) + forward(2) * 100 + forward(3) * 10000;
    out[1] = back(1) + back(5) * 2;
    out[2] = both(-1) * 1000 + both(2);
    out[3] = out_of_loops(m, 27);
    out[4] = out_of_loops(m, 28);
    out[5] = next_outer(7);
    out[6] = in_switch(1) * 10000 + in_switch(2) * 10 + in_switch(7);
    out[7] = several(1) % 1000000 + several(2) + several(3);
    out[8] = keeps(1) * 10000 + keeps(2);
    out[9] = ends_lives(1) * 1000 + ends_lives(9);
    out[10] = unused(4) + 6;
    out[11] = nested_blocks(1) * 1000000 + nested_blocks(2) * 100 + nested_blocks(3);
}
