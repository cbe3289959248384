//! What the caller of the WGSL emitter chooses.

use source::SourceMap;

#[derive(Clone, Copy, Default)]
pub struct WgslOptions<'a> {
    /// To carry comments over and to spell hexadecimal literals as the source does.
    pub sources: Option<&'a SourceMap>,
    /// Emit for blocks and grids of three dimensions even if the kernels look only at x. A launcher that
    /// starts such a kernel with more than one dimension needs it.
    pub full_geometry: bool,
    /// Several bindings may be the same memory.
    pub aliased: bool,
    /// `blockDim` as a constant; otherwise pipeline constants `blockDimX`, `blockDimY`, `blockDimZ`.
    pub block: Option<[u32; 3]>,
    /// The length of dynamic shared memory in bytes as a constant; otherwise a pipeline constant.
    pub dynamic_shared: Option<u32>,
}

/// The text and the names a launcher needs.
#[derive(Clone, Debug)]
pub struct WgslModule {
    pub text: String,
    /// Entry points in the order of [`Program::entries`](crate::shader::Program::entries).
    pub entry_points: Vec<String>,
    /// Only `blockDimX` is there, and blocks and grids must be one-dimensional.
    pub linear: bool,
    /// Pipeline constant for the length of dynamic shared memory in elements, and the bytes of an element.
    pub dynamic_length: Option<(String, u64)>,
}

/// What WGSL cannot say. The shader passes refuse most of it before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// E0502. WGSL has no memory fence apart from barriers (WGSL, "Synchronization Built-in Functions").
    #[error("a memory fence without a barrier has no WGSL equivalent")]
    Fence { span: source::Span },
    /// E0504. GPUs approximate no functions of doubles.
    #[error("fast math on double has no WGSL equivalent")]
    NativeDouble { span: source::Span },
    /// E0506. naga's `fma` of doubles rounds twice.
    #[error("fused multiply-add of doubles has no WGSL equivalent")]
    FmaDouble { span: source::Span },
    /// E0503. Something outside the legal form reached the emitter: a bug of a shader pass.
    #[error("internal error: {what} is not in legal form")]
    NotLegal { what: String, span: source::Span },
}

impl EmitError {
    pub fn to_diagnostic(&self) -> source::Diagnostic {
        let (code, span) = match self {
            EmitError::Fence { span } => (source::Code::E0502, *span),
            EmitError::NativeDouble { span } => (source::Code::E0504, *span),
            EmitError::FmaDouble { span } => (source::Code::E0506, *span),
            EmitError::NotLegal { span, .. } => (source::Code::E0503, *span),
        };
        source::Diagnostic::error(code, self.to_string(), span)
    }
}
