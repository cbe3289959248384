//! Launch files by `translate check --launch`: pointers of the host in them, and programs whose result is undefined.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder with one launch: `launch.toml` and the files beside it.
struct Launch {
    folder: PathBuf,
}

impl Launch {
    fn new(name: &str, toml: &str, files: &[(&str, &[u64])]) -> Launch {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replay").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("launch.toml"), toml).unwrap();
        for (file, words) in files {
            let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
            std::fs::write(folder.join(file), bytes).unwrap();
        }
        Launch { folder }
    }

    /// The rows that the interpreter, before the passes and behind them, has for this source.
    fn rows(&self, source: &str) -> Vec<Value> {
        let path = self.folder.join("kernel.cu");
        std::fs::write(&path, source).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_translate"));
        command.arg("check").arg(&path).args(["--json", "--device", "none", "--passes", "--launch"]).arg(&self.folder);
        let output = command.output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["rows"].as_array().unwrap().clone()
    }
}

fn verdicts(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["verdict"].as_str().unwrap()).collect()
}

const LIST: &str = "
struct Node { unsigned long long value; Node *next; };
struct List { Node *first; Node **last; };
// Sums a list, and appends its own first node's successor to where `last` points.
__global__ void sum(List list, unsigned long long *total) {
    unsigned long long sum = 0;
    for (Node *node = list.first; node; node = node->next) sum += node->value;
    *total = sum;
    *list.last = list.first->next;
}
";

fn list(nodes: &str) -> String {
    format!(
        "kernel = 'sum'
grid = [1, 1, 1]
block = [1, 1, 1]
[[buffers]]
name = 'nodes'
bytes = 48
address = 0x7000
file = '{nodes}'
[[buffers]]
name = 'total'
bytes = 8
address = 0x9000
file = 'total.bin'
expect = 'total.after.bin'
[[buffers]]
name = 'last'
bytes = 8
address = 0xa000
file = 'last.bin'
expect = 'last.after.bin'
[[args]]
type = 'List'
bytes = '107000000000000000a0000000000000'
[[args]]
type = 'unsigned long long*'
buffer = 'total'
"
    )
}

const OTHER_FILES: [(&str, &[u64]); 4] =
    [("total.bin", &[0]), ("total.after.bin", &[60]), ("last.bin", &[0]), ("last.after.bin", &[0x7020])];

#[test]
fn addresses_in_structures_and_in_memory_become_pointers() {
    // The second node is the first of the list, then the third, then the first.
    let mut files = vec![("nodes.bin", [10, 0, 20, 0x7020, 30, 0x7000].as_slice())];
    files.extend(OTHER_FILES);
    let rows = Launch::new("list", &list("nodes.bin"), &files).rows(LIST);
    assert_eq!(verdicts(&rows), ["agrees", "agrees"], "{rows:#?}");
}

#[test]
fn an_address_in_no_allocation_is_refused() {
    let mut files = vec![("nodes.bin", [10, 0x123, 20, 0x7020, 30, 0x7000].as_slice())];
    files.extend(OTHER_FILES);
    let rows = Launch::new("unknown", &list("nodes.bin"), &files).rows(LIST);
    assert_eq!(verdicts(&rows), ["refused"]);
    assert_eq!(rows[0]["codes"][0], "E0666");
    assert!(rows[0]["detail"].as_str().unwrap().contains("0x123"), "{rows:#?}");
}

#[test]
fn an_address_between_two_allocations_is_refused() {
    // The list's 48 bytes at 0x7000 end where the total starts.
    let mut files = vec![("nodes.bin", [10, 0, 20, 0x7020, 30, 0x7030].as_slice())];
    files.extend(OTHER_FILES);
    let rows = Launch::new("between", &list("nodes.bin").replace("0x9000", "0x7030"), &files).rows(LIST);
    assert_eq!((verdicts(&rows), &rows[0]["codes"][0]), (vec!["refused"], &Value::from("E0666")), "{rows:#?}");
}

const RACE: &str = "
__global__ void last(unsigned long long *out) { out[0] = threadIdx.x; }
";

