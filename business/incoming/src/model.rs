//! What an incoming document (收文) is: its attributes, its choices, its row.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Id, Result};
use zs_db::Row;

use crate::plan::Plan;

/// One choice of a list: stable key and Chinese title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// Stable key.
    pub key: String,
    /// Chinese title.
    pub title: String,
}

/// A fixed list of choices.
pub type Choices = &'static [(&'static str, &'static str)];

/// Classes 文件类别 (seed S2: 红头文件 has a number, 白头文件 has none).
pub const DOC_CLASSES: Choices = &[("red_head", "红头文件"), ("plain", "白头文件")];
/// Sources 来文渠道: the six of seed S2.
pub const SOURCES: Choices = &[
    ("mail", "邮寄"),
    ("exchange", "公文交换"),
    ("fax", "传真"),
    ("notice", "事务性通知"),
    ("remote", "远端传送"),
    ("internal", "内部请示"),
];
/// Sender ranks 来文级别: an equal counts as superior (seed S2).
pub const SENDER_RANKS: Choices = &[("superior", "上级来文"), ("subordinate", "下级来文")];
/// Urgencies 紧急程度 (条例 art. 9: 特急, 加急).
pub const URGENCIES: Choices = &[
    ("normal", "平件"),
    ("urgent", "加急"),
    ("extra_urgent", "特急"),
];
/// Secrecies 密级; from 秘密 upwards only as a paper-only register row.
pub const SECRECIES: Choices = &[
    ("none", "无"),
    ("internal", "内部"),
    ("secret", "秘密"),
    ("confidential", "机密"),
    ("top_secret", "绝密"),
];
/// Retention periods 保管期限 (DA/T 22).
pub const RETENTIONS: Choices = &[("permanent", "永久"), ("30y", "30年"), ("10y", "10年")];
/// The 15 genres 文种 (条例 art. 8).
pub const GENRES: &[&str] = &[
    "决议",
    "决定",
    "命令（令）",
    "公报",
    "公告",
    "通告",
    "意见",
    "通知",
    "通报",
    "报告",
    "请示",
    "批复",
    "议案",
    "函",
    "纪要",
];
/// Class codes 分类代码 offered from the start; any text may be written.
pub const CLASS_CODES: Choices = &[
    ("党务", "党务"),
    ("综合", "综合政务"),
    ("财经", "财政经济"),
    ("人事", "人事编制"),
    ("农业", "农业农村"),
    ("城建", "城乡建设"),
    ("科教", "科技教育文化"),
    ("民生", "民政卫生社保"),
    ("政法", "政法安全"),
    ("其他", "其他"),
];

/// The Chinese title of a key, or the key itself.
pub fn title_of(list: Choices, key: &str) -> &str {
    list.iter().find(|(k, _)| *k == key).map_or(key, |(_, t)| t)
}

/// A list for the page.
pub fn choices(list: Choices) -> Vec<Choice> {
    list.iter()
        .map(|(k, t)| Choice {
            key: (*k).into(),
            title: (*t).into(),
        })
        .collect()
}

/// The attributes that the registry fills in 登记属性 (seed S2: 来文登记表).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attributes {
    /// Title 文件标题.
    pub title: String,
    /// Document number 文件字号; required for red_head.
    #[serde(default)]
    pub doc_number: Option<String>,
    /// Sender 来文单位.
    pub sender: String,
    /// Sender rank 来文级别.
    #[serde(default)]
    pub sender_rank: Option<String>,
    /// Class: red_head or plain.
    pub doc_class: String,
    /// Source 来文渠道.
    pub source: String,
    /// Secrecy 密级.
    #[serde(default = "none")]
    pub secrecy: String,
    /// Only the paper is kept; no files here.
    #[serde(default)]
    pub paper_only: bool,
    /// Urgency 紧急程度.
    #[serde(default = "normal")]
    pub urgency: String,
    /// Genre 文种.
    #[serde(default)]
    pub genre: Option<String>,
    /// Class code 分类代码.
    #[serde(default)]
    pub class_code: Option<String>,
    /// Subject terms 主题词 (legacy).
    #[serde(default)]
    pub subject_terms: Option<String>,
    /// Document date 成文日期.
    #[serde(default)]
    pub doc_date: Option<String>,
    /// Received date 收文日期.
    pub received_date: String,
    /// Copies 份数.
    #[serde(default = "one")]
    pub copies: i64,
    /// Pages 页数.
    #[serde(default)]
    pub pages: Option<i64>,
    /// Summary 内容摘要.
    #[serde(default)]
    pub summary: Option<String>,
    /// Remark 备注.
    #[serde(default)]
    pub remark: Option<String>,
}

fn none() -> String {
    "none".into()
}
fn normal() -> String {
    "normal".into()
}
fn one() -> i64 {
    1
}

