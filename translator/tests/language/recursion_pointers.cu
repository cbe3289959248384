// Functions that call themselves and return pointers, go through trees, or are virtual. The expected values are what g++ computes.
//# launch = { kernel = "k", grid = 1, block = 4 }
//# args = [{ out = "list i32 1 5 9 100"}, { root = { count = 3, fields = [{ key = "i32 i == 0 ? 1 : i == 1 ? 0 : 3" }, { left = "root* i == 0 ? 1 : -1" }, { right = "root* i == 0 ? 2 : -1" }] } }, { n = 2 }]
//# expect = { out = [920120, 2120220, 1220020, 20420] }
struct Node { int key; Node* left; Node* right; };
__device__ int* find(int* p, int n) { return n == 0 ? p : find(p + 1, n - 1); }
__device__ Node* lookup(Node* at, int key)
{
    if (!at || at->key == key) return at;
    return key < at->key ? lookup(at->left, key) : lookup(at->right, key);
}
__device__ int height(const Node* n) { return n ? 1 + max(height(n->left), height(n->right)) : 0; }
struct Shape { __device__ virtual float area(int depth) const = 0; };
struct Square : Shape { float a; const Shape* inner; __device__ float area(int depth) const { return a * a + (depth > 0 ? inner->area(depth - 1) : 0.0f); } };
struct Circle : Shape { float r; const Shape* inner; __device__ float area(int depth) const { return 3.0f * r * r - (depth > 0 ? inner->area(depth - 1) : 0.0f); } };
__global__ void k(int* out, Node* root, int n) {
  __shared__ int s[4]; s[threadIdx.x] = threadIdx.x * 10; __syncthreads();
  int* q = find(s, n + threadIdx.x / 4);
  Node* found = lookup(root, threadIdx.x);
  Circle c; Square sq; c.r = 2; c.inner = &sq; sq.a = 3; sq.inner = &c;
  out[threadIdx.x] = *q + 100 * (found ? found->key + 1 : 0) + 10000 * height(root) + (int)sq.area(threadIdx.x) * 100000;
}
