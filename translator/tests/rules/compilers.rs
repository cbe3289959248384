//! The judges of the rules: g++ for values, NVIDIA's compiler for what is C++.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A fresh folder below the system's temporary one.
fn scratch() -> PathBuf {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("translate-rules-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    folder
}

pub struct Gxx {
    folder: PathBuf,
}

impl Gxx {
    pub fn find() -> Option<Gxx> {
        Command::new("g++").arg("--version").output().is_ok().then(|| Gxx { folder: scratch() })
    }

    /// What the kernel `test` of a file writes, as a function of the host: one thread, one block.
    pub fn run(&self, path: &Path, count: usize) -> Result<Vec<i32>, String> {
        let main = format!(
            "#include \"{}\"\n#include <cstdio>\nint main() {{ int out[{count}] = {{}}; test(out); for (int v : out) std::printf(\"%d\\n\", v); }}\n",
            path.display()
        );
        std::fs::write(self.folder.join("main.cpp"), main).expect("a temporary file can be written");
        let keywords =
            ["-D__device__=", "-D__global__=", "-D__host__=", "-D__shared__=", "-D__constant__=", "-D__forceinline__=inline"];
        let mut command = Command::new("g++");
        // What the standard leaves to the compiler and CUDA settles: `>>` and conversions are two's complement anyway.
        command.args(["-std=c++20", "-w", "-O0", "-fno-strict-aliasing"]).args(keywords);
        let output = command.args(["-o", "main", "main.cpp"]).current_dir(&self.folder).output().expect("g++ runs");
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        let output = Command::new(self.folder.join("main")).output().expect("the program runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            return Err(format!("the program fails: {}", output.status));
        }
        Ok(text.lines().filter_map(|line| line.parse().ok()).collect())
    }
}

impl Drop for Gxx {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

pub struct Nvcc {
    program: PathBuf,
    folder: PathBuf,
}

impl Nvcc {
    pub fn find() -> Option<Nvcc> {
        let program = PathBuf::from(std::env::var_os("TRANSLATE_NVCC")?);
        Some(Nvcc { program, folder: scratch() })
    }

    fn run(&self, path: &Path) -> (bool, String) {
        let mut command = Command::new(&self.program);
        command.args(["-std=c++20", "-ptx", "-w", "-Xcudafe", "--error_limit=1000", "-o", "out.ptx"]);
        let output = command.arg(path).current_dir(&self.folder).output().expect("nvcc runs");
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    pub fn accepts(&self, path: &Path) -> Result<(), String> {
        let (is_good, messages) = self.run(path);
        if is_good { Ok(()) } else { Err(messages) }
    }

    /// The lines of the errors, and those that messages lead back to: `instantiation of ... at line 7`.
    pub fn refused_lines(&self, path: &Path) -> Vec<usize> {
        let (_, messages) = self.run(path);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut lines = Vec::new();
        for message in messages.lines() {
            let place = message.split_once(&format!("{name}(")).and_then(|(_, rest)| rest.split_once(')'));
            if let Some((line, rest)) = place
                && rest.contains("error")
            {
                lines.extend(line.parse::<usize>());
            } else if let Some((_, line)) = message.rsplit_once(" at line ") {
                lines.extend(line.split_whitespace().next().and_then(|line| line.parse::<usize>().ok()));
            }
        }
        lines
    }
}

impl Drop for Nvcc {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