/// Status of the document as a whole.
pub mod status {
    /// Under way.
    pub const ACTIVE: &str = "active";
    /// Handled 办结, not yet filed.
    pub const COMPLETED: &str = "completed";
    /// Filed 归档.
    pub const ARCHIVED: &str = "archived";
    /// Sent back to the sender 退文.
    pub const REJECTED: &str = "rejected";
    /// Void 作废, number kept.
    pub const VOID: &str = "void";
}

/// Row of `incoming_doc`.
#[derive(Clone, Debug, Default)]
pub struct Doc {
    /// Id.
    pub id: Id,
    /// Unit whose registry holds it.
    pub unit_id: Id,
    /// Division that signed it in, if it was not the unit's own office.
    pub division_id: Option<Id>,
    /// Flow instance.
    pub instance_id: Id,
    /// Year of the serial number.
    pub year: i64,
    /// Number in the series.
    pub serial: Option<i64>,
    /// Serial number 收文流水号 as written.
    pub serial_no: Option<String>,
    /// Status.
    pub status: String,
    /// Attributes.
    pub attrs: Attributes,
    /// The plan in force.
    pub plan: Option<Plan>,
    /// Deadline 办文期限.
    pub deadline: Option<String>,
    /// Times urged.
    pub urge_count: i64,
    /// Where it stands, for those who see all of it.
    pub stage_text: String,
    /// Reply text 答复.
    pub reply_text: Option<String>,
    /// Reply date.
    pub replied_date: Option<String>,
    /// Result 办理结果.
    pub handling_result: Option<String>,
    /// Note for the fonds 全宗说明.
    pub fonds_note: Option<String>,
    /// Retention 保管期限.
    pub retention: Option<String>,
    /// SM3 of the archive package.
    pub digest: Option<String>,
    /// Why it was sent back 退文原因.
    pub reject_reason: Option<String>,
    /// Why it is void.
    pub void_reason: Option<String>,
    /// Who signed it in.
    pub signed_in_by: Id,
    /// His name then.
    pub signed_in_name: String,
    /// When.
    pub signed_in_at: i64,
    /// Who registered it.
    pub registered_by: Option<Id>,
    /// His name then.
    pub registered_name: Option<String>,
    /// When.
    pub registered_at: Option<i64>,
    /// When completed.
    pub completed_at: Option<i64>,
    /// When filed.
    pub archived_at: Option<i64>,
    /// It has files.
    pub has_files: bool,
    /// Version for `If-Match`.
    pub version: i64,
}

/// Columns of [`Doc`] in the order that [`Doc::from_row`] reads.
pub const DOC_COLUMNS: &str = "id, unit_id, division_id, instance_id, year, serial, serial_no, status, doc_class, source, \
    sender, sender_rank, title, doc_number, secrecy, paper_only, urgency, genre, class_code, subject_terms, doc_date, \
    received_date, copies, pages, summary, remark, plan, deadline, urge_count, stage_text, reply_text, replied_date, \
    handling_result, fonds_note, retention, digest, reject_reason, void_reason, signed_in_by, signed_in_name, \
    signed_in_at, registered_by, registered_name, registered_at, completed_at, archived_at, has_files, version";

impl Doc {
    /// Reads a row selected with [`DOC_COLUMNS`].
    pub fn from_row(row: &Row) -> Result<Self> {
        let mut c = row.cols();
        let mut d = Self {
            id: c.next()?,
            unit_id: c.next()?,
            division_id: c.next()?,
            instance_id: c.next()?,
            year: c.next()?,
            serial: c.next()?,
            serial_no: c.next()?,
            status: c.next()?,
            ..Self::default()
        };
        d.attrs = Attributes {
            doc_class: c.next()?,
            source: c.next()?,
            sender: c.next()?,
            sender_rank: c.next()?,
            title: c.next()?,
            doc_number: c.next()?,
            secrecy: c.next()?,
            paper_only: c.next()?,
            urgency: c.next()?,
            genre: c.next()?,
            class_code: c.next()?,
            subject_terms: c.next()?,
            doc_date: c.next()?,
            received_date: c.next()?,
            copies: c.next()?,
            pages: c.next()?,
            summary: c.next()?,
            remark: c.next()?,
        };
        d.plan = c
            .next::<Option<String>>()?
            .map(|p| serde_json::from_str(&p).map_err(zs_base::Error::internal))
            .transpose()?;
        d.deadline = c.next()?;
        d.urge_count = c.next()?;
        d.stage_text = c.next()?;
        d.reply_text = c.next()?;
        d.replied_date = c.next()?;
        d.handling_result = c.next()?;
        d.fonds_note = c.next()?;
        d.retention = c.next()?;
        d.digest = c.next()?;
        d.reject_reason = c.next()?;
        d.void_reason = c.next()?;
        d.signed_in_by = c.next()?;
        d.signed_in_name = c.next()?;
        d.signed_in_at = c.next()?;
        d.registered_by = c.next()?;
        d.registered_name = c.next()?;
        d.registered_at = c.next()?;
        d.completed_at = c.next()?;
        d.archived_at = c.next()?;
        d.has_files = c.next()?;
        d.version = c.next()?;
        Ok(d)
    }
}
