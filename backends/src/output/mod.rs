//! What kernels say: `printf`, failed `assert`s and `__trap()` leave records in a buffer, the *log*, which the host reads after the
//! launch. Only kernels that need it have it ([`BindingSource::Log`](crate::shader::BindingSource::Log)).
//!
//! # The log
//!
//! 32-bit words. The host prepares the first [`HEADER_WORDS`] with [`new_log`]; the rest is zero.
//!
//! | word | holds |
//! | --- | --- |
//! | 0 | the first word that no record has claimed; claimed by an atomic addition |
//! | 1 | the number of words of the buffer, which the host writes |
//! | 2 | how many records found no room |
//! | 3 | the site of the first failed `assert` or `__trap()`, 0 if there is none |
//! | 4, 5 | block and thread that came there |
//! | 6, 7 | nothing yet |
//!
//! A record is its site (from 1, an index into [`Entry::sites`](crate::shader::Entry::sites)), the block's and the thread's rank, and the words
//! of the arguments: one for types up to 32 bits and for floats, which the host promotes, two for 64 bits, the low one first;
//! for a text its number among the texts of the argument.
//!
//! **Order.** A thread's records are in the order of its program, because its additions to one word are. Between threads there is no
//! order in CUDA either; the host prints block by block and thread by thread, so that equal launches give equal text.
//!
//! **Overflow.** CUDA's buffer (1 MiB, `cudaLimitPrintfFifoSize`) is a ring that loses the oldest; here the newest are lost, and counted. The
//! first failure is never lost, because words 3 to 5 have it.

pub mod format;

use format::Value;
use ir::{Assertion, Scalar};
use serde::{Deserialize, Serialize};

/// Bytes of the log where nobody says otherwise: CUDA's default.
pub const LOG_BYTES: u64 = 1 << 20;
pub const HEADER_WORDS: u32 = 8;
/// Site, block, thread.
pub const RECORD_WORDS: u32 = 3;

/// Words of the header.
pub const USED: u32 = 0;
pub const CAPACITY: u32 = 1;
pub const LOST: u32 = 2;
pub const FAILED_SITE: u32 = 3;
pub const FAILED_BLOCK: u32 = 4;
pub const FAILED_THREAD: u32 = 5;

/// A place in the source that leaves records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    Printf { format: String, args: Vec<PrintArg> },
    Assert { expression: String, file: String, line: u32, function: String },
    Trap,
}

impl Site {
    pub fn of_assertion(assertion: &Assertion) -> Site {
        let Assertion { expression, file, line, function } = assertion.clone();
        Site::Assert { expression, file, line, function }
    }

    /// Words of a record of this site.
    fn words(&self) -> usize {
        let args = match self {
            Site::Printf { args, .. } => args.iter().map(PrintArg::words).sum(),
            Site::Assert { .. } | Site::Trap => 0,
        };
        RECORD_WORDS as usize + args
    }
}

/// What an argument of `printf` is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintArg {
    #[serde(with = "scalar_name")]
    Scalar(Scalar),
    /// One of these texts.
    Text(Vec<String>),
}

impl PrintArg {
    pub fn words(&self) -> usize {
        match self {
            PrintArg::Scalar(scalar) => scalar.size().div_ceil(4) as usize,
            PrintArg::Text(_) => 1,
        }
    }
}

/// Scalars by their names in the IR: `u32`, `f64`.
mod scalar_name {
    use ir::Scalar;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(scalar: &Scalar, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(scalar.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Scalar, D::Error> {
        let name = String::deserialize(deserializer)?;
        Scalar::ALL.into_iter().find(|scalar| scalar.name() == name).ok_or_else(|| D::Error::custom("no scalar"))
    }
}

/// What a launch said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchOutput {
    pub text: Vec<u8>,
    /// Records that found no room.
    pub lost: u32,
    pub failure: Option<Failed>,
}

/// A failed `assert` or a `__trap()`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// `None`: a trap.
    pub assertion: Option<Assertion>,
    pub block: [u32; 3],
    pub thread: [u32; 3],
}

