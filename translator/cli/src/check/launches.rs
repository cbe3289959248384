//! The launches of a case, with kernels, arguments and bindings resolved.

use crate::abi;
use crate::emit;
use crate::engine::ReadyLaunch;
use crate::pipeline::{Compiled, KernelState};
use backends::shader::{BindingMode, Options, legalise_kernel};
use harness::Case;
use ir::FuncId;
use source::{Code, Diagnostic, Span};

/// What the case says; otherwise one binding for each pointer, and one heap where a kernel needs that.
pub fn binding_mode(case: &Case, compiled: &Compiled, ready: &[ReadyLaunch]) -> BindingMode {
    match case.options.bindings.as_deref() {
        Some("heap") => BindingMode::Heap,
        Some(_) => BindingMode::Typed,
        None if ready.iter().any(|launch| needs_heap(compiled, launch.kernel)) => BindingMode::Heap,
        None => BindingMode::Typed,
    }
}

fn needs_heap(compiled: &Compiled, kernel: FuncId) -> bool {
    let options = Options { features: emit::ALL_FEATURES, ..Default::default() };
    let in_heap = Options { bindings: BindingMode::Heap, ..options.clone() };
    let legal = |options| legalise_kernel(&compiled.module, kernel, options);
    legal(&options).is_err_and(|refusal| refusal.is_helped_by_heap()) && legal(&in_heap).is_ok()
}

/// The launches of a case with their kernels and arguments resolved.
pub fn ready(case: &Case, compiled: &Compiled) -> Result<Vec<ReadyLaunch>, Vec<Diagnostic>> {
    case.launches
        .iter()
        .map(|launch| {
            let kernel = launched_kernel(launch, compiled)?;
            let function = &compiled.module.functions[kernel];
            let arguments = abi::arguments(&compiled.module.tables.types, function, &launch.args)
                .map_err(|error| vec![Diagnostic::error(Code::E0666, error.to_string(), function.span)])?;
            Ok(ReadyLaunch { kernel, grid: launch.grid, block: launch.block, shared: launch.shared, arguments })
        })
        .collect()
}

/// The kernel that a launch means: by its name, or, where that is not enough (`k<T>` inside of a template, `k` with deduced
/// arguments), the only instance whose parameters have the arguments' types.
pub fn launched_kernel(launch: &harness::Launch, compiled: &Compiled) -> Result<FuncId, Vec<Diagnostic>> {
    let named = compiled.kernel(&launch.kernel);
    if let Some(KernelState::Lowered(kernel)) = named.map(|report| report.state) {
        return Ok(kernel);
    }
    let instances = compiled.kernels.iter().filter(|report| base_name(&report.name) == base_name(&launch.kernel));
    let mut fitting = instances.filter_map(|report| match report.state {
        KernelState::Lowered(id) => abi::types_fit(&compiled.module, id, &launch.args).then_some(id),
        KernelState::Refused | KernelState::NotInstantiated => None,
    });
    if let (Some(kernel), None) = (fitting.next(), fitting.next()) {
        return Ok(kernel);
    }
    match named {
        Some(report) if !report.diagnostics.is_empty() => Err(report.diagnostics.clone()),
        _ if compiled.has_errors() => Err(compiled.diagnostics.clone()),
        _ => {
            let known: Vec<_> = compiled.kernels.iter().map(|kernel| kernel.name.as_str()).collect();
            let message = format!("there is no kernel `{}`; the file has {}", launch.kernel, known.join(", "));
            Err(vec![Diagnostic::error(Code::E0664, message, Span::NONE)])
        }
    }
}

/// `scale` of `ns::scale<float>`.
fn base_name(name: &str) -> &str {
    let name = name.split_once('<').map_or(name, |(name, _)| name);
    name.rsplit("::").next().unwrap_or(name).trim()
}
