//! E01: preprocessor and syntax.

use super::Code;

codes! {
    E0101: "the file is not UTF-8 text" => "\
Source files are read as UTF-8. A byte sequence that is not UTF-8 is often a comment in an older encoding.
Convert the file, for example with `iconv -f latin1 -t utf8`.

    $ iconv -f latin1 -t utf8 old.cu > new.cu

Files that are UTF-8 already but begin elsewhere: check how the editor saves them.";
    E0102: "an include was not found" => "\
`#include` names a file that neither ships with this program nor lies beside the including file or in a folder given with -I.
The include counts as empty: host headers rarely matter to kernels. If a kernel needs it, add `-I folder`.
With --strict-includes it is an error.

    #include \"particles.h\"   // lies in ../include

    $ translate app.cu -I ../include

Give the folder with -I, or remove the include if no kernel needs it.";
    E0103: "includes go too deep" => "\
More than 200 files include one another. As a rule a header includes itself and lacks `#pragma once` or an include guard.

    // a.h
    #include \"a.h\"

Put `#pragma once` at the top of the header.";
    E0104: "macros expand without end" => "\
The macros of this unit make more tokens than any program needs, or their arguments nest too deep.
C++ macros cannot recurse, but a few that each use the next one twice double the text at every step.

    #define A0 x x
    #define A1 A0 A0
    #define A2 A1 A1   // ... and so on to A40

Write the repetition as a loop or a template.";
    E0105: "malformed preprocessor directive" => "\
A directive lacks a part that it needs: the name after `#define` or `#ifdef`, the file after `#include`, ...

    #define
    #include particles.h

Complete the directive: `#define NAME`, `#include \"particles.h\"`.";
    E0106: "malformed #if condition" => "\
The condition of `#if` or `#elif` must be an integer expression of literals, macros and `defined(NAME)`.
Names that are not macros count as 0.

    #if sizeof(int) == 4
    #endif

Compare macros and numbers only; for types use `static_assert` or `if constexpr`.";
    E0107: "unbalanced conditional directives" => "\
`#else`, `#elif` or `#endif` without its `#if`, or an `#if` that the file does not end with `#endif`.

    #ifdef FAST
    __global__ void k() {}

Close each `#if` with its `#endif`.";
    E0108: "#error" => "\
The source itself refuses to be compiled this way: an `#error` directive was reached. Its text says why, as a rule a missing -D.

    #ifndef TILE
    #error \"define TILE\"
    #endif

    $ translate app.cu -D TILE=16

Give the definition that the message asks for, or the option that it names.";
    E0109: "malformed use of a macro" => "\
A function-like macro was used with the wrong number of arguments, or its argument list does not end.

    #define ADD(a, b) ((a) + (b))
    int x = ADD(1);

Give as many arguments as the macro has parameters. An argument that holds a comma needs parentheses.";
    E0110: "malformed token" => "\
A character that C++ has no use for, a string or character literal without its end, or a comment without its end.

    char c = 'a;
    int @x;

Close the literal or comment; remove the character.";
    E0111: "`##` makes no token" => "\
`##` joins two tokens of a macro's body, and the result must be one token: a name, a number or an operator.

    #define JOIN(a, b) a ## b
    int x = JOIN(+, 1);

Join names and numbers only, and leave operators apart.";
    E0112: "#warning" => "\
The source warns: a `#warning` directive was reached.

    #warning \"this path is slow\"

Nothing needs to be done for the translator.";

    E0115: "unbalanced brackets" => "\
A bracket is not closed, or closed by another kind, or closed without having been opened.
Brackets are checked before anything else, because one missing brace changes the meaning of all that follows.

    __global__ void k(int* p) {
        if (p[0]) { p[1] = 2;
    }

Look for the bracket above the place: the message points at where the mistake shows, which is often behind it.";
    E0116: "brackets nest too deep" => "\
Brackets nest more than 256 deep, or one expression or statement is built of more parts than any stage could hold on its stack.
Machine-made sources can be split into several statements.

    int x = ((((((((1))))))));   // 300 of them

Split the expression with variables in between.";

    E0120: "syntax error" => "\
The text does not follow the grammar of CUDA C++. The message says what could stand at this place.

    int x = ;
    for (int i = 0, i < n, i++)

Compare with what the message says could stand here.";
    E0121: "malformed type" => "\
The specifiers of a declaration must name exactly one type: `unsigned long` is one, `float int` is none.

    unsigned float x;
    long long long y;

Name one type.";
    E0122: "malformed function" => "\
A function body needs a parameter list before it; only functions can be `= default` or `= delete`.

    void f = delete;
    int x { return 1; }

Write the parameter list, or remove the body.";
    E0123: "malformed literal" => "\
A number, character or string literal is not one that C++ knows, as a rule because of its suffix or an escape sequence.

    int x = 12abc;
    char c = '\\q';

Use a suffix or escape that C++ knows: `12u`, `1.5f`, `'\\n'`.";
    E0124: "too many errors" => "\
Reading stops after 100 errors: the rest would be consequences of the first ones.

    translate: more than 100 messages

Mend the first ones and run again.";
}
