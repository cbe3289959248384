//! What a survey found, as text and as JSON.

use crate::pipeline::Stage;
use crate::table;
use indexmap::IndexMap;
use serde_json::{Value, json};
use source::Code;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// WGSL and SPIR-V were made and validated.
    Accepted,
    Refused,
    /// A template that nobody instantiates.
    NotInstantiated,
    /// We panicked: a bug of ours.
    Crashed,
}

impl Status {
    pub fn name(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Refused => "refused",
            Status::NotInstantiated => "not_instantiated",
            Status::Crashed => "crashed",
        }
    }
}

#[derive(Clone, Debug)]
pub struct KernelFinding {
    pub name: String,
    pub status: Status,
    /// The last stage that it passed.
    pub stage: Stage,
    pub codes: Vec<Code>,
    /// What it needs beyond core WGSL.
    pub features: Vec<&'static str>,
}

impl KernelFinding {
    /// Core WGSL is enough: it runs wherever WebGPU does.
    pub fn is_portable(&self) -> bool {
        self.status == Status::Accepted && self.features.is_empty()
    }
}

#[derive(Clone, Debug)]
pub struct FileFinding {
    pub name: String,
    pub crashed: bool,
    /// All errors of the file, those of its kernels included.
    pub codes: Vec<Code>,
    pub kernels: Vec<KernelFinding>,
}

#[derive(Clone, Debug, Default)]
pub struct Survey {
    pub files: Vec<FileFinding>,
    /// Who judged the SPIR-V: without a validator "accepted" says only that it was made.
    pub spirv_validator: Option<String>,
}

impl Survey {
    fn kernels(&self) -> impl Iterator<Item = (&FileFinding, &KernelFinding)> {
        self.files.iter().flat_map(|file| file.kernels.iter().map(move |kernel| (file, kernel)))
    }

    fn count(&self, status: Status) -> usize {
        let files = if status == Status::Crashed { self.files.iter().filter(|file| file.crashed).count() } else { 0 };
        files + self.kernels().filter(|(_, kernel)| kernel.status == status).count()
    }

    /// Nothing is refused and nothing crashed.
    pub fn is_complete(&self) -> bool {
        self.count(Status::Refused) + self.count(Status::Crashed) == 0 && self.files.iter().all(|file| file.codes.is_empty())
    }

    /// Codes with the number of kernels that each blocks, most first. Files without a kernel count as one.
    fn ranking(&self) -> Vec<(Code, usize)> {
        let mut counts: IndexMap<Code, usize> = IndexMap::new();
        for (_, kernel) in self.kernels() {
            for code in &kernel.codes {
                *counts.entry(*code).or_default() += 1;
            }
        }
        for file in self.files.iter().filter(|file| file.kernels.is_empty()) {
            for code in &file.codes {
                *counts.entry(*code).or_default() += 1;
            }
        }
        let mut ranking: Vec<_> = counts.into_iter().collect();
        ranking.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), *code));
        ranking
    }

    pub fn to_json(&self) -> String {
        let kernels: Vec<Value> = self
            .kernels()
            .map(|(file, kernel)| {
                json!({
                    "file": file.name,
                    "name": kernel.name,
                    "status": kernel.status.name(),
                    "stage": kernel.stage.name(),
                    "codes": kernel.codes.iter().map(|code| code.as_str()).collect::<Vec<_>>(),
                    "features": kernel.features,
                    "portable": kernel.is_portable(),
                })
            })
            .collect();
        let files: Vec<Value> = self
            .files
            .iter()
            .map(|file| {
                let codes: Vec<_> = file.codes.iter().map(|code| code.as_str()).collect();
                json!({ "file": file.name, "kernels": file.kernels.len(), "crashed": file.crashed, "codes": codes })
            })
            .collect();
        let codes: Vec<Value> = self
            .ranking()
            .into_iter()
            .map(|(code, count)| json!({ "code": code.as_str(), "title": code.title(), "kernels": count }))
            .collect();
        let summary = json!({
            "files": self.files.len(),
            "kernels": kernels.len(),
            "accepted": self.count(Status::Accepted),
            "portable": self.kernels().filter(|(_, kernel)| kernel.is_portable()).count(),
            "refused": self.count(Status::Refused),
            "not_instantiated": self.count(Status::NotInstantiated),
            "crashed": self.count(Status::Crashed),
            "spirv_validator": self.spirv_validator,
        });
        format!("{:#}\n", json!({ "summary": summary, "codes": codes, "kernels": kernels, "files": files }))
    }

    pub fn to_text(&self) -> String {
        let mut rows = vec![["file", "kernel", "status", "came to", "codes"].map(String::from).to_vec()];
        for (file, kernel) in self.kernels() {
            let codes: Vec<_> = kernel.codes.iter().map(|code| code.as_str()).collect();
            let status = kernel.status.name().replace('_', " ");
            rows.push(vec![file.name.clone(), kernel.name.clone(), status, kernel.stage.name().into(), codes.join(" ")]);
        }
        for file in self.files.iter().filter(|file| file.kernels.is_empty()) {
            let codes: Vec<_> = file.codes.iter().map(|code| code.as_str()).collect();
            let status = if file.crashed { "crashed" } else { "no kernel" };
            rows.push(vec![file.name.clone(), "-".into(), status.into(), "-".into(), codes.join(" ")]);
        }
        let mut out = table::render(&rows);
        let ranking = self.ranking();
        if !ranking.is_empty() {
            let mut rows = vec![["kernels", "code", "what blocks them"].map(String::from).to_vec()];
            rows.extend(ranking.into_iter().map(|(code, n)| vec![n.to_string(), code.to_string(), code.title().to_string()]));
            out += &format!("\n{}", table::render(&rows));
        }
        let doubt = match self.spirv_validator {
            Some(_) => "",
            None => "; SPIR-V was made and not validated, because TRANSLATE_SPIRV_VAL is not set",
        };
        out + &format!(
            "\n{} files, {} kernels: {} accepted ({} by core WGSL), {} refused, {} not instantiated, {} crashed{doubt}\n",
            self.files.len(),
            self.kernels().count(),
            self.count(Status::Accepted),
            self.kernels().filter(|(_, kernel)| kernel.is_portable()).count(),
            self.count(Status::Refused),
            self.count(Status::NotInstantiated),
            self.count(Status::Crashed),
        )
    }
}
