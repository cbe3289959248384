// Pointers as values: chosen, null, returned, swapped, kept in arrays and in a list of locals, compared.
//# launch  = { kernel = "pointers", grid = 1, block = 64 }
//# args    = [{ a = "iota f32 48" }, { b = "iota f32 48 100 1" }, { same_as_a = { buffer = "a" } }, { absent = "null" },
//#            { out = "zeros f32 48" }, { flags = "zeros i32 48" }, { n = 48 }]
//# expect  = { out = "(i + 0.5 > 40 ? -1 : floor(i + 0.5) + 1) + (i % 2 == 0 ? i : i + 100) + (i % 3 == 1 ? i + 100 : i) + 6 + (i % 4 < 2 ? 100 : 0)",
//#             flags = "1 + 2 + 0 + 8 + (i < 20 ? 16 : 0) + 32 * i + 4096" }

struct Node {
    int value;
    const Node* next;
};

// The first element above the limit, or null.
__device__ const float* first_above(const float* from, int n, float limit) {
    for (int i = 0; i < n; i++)
        if (from[i] > limit) return &from[i];
    return nullptr;
}

__device__ int sum(const Node* node) {
    int total = 0;
    for (; node != nullptr; node = node->next) total += node->value;
    return total;
}

__global__ void pointers(const float* a, const float* b, const float* same_as_a, const float* absent, float* out, int* flags, int n) {
    int i = threadIdx.x;
    if (i >= n) return;

    const float* found = first_above(a, 41, i + 0.5f);
    float result = found ? *found : -1.0f;

    const float* chosen = i % 2 == 0 ? a : b;
    result += chosen[i];

    const float* rows[3] = { a, b, same_as_a };
    result += rows[i % 3][i];

    Node last = { 3, nullptr }, middle = { 2, &last }, first = { 1, &middle };
    result += sum(&first);

    const float *front = a, *back = b;
    for (int k = 0; k <= i % 4; k++) {
        if (k == 2) continue;
        const float* swap = front;
        front = back;
        back = swap;
    }
    result += i % 4 < 2 ? (i % 4 == 0 ? front : back)[0] : 0.0f;
    out[i] = result;

    const float* here = a + i;
    flags[i] = (a == same_as_a) + 2 * (a != b) + 4 * (absent != nullptr) + 8 * (here >= a) + 16 * (here < same_as_a + 20)
             + 32 * (int)(here - same_as_a) + 4096 * (rows[1] != rows[2]);
}
