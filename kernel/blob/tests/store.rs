//! The store as its users see it.
#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test fails loudly"
)]
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use zs_base::{random_token, sha256_hex};
use zs_blob::{
    BLOB_DAMAGED, BLOB_FROZEN, BLOB_KEY, BLOB_MISSING, BlobOptions, Blobs, DISK_FULL,
    FILE_TOO_LARGE, UPLOAD_BROKEN,
};

const CHUNK: usize = 64 * 1024;
const HEADER: usize = 84;

struct Dir(PathBuf);
impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
impl Dir {
    fn new() -> Self {
        let d = std::env::temp_dir().join(format!("zs-blob-{}", &random_token().unwrap()[..16]));
        fs::create_dir_all(&d).unwrap();
        Self(d)
    }
    fn options(&self) -> BlobOptions {
        let mut o = BlobOptions::new(self.0.join("blobs"), self.0.join("key/blob.key"));
        o.reserve = 0;
        o
    }
    fn open(&self) -> Blobs {
        Blobs::open(self.options()).unwrap()
    }
    fn file(&self, sha: &str) -> PathBuf {
        self.0
            .join("blobs")
            .join(&sha[..2])
            .join(&sha[2..4])
            .join(sha)
    }
    fn tmp_is_empty(&self) -> bool {
        fs::read_dir(self.0.join("blobs/tmp"))
            .unwrap()
            .next()
            .is_none()
    }
}

/// Bytes that differ from place to place.
fn content(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i * 31 + i / 251) as u8).collect()
}

fn parts(
    all: &[u8],
    step: usize,
) -> impl futures_util::Stream<Item = Result<Bytes, String>> + Send + use<> {
    let v: Vec<_> = all
        .chunks(step)
        .map(|c| Ok(Bytes::copy_from_slice(c)))
        .collect();
    stream::iter(v)
}

fn overwrite(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}

