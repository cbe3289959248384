//! The worker process: endless kernels and crashing drivers end it, and nothing else.

use std::time::{Duration, Instant};

use crate::common::{LIMIT, bytes_of, left_out, wgsl, words_of};
use runner::worker::Worker;
use runner::{Checks, DeviceInfo, Dispatch, Launch, Module, RunError, SlotKind};

const ASKED: &str = "RUNNER_TEST_WORKER";

/// Not a test: the worker itself. The tests start this test program again with `ASKED` set.
#[test]
fn worker_process() {
    if std::env::var_os(ASKED).is_some() {
        runner::worker::serve();
    }
}

fn worker() -> Worker {
    let program = std::env::current_exe().expect("this program has a path");
    Worker::new(program, ["--exact", "worker::worker_process", "--nocapture", "--test-threads=1"]).env(ASKED, "1")
}

pub fn on_every_device(test: &str, check: impl Fn(&mut Worker, &DeviceInfo)) {
    let mut worker = worker();
    let (present, refused) = worker.devices().expect("the worker lists its devices");
    if present.is_empty() {
        let reasons: Vec<&str> = refused.iter().map(|out| out.reason.as_str()).collect();
        left_out(test, &reasons.join("; "));
    }
    for info in &present {
        check(&mut worker, info);
    }
}

/// Adds 1 to a word as often as `groups` says.
fn count(groups: u32) -> Launch {
    let text = "
        @group(0) @binding(0) var<storage, read_write> data: array<atomic<u32>>;
        @compute @workgroup_size(1) fn count() { atomicAdd(&data[0], 1u); }";
    let mut launch = wgsl(text, "count");
    let data = launch.buffer(bytes_of(&[5]));
    launch.bind(0, SlotKind::ReadWriteStorage, data).read_back(data);
    launch.dispatches.push(Dispatch { groups: [groups, 1, 1], writes: Vec::new() });
    launch
}

fn check_count(worker: &mut Worker, device: &DeviceInfo) {
    let outcome = worker.run(&device.id, &count(10)).expect("the launch runs");
    assert_eq!(words_of(&outcome.buffers[0]), [15]);
    assert_eq!(outcome.provenance.device, device.id);
}

#[test]
fn many_jobs_and_errors_in_between() {
    on_every_device("jobs in a worker", |worker, device| {
        check_count(worker, device);
        assert!(matches!(worker.run(&device.id, &wgsl("nonsense", "f")), Err(RunError::InvalidModule { .. })));
        assert!(matches!(worker.run("no such device", &count(1)), Err(RunError::NoDevice { .. })));
        check_count(worker, device);
    });
}

/// `data[0]` stays 0, so the loop never ends, and no compiler can know it.
#[test]
fn an_endless_kernel_is_ended() {
    let text = "
        @group(0) @binding(0) var<storage, read_write> data: array<atomic<u32>>;
        @compute @workgroup_size(1) fn spin() {
            while atomicLoad(&data[0]) == 0u { atomicAdd(&data[1], 1u); }
        }";
    on_every_device("an endless kernel", |worker, device| {
        let mut launch = wgsl(text, "spin");
        launch.time_limit = Duration::from_millis(1500);
        let data = launch.buffer(bytes_of(&[0, 0]));
        launch.bind(0, SlotKind::ReadWriteStorage, data).read_back(data);
        launch.dispatches.push(Dispatch { groups: [1, 1, 1], writes: Vec::new() });
        let start = Instant::now();
        assert!(matches!(worker.run(&device.id, &launch), Err(RunError::Timeout { .. } | RunError::DeviceLost { .. })));
        assert!(start.elapsed() < Duration::from_secs(40), "{:?}", start.elapsed());
        check_count(worker, device);
    });
}

/// Far past the end of workgroup memory, unchecked: software drivers die of it. A GPU may survive, and drops the store.
#[test]
fn a_crash_of_the_driver_is_reported() {
    let text = "
        @group(0) @binding(0) var<storage, read_write> data: array<u32>;
        var<workgroup> shared_words: array<u32, 16>;
        @compute @workgroup_size(1) fn stray() {
            for (var i = 0u; i < data[0]; i += 1u) { shared_words[i * 4096u] = i; }
            data[1] = shared_words[data[0]];
        }";
    on_every_device("a crash", |worker, device| {
        let module = Module::Wgsl { text: text.to_string(), checks: Checks::Trusted };
        let mut launch = Launch::new(module, "stray", LIMIT);
        let data = launch.buffer(bytes_of(&[1 << 20, 0]));
        launch.bind(0, SlotKind::ReadWriteStorage, data).read_back(data);
        launch.dispatches.push(Dispatch { groups: [1, 1, 1], writes: Vec::new() });
        match worker.run(&device.id, &launch) {
            Err(RunError::DeviceCrashed { reason }) => println!("{}: {reason}", device.id),
            Ok(_) | Err(RunError::DeviceLost { .. }) => println!("{} survives it", device.id),
            Err(other) => panic!("{other}"),
        }
        check_count(worker, device);
    });
}

#[test]
fn a_program_that_is_no_worker_is_an_error() {
    let mut missing = Worker::new("/no/such/program", [""; 0]);
    assert!(matches!(missing.devices(), Err(RunError::Worker { .. })));
    let program = std::env::current_exe().expect("this program has a path");
    let mut deaf = Worker::new(program, ["--list"]);
    assert!(matches!(deaf.run("any", &count(1)), Err(RunError::DeviceCrashed { .. })));
}
