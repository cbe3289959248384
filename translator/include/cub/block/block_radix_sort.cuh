// cub::BlockRadixSort: one bit at a time, from the lowest: a stable split of the keys with a zero before those with a one.
#pragma once
#include "cub/block/block_scan.cuh"

namespace cub {

struct NullType {};

// A key's bits in the order of the keys. -0 and +0 are equal.
template <typename Key> struct __radix {
    static constexpr int bits = 8 * (int)sizeof(Key);
    __device__ static unsigned long long order(Key key)
    {
        unsigned long long value = (unsigned long long)key;
        return Key(-1) < Key(0) ? value ^ 1ull << (bits - 1) : value;
    }
};
template <> struct __radix<int> {
    static constexpr int bits = 32;
    __device__ static unsigned int order(int key) { return (unsigned int)key ^ 0x80000000u; }
};
template <> struct __radix<unsigned int> {
    static constexpr int bits = 32;
    __device__ static unsigned int order(unsigned int key) { return key; }
};
template <> struct __radix<float> {
    static constexpr int bits = 32;
    __device__ static unsigned int order(float key)
    {
        unsigned int value = __float_as_uint(key);
        if (value == 0x80000000u) value = 0;
        return (int)value < 0 ? ~value : value | 0x80000000u;
    }
};
template <> struct __radix<double> {
    static constexpr int bits = 64;
    __device__ static unsigned long long order(double key)
    {
        unsigned long long value = (unsigned long long)__double_as_longlong(key);
        if (value == 0x8000000000000000ull) value = 0;
        return (long long)value < 0 ? ~value : value | 0x8000000000000000ull;
    }
};

template <typename Key, int BLOCK_DIM_X, int ITEMS, typename Value = NullType, int RADIX_BITS = 4>
class BlockRadixSort {
    static constexpr int count = BLOCK_DIM_X * ITEMS;

public:
    struct TempStorage {
        unsigned int zeros[BLOCK_DIM_X];
        Key keys[count];
        Value values[count];
    };

    __device__ BlockRadixSort(TempStorage& storage) : temp(storage) {}

    __device__ void Sort(Key (&keys)[ITEMS], int begin = 0, int end = __radix<Key>::bits) { Passes(keys, begin, end, false, false); }
    __device__ void SortDescending(Key (&keys)[ITEMS], int begin = 0, int end = __radix<Key>::bits) { Passes(keys, begin, end, true, false); }
    __device__ void SortBlockedToStriped(Key (&keys)[ITEMS], int begin = 0, int end = __radix<Key>::bits) { Passes(keys, begin, end, false, true); }
    __device__ void Sort(Key (&keys)[ITEMS], Value (&values)[ITEMS], int begin = 0, int end = __radix<Key>::bits)
    {
        Passes(keys, values, begin, end, false, false);
    }
    __device__ void SortDescending(Key (&keys)[ITEMS], Value (&values)[ITEMS], int begin = 0, int end = __radix<Key>::bits)
    {
        Passes(keys, values, begin, end, true, false);
    }
    __device__ void SortBlockedToStriped(Key (&keys)[ITEMS], Value (&values)[ITEMS], int begin = 0, int end = __radix<Key>::bits)
    {
        Passes(keys, values, begin, end, false, true);
    }

private:
    TempStorage& temp;

    __device__ void Passes(Key (&keys)[ITEMS], int begin, int end, bool descending, bool striped)
    {
        int thread = (int)threadIdx.x;
        for (int bit = begin; bit < end; bit++) {
            int places[ITEMS];
            Split(keys, places, bit, descending);
            for (int i = 0; i < ITEMS; i++)
                temp.keys[places[i]] = keys[i];
            __syncthreads();
            for (int i = 0; i < ITEMS; i++)
                keys[i] = temp.keys[striped && bit + 1 == end ? i * BLOCK_DIM_X + thread : thread * ITEMS + i];
            __syncthreads();
        }
    }
    __device__ void Passes(Key (&keys)[ITEMS], Value (&values)[ITEMS], int begin, int end, bool descending, bool striped)
    {
        int thread = (int)threadIdx.x;
        for (int bit = begin; bit < end; bit++) {
            int places[ITEMS];
            Split(keys, places, bit, descending);
            for (int i = 0; i < ITEMS; i++) {
                temp.keys[places[i]] = keys[i];
                temp.values[places[i]] = values[i];
            }
            __syncthreads();
            for (int i = 0; i < ITEMS; i++) {
                int from = striped && bit + 1 == end ? i * BLOCK_DIM_X + thread : thread * ITEMS + i;
                keys[i] = temp.keys[from];
                values[i] = temp.values[from];
            }
            __syncthreads();
        }
    }

    // Where each key goes: behind the zeros before it, or behind all zeros and the ones before it.
    __device__ void Split(Key (&keys)[ITEMS], int (&places)[ITEMS], int bit, bool descending)
    {
        int thread = (int)threadIdx.x;
        unsigned int own = 0;
        for (int i = 0; i < ITEMS; i++)
            own += IsOne(keys[i], bit, descending) ? 0 : 1;
        temp.zeros[thread] = own;
        __syncthreads();
        for (int distance = 1; distance < BLOCK_DIM_X; distance *= 2) {
            unsigned int sum = temp.zeros[thread];
            if (thread >= distance) sum += temp.zeros[thread - distance];
            __syncthreads();
            temp.zeros[thread] = sum;
            __syncthreads();
        }
        int zero = (int)(temp.zeros[thread] - own);
        int all = (int)temp.zeros[BLOCK_DIM_X - 1];
        int one = all + thread * ITEMS - zero;
        for (int i = 0; i < ITEMS; i++) {
            bool isOne = IsOne(keys[i], bit, descending);
            places[i] = isOne ? one : zero;
            one += isOne ? 1 : 0;
            zero += isOne ? 0 : 1;
        }
    }

    __device__ static bool IsOne(Key key, int bit, bool descending) { return ((__radix<Key>::order(key) >> bit & 1) != 0) != descending; }
};

}  // namespace cub
