use super::*;
use crate::case::{ArgValue, Check, Target};
use crate::scalar::{Scalar, Value};

fn header(text: &str) -> Result<Case, Vec<(String, String, String)>> {
    let mut map = SourceMap::new();
    let file = map.add_file("sample.cu", text).unwrap();
    read_header(&map, file, Path::new(".")).map_err(|diagnostics| {
        let place = |d: &Diagnostic| map.snippet(d.span()).unwrap_or_default().to_string();
        diagnostics.iter().map(|d| (d.code.to_string(), d.message.clone(), place(d))).collect()
    })
}

const SAXPY: &str = r#"// y = a * x + y.
//# launch  = { kernel = "saxpy", grid = 4, block = 256 }
//# args    = [{ n = 10 }, { a = 2.0 }, { x = "iota f32 10" }, { y = "fill 1.0 f32 10" }]
//# expect  = { y = "2*i + 1", ulp = 2, past_end = "untouched" }
__global__ void saxpy(int n, float a, const float *x, float *y) {}
"#;

#[test]
fn the_documented_header_reads() {
    let case = header(SAXPY).unwrap();
    let launch = &case.launches[0];
    assert_eq!((launch.grid, launch.block, launch.shared), ([4, 1, 1], [256, 1, 1], 0));
    assert_eq!(launch.args[0].value, ArgValue::Number { text: "10".into(), ty: None });
    assert_eq!(launch.args[3].value, ArgValue::Pointer { buffer: 1, offset: 0 });
    let Check::Equals { expected, tolerance, .. } = &case.buffers[1].check else { panic!("y is compared") };
    assert_eq!(tolerance.ulp, Some(2));
    assert_eq!(Scalar::F32.load(&expected[16..]), Value::Float(9.0));
    let Check::Equals { expected, tolerance, .. } = &case.buffers[0].check else { panic!("x is compared") };
    assert_eq!((expected, tolerance.ulp), (&case.buffers[0].initial, None));
}

#[test]
fn structures_symbols_and_several_launches() {
    let case = header(
        r#"
//# launches = [
//#   { kernel = "first<float>", grid = [2, 2], block = [4, 4, 4], shared = 64, args = ["ps", "n"] },
//#   { kernel = "second", grid = 1, block = 32, args = ["scratch", "q"] },
//# ]
//# buffers = { scratch = "zeros u32 8" }
//# args = [
//#   { ps = { count = 3, fields = [{ v = "float2 i + c" }, { id = "i32 i * n" }] } },
//#   { n = 5 }, { q = { buffer = "ps", offset = 16 } }, { by_value = { fields = [{ a = "i16 7" }, { b = "f32 1.5" }] } },
//# ]
//# symbols = { table = "list f32 1 2 3" }
//# expect = { "ps.id" = "ps.id[i] + table[i]", scratch = "anything", table = [1, 2, 4.5] }
//# targets = { wgsl = "refuse E0501", spirv = "skip: no reason" }
"#,
    )
    .unwrap();
    assert_eq!(case.launches.len(), 2);
    assert_eq!(case.launches[0].block, [4, 4, 4]);
    assert_eq!(case.launches[1].args[0].value, ArgValue::Pointer { buffer: 0, offset: 0 });
    assert_eq!(case.launches[1].args[1].value, ArgValue::Pointer { buffer: 1, offset: 16 });
    let ps = &case.buffers[1];
    assert_eq!(ps.initial.len(), 48);
    assert_eq!(Scalar::I32.load(&ps.initial[40..]), Value::Int(10));
    let Check::Equals { expected, .. } = &ps.check else { panic!("ps is compared") };
    assert_eq!(Scalar::I32.load(&expected[40..]), Value::Int(13));
    assert_eq!(Scalar::F32.load(&expected[36..]), Value::Float(3.0));
    assert_eq!(case.plan(Route::Wgsl), Plan::Refuse("E0501".into()));
    assert_eq!(case.plan(Route::Spirv), Plan::Skip("no reason".into()));
    assert_eq!(case.plan(Route::Interpreter), Plan::Run);
}

