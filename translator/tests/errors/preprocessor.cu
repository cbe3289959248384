// What the preprocessor refuses (g++ too; nvcc leaves it to that).
#define ONE(x) x
// [cpp.error]: the program's own errors. Nothing to accept.
#error stop here
//^ E0108: stop here
// [cpp.cond]: a condition must make sense.
#if 1 +
//^ E0106: too early
#endif
// [cpp.replace]: as many arguments as parameters.
int a = ONE(1, 2);
//^ E0109: takes 1
__global__ void k(int* o) { o[0] = ONE(1); }
