//! Emitted WGSL and SPIR-V against WGSL by hand, on the same device: saxpy, the tiled matrix product, a copy of bytes in two widths.
//!
//! Software drivers are no measure of speed, but of whether what we emit costs more than what a person would write.

use backends::launch_plan::{CudaLaunch, LaunchArgument, LaunchPlan, Resource};
use backends::shader::{BindingKind, Options};
use runner::{Binding, Checks, Device, DeviceBuffer, Launch, Module, PreparedKernel, RunError, SlotKind, devices};
use std::path::Path;
use std::time::Duration;
use translate::emit::{Route, emit_kernel};
use translate::engine::ReadyLaunch;
use translate::pipeline::{KernelState, Request, compile_file};

const LIMIT: Duration = Duration::from_secs(60);

/// A sample with data large enough to measure.
struct Subject {
    name: &'static str,
    sample: &'static str,
    kernel: &'static str,
    by_hand: &'static str,
    grid: [u32; 3],
    block: [u32; 3],
    /// As the kernel takes them.
    arguments: Vec<LaunchArgument>,
    /// The values among them, packed as the hand-written struct has them.
    packed: Vec<u8>,
    buffers: Vec<Vec<u8>>,
}

impl Subject {
    fn all() -> [Subject; 5] {
        [Subject::saxpy(), Subject::saxpy_size_t(), Subject::matmul_tiled(), Subject::copy_bytes(), Subject::shuffle_sum()]
    }

    fn saxpy() -> Subject {
        let n = 1 << 20;
        let pointer = |buffer| LaunchArgument::Pointer { buffer, offset: 0 };
        let (length, factor) = ((n as i32).to_le_bytes().to_vec(), 2.0f32.to_le_bytes().to_vec());
        Subject {
            name: "saxpy",
            sample: "first_steps/saxpy.cu",
            kernel: "saxpy",
            by_hand: include_str!("by_hand/saxpy.wgsl"),
            grid: [n as u32 / 256, 1, 1],
            block: [256, 1, 1],
            packed: [length.clone(), factor.clone()].concat(),
            arguments: vec![LaunchArgument::Bytes(length), LaunchArgument::Bytes(factor), pointer(0), pointer(1)],
            buffers: vec![floats(n), floats(n)],
        }
    }

    /// The same indexed by `size_t`, without 64-bit integers on the device, beside the 32-bit one by hand.
    fn saxpy_size_t() -> Subject {
        let saxpy = Subject::saxpy();
        let mut arguments = saxpy.arguments.clone();
        arguments[0] = LaunchArgument::Bytes((saxpy.buffers[0].len() as u64 / 4).to_le_bytes().to_vec());
        Subject { name: "saxpy_size_t", sample: "numbers/saxpy_size_t.cu", arguments, ..saxpy }
    }

    fn matmul_tiled() -> Subject {
        let side = 128;
        let pointer = |buffer| LaunchArgument::Pointer { buffer, offset: 0 };
        let length = (side as i32).to_le_bytes().to_vec();
        let values = vec![LaunchArgument::Bytes(length.clone()); 3];
        Subject {
            name: "matmul_tiled",
            sample: "apps/matmul_tiled.cu",
            kernel: "matmulTiled",
            by_hand: include_str!("by_hand/matmul_tiled.wgsl"),
            grid: [side as u32 / 16, side as u32 / 16, 1],
            block: [16, 16, 1],
            packed: length.repeat(3),
            arguments: [vec![pointer(0), pointer(1), pointer(2)], values].concat(),
            buffers: vec![floats(side * side), floats(side * side), floats(side * side)],
        }
    }

    fn copy_bytes() -> Subject {
        let n = 16 << 20;
        let pointer = |buffer| LaunchArgument::Pointer { buffer, offset: 0 };
        let length = (n as i32).to_le_bytes().to_vec();
        Subject {
            name: "copy_bytes",
            sample: "memory/copy_bytes.cu",
            kernel: "copyBytes",
            by_hand: include_str!("by_hand/copy_bytes.wgsl"),
            grid: [n as u32 / 16 / 256, 1, 1],
            block: [256, 1, 1],
            packed: length.clone(),
            arguments: vec![LaunchArgument::Bytes(length), pointer(0), pointer(1)],
            buffers: vec![floats(n / 4), floats(n / 4)],
        }
    }

