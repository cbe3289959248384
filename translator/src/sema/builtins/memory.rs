//! Blocks of memory, the heap, output.

use super::{Builtin, Operation, row};

pub(super) const TABLE: &[Builtin] = &[
    row("memcpy", Operation::Copy, "C++ Standard Library"),
    row("memset", Operation::Fill, "C++ Standard Library"),
    row("printf", Operation::Printf, "Formatted Output"),
    row("__assertfail", Operation::AssertFail, "Assertion"),
    row("__assert_fail", Operation::AssertFail, "Assertion"),
];
