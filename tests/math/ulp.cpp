// The largest error of each shipped math function, and values for the comparison of devices. `cargo xtask math` builds and runs it.
//
//     ulp list                          a line for each function: name,type,whether all floats are compared or samples,arguments,bound,
//                                       absolute bound,from
//     ulp measure STEP COUNT THREADS NAME...
//                                       a line for each function: name,type,arguments compared,bound,ulps,error,at,wrong,first wrong,
//                                       absolute bound,from,error
//     ulp values DIR COUNT [NAME]       for each function (or one) a file NAME: all first arguments, second ones ..., results, correctly
//                                       rounded results, and those where subnormal arguments are zero
//
// Functions of one float are compared for every STEPth of the 2^32 floats (all: 1), others for all combinations of edge cases and
// COUNT random arguments (10^8). References are exact: double (or long double) first, 113 bits wherever that could change the outcome.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fit.h"
#include "functions.h"
#include "smooth.h"

// Near the zeros of lgamma in between CUDA states no bound.
template <typename T> bool unbounded(const char* name, T x)
{
    if (strncmp(name, "lgamma", 6) != 0) return false;
    return sizeof(T) == 4 ? x > -10.001 && x < -2.264 : x > -23.0001 && x < -2.2637;
}

template <typename T> void print(const char* name, double bound, const Absolute& absolute, const Record<T>& record, int arguments)
{
    std::string line = std::string(name) + (sizeof(T) == 4 ? ",float," : ",double,");
    auto number = [&](const char* format, auto value) {
        char text[64];
        snprintf(text, sizeof text, format, value);
        line += text;
    };
    auto list = [&](const T* x) {
        for (int i = 0; i < arguments; i++) number(sizeof(T) == 4 ? "%.9g" : "%.17g", (double)x[i]), line += i + 1 < arguments ? " " : "";
    };
    number("%llu,", (unsigned long long)record.count);
    number("%g,", bound);
    number("%llu,", (unsigned long long)record.ulps);
    number("%.3f,", record.error);
    if (record.error > 0) list(record.ulpsAt);
    number(",%llu,", (unsigned long long)record.wrong);
    if (record.wrong) list(record.wrongAt);
    if (absolute.bound) {
        number(",%g", absolute.bound);
        number(",%g", absolute.from);
        number(",%.3g", record.absolute);
    } else {
        line += ",,,";
    }
    puts(line.c_str());
    fflush(stdout);
}

// ---- one float -------------------------------------------------------------------------------------------------------------------------

struct OneFloatRun {
    const OneFloat& entry;
    uint32_t step;
    Record<float> record = {};
    Stretch exact = {};
    alignas(64) float got[Stretch::MOST], mirror[Stretch::MOST];

    float one(float x) const
    {
        float y;
        entry.function(bitsOf(x), 1, 1, &y);
        return y;
    }
    bool absolute(float x, double reference) const
    {
        return entry.absolute.bound && std::fabs(x) >= entry.absolute.from && std::isfinite(x) && reference == reference;
    }

    void judge(float got, double reference, double slack, float x)
    {
        if (absolute(x, reference)) {
            if (!(std::fabs(got - reference) + slack <= record.absolute)) record.judgeAbsolute(got, entry.exact(x));
        } else if (suspicious(got, reference, slack, record) && !unbounded(entry.name, x)) {
            record.judge(got, entry.exact(x), &x, 1);
        }
    }

    // Whether 16 results are certainly no worse than the worst so far: straight code, for vectors.
    static bool harmless(const float* got, const double* value, const double* slack, double limit)
    {
        int good = 0;
        for (int i = 0; i < 16; i++) {
            double y = got[i], size = std::fabs(value[i]), least = std::fabs(y) < size ? std::fabs(y) : size;
            bool sameSign = (int64_t)(bitsOf(y) ^ bitsOf(value[i])) >= 0;
            good += (std::fabs(y - value[i]) + slack[i] <= limit * unitOf<float>(least)) & sameSign;
        }
        return good == 16;
    }

    // The floats of one sign from `first` on, none of them NaN.
    void stretch(uint32_t first, uint32_t count)
    {
        float x = fromBits<float>(first);
        if (step == 1 && x >= entry.low && x <= entry.high) {
            exact.fill(entry.exact, first, (int)count);
        } else {
            for (uint32_t i = 0; i < count; i += step) {
                exact.value[i] = entry.near(fromBits<float>(first + i));
                exact.slack[i] = std::fabs(exact.value[i]) * 0x1p-45 + (entry.absolute.bound ? 1e-14 : 0);
            }
        }
        for (uint32_t i = 0; i < count; i += step) {
            if (step == 1 && i % 16 == 0 && !entry.absolute.bound) {
                double limit = record.error < (double)record.ulps + 0.5 ? record.error : (double)record.ulps + 0.5;
                if (harmless(got + i, exact.value + i, exact.slack + i, limit - 1e-6)) {
                    i += 15;
                    continue;
                }
            }
            judge(got[i], exact.value[i], exact.slack[i], fromBits<float>(first + i));
        }
    }

