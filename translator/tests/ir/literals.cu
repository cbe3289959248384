// Double literals stay double where that matters, and only there. Macros and constants keep their names.
#define SCALE 0.5
#define TILE 16

enum Mode { Off, On = 4 };

__global__ void literals(float* out, double* wide, int mode)
{
    constexpr int half = TILE / 2;
    float x = 1.0;
    x = x * SCALE;
    x += 0.1;
    out[half] = x < 0.5 ? x : 2;
    wide[TILE] = x * 0.1 + 1;
    out[1] = mode == On;
}
