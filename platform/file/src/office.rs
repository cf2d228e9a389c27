//! LibreOffice in a box: a process group of its own with a folder of its own, no environment, no network where the system
//! permits that, limits on memory, processor time and file size, and an end by force.
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use bytes::Bytes;
use futures_util::Stream;
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use zs_base::{Error, Result, random_token};
use zs_blob::BlobReader;

use crate::options::{FileOptions, Soffice};

const PATH: &str = "/usr/local/bin:/usr/bin:/bin";
const USUAL: [&str; 3] = [
    "/usr/lib/libreoffice/program/soffice",
    "/usr/lib64/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
];
/// Address space, processor seconds, size of one file, open files; no core dumps.
const LIMITS: [&str; 5] = [
    "--as=6442450944",
    "--cpu=150",
    "--fsize=1073741824",
    "--nofile=2048",
    "--core=0",
];

/// How a conversion ended.
pub(crate) enum Outcome {
    /// The PDF lies in the folder, which goes with this value.
    Pdf(Work),
    Failed,
    TooSlow,
}

/// How the folders of conversions begin.
const PREFIX: &str = "zs-preview-";

/// A folder that removes itself; its lock tells a later process that it is in use.
pub(crate) struct Work(PathBuf, File);

impl Work {
    fn new(under: &Path) -> io::Result<Self> {
        sweep(under)?;
        let token = random_token().map_err(io::Error::other)?;
        let dir = under.join(format!("{PREFIX}{}", token.get(..16).unwrap_or_default()));
        let private = |d: &Path| std::fs::DirBuilder::new().mode(0o700).create(d);
        private(&dir)?;
        let lock = File::create_new(dir.join("lock"))?;
        lock.try_lock()
            .map_err(|e| io::Error::other(e.to_string()))?;
        let me = Self(dir, lock);
        private(&me.0.join("home"))?;
        private(&me.0.join("out"))?;
        Ok(me)
    }
    /// The PDF.
    pub(crate) fn path(&self) -> PathBuf {
        self.0.join("out/in.pdf")
    }
}

/// Removes the folders of processes that died, with the readable copies in them.
fn sweep(under: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(under)? {
        let path = entry?.path();
        let ours = path
            .file_name()
            .and_then(|n| n.to_str())
            .is_some_and(|n| n.starts_with(PREFIX));
        if ours && File::open(path.join("lock")).is_ok_and(|f| f.try_lock().is_ok()) {
            // Another process may be sweeping too.
            let _ = std::fs::remove_dir_all(&path);
        }
    }
    Ok(())
}

impl Drop for Work {
    fn drop(&mut self) {
        let _ = self.1.unlock();
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The program, if it is there.
pub(crate) fn find(where_: &Soffice) -> Option<PathBuf> {
    let there = |p: PathBuf| p.is_file().then_some(p);
    match where_ {
        Soffice::Off => None,
        Soffice::At(p) => there(p.clone()),
        Soffice::Find => {
            let path = std::env::var_os("PATH").unwrap_or_default();
            std::env::split_paths(&path)
                .map(|d| d.join("soffice"))
                .chain(USUAL.map(PathBuf::from))
                .find_map(there)
        }
    }
}

/// Converts a document. Its own name never reaches the command line.
pub(crate) async fn to_pdf(
    options: &FileOptions,
    program: &Path,
    mut content: BlobReader,
    ext: &str,
) -> Result<Outcome> {
    let (under, file) = (options.work_dir.clone(), format!("in.{ext}"));
    let name = file.clone();
    let work = tokio::task::spawn_blocking(move || {
        let work = Work::new(&under)?;
        let mut f = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(work.0.join(name))?;
        io::copy(&mut content, &mut f)?;
        Ok::<_, io::Error>(work)
    })
    .await
    .map_err(Error::internal)?
    .map_err(Error::internal)?;
    let mut child = boxed(program, &work.0, &file)
        .await
        .spawn()
        .map_err(Error::internal)?;
    let group = Group::of(&child);
    let ended = tokio::time::timeout(options.convert_timeout, child.wait()).await;
    drop(group);
    let _ = child.wait().await;
    match ended {
        Err(_) => Ok(Outcome::TooSlow),
        Ok(status) => {
            let status = status.map_err(Error::internal)?;
            if status.success() && is_pdf(&work.path()) {
                return Ok(Outcome::Pdf(work));
            }
            tracing::warn!(%status, "LibreOffice made no PDF");
            Ok(Outcome::Failed)
        }
    }
}

/// The command line, with as much of the box as this system permits.
async fn boxed(program: &Path, work: &Path, file: &str) -> Command {
    let mut words: Vec<String> = Vec::new();
    match no_network().await {
        Some(w) => words.extend(w.iter().map(|s| (*s).to_owned())),
        None => tracing::warn!(
            "this system does not permit a network namespace; LibreOffice runs without one"
        ),
    }
    if works(&["prlimit", "--core=0", "true"]).await {
        words.push("prlimit".to_owned());
        words.extend(LIMITS.map(str::to_owned));
    } else {
        tracing::warn!("prlimit is missing; LibreOffice runs without limits");
    }
    words.push(program.display().to_string());
    let profile = format!(
        "-env:UserInstallation=file://{}/home/profile",
        work.display()
    );
    words.extend(
        [
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nologo",
            "--nodefault",
            "--convert-to",
            "pdf",
            "--outdir",
            "out",
        ]
        .map(str::to_owned),
    );
    words.extend([profile, file.to_owned()]);
    let mut c = bare(work, &words);
    c.env("SAL_USE_VCLPLUGIN", "svp");
    c
}

/// A command with nothing of ours in it.
fn bare(dir: &Path, words: &[impl AsRef<str>]) -> Command {
    let mut words = words.iter().map(AsRef::as_ref);
    let mut c = Command::new(words.next().unwrap_or("false"));
    c.args(words)
        .current_dir(dir)
        .env_clear()
        .env("PATH", PATH)
        .env("HOME", dir.join("home"))
        .env("TMPDIR", dir.join("home"))
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true);
    c
}

/// The words that take the network away, if this system permits any.
async fn no_network() -> Option<&'static [&'static str]> {
    const WAYS: [&[&str]; 2] = [&["unshare", "-n", "--"], &["unshare", "-r", "-n", "--"]];
    for way in WAYS {
        let probe: Vec<&str> = way.iter().copied().chain(["true"]).collect();
        if works(&probe).await {
            return Some(way);
        }
    }
    None
}

async fn works(words: &[&str]) -> bool {
    let done = bare(Path::new("/"), words).status().await;
    done.is_ok_and(|s| s.success())
}

/// Kills every process of the group when it goes, also when the conversion was given up half-way.
struct Group(Option<rustix::process::Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|n| i32::try_from(n).ok());
        Self(id.and_then(rustix::process::Pid::from_raw))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            let _ = rustix::process::kill_process_group(pid, rustix::process::Signal::KILL);
        }
    }
}

fn is_pdf(path: &Path) -> bool {
    let mut magic = [0u8; 5];
    File::open(path)
        .and_then(|mut f| f.read_exact(&mut magic))
        .is_ok_and(|()| magic == *b"%PDF-")
}

/// A file's content in pieces.
pub(crate) fn file_stream(file: tokio::fs::File) -> impl Stream<Item = io::Result<Bytes>> + Send {
    futures_util::stream::try_unfold(file, |mut f| async move {
        let mut buf = vec![0u8; 256 * 1024];
        let n = f.read(&mut buf).await?;
        buf.truncate(n);
        Ok((n > 0).then(|| (Bytes::from(buf), f)))
    })
}