    // A stretch of positive numbers and its mirror image, which is compared by itself unless it has the same bits.
    void both(uint32_t first, uint32_t count)
    {
        const uint32_t sign = 1u << 31;
        entry.function(first, count, step, got);
        entry.function(first | sign, count, step, mirror);
        record.count += 2 * ((count + step - 1) / step);
        stretch(first, count);
        uint32_t flip = entry.symmetry == Symmetry::Odd ? sign : 0, different = entry.symmetry == Symmetry::None;
        for (uint32_t i = 0; i < count && !different; i += step) different |= bitsOf(got[i]) ^ bitsOf(mirror[i]) ^ flip;
        if (!different) return;
        memcpy(got, mirror, sizeof got);
        stretch(first | sign, count);
    }

    void run()
    {
        const uint32_t infinity = 0x7f800000;
        for (uint32_t first = 0; first < infinity; first += Stretch::MOST) both(first, Stretch::MOST);
        for (uint32_t sign : {0u, 1u << 31}) {
            float x = fromBits<float>(infinity | sign);
            record.judge(one(x), entry.near(x), &x, 1);
            record.count++;
            for (uint32_t bits = infinity + 1; bits < 1u << 31; bits += step, record.count++) {
                float nan = fromBits<float>(bits | sign), y = one(nan);
                if (y == y) record.judge(y, nan, &nan, 1);
            }
        }
        print(entry.name, entry.bound, entry.absolute, record, 1);
    }
};

void measure(const ExactFloat& entry, uint32_t step)
{
    Record<float> record;
    for (uint64_t bits = 0; bits < 1ull << 32; bits += step, record.count++) {
        float x = fromBits<float>((uint32_t)bits), got = entry.function(x), expected = entry.expected(x);
        if (bitsOf(got) != bitsOf(expected)) record.judge(got, expected, &x, 1);
    }
    print(entry.name, 0, {}, record, 1);
}

// ---- samples ---------------------------------------------------------------------------------------------------------------------------

const double INF = std::numeric_limits<double>::infinity();
const double SPECIAL[] = {0.0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, INF, -INF, std::nan(""), 1e-40, -1e-40, 1e-310, -1e-310, 3.4e38, -3.4e38,
    1.79e308, -1.79e308, 1.17549435e-38, 2.2250738585072014e-308, 16777215, 16777216, 16777217, 9007199254740991, -9007199254740991, 1e30, -1e30, 1e300,
    0.99999994, 1.0000001, 0.9999999999999999, 1.0000000000000002, 88.7228394, 709.782712893384, 710.4758600739439, 308.25471555991674, -1022, -1075};
const int SPECIALS = sizeof SPECIAL / sizeof SPECIAL[0];

template <typename T>
struct Samples {
    const Sampled<T>& entry;
    uint64_t state = 88172645463325252ull;

