//! SPIR-V handed over as it is: constants are set, blocks and entry points are checked before the driver sees the module.

use crate::common::{LIMIT, left_out, on_every_device, words_of};
use runner::{Dispatch, Launch, Module, Route, RunError, SlotKind};

/// `out[i] = i * factor`, with the specialization constants `factor` (id 0) and `blockDimX` (id 1).
fn scale() -> Vec<u32> {
    let mut module = Assembler::new(40);
    module.op(17, &[1]); // Capability Shader
    module.op(14, &[0, 1]); // MemoryModel Logical GLSL450
    module.named(15, &[5, 1], "scale", &[2]); // EntryPoint GLCompute %1, %2 = the builtin
    module.op(16, &[1, 17, 1, 1, 1]); // ExecutionMode LocalSize, overruled by %12
    module.named(5, &[10], "factor", &[]);
    module.named(5, &[11], "blockDimX", &[]);
    module.op(71, &[2, 11, 28]); // GlobalInvocationId
    module.op(71, &[10, 1, 0]);
    module.op(71, &[11, 1, 1]);
    module.op(71, &[12, 11, 25]); // WorkgroupSize
    module.op(71, &[21, 6, 4]); // ArrayStride 4
    module.op(71, &[22, 2]); // Block
    module.op(72, &[22, 0, 35, 0]); // member 0 at offset 0
    module.op(71, &[24, 34, 0]); // DescriptorSet 0
    module.op(71, &[24, 33, 0]); // Binding 0
    module.op(19, &[3]); // void
    module.op(33, &[4, 3]);
    module.op(21, &[5, 32, 0]); // u32
    module.op(23, &[6, 5, 3]); // vec3u
    module.op(32, &[7, 1, 6]); // ptr<Input, vec3u>
    module.op(32, &[8, 1, 5]);
    module.op(59, &[7, 2, 1]);
    module.op(43, &[5, 9, 0]); // 0
    module.op(50, &[5, 10, 1]); // factor = 1
    module.op(50, &[5, 11, 1]); // blockDimX = 1
    module.op(43, &[5, 13, 1]); // 1
    module.op(51, &[6, 12, 11, 13, 13]);
    module.op(29, &[21, 5]); // array<u32>
    module.op(30, &[22, 21]);
    module.op(32, &[23, 12, 22]); // ptr<StorageBuffer, ...>
    module.op(32, &[25, 12, 5]);
    module.op(59, &[23, 24, 12]);
    module.op(54, &[3, 1, 0, 4]); // Function
    module.op(248, &[30]);
    module.op(65, &[8, 31, 2, 9]); // &GlobalInvocationId.x
    module.op(61, &[5, 32, 31]);
    module.op(132, &[5, 33, 32, 10]); // IMul
    module.op(65, &[25, 34, 24, 9, 32]);
    module.op(62, &[34, 33]);
    module.op(253, &[]);
    module.op(56, &[]);
    module.words
}

/// Just enough to write a module by hand: words of SPIR-V 1.3.
struct Assembler {
    words: Vec<u32>,
}

impl Assembler {
    fn new(bound: u32) -> Assembler {
        Assembler { words: vec![0x0723_0203, 0x0001_0300, 0, bound, 0] }
    }

    fn op(&mut self, opcode: u32, operands: &[u32]) {
        self.words.push(((operands.len() as u32 + 1) << 16) | opcode);
        self.words.extend_from_slice(operands);
    }

    fn named(&mut self, opcode: u32, before: &[u32], name: &str, after: &[u32]) {
        let mut bytes = name.as_bytes().to_vec();
        bytes.resize((bytes.len() + 1).next_multiple_of(4), 0);
        let name: Vec<u32> = bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
        self.op(opcode, &[before, &name, after].concat());
    }
}

fn launch(words: Vec<u32>, threads: u32, block: u32) -> Launch {
    let mut launch = Launch::new(Module::Spirv { words }, "scale", LIMIT);
    let out = launch.buffer(vec![0; 4 * threads as usize]);
    launch.bind(0, SlotKind::ReadWriteStorage, out).read_back(out);
    launch.dispatches.push(Dispatch { groups: [threads / block, 1, 1], writes: Vec::new() });
    launch
}

#[test]
fn constants_are_set_by_name_and_by_id() {
    on_every_device("SPIR-V", |device| {
        for (factor, block) in [("factor", "blockDimX"), ("0", "1")] {
            let mut launch = launch(scale(), 128, 32);
            launch.constant(factor, 3.0).constant(block, 32.0);
            let outcome = device.run(&launch).expect("the launch runs");
            assert_eq!(words_of(&outcome.buffers[0]), (0..128).map(|i| 3 * i).collect::<Vec<u32>>());
            assert_eq!(outcome.provenance.route, Route::Spirv);
        }
    });
}

#[test]
fn bad_modules_do_not_reach_the_driver() {
    on_every_device("bad SPIR-V", |device| {
        let mut torn = scale();
        torn.pop();
        torn.push(9 << 16);
        let mut no_entry = launch(scale(), 1, 1);
        no_entry.kernel.entry = "main".to_string();
        let mut no_constant = launch(scale(), 1, 1);
        no_constant.constant("blockDimY", 2.0);
        let mut fraction = launch(scale(), 1, 1);
        fraction.constant("factor", 0.5);
        for bad in [launch(vec![1, 2, 3], 1, 1), launch(torn, 1, 1), no_entry, no_constant, fraction] {
            assert!(matches!(device.run(&bad), Err(RunError::InvalidModule { .. })));
        }
        for threads in [0.0, 100_000.0] {
            let mut bad = launch(scale(), 1, 1);
            bad.constant("blockDimX", threads);
            assert!(matches!(device.run(&bad), Err(RunError::TooLarge { .. })));
        }
    });
}

/// `TRANSLATE_SPIRV_VAL` names the validator, where there is one.
#[test]
fn the_hand_written_module_is_valid() {
    let Some(validator) = std::env::var_os("TRANSLATE_SPIRV_VAL") else {
        left_out("spirv-val on the hand-written module", "TRANSLATE_SPIRV_VAL is not set");
        return;
    };
    let file = std::env::temp_dir().join(format!("runner-scale-{}.spv", std::process::id()));
    let bytes: Vec<u8> = scale().iter().flat_map(|word| word.to_le_bytes()).collect();
    std::fs::write(&file, bytes).expect("the temporary folder is writable");
    let output = std::process::Command::new(validator).args(["--target-env", "vulkan1.1"]).arg(&file).output();
    let _ = std::fs::remove_file(&file);
    let output = output.expect("the validator runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
