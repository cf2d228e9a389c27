//! Rows of the document itself: `incoming_doc`, its plans and its handwriting.

use serde_json::json;
use zs_base::{Error, Id, Result};
use zs_ctx::{Granted, WriteTx};
use zs_db::{Query, Tx, vals};

use crate::ink::Ink;
use crate::model::{Attributes, DOC_COLUMNS, Doc};
use crate::plan::Plan;
use crate::rule::key_of;

zs_db::statements! {
    INSERT = "insert into incoming_doc (id, unit_id, division_id, instance_id, year, status, doc_class, source, sender, \
        sender_key, sender_rank, title, title_key, doc_number, doc_number_key, secrecy, paper_only, urgency, received_date, \
        copies, remark, urge, urge_count, stage_text, signed_in_by, signed_in_name, signed_in_at, has_files, version, \
        updated_at) values ($1, $2, $3, $4, $5, 'active', $6, $7, $8, $9, $10, $11, $12, $13, $14, 'none', $15, $16, $17, \
        $18, $19, $20, 0, '', $21, $22, $23, $24, 1, $23)";
    ATTRIBUTES = "update incoming_doc set doc_class = $2, source = $3, sender = $4, sender_key = $5, sender_rank = $6, \
        title = $7, title_key = $8, doc_number = $9, doc_number_key = $10, secrecy = $11, paper_only = $12, urgency = $13, \
        genre = $14, class_code = $15, subject_terms = $16, doc_date = $17, received_date = $18, copies = $19, pages = $20, \
        summary = $21, remark = $22, has_files = $23, updated_at = $24 where id = $1";
    REGISTERED = "update incoming_doc set serial = $2, serial_no = $3, year = $4, registered_by = $5, registered_name = $6, \
        registered_at = $7 where id = $1";
    BUMP = "update incoming_doc set version = version + 1, updated_at = $2 where id = $1 returning version";
    BUMP_IF = "update incoming_doc set version = version + 1, updated_at = $3 where id = $1 and version = $2 returning version";
    PLAN = "update incoming_doc set plan = $2, kind = $3, urge = $4, pre_reminder_days = $5, deadline = $6 where id = $1";
    PLAN_REVISION = "insert into incoming_plan (doc_id, revision, plan, step, step_title, identity_id, name, at) \
        select $1, coalesce(max(revision), 0) + 1, $2, $3, $4, $5, $6, $7 from incoming_plan where doc_id = $1";
    PLAN_REVISIONS = "select plan, step_title, name, at, identity_id from incoming_plan where doc_id = $1 order by revision";
    REPLY = "update incoming_doc set reply_text = $2, replied_date = $3 where id = $1";
    RESULT = "update incoming_doc set handling_result = $2 where id = $1";
    ARCHIVED = "update incoming_doc set retention = $2, fonds_note = $3, digest = $4 where id = $1";
    REJECTED = "update incoming_doc set reject_reason = $2 where id = $1";
    VOIDED = "update incoming_doc set void_reason = $2 where id = $1";
    PUT_INK = "insert into incoming_ink (seat_id, doc_id, identity_id, ink, digest, at) values ($1, $2, $3, $4, $5, $6) \
        on conflict (seat_id) do update set ink = excluded.ink, digest = excluded.digest, at = excluded.at";
    INKS = "select seat_id, ink from incoming_ink where doc_id = $1 order by seat_id";
    PUT_PACKAGE = "insert into incoming_package (doc_id, package, digest, made_at, made_by) values ($1, $2, $3, $4, $5)";
    PACKAGE = "select package from incoming_package where doc_id = $1";
    SENDERS = "select sender from (select sender, max(id) as last from incoming_doc where unit_id = $1 group by sender) s \
        order by last desc limit 20";
}

/// A document, if there is one.
pub fn doc_opt(tx: &mut Tx<'_>, id: Id) -> Result<Option<Doc>> {
    let mut q = Query::new("select ", &[]);
    q.push(DOC_COLUMNS, &[])
        .push(" from incoming_doc where id = ?", vals![id]);
    tx.rows(&q)?.first().map(Doc::from_row).transpose()
}

/// A document; not found otherwise.
pub fn doc(tx: &mut Tx<'_>, id: Id) -> Result<Doc> {
    doc_opt(tx, id)?.ok_or_else(|| Error::not_found("这份收文"))
}

