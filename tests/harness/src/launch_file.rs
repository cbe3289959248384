//! Reads launch files: a folder with `launch.toml` and raw little-endian files, one launch of a real program.

use crate::case::{Arg, ArgValue, Buffer, Case, Check, Launch, Options, Order};
use crate::compare::Tolerance;
use indexmap::IndexMap;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// What is wrong with a launch file. Paths are part of the messages, because the folder is the place.
#[derive(Debug, thiserror::Error)]
pub enum LaunchFileError {
    #[error("cannot read {path}: {error}")]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{path}: {message}")]
    NotToml { path: PathBuf, message: String },
    #[error("{path}: unknown key `{key}`")]
    UnknownKey { path: PathBuf, key: String },
    #[error("{path}: `{key}` is missing or of the wrong kind")]
    Wrong { path: PathBuf, key: String },
    #[error("{path}: has {found} bytes instead of {wanted}")]
    Length { path: PathBuf, found: usize, wanted: usize },
    #[error("{path}: no buffer is named `{name}`")]
    NoBuffer { path: PathBuf, name: String },
}

type Result<T> = std::result::Result<T, LaunchFileError>;

/// Reads `folder/launch.toml` and the files it names. Floats in buffers are compared with `tolerance`; memory without an `expect` must be unchanged.
pub fn read_launch_file(folder: &Path, tolerance: Tolerance) -> Result<Case> {
    let path = folder.join("launch.toml");
    let text = read(&path)?;
    let text = String::from_utf8(text).map_err(|e| LaunchFileError::NotToml { path: path.clone(), message: e.to_string() })?;
    let table: Table = text
        .parse()
        .map_err(|e: toml::de::Error| LaunchFileError::NotToml { path: path.clone(), message: e.message().to_string() })?;
    File { folder, path, tolerance }.read(&table)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| LaunchFileError::Unreadable { path: path.to_path_buf(), error })
}

struct File<'a> {
    folder: &'a Path,
    path: PathBuf,
    tolerance: Tolerance,
}

impl File<'_> {
    fn read(&self, table: &Table) -> Result<Case> {
        self.known_keys(table, &["kernel", "grid", "block", "shared", "buffers", "symbols", "args"])?;
        let buffers = self.tables(table, "buffers")?.into_iter().map(|t| self.buffer(t)).collect::<Result<Vec<_>>>()?;
        let symbols = self.tables(table, "symbols")?.into_iter().map(|t| self.buffer(t)).collect::<Result<Vec<_>>>()?;
        let args = self.tables(table, "args")?.into_iter().map(|t| self.arg(t, &buffers)).collect::<Result<Vec<_>>>()?;
        let launch = Launch {
            kernel: self.string(table, "kernel")?.to_string(),
            grid: self.extent(table, "grid")?,
            block: self.extent(table, "block")?,
            shared: if table.contains_key("shared") { self.size(table, "shared")? as u32 } else { 0 },
            args,
        };
        Ok(Case {
            buffers,
            symbols,
            launches: vec![launch],
            output: None,
            fails: None,
            plans: IndexMap::new(),
            options: Options::default(),
        })
    }

    fn buffer(&self, table: &Table) -> Result<Buffer> {
        self.known_keys(table, &["name", "bytes", "file", "expect", "order", "address"])?;
        let bytes = self.size(table, "bytes")?;
        let initial = self.file(self.string(table, "file")?, bytes)?;
        let expected = match table.contains_key("expect") {
            true => self.file(self.string(table, "expect")?, bytes)?,
            false => initial.clone(),
        };
        let order = match table.get("order").map(Value::as_str) {
            None => Order::Given,
            Some(Some("any")) => Order::Any,
            Some(_) => return Err(self.wrong("order")),
        };
        let address = match table.get("address").map(Value::as_integer) {
            None => None,
            Some(address) => Some(address.and_then(|n| u64::try_from(n).ok()).ok_or_else(|| self.wrong("address"))?),
        };
        let check = Check::Equals { expected, tolerance: self.tolerance, order };
        Ok(Buffer { name: self.string(table, "name")?.to_string(), layout: None, initial, check, address, pointers: Vec::new() })
    }

    fn file(&self, name: &str, wanted: usize) -> Result<Vec<u8>> {
        let path = self.folder.join(name);
        let bytes = read(&path)?;
        if bytes.len() == wanted { Ok(bytes) } else { Err(LaunchFileError::Length { path, found: bytes.len(), wanted }) }
    }

    fn arg(&self, table: &Table, buffers: &[Buffer]) -> Result<Arg> {
        self.known_keys(table, &["type", "value", "buffer", "offset", "bytes", "null"])?;
        let value = if table.contains_key("value") {
            ArgValue::Number { text: self.string(table, "value")?.to_string(), ty: Some(self.string(table, "type")?.to_string()) }
        } else if table.contains_key("buffer") {
            let name = self.string(table, "buffer")?;
            let buffer = buffers.iter().position(|buffer| buffer.name == name);
            let buffer = buffer.ok_or_else(|| LaunchFileError::NoBuffer { path: self.path.clone(), name: name.to_string() })?;
            let offset = if table.contains_key("offset") { self.size(table, "offset")? } else { 0 };
            ArgValue::Pointer { buffer, offset }
        } else if table.contains_key("bytes") {
            ArgValue::Bytes(hex(self.string(table, "bytes")?).ok_or_else(|| self.wrong("bytes"))?)
        } else if table.get("null") == Some(&Value::Boolean(true)) {
            ArgValue::Null
        } else {
            return Err(self.wrong("args"));
        };
        let ty = table.get("type").and_then(Value::as_str).map(str::to_string);
        Ok(Arg { name: String::new(), ty, value })
    }

    fn wrong(&self, key: &str) -> LaunchFileError {
        LaunchFileError::Wrong { path: self.path.clone(), key: key.to_string() }
    }

    fn known_keys(&self, table: &Table, known: &[&str]) -> Result<()> {
        match table.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(LaunchFileError::UnknownKey { path: self.path.clone(), key: key.clone() }),
            None => Ok(()),
        }
    }

    fn string<'t>(&self, table: &'t Table, key: &str) -> Result<&'t str> {
        table.get(key).and_then(Value::as_str).ok_or_else(|| self.wrong(key))
    }

    fn size(&self, table: &Table, key: &str) -> Result<usize> {
        let value = table.get(key).and_then(Value::as_integer).and_then(|n| usize::try_from(n).ok());
        value.filter(|n| *n <= u32::MAX as usize).ok_or_else(|| self.wrong(key))
    }

    fn tables<'t>(&self, table: &'t Table, key: &str) -> Result<Vec<&'t Table>> {
        let Some(value) = table.get(key) else { return Ok(Vec::new()) };
        let items = value.as_array().ok_or_else(|| self.wrong(key))?;
        items.iter().map(|item| item.as_table().ok_or_else(|| self.wrong(key))).collect()
    }

    fn extent(&self, table: &Table, key: &str) -> Result<[u32; 3]> {
        let items = table.get(key).and_then(Value::as_array).ok_or_else(|| self.wrong(key))?;
        let sizes: Vec<u32> = items.iter().filter_map(|item| item.as_integer()?.try_into().ok()).filter(|n| *n > 0).collect();
        <[u32; 3]>::try_from(sizes).map_err(|_| self.wrong(key))
    }
}

/// Bytes from hexadecimal digits, two a byte.
pub fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|c| c.to_digit(16)).collect();
    let digits = digits?;
    (digits.len() % 2 == 0).then(|| digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect())
}
