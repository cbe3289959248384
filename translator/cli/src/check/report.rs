//! The table that `translate check` prints.

use crate::table;
use runner::Provenance;
use serde_json::{Value, json};

/// How one case ended on one route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    Agrees,
    /// Made and validated, not run, as the sample plans.
    Translated,
    /// Refused, as the sample plans.
    RefusedAsPlanned,
    /// Not tried, for a reason.
    LeftOut,
    Refused,
    /// The launch does something that CUDA leaves undefined, so its result proves nothing.
    Undefined,
    Differs,
    Failed,
}

impl Verdict {
    pub const ALL: [Verdict; 8] = [
        Verdict::Agrees,
        Verdict::Translated,
        Verdict::RefusedAsPlanned,
        Verdict::LeftOut,
        Verdict::Refused,
        Verdict::Undefined,
        Verdict::Differs,
        Verdict::Failed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Verdict::Agrees => "agrees",
            Verdict::Translated => "translated",
            Verdict::RefusedAsPlanned => "refused as planned",
            Verdict::LeftOut => "left out",
            Verdict::Refused => "refused",
            Verdict::Undefined => "undefined",
            Verdict::Differs => "differs",
            Verdict::Failed => "failed",
        }
    }

    /// Whether the command may end with exit code 0.
    pub fn is_good(self) -> bool {
        !matches!(self, Verdict::Refused | Verdict::Undefined | Verdict::Differs | Verdict::Failed)
    }
}

/// One case on one route of one device.
#[derive(Clone, Debug)]
pub struct Row {
    /// The file, or the folder of the launch file.
    pub case: String,
    /// As launched, several joined by commas.
    pub kernel: String,
    pub device: String,
    pub route: &'static str,
    pub max_ulp: Option<u64>,
    pub verdict: Verdict,
    /// Why, where the verdict is not simply good.
    pub detail: String,
    pub codes: Vec<String>,
    pub provenance: Option<Provenance>,
    /// Where it went wrong, as `FILE:LINE`: the place first, then others that belong to it, such as the other access of a race.
    pub places: Vec<String>,
    /// What the kernels printed.
    pub output: String,
    /// The buffers and symbols that are not as expected.
    pub differing: Vec<Difference>,
}

/// A buffer or symbol that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub name: String,
    /// The bytes at which the elements start that differ. Empty where elements have no places.
    pub at: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
pub struct Report {
    pub rows: Vec<Row>,
}

impl Report {
    pub fn is_good(&self) -> bool {
        self.rows.iter().all(|row| row.verdict.is_good())
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.verdict == verdict).count()
    }

    pub fn to_text(&self) -> String {
        let mut rows = vec![["case", "kernel", "device", "route", "max ulp", "verdict"].map(String::from).to_vec()];
        rows.extend(self.rows.iter().map(|row| {
            let ulp = row.max_ulp.map_or_else(|| "-".to_string(), shown_ulp);
            let verdict = if row.detail.is_empty() {
                row.verdict.name().to_string()
            } else {
                format!("{}: {}", row.verdict.name(), row.detail)
            };
            vec![row.case.clone(), row.kernel.clone(), row.device.clone(), row.route.to_string(), ulp, verdict]
        }));
        format!("{}\n{}\n{}", table::render(&rows), self.summary(), self.outputs())
    }

    /// What the cases printed, each once: routes whose output differs say so in the table.
    fn outputs(&self) -> String {
        const MOST_LINES: usize = 40;
        let mut text = String::new();
        let mut shown: Vec<&str> = Vec::new();
        for row in self.rows.iter().filter(|row| !row.output.is_empty()) {
            if shown.contains(&row.case.as_str()) {
                continue;
            }
            shown.push(&row.case);
            text += &format!("\n{} prints:\n", row.case);
            let lines = row.output.lines().count();
            row.output.lines().take(MOST_LINES).for_each(|line| text += &format!("  {line}\n"));
            if lines > MOST_LINES {
                text += &format!("  ... {} more lines; --json has them all\n", lines - MOST_LINES);
            }
        }
        text
    }

    /// `12 agree, 3 left out`
    fn summary(&self) -> String {
        let parts = Verdict::ALL.map(|verdict| (self.count(verdict), verdict.name()));
        let parts: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, name)| format!("{n} {name}")).collect();
        parts.join(", ")
    }

    pub fn to_json(&self) -> String {
        let summary: serde_json::Map<String, Value> =
            Verdict::ALL.iter().map(|verdict| (verdict.name().replace(' ', "_"), json!(self.count(*verdict)))).collect();
        let rows: Vec<Value> = self.rows.iter().map(row_json).collect();
        format!("{:#}\n", json!({ "summary": summary, "rows": rows }))
    }
}

fn shown_ulp(ulp: u64) -> String {
    if ulp == u64::MAX { "inf".to_string() } else { ulp.to_string() }
}

fn row_json(row: &Row) -> Value {
    json!({
        "case": row.case,
        "kernel": row.kernel,
        "device": row.device,
        "route": row.route,
        "max_ulp": row.max_ulp,
        "verdict": row.verdict.name(),
        "detail": row.detail,
        "codes": row.codes,
        "provenance": row.provenance,
        "places": row.places,
        "output": row.output,
    })
}
