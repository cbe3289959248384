// The device's own heap: a list for each thread, of nodes by malloc that are freed; blocks of a mebibyte until there are no more; and
// blocks that live on from one launch to the next.
//# launches = [
//#   { kernel = "lists", grid = 2, block = 32, args = ["sums"] },
//#   { kernel = "exhaust", grid = 1, block = 1, args = ["blocks"] },
//#   { kernel = "keep", grid = 1, block = 32, args = ["kept"] },
//#   { kernel = "spend", grid = 1, block = 32, args = ["kept", "found"] },
//# ]
//# args   = [{ sums = "zeros u32 64" }, { blocks = "zeros u32 4" }, { kept = "zeros u64 32" }, { found = "zeros u32 32" }]
//# expect = { sums = "165 + 165 * i", blocks = [1, 1, 1, 1], kept = "0 * i", found = "31 - i + 5" }

struct Node {
    unsigned value;
    Node* next;
};

__global__ void lists(unsigned* sums) {
    unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned sum = 0;
    // Three lists one after the other, out of the same memory.
    for (unsigned round = 0; round < 3; ++round) {
        Node* first = nullptr;
        for (unsigned k = 1; k <= 10; ++k) {
            Node* node = (Node*)malloc(sizeof(Node));
            node->value = k * (i * round + 1);
            node->next = first;
            first = node;
        }
        while (first) {
            Node* next = first->next;
            sum += first->value;
            free(first);
            first = next;
        }
    }
    sums[i] = sum;
}

// CUDA's heap has eight mebibytes where the host asks for no other size; some of them hold what `malloc` must know.
__global__ void exhaust(unsigned* blocks) {
    void* taken[16];
    unsigned count = 0;
    while (count < 16) {
        void* block = malloc(1 << 20);
        if (!block) break;
        taken[count++] = block;
    }
    blocks[0] = count > 0 && count < 16;
    blocks[1] = malloc(1 << 24) == nullptr;
    for (unsigned k = 0; k < count; ++k) free(taken[k]);
    // What was freed can be had again.
    void* again = malloc(1 << 20);
    blocks[2] = again != nullptr;
    free(again);
    free(nullptr);
    blocks[3] = 1;
}

__global__ void keep(Node** kept) {
    Node* node = (Node*)malloc(sizeof(Node));
    node->value = threadIdx.x + 5;
    kept[threadIdx.x] = node;
}

__global__ void spend(Node** kept, unsigned* found) {
    Node* node = kept[31 - threadIdx.x];
    found[threadIdx.x] = node->value;
    free(node);
    kept[31 - threadIdx.x] = nullptr;
}
