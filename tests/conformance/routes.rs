//! The way from the IR through the shader passes to a device and back, without the front end: what a launch's memory, arguments,
//! offsets, symbols and guards become.

use crate::common::{TRANSLATE, left_out, with_deep_stack};
use harness::read_header;
use ir::FunctionKind;
use runner::worker::Worker;
use source::SourceMap;
use std::path::Path;
use translate::check::{Checker, Row, Settings, Verdict};
use translate::pipeline::{Compiled, KernelReport, KernelState, Stage};
use translate::screen::Screen;

/// Rows of a case: a header, and kernels in the text form of the IR.
fn rows(header: &str, kernels: &str) -> Vec<Row> {
    let (header, kernels) = (header.to_string(), kernels.to_string());
    with_deep_stack(move || {
        let mut map = SourceMap::new();
        let file = map.add_file("case.cu", header).expect("a small file");
        let case = read_header(&map, file, Path::new("")).unwrap_or_else(|e| panic!("{e:?}"));
        let module = ir::text::parse(&kernels).unwrap_or_else(|e| panic!("{e}"));
        let found = module.functions.iter().filter(|(_, function)| function.kind == FunctionKind::Kernel);
        let found = found.map(|(id, function)| KernelReport {
            name: function.name.clone(),
            requests: Vec::new(),
            state: KernelState::Lowered(id),
            stage: Stage::Lowered,
            diagnostics: Vec::new(),
        });
        let compiled = Compiled { kernels: found.collect(), module, main_file: Some(file), map, diagnostics: Vec::new() };
        let (present, _) = Worker::new(TRANSLATE, [runner::worker::COMMAND]).devices().expect("the worker lists its devices");
        if present.is_empty() {
            left_out("the routes to devices", "there is no device");
        }
        let settings = Settings::default();
        Checker::with_worker_program(settings, &present, Path::new(TRANSLATE)).case("case", &case, &compiled, &Screen::silent())
    })
}

#[track_caller]
fn agrees(header: &str, kernels: &str) {
    for row in rows(header, kernels) {
        assert_eq!(row.verdict, Verdict::Agrees, "{} by {}: {}", row.device, row.route, row.detail);
    }
}

const SAXPY: &str = "
kernel saxpy(n: i32, a: f32, x: *global f32 const, y: *global f32) {
  let i = i32(blockIdx.x * blockDim.x + threadIdx.x)
  if i < n {
    y[i] = a * x[i] + y[i]
  }
}
";

#[test]
fn pointers_and_numbers_arrive() {
    agrees(
        "
//# launch = { kernel = 'saxpy', grid = 4, block = 256 }
//# args = [{ n = 1000 }, { a = 2.0 }, { x = 'iota f32 1000' }, { y = 'fill 1.0 f32 1000' }]
//# expect = { y = '2*i + 1' }
",
        SAXPY,
    );
}

#[test]
fn pointers_may_start_anywhere_in_one_buffer() {
    agrees(
        "
//# launch = { kernel = 'saxpy', grid = 4, block = 64 }
//# buffers = { both = 'iota f32 200' }
//# args = [{ n = 90 }, { a = 2.0 }, { x = { buffer = 'both', offset = 4 } }, { y = { buffer = 'both', offset = 400 } }]
//# expect = { both = 'i >= 100 && i < 190 ? 2 * (i - 99) + i : i' }
",
        SAXPY,
    );
}

#[test]
fn launches_share_memory() {
    agrees(
        "
//# launches = [
//#   { kernel = 'saxpy', grid = 1, block = 64, args = ['n', 'a', 'x', 'y'] },
//#   { kernel = 'saxpy', grid = 1, block = 64, args = ['n', 'a', 'y', 'x'] },
//# ]
//# args = [{ n = 50 }, { a = 3.0 }, { x = 'iota f32 50' }, { y = 'fill 1.0 f32 50' }]
//# expect = { y = '3*i + 1', x = '3*(3*i + 1) + i' }
",
        SAXPY,
    );
}

#[test]
fn what_differs_is_found() {
    let rows = rows(
        "
//# launch = { kernel = 'saxpy', grid = 1, block = 64 }
//# args = [{ n = 50 }, { a = 3.0 }, { x = 'iota f32 50' }, { y = 'fill 1.0 f32 50' }]
//# expect = { y = 'i == 7 ? 0 : 3*i + 1' }
",
        SAXPY,
    );
    for row in rows {
        assert_eq!(row.verdict, Verdict::Differs, "{}", row.detail);
        assert!(row.detail.starts_with("y[7] is 22.0, expected 0.0 (1 of 50 differ)"), "{}", row.detail);
    }
}

#[test]
fn more_pointers_than_a_device_binds_share_one_heap() {
    let names: Vec<String> = (0..12).map(|n| format!("p{n}")).collect();
    let params: Vec<_> = names.iter().map(|name| format!("{name}: *global f32")).collect();
    let args: Vec<_> = names.iter().map(|name| format!("{{ {name} = 'iota f32 100' }}")).collect();
    let sum: Vec<_> = names[1..].iter().map(|name| format!("{name}[i]")).collect();
    let body =
        format!("let i = i32(blockIdx.x * blockDim.x + threadIdx.x)\n  if i < 100 {{\n    p0[i] = {}\n  }}", sum.join(" + "));
    let header = format!(
        "
//# launch = {{ kernel = 'sum', grid = 2, block = 64 }}
//# args = [{}]
//# expect = {{ p0 = '11*i' }}
",
        args.join(", ")
    );
    agrees(&header, &format!("\nkernel sum({}) {{\n  {body}\n}}\n", params.join(", ")));
}
