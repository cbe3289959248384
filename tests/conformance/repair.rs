//! The repair of barriers costs nothing where none is needed: a kernel that Tint accepts as the source has it gets no barrier more.

use crate::common::{left_out, samples, scratch, short, with_deep_stack};
use crate::validators::case_of;
use backends::shader::Options;
use ir::{StmtKind, WarpOp};
use std::path::{Path, PathBuf};
use std::process::Command;
use translate::emit::wgsl_text;
use translate::pipeline::{KernelState, Request, compile_file};

/// A kernel that synchronises its block.
struct Kernel {
    name: String,
    as_it_stands: PathBuf,
    barriers: usize,
    /// `None` if the kernel is refused with the repair.
    after_repair: Option<usize>,
}

/// `__activemask()` asks nobody where the whole block comes by, and must ask where it does not: there Tint would accept what is wrong.
fn asks_who_is_here(module: &ir::Module) -> bool {
    let mut found = false;
    for (_, function) in module.functions.iter() {
        function.body.walk(&mut |stmt| found |= matches!(stmt.kind, StmtKind::Warp { op: WarpOp::ActiveMask, .. }));
    }
    found
}

/// Calls and declarations alike: the same functions stand in both texts if their barriers are the same.
fn barriers(text: &str) -> usize {
    ["workgroupBarrier()", "storageBarrier()", "workgroupUniformLoad(", "blockAny(", "blockCount("]
        .map(|word| text.matches(word).count())
        .iter()
        .sum()
}

/// The kernels, and the samples that are not compared.
fn kernels(folder: &Path) -> (Vec<Kernel>, Vec<String>) {
    let (mut found, mut not_compared) = (Vec::new(), Vec::new());
    for path in samples() {
        let case = case_of(&path);
        let mut request = Request::default().with_sample(&case.options, path.parent().expect("samples lie in folders"));
        request.kernels.extend(case.launches.iter().map(|launch| launch.kernel.clone()));
        let compiled = compile_file(&path, &request);
        if asks_who_is_here(&compiled.module) {
            not_compared.push(short(&path));
            continue;
        }
        for kernel in &compiled.kernels {
            let KernelState::Lowered(id) = kernel.state else { continue };
            let options = Options { cut_at_fences: true, ..Options::default() };
            // What needs 64 bits or a heap is no matter of barriers.
            let Ok(text) = wgsl_text(&compiled, &[id], &Options { leave_barriers: true, ..options.clone() }) else { continue };
            if barriers(&text) > 0 {
                let as_it_stands = folder.join(format!("{}.wgsl", found.len()));
                std::fs::write(&as_it_stands, &text).expect("a temporary file can be written");
                let after_repair = wgsl_text(&compiled, &[id], &options).ok().map(|text| barriers(&text));
                let name = format!("{}: {}", short(&path), kernel.name);
                found.push(Kernel { name, as_it_stands, barriers: barriers(&text), after_repair });
            }
        }
    }
    (found, not_compared)
}

#[test]
fn what_tint_accepts_as_it_stands_gets_no_barrier() {
    let Some(tint) = std::env::var_os("TRANSLATE_TINT") else {
        return left_out("barriers before and after their repair", "TRANSLATE_TINT is not set");
    };
    let folder = scratch("repair");
    let place = folder.clone();
    let (kernels, not_compared) = with_deep_stack(move || kernels(&place));
    // They call __activemask, which asks nobody where barriers are left as they stand.
    assert_eq!(not_compared, ["warps/aggregated_atomics.cu", "warps/groups.cu"]);
    let files = kernels.iter().map(|kernel| &kernel.as_it_stands);
    let output = Command::new("node").arg(tint).args(files).output().expect("node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let verdicts: Vec<bool> =
        text.lines().filter(|line| line.starts_with('{')).map(|line| line.contains("\"ok\":true")).collect();
    assert_eq!(verdicts.len(), kernels.len(), "{}", String::from_utf8_lossy(&output.stderr));
    let accepted: Vec<&Kernel> = kernels.iter().zip(verdicts).filter(|(_, ok)| *ok).map(|(kernel, _)| kernel).collect();
    println!("{} kernels of samples have barriers, Tint accepts {} as they stand", kernels.len(), accepted.len());
    assert!(accepted.len() >= 20, "{}", accepted.len());
    let changed: Vec<String> = accepted
        .iter()
        .filter(|kernel| kernel.after_repair != Some(kernel.barriers))
        .map(|kernel| format!("{}: {} barriers, then {:?}", kernel.name, kernel.barriers, kernel.after_repair))
        .collect();
    assert!(changed.is_empty(), "{}", changed.join("\n"));
    std::fs::remove_dir_all(&folder).expect("the temporary folder can be removed");
}
