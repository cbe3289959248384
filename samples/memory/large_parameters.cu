// By-value parameters of a kilobyte and more: a table that is indexed, and a structure with an array, a flag, bytes and doubles in it.
//# launches = [
//#   { kernel = "filter", grid = 2, block = 64, args = ["x", "y", "taps", "n"] },
//#   { kernel = "grade", grid = 1, block = 64, args = ["marks", "model"] },
//# ]
//# args    = [{ x = "expr i32 100 i * i % 17" }, { y = "zeros i32 100" }, { taps = { fields = [{ weight = "i32[400] c % 7" }, { shift = "i32 3" }] } }, { n = 100 },
//#            { marks = "zeros i32 64" }, { model = { fields = [{ low = "f32[300] c * 0.5" }, { strict = "i8 1" }, { grades = "u8[31] 200 - c" }, { scale = "f64 2.5" }] } }]
//# expect  = { y = "(i * i % 17) * ((i * 4 + 3) % 400 % 7) + i % 7", marks = "i < 31 ? 200 - i + i * 5 : 1000 + i * 5" }

struct Taps {
    int weight[400];
    int shift;
};

struct Model {
    float low[300];
    bool strict;
    unsigned char grades[31];
    double scale;
};

__global__ void filter(const int* x, int* y, Taps taps, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    y[i] = x[i] * taps.weight[(i * 4 + taps.shift) % 400] + taps.weight[i];
}

__global__ void grade(int* marks, const Model model)
{
    int i = threadIdx.x;
    int base = model.strict && i < 31 ? model.grades[i] : 1000;
    marks[i] = base + (int)(model.low[i * 4] * model.scale);
}
