//! Random C++ programs agree with a C++ compiler: overload resolution, conversions and templates (`harness::random::resolution`), and
//! the lives of objects (`harness::random::lifetimes`).
//!
//! g++ says which programs are valid and what they give; of each program the translator makes a kernel, which the interpreter runs. What
//! g++ refuses must be refused. `TRANSLATE_RESOLUTION=FROM..TO` picks other seeds than the few that run always.

use backends::interpreter::{ArgValue, Launch, Options, run};
use harness::random::{lifetimes, resolution};
use source::SourceMap;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use translator::{ShippedHeaders, TranslateOptions, translate};

/// Programs of one file.
const CHUNK: u64 = 250;

fn seeds() -> Range<u64> {
    let Ok(text) = std::env::var("TRANSLATE_RESOLUTION") else { return 0..64 };
    let bounds = text.split_once("..").and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    bounds.unwrap_or_else(|| panic!("TRANSLATE_RESOLUTION is FROM..TO, not {text}"))
}

/// Errors of g++ that are no matter of resolution: such a program says nothing.
const BESIDE_THE_POINT: [&str; 9] = [
    "loses precision",
    "redefinition",
    "redeclared",
    "cannot be overloaded",
    "already defined",
    "narrowing",
    "conflicting",
    "default argument missing",
    "ambiguates old",
];

/// What a program gives, or why it has no meaning.
type Verdict = Result<i32, String>;

/// A generator of programs.
#[derive(Clone, Copy)]
struct Family {
    prelude: &'static str,
    program: fn(u64) -> String,
}

const RESOLUTION: Family = Family { prelude: resolution::PRELUDE, program: resolution::program };
const LIFETIMES: Family = Family { prelude: lifetimes::PRELUDE, program: lifetimes::program };

struct Compiler {
    folder: PathBuf,
    family: Family,
}

impl Compiler {
    fn run(&self, args: &[&str]) -> std::process::Output {
        let base =
            ["-std=c++17", "-w", "-pedantic-errors", "-fno-elide-constructors", "-fno-diagnostics-show-caret", "-D__device__="];
        Command::new("g++").args(base).args(args).current_dir(&self.folder).output().expect("g++ runs")
    }

    /// The verdict on each of the programs.
    fn verdicts(&self, seeds: &Range<u64>) -> BTreeMap<u64, Verdict> {
        let (mut text, mut lines) = (self.family.prelude.to_string(), Vec::new());
        for seed in seeds.clone() {
            let first = text.lines().count() + 1;
            text.push_str(&(self.family.program)(seed));
            lines.push((seed, first..text.lines().count() + 1));
        }
        std::fs::write(self.folder.join("all.cpp"), &text).expect("a temporary file can be written");
        let output = self.run(&["-fsyntax-only", "-fmax-errors=0", "all.cpp"]);
        let mut verdicts = BTreeMap::new();
        for message in String::from_utf8_lossy(&output.stderr).lines() {
            let counts = message.contains("error:") || message.contains("required from");
            let line = message.strip_prefix("all.cpp:").and_then(|rest| rest.split(':').next()?.parse::<usize>().ok());
            if let (true, Some(line)) = (counts, line)
                && let Some((seed, _)) = lines.iter().find(|(_, range)| range.contains(&line))
            {
                verdicts.entry(*seed).or_insert(Err(message.to_string()));
            }
        }
        verdicts.extend(self.results(seeds.clone().filter(|seed| !verdicts.contains_key(seed)).collect()));
        verdicts
    }

    fn results(&self, seeds: Vec<u64>) -> BTreeMap<u64, Verdict> {
        // A process each: what a program does may be undefined.
        let head = "#include <cstdio>\n#include <sys/wait.h>\n#include <unistd.h>\n";
        let mut text = format!("{head}{}", self.family.prelude);
        seeds.iter().for_each(|&seed| text.push_str(&(self.family.program)(seed)));
        text.push_str("int main() {\n");
        seeds.iter().for_each(|seed| {
            text.push_str(&format!(
                "if (fork() == 0) {{ std::printf(\"{seed} %d\\n\", p{seed}::run()); std::fflush(stdout); _exit(0); }} wait(0);\n"
            ))
        });
        text.push_str("}\n");
        std::fs::write(self.folder.join("valid.cpp"), &text).expect("a temporary file can be written");
        let output = self.run(&["-O0", "-o", "valid", "valid.cpp"]);
        assert!(output.status.success(), "g++: {}", String::from_utf8_lossy(&output.stderr));
        let output = Command::new(self.folder.join("valid")).output().expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        lines.filter_map(|(seed, value)| Some((seed.parse().ok()?, Ok(value.parse().ok()?)))).collect()
    }
}