    uint64_t random()
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state * 2685821657736338717ull;
    }
    double uniform(double low, double high) { return low + (high - low) * (double)(random() >> 11) * 0x1p-53; }
    T any() { return fromBits<T>((typename Bits<T>::type)(random() >> (64 - 8 * sizeof(T)))); }

    // Next to a multiple of pi / 2, where sine or cosine nearly vanishes.
    T besideQuarters()
    {
        Long count = std::rint(std::exp(uniform(0, sizeof(T) == 4 ? 16 : 40))) * (random() >> 63 ? 1 : -1);
        return fromBits<T>(bitsOf((T)(count * (Long)M_PI_2q)) + (random() >> 62) - 1);
    }
    // Next to a whole number or half of one, at a distance of any size: poles, zeros and ends of domains.
    T besideHalves()
    {
        double distance = std::exp2(uniform(-60, -2));
        return (T)(std::rint(2 * uniform(entry.low, entry.high)) / 2 + (random() >> 63 ? distance : -distance));
    }

    uint64_t edges() const
    {
        uint64_t all = 1;
        for (int i = 0; i < entry.arguments; i++) all *= SPECIALS;
        return all;
    }
    // Whether the argument lies anywhere between `low` and `high`.
    bool isBetween(uint64_t index) const
    {
        if (index < edges()) return false;
        if (entry.sampling == Sampling::Order) return index % 4 != 0;
        return entry.sampling == Sampling::One && index % 16 != 0 && index % 16 != 1 && index % 16 != 3 && index % 16 != 8;
    }
    // The edge cases first, then random arguments.
    void next(uint64_t index, T* x)
    {
        int n = entry.arguments;
        if (index < edges()) {
            for (int i = 0; i < n; i++, index /= SPECIALS) x[i] = (T)SPECIAL[index % SPECIALS];
            if (entry.sampling == Sampling::Scaling && !(std::fabs(x[1]) < 1e9)) x[1] = 0;
            return;
        }
        switch (entry.sampling) {
        case Sampling::One:
            switch (index % 16) {
            case 1: x[0] = besideQuarters(); return;
            case 3: x[0] = besideHalves(); return;
            case 0: case 8: x[0] = any(); return;
            default: x[0] = (T)uniform(entry.low, entry.high); return;
            }
        case Sampling::Order:  // CUDA's bound is one for positive arguments
            x[0] = (T)(index % 4 == 0 ? std::exp(uniform(-3, 12)) : uniform(entry.low, entry.high));
            return;
        case Sampling::Scaling:
            x[0] = any();
            x[1] = (T)std::rint(uniform(-1, 1) * (sizeof(T) == 4 ? 310 : 2210));
            return;
        case Sampling::Pairs:
            switch (index % 4) {
            case 0:
                x[0] = any(), x[1] = any();
                // A power that neither overflows nor vanishes.
                if (index % 8 == 0) x[1] = (T)(uniform(-1, 1) * (sizeof(T) == 4 ? 150 : 1080) / std::log2(std::fabs((Long)x[0])));
                return;
            case 1: x[0] = (T)uniform(0.5, 2), x[1] = (T)uniform(-2000, 2000); return;
            case 2: x[0] = (T)std::exp(uniform(-80, 80)), x[1] = (T)uniform(-5, 5); return;
            default: x[0] = any(), x[1] = (T)(x[0] * uniform(0.01, 100)); return;
            }
        case Sampling::Lengths:
            for (int i = 0; i < n; i++) x[i] = index % 4 == 0 || i == 0 ? any() : index % 4 == 1 ? (T)(x[0] * uniform(-1e4, 1e4)) : (T)(x[0] * uniform(-2, 2));
            if (index % 4 == 3) for (int i = 0; i < n; i++) x[i] = (T)uniform(-10, 10);
            return;
        }
    }
};

// How far the first reference may be off: more than any of the host's functions is, which `trust` puts to the proof. Where the bound is 0
// the host's own result is exact.
template <typename T, typename W> W slackOf(const Sampled<T>& entry, W reference)
{
    W relative = sizeof(T) == 4 ? (W)0x1p-45 : entry.bound == 0 ? (W)0x1p-63 : (W)0x1p-57, floor = entry.absolute.bound ? (sizeof(T) == 4 ? (W)1e-13 : (W)1e-17) : 0;
    return std::fabs(reference) * relative + floor;
}