#[test]
fn a_formula_may_take_several_lines() {
    let case = header(
        "//# launch = { kernel = 'k', grid = 1, block = 4 }\n//# args = [{ y = 'zeros i32 4' }]\n//# expect = { y = ''' {\n//#   let s = 0;\n//#   for k in 0..i { s = s + k; }\n//#   s\n//# } ''' }\n",
    )
    .unwrap();
    let Check::Equals { expected, .. } = &case.buffers[0].check else { panic!("y is compared") };
    assert_eq!(Scalar::I32.load(&expected[12..]), Value::Int(3));
}

#[test]
fn pointers_are_numbers_of_elements_until_all_is_read() {
    let case = header(
        "//# launch = { kernel = \"k\", grid = 1, block = 1 }\n\
         //# args = [{ heads = \"list nodes* 1 -1\" }, { nodes = { count = 2, fields = [{ v = \"i32 i\" }, { next = \"nodes* i - 1\" }] } }]\n\
         //# expect = { \"nodes.next\" = \"1 - i\" }\n__global__ void k() {}\n",
    )
    .unwrap();
    let (heads, nodes) = (&case.buffers[0], &case.buffers[1]);
    let target = |bytes: &[u8], at: usize| Target::from_bits(u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()));
    assert_eq!(heads.pointers, [0, 8]);
    assert_eq!(target(&heads.initial, 0), Some(Target { buffer: 1, offset: 16 }));
    assert_eq!(target(&heads.initial, 8), None);
    assert_eq!(nodes.pointers, [8, 24]);
    let Check::Equals { expected, .. } = &nodes.check else { panic!("nodes are compared") };
    assert_eq!(target(expected, 8), Some(Target { buffer: 1, offset: 16 }));
    assert_eq!(target(expected, 24), Some(Target { buffer: 1, offset: 0 }));
}

#[track_caller]
fn refused(from: &str, to: &str, code: &str, part: &str, place: &str) {
    assert!(SAXPY.contains(from));
    let errors = header(&SAXPY.replacen(from, to, 1)).expect_err(to);
    assert!(
        errors.iter().any(|(c, message, at)| c == code && message.contains(part) && at == place),
        "{to}: expected {code} {part} at `{place}`, got {errors:?}"
    );
}

#[test]
fn mistakes_are_refused_with_their_place() {
    refused("launch ", "lunch ", "E0651", "unknown key `lunch`", "lunch");
    refused("block = 256", "block = 256, shard = 4", "E0651", "unknown key `shard`", "shard");
    refused("block = 256", "block = 0", "E0652", "at least 1", "0");
    refused("block = 256", "block = [1, 2, 3, 4]", "E0652", "one to three", "[1, 2, 3, 4]");
    refused("grid = 4, ", "", "E0652", "`grid` is missing", "{ kernel = \"saxpy\", block = 256 }");
    refused("grid = 4", "grid = \"4\"", "E0652", "a whole number, found a string", "\"4\"");
    refused("iota f32 10", "iotta f32 10", "E0654", "no generator `iotta`", "\"iotta f32 10\"");
    refused("2*i + 1", "2*j + 1", "E0655", "nothing is named `j`", "j");
    refused("2*i + 1", "2*i +", "E0655", "a value", "");
    refused("y = \"2*i", "z = \"2*i", "E0653", "no memory is named `z`", "z");
    refused("y = \"2*i + 1\", ulp = 2", "ulp = 2", "E0656", "names no memory", "{ ulp = 2, past_end = \"untouched\" }");
    refused("\"untouched\"", "\"touched\"", "E0652", "past_end", "\"touched\"");
    refused("{ n = 10 }", "{ x = 10 }", "E0653", "declared twice", "\"iota f32 10\"");
    refused("{ n = 10 }", "{ n = 10, m = 2 }", "E0652", "one name each", "{ n = 10, m = 2 }");
    refused("{ n = 10 }", "{ n = { buffer = \"nowhere\" } }", "E0653", "no buffer `nowhere`", "\"nowhere\"");
    refused("ulp = 2", "ulp = -2", "E0652", "from 0", "-2");
    refused("\"2*i + 1\"", "[1, 2]", "E0652", "10 elements are compared, and here are 2", "[1, 2]");
    let errors = header("//# launch = { kernel = \n").expect_err("not TOML");
    assert_eq!(errors[0].0, "E0650");
    let errors = header("__global__ void k() {}\n").expect_err("no header");
    assert_eq!(errors[0].0, "E0656");
}
