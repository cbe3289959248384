//! Writes random kernels, for runs of many more seeds than the tests make.
//!
//!     cargo run -p harness --example random -- memory 0..10000 FOLDER     # then: translate check FOLDER --device none --passes
//!     cargo run -p harness --example random -- arithmetic 0..5000 FOLDER
//!     cargo run -p harness --example random -- host 0..100 FOLDER         # memory.cpp for g++ -fno-strict-aliasing, and memory.expected

use harness::random::{self, memory};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [kind, seeds, folder] = args.as_slice() else { return usage() };
    let bounds = seeds.split_once("..").and_then(|(from, to)| Some(from.parse::<u64>().ok()?..to.parse().ok()?));
    let Some(seeds) = bounds else { return usage() };
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let write = |name: String, text: String| std::fs::write(folder.join(name), text).expect("the folder can be written");
    match kind.as_str() {
        "memory" => seeds.for_each(|seed| write(format!("memory_{seed:06}.cu"), memory::program(seed).to_string())),
        "arithmetic" => seeds.for_each(|seed| write(format!("arithmetic_{seed:06}.cu"), random::program(seed).to_string())),
        "host" => {
            write("memory.cpp".into(), memory::host_program(seeds.clone()));
            write("memory.expected".into(), seeds.map(|seed| memory::program(seed).run().line(seed) + "\n").collect());
        }
        _ => return usage(),
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: random memory|arithmetic|host FROM..TO FOLDER");
    ExitCode::from(2)
}
