__global__ void missing_semicolon(int n) {
  int x = 3
  if (n) x = 1;
//^^ E0120: expected `;`, `,` or an operator, found `if`
  x = 2;
}
__global__ void two_errors(int n) {
  n = ;
//    ^ E0120: expected an expression, found `;`
  n = 2;
  n = n n;
//      ^ E0120: expected `;`
  n = 3;
}
struct Broken {
  int a b;
//      ^ E0120: expected `;`
  int c;
  __device__ int get() { return c; }
};
__global__ void uses(Broken b) { b.get(); unsigned float f; int long double q; 3 = 08; 1.0q; }
//                                        ^^^^^^^^^^^^^^ E0121: these words make no type
//                                                          ^ E0121: these words make no type
//                                                                                 ^^ E0123: `08` is no integer literal
//                                                                                     ^^^^ E0123: `1.0q` is no floating literal
int host(int x) { return x x; }
__global__ void calls_host(int n) { host(n); }
