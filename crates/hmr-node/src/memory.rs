//! Memory that loading has needed for a moment.

use napi_derive::napi;

/// Gives what nothing uses any more back to the system, in a thread of its own: the allocator keeps what threads that
/// parse have freed.
#[napi]
pub fn release_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    std::thread::spawn(|| {
        // SAFETY: the allocator locks what it changes.
        unsafe { libc::malloc_trim(0) };
    });
}
