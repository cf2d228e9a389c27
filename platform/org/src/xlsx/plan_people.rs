//! What an import would change among people and their identities. Pure.
use std::collections::HashMap;

use zs_base::Id;

use super::book::Line;
use super::tree::Tree;
use super::{PEOPLE_SHEET, Report};
use crate::key::name_key;
use crate::model::{Identity, NodeKind, Person};
use crate::rule;

/// An identity that is there, or will be.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    /// None = to be made.
    pub(crate) id: Option<Id>,
    /// Slot in the tree.
    pub(crate) node: usize,
    pub(crate) post: String,
    pub(crate) rank: i64,
    pub(crate) is_head: bool,
    pub(crate) is_liaison: bool,
    pub(crate) is_primary: bool,
    pub(crate) changed: bool,
    line: Option<u32>,
}

/// A person who is there, or will be.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// None = to be made.
    pub(crate) id: Option<Id>,
    pub(crate) name: String,
    pub(crate) mobile: Option<String>,
    pub(crate) version: i64,
    pub(crate) changed: bool,
    /// Login name and its line.
    pub(crate) login: Option<(String, u32)>,
    pub(crate) seats: Vec<Seat>,
}

/// The people as they will be.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    pub(crate) entries: Vec<Entry>,
    by_name: HashMap<String, Vec<usize>>,
}

impl People {
    /// The people who are there now.
    pub(crate) fn of(persons: &[Person], identities: &[Identity], tree: &Tree) -> Self {
        let slots: HashMap<Id, usize> = tree
            .slots
            .iter()
            .enumerate()
            .filter_map(|(i, s)| Some((s.id?, i)))
            .collect();
        let mut all = Self::default();
        let mut at: HashMap<Id, usize> = HashMap::new();
        for p in persons {
            at.insert(p.id, all.entries.len());
            all.by_name
                .entry(name_key(&p.name))
                .or_default()
                .push(all.entries.len());
            all.entries.push(Entry {
                id: Some(p.id),
                name: p.name.clone(),
                mobile: p.mobile.clone(),
                version: p.version,
                changed: false,
                login: None,
                seats: Vec::new(),
            });
        }
        for i in identities {
            let (Some(node), Some(e)) = (
                slots.get(&i.node_id()),
                at.get(&i.person_id).and_then(|x| all.entries.get_mut(*x)),
            ) else {
                continue;
            };
            e.seats.push(Seat {
                id: Some(i.id),
                node: *node,
                post: i.post.clone(),
                rank: i.rank,
                is_head: i.is_head,
                is_liaison: i.is_liaison,
                is_primary: i.is_primary,
                changed: false,
                line: None,
            });
        }
        all
    }
    /// Whom a line means: same name and mobile; without one of the numbers, the same name at the same node.
    fn find(&self, name: &str, mobile: Option<&str>, node: usize) -> Result<Option<usize>, String> {
        let none = Vec::new();
        let same: Vec<(usize, &Entry)> = self
            .by_name
            .get(&name_key(name))
            .unwrap_or(&none)
            .iter()
            .filter_map(|i| Some((*i, self.entries.get(*i)?)))
            .collect();
        if mobile.is_some()
            && let Some((i, _)) = same.iter().find(|(_, e)| e.mobile.as_deref() == mobile)
        {
            return Ok(Some(*i));
        }
        let here: Vec<usize> = same
            .iter()
            .filter(|(_, e)| {
                (mobile.is_none() || e.mobile.is_none()) && e.seats.iter().any(|s| s.node == node)
            })
            .map(|(i, _)| *i)
            .collect();
        match here.as_slice() {
            [one] => return Ok(Some(*one)),
            [] => {}
            _ => return Err(format!("这里有多名“{name}”，请填写手机以便区分")),
        }
        if mobile.is_some() {
            return Ok(None);
        }
        let unnumbered: Vec<usize> = same
            .iter()
            .filter(|(_, e)| e.mobile.is_none())
            .map(|(i, _)| *i)
            .collect();
        match unnumbered.as_slice() {
            [] => Ok(None),
            _ => Err(format!(
                "已有另一名没有手机的“{name}”，请填写手机以便区分是否同一人"
            )),
        }
    }
}

