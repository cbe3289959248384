// The address of a base or of a first member becomes that of the whole again, while several objects may be meant.
//# launch = { kernel = "whole_again", grid = 1, block = 4 }
//# args = [{ x = "list i32 5 6 7 8" }, { out = "zeros i32 8" }]
//# expect = { out = [105, 206, 105, 206, 11, 22, 11, 22] }
struct Base { int tag; };
struct Derived : Base { const int* p; int v; };
struct Outer { int first; const int* p; };
__global__ void whole_again(const int* x, int* out)
{
    Derived a, b;
    a.tag = 1; a.p = x; a.v = 100;
    b.tag = 2; b.p = x + 1; b.v = 200;
    Outer c = {6, x}, d = {16, x + 1};
    Base* bases[2] = {&a, &b};
    int* firsts[2] = {&c.first, &d.first};
    int i = threadIdx.x;
    const Derived* which = static_cast<Derived*>(bases[i % 2]);
    out[i] = which->v + *which->p;
    const Outer* outer = reinterpret_cast<Outer*>(firsts[i % 2]);
    out[4 + i] = outer->first + *outer->p;
}
