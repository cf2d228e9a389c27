//! The demonstration city: drawn up from a seed, then written through the modules' own facades.
pub mod documents;
pub mod draw;
pub mod load;
pub mod names;
pub mod plan;
pub mod rng;
pub mod text;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use zs_access::{Access, AccessOptions, DemoAccount, DemoInfo};
use zs_base::{Clock, FakeClock};
use zs_ctx::{App, Ctx, Granted, Op};

use crate::assemble::{self, explain};
use crate::cli::{Demo, Place};
use crate::out::say;
use plan::{PersonSpec, Plan};

const NAME: Op = Op {
    key: "seed.name",
    title: "命名演示城市",
};

/// What the demonstration remembers of itself, beside the database.
#[derive(Serialize, Deserialize)]
struct Card {
    password: String,
    accounts: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    login: String,
    name: String,
    title: String,
    hint: String,
}

impl Card {
    fn info(&self) -> DemoInfo {
        DemoInfo {
            password: self.password.clone(),
            accounts: self
                .accounts
                .iter()
                .map(|l| DemoAccount {
                    login: l.login.clone(),
                    name: l.name.clone(),
                    title: l.title.clone(),
                    hint: l.hint.clone(),
                })
                .collect(),
        }
    }
}

fn card_file(place: &Place) -> PathBuf {
    place.data.join("demo.json")
}

/// Fills an empty place with the demonstration, or finds the one that is there. The city's documents are written with a
/// clock that starts some months back and ends at `clock`, so that their times look like an office's.
pub async fn prepare(place: &Place, clock: Clock, demo: &Demo) -> Result<DemoInfo> {
    let file = card_file(place);
    if let Ok(text) = std::fs::read_to_string(&file) {
        let card: Card =
            serde_json::from_str(&text).with_context(|| format!("{} 已损坏", file.display()))?;
        return Ok(card.info());
    }
    let hands = FakeClock::at(clock.now() - 120 * zs_base::time::DAY_MS);
    let (app, _) = assemble::open(place, Clock::Fake(hands.clone()), false, None).await?;
    let password = match &demo.demo_password {
        Some(p) => p.clone(),
        None => format!(
            "Chengzhou-{}",
            zs_base::random_token()
                .map_err(explain)?
                .get(..8)
                .unwrap_or_default()
        ),
    };
    let info = fill(place, &app, demo, password, &hands, clock.now()).await?;
    Ok(info)
}

/// `zhongshu seed`.
pub async fn seed(place: &Place, demo: &Demo) -> Result<()> {
    let info = prepare(place, Clock::System, demo).await?;
    say(&format!(
        "演示城市已写入 {}，账号密码 {}",
        place.data.display(),
        info.password
    ));
    Ok(())
}

async fn fill(
    place: &Place,
    app: &App,
    demo: &Demo,
    password: String,
    hands: &FakeClock,
    now: i64,
) -> Result<DemoInfo> {
    let used = app
        .db
        .read(|tx| Ok(tx.opt("select 1 from org_node limit 1", &[])?.is_some()))
        .await
        .map_err(explain)?;
    if used {
        bail!("这个数据目录已有真实数据，不能写入演示城市；请换一个空目录");
    }
    let mut plan = draw::draw(demo.preset, demo.seed);
    name_accounts(&mut plan);
    let access = Access::new(AccessOptions::default()).map_err(explain)?;
    let hash = access.hash(&password).await.map_err(explain)?;
    let total = plan.nodes.len() + plan.people.len();
    let bar = bar(total, "机构与人员");
    let city = load::city(app, &plan, &hash, |n| {
        bar.inc(u64::try_from(n).unwrap_or(0))
    })
    .await
    .map_err(explain)?;
    bar.finish_and_clear();
    let region = plan
        .nodes
        .first()
        .map(|n| n.name.clone())
        .unwrap_or_default();
    Ctx::system(app.clone(), "seed")
        .write(NAME, move |tx| {
            let proof = Granted::system(zs_org::perm::MANAGE, "the demonstration city");
            zs_access::api::site_set(
                tx,
                &proof,
                "site_name",
                &format!("{region}协同办公平台（演示）"),
            )
        })
        .await
        .map_err(explain)?;
    documents::write(app, &plan, &city, demo.documents, demo.seed, hands).await?;
    hands.set(now);
    let card = Card {
        password,
        accounts: accounts(&plan),
    };
    std::fs::write(card_file(place), serde_json::to_string_pretty(&card)?)?;
    Ok(card.info())
}

