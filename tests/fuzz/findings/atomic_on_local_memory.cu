// verify: an atomic on local memory
#include<cuda/atomic>
__global__ void count(int ,unsigned char*bytes,int*biggest,int){cuda::atomic<int,cuda::thread_scope_block>live;cuda::atomic_ref<unsigned char,cuda::thread_scope_device>first(bytes[0]),second(bytes[1]);if(threadIdx.x==0)biggest[blockIdx.x]=live.load(cuda::memory_order_relaxed);}