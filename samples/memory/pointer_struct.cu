// Structs by value that hold pointers: a view with its length, an array of pointers chosen by an index, a pointer that may be null,
// and a struct of structs. Each pointer in them is a binding of its own, and may point anywhere into its buffer.
//# launches = [{ kernel = "gather", grid = 1, block = 64, args = ["images", "out", "n"] },
//#             { kernel = "gather", grid = 1, block = 64, args = ["plain", "second", "n"] },
//#             { kernel = "gather", grid = 1, block = 64, args = ["shifted", "third", "n"] }]
//# buffers  = { red = "iota f32 50", green = "iota f32 50 100 1", blue = "iota f32 50 200 1", mask = "mod 2 u8 50" }
//# args     = [{ n = 60 }, { out = "zeros f32 50" }, { second = "zeros f32 50" }, { third = "zeros f32 50" },
//#             { images = { fields = [{ red = "red* 0" }, { green = "green* 0" }, { blue = "blue* 0" }, { mask = "mask* 0" }, { size = "i32 50" }] } },
//#             { plain = { fields = [{ red = "red* 0" }, { green = "green* 0" }, { blue = "blue* 0" }, { mask = "mask* -1" }, { size = "i32 50" }] } },
//#             { shifted = { fields = [{ red = "red* 3" }, { green = "green* 5" }, { blue = "blue* 7" }, { mask = "mask* 2" }, { size = "i32 40" }] } }]
//# expect   = { out = "i % 2 == 0 ? 0 : i + 100 * (i % 3)", second = "i + 100 * (i % 3)",
//#              third = "i >= 40 ? 0 : (i % 2 == 0 ? 0 : i + 3 + 102 * (i % 3))" }

struct Images {
    const float* planes[3];
    const unsigned char* mask;
    int size;
};

struct Window {
    Images images;
    int start;
};

__device__ float pixel(const Window& window, int plane, int i) {
    int at = window.start + i;
    if (at >= window.images.size) return 0.0f;
    if (window.images.mask && !window.images.mask[at]) return 0.0f;
    return window.images.planes[plane][at];
}

__global__ void gather(Images images, float* out, int n) {
    int i = threadIdx.x;
    if (i >= n || i >= images.size) return;
    Window window = { images, 0 };
    out[i] = pixel(window, i % 3, i);
}