#[tokio::test]
async fn what_is_put_comes_back_at_every_size_and_is_not_readable_on_disk() {
    let d = Dir::new();
    let b = d.open();
    for n in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 300_007] {
        let c = content(n);
        let sha = b.put(parts(&c, 7_001), u64::MAX).await.unwrap();
        assert_eq!(sha, sha256_hex(&c));
        assert_eq!(b.read_all(&sha, u64::MAX).await.unwrap(), c);
        b.verify(&sha).await.unwrap();
        let raw = fs::read(d.file(&sha)).unwrap();
        assert_eq!(raw.len(), HEADER + n + 16 * n.div_ceil(CHUNK).max(1));
        if n > 64 {
            assert!(!raw.windows(32).any(|w| w == &c[16..48]), "sealed at rest");
        }
        let mode = fs::metadata(d.file(&sha)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(d.tmp_is_empty());
}

#[tokio::test]
async fn the_same_content_is_kept_once() {
    let d = Dir::new();
    let b = d.open();
    let sha = b.put_bytes(content(1000)).await.unwrap();
    let before = fs::read(d.file(&sha)).unwrap();
    assert_eq!(b.put_bytes(content(1000)).await.unwrap(), sha);
    assert_eq!(b.all().await.unwrap(), [sha.as_str()]);
    assert_eq!(
        fs::read(d.file(&sha)).unwrap(),
        before,
        "the first copy stays"
    );
    assert!(d.tmp_is_empty());
    overwrite(&d.file(&sha), &before[..50]);
    b.put_bytes(content(1000)).await.unwrap();
    b.verify(&sha).await.unwrap();
}

#[tokio::test]
async fn every_flipped_byte_is_found() {
    let d = Dir::new();
    let b = d.open();
    let sha = b.put_bytes(content(300)).await.unwrap();
    let good = fs::read(d.file(&sha)).unwrap();
    for i in 0..good.len() {
        let mut bad = good.clone();
        bad[i] ^= 1;
        overwrite(&d.file(&sha), &bad);
        let e = b.verify(&sha).await.unwrap_err();
        assert!(e.is(&BLOB_DAMAGED) || e.is(&BLOB_KEY), "byte {i}: {e:?}");
        assert!(b.read_all(&sha, u64::MAX).await.is_err(), "byte {i}");
    }
    overwrite(&d.file(&sha), &good);
    b.verify(&sha).await.unwrap();
    let empty = b.put_bytes(Vec::new()).await.unwrap();
    let good = fs::read(d.file(&empty)).unwrap();
    for i in 0..good.len() {
        let mut bad = good.clone();
        bad[i] ^= 0x80;
        overwrite(&d.file(&empty), &bad);
        assert!(
            b.verify(&empty).await.is_err(),
            "byte {i} of the empty blob"
        );
    }
}

#[tokio::test]
async fn a_cut_a_tail_a_swap_and_a_foreign_file_are_found() {
    let d = Dir::new();
    let b = d.open();
    let sha = b.put_bytes(content(3 * CHUNK)).await.unwrap();
    let other = b.put_bytes(content(3 * CHUNK - 1)).await.unwrap();
    let good = fs::read(d.file(&sha)).unwrap();
    let sealed = CHUNK + 16;
    let chunk = |i: usize| &good[HEADER + i * sealed..HEADER + (i + 1) * sealed];
    let bads: [Vec<u8>; 6] = [
        good[..HEADER + 2 * sealed].to_vec(),
        good[..good.len() - 1].to_vec(),
        good[..10].to_vec(),
        [&good[..], &[0]].concat(),
        [&good[..HEADER], chunk(1), chunk(0), chunk(2)].concat(),
        fs::read(d.file(&other)).unwrap(),
    ];
    for (i, bad) in bads.iter().enumerate() {
        overwrite(&d.file(&sha), bad);
        assert!(
            b.verify(&sha).await.unwrap_err().is(&BLOB_DAMAGED),
            "case {i}"
        );
    }
}

#[tokio::test]
async fn a_range_opens_only_the_chunks_it_touches() {
    let d = Dir::new();
    let b = d.open();
    let c = content(5 * CHUNK + 77);
    let sha = b.put_bytes(c.clone()).await.unwrap();
    let read = |r: std::ops::Range<u64>| {
        let (b, sha) = (b.clone(), sha.clone());
        async move {
            let s = b.read_range(&sha, r).await.unwrap();
            let v: Vec<_> = Box::pin(s).collect().await;
            v.into_iter()
                .collect::<Result<Vec<Bytes>, _>>()
                .map(|v| v.concat())
        }
    };
    let chunk = CHUNK as u64;
    for r in [
        0..1,
        chunk - 1..chunk + 1,
        100..3 * chunk,
        0..c.len() as u64,
        5 * chunk..c.len() as u64 + 9,
        9..9,
    ] {
        let want = &c[r.start as usize..(r.end as usize).min(c.len())];
        assert_eq!(read(r).await.unwrap(), want);
    }
    let mut bad = fs::read(d.file(&sha)).unwrap();
    bad[HEADER + 4 * (CHUNK + 16) + 5] ^= 1;
    overwrite(&d.file(&sha), &bad);
    assert_eq!(
        read(0..4 * chunk).await.unwrap(),
        &c[..4 * CHUNK],
        "the damaged chunk was not touched"
    );
    assert!(read(4 * chunk..4 * chunk + 1).await.is_err());
}

#[tokio::test]
async fn an_endless_upload_stops_at_the_limit_and_leaves_nothing() {
    let d = Dir::new();
    let b = d.open();
    let pulled = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&pulled);
    let part = Bytes::from(vec![9u8; 64 * 1024]);
    let endless = stream::repeat_with(move || {
        count.fetch_add(part.len() as u64, Ordering::SeqCst);
        Ok::<_, String>(part.clone())
    });
    let limit = 2 * 1024 * 1024;
    let e = b.put(endless, limit).await.unwrap_err();
    assert!(e.is(&FILE_TOO_LARGE));
    assert!(e.detail.contains("2 MB"));
    assert!(
        pulled.load(Ordering::SeqCst) <= limit + 64 * 1024,
        "it read on after the limit"
    );
    assert!(d.tmp_is_empty());
    let e = b.stage(parts(&[1], 1), 10, Some(11)).await.unwrap_err();
    assert!(e.is(&FILE_TOO_LARGE), "refused before a byte was read");
}

#[tokio::test]
async fn a_broken_or_short_upload_leaves_nothing() {
    let d = Dir::new();
    let b = d.open();
    let broken = stream::iter([Ok(Bytes::from_static(b"abc")), Err("connection reset")]);
    assert!(b.put(broken, 100).await.unwrap_err().is(&UPLOAD_BROKEN));
    let e = b.stage(parts(b"abc", 1), 100, Some(4)).await.unwrap_err();
    assert!(e.is(&UPLOAD_BROKEN));
    let staged = b.stage(parts(b"abc", 1), 100, Some(3)).await.unwrap();
    assert!(!d.tmp_is_empty());
    drop(staged);
    assert!(d.tmp_is_empty(), "what is not committed goes");
    let waits = Arc::new(tokio::sync::Notify::new());
    let told = Arc::clone(&waits);
    let never = stream::iter([Ok::<_, String>(Bytes::from_static(b"abc"))]).chain(stream::once(
        async move {
            told.notify_one();
            std::future::pending().await
        },
    ));
    tokio::select! {
        _ = b.put(never, 100) => panic!("it never ends"),
        () = waits.notified() => {}
    }
    assert!(d.tmp_is_empty(), "a client that hung up leaves nothing");
}

