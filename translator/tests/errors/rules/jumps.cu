// Jumps that C++ forbids; nvcc refuses each of these.
struct Guard { int* n; __device__ ~Guard() { *n = 1; } };

// [stmt.dcl]/3: over an initialisation.
__global__ void over(int* o) { if (o[0]) goto end; int n = 4; o[1] = n; end: o[2] = 1; }
//^ E0245: goto `end` passes an initialisation
__global__ void over_object(int* o) { if (o[0]) goto end; Guard g; g.n = o; end: o[2] = 1; }
//^ E0245: goto `end` passes
__global__ void over_reference(int* o) { if (o[0]) goto end; int& r = o[3]; r = 1; end: o[2] = 1; }
//^ E0245: goto `end` passes
// [stmt.goto]/1: the label is in the function.
__global__ void nowhere(int* o) { if (o[0]) goto there; o[1] = 1; }
//^ E0222: `there` is no label
// [stmt.label]/1: one label of one name.
__global__ void twice(int* o) { if (o[0]) goto a; a: o[1] = 1; a: o[2] = 1; }
//^ E0238: the block has the label `a` already
// [stmt.break], [stmt.cont]
__global__ void no_loop(int* o) { if (o[0]) break; }
//^ E0232: stands outside
__global__ void no_continue(int* o) { switch (o[0]) { case 1: continue; } }
//^ E0232: stands outside
// [stmt.switch]/4
__global__ void same_case(int* o) { switch (o[0]) { case 1: o[1] = 1; break; case 1: o[1] = 2; } }
//^ E0238: this label already
// [stmt.switch]/2
__global__ void float_switch(float* o) { switch (o[0]) { case 1: o[1] = 1; } }
//^ E0206: `switch` needs an integer
// [stmt.switch]: a condition is a bool.
__global__ void condition(int* o, Guard g) { if (g) o[0] = 1; }
//^ E0203: no conversion from `Guard`
