//! The property in a child process, so that stack overflows, endless loops and exhausted memory are seen from outside.

use crate::target;
use std::io::{BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The word that makes the program a child.
pub const WORKER: &str = "worker";

/// As much as an input may take; beyond it is a finding.
const MEMORY_LIMIT_KB: u64 = 500 << 10;

/// Stack of the thread that runs the property, as the command `translate` has it.
const STACK: usize = 256 << 20;

fn message(payload: &(dyn std::any::Any + Send)) -> &str {
    let literal = payload.downcast_ref::<&str>().copied();
    literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("?")
}

/// Answers inputs (a line with the length, then the text) with one line each: `ok`, or what went wrong. Ends with its input.
pub fn serve() {
    static PLACE: Mutex<String> = Mutex::new(String::new());
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
        if let Ok(mut last) = PLACE.lock() {
            *last = format!("panic at {place}: {}", message(info.payload()));
        }
    }));
    let work = || {
        let mut input = BufReader::new(std::io::stdin());
        let mut line = String::new();
        while input.read_line(&mut line).is_ok_and(|read| read > 0) {
            let mut bytes = vec![0; line.trim().parse().unwrap_or(0)];
            line.clear();
            if input.read_exact(&mut bytes).is_err() {
                return;
            }
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let answer = match catch_unwind(AssertUnwindSafe(|| target::run(&text))) {
                Ok(Ok(())) => "ok".to_string(),
                Ok(Err(finding)) => finding,
                Err(_) => PLACE.lock().map(|place| place.clone()).unwrap_or_default(),
            };
            println!("{}", answer.replace('\n', " "));
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    let _ = thread.map(std::thread::JoinHandle::join);
}

/// A running child, started again after it died.
pub struct Worker {
    limit: Duration,
    running: Option<Running>,
}

struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<String>,
}

impl Worker {
    pub fn new(limit: Duration) -> Worker {
        Worker { limit, running: None }
    }

    /// What is wrong with a text, if something is.
    pub fn ask(&mut self, text: &str) -> std::io::Result<Option<String>> {
        let running = match &mut self.running {
            Some(running) => running,
            None => self.running.insert(Running::start()?),
        };
        let sent = running.input.write_all(format!("{}\n{text}", text.len()).as_bytes()).and_then(|()| running.input.flush());
        let answer = sent.map_or_else(|_| Err("died".to_string()), |()| running.answer(self.limit));
        match answer {
            Ok(answer) => Ok((answer != "ok").then_some(answer)),
            Err(end) => {
                if let Some(mut dead) = self.running.take() {
                    let _ = dead.child.kill();
                    let _ = dead.child.wait();
                }
                Ok(Some(end))
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(mut running) = self.running.take() {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Running {
    fn start() -> std::io::Result<Running> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg(WORKER).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::other("the child has no pipes"));
        };
        let (send, answers) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Running { child, input, answers })
    }

    /// Waits for the answer, and looks at the child's memory now and then.
    fn answer(&mut self, limit: Duration) -> Result<String, String> {
        let start = Instant::now();
        loop {
            match self.answers.recv_timeout(Duration::from_millis(20)) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Err("died (stack overflow or abort)".to_string()),
                Err(RecvTimeoutError::Timeout) if start.elapsed() > limit => return Err("hang".to_string()),
                Err(RecvTimeoutError::Timeout) if resident_kb(self.child.id()) > MEMORY_LIMIT_KB => {
                    return Err("memory".to_string());
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// The resident memory of a process, 0 where the system does not say (it is read as Linux tells it).
fn resident_kb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
