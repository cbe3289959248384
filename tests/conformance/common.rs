//! What the tests here share.

pub use harness::left_out;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// The command under test, which is its own worker.
pub const TRANSLATE: &str = env!("CARGO_BIN_EXE_translate");

pub fn samples() -> Vec<PathBuf> {
    let found = cuda_files("samples");
    assert!(found.len() >= 30, "there are only {} samples", found.len());
    found
}

/// The CUDA files below a folder of the repository, in the order of their paths.
pub fn cuda_files(folder: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).expect("the folder can be read").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "cu") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// A sample by its folder and name, as messages show it.
pub fn short(path: &Path) -> String {
    let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
    let name = path.file_name().unwrap_or_default();
    format!("{}/{}", folder.to_string_lossy(), name.to_string_lossy())
}

/// A fresh folder below the system's temporary one: no other call has it, for tests run side by side and remove theirs.
pub fn scratch(name: &str) -> PathBuf {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("translate-{name}-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder can be made");
    folder
}

/// Runs `work` with a stack that deep nesting cannot exhaust, as the command does.
pub fn with_deep_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(work).expect("a thread can be made");
    thread.join().expect("the work does not panic")
}
