//! Writes a legal [`Program`](crate::shader::Program) as WGSL for people.
