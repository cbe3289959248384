// Address spaces, pointers to everything, casts, module variables. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 64" }]
//# expect = { out = [140,12,6,1,107,95,100,3,1,9,1,0,30,55,9,72,8,11,15,12,1,9,12,8,9,28,-65527,-16776703,98,3,-2,5,15,3,6,3,77,12,4,6,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,-16776703,0,0,0] }
__device__ int gl[4]={1,2,3};
__constant__ float cf[3]={1.5f,2.5f};
__device__ unsigned counter;
const int hostc=12;
static const float tabl[2]={0.5f,8};
struct P{
    int a;
    float b;
};
__constant__ P cp={4,2.5f};
__device__ P dp[2]={{1,2},{3}};
__device__ int sum(const int*p,int n){
    int s=0;
    for(int i=0;i<n;i++) s+=p[i];
    return s;
}
__device__ int* pick(int*a,int*b,bool c){
    return c?a:b;
}
__device__ void put(int*p,int v){
    *p=v;
}
__device__ int& rr(int&a){
    a++;
    return a;
}
struct W{
    int*p;
    int n;
    __device__ int get(int i)const{
        return p[i];
    }
    __device__ void set(int i,int v){
        p[i]=v;
    }
};
__device__ void two(int*a,int*b){
    int t=*a;
    *a=*b;
    *b=t;
}
template<class T> __device__ void fill(T*p,int n,T v){
    for(T*e=p+n;p!=e;)*p++=v;
}
__device__ int deep(int**pp){
    return **pp;
}
__global__ void test(int* out){
    int k=0;
    __shared__ int sh[8];
    __shared__ struct {
        int x[2];
        float y;
    }  ss;
    int loc[5]={5,4,3};
    for(int i=0;i<8;i++) sh[i]=i*i;
    out[k++]=sum(sh,8);
    out[k++]=sum(loc,5);
    out[k++]=sum(gl,4);
    out[k++]=sum(out,3)>0;
    put(&sh[2],100);
    put(loc+1,7);
    out[k++]=sh[2]+loc[1];
    two(&loc[0],&sh[3]);
    out[k++]=loc[0]*10+sh[3];
    int*p;
    p=sh;
    out[k++]=p[2];
    p=loc;
    p+=2;
    out[k++]=*p;
    p=k>3?sh+1:sh;
    out[k++]=*p;
    int*q=0;
    if(k>100) q=sh;
    else q=loc;
    out[k++]=q[0];
    q=sh;
    out[k++]=q[1];
    out[k++]=*pick(sh,sh+4,k>2);
    out[k++]=rr(loc[2])+rr(sh[5]);
    W w={sh,8};
    w.set(1,55);
    out[k++]=w.get(1);
    W w2;
    w2.p=loc;
    w2.n=5;
    out[k++]=w2.get(0);
    fill(sh,4,9);
    fill(loc,2,8);
    out[k++]=sum(sh,5)+sum(loc,3);
    int*lp=loc;
    out[k++]=deep(&lp);
    ss.x[1]=6;
    ss.y=2.5f;
    out[k++]=ss.x[1]+(int)(ss.y*2);
    out[k++]=(int)(cf[0]*10)+(int)cf[2];
    out[k++]=hostc;
    out[k++]=(int)(tabl[k&1]*2);
    out[k++]=cp.a+(int)(cp.b*2);
    dp[1].b=7;
    out[k++]=(int)(dp[0].b+dp[1].b)+dp[1].a;
    counter=5;
    counter+=3;
    out[k++]=counter++;
    out[k++]=counter;
    static int st=3;
    st+=k;
    out[k++]=st;
    short*s16=(short*)sh;
    s16[1]=-1;
    out[k++]=sh[0];
    unsigned char*b8=(unsigned char*)&out[60];
    b8[0]=1;
    b8[1]=2;
    b8[3]=255;
    out[k++]=out[60];
    char cc[6]="abc";
    out[k++]=cc[1]+cc[4];
    long long ll[2]={1LL<<33,-5};
    out[k++]=(int)(ll[0]>>30)+(int)ll[1];
    double dd=ll[1];
    out[k++]=(int)(dd*0.5);
    bool bb[3]={true,false,true};
    out[k++]=bb[0]+bb[1]*2+bb[2]*4;
    int2 iv[2]={{1,2},{3,4}};
    int2*ivp=iv;
    ivp[1].x+=10;
    out[k++]=iv[1].x+ivp->y;
    float3 f3;
    f3.x=1;
    f3.y=2;
    f3.z=f3.x+f3.y;
    float*fp=&f3.y;
    out[k++]=(int)fp[1];
    P ps[2];
    ps[0].a=3;
    ps[1]=ps[0];
    P*pp=ps;
    pp->b=1.5f;
    out[k++]=ps[1].a+(int)(ps[0].b*2);
    P pr=k>1?ps[0]:ps[1];
    out[k++]=pr.a;
    const P&cr=ps[1];
    ps[1].a=77;
    out[k++]=cr.a;
    out[k++]=(int)((char*)&ps[1].b-(char*)&ps[0]);
    uchar4 u4={1,2,3,250};
    u4.w+=10;
    out[k++]=u4.w;
    int arr2[2][2][2]={{{1,2},{3,4}},{{5,6},{7}}};
    out[k++]=arr2[1][0][1]+arr2[1][1][1];
}
