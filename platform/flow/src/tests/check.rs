//! What must hold after every command.
use std::collections::{BTreeMap, BTreeSet};

use zs_base::Id;
use zs_flowcore::{Instance, SeatOrigin, Status};

use super::kit::Office;
use crate::Loaded;
use crate::project::{Sender, read_row, seat_row};

impl Office {
    /// Rows say what the state says (I8), the events fold to the state (I5), nothing is stranded (I2), the chain holds.
    pub async fn check(&self, instance: Id) {
        let ctx = self.app.system();
        let inner = ctx.clone();
        let people: Vec<Id> = self.people.values().map(|(_, i)| *i).collect();
        ctx.read(move |tx| {
            let l = crate::state(&inner, tx, instance)?;
            let r = crate::replay(&inner, tx, instance)?;
            assert!(r.ok, "{r:?}");
            rows_agree(tx, &l);
            never_stranded(&l.state);
            for p in people {
                let want: BTreeSet<Id> = l
                    .state
                    .open_seats()
                    .filter(|(_, x)| x.kind == zs_flowcore::SeatKind::Todo && x.admits(p.0))
                    .map(|(_, x)| Id(x.id))
                    .collect();
                let page = zs_base::PageArgs {
                    cursor: None,
                    limit: Some(200),
                };
                let have = crate::list_tasks(
                    tx,
                    crate::List::Todo,
                    &[p],
                    &crate::TaskFilter::default(),
                    &page,
                    false,
                )?;
                let have: BTreeSet<Id> = have
                    .items
                    .iter()
                    .filter(|t| t.instance.id == instance)
                    .map(|t| t.task.id)
                    .collect();
                assert_eq!(have, want, "the to-do list of {p:?}");
                let mine: BTreeSet<Id> = crate::open_tasks_for(tx, &[p], instance)?
                    .into_iter()
                    .filter(|t| t.kind == "todo")
                    .map(|t| t.id)
                    .collect();
                assert_eq!(mine, want);
            }
            Ok(())
        })
        .await
        .unwrap();
    }
}

fn rows_agree(tx: &mut zs_db::Tx<'_>, l: &Loaded) {
    let rows = crate::tasks_of(tx, l.row.id).unwrap();
    let mut want = BTreeMap::new();
    let none = Sender {
        identity: None,
        name: String::new(),
    };
    for r in &l.state.rounds {
        for x in r
            .seats
            .iter()
            .filter(|x| !matches!(x.origin, SeatOrigin::Carried(_)))
        {
            want.insert(Id(x.id), seat_row(&l.state, &l.def, r, x, &none).unwrap());
        }
    }
    for i in &l.state.reads {
        want.insert(Id(i.id), read_row(&l.state, &l.def, i, &none));
    }
    assert_eq!(rows.len(), want.len(), "a row for each seat and read item");
    for have in rows {
        let mut w = want.remove(&have.id).unwrap();
        assert!(!have.from_name.is_empty(), "{have:?}");
        w.from_identity = have.from_identity;
        w.from_name.clone_from(&have.from_name);
        w.urged_at = have.urged_at;
        if have.status == "cancelled" {
            w.done_by = have.done_by;
            w.on_behalf_of = have.on_behalf_of;
            w.due_at = have.due_at;
        }
        if have.status != "open" {
            w.due_at = have.due_at;
        }
        assert_eq!(have, w);
    }
    let timers = tx
        .query(
            "select id, round, due_at from flow_timer where instance_id = $1",
            zs_db::vals![l.row.id],
        )
        .unwrap();
    let timers: BTreeSet<(i64, i64, i64)> = timers
        .iter()
        .map(|r| (r.get(0).unwrap(), r.get(1).unwrap(), r.get(2).unwrap()))
        .collect();
    assert_eq!(
        timers,
        l.state
            .timers
            .iter()
            .map(|t| (t.id, t.round, t.at))
            .collect()
    );
    let stray = tx
        .query(
            "select c.task_id from flow_candidate c join flow_task t on t.id = c.task_id \
             where t.instance_id = $1 and t.status not in ('open', 'parked')",
            zs_db::vals![l.row.id],
        )
        .unwrap();
    assert!(stray.is_empty(), "candidates of a closed item");
}

fn never_stranded(s: &Instance) {
    if s.status == Status::Running {
        assert!(
            s.open_seats().next().is_some() || s.stuck().next().is_some(),
            "stranded: running with nothing to do"
        );
    }
}
