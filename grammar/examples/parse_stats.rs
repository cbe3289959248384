//! How much of real files the front end reads: `cargo run -p grammar --example parse_stats -- [-p] [-I DIR] [-H DIR] FILES`.
//!
//! `-p` prints what was reached. `-H` is a folder of built-in headers, as `translator/include`; its `cuda_runtime.h` is the prelude.

use grammar::{Headers, ItemKind, Options, Origin};
use source::SourceMap;
use std::path::PathBuf;

struct Folder(Option<PathBuf>);

impl Headers for Folder {
    fn header(&self, name: &str) -> Option<&'static str> {
        let text = std::fs::read_to_string(self.0.as_ref()?.join(name)).ok()?;
        Some(text.leak())
    }

    fn prelude(&self) -> Option<(&'static str, &'static str)> {
        Some(("cuda_runtime.h", self.header("cuda_runtime.h")?))
    }
}

fn main() {
    let mut options = Options::default();
    let mut folder = Folder(None);
    let mut files = Vec::new();
    let mut verbose = false;
    let mut print = false;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-I" => options.include_dirs.extend(args.next().map(PathBuf::from)),
            "-H" => folder = Folder(args.next().map(PathBuf::from)),
            "-D" => options.defines.extend(args.next().map(|d| match d.split_once('=') {
                Some((name, value)) => (name.to_string(), Some(value.to_string())),
                None => (d.clone(), None),
            })),
            "-v" => verbose = true,
            "-p" => print = true,
            _ => files.push(arg),
        }
    }
    let mut failed = 0;
    for file in &files {
        failed += usize::from(!report(file, &options, &folder, verbose, print));
    }
    println!("{} files, {failed} with errors", files.len());
}

fn report(file: &str, options: &Options, headers: &Folder, verbose: bool, print: bool) -> bool {
    let Ok(bytes) = std::fs::read(file) else {
        println!("{file}: cannot read");
        return false;
    };
    let text = String::from_utf8_lossy(&bytes);
    let mut map = SourceMap::new();
    let start = std::time::Instant::now();
    let (unit, diagnostics) = grammar::parse(file, &text, options, headers, &mut map);
    let time = start.elapsed();
    let user = |item: &&grammar::Item| item.origin != Origin::Builtin;
    let kernels = unit.items.iter().filter(user).filter(|i| i.flags.global && i.kind == ItemKind::Function).count();
    let reached = unit.reached().filter(|(item, _)| item.origin != Origin::Builtin).count();
    let lazy: usize = unit.items.iter().map(|i| i.errors.len()).sum();
    let errors = diagnostics.iter().filter(|d| d.is_error()).count();
    println!(
        "{file}: {kernels} kernels, {reached} items reached, {} launches, {errors} errors, {lazy} lazy, {:.2} ms",
        unit.launches.len(),
        time.as_secs_f64() * 1e3
    );
    let all = diagnostics.iter().chain(unit.items.iter().flat_map(|i| &i.errors));
    for diagnostic in all.filter(|d| verbose || d.is_error()).take(20) {
        let place = map.place(diagnostic.span());
        let at = place.map_or_else(String::new, |p| format!("{}:{}:{}", p.path, p.line, p.column));
        println!("    {at}: {} {}", diagnostic.code, diagnostic.message);
    }
    for (_, decl) in unit.reached().filter(|(item, _)| print && item.origin != Origin::Builtin) {
        print!("{}", ast::print_decl(decl));
    }
    errors == 0
}
