//! Old records replay under new code: a stored event log gives the stored state and hash.

use super::kit::*;
use crate::*;

const LOG: &str = include_str!("golden/log.json");
const STATE: &str = include_str!("golden/state.json");

/// Re-records the files of this test: `ZS_BLESS=1`. Only additions are allowed; a changed meaning of an old event is a fault.
fn bless() {
    let mut r = started_with(
        forked().with("b", |s| s.limit_days = Some(7)),
        serde_json::json!({"urgency": "urgent"}),
    );
    agree(&mut r, 1);
    let seat = r.seat_id(2);
    ok(
        &mut r,
        2,
        Act::Transfer {
            seat,
            to: 20,
            opinion: Some("请办".into()),
        },
    );
    let seat = r.seat_id(20);
    ok(
        &mut r,
        20,
        Act::AssignHelp {
            seat,
            to: 21,
            note: Some("请提意见".into()),
        },
    );
    agree(&mut r, 21);
    agree(&mut r, 20);
    back(&mut r, 22, "b", Then::StraightBack);
    agree(&mut r, 20);
    let seat = r.seat_id(3);
    ok(
        &mut r,
        3,
        Act::Circulate {
            from: CirculateFrom::Seat(seat),
            to: vec![31, 32],
            note: None,
            again: false,
        },
    );
    let item = r.s.reads[0].id;
    ok(
        &mut r,
        31,
        Act::Read {
            item,
            opinion: None,
        },
    );
    agree(&mut r, 3);
    take_back(&mut r, 3);
    agree(&mut r, 3);
    ok(&mut r, 9, Act::Urge { note: None });
    agree(&mut r, 22);
    back(&mut r, 4, "b2", Then::Rerun);
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/golden");
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(
        format!("{dir}/log.json"),
        serde_json::to_string_pretty(&r.log).unwrap() + "\n",
    )
    .unwrap();
    std::fs::write(
        format!("{dir}/state.json"),
        serde_json::to_string_pretty(&r.s).unwrap() + "\n",
    )
    .unwrap();
}

#[test]
fn stored_events_replay_to_the_stored_state() {
    if std::env::var_os("ZS_BLESS").is_some() {
        return bless();
    }
    let log: Vec<Event> = serde_json::from_str(LOG).unwrap();
    let state: Instance = serde_json::from_str(STATE).unwrap();
    assert!(log.len() > 60);
    assert_eq!(Instance::replay(1, &log), state);
    assert_eq!(state.check(), Ok(()));
    let hash = log
        .iter()
        .fold(String::new(), |prev, e| event_hash(&prev, e));
    assert_eq!(
        hash,
        "b1b8d9fa19277f205bb41b20f23551cf94a05791f37d6add9f8b4a1c5b410375"
    );
}
