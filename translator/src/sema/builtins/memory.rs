//! Blocks of memory, the heap, output.

use super::{Builtin, Operation, row};

pub(super) const TABLE: &[Builtin] = &[
    row("memcpy", Operation::Copy, "C++ Standard Library"),
    row("memset", Operation::Fill, "C++ Standard Library"),
    row("malloc", Operation::Unsupported, "Dynamic Global Memory Allocation and Operations"),
    row("free", Operation::Unsupported, "Dynamic Global Memory Allocation and Operations"),
    row("printf", Operation::Printf, "Formatted Output"),
    row("__assertfail", Operation::AssertFail, "Assertion"),
    row("__assert_fail", Operation::AssertFail, "Assertion"),
];
