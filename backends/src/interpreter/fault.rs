//! What the interpreter reports: one kind for each thing that a GPU would hide or answer with garbage.

use crate::output::assertion_text;
use ir::Assertion;
use source::{Code, Diagnostic, Span};
use std::time::Duration;

/// Why a launch ended early, where, and for which thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub kind: Box<FaultKind>,
    pub span: Span,
    /// The thread that did it. `None` for faults of the launch itself.
    pub thread: Option<ThreadPlace>,
}

/// `blockIdx` and `threadIdx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadPlace {
    pub block: [u32; 3],
    pub thread: [u32; 3],
}

/// An address as people read it: which memory, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` ({size} bytes) at byte {offset}")]
pub struct Target {
    pub name: String,
    pub size: u64,
    pub offset: i64,
}

/// Where a thread waits that others wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    pub thread: ThreadPlace,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    #[error("{bytes} bytes of {target} are out of bounds")]
    OutOfBounds { target: Target, bytes: u64 },
    #[error("{target} is not aligned to {align} bytes")]
    Misaligned { target: Target, align: u64 },
    #[error("access through a null pointer, address {address:#x}")]
    NullPointer { address: u64 },
    #[error("address {address:#x} points to no memory")]
    WildPointer { address: u64 },
    #[error("the variable that this points to is no more, address {address:#x}")]
    DeadLocal { address: u64 },
    #[error("{target} is read before it is written")]
    Uninitialised { target: Target },
    #[error("the variable `{name}` is read before it has a value")]
    UninitialisedLocal { name: String },
    #[error("an undefined value is used")]
    Undefined,
    #[error("{target} is read only")]
    ReadOnly { target: Target },
    #[error(
        "{waiting} threads of the block wait at this barrier, and {elsewhere} live ones at another place that they cannot leave"
    )]
    DivergentBarrier { waiting: usize, elsewhere: usize, other: Option<Elsewhere> },
    #[error("this thread waits for arrivals that never come")]
    NoArrival,
    #[error("lanes {missing:#010x} of the mask {mask:#010x} never come to this warp operation")]
    DivergentWarp { mask: u32, missing: u32, elsewhere: Elsewhere },
    #[error("lane {lane} takes part in a warp operation whose mask {mask:#010x} leaves it out")]
    LaneNotInMask { lane: u32, mask: u32 },
    #[error("lane {lane} reads from lane {source_lane}, which does not take part")]
    InactiveLane { lane: u32, source_lane: u32 },
    #[error("the width {width} of a shuffle is none of 2, 4, 8, 16, 32")]
    ShuffleWidth { width: u64 },
    #[error("the threads of the block broadcast different values")]
    BroadcastDiffers,
    #[error("did not finish within {limit} steps of one thread")]
    StepLimit { limit: u64 },
    #[error("assertion `{}` failed", assertion.expression)]
    Assert { assertion: Assertion },
    #[error("not finished after {limit:?} on the interpreter")]
    TimeLimit { limit: Duration },
    #[error("the kernel trapped")]
    Trap,
    #[error("calls are nested deeper than {limit}")]
    StackOverflow { limit: usize },
    #[error("a function that returns a value ended without one")]
    MissingReturn,
    #[error("data race on {target}: {this} and, with no order between them, {other}")]
    DataRace { target: Target, this: String, other: String, other_place: Span },
    #[error("the launch does not fit the kernel: {reason}")]
    BadLaunch { reason: String },
    #[error("broken IR: {reason}")]
    BrokenIr { reason: String },
}

impl FaultKind {
    pub fn code(&self) -> Code {
        match self {
            FaultKind::OutOfBounds { .. } => Code::E0620,
            FaultKind::Misaligned { .. } => Code::E0621,
            FaultKind::NullPointer { .. } => Code::E0622,
            FaultKind::WildPointer { .. } => Code::E0623,
            FaultKind::DeadLocal { .. } => Code::E0624,
            FaultKind::Uninitialised { .. } | FaultKind::UninitialisedLocal { .. } | FaultKind::Undefined => Code::E0625,
            FaultKind::ReadOnly { .. } => Code::E0626,
            FaultKind::DivergentBarrier { .. } => Code::E0627,
            FaultKind::NoArrival => Code::E0641,
            FaultKind::DivergentWarp { .. } | FaultKind::LaneNotInMask { .. } => Code::E0628,
            FaultKind::InactiveLane { .. } => Code::E0629,
            FaultKind::ShuffleWidth { .. } => Code::E0630,
            FaultKind::BroadcastDiffers => Code::E0631,
            FaultKind::StepLimit { .. } => Code::E0632,
            FaultKind::TimeLimit { .. } => Code::E0638,
            FaultKind::Assert { .. } => Code::E0633,
            FaultKind::Trap => Code::E0634,
            FaultKind::StackOverflow { .. } => Code::E0635,
            FaultKind::MissingReturn => Code::E0636,
            FaultKind::DataRace { .. } => Code::E0637,
            FaultKind::BadLaunch { .. } => Code::E0666,
            FaultKind::BrokenIr { .. } => Code::E0639,
        }
    }
}

impl Fault {
    /// A fault of the launch, before any thread ran.
    pub(super) fn of_launch(reason: impl Into<String>) -> Fault {
        Fault { kind: Box::new(FaultKind::BadLaunch { reason: reason.into() }), span: Span::NONE, thread: None }
    }

    pub fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.kind.code(), self.kind.to_string(), self.span);
        if let FaultKind::DivergentWarp { elsewhere, .. } = &*self.kind {
            diagnostic = diagnostic.with_label(elsewhere.span, format!("{} waits here", elsewhere.thread));
        }
        let diagnostic = match &self.thread {
            // As CUDA prints it.
            Some(place) if let FaultKind::Assert { assertion } = &*self.kind => {
                diagnostic.with_note(assertion_text(assertion, place.block, place.thread))
            }
            Some(place) => diagnostic.with_note(place.to_string()),
            None => diagnostic,
        };
        // The second place.
        match &*self.kind {
            FaultKind::DataRace { other, other_place, .. } if !other_place.is_none() => {
                diagnostic.with_label(*other_place, other.clone())
            }
            FaultKind::DivergentBarrier { other: Some(Elsewhere { thread, span }), .. } if !span.is_none() => {
                diagnostic.with_label(*span, format!("{thread} waits here"))
            }
            _ => diagnostic,
        }
    }
}

impl std::fmt::Display for ThreadPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ([bx, by, bz], [tx, ty, tz]) = (self.block, self.thread);
        write!(f, "block ({bx}, {by}, {bz}), thread ({tx}, {ty}, {tz})")
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind.code(), self.kind)?;
        match &self.thread {
            Some(place) => write!(f, " ({place})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Fault {}
