//! What mutations start from: every `.cu` file under some folders.

use std::path::{Path, PathBuf};

/// The folders of the repository that hold CUDA.
pub fn own_folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    ["samples", "translator/tests", "grammar/tests", "tests/fuzz/findings"].iter().map(|folder| root.join(folder)).collect()
}

/// The texts of all `.cu` files, in the order of their paths.
pub fn read(folders: &[PathBuf]) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut left = folders.to_vec();
    while let Some(folder) = left.pop() {
        for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                left.push(path);
            } else if path.extension().is_some_and(|extension| extension == "cu")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}
