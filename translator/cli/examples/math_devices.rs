//! Compares each math function on each device and route with the native build, bit for bit, and with the correctly rounded results:
//! the table `tests/math/devices.md`. `cargo xtask math devices` runs it.
//!
//! ```text
//! cargo run --release -p translate --example math_devices -- DIR [FUNCTION...]
//! ```
//!
//! DIR holds what `ulp list` and `ulp values` wrote (`tests/math/ulp.cpp`): `list.csv`, and a file of arguments and results for each
//! function, for which a kernel is made. Doubles are native where the device has them, else software. Rows of other functions stay.

use backends::launch_plan::{CudaLaunch, LaunchArgument, Resource};
use backends::shader::{BindingKind, Options};
use runner::{Device, Launch, SlotKind, devices};
use source::SourceMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use translate::emit::{Route, emit_kernel};
use translate::engine::ReadyLaunch;
use translate::pipeline::{KernelState, Request, compile};

const LIMIT: Duration = Duration::from_secs(300);

/// One function: what the kernel calls, what it is called with, and what it should give.
struct Case {
    name: String,
    bits: usize,
    /// The arguments' bytes, one plane after the other.
    arguments: Vec<Vec<u8>>,
    native: Vec<u8>,
    /// The correctly rounded results, which CUDA's bound is about.
    rounded: Vec<u8>,
    /// In units in the last place; none where CUDA states no bound.
    bound: Option<u64>,
    /// The bound of the absolute error, and from which magnitude on it is the one.
    absolute: Option<(f64, f64)>,
}

impl Case {
    /// `name,type,kind,arguments,bound,absolute bound,from`, and the file with the name.
    fn read(folder: &Path, line: &str) -> Option<Case> {
        let [name, ty, _, arity, bound, absolute, from] = line.split(',').collect::<Vec<_>>()[..] else { return None };
        let arity: usize = arity.parse().ok()?;
        let bytes = std::fs::read(folder.join(name)).ok()?;
        let mut planes: Vec<Vec<u8>> = bytes.chunks(bytes.len() / (arity + 2)).map(<[u8]>::to_vec).collect();
        let rounded = planes.pop()?;
        let native = planes.pop()?;
        let absolute: f64 = absolute.parse().ok()?;
        Some(Case {
            name: name.to_string(),
            bits: if ty == "float" { 32 } else { 64 },
            arguments: planes,
            native,
            rounded,
            bound: bound.parse().ok(),
            absolute: if absolute > 0.0 { Some((absolute, from.parse().ok()?)) } else { None },
        })
    }

    fn count(&self) -> usize {
        self.native.len() / (self.bits / 8)
    }

    fn source(&self) -> String {
        let (ty, word, from, to) = match self.bits {
            32 => ("float", "unsigned int", "__uint_as_float", "__float_as_uint"),
            _ => ("double", "long long", "__longlong_as_double", "__double_as_longlong"),
        };
        let inputs = &["x", "y", "z", "w"][..self.arguments.len()];
        let params: String = inputs.iter().map(|name| format!("const {word}* {name}s, ")).collect();
        let loads: String = inputs.iter().map(|name| format!("    {ty} {name} = {from}({name}s[i]);\n")).collect();
        let statements = self.statements(ty, inputs);
        format!(
            "__global__ void each({params}{word}* out)\n{{\n    int i = blockIdx.x * blockDim.x + threadIdx.x;\n{loads}    {statements}\n    out[i] = {to}(r);\n}}\n"
        )
    }

    /// The call, with what the function takes or stores besides.
    fn statements(&self, ty: &str, inputs: &[&str]) -> String {
        let suffix = if self.bits == 32 { "f" } else { "" };
        // Of order n, of n dimensions.
        if let Some((function, n)) = self.name.strip_suffix(')').and_then(|name| name.split_once('(')) {
            return match function.trim_end_matches('f') {
                "norm" | "rnorm" => format!("{ty} a[{n}] = {{ {} }}; {ty} r = {function}({n}, a);", inputs.join(", ")),
                _ => format!("{ty} r = {function}({n}, x);"),
            };
        }
        let name = &self.name;
        match name.strip_suffix(suffix).unwrap_or(name) {
            "frexp" => format!("int e; {ty} r = {name}(x, &e);"),
            "modf" => format!("{ty} whole; {ty} r = {name}(x, &whole);"),
            "remquo" => format!("int q; {ty} r = {name}(x, y, &q);"),
            "ldexp" | "scalbn" => format!("{ty} r = {name}(x, (int)y);"),
            "scalbln" => format!("{ty} r = {name}(x, (long)y);"),
            // The stored results are 1 where both parts have the bits of the two functions.
            "sincos" | "sincospi" => {
                let (sine, cosine) = (name.replace("cos", ""), name.replace("sin", ""));
                format!(
                    "{ty} s, c; {name}(x, &s, &c); {ty} a = {sine}(x), b = {cosine}(x); {ty} r = (s == a || (s != s && a != a)) && (c == b || (c != c && b != b)) ? 1 : 0;"
                )
            }
            _ => format!("{ty} r = {name}({});", inputs.join(", ")),
        }
    }

