//! E01: preprocessor and syntax.

use super::Code;

codes! {
    E0101: "the file is not UTF-8 text" => "\
Source files are read as UTF-8. A byte sequence that is not UTF-8 is often a comment in an older encoding.
Convert the file, for example with `iconv -f latin1 -t utf8`.";
    E0102: "an include was not found" => "\
`#include` names a file that neither ships with this program nor lies beside the including file or in a folder given with -I.
The include counts as empty: host headers rarely matter to kernels. If a kernel needs it, add `-I folder`.
With --strict-includes it is an error.";
    E0103: "includes go too deep" => "\
More than 200 files include one another. As a rule a header includes itself and lacks `#pragma once` or an include guard.";
    E0104: "macros expand without end" => "\
The macros of this unit make more tokens than any program needs, or their arguments nest too deep.
C++ macros cannot recurse, but a few that each use the next one twice double the text at every step.";
    E0105: "malformed preprocessor directive" => "\
A directive lacks a part that it needs: the name after `#define` or `#ifdef`, the file after `#include`, ...";
    E0106: "malformed #if condition" => "\
The condition of `#if` or `#elif` must be an integer expression of literals, macros and `defined(NAME)`.
Names that are not macros count as 0.";
    E0107: "unbalanced conditional directives" => "\
`#else`, `#elif` or `#endif` without its `#if`, or an `#if` that the file does not end with `#endif`.";
    E0108: "#error" => "\
The source itself refuses to be compiled this way: an `#error` directive was reached. Its text says why, as a rule a missing -D.";
    E0109: "malformed use of a macro" => "\
A function-like macro was used with the wrong number of arguments, or its argument list does not end.";
    E0110: "malformed token" => "\
A character that C++ has no use for, a string or character literal without its end, or a comment without its end.";
    E0111: "`##` makes no token" => "\
`##` joins two tokens of a macro's body, and the result must be one token: a name, a number or an operator.";
    E0112: "#warning" => "\
The source warns: a `#warning` directive was reached.";

    E0115: "unbalanced brackets" => "\
A bracket is not closed, or closed by another kind, or closed without having been opened.
Brackets are checked before anything else, because one missing brace changes the meaning of all that follows.";
    E0116: "brackets nest too deep" => "\
Brackets nest more than 256 deep, or one expression or statement is built of more parts than any stage could hold on its stack.
Machine-made sources can be split into several statements.";

    E0120: "syntax error" => "\
The text does not follow the grammar of CUDA C++. The message says what could stand at this place.";
    E0121: "malformed type" => "\
The specifiers of a declaration must name exactly one type: `unsigned long` is one, `float int` is none.";
    E0122: "malformed function" => "\
A function body needs a parameter list before it; only functions can be `= default` or `= delete`.";
    E0123: "malformed literal" => "\
A number, character or string literal is not one that C++ knows, as a rule because of its suffix or an escape sequence.";
    E0124: "too many errors" => "\
Reading stops after 100 errors: the rest would be consequences of the first ones.";
}
