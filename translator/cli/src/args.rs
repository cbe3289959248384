//! What can be written on the command line.

use crate::screen::{Format, Screen};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// Makes CUDA C++ run where there is no CUDA.
#[derive(Debug, Parser)]
#[command(
    name = "translate",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Exit codes: 0 done, 1 refused or disagreed, 2 usage."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub translate: TranslateArgs,
    /// How diagnostics are written
    #[arg(long, global = true, value_enum, default_value = "human", value_name = "FORMAT")]
    pub message_format: Format,
    /// Whether diagnostics have colours
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
}

impl Arguments {
    pub fn screen(&self) -> Screen {
        Screen::new(self.message_format, self.color)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal only
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run samples on the interpreter and on every device, and compare
    Check(CheckArgs),
    /// List the devices of this machine
    Devices(DevicesArgs),
    /// Say what of a code base translates, what not, and why
    Survey(SurveyArgs),
    /// Explain a diagnostic code
    Explain(ExplainArgs),
}

/// How source text is read; the same for all commands.
#[derive(Clone, Debug, Default, Args)]
pub struct SourceArgs {
    /// Folder to look for included files in
    #[arg(short = 'I', value_name = "DIR")]
    pub include: Vec<PathBuf>,
    /// Define a macro
    #[arg(short = 'D', value_name = "NAME[=VALUE]")]
    pub define: Vec<String>,
    /// Remove a macro
    #[arg(short = 'U', value_name = "NAME")]
    pub undefine: Vec<String>,
    /// The C++ standard, also as -std=c++17
    #[arg(long, value_enum, default_value = "c++17", value_name = "STD")]
    pub std: Standard,
    /// A missing include is an error
    #[arg(long)]
    pub strict_includes: bool,
    /// Let a * b + c become one operation, as nvcc does by default
    #[arg(long, value_name = "BOOL", default_value = "false", num_args = 0..=1, default_missing_value = "true")]
    pub fmad: Option<bool>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Standard {
    #[value(name = "c++11")]
    Cxx11,
    #[value(name = "c++14")]
    Cxx14,
    #[default]
    #[value(name = "c++17")]
    Cxx17,
    #[value(name = "c++20")]
    Cxx20,
}

impl Standard {
    pub fn year(self) -> u32 {
        match self {
            Standard::Cxx11 => 11,
            Standard::Cxx14 => 14,
            Standard::Cxx17 => 17,
            Standard::Cxx20 => 20,
        }
    }
}

#[derive(Debug, Args)]
pub struct TranslateArgs {
    /// CUDA source file
    #[arg(required = true, value_name = "FILE.cu")]
    pub file: Option<PathBuf>,
    /// What to write
    #[arg(long, value_enum, default_value = "wgsl", value_name = "TARGET")]
    pub target: Target,
    /// Write here instead of to standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// A kernel as a launch names it, 'k<float, 256>'; again for several. Default: all that the file launches or instantiates
    #[arg(long, value_name = "KERNEL")]
    pub kernel: Vec<String>,
    /// One binding for each pointer parameter, or all memory in one buffer
    #[arg(long, value_enum, default_value = "typed", value_name = "MODE")]
    pub bindings: Bindings,
    /// Bind the heap as so many buffers of 128 MiB, which is what WebGPU's devices bind at once
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..=16))]
    pub heap_windows: u32,
    /// Size of a block, where it is to be a constant
    #[arg(long, value_name = "X,Y,Z", value_parser = parse_block)]
    pub block: Option<[u32; 3]>,
    /// Invocations that a workgroup may have, 256 wherever WebGPU runs: each carries several threads of a larger block
    #[arg(long, value_name = "N", requires = "block", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_invocations: Option<u32>,
    /// The device's subgroups have so many invocations and no other number, in the order of the threads: they are the warps. Not for browsers
    /// in general; the reflection says what the host must look at
    #[arg(long, value_name = "32", value_parser = clap::value_parser!(u32).range(32..=32))]
    pub subgroups: Option<u32>,
    /// Bytes of shared memory that a workgroup may have, 16384 wherever WebGPU runs: what has no room goes to global memory
    #[arg(long, value_name = "BYTES")]
    pub max_shared: Option<u64>,
    /// Bytes of `extern __shared__` memory that launches have, for --max-shared
    #[arg(long, value_name = "BYTES", default_value = "0", requires = "max_shared")]
    pub dynamic_shared: u64,
    /// Refuse what --max-shared would move to global memory
    #[arg(long, requires = "max_shared")]
    pub strict: bool,
    /// Calls of a function that calls itself that may be within each other. Default: as many as 8 KiB hold, 16 to 128
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub recursion_depth: Option<u32>,
    /// Write a description of the interface for host programs
    #[arg(long, value_name = "FILE.json")]
    pub reflect: Option<PathBuf>,
    /// Say of each kernel what is native on the target and what is software, and what that costs, in place of the shader
    #[arg(long)]
    pub explain_lowering: bool,
    /// What the target has beyond core WGSL
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FEATURE")]
    pub features: Vec<Feature>,
    #[command(flatten)]
    pub source: SourceArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    Wgsl,
    Spirv,
    Msl,
    Hlsl,
    Glsl,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Bindings {
    #[default]
    Typed,
    Heap,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Feature {
    /// half
    F16,
    /// double, and 64-bit integers with it
    F64,
    /// 64-bit integers
    I64,
    /// Atomics on 64-bit integers
    AtomicI64,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// A sample, or a folder of samples
    #[arg(required = true, value_name = "FILE|DIR")]
    pub paths: Vec<PathBuf>,
    /// Replay launch files of real programs: folders with a launch.toml, or folders of such
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pub launch: Vec<PathBuf>,
    /// Replayed floats may be off by so many representable values
    #[arg(long, value_name = "N")]
    pub ulp: Option<u64>,
    /// Replayed floats may be off by this share of the expected value
    #[arg(long, value_name = "X")]
    pub rel: Option<f64>,
    /// Replayed floats may be off by so much
    #[arg(long, value_name = "X")]
    pub abs: Option<f64>,
    /// Only this device, by the name that `translate devices` shows; `none` for the interpreter alone
    #[arg(long, value_name = "NAME")]
    pub device: Option<String>,
    /// Seconds that a launch may take
    #[arg(long, value_name = "S", default_value = "60")]
    pub time_limit: f64,
    /// Write the table as JSON
    #[arg(long)]
    pub json: bool,
    /// Let the interpreter look for data races too
    #[arg(long)]
    pub sanitize: bool,
    /// Run the interpreter behind the shader passes too: what devices are given
    #[arg(long)]
    pub passes: bool,
    /// Devices get core WGSL and its like alone, as if they had no features: 64-bit types in software
    #[arg(long)]
    pub portable: bool,
    /// Bytes of shared memory that a workgroup may have, as if devices had no more: what has no room goes to global memory
    #[arg(long, value_name = "BYTES")]
    pub max_shared: Option<u64>,
    /// Refuse kernels whose shared memory has no room on a device
    #[arg(long)]
    pub strict: bool,
    /// Calls of a function that calls itself that may be within each other. Default: as many as 8 KiB hold, 16 to 128
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=65536))]
    pub recursion_depth: Option<u32>,
    /// Where the translated shaders are left for reading
    #[arg(long, value_name = "DIR")]
    pub shaders: Option<PathBuf>,
    #[command(flatten)]
    pub source: SourceArgs,
}

#[derive(Debug, Args)]
pub struct DevicesArgs {
    /// Write the list as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct SurveyArgs {
    /// Source files, or folders to walk
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write the findings as JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub source: SourceArgs,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A code such as E0301; all codes where it is left out
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// `16`, `16,8` or `16,8,2`.
fn parse_block(text: &str) -> Result<[u32; 3], String> {
    let mut block = [1; 3];
    let sizes: Vec<_> = text.split(',').collect();
    if sizes.len() > 3 {
        return Err("a block has one to three sizes".into());
    }
    for (to, from) in block.iter_mut().zip(sizes) {
        *to = from.trim().parse().ok().filter(|n| *n > 0).ok_or("a size is a whole number, at least 1")?;
    }
    Ok(block)
}

/// nvcc writes `-std=c++17` with one dash, which would be `-s -t -d`.
pub fn one_dash_std(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    words
        .map(|word| match word.to_str() {
            Some(text) if text == "-std" || text.starts_with("-std=") => format!("-{text}").into(),
            _ => word,
        })
        .collect()
}
