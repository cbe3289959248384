// Effects inside expressions become statements, in C++'s order; pure operands stay trees.
__device__ int next(int& state)
{
    return state = state * 5 + 1;
}

__global__ void effects(int* out, const int* in, int n)
{
    int i = 0, state = 7;
    while (i < n && in[i] != 0)
        out[i++] = next(state) + next(state);
    out[i] = n > 0 ? in[0] : next(state);
}
