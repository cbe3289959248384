// Structs of bytes, halfwords, words and an array too large for registers, by value: passed, returned, in local arrays, copied.
//# launches = [{ kernel = "blend", grid = 1, block = 64, args = ["a", "b", "pixels", "n"] },
//#             { kernel = "archive", grid = 1, block = 8, args = ["tables", "copies", "tables_n"] }]
//# args     = [{ n = 50 }, { tables_n = 5 },
//#             { a = { count = 50, fields = [{ r = "u8 i" }, { g = "u8 2 * i" }, { b = "u8 3 * i" }, { depth = "i16 100 * i - 2000" }, { id = "i32 i" }] } },
//#             { b = { count = 50, fields = [{ r = "u8 200" }, { g = "u8 100" }, { b = "u8 i" }, { depth = "i16 i" }, { id = "i32 1000" }] } },
//#             { pixels = { count = 50, fields = [{ r = "u8 0" }, { g = "u8 0" }, { b = "u8 0" }, { depth = "i16 0" }, { id = "i32 0" }] } },
//#             { tables = { count = 5, fields = [{ entries = "f32[100] i * 100 + c" }, { flags = "u8[28] c" }] } },
//#             { copies = { count = 5, fields = [{ entries = "f32[100] 0" }, { flags = "u8[28] 0" }] } }]
//# expect   = { "pixels.r" = "i % 3 == 2 ? (i + 200) % 256 : i % 3 == 1 ? 200 : i", "pixels.g" = "i % 3 == 1 ? 100 : 2 * i",
//#              "pixels.b" = "i % 3 == 1 ? i : 3 * i", "pixels.depth" = "i % 3 == 2 ? 99 * i - 2000 : i % 3 == 1 ? i : 100 * i - 2000",
//#              "pixels.id" = "i % 3 == 2 ? 1000 * i : i % 3 == 1 ? 1000 : i",
//#              "copies.entries" = "i % 100 == i / 100 ? -1 : i", "copies.flags" = "i % 28 == 3 ? 9 : i % 28" }

struct Pixel {
    unsigned char r, g, b;
    short depth;
    int id;
};

struct Table {
    float entries[100];
    unsigned char flags[28];
};

__device__ Pixel combined(Pixel a, Pixel b) {
    Pixel c = a;
    c.r = a.r + b.r;
    c.depth = a.depth - b.depth;
    c.id = a.id * b.id;
    return c;
}

__global__ void blend(const Pixel* a, const Pixel* b, Pixel* out, int n) {
    int i = threadIdx.x;
    if (i >= n) return;
    Pixel choices[3];
    choices[0] = a[i];
    choices[1] = b[i];
    choices[2] = combined(choices[0], choices[1]);
    out[i] = choices[i % 3];
}

__global__ void archive(const Table* tables, Table* copies, int n) {
    int i = threadIdx.x;
    if (i >= n) return;
    Table table = tables[i];
    table.entries[i] = -1;
    table.flags[3] = 9;
    copies[i] = table;
}
