//! The commands of the operator.
use std::io::{BufRead as _, IsTerminal as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use zs_access::{Access, AccessOptions};
use zs_base::Clock;
use zs_ctx::{Ctx, Granted, Op};

use crate::assemble::{self, explain};
use crate::cli::Place;
use crate::out::say;

const RESET: Op = Op {
    key: "admin.reset_password",
    title: "服务器上重置密码",
};

/// Brings the schema up to date.
pub async fn migrate(place: &Place) -> Result<()> {
    let (app, _) = assemble::open(place, Clock::System, false, None).await?;
    say(&format!("数据库结构已是最新（{:?}）", app.db.dialect()));
    Ok(())
}

/// Prints the OpenAPI document.
pub fn openapi() -> Result<()> {
    let doc = zs_web::openapi(&assemble::registry()?.routes(), env!("CARGO_PKG_VERSION"));
    say(&serde_json::to_string_pretty(&doc)?);
    Ok(())
}

/// Prints what the modules declare.
pub fn modules() -> Result<()> {
    say(assemble::registry()?.golden().trim_end());
    Ok(())
}

/// Gives an account a new password and ends its sessions. Whoever runs this holds the machine.
pub async fn reset_password(place: &Place, login: &str) -> Result<()> {
    if std::io::stdin().is_terminal() {
        say("请输入新密码（至少十位，大写、小写、数字、符号至少三类），回车结束：");
    }
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    let (app, _) = assemble::open(place, Clock::System, false, None).await?;
    let access = Access::new(AccessOptions::default()).map_err(explain)?;
    let hash = access.hash_checked(login, &password).await.map_err(|e| {
        let why: Vec<String> = e.fields.iter().map(|f| f.message.clone()).collect();
        anyhow::anyhow!("{} {}", e.detail, why.join("；"))
    })?;
    let name = login.to_owned();
    Ctx::system(app, "admin reset-password")
        .write(RESET, move |tx| {
            let proof = Granted::system(
                zs_access::api::SECURITY_MANAGE,
                "the operator of the server",
            );
            zs_access::api::reset_password(tx, &proof, &name, &hash)?;
            Ok(())
        })
        .await
        .map_err(explain)?;
    say("密码已重置，原有登录已全部退出；下次登录须先修改密码。");
    Ok(())
}

/// Copies database, files and keys while work goes on.
pub async fn backup(place: &Place, to: &Path) -> Result<()> {
    if to.exists() {
        bail!("{} 已存在，请换一个新的目录名", to.display());
    }
    std::fs::create_dir_all(to).with_context(|| format!("不能建立 {}", to.display()))?;
    let (app, _) = assemble::open(place, Clock::System, false, None).await?;
    // The database first: every file it names is there already, and files never change.
    if matches!(assemble::location(place), zs_db::Location::Sqlite(_)) {
        app.db
            .backup_to(&to.join("zhongshu.db"))
            .await
            .map_err(explain)?;
    } else {
        say("数据库在 PostgreSQL 中，请另用 pg_dump 备份；以下只备份文件与密钥。");
    }
    let mut n = 0;
    for part in ["files", "keys"] {
        n += copy_tree(&place.data.join(part), &to.join(part))?;
    }
    say(&format!(
        "备份完成：{}（{n} 个文件）。密钥 keys/ 请另存一份，没有它文件不能恢复。",
        to.display()
    ));
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> Result<usize> {
    if !from.is_dir() {
        return Ok(0);
    }
    std::fs::create_dir_all(to)?;
    let mut n = 0;
    for e in std::fs::read_dir(from)? {
        let e = e?;
        let name = e.file_name();
        if name == "tmp" || name == "trash" {
            continue;
        }
        if e.file_type()?.is_dir() {
            n += copy_tree(&e.path(), &to.join(&name))?;
        } else {
            std::fs::copy(e.path(), to.join(&name))?;
            n += 1;
        }
    }
    Ok(n)
}

/// Looks for what is wrong and says what to do.
pub async fn doctor(place: &Place) -> Result<()> {
    let (app, _) = assemble::open(place, Clock::System, false, None).await?;
    let mut bad = 0;
    let mut line = |ok: bool, what: &str, todo: &str| {
        if ok {
            say(&format!("  正常  {what}"));
        } else {
            bad += 1;
            say(&format!("  异常  {what}\n        → {todo}"));
        }
    };
    let check = app.db.check().await.map_err(explain)?;
    line(
        check.is_empty(),
        "数据库结构完整",
        "请停止服务，用最近一次备份恢复，并检查磁盘",
    );
    let (dead, late) = app
        .db
        .read(|tx| {
            let now = tx.now();
            let dead = tx
                .one("select count(*) from job where state = 'dead'", &[])?
                .get::<i64>(0)?;
            let late = tx
                .one(
                    "select count(*) from outbox where created_at < $1",
                    zs_db::vals![now - 600_000],
                )?
                .get::<i64>(0)?;
            Ok((dead, late))
        })
        .await
        .map_err(explain)?;
    line(
        dead == 0,
        &format!("失败的后台任务 {dead} 个"),
        "管理 → 后台任务 中查看原因后重试",
    );
    line(
        late == 0,
        &format!("滞留十分钟以上的消息 {late} 条"),
        "确认服务正在运行",
    );
    let fonts = zs_typeset::Typesetter::new(&zs_typeset::default_font_dirs());
    line(fonts.is_ok(), "打印字体", "运行 scripts/fonts.sh 安装字体");
    let office = ["soffice", "libreoffice"].iter().any(|p| {
        std::env::var_os("PATH")
            .is_some_and(|v| std::env::split_paths(&v).any(|d| d.join(p).exists()))
    });
    line(
        office,
        "LibreOffice（Word、WPS 预览）",
        "需要预览 Office 文件时安装 libreoffice-writer-nogui；不安装则只能下载查看",
    );
    if bad > 0 {
        bail!("发现 {bad} 处问题，请按提示处理");
    }
    Ok(())
}