    /// Sums of blocks: shuffles beside the tree in shared memory that a person writes where there are none.
    fn shuffle_sum() -> Subject {
        let n = 1 << 18;
        let pointer = |buffer| LaunchArgument::Pointer { buffer, offset: 0 };
        let length = (n as i32).to_le_bytes().to_vec();
        Subject {
            name: "shuffle_sum",
            sample: "warps/shuffle_sum.cu",
            kernel: "blockSum",
            by_hand: include_str!("by_hand/shuffle_sum.wgsl"),
            grid: [n as u32 / 256, 1, 1],
            block: [256, 1, 1],
            packed: length.clone(),
            arguments: vec![pointer(0), pointer(1), LaunchArgument::Bytes(length)],
            buffers: vec![floats(n), floats(n / 256)],
        }
    }

    /// The hand-written kernel: launch, values, then buffers in the order of the parameters, of which only the last is written.
    fn written_by_hand(&self, groups_per_dimension: u32) -> Result<Launch, RunError> {
        let module = Module::Wgsl { text: self.by_hand.to_string(), checks: Checks::Guarded };
        let mut launch = Launch::new(module, self.kernel, LIMIT);
        let names = if self.block[1..] == [1, 1] { &["blockDimX"][..] } else { &["blockDimX", "blockDimY", "blockDimZ"] };
        for (name, size) in names.iter().zip(self.block) {
            launch.constant(*name, f64::from(size));
        }
        let uniform = launch.buffer(vec![0; 16]);
        let values = launch.buffer(padded(&self.packed));
        launch.bind(0, SlotKind::Uniform, uniform).bind(1, SlotKind::Uniform, values);
        for (index, bytes) in self.buffers.iter().enumerate() {
            let buffer = launch.buffer(bytes.clone());
            let written = index + 1 == self.buffers.len();
            let kind = if written { SlotKind::ReadWriteStorage } else { SlotKind::ReadStorage };
            launch.bind(index as u32 + 2, kind, buffer);
        }
        launch.dispatch_grid(self.grid.map(u64::from), groups_per_dimension, uniform)?;
        Ok(launch)
    }

    /// The sample through the whole pipeline. The error is a text: a bench that cannot run says why.
    fn emitted(&self, route: Route, groups_per_dimension: u32) -> Result<Launch, String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(self.sample);
        let compiled = compile_file(&path, &Request::default());
        let state = compiled.kernel(self.kernel).map(|kernel| kernel.state);
        let Some(KernelState::Lowered(kernel)) = state else { return Err("the sample is not lowered".to_string()) };
        let ready = ReadyLaunch { kernel, grid: self.grid, block: self.block, shared: 0, arguments: self.arguments.clone() };
        let emitted = emit_kernel(&compiled, &ready, &Options::default(), route).map_err(|list| format!("{list:?}"))?;
        let sizes: Vec<u64> = self.buffers.iter().map(|bytes| bytes.len() as u64).collect();
        let cuda = CudaLaunch {
            grid: self.grid.map(u64::from),
            block: self.block,
            dynamic_shared_bytes: 0,
            arguments: &self.arguments,
            buffer_sizes: &sizes,
        };
        let plan = emitted.plan(&cuda).map_err(|error| error.to_string())?;
        self.planned(emitted.module.clone(), &plan, groups_per_dimension)
    }

    fn planned(&self, module: Module, plan: &LaunchPlan, groups_per_dimension: u32) -> Result<Launch, String> {
        let mut launch = Launch::new(module, &plan.entry_point, LIMIT);
        launch.kernel.constants.clone_from(&plan.constants);
        let uniform = launch.buffer(vec![0; 16]);
        launch.bind(0, SlotKind::Uniform, uniform);
        for binding in &plan.bindings {
            let bytes = match &binding.resource {
                Resource::Buffer { buffer, offset: 0 } => self.buffers[*buffer].clone(),
                Resource::Arguments => padded(&plan.arguments),
                other => return Err(format!("the bench does not know {other:?}")),
            };
            let buffer = launch.buffer(bytes);
            let kind = match binding.kind {
                BindingKind::Uniform => SlotKind::Uniform,
                BindingKind::StorageRead => SlotKind::ReadStorage,
                BindingKind::StorageReadWrite => SlotKind::ReadWriteStorage,
            };
            launch.bind(binding.binding, kind, buffer);
        }
        let folded = launch.dispatch_grid(self.grid.map(u64::from), groups_per_dimension, uniform).map(drop);
        folded.map_err(|error| error.to_string())?;
        Ok(launch)
    }
}

