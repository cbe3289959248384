// String literals are constant arrays of char: they are indexed, walked to their end, kept in tables and returned.
//# launch  = { kernel = "spell", grid = 2, block = 32 }
//# args    = [{ values = "iota u32 60 7 977" }, { text = "fill 63 u8 480" }, { n = 60 }]
//# expect  = { text = ''' {
//#   let t = i / 8; let c = i % 8;
//#   let v = values[t];
//#   let digit = (v >> 4 * max(5 - c, 0)) & 15;
//#   let last = t % 3 == 0 ? 100 : t % 3 == 1 ? 110 : 101;
//#   let vowel = t % 3 == 0 ? 101 : t % 3 == 1 ? 114 : 108;
//#   c < 6 ? (digit < 10 ? 48 + digit : 87 + digit) : c == 6 ? last : vowel - 32
//# } ''' }

__device__ const char* colour(unsigned kind)
{
    switch (kind) {
    case 0: return "red";
    case 1: return "green";
    default: return "blue";
    }
}

__device__ int length(const char* text)
{
    int n = 0;
    while (text[n] != '\0')
        n++;
    return n;
}

__global__ void spell(const unsigned* values, char* text, int n)
{
    static const char* const upper[] = {"RED", "GREEN", "BLUE"};
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;

    // Six digits, the last letter of a colour, and the second one of the same colour in capitals.
    for (int k = 0; k < 6; k++)
        text[8 * i + k] = "0123456789abcdef"[values[i] >> 4 * (5 - k) & 15];
    const char* name = colour(i % 3);
    text[8 * i + 6] = name[length(name) - 1];
    text[8 * i + 7] = upper[i % 3][1];
}
