//! The statements of the reads, for tests that look at how an engine carries them out.

use zs_base::{Cursor, Id, Result};
use zs_ctx::Actor;
use zs_db::Query;

use super::book::Period;
use super::filter::{Filter, ListArgs, Viewer};
use super::{ledger, list, register_book};
use crate::perm;

fn period(unit: Id) -> Period {
    Period {
        unit,
        year: None,
        doc_class: None,
        from: None,
        to: None,
    }
}

/// A page of the list.
pub(crate) fn list(
    actor: &Actor,
    sort: &str,
    keyed: bool,
    after: Option<&Cursor>,
) -> Result<Query> {
    let v = Viewer {
        scope: actor.scope(perm::READ)?,
        seats: actor.identities.clone(),
    };
    let args = ListArgs {
        sort: Some(sort.into()),
        ..ListArgs::default()
    };
    let f = Filter::of(args, &v, 0)?;
    list::page_query("explain query plan select ", &f, &v, keyed, after, 21)
}

/// A page of the register book.
pub(crate) fn register_book(unit: Id, after: Option<&Cursor>) -> Result<Query> {
    register_book::page_query("explain query plan ", &period(unit), after, 21)
}

/// A page of the ledger.
pub(crate) fn ledger(unit: Id, after: Option<&Cursor>) -> Result<Query> {
    ledger::page_query("explain query plan ", &period(unit), after, 21)
}
