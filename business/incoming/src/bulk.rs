//! Whole documents as rows, for filling a demonstration or a measurement; the flow's own rows are [`zs_flow::bulk`]'s.
//! Copies are faithful: [`crate::rebuild`] gives the same derived rows.

use zs_db::Stmt;
use zs_flow::bulk::Table;
use zs_flow::bulk_table;

const DOC: Table = bulk_table!(
    "incoming_doc", "where id = $1",
    "id" Int, "unit_id" Int, "division_id" Int, "instance_id" Int, "year" Int, "doc_class" Text, "serial" Int,
    "serial_no" Text, "status" Text, "source" Text, "sender" Text, "sender_key" Text, "sender_rank" Text, "title" Text,
    "title_key" Text, "doc_number" Text, "doc_number_key" Text, "secrecy" Text, "paper_only" Bool, "urgency" Text,
    "genre" Text, "class_code" Text, "subject_terms" Text, "doc_date" Text, "received_date" Text, "copies" Int,
    "pages" Int, "summary" Text, "remark" Text, "kind" Text, "plan" Text, "deadline" Text, "urge" Bool,
    "pre_reminder_days" Int, "urge_count" Int, "stage_text" Text, "reply_text" Text, "replied_date" Text,
    "handling_result" Text, "fonds_note" Text, "retention" Text, "digest" Text, "reject_reason" Text, "void_reason" Text,
    "signed_in_by" Int, "signed_in_name" Text, "signed_in_at" Int, "registered_by" Int, "registered_name" Text,
    "registered_at" Int, "completed_at" Int, "archived_at" Int, "has_files" Bool, "version" Int, "updated_at" Int,
);
const PLAN: Table = bulk_table!(
    "incoming_plan", "where doc_id = $1 order by revision",
    "doc_id" Int, "revision" Int, "plan" Text, "step" Text, "step_title" Text, "identity_id" Int, "name" Text, "at" Int,
);
const PARTICIPANT: Table = bulk_table!(
    "incoming_participant", "where doc_id = $1 order by identity_id",
    "doc_id" Int, "identity_id" Int, "first_at" Int, "visible_status" Text, "sees_end" Bool,
    "sees_plan" Bool,
);
const UNDERTAKING: Table = bulk_table!(
    "incoming_undertaking", "where doc_id = $1 order by ord",
    "doc_id" Int, "ord" Int, "node_id" Int, "node_name" Text, "role" Text, "liaison_id" Int, "liaison" Text,
    "head_id" Int, "head" Text, "head_opinion" Text, "undertaker_id" Int, "undertaker" Text, "result" Text,
    "done_at" Int, "state" Text,
);
const CIRCULATION: Table = bulk_table!(
    "incoming_circulation", "where doc_id = $1 order by ord",
    "doc_id" Int, "ord" Int, "identity_id" Int, "name" Text, "post" Text, "division" Text, "sent_at" Int,
    "read_at" Int, "opinion" Text, "passed_on_by" Int, "passed_on_name" Text,
);
const LEDGER: Table = bulk_table!(
    "incoming_ledger", "where doc_id = $1",
    "doc_id" Int, "unit_id" Int, "year" Int, "signed_in_at" Int, "state" Text, "sign_in_mark" Text, "sign_in_by" Text,
    "sign_in_on" Text, "entry_mark" Text, "entry_by" Text, "entry_on" Text, "proposal_mark" Text, "proposed_by" Text,
    "proposed_on" Text, "proposed_handling" Text, "deadline" Text, "urged" Text, "urged_on" Text, "pre_reminder" Text,
    "instruct_needed" Text, "instructed_by" Text, "instructed_on" Text, "instruction" Text, "circulated" Text,
    "circulated_leaders" Text, "circulated_divisions" Text, "circulation_complete" Text, "undertaken" Text,
    "undertaking_unit" Text, "assisted" Text, "assist_units" Text, "undertaking_opinion" Text, "handling_result" Text,
    "urge_count" Text,
);
const PACKAGE: Table = bulk_table!(
    "incoming_package", "where doc_id = $1",
    "doc_id" Int, "package" Text, "digest" Text, "made_at" Int, "made_by" Int,
);

/// The tables of a document, in the order in which they are written; `$1` of each is the document.
pub const TABLES: &[Table] = &[
    DOC,
    PLAN,
    PARTICIPANT,
    UNDERTAKING,
    CIRCULATION,
    LEDGER,
    PACKAGE,
];

/// Every constant statement of the copies.
pub(crate) const SELECTS: &[Stmt] = &[
    DOC.select,
    PLAN.select,
    PARTICIPANT.select,
    UNDERTAKING.select,
    CIRCULATION.select,
    LEDGER.select,
    PACKAGE.select,
];
