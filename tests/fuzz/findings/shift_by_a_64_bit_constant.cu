__global__ void shifts(unsigned long long* x, long long* y, int* z)
{
    for (int distance = z[0] >> 2147483648; distance > 0; distance >>= 1) z[1] += distance;
    x[0] = x[1] << 32ull | x[2] >> 9223372036854775807ll;
    constexpr long long msb = 1ll << 3ll;
    z[0] = msb | (msb - 1);
    y[0] = y[1] << (14 - 1024);
}
