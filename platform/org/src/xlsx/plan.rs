//! What an import would change in the tree. Pure: the present tree and the lines in, a plan or faults out.
use std::collections::BTreeMap;

use super::book::Line;
use super::tree::{Slot, Tree};
use super::{NODE_SHEET, Report};
use crate::key::name_key;
use crate::model::NodeKind;
use crate::rule;

/// A code that only ties the lines of one file together.
fn is_local(code: &str) -> bool {
    code.starts_with('#')
}

fn kind_of(text: &str) -> Option<(NodeKind, Option<&'static str>)> {
    match text {
        "地区" => Some((NodeKind::Region, None)),
        "处室" | "科室" => Some((NodeKind::Division, None)),
        "单位" => Some((NodeKind::Unit, None)),
        t => rule::UNIT_KINDS
            .iter()
            .find(|(_, title)| *title == t)
            .map(|(k, _)| (NodeKind::Unit, Some(*k))),
    }
}

struct Parsed<'a> {
    line: &'a Line,
    kind: NodeKind,
    unit_kind: Option<&'static str>,
    name: String,
    short_name: String,
    sort: Option<i64>,
}

fn parse<'a>(line: &'a Line, report: &mut Report) -> Option<Parsed<'a>> {
    let before = report.errors.len();
    let mut bad =
        |column: &str, message: String| report.fault(NODE_SHEET, line.line, column, message);
    let mut text = |column: &str, title: &str, longest, required| match rule::text(
        title,
        line.get(column),
        longest,
        required,
    ) {
        Ok(v) => v,
        Err(m) => {
            bad(column, m);
            String::new()
        }
    };
    let name = text("名称", "名称", 100, true);
    let short_name = text("简称", "简称", 50, false);
    let code = text("编码", "编码", 40, false);
    if let Err(m) = rule::code(code.trim_start_matches('#')) {
        bad("编码", m);
    }
    let kind = kind_of(line.get("类别"));
    if kind.is_none() {
        let units: Vec<&str> = rule::UNIT_KINDS.iter().map(|(_, t)| *t).collect();
        bad(
            "类别",
            format!("类别应为：地区、{}、处室", units.join("、")),
        );
    }
    let sort = match line.get("排序") {
        "" => None,
        s => match s.parse::<i64>() {
            Ok(n) if (0..=1_000_000).contains(&n) => Some(n),
            _ => {
                bad("排序", "排序应为0至1000000的整数".into());
                None
            }
        },
    };
    let (kind, unit_kind) = kind?;
    if code.is_empty() && kind != NodeKind::Division {
        bad("编码", format!("{}必须有编码", kind.title()));
    }
    (report.errors.len() == before).then_some(Parsed {
        line,
        kind,
        unit_kind,
        name,
        short_name,
        sort,
    })
}

/// Lays the lines of the sheet 单位 over the tree.
pub(crate) fn nodes(tree: &mut Tree, lines: &[Line], report: &mut Report) {
    let parsed: Vec<Parsed<'_>> = lines.iter().filter_map(|l| parse(l, report)).collect();
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut placed: Vec<(usize, &Parsed<'_>)> = Vec::new();
    let mut waiting: Vec<&Parsed<'_>> = Vec::new();
    // First the lines with a code of their own, so that lines may stand in any order.
    for p in &parsed {
        let code = p.line.get("编码");
        if !code.is_empty()
            && let Some(first) = seen.insert(code, p.line.line)
        {
            report.fault(
                NODE_SHEET,
                p.line.line,
                "编码",
                format!("编码“{code}”与第{first}行重复"),
            );
            continue;
        }
        if code.is_empty() || is_local(code) {
            waiting.push(p);
            continue;
        }
        let i = match tree.by_code.get(code).copied() {
            Some(i) => i,
            None => {
                let i = push(tree, p);
                tree.by_code.insert(code.to_owned(), i);
                if let Some(s) = tree.slots.get_mut(i) {
                    s.code = Some(code.to_owned());
                }
                i
            }
        };
        placed.push((i, p));
    }
    for (i, p) in placed {
        let Some(parent) = parent_of(tree, p, report) else {
            continue;
        };
        lay(tree, i, parent, p, report);
    }
    // Lines with a local key or none are known by parent and name; a parent may itself be such a line.
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut later = Vec::new();
        for p in waiting {
            let parent_code = p.line.get("上级编码");
            let local_parent_to_come = is_local(parent_code)
                && tree.by_code(parent_code).is_none()
                && seen.contains_key(parent_code);
            if local_parent_to_come {
                later.push(p);
                continue;
            }
            let Some(parent) = parent_of(tree, p, report) else {
                continue;
            };
            let i = match tree.by_name.get(&(parent, name_key(&p.name))).copied() {
                Some(i) => i,
                None => push(tree, p),
            };
            let code = p.line.get("编码");
            if !code.is_empty() {
                tree.by_code.insert(code.to_owned(), i);
            }
            lay(tree, i, parent, p, report);
        }
        if later.len() == before {
            for p in &later {
                report.fault(
                    NODE_SHEET,
                    p.line.line,
                    "上级编码",
                    "上级互相循环，请检查这几行的上级编码",
                );
            }
            break;
        }
        waiting = later;
    }
    for i in tree.to_create() {
        if let Some(s) = tree.slot(i)
            && tree.depth(i) == tree.slots.len()
        {
            report.fault(
                NODE_SHEET,
                s.line.unwrap_or(0),
                "上级编码",
                "上级互相循环，请检查这几行的上级编码",
            );
        }
    }
}

