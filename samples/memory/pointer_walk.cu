// Pointers as iterators: one walks forward, one backward, until they meet.
//# launch = { kernel = "reverseRows", grid = 1, block = 16 }
//# args   = [{ matrix = "iota i32 156" }, { columns = 13 }, { rows = 12 }]
//# expect = { matrix = "i / 13 * 13 + 12 - i % 13", past_end = "untouched" }

__device__ int* rowOf(int* matrix, int columns, int row) { return matrix + row * columns; }

__global__ void reverseRows(int* matrix, int columns, int rows)
{
    int row = threadIdx.x;
    if (row >= rows) return;

    int* front = rowOf(matrix, columns, row);
    int* back = front + columns - 1;
    while (front < back) {
        int held = *front;
        *front++ = *back;
        *back-- = held;
    }
}
