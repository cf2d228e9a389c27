//! Puts the modules together: the registry, the services they ask for, the database behind them.
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use zs_access::{Access, AccessOptions, DemoInfo, MenuTable, RoleTable};
use zs_base::Clock;
use zs_blob::{BlobOptions, Blobs};
use zs_ctx::{App, Ctx, Services};
use zs_db::{Db, Location};
use zs_file::{FileGate, FileGates, FileOptions};
use zs_flow::{FlowCache, FlowOpenItems, Subject, Subjects};
use zs_job::Bus;
use zs_module::{Module, Registry};
use zs_org::api::{AccountService, HeirService};
use zs_setting::api::SettingDefs;
use zs_typeset::Press;

use crate::cli::Place;

/// Every module of the platform, lower layers first.
pub fn modules() -> Vec<Module> {
    vec![
        zs_setting::module(),
        zs_calendar::module(),
        zs_numbering::module(),
        zs_org::module(),
        zs_access::module(),
        zs_flow::module(),
        zs_file::module(),
        zs_incoming::module(),
        zs_home::module(),
    ]
}

/// The registry of every module.
pub fn registry() -> Result<Registry> {
    Registry::build(modules()).map_err(|e| anyhow::anyhow!("{e:?}"))
}

/// Services that need no folder: also what the tests of the whole platform use.
pub fn services(registry: &Registry, options: AccessOptions) -> zs_base::Result<Services> {
    let access = Arc::new(Access::new(options)?);
    let subjects: Vec<Arc<dyn Subject>> = vec![Arc::new(zs_incoming::IncomingSubject)];
    let gates: Vec<Arc<dyn FileGate>> = vec![Arc::new(zs_incoming::IncomingFiles)];
    Ok(Services::default()
        .with(Arc::new(SettingDefs(registry.settings())))
        .with(Arc::new(RoleTable::of(registry)))
        .with(Arc::new(MenuTable::of(registry)))
        .with(Arc::new(AccountService(Arc::new(
            zs_access::api::Accounts(Arc::clone(&access)),
        ))))
        .with(access)
        .with(Arc::new(HeirService(Arc::new(FlowOpenItems))))
        .with(Arc::new(FlowCache::default()))
        .with(Arc::new(Subjects(subjects)))
        .with(Arc::new(FileGates(gates)))
        .with(Arc::new(FileOptions::default()))
        .with(Arc::new(Bus::default()))
        .with(Arc::new(Press::new(zs_typeset::default_font_dirs()))))
}

/// Where a place's database is.
pub fn location(place: &Place) -> Location {
    match &place.database {
        Some(url) => Location::parse(url),
        None => Location::Sqlite(place.data.join("zhongshu.db")),
    }
}

/// Opens an installation: makes its folders, brings its schema up to date.
pub async fn open(
    place: &Place,
    clock: Clock,
    secure: bool,
    demo: Option<DemoInfo>,
) -> Result<(App, Registry)> {
    std::fs::create_dir_all(&place.data)
        .with_context(|| format!("不能建立数据目录 {}", place.data.display()))?;
    let registry = registry()?;
    let db = Db::open(&location(place), clock, place.node)
        .await
        .map_err(explain)?;
    db.migrate(&registry.migrations()).await.map_err(explain)?;
    let options = AccessOptions {
        secure,
        ..AccessOptions::default()
    };
    let mut services = services(&registry, options)
        .map_err(explain)?
        .with(Arc::new(blobs(&place.data)?));
    if let Some(demo) = demo {
        services = services.with(Arc::new(demo));
    }
    let app = App { db, services };
    zs_incoming::seed(&Ctx::system(app.clone(), "start"))
        .await
        .map_err(explain)?;
    Ok((app, registry))
}

/// The file store of a data folder.
pub fn blobs(data: &Path) -> Result<Blobs> {
    Blobs::open(BlobOptions::new(
        data.join("files"),
        data.join("keys").join("files.key"),
    ))
    .map_err(explain)
}

/// The one error for the operator's terminal: with its cause, which users never see.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub fn explain(e: zs_base::Error) -> anyhow::Error {
    match &e.source {
        Some(s) => anyhow::anyhow!("{}（{s}）", e.detail),
        None => anyhow::anyhow!("{}", e.detail),
    }
}
