//! Each function of CUDA's math API, by `math_api.txt`: it ships, or the page says that it is missing.

use source::SourceMap;
use translator::{KernelStatus, ShippedHeaders, TranslateOptions, translate};

/// A section of the page: the header that declares it, names that ship, names that do not.
#[derive(Default)]
struct Section {
    header: String,
    shipped: Vec<&'static str>,
    missing: Vec<&'static str>,
}

fn sections() -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut missing = false;
    for line in include_str!("math_api.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some((_, header)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
            sections.push(Section { header: header.trim().to_string(), ..Section::default() });
            missing = false;
        }
        let Some(section) = sections.last_mut().filter(|_| !line.starts_with('[')) else { continue };
        let words = match line.strip_prefix("missing:") {
            Some(rest) => {
                missing = true;
                rest
            }
            None => line,
        };
        if missing { section.missing.extend(words.split_whitespace()) } else { section.shipped.extend(words.split_whitespace()) }
    }
    sections
}

/// Which of the names are functions that device code can see: a kernel for each, of which one refused costs the others nothing.
fn visible(header: &str, names: &[&str]) -> Vec<bool> {
    let mut text = if header.is_empty() { String::new() } else { format!("#include <{header}>\n") };
    for (index, name) in names.iter().enumerate() {
        text += &format!("__global__ void asks_{index}() {{ using ::{name}; }}\n");
    }
    let mut map = SourceMap::new();
    let (unit, diagnostics) = grammar::parse("math_api.cu", &text, &grammar::Options::default(), &ShippedHeaders, &mut map);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let translation = translate(&unit, &map, &TranslateOptions::default());
    assert_eq!(translation.kernels.len(), names.len());
    translation.kernels.iter().map(|kernel| kernel.status == KernelStatus::Lowered).collect()
}

#[test]
fn every_function_ships_or_is_named_as_missing() {
    let mut wrong = Vec::new();
    let sections = sections();
    assert_eq!(sections.len(), 5);
    for section in sections {
        for (name, found) in section.shipped.iter().zip(visible(&section.header, &section.shipped)) {
            if !found {
                wrong.push(format!("{name} is not there"));
            }
        }
        for (name, found) in section.missing.iter().zip(visible(&section.header, &section.missing)) {
            if found {
                wrong.push(format!("{name} is there; it is no longer missing"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
