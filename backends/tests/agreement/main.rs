//! A kernel gives the same results before and after the shader passes, on the interpreter.
//!
//! `AGREEMENT=FROM..TO` runs other seeds than the few that run always.

mod random;

use backends::interpreter::{ArgValue, Launch, LegalError, Options, Outcome, ThreadOrder, run, run_legal};
use backends::shader::{self, BindingMode, Coarsen, Features, SharedLimit, legalise_kernel};
use ir::Module;
use random::{Random, SIZE, WORDS, kernel};
use std::collections::BTreeMap;

/// Integers of 64 bits and no doubles, as Metal has it.
const INTEGERS: Features = Features { int64: true, float64: false, float16: false, atomic_int64: false };
const ALL: Features = Features { int64: true, float64: true, float16: true, atomic_int64: true };

fn launch(module: &Module, seed: u64) -> Launch {
    let mut random = Random::new(seed ^ 0xabcd);
    let mut bytes = |count: u32| (0..count).map(|_| random.below(256) as u8).collect::<Vec<u8>>();
    let floats = (0..32).flat_map(|i| (i as f32 * 0.75 - 9.0).to_le_bytes()).collect();
    let buffers = vec![bytes(SIZE * 4), bytes(SIZE * 8), bytes(32 * 16), floats, vec![0; (2 * SIZE * WORDS + 1) as usize * 4]];
    let pointers = (0..buffers.len()).map(|buffer| ArgValue::Pointer { buffer, offset: 0 });
    Launch {
        kernel: module.kernels().next().expect("there is a kernel"),
        grid: [2, 1, 1],
        block: [SIZE, 1, 1],
        dynamic_shared: 0,
        args: pointers.chain([ArgValue::Scalar(seed % 7)]).collect(),
        buffers,
        globals: Vec::new(),
        bindings: Vec::new(),
        options: Options::default(),
    }
}

/// How the host lays out the memory of a launch.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Memory {
    Plain,
    /// Pointers to the inside of buffers.
    Offsets,
    /// The output behind the input, in one buffer.
    Shared,
}

fn lay_out(launch: &Launch, memory: Memory, seed: u64) -> Launch {
    let mut launch = launch.clone();
    match memory {
        Memory::Plain => {}
        Memory::Offsets => {
            let offset = 8 * (1 + seed % 5);
            for buffer in &mut launch.buffers {
                buffer.splice(0..0, vec![0xee; offset as usize]);
            }
            for arg in &mut launch.args {
                if let ArgValue::Pointer { offset: place, .. } = arg {
                    *place = offset;
                }
            }
        }
        Memory::Shared => {
            let out = std::mem::take(&mut launch.buffers[4]);
            launch.buffers[0].resize(512, 0xee);
            launch.buffers[0].extend(out);
            launch.args[4] = ArgValue::Pointer { buffer: 0, offset: 512 };
        }
    }
    launch
}

fn first_difference(a: &Outcome, b: &Outcome) -> Option<String> {
    for (index, (left, right)) in a.buffers.iter().zip(&b.buffers).enumerate() {
        if let Some(at) = (0..left.len()).find(|at| left.get(*at) != right.get(*at)) {
            let word =
                |bytes: &[u8]| bytes[at / 4 * 4..].iter().take(4).rev().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
            return Some(format!("buffer {index}, word {}: {:#x} became {:#x}", at / 4, word(left), word(right)));
        }
    }
    None
}

/// Two to four threads for each invocation.
fn coarsened(block: [u32; 3], seed: u64) -> Coarsen {
    let threads: u32 = block.iter().product();
    Coarsen { block, width: threads.div_ceil(2 + seed as u32 % 3) }
}

/// No room for shared memory, or for some of it.
fn no_room(launch: &Launch, seed: u64) -> SharedLimit {
    let threads = launch.block.iter().product();
    SharedLimit { bytes: seed % 3 * 256, dynamic: launch.dynamic_shared.into(), threads, strict: false }
}