/// A progress bar; silent where the output is no terminal.
pub fn bar(total: usize, what: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("  {msg} [{bar:40}] {pos}/{len} {per_sec} 剩余 {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(u64::try_from(total).unwrap_or(0))
        .with_style(style)
        .with_message(what.to_owned())
}

/// Post of the home unit → login, and what to try with it.
const FACES: &[(&str, usize, &str, &str)] = &[
    ("收发员", 0, "shoufa", "签收、登记、归档"),
    ("文秘", 0, "wenmi", "初审、拟办、分发、办结"),
    ("办公室主任", 0, "zhuren", "审阅拟办意见"),
    ("县长", 0, "xianzhang", "批示（手机上也可以）"),
    ("副县长", 0, "fuxianzhang", "批示、传阅"),
    ("综合代表", 0, "zonghe", "接收并转送处室负责人"),
    ("科长", 0, "kezhang", "指定承办人或自己办理"),
    ("科员", 0, "keyuan", "承办"),
    ("科长", 1, "kezhang2", "协办、传阅"),
    ("科员", 1, "keyuan2", "传阅"),
];

/// Is the person of the home unit or one of its divisions?
fn at_home(plan: &Plan, p: &PersonSpec) -> bool {
    p.node == plan.home_unit
        || plan
            .nodes
            .get(p.node)
            .is_some_and(|n| n.parent == Some(plan.home_unit) && n.kind == "division")
}

fn faces(plan: &Plan) -> Vec<(usize, &'static str, &'static str)> {
    let mut out: Vec<(usize, &'static str, &'static str)> = Vec::new();
    for (post, nth, login, hint) in FACES {
        let same = |p: &PersonSpec| p.post.replace('镇', "县") == *post || p.post == *post;
        let mut nodes: Vec<usize> = Vec::new();
        for p in plan.people.iter().filter(|p| at_home(plan, p) && same(p)) {
            if !nodes.contains(&p.node) {
                nodes.push(p.node);
            }
        }
        let node = nodes.get(*nth).copied();
        let found = plan
            .people
            .iter()
            .position(|p| Some(p.node) == node && same(p));
        if let Some(i) = found {
            out.push((i, login, hint));
        }
    }
    out
}

fn name_accounts(plan: &mut Plan) {
    for (i, login, _) in faces(plan) {
        if let Some(p) = plan.people.get_mut(i) {
            p.login = login.to_owned();
        }
    }
    // The three administrators (三员) are people of a quiet division with no other role.
    let quiet = plan
        .nodes
        .iter()
        .rposition(|n| n.parent == Some(plan.home_unit) && n.kind == "division")
        .unwrap_or(plan.home_unit);
    for (login, role, post) in [
        ("sysadmin", "sys_admin", "系统管理员"),
        ("secadmin", "sec_admin", "安全管理员"),
        ("auditor", "auditor", "审计员"),
    ] {
        plan.people.push(PersonSpec {
            node: quiet,
            name: post.to_owned(),
            mobile: String::from("10000000000"),
            login: login.to_owned(),
            post,
            rank: 95,
            is_head: false,
            is_liaison: false,
            roles: vec![role],
        });
    }
}

fn accounts(plan: &Plan) -> Vec<Line> {
    let unit = plan
        .nodes
        .get(plan.home_unit)
        .map(|n| n.short_name.clone())
        .unwrap_or_default();
    let mut out: Vec<Line> = faces(plan)
        .into_iter()
        .filter_map(|(i, login, hint)| {
            let p = plan.people.get(i)?;
            let node = plan.nodes.get(p.node)?;
            let place = if node.kind == "division" {
                format!("{unit} {}", node.name)
            } else {
                unit.clone()
            };
            Some(Line {
                login: login.into(),
                name: p.name.clone(),
                title: format!("{place} {}", p.post),
                hint: hint.into(),
            })
        })
        .collect();
    for (login, name, hint) in [
        ("sysadmin", "系统管理员", "组织机构、参数、节假日"),
        ("secadmin", "安全管理员", "授权、账号、会话"),
        ("auditor", "审计员", "查看日志"),
    ] {
        out.push(Line {
            login: login.into(),
            name: name.into(),
            title: "三员".into(),
            hint: hint.into(),
        });
    }
    out
}
