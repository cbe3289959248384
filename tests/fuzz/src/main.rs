//! `cargo run --release -p fuzz -- --seconds 1800`: changes CUDA files at random and keeps what breaks the translator.
//!
//!     fuzz [--seconds N] [--seed N] [--out DIR] [FOLDER...]
//!
//! Folders are searched for further seeds. Each kind of finding is written once, made small, to DIR (`target/fuzz`); the exit status says
//! whether there was one.
#![forbid(unsafe_code)]

use fuzz::child::{WORKER, Worker, serve};
use fuzz::minimise::minimise;
use fuzz::mutate::{Random, mutate};
use fuzz::seeds;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How long one input may take. The translator's goal is milliseconds; this is for busy machines.
const LIMIT: Duration = Duration::from_secs(10);

struct Arguments {
    seconds: u64,
    seed: u64,
    out: PathBuf,
    folders: Vec<PathBuf>,
}

fn main() -> ExitCode {
    if std::env::args().nth(1).is_some_and(|word| word == WORKER) {
        serve();
        return ExitCode::SUCCESS;
    }
    match arguments().map(|arguments| fuzz(&arguments)) {
        Ok(Ok(0)) => ExitCode::SUCCESS,
        Ok(Ok(_)) => ExitCode::FAILURE,
        Ok(Err(error)) => fail(&error.to_string()),
        Err(error) => fail(&error),
    }
}

fn fail(error: &str) -> ExitCode {
    eprintln!("error: {error}");
    ExitCode::from(2)
}

fn arguments() -> Result<Arguments, String> {
    let mut arguments = Arguments { seconds: 60, seed: 1, out: PathBuf::from("target/fuzz"), folders: seeds::own_folders() };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
        let number = |text: String| text.parse().map_err(|_| format!("{text} is no number"));
        match word.as_str() {
            "--seconds" => arguments.seconds = number(value()?)?,
            "--seed" => arguments.seed = number(value()?)?,
            "--out" => arguments.out = PathBuf::from(value()?),
            _ if word.starts_with('-') => return Err(format!("there is no option {word}")),
            folder => arguments.folders.push(PathBuf::from(folder)),
        }
    }
    Ok(arguments)
}

/// Runs until the time is up; gives the number of different findings.
fn fuzz(arguments: &Arguments) -> std::io::Result<usize> {
    let seeds = seeds::read(&arguments.folders);
    if seeds.is_empty() {
        return Err(std::io::Error::other("no seeds"));
    }
    std::fs::create_dir_all(&arguments.out)?;
    let mut random = Random::new(arguments.seed);
    let mut worker = Worker::new(LIMIT);
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    let start = Instant::now();
    let mut inputs: u64 = 0;
    while start.elapsed() < Duration::from_secs(arguments.seconds) {
        let (_, base) = &seeds[random.below(seeds.len())];
        let (_, other) = &seeds[random.below(seeds.len())];
        let text = mutate(base, other, &mut random);
        inputs += 1;
        let Some(mut finding) = worker.ask(&text)? else { continue };
        if finding == "hang" {
            // A busy machine may have kept it waiting: what hangs twice hangs.
            let Some(again) = worker.ask(&text)? else { continue };
            finding = again;
        }
        let kind = kind_of(&finding);
        let number = found.len() + 1;
        *found.entry(kind.clone()).or_default() += 1;
        if found[&kind] > 1 {
            continue;
        }
        let tries = if kind == "hang" { 40 } else { 600 };
        let small =
            minimise(&text, tries, |text| worker.ask(text).is_ok_and(|again| again.is_some_and(|again| kind_of(&again) == kind)));
        let path = arguments.out.join(format!("seed{}_{number}.cu", arguments.seed));
        std::fs::write(&path, format!("// {finding}\n{small}"))?;
        println!("[{} s, {inputs} inputs] {finding}\n    {}", start.elapsed().as_secs(), path.display());
    }
    println!("{inputs} inputs from {} seeds in {} s, {} kinds of findings", seeds.len(), start.elapsed().as_secs(), found.len());
    found.iter().for_each(|(kind, times)| println!("{times:6} {kind}"));
    Ok(found.len())
}

/// Findings of one kind are written once: names and numbers do not make another bug.
fn kind_of(finding: &str) -> String {
    if let Some(panic) = finding.strip_prefix("panic at ") {
        return panic.splitn(3, ':').take(2).collect::<Vec<_>>().join(":");
    }
    let mut kind = String::new();
    let mut quoted = false;
    for c in finding.chars().take(120) {
        match c {
            '`' | '\'' | '"' => quoted = !quoted,
            c if quoted || c.is_ascii_digit() => {}
            c => kind.push(c),
        }
    }
    kind
}
