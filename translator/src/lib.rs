//! Sema and lowering: from the AST of a CUDA translation unit to the IR.
//!
//! Knows C++ semantics and CUDA's built-ins; knows nothing of shader languages.
#![forbid(unsafe_code)]

mod headers;
mod lower;
mod passes;
mod requests;
mod sema;
mod stack;

pub use headers::ShippedHeaders;
pub use passes::contract_fma;
pub use sema::builtins::mapping_page;
pub use stack::on_deep_stack;

use grammar::{Origin, Unit};
use ir::FuncId;
use requests::KernelRequest;
use rustc_hash::FxHashMap;
use source::{Diagnostic, SourceMap, Span};

#[derive(Clone, Debug, Default)]
pub struct TranslateOptions {
    /// Kernels to instantiate besides those that the file launches: `scale<float, 256>`.
    pub kernels: Vec<String>,
    /// nvcc's `-fmad=true`: contract products and sums.
    pub fmad: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KernelStatus {
    Lowered,
    Refused,
    /// A template that nobody asks for.
    NotInstantiated,
}

#[derive(Clone, Debug)]
pub struct KernelResult {
    /// As a launch writes it: `scale<float, 256>`.
    pub name: String,
    pub func: Option<FuncId>,
    pub span: Span,
    /// Those of [`TranslateOptions::kernels`] that mean this kernel.
    pub requests: Vec<String>,
    pub status: KernelStatus,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug)]
pub struct Translation {
    pub module: ir::Module,
    pub kernels: Vec<KernelResult>,
    /// What belongs to no kernel.
    pub diagnostics: Vec<Diagnostic>,
}

/// The translation starts again so often while address spaces of pointer members are found out.
const MAX_RESTARTS: u32 = 8;

/// Lowers every kernel of a unit. A kernel that cannot be lowered is refused with its reasons, the others go on.
pub fn translate(unit: &Unit, map: &SourceMap, options: &TranslateOptions) -> Translation {
    on_deep_stack(|| translate_here(unit, map, options))
}

fn translate_here(unit: &Unit, map: &SourceMap, options: &TranslateOptions) -> Translation {
    let requests: Vec<KernelRequest> = options.kernels.iter().map(|text| KernelRequest::parse(text)).collect();
    let mut field_spaces = FxHashMap::default();
    for attempt in 0.. {
        let mut sema = sema::Sema::new(unit, field_spaces);
        sema.register_unit();
        let kernels = sema.lower_kernels(map, &requests);
        if !sema.field_spaces_changed || attempt >= MAX_RESTARTS {
            return finish(sema, kernels, options);
        }
        field_spaces = std::mem::take(&mut sema.field_spaces);
    }
    unreachable!("the loop above ends")
}

fn finish(sema: sema::Sema<'_>, mut kernels: Vec<KernelResult>, options: &TranslateOptions) -> Translation {
    let unit = sema.unit;
    let (mut module, diagnostics) = (sema.module, sema.warnings);
    let lowered: Vec<FuncId> = kernels.iter().filter_map(|kernel| kernel.func).collect();
    let mut kept = passes::prune::run(&mut module, &lowered).into_iter();
    for kernel in &mut kernels {
        if kernel.func.is_some() {
            kernel.func = kept.next();
        }
    }
    if options.fmad {
        let shipped: Vec<Span> = unit.items.iter().filter(|item| item.origin == Origin::Builtin).map(|item| item.span).collect();
        let is_shipped = |span: Span| shipped.iter().any(|item| item.lo <= span.lo && span.lo < item.hi);
        passes::contract_fma::run(&mut module, |func| !is_shipped(func.span));
    }
    module.comments = unit.comments.iter().map(|(span, text)| ir::Comment { span: *span, text: text.to_string() }).collect();
    Translation { module, kernels, diagnostics }
}
