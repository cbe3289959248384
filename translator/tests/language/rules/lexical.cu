// What text means before it is C++: tokens, literals, the preprocessor.
//# launch = { kernel = "test", grid = 1, block = 1 }
//# args = [{ out = "zeros i32 24" }]
//# expect = { out = [509, 45, 76, 5, 321, 111, 1311511, 4632231, 96510100, 102122887, 1509945, 111, 11, 53072, 15, 1643, 7, 8, 7060546, 50217, 1717, 44, 3, 111001] }
// [lex.digraph] and [lex.operators]: words for operators. Nothing to refuse.
__device__ int alternative_tokens() { int a[2] = {6, 3}; return (a[0] bitand a[1]) + (not a[1] or a[0] and true) * 10 + (a[0] xor a[1]) * 100 + (compl a[1] bitor 1); }

// [lex.charset] and [lex.name]: names with letters beyond ASCII.
__device__ int letters() { int café = 4; int größe = 5; return café * 10 + größe; }

// [lex.pptoken]/3 and [lex.token]: the longest token wins. Nothing to refuse.
__device__ int maximal_munch() { int a = 5, b = 2; int c = a+++b; return c * 10 + a; }

// [lex.comment]: a comment is a space; one kind does not begin in the other. Nothing to refuse.
__device__ int comments() { int a = 9 /* no // end */ - /**/ 4; // */ a = 0;
    return a / /* three */ 1; }

// [lex.key]: keywords are no names.
__device__ int near_keywords() { int class_ = 1, Return = 2, iff = 3; return class_ + Return * 10 + iff * 100; }

// [lex.operators]: words for assignments too.
__device__ int operator_words() { int a = 12; a and_eq 10; a or_eq 1; a xor_eq 2; return a + (a not_eq 3) * 100; }

// [lex.icon]: binary, octal, decimal and hexadecimal, with separators; the type is the first that holds the value.
template <class T> __device__ int type_of(T) { return 0; }
template <> __device__ int type_of(int) { return 1; }
template <> __device__ int type_of(unsigned) { return 2; }
template <> __device__ int type_of(long) { return 3; }
template <> __device__ int type_of(unsigned long) { return 4; }
template <> __device__ int type_of(long long) { return 5; }
template <> __device__ int type_of(unsigned long long) { return 6; }
template <> __device__ int type_of(float) { return 7; }
template <> __device__ int type_of(double) { return 8; }
template <> __device__ int type_of(char) { return 9; }
__device__ int integer_bases() { return 0b1011 + 017 * 100 + 0x1F * 10000 + 1'000'000; }
__device__ int integer_types() {
    return type_of(2147483647) + type_of(2147483648) * 10 + type_of(0x80000000) * 100 + type_of(1u) * 1000 + type_of(1l) * 10000 + type_of(1ull) * 100000 + type_of(0xFFFFFFFFFFFFFFFF) * 1000000;
}

// [lex.ccon]: escapes; the type is char. That one is not empty is checked in grammar/tests; nothing to refuse here.
__device__ int characters() { return 'a' + '\n' * 1000 + '\x41' * 100000 + ('\101' == 'A') + ('\\' == 92) + ('\'' == 39) + type_of('a') * 10000000; }

// [lex.fcon]: decimal and hexadecimal, suffixes.
__device__ int floats() { return type_of(1.f) + type_of(1.) * 10 + type_of(1e1) * 100 + (int)(.5f * 4) * 1000 + (int)0x1.8p3 * 10000 + (int)1'0.2e1 * 1000000; }

// [lex.string]: an array of const char; neighbours join; raw strings.
__device__ int strings() {
    const char a[] = "ab" "cd"; const char raw[] = R"x(\n)")x";
    return sizeof(a) + sizeof("x\0y") * 10 + a[2] * 100 + sizeof(raw) * 100000 + (raw[0] == '\\') * 1000000;
}

// [lex.bool] and [lex.nullptr]: true is 1 and false is 0; nullptr is a null pointer of every type.
__device__ int bool_literals() { return true + (sizeof(false) == 1) * 10 + (false == 0) * 100; }
__device__ int null_literal() { int* p = nullptr; const char* q = nullptr; return (p == nullptr) + (q == 0) * 10; }

