// Containers, composition of functions, overloads by reference and qualifier, hashes. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 64" }]
//# expect = { out = [62,16,71,2,0,9678,102,81,6,43,14,2625,8,1057,63,64,1,89,8,12,123,1,12,44,38,1,1,1,1,29,29,29,20,1124203360,-956136913,-3,-12,3828968,1,0,1,2,-1,127,1,75,8,90000,24464,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0] }
#include <limits>
#include <utility>
struct M{
    float a[2][2];
    __device__ static M id(){
        M m={{{1,0},{0,1}}};
        return m;
    }
    __device__ M operator*(const M&o)const{
        M r;
        for(int i=0;i<2;i++)for(int j=0;j<2;j++){
            r.a[i][j]=0;
            for(int k=0;k<2;k++)r.a[i][j]+=a[i][k]*o.a[k][j];
        }
        return r;
    }
    __device__ float tr()const{
        return a[0][0]+a[1][1];
    }
};
struct L{
    int v=3;
    int w{4};
    int arr[3]={7,8,9};
    M m;
};
struct Opt{
    bool has;
    int val;
    __device__ explicit operator bool() const{
        return has;
    }
    __device__ int operator*()const{
        return val;
    }
};
__device__ Opt find(const int*a,int n,int x){
    for(int i=0;i<n;i++) if(a[i]==x) return {true,i};
    return Opt{false,-1};
}
template<class T> struct Stack{
    T d[8];
    int n=0;
    __device__ void push(const T&t){
        d[n++]=t;
    }
    __device__ T pop(){
        return d[--n];
    }
    __device__ bool empty()const{
        return n==0;
    }
    __device__ T& top(){
        return d[n-1];
    }
};
template<class A,class B> struct Pair{
    A first;
    B second;
    __device__ Pair(A a,B b):first(a),second(b){} template<class C,class D> __device__ Pair(const Pair<C,D>&o):first(o.first),second(o.second){}
};
template<class A,class B> __device__ Pair<A,B> mkp(A a,B b){
    return Pair<A,B>(a,b);
}
struct Sq{
    template<class T> __device__ T operator()(T x)const{
        return x*x;
    }
};
template<class F,class G> struct Comp{
    F f;
    G g;
    template<class T> __device__ auto operator()(T x)const{
        return f(g(x));
    }
};
template<class F,class G> __device__ Comp<F,G> comp(F f,G g){
    return {f,g};
}
template<class T,T V> struct IC{
    static constexpr T value=V;
    constexpr __device__ operator T()const{
        return value;
    }
};
template<int I,int N> struct Unroll{
    template<class F> static __device__ void run(F f){
        f(I);
        Unroll<I+1,N>::run(f);
    }
};
template<int N> struct Unroll<N,N>{ template<class F> static __device__ void run(F){} };
struct Shape{
    int k;
    __device__ int area()const{
        return k;
    }
};
struct Sqr:Shape{
    int s;
    __device__ Sqr(int x):Shape{x*x},s(x){} __device__ int area()const{
        return Shape::area()+1;
    }
};
struct Multi:L,Shape{
    int z;
};
union U{
    struct{
        unsigned char b0,b1,b2,b3;
    };
    unsigned u;
    float f;
    short h[2];
};
struct Anon{
    int t;
    union{
        int i;
        float f;
    };
};
enum Color:unsigned char{Red=1,Green};
__device__ Color nextc(Color c){
    return (Color)(c+1);
}
typedef int (*unused_fp)(int);
namespace a{
    namespace{
        __device__ int hid(){
            return 6;
        }
    }
    template<class T> struct Q{
        static __device__ T def(){
            return T(2);
        }
    };
}
__device__ int ov(const int&){
    return 1;
}
__device__ int ov(int&&){
    return 2;
}
__device__ int ov2(int*){
    return 1;
}
__device__ int ov2(const int*){
    return 2;
}
__device__ int ov2(void*){
    return 3;
}
__device__ int ov3(long long){
    return 1;
}
__device__ int ov3(double){
    return 2;
}
__device__ int ov4(float,int){
    return 1;
}
__device__ int ov4(double,double){
    return 2;
}
template<class T> __device__ int fw(T&&x){
    return ov(std::forward<T>(x));
}
__device__ void out3(int(&r)[3]){
    r[1]=44;
}
__device__ float4 addf(float4 a,const float4&b){
    a.x+=b.x;
    a.w*=b.w;
    return a;
}
__global__ void test(int*out){
    int k=0;
    M m=M::id();
    m.a[0][1]=2;
    M p=m*m*m;
    out[k++]=(int)(p.a[0][1]*10+p.tr());
    L l;
    out[k++]=l.v+l.w+l.arr[2];
    L l2=l;
    l2.arr[0]=1;
    out[k++]=l.arr[0]*10+l2.arr[0];
    int s[4]={4,5,6,7};
    if(Opt o=find(s,4,6)) out[k++]=*o;
    out[k++]=find(s,4,9)?1:0;
    Stack<int> st;
    for(int i=0;i<5;i++) st.push(i*i);
    st.top()+=100;
    int acc=0;
    while(!st.empty()) acc=acc*3+st.pop();
    out[k++]=acc;
    Pair<int,float> pr=mkp('a',2.5);
    out[k++]=pr.first+(int)(pr.second*2);
    out[k++]=comp(Sq(),Sq())(3);
    out[k++]=(int)comp(Sq(),[](float x){return x+1;})(1.5f);
    IC<int,42> ic;
    out[k++]=ic+1;
    int tot=0;
    Unroll<0,4>::run([&](int i){tot+=i*i;});
    out[k++]=tot;
    Sqr sq(5);
    out[k++]=sq.area()*100+sq.k;
    Multi mu;
    mu.k=2;
    mu.z=3;
    out[k++]=mu.v+mu.area()+mu.z;
    U u;
    u.u=0x04030201;
    out[k++]=u.b2*10+u.h[1];
    u.f=1.0f;
    out[k++]=u.b3;
    Anon an;
    an.t=1;
    an.f=2.0f;
    out[k++]=an.i>>24;
    Color c=Red;
    c=nextc(c);
    out[k++]=c==Green;
    out[k++]=sizeof(c)+sizeof(Anon)+sizeof(L)+sizeof(Multi);
    out[k++]=a::hid()+a::Q<int>::def();
    int x=1;
    const int cx=2;
    out[k++]=ov(x)*10+ov(3);
    out[k++]=ov2(&x)*100+ov2(&cx)*10+ov2(&m);
    out[k++]=ov4(1,2.0)*0+ov4(1.f,2);
    out[k++]=fw(x)*10+fw(5);
    int r3[3]={1,2,3};
    out3(r3);
    out[k++]=r3[1];
    float4 f4=addf(make_float4(1,2,3,4),make_float4(5,6,7,8));
    out[k++]=(int)(f4.x+f4.w);
    out[k++]=std::numeric_limits<int>::max()==INT_MAX;
    out[k++]=(int)(std::numeric_limits<float>::max()>1e38f);
    int*np=nullptr;
    out[k++]=!np;
    out[k++]=np==0;
    int arr[2][3];
    for(auto&row:arr) for(auto&e:row) e=k;
    out[k++]=arr[1][2];
    auto*pa=&arr[0];
    out[k++]=(*pa)[1];
    const auto&cr=arr[1];
    out[k++]=cr[0];
    int nest=0;
    for(int i=0;i<3;i++){
        for(int j=0;;j++){
            if(j==i) break;
            if((i+j)%2) continue;
            nest+=i*10+j;
        }
    }
    out[k++]=nest;
    unsigned long long h=1469598103934665603ULL;
    for(int i=0;i<4;i++){
        h^=s[i];
        h*=1099511628211ULL;
    }
    out[k++]=(int)(h>>33);
    out[k++]=(int)h;
    long q=-7;
    q/=2;
    out[k++]=(int)q;
    q=(q<<33)|5;
    out[k++]=(int)(q>>31);
    double e=1;
    for(int i=1;i<10;i++) e+=1.0/i;
    out[k++]=(int)(e*1e6);
    float nan=0.0f/(x-1);
    out[k++]=nan!=nan;
    out[k++]=nan<1||nan>=1;
    bool bl=2;
    out[k++]=bl;
    bl|=false;
    out[k++]=bl+true;
    char sgn=-1;
    out[k++]=sgn>>1;
    out[k++]=(unsigned char)sgn>>1;
    out[k++]=(1?-1:1u)>0;
    out[k++]='\n'+'\x41';
    int sh=33;
    out[k++]=1LL<<sh>>30;
    short a1=300,a2=300;
    out[k++]=a1*a2;
    out[k++]=(short)(a1*a2);
}
