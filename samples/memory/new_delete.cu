// Objects and arrays by new and delete, with their constructors and destructors, and an object at a place of one's own.
//# launch = { kernel = "objects", grid = 1, block = 32 }
//# args   = [{ ends = "zeros i32 32" }, { sums = "zeros i32 32" }]
//# expect = { ends = "16 + 0 * i", sums = "36 + 5 * i" }

struct Counter {
    int* ends;
    int step;
    __device__ Counter(int* ends, int step) : ends(ends), step(step) {}
    __device__ ~Counter() { *ends += step; }
};

struct Cell {
    int value = 4;
    __device__ ~Cell() { value = 0; }
};

struct Point {
    int x, y;
};

__global__ void objects(int* ends, int* sums) {
    int i = threadIdx.x, sum = 0;
    Counter* counter = new Counter(ends + i, 7);
    delete counter;

    Cell* cells = new Cell[i % 3 + 9];
    for (int k = 0; k < 9; ++k) sum += cells[k].value;
    delete[] cells;

    int* zeros = new int[8]();
    for (int k = 0; k < 8; ++k) sum += zeros[k];
    delete[] zeros;

    Point* point = new Point{i, 4 * i};
    sum += point->x + point->y;
    delete point;

    alignas(Counter) unsigned char place[sizeof(Counter)];
    Counter* placed = new (place) Counter(ends + i, 9);
    placed->~Counter();
    sums[i] = sum;
}
