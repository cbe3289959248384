//! Compares each math function on each device and route with the native build, bit for bit, and with the correctly rounded results:
//! the table `tests/math/devices.md`. `cargo xtask math devices` runs it.
//!
//! ```text
//! cargo run --release -p translate --example math_devices -- DIR [FUNCTION...]
//! ```
//!
//! DIR holds what `ulp list` and `ulp values` wrote (`tests/math/ulp.cpp`): `list.csv`, and a file of arguments and results for each
//! function, for which a kernel is made. Doubles are native where the device has them, else software. Rows of other functions stay.
//! Launches run in a worker process, so that a driver that crashes costs a cell and not the table; how long each took goes to standard error.

use backends::launch_plan::{CudaLaunch, LaunchArgument, Resource};
use backends::shader::{BindingKind, Options};
use runner::worker::{self, Worker};
use runner::{DeviceInfo, Launch, SlotKind, devices};
use source::SourceMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
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
    /// The same of arguments among which zero stands for each subnormal number.
    flushed: Vec<u8>,
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
        let mut planes: Vec<Vec<u8>> = bytes.chunks(bytes.len() / (arity + 3)).map(<[u8]>::to_vec).collect();
        let flushed = planes.pop()?;
        let rounded = planes.pop()?;
        let native = planes.pop()?;
        let absolute: f64 = absolute.parse().ok()?;
        Some(Case {
            name: name.to_string(),
            bits: if ty == "float" { 32 } else { 64 },
            arguments: planes,
            native,
            rounded,
            flushed,
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
    fn run(&self, worker: &mut Worker, info: &DeviceInfo, route: Route) -> Result<Vec<u8>, String> {
        let compiled = compile("each.cu", &self.source(), &Request::default(), SourceMap::new());
        let state = compiled.kernel("each").map(|kernel| kernel.state);
        let Some(KernelState::Lowered(kernel)) = state else { return Err("not lowered".to_string()) };
        let planes: Vec<&Vec<u8>> = self.arguments.iter().chain([&self.native]).collect();
        let arguments: Vec<LaunchArgument> =
            (0..planes.len()).map(|buffer| LaunchArgument::Pointer { buffer, offset: 0 }).collect();
        let grid = [(self.count() / 256) as u32, 1, 1];
        let block = [256, 1, 1];
        let ready = ReadyLaunch { kernel, grid, block, shared: 0, arguments: arguments.clone() };
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
        launch
            .dispatch_grid(grid.map(u64::from), info.limits.max_groups_per_dimension, uniform)
            .map_err(|error| error.to_string())?;
        out.ok_or("no result")?;
        let outcome = worker.run(&info.id, &launch).map_err(|error| error.to_string())?;
        outcome.buffers.into_iter().next().ok_or_else(|| "nothing read back".to_string())
    }

    /// The table's cell: how many results differ from the native ones, and how far those do that the bound allows.
    fn compare(&self, got: &[u8]) -> String {
        let (mut within, mut ulps, mut close, mut distance, mut flushed, mut beyond) = (0, 0, 0, 0.0f64, 0, 0);
        for index in 0..self.count() {
            let (got, native) = (self.number(got, index), self.number(&self.native, index));
            if got.bits == native.bits || (got.is_nan() && native.is_nan()) {
                continue;
            }
            match self.difference(index, got) {
                Difference::Flushed => flushed += 1,
                Difference::Within => {
                    within += 1;
                    ulps = ulps.max(got.distance(native));
                }
                Difference::Close => {
                    close += 1;
                    distance = distance.max((got.value() - native.value()).abs());
                }
                Difference::Beyond => {
                    beyond += 1;
                    if beyond <= 3 {
                        let arguments: Vec<f64> = self.arguments.iter().map(|plane| self.number(plane, index).value()).collect();
                        let rounded = self.number(&self.rounded, index).value();
                        eprintln!("{}: {arguments:?} gives {} for {rounded}", self.name, got.value());
                    }
                }
            }
        }
        let parts = [
            (within, format!("{within} by {ulps}")),
            (close, format!("{close} within {distance:.1e}")),
            (flushed, format!("{flushed} flushed")),
            (beyond, format!("**{beyond} beyond the bound**")),
        ];
        let parts: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
        if parts.is_empty() { "equal".to_string() } else { parts.join("; ") }
    }

    fn number(&self, plane: &[u8], index: usize) -> Number {
        let size = self.bits / 8;
        let mut word = [0; 8];
        word[..size].copy_from_slice(&plane[index * size..][..size]);
        Number { bits: u64::from_le_bytes(word), width: self.bits }
    }

    /// What kind of difference this result makes: what no bound allows may still be what a zero in a subnormal number's place gives.
    /// A subnormal result counts as zero there, whatever its sign: `cbrtf` returns an argument that equals zero.
    fn difference(&self, index: usize, got: Number) -> Difference {
        let (rounded, flushed) = (self.number(&self.rounded, index), self.number(&self.flushed, index));
        if got.may_be_zero() && rounded.is_subnormal() {
            return Difference::Flushed;
        }
        if let Some(difference) = self.allowed(index, got, rounded) {
            return difference;
        }
        let has_subnormal = self.arguments.iter().any(|plane| self.number(plane, index).is_subnormal());
        let is_zero = got.may_be_zero() && flushed.may_be_zero();
        if has_subnormal && (is_zero || self.allowed(index, got, flushed).is_some()) {
            return Difference::Flushed;
        }
        Difference::Beyond
    }

    /// The bound that allows `got` where `exact` is right, if one does. Where CUDA states none, what is off by a few units is named too.
    fn allowed(&self, index: usize, got: Number, exact: Number) -> Option<Difference> {
        if got.is_nan() || exact.is_nan() {
            return (got.is_nan() && exact.is_nan()).then_some(Difference::Within);
        }
        let x = self.number(&self.arguments[0], index).value();
        if let Some((bound, from)) = self.absolute
            && x.abs() >= from
            && exact.value().is_finite()
        {
            return ((got.value() - exact.value()).abs() <= bound).then_some(Difference::Close);
        }
        if got.value() == 0.0 && exact.value() == 0.0 {
            return (got.bits == exact.bits).then_some(Difference::Within);
        }
        let is_unbounded = match self.name.as_str() {
            "lgammaf" => x > -10.001 && x < -2.264,
            "lgamma" => x > -23.0001 && x < -2.2637,
            _ => false,
        };
        (is_unbounded || got.distance(exact) <= self.bound.unwrap_or(8)).then_some(Difference::Within)
    }
}

/// How a device's result differs from the native one.
enum Difference {
    /// A subnormal number was taken for zero, and nothing else.
    Flushed,
    /// CUDA's bound in units in the last place allows it.
    Within,
    /// CUDA's bound of the absolute error allows it.
    Close,
    Beyond,
}

#[derive(Clone, Copy)]
struct Number {
    bits: u64,
    width: usize,
}

impl Number {
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

    /// Zero, or a number that a device may take for it.
    fn may_be_zero(self) -> bool {
        self.magnitude() == 0 || self.is_subnormal()
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
    if std::env::args().nth(1).is_some_and(|argument| argument == worker::COMMAND) {
        worker::serve();
    }
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
    let mut process = Worker::of_this_program().expect("the program knows its own path");
    for line in list.lines() {
        let name = line.split(',').next().unwrap_or_default();
        if !names.is_empty() && names.iter().all(|wanted| wanted != name) {
            continue;
        }
        let Some(case) = Case::read(&folder, line) else { continue };
        let mut row = format!("| `{}` | {} |", case.name, case.count());
        for (index, route) in &columns {
            let info = &found.present[*index].info;
            let start = Instant::now();
            let cell = match case.run(&mut process, info, *route) {
                Ok(got) => case.compare(&got),
                Err(reason) => format!("left out: {}", reason.lines().next().unwrap_or_default()),
            };
            eprintln!("{}, {} {route:?}: {cell} ({:.1} s)", case.name, info.id, start.elapsed().as_secs_f64());
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
