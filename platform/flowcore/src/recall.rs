//! 撤回: the starter takes the whole instance back to draft.

use crate::open::Opening;
use crate::work::{Res, Work};
use crate::{
    Actor, Compiled, EventKind, Instance, RecallPolicy, Refusal, RoundOrigin, RoundStatus,
};

/// May the starter take the whole instance back?
pub(crate) fn recall(c: &Compiled, s: &Instance, actor: &Actor) -> Res<()> {
    if actor.identity != s.starter {
        return Err(Refusal::new("starter_only", "只有发起人可以撤回。"));
    }
    let Some(start) = c.start() else {
        return Err(Refusal::new("recall_off", "本流程不能撤回。"));
    };
    if s.open_rounds().any(|r| r.step == start.id && r.scope == 1) {
        return Err(Refusal::new("still_open", "事项已在发起人手中,无需撤回。"));
    }
    match c.definition().settings.recall {
        RecallPolicy::Never => Err(Refusal::new(
            "recall_off",
            "本流程不能撤回,请联系办理人退回。",
        )),
        RecallPolicy::AnyTime => Ok(()),
        RecallPolicy::BeforeActed => {
            let since = s
                .rounds
                .iter()
                .rev()
                .find(|r| r.step == start.id && r.status == RoundStatus::Done)
                .map_or(0, |r| r.id);
            let touched = s
                .rounds
                .iter()
                .filter(|r| r.id > since)
                .flat_map(|r| &r.seats)
                .any(|x| x.by.is_some());
            if touched {
                Err(Refusal::new(
                    "successor_acted",
                    "已有人办理,不能撤回;请联系办理人退回。",
                ))
            } else {
                Ok(())
            }
        }
    }
}

impl Work<'_> {
    pub fn recall(&mut self, reason: Option<&str>) -> Res<()> {
        let Some(start) = self.c.start() else {
            return Ok(());
        };
        let before = self
            .s
            .rounds
            .iter()
            .rev()
            .find(|r| r.step == start.id)
            .map(|r| r.id);
        self.cancel_token(1, "发起人已撤回");
        self.emit(EventKind::Withdrawn {
            round: None,
            seat: None,
            reason: reason.map(str::to_owned),
        });
        let mut o = Opening::flow(1, Vec::new());
        o.redo_of = before;
        o.origin = RoundOrigin::Recall;
        self.open(start, o).map(|_| ())
    }
}
