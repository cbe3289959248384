// Prints formats, bits of arguments and what the C library makes of them, for `tests.rs`:
//     g++ -O1 printf_cases.cpp -o /tmp/cases && /tmp/cases > printf_cases.txt
#include <cinttypes>
#include <climits>
#include <cfloat>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

static const char* const flags[] = {"", "-", "+", " ", "#", "0", "-#", "+0", "#0", " 0", "+-"};
static const char* const sizes[] = {"", "12", ".0", ".3", "15.3", "20.9", ".17"};

static void show(const std::string& format, const char* kind, uint64_t bits, const char* text)
{
    static int count = 0;
    if (count++ % 3 == 0) // a third of all combinations
        printf("%s\t%s\t%" PRIx64 "\t%s\n", format.c_str(), kind, bits, text);
}

int main()
{
    char text[2048];
    const int ints[] = {0, 7, -42, INT_MIN, INT_MAX};
    const long long longs[] = {0, -1, LLONG_MIN, 0x123456789abcdefLL};
    const double doubles[] = {0.0, -0.0, 1.0, 0.5, 2.5, -1.75, 0.1, 99.5, 999999.5, 1234567.0, 1e-4, 1e-5, 123456789.0, 1e22, 1e300,
                              5e-324, 2.2250738585072009e-308, DBL_MAX, 1.9999999999999998, __builtin_inf(), -__builtin_inf(), __builtin_nan("")};
    int n = 0;
    for (const char* flag : flags)
        for (const char* size : sizes) {
            const std::string start = std::string("%") + flag + size;
            for (char conversion : std::string("diuxXo"))
                for (const char* length : {"", "hh", "h"}) {
                    const std::string format = start + length + conversion;
                    const int value = ints[n++ % 5];
                    snprintf(text, sizeof text, format.c_str(), value);
                    show(format, "i", (uint32_t)value, text);
                }
            for (char conversion : std::string("duxXo")) {
                const std::string format = start + (n % 2 ? "ll" : "l") + conversion;
                const long long value = longs[n++ % 4];
                snprintf(text, sizeof text, format.c_str(), value);
                show(format, "l", (uint64_t)value, text);
            }
            for (char conversion : std::string("feEgGaA"))
                for (int i = 0; i < 4; i++) {
                    const std::string format = start + conversion;
                    const double value = doubles[n++ % (sizeof doubles / sizeof *doubles)];
                    snprintf(text, sizeof text, format.c_str(), value);
                    uint64_t bits;
                    memcpy(&bits, &value, 8);
                    show(format, "d", bits, text);
                }
        }
}
