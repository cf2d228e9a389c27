//! The layer rule, file sizes, statement hygiene, migrations, doc links: each a line of output when broken.
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// Order inside L1: a crate may name only those before it.
const PLATFORM: &[&str] = &[
    "zs-setting",
    "zs-calendar",
    "zs-numbering",
    "zs-org",
    "zs-access",
    "zs-flowcore",
    "zs-flow",
    "zs-file",
    "zs-typeset",
];
const KERNEL: &[&str] = &[
    "zs-base",
    "zs-db",
    "zs-ctx",
    "zs-web",
    "zs-job",
    "zs-blob",
    "zs-module",
    "zs-testkit",
];
/// Longer files stand here with their size of today, which may only shrink.
const LONG: &[(&str, usize)] = &[];
const LIMIT: usize = 400;

pub(crate) fn run() -> Result<()> {
    let mut bad = Vec::new();
    layers(&mut bad)?;
    for top in [
        "bin", "kernel", "platform", "business", "portal", "xtask", "web/src",
    ] {
        for file in files(Path::new(top))? {
            check_file(&file, &mut bad)?;
        }
    }
    docs(&mut bad)?;
    if bad.is_empty() {
        return Ok(());
    }
    anyhow::bail!("tidy:\n  {}", bad.join("\n  "))
}

fn layer(name: &str) -> Option<(u8, usize)> {
    if let Some(i) = KERNEL.iter().position(|k| *k == name) {
        return Some((0, i));
    }
    if let Some(i) = PLATFORM.iter().position(|k| *k == name) {
        return Some((1, i));
    }
    None
}

/// `bin → portal → business → platform → kernel`; inside the platform only along the list; never business → business.
fn layers(bad: &mut Vec<String>) -> Result<()> {
    let mut of: BTreeMap<String, (u8, usize)> = BTreeMap::new();
    let mut manifests = Vec::new();
    for (top, level) in [
        ("kernel", 0),
        ("platform", 1),
        ("business", 2),
        ("portal", 3),
        ("bin", 4),
    ] {
        for entry in fs::read_dir(top).with_context(|| top.to_owned())? {
            let manifest = entry?.path().join("Cargo.toml");
            if !manifest.exists() {
                continue;
            }
            let text = fs::read_to_string(&manifest)?;
            let name = text
                .lines()
                .find_map(|l| l.strip_prefix("name = \""))
                .unwrap_or_default()
                .trim_end_matches('"')
                .to_owned();
            let place = match level {
                0 | 1 => layer(&name)
                    .with_context(|| format!("{name} is not on the list of its layer"))?,
                n => (n, 0),
            };
            of.insert(name.clone(), place);
            manifests.push((name, text));
        }
    }
    for (name, text) in manifests {
        let Some(&(level, at)) = of.get(&name) else {
            continue;
        };
        let normal = text.split("[dev-dependencies]").next().unwrap_or_default();
        for dep in normal
            .lines()
            .filter_map(|l| l.split(['.', ' ']).next())
            .filter(|d| d.starts_with("zs-"))
        {
            let Some(&(dl, da)) = of.get(dep) else {
                continue;
            };
            let ok = match level {
                0 | 1 => dl < level || (dl == level && da < at),
                2 => dl < 2,
                n => dl < n,
            };
            if !ok {
                bad.push(format!("{name} must not depend on {dep}"));
            }
        }
    }
    Ok(())
}

fn files(top: &Path) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    let mut todo = vec![top.to_owned()];
    while let Some(dir) = todo.pop() {
        if !dir.is_dir() {
            continue;
        }
        for e in fs::read_dir(&dir)? {
            let p = e?.path();
            let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            if p.is_dir() {
                if !matches!(name, "node_modules" | "dist" | "target") {
                    todo.push(p);
                }
            } else if matches!(
                p.extension().and_then(|e| e.to_str()),
                Some("rs" | "vue" | "ts")
            ) && !name.ends_with(".d.ts")
            {
                out.push(p);
            }
        }
    }
    out.sort();
    Ok(out)
}

fn check_file(path: &Path, bad: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let shown = path.display().to_string();
    let lines = text.lines().count();
    let limit = LONG
        .iter()
        .find(|(p, _)| *p == shown)
        .map_or(LIMIT, |(_, n)| *n);
    if lines > limit {
        bad.push(format!("{shown}: {lines} lines, at most {limit}"));
    }
    let test = shown.contains("/tests/") || shown.contains("tests.rs");
    let kernel_db = shown.starts_with("kernel/db/");
    for (i, l) in text.lines().enumerate() {
        let at = format!("{shown}:{}", i + 1);
        if !kernel_db
            && !shown.starts_with("xtask/")
            && (l.contains("rusqlite::") || l.contains("tokio_postgres::"))
        {
            bad.push(format!("{at}: only kernel/db names a database driver"));
        }
        if !test && !kernel_db && !shown.starts_with("xtask/") {
            let lower = l.to_ascii_lowercase();
            if [
                "update audit_log",
                "delete from audit_log",
                "update flow_event",
                "delete from flow_event",
            ]
            .iter()
            .any(|s| lower.contains(s))
            {
                bad.push(format!("{at}: the record only grows"));
            }
            if lower.contains("group_concat")
                || lower.contains("string_agg")
                || lower.contains(" ilike ")
                || lower.contains("json_extract")
            {
                bad.push(format!("{at}: not in the portable subset"));
            }
        }
        if ["todo!(", "unimplemented!(", "FIXME", "#[ignore"]
            .iter()
            .any(|s| l.contains(s))
            && !shown.starts_with("xtask/")
        {
            bad.push(format!("{at}: unfinished"));
        }
    }
    Ok(())
}

/// Files that the documents name must exist.
fn docs(bad: &mut Vec<String>) -> Result<()> {
    let mut pages = vec![
        PathBuf::from("README.md"),
        PathBuf::from("README.zh-CN.md"),
        PathBuf::from("AGENTS.md"),
    ];
    if Path::new("docs").is_dir() {
        for e in fs::read_dir("docs")? {
            let p = e?.path();
            if p.extension().is_some_and(|x| x == "md") {
                pages.push(p);
            }
        }
    }
    for page in pages.into_iter().filter(|p| p.exists()) {
        let text = fs::read_to_string(&page)?;
        let base = page.parent().unwrap_or(Path::new(""));
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|s| s.split([')', '#']).next())
        {
            if link.is_empty() || link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            if !base.join(link).exists() {
                bad.push(format!("{}: no such file {link}", page.display()));
            }
        }
    }
    Ok(())
}
