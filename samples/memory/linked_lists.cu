// Pointers in memory: lists through `Node**`, a list that the kernel reverses, and one that threads push onto with an atomic head.
// `check` sees that pointers are read from memory and binds all device memory as one heap.
//# launches = [{ kernel = "total", grid = 1, block = 32, args = ["heads", "totals", "lists"] },
//#             { kernel = "reverse", grid = 1, block = 1, args = ["chain", "turned"] }]
//# buffers  = { nodes = { count = 60, fields = [{ value = "i32 i" }, { next = "nodes* i + 20 < 60 ? i + 20 : -1" }] },
//#              chain = { count = 5, fields = [{ value = "i32 i" }, { next = "chain* i < 4 ? i + 1 : -1" }] } }
//# args     = [{ lists = 20 }, { heads = "expr nodes* 21 i < 20 ? i : -1" }, { totals = "fill -1 i32 21" }, { turned = "list chain* -1 -1" }]
//# expect   = { totals = "i < 20 ? 3 * i + 60 : -1", "chain.next" = "i - 1", turned = [4, 0] }

struct Node {
    int value;
    Node* next;
};

__global__ void total(Node** heads, int* totals, int lists) {
    int i = threadIdx.x;
    if (i >= lists) return;
    int sum = 0;
    for (const Node* node = heads[i]; node; node = node->next) sum += node->value;
    totals[i] = sum;
}

__global__ void reverse(Node* first, Node** turned) {
    Node* done = nullptr;
    for (Node* node = first; node != nullptr;) {
        Node* next = node->next;
        node->next = done;
        done = node;
        node = next;
    }
    turned[0] = done;
    turned[1] = first;
}
