__global__ void first(int n) {
//                           ^ E0115: this `{` is never closed
  if (n) {
//       ^ E0115: this `{` is never closed
    n = 1;

__global__ void second(int n) {
  n = (1;
}
//<- E0115: `}` does not close `(`
