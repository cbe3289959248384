// cuRAND's XORWOW and Philox, with the words that NVIDIA's own curand_kernel.h gives on the host: seed 1234, subsequence 5, offset 6, and on.
//# launch = { kernel = "words", grid = 1, block = 4 }
//# args   = [{ xorwow = "zeros u32 24" }, { philox = "zeros u32 24" }]
//# expect = { xorwow = [2956155405, 3351265907, 3629609298, 415430802, 1173093345, 689711927, 3335072804, 206247343, 96596540, 1712628356, 759838204, 3343621127, 1425099696, 1680094973, 4038080208, 1385762930, 21482610, 3350110054, 696548494, 1307747118, 179791117, 4135726468, 2909012700, 2854483659], philox = [846674261, 1925342002, 648658203, 3633236749, 143597841, 3521664514, 1555378804, 1945770993, 4143312747, 3785242440, 2701159432, 327686395, 87235133, 301197557, 897503988, 369405324, 1756674626, 3631997020, 1313377047, 4121659725, 1976167952, 238979053, 3514830015, 1517395702] }
#include <curand_kernel.h>

__global__ void words(unsigned int* xorwow, unsigned int* philox)
{
    int i = threadIdx.x;
    curandState x;
    curandStatePhilox4_32_10_t p;
    curand_init(1234 + i, 5, 6, &x);
    curand_init(1234 + i, 5, 6, &p);
    for (int k = 0; k < 6; k++) {
        xorwow[6 * i + k] = curand(&x);
        philox[6 * i + k] = curand(&p);
    }
}
