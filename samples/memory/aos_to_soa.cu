// An array of structs becomes a struct of arrays: padding, nested access, several fields.
//# launch = { kernel = "split", grid = 2, block = 32 }
//# args   = [
//#   { particles = { count = 50, fields = [{ position = "float3 10 * i + c" }, { kind = "u8 i % 3" }, { mass = "f32 0.5 * i" }] } },
//#   { x = "zeros f32 50" }, { y = "zeros f32 50" }, { z = "zeros f32 50" }, { weight = "zeros f32 50" }, { n = 50 },
//# ]
//# expect = { x = "10 * i", y = "10 * i + 1", z = "10 * i + 2", weight = "i % 3 == 2 ? 0.0 : 0.5 * i * 9.5", ulp = 0, "particles.kind" = "255 - i % 3" }

struct Particle {
    float3 position;
    unsigned char kind;
    float mass;
};

__global__ void split(Particle* particles, float* x, float* y, float* z, float* weight, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    Particle p = particles[i];
    x[i] = p.position.x;
    y[i] = p.position.y;
    z[i] = p.position.z;
    weight[i] = p.kind == 2 ? 0.0f : p.mass * 9.5f;
    particles[i].kind = 255 - p.kind;
}
