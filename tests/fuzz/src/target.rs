//! The property: a text goes all the way to WGSL and SPIR-V, or is refused in words.

use backends::shader::{BindingMode, Features, Options, legalise_kernel};
use backends::{cross, spirv, wgsl};
use source::{Code, Diagnostic, SourceMap};
use translator::{ShippedHeaders, TranslateOptions};

/// A bug of ours that shows in words: what was said, and from which stage.
pub type Finding = String;

/// Codes that stand for a bug of ours, whatever the input was.
const OUR_BUGS: [Code; 3] = [Code::E0399, Code::E0503, Code::E0674];

/// Takes a text through all stages. A panic, a stack overflow or an endless loop is for the caller to see.
pub fn run(text: &str) -> Result<(), Finding> {
    let mut map = SourceMap::new();
    let (unit, diagnostics) = grammar::parse("fuzz.cu", text, &grammar::Options::default(), &ShippedHeaders, &mut map);
    said("grammar", &map, &diagnostics)?;
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Ok(());
    }
    let translation = translator::translate(&unit, &map, &TranslateOptions::default());
    said("translator", &map, &translation.diagnostics)?;
    for kernel in &translation.kernels {
        said("translator", &map, &kernel.diagnostics)?;
    }
    if let Err(errors) = ir::verify(&translation.module) {
        let first = errors.first().map_or_else(String::new, |error| error.message.clone());
        return Err(format!("verify: {first}"));
    }
    for func in translation.kernels.iter().filter_map(|kernel| kernel.func) {
        for options in routes() {
            emit(&translation.module, func, &options, &map)?;
        }
    }
    Ok(())
}

/// Core WGSL, what devices may have besides, and one heap.
fn routes() -> [Options; 3] {
    let all = Features { int64: true, float64: true, float16: true, atomic_int64: true };
    [
        Options::default(),
        Options { features: all, ..Options::default() },
        Options { bindings: BindingMode::Heap, features: all, ..Options::default() },
    ]
}

fn emit(module: &ir::Module, kernel: ir::FuncId, options: &Options, map: &SourceMap) -> Result<(), Finding> {
    let program = match legalise_kernel(module, kernel, options) {
        Ok(program) => program,
        Err(refusal) => return said("passes", map, &[refusal.diagnostic()]),
    };
    let portable = options.features == Features::default();
    let wgsl_options = wgsl::WgslOptions { sources: Some(map), ..wgsl::WgslOptions::default() };
    match wgsl::emit(&program, wgsl_options) {
        Ok(module) => {
            cross::check(&module.text, portable).map_err(|error| format!("naga: {error}"))?;
        }
        Err(error) => said("wgsl", map, &[error.to_diagnostic()])?,
    }
    let spirv_options = spirv::SpirvOptions { features: options.features, ..spirv::SpirvOptions::default() };
    match spirv::emit(&program, &spirv_options) {
        Ok(_) => Ok(()),
        Err(error) => said("spirv", map, &[error.to_diagnostic()]),
    }
}

/// Renders what was said, which must not fail, and finds confessions in it.
fn said(stage: &str, map: &SourceMap, diagnostics: &[Diagnostic]) -> Result<(), Finding> {
    for diagnostic in diagnostics {
        let _ = source::render_string(map, diagnostic, source::Coloring::Plain);
        let _ = source::render_json(map, diagnostic);
        if OUR_BUGS.contains(&diagnostic.code) {
            return Err(format!("{stage}: {} {}", diagnostic.code, diagnostic.message));
        }
    }
    Ok(())
}
