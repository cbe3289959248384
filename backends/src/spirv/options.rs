//! What the caller of the SPIR-V emitter chooses, and what can go wrong.

use crate::shader::Features;
use source::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpirvOptions {
    /// Indices are clamped to their arrays. Without, the caller vouches that the kernel stays in bounds.
    pub checked: bool,
    /// `blockDim`; otherwise specialization constants.
    pub block: Option<[u32; 3]>,
    /// The launch may have more than one dimension. Without, a program that looks at x alone is made for one:
    /// [`InterfaceNames::linear`](crate::reflect::InterfaceNames::linear) tells.
    pub full_geometry: bool,
    /// Bytes of dynamic shared memory; otherwise specialization constants.
    pub dynamic_shared_bytes: Option<u64>,
    /// Several bindings may be the same memory.
    pub aliased: bool,
    /// What the device has. Exact operations use it; types that the program has are taken for granted.
    pub features: Features,
    pub fma: FusedMultiplyAdd,
    /// `OpName`s for people. Specialization constants are always named, for launchers.
    pub names: bool,
}

/// How `fma` is computed. SPIR-V promises no single rounding (Vulkan, "Precision and Operation of SPIR-V Instructions").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FusedMultiplyAdd {
    /// With one rounding on every device.
    #[default]
    Exact,
    /// The device's own. Hardware fuses; software drivers round twice.
    Native,
}

impl Default for SpirvOptions {
    fn default() -> SpirvOptions {
        SpirvOptions {
            checked: true,
            block: None,
            full_geometry: false,
            dynamic_shared_bytes: None,
            aliased: true,
            features: Features::default(),
            fma: FusedMultiplyAdd::Exact,
            names: true,
        }
    }
}

/// Why there is no SPIR-V. The shader passes refuse what users can write before it comes here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmitError {
    /// E0503. Something outside the legal form reached the emitter: a bug of a shader pass.
    #[error("internal error: {what} is not in legal form")]
    NotLegal { what: String, span: Span },
    /// E0504. `GLSL.std.450` has its fast functions for 16 and 32 bits only.
    #[error("`{function}` has no fast form for double")]
    NoFastDouble { function: &'static str, span: Span },
    /// E0505. A fused multiply-add of doubles is computed with 64-bit integers, which this device lacks.
    #[error("an exact fused multiply-add of doubles needs 64-bit integers")]
    DoubleFma { span: Span },
}

impl EmitError {
    pub fn to_diagnostic(&self) -> source::Diagnostic {
        let (code, span) = match self {
            EmitError::NotLegal { span, .. } => (source::Code::E0503, *span),
            EmitError::NoFastDouble { span, .. } => (source::Code::E0504, *span),
            EmitError::DoubleFma { span } => (source::Code::E0505, *span),
        };
        source::Diagnostic::error(code, self.to_string(), span)
    }
}
