//! An open device: errors are caught in scopes, a lost or stuck device is remembered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::adapters::usable_features;
use crate::kernel::KernelCache;
use crate::{Adapter, DeviceInfo, RunError};

/// An open device. Used by one thread at a time.
pub struct Device {
    pub(crate) info: DeviceInfo,
    pub(crate) raw: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    pub(crate) kernels: KernelCache,
    trouble: Trouble,
    stuck: bool,
}

/// What the driver said outside any error scope: a lost device, or an error nobody waited for.
#[derive(Clone, Default)]
struct Trouble(Arc<Mutex<Option<String>>>);

impl Trouble {
    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, text: String) {
        self.lock().get_or_insert(text);
    }
}

impl Device {
    /// Opens the device with everything it has.
    pub fn open(adapter: &Adapter) -> Result<Device, RunError> {
        let descriptor = wgpu::DeviceDescriptor {
            required_features: usable_features(&adapter.raw),
            required_limits: adapter.raw.limits(),
            ..Default::default()
        };
        let (raw, queue) = pollster::block_on(adapter.raw.request_device(&descriptor))
            .map_err(|error| RunError::Open { device: adapter.info.id.clone(), reason: error.to_string() })?;
        let trouble = Trouble::default();
        let (lost, uncaptured) = (trouble.clone(), trouble.clone());
        raw.set_device_lost_callback(move |reason, text| lost.note(format!("{reason:?}: {text}")));
        raw.on_uncaptured_error(Arc::new(move |error| uncaptured.note(error.to_string())));
        Ok(Device { info: adapter.info.clone(), raw, queue, kernels: KernelCache::default(), trouble, stuck: false })
    }

    pub fn info(&self) -> &DeviceInfo {
        &self.info
    }

    /// A launch ran out of time, and its kernel may still be running: nothing more can be done with the device.
    pub fn is_stuck(&self) -> bool {
        self.stuck
    }

    /// Fails once the device is lost or stuck.
    pub(crate) fn check_alive(&self) -> Result<(), RunError> {
        if self.stuck {
            return Err(RunError::DeviceLost { reason: "an earlier kernel did not end".to_string() });
        }
        match self.trouble.lock().as_ref() {
            Some(reason) => Err(RunError::DeviceLost { reason: reason.clone() }),
            None => Ok(()),
        }
    }

    /// Runs `work` and returns its value, or the error that wgpu reported meanwhile.
    pub(crate) fn scoped<T>(&self, work: impl FnOnce() -> T) -> Result<T, wgpu::Error> {
        let scopes = [wgpu::ErrorFilter::Internal, wgpu::ErrorFilter::OutOfMemory, wgpu::ErrorFilter::Validation]
            .map(|filter| self.raw.push_error_scope(filter));
        let value = work();
        let mut first = None;
        for scope in scopes.into_iter().rev() {
            let error = pollster::block_on(scope.pop());
            first = first.or(error);
        }
        match first {
            Some(error) => Err(error),
            None => Ok(value),
        }
    }

    /// Waits for what was submitted. Past the limit the device is stuck.
    pub(crate) fn wait(&mut self, submission: wgpu::SubmissionIndex, limit: Duration) -> Result<(), RunError> {
        let poll = wgpu::PollType::Wait { submission_index: Some(submission), timeout: Some(limit) };
        match self.raw.poll(poll) {
            Ok(_) => self.check_alive(),
            Err(wgpu::PollError::Timeout) => {
                self.stuck = true;
                Err(RunError::Timeout { limit })
            }
            Err(error) => Err(RunError::DeviceLost { reason: error.to_string() }),
        }
    }
}

impl Drop for Device {
    /// Dropping the last reference waits for the kernel, and a stuck one never ends. The driver keeps what it has until the
    /// process ends.
    fn drop(&mut self) {
        if self.stuck {
            std::mem::forget((self.raw.clone(), self.queue.clone()));
        }
    }
}
