// [class.mem]: a member is declared once. nvcc refuses it too.
struct Pixel {
    int x;
    int y;
    int x;
    //^ E0238: a member of this name already
};
__global__ void twice(Pixel* p) { p->x = 1; }
