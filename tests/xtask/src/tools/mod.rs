//! The tools: where each comes from, and what of it the tests get to know.
//!
//! A tool is fetched into a folder beside its final one and moved there when it is whole, so an interrupted fetch leaves nothing
//! that looks finished. The folder's name carries the version of the recipe: change a recipe, change its name.

mod apt;
mod candle;
mod lavapipe;
mod nvcc;
mod spirv_val;
mod swiftshader;
mod tint;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell;

/// Why a tool is not there.
pub struct LeftOut {
    pub tool: &'static str,
    pub reason: String,
}

/// What was fetched, as environment variables, and what could not be.
#[derive(Default)]
pub struct Tools {
    pub env: BTreeMap<&'static str, OsString>,
    pub left_out: Vec<LeftOut>,
    drivers: Vec<(&'static str, PathBuf)>,
    library_paths: Vec<PathBuf>,
}

type Recipe = fn(&Path, &mut Tools) -> Result<(), String>;

/// In the order in which they are fetched. The name is also what `TRANSLATE_WITHOUT` takes.
const RECIPES: [(&str, Recipe); 6] = [
    ("lavapipe", lavapipe::fetch),
    ("swiftshader", swiftshader::fetch),
    ("spirv-val", spirv_val::fetch),
    ("tint", tint::fetch),
    ("nvcc", nvcc::fetch),
    ("candle", candle::fetch),
];

impl Tools {
    /// Fetches what is not there yet.
    pub fn fetch() -> Result<Tools, String> {
        Tools::fetch_these(|_| true)
    }

    pub fn fetch_these(wanted: impl Fn(&str) -> bool) -> Result<Tools, String> {
        let folder = folder();
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let without = std::env::var("TRANSLATE_WITHOUT").unwrap_or_default();
        let mut tools = Tools::default();
        for (tool, recipe) in RECIPES.into_iter().filter(|(tool, _)| wanted(tool)) {
            let result = match without.split(',').any(|name| name.trim() == tool) {
                true => Err("TRANSLATE_WITHOUT says so".to_string()),
                false => recipe(&folder, &mut tools),
            };
            if let Err(reason) = result {
                tools.left_out.push(LeftOut { tool, reason });
            }
        }
        tools.set_driver_variables(&folder)?;
        Ok(tools)
    }

    fn set(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.env.insert(name, value.into());
    }

    fn add_driver(&mut self, name: &'static str, manifest: PathBuf) {
        self.drivers.push((name, manifest));
    }

    fn add_library_path(&mut self, path: PathBuf) {
        if !self.library_paths.contains(&path) {
            self.library_paths.push(path);
        }
    }

    /// The drivers come on top of the machine's own (`VK_ADD_DRIVER_FILES`), so that a real GPU is tested too.
    fn set_driver_variables(&mut self, folder: &Path) -> Result<(), String> {
        if !self.drivers.is_empty() {
            let named: Vec<_> = self.drivers.iter().map(|(name, path)| format!("{name}={}", path.display())).collect();
            self.set("TRANSLATE_VULKAN_DRIVERS", named.join(";"));
            let files = joined(self.drivers.iter().map(|(_, path)| path.clone()), None)?;
            self.set("VK_ADD_DRIVER_FILES", files);
            let cache = folder.join("mesa-shader-cache");
            fs::create_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
            self.set("MESA_SHADER_CACHE_DIR", cache);
        }
        if !self.library_paths.is_empty() {
            let paths = joined(self.library_paths.iter().cloned(), std::env::var_os("LD_LIBRARY_PATH"))?;
            self.set("LD_LIBRARY_PATH", paths);
        }
        Ok(())
    }
}

fn joined(paths: impl Iterator<Item = PathBuf>, rest: Option<OsString>) -> Result<OsString, String> {
    let rest: Vec<PathBuf> = rest.iter().flat_map(std::env::split_paths).filter(|path| !path.as_os_str().is_empty()).collect();
    std::env::join_paths(paths.chain(rest)).map_err(|error| error.to_string())
}

pub fn folder() -> PathBuf {
    shell::target().join("tools")
}

/// The finished folder `name`. If it is not there yet, `make` fills a new one first.
fn finished(tools: &Path, name: &str, make: impl FnOnce(&Path) -> Result<(), String>) -> Result<PathBuf, String> {
    let done = tools.join(name);
    if done.is_dir() {
        return Ok(done);
    }
    eprintln!("fetching {name} into {}", tools.display());
    let partial = tools.join(format!("{name}.partial-{}", std::process::id()));
    let io = |error: std::io::Error| format!("{}: {error}", partial.display());
    fs::create_dir_all(&partial).map_err(io)?;
    let result = make(&partial).and_then(|()| match fs::rename(&partial, &done) {
        // Another run was faster.
        Err(_) if done.is_dir() => Ok(()),
        other => other.map_err(io),
    });
    if partial.is_dir() {
        fs::remove_dir_all(&partial).map_err(io)?;
    }
    result.map(|()| done)
}

/// The first file of this name under a folder.
fn find_file(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let here = entries.iter().find(|path| path.file_name().is_some_and(|found| found == name) && !path.is_dir());
    here.cloned()
        .or_else(|| entries.iter().filter(|path| path.is_dir() && !path.is_symlink()).find_map(|dir| find_file(dir, name)))
}

fn file_in(folder: &Path, name: &str) -> Result<PathBuf, String> {
    find_file(folder, name).ok_or_else(|| format!("{name} is not in the packages"))
}
