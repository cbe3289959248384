//! Prints the IR of a file's kernels, or why they were refused: `cargo run -p translator --example lower -- FILE`

use translator::{KernelStatus, ShippedHeaders, TranslateOptions, translate};

fn main() {
    let mut options = grammar::Options::default();
    let (mut quiet, mut files) = (false, Vec::new());
    let mut args = std::env::args().skip(1);
    let mut wanted = TranslateOptions::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--quiet" => quiet = true,
            "-I" => options.include_dirs.extend(args.next().map(Into::into)),
            "--arch" => options.cuda_arch = args.next().and_then(|arch| arch.parse().ok()).unwrap_or(600),
            "-D" => options.defines.extend(args.next().map(|define| match define.split_once('=') {
                Some((name, value)) => (name.to_string(), Some(value.to_string())),
                None => (define, None),
            })),
            "--kernel" => wanted.kernels.extend(args.next()),
            _ => files.push(arg),
        }
    }
    for file in files {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let mut map = source::SourceMap::new();
        let (unit, diagnostics) = grammar::parse(&file, &text, &options, &ShippedHeaders, &mut map);
        let translation = translate(&unit, &map, &wanted);
        for diagnostic in diagnostics.iter().filter(|d| d.is_error()).chain(&translation.diagnostics) {
            print!("{}", source::render_string(&map, diagnostic, source::Coloring::Plain));
        }
        for kernel in &translation.kernels {
            let codes: Vec<&str> = kernel.diagnostics.iter().map(|d| d.code.as_str()).collect();
            println!("{file}: {} {:?} {}", kernel.name, kernel.status, codes.join(" "));
            if kernel.status == KernelStatus::Refused {
                for diagnostic in &kernel.diagnostics {
                    print!("{}", source::render_string(&map, diagnostic, source::Coloring::Plain));
                }
            }
        }
        if !quiet {
            println!("{}", ir::text::print(&translation.module));
        }
    }
}
