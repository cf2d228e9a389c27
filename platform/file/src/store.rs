//! Rows of files and of their links.
use zs_base::{Error, Id, Result};
use zs_db::{Query, Row, Tx, Val, statements, vals};

use crate::model::{File, Kind, LinkedFile, Preview, Role};

const COLS: &str = "id, name, size, media_type, kind, sha256, preview_state, preview_note, uploader_person_id, loose_at, frozen_at, preview_sha256";

statements! {
    INSERT = "insert into file (id, name, size, media_type, kind, sha256, uploader_person_id, uploader_identity_id, \
        uploader_unit_id, created_at, loose_at, preview_state, preview_note) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$10,$11,$12)";
    GET = "select id, name, size, media_type, kind, sha256, preview_state, preview_note, uploader_person_id, loose_at, \
        frozen_at, preview_sha256 from file where id = $1";
    LIST = "select f.id, f.name, f.size, f.media_type, f.kind, f.sha256, f.preview_state, f.preview_note, l.role, l.sort \
        from file_link l join file f on f.id = l.file_id where l.subject_kind = $1 and l.subject_id = $2 order by l.sort, f.id";
    SUBJECTS = "select subject_kind, subject_id from file_link where file_id = $1 order by subject_kind, subject_id";
    LINKS = "select file_id, role, linked_at from file_link where subject_kind = $1 and subject_id = $2 order by sort, file_id";
    UNLINK_ALL = "delete from file_link where subject_kind = $1 and subject_id = $2";
    UNLINK = "delete from file_link where subject_kind = $1 and subject_id = $2 and file_id = $3";
    LOOSEN = "update file set loose_at = $2 where id = $1 and loose_at is null \
        and not exists (select 1 from file_link l where l.file_id = file.id)";
    FREEZE = "update file set frozen_at = $3 where frozen_at is null and id in \
        (select file_id from file_link where subject_kind = $1 and subject_id = $2)";
    FROZEN_HASHES = "select f.sha256, f.preview_sha256 from file_link l join file f on f.id = l.file_id \
        where l.subject_kind = $1 and l.subject_id = $2 and f.frozen_at is not null order by l.sort";
    DELETE_LOOSE = "delete from file where id = $1 and loose_at is not null and frozen_at is null";
    STALE_LOOSE = "select id, sha256, preview_sha256 from file where loose_at < $1 and frozen_at is null order by loose_at limit $2";
    IN_USE = "select 1 from file where sha256 = $1 or preview_sha256 = $1 limit 1";
    SET_PREVIEW = "update file set preview_state = $2, preview_sha256 = $3, preview_note = $4 where id = $1 and preview_state = 'pending'";
    READY_OF = "select preview_sha256 from file where sha256 = $1 and preview_state = 'ready' and preview_sha256 is not null limit 1";
    LOST_PREVIEWS = "select id from file where preview_state = 'pending' and created_at < $1 order by id limit 100";
}

/// A row with what the interface does not see.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) file: File,
    pub(crate) uploader: Id,
    pub(crate) loose: bool,
    pub(crate) frozen: bool,
    pub(crate) preview_sha256: Option<String>,
}

/// The first eight columns.
fn file(r: &Row) -> Result<File> {
    Ok(File {
        id: r.get(0)?,
        name: r.get(1)?,
        size: r.get(2)?,
        media_type: r.get(3)?,
        kind: Kind::parse(&r.get::<String>(4)?)?,
        sha256: r.get(5)?,
        preview: Preview::parse(&r.get::<String>(6)?)?,
        preview_note: r.get(7)?,
    })
}

fn stored(r: &Row) -> Result<Stored> {
    Ok(Stored {
        file: file(r)?,
        uploader: r.get(8)?,
        loose: r.get::<Option<i64>>(9)?.is_some(),
        frozen: r.get::<Option<i64>>(10)?.is_some(),
        preview_sha256: r.get(11)?,
    })
}

pub(crate) fn insert(tx: &mut Tx<'_>, f: &File, by: &zs_ctx::Actor) -> Result<()> {
    let now = tx.now();
    tx.exec(
        INSERT,
        vals![
            f.id,
            &f.name,
            f.size,
            &f.media_type,
            f.kind.name(),
            &f.sha256,
            by.person,
            by.identity,
            by.unit,
            now,
            f.preview.name(),
            &f.preview_note
        ],
    )
    .map(drop)
}

pub(crate) fn get(tx: &mut Tx<'_>, id: Id) -> Result<Stored> {
    tx.opt(GET, vals![id])?
        .map_or_else(|| Err(Error::not_found("这个文件")), |r| stored(&r))
}

pub(crate) fn list(tx: &mut Tx<'_>, kind: &str, subject: Id) -> Result<Vec<LinkedFile>> {
    tx.query(LIST, vals![kind, subject])?
        .iter()
        .map(|r| {
            Ok(LinkedFile {
                file: file(r)?,
                role: Role::parse(&r.get::<String>(8)?)?,
                sort: r.get(9)?,
            })
        })
        .collect()
}

pub(crate) fn subjects(tx: &mut Tx<'_>, id: Id) -> Result<Vec<(String, Id)>> {
    tx.query(SUBJECTS, vals![id])?
        .iter()
        .map(|r| Ok((r.get(0)?, r.get(1)?)))
        .collect()
}

/// Links of a subject in order: file, role, since when.
pub(crate) fn links(tx: &mut Tx<'_>, kind: &str, subject: Id) -> Result<Vec<(Id, Role, i64)>> {
    tx.query(LINKS, vals![kind, subject])?
        .iter()
        .map(|r| Ok((r.get(0)?, Role::parse(&r.get::<String>(1)?)?, r.get(2)?)))
        .collect()
}

pub(crate) fn many(tx: &mut Tx<'_>, ids: &[Id]) -> Result<Vec<Stored>> {
    let mut q = Query::new("select ", &[]);
    q.push(COLS, &[]).push(" from file where ", &[]);
    q.push_in("id", ids.iter().map(|i| i.0));
    tx.rows(&q)?.iter().map(stored).collect()
}

/// Takes files out of the loose state; all of them or `Stale` (somebody else linked or swept one).
pub(crate) fn fasten(tx: &mut Tx<'_>, ids: &[Id]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut q = Query::new(
        "update file set loose_at = null where loose_at is not null and ",
        &[],
    );
    q.push_in("id", ids.iter().map(|i| i.0));
    if tx.exec_query(&q)? == u64::try_from(ids.len()).unwrap_or(u64::MAX) {
        Ok(())
    } else {
        Err(zs_base::STALE.err())
    }
}

/// Writes the links of a subject anew, in order.
pub(crate) fn write_links(
    tx: &mut Tx<'_>,
    kind: &str,
    subject: Id,
    links: &[(Id, Role, i64)],
) -> Result<()> {
    tx.exec(UNLINK_ALL, vals![kind, subject])?;
    let mut rows: Vec<Val> = Vec::with_capacity(links.len() * 6);
    for (sort, (id, role, at)) in (0i64..).zip(links) {
        rows.extend([
            Val::from(id),
            kind.into(),
            subject.into(),
            role.name().into(),
            sort.into(),
            (*at).into(),
        ]);
    }
    tx.insert_rows(
        "insert into file_link (file_id, subject_kind, subject_id, role, sort, linked_at) values",
        6,
        &rows,
    )
}