/// The first words of a log of this many bytes, which follow as zeros.
pub fn new_log(bytes: u64) -> Vec<u8> {
    let words = u32::try_from(bytes / 4).unwrap_or(u32::MAX);
    let mut log = vec![0; bytes.max(u64::from(HEADER_WORDS) * 4) as usize];
    log[..4].copy_from_slice(&HEADER_WORDS.to_le_bytes());
    log[4..8].copy_from_slice(&words.to_le_bytes());
    log
}

/// Reads the log of a launch with this grid and block.
pub fn read_log(log: &[u8], sites: &[Site], grid: [u32; 3], block: [u32; 3]) -> LaunchOutput {
    let words: Vec<u32> = log.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect();
    let header = |index: u32| words.get(index as usize).copied().unwrap_or(0);
    let site_of = |number: u32| sites.get((number as usize).wrapping_sub(1));
    let end = (header(USED).min(header(CAPACITY)) as usize).min(words.len());
    let mut rest = words.get(HEADER_WORDS as usize..end).unwrap_or(&[]);
    let mut lines: Lines = Lines::default();
    // A record that was claimed past the end has left zeros.
    while let Some(site) = rest.first().and_then(|&number| site_of(number)) {
        let Some((record, behind)) = rest.split_at_checked(site.words()) else { break };
        let thread = place(record[2], block);
        lines.add(record[1], record[2], text_of(site, &record[RECORD_WORDS as usize..], place(record[1], grid), thread));
        rest = behind;
    }
    let failure = site_of(header(FAILED_SITE)).map(|site| Failed {
        assertion: match site {
            Site::Assert { expression, file, line, function } => {
                let (expression, file, function) = (expression.clone(), file.clone(), function.clone());
                Some(Assertion { expression, file, line: *line, function })
            }
            Site::Printf { .. } | Site::Trap => None,
        },
        block: place(header(FAILED_BLOCK), grid),
        thread: place(header(FAILED_THREAD), block),
    });
    LaunchOutput { text: lines.text(), lost: header(LOST), failure }
}

/// The three indices of a rank.
fn place(rank: u32, [width, height, _]: [u32; 3]) -> [u32; 3] {
    let (width, height) = (width.max(1), height.max(1));
    [rank % width, rank / width % height, rank / width / height]
}

fn text_of(site: &Site, words: &[u32], block: [u32; 3], thread: [u32; 3]) -> Vec<u8> {
    let (format, args) = match site {
        Site::Printf { format, args } => (format, args),
        Site::Assert { expression, file, line, function } => {
            let assertion =
                Assertion { expression: expression.clone(), file: file.clone(), line: *line, function: function.clone() };
            return (assertion_text(&assertion, block, thread) + "\n").into_bytes();
        }
        Site::Trap => return Vec::new(),
    };
    let mut words = words.iter().copied();
    let mut next = || u64::from(words.next().unwrap_or(0));
    let values: Vec<Value> = args
        .iter()
        .map(|arg| match arg {
            PrintArg::Text(texts) => Value::Text(texts.get(next() as usize).map_or(b"", |text| text.as_bytes())),
            PrintArg::Scalar(scalar) if scalar.size() == 8 => Value::Bits { bits: next() | next() << 32, scalar: *scalar },
            PrintArg::Scalar(scalar) => Value::Bits { bits: next(), scalar: *scalar },
        })
        .collect();
    format::format(format.as_bytes(), &values)
}

/// As CUDA prints it (guide, "Assertion").
pub fn assertion_text(assertion: &Assertion, block: [u32; 3], thread: [u32; 3]) -> String {
    let Assertion { expression, file, line, function } = assertion;
    let ([bx, by, bz], [tx, ty, tz]) = (block, thread);
    // What passes assert has no place in a file.
    let place = if file.is_empty() { String::new() } else { format!("{file}:{line}: ") };
    format!("{place}{function}: block: [{bx},{by},{bz}], thread: [{tx},{ty},{tz}] Assertion `{expression}` failed.")
}

/// What threads printed, to be put into the order of blocks and threads.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<(u32, u32, Vec<u8>)>);

impl Lines {
    pub fn add(&mut self, block: u32, thread: u32, text: Vec<u8>) {
        self.0.push((block, thread, text));
    }

    pub fn text(mut self) -> Vec<u8> {
        self.0.sort_by_key(|(block, thread, _)| (*block, *thread));
        self.0.into_iter().flat_map(|(_, _, text)| text).collect()
    }
}

#[cfg(test)]
mod tests;
