//! The shader passes, before and after: each `tests/shader/*.ir` holds a module, a line `; ---`, and what the passes make
//! of it (or the code of the refusal). `BLESS=1 cargo test -p backends --test shader_passes` writes the second halves anew.

use backends::interpreter::{self, ArgValue, Fault, Launch, Outcome};
use backends::shader::{
    ArgumentPart, Binding, BindingMode, BindingSource, Options, Program, Windows, legalise, legalise_each, legalise_kernel,
};
use ir::text::{parse, print};
use ir::{FuncId, Module, Scalar, Type};
use std::fmt::Write;
use std::path::{Path, PathBuf};

const SEPARATOR: &str = "; ---\n";

fn legalised(text: &str, options: &Options) -> String {
    let module = match parse(text) {
        Ok(module) => module,
        Err(error) => return format!("; the input cannot be read: {error}\n"),
    };
    let kernels: Vec<_> = module.kernels().collect();
    match legalise(&module, &kernels, options) {
        Ok(program) => interface(&program) + &print(&program.module),
        Err(refusals) => refusals.iter().fold(String::new(), |mut text, refusal| {
            let _ = writeln!(text, "; {}: {refusal}", refusal.code());
            text
        }),
    }
}

/// The bindings, one a line.
fn interface(program: &Program) -> String {
    let mut text = String::new();
    for entry in &program.entries {
        for Binding { binding, global, kind, source } in &entry.bindings {
            let name = &program.module.tables.globals[*global].name;
            let from = match source {
                BindingSource::Parameter(index) => format!("parameter {index}"),
                BindingSource::Member { parameter, from } => format!("byte {from} of parameter {parameter}"),
                BindingSource::Arguments => "arguments".into(),
                BindingSource::Variable(name) => format!("variable {name}"),
                BindingSource::Heap { window: 0 } => "heap".into(),
                BindingSource::Log => "log".into(),
                other => format!("{other:?}"),
            };
            let _ = writeln!(text, "; @binding({binding}) {kind:?} {name}: {from}");
        }
    }
    text
}

#[test]
fn files() {
    check_folder("shader", &Options::default());
}

#[test]
fn files_with_wide_views() {
    check_folder("shader_wide_views", &Options { wide_views: true, ..Options::default() });
}

#[test]
fn files_with_a_heap() {
    check_folder("shader_heap", &Options { bindings: BindingMode::Heap, ..Options::default() });
}

#[test]
fn files_with_subgroups() {
    check_folder("shader_subgroups", &subgroups());
}

/// Warps are subgroups.
fn subgroups() -> Options {
    Options { subgroups: Some(ir::WARP_SIZE), ..Options::default() }
}

#[test]
fn files_with_a_heap_in_windows() {
    let windows = Windows { count: 2, bits: 16 };
    check_folder("shader_heap_windows", &Options { bindings: BindingMode::Heap, windows, ..Options::default() });
}

