//! How long translating takes: warm for a few samples, cold as a process, and, with `TRANSLATE_CORPUS=FOLDER`, for every `.cu` below a folder.

use criterion::{Criterion, criterion_group};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use translate::check::find_files;
use translate::emit::wgsl_text;
use translate::pipeline::{Compiled, KernelState, Request, compile};

/// That of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SAMPLES: [&str; 5] =
    ["first_steps/saxpy.cu", "apps/matmul_tiled.cu", "atomics/histogram.cu", "reductions/block_sum.cu", "memory/transpose.cu"];

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(name)
}

/// From text to WGSL, as much of it as translates.
fn translate(path: &str, text: &str) -> usize {
    let compiled = compile(path, text, &Request::default(), source::SourceMap::new());
    let kernels = kernels(&compiled);
    wgsl_text(&compiled, &kernels, &Default::default()).map_or(0, |text| text.len())
}

fn kernels(compiled: &Compiled) -> Vec<ir::FuncId> {
    let lowered = compiled.kernels.iter().filter_map(|kernel| match kernel.state {
        KernelState::Lowered(id) => Some(id),
        _ => None,
    });
    lowered.collect()
}

fn warm(c: &mut Criterion) {
    let mut group = c.benchmark_group("cu to wgsl");
    for name in SAMPLES {
        let path = sample(name);
        let text = std::fs::read_to_string(&path).expect("the sample is there");
        let path = path.to_string_lossy().into_owned();
        group.bench_function(name, |b| b.iter(|| translate(&path, &text)));
    }
    group.finish();
}

fn cold(c: &mut Criterion) {
    let saxpy = sample(SAMPLES[0]);
    c.bench_function("cold process, saxpy", |b| {
        b.iter(|| {
            let status = Command::new(env!("CARGO_BIN_EXE_translate")).arg(&saxpy).stdout(Stdio::null()).status();
            assert!(status.is_ok_and(|status| status.success()));
        });
    });
}

/// Over files, each the best of many runs: median and 95th percentile of the whole way, how many lines a second the front end reads, and how
/// long the largest program takes to instantiate.
fn corpus(c: &mut Criterion) {
    let Some(folder) = std::env::var_os("TRANSLATE_CORPUS") else {
        println!("left out: the corpus: TRANSLATE_CORPUS is not set");
        return;
    };
    let is_cuda = |path: &Path| path.extension().is_some_and(|e| e == "cu");
    let files = find_files(&[PathBuf::from(folder)], is_cuda).expect("the folder can be read");
    let mut times: Vec<FileTimes> = files.iter().filter_map(|path| FileTimes::of(path)).collect();
    let front: Duration = times.iter().map(|file| file.front).sum();
    let report = |what: &str, lines: usize| {
        println!("corpus: text to IR: {lines} lines {what} in {front:?}, {:.0} lines/s", lines as f64 / front.as_secs_f64());
    };
    report("of the files alone", times.iter().map(|file| file.lines).sum());
    report("with their own headers", times.iter().map(|file| file.lines_read).sum());
    if let Some(largest) = times.iter().max_by_key(|file| file.lowering) {
        println!("corpus: tree to IR: at most {:?} ({})", largest.lowering, largest.path.display());
        let read = Read::of(&largest.path).expect("it was read before");
        c.bench_function("corpus: tree to IR, the program that takes longest", |b| b.iter(|| read.lower()));
    }
    times.sort_by_key(|file| file.whole);
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    for share in [50, 95, 100] {
        if let Some(FileTimes { whole, path, .. }) = at(share) {
            println!("corpus: text to WGSL: {share} % of {} files take at most {whole:?} ({})", times.len(), path.display());
        }
    }
}

struct FileTimes {
    path: PathBuf,
    /// Of the file itself.
    lines: usize,
    /// With those of the program's headers that it includes; shipped headers do not count.
    lines_read: usize,
    /// From text to IR.
    front: Duration,
    /// Of that from trees to IR: sema, with all instantiation, and lowering.
    lowering: Duration,
    /// From text to WGSL.
    whole: Duration,
}

impl FileTimes {
    fn of(path: &Path) -> Option<FileTimes> {
        let text = std::fs::read_to_string(path).ok()?;
        let name = path.to_string_lossy();
        let front = best_of_many(|| compile(&name, &text, &Request::default(), source::SourceMap::new()).kernels.len());
        let whole = best_of_many(|| translate(&name, &text));
        let read = Read::of(path)?;
        let lowering = best_of_many(|| read.lower());
        let own_files = read.unit.user_files.iter().map(|&file| read.map.text(file).lines().count());
        let lines_read = own_files.sum();
        Some(FileTimes { path: path.to_owned(), lines: text.lines().count(), lines_read, front, lowering, whole })
    }
}

/// A file as trees.
struct Read {
    unit: grammar::Unit,
    map: source::SourceMap,
}

impl Read {
    fn of(path: &Path) -> Option<Read> {
        let text = std::fs::read_to_string(path).ok()?;
        let mut map = source::SourceMap::new();
        let options = Request::default().grammar;
        let (unit, _) = grammar::parse(&path.to_string_lossy(), &text, &options, &translator::ShippedHeaders, &mut map);
        Some(Read { unit, map })
    }

    fn lower(&self) -> usize {
        translator::translate(&self.unit, &self.map, &translator::TranslateOptions::default()).kernels.len()
    }
}

/// On a shared machine the best of few runs is mostly a disturbed one.
const RUNS: usize = 25;

fn best_of_many(run: impl Fn() -> usize) -> Duration {
    let timed = || {
        let start = Instant::now();
        std::hint::black_box(run());
        start.elapsed()
    };
    (0..RUNS).map(|_| timed()).min().unwrap_or_default()
}

criterion_group!(benches, warm, cold, corpus);

/// All of it on one deep stack, as the command works.
fn main() {
    translator::on_deep_stack(|| {
        benches();
        Criterion::default().configure_from_args().final_summary();
    });
}