// [lex.ext] and [over.literal]: user-defined literals, of integers and of floats.
__device__ constexpr long long operator""_kb(unsigned long long v) { return v << 10; }
__device__ constexpr float operator""_pct(long double v) { return (float)v / 100; }
__device__ int user_literals() { return (int)3_kb + (int)(50.0_pct * 10) * 10000; }

// [cpp.cond]: conditions with defined, characters, unknown names as 0, elif and else; nested.
#define TWO 2
#if defined(TWO) && TWO == 2 && !UNKNOWN && 'a' == 97
#define CHOICE 1
#if 0
#error not here
#elif 1 ? 1 : 1 / 0
#define INNER 5
#else
#define INNER 6
#endif
#elif 1
#define CHOICE 2
#endif
#ifndef TWO
#define CHOICE 3
#endif
__device__ int conditions() { return CHOICE * 10 + INNER; }

// [cpp.replace] and [cpp.scope]: macros with and without parameters; a name without parentheses is no call; undef ends a macro. That parameters differ is not checked.
#define SQUARE(x) ((x) * (x))
#define EMPTY
#define TWICE(f, x) f(f(x))
#define VALUE 7
__device__ int SQUARE_(int x) { return x; }
__device__ int replaced() { int SQUARE = 3; return SQUARE + SQUARE(1 + 1) * 10 + TWICE(SQUARE, 2) EMPTY * 100; }
__device__ int before_undef() { return VALUE; }
#undef VALUE
#define VALUE 8
__device__ int after_undef() { return VALUE; }

// [cpp.subst]: arguments are replaced first; variable arguments, __VA_OPT__. Where these may stand is not checked.
#define SUM3(a, b, c) (a + b + c)
#define PASS(...) SUM3(__VA_ARGS__)
#define LAST(first, ...) (first __VA_OPT__(+ 100 *) __VA_ARGS__)
#define PAIR 1, 2
#define APPLY(m, ...) m(__VA_ARGS__)
__device__ int substituted() { return PASS(1, 2, 3) + LAST(4) * 10 + LAST(5, 6) * 100 + APPLY(SUM3, PAIR, 4) * 1000000; }

// [cpp.stringize] and [cpp.concat]: # and ## take the argument as written. Where they may stand is not checked.
#define TEXT(x) #x
#define EXPANDED(x) TEXT(x)
#define GLUE(a, b) a##b
__device__ int stringized() { const char a[] = TEXT(SQUARE( 1 +  "x")); const char b[] = EXPANDED(TWO); return sizeof(a) + sizeof(b) * 100 + b[0] * 1000; }
__device__ int glued() { int xy = 5; GLUE(x, y) += GLUE(1, 2); return GLUE(x, y) + GLUE(, xy) * 100; }

// [cpp.rescan]: a macro is not replaced within itself. Nothing to refuse.
#define self(x) (self + x)
#define ping pong + 1
__device__ int rescanned() { int self = 40, pong = 2; return self(1) + ping; }

// [cpp.pragma], [cpp.pragma.op] and [cpp.null]: pragmas that nobody knows and empty directives change nothing. Nothing to refuse.
#pragma nobody knows this
#
__device__ int pragmas() { int s = 0; _Pragma("unroll") for (int i = 0; i < 3; i++) s += i; return s; }

// [cpp.predefined]: __LINE__, __func__ and what a compiler says of itself. Nothing to refuse.

__device__ int predefined() { return (__LINE__ > 10) + sizeof(__func__) * 1000 + (__cplusplus >= 201703L) * 100000 + sizeof(__FILE__ "x") * 0; }

__global__ void test(int* out) {
    out[0] = alternative_tokens();
    out[1] = letters();
    out[2] = maximal_munch();
    out[3] = comments();
    out[4] = near_keywords();
    out[5] = operator_words();
    out[6] = integer_bases();
    out[7] = integer_types();
    out[8] = characters();
    out[9] = floats();
    out[10] = strings();
    out[11] = bool_literals();
    out[12] = null_literal();
    out[13] = user_literals();
    out[14] = conditions();
    out[15] = replaced();
    out[16] = before_undef();
    out[17] = after_undef();
    out[18] = substituted();
    out[19] = stringized();
    out[20] = glued();
    out[21] = rescanned();
    out[22] = pragmas();
    out[23] = predefined();
}