#[track_caller]
fn check_folder(name: &str, options: &Options) {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failed = Vec::new();
    for path in paths(name) {
        let text = std::fs::read_to_string(&path).expect("a file of text");
        let (before, after) = text.split_once(SEPARATOR).unwrap_or((&text, ""));
        let got = legalised(before, options);
        if got != after {
            if bless {
                std::fs::write(&path, format!("{before}{SEPARATOR}{got}")).expect("writable");
            } else {
                failed.push(format!("{}:\n{got}", path.display()));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn paths(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

/// Every kernel of the files computes the same before and after, on the interpreter: each pointer gets a buffer of small
/// numbers, each number a small one.
#[test]
fn meaning() {
    for path in paths("shader") {
        let text = std::fs::read_to_string(&path).expect("a file of text");
        let (before, _) = text.split_once(SEPARATOR).unwrap_or((&text, ""));
        let module = parse(before).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for kernel in module.kernels() {
            // A pointer inside of a struct has no buffer here.
            let types = &module.tables.types;
            let is_plain = |ty| types.as_pointer(ty).is_some() || !types.has_pointer(ty);
            if !module.functions[kernel].params.iter().all(|param| is_plain(param.ty)) {
                continue;
            }
            let with_offsets = Options { offset_arguments: true, ..Options::default() };
            for (options, offset) in [(Options::default(), 0), (with_offsets, 16), (subgroups(), 0)] {
                same_meaning(&path, &module, kernel, &options, offset);
            }
        }
    }
}

fn same_meaning(path: &Path, module: &Module, kernel: FuncId, options: &Options, offset: u64) {
    let Ok(program) = legalise(module, &[kernel], options) else { return };
    let name = format!("{}: {}", path.display(), module.functions[kernel].name);
    let wanted = run_before(module, kernel, offset).unwrap_or_else(|fault| panic!("{name} before: {fault:?}"));
    let got = run_after(module, kernel, &program, offset)
        .unwrap_or_else(|fault| panic!("{name} after: {fault:?}\n{}", print(&program.module)));
    let count = wanted.buffers.len();
    for (index, (wanted, got)) in wanted.buffers.iter().zip(&got.buffers[..count]).enumerate() {
        let different = wanted.iter().zip(got).position(|(wanted, got)| wanted != got);
        assert_eq!(different, None, "{name} differs in buffer {index}\n{}", print(&program.module));
    }
    for (variable, bytes) in &wanted.globals {
        if let Some((_, other)) = got.globals.iter().find(|(other, _)| other == variable) {
            assert_eq!(bytes[..], other[..bytes.len()], "{name}: {variable}");
        }
    }
}

const ELEMENTS: usize = 64;

fn launch(kernel: FuncId, args: Vec<ArgValue>, buffers: Vec<Vec<u8>>) -> Launch {
    Launch {
        kernel,
        grid: [2, 1, 1],
        block: [8, 1, 1],
        dynamic_shared: 256,
        args,
        buffers,
        globals: Vec::new(),
        bindings: Vec::new(),
        options: interpreter::Options::default(),
    }
}

/// Arguments, and a buffer for each pointer.
fn inputs(module: &Module, kernel: FuncId, offset: u64) -> (Vec<ArgValue>, Vec<Vec<u8>>) {
    let types = &module.tables.types;
    let (mut args, mut buffers) = (Vec::new(), Vec::new());
    for param in &module.functions[kernel].params {
        match types.get(param.ty) {
            Type::Pointer { pointee, .. } => {
                args.push(ArgValue::Pointer { buffer: buffers.len(), offset });
                let mut bytes = Vec::new();
                (0..ELEMENTS).for_each(|index| fill(module, pointee, index, &mut bytes));
                buffers.push(bytes);
            }
            Type::Scalar(scalar) => {
                let mut bytes = Vec::new();
                fill(module, param.ty, 2, &mut bytes);
                bytes.resize(8, 0);
                assert!(scalar.size() <= 8);
                args.push(ArgValue::Scalar(u64::from_le_bytes(bytes.try_into().expect("eight bytes"))));
            }
            _ => {
                let mut bytes = Vec::new();
                fill(module, param.ty, 2, &mut bytes);
                args.push(ArgValue::Bytes(bytes));
            }
        }
    }
    (args, buffers)
}

fn fill(module: &Module, ty: ir::TypeId, index: usize, out: &mut Vec<u8>) {
    let types = &module.tables.types;
    let number = (index % 11 + 1) as u64;
    match types.get(ty) {
        Type::Scalar(Scalar::F32) => out.extend((number as f32 * 0.5 - 2.0).to_le_bytes()),
        Type::Scalar(Scalar::F64) => out.extend((number as f64 * 0.5 - 2.0).to_le_bytes()),
        Type::Scalar(Scalar::Bool) => out.push((number % 2) as u8),
        Type::Scalar(scalar) => out.extend(&number.to_le_bytes()[..scalar.size() as usize]),
        Type::Vector { scalar, count } => {
            let part = types.lookup(Type::Scalar(scalar)).expect("the scalar is in use");
            (0..usize::from(count)).for_each(|more| fill(module, part, index + more, out));
        }
        Type::Array { element, count } => {
            (0..count.unwrap_or(1) as usize).for_each(|more| fill(module, element, index + more, out))
        }
        Type::Struct(definition) => {
            let (definition, start) = (&types.structs()[definition], out.len());
            for field in &definition.fields {
                out.resize(start + field.offset as usize, 0);
                fill(module, field.ty, index + 1, out);
            }
            out.resize(start + definition.size as usize, 0);
        }
        Type::Pointer { .. } => out.extend([0; 8]),
        Type::Void => out.push(number as u8),
    }
}

fn run_before(module: &Module, kernel: FuncId, offset: u64) -> Result<Outcome, Fault> {
    let (args, buffers) = inputs(module, kernel, offset);
    interpreter::run(module, &launch(kernel, args, buffers))
}

fn run_after(module: &Module, kernel: FuncId, program: &Program, offset: u64) -> Result<Outcome, Fault> {
    let (args, mut buffers) = inputs(module, kernel, offset);
    let entry = &program.entries[0];
    let mut bindings = Vec::new();
    for binding in &entry.bindings {
        match &binding.source {
            BindingSource::Parameter(index) => {
                let ArgValue::Pointer { buffer, .. } = args[*index as usize] else { panic!("a pointer is bound") };
                bindings.push((binding.global, buffer));
            }
            BindingSource::Arguments => {
                let mut bytes =
                    vec![0; program.module.tables.types.size_of(program.module.tables.globals[binding.global].ty) as usize];
                for argument in &entry.arguments {
                    let value: Vec<u8> = match (&argument.what, &args[argument.parameter as usize]) {
                        (ArgumentPart::Bytes { from, size, widen }, value) => {
                            let all = match value {
                                ArgValue::Scalar(bits) => bits.to_le_bytes().to_vec(),
                                ArgValue::Bytes(bytes) => bytes.clone(),
                                _ => panic!("a value is passed"),
                            };
                            let mut part = all[*from as usize..(from + size) as usize].to_vec();
                            if widen.is_some() {
                                part.resize(4, 0);
                            }
                            part
                        }
                        (ArgumentPart::PointerOffset { .. }, _) => (offset as u32).to_le_bytes().to_vec(),
                        (ArgumentPart::PointerPresent, _) => vec![1, 0, 0, 0],
                        // Any addresses will do that differ and are aligned.
                        (ArgumentPart::HeapAddress { .. }, _) => {
                            ((argument.parameter + 1) * 0x10000 + offset as u32).to_le_bytes().to_vec()
                        }
                    };
                    bytes[argument.offset as usize..argument.offset as usize + value.len()].copy_from_slice(&value);
                }
                bindings.push((binding.global, buffers.len()));
                buffers.push(bytes);
            }
            BindingSource::Value(index) => {
                let ArgValue::Bytes(bytes) = &args[*index as usize] else { panic!("a value is passed") };
                bindings.push((binding.global, buffers.len()));
                buffers.push(bytes.clone());
            }
            BindingSource::Variable(_) => {}
            other => panic!("{other:?} is not for a launch"),
        }
    }
    let mut launch = launch(entry.kernel, Vec::new(), buffers);
    launch.bindings = bindings;
    interpreter::run(&program.module, &launch)
}

/// The cores that share the kernels of a module change nothing.
#[test]
fn kernels_together_are_as_one_by_one() {
    let sum: String = (0..200).map(|i| format!("  x[threadIdx.x] = x[threadIdx.x] + {i}.0\n")).collect();
    let text: String = (0..9).map(|i| format!("kernel k{i}(x: *global f32) {{\n{sum}}}\n")).collect();
    let module = parse(&text).expect("the text reads");
    let kernels: Vec<FuncId> = module.kernels().collect();
    let together = legalise_each(&module, &kernels, &Options::default());
    assert_eq!(together.len(), kernels.len());
    for (kernel, found) in kernels.iter().zip(together) {
        let alone = legalise_kernel(&module, *kernel, &Options::default()).expect("a plain kernel");
        let found = found.expect("a plain kernel");
        assert_eq!(print(&found.module), print(&alone.module));
    }
}
