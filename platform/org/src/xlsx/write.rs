//! Writing the export and the template.
use std::collections::HashMap;

use rust_xlsxwriter::{DataValidation, Format, Workbook, Worksheet, XlsxError};
use zs_base::{Error, Id, Result};

use super::apply::Present;
use super::{NODE_COLUMNS, NODE_SHEET, PEOPLE_COLUMNS, PEOPLE_SHEET};
use crate::model::{Node, NodeKind};
use crate::rule;

/// Text that a spreadsheet cannot take for a formula (CWE-1236): a leading sign gets an apostrophe.
pub(crate) fn safe(s: &str) -> String {
    match s.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{s}"),
        false => s.to_owned(),
    }
}

fn err(e: XlsxError) -> Error {
    Error::internal(e)
}

fn sheet<'a>(
    book: &'a mut Workbook,
    name: &str,
    columns: &[&str],
    rows: &[Vec<String>],
) -> Result<&'a mut Worksheet> {
    let head = Format::new().set_bold().set_background_color(0x00E8_EDF3);
    let text = Format::new().set_num_format("@");
    let w = book.add_worksheet();
    w.set_name(name).map_err(err)?;
    for (c, title) in (0u16..).zip(columns) {
        w.set_column_width(c, 16).map_err(err)?;
        w.set_column_format(c, &text).map_err(err)?;
        w.write_string_with_format(0, c, *title, &head)
            .map_err(err)?;
    }
    w.set_freeze_panes(1, 0).map_err(err)?;
    for (r, row) in (1u32..).zip(rows) {
        for (c, cell) in (0u16..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            w.write_string_with_format(r, c, safe(cell), &text)
                .map_err(err)?;
        }
    }
    Ok(w)
}

fn choose(w: &mut Worksheet, column: u16, from: &[&str]) -> Result<()> {
    let list = DataValidation::new()
        .allow_list_strings(from)
        .map_err(err)?;
    w.add_data_validation(1, column, 20_000, column, &list)
        .map_err(err)?;
    Ok(())
}

fn workbook(nodes: &[Vec<String>], people: &[Vec<String>]) -> Result<Workbook> {
    let mut book = Workbook::new();
    let w = sheet(&mut book, NODE_SHEET, &NODE_COLUMNS, nodes)?;
    let mut kinds = vec!["地区", "处室"];
    kinds.extend(rule::UNIT_KINDS.iter().map(|(_, t)| *t));
    choose(w, 4, &kinds)?;
    let w = sheet(&mut book, PEOPLE_SHEET, &PEOPLE_COLUMNS, people)?;
    for c in 7..=9 {
        choose(w, c, &["是", "否"])?;
    }
    Ok(book)
}

fn kind_title(n: &Node) -> &'static str {
    match n.kind {
        NodeKind::Unit => {
            let kind = n.unit_kind.as_deref().unwrap_or("other");
            rule::UNIT_KINDS
                .iter()
                .find(|(k, _)| *k == kind)
                .map_or("其他单位", |(_, t)| t)
        }
        k => k.title(),
    }
}

fn rank_title(rank: i64) -> String {
    rule::RANKS
        .iter()
        .find(|(n, _)| *n == rank)
        .map_or_else(|| rank.to_string(), |(_, t)| (*t).to_owned())
}

fn yes(b: bool) -> String {
    if b { "是" } else { "否" }.to_owned()
}

/// What stands in the column 编码: a node without a code gets a key that only ties the lines of the file together.
fn key(n: &Node) -> String {
    n.code.clone().unwrap_or_else(|| format!("#{}", n.id))
}

/// All active nodes in the order of the tree.
fn in_tree_order(nodes: &[Node]) -> Vec<&Node> {
    let mut below: HashMap<Option<Id>, Vec<&Node>> = HashMap::new();
    for n in nodes.iter().filter(|n| n.is_active()) {
        below.entry(n.parent_id).or_default().push(n);
    }
    let mut out = Vec::new();
    let mut stack: Vec<&Node> = below.remove(&None).unwrap_or_default();
    stack.reverse();
    while let Some(n) = stack.pop() {
        out.push(n);
        stack.extend(
            below
                .remove(&Some(n.id))
                .unwrap_or_default()
                .into_iter()
                .rev(),
        );
    }
    out
}