fn floats(count: usize) -> Vec<u8> {
    (0..count).flat_map(|index| ((index % 17) as f32 / 16.0).to_le_bytes()).collect()
}

fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(bytes.len().next_multiple_of(16), 0);
    bytes
}

/// A launch whose data stays on the device.
struct Loaded {
    kernel: PreparedKernel,
    buffers: Vec<DeviceBuffer>,
    bindings: Vec<Binding>,
    launch: Launch,
}

impl Loaded {
    fn new(device: &mut Device, launch: Launch) -> Result<Loaded, RunError> {
        let kernel = device.prepare(&launch.kernel)?;
        let mut buffers = Vec::new();
        for bytes in &launch.buffers {
            let buffer = device.allocate(bytes.len() as u64)?;
            device.write(&buffer, 0, bytes)?;
            buffers.push(buffer);
        }
        Ok(Loaded { kernel, buffers, bindings: launch.bindings.clone(), launch })
    }

    fn run(&self, device: &mut Device) -> Duration {
        let done = device.launch(&self.kernel, &self.buffers, &self.bindings, &self.launch.dispatches, LIMIT);
        done.expect("a launch that ran once runs again").wall
    }
}

/// Rounds in which each launch has its turn.
const ROUNDS: usize = 41;

/// Launches of one subject take turns, so that what else the machine does meets all of them alike. Printed are medians, and the
/// median over the rounds of what a launch took beside the first one.
fn take_turns(device: &mut Device, subject: &str, variants: Vec<(&str, Result<Launch, String>)>) {
    let id = device.info().id.clone();
    let mut loaded = Vec::new();
    for (what, launch) in variants {
        match launch.and_then(|launch| Loaded::new(device, launch).map_err(|error| error.to_string())) {
            Ok(launch) => loaded.push((what, launch, Vec::new())),
            Err(reason) => println!("left out: {subject}, {what}, {id}: {reason}"),
        }
    }
    let count = loaded.len();
    for round in 0..ROUNDS {
        for turn in 0..count {
            let (_, launch, times) = &mut loaded[(round + turn) % count];
            times.push(launch.run(device).as_secs_f64());
        }
    }
    let Some((_, _, first)) = loaded.first() else { return };
    for (what, _, times) in &loaded {
        let ratio = median(times.iter().zip(first).map(|(time, first)| time / first));
        println!("{subject}, {id}: {what}: median {:.3} ms, {ratio:.2} of the time by hand", median(times.iter().copied()) * 1e3);
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let found = devices();
    for out in &found.left_out {
        println!("left out: {}: {}", out.device, out.reason);
    }
    for adapter in &found.present {
        let mut device = Device::open(adapter).expect("a device that is listed opens");
        let per_dimension = adapter.info.limits.max_groups_per_dimension;
        for subject in Subject::all() {
            let variants = vec![
                ("by hand", subject.written_by_hand(per_dimension).map_err(|error| error.to_string())),
                ("emitted WGSL", subject.emitted(Route::Wgsl, per_dimension)),
                ("emitted SPIR-V", subject.emitted(Route::Spirv, per_dimension)),
            ];
            take_turns(&mut device, subject.name, variants);
        }
    }
}
