//! From the IR to shaders: what a launcher needs beside the text.

use crate::args::Target;
use crate::engine::ReadyLaunch;
use crate::pipeline::Compiled;
use crate::pipeline::Stage;
use backends::cross::{self, Language};
use backends::launch_plan::{CudaLaunch, LaunchPlan, PlanError, plan};
use backends::output::Site;
use backends::reflect::{InterfaceNames, reflect};
use backends::shader::{BindingMode, Features, MovedShared, Options, Program, legalise_each, legalise_kernel, merge};
use backends::spirv::{self, SpirvOptions};
use backends::wgsl::{self, WgslModule, WgslOptions};
use ir::FuncId;
use source::{Code, Diagnostic, Span};
use std::io::Write;
use std::process::{Command, Stdio};

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
    /// What leaves records in the log.
    pub fn sites(&self) -> &[Site] {
        &self.program.entries[0].sites
    }

    /// A warning for each shared variable that went to global memory.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        moved_shared(&self.program)
    }

    /// What to bind and set for a launch of the kernel.
    pub fn plan(&self, launch: &CudaLaunch) -> Result<LaunchPlan, PlanError> {
        plan(&self.program, 0, &self.names, None, launch)
    }
}

/// The kernels in the form that shaders can express. One refusal refuses all, so that nobody misses a kernel in silence.
pub fn legal(compiled: &Compiled, kernels: &[FuncId], options: &Options) -> Result<Program, Vec<Diagnostic>> {
    let mut programs = Vec::new();
    let mut refusals = Vec::new();
    for result in legalise_each(&compiled.module, kernels, options) {
        match result {
            Ok(program) => programs.push(program),
            Err(refusal) => refusals.push(refusal.diagnostic()),
        }
    }
    if refusals.is_empty() { Ok(merge(programs, &compiled.module)) } else { Err(refusals) }
}

/// WGSL for people: comments and names of the source, nothing but what the kernels use.
pub fn wgsl_text(compiled: &Compiled, kernels: &[FuncId], options: &Options) -> Result<String, Vec<Diagnostic>> {
    let program = legal(compiled, kernels, options)?;
    let options = WgslOptions {
        sources: Some(&compiled.map),
        aliased: options.aliased,
        block: workgroup(options),
        ..WgslOptions::default()
    };
    wgsl::emit(&program, options).map(|module| module.text).map_err(|error| vec![error.to_diagnostic()])
}

/// The size of workgroups, if it is known when translating.
fn workgroup(options: &Options) -> Option<[u32; 3]> {
    options.coarsen.map(|coarsen| [coarsen.width, 1, 1]).or(options.block)
}

/// The kernel of one launch by one route.
pub fn emit_kernel(
    compiled: &Compiled,
    launch: &ReadyLaunch,
    options: &Options,
    route: Route,
) -> Result<Emitted, Vec<Diagnostic>> {
    let is_wgsl = route == Route::Wgsl;
    let options = &Options { cut_at_fences: is_wgsl, wide_views: !is_wgsl, ..options.clone() };
    let program = legal(compiled, &[launch.kernel], options)?;
    match route {
        Route::Wgsl => {
            let options = WgslOptions { full_geometry: !launch.is_linear(), aliased: options.aliased, ..WgslOptions::default() };
            let module = wgsl::emit(&program, options).map_err(|error| vec![error.to_diagnostic()])?;
            let names = InterfaceNames::of_wgsl(&program, &module);
            let module = runner::Module::Wgsl { text: module.text, checks: runner::Checks::Guarded };
            Ok(Emitted { module, program, names })
        }
        Route::Spirv => {
            let options = SpirvOptions {
                checked: true,
                full_geometry: !launch.is_linear(),
                aliased: options.aliased,
                features: options.features,
                ..SpirvOptions::default()
            };
            let names = spirv::names(&program, &options);
            let words = spirv::emit(&program, &options).map_err(|error| vec![error.to_diagnostic()])?;
            Ok(Emitted { module: runner::Module::Spirv { words }, program, names })
        }
    }
}

/// What `translate file.cu` writes.
pub struct Output {
    pub bytes: Vec<u8>,
    /// The interface of the kernels, as JSON.
    pub reflection: String,
    /// What is slower than it looks.
    pub warnings: Vec<Diagnostic>,
}

/// Translates kernels for a target, validated.
pub fn output(compiled: &Compiled, kernels: &[FuncId], options: &Options, target: Target) -> Result<Output, Vec<Diagnostic>> {
    let options = &Options { cut_at_fences: target != Target::Spirv, wide_views: target == Target::Spirv, ..options.clone() };
    let program = legal(compiled, kernels, options)?;
    let (bytes, names) = match target {
        Target::Spirv => {
            let options = spirv_options(options);
            (spirv_bytes(&program, &options)?, spirv::names(&program, &options))
        }
        Target::Wgsl => {
            let (wgsl, _) = checked_wgsl(compiled, &program, options)?;
            let names = InterfaceNames::of_wgsl(&program, &wgsl);
            (wgsl.text.into_bytes(), names)
        }
        Target::Msl => other_language(compiled, &program, options, Language::Msl)?,
        Target::Hlsl => other_language(compiled, &program, options, Language::Hlsl)?,
        Target::Glsl => other_language(compiled, &program, options, Language::Glsl)?,
    };
    Ok(Output { bytes, reflection: reflect(&program, &names, workgroup(options)).to_json(), warnings: moved_shared(&program) })
}

