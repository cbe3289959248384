//! Launches of hand-written WGSL: results, provenance, and that every failure is an error of its own kind.

use crate::common::{LIMIT, bytes_of, left_out, on_every_device, wgsl, words_of};
use runner::{Binding, Checks, Dispatch, Launch, Module, Route, RunError, SlotKind};

/// `out[i] = i + add` over a folded grid.
const IOTA: &str = "
struct Launch { gridDim: vec3u, firstBlock: u32 }
@group(0) @binding(0) var<uniform> launch: Launch;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
override blockDimX: u32 = 64;
override add: u32 = 0;
@compute @workgroup_size(blockDimX)
fn iota(
    @builtin(local_invocation_index) thread: u32,
    @builtin(workgroup_id) group: vec3u,
    @builtin(num_workgroups) groups: vec3u,
) {
    let block = launch.firstBlock + group.x + groups.x * group.y;
    if block >= launch.gridDim.x {
        return;
    }
    let i = block * blockDimX + thread;
    if i < arrayLength(&out) {
        out[i] += i + add;
    }
}";

fn iota(length: usize, grid: u64, limit: u32) -> Launch {
    let mut launch = wgsl(IOTA, "iota");
    let uniform = launch.buffer(vec![0; 16]);
    let out = launch.buffer(vec![0; 4 * length]);
    launch.bind(0, SlotKind::Uniform, uniform).bind(1, SlotKind::ReadWriteStorage, out).read_back(out);
    launch.dispatch_grid([grid, 1, 1], limit, uniform).expect("a grid that can be launched");
    launch
}

#[test]
fn a_launch_has_its_result_and_its_provenance() {
    on_every_device("a launch", |device| {
        let mut launch = iota(1000, 8, device.info().limits.max_groups_per_dimension);
        launch.constant("blockDimX", 128.0).constant("add", 5.0);
        let outcome = device.run(&launch).expect("the launch runs");
        assert_eq!(words_of(&outcome.buffers[0]), (5..1005).collect::<Vec<u32>>());
        assert_eq!(outcome.provenance.device, device.info().id);
        assert_eq!(outcome.provenance.route, Route::Wgsl);
        assert_eq!(outcome.provenance.checks, Checks::Checked);
        assert!(!outcome.provenance.driver.is_empty());
        assert!(!outcome.wall.is_zero());
    });
}

/// Limits of 7 and 3 fold the same grid into many rows and many dispatches: every block runs exactly once.
#[test]
fn a_folded_grid_runs_every_block_once() {
    on_every_device("a folded grid", |device| {
        for limit in [7, 3] {
            let launch = iota(64 * 41, 41, limit);
            assert!(limit == 7 || launch.dispatches.len() > 1);
            let outcome = device.run(&launch).expect("the launch runs");
            assert_eq!(words_of(&outcome.buffers[0]), (0..64 * 41).collect::<Vec<u32>>());
        }
    });
}

#[test]
fn long_loops_are_not_cut() {
    let text = "
        @group(0) @binding(0) var<storage, read_write> data: array<u32>;
        @compute @workgroup_size(1) fn count() {
            var n = 0u;
            for (var i = 0u; i < data[0]; i++) { n += 1u; }
            data[1] = n;
        }";
    on_every_device("a long loop", |device| {
        let mut launch = wgsl(text, "count");
        let data = launch.buffer(bytes_of(&[200_000, 0]));
        launch.bind(0, SlotKind::ReadWriteStorage, data).read_back(data);
        launch.dispatches.push(Dispatch { groups: [1, 1, 1], writes: Vec::new() });
        let outcome = device.run(&launch).expect("the launch runs");
        assert_eq!(words_of(&outcome.buffers[0]), [200_000, 200_000]);
    });
}

