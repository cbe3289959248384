// European options after Black and Scholes: call and put through the normal distribution.
//# launch = { kernel = "blackScholes", grid = 3, block = 64 }
//# args   = [
//#   { call = "fill -1 f32 150" }, { put = "fill -1 f32 150" },
//#   { price = "random 5 30 f32 150 1" }, { strike = "random 1 100 f32 150 2" }, { years = "random 0.25 10 f32 150 3" }, { n = 150 },
//# ]
//# expect.call = { abs = 2e-5, value = ''' {
//#   let s = price[i]; let k = strike[i]; let t = years[i];
//#   let d1 = (log(s / k) + (0.02 + 0.045) * t) / (0.3 * sqrt(t)); let d2 = d1 - 0.3 * sqrt(t);
//#   0.5 * s * erfc(-d1 / sqrt(2.0)) - 0.5 * k * exp(-0.02 * t) * erfc(-d2 / sqrt(2.0))
//# } ''' }
//# expect.put = { abs = 2e-5, value = ''' {
//#   let s = price[i]; let k = strike[i]; let t = years[i];
//#   let d1 = (log(s / k) + (0.02 + 0.045) * t) / (0.3 * sqrt(t)); let d2 = d1 - 0.3 * sqrt(t);
//#   0.5 * k * exp(-0.02 * t) * erfc(d2 / sqrt(2.0)) - 0.5 * s * erfc(d1 / sqrt(2.0))
//# } ''' }
#define RISK_FREE 0.02f
#define VOLATILITY 0.30f

__device__ float normal(float d) { return 0.5f * erfcf(-d * 0.707106781f); }

__global__ void blackScholes(float* call, float* put, const float* price, const float* strike, const float* years, int n)
{
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;

    float spread = VOLATILITY * sqrtf(years[i]);
    float d1 = (logf(price[i] / strike[i]) + (RISK_FREE + 0.5f * VOLATILITY * VOLATILITY) * years[i]) / spread;
    float d2 = d1 - spread;
    float discounted = strike[i] * expf(-RISK_FREE * years[i]);
    call[i] = price[i] * normal(d1) - discounted * normal(d2);
    put[i] = discounted * normal(-d2) - price[i] * normal(-d1);
}
