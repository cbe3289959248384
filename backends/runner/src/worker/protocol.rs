//! How a program and its worker talk: a frame is a mark, a JSON text, and blobs of bytes.
//!
//! The mark lets the reader skip what a driver or a test runner prints to standard output in between. Buffers travel as blobs,
//! because JSON would make them five times larger.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{DeviceInfo, Launch, LeftOut, Outcome, RunError};

const MARK: [u8; 8] = *b"\0frame1\n";

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    Devices,
    Launch { device: String, launch: Box<Launch> },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    Devices { present: Vec<DeviceInfo>, left_out: Vec<LeftOut> },
    Outcome(Box<Result<Outcome, RunError>>),
}

/// A message whose large parts are not in its JSON text.
pub(super) trait Message: Serialize + DeserializeOwned {
    fn blobs(&self) -> &[Vec<u8>];
    fn set_blobs(&mut self, blobs: Vec<Vec<u8>>);
}

impl Message for Request {
    fn blobs(&self) -> &[Vec<u8>] {
        match self {
            Request::Devices => &[],
            Request::Launch { launch, .. } => &launch.buffers,
        }
    }

    fn set_blobs(&mut self, blobs: Vec<Vec<u8>>) {
        if let Request::Launch { launch, .. } = self {
            launch.buffers = blobs;
        }
    }
}

impl Message for Reply {
    fn blobs(&self) -> &[Vec<u8>] {
        match self {
            Reply::Outcome(outcome) => outcome.as_ref().as_ref().map_or(&[], |outcome| &outcome.buffers),
            Reply::Devices { .. } => &[],
        }
    }

    fn set_blobs(&mut self, blobs: Vec<Vec<u8>>) {
        if let Reply::Outcome(outcome) = self
            && let Ok(outcome) = outcome.as_mut()
        {
            outcome.buffers = blobs;
        }
    }
}

pub(super) fn send(to: &mut impl Write, message: &impl Message) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    to.write_all(&MARK)?;
    write_blob(to, &text)?;
    let blobs = message.blobs();
    to.write_all(&(blobs.len() as u64).to_le_bytes())?;
    for blob in blobs {
        write_blob(to, blob)?;
    }
    to.flush()
}

fn write_blob(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&(bytes.len() as u64).to_le_bytes())?;
    to.write_all(bytes)
}

/// The next message, `None` at the end of the stream.
pub(super) fn receive<M: Message>(from: &mut impl Read) -> io::Result<Option<M>> {
    if !skip_to_mark(from)? {
        return Ok(None);
    }
    let text = read_blob(from)?;
    let mut message: M = serde_json::from_slice(&text)?;
    let count = read_u64(from)?;
    let blobs: io::Result<Vec<_>> = (0..count).map(|_| read_blob(from)).collect();
    message.set_blobs(blobs?);
    Ok(Some(message))
}

/// Reads up to and with the next mark; false at the end of the stream.
fn skip_to_mark(from: &mut impl Read) -> io::Result<bool> {
    let mut seen = [0; MARK.len()];
    while seen != MARK {
        let mut byte = [0];
        if from.read(&mut byte)? == 0 {
            return Ok(false);
        }
        seen.rotate_left(1);
        seen[MARK.len() - 1] = byte[0];
    }
    Ok(true)
}

fn read_u64(from: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    from.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

fn read_blob(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = read_u64(from)?;
    let mut bytes = Vec::new();
    let read = from.take(length).read_to_end(&mut bytes)?;
    if read as u64 == length { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{Module, SlotKind};

    #[test]
    fn a_message_survives_the_way_and_noise_before_it() {
        let mut launch = Launch::new(Module::Spirv { words: vec![1, 2, 3] }, "main", Duration::from_millis(1500));
        let buffer = launch.buffer((0..=255).collect());
        launch.buffer(Vec::new());
        launch.bind(3, SlotKind::ReadWriteStorage, buffer).constant("n", 7.0).read_back(buffer);
        let request = Request::Launch { device: "lavapipe".to_string(), launch: Box::new(launch.clone()) };
        let mut bytes = b"running 1 test\n\0frame".to_vec();
        send(&mut bytes, &request).expect("memory takes all bytes");
        let mut from = bytes.as_slice();
        match receive(&mut from).expect("a whole frame") {
            Some(Request::Launch { device, launch: got }) => {
                assert_eq!(device, "lavapipe");
                assert_eq!(*got, launch);
            }
            other => panic!("{other:?}"),
        }
        assert!(receive::<Request>(&mut from).expect("the end").is_none());
    }

    #[test]
    fn a_torn_frame_is_an_error() {
        let mut bytes = Vec::new();
        send(&mut bytes, &Request::Devices).expect("memory takes all bytes");
        bytes.pop();
        assert!(receive::<Request>(&mut bytes.as_slice()).is_err());
    }
}
