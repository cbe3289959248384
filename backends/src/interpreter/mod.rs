//! The oracle: runs the IR as CUDA defines it.
