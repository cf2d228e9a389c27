//! The handling plan 拟办方案: who instructs, who reads, who undertakes, by when. Every change keeps the old text.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zs_base::Id;
use zs_base::time::Date;

use crate::rule::Check;

/// Plan 拟办方案.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// `read` 阅件 or `handle` 办件.
    pub kind: String,
    /// Proposed handling 拟办意见.
    pub proposed_handling: String,
    /// The office head reviews it 送办公室主任审阅.
    #[serde(default)]
    pub needs_review: bool,
    /// Leaders who instruct 批示领导.
    #[serde(default)]
    pub instruct: InstructPlan,
    /// Circulation 传阅.
    #[serde(default)]
    pub circulation: CirculationPlan,
    /// Undertakings 承办.
    #[serde(default)]
    pub undertakings: Vec<UndertakingPlan>,
    /// Deadline 办文期限.
    #[serde(default)]
    pub deadline: Option<String>,
    /// Urging 是否催办; absent where the viewer may not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urge: Option<bool>,
    /// Working days of the pre-reminder 预先提醒; absent where the viewer may not see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre_reminder_days: Option<i64>,
    /// The sender awaits a reply 需要答复.
    #[serde(default)]
    pub reply_required: bool,
    /// Names of the persons, for the page.
    #[serde(
        default,
        skip_deserializing,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub people: BTreeMap<String, String>,
    /// Names of the nodes, for the page.
    #[serde(
        default,
        skip_deserializing,
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub nodes: BTreeMap<String, String>,
}

/// Leaders who instruct.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InstructPlan {
    /// Identities in order.
    #[serde(default)]
    pub identity_ids: Vec<Id>,
    /// `in_order` 依次 or `all` 同时.
    #[serde(default = "in_order")]
    pub mode: String,
}

/// Readers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CirculationPlan {
    /// `all` 同时 or `in_order` 依次.
    #[serde(default = "all")]
    pub mode: String,
    /// Identities in order.
    #[serde(default)]
    pub identity_ids: Vec<Id>,
}

/// One undertaking division or unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UndertakingPlan {
    /// `lead` 主办 or `assist` 协办.
    pub role: String,
    /// Division or subordinate unit.
    pub node_id: Id,
}

impl Default for InstructPlan {
    fn default() -> Self {
        Self {
            identity_ids: Vec::new(),
            mode: in_order(),
        }
    }
}
impl Default for CirculationPlan {
    fn default() -> Self {
        Self {
            mode: all(),
            identity_ids: Vec::new(),
        }
    }
}

fn in_order() -> String {
    "in_order".into()
}
fn all() -> String {
    "all".into()
}

/// Most entries in a list of a plan.
const MAX_TARGETS: usize = 200;

impl Plan {
    /// Rules of form; `today` guards the deadline unless it stays as it was.
    pub fn check(&self, before: Option<&Self>, today: Date) -> Check {
        let mut c = Check::default();
        if !matches!(self.kind.as_str(), "read" | "handle") {
            c.bad("plan.kind", "请选择“阅件”或“办件”");
        }
        c.text(
            "plan.proposed_handling",
            "拟办意见",
            &self.proposed_handling,
            1,
            2000,
        );
        modes(&mut c, "plan.instruct.mode", &self.instruct.mode);
        modes(&mut c, "plan.circulation.mode", &self.circulation.mode);
        once(
            &mut c,
            "plan.instruct.identity_ids",
            "批示领导",
            &self.instruct.identity_ids,
        );
        once(
            &mut c,
            "plan.circulation.identity_ids",
            "传阅人员",
            &self.circulation.identity_ids,
        );
        let nodes: Vec<Id> = self.undertakings.iter().map(|u| u.node_id).collect();
        once(&mut c, "plan.undertakings", "承办部门", &nodes);
        if self
            .undertakings
            .iter()
            .any(|u| !matches!(u.role.as_str(), "lead" | "assist"))
        {
            c.bad("plan.undertakings", "承办部门须注明“主办”或“协办”");
        }
        let leads = self
            .undertakings
            .iter()
            .filter(|u| u.role == "lead")
            .count();
        if self.kind == "handle" && leads == 0 {
            c.bad(
                "plan.undertakings",
                "办件至少要有一个主办部门（条例第二十四条），请选择主办部门",
            );
        }
        if self.kind != "handle" && leads == 0 && !self.undertakings.is_empty() {
            c.bad("plan.undertakings", "有协办部门时须先明确主办部门");
        }
        let nobody = self.instruct.identity_ids.is_empty()
            && self.circulation.identity_ids.is_empty()
            && self.undertakings.is_empty();
        if nobody {
            c.bad(
                "plan.circulation.identity_ids",
                "请至少选择批示领导、传阅人员或承办部门中的一项",
            );
        }
        if let Some(d) = &self.deadline {
            match Date::parse(d) {
                None => c.bad("plan.deadline", "办文期限的日期无效，请按“年-月-日”填写"),
                Some(d)
                    if d < today
                        && before.and_then(|b| b.deadline.as_deref())
                            != self.deadline.as_deref() =>
                {
                    c.bad(
                        "plan.deadline",
                        "办文期限不能早于今天，请改为今天或以后的日期",
                    );
                }
                Some(_) => {}
            }
        }
        if self
            .pre_reminder_days
            .is_some_and(|d| !(0..=60).contains(&d))
        {
            c.bad("plan.pre_reminder_days", "预先提醒期限应为0至60个工作日");
        }
        c
    }

