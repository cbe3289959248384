//! Launches in a process of their own.
//!
//! A kernel that does not end cannot be stopped from inside: on software drivers even dropping the device waits for it. And a
//! driver that crashes takes its process along. So the program starts itself again as a worker (`translate __worker`),
//! sends jobs to its standard input, reads answers from its standard output, and ends it at the deadline. A worker keeps its
//! devices and kernels from job to job; after a timeout or a crash the next job starts a new one.

mod protocol;
mod serve;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::{DeviceInfo, Launch, LeftOut, Outcome, RunError};
use protocol::{Reply, Request};

pub use serve::serve;

/// The hidden subcommand of a program that can be its own worker: its `main` calls [`serve`] for it.
pub const COMMAND: &str = "__worker";

/// What opening the device and compiling the kernel may take on top of the launch's own time limit.
const OVERHEAD: Duration = Duration::from_secs(60);
/// How much of the worker's standard error is kept to explain a crash.
const KEPT_STDERR: usize = 4096;

/// A worker process, started when it is first needed.
pub struct Worker {
    program: PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    running: Option<Running>,
    /// Whether the subgroups of a device, in workgroups of so many threads, are in the order of the threads.
    pub(crate) warps: BTreeMap<(String, u32), bool>,
}

/// The process and the threads that listen to it.
struct Running {
    child: Child,
    input: ChildStdin,
    replies: Receiver<Reply>,
    stderr: Arc<Mutex<Vec<u8>>>,
}

impl Worker {
    /// This program again, with the hidden subcommand.
    pub fn of_this_program() -> Result<Worker, RunError> {
        let program = std::env::current_exe().map_err(|error| RunError::Worker { reason: error.to_string() })?;
        Ok(Worker::new(program, [COMMAND]))
    }

    pub fn new<A: Into<OsString>>(program: impl Into<PathBuf>, args: impl IntoIterator<Item = A>) -> Worker {
        let args = args.into_iter().map(Into::into).collect();
        Worker { program: program.into(), args, env: Vec::new(), running: None, warps: BTreeMap::new() }
    }

    /// Sets an environment variable of the process, such as the list of drivers.
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Worker {
        self.env.push((name.into(), value.into()));
        self
    }

    /// What devices the worker sees. A driver that crashes while it is asked is an error here and nothing worse.
    pub fn devices(&mut self) -> Result<(Vec<DeviceInfo>, Vec<LeftOut>), RunError> {
        match self.ask(&Request::Devices, OVERHEAD)? {
            Reply::Devices { present, left_out } => Ok((present, left_out)),
            Reply::Outcome(_) => Err(self.nonsense()),
        }
    }

    /// Runs the launch on the device that [`crate::Devices::find`] finds under this name.
    pub fn run(&mut self, device: &str, launch: &Launch) -> Result<Outcome, RunError> {
        let limit = launch.time_limit;
        let request = Request::Launch { device: device.to_string(), launch: Box::new(launch.clone()) };
        match self.ask(&request, limit.saturating_add(OVERHEAD)) {
            Ok(Reply::Outcome(outcome)) => {
                if matches!(*outcome, Err(RunError::Timeout { .. } | RunError::DeviceLost { .. })) {
                    self.stop();
                }
                *outcome
            }
            Ok(Reply::Devices { .. }) => Err(self.nonsense()),
            Err(error) => Err(error),
        }
    }

    fn ask(&mut self, request: &Request, limit: Duration) -> Result<Reply, RunError> {
        if self.running.is_none() {
            self.running = Some(self.start()?);
        }
        let Some(running) = &mut self.running else {
            return Err(RunError::Worker { reason: "it is not running".to_string() });
        };
        if protocol::send(&mut running.input, request).is_err() {
            return Err(self.crashed());
        }
        match running.replies.recv_timeout(limit) {
            Ok(reply) => Ok(reply),
            Err(RecvTimeoutError::Timeout) => {
                self.stop();
                Err(RunError::Timeout { limit })
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.crashed()),
        }
    }

    fn start(&self) -> Result<Running, RunError> {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let failed = |reason: String| RunError::Worker { reason: format!("`{}`: {reason}", self.program.display()) };
        let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
        let (Some(input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take()) else {
            return Err(failed("it has no pipes".to_string()));
        };
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let kept = stderr.clone();
        std::thread::spawn(move || keep_tail(errors, &kept));
        Ok(Running { child, input, replies: listen(output), stderr })
    }

    /// Ends the process, whatever it is doing.
    fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            end(running);
        }
    }

    /// The process ended by itself: says how.
    fn crashed(&mut self) -> RunError {
        let Some(running) = self.running.take() else {
            return RunError::Worker { reason: "it is not running".to_string() };
        };
        let stderr = running.stderr.clone();
        let how = end(running).map_or_else(|| "in an unknown way".to_string(), describe_exit);
        let said = String::from_utf8_lossy(&stderr.lock().unwrap_or_else(PoisonError::into_inner)).trim().to_string();
        let said = if said.is_empty() { String::new() } else { format!("; it said: {said}") };
        RunError::DeviceCrashed { reason: format!("its process ended {how}{said}") }
    }

    fn nonsense(&mut self) -> RunError {
        self.stop();
        RunError::Worker { reason: "it gave the answer to another question".to_string() }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Ends a process that may have ended already, and says how it ended.
fn end(mut running: Running) -> Option<ExitStatus> {
    drop(running.input);
    if matches!(running.replies.try_recv(), Err(std::sync::mpsc::TryRecvError::Disconnected)) {
        // Its standard output is closed: it is ending by itself, and its own status is wanted.
        for _ in 0..200 {
            if let Ok(Some(status)) = running.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    // A process that is gone already cannot be killed, and that is fine.
    let _ = running.child.kill();
    running.child.wait().ok()
}

fn listen(mut output: ChildStdout) -> Receiver<Reply> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        while let Ok(Some(reply)) = protocol::receive::<Reply>(&mut output) {
            if sender.send(reply).is_err() {
                break;
            }
        }
    });
    receiver
}

fn keep_tail(mut errors: impl Read, kept: &Mutex<Vec<u8>>) {
    let mut chunk = [0; 1024];
    while let Ok(count @ 1..) = errors.read(&mut chunk) {
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(&chunk[..count]);
        let surplus = kept.len().saturating_sub(KEPT_STDERR);
        kept.drain(..surplus);
    }
}

#[cfg(unix)]
fn describe_exit(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(4) => "with an illegal instruction (SIGILL)".to_string(),
        Some(6) => "by giving up (SIGABRT)".to_string(),
        Some(7) => "with a bad memory access (SIGBUS)".to_string(),
        Some(8) => "with an arithmetic fault (SIGFPE)".to_string(),
        Some(11) => "with a bad memory access (SIGSEGV)".to_string(),
        Some(signal) => format!("by signal {signal}"),
        None => status.to_string(),
    }
}

#[cfg(not(unix))]
fn describe_exit(status: ExitStatus) -> String {
    status.to_string()
}
