//! Files that are there whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a file under a temporary name beside its place, then renames it.
pub fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    // A device such as /dev/null is written in place: renaming would replace it.
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return std::fs::OpenOptions::new().write(true).open(path)?.write_all(bytes);
    }
    let temporary = beside(path);
    let written = std::fs::File::create_new(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        drop(file);
        std::fs::rename(&temporary, path)
    });
    if written.is_err() {
        // Nothing may be left behind; if removing fails too, the first error says more.
        let _ = std::fs::remove_file(&temporary);
    }
    written
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_a_file_and_leaves_nothing_behind() {
        let folder = std::env::temp_dir().join(format!("translate-output-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("out.wgsl");
        write_whole(&path, b"first").unwrap();
        write_whole(&path, b"second").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"second");
        assert!(write_whole(&folder.join("no/such/folder"), b"x").is_err());
        assert!(write_whole(&folder, b"x").is_err());
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
