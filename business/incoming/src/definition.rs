//! The flow of incoming documents 收文流程 `incoming.standard`: the ten stages of seed S2 and the seven of 条例 art. 24.
//! A unit may publish another one; services find their step by its `stage`, never by its id.

use serde_json::Value;
use zs_flowcore::{
    Acts, Cond, Decision, Definition, Effect, EmptyPolicy, HowMany, Link, Overdue, RecallPolicy,
    Settings, Step, StepKind, UnitRef, Who,
};

/// Key of the definition.
pub const KEY: &str = "incoming.standard";

/// Stages of steps: the name of the act that completes them.
pub mod stage {
    /// 签收.
    pub const SIGN_IN: &str = "sign_in";
    /// 登记.
    pub const REGISTER: &str = "register";
    /// 初审.
    pub const PRELIMINARY_REVIEW: &str = "preliminary_review";
    /// 拟办.
    pub const PROPOSE: &str = "propose";
    /// 审阅.
    pub const REVIEW: &str = "review";
    /// 批示.
    pub const INSTRUCT: &str = "instruct";
    /// 分发.
    pub const DISPATCH: &str = "dispatch";
    /// 传阅.
    pub const CIRCULATION_READ: &str = "circulation_read";
    /// 转送 by the liaison.
    pub const LIAISON_FORWARD: &str = "liaison_forward";
    /// 分办 by the head.
    pub const ASSIGN: &str = "assign";
    /// 承办.
    pub const UNDERTAKE: &str = "undertake";
    /// 答复.
    pub const REPLY: &str = "reply";
    /// 办结.
    pub const COMPLETE: &str = "complete";
    /// 归档.
    pub const ARCHIVE: &str = "archive";
}

/// Chinese title of a stage.
pub fn stage_title(stage: &str) -> &str {
    match stage {
        stage::SIGN_IN => "签收",
        stage::REGISTER => "登记",
        stage::PRELIMINARY_REVIEW => "初审",
        stage::PROPOSE => "拟办",
        stage::REVIEW => "审阅",
        stage::INSTRUCT => "批示",
        stage::DISPATCH => "分发",
        stage::CIRCULATION_READ => "传阅",
        stage::LIAISON_FORWARD => "转送",
        stage::ASSIGN => "分办",
        stage::UNDERTAKE => "承办",
        stage::REPLY => "答复",
        stage::COMPLETE => "办结",
        stage::ARCHIVE => "归档",
        other => other,
    }
}

fn role(role: &str) -> Who {
    Who::Role {
        role: role.into(),
        unit: UnitRef::OfSubject,
    }
}
fn truthy(name: &str) -> Cond {
    Cond::VarTruthy(name.into())
}
fn is(name: &str, value: &str) -> Cond {
    Cond::VarEq(name.into(), Value::from(value))
}
fn never() -> Cond {
    Cond::Not(Box::new(Cond::Always))
}
fn lead() -> Cond {
    is("item.role", "lead")
}

fn task(id: &str, title: &str, stage: &str, who: Who) -> Step {
    Step {
        id: id.into(),
        title: title.into(),
        stage: stage.into(),
        who,
        acts: Acts {
            may_add_signer: false,
            may_help: false,
            ..Acts::default()
        },
        ..Step::default()
    }
}
fn gate(id: &str, title: &str, kind: StepKind) -> Step {
    Step {
        id: id.into(),
        title: title.into(),
        kind,
        ..Step::default()
    }
}
fn link(from: &str, to: &str) -> Link {
    Link {
        from: from.into(),
        to: to.into(),
        when: Cond::Always,
    }
}
fn link_if(from: &str, to: &str, when: Cond) -> Link {
    Link {
        from: from.into(),
        to: to.into(),
        when,
    }
}

/// A step within an undertaking: its limit and urging concern only the lead (seed S2: 只催主办人).
fn undertaking(mut s: Step) -> Step {
    s.limit_from = Some("urge_due_at".into());
    s.limit_when = Some(lead());
    s.pre_remind_from = Some("pre_remind_at".into());
    s.overdue = Overdue {
        every_days: Some(1),
        times: 5,
        ..Overdue::default()
    };
    s.remind_also = vec![Who::HandlerOf("propose".into())];
    s.urge_when = Some(lead());
    s
}

fn instruct(id: &str, how_many: HowMany) -> Step {
    let mut s = task(
        id,
        "批示",
        stage::INSTRUCT,
        Who::FormField("instruct_ids".into()),
    );
    s.how_many = how_many;
    s.urge_when = Some(never());
    s.empty = EmptyPolicy::Pass;
    s.acts.may_circulate = true;
    s
}

fn circulate(id: &str, how_many: HowMany) -> Step {
    let mut s = task(
        id,
        "传阅",
        stage::CIRCULATION_READ,
        Who::FormField("circulate_ids".into()),
    );
    s.how_many = how_many;
    s.urge_when = Some(never());
    s.empty = EmptyPolicy::Pass;
    s.acts.reading = true;
    s.acts.may_return = false;
    s.acts.may_transfer = false;
    s
}

