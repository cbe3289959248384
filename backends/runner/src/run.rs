//! Dispatches: binds buffers, submits, waits within the time limit, reads the result.

use std::time::{Duration, Instant};

use crate::{
    Binding, Checks, Device, DeviceBuffer, Dispatch, Launch, Module, Outcome, Phases, PreparedKernel, Provenance, Route,
    RunError, Slot, SlotKind, Write,
};

/// Dispatches handed over at once. Long sequences are cut, because some drivers limit the time of one submission.
const DISPATCHES_PER_SUBMISSION: usize = 64;

/// A buffer, or a part of one, behind a slot of a kernel.
#[derive(Clone, Copy, Debug)]
pub struct Bound<'a> {
    pub buffer: &'a DeviceBuffer,
    pub offset: u64,
    pub size: Option<u64>,
}

/// How long a launch took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    pub wall: Duration,
    pub device: Option<Duration>,
}

impl Device {
    /// Runs one launch with all its data.
    pub fn run(&mut self, launch: &Launch) -> Result<Outcome, RunError> {
        check_indices(launch)?;
        let start = Instant::now();
        let kernel = self.prepare(&launch.kernel)?;
        let prepare = start.elapsed();
        let mut buffers = Vec::new();
        for bytes in &launch.buffers {
            let buffer = self.allocate(bytes.len() as u64)?;
            self.write(&buffer, 0, bytes)?;
            buffers.push(buffer);
        }
        let mut timing = self.launch(&kernel, &buffers, &launch.bindings, &launch.dispatches, launch.time_limit)?;
        if let Some(phases) = &launch.phases {
            self.further_phases(launch, phases, &kernel, &buffers, &mut timing)?;
        }
        let read: Result<Vec<_>, _> =
            launch.read_back.iter().map(|&index| self.read(&buffers[index], 0, buffers[index].size())).collect();
        let provenance = self.provenance(&launch.kernel.module);
        Ok(Outcome { buffers: read?, provenance, prepare, wall: timing.wall, device_time: timing.device })
    }