template <typename T> struct SampledRun {
    typedef typename Wider<T>::type W;
    const Sampled<T>& entry;
    Samples<T> samples{entry};
    Record<T> record = {};
    uint64_t chunks = 0;

    Quad exact(const T* x) const
    {
        Quad quad[MOST_ARGUMENTS];
        for (int k = 0; k < entry.arguments; k++) quad[k] = x[k];
        return entry.exact(quad);
    }
    bool isAbsolute(const T* x) const { return entry.absolute.bound && std::fabs(x[0]) >= entry.absolute.from && std::isfinite(x[0]); }

    // What may be worse than all before.
    void judge(T got, Quad exact, const T* x)
    {
        if (isAbsolute(x) && finiteq(exact)) record.judgeAbsolute(got, exact);
        else record.judge(got, exact, x, entry.arguments);
    }

    // One argument in some thousands: the first reference must be as near to the exact one as is said of it.
    void trust(Quad reference, Quad slack, Quad exact, const T* x) const
    {
        if (!finiteq(exact) || !finiteq(reference) || fabsq(exact) < (Quad)std::numeric_limits<W>::min()) return;
        if (fabsq(reference - exact) <= slack) return;
        fprintf(stderr, "%s: the first reference is off by %g of what is allowed at %.17g\n", entry.name, (double)(fabsq(reference - exact) / slack), (double)x[0]);
        exit(1);
    }

    // One result beside the host's.
    void each(const T* x, bool probed)
    {
        W wide[MOST_ARGUMENTS];
        for (int k = 0; k < entry.arguments; k++) wide[k] = x[k];
        T got = entry.function(x);
        W reference = entry.near(wide), slack = slackOf(entry, reference);
        record.count++;
        if (unbounded(entry.name, x[0])) return;
        bool absolute = isAbsolute(x) && std::isfinite(reference);
        bool harmless = absolute ? std::fabs(got - reference) + slack <= record.absolute : !suspicious(got, reference, slack, record);
        if (harmless && !probed) return;
        Quad exactly = exact(x);
        if (probed) trust(reference, slack, exactly, x);
        judge(got, exactly, x);
    }

    // Arguments between two numbers, most of them beside polynomials.
    void between(double low, double high, uint64_t count)
    {
        double split = low + (high - low) / 2;
        for (double edge : {-entry.absolute.from, entry.absolute.from})
            if (entry.absolute.bound && low < edge && edge < high) split = edge;
        Smooth smooth;
        if (count < 2048) {
            for (uint64_t i = 0; i < count; i++) {
                T x = (T)samples.uniform(low, high);
                each(&x, false);
            }
        } else if (split == low + (high - low) / 2 && smooth.fit([this](Quad x) { return entry.exact(&x); }, low, high)) {
            for (uint64_t done = 0; done < count; done += Smooth::CHUNK) chunk(smooth, low, high, (int)std::min<uint64_t>(count - done, Smooth::CHUNK));
        } else {
            uint64_t part = (uint64_t)((double)count * ((split - low) / (high - low)));
            between(low, split, part);
            between(split, high, count - part);
        }
    }

    void chunk(const Smooth& smooth, double low, double high, int count)
    {
        double x[Smooth::CHUNK], got[Smooth::CHUNK], value[Smooth::CHUNK], lost[Smooth::CHUNK];
        for (int i = 0; i < count; i++) {
            T argument = (T)samples.uniform(low, high);
            x[i] = argument;
            got[i] = entry.function(&argument);
        }
        record.count += count;
        if (unbounded(entry.name, (T)x[0]) && unbounded(entry.name, (T)x[count - 1])) return;
        smooth.evaluate(x, count, value, lost);
        T first = (T)x[0];
        if (chunks++ % 16 == 0) trust((Quad)value[0] + lost[0], std::fabs(value[0]) * Smooth::SLACK, exact(&first), &first);
        bool absolute = isAbsolute(&first), worse[Smooth::CHUNK];
        double limit = std::min(std::max(record.error, 0.1), (double)record.ulps + 0.5) - 1e-6;
        for (int i = 0; i < count; i++) {
            double error = std::fabs((got[i] - value[i]) - lost[i]) + std::fabs(value[i]) * Smooth::SLACK;
            double least = std::min(std::fabs(got[i]), std::fabs(value[i]));
            worse[i] = !(error <= (absolute ? record.absolute : limit * unitOf<T>(least)));
        }
        for (int i = 0; i < count; i++) {
            T argument = (T)x[i];
            if (worse[i] && !unbounded(entry.name, argument)) judge((T)got[i], exact(&argument), &argument);
        }
    }

    void run(uint64_t count)
    {
        uint64_t later = 0, end = samples.edges() + count;
        for (uint64_t i = 0; i < end; i++) {
            if (entry.bound != 0 && samples.isBetween(i)) {
                later++;
                continue;
            }
            T x[MOST_ARGUMENTS];
            samples.next(i, x);
            each(x, i % 4999 == 0);
        }
        if (later) between(entry.low, entry.high, later);
        print(entry.name, entry.bound, entry.absolute, record, entry.arguments);
    }
};

// ---- values for devices ------------------------------------------------------------------------------------------------------------------

// The functions of one float seen as sampled ones.
static const OneFloat* oneFloat;
static const ExactFloat* exactFloat;
Sampled<float> sampled(const OneFloat& entry)
{
    oneFloat = &entry;
    auto one = [](const float* x) { float y; return oneFloat->function(bitsOf(x[0]), 1, 1, &y), y; };
    return {entry.name, 1, one, [](const double* x) { return oneFloat->near(x[0]); }, [](const Quad* x) { return oneFloat->exact(x[0]); }, entry.bound, Sampling::One, -10, 10, entry.absolute};
}
Sampled<float> sampled(const ExactFloat& entry)
{
    exactFloat = &entry;
    return {entry.name, 1, [](const float* x) { return exactFloat->function(x[0]); },
        [](const double* x) { return (double)exactFloat->expected((float)x[0]); }, [](const Quad* x) { return (Quad)exactFloat->expected((float)x[0]); }, 0, Sampling::One, -10, 10};
}