/// Writes a document just signed in.
pub fn insert(tx: &mut WriteTx<'_, '_>, _: &Granted, d: &Doc) -> Result<()> {
    let a = &d.attrs;
    tx.exec(
        INSERT,
        vals![
            d.id,
            d.unit_id,
            d.division_id,
            d.instance_id,
            d.year,
            &a.doc_class,
            &a.source,
            &a.sender,
            key_of(&a.sender),
            &a.sender_rank,
            &a.title,
            key_of(&a.title),
            &a.doc_number,
            a.doc_number.as_deref().map(key_of),
            a.paper_only,
            &a.urgency,
            &a.received_date,
            a.copies,
            &a.remark,
            true,
            d.signed_in_by,
            &d.signed_in_name,
            d.signed_in_at,
            d.has_files
        ],
    )?;
    tx.touch(
        "incoming_doc",
        d.id,
        json!({"signed_in": true, "doc_class": a.doc_class, "source": a.source}),
    )
}

/// Writes the attributes.
pub fn set_attributes(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    id: Id,
    a: &Attributes,
    has_files: bool,
) -> Result<()> {
    let now = tx.now();
    tx.exec_one(
        ATTRIBUTES,
        vals![
            id,
            &a.doc_class,
            &a.source,
            &a.sender,
            key_of(&a.sender),
            &a.sender_rank,
            &a.title,
            key_of(&a.title),
            &a.doc_number,
            a.doc_number.as_deref().map(key_of),
            &a.secrecy,
            a.paper_only,
            &a.urgency,
            &a.genre,
            &a.class_code,
            &a.subject_terms,
            &a.doc_date,
            &a.received_date,
            a.copies,
            a.pages,
            &a.summary,
            &a.remark,
            has_files,
            now
        ],
    )
}

/// Writes the registration: number, clerk, time.
pub fn set_registered(tx: &mut WriteTx<'_, '_>, _: &Granted, d: &Doc) -> Result<()> {
    tx.exec_one(
        REGISTERED,
        vals![
            d.id,
            d.serial,
            &d.serial_no,
            d.year,
            d.registered_by,
            &d.registered_name,
            d.registered_at
        ],
    )
}

/// Writes the plan in force and keeps it as a revision. `deadline` is the one in force, given or computed.
pub fn set_plan(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    id: Id,
    plan: &Plan,
    deadline: Option<&str>,
) -> Result<()> {
    let text = serde_json::to_string(plan).map_err(Error::internal)?;
    tx.exec_one(
        PLAN,
        vals![
            id,
            text,
            &plan.kind,
            plan.urge.unwrap_or(true),
            plan.pre_reminder_days,
            deadline
        ],
    )
}

/// Who wrote a plan, and where.
#[derive(Clone, Debug)]
pub struct PlanBy<'a> {
    /// Step.
    pub step: &'a str,
    /// Its title.
    pub step_title: &'a str,
    /// Identity.
    pub identity: Id,
    /// Name.
    pub name: &'a str,
}

/// Keeps a plan as a revision: nothing that was proposed is ever lost (seed S2: 审阅).
pub fn keep_plan(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    id: Id,
    plan: &Plan,
    by: &PlanBy<'_>,
) -> Result<()> {
    let text = serde_json::to_string(plan).map_err(Error::internal)?;
    let now = tx.now();
    tx.exec(
        PLAN_REVISION,
        vals![id, text, by.step, by.step_title, by.identity, by.name, now],
    )
    .map(drop)
}

/// A plan as it once was.
#[derive(Clone, Debug)]
pub struct PlanRevision {
    /// The plan.
    pub plan: Plan,
    /// Step at which it was written.
    pub step_title: String,
    /// Who wrote it.
    pub name: String,
    /// When.
    pub at: i64,
    /// Identity.
    pub identity: Id,
}

/// All plans in order.
pub fn plan_revisions(tx: &mut Tx<'_>, id: Id) -> Result<Vec<PlanRevision>> {
    tx.query(PLAN_REVISIONS, vals![id])?
        .iter()
        .map(|r| {
            let mut c = r.cols();
            Ok(PlanRevision {
                plan: c.json()?,
                step_title: c.next()?,
                name: c.next()?,
                at: c.next()?,
                identity: c.next()?,
            })
        })
        .collect()
}

/// The next version; with `seen` only if the page saw the current one.
pub fn bump(tx: &mut WriteTx<'_, '_>, _: &Granted, id: Id, seen: Option<i64>) -> Result<i64> {
    let now = tx.now();
    let row = match seen {
        Some(v) => tx.opt(BUMP_IF, vals![id, v, now])?,
        None => tx.opt(BUMP, vals![id, now])?,
    };
    row.ok_or_else(|| zs_base::STALE.err())?.get(0)
}