fn push(tree: &mut Tree, p: &Parsed<'_>) -> usize {
    tree.slots.push(Slot {
        id: None,
        parent: None,
        kind: p.kind,
        unit_kind: None,
        name: String::new(),
        short_name: String::new(),
        code: None,
        sort: p.sort,
        version: 1,
        changed: false,
        active: true,
        line: None,
    });
    tree.slots.len() - 1
}

#[expect(
    clippy::option_option,
    reason = "outer none = a fault was reported; inner none = top of the tree"
)]
fn parent_of(tree: &Tree, p: &Parsed<'_>, report: &mut Report) -> Option<Option<usize>> {
    let code = p.line.get("上级编码");
    if code.is_empty() {
        return Some(None);
    }
    let found = tree.by_code(code);
    if found.is_none() {
        let why = format!("没有编码为“{code}”的机构，请先在“单位”表中增加它，或改正上级编码");
        report.fault(NODE_SHEET, p.line.line, "上级编码", why);
    }
    found.map(Some)
}

/// Lays one line over its slot.
fn lay(tree: &mut Tree, i: usize, parent: Option<usize>, p: &Parsed<'_>, report: &mut Report) {
    let line = p.line.line;
    let parent_kind = parent.and_then(|x| tree.slot(x)).map(|s| s.kind);
    if !p.kind.fits_under(parent_kind) {
        let above = parent_kind.map_or("最上级", NodeKind::title);
        report.fault(
            NODE_SHEET,
            line,
            "上级编码",
            format!("{}不能放在{above}下面", p.kind.title()),
        );
        return;
    }
    let key = (parent, name_key(&p.name));
    if let Some(other) = tree.by_name.get(&key)
        && *other != i
    {
        report.fault(
            NODE_SHEET,
            line,
            "名称",
            format!("同一上级下已有“{}”，请换一个名称", p.name),
        );
        return;
    }
    let Some(s) = tree.slots.get_mut(i) else {
        return;
    };
    if !s.active {
        report.fault(
            NODE_SHEET,
            line,
            "编码",
            format!(
                "编码“{}”属于已合并或撤销的“{}”，请换一个编码",
                p.line.get("编码"),
                s.name
            ),
        );
        return;
    }
    if s.id.is_some() {
        if s.kind != p.kind {
            report.fault(
                NODE_SHEET,
                line,
                "类别",
                format!("“{}”现在是{}，导入不改变类别", s.name, s.kind.title()),
            );
            return;
        }
        if s.parent != parent {
            report.fault(
                NODE_SHEET,
                line,
                "上级编码",
                format!(
                    "“{}”的上级与系统中不同；导入不移动机构，请在页面上移动",
                    s.name
                ),
            );
            return;
        }
    }
    let short = match (p.short_name.is_empty(), s.id.is_some()) {
        (false, _) => p.short_name.clone(),
        (true, true) => s.short_name.clone(),
        (true, false) => p.name.clone(),
    };
    let unit_kind = match p.kind {
        NodeKind::Unit => p
            .unit_kind
            .map(str::to_owned)
            .or_else(|| s.unit_kind.clone())
            .or_else(|| Some("other".into())),
        _ => None,
    };
    let sort = p.sort.or(s.sort);
    let old_key = (s.parent, name_key(&s.name));
    s.changed = s.id.is_some()
        && (s.name != p.name
            || s.short_name != short
            || s.unit_kind != unit_kind
            || s.sort != sort);
    s.parent = parent;
    s.name = p.name.clone();
    s.short_name = short;
    s.unit_kind = unit_kind;
    s.sort = sort;
    s.line = Some(line);
    if old_key != key && tree.by_name.get(&old_key) == Some(&i) {
        tree.by_name.remove(&old_key);
    }
    tree.by_name.insert(key, i);
}
