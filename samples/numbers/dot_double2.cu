// A dot product in double, two elements at a load; each thread keeps the sum and the smallest product.
//# launch  = { kernel = "dot", grid = 1, block = 32 }
//# args    = [{ a = "expr double2 320 1.0 / (i + 1)" }, { b = "expr double2 320 i % 3 - 0.9" }, { n = 320 }, { results = "zeros double2 32" }]
//# expect  = { results = ''' {
//#   let sum = 0.0; let least = 1e300; let t = i / 2;
//#   for k in 0..10 {
//#     let at = 2 * (t + 32 * k);
//#     sum = sum + f64(a[at] * b[at]);
//#     sum = sum + f64(a[at + 1] * b[at + 1]);
//#     least = min(least, min(a[at] * b[at], a[at + 1] * b[at + 1]));
//#   }
//#   i % 2 == 0 ? sum : least
//# } ''', ulp = 0 }

__global__ void dot(const double2* a, const double2* b, int n, double2* results)
{
    double sum = 0.0, least = 1e300;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        double2 p = a[i], q = b[i];
        sum += p.x * q.x;
        sum += p.y * q.y;
        least = fmin(least, fmin(p.x * q.x, p.y * q.y));
    }
    results[threadIdx.x] = make_double2(sum, least);
}
