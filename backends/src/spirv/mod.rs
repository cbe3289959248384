//! Writes a legal [`Program`](crate::shader::Program) as SPIR-V words.