/// Writes the reply 答复.
pub fn set_reply(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    id: Id,
    text: &str,
    date: &str,
) -> Result<()> {
    tx.exec_one(REPLY, vals![id, text, date])
}

/// Writes the handling result 办理结果.
pub fn set_result(tx: &mut WriteTx<'_, '_>, _: &Granted, id: Id, text: &str) -> Result<()> {
    tx.exec_one(RESULT, vals![id, text])
}

/// Writes what filing adds.
pub fn set_archived(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    id: Id,
    retention: &str,
    note: Option<&str>,
    digest: &str,
) -> Result<()> {
    tx.exec_one(ARCHIVED, vals![id, retention, note, digest])
}

/// Writes why it was sent back to the sender.
pub fn set_rejected(tx: &mut WriteTx<'_, '_>, _: &Granted, id: Id, reason: &str) -> Result<()> {
    tx.exec_one(REJECTED, vals![id, reason])
}

/// Writes why it is void.
pub fn set_voided(tx: &mut WriteTx<'_, '_>, _: &Granted, id: Id, reason: &str) -> Result<()> {
    tx.exec_one(VOIDED, vals![id, reason])
}

/// Keeps handwriting with the seat at which it was written.
pub fn put_ink(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    doc: Id,
    seat: Id,
    identity: Id,
    ink: &Ink,
) -> Result<()> {
    let text = serde_json::to_string(ink).map_err(Error::internal)?;
    let (digest, now) = (crate::digest::sm3_hex(text.as_bytes()), tx.now());
    tx.exec(PUT_INK, vals![seat, doc, identity, text, digest, now])
        .map(drop)
}

/// Handwriting of a document by seat.
pub fn inks(tx: &mut Tx<'_>, doc: Id) -> Result<Vec<(i64, Ink)>> {
    tx.query(INKS, vals![doc])?
        .iter()
        .map(|r| Ok((r.get(0)?, r.json(1)?)))
        .collect()
}

/// Keeps the archive package.
pub fn put_package(
    tx: &mut WriteTx<'_, '_>,
    _: &Granted,
    doc: Id,
    text: &str,
    digest: &str,
    by: Id,
) -> Result<()> {
    let now = tx.now();
    tx.exec(PUT_PACKAGE, vals![doc, text, digest, now, by])
        .map(drop)
}

/// The archive package, if the document was filed.
pub fn package(tx: &mut Tx<'_>, doc: Id) -> Result<Option<String>> {
    tx.opt(PACKAGE, vals![doc])?.map(|r| r.get(0)).transpose()
}

/// Senders used lately in a unit, the last first.
pub fn recent_senders(tx: &mut Tx<'_>, unit: Id) -> Result<Vec<String>> {
    tx.query(SENDERS, vals![unit])?
        .iter()
        .map(|r| r.get(0))
        .collect()
}

/// A document with the same number from the same sender.
#[derive(Clone, Debug)]
pub struct Twin {
    /// Id.
    pub id: Id,
    /// Serial number.
    pub serial_no: Option<String>,
    /// Title.
    pub title: String,
    /// Received.
    pub received_date: String,
    /// Registered by.
    pub registered_by: Option<String>,
}

/// Documents of a unit with this number (and sender, if given), void ones and `except` left out.
pub fn twins(
    tx: &mut Tx<'_>,
    unit: Id,
    number: &str,
    sender: Option<&str>,
    except: Option<Id>,
) -> Result<Vec<Twin>> {
    let key = key_of(number);
    if key.is_empty() {
        return Ok(Vec::new());
    }
    let mut q = Query::new(
        "select id, serial_no, title, received_date, coalesce(registered_name, signed_in_name) from incoming_doc \
         where unit_id = ? and doc_number_key = ? and status <> 'void'",
        vals![unit, key],
    );
    q.and_opt("sender_key = ?", sender.map(key_of))
        .and_opt("id <> ?", except)
        .push(" order by id desc limit 20", &[]);
    tx.rows(&q)?
        .iter()
        .map(|r| {
            let mut c = r.cols();
            Ok(Twin {
                id: c.next()?,
                serial_no: c.next()?,
                title: c.next()?,
                received_date: c.next()?,
                registered_by: c.next()?,
            })
        })
        .collect()
}