    /// What comes behind the first phase.
    fn further_phases(
        &mut self,
        launch: &Launch,
        phases: &Phases,
        kernel: &PreparedKernel,
        buffers: &[DeviceBuffer],
        timing: &mut Timing,
    ) -> Result<(), RunError> {
        let start = Instant::now();
        loop {
            let next = self.read(find_buffer(buffers, phases.next)?, 0, 4)?;
            if next == phases.end.to_le_bytes() {
                return Ok(());
            }
            let left = launch.time_limit.saturating_sub(timing.wall).saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(RunError::Timeout { limit: launch.time_limit });
            }
            self.write(find_buffer(buffers, phases.phase)?, 0, &next)?;
            let phase = self.launch(kernel, buffers, &launch.bindings, &launch.dispatches, left)?;
            timing.wall += phase.wall;
            timing.device = timing.device.zip(phase.device).map(|(sum, time)| sum + time);
        }
    }

    /// Runs the dispatches in order over buffers that stay on the device, and waits for the last.
    /// Bindings and writes name buffers by their index.
    pub fn launch(
        &mut self,
        kernel: &PreparedKernel,
        buffers: &[DeviceBuffer],
        bindings: &[Binding],
        dispatches: &[Dispatch],
        limit: Duration,
    ) -> Result<Timing, RunError> {
        self.check_alive()?;
        let bound: Vec<Bound<'_>> = bindings
            .iter()
            .map(|b| find_buffer(buffers, b.buffer).map(|buffer| Bound { buffer, offset: b.offset, size: b.size }))
            .collect::<Result<_, _>>()?;
        let group = self.bind_group(kernel, &bound)?;
        let clock = DeviceClock::new(self);
        let start = Instant::now();
        let mut last = None;
        for (index, part) in dispatches.chunks(DISPATCHES_PER_SUBMISSION).enumerate() {
            let first = index * DISPATCHES_PER_SUBMISSION;
            let ends = first + part.len() == dispatches.len();
            last = Some(self.submit(kernel, &group, buffers, part, clock.as_ref(), (first == 0, ends))?);
        }
        if let Some(submission) = last {
            self.wait(submission, limit)?;
        }
        let wall = start.elapsed();
        let device = match clock {
            Some(clock) if !dispatches.is_empty() => clock.read(self)?,
            _ => None,
        };
        Ok(Timing { wall, device })
    }

    fn bind_group(&self, kernel: &PreparedKernel, bound: &[Bound<'_>]) -> Result<wgpu::BindGroup, RunError> {
        let slots = &kernel.0.kernel.slots;
        if slots.len() != bound.len() {
            let reason = format!("the kernel has {} bindings and {} were given", slots.len(), bound.len());
            return Err(RunError::Bindings { reason });
        }
        let entries: Vec<_> = slots.iter().zip(bound).map(|(slot, b)| self.bind_entry(slot, b)).collect::<Result<_, _>>()?;
        let descriptor = wgpu::BindGroupDescriptor { label: None, layout: &kernel.0.layout, entries: &entries };
        self.scoped(|| self.raw.create_bind_group(&descriptor)).map_err(|error| RunError::Bindings { reason: error.to_string() })
    }

    fn bind_entry<'a>(&self, slot: &Slot, bound: &Bound<'a>) -> Result<wgpu::BindGroupEntry<'a>, RunError> {
        let binding = slot.binding;
        if bound.size == Some(0) {
            return Err(RunError::Bindings { reason: format!("binding {binding} is empty") });
        }
        let limit = match slot.kind {
            SlotKind::Uniform => self.info.limits.max_uniform_binding_size,
            SlotKind::ReadStorage | SlotKind::ReadWriteStorage => self.info.limits.max_storage_binding_size,
        };
        let size = bound.size.unwrap_or(bound.buffer.size().saturating_sub(bound.offset));
        if size > limit {
            let reason = format!("binding {binding} has {size} bytes, and this device allows {limit}");
            return Err(RunError::TooLarge { reason });
        }
        let size = bound.size.and_then(wgpu::BufferSize::new);
        let resource =
            wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer: &bound.buffer.raw, offset: bound.offset, size });
        Ok(wgpu::BindGroupEntry { binding, resource })
    }

    fn submit(
        &self,
        kernel: &PreparedKernel,
        group: &wgpu::BindGroup,
        buffers: &[DeviceBuffer],
        dispatches: &[Dispatch],
        clock: Option<&DeviceClock>,
        (first, last): (bool, bool),
    ) -> Result<wgpu::SubmissionIndex, RunError> {
        let writes: Vec<&Write> = dispatches.iter().flat_map(|dispatch| &dispatch.writes).collect();
        let upload = self.upload(&writes)?;
        let mut at = 0;
        let mut targets = Vec::new();
        for write in &writes {
            targets.push((find_buffer(buffers, write.buffer)?, at));
            at += write.bytes.len() as u64;
        }
        let mut targets = targets.into_iter();
        self.scoped(|| {
            let mut encoder = self.raw.create_command_encoder(&Default::default());
            for (index, dispatch) in dispatches.iter().enumerate() {
                for (write, (buffer, at)) in dispatch.writes.iter().zip(targets.by_ref()) {
                    if let Some(upload) = &upload {
                        let length = write.bytes.len() as u64;
                        encoder.copy_buffer_to_buffer(upload, at, &buffer.raw, write.offset, Some(length));
                    }
                }
                let begins = first && index == 0;
                let ends = last && index + 1 == dispatches.len();
                let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor {
                    label: None,
                    timestamp_writes: clock.and_then(|clock| clock.marks(begins, ends)),
                });
                pass.set_pipeline(&kernel.0.pipeline);
                pass.set_bind_group(0, group, &[]);
                let [x, y, z] = dispatch.groups;
                pass.dispatch_workgroups(x, y, z);
            }
            if let Some(clock) = clock.filter(|_| last) {
                clock.resolve(&mut encoder);
            }
            self.queue.submit([encoder.finish()])
        })
        .map_err(|error| RunError::Dispatch { reason: error.to_string() })
    }

    /// One buffer with the bytes of all writes, one after the other.
    fn upload(&self, writes: &[&Write]) -> Result<Option<wgpu::Buffer>, RunError> {
        let bytes: Vec<u8> = writes.iter().flat_map(|write| write.bytes.iter().copied()).collect();
        if bytes.is_empty() {
            return Ok(None);
        }
        if !bytes.len().is_multiple_of(4) {
            return Err(RunError::Dispatch { reason: "a write between dispatches is not a whole number of words".to_string() });
        }
        let buffer = self.create_buffer(bytes.len() as u64, wgpu::BufferUsages::COPY_SRC, true)?;
        let view = buffer.slice(..).get_mapped_range_mut();
        view.map_err(|error| RunError::Dispatch { reason: error.to_string() })?.copy_from_slice(&bytes);
        buffer.unmap();
        Ok(Some(buffer))
    }

    fn provenance(&self, module: &Module) -> Provenance {
        let (route, checks) = match module {
            Module::Wgsl { checks, .. } => (Route::Wgsl, *checks),
            Module::Spirv { .. } => (Route::Spirv, Checks::Trusted),
        };
        Provenance {
            device: self.info.id.clone(),
            adapter: self.info.name.clone(),
            kind: self.info.kind,
            backend: self.info.backend.clone(),
            driver: self.info.driver.clone(),
            driver_version: self.info.driver_version.clone(),
            route,
            checks,
        }
    }
}