    /// The plan with what a viewer may not see taken out (seed S2: 此标志对承办人不可见).
    pub fn masked(&self, sees_urging: bool) -> Self {
        let mut p = self.clone();
        if !sees_urging {
            p.urge = None;
            p.pre_reminder_days = None;
        }
        p
    }

    /// What the change must not lose: a plan sent back by someone who did not see the urging keeps it.
    pub fn keeping_hidden(mut self, before: Option<&Self>) -> Self {
        self.urge = self
            .urge
            .or_else(|| before.and_then(|b| b.urge))
            .or(Some(true));
        self.pre_reminder_days = self
            .pre_reminder_days
            .or_else(|| before.and_then(|b| b.pre_reminder_days));
        self.people.clear();
        self.nodes.clear();
        self
    }

    /// Everyone named in the plan.
    pub fn identities(&self) -> Vec<Id> {
        self.instruct
            .identity_ids
            .iter()
            .chain(&self.circulation.identity_ids)
            .copied()
            .collect()
    }

    /// Variables that conditions and assignees of the flow read.
    pub fn variables(&self) -> BTreeMap<String, Value> {
        let ids = |list: &[Id]| Value::from(list.iter().map(|i| i.0).collect::<Vec<_>>());
        BTreeMap::from([
            ("kind".into(), Value::from(self.kind.clone())),
            (
                "proposed_handling".into(),
                Value::from(self.proposed_handling.clone()),
            ),
            ("needs_review".into(), Value::from(self.needs_review)),
            ("instruct_ids".into(), ids(&self.instruct.identity_ids)),
            (
                "instruct_mode".into(),
                Value::from(self.instruct.mode.clone()),
            ),
            ("circulate_ids".into(), ids(&self.circulation.identity_ids)),
            (
                "circulate_mode".into(),
                Value::from(self.circulation.mode.clone()),
            ),
            (
                "undertakings".into(),
                Value::from(
                    self.undertakings
                        .iter()
                        .map(UndertakingPlan::item)
                        .collect::<Vec<_>>(),
                ),
            ),
            ("reply_required".into(), Value::from(self.reply_required)),
            ("urge".into(), Value::from(self.urge.unwrap_or(true))),
            (
                "pre_reminder_days".into(),
                Value::from(self.pre_reminder_days),
            ),
        ])
    }
}

impl UndertakingPlan {
    /// The branch item of the flow.
    pub fn item(&self) -> Value {
        json!({"node": self.node_id.0, "role": self.role})
    }
}

fn modes(c: &mut Check, field: &str, mode: &str) {
    if !matches!(mode, "all" | "in_order") {
        c.bad(field, "请选择“同时”或“依次”");
    }
}

fn once(c: &mut Check, field: &str, what: &str, ids: &[Id]) {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != ids.len() {
        c.bad(field, format!("{what}有重复，请去掉重复项"));
    }
    if ids.len() > MAX_TARGETS {
        c.bad(field, format!("{what}最多{MAX_TARGETS}个，请分批办理"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        Plan {
            kind: "handle".into(),
            proposed_handling: "请王市长批示，办公室主办。".into(),
            instruct: InstructPlan {
                identity_ids: vec![Id(1)],
                mode: "all".into(),
            },
            circulation: CirculationPlan {
                mode: "in_order".into(),
                identity_ids: vec![Id(2), Id(3)],
            },
            undertakings: vec![UndertakingPlan {
                role: "lead".into(),
                node_id: Id(9),
            }],
            urge: Some(true),
            pre_reminder_days: Some(2),
            ..Plan::default()
        }
    }
    fn today() -> Date {
        Date::parse("2026-03-02").unwrap()
    }
    fn faults(p: &Plan) -> Vec<String> {
        p.check(None, today())
            .fields
            .into_iter()
            .map(|f| f.field)
            .collect()
    }

    #[test]
    fn a_sound_plan_passes_and_each_fault_names_its_field() {
        assert_eq!(faults(&plan()), Vec::<String>::new());
        let p = Plan {
            kind: "x".into(),
            ..plan()
        };
        assert_eq!(faults(&p), ["plan.kind"]);
        let p = Plan {
            undertakings: vec![],
            ..plan()
        };
        assert_eq!(faults(&p), ["plan.undertakings"]);
        let p = Plan {
            kind: "read".into(),
            undertakings: vec![],
            ..plan()
        };
        assert_eq!(faults(&p), Vec::<String>::new());
        let p = Plan {
            deadline: Some("2026-03-01".into()),
            ..plan()
        };
        assert_eq!(faults(&p), ["plan.deadline"]);
        let mut p = plan();
        p.circulation.identity_ids = vec![Id(2), Id(2)];
        assert_eq!(faults(&p), ["plan.circulation.identity_ids"]);
        let p = Plan {
            pre_reminder_days: Some(61),
            ..plan()
        };
        assert_eq!(faults(&p), ["plan.pre_reminder_days"]);
    }

    #[test]
    fn urging_is_masked_and_survives_an_editor_who_could_not_see_it() {
        let shown = plan().masked(false);
        let text = serde_json::to_string(&shown).unwrap();
        assert!(
            !text.contains("urge") && !text.contains("pre_reminder"),
            "{text}"
        );
        let p = plan();
        let back = shown.keeping_hidden(Some(&p));
        assert_eq!((back.urge, back.pre_reminder_days), (Some(true), Some(2)));
    }
}
