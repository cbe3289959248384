// What C++ refuses in tokens; nvcc refuses each marked line.
// [lex.charset], [lex.name] and [lex.token]: a name begins with a letter.
__global__ void number_name(int* o) { int x = 1; o[0] = 3x; }
//^ E0123: `3x` is no integer literal
// [lex.icon]: the digits belong to the base.
__global__ void octal(int* o) { o[0] = 089; }
//^ E0123: `089` is no integer literal
// [lex.key]: a keyword is no name.
__global__ void keyword_name(int* o) { o[0] = new; }
//^ E0120: expected a type, found `;`
// [lex.fcon]: an exponent has digits.
__global__ void no_exponent(float* o) { o[0] = 1e; }
//^ E0123: `1e` is no floating literal
// [dcl.type.simple]: words that go together.
__global__ void long_float(int* o) { long float f = 1; o[0] = (int)f; }
//^ E0121: these words make no type
// [dcl.type.simple]: words that go together.
__global__ void signed_unsigned(int* o) { signed unsigned n = 1; o[0] = n; }
//^ E0121: these words make no type
