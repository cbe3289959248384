//! `cargo xtask nvcc`: is every sample CUDA, in the judgement of NVIDIA's own compiler?
//!
//! A file that was accepted is remembered by its content, so that only new ones cost time.

use std::collections::VecDeque;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::{Mutex, PoisonError};

use crate::shell::{self, run as run_command};
use crate::tools::{Tools, folder};

const FLAGS: [&str; 4] = ["-std=c++17", "-arch=sm_80", "--expt-relaxed-constexpr", "-ptx"];

/// What the compiler said.
pub struct Verdict {
    pub accepted: usize,
    /// File and diagnostics.
    pub rejected: Vec<(PathBuf, String)>,
}

pub fn run(args: &[String]) -> Result<ExitCode, String> {
    let tools = Tools::fetch_these(|tool| tool == "nvcc")?;
    let Some(nvcc) = tools.env.get("TRANSLATE_NVCC") else {
        let reasons: Vec<&str> = tools.left_out.iter().map(|out| out.reason.as_str()).collect();
        return Err(format!("NVIDIA's compiler is not here: {}", reasons.join(", ")));
    };
    let files = if args.is_empty() { samples()? } else { args.iter().map(PathBuf::from).collect() };
    let verdict = judge(Path::new(nvcc), files)?;
    verdict.print();
    Ok(if verdict.rejected.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Verdict {
    pub fn print(&self) {
        for (file, text) in &self.rejected {
            println!("nvcc rejects {}:\n{text}", file.display());
        }
        println!("nvcc: {} accepted, {} rejected", self.accepted, self.rejected.len());
    }
}

/// Every `.cu` file under `samples`.
pub fn samples() -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let mut folders = vec![shell::workspace().join("samples")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "cu") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Compiles the files, as many at once as there are cores.
pub fn judge(nvcc: &Path, files: Vec<PathBuf>) -> Result<Verdict, String> {
    let known = folder().join("nvcc-accepted");
    fs::create_dir_all(&known).map_err(|error| format!("{}: {error}", known.display()))?;
    let total = files.len();
    let queue = Mutex::new(VecDeque::from(files));
    let rejected = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(file) = lock(&queue).pop_front() {
                    if let Err(text) = judge_file(nvcc, &file, &known) {
                        lock(&rejected).push((file, text));
                    }
                }
            });
        }
    });
    let mut rejected = rejected.into_inner().unwrap_or_else(PoisonError::into_inner);
    rejected.sort();
    Ok(Verdict { accepted: total - rejected.len(), rejected })
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn judge_file(nvcc: &Path, file: &Path, known: &Path) -> Result<(), String> {
    let text = fs::read(file).map_err(|error| error.to_string())?;
    let mut hasher = DefaultHasher::new();
    (nvcc, FLAGS, file, text).hash(&mut hasher);
    let mark = known.join(format!("{:016x}", hasher.finish()));
    if mark.exists() {
        return Ok(());
    }
    let output = run_command(Command::new(nvcc).args(FLAGS).arg(file).args(["-o", "/dev/null"]))?;
    if output.status.success() {
        return fs::write(mark, "").map_err(|error| error.to_string());
    }
    Err([output.stdout, output.stderr].iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect())
}
