//! What a reviewer should see change: declarations, public routes, error codes, the OpenAPI document.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]
use std::fmt::Write as _;

use zs_ctx::Gate;
use zs_testkit::golden;

fn registry() -> zs_module::Registry {
    zhongshu::assemble::registry().unwrap()
}

#[test]
fn modules() {
    golden("tests/golden/modules.txt", &registry().golden());
}

#[test]
fn public_routes_may_only_shrink() {
    let mut s = String::new();
    for r in registry().routes().0 {
        if let Gate::Public(why) = r.gate {
            let _ = writeln!(s, "{} {} — {why}", r.method.name(), r.path);
        }
    }
    golden("tests/golden/public-routes.txt", &s);
}

#[test]
fn permissions_by_role() {
    let r = registry();
    let mut lines: Vec<String> = r
        .roles()
        .iter()
        .map(|g| format!("{:<12} {:<28} {}", g.role, g.perm.key, g.reach.name()))
        .collect();
    lines.sort();
    golden("tests/golden/permissions.txt", &(lines.join("\n") + "\n"));
}

#[test]
fn every_error_code_has_its_page() {
    let mut s = String::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
    let mut missing = Vec::new();
    for c in registry().codes() {
        let _ = writeln!(s, "{:<28} {:?} {}", c.name, c.kind, c.text);
        let page = root.join(format!("{}.md", c.name));
        if std::env::var("ZS_BLESS").is_ok() && !page.exists() {
            let text = format!(
                "# {}\n\nKind: {:?}. What the user reads: {}\n",
                c.name, c.kind, c.text
            );
            std::fs::write(&page, text).unwrap();
        }
        if !page.exists() {
            missing.push(c.name);
        }
    }
    golden("tests/golden/errors.txt", &s);
    assert!(missing.is_empty(), "docs/errors lacks {missing:?}");
}

#[test]
fn openapi() {
    let doc = zs_web::openapi(&registry().routes(), env!("CARGO_PKG_VERSION"));
    golden(
        "tests/golden/openapi.json",
        &(serde_json::to_string_pretty(&doc).unwrap() + "\n"),
    );
}