const RACE_LAUNCH: &str = "kernel = 'last'
grid = [1, 1, 1]
block = [64, 1, 1]
[[buffers]]
name = 'out'
bytes = 8
file = 'out.bin'
expect = 'out.after.bin'
[[args]]
type = 'unsigned long long*'
buffer = 'out'
";

#[test]
fn what_differs_in_a_program_with_a_race_is_undefined() {
    let files: [(&str, &[u64]); 2] = [("out.bin", &[99]), ("out.after.bin", &[17])];
    let rows = Launch::new("race", RACE_LAUNCH, &files).rows(RACE);
    assert_eq!(verdicts(&rows), ["undefined", "undefined"], "{rows:#?}");
    assert_eq!(rows[0]["codes"][0], "E0637");
    let detail = rows[0]["detail"].as_str().unwrap();
    assert!(detail.contains("data race") && detail.contains("expected 17"), "{detail}");
    assert!(rows[0]["places"][0].as_str().unwrap().ends_with("kernel.cu:2"), "{rows:#?}");
}

/// The race is on another buffer, and no order changes this one.
#[test]
fn what_differs_beside_a_race_differs() {
    let files: [(&str, &[u64]); 4] = [("out.bin", &[99]), ("out.after.bin", &[17]), ("b.bin", &[0]), ("b.after.bin", &[7])];
    let second = "[[buffers]]\nname = 'b'\nbytes = 8\nfile = 'b.bin'\nexpect = 'b.after.bin'\n[[args]]\n";
    let toml = RACE_LAUNCH.replacen("[[args]]\n", second, 1) + "[[args]]\ntype = 'unsigned long long*'\nbuffer = 'b'\n";
    for write in ["a[0] = threadIdx.x;", "atomicExch(a, (unsigned long long)threadIdx.x);"] {
        let text = format!(
            "__global__ void last(unsigned long long *a, unsigned long long *b) {{ {write} if (threadIdx.x == 0) b[0] = 5; }}"
        );
        let rows = Launch::new("beside", &toml, &files).rows(&text);
        assert_eq!(verdicts(&rows), ["differs", "differs"], "{rows:#?}");
        assert!(rows[0]["detail"].as_str().unwrap().contains("the program also has E06"), "{rows:#?}");
    }
}

#[test]
fn what_differs_in_a_sound_program_differs() {
    let files: [(&str, &[u64]); 2] = [("out.bin", &[99]), ("out.after.bin", &[17])];
    let rows = Launch::new("sound", RACE_LAUNCH, &files)
        .rows("__global__ void last(unsigned long long *out) { if (threadIdx.x == 5) out[0] = threadIdx.x; }");
    assert_eq!(verdicts(&rows), ["differs", "differs"], "{rows:#?}");
}

#[test]
fn what_depends_on_the_order_of_threads_is_undefined() {
    let files: [(&str, &[u64]); 2] = [("out.bin", &[99]), ("out.after.bin", &[17])];
    let rows = Launch::new("order", RACE_LAUNCH, &files)
        .rows("__global__ void last(unsigned long long *out) { atomicExch(out, (unsigned long long)threadIdx.x); }");
    assert_eq!(verdicts(&rows), ["undefined", "undefined"], "{rows:#?}");
    assert_eq!(rows[0]["codes"][0], "E0640");
    let detail = rows[0]["detail"].as_str().unwrap();
    assert!(
        detail.contains("in descending order out[0] is 0, expected 63")
            && detail.ends_with("here out[0] is 63, expected 17 (1 of 1 differ)"),
        "{detail}"
    );
}

/// One element depends on the order, another one does not: a buffer is not excused as a whole.
#[test]
fn an_element_that_no_order_changes_differs() {
    let toml = RACE_LAUNCH.replace("bytes = 8", "bytes = 16");
    let text = "__global__ void last(unsigned long long *out) {
        atomicExch(out, (unsigned long long)threadIdx.x);
        if (threadIdx.x == 0) out[1] = 5;
    }";
    let verdict = |name, after: &[u64]| {
        let rows = Launch::new(name, &toml, &[("out.bin", &[99, 99]), ("out.after.bin", after)]).rows(text);
        rows[0]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("element", &[17, 5]), "undefined");
    assert_eq!(verdict("elements", &[17, 6]), "differs");
}

