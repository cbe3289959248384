// A binary tree of local nodes: pointers to pointers, a stack of pointers, an insertion that follows `T**`. Each thread sorts eight keys.
//# launch  = { kernel = "sort8", grid = 2, block = 16 }
//# args    = [{ keys = "expr i32 160 (i * 37) % 101" }, { sorted = "zeros i32 160" }, { n = 20 }]
//# expect  = { sorted = "{ let first = i - i % 8; let key = -1; for k in first..first + 8 { let before = 0; for j in first..first + 8 { if keys[j] < keys[k] || (keys[j] == keys[k] && j < k) { before = before + 1; } } if before == i % 8 { key = keys[k]; } } key }" }

struct Node {
    int key;
    Node* left;
    Node* right;
};

__device__ void insert(Node* root, Node* node) {
    Node* at = root;
    while (true) {
        Node** next = node->key < at->key ? &at->left : &at->right;
        if (!*next) {
            *next = node;
            return;
        }
        at = *next;
    }
}

__global__ void sort8(const int* keys, int* sorted, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    Node nodes[8];
    for (int k = 0; k < 8; k++) {
        nodes[k].key = keys[8 * i + k];
        nodes[k].left = nodes[k].right = nullptr;
        if (k > 0) insert(&nodes[0], &nodes[k]);
    }
    Node* stack[8];
    int depth = 0, count = 0;
    Node* at = nodes;
    while (at || depth > 0) {
        while (at) {
            stack[depth++] = at;
            at = at->left;
        }
        at = stack[--depth];
        sorted[8 * i + count++] = at->key;
        at = at->right;
    }
}