/// A warning for each shared variable that went to global memory.
fn moved_shared(program: &Program) -> Vec<Diagnostic> {
    let moved = program.entries.iter().flat_map(|entry| &entry.moved_shared);
    let warning = |moved: &MovedShared| {
        let message =
            format!("no room for the {} bytes of shared memory of `{}`: they are in global memory", moved.bytes, moved.name);
        Diagnostic::warning(Code::E0418, message, moved.span)
    };
    moved.map(warning).collect()
}

fn checked_wgsl(
    compiled: &Compiled,
    program: &Program,
    options: &Options,
) -> Result<(WgslModule, cross::Checked), Vec<Diagnostic>> {
    let wgsl = WgslOptions {
        sources: Some(&compiled.map),
        aliased: options.aliased,
        block: workgroup(options),
        ..WgslOptions::default()
    };
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

fn spirv_options(options: &Options) -> SpirvOptions {
    SpirvOptions {
        checked: true,
        block: workgroup(options),
        aliased: options.aliased,
        features: options.features,
        names: true,
        ..SpirvOptions::default()
    }
}

fn spirv_bytes(program: &Program, options: &SpirvOptions) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let words = spirv::emit(program, options).map_err(|error| vec![error.to_diagnostic()])?;
    Ok(words.into_iter().flat_map(u32::to_le_bytes).collect())
}

/// A validator does not accept what we wrote: our bug.
fn rejected(who: &str, error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Code::E0674, format!("internal error: {who} does not accept the output"), Span::NONE)
        .with_note(error.to_string())
}

/// Makes WGSL and SPIR-V of one kernel and validates both, first in core WGSL, then with what devices may have besides.
/// Gives the features that it took, or the stage that was reached and what stands against the next.
pub fn prove(compiled: &Compiled, kernel: FuncId) -> Result<Vec<&'static str>, (Stage, Vec<Diagnostic>)> {
    let portable = prove_with(compiled, kernel, Features::default(), BindingMode::Typed);
    let Err(first) = portable else { return Ok(Vec::new()) };
    if prove_with(compiled, kernel, ALL_FEATURES, BindingMode::Typed).is_ok() {
        return Ok(vec!["native"]);
    }
    let helped = legalise_kernel(&compiled.module, kernel, &Options { features: ALL_FEATURES, ..Options::default() })
        .is_err_and(|refusal| refusal.is_helped_by_heap());
    match [(Features::default(), vec!["heap"]), (ALL_FEATURES, vec!["native", "heap"])]
        .into_iter()
        .find(|(features, _)| helped && prove_with(compiled, kernel, *features, BindingMode::Heap).is_ok())
    {
        Some((_, taken)) => Ok(taken),
        None => Err(first),
    }
}

fn prove_with(
    compiled: &Compiled,
    kernel: FuncId,
    features: Features,
    bindings: BindingMode,
) -> Result<(), (Stage, Vec<Diagnostic>)> {
    let options = Options { features, bindings, cut_at_fences: true, ..Options::default() };
    let program = legal(compiled, &[kernel], &options).map_err(|diagnostics| (Stage::Lowered, diagnostics))?;
    checked_wgsl(compiled, &program, &options).map_err(|diagnostics| (Stage::Lowered, diagnostics))?;
    let options = Options { cut_at_fences: false, wide_views: true, ..options };
    let program = legal(compiled, &[kernel], &options).map_err(|diagnostics| (Stage::Wgsl, diagnostics))?;
    let bytes = spirv_bytes(&program, &spirv_options(&options)).map_err(|diagnostics| (Stage::Wgsl, diagnostics))?;
    validate_spirv(&bytes).map_err(|diagnostic| (Stage::Wgsl, vec![diagnostic]))
}

/// The `spirv-val` that the environment names.
pub fn spirv_validator() -> Option<String> {
    std::env::var("TRANSLATE_SPIRV_VAL").ok()
}

/// Asks `spirv-val`, where there is one.
fn validate_spirv(bytes: &[u8]) -> Result<(), Diagnostic> {
    let Some(validator) = spirv_validator() else { return Ok(()) };
    let failed = |error: std::io::Error| rejected("spirv-val", &error);
    let mut command = Command::new(validator);
    command.args(["--target-env", "vulkan1.1", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    // It reads all of its input before it says anything, so the pipes cannot block each other.
    if let Some(mut input) = child.stdin.take() {
        input.write_all(bytes).map_err(failed)?;
    }
    let output = child.wait_with_output().map_err(failed)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    if output.status.success() { Ok(()) } else { Err(rejected("spirv-val", &said)) }
}
