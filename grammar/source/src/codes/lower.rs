//! E03: from AST to IR.

use super::Code;

codes! {
    E0301: "recursion is not supported" => "Shader targets have no call stack, so a function cannot call itself, directly or through others, unless constant arguments say how often: then each level is a function of its own. Write it as a loop, with a stack of your own where needed.";
    E0302: "pointers into different address spaces share one variable" => "A pointer in memory points to shared or local memory here and to global memory elsewhere; which one cannot be told apart any more.";
    E0303: "string literals are not available here" => "A string can be the format of `printf`, an argument for its `%s`, the message of `assert`, and a constant array of `char`.";
    E0304: "address of a bit-field" => "A bit-field has no address, so no reference or pointer can be bound to it.";
    E0305: "memory operation has no constant size" => "`memcpy` and `memset` on the device are translated where the number of bytes is a constant or the elements' type is known.";
    E0306: "initialiser of a variable of the device is not constant" => "Variables with static storage are initialised before the program runs; the value must be known while translating.";
    E0307: "shared variables have no initialiser" => "CUDA does not initialise `__shared__` variables: each thread block starts with undefined content.";
    E0398: "address spaces do not settle" => "The address spaces of the pointers in this function depend on each other in a circle.";
    E0399: "internal error while lowering" => "This is a bug of the translator, not of the program. Please report it with the kernel.";
}
