//! A content-addressed store in a folder, sealed at rest. See README.md.
#![forbid(unsafe_code)]
#![cfg(unix)]

mod dirs;
mod format;
mod key;
mod reader;
mod staged;
mod store;
mod stream;

pub use reader::BlobReader;
pub use staged::Staged;
pub use store::{BlobOptions, Blobs};
pub use stream::content_stream;

zs_base::codes! {
    FILE_TOO_LARGE: TooLarge "文件超过 {} 的上限，请压缩或拆分后再上传",
    DISK_FULL: Unavailable "服务器磁盘空间不足，暂时不能上传文件，请联系系统管理员清理磁盘",
    UPLOAD_BROKEN: Invalid "文件没有传完就中断了，请检查网络后重新上传",
    BLOB_MISSING: NotFound "没有找到文件内容，请联系系统管理员从备份恢复",
    BLOB_DAMAGED: Unavailable "文件内容校验不通过，可能已损坏，请联系系统管理员从备份恢复",
    BLOB_KEY: Unavailable "文件是用另一把密钥加密的，请联系系统管理员恢复原来的密钥文件",
    BLOB_FROZEN: Rule "文件已归档封存，不能删除",
}

/// `50 MB`, for texts.
pub fn megabytes(bytes: u64) -> String {
    const MB: u64 = 1024 * 1024;
    if bytes >= MB {
        format!("{} MB", bytes / MB)
    } else {
        format!("{} KB", bytes.div_ceil(1024))
    }
}