/// Typed views of one heap: whole programs depend on it.
#[test]
fn several_writable_bindings_may_share_a_buffer() {
    let text = "
        @group(0) @binding(0) var<storage, read_write> words: array<u32>;
        @group(0) @binding(1) var<storage, read_write> floats: array<f32>;
        @group(0) @binding(2) var<storage, read_write> second: array<u32>;
        @compute @workgroup_size(1) fn views() {
            floats[0] = 1.0;
            words[1] = words[0] + 1u;
            second[0] = 7u;
        }";
    on_every_device("views of one buffer", |device| {
        let mut launch = wgsl(text, "views");
        let alignment = u64::from(device.info().limits.storage_offset_alignment);
        let heap = launch.buffer(vec![0; alignment as usize + 8]);
        launch.bind(0, SlotKind::ReadWriteStorage, heap).bind(1, SlotKind::ReadWriteStorage, heap);
        launch.bind_range(2, SlotKind::ReadWriteStorage, heap, alignment, Some(8)).read_back(heap);
        launch.dispatches.push(Dispatch { groups: [1, 1, 1], writes: Vec::new() });
        let outcome = device.run(&launch).expect("the launch runs");
        let words = words_of(&outcome.buffers[0]);
        assert_eq!(words[..2], [1.0f32.to_bits(), 1.0f32.to_bits() + 1]);
        assert_eq!(words[alignment as usize / 4], 7);
    });
}

#[test]
fn memory_is_read_written_and_copied_by_bytes() {
    on_every_device("bytes", |device| {
        let start: Vec<u8> = (0..37).collect();
        let first = device.allocate(37).expect("there is memory");
        device.write(&first, 0, &start).expect("inside");
        device.write(&first, 5, &[100, 101, 102]).expect("inside");
        let mut expected = start.clone();
        expected[5..8].copy_from_slice(&[100, 101, 102]);
        assert_eq!(device.read(&first, 0, 37).expect("inside"), expected);
        assert_eq!(device.read(&first, 3, 6).expect("inside"), expected[3..9]);
        assert!(device.read(&first, 37, 0).expect("nothing").is_empty());

        let second = device.allocate(64).expect("there is memory");
        device.copy(&first, 4, &second, 8, 16).expect("words");
        device.copy(&first, 1, &second, 31, 7).expect("bytes");
        device.copy(&second, 8, &second, 10, 8).expect("inside one buffer");
        let copied = device.read(&second, 0, 64).expect("inside");
        assert_eq!(copied[10..18], expected[4..12]);
        assert_eq!(copied[31..38], expected[1..8]);
        assert_eq!(copied[38..], [0; 26]);

        assert!(matches!(device.write(&first, 35, &[0; 3]), Err(RunError::Bindings { .. })));
        assert!(matches!(device.read(&first, u64::MAX, 2), Err(RunError::Bindings { .. })));
        let empty = device.allocate(0).expect("an empty buffer is one");
        assert!(device.read(&empty, 0, 0).expect("nothing").is_empty());
    });
}

#[test]
fn modules_that_are_not_valid_are_refused() {
    on_every_device("invalid modules", |device| {
        let launch = wgsl("fn f() -> i32 { return 1.5; }", "f");
        assert!(matches!(device.run(&launch), Err(RunError::InvalidModule { .. })));
        let mut launch = iota(4, 1, 1);
        launch.kernel.entry = "no_such_entry".to_string();
        assert!(matches!(device.run(&launch), Err(RunError::Pipeline { .. })));
        let mut launch = iota(4, 1, 1);
        launch.constant("no_such_constant", 1.0);
        assert!(matches!(device.run(&launch), Err(RunError::Pipeline { .. })));
        let mut launch = iota(4, 1, 1);
        launch.constant("add", f64::NAN);
        assert!(matches!(device.run(&launch), Err(RunError::InvalidModule { .. })));
        device.run(&iota(4, 1, 1)).expect("the device is as good as before");
    });
}

/// wgpu itself lets blocks that a pipeline constant decides, and any workgroup memory, through to the driver.
#[test]
fn launches_that_are_too_large_are_refused() {
    on_every_device("too large launches", |device| {
        let limits = device.info().limits.clone();
        let mut launch = iota(4, 1, 1);
        launch.constant("blockDimX", 4096.0);
        assert!(matches!(device.run(&launch), Err(RunError::TooLarge { .. })));
        let hoard = "
            override length: u32 = 16;
            var<workgroup> hoard: array<u32, length>;
            @compute @workgroup_size(1) fn hoarder() { hoard[0] = 1u; }";
        let mut launch = wgsl(hoard, "hoarder");
        launch.constant("length", 1e6);
        assert!(matches!(device.run(&launch), Err(RunError::TooLarge { .. })));
        let mut launch = iota(4, 1, 1);
        for binding in 2..limits.max_storage_buffers + 2 {
            launch.bind(binding, SlotKind::ReadWriteStorage, 1);
        }
        assert!(matches!(device.run(&launch), Err(RunError::TooLarge { .. })));
        assert!(matches!(device.allocate(limits.max_buffer_size + 4), Err(RunError::TooLarge { .. })));
        device.run(&iota(4, 1, 1)).expect("the device is as good as before");
    });
}

