// Effects inside expressions, in the order that C++17 gives them. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 64" }]
//# expect = { out = [6,0,2,2,7,16,7,13,142,5,5,3,9,28,5,10,24,20,6,-3,15,0,255,254,-32768,35,-5,10,-5,6,128,2740,42,21,9,42,0,38,0,13,1,1,4,13,-963,2861,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0] }
#include <cmath>
struct C{
    int v;
    __device__ C& add(int x){
        v+=x;
        return *this;
    }
    __device__ int next(){
        return ++v;
    }
};
__device__ int g1(int&x){
    x+=1;
    return x;
}
__device__ int g3(int a,int b,int c){
    return a*100+b*10+c;
}
__device__ bool chk(int&n,bool r){
    n++;
    return r;
}
struct It{
    int*p;
    __device__ int& operator*(){
        return *p;
    }
    __device__ It& operator++(){
        ++p;
        return *this;
    }
    __device__ It operator++(int){
        It o=*this;
        ++p;
        return o;
    }
    __device__ bool operator!=(const It&o)const{
        return p!=o.p;
    }
};
struct Cx{
    float r,i;
};
__device__ Cx operator*(Cx a,Cx b){
    Cx c;
    c.r=a.r*b.r-a.i*b.i;
    c.i=a.r*b.i+a.i*b.r;
    return c;
}
__device__ Cx mk(float r,float i){
    Cx c={r,i};
    return c;
}
__device__ void byval(Cx c,int n){
    c.r=9;
    n=4;
}
__device__ int early(int x){
    if(x<0) return -1;
    for(int i=0;i<10;i++){
        if(i==x) return i*10;
    }
    return 99;
}
struct Rng{
    unsigned s;
    __device__ unsigned operator()(){
        s^=s<<13;
        s^=s>>17;
        s^=s<<5;
        return s;
    }
};
__device__ unsigned gcd(unsigned a,unsigned b){
    while(b){
        unsigned t=a%b;
        a=b;
        b=t;
    }
    return a;
}
__device__ float wsum(const float*__restrict__ a,int n){
    float s=0;
    while(n-->0) s+=*a++;
    return s;
}
__global__ void test(int* out){
    int k=0;
    int n=0;
    C c={1};
    out[k++]=c.add(2).add(3).v;
    int a[8]={0};
    int i=0;
    a[i]=i++;
    out[k++]=a[0]+a[1]*10;
    i=2;
    a[i++]=i;
    out[k++]=a[2];
    i=1;
    i=i++ +1;
    out[k++]=i;
    a[++i]=7;
    out[k++]=a[i];
    int x=5;
    x+=x++ *2;
    out[k++]=x;
    int y=(x=3)+4;
    out[k++]=y;
    int z=x==3&&chk(n,false)||chk(n,true)&&!chk(n,false);
    out[k++]=z*10+n;
    out[k++]=g3(1,g1(n),2);
    out[k++]=(n>2?g1(n):chk(n,0));
    out[k++]=n;
    for(int j=0;j<5&&chk(n,j<3);j++) out[k]+=j;
    k++;
    out[k++]=n;
    int w=10;
    while(w-->5) if(w==7) continue;
    else out[k]+=w;
    k++;
    do{
        w++;
        if(w==2) continue;
        out[k]+=w;
    } while(chk(n,w<4));
    k++;
    out[k++]=n;
    int m=3;
    m<<=m;
    out[k++]=m;
    m^=m>>1;
    out[k++]=m;
    m%=7;
    out[k++]=m;
    m=-m;
    m/=2;
    out[k++]=m;
    unsigned um=m;
    um>>=28;
    out[k++]=um;
    unsigned char uc=255;
    uc++;
    out[k++]=uc;
    uc-=1;
    out[k++]=uc;
    uc<<=1;
    out[k++]=uc;
    short sh=32767;
    sh++;
    out[k++]=sh;
    float f=3;
    f++;
    f-=0.5;
    out[k++]=(int)(f*10);
    Cx p=mk(1,2)*mk(3,4);
    out[k++]=(int)p.r;
    out[k++]=(int)p.i;
    byval(p,k);
    out[k++]=(int)p.r;
    out[k++]=(int)mk(5,6).i;
    out[k++]=early(-4)+early(3)+early(50);
    Rng r={123456789};
    unsigned h=0;
    for(int t=0;t<5;t++) h+=r()%1000;
    out[k++]=h;
    out[k++]=gcd(84,126);
    float fa[4]={1,2,3,4.5f};
    out[k++]=(int)(wsum(fa,4)*2);
    It b={a},e={a+8};
    int s=0;
    for(It it=b;it!=e;++it) s+=*it;
    out[k++]=s;
    *b++=42;
    out[k++]=a[0];
    out[k++]=*b;
    int l1=k, l2=(l1++,l1*2);
    out[k++]=l2-l1;
    int q[3];
    q[0]=q[1]=q[2]=k;
    out[k++]=q[0]-q[2];
    int cnt=0;
    for(;;){
        if(++cnt>5) break;
        switch(cnt){
            case 2: continue;
            case 4: cnt+=0;
            break;
        }
        out[k]+=cnt;
    }
    k++;
    out[k++]= (cnt>3 ? cnt<10 ? 1:2 : 3);
    out[k++]=fminf(2.f,NAN)==2.f;
    out[k++]=(int)floorf(-1.5f)+(int)fabsf(-2.f)+(int)sqrtf(16.f);
    out[k++]=min(3,4)+max(2u,7u)+abs(-3);
    double dd=1e10;
    out[k++]=(int)(long long)(dd/3)%1000;
    out[k++]=(unsigned)3000000000.0f>>20;
    out[k++]=std::isnan(NAN)?1:0;
}