fn yes_no(s: &str) -> Result<Option<bool>, String> {
    match s.to_lowercase().as_str() {
        "" => Ok(None),
        "是" | "√" | "1" | "y" | "yes" | "true" => Ok(Some(true)),
        "否" | "×" | "0" | "n" | "no" | "false" => Ok(Some(false)),
        _ => Err("请填“是”或“否”".into()),
    }
}

fn rank_of(s: &str) -> Result<Option<i64>, String> {
    if s.is_empty() {
        return Ok(None);
    }
    if let Some((n, _)) = rule::RANKS.iter().find(|(_, t)| *t == s) {
        return Ok(Some(*n));
    }
    match s.parse::<i64>() {
        Ok(n) => rule::rank(n).map(|()| Some(n)),
        Err(_) => {
            let names: Vec<&str> = rule::RANKS.iter().map(|(_, t)| *t).collect();
            Err(format!("级别应为{}，或1至999的整数", names.join("、")))
        }
    }
}

struct Parsed {
    name: String,
    mobile: Option<String>,
    login: Option<String>,
    node: usize,
    post: String,
    rank: Option<i64>,
    flags: [Option<bool>; 3],
}

fn parse(line: &Line, tree: &Tree, report: &mut Report) -> Option<Parsed> {
    let before = report.errors.len();
    let mut keep = |column: &str, r: Result<String, String>| match r {
        Ok(v) => v,
        Err(m) => {
            report.fault(PEOPLE_SHEET, line.line, column, m);
            String::new()
        }
    };
    let name = keep("姓名", rule::text("姓名", line.get("姓名"), 50, true));
    let mobile = keep(
        "手机",
        match line.get("手机") {
            "" => Ok(String::new()),
            m => rule::mobile(m).map(|()| m.to_owned()),
        },
    );
    let login = keep(
        "登录名",
        rule::text("登录名", line.get("登录名"), 40, false),
    )
    .to_lowercase();
    let post = keep("职务", rule::text("职务", line.get("职务"), 100, false));
    let mut rank = None;
    match rank_of(line.get("级别")) {
        Ok(r) => rank = r,
        Err(m) => report.fault(PEOPLE_SHEET, line.line, "级别", m),
    }
    let mut flags = [None; 3];
    for (flag, column) in flags
        .iter_mut()
        .zip(["是否负责人", "是否综合代表", "是否主身份"])
    {
        match yes_no(line.get(column)) {
            Ok(v) => *flag = v,
            Err(m) => report.fault(PEOPLE_SHEET, line.line, column, m),
        }
    }
    let node = place(line, tree, report)?;
    let some = |s: String| Some(s).filter(|s| !s.is_empty());
    (report.errors.len() == before).then_some(Parsed {
        name,
        mobile: some(mobile),
        login: some(login),
        node,
        post,
        rank,
        flags,
    })
}

fn place(line: &Line, tree: &Tree, report: &mut Report) -> Option<usize> {
    let (code, division) = (line.get("单位编码"), line.get("处室"));
    if code.is_empty() {
        report.fault(PEOPLE_SHEET, line.line, "单位编码", "请填写单位编码");
        return None;
    }
    let unit = tree
        .by_code(code)
        .filter(|i| tree.slot(*i).is_some_and(|s| s.kind == NodeKind::Unit));
    let Some(unit) = unit else {
        report.fault(
            PEOPLE_SHEET,
            line.line,
            "单位编码",
            format!("没有编码为“{code}”的单位，请检查编码或先增加单位"),
        );
        return None;
    };
    if division.is_empty() {
        return Some(unit);
    }
    let found = tree.division(unit, division);
    if found.is_none() {
        let name = tree.slot(unit).map_or("", |s| s.name.as_str());
        let why = format!("“{name}”下没有处室“{division}”，请先在“单位”表中增加它，或改正名称");
        report.fault(PEOPLE_SHEET, line.line, "处室", why);
    }
    found
}

