//! Planned CUDA launches: from IR through WGSL and plan to a device, and the memory back.

use backends::launch_plan::{CudaLaunch, LaunchArgument, plan};
use backends::reflect::InterfaceNames;
use backends::shader::{Argument, ArgumentPart, Binding, BindingKind, BindingSource, Entry, Program};
use backends::wgsl::{self, WgslOptions};
use runner::{Checks, Memory, Module, launch_of_plan};

use crate::common::{LIMIT, bytes_of, on_every_device, words_of};

/// Sums of blocks, plus a `__device__` variable that counts them. Parameters: n, data, sums.
const TEXT: &str = "\
struct BlockSumArgs size 4 align 4 {
  n: i32 @0
}
constant args: BlockSumArgs
global in_data: [i32]
global sums: [i32]
global blocks: i32
dynamic shared partial: [i32] align 4

kernel blockSum() {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  partial[threadIdx.x] = 0
  let live = i < args.n
  if live {
    partial[threadIdx.x] = in_data[i]
  }
  barrier
  if threadIdx.x == 0u32 {
    var sum: i32 = 0
    {
      var j: i32 = 0
      for j < i32(blockDim.x) {
        sum = sum + partial[j]
      } update {
        j = j + 1
      }
    }
    sums[blockIdx.x] = sum
    if blockIdx.x == 0u32 {
      blocks = blocks + i32(gridDim.x)
    }
  }
}
";

fn program() -> Program {
    let module = ir::text::parse(TEXT).unwrap_or_else(|error| panic!("{error}"));
    let global = |name: &str| {
        let found = module.tables.globals.iter().find(|(_, global)| global.name == name);
        found.map(|(id, _)| id).expect("the text declares it")
    };
    let binding = |binding, name, kind, source| Binding { binding, global: global(name), kind, source };
    let bindings = vec![
        binding(1, "args", BindingKind::Uniform, BindingSource::Arguments),
        binding(2, "in_data", BindingKind::StorageRead, BindingSource::Parameter(1)),
        binding(3, "sums", BindingKind::StorageReadWrite, BindingSource::Parameter(2)),
        binding(4, "blocks", BindingKind::StorageReadWrite, BindingSource::Variable("blocks".to_string())),
    ];
    let what = ArgumentPart::Bytes { from: 0, size: 4, widen: None };
    let arguments = vec![Argument { parameter: 0, what, offset: 0 }];
    let dynamic_shared = Some(global("partial"));
    let kernel = module.kernels().next().expect("the text has a kernel");
    let entry = Entry { kernel, bindings, arguments, dynamic_shared, shared_bytes: 0 };
    Program { entries: vec![entry], module }
}

#[test]
fn a_planned_launch_changes_the_hosts_memory() {
    let program = program();
    let module = wgsl::emit(&program, WgslOptions::default()).expect("legal IR");
    let names = InterfaceNames::of_wgsl(&program, &module);
    // The kernel reads from byte 256 of the first buffer on.
    let data: Vec<u32> = (0..64 + 100).collect();
    let memory =
        Memory { buffers: vec![bytes_of(&data), bytes_of(&[77; 5])], variables: vec![("blocks".into(), bytes_of(&[10]))] };
    let arguments = [
        LaunchArgument::Bytes(bytes_of(&[100])),
        LaunchArgument::Pointer { buffer: 0, offset: 256 },
        LaunchArgument::Pointer { buffer: 1, offset: 0 },
    ];
    let buffer_sizes: Vec<u64> = memory.buffers.iter().map(|buffer| buffer.len() as u64).collect();
    let cuda = CudaLaunch {
        grid: [4, 1, 1],
        block: [32, 1, 1],
        dynamic_shared_bytes: 128,
        arguments: &arguments,
        buffer_sizes: &buffer_sizes,
    };
    let plan = plan(&program, 0, &names, None, &cuda).expect("the launch fits");
    on_every_device("a planned launch", |device| {
        let text = Module::Wgsl { text: module.text.clone(), checks: Checks::Checked };
        let limits = device.info().limits.clone();
        let planned = launch_of_plan(text, &plan, cuda.grid, &memory, &limits, LIMIT).expect("it fits the device");
        let outcome = device.run(&planned.launch).expect("the launch runs");
        let after = planned.memory_after(&outcome);
        let sum = |from: u32, to: u32| (64 + from..64 + to).sum::<u32>();
        assert_eq!(words_of(&after.buffers[1]), [sum(0, 32), sum(32, 64), sum(64, 96), sum(96, 100), 77]);
        assert_eq!(after.buffers[0], memory.buffers[0]);
        assert_eq!(after.variables.len(), 1);
        assert_eq!(words_of(&after.variables[0].1)[0], 14);
    });
}
