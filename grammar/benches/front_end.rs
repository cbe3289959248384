//! Speed of the lexer and of the whole front end. `FRONT_END_FILES="a.cu b.cu"` adds files of one's own.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use grammar::{Headers, NoHeaders, Options, lex_count};
use source::SourceMap;
use std::hint::black_box;
use std::path::Path;

/// A text with the density of real kernels: about 30 bytes a line.
const KERNEL: &str = include_str!("../tests/ok/statements.cu");

/// The shipped headers, read from their folder.
struct Shipped;

impl Headers for Shipped {
    fn header(&self, name: &str) -> Option<&'static str> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../translator/include");
        Some(std::fs::read_to_string(folder.join(name)).ok()?.leak())
    }

    fn prelude(&self) -> Option<(&'static str, &'static str)> {
        static PRELUDE: std::sync::OnceLock<Option<&'static str>> = std::sync::OnceLock::new();
        Some(("cuda_runtime.h", (*PRELUDE.get_or_init(|| self.header("cuda_runtime.h")))?))
    }
}

fn lexing(c: &mut Criterion) {
    let line = "    if (row < height) out[row * width + col] = in[col] * 2.0f; // scaled\n    int i = blockIdx.x * blockDim.x + threadIdx.x;\n    \n    {\n";
    let text = line.repeat(500);
    let mut group = c.benchmark_group("lex");
    group.throughput(Throughput::Elements(text.lines().count() as u64));
    group.bench_function("lines", |b| b.iter(|| lex_count(black_box(&text))));
    group.finish();
}

fn units(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse");
    let mut files = vec![("statements.cu".to_string(), KERNEL.to_string())];
    let own = std::env::var("FRONT_END_FILES").unwrap_or_default();
    files.extend(own.split_whitespace().filter_map(|path| Some((path.to_string(), std::fs::read_to_string(path).ok()?))));
    for (name, text) in &files {
        for (kind, headers) in [("bare", &NoHeaders as &dyn Headers), ("with headers", &Shipped)] {
            group.bench_function(format!("{name}, {kind}"), |b| {
                b.iter(|| grammar::parse(name, black_box(text), &Options::default(), headers, &mut SourceMap::new()))
            });
        }
    }
    group.finish();
}

criterion_group!(benches, lexing, units);
criterion_main!(benches);