/// What went wrong with a seed. Refusals are counted.
fn check(seed: u64, refusals: &mut BTreeMap<String, u32>) -> Result<(), String> {
    let text = kernel(seed);
    let module = ir::text::parse(&text).map_err(|error| format!("{error}\n{text}"))?;
    let printed = ir::text::print(&module);
    let again = ir::text::print(&ir::text::parse(&printed).map_err(|error| format!("read back: {error}\n{printed}"))?);
    if printed != again {
        return Err(format!("prints differently after reading back:\n{printed}\n{again}"));
    }
    let launch = launch(&module, seed);
    let expected = run(&module, &launch).map_err(|fault| format!("before the passes: {fault}\n{printed}"))?;
    let mut shuffled = launch.clone();
    shuffled.options.order = ThreadOrder::Shuffled(seed as u32);
    let other_order = run(&module, &shuffled).map_err(|fault| format!("shuffled: {fault}"))?;
    if let Some(difference) = first_difference(&expected, &other_order) {
        return Err(format!("depends on the order: {difference}\n{printed}"));
    }
    for memory in [Memory::Plain, Memory::Offsets, Memory::Shared] {
        let launch = lay_out(&launch, memory, seed);
        let expected = run(&module, &launch).map_err(|fault| format!("{memory:?}: {fault}\n{printed}"))?;
        for features in [Features::default(), INTEGERS, ALL] {
            for bindings in [BindingMode::Typed, BindingMode::Heap] {
                let name = format!("{memory:?}, {features:?}, {bindings:?}");
                let options = shader::Options {
                    windows: Default::default(),
                    features,
                    bindings,
                    offset_arguments: memory == Memory::Offsets,
                    aliased: memory == Memory::Shared,
                    cut_at_fences: features == ALL,
                    wide_views: features != INTEGERS,
                    coarsen: (features == INTEGERS).then(|| coarsened(launch.block, seed)),
                    subgroups: None,
                    recursion_depth: None,
                    shared: (features != ALL).then(|| no_room(&launch, seed)),
                    block: None,
                    leave_barriers: false,
                };
                check_passes(&module, &launch, &expected, &options, refusals).map_err(|error| format!("{name}: {error}"))?;
            }
        }
    }
    Ok(())
}

fn check_passes(
    module: &Module,
    launch: &Launch,
    expected: &Outcome,
    options: &shader::Options,
    refusals: &mut BTreeMap<String, u32>,
) -> Result<(), String> {
    let program = match legalise_kernel(module, launch.kernel, options) {
        Ok(program) => program,
        Err(refusal) => {
            *refusals.entry(format!("{}: {refusal}", refusal.code())).or_default() += 1;
            return Ok(());
        }
    };
    let texts = || format!("{}\n; ---\n{}", ir::text::print(module), ir::text::print(&program.module));
    let outcome = match run_legal(&program, 0, launch) {
        Ok(outcome) => outcome,
        Err(LegalError::Plan(error)) => return Err(format!("no plan: {error}\n{}", texts())),
        Err(LegalError::Fault(fault)) => return Err(format!("{fault}\n{}", texts())),
    };
    match first_difference(expected, &outcome) {
        Some(difference) => Err(format!("{difference}\n{}", texts())),
        None => Ok(()),
    }
}

fn seeds() -> std::ops::Range<u64> {
    let Ok(text) = std::env::var("AGREEMENT") else { return 0..40 };
    let bounds = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    bounds.unwrap_or_else(|| panic!("AGREEMENT is FROM..TO, not {text}"))
}

#[test]
fn random_kernels() {
    let mut refusals = BTreeMap::new();
    let mut wrong = Vec::new();
    let seeds = seeds();
    let count = seeds.end.saturating_sub(seeds.start);
    for seed in seeds {
        if let Err(message) = check(seed, &mut refusals) {
            wrong.push(format!("seed {seed}: {message}"));
        }
    }
    println!("{count} kernels in eighteen ways each; refused: {refusals:?}");
    let shown: Vec<&str> = wrong.iter().map(|message| message.lines().next().unwrap_or_default()).collect();
    assert!(wrong.is_empty(), "{} of {count} are wrong\n{}\n\nthe first:\n{}", wrong.len(), shown.join("\n"), wrong[0]);
}
