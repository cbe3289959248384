// `delete` through a pointer to a base: the object's own destructor runs, and all its memory is given back, wherever the base lies in it.
//# launch  = { kernel = "shapes", grid = 1, block = 8 }
//# args    = [{ area = "zeros i32 24" }, { ended = "zeros i32 24" }, { n = 24 }]
//# expect  = { area = "i % 3 == 0 ? i * i : i % 3 == 1 ? 2 * i : 100 + i", ended = "i % 3 == 0 ? 1 : i % 3 == 1 ? 12 : 3" }

class Shape {
public:
    int* ended;
    __device__ Shape(int* ended) : ended(ended) {}
    __device__ virtual int area() const = 0;
    __device__ virtual ~Shape() { *ended = *ended * 10; }
};

class Square : public Shape {
    int side;
public:
    __device__ Square(int* ended, int side) : Shape(ended), side(side) {}
    __device__ int area() const override { return side * side; }
    __device__ ~Square() override { *ended = 0; }
};

struct Named {
    int name;
    __device__ virtual int number() const { return name; }
};

// The shape is its second part.
class Double : public Named, public Shape {
    int* length;
public:
    __device__ Double(int* ended, int length) : Shape(ended), length(new int(length)) { name = 2; }
    __device__ int area() const override { return name * *length; }
    __device__ ~Double() override
    {
        *ended = 1;
        delete length;
    }
};

__device__ Shape* make(int kind, int* ended, int size)
{
    if (kind == 0)
        return new Square(ended, size);
    return new Double(ended, size);
}

__global__ void shapes(int* area, int* ended, int n)
{
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        if (i % 3 == 2) {
            area[i] = 100 + i;
            ended[i] = 3;
            continue;
        }
        Shape* shape = make(i % 3, ended + i, i);
        area[i] = shape->area();
        delete shape;
        ended[i] += i % 3 == 0 ? 1 : 2;
    }
    Shape* nothing = nullptr;
    delete nothing;
}
