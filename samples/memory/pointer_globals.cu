// Pointers in `__constant__` and `__device__` variables: rows that the host has set, and a list that one kernel leaves to the next.
//# launches = [{ kernel = "link", grid = 1, block = 1, args = ["cells", "n"] },
//#             { kernel = "sumRows", grid = 1, block = 32, args = ["out"] }]
//# args     = [{ cells = { count = 8, fields = [{ value = "i32 3 * i" }, { next = "cells* -1" }] } }, { n = 8 }, { out = "zeros i32 32" }]
//# buffers  = { data = "iota i32 64" }
//# symbols  = { rows = { count = 4, fields = [{ start = "data* 16 * i" }, { length = "i32 4 * (i + 1)" }] } }
//# expect   = { out = "sum(k, 0, 4 * (i % 4 + 1), 16 * (i % 4) + k) + (i < 8 ? 3 * (7 - i) : -1)", "cells.next" = "i - 1" }

struct Row {
    const int* start;
    int length;
};

struct Cell {
    int value;
    Cell* next;
};

__constant__ Row rows[4];
__device__ Cell* head;

// Each cell in front of the one before.
__global__ void link(Cell* cells, int n)
{
    for (int i = 0; i < n; i++) {
        cells[i].next = head;
        head = &cells[i];
    }
}

__global__ void sumRows(int* out)
{
    int i = threadIdx.x;
    const Row& row = rows[i % 4];
    int sum = 0;
    for (int k = 0; k < row.length; k++)
        sum += row.start[k];

    Cell* cell = head;
    for (int k = 0; k < i && cell; k++)
        cell = cell->next;
    out[i] = sum + (cell ? cell->value : -1);
}
