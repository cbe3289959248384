//! How long translating takes: warm for a few samples, cold as a process, and, with `TRANSLATE_CORPUS=FOLDER`, for every `.cu` below a folder.

use criterion::{Criterion, criterion_group, criterion_main};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use translate::check::find_files;
use translate::emit::wgsl_text;
use translate::pipeline::{Compiled, KernelState, Request, compile};

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

/// Median and 95th percentile over files, each the best of five.
fn corpus(_: &mut Criterion) {
    let Some(folder) = std::env::var_os("TRANSLATE_CORPUS") else {
        println!("left out: the corpus: TRANSLATE_CORPUS is not set");
        return;
    };
    let is_cuda = |path: &Path| path.extension().is_some_and(|e| e == "cu");
    let files = find_files(&[PathBuf::from(folder)], is_cuda).expect("the folder can be read");
    let mut times: Vec<(Duration, PathBuf)> = files.into_iter().filter_map(|path| Some((best_of_five(&path)?, path))).collect();
    times.sort();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    for share in [50, 95, 100] {
        if let Some((time, path)) = at(share) {
            println!("corpus: {share} % of {} files take at most {time:?} ({})", times.len(), path.display());
        }
    }
}

fn best_of_five(path: &Path) -> Option<Duration> {
    let text = std::fs::read_to_string(path).ok()?;
    let name = path.to_string_lossy();
    let run = || {
        let start = Instant::now();
        std::hint::black_box(translate(&name, &text));
        start.elapsed()
    };
    (0..5).map(|_| run()).min()
}

criterion_group!(benches, warm, cold, corpus);
criterion_main!(benches);