/// What the translator makes of the same programs.
fn translated(family: Family, seeds: &Range<u64>) -> BTreeMap<u64, Verdict> {
    let mut text = family.prelude.to_string();
    for seed in seeds.clone() {
        text.push_str(&(family.program)(seed));
        text.push_str(&format!("extern \"C\" __global__ void k{seed}(int* out) {{ out[0] = p{seed}::run(); }}\n"));
    }
    let mut map = SourceMap::new();
    let (unit, diagnostics) = grammar::parse("all.cu", &text, &grammar::Options::default(), &ShippedHeaders, &mut map);
    let translation = translate(&unit, &map, &TranslateOptions::default());
    let mut verdicts = BTreeMap::new();
    for kernel in &translation.kernels {
        let Some(seed) = kernel.name.strip_prefix('k').and_then(|text| text.parse().ok()) else { continue };
        let Some(func) = kernel.func else {
            let reason = kernel.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message)).collect::<Vec<_>>().join("; ");
            verdicts.insert(seed, Err(reason));
            continue;
        };
        let launch = Launch {
            kernel: func,
            grid: [1; 3],
            block: [1; 3],
            dynamic_shared: 0,
            args: vec![ArgValue::Pointer { buffer: 0, offset: 0 }],
            buffers: vec![vec![0xff; 4]],
            globals: Vec::new(),
            bindings: Vec::new(),
            options: Options::default(),
        };
        let verdict = match run(&translation.module, &launch) {
            Ok(outcome) => {
                let bytes = outcome.buffers[0][..4].try_into().expect("four bytes");
                Ok(i32::from_le_bytes(bytes))
            }
            Err(fault) => Err(format!("fault: {fault:?}")),
        };
        verdicts.insert(seed, verdict);
    }
    if verdicts.len() < seeds.clone().count() {
        let shown = diagnostics.iter().map(|diagnostic| source::render_string(&map, diagnostic, source::Coloring::Plain));
        println!("{}", shown.take(5).collect::<String>());
    }
    verdicts
}

fn differences(folder: &Path, family: Family, seeds: Range<u64>) -> (usize, Vec<String>) {
    let (mut wrong, mut valid) = (Vec::new(), 0);
    let expected = Compiler { folder: folder.to_path_buf(), family }.verdicts(&seeds);
    let found = translated(family, &seeds);
    for seed in seeds {
        let shown = |verdict: Option<&Verdict>| match verdict {
            Some(Ok(value)) => value.to_string(),
            Some(Err(reason)) => format!("refused: {reason}"),
            None => "nothing".to_string(),
        };
        let (a, b) = (expected.get(&seed), found.get(&seed));
        valid += usize::from(matches!(a, Some(Ok(_))));
        if a.is_none() || matches!(a, Some(Err(reason)) if BESIDE_THE_POINT.iter().any(|text| reason.contains(text))) {
            continue;
        }
        let agree = match (a, b) {
            (Some(Ok(a)), Some(Ok(b))) => a == b,
            (Some(Err(_)), Some(Err(reason))) => !reason.starts_with("fault"),
            _ => false,
        };
        if !agree {
            wrong.push(format!("seed {seed}\n  g++: {}\n  here: {}\n{}", shown(a), shown(b), (family.program)(seed)));
        }
    }
    (valid, wrong)
}

fn check(name: &str, family: Family) {
    if Command::new("g++").arg("--version").output().is_err() {
        println!("left out: random {name}: there is no g++");
        return;
    }
    let folder = std::env::temp_dir().join(format!("translate-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    let (all, mut valid, mut wrong) = (seeds(), 0, Vec::new());
    let mut from = all.start;
    while from < all.end {
        let to = (from + CHUNK).min(all.end);
        let (good, bad) = differences(&folder, family, from..to);
        valid += good;
        wrong.extend(bad);
        from = to;
    }
    std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
    println!("{} programs, {valid} of them valid", all.end - all.start);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_chosen_function_is_the_one_that_gxx_chooses() {
    check("resolution", RESOLUTION);
}

#[test]
fn objects_begin_and_end_as_with_gxx() {
    check("lifetimes", LIFETIMES);
}
