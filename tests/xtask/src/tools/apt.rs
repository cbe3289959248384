//! Debian packages, unpacked beside the system.
//!
//! apt gets a configuration and state of its own under `target/tools/apt`: sources derived from the machine's own ones, with the
//! backports suite added, because Debian 12's Mesa is too old. Nothing of the system is changed and no right is needed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::finished;
use crate::shell::{has, output_of};

/// Never taken from a package: a C library beside the system's own would break every program that sees it.
const THE_SYSTEMS_OWN: [&str; 4] = ["libc6", "libgcc-s1", "libstdc++6", "gcc-12-base"];

pub struct Apt {
    folder: PathBuf,
    backports: String,
}

impl Apt {
    /// With fresh package lists.
    pub fn new(tools: &Path) -> Result<Apt, String> {
        if !has("apt-get") || !has("dpkg-deb") {
            return Err("this machine has no apt".to_string());
        }
        let release = fs::read_to_string("/etc/os-release").map_err(|error| format!("/etc/os-release: {error}"))?;
        let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME="));
        let codename = codename.map(|name| name.trim_matches('"').to_string()).ok_or("this system has no code name")?;
        let backports = format!("{codename}-backports");
        let folder = finished(tools, "apt-1", |folder| Apt::set_up(folder, &codename))?;
        Ok(Apt { folder, backports })
    }

    fn set_up(folder: &Path, codename: &str) -> Result<(), String> {
        for name in ["lists/partial", "archives/partial", "parts"] {
            fs::create_dir_all(folder.join(name)).map_err(|error| error.to_string())?;
        }
        let sources = sources(Path::new("/etc/apt"), codename);
        if sources.is_empty() {
            return Err(format!("apt has no sources for {codename}"));
        }
        fs::write(folder.join("parts/all.sources"), sources).map_err(|error| error.to_string())?;
        output_of(Apt::command(folder, "apt-get").arg("update")).map(drop)
    }

    fn command(folder: &Path, program: &str) -> Command {
        let mut command = Command::new(program);
        let options = [
            ("Dir::State::Lists", folder.join("lists")),
            ("Dir::Cache", folder.to_path_buf()),
            ("Dir::Etc::SourceList", PathBuf::from("/dev/null")),
            ("Dir::Etc::SourceParts", folder.join("parts")),
            ("APT::Sandbox::User", PathBuf::new()),
        ];
        for (name, value) in options {
            command.arg("-o").arg(format!("{name}={}", value.display()));
        }
        command
    }

    /// Downloads packages into a folder and returns their files. Backports are preferred.
    pub fn download(&self, packages: &[&str], into: &Path) -> Result<Vec<PathBuf>, String> {
        let result = self.try_download(packages, into).or_else(|_| {
            // The lists may be older than the archive.
            output_of(Apt::command(&self.folder, "apt-get").arg("update"))?;
            self.try_download(packages, into)
        });
        result.map_err(|error| format!("{}: {error}", packages.join(", ")))
    }

    fn try_download(&self, packages: &[&str], into: &Path) -> Result<Vec<PathBuf>, String> {
        let before = debs(into);
        let backports = format!("--target-release={}", self.backports);
        let mut command = Apt::command(&self.folder, "apt-get");
        command.current_dir(into).args(["download", "--quiet"]);
        let mut preferred = Apt::command(&self.folder, "apt-get");
        preferred.current_dir(into).args(["download", "--quiet", &backports]);
        // A system without backports knows no such release.
        output_of(preferred.args(packages)).or_else(|_| output_of(command.args(packages)))?;
        Ok(debs(into).into_iter().filter(|deb| !before.contains(deb)).collect())
    }

    /// The same, and everything that they depend on and the system lacks.
    pub fn download_with_missing(&self, packages: &[&str], into: &Path) -> Result<Vec<PathBuf>, String> {
        let mut all = self.download(packages, into)?;
        let mut asked: BTreeSet<String> = packages.iter().map(|name| name.to_string()).collect();
        let mut fresh = all.clone();
        while !fresh.is_empty() {
            let mut wanted = BTreeSet::new();
            for deb in &fresh {
                wanted.extend(depends(deb)?);
            }
            fresh.clear();
            for name in wanted {
                if asked.insert(name.clone()) && !THE_SYSTEMS_OWN.contains(&name.as_str()) && !is_installed(&name) {
                    // A virtual package has no file. Whether a library is missing in the end, the caller's `ldd` tells.
                    fresh.extend(self.try_download(&[&name], into).unwrap_or_default());
                }
            }
            all.extend(fresh.iter().cloned());
        }
        Ok(all)
    }
}

