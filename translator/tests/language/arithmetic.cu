// Promotions, conversions, literals, integer and floating operators. The expected values are what g++ computes.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 64" }]
//# expect = { out = [44,-3,65531,1,11,6,4,3,1,13,7,9,11,2,14,15,6,-3,-1,3,-4,1024,-6,0,11,32,0,1,0,14,333333,333333343,30000001,2750000,816666,0,0,1,11,1,1,2,0,98,24,0,0,1,7,15,-128,255,25,1,0,0,0,0,0,0,0,0,0,0] }
__device__ int f(int a){
    return a*2;
}
__device__ int f(float a){
    return 7;
}
__device__ int f(double){
    return 9;
}
__device__ int f(unsigned a){
    return 11;
}
__device__ int f(char){
    return 13;
}
__device__ int f(long){
    return 14;
}
__device__ int f(bool){
    return 15;
}
__global__ void test(int* out){
    int k=0;
    unsigned char c=200;
    c+=100;
    out[k++]=c;
    short s=-5;
    out[k++]=s>>1;
    out[k++]=(unsigned short)s;
    out[k++]=s*3u>100;
    int i=5;
    out[k++]=i+++i;
    out[k++]=i;
    out[k++]=(i=3,i+1);
    out[k++]=i--;
    out[k++]=--i;
    out[k++]=f('a');
    out[k++]=f(1.f);
    out[k++]=f(1.0);
    out[k++]=f(1u);
    out[k++]=f(1);
    out[k++]=f(1L);
    out[k++]=f(true);
    out[k++]=f((short)3);
    out[k++]=-7/2;
    out[k++]=-7%3;
    out[k++]=7u/2;
    out[k++]=(-7)>>1;
    out[k++]=1<<10;
    out[k++]=~5;
    out[k++]=!5;
    out[k++]=5&3|8^2;
    long long big=1LL<<40;
    out[k++]=(int)(big>>35);
    out[k++]=(int)big;
    unsigned u=-1;
    out[k++]=u>0;
    out[k++]=-1<1u;
    out[k++]=(u>>28)+(-1>>28);
    float x=1.0/3.0;
    out[k++]=(int)(x*1e6);
    double d=x;
    out[k++]=(int)(d*1e9);
    float y=0.1f+0.2;
    out[k++]=(int)(y*1e8);
    x=2.5f;
    x*=1.1;
    out[k++]=(int)(x*1e6f);
    x=x/3-0.1;
    out[k++]=(int)(x*1e6f);
    out[k++]= x<0.8166;
    out[k++]=0.1f<0.1;
    out[k++]=0.5f==0.5;
    int a[4]={1,2,3};
    int j=0;
    a[j++]=a[j]+10;
    out[k++]=a[0];
    out[k++]=j;
    a[j]+=a[j++ - 1 + 1];
    int z = (k > 3) ? (j > 0 ? 1 : 2) : 3;
    out[k++]=z;
    bool b = k;
    out[k++]=b+b;
    b=!b;
    out[k++]=b;
    char ch='a'+1;
    out[k++]=ch;
    out[k++]=sizeof(float4)+sizeof(char)*sizeof(long);
    out[k++]= j>0 && k++ > 100;
    out[k++]= (j>100 || (j=7));
    out[k++]=j;
    unsigned long ul=3;
    ul-=5;
    out[k++]=(int)(ul>>60);
    signed char sc=(signed char)0x80;
    out[k++]=sc;
    out[k++]=(unsigned)sc>>24;
    out[k++]= 'z' - 'a';
    out[k++]=0x7fffffff+1<0;
}
