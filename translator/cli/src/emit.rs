//! From the IR to shaders: what a launcher needs beside the text.

use crate::engine::ReadyLaunch;
use crate::pipeline::Compiled;
use crate::args::Target;
use crate::pipeline::Stage;
use backends::cross::{self, Language};
use backends::shader::{Entry, Features, Options, Program};
use backends::wgsl::{self, WgslOptions};
use ir::FuncId;
use source::{Code, Diagnostic, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Wgsl,
    Spirv,
}

/// A kernel as a device takes it.
#[derive(Clone, Debug)]
pub struct Emitted {
    pub module: runner::Module,
    pub entry_point: String,
    pub entry: Entry,
    /// Only `blockDimX` is a constant.
    linear: bool,
    /// Name of the constant for the length of dynamic shared memory, and bytes of an element.
    dynamic_length: Option<(String, u64)>,
}

impl Emitted {
    /// Pipeline constants of a launch.
    pub fn constants(&self, launch: &ReadyLaunch) -> Vec<(String, f64)> {
        let [x, y, z] = launch.block.map(f64::from);
        let mut constants = vec![("blockDimX".to_string(), x)];
        if !self.linear {
            constants.push(("blockDimY".to_string(), y));
            constants.push(("blockDimZ".to_string(), z));
        }
        if let Some((name, size)) = &self.dynamic_length {
            // An array has at least one element, even if the launch asks for none.
            let length = u64::from(launch.shared).div_ceil((*size).max(1)).max(1);
            constants.push((name.clone(), length as f64));
        }
        constants
    }
}

/// The kernels in the form that shaders can express.
pub fn legal(compiled: &Compiled, kernels: &[FuncId], options: &Options) -> Result<Program, Vec<Diagnostic>> {
    backends::shader::legalise(&compiled.module, kernels, options).map_err(|refusals| refusals.iter().map(|refusal| refusal.to_diagnostic()).collect())
}

/// WGSL for people: comments and names of the source, nothing but what the kernels use.
pub fn wgsl_text(compiled: &Compiled, kernels: &[FuncId], options: &Options) -> Result<String, Vec<Diagnostic>> {
    let program = legal(compiled, kernels, options)?;
    let options = WgslOptions { sources: Some(&compiled.map), aliased: options.aliased, block: options.block, ..WgslOptions::default() };
    wgsl::emit(&program, options).map(|module| module.text).map_err(|error| vec![error.to_diagnostic()])
}

/// The kernel of one launch by one route.
pub fn emit_kernel(compiled: &Compiled, launch: &ReadyLaunch, options: &Options, route: Route) -> Result<Emitted, Vec<Diagnostic>> {
    let program = legal(compiled, &[launch.kernel], options)?;
    match route {
        Route::Wgsl => {
            let options = WgslOptions { full_geometry: !launch.is_linear(), aliased: options.aliased, ..WgslOptions::default() };
            let module = wgsl::emit(&program, options).map_err(|error| vec![error.to_diagnostic()])?;
            let checks = runner::Checks::Checked;
            Ok(Emitted {
                module: runner::Module::Wgsl { text: module.text, checks },
                entry_point: module.entry_points.into_iter().next().unwrap_or_default(),
                entry: program.entries.into_iter().next().ok_or_else(Vec::new)?,
                linear: module.linear,
                dynamic_length: module.dynamic_length,
            })
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
    let bytes = match target {
        Target::Spirv => spirv_bytes(&program, options)?,
        Target::Wgsl => checked_wgsl(compiled, &program, options)?.0.into_bytes(),
        Target::Msl => other_language(compiled, &program, options, Language::Msl)?,
        Target::Hlsl => other_language(compiled, &program, options, Language::Hlsl)?,
        Target::Glsl => other_language(compiled, &program, options, Language::Glsl)?,
    };
    Ok(Output { bytes, reflection: String::new() })
}

fn checked_wgsl(compiled: &Compiled, program: &Program, options: &Options) -> Result<(String, cross::Checked), Vec<Diagnostic>> {
    let wgsl = WgslOptions { sources: Some(&compiled.map), aliased: options.aliased, block: options.block, ..WgslOptions::default() };
    let text = wgsl::emit(program, wgsl).map_err(|error| vec![error.to_diagnostic()])?.text;
    let checked = cross::check(&text, options.features == Features::default()).map_err(|error| vec![rejected("naga", &error)])?;
    Ok((text, checked))
}

fn other_language(compiled: &Compiled, program: &Program, options: &Options, language: Language) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let (_, checked) = checked_wgsl(compiled, program, options)?;
    checked.write(language).map(String::into_bytes).map_err(|error| vec![rejected("naga", &error)])
}

fn spirv_bytes(_program: &Program, _options: &Options) -> Result<Vec<u8>, Vec<Diagnostic>> {
    Err(Vec::new())
}

/// A validator does not accept what we wrote: our bug.
fn rejected(who: &str, error: &dyn std::fmt::Display) -> Diagnostic {
    Diagnostic::error(Code::E0674, format!("internal error: {who} does not accept the output"), Span::NONE).with_note(error.to_string())
}

/// Makes WGSL and SPIR-V of one kernel and validates both, first in core WGSL, then with what devices may have besides.
/// Gives the features that it took, or the stage that was reached and what stands against the next.
pub fn prove(compiled: &Compiled, kernel: FuncId) -> Result<Vec<&'static str>, (Stage, Vec<Diagnostic>)> {
    let portable = prove_with(compiled, kernel, Features::default());
    let Err(first) = portable else { return Ok(Vec::new()) };
    let all = Features { int64: true, float64: true, float16: true, atomic_int64: true };
    match prove_with(compiled, kernel, all) {
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
