// A heap that is larger than what is bound at once: lists that lead from buffer to buffer, each in a window of its own.
// Every access finds its window by the upper bits of the address: loads, stores of bytes beside other threads' bytes, vectors, atomics.
//# launches = [{ kernel = "follow", grid = 4, block = 64, args = ["left", "quads", "bytes", "odd", "even", "n"] },
//#             { kernel = "skip", grid = 2, block = 64, args = ["left", "skipped", "copies", "half"] }]
//# buffers  = { right = { count = 200, fields = [{ value = "i32 i + 1000" }, { seen = "u32 0" }, { next = "left* i < 100 ? i + 100 : -1" }] } }
//# args     = [{ left = { count = 200, fields = [{ value = "i32 i" }, { seen = "u32 0" }, { next = "right* i" }] } },
//#            { quads = "iota f32 800" }, { bytes = "zeros u8 200" }, { odd = "zeros i32 200" }, { even = "zeros i32 200" },
//#            { skipped = "zeros i32 100" },
//#            { copies = { count = 100, fields = [{ value = "i32 0" }, { seen = "u32 0" }, { next = "right* -1" }] } }, { n = 200 }, { half = 100 }]
//# expect   = { "left.seen" = "i < 100 ? 1 : 2", "right.seen" = "i < 100 ? 1 : 2", skipped = "i + 100",
//#              "copies.value" = "i", "copies.seen" = "1", "copies.next" = "i", quads = "i % 4 == 3 ? 2 * i - 5 : i",
//#              bytes = "(i < 100 ? 4 * i + 2200 : 2 * i + 1000) % 256", odd = "i % 2 == 0 ? 0 : i < 100 ? 4 * i + 2200 : 2 * i + 1000",
//#              even = "i % 2 == 1 ? 0 : i < 100 ? 4 * i + 2200 : 2 * i + 1000" }
//# options  = { bindings = "heap", heap_window = 4096 }

struct Node {
    int value;
    unsigned seen;
    Node* next;
};

__global__ void follow(Node* left, float4* quads, unsigned char* bytes, int* odd, int* even, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    int sum = 0;
    for (Node* node = left + i; node; node = node->next) {
        sum += node->value;
        atomicAdd(&node->seen, 1u);
    }
    bytes[i] = (unsigned char)sum;

    int* chosen = (i % 2 ? odd : even) + i;
    *chosen = sum;

    float4 quad = quads[i];
    quad.w = quad.x + quad.y;
    quads[i] = quad;
}

__global__ void skip(const Node* left, int* skipped, Node* copies, int half) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= half) return;
    skipped[i] = left[i].next->next->value;
    copies[i] = left[i];
}