fn find_buffer(buffers: &[DeviceBuffer], index: usize) -> Result<&DeviceBuffer, RunError> {
    buffers.get(index).ok_or_else(|| RunError::Bindings { reason: format!("there is no buffer {index}") })
}

fn check_indices(launch: &Launch) -> Result<(), RunError> {
    let bad = launch.read_back.iter().find(|&&index| index >= launch.buffers.len());
    match bad {
        Some(index) => Err(RunError::Bindings { reason: format!("there is no buffer {index} to read back") }),
        None => Ok(()),
    }
}

/// Two time stamps around a launch, on devices that have them.
struct DeviceClock {
    queries: wgpu::QuerySet,
    ticks: DeviceBuffer,
    resolved: wgpu::Buffer,
}

impl DeviceClock {
    const BYTES: u64 = 16;

    fn new(device: &Device) -> Option<DeviceClock> {
        if !device.raw.features().contains(wgpu::Features::TIMESTAMP_QUERY) {
            return None;
        }
        let ticks = device.allocate(DeviceClock::BYTES).ok()?;
        let usage = wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC;
        let resolved = device.create_buffer(DeviceClock::BYTES, usage, false).ok()?;
        let descriptor = wgpu::QuerySetDescriptor { label: None, ty: wgpu::QueryType::Timestamp, count: 2 };
        let queries = device.scoped(|| device.raw.create_query_set(&descriptor)).ok()?;
        Some(DeviceClock { queries, ticks, resolved })
    }

    fn marks(&self, begins: bool, ends: bool) -> Option<wgpu::ComputePassTimestampWrites<'_>> {
        (begins || ends).then(|| wgpu::ComputePassTimestampWrites {
            query_set: &self.queries,
            beginning_of_pass_write_index: begins.then_some(0),
            end_of_pass_write_index: ends.then_some(1),
        })
    }

    fn resolve(&self, encoder: &mut wgpu::CommandEncoder) {
        encoder.resolve_query_set(&self.queries, 0..2, &self.resolved, 0);
        encoder.copy_buffer_to_buffer(&self.resolved, 0, &self.ticks.raw, 0, Some(DeviceClock::BYTES));
    }

    fn read(&self, device: &mut Device) -> Result<Option<Duration>, RunError> {
        let bytes = device.read(&self.ticks, 0, DeviceClock::BYTES)?;
        let tick = |at: usize| bytes[at..at + 8].iter().rev().fold(0u64, |value, &byte| value << 8 | u64::from(byte));
        let ticks = tick(8).saturating_sub(tick(0));
        let nanoseconds = ticks as f64 * f64::from(device.queue.get_timestamp_period());
        Ok((ticks > 0).then(|| Duration::from_nanos(nanoseconds as u64)))
    }
}
