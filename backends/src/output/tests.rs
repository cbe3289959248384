use super::format::{Value, conversions, format};
use super::*;

#[track_caller]
fn check(text: &str, args: &[Value], expected: &str) {
    assert_eq!(String::from_utf8_lossy(&format(text.as_bytes(), args)), expected, "{text}");
}

fn int(value: i64) -> Value<'static> {
    Value::Bits { bits: value as u64, scalar: Scalar::I32 }
}

fn long(value: i64) -> Value<'static> {
    Value::Bits { bits: value as u64, scalar: Scalar::I64 }
}

fn double(value: f64) -> Value<'static> {
    Value::Bits { bits: value.to_bits(), scalar: Scalar::F64 }
}

#[test]
fn floats_are_promoted_by_value() {
    for value in [0.1f32, -1.5e-45, 3.4028235e38, 1e-40] {
        let bits = Value::Bits { bits: u64::from(value.to_bits()), scalar: Scalar::F32 };
        assert_eq!(format(b"%.60e", &[bits]), format(b"%.60e", &[double(f64::from(value))]));
    }
    let half = Value::Bits { bits: 0x3555, scalar: Scalar::F16 };
    check("%.10f", &[half], "0.3332519531");
}

#[test]
fn what_c_leaves_open() {
    check("%d %d", &[int(1)], "1 %d");
    check("100%! %y %", &[int(1)], "100%! %y %");
    check("%f", &[double(-f64::NAN)], "nan");
    check("%d", &[long(1 << 32 | 7)], "7");
    check("%ld", &[int(-7)], "-7");
    check("%s|%5p|%p", &[long(5), long(0), long(255)], "(null)|(nil)|0xff");
    check("%.3s|%-5s|%5s|", &[Value::Text(b"abcdef"), Value::Text(b"ab"), Value::Text(b"ab")], "abc|ab   |   ab|");
}

#[test]
fn conversions_of_a_format() {
    assert_eq!(conversions(b"%d %% %-*.*f|%5.2lld %s%c"), b"d**fdsc");
}

/// Formats and values with what glibc prints for them: `printf_cases.txt`, made by `printf_cases.cpp` beside it.
#[test]
fn as_glibc_prints() {
    let mut count = 0;
    for line in include_str!("printf_cases.txt").lines() {
        let parts: Vec<&str> = line.split('\t').collect();
        let [text, kind, bits, expected] = parts[..] else { panic!("{line}") };
        let bits = u64::from_str_radix(bits, 16).expect("bits");
        let scalar = match kind {
            "i" => Scalar::I32,
            "l" => Scalar::I64,
            _ => Scalar::F64,
        };
        check(text, &[Value::Bits { bits, scalar }], expected);
        count += 1;
    }
    assert!(count > 1000, "{count} cases");
}

fn record(log: &mut [u8], words: &[u32]) {
    let used = u32::from_le_bytes([log[0], log[1], log[2], log[3]]);
    let at = used as usize * 4;
    for (place, word) in log[at..].chunks_exact_mut(4).zip(words) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    log[..4].copy_from_slice(&(used + words.len() as u32).to_le_bytes());
}

#[test]
fn records_come_in_the_order_of_threads() {
    let texts = PrintArg::Text(vec!["no".into(), "yes".into()]);
    let print = Site::Printf {
        format: "%s %lld %g\n".into(),
        args: vec![texts, PrintArg::Scalar(Scalar::I64), PrintArg::Scalar(Scalar::F32)],
    };
    let assertion = Assertion { expression: "i < n".into(), file: "a.cu".into(), line: 3, function: "void k(int)".into() };
    let sites = [print, Site::of_assertion(&assertion)];
    let mut log = new_log(LOG_BYTES);
    assert_eq!(log.len() as u64, LOG_BYTES);
    record(&mut log, &[1, 1, 0, 1, u32::MAX, u32::MAX, 1.5f32.to_bits()]);
    record(&mut log, &[2, 0, 9]);
    record(&mut log, &[1, 0, 2, 0, 0, 1, 0]);
    let output = read_log(&log, &sites, [2, 1, 1], [4, 4, 1]);
    let expected =
        "no 4294967296 0\na.cu:3: void k(int): block: [0,0,0], thread: [1,2,0] Assertion `i < n` failed.\nyes -1 1.5\n";
    assert_eq!(String::from_utf8_lossy(&output.text), expected);
    assert_eq!((output.lost, output.failure), (0, None));
}

#[test]
fn a_log_without_room_ends_at_its_end() {
    let sites = [Site::Printf { format: "x\n".into(), args: Vec::new() }, Site::Trap];
    let mut log = new_log(56);
    record(&mut log, &[1, 0, 0]);
    // Claimed past the end, so not written.
    log[..4].copy_from_slice(&100u32.to_le_bytes());
    log[8..12].copy_from_slice(&5u32.to_le_bytes());
    for (word, value) in [(3, 2u32), (4, 1), (5, 7)] {
        log[word * 4..word * 4 + 4].copy_from_slice(&value.to_le_bytes());
    }
    let output = read_log(&log, &sites, [2, 1, 1], [4, 4, 1]);
    assert_eq!((output.text, output.lost), (b"x\n".to_vec(), 5));
    assert_eq!(output.failure, Some(Failed { assertion: None, block: [1, 0, 0], thread: [3, 1, 0] }));
}

#[test]
fn garbage_is_no_panic() {
    let sites = [Site::Trap];
    for log in [&[][..], &[255; 7], &[255; 64], &[0; 40]] {
        assert_eq!(read_log(log, &sites, [1, 1, 1], [1, 1, 1]).text, b"");
    }
    assert_eq!(new_log(0).len(), 32);
}

#[test]
fn sites_are_plain_json() {
    let site = Site::Printf { format: "%f".into(), args: vec![PrintArg::Scalar(Scalar::F32), PrintArg::Text(vec!["a".into()])] };
    let text = serde_json::to_string(&site).unwrap();
    assert_eq!(text, r#"{"printf":{"format":"%f","args":[{"scalar":"f32"},{"text":["a"]}]}}"#);
    assert_eq!(serde_json::from_str::<Site>(&text).unwrap(), site);
}
