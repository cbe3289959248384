// Constructors, operators, inheritance, unions, bit-fields, enums, lambdas, arrays. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 64" }]
//# expect = { out = [4,6,61,100,1,-100,6,1,5,16,9,108,12,7,17,7,0,1,11,20,4,42,4,720,6,4,6,1,2,3,1020,1,1,-3,1048575,4,-2,16,16,16,15,15,6,5,5,2,3,1,15,3,2,3,7,0,0,0,0,0,0,0,0,0,0,0] }
struct V {
    int x, y;
    __device__ V(int a=1,int b=2):x(a),y(b){} __device__ V operator+(const V& o) const {
        return V(x+o.x,y+o.y);
    }
    __device__ V& operator+=(const V&o){
        x+=o.x;
        y+=o.y;
        return *this;
    }
    __device__ int dot(const V&o) const{
        return x*o.x+y*o.y;
    }
    __device__ int& operator[](int i){
        return i?y:x;
    }
    __device__ operator bool() const {
        return x!=0;
    }
    __device__ V operator-() const {
        return V(-x,-y);
    }
    static const int K=5;
    static __device__ int twice(int a){
        return 2*a;
    }
    __device__ V& inc(){
        ++x;
        return *this;
    }
};
__device__ V operator*(int s,const V&v){
    return V(s*v.x,s*v.y);
}
__device__ bool operator==(const V&a,const V&b){
    return a.x==b.x&&a.y==b.y;
}
struct B {
    int q=4;
    int r;
    __device__ int get() const {
        return q+r;
    }
};
struct D : B {
    int t=9;
    __device__ D(int v){
        r=v;
        q+=1;
    }
    __device__ int all() const {
        return get()*t;
    }
};
template<class T,int N> struct Arr {
    T d[N];
    __device__ T& operator[](int i){
        return d[i];
    }
    __device__ const T& operator[](int i) const {
        return d[i];
    }
    __device__ T sum() const {
        T s=0;
        for(int i=0;i<N;i++) s+=d[i];
        return s;
    }
    static constexpr int size=N;
};
template<class T> struct Tr {
    static const int v=0;
};
template<> struct Tr<float>{
    static const int v=1;
};
template<class T> struct Tr<T*>{
    static const int v=10+Tr<T>::v;
};
template<class T> __device__ T mx(T a,T b){
    return a>b?a:b;
}
template<> __device__ float mx<float>(float a,float b){
    return 42;
}
template<int N> struct F {
    static const int v=N*F<N-1>::v;
};
template<> struct F<0>{
    static const int v=1;
};
enum E {A,B1=5,C};
enum class S:unsigned char {P=3,Q};
union Un {
    float f;
    unsigned u;
};
struct Bits {
    unsigned a:3;
    unsigned b:5;
    int c:4;
    unsigned d:20;
};
struct Functor {
    int k;
    __device__ int operator()(int x) const {
        return x*k;
    }
};
template<class Fn> __device__ int app(Fn f,int x){
    return f(x)+1;
}
__global__ void test(int* out){
    int k=0;
    V v, w(3,4);
    V s=v+w;
    out[k++]=s.x;
    out[k++]=s.y;
    s+=w;
    out[k++]=s.dot(w);
    s[1]=100;
    out[k++]=s.y;
    out[k++]=s?1:0;
    out[k++]=(-s).y;
    out[k++]=(2*w).x;
    out[k++]=w==V(3,4);
    out[k++]=V::K;
    out[k++]=V::twice(8);
    out[k++]=s.inc().inc().x;
    D d(7);
    out[k++]=d.all();
    out[k++]=d.get();
    B&b=d;
    b.q=0;
    out[k++]=d.get();
    Arr<float,4> a={{1,2,3,4}};
    a[2]=10;
    out[k++]=(int)a.sum();
    out[k++]=Arr<int,7>::size;
    out[k++]=Tr<int>::v;
    out[k++]=Tr<float>::v;
    out[k++]=Tr<float*>::v;
    out[k++]=Tr<int**>::v;
    out[k++]=mx(3,4);
    out[k++]=(int)mx(3.f,4.f);
    out[k++]=(int)mx<double>(3,4.5f);
    out[k++]=F<6>::v;
    out[k++]=C;
    out[k++]=(int)S::Q;
    E e=B1;
    out[k++]=e+1;
    S q=S::P;
    out[k++]= q==S::P;
    switch(e){
        case A: out[k++]=1;
        break;
        case B1: out[k++]=2;
        case C: out[k++]=3;
        break;
        default: out[k++]=9;
    }
    Un u;
    u.f=1.5f;
    out[k++]=u.u>>20;
    Bits bt={};
    bt.a=9;
    bt.b=33;
    bt.c=-3;
    bt.d=0xfffff;
    out[k++]=bt.a;
    out[k++]=bt.b;
    out[k++]=bt.c;
    out[k++]=bt.d;
    out[k++]=sizeof(Bits);
    bt.c++;
    out[k++]=bt.c;
    Functor fn={3};
    out[k++]=app(fn,5);
    int loc=10;
    auto lam=[=](int x){
        return x+loc;
    };
    out[k++]=app(lam,5);
    auto ref=[&](int x){
        loc+=x;
        return loc;
    };
    out[k++]=app(ref,5);
    out[k++]=loc;
    auto gen=[](auto x,auto y){
        return x*y;
    };
    out[k++]=gen(3,4)+(int)gen(1.5f,2.f);
    int m[2][3]={{1,2,3},{4,5,6}};
    int (*pm)[3]=m;
    out[k++]=pm[1][2];
    int*p=&m[0][0];
    out[k++]=*(p+4);
    out[k++]=p[5]-*p++;
    out[k++]=*p;
    const int* e2=p+3;
    out[k++]=(int)(e2-p);
    out[k++]=e2>p;
    int t=0;
    for(auto x: m[1]) t+=x;
    out[k++]=t;
    auto [g,h]=v;
    out[k++]=g+h;
    V arr[3];
    out[k++]=arr[2].y;
    arr[1]=w;
    out[k++]=arr[1].x;
    V* pv=arr;
    pv++;
    out[k++]=pv->y+(*pv).x;
}
