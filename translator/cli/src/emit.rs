//! From the IR to shaders: what a launcher needs beside the text.

use crate::args::Target;
use crate::engine::ReadyLaunch;
use crate::pipeline::Compiled;
use crate::pipeline::Stage;
use backends::cross::{self, Language};
use backends::launch_plan::{CudaLaunch, LaunchPlan, PlanError, plan};
use backends::reflect::{InterfaceNames, reflect};
use backends::shader::{Features, Options, Program, legalise_kernel, merge};
use backends::wgsl::{self, WgslModule, WgslOptions};
use ir::FuncId;
use source::{Code, Diagnostic, Span};

/// What some devices have beyond core WGSL.
pub const ALL_FEATURES: Features = Features { int64: true, float64: true, float16: true, atomic_int64: true };

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Wgsl,
    Spirv,
}

/// A kernel as a device takes it.
#[derive(Clone, Debug)]
pub struct Emitted {
    pub module: runner::Module,
    program: Program,
    names: InterfaceNames,
}

impl Emitted {
    /// What to bind and set for a launch of the kernel.
    pub fn plan(&self, launch: &CudaLaunch) -> Result<LaunchPlan, PlanError> {
        plan(&self.program, 0, &self.names, None, launch)
    }
}

/// The kernels in the form that shaders can express. One refusal refuses all, so that nobody misses a kernel in silence.
pub fn legal(compiled: &Compiled, kernels: &[FuncId], options: &Options) -> Result<Program, Vec<Diagnostic>> {
    let mut programs = Vec::new();
    let mut refusals = Vec::new();
    for &kernel in kernels {
        match legalise_kernel(&compiled.module, kernel, options) {
            Ok(program) => programs.push(program),
            Err(refusal) => refusals.push(refusal.diagnostic()),
        }
    }
    if refusals.is_empty() { Ok(merge(programs, &compiled.module)) } else { Err(refusals) }
}

/// WGSL for people: comments and names of the source, nothing but what the kernels use.
pub fn wgsl_text(compiled: &Compiled, kernels: &[FuncId], options: &Options) -> Result<String, Vec<Diagnostic>> {
    let program = legal(compiled, kernels, options)?;
    let options =
        WgslOptions { sources: Some(&compiled.map), aliased: options.aliased, block: options.block, ..WgslOptions::default() };
    wgsl::emit(&program, options).map(|module| module.text).map_err(|error| vec![error.to_diagnostic()])
}

/// The kernel of one launch by one route.
pub fn emit_kernel(
    compiled: &Compiled,
    launch: &ReadyLaunch,
    options: &Options,
    route: Route,
) -> Result<Emitted, Vec<Diagnostic>> {
    let program = legal(compiled, &[launch.kernel], options)?;
    match route {
        Route::Wgsl => {
            let options = WgslOptions { full_geometry: !launch.is_linear(), aliased: options.aliased, ..WgslOptions::default() };
            let module = wgsl::emit(&program, options).map_err(|error| vec![error.to_diagnostic()])?;
            let names = InterfaceNames::of_wgsl(&program, &module);
            let module = runner::Module::Wgsl { text: module.text, checks: runner::Checks::Checked };
            Ok(Emitted { module, program, names })
        }
        Route::Spirv => Err(Vec::new()),
    }
}

/// What `translate file.cu` writes.
pub struct Output {
    pub bytes: Vec<u8>,
    /// The interface of the kernels, as JSON.
    pub reflection: String,
}

/// Translates kernels for a target, validated.
pub fn output(compiled: &Compiled, kernels: &[FuncId], options: &Options, target: Target) -> Result<Output, Vec<Diagnostic>> {
    let program = legal(compiled, kernels, options)?;
    let (bytes, names) = match target {
        Target::Spirv => (spirv_bytes(&program, options)?, InterfaceNames::plain(&program)),
        Target::Wgsl => {
            let (wgsl, _) = checked_wgsl(compiled, &program, options)?;
            let names = InterfaceNames::of_wgsl(&program, &wgsl);
            (wgsl.text.into_bytes(), names)
        }
        Target::Msl => other_language(compiled, &program, options, Language::Msl)?,
        Target::Hlsl => other_language(compiled, &program, options, Language::Hlsl)?,
        Target::Glsl => other_language(compiled, &program, options, Language::Glsl)?,
    };
    Ok(Output { bytes, reflection: reflect(&program, &names, options.block).to_json() })
}

fn checked_wgsl(
    compiled: &Compiled,
    program: &Program,
    options: &Options,
) -> Result<(WgslModule, cross::Checked), Vec<Diagnostic>> {
    let wgsl =
        WgslOptions { sources: Some(&compiled.map), aliased: options.aliased, block: options.block, ..WgslOptions::default() };
    let module = wgsl::emit(program, wgsl).map_err(|error| vec![error.to_diagnostic()])?;
    let portable = options.features == Features::default();
    let checked = cross::check(&module.text, portable).map_err(|error| vec![rejected("naga", &error)])?;
    Ok((module, checked))
}

fn other_language(
    compiled: &Compiled,
    program: &Program,
    options: &Options,
    language: Language,
) -> Result<(Vec<u8>, InterfaceNames), Vec<Diagnostic>> {
    let (wgsl, checked) = checked_wgsl(compiled, program, options)?;
    let text = checked.write(language).map_err(|error| vec![rejected("naga", &error)])?;
    Ok((text.into_bytes(), InterfaceNames::of_wgsl(program, &wgsl)))
}

fn spirv_bytes(_program: &Program, _options: &Options) -> Result<Vec<u8>, Vec<Diagnostic>> {
    Err(Vec::new())
}

/// A validator does not accept what we wrote: our bug.
fn rejected(who: &str, error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Code::E0674, format!("internal error: {who} does not accept the output"), Span::NONE)
        .with_note(error.to_string())
}

/// Makes WGSL and SPIR-V of one kernel and validates both, first in core WGSL, then with what devices may have besides.
/// Gives the features that it took, or the stage that was reached and what stands against the next.
pub fn prove(compiled: &Compiled, kernel: FuncId) -> Result<Vec<&'static str>, (Stage, Vec<Diagnostic>)> {
    let portable = prove_with(compiled, kernel, Features::default());
    let Err(first) = portable else { return Ok(Vec::new()) };
    match prove_with(compiled, kernel, ALL_FEATURES) {
        Ok(()) => Ok(vec!["native"]),
        Err(_) => Err(first),
    }
}

fn prove_with(compiled: &Compiled, kernel: FuncId, features: Features) -> Result<(), (Stage, Vec<Diagnostic>)> {
    let options = Options { features, ..Options::default() };
    let program = legal(compiled, &[kernel], &options).map_err(|diagnostics| (Stage::Lowered, diagnostics))?;
    checked_wgsl(compiled, &program, &options).map_err(|diagnostics| (Stage::Lowered, diagnostics))?;
    spirv_bytes(&program, &options).map_err(|diagnostics| (Stage::Wgsl, diagnostics))?;
    Ok(())
}
