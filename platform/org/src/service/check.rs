//! Checks shared by the use cases: form of the input, and who may touch what.
use zs_base::{Error, Field, Id, Result};
use zs_ctx::{Granted, Reach, Scope, WriteTx};
use zs_db::{Query, Tx, vals};

use crate::model::{Identity, Node, Person};
use crate::{read, rule};

/// A unit administrator reaches his own unit and what is below it; for everyone else there is nothing to find.
fn top_of(tx: &mut WriteTx<'_, '_>, g: &Granted) -> Result<Option<Node>> {
    match g.reach() {
        Reach::All => Ok(None),
        Reach::Unit | Reach::UnitTree => {
            let unit = tx.actor()?.unit;
            read::node(tx, unit).map(Some)
        }
        Reach::Own | Reach::Division => Err(Error::not_found("这个机构")),
    }
}

/// The node, if the grant reaches it.
pub(crate) fn guard_node(tx: &mut WriteTx<'_, '_>, g: &Granted, id: Id) -> Result<Node> {
    let n = read::node(tx, id)?;
    match top_of(tx, g)? {
        Some(top) if !n.is_under(&top) => Err(Error::not_found("这个机构")),
        _ => Ok(n),
    }
}
/// The same, and the node is below the administrator's own unit: nobody moves, merges or closes the unit he stands in.
pub(crate) fn guard_below(tx: &mut WriteTx<'_, '_>, g: &Granted, id: Id) -> Result<Node> {
    let n = guard_node(tx, g, id)?;
    match top_of(tx, g)? {
        Some(top) if n.id == top.id => Err(zs_base::FORBIDDEN.with(&[&g.perm().title])),
        _ => Ok(n),
    }
}
/// The identity, if the grant reaches its unit.
pub(crate) fn guard_identity(tx: &mut WriteTx<'_, '_>, g: &Granted, id: Id) -> Result<Identity> {
    let i = read::identity(tx, id)?;
    guard_node(tx, g, i.unit_id).map_err(|_| Error::not_found("这个身份"))?;
    Ok(i)
}
/// The person, if the grant reaches one of the identities.
pub(crate) fn guard_person(tx: &mut WriteTx<'_, '_>, g: &Granted, id: Id) -> Result<Person> {
    let p = read::person(tx, id)?;
    if let Some(top) = top_of(tx, g)?
        && !person_in_reach(tx, id, &top)?
    {
        return Err(Error::not_found("这名人员"));
    }
    Ok(p)
}
/// Has the person an identity at or below `top` (for people who left, also an ended one)?
pub(crate) fn person_in_reach(tx: &mut Tx<'_>, person: Id, top: &Node) -> Result<bool> {
    let q = Query::new(
        "select count(*) from org_identity i join org_person p on p.id = i.person_id join org_node n on n.id = i.unit_id \
         where p.id = ? and n.path like ? and (i.status = 'active' or p.status = 'left')",
        vals![person, read::subtree_pattern(&top.path)],
    );
    Ok(tx.count(&q)? > 0)
}
/// Has the person an active identity that the grant does not reach?
pub(crate) fn guard_whole_person(tx: &mut WriteTx<'_, '_>, g: &Granted, id: Id) -> Result<Person> {
    let p = guard_person(tx, g, id)?;
    if let Some(top) = top_of(tx, g)? {
        for i in read::identities_of_person(tx, id)? {
            if !read::node(tx, i.unit_id)?.is_under(&top) {
                return Err(crate::code::PERSON_ELSEWHERE.with(&[&p.name]));
            }
        }
    }
    Ok(p)
}

/// Not found unless the scope of a reader holds the node.
pub(crate) fn node_in_scope(tx: &mut Tx<'_>, scope: &Scope, node: Id, what: &str) -> Result<()> {
    let seen = match scope.reach {
        Reach::All => true,
        Reach::Unit | Reach::UnitTree => read::is_under(tx, node, scope.unit)?,
        Reach::Own | Reach::Division => false,
    };
    match seen {
        true => Ok(()),
        false => Err(Error::not_found(what)),
    }
}
/// Not found unless the scope of a reader holds the person.
pub(crate) fn in_scope(tx: &mut Tx<'_>, scope: &Scope, person: Id) -> Result<()> {
    let seen = match scope.reach {
        Reach::All => true,
        Reach::Unit | Reach::UnitTree => {
            let top = read::node(tx, scope.unit)?;
            person_in_reach(tx, person, &top)?
        }
        Reach::Own | Reach::Division => false,
    };
    match seen {
        true => Ok(()),
        false => Err(Error::not_found("这名人员")),
    }
}

/// Serialises structural changes: on PostgreSQL the row lock holds until the commit, so that two moves cannot make a
/// cycle between them.
pub(crate) fn lock_tree(tx: &mut Tx<'_>) -> Result<()> {
    tx.exec(
        "update org_tree set version = version + 1 where id = 1",
        &[],
    )
    .map(drop)
}

/// Trims and checks texts; all faults at once.
#[derive(Default)]
pub(crate) struct Form(Vec<Field>);

impl Form {
    pub(crate) fn text(
        &mut self,
        field: &str,
        title: &str,
        value: &str,
        longest: usize,
        required: bool,
    ) -> String {
        match rule::text(title, value, longest, required) {
            Ok(v) => v,
            Err(message) => {
                self.fault(field, message);
                String::new()
            }
        }
    }
    pub(crate) fn check(&mut self, field: &str, result: Result<(), String>) {
        if let Err(message) = result {
            self.fault(field, message);
        }
    }
    fn fault(&mut self, field: &str, message: String) {
        self.0.push(Field {
            field: field.to_owned(),
            message,
        });
    }
    pub(crate) fn done(self) -> Result<()> {
        Error::fields(self.0)
    }
}