/// A long that threads race on, though no order changes it: a device may make halves of it, the interpreter does not.
#[test]
fn a_long_that_no_order_changes_differs_on_the_interpreter() {
    let rows = Launch::new("halves", RACE_LAUNCH, &[("out.bin", &[99]), ("out.after.bin", &[7])]).rows(
        "__global__ void last(unsigned long long *out) {
            if (threadIdx.x == 0) out[0] = 0x500000006;
            if (threadIdx.x == 1 && out[0] == 3) out[0] = 4;
        }",
    );
    assert_eq!(verdicts(&rows), ["differs", "differs"], "{rows:#?}");
    assert!(rows[0]["detail"].as_str().unwrap().contains("the program also has E0637"), "{rows:#?}");
}

/// Whether two threads meet at a free place shows only where they run in lockstep, as the captured launch did.
#[test]
fn what_only_lockstep_shows_is_undefined() {
    let files: [(&str, &[u64]); 2] = [("out.bin", &[0, 0]), ("out.after.bin", &[1, 2])];
    let toml = RACE_LAUNCH.replace("bytes = 8", "bytes = 16").replace("[64, 1, 1]", "[2, 1, 1]");
    let rows = Launch::new("lockstep", &toml, &files).rows(
        "__global__ void last(unsigned long long *out) {
            if (atomicAdd(out, 0ull) == 0) { atomicExch(out, 1ull); atomicAdd(out + 1, 1ull); }
        }",
    );
    assert_eq!(verdicts(&rows), ["undefined", "undefined"], "{rows:#?}");
    let detail = rows[0]["detail"].as_str().unwrap();
    assert!(detail.contains("E0640") && detail.contains("where threads take a step each in turn out[1] is 2"), "{detail}");
}

/// The source reads beyond its buffer: the fault names the program and says what else it could be.
#[test]
fn a_fault_before_the_passes_is_the_programs_or_lowerings() {
    let files: [(&str, &[u64]); 2] = [("out.bin", &[99]), ("out.after.bin", &[17])];
    let rows = Launch::new("beyond", RACE_LAUNCH, &files)
        .rows("__global__ void last(unsigned long long *out) { if (threadIdx.x == 0) out[0] = out[1]; }");
    assert_eq!((rows[0]["verdict"].as_str().unwrap(), &rows[0]["codes"][0]), ("undefined", &Value::from("E0620")), "{rows:#?}");
    assert!(rows[0]["detail"].as_str().unwrap().contains("if its lowering is right"), "{rows:#?}");
}

const INSTANCES: &str = "
template <int N> __global__ void last(unsigned long long *out) { out[0] = N; }
template <int N> void launch(unsigned long long *out) { last<N><<<1, 64>>>(out); }
int main() { launch<3>(nullptr); launch<4>(nullptr); }
";

#[test]
fn a_name_of_several_instances_is_not_guessed() {
    let files: [(&str, &[u64]); 2] = [("out.bin", &[99]), ("out.after.bin", &[4])];
    let toml = RACE_LAUNCH.replace("'last'", "'last<N>'");
    let rows = Launch::new("instances", &toml, &files).rows(INSTANCES);
    assert_eq!((verdicts(&rows), &rows[0]["codes"][0]), (vec!["refused"], &Value::from("E0664")), "{rows:#?}");
    let named = Launch::new("instance", &RACE_LAUNCH.replace("'last'", "'last<4>'"), &files).rows(INSTANCES);
    assert_eq!(verdicts(&named), ["agrees", "agrees"], "{named:#?}");
}

#[test]
fn numbers_convert_to_half() {
    let files: [(&str, &[u64]); 2] = [("out.bin", &[99]), ("out.after.bin", &[0x2e66])];
    let toml = format!("{RACE_LAUNCH}[[args]]\ntype = 'float'\nvalue = '0.1'\n");
    let rows = Launch::new("half", &toml, &files).rows(
        "#include <cuda_fp16.h>
__global__ void last(unsigned long long *out, __half h) { if (threadIdx.x == 0) out[0] = __half_as_ushort(h); }",
    );
    assert_eq!(verdicts(&rows), ["agrees", "agrees"], "{rows:#?}");
}
