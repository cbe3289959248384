//! E03: from AST to IR.

use super::Code;

codes! {}
