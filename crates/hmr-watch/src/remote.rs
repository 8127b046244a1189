//! Which file systems can change from the other side without a hint, and without leases that could be trusted.

use std::path::Path;

/// The kind of such a file system that holds `path` (or the deepest folder of it that exists); `None` for local ones.
#[cfg(target_os = "linux")]
#[must_use]
pub fn remote(path: &Path) -> Option<&'static str> {
    let statfs = path.ancestors().find_map(|path| rustix::fs::statfs(path).ok())?;
    // Numbers from statfs(2) and linux/magic.h.
    Some(match statfs.f_type as u32 {
        0x6969 => "NFS",
        0x517b | 0xfe53_4d42 | 0xff53_4d42 => "SMB",
        0x0102_1997 => "9p",
        0x6573_5546 => "FUSE",
        0x786f_4256 => "vboxsf",
        0xbacb_acbc => "vmhgfs",
        0x00c3_6400 => "Ceph",
        0x5346_414f => "AFS",
        0x7375_7245 => "Coda",
        _ => return None,
    })
}

/// Elsewhere only a share named as such is known: `\\server\share`, but not `\\?\C:`, a local path in long form.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub fn remote(path: &Path) -> Option<&'static str> {
    let name = path.as_os_str().as_encoded_bytes();
    (name.starts_with(br"\\") && !name.starts_with(br"\\?\")).then_some("SMB")
}