#[tokio::test]
async fn t27_a_sender_that_falls_silent_is_given_up() {
    let d = Dir::new();
    let mut o = d.options();
    o.idle = std::time::Duration::from_millis(20);
    let b = Blobs::open(o).unwrap();
    let slow = stream::iter([Ok::<_, String>(Bytes::from_static(b"a"))]).chain(stream::pending());
    assert!(b.put(slow, 100).await.unwrap_err().is(&UPLOAD_BROKEN));
    assert!(d.tmp_is_empty());
}

#[tokio::test]
async fn a_start_sweeps_leftovers_but_not_uploads_that_are_still_running() {
    let d = Dir::new();
    let b = d.open();
    let live = b.stage(parts(b"abc", 1), 100, None).await.unwrap();
    overwrite(&d.0.join("blobs/tmp/leftover"), b"half");
    d.open();
    assert!(!d.0.join("blobs/tmp/leftover").exists());
    let sha = b.commit(live).await.unwrap();
    assert_eq!(b.read_all(&sha, 3).await.unwrap(), b"abc");
}

#[tokio::test]
async fn a_full_disk_is_told_before_anything_is_written() {
    let d = Dir::new();
    let mut o = d.options();
    o.reserve = u64::MAX / 2;
    let b = Blobs::open(o).unwrap();
    let e = b.put_bytes(content(10)).await.unwrap_err();
    assert!(e.is(&DISK_FULL));
    assert!(e.detail.contains("磁盘空间不足"));
    assert!(d.tmp_is_empty());
}

#[tokio::test]
async fn the_key_is_private_stays_and_is_never_made_anew_over_data() {
    let d = Dir::new();
    let b = d.open();
    let sha = b.put_bytes(content(10)).await.unwrap();
    let key = d.options().key_file;
    assert_eq!(
        fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(d.open().read_all(&sha, 10).await.unwrap(), content(10));
    let old = fs::read_to_string(&key).unwrap();
    overwrite(&key, format!("{}\n", "00".repeat(32)).as_bytes());
    assert!(d.open().read_all(&sha, 10).await.unwrap_err().is(&BLOB_KEY));
    overwrite(&key, b"short");
    assert!(Blobs::open(d.options()).is_err());
    fs::remove_file(&key).unwrap();
    let e = Blobs::open(d.options()).unwrap_err();
    assert!(format!("{e:?}").contains("missing"), "{e:?}");
    assert!(!key.exists());
    overwrite(&key, old.as_bytes());
    d.open().verify(&sha).await.unwrap();
}

#[tokio::test]
async fn a_frozen_blob_is_read_only_and_cannot_be_deleted() {
    let d = Dir::new();
    let b = d.open();
    let sha = b.put_bytes(content(10)).await.unwrap();
    b.freeze(&sha).await.unwrap();
    assert_eq!(
        fs::metadata(d.file(&sha)).unwrap().permissions().mode() & 0o777,
        0o440
    );
    assert!(b.delete(&sha, 5).await.unwrap_err().is(&BLOB_FROZEN));
    b.put_bytes(content(10)).await.unwrap();
    assert_eq!(
        fs::metadata(d.file(&sha)).unwrap().permissions().mode() & 0o777,
        0o440
    );
    b.verify(&sha).await.unwrap();
}

#[tokio::test]
async fn a_deleted_blob_has_a_grace_and_comes_back_when_it_is_wanted() {
    let d = Dir::new();
    let b = d.open();
    let sha = b.put_bytes(content(10)).await.unwrap();
    for how in 0..3 {
        b.delete(&sha, 1000).await.unwrap();
        assert!(!d.file(&sha).exists());
        assert!(b.trashed(1000).await.unwrap().is_empty());
        assert_eq!(b.trashed(1001).await.unwrap(), [sha.as_str()]);
        match how {
            0 => assert_eq!(b.read_all(&sha, 10).await.unwrap(), content(10)),
            1 => assert_eq!(b.put_bytes(content(10)).await.unwrap(), sha),
            _ => assert!(b.restore(&sha).await.unwrap()),
        }
        assert!(d.file(&sha).exists());
        assert!(b.trashed(i64::MAX).await.unwrap().is_empty());
    }
    b.delete(&sha, 1000).await.unwrap();
    b.purge(&sha).await.unwrap();
    assert!(b.read_all(&sha, 10).await.unwrap_err().is(&BLOB_MISSING));
    assert!(!b.restore(&sha).await.unwrap());
    b.delete(&sha, 1000).await.unwrap();
}

#[tokio::test]
async fn a_name_that_is_no_hash_never_becomes_a_path() {
    let d = Dir::new();
    let b = d.open();
    for name in [
        "",
        "../../etc/passwd",
        "..",
        "/etc/passwd",
        "zz",
        &"A".repeat(64),
        &"../".repeat(22),
    ] {
        assert!(
            b.read_all(name, 10).await.unwrap_err().is(&BLOB_MISSING),
            "{name}"
        );
        assert!(b.delete(name, 1).await.is_err(), "{name}");
        assert!(b.freeze(name).await.is_err(), "{name}");
    }
}
