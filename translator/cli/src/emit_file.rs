//! `translate file.cu`: CUDA in, a shader out.

use crate::args::{Bindings, Feature, Target, TranslateArgs};
use crate::emit;
use crate::lowering;
use crate::output::write_whole;
use crate::pipeline::{Compiled, KernelReport, KernelState, Request, compile_file, squeezed};
use crate::screen::{Screen, print};
use backends::shader::{BindingMode, Coarsen, Features, Options, SharedLimit, Windows};
use ir::FuncId;
use source::{Code, Diagnostic, Span};
use std::io::IsTerminal;
use std::process::ExitCode;

pub fn run(args: &TranslateArgs, screen: &Screen) -> ExitCode {
    let Some(file) = &args.file else { return ExitCode::from(2) };
    let mut request = Request::new(&args.source);
    request.kernels = args.kernel.clone();
    let compiled = compile_file(file, &request);
    let (warnings, errors): (Vec<_>, Vec<_>) =
        compiled.diagnostics.iter().cloned().partition(|diagnostic| !diagnostic.is_error());
    screen.show(&compiled.map, &warnings);
    // Who names kernels does not care about the others.
    if args.kernel.is_empty() && !errors.is_empty() {
        screen.show(&compiled.map, &errors);
        return ExitCode::FAILURE;
    }
    let chosen = chosen_kernels(&compiled, &args.kernel);
    if args.explain_lowering {
        return match chosen.and_then(|kernels| lowering::table(&compiled, &kernels, &options(args))) {
            Ok(table) if print(table.as_bytes()) => ExitCode::SUCCESS,
            Ok(_) => ExitCode::FAILURE,
            Err(diagnostics) => {
                screen.show(&compiled.map, &diagnostics);
                ExitCode::FAILURE
            }
        };
    }
    let output = chosen.and_then(|kernels| emit::output(&compiled, &kernels, &options(args), args.target));
    let output = match output {
        Ok(output) => output,
        Err(diagnostics) => {
            screen.show(&compiled.map, &diagnostics);
            return ExitCode::FAILURE;
        }
    };
    screen.show(&compiled.map, &output.warnings);
    if let Some(path) = &args.reflect
        && let Err(error) = write_whole(path, output.reflection.as_bytes())
    {
        screen.error(Code::E0662, format!("cannot write {}: {error}", path.display()));
        return ExitCode::FAILURE;
    }
    deliver(args, &output.bytes, screen)
}

fn deliver(args: &TranslateArgs, bytes: &[u8], screen: &Screen) -> ExitCode {
    match &args.output {
        Some(path) => match write_whole(path, bytes) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                screen.error(Code::E0662, format!("cannot write {}: {error}", path.display()));
                ExitCode::FAILURE
            }
        },
        None if args.target == Target::Spirv && std::io::stdout().is_terminal() => {
            screen.error(Code::E0662, "SPIR-V is binary and standard output is a terminal; name a file with -o");
            ExitCode::from(2)
        }
        None if print(bytes) => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    }
}

fn options(args: &TranslateArgs) -> Options {
    let has = |feature| args.features.contains(&feature);
    Options {
        features: Features {
            int64: has(Feature::I64) || has(Feature::F64) || has(Feature::AtomicI64),
            float64: has(Feature::F64),
            float16: has(Feature::F16),
            atomic_int64: has(Feature::AtomicI64),
        },
        bindings: match args.bindings {
            Bindings::Typed => BindingMode::Typed,
            Bindings::Heap => BindingMode::Heap,
        },
        windows: match args.heap_windows {
            1 => Windows::default(),
            count => Windows { count, bits: 27 },
        },
        coarsen: args.block.zip(args.max_invocations).and_then(|(block, limit)| Coarsen::for_limit(block, limit)),
        block: args.block,
        subgroups: args.subgroups,
        recursion_depth: args.recursion_depth,
        shared: args.max_shared.map(|bytes| SharedLimit {
            bytes,
            dynamic: args.dynamic_shared,
            threads: args.block.map_or(1024, |block| block.iter().product()),
            strict: args.strict,
        }),
        ..Options::default()
    }
}

/// The kernels asked for, or all that were lowered.
fn chosen_kernels(compiled: &Compiled, wanted: &[String]) -> Result<Vec<FuncId>, Vec<Diagnostic>> {
    let chosen: Vec<FuncId> = if wanted.is_empty() {
        compiled.kernels.iter().filter_map(lowered).collect()
    } else {
        wanted.iter().map(|name| kernel_named(compiled, name)).collect::<Result<_, _>>()?
    };
    let mut once: Vec<FuncId> = Vec::new();
    chosen.into_iter().for_each(|kernel| {
        if !once.contains(&kernel) {
            once.push(kernel)
        }
    });
    if once.is_empty() { Err(vec![no_kernel(compiled)]) } else { Ok(once) }
}

fn lowered(kernel: &KernelReport) -> Option<FuncId> {
    match kernel.state {
        KernelState::Lowered(id) => Some(id),
        KernelState::Refused | KernelState::NotInstantiated => None,
    }
}

fn kernel_named(compiled: &Compiled, name: &str) -> Result<FuncId, Vec<Diagnostic>> {
    let errors = |found: &[Diagnostic]| found.iter().filter(|d| d.is_error()).cloned().collect::<Vec<_>>();
    match compiled.kernel(name) {
        Some(kernel) => match lowered(kernel) {
            Some(id) => Ok(id),
            None if kernel.diagnostics.is_empty() => Err(vec![no_kernel(compiled)]),
            None => Err(errors(&kernel.diagnostics)),
        },
        None if compiled.kernels.is_empty() && compiled.has_errors() => Err(errors(&compiled.diagnostics)),
        None => Err(vec![no_such_kernel(compiled, name)]),
    }
}

fn no_kernel(compiled: &Compiled) -> Diagnostic {
    let templates: Vec<_> = compiled.kernels.iter().map(|kernel| kernel.name.as_str()).collect();
    let start = compiled.main_file.map_or(Span::NONE, |file| {
        let lo = compiled.map.file_span(file).lo;
        Span::new(lo, lo)
    });
    let diagnostic = Diagnostic::error(Code::E0665, "the file has no kernel to translate", start);
    match templates.first() {
        None => diagnostic,
        Some(name) => diagnostic
            .with_note(format!("nobody instantiates {}", templates.join(", ")))
            .with_help(format!("name an instance: --kernel '{name}<...>'")),
    }
}

fn no_such_kernel(compiled: &Compiled, name: &str) -> Diagnostic {
    let known: Vec<&str> = compiled.kernels.iter().map(|kernel| kernel.name.as_str()).collect();
    let diagnostic = Diagnostic::error(Code::E0664, format!("there is no kernel `{name}` in this file"), Span::NONE);
    let nearest = known.iter().min_by_key(|other| distance(&squeezed(other), &squeezed(name)));
    let diagnostic = match nearest {
        Some(other) if distance(&squeezed(other), &squeezed(name)) <= 1 + name.len() / 3 => {
            diagnostic.with_help(format!("did you mean `{other}`?"))
        }
        _ => diagnostic,
    };
    if known.is_empty() { diagnostic } else { diagnostic.with_note(format!("the file has {}", known.join(", "))) }
}

/// Insertions, deletions and replacements between two names (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("saxpy", "saxpy"), 0);
        assert_eq!(distance("saxpy", "sexpy"), 1);
        assert_eq!(distance("saxpy", "axp"), 2);
        assert_eq!(distance("", "abc"), 3);
    }
}
