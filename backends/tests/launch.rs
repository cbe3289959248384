//! What a host is told of a kernel, and what a launch becomes.

use backends::launch_plan::{CudaLaunch, LaunchArgument, PlanError, Resource, plan};
use backends::reflect::{InterfaceNames, reflect};
use backends::shader::{Options, Program, legalise};
use backends::spirv;

const SCALE: &str = "
dynamic shared cache: [f32] align 4
kernel `scale<float, 2>`(n: i32, data: *global f32, flag: i8, factor: f32) {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  cache[threadIdx.x] = factor
  if i < n && i32(flag) < 0 {
    data[i] = data[i] * cache[threadIdx.x]
  }
}
";

fn program(text: &str, options: &Options) -> Program {
    let module = ir::text::parse(text).unwrap_or_else(|error| panic!("{error}"));
    let kernels: Vec<_> = module.kernels().collect();
    legalise(&module, &kernels, options).unwrap_or_else(|refusals| panic!("{refusals:?}"))
}

fn word(bytes: &[u8], at: u32) -> u32 {
    let at = at as usize;
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn arguments(offset: u64) -> Vec<LaunchArgument> {
    vec![
        LaunchArgument::Bytes(1000i32.to_le_bytes().to_vec()),
        LaunchArgument::Pointer { buffer: 0, offset },
        LaunchArgument::Bytes(vec![0xfe]),
        LaunchArgument::Bytes(2.5f32.to_le_bytes().to_vec()),
    ]
}

fn launch<'a>(arguments: &'a [LaunchArgument], buffer_sizes: &'a [u64]) -> CudaLaunch<'a> {
    CudaLaunch { grid: [4, 1, 1], block: [256, 1, 1], dynamic_shared_bytes: 1024, arguments, buffer_sizes }
}

#[test]
fn a_host_finds_every_argument() {
    let program = program(SCALE, &Options::default());
    let names = spirv::names(&program, &spirv::SpirvOptions::default());
    let reflection = reflect(&program, &names, None);
    let kernel = &reflection.kernels[0];
    assert_eq!((kernel.kernel.as_str(), kernel.entry_point.as_str()), ("scale<float, 2>", "scale_float_2"));
    assert_eq!(kernel.block_constants, ["blockDimX"]);
    let dynamic = kernel.dynamic_shared.as_ref().expect("dynamic shared memory");
    assert_eq!((dynamic.element_bytes, dynamic.length_constant.as_str()), (4, "cacheLength"));
    let data = kernel.bindings.iter().find(|binding| binding.parameter == Some(1)).expect("the buffer");
    assert_eq!((data.access.as_str(), data.element.as_str(), data.name.as_str()), ("read_write", "f32", "data"));
    let flag = kernel.arguments.iter().find(|argument| argument.parameter == 2).expect("the flag");
    assert_eq!((flag.name.as_str(), flag.from_size, flag.size, flag.widen.as_deref()), ("flag", 1, 4, Some("signed")));
    assert_eq!(serde_json::from_str::<backends::reflect::Reflection>(&reflection.to_json()).expect("our own JSON"), reflection);

    let arguments = arguments(512);
    let plan = plan(&program, 0, &names, None, &launch(&arguments, &[8192])).expect("a launch that fits");
    assert_eq!(word(&plan.arguments, flag.offset), 0xffff_fffe);
    let n = kernel.arguments.iter().find(|argument| argument.parameter == 0).expect("n");
    assert_eq!(word(&plan.arguments, n.offset), 1000);
    assert_eq!(plan.constants[0], ("blockDimX".to_string(), 256.0));
    assert_eq!(plan.constants[1], ("cacheLength".to_string(), 256.0));
    let buffers: Vec<_> = plan.bindings.iter().map(|binding| &binding.resource).collect();
    assert!(buffers.contains(&&Resource::Buffer { buffer: 0, offset: 512 }), "{buffers:?}");
    assert!(buffers.contains(&&Resource::Arguments), "{buffers:?}");
}

#[test]
fn what_does_not_fit_is_said() {
    let program = program(SCALE, &Options::default());
    let names = spirv::names(&program, &spirv::SpirvOptions::default());
    let check = |arguments: &[LaunchArgument], fixed, sizes: &[u64]| plan(&program, 0, &names, fixed, &launch(arguments, sizes));
    assert_eq!(check(&arguments(4), None, &[8192]), Err(PlanError::Misaligned { parameter: 1, offset: 4 }));
    assert_eq!(check(&arguments(9000), None, &[8192]), Err(PlanError::PastTheEnd { parameter: 1 }));
    assert_eq!(check(&arguments(0)[..2], None, &[8192]), Err(PlanError::MissingArgument { parameter: 2 }));
    let wanted = [32, 1, 1];
    assert_eq!(check(&arguments(0), Some(wanted), &[8192]), Err(PlanError::Block { wanted, found: [256, 1, 1] }));
    let mut wrong = arguments(0);
    wrong[1] = LaunchArgument::Bytes(vec![0; 8]);
    assert_eq!(check(&wrong, None, &[8192]), Err(PlanError::NotAPointer { parameter: 1 }));
    wrong[1] = LaunchArgument::Null;
    wrong[0] = LaunchArgument::Bytes(vec![0; 2]);
    assert_eq!(check(&wrong, None, &[]), Err(PlanError::TooShort { parameter: 0, wanted: 4, found: 2 }));

    let linear = InterfaceNames { linear: true, ..names.clone() };
    let flat = arguments(0);
    let tall = CudaLaunch { block: [16, 16, 1], ..launch(&flat, &[8192]) };
    assert_eq!(plan(&program, 0, &linear, None, &tall), Err(PlanError::OnlyLinear));
}

#[test]
fn offsets_travel_with_the_arguments_where_bindings_cannot_start() {
    let program = program(SCALE, &Options { offset_arguments: true, ..Options::default() });
    let names = spirv::names(&program, &spirv::SpirvOptions::default());
    let arguments = arguments(12);
    let plan = plan(&program, 0, &names, None, &launch(&arguments, &[8192])).expect("a launch that fits");
    let offset =
        reflect(&program, &names, None).kernels[0].arguments.iter().find(|a| a.content == "pointer_offset").map(|a| a.offset);
    assert_eq!(word(&plan.arguments, offset.expect("an offset")), 12);
    assert!(plan.bindings.iter().any(|binding| binding.resource == Resource::Buffer { buffer: 0, offset: 0 }));
}
