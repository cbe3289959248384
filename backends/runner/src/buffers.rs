//! Device memory: allocate, write, read, copy, with any offset and length in bytes.
//!
//! wgpu copies whole words only, so a range that begins or ends inside one is widened, and written by first reading its edges.

use std::time::Duration;

use crate::{Device, RunError};

const WORD: u64 = 4;
/// What an empty buffer gets, because a binding cannot be empty.
const EMPTY_BUFFER: u64 = 256;
/// For copies, which are the device's own work and not a kernel's.
const COPY_LIMIT: Duration = Duration::from_secs(60);

/// Memory on the device that allocated it.
#[derive(Clone, Debug)]
pub struct DeviceBuffer {
    pub(crate) raw: wgpu::Buffer,
    size: u64,
}

impl DeviceBuffer {
    /// In bytes, as it was asked for.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn check_range(&self, offset: u64, length: u64) -> Result<(), RunError> {
        match offset.checked_add(length) {
            Some(end) if end <= self.size => Ok(()),
            _ => {
                let reason = format!("{length} bytes at {offset} are not inside a buffer of {} bytes", self.size);
                Err(RunError::Bindings { reason })
            }
        }
    }
}

impl Device {
    /// Memory filled with zeros.
    pub fn allocate(&self, size: u64) -> Result<DeviceBuffer, RunError> {
        self.check_alive()?;
        let limit = self.info.limits.max_buffer_size;
        if size > limit {
            return Err(RunError::TooLarge { reason: format!("a buffer has {size} bytes, and this device allows {limit}") });
        }
        let usage = wgpu::BufferUsages::STORAGE
            | wgpu::BufferUsages::UNIFORM
            | wgpu::BufferUsages::COPY_SRC
            | wgpu::BufferUsages::COPY_DST;
        let raw = self.create_buffer(padded_size(size), usage, false)?;
        Ok(DeviceBuffer { raw, size })
    }

    pub(crate) fn create_buffer(&self, size: u64, usage: wgpu::BufferUsages, mapped: bool) -> Result<wgpu::Buffer, RunError> {
        let descriptor = wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: mapped };
        self.scoped(|| self.raw.create_buffer(&descriptor)).map_err(|error| match error {
            wgpu::Error::OutOfMemory { .. } => RunError::OutOfMemory { what: format!("a buffer of {size} bytes") },
            other => RunError::Bindings { reason: other.to_string() },
        })
    }

    pub fn write(&mut self, buffer: &DeviceBuffer, offset: u64, bytes: &[u8]) -> Result<(), RunError> {
        let length = bytes.len() as u64;
        buffer.check_range(offset, length)?;
        let (start, end) = widen(offset, length);
        if (start, end) == (offset, offset + length) {
            return self.write_words(buffer, offset, bytes);
        }
        let mut words = self.read_words(buffer, start, end - start)?;
        let at = (offset - start) as usize;
        words[at..at + bytes.len()].copy_from_slice(bytes);
        self.write_words(buffer, start, &words)
    }

    fn write_words(&self, buffer: &DeviceBuffer, offset: u64, bytes: &[u8]) -> Result<(), RunError> {
        self.scoped(|| self.queue.write_buffer(&buffer.raw, offset, bytes))
            .map_err(|error| RunError::Dispatch { reason: error.to_string() })
    }

    pub fn read(&mut self, buffer: &DeviceBuffer, offset: u64, length: u64) -> Result<Vec<u8>, RunError> {
        buffer.check_range(offset, length)?;
        let (start, end) = widen(offset, length);
        let mut bytes = self.read_words(buffer, start, end - start)?;
        bytes.drain(..(offset - start) as usize);
        bytes.truncate(length as usize);
        Ok(bytes)
    }

    fn read_words(&mut self, buffer: &DeviceBuffer, start: u64, length: u64) -> Result<Vec<u8>, RunError> {
        self.check_alive()?;
        if length == 0 {
            return Ok(Vec::new());
        }
        let staging = self.create_buffer(length, wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ, false)?;
        let submission = self.submit_copy(&buffer.raw, start, &staging, 0, length)?;
        self.wait(submission, COPY_LIMIT)?;
        staging.slice(..).map_async(wgpu::MapMode::Read, |_| {});
        self.raw.poll(wgpu::PollType::Poll).map_err(|error| RunError::DeviceLost { reason: error.to_string() })?;
        let view = staging.slice(..).get_mapped_range();
        let bytes = view.map(|view| view.to_vec()).map_err(|error| RunError::DeviceLost { reason: error.to_string() })?;
        Ok(bytes)
    }

    /// Copies between two buffers, or inside one where the ranges do not overlap.
    pub fn copy(
        &mut self,
        from: &DeviceBuffer,
        from_offset: u64,
        to: &DeviceBuffer,
        to_offset: u64,
        length: u64,
    ) -> Result<(), RunError> {
        from.check_range(from_offset, length)?;
        to.check_range(to_offset, length)?;
        let whole_words = (from_offset | to_offset | length).is_multiple_of(WORD);
        if length == 0 {
            return Ok(());
        }
        if !whole_words || from.raw == to.raw {
            let bytes = self.read(from, from_offset, length)?;
            return self.write(to, to_offset, &bytes);
        }
        self.submit_copy(&from.raw, from_offset, &to.raw, to_offset, length).map(drop)
    }

    fn submit_copy(
        &self,
        from: &wgpu::Buffer,
        from_offset: u64,
        to: &wgpu::Buffer,
        to_offset: u64,
        length: u64,
    ) -> Result<wgpu::SubmissionIndex, RunError> {
        self.scoped(|| {
            let mut encoder = self.raw.create_command_encoder(&Default::default());
            encoder.copy_buffer_to_buffer(from, from_offset, to, to_offset, Some(length));
            self.queue.submit([encoder.finish()])
        })
        .map_err(|error| RunError::Dispatch { reason: error.to_string() })
    }
}

/// What is allocated for a buffer of `size` bytes: whole elements of the widest scalar view, and never nothing.
fn padded_size(size: u64) -> u64 {
    if size == 0 { EMPTY_BUFFER } else { size.next_multiple_of(2 * WORD) }
}

/// The whole words that hold the range.
fn widen(offset: u64, length: u64) -> (u64, u64) {
    (offset - offset % WORD, (offset + length).next_multiple_of(WORD))
}
