//! Why a kernel has no legal form: one variant for each kind of mistake or gap.

use source::{Code, Diagnostic, Span};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// E0401
    #[error("this pointer may point into several buffers or variables")]
    ManyRoots { span: Span, name: String },
    /// E0402
    #[error("this pointer is read from memory")]
    PointerInMemory { span: Span },
    /// E0403
    #[error("a pointer is made from an integer, or an integer from a pointer")]
    PointerBits { span: Span },
    /// E0404
    #[error("a pointer is compared with null")]
    NullTest { span: Span },
    /// E0405
    #[error("`{name}` calls itself, and {why}")]
    Recursion { span: Span, name: String, why: &'static str },
    /// E0406
    #[error("a warp operation on values that are not of 32 bits")]
    WarpOperation { span: Span },
    /// E0407
    #[error("the text that `%s` prints is not known when translating")]
    Printf { span: Span },
    /// E0409
    #[error("pointers into different buffers or variables are compared or subtracted")]
    UnrelatedPointers { span: Span },
    /// E0410
    #[error("an atomic operation on {what} is not available on this target")]
    AtomicType { span: Span, what: &'static str },
    /// E0411
    #[error("this access cannot be expressed in the words of its memory")]
    Access { span: Span, why: &'static str },
    /// E0412
    #[error("values of type {what} are not available on this target")]
    ValueType { span: Span, what: &'static str },
    /// E0413
    #[error("this barrier cannot be brought into uniform control flow: {why}")]
    Barrier { span: Span, why: &'static str },
    /// E0414
    #[error("this function cannot be inlined: {why}")]
    Inline { span: Span, why: &'static str },
    /// E0415
    #[error("a pointer is used before it is given a value")]
    Rootless { span: Span },
    /// E0416
    #[error("the kernel cannot be cut at this barrier of the grid: {why}")]
    GridBarrier { span: Span, why: &'static str },
    /// E0417
    #[error("the block is too large for the device, and its threads cannot share invocations: {why}")]
    Coarsen { span: Span, why: &'static str },
    /// E0418
    #[error("`{name}` has {bytes} bytes of shared memory, and the device has room for {limit} in all")]
    SharedMemory { span: Span, name: String, bytes: u64, limit: u64 },
    /// E0419
    #[error("not all threads of the block arrive at this barrier object together, as far as is known")]
    LoneArrival { span: Span },
    /// E0419
    #[error("a barrier or an operation of a warp stands among waits of threads that go different ways")]
    WaitAmongWaits { span: Span },
    /// E0499
    #[error("the shader passes left something that no shader can express: {what}")]
    Internal { span: Span, what: String },
}

impl Refusal {
    pub fn code(&self) -> Code {
        match self {
            Refusal::ManyRoots { .. } => Code::E0401,
            Refusal::PointerInMemory { .. } => Code::E0402,
            Refusal::PointerBits { .. } => Code::E0403,
            Refusal::NullTest { .. } => Code::E0404,
            Refusal::Recursion { .. } => Code::E0405,
            Refusal::WarpOperation { .. } => Code::E0406,
            Refusal::Printf { .. } => Code::E0407,
            Refusal::UnrelatedPointers { .. } => Code::E0409,
            Refusal::AtomicType { .. } => Code::E0410,
            Refusal::Access { .. } => Code::E0411,
            Refusal::ValueType { .. } => Code::E0412,
            Refusal::Barrier { .. } => Code::E0413,
            Refusal::Inline { .. } => Code::E0414,
            Refusal::Rootless { .. } => Code::E0415,
            Refusal::GridBarrier { .. } => Code::E0416,
            Refusal::Coarsen { .. } => Code::E0417,
            Refusal::SharedMemory { .. } => Code::E0418,
            Refusal::LoneArrival { .. } | Refusal::WaitAmongWaits { .. } => Code::E0419,
            Refusal::Internal { .. } => Code::E0499,
        }
    }

    /// Would `--bindings heap` help?
    pub fn is_helped_by_heap(&self) -> bool {
        matches!(
            self,
            Refusal::PointerInMemory { .. }
                | Refusal::ManyRoots { .. }
                | Refusal::PointerBits { .. }
                | Refusal::UnrelatedPointers { .. }
                | Refusal::NullTest { .. }
        )
    }

    /// Would it help to know the addresses of buffers?
    pub(super) fn needs_addresses(&self) -> bool {
        matches!(self, Refusal::PointerBits { .. } | Refusal::UnrelatedPointers { .. } | Refusal::NullTest { .. })
    }

    pub fn span(&self) -> Span {
        match self {
            Refusal::ManyRoots { span, .. }
            | Refusal::PointerInMemory { span }
            | Refusal::PointerBits { span }
            | Refusal::NullTest { span }
            | Refusal::Recursion { span, .. }
            | Refusal::WarpOperation { span }
            | Refusal::Printf { span }
            | Refusal::UnrelatedPointers { span }
            | Refusal::AtomicType { span, .. }
            | Refusal::Access { span, .. }
            | Refusal::ValueType { span, .. }
            | Refusal::Barrier { span, .. }
            | Refusal::Inline { span, .. }
            | Refusal::Rootless { span }
            | Refusal::GridBarrier { span, .. }
            | Refusal::Coarsen { span, .. }
            | Refusal::SharedMemory { span, .. }
            | Refusal::LoneArrival { span }
            | Refusal::WaitAmongWaits { span }
            | Refusal::Internal { span, .. } => *span,
        }
    }

    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code(), self.to_string(), self.span());
        match self {
            Refusal::ManyRoots { name, .. } if !name.is_empty() => diagnostic.with_note(format!("the pointer is `{name}`")),
            _ if self.is_helped_by_heap() => {
                diagnostic.with_help("`--bindings heap` puts all device memory into one buffer, where pointers are plain numbers")
            }
            Refusal::Access { why, .. } => diagnostic.with_note(*why),
            _ => diagnostic,
        }
    }
}
