// Functions that call themselves: at the end, in loops and switches, through others, with addresses of their own variables. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 8 }
//# args = [{ n = 6 }, { out = "zeros i32 192" }, { data = "expr i32 128 (i * 37 + 11) % 101" }, { nodes = { count = 7, fields = [{ value = "i32 i == 0 ? 5 : i == 1 ? 3 : i == 2 ? 8 : i == 3 ? 1 : i == 4 ? 4 : i == 5 ? 7 : 9" }, { left = "i32 i == 0 ? 1 : i == 1 ? 3 : i == 5 ? 6 : -1" }, { right = "i32 i == 0 ? 2 : i == 1 ? 4 : i == 2 ? 5 : -1" }] } }]
//# expect = { out = [8, 42, 7, 1, 34, 0, 1, 4, 24, 3, 197, 91, 13, 16, 8, 654320, 835, 16, 8, 9, 6, 63, 600, 869918119, 13, 21, 9, 2, 106, 1, 9, 1, 1, 1, 337, 140, 25, 22, 583, 654310, 877, 8, 16, 17, 6, 63, 1006, 569348177, 21, 42, 3, 1, 1, 3, 411, 1, -17, 2, 541, 204, 13, 16, 432, 654210, 944, 4, 3, 4, 6, 63, 1564, 311598132, 34, 21, 5, 2, 7, 7, 2562, 0, 1, 0, 826, 285, 25, 22, 149, 653210, 4264, 0, 19, 20, 6, 63, 2298, 84380347, 55, 42, 7, 1, 34, 15, 5098, 0, 4, 0, 1211, 385, 13, 16, 1760, 643210, 10547, 0, 6, 7, 6, 63, 3232, 616131813, 89, 231, 9, 2, 106, 31, 3923, 2, 25, 1, 1717, 506, 25, 22, 5570, 543210, 10585, 0, 14, 15, 6, 63, 4390, 255299210, 144, 42, 3, 1, 1, 0, 1, 10, 9, 0, 2367, 650, 13, 16, 444, 654321, 221107, 0, 9, 10, 6, 63, 5796, 143565813, 233, 21, 5, 2, 7, 1, 9, 4, 24, 3, 3186, 819, 25, 22, 19415, 654320, 221209, 0, 9, 10, 6, 63, 7474, 761333250], data = [4, 11, 14, 21, 24, 31, 41, 48, 51, 58, 61, 68, 78, 85, 88, 95, 0, 7, 10, 17, 27, 34, 37, 44, 47, 54, 64, 71, 74, 81, 91, 98, 3, 13, 20, 23, 30, 33, 40, 50, 57, 60, 67, 77, 84, 87, 94, 97, 6, 9, 16, 19, 26, 36, 43, 46, 53, 63, 70, 73, 80, 83, 90, 100, 2, 5, 12, 22, 29, 32, 39, 49, 56, 59, 66, 69, 76, 86, 93, 96, 8, 15, 18, 25, 35, 42, 45, 52, 55, 62, 72, 79, 82, 89, 92, 99, 1, 4, 11, 21, 28, 31, 38, 41, 48, 58, 65, 68, 75, 78, 85, 95, 7, 14, 17, 24, 27, 34, 44, 51, 54, 61, 64, 71, 81, 88, 91, 98] }
struct Node { int value, left, right; };
enum Kind { LEAF, PAIR, LOOP };

__device__ int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
__device__ int gcd(int a, int b) { return b == 0 ? a : gcd(b, a % b); }
__device__ int ackermann(int m, int n)
{
    if (m == 0) return n + 1;
    if (n == 0) return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}