fn steps() -> Vec<Step> {
    let mut sign_in = task("sign_in", "签收", stage::SIGN_IN, Who::Starter);
    sign_in.kind = StepKind::Start;
    let mut register = task("register", "登记", stage::REGISTER, role("registry"));
    register.acts.may_return = false;
    let mut preliminary = task(
        "preliminary_review",
        "初审",
        stage::PRELIMINARY_REVIEW,
        role("secretary"),
    );
    preliminary.decisions = vec![
        decision("pass", "通过", Effect::Go),
        decision("reject", "退文", Effect::End("rejected".into())),
    ];
    let mut assign = undertaking(task(
        "assign",
        "分办",
        stage::ASSIGN,
        Who::UnitHead(UnitRef::FormField("item.node".into())),
    ));
    assign.decisions = vec![
        decision("hand_on", "交办", Effect::Go),
        decision("handle_self", "自办", Effect::Go),
    ];
    let liaison = Who::Role {
        role: "liaison".into(),
        unit: UnitRef::FormField("item.node".into()),
    };
    let mut forward = undertaking(task(
        "liaison_forward",
        "转送",
        stage::LIAISON_FORWARD,
        liaison,
    ));
    forward.empty = EmptyPolicy::Pass;
    let chosen = Who::ChosenByPrevious { among: None };
    let drafter = || Who::HandlerOf("propose".into());
    let mut archive = task("archive", "归档", stage::ARCHIVE, role("registry"));
    archive.acts.may_withdraw = false;
    vec![
        sign_in,
        register,
        preliminary,
        task("propose", "拟办", stage::PROPOSE, role("secretary")),
        task("review", "审阅", stage::REVIEW, role("office_head")),
        instruct("instruct_in_order", HowMany::Sequential),
        instruct("instruct_all", HowMany::AllSign),
        task("dispatch", "分发", stage::DISPATCH, drafter()),
        gate("handling", "办理", StepKind::Fork),
        circulate("circulate_in_order", HowMany::Sequential),
        circulate("circulate_all", HowMany::AllSign),
        gate(
            "undertakings",
            "承办",
            StepKind::Each {
                over: "undertakings".into(),
                item: "item".into(),
                body_start: "liaison_forward".into(),
                body_end: "undertaken".into(),
            },
        ),
        forward,
        assign,
        undertaking(task("undertake", "承办", stage::UNDERTAKE, chosen)),
        gate("undertaken", "承办完毕", StepKind::Exclusive),
        gate("handled", "办理完毕", StepKind::Join),
        task("reply", "答复", stage::REPLY, drafter()),
        task("complete", "办结", stage::COMPLETE, drafter()),
        archive,
        gate(
            "end",
            "结束",
            StepKind::End {
                outcome: "archived".into(),
            },
        ),
    ]
}

fn decision(name: &str, title: &str, effect: Effect) -> Decision {
    Decision {
        name: name.into(),
        title: title.into(),
        ballot: zs_flowcore::Ballot::Agree,
        effect,
    }
}

fn links() -> Vec<Link> {
    let instructing = |mode| Cond::And(vec![truthy("instruct_ids"), is("instruct_mode", mode)]);
    let reading = |mode| Cond::And(vec![truthy("circulate_ids"), is("circulate_mode", mode)]);
    vec![
        link("sign_in", "register"),
        link_if(
            "register",
            "preliminary_review",
            truthy("preliminary_review"),
        ),
        link("register", "propose"),
        link("preliminary_review", "propose"),
        link_if("propose", "review", truthy("needs_review")),
        link_if("propose", "instruct_in_order", instructing("in_order")),
        link_if("propose", "instruct_all", instructing("all")),
        link("propose", "handling"),
        link_if("review", "instruct_in_order", instructing("in_order")),
        link_if("review", "instruct_all", instructing("all")),
        link("review", "dispatch"),
        link("instruct_in_order", "dispatch"),
        link("instruct_all", "dispatch"),
        link("dispatch", "handling"),
        link_if("handling", "circulate_in_order", reading("in_order")),
        link_if("handling", "circulate_all", reading("all")),
        link("handling", "undertakings"),
        link("circulate_in_order", "handled"),
        link("circulate_all", "handled"),
        link("liaison_forward", "assign"),
        link_if("assign", "undertaken", Cond::Decision("handle_self".into())),
        link("assign", "undertake"),
        link("undertake", "undertaken"),
        link("undertakings", "handled"),
        link_if("handled", "reply", truthy("reply_required")),
        link("handled", "complete"),
        link("reply", "complete"),
        link("complete", "archive"),
        link("archive", "end"),
    ]
}

/// The shipped definition.
pub fn standard() -> Definition {
    Definition {
        key: KEY.into(),
        version: 1,
        title: "收文办理".into(),
        steps: steps(),
        links: links(),
        settings: Settings {
            recall: RecallPolicy::Never,
            starter_may_terminate: false,
            readers_see_downstream: false,
            ..Settings::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_flow_compiles_and_names_every_stage() {
        let c = standard().compile().unwrap();
        for s in c
            .definition()
            .steps
            .iter()
            .filter(|s| matches!(s.kind, StepKind::Task | StepKind::Start))
        {
            assert_ne!(stage_title(&s.stage), s.stage, "{} has a known stage", s.id);
        }
        assert_eq!(
            c.join_of("handling").map(|s| s.id.as_str()),
            Some("handled")
        );
        assert_eq!(c.region("undertake"), Some("undertakings"));
    }
}
