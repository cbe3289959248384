// verify: there are two functions `next`
int next(int){}__global__ void next(int*in,int){int i,state=7;0?in[0]:next(state);}