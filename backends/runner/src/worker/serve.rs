//! The worker's side: answers jobs until its standard input closes.

use std::collections::HashMap;
use std::io;

use super::protocol::{self, Reply, Request};
use crate::{Device, Devices, Launch, Outcome, RunError, devices};

/// What the worker keeps from job to job.
#[derive(Default)]
struct Session {
    found: Option<Devices>,
    /// By device id.
    open: HashMap<String, Device>,
}

/// Answers jobs until standard input closes, and ends the process. It never returns, because a driver that is stuck would not
/// let its devices be dropped.
pub fn serve() -> ! {
    let mut session = Session::default();
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Ok(Some(request)) = protocol::receive::<Request>(&mut input) {
        let reply = session.answer(request);
        let sent = protocol::send(&mut output, &reply);
        if sent.is_err() || session.open.values().any(Device::is_stuck) {
            break;
        }
    }
    std::process::exit(0)
}

impl Session {
    fn answer(&mut self, request: Request) -> Reply {
        match request {
            Request::Devices => {
                let found = self.found.get_or_insert_with(devices);
                let present = found.present.iter().map(|adapter| adapter.info.clone()).collect();
                Reply::Devices { present, left_out: found.left_out.clone() }
            }
            Request::Launch { device, launch } => Reply::Outcome(Box::new(self.run(&device, &launch))),
        }
    }

    fn run(&mut self, device: &str, launch: &Launch) -> Result<Outcome, RunError> {
        let adapter = self.found.get_or_insert_with(devices).find(device)?;
        let id = &adapter.info.id;
        if !self.open.contains_key(id) {
            self.open.insert(id.clone(), Device::open(adapter)?);
        }
        match self.open.get_mut(id) {
            Some(device) => device.run(launch),
            None => Err(RunError::Worker { reason: "the device is not open".to_string() }),
        }
    }
}