__device__ bool is_odd(unsigned n);
__device__ bool is_even(unsigned n) { return n == 0 ? true : is_odd(n - 1); }
__device__ bool is_odd(unsigned n) { return n == 0 ? false : is_even(n - 1); }
// The second call of each level is in a loop, and a variable of the loop lives on.
__device__ int paths(int depth, int width)
{
    int sum = 1;
    for (int i = 0; i < width; i++) {
        if (i == 3) continue;
        if (depth * i > 12) break;
        if (depth > 0) sum += paths(depth - 1, width - i) * (i + 1);
    }
    return sum;
}
__device__ void hanoi(int n, int from, int to, int via, int* moves, int* state)
{
    if (n == 0) return;
    hanoi(n - 1, from, via, to, moves, state);
    *moves += 1;
    *state = (*state * 7 + from * 3 + to) % 10007;
    hanoi(n - 1, via, to, from, moves, state);
}
__device__ int queens(int row, int n, unsigned columns, unsigned left, unsigned right)
{
    if (row == n) return 1;
    int found = 0;
    unsigned free = ~(columns | left | right) & ((1u << n) - 1);
    while (free) {
        unsigned bit = free & -free;
        free ^= bit;
        found += queens(row + 1, n, columns | bit, (left | bit) << 1, (right | bit) >> 1);
    }
    return found;
}
__device__ int tree_sum(const Node* nodes, int at, int depth, int* deepest)
{
    if (at < 0) return 0;
    const Node& node = nodes[at];
    if (depth > *deepest) *deepest = depth;
    int left = tree_sum(nodes, node.left, depth + 1, deepest);
    int right = tree_sum(nodes, node.right, depth + 1, deepest);
    return node.value + 2 * left - right;
}
// Each call hands the address of its own variable to the next.
__device__ int chain(int n, int* outer)
{
    int own = n * n;
    int result = n == 0 ? 1 : chain(n - 1, &own);
    *outer += own;
    return result + own;
}
__device__ int tokens(const char* text, int& at)
{
    int value = 0;
    do {
        int factor = 1;
        for (;;) {
            char c = text[at++];
            switch (c) {
            case '(': factor *= tokens(text, at); break;
            case '1': case '2': case '3': factor *= c - '0'; break;
            case '*': continue;
            default: at--; goto done;
            }
        }
    done:
        value += factor;
    } while (text[at++] == '+');
    return value;
}
__device__ int by_kind(Kind kind, int n)
{
    int r = 0;
    switch (kind) {
    case PAIR:
        r += by_kind(LEAF, n) * 10;
    case LEAF:
        r += n;
        break;
    case LOOP:
        for (int i = 0; i < n; i++) r += by_kind(i % 2 ? LEAF : PAIR, i);
        return r * 2;
    default:
        return -1;
    }
    return r + (n > 4 ? by_kind(LOOP, n - 4) : 0);
}
template <typename T> __device__ void quicksort(T* data, int low, int high)
{
    if (low >= high) return;
    T pivot = data[(low + high) / 2];
    int i = low, j = high;
    while (i <= j) {
        while (data[i] < pivot) i++;
        while (data[j] > pivot) j--;
        if (i <= j) { T t = data[i]; data[i] = data[j]; data[j] = t; i++; j--; }
    }
    quicksort(data, low, j);
    quicksort(data, i, high);
}
struct Big { int a[5]; float x; };
__device__ Big grow(Big b, int n)
{
    b.a[n % 5] += n;
    b.x *= 0.5f;
    if (n <= 0) return b;
    Big c = grow(b, n - 1);
    c.a[(n + 1) % 5] += b.a[0];
    return n % 3 ? c : grow(c, n - 2);
}
struct Counter {
    int count;
    __device__ int walk(int n) { count++; return n <= 1 ? 0 : 1 + walk(n % 2 ? 3 * n + 1 : n / 2); }
};
__device__ int depth_first(const int* next, int at, unsigned& seen)
{
    if (seen >> at & 1) return 0;
    seen |= 1u << at;
    int n = 1;
    for (int e = 0; e < 2; e++) n += depth_first(next, next[2 * at + e], seen);
    return n;
}
__device__ float horner(const float* c, int n, float x) { return n == 0 ? c[0] : c[n] + x * horner(c, n - 1, x); }
__device__ long long power(long long x, unsigned n, long long m)
{
    if (n == 0) return 1;
    long long half = power(x, n / 2, m);
    long long square = half * half % m;
    return n % 2 ? square * x % m : square;
}
__global__ void test(int n, int* out, int* data, const Node* nodes)
{
    int t = threadIdx.x;
    int* o = out + 24 * t;
    int k = n + t;
    o[0] = fib(k);
    o[1] = gcd(1071 * k, 462);
    o[2] = ackermann(2, k % 4);
    o[3] = is_even(k) + 2 * is_odd(k);
    o[4] = paths(k % 4, 4);
    int moves = 0, state = 1;
    hanoi(k % 6, 0, 2, 1, &moves, &state);
    o[5] = moves;
    o[6] = state;
    o[7] = queens(0, k % 7, 0, 0, 0);
    int deepest = 0;
    o[8] = tree_sum(nodes, t % 7, 0, &deepest);
    o[9] = deepest;
    int total = 0;
    o[10] = chain(k, &total);
    o[11] = total;
    int at = 0;
    o[12] = tokens(t % 2 ? "(1+2)*3+2*(2+(1+1)*3)" : "2*(1+1*(3+2))+1", at);
    o[13] = at;
    o[14] = by_kind((Kind)(t % 3), k);
    quicksort(data + 16 * t, 0, 15);
    float local[6];
    for (int i = 0; i < 6; i++) local[i] = (i * 5 + k) % 7;
    quicksort(local, 0, 5);
    o[15] = (int)(local[0] + 10 * local[1] + 100 * local[2] + 1000 * local[3] + 10000 * local[4] + 100000 * local[5]);
    Big big = {{1, 2, 3, 4, 5}, 1024.0f};
    big = grow(big, k);
    o[16] = big.a[0] + 3 * big.a[1] + 5 * big.a[2] + 7 * big.a[3] + 11 * big.a[4];
    o[17] = (int)(big.x * 1024.0f);
    Counter counter = {0};
    o[18] = counter.walk(k);
    o[19] = counter.count;
    const int next[] = {1, 2, 3, 3, 0, 4, 5, 1, 4, 0, 2, 5};
    unsigned seen = 0;
    o[20] = depth_first(next, k % 6, seen);
    o[21] = seen;
    float c[] = {1.0f, -2.0f, 0.5f, 3.0f};
    o[22] = (int)(horner(c, 3, (float)k) * 4.0f);
    o[23] = (int)power(k + 7, 1000003 + t, 998244353);
}
