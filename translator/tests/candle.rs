//! Real machine-learning kernels: the files of the crate `candle-kernels`, which `cargo xtask tools` fetches, outside of `moe/` and
//! `mmq_gguf/`. Every kernel must reach the IR.

use source::SourceMap;
use std::path::{Path, PathBuf};
use translator::{KernelStatus, ShippedHeaders, TranslateOptions, translate};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder can be read");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "cu"));
    files.sort();
    files
}

#[test]
fn every_kernel_reaches_the_ir() {
    let Some(folder) = std::env::var_os("TRANSLATE_CANDLE_KERNELS") else {
        println!("left out: candle-kernels: TRANSLATE_CANDLE_KERNELS is not set");
        return;
    };
    let (mut kernels, mut reached, mut wrong) = (0, 0, Vec::new());
    let files = files(Path::new(&folder));
    assert!(files.len() >= 12, "only {} files in {}", files.len(), folder.display());
    for path in files {
        let text = std::fs::read_to_string(&path).expect("the file can be read");
        let mut map = SourceMap::new();
        let name = path.to_string_lossy().into_owned();
        let (unit, _) = grammar::parse(&name, &text, &grammar::Options::default(), &ShippedHeaders, &mut map);
        for kernel in translate(&unit, &map, &TranslateOptions::default()).kernels {
            kernels += 1;
            match kernel.status {
                KernelStatus::Lowered => reached += 1,
                KernelStatus::NotInstantiated => wrong.push(format!("{name}: {} is not instantiated", kernel.name)),
                KernelStatus::Refused => {
                    let messages: Vec<&str> = kernel.diagnostics.iter().map(|d| d.message.as_str()).collect();
                    wrong.push(format!("{name}: {}: {}", kernel.name, messages.join("; ")));
                }
            }
        }
    }
    println!("{reached} of {kernels} kernels reach the IR");
    assert!(wrong.is_empty(), "{} of {kernels} kernels:\n{}", wrong.len(), wrong.join("\n"));
}
