// A local array, indexed by data: each thread sorts nine neighbours by insertion and keeps the middle one.
//# launch = { kernel = "median", grid = 2, block = 32 }
//# args   = [{ in = "random 0 99 i32 58" }, { out = "fill -1 i32 50" }, { n = 50 }]
//# expect.out = ''' {
//#   let middle = -1;
//#   for k in i..i + 9 {
//#     let below = count(j, i, i + 9, in[j] < in[k]); let not_above = count(j, i, i + 9, in[j] <= in[k]);
//#     if below <= 4 && not_above > 4 { middle = in[k]; }
//#   }
//#   middle
//# } '''
#define WINDOW 9

__global__ void median(const int* in, int* out, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    int window[WINDOW];
    for (int k = 0; k < WINDOW; k++) {
        int value = in[i + k];
        int at = k;
        while (at > 0 && window[at - 1] > value) {
            window[at] = window[at - 1];
            at--;
        }
        window[at] = value;
    }
    out[i] = window[WINDOW / 2];
}