    /// What the route gives, or why it gives nothing.
    fn run(&self, device: &mut Device, route: Route, groups_per_dimension: u32) -> Result<Vec<u8>, String> {
        let compiled = compile("each.cu", &self.source(), &Request::default(), SourceMap::new());
        let state = compiled.kernel("each").map(|kernel| kernel.state);
        let Some(KernelState::Lowered(kernel)) = state else { return Err("not lowered".to_string()) };
        let planes: Vec<&Vec<u8>> = self.arguments.iter().chain([&self.native]).collect();
        let arguments: Vec<LaunchArgument> =
            (0..planes.len()).map(|buffer| LaunchArgument::Pointer { buffer, offset: 0 }).collect();
        let grid = [(self.count() / 256) as u32, 1, 1];
        let block = [256, 1, 1];
        let ready = ReadyLaunch { kernel, grid, block, shared: 0, arguments: arguments.clone() };
        let info = device.info().clone();
        let features =
            backends::shader::Features { int64: info.has("SHADER_INT64"), float64: info.has("SHADER_F64"), ..Default::default() };
        let options = Options { features, ..Options::default() };
        let emitted = emit_kernel(&compiled, &ready, &options, route).map_err(|list| format!("{list:?}"))?;
        let buffer_sizes: Vec<u64> = planes.iter().map(|bytes| bytes.len() as u64).collect();
        let cuda = CudaLaunch {
            grid: grid.map(u64::from),
            block,
            dynamic_shared_bytes: 0,
            arguments: &arguments,
            buffer_sizes: &buffer_sizes,
        };
        let plan = emitted.plan(&cuda).map_err(|error| error.to_string())?;
        let mut launch = Launch::new(emitted.module.clone(), &plan.entry_point, LIMIT);
        launch.kernel.constants.clone_from(&plan.constants);
        let uniform = launch.buffer(vec![0; 16]);
        launch.bind(0, SlotKind::Uniform, uniform);
        let mut out = None;
        for binding in &plan.bindings {
            let (bytes, written) = match &binding.resource {
                Resource::Buffer { buffer, offset: 0 } if buffer + 1 == planes.len() => (vec![0; planes[*buffer].len()], true),
                Resource::Buffer { buffer, offset: 0 } => (planes[*buffer].clone(), false),
                other => return Err(format!("unknown resource {other:?}")),
            };
            let buffer = launch.buffer(bytes);
            if written {
                launch.read_back(buffer);
                out = Some(buffer);
            }
            let kind = match binding.kind {
                BindingKind::Uniform => SlotKind::Uniform,
                BindingKind::StorageRead => SlotKind::ReadStorage,
                BindingKind::StorageReadWrite => SlotKind::ReadWriteStorage,
            };
            launch.bind(binding.binding, kind, buffer);
        }
        launch.dispatch_grid(grid.map(u64::from), groups_per_dimension, uniform).map_err(|error| error.to_string())?;
        out.ok_or("no result")?;
        let outcome = device.run(&launch).map_err(|error| error.to_string())?;
        outcome.buffers.into_iter().next().ok_or_else(|| "nothing read back".to_string())
    }