template <typename T>
void values(const std::string& folder, const Sampled<T>& entry, uint64_t count)
{
    std::vector<std::vector<T>> planes(entry.arguments + 3, std::vector<T>(count));
    Samples<T> samples{entry};
    // Not more edge cases than random arguments.
    uint64_t edges = samples.edges(), some = edges < count / 2 ? edges : count / 2;
    for (uint64_t i = 0; i < count; i++) {
        T x[MOST_ARGUMENTS];
        typename Wider<T>::type wide[MOST_ARGUMENTS];
        Quad quad[MOST_ARGUMENTS];
        samples.next(i < some ? i * (edges / some) : edges + i, x);
        for (int k = 0; k < entry.arguments; k++) planes[k][i] = x[k], wide[k] = x[k], quad[k] = x[k];
        planes[entry.arguments][i] = entry.function(x);
        auto reference = entry.near(wide), slack = slackOf(entry, reference);
        T low = (T)(reference - slack), high = (T)(reference + slack);
        T rounded = planes[entry.arguments + 1][i] = low == high && low != 0 ? low : (T)entry.exact(quad);
        bool anySubnormal = false;
        for (int k = 0; k < entry.arguments; k++)
            if (std::fpclassify(x[k]) == FP_SUBNORMAL) quad[k] = std::copysign((T)0, x[k]), anySubnormal = true;
        planes[entry.arguments + 2][i] = anySubnormal ? (T)entry.exact(quad) : rounded;
    }
    FILE* file = fopen((folder + "/" + entry.name).c_str(), "wb");
    if (!file) exit(2);
    for (auto& plane : planes) fwrite(plane.data(), sizeof(T), count, file);
    fclose(file);
}

void measure(const std::string& name, uint32_t step, uint64_t count)
{
    for (auto& entry : ONE_FLOAT)
        if (name == entry.name) std::make_unique<OneFloatRun>(OneFloatRun{entry, step})->run();
    for (auto& entry : EXACT_FLOAT)
        if (name == entry.name) measure(entry, step);
    for (auto& entry : floats::SAMPLED)
        if (name == entry.name) std::make_unique<SampledRun<float>>(SampledRun<float>{entry})->run(count);
    for (auto& entry : doubles::SAMPLED)
        if (name == entry.name) std::make_unique<SampledRun<double>>(SampledRun<double>{entry})->run(count);
}

int main(int argc, char** argv)
{
    std::string command = argc > 1 ? argv[1] : "";
    if (command == "list") {
        auto list = [](const char* name, const char* type, const char* kind, int arguments, double bound, const Absolute& absolute) {
            printf("%s,%s,%s,%d,%g,%g,%g\n", name, type, kind, arguments, bound, absolute.bound, absolute.from);
        };
        for (auto& entry : ONE_FLOAT) list(entry.name, "float", "all", 1, entry.bound, entry.absolute);
        for (auto& entry : EXACT_FLOAT) list(entry.name, "float", "all", 1, 0, {});
        for (auto& entry : floats::SAMPLED) list(entry.name, "float", "samples", entry.arguments, entry.bound, entry.absolute);
        for (auto& entry : doubles::SAMPLED) list(entry.name, "double", "samples", entry.arguments, entry.bound, entry.absolute);
        return 0;
    }
    if (command == "values" && argc >= 4) {
        uint64_t count = (uint64_t)atol(argv[3]);
        auto wanted = [&](const char* name) { return argc < 5 || strcmp(argv[4], name) == 0; };
        for (auto& entry : ONE_FLOAT)
            if (wanted(entry.name)) values(argv[2], sampled(entry), count);
        for (auto& entry : EXACT_FLOAT)
            if (wanted(entry.name)) values(argv[2], sampled(entry), count);
        for (auto& entry : floats::SAMPLED)
            if (wanted(entry.name)) values(argv[2], entry, count);
        for (auto& entry : doubles::SAMPLED)
            if (wanted(entry.name)) values(argv[2], entry, count);
        return 0;
    }
    if (command != "measure" || argc < 6) return 2;
    std::atomic<int> next = 5;
    std::vector<std::thread> threads;
    for (int i = 0; i < atoi(argv[4]); i++)
        threads.emplace_back([&] {
            for (int place = next++; place < argc; place = next++) measure(argv[place], (uint32_t)atol(argv[2]), (uint64_t)atol(argv[3]));
        });
    for (auto& thread : threads) thread.join();
}
