//! `cargo xtask math`: measures the shipped math functions, keeps the results in `tests/math/errors.csv`, and writes the tables of
//! `translator/MATH.md` from them.
//!
//! The library is CUDA C++, so that `g++` builds the same source for the host, and `tests/math/ulp.cpp` compares it with exact references.
//! A function is measured when it has no result yet, one of fewer arguments than asked for, or one of headers that have changed since;
//! each result is stored as it arrives, so that a run that was stopped goes on where it was.

mod page;
mod rows;

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use crate::shell;
use rows::{Build, Headers, Row, Rows};

const HELP: &str = "\
cargo xtask math measure [--reordered] [--step N] [--samples N] [--threads N] [--again] [FUNCTION...]
cargo xtask math devices [--samples N] [FUNCTION]
cargo xtask math page

  measure   all functions that need it, or those named; functions of one float for every Nth float (1), others for N samples (100000000)
  devices   each function on each device against the native build
  page      write the tables of translator/MATH.md again";

pub fn run(args: &[String]) -> Result<ExitCode, String> {
    match args.first().map(String::as_str) {
        Some("measure") => measure(&Wanted::parse(&args[1..])?)?,
        Some("devices") => devices(&Wanted::parse(&args[1..])?)?,
        Some("page") => page::write()?,
        _ => return Err(HELP.to_string()),
    }
    Ok(ExitCode::SUCCESS)
}

/// What the command line asks for.
struct Wanted {
    build: Build,
    step: u64,
    samples: u64,
    threads: usize,
    again: bool,
    names: Vec<String>,
}

impl Wanted {
    fn parse(args: &[String]) -> Result<Wanted, String> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut wanted = Wanted { build: Build::Exact, step: 0, samples: 0, threads, again: false, names: Vec::new() };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut number = || args.next().and_then(|text| text.parse::<u64>().ok()).ok_or(format!("{arg} wants a number"));
            match arg.as_str() {
                "--reordered" => wanted.build = Build::Reordered,
                "--again" => wanted.again = true,
                "--step" => wanted.step = number()?,
                "--samples" => wanted.samples = number()?,
                "--threads" => wanted.threads = number()? as usize,
                option if option.starts_with('-') => return Err(format!("there is no option {option}\n\n{HELP}")),
                name => wanted.names.push(name.to_string()),
            }
        }
        Ok(wanted)
    }

    /// Floats' distance and number of samples; the reordered build stands for drivers, and is measured more coarsely.
    fn effort(&self) -> (u64, u64) {
        let (step, samples) = if self.build == Build::Exact { (1, 100_000_000) } else { (509, 1_000_000) };
        (if self.step == 0 { step } else { self.step }, if self.samples == 0 { samples } else { self.samples })
    }
}

/// Builds `tests/math/ulp.cpp`. No operation is contracted, and none reordered unless that is the point (`tests/math/shipped.h`).
fn native(build: Build) -> Result<PathBuf, String> {
    let folder = shell::target().join("math");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let program = folder.join(format!("ulp-{}", build.name()));
    let mut compiler = Command::new("g++");
    compiler.current_dir(shell::workspace().join("tests/math")).args(["-O3", "-march=native", "-std=gnu++17", "-pthread"]);
    compiler.args(["-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-iquote", "../../translator/include"]);
    if build == Build::Reordered {
        compiler.arg("-DREORDERED");
    }
    shell::output_of(compiler.arg("ulp.cpp").arg("-o").arg(&program).arg("-lquadmath"))?;
    Ok(program)
}

/// A function that the program knows.
struct Function {
    name: String,
    /// All floats are compared, and not samples.
    all: bool,
}

/// The functions, in the page's order.
fn functions(program: &PathBuf) -> Result<Vec<Function>, String> {
    let list = shell::output_of(Command::new(program).arg("list"))?;
    let function = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        Function { name: fields[0].to_string(), all: fields.get(2) == Some(&"all") }
    };
    Ok(list.lines().map(function).collect())
}

fn measure(wanted: &Wanted) -> Result<(), String> {
    // Before the program is built from them.
    let headers = Headers::read();
    let program = native(wanted.build)?;
    let (step, samples) = wanted.effort();
    let mut rows = Rows::read()?;
    let functions = functions(&program)?;
    let order: Vec<String> = functions.iter().map(|function| function.name.clone()).collect();
    if let Some(unknown) = wanted.names.iter().find(|name| !order.contains(name)) {
        return Err(format!("there is no function {unknown}"));
    }
    let is_due = |function: &&Function| {
        let asked = if function.all { (1 << 32) / step } else { samples };
        let known = rows.find(wanted.build, &function.name);
        let is_wanted = wanted.names.is_empty() || wanted.names.contains(&function.name);
        is_wanted && (wanted.again || known.is_none_or(|row| row.is_stale() || row.count < asked))
    };
    let mut due: Vec<&str> = functions.iter().filter(is_due).map(|function| function.name.as_str()).collect();
    due.sort_by_key(|name| wanted.names.iter().position(|wanted| wanted == name));
    println!("{} functions to measure", due.len());
    let mut command = Command::new(&program);
    command.arg("measure").args([step, samples, wanted.threads as u64].map(|number| number.to_string())).args(&due);
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
    let lines = BufReader::new(child.stdout.take().expect("its output is piped")).lines();
    for line in lines.map_while(Result::ok) {
        println!("{line}");
        // Another run may have stored something meanwhile.
        rows = Rows::read()?;
        rows.put(Row::measured(wanted.build, &line, &headers)?);
        rows.write(&order)?;
    }
    if !child.wait().map_err(|error| error.to_string())?.success() {
        return Err("the measuring program failed".to_string());
    }
    page::write()?;
    let beyond: Vec<&str> = rows.of(Build::Exact).filter(|row| !row.is_within()).map(|row| row.name.as_str()).collect();
    if beyond.is_empty() { Ok(()) } else { Err(format!("beyond CUDA's bound: {}", beyond.join(", "))) }
}

/// Writes arguments and results of the native build, and lets an example of `translate` compare the devices with them.
fn devices(wanted: &Wanted) -> Result<(), String> {
    let program = native(Build::Exact)?;
    let folder = shell::target().join("math/values");
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let samples = if wanted.samples == 0 { 1_000_192 } else { wanted.samples };
    let list = shell::output_of(Command::new(&program).arg("list"))?;
    std::fs::write(folder.join("list.csv"), list).map_err(|error| error.to_string())?;
    shell::output_of(Command::new(&program).arg("values").arg(&folder).arg(samples.to_string()).args(&wanted.names))?;
    let tools = crate::tools::Tools::fetch_these(|tool| matches!(tool, "lavapipe" | "swiftshader"))?;
    let mut cargo = shell::cargo();
    cargo.args(["run", "--release", "-p", "translate", "--example", "math_devices", "--"]).arg(&folder).args(&wanted.names);
    let status = cargo.envs(&tools.env).status().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err("the comparison of devices failed".to_string());
    }
    page::write()
}