/// Lays the lines of the sheet 人员 over the people.
pub(crate) fn people(all: &mut People, tree: &Tree, lines: &[Line], report: &mut Report) {
    let mut logins: HashMap<String, (usize, u32)> = HashMap::new();
    for line in lines {
        let Some(p) = parse(line, tree, report) else {
            continue;
        };
        let i = match all.find(&p.name, p.mobile.as_deref(), p.node) {
            Ok(Some(i)) => i,
            Ok(None) => {
                all.by_name
                    .entry(name_key(&p.name))
                    .or_default()
                    .push(all.entries.len());
                all.entries.push(Entry {
                    id: None,
                    name: p.name.clone(),
                    mobile: p.mobile.clone(),
                    version: 1,
                    changed: false,
                    login: None,
                    seats: Vec::new(),
                });
                all.entries.len() - 1
            }
            Err(why) => {
                report.fault(PEOPLE_SHEET, line.line, "手机", why);
                continue;
            }
        };
        if let Some(login) = &p.login {
            match logins.get(login) {
                Some((other, first)) if *other != i => {
                    report.fault(
                        PEOPLE_SHEET,
                        line.line,
                        "登录名",
                        format!("登录名“{login}”与第{first}行重复"),
                    );
                    continue;
                }
                _ => logins.insert(login.clone(), (i, line.line)),
            };
        }
        if let Some(e) = all.entries.get_mut(i) {
            lay(e, p, line.line, report);
        }
    }
    one_primary_each(all);
}

fn lay(e: &mut Entry, p: Parsed, line: u32, report: &mut Report) {
    let changed = (p.mobile.is_some() && e.mobile != p.mobile) || e.name != p.name;
    e.changed |= e.id.is_some() && changed;
    e.name = p.name;
    e.mobile = p.mobile.or(e.mobile.take());
    if let Some(l) = p.login {
        e.login = Some((l, line));
    }
    let [head, liaison, primary] = p.flags;
    match e.seats.iter_mut().find(|s| s.node == p.node) {
        Some(s) => {
            if let Some(first) = s.line {
                report.fault(
                    PEOPLE_SHEET,
                    line,
                    "处室",
                    format!("与第{first}行是同一人的同一身份，请删去一行"),
                );
                return;
            }
            let old = (
                s.post.clone(),
                s.rank,
                s.is_head,
                s.is_liaison,
                s.is_primary,
            );
            if !p.post.is_empty() {
                s.post = p.post;
            }
            s.rank = p.rank.unwrap_or(s.rank);
            s.is_head = head.unwrap_or(s.is_head);
            s.is_liaison = liaison.unwrap_or(s.is_liaison);
            s.is_primary = primary.unwrap_or(s.is_primary);
            s.changed = old
                != (
                    s.post.clone(),
                    s.rank,
                    s.is_head,
                    s.is_liaison,
                    s.is_primary,
                );
            s.line = Some(line);
        }
        None => e.seats.push(Seat {
            id: None,
            node: p.node,
            post: p.post,
            rank: p.rank.unwrap_or(rule::DEFAULT_RANK),
            is_head: head.unwrap_or(false),
            is_liaison: liaison.unwrap_or(false),
            is_primary: primary.unwrap_or(false),
            changed: false,
            line: Some(line),
        }),
    }
}

/// Exactly one main identity: one that the file names, else the one there was, else the first.
fn one_primary_each(all: &mut People) {
    for e in &mut all.entries {
        if !e.seats.iter().any(|s| s.line.is_some()) {
            continue;
        }
        let newly = e
            .seats
            .iter()
            .position(|s| s.is_primary && (s.changed || s.id.is_none()));
        let chosen = newly
            .or_else(|| e.seats.iter().position(|s| s.is_primary))
            .unwrap_or(0);
        for (i, s) in e.seats.iter_mut().enumerate() {
            let primary = i == chosen;
            if s.id.is_some() && primary && !s.is_primary {
                s.changed = true;
            }
            s.is_primary = primary;
        }
    }
}
