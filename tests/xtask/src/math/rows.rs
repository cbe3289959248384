//! The stored measurements: a line of `tests/math/errors.csv` for each function and build.

use std::fmt::Write;
use std::path::PathBuf;

use crate::shell;

/// As written, or with `-fassociative-math`: a stand-in for drivers that reassociate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Build {
    Exact,
    Reordered,
}

impl Build {
    pub fn name(self) -> &'static str {
        match self {
            Build::Exact => "exact",
            Build::Reordered => "reordered",
        }
    }
}

/// What `ulp measure` says of one function. Numbers that are only shown stay as they were printed.
#[derive(Clone)]
pub struct Row {
    pub build: Build,
    pub name: String,
    pub ty: String,
    /// Arguments compared.
    pub count: u64,
    /// CUDA's bound in units in the last place; -1 where it states none.
    pub bound: f64,
    /// The largest distance from the correctly rounded result, which the bound is about.
    pub ulps: u64,
    /// The largest distance from the exact result, in units.
    pub error: f64,
    pub at: String,
    /// Results of the wrong kind: NaN, or the sign of a zero.
    pub wrong: u64,
    wrong_at: String,
    pub absolute: Option<Absolute>,
    /// The headers that were measured.
    headers: String,
}

/// From some magnitude of the argument on, the bound is one of the absolute error.
#[derive(Clone)]
pub struct Absolute {
    pub bound: String,
    pub from: f64,
    pub error: String,
}

const COLUMNS: &str =
    "build,function,type,arguments,bound,ulps,error,at,wrong,wrong at,absolute bound,absolute from,absolute error,headers";

impl Row {
    /// A line of `ulp measure`, and the hash of the headers that it was built from.
    pub fn measured(build: Build, line: &str, headers: &Headers) -> Result<Row, String> {
        let name = line.split(',').next().unwrap_or_default();
        Row::parse(&format!("{},{line},{}", build.name(), headers.hash_of(name)))
    }

    fn parse(line: &str) -> Result<Row, String> {
        let fields: Vec<&str> = line.split(',').collect();
        let [build, name, ty, count, bound, ulps, error, at, wrong, wrong_at, absolute, from, absolute_error, headers] =
            fields[..]
        else {
            return Err(format!("not a row of {COLUMNS}: {line}"));
        };
        let number = |text: &str| text.parse::<u64>().map_err(|_| format!("not a number: {text}"));
        let real = |text: &str| text.parse::<f64>().map_err(|_| format!("not a number: {text}"));
        let absolute = match absolute {
            "" => None,
            _ => Some(Absolute { bound: absolute.to_string(), from: real(from)?, error: absolute_error.to_string() }),
        };
        Ok(Row {
            build: if build == "exact" { Build::Exact } else { Build::Reordered },
            name: name.to_string(),
            ty: ty.to_string(),
            count: number(count)?,
            bound: real(bound)?,
            ulps: number(ulps)?,
            error: real(error)?,
            at: at.to_string(),
            wrong: number(wrong)?,
            wrong_at: wrong_at.to_string(),
            absolute,
            headers: headers.to_string(),
        })
    }

    fn line(&self) -> String {
        let absolute = match &self.absolute {
            Some(absolute) => format!("{},{},{}", absolute.bound, absolute.from, absolute.error),
            None => ",,".to_string(),
        };
        let Row { name, ty, count, bound, ulps, error, at, wrong, wrong_at, headers, .. } = self;
        format!(
            "{},{name},{ty},{count},{bound},{ulps},{error:.3},{at},{wrong},{wrong_at},{absolute},{headers}",
            self.build.name()
        )
    }

    /// Whether the headers have changed since.
    pub fn is_stale(&self) -> bool {
        self.headers != Headers::read().hash_of(&self.name)
    }

    /// All floats, or samples.
    pub fn is_exhaustive(&self) -> bool {
        self.count == 1 << 32
    }

    /// Within CUDA's bounds, and never of the wrong kind.
    pub fn is_within(&self) -> bool {
        let absolute = self.absolute.as_ref().is_none_or(|absolute| {
            let number = |text: &str| text.parse().unwrap_or(f64::INFINITY);
            number(&absolute.error) <= number(&absolute.bound)
        });
        self.wrong == 0 && absolute && (self.bound < 0.0 || self.ulps as f64 <= self.bound)
    }
}

/// All rows, sorted as the functions are listed.
pub struct Rows(Vec<Row>);

impl Rows {
    pub fn read() -> Result<Rows, String> {
        let Ok(text) = std::fs::read_to_string(path()) else { return Ok(Rows(Vec::new())) };
        text.lines().skip(1).map(Row::parse).collect::<Result<_, _>>().map(Rows)
    }

    pub fn write(&mut self, order: &[String]) -> Result<(), String> {
        self.0.sort_by_key(|row| (row.build != Build::Exact, order.iter().position(|name| *name == row.name)));
        let mut text = format!("{COLUMNS}\n");
        for row in &self.0 {
            writeln!(text, "{}", row.line()).expect("a string takes all");
        }
        std::fs::write(path(), text).map_err(|error| error.to_string())
    }

    pub fn put(&mut self, row: Row) {
        self.0.retain(|other| other.build != row.build || other.name != row.name);
        self.0.push(row);
    }

    pub fn find(&self, build: Build, name: &str) -> Option<&Row> {
        self.of(build).find(|row| row.name == name)
    }

    pub fn of(&self, build: Build) -> impl Iterator<Item = &Row> {
        self.0.iter().filter(move |row| row.build == build)
    }
}

fn path() -> PathBuf {
    shell::workspace().join("tests/math/errors.csv")
}

/// The library's headers, as they were at some time.
pub struct Headers(Vec<(PathBuf, String)>);

impl Headers {
    pub fn read() -> Headers {
        let folder = shell::workspace().join("translator/include/math");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut texts: Vec<(PathBuf, String)> =
            entries.filter_map(|entry| std::fs::read_to_string(entry.path()).ok().map(|text| (entry.path(), text))).collect();
        texts.sort();
        Headers(texts)
    }

    /// A hash of the header that defines a function and of those that it includes.
    pub fn hash_of(&self, function: &str) -> String {
        let call = format!(" {}(", function.split(['(', ' ']).next().unwrap_or_default());
        let defines = |line: &str| {
            line.starts_with("__device__ inline") && line.contains(&call) && !line.contains(&format!("return{call}"))
        };
        let mut seen: Vec<usize> = self.0.iter().position(|(_, text)| text.lines().any(defines)).into_iter().collect();
        let mut next = 0;
        while next < seen.len() {
            for line in self.0[seen[next]].1.lines() {
                let included = line.strip_prefix("#include \"math/").and_then(|rest| rest.strip_suffix('"'));
                let found = included.and_then(|included| self.0.iter().position(|(file, _)| file.ends_with(included)));
                seen.extend(found.filter(|found| !seen.contains(found)));
            }
            next += 1;
        }
        // FNV-1a
        let bytes = seen.iter().flat_map(|index| self.0[*index].1.bytes());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{:08x}", hash >> 32)
    }
}