fn debs(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).collect()
}

/// The first alternative of each dependency, without versions.
fn depends(deb: &Path) -> Result<Vec<String>, String> {
    let text = output_of(Command::new("dpkg-deb").arg("--field").arg(deb).arg("Depends"))?;
    let names = text.split(',').filter_map(|one| one.split(['|', '(', ':']).next()).map(|name| name.trim().to_string());
    Ok(names.filter(|name| !name.is_empty()).collect())
}

fn is_installed(package: &str) -> bool {
    let query = output_of(Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}\n", package]));
    query.is_ok_and(|text| text.lines().any(|line| line == "installed"))
}

pub fn unpack(deb: &Path, into: &Path) -> Result<(), String> {
    output_of(Command::new("dpkg-deb").arg("--extract").arg(deb).arg(into)).map(drop)
}

/// Sources for this release and its backports, from what the machine has configured in either of apt's two formats.
fn sources(etc: &Path, codename: &str) -> String {
    let mut files = vec![etc.join("sources.list")];
    let parts = fs::read_dir(etc.join("sources.list.d")).into_iter().flatten().flatten().map(|entry| entry.path());
    files.extend(parts.collect::<BTreeSet<_>>());
    let mut stanzas = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap_or_default();
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("list") => stanzas.extend(text.lines().filter_map(|line| stanza_of_line(line, codename))),
            Some("sources") => stanzas.extend(stanzas_of(&text, codename)),
            _ => {}
        }
    }
    let main = stanzas.iter().find(|stanza| suites(stanza).any(|suite| suite == codename));
    let backports = main.map(|stanza| with_suites(stanza, &format!("{codename}-backports")));
    stanzas.extend(backports);
    stanzas.join("\n")
}

/// `deb [signed-by=KEY] URI SUITE COMPONENT...` in the newer format.
fn stanza_of_line(line: &str, codename: &str) -> Option<String> {
    let rest = line.trim().strip_prefix("deb ")?.trim();
    let (options, rest) = match rest.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => ("", rest),
    };
    let mut words = rest.split_whitespace();
    let (uri, suite) = (words.next()?, words.next()?);
    if !is_ours(suite, codename) {
        return None;
    }
    let components: Vec<&str> = words.collect();
    let key = options.split_whitespace().find_map(|option| option.strip_prefix("signed-by="));
    let signed = key.map(|key| format!("Signed-By: {key}\n")).unwrap_or_default();
    Some(format!("Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: {}\n{signed}", components.join(" ")))
}

/// The stanzas that have binary packages of this release.
fn stanzas_of(text: &str, codename: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let stanzas = lines.split(|line| line.trim().is_empty()).filter(|stanza| !stanza.is_empty());
    stanzas
        .map(|stanza| format!("{}\n", stanza.join("\n")))
        .filter(|stanza| suites(stanza).any(|suite| is_ours(suite, codename)) && !stanza.contains("Enabled: no"))
        .collect()
}

fn is_ours(suite: &str, codename: &str) -> bool {
    suite == codename || suite.strip_prefix(codename).is_some_and(|rest| rest.starts_with('-'))
}

fn suites(stanza: &str) -> impl Iterator<Item = &str> {
    stanza.lines().filter_map(|line| line.strip_prefix("Suites:")).flat_map(str::split_whitespace)
}

fn with_suites(stanza: &str, suites: &str) -> String {
    let lines =
        stanza.lines().map(|line| if line.starts_with("Suites:") { format!("Suites: {suites}") } else { line.to_string() });
    lines.map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_formats_are_read_and_other_releases_left_aside() {
        let line = "deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib";
        let stanza =
            "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main contrib\nSigned-By: /k.gpg\n";
        assert_eq!(stanza_of_line(line, "bookworm").as_deref(), Some(stanza));
        assert_eq!(stanza_of_line("deb http://mirror.example/cloud cloud-bookworm main", "bookworm"), None);
        assert_eq!(stanza_of_line("# deb http://mirror.example/debian bookworm main", "bookworm"), None);
        let text = format!("# a comment\n{stanza}\n\nTypes: deb\nURIs: http://mirror.example/node\nSuites: nodistro\n");
        assert_eq!(stanzas_of(&text, "bookworm"), [stanza]);
        assert!(with_suites(stanza, "bookworm-backports").contains("\nSuites: bookworm-backports\nComponents"));
    }
}
