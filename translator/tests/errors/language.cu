struct Shape {
    virtual __device__ float area() const { return 0; }
    float side;
};

struct Owner {
    int* memory;
    __device__ ~Owner() { memory[0] = 0; }
    __device__ int value() const { return 1; }
};

__device__ auto down(int n) { if (n == 0) return 0; return down(n - 1); }
//^ E0301: `down` calls itself
__device__ int elsewhere(int n);

template <typename T>
__global__ void unwanted(T* p)
//^ E0236: not instantiated
{
    p[0] = 1;
}

// [stmt.goto]: into a block.
__global__ void jumps(int* out)
{
    if (out[0]) goto inside;
    //^ E0222: `inside` is no label
    while (out[1]) { inside: out[2] = 3; }
}

__global__ void virtuals(Shape* s) { s->side = s->area(); }
//^ E0221: a virtual call on `Shape`

__global__ void destructors(int* out) { Owner many[65] = {}; out[0] = many[0].value(); }
//^ E0228: more than 64

__global__ void recursion(int* out) { out[0] = down(out[1]); }

__global__ void missing(int* out) { out[0] = elsewhere(3); }
//^ E0219: `elsewhere` is declared

__global__ void assembly(unsigned* out)
{
    asm("cp.async.wait_all;");
    //^ E0224: `cp.async.wait_all` is not among those that are translated
    asm("addc.u32 %0, %0, 1;" : "+r"(out[0]));
    //^ E0224: reads a carry that no instruction of this function has set
    float x = 1;
    asm("add.u16 %0, %0, %1;" : "+r"(out[0]) : "f"(x));
    //^ E0224: takes a value like
    asm("again: bra again;");
    //^ E0224: is no instruction that this reads
    out[1] = sizeof(int) / 0;
    int a[out[0]];
    //^ E0207: not a constant
    static_assert(sizeof(long) == 4, "long is wide");
    //^ E0213: long is wide
}
