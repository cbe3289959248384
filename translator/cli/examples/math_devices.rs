//! Compares each math function on each device and route with the native build, bit for bit, and writes the result into `translator/MATH.md`.
//!
//! ```text
//! tests/math/ulp values DIR 1000192
//! cargo run --release -p translate --example math_devices -- DIR
//! ```
//!
//! A kernel is made for each function from the arguments and results in DIR. Doubles are compared where the device has them.

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
const HEADING: &str = "## On devices";

/// Arguments and native results of one function, from a file `NAME.ARITY.BITS`.
struct Case {
    name: String,
    bits: usize,
    /// The arguments' bytes, then the results'.
    planes: Vec<Vec<u8>>,
}

impl Case {
    fn read(path: &Path) -> Option<Case> {
        let name = path.file_name()?.to_str()?;
        let [name, arity, bits] = name.split('.').collect::<Vec<_>>()[..] else { return None };
        let (arity, bits): (usize, usize) = (arity.parse().ok()?, bits.parse().ok()?);
        let bytes = std::fs::read(path).ok()?;
        let planes = bytes.chunks(bytes.len() / (arity + 1)).map(<[u8]>::to_vec).collect();
        Some(Case { name: name.to_string(), bits, planes })
    }

    fn count(&self) -> usize {
        self.planes[0].len() / (self.bits / 8)
    }

    fn source(&self) -> String {
        let (word, from, to) = match self.bits {
            32 => ("unsigned int", "__uint_as_float", "__float_as_uint"),
            _ => ("long long", "__longlong_as_double", "__double_as_longlong"),
        };
        let inputs = &["x", "y"][..self.planes.len() - 1];
        let params: String = inputs.iter().map(|name| format!("const {word}* {name}, ")).collect();
        let args: Vec<String> = inputs.iter().map(|name| format!("{from}({name}[i])")).collect();
        let call = format!("{}({})", self.name, args.join(", "));
        format!(
            "__global__ void each({params}{word}* out)\n{{\n    int i = blockIdx.x * blockDim.x + threadIdx.x;\n    out[i] = {to}({call});\n}}\n"
        )
    }

    /// What the route gives, or why it gives nothing.
    fn run(&self, device: &mut Device, route: Route, groups_per_dimension: u32) -> Result<Vec<u8>, String> {
        let compiled = compile("each.cu", &self.source(), &Request::default(), SourceMap::new());
        let state = compiled.kernel("each").map(|kernel| kernel.state);
        let Some(KernelState::Lowered(kernel)) = state else { return Err("not lowered".to_string()) };
        let arguments: Vec<LaunchArgument> =
            (0..self.planes.len()).map(|buffer| LaunchArgument::Pointer { buffer, offset: 0 }).collect();
        let grid = [(self.count() / 256) as u32, 1, 1];
        let block = [256, 1, 1];
        let ready = ReadyLaunch { kernel, grid, block, shared: 0, arguments: arguments.clone() };
        let info = device.info().clone();
        let features =
            backends::shader::Features { int64: info.has("SHADER_INT64"), float64: info.has("SHADER_F64"), ..Default::default() };
        let options = Options { features, ..Options::default() };
        let emitted = emit_kernel(&compiled, &ready, &options, route).map_err(|list| format!("{list:?}"))?;
        let buffer_sizes: Vec<u64> = self.planes.iter().map(|bytes| bytes.len() as u64).collect();
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
                Resource::Buffer { buffer, offset: 0 } if buffer + 1 == self.planes.len() => {
                    (vec![0; self.planes[*buffer].len()], true)
                }
                Resource::Buffer { buffer, offset: 0 } => (self.planes[*buffer].clone(), false),
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

    /// The table's cell: `equal`, or how many results differ and by how many units at most, those with tiny numbers apart.
    fn compare(&self, got: &[u8]) -> String {
        let size = self.bits / 8;
        let word = |bytes: &[u8], index: usize| {
            let mut word = [0; 8];
            word[..size].copy_from_slice(&bytes[index * size..][..size]);
            u64::from_le_bytes(word)
        };
        let want = &self.planes[self.planes.len() - 1];
        let (mut differ, mut flushed, mut most) = (0, 0, 0);
        for index in 0..self.count() {
            let (a, b) = (Number::new(word(got, index), self.bits), Number::new(word(want, index), self.bits));
            if a.bits == b.bits || (a.is_nan() && b.is_nan()) {
                continue;
            }
            let arguments = &self.planes[..self.planes.len() - 1];
            let tiny = b.is_tiny() || arguments.iter().any(|plane| Number::new(word(plane, index), self.bits).is_tiny());
            if tiny {
                flushed += 1;
            } else {
                differ += 1;
                most = most.max(a.distance(b));
            }
        }
        match (differ, flushed) {
            (0, 0) => "equal".to_string(),
            (0, _) => format!("equal; {flushed} tiny"),
            (_, 0) => format!("{differ} by {most}"),
            _ => format!("{differ} by {most}; {flushed} tiny"),
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

    /// So small that a part of it may be subnormal, which a device may take for zero: below 2^-100, of doubles 2^-960.
    fn is_tiny(self) -> bool {
        let bound = if self.width == 32 { 27 << 23 } else { 63 << 52 };
        self.magnitude() != 0 && self.magnitude() < bound
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
    let folder = PathBuf::from(std::env::args().nth(1).expect("a folder with values"));
    let filter = std::env::args().nth(2).unwrap_or_default();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("the folder is there").flatten().map(|entry| entry.path()).collect();
    // Floats first, then doubles.
    paths.sort_by_key(|path| (path.extension().is_some_and(|bits| bits == "64"), path.clone()));
    let found = devices();
    let columns: Vec<(usize, Route)> =
        (0..found.present.len()).flat_map(|index| [(index, Route::Wgsl), (index, Route::Spirv)]).collect();
    let mut table = String::from("| function |");
    for (index, route) in &columns {
        table += &format!(" {}, {} |", found.present[*index].info.id, if *route == Route::Wgsl { "WGSL" } else { "SPIR-V" });
    }
    table += &format!("\n|{}\n", " --- |".repeat(columns.len() + 1));
    let mut opened: Vec<Device> =
        found.present.iter().map(|adapter| Device::open(adapter).expect("a device that is listed opens")).collect();
    for path in paths {
        let Some(case) = Case::read(&path).filter(|case| case.name.contains(&filter)) else { continue };
        let mut row = format!("| `{}` |", case.name);
        for (index, route) in &columns {
            let device = &mut opened[*index];
            let cell = if case.bits == 64 && !device.info().has("SHADER_F64") {
                "no doubles".to_string()
            } else {
                let per_dimension = found.present[*index].info.limits.max_groups_per_dimension;
                match case.run(device, *route, per_dimension) {
                    Ok(got) => case.compare(&got),
                    Err(reason) => format!("left out: {}", reason.lines().next().unwrap_or_default()),
                }
            };
            row += &format!(" {cell} |");
        }
        println!("{row}");
        table += &row;
        table.push('\n');
    }
    if filter.is_empty() {
        write(&table);
    }
}

/// Puts the table behind its heading, in front of the next one.
fn write(table: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../MATH.md");
    let text = std::fs::read_to_string(&page).expect("the page is there");
    let start = text.find(HEADING).expect("the page has the heading");
    let first_row = start + text[start..].find("\n| function |").expect("the section has a table") + 1;
    let end = first_row + text[first_row..].find("\n\n").expect("text follows the table") + 1;
    std::fs::write(page, format!("{}{table}{}", &text[..first_row], &text[end..])).expect("the page can be written");
}