    /// The table's cell: how many results differ from the native ones, by how many units at most, and which of them CUDA's bound
    /// excludes: those with a subnormal number apart, which the device takes for zero.
    fn compare(&self, got: &[u8]) -> String {
        let number = |plane: &[u8], index: usize| {
            let size = self.bits / 8;
            let mut word = [0; 8];
            word[..size].copy_from_slice(&plane[index * size..][..size]);
            Number::new(u64::from_le_bytes(word), self.bits)
        };
        let (mut within, mut most, mut flushed, mut beyond, mut worst) = (0, 0, 0, 0, None);
        for index in 0..self.count() {
            let (got, native, rounded) = (number(got, index), number(&self.native, index), number(&self.rounded, index));
            if got.bits == native.bits || (got.is_nan() && native.is_nan()) {
                continue;
            }
            let arguments: Vec<Number> = self.arguments.iter().map(|plane| number(plane, index)).collect();
            let is_subnormal = rounded.is_subnormal() || arguments.iter().any(|argument| argument.is_subnormal());
            let has_bound = self.bound.is_some() || self.absolute.is_some();
            if self.is_within(&arguments, got, rounded) && (has_bound || !is_subnormal) {
                within += 1;
                most = most.max(got.distance(native));
            } else if is_subnormal {
                flushed += 1;
            } else {
                beyond += 1;
                let example = || {
                    format!(
                        "{:?} gives {} for {}",
                        arguments.iter().map(|x| x.value()).collect::<Vec<_>>(),
                        got.value(),
                        rounded.value()
                    )
                };
                worst.get_or_insert_with(example);
            }
        }
        if let Some(worst) = worst {
            eprintln!("{}: {worst}", self.name);
        }
        let parts = [
            (within, format!("{within} by {most}")),
            (flushed, format!("{flushed} flushed")),
            (beyond, format!("**{beyond} beyond the bound**")),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
        if parts.is_empty() { "equal".to_string() } else { parts.join("; ") }
    }

    /// Whether CUDA's bound allows this result.
    fn is_within(&self, arguments: &[Number], got: Number, rounded: Number) -> bool {
        if got.is_nan() || rounded.is_nan() {
            return got.is_nan() && rounded.is_nan();
        }
        if got.value() == 0.0 && rounded.value() == 0.0 && self.absolute.is_none() {
            return got.bits == rounded.bits;
        }
        let x = arguments[0].value();
        let unbounded = match self.name.as_str() {
            "lgammaf" => x > -10.001 && x < -2.264,
            "lgamma" => x > -23.0001 && x < -2.2637,
            _ => false,
        };
        match self.absolute {
            Some((bound, from)) if x.abs() >= from && rounded.value().is_finite() => {
                (got.value() - rounded.value()).abs() <= bound
            }
            _ => unbounded || self.bound.is_none_or(|bound| got.distance(rounded) <= bound),
        }
    }
}

#[derive(Clone, Copy)]
struct Number {
    bits: u64,
    width: usize,
}

impl Number {
    fn new(bits: u64, width: usize) -> Number {
        Number { bits, width }
    }

    fn magnitude(self) -> u64 {
        self.bits & ((1 << (self.width - 1)) - 1)
    }

    fn infinity(self) -> u64 {
        if self.width == 32 { 0x7f80_0000 } else { 0x7ff0_0000_0000_0000 }
    }

    fn is_nan(self) -> bool {
        self.magnitude() > self.infinity()
    }

    fn is_subnormal(self) -> bool {
        let least = if self.width == 32 { 1 << 23 } else { 1 << 52 };
        self.magnitude() != 0 && self.magnitude() < least
    }

    fn value(self) -> f64 {
        if self.width == 32 { f64::from(f32::from_bits(self.bits as u32)) } else { f64::from_bits(self.bits) }
    }

    /// How many numbers lie between the two.
    fn distance(self, other: Number) -> u64 {
        let place = |number: Number| {
            let magnitude = i128::from(number.magnitude());
            if number.bits >> (number.width - 1) == 1 { -magnitude } else { magnitude }
        };
        (place(self) - place(other)).unsigned_abs() as u64
    }
}

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().expect("a folder with values"));
    let names: Vec<String> = args.collect();
    let list = std::fs::read_to_string(folder.join("list.csv")).expect("the folder has a list");
    let found = devices();
    let columns: Vec<(usize, Route)> =
        (0..found.present.len()).flat_map(|index| [(index, Route::Wgsl), (index, Route::Spirv)]).collect();
    let mut head = String::from("| function | arguments |");
    for (index, route) in &columns {
        head += &format!(" {}, {} |", found.present[*index].info.id, if *route == Route::Wgsl { "WGSL" } else { "SPIR-V" });
    }
    head += &format!("\n|{}\n", " --- |".repeat(columns.len() + 2));
    let mut opened: Vec<Device> =
        found.present.iter().map(|adapter| Device::open(adapter).expect("a device that is listed opens")).collect();
    for line in list.lines() {
        let name = line.split(',').next().unwrap_or_default();
        if !names.is_empty() && names.iter().all(|wanted| wanted != name) {
            continue;
        }
        let Some(case) = Case::read(&folder, line) else { continue };
        let mut row = format!("| `{}` | {} |", case.name, case.count());
        for (index, route) in &columns {
            let per_dimension = found.present[*index].info.limits.max_groups_per_dimension;
            let cell = match case.run(&mut opened[*index], *route, per_dimension) {
                Ok(got) => case.compare(&got),
                Err(reason) => format!("left out: {}", reason.lines().next().unwrap_or_default()),
            };
            row += &format!(" {cell} |");
        }
        println!("{row}");
        store(&list, &head, &row);
    }
}

/// Puts a row into the table, in the list's order.
fn store(list: &str, head: &str, row: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/math/devices.md");
    let old = std::fs::read_to_string(&page).unwrap_or_default();
    let function = |row: &str| row.split('`').nth(1).map(str::to_string);
    let mut rows: Vec<&str> = old.strip_prefix(head).unwrap_or_default().lines().collect();
    rows.retain(|other| function(other) != function(row));
    rows.push(row);
    rows.sort_by_key(|row| list.lines().position(|line| function(row).is_some_and(|name| line.starts_with(&format!("{name},")))));
    std::fs::write(page, format!("{head}{}\n", rows.join("\n"))).expect("the table can be written");
}