/// The export: comes back through the import without a change.
pub(crate) fn export(now: &Present, logins: &HashMap<Id, String>) -> Result<Vec<u8>> {
    let by_id: HashMap<Id, &Node> = now.nodes.iter().map(|n| (n.id, n)).collect();
    let nodes: Vec<Vec<String>> = in_tree_order(&now.nodes)
        .into_iter()
        .map(|n| {
            let above = n.parent_id.and_then(|p| by_id.get(&p)).map(|p| key(p));
            vec![
                key(n),
                above.unwrap_or_default(),
                n.name.clone(),
                n.short_name.clone(),
                kind_title(n).to_owned(),
                n.sort.to_string(),
            ]
        })
        .collect();
    let persons: HashMap<Id, _> = now.persons.iter().map(|p| (p.id, p)).collect();
    let people: Vec<Vec<String>> = now
        .identities
        .iter()
        .map(|i| {
            let unit = by_id.get(&i.unit_id).map(|n| key(n)).unwrap_or_default();
            let mobile = persons.get(&i.person_id).and_then(|p| p.mobile.clone());
            vec![
                i.name.clone(),
                mobile.unwrap_or_default(),
                logins.get(&i.person_id).cloned().unwrap_or_default(),
                unit,
                division_path(&by_id, i.division_id),
                i.post.clone(),
                rank_title(i.rank),
                yes(i.is_head),
                yes(i.is_liaison),
                yes(i.is_primary),
            ]
        })
        .collect();
    workbook(&nodes, &people)?.save_to_buffer().map_err(err)
}

/// `处室/科室` under the unit.
fn division_path(by_id: &HashMap<Id, &Node>, division: Option<Id>) -> String {
    let mut names = Vec::new();
    let mut at = division;
    while let Some(n) = at
        .and_then(|id| by_id.get(&id))
        .filter(|n| n.kind == NodeKind::Division)
    {
        names.push(n.name.as_str());
        at = n.parent_id;
    }
    names.reverse();
    names.join("/")
}

/// The empty form with examples and a page that explains the columns.
pub(crate) fn template() -> Result<Vec<u8>> {
    let rows = |rows: &[&[&str]]| -> Vec<Vec<String>> {
        rows.iter()
            .map(|r| r.iter().map(|c| (*c).to_owned()).collect())
            .collect()
    };
    let nodes = rows(&[
        &["YH", "", "云海市", "云海", "地区", "10"],
        &["YH01", "YH", "云海市人民政府", "市政府", "政府", "10"],
        &["", "YH01", "秘书一科", "秘书一科", "处室", "10"],
        &["YH0101", "YH01", "云海市财政局", "市财政局", "部门", "20"],
    ]);
    let people = rows(&[
        &[
            "张三",
            "13800000001",
            "zhangsan",
            "YH01",
            "",
            "市长",
            "正厅级",
            "是",
            "否",
            "是",
        ],
        &[
            "李四",
            "13800000002",
            "lisi",
            "YH01",
            "秘书一科",
            "科长",
            "正科级",
            "是",
            "是",
            "是",
        ],
        &[
            "李四",
            "13800000002",
            "lisi",
            "YH0101",
            "",
            "副局长",
            "副处级",
            "否",
            "否",
            "否",
        ],
    ]);
    let help = rows(&[
        &["两张表的第2行起是示例，填写前请删除。"],
        &["“单位”表：编码在全系统唯一，再次导入时按编码识别；处室可以不填编码，按上级和名称识别。"],
        &["“单位”表：上级编码为空表示最上级；导入可以新增和修改，不移动也不删除。"],
        &["“人员”表：按姓名和手机识别同一个人；同一人有几个身份（兼职）就填几行。"],
        &["“人员”表：处室填名称，下级科室写成“处室/科室”；单位领导不填处室。"],
        &["“人员”表：级别填正厅级、副处级、科员等，或1至999的整数，数字越小级别越高。"],
        &["全部正确才会导入；只要有一处错误，任何内容都不会改变，页面会逐行列出错误。"],
    ]);
    let mut book = workbook(&nodes, &people)?;
    let w = sheet(&mut book, "填写说明", &["填写说明"], &help)?;
    w.set_column_width(0, 100).map_err(err)?;
    book.save_to_buffer().map_err(err)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_never_start_like_a_formula() {
        for bad in ["=1+1", "+86", "-1", "@SUM(A1)", "\tx"] {
            assert_eq!(safe(bad), format!("'{bad}"));
        }
        assert_eq!(safe("市政府"), "市政府");
    }
}
