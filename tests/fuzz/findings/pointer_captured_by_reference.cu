__global__ void captured(int* p) { auto g = [&] { p[1] = 3; p++; }; g(); g(); *p = 1; }
__global__ void referred(int* p, int* q) { int** r = p[0] ? &p : &q; r[0]++; r[0][1] = 2; }
__global__ void one_of_many(int* p, int* q) { int* both[2] = {p, q}; int** s = p[1] ? &q : both; s[0]++; both[0][2] = (long)&s; }
__global__ void copied(int* p) { int* q = p + 1; long bits; memcpy(&bits, &q, sizeof(q)); p[0] = bits; }
__global__ void exchanged(int* p) { int* q = p + 1; atomicExch((unsigned long long*)&q, 5ull); p[0] = *q; }
