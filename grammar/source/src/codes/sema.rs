//! E02: names, types, overloads, templates.

use super::Code;

codes! {
    E0201: "unknown name" => "No declaration of this name is visible here. Names are looked up as in C++: in the blocks around it, in the class and its bases, then in the namespaces around it.\n\nIf the name comes from a library header, that header may not be shipped with the program; `--strict-includes` shows which includes were not found.";
    E0202: "a type is needed here" => "The name stands where C++ needs a type, but it names a variable, a function or a template without arguments.";
    E0203: "no conversion between these types" => "C++ has no implicit conversion from the one type to the other, and the cast, if there is one, is none that C++ or CUDA define.";
    E0204: "no matching function" => "No function of this name can be called with these arguments. The notes list each candidate and why it does not fit.";
    E0205: "ambiguous call" => "Two or more functions fit equally well by C++'s rules of overload resolution. A cast of an argument decides it.";
    E0206: "operator does not apply to these types" => "Neither a built-in operator nor an overloaded one takes operands of these types.";
    E0207: "not a constant expression" => "A value is needed while translating: an array's size, a template argument, a case label, a static_assert. It must follow from literals, constexpr variables and constexpr functions.";
    E0208: "template arguments do not fit" => "Too many or too few template arguments, or a type where a value is needed, or the other way round.";
    E0209: "template argument cannot be deduced" => "The call does not say what a template parameter stands for, or two arguments say different things. Give the argument explicitly: `f<int>(x)`.";
    E0210: "no such member" => "The class has no member of this name, and neither have its bases.";
    E0211: "incomplete type" => "The class is declared but not defined, so neither its size nor its members are known.";
    E0212: "cannot be assigned" => "The left side is a constant or a temporary value.";
    E0213: "static assertion failed" => "The condition of a static_assert is false for these template arguments.";
    E0214: "wrong initialiser" => "The initialiser has more items than the object, names a member that does not exist, or has a shape that the type does not take.";
    E0215: "instantiation is nested too deeply" => "Templates or functions that need each other are more than 200 levels deep. As a rule a recursion without an end.";
    E0216: "expression is nested too deeply" => "An expression has more than 1,000 levels of operators.";
    E0217: "constant expression takes too long" => "A constexpr function ran for more than a million steps, or called itself more than 256 levels deep, while its value was needed for translating.";
    E0218: "type is too large" => "The size of the object does not fit the address space of a device.";
    E0219: "function has no body" => "The function is declared, but no definition is in this translation unit, and it is no built-in of CUDA. Functions from other translation units (`-rdc=true`) cannot be linked.";
    E0220: "built-in is not supported yet" => "CUDA has this function, and the program knows its name, but there is no operation for it yet.";
    E0221: "virtual functions" => "A virtual call becomes a switch over the classes of which the file's kernels make objects. Objects that the host made have no meaning on the device, in CUDA too. Virtual base classes are not supported yet.";
    E0222: "goto is not supported" => "Shader languages have structured control flow only. Write the jump as a loop, a `break` or a `return`.";
    E0223: "exceptions are not available on the device" => "CUDA has no try, catch or throw in device code.";
    E0224: "inline PTX is not supported yet" => "An `asm` statement holds instructions of NVIDIA's machines. Some of them have a CUDA function that does the same.";
    E0225: "this pointer to a function or member is not supported" => "A pointer to a function is a number, and a call through it a switch over the functions whose address the file's device code takes. A number that the host gives has no meaning here, and pointers to members are not supported yet.";
    E0226: "new and delete are not supported on the device yet" => "There is no heap on the device yet. Automatic and shared variables are translated.";
    E0227: "kernels cannot launch kernels yet" => "Dynamic parallelism has no counterpart on shader targets.";
    E0228: "a destructor that cannot be run here" => "Destructors run where scopes and full expressions end. Not there yet: a temporary in an arm of `?:` or behind `&&`, which may not be there at run time, and arrays of more than 64 objects.";
    E0229: "type is not available" => "`long double`, `__int128` and `__float128` are not translated.";
    E0230: "not supported in this form" => "The front end reads this construct of C++, but the translator does not know it yet.";
    E0231: "run-time type information is not available on the device" => "`dynamic_cast` and `typeid` of a value need run-time type information, which CUDA does not have in device code.";
    E0232: "nothing to leave" => "`break` must stand in a loop or switch, `continue` in a loop, `case` in a switch.";
    E0233: "a value is needed" => "The expression is of type void, or names a type, a namespace or a set of functions, where a value is needed.";
    E0234: "wrong return" => "The value that is returned does not fit the function's result type.";
    E0235: "there is no such kernel" => "`--kernel` names a kernel that the file does not define, or gives template arguments that do not fit it. Write it as a launch does: `scale<float, 256>`.";
    E0236: "kernel template is not instantiated" => "Nothing says for which template arguments the kernel is wanted: there is no launch whose arguments are known and no explicit instantiation. Name it: `--kernel 'scale<float, 256>'`.";
    E0237: "a name is needed" => "This declaration or expression has no form that C++ knows.";
    E0238: "declared twice" => "The same scope has another declaration of this name.";
    E0239: "bad kernel" => "A kernel must be a function at namespace scope that returns void and takes its parameters by value.";
    E0240: "syntax error in this declaration" => "The declaration could not be read; the syntax error was reported beside it.";
    E0241: "variable of the host" => "Device code can use `__device__`, `__constant__`, `__shared__` and `__managed__` variables, and constants whose value is known while translating. This variable belongs to the host.";
}
