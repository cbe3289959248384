//! From the IR to shaders: what a launcher needs beside the text.

use crate::engine::ReadyLaunch;
use crate::pipeline::Compiled;
use backends::shader::{Entry, Options, Program};
use backends::wgsl::{self, WgslOptions};
use ir::FuncId;
use source::Diagnostic;

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
    todo_legalise(compiled, kernels, options)
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
