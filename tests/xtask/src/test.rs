//! `cargo xtask test`: all tests with all tools, and an honest count of what was left out.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::tools::{Tools, folder};
use crate::{nvcc, shell};

pub fn run(args: &[String]) -> Result<ExitCode, String> {
    let tools = Tools::fetch()?;
    let left_out_by_tests = folder().join("left-out.txt");
    fs::write(&left_out_by_tests, "").map_err(|error| format!("{}: {error}", left_out_by_tests.display()))?;

    let samples_pass = judge_samples(&tools)?;
    let mut command = shell::cargo();
    let chosen = args.iter().any(|arg| arg == "-p" || arg.starts_with("--package"));
    command.args(["test", "--no-fail-fast"]).args((!chosen).then_some("--workspace")).args(args).envs(&tools.env);
    command.env("TRANSLATE_LEFT_OUT", &left_out_by_tests);
    let (counts, tests_pass) = run_counted(&mut command)?;

    let noted = Noted::read(&fs::read_to_string(&left_out_by_tests).unwrap_or_default());
    let left_out = print_left_out(&tools, &noted.lines);
    // libtest counts a test that returns early as passed.
    let passed = counts.passed.saturating_sub(noted.tests.len());
    println!("{passed} passed, {} failed, {} skipped", counts.failed, counts.ignored + left_out);
    Ok(if tests_pass && samples_pass { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The sum over all test programs.
#[derive(Default)]
struct Counts {
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Counts {
    /// `test result: ok. 8 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s`
    fn add(&mut self, line: &str) {
        let Some(rest) = line.strip_prefix("test result: ") else { return };
        for part in rest.split(['.', ';']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(what)) = (words.next().map(str::parse::<usize>), words.next()) else { continue };
            match what {
                "passed" => self.passed += count,
                "failed" => self.failed += count,
                "ignored" => self.ignored += count,
                _ => {}
            }
        }
    }
}

/// What the tests noted down in `TRANSLATE_LEFT_OUT`: `WHAT: REASON`, a tab, and the test.
#[derive(Default)]
struct Noted {
    lines: Vec<String>,
    /// Tests that left something out, each once.
    tests: Vec<String>,
}

impl Noted {
    fn read(text: &str) -> Noted {
        let mut noted = Noted::default();
        for line in text.lines() {
            let (what, test) = line.split_once('\t').unwrap_or((line, ""));
            noted.lines.push(what.to_string());
            if !test.is_empty() && !noted.tests.iter().any(|known| known == test) {
                noted.tests.push(test.to_string());
            }
        }
        noted
    }
}

/// Runs cargo, shows what it prints, and adds up its result lines.
fn run_counted(command: &mut Command) -> Result<(Counts, bool), String> {
    let cannot_run = |error: std::io::Error| format!("cargo cannot be run: {error}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(cannot_run)?;
    let mut counts = Counts::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(cannot_run)?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            counts.add(&line);
        }
    }
    let status = child.wait().map_err(cannot_run)?;
    Ok((counts, status.success()))
}

fn judge_samples(tools: &Tools) -> Result<bool, String> {
    let Some(nvcc) = tools.env.get("TRANSLATE_NVCC") else {
        return Ok(true);
    };
    let verdict = nvcc::judge(Path::new(nvcc), nvcc::samples()?)?;
    verdict.print();
    Ok(verdict.rejected.is_empty())
}

/// What is missing here, and what the tests noted down. Returns how many.
fn print_left_out(tools: &Tools, noted: &[String]) -> usize {
    let of_tools = tools.left_out.iter().map(|out| format!("{}: {}", out.tool, out.reason));
    let mut lines: Vec<String> = of_tools.chain(noted.iter().cloned()).collect();
    lines.sort();
    lines.dedup();
    println!();
    for line in &lines {
        println!("left out: {line}");
    }
    let names: Vec<&str> = lines.iter().map(|line| line.split(':').next().unwrap_or(line)).collect();
    match names.len() {
        0 => println!("0 left out"),
        count => println!("{count} left out: {}", names.join(", ")),
    }
    names.len()
}

/// `cargo xtask tools`: the environment as text.
pub fn print_tools(args: &[String]) -> Result<ExitCode, String> {
    let export = match args {
        [] => "",
        [flag] if flag == "--export" => "export ",
        _ => return Err(format!("`tools` takes --export and nothing else, not `{}`", args.join(" "))),
    };
    let tools = Tools::fetch()?;
    for (name, value) in &tools.env {
        println!("{export}{name}={}", quoted(value));
    }
    for out in &tools.left_out {
        eprintln!("left out: {}: {}", out.tool, out.reason);
    }
    Ok(ExitCode::SUCCESS)
}

fn quoted(value: &OsString) -> String {
    format!("'{}'", value.to_string_lossy().replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_added_up() {
        let mut counts = Counts::default();
        counts.add("test result: ok. 8 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        counts.add("test result: FAILED. 17 passed; 2 failed; 0 ignored; 0 measured; 3 filtered out; finished in 4.31s");
        counts.add("test passes::result: ok");
        assert_eq!((counts.passed, counts.failed, counts.ignored), (25, 2, 1));
    }

    #[test]
    fn a_test_that_leaves_something_out_is_noted_once() {
        let noted = Noted::read("x on a: no driver\tagree::all\nx on b: no driver\tagree::all\ny: no tool\tjudge\n");
        assert_eq!(noted.lines, ["x on a: no driver", "x on b: no driver", "y: no tool"]);
        assert_eq!(noted.tests, ["agree::all", "judge"]);
    }
}
