// Packs, folds, SFINAE, specialisations, constexpr functions, namespaces, control flow. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 64" }]
//# expect = { out = [3,10,6,0,1,2,11,165,6,5,75,9,20,5,173,12,4,21,710,1114,15,5,33,8,6,18,30,51212,0,5,40,9,16448,16256,64,262147,75,58,1,4,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0] }
#include <type_traits>
template<class... Ts> __device__ int cnt(Ts... a){
    return sizeof...(a);
}
template<class T> __device__ T sum(T a){
    return a;
}
template<class T,class... R> __device__ T sum(T a,R... r){
    return a+sum(r...);
}
template<class... T> __device__ int fold(T... t){
    return (t+...+0);
}
template<class... T> __device__ bool allp(T... t){
    return (... && (t>0));
}
template<class T> __device__ typename std::enable_if<std::is_integral<T>::value,int>::type kind(T){
    return 1;
}
template<class T> __device__ typename std::enable_if<std::is_floating_point<T>::value,int>::type kind(T){
    return 2;
}
template<class T> __device__ int sz(T x){
    if constexpr(sizeof(T)==4) return 4;
    else if constexpr(std::is_same<T,double>::value) return 8;
    else return -1;
}
template<class T,int N=3> struct Vec {
    T v[N];
    template<class U> __device__ Vec(U x){
        for(int i=0;i<N;i++)v[i]=(T)x;
    }
    __device__ Vec(){} template<class U> __device__ Vec<U,N> cast() const {
        Vec<U,N> r;
        for(int i=0;i<N;i++) r.v[i]=(U)v[i];
        return r;
    }
    __device__ T sum() const;
    friend __device__ Vec operator+(const Vec&a,const Vec&b){
        Vec r;
        for(int i=0;i<N;i++) r.v[i]=a.v[i]+b.v[i];
        return r;
    }
};
template<class T,int N> __device__ T Vec<T,N>::sum() const {
    T s=0;
    for(int i=0;i<N;++i) s+=v[i];
    return s;
}
template<template<class,int> class C,class T> __device__ int tt(){
    return sizeof(C<T,5>);
}
constexpr __host__ __device__ int fib(int n){
    return n<2?n:fib(n-1)+fib(n-2);
}
constexpr int tab[4]={1,4,9,16};
constexpr __host__ __device__ int loop(int n){
    int s=0;
    for(int i=0;i<n;i++){
        if(i%2) continue;
        s+=i;
    }
    return s;
}
namespace n1 {
    struct X{
        int a;
    };
    __device__ int adl(X x){
        return x.a+1;
    }
    namespace n2 {
        __device__ int g(){
            return 77;
        }
        enum Z{z1=8};
    }
    inline namespace v1 {
        __device__ int vv(){
            return 3;
        }
    }
}
using namespace n1::n2;
using n1::X;
namespace al=n1::n2;
struct Base{
    int v;
    __device__ int who() const {
        return 1;
    }
};
struct Der: Base {
    __device__ int who() const {
        return 2;
    }
    using T=float;
    typedef int I;
    struct In{
        int z;
    };
};
template<class T> __device__ void swp(T& a,T& b){
    T t=a;
    a=b;
    b=t;
}
__device__ void outp(int*p,int&r,const int&c,int v){
    *p=c;
    r=v+c;
}
__device__ int dflt(int a,int b=5,int c=fib(6)){
    return a+b+c;
}
template<class It> __device__ int acc(It b,It e){
    int s=0;
    while(b!=e) s+=*b++;
    return s;
}
template<int N> __device__ int arrn(const int (&a)[N]){
    return N;
}
template<class T> using P=T*;
template<class T> constexpr int szv=sizeof(T);
struct Node{
    int v;
    Node*next;
};
__device__ int walk(const Node*n){
    int s=0;
    for(;n;n=n->next)s+=n->v;
    return s;
}
__global__ void test(int* out){
    int k=0;
    out[k++]=cnt(1,2.f,'c');
    out[k++]=sum(1,2,3,4);
    out[k++]=fold(1,2,3);
    out[k++]=allp(1,2,-1);
    out[k++]=kind(3);
    out[k++]=kind(3.0);
    out[k++]=sz(1)+sz(2.0)+sz('c');
    Vec<float> a(2), b(3.5f);
    out[k++]=(int)((a+b).sum()*10);
    out[k++]=a.cast<int>().sum();
    out[k++]=tt<Vec,char>();
    constexpr int ff=fib(10);
    int arr[fib(5)]={1,2,3,4,5};
    out[k++]=ff+sizeof(arr);
    out[k++]=tab[2];
    out[k++]=loop(10);
    static_assert(loop(10)==20,"x");
    X x={4};
    out[k++]=adl(x);
    out[k++]=g()+al::g()+n1::vv()+z1+n1::n2::z1;
    Der d;
    d.v=9;
    Base*bp=&d;
    out[k++]=bp->who()*10+d.who();
    Der::T tf=1.5;
    Der::I ti=tf;
    Der::In in={3};
    out[k++]=ti+in.z;
    int p=1,q=2;
    swp(p,q);
    out[k++]=p*10+q;
    outp(&p,q,7,3);
    out[k++]=p*100+q;
    out[k++]=dflt(1)+dflt(1,2)*100;
    out[k++]=acc(arr,arr+5);
    out[k++]=arrn(arr);
    P<int> pi=&p;
    *pi=33;
    out[k++]=p;
    out[k++]=szv<double>;
    Node n3={3,nullptr},n2={2,&n3},n11={1,&n2};
    out[k++]=walk(&n11);
    int i=0;
    do {
        if(i==3) continue;
        if(i>6) break;
        out[k]+=i;
    }  while(++i<10);
    k++;
    for(int i=0,j=10;i<j;i++,j--) out[k]+=j-i;
    k++;
    int sw=0;
    for(int i=0;i<6;i++){
        switch(i){
            case 0: case 1: sw+=1;
            break;
            case 2: sw+=10;
            case 3: sw+=100;
            break;
            case 4: continue;
            default: sw+=1000;
        }
        sw+=10000;
    }
    out[k++]=sw;
    while(int w=i-8){
        if(w<0) break;
        out[k]+=w;
        i--;
    }
    k++;
    if(int z=p-33;z==0) out[k++]=5;
    else out[k++]=6;
    float4 v4=make_float4(1,2,3,4);
    v4.y+=v4.x*2;
    float2 v2=*(float2*)&v4;
    out[k++]=(int)(v2.y*10);
    float* vp=&v4.x;
    vp[3]=9;
    out[k++]=(int)v4.w;
    unsigned bits;
    memcpy(&bits,&v4.z,4);
    out[k++]=bits>>16;
    int ii=reinterpret_cast<int&>(v4.x);
    out[k++]=ii>>16;
    unsigned char* ub=(unsigned char*)&bits;
    out[k++]=ub[3];
    short ss[4]={1,2,3,4};
    out[k++]=*(int*)&ss[2];
    auto c=[n=k,&out](int z)mutable{
        n+=z;
        return n;
    };
    out[k]=c(1)+c(1);
    k++;
    decltype(v4.x) dx=3;
    decltype((i)) ri=i;
    ri=55;
    out[k++]=i+(int)dx;
    const char* dummy=nullptr;
    out[k++]=dummy==nullptr;
    int tern=(i>5?p:q)=4;
    out[k++]=p;
}
