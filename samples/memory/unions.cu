// A tagged union in memory, copied as a whole, and type punning through a union.
// Of every three records the first holds a float, the second an integer, the third four bytes.
//# launch  = { kernel = "step", grid = 2, block = 64 }
//# args    = [{ records = { count = 100, fields = [{ tag = "i32 i % 3" }, { bits = "u32 i % 3 == 0 ? bits(f32(i)) : i * 0x01020304" }] } },
//#            { raised = "zeros i32 100" }, { kinds = { fields = [{ number = "i32 7" }] } }, { n = 100 }]
//# expect  = { "records.bits" = "i % 3 == 0 ? bits(f32(i + 0.5)) : i % 3 == 1 ? u32(i * 0x01020304) + 7 : (u32(i * 0x01020304) & 0xff00ffff) | 0x00ab0000",
//#             raised = "i % 3 == 0 ? bits(f32(i + 0.5)) >> 23 : -1" }

union Payload {
    float number;
    int count;
    unsigned char bytes[4];
};

struct Record {
    int tag;
    Payload payload;
};

struct Kinds {
    union {
        int increment;
        unsigned mask;
    };
};

__device__ Record raised_by_half(Record record) {
    record.payload.number += 0.5f;
    return record;
}

__device__ int exponent(float x) {
    union { float f; unsigned u; } pun;
    pun.f = x;
    return pun.u >> 23;
}

__global__ void step(Record* records, int* raised, Kinds kinds, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n) return;
    Record record = records[i];
    raised[i] = -1;
    if (record.tag == 0) {
        record = raised_by_half(record);
        raised[i] = exponent(record.payload.number);
    } else if (record.tag == 1) {
        record.payload.count += kinds.increment;
    } else {
        record.payload.bytes[2] = 0xab;
    }
    records[i] = record;
}