#[test]
fn bindings_that_do_not_fit_are_refused() {
    on_every_device("bindings that do not fit", |device| {
        let mut launch = iota(4, 1, 1);
        launch.bindings[1] = Binding { buffer: 9, offset: 0, size: None };
        assert!(matches!(device.run(&launch), Err(RunError::Bindings { .. })));
        let mut launch = iota(64, 1, 1);
        launch.bindings[1].offset = 4;
        assert!(matches!(device.run(&launch), Err(RunError::Bindings { .. })));
        let mut launch = iota(64, 1, 1);
        launch.bindings[1].size = Some(0);
        assert!(matches!(device.run(&launch), Err(RunError::Bindings { .. })));
        let mut launch = iota(64, 1, 1);
        launch.bindings[1].size = Some(4096);
        assert!(matches!(device.run(&launch), Err(RunError::Bindings { .. })));
        let mut launch = iota(64, 1, 1);
        launch.bindings.pop();
        assert!(matches!(device.run(&launch), Err(RunError::Bindings { .. })));
        let mut launch = iota(64, 1, 1);
        launch.read_back(77);
        assert!(matches!(device.run(&launch), Err(RunError::Bindings { .. })));
        let mut launch = iota(64, 1, 1);
        launch.dispatches[0].writes[0].offset = 1 << 40;
        assert!(matches!(device.run(&launch), Err(RunError::Dispatch { .. })));
        let mut launch = iota(64, 1, 1);
        launch.dispatches[0].groups = [u32::MAX, 1, 1];
        assert!(matches!(device.run(&launch), Err(RunError::Dispatch { .. })));
        device.run(&iota(64, 1, 1)).expect("the device is as good as before");
    });
}

/// naga 30 panics on `countLeadingZeros` of 64 bits.
#[test]
fn a_panic_of_the_shader_compiler_is_an_error() {
    let text = "
        @group(0) @binding(0) var<storage, read_write> data: array<u32>;
        @compute @workgroup_size(1) fn clz() {
            data[0] = u32(countLeadingZeros(u64(data[0])));
        }";
    on_every_device("a compiler panic", |device| {
        if !device.info().has("SHADER_INT64") {
            left_out(&format!("a compiler panic on {}", device.info().id), "it has no 64-bit integers");
            return;
        }
        let mut launch = wgsl(text, "clz");
        let data = launch.buffer(vec![0; 4]);
        launch.bind(0, SlotKind::ReadWriteStorage, data);
        assert!(matches!(device.run(&launch), Err(RunError::CompilerPanicked { .. })));
        device.run(&iota(4, 1, 1)).expect("the device is as good as before");
    });
}

#[test]
fn trusted_modules_run_too() {
    on_every_device("a trusted module", |device| {
        let mut launch = iota(100, 2, 65_535);
        launch.kernel.module = Module::Wgsl { text: IOTA.to_string(), checks: Checks::Trusted };
        let outcome = device.run(&launch).expect("the launch runs");
        assert_eq!(words_of(&outcome.buffers[0]), (0..100).collect::<Vec<u32>>());
        assert_eq!(outcome.provenance.checks, Checks::Trusted);
    });
}

/// Buffers stay on the device between the launches of a whole program.
#[test]
fn buffers_outlive_launches() {
    on_every_device("two launches over one buffer", |device| {
        let launch = iota(64, 1, 1);
        let kernel = device.prepare(&launch.kernel).expect("a kernel");
        let buffers = [device.allocate(16).expect("memory"), device.allocate(256).expect("memory")];
        for _ in 0..2 {
            device.launch(&kernel, &buffers, &launch.bindings, &launch.dispatches, LIMIT).expect("the launch runs");
        }
        let words = words_of(&device.read(&buffers[1], 0, 256).expect("inside"));
        assert_eq!(words, (0..64).map(|i| 2 * i).collect::<Vec<u32>>());
    });
}
