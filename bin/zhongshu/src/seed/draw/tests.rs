use super::*;
use std::collections::BTreeSet;

#[test]
fn the_same_seed_draws_the_same_city() {
    assert_eq!(draw(Preset::County, 7), draw(Preset::County, 7));
    assert_ne!(
        draw(Preset::County, 7).people,
        draw(Preset::County, 8).people
    );
}

#[test]
fn the_city_has_its_thousand_units_and_twenty_thousand_people() {
    let p = draw(Preset::City, 1);
    let units = p.nodes.iter().filter(|n| n.kind == "unit").count();
    assert!((1000..=1010).contains(&units), "{units}");
    assert!(
        (20_000..=20_400).contains(&p.people.len()),
        "{}",
        p.people.len()
    );
    let siblings: BTreeSet<_> = p.nodes.iter().map(|n| (n.parent, n.name.clone())).collect();
    assert_eq!(
        siblings.len(),
        p.nodes.len(),
        "names are unique among siblings"
    );
    for (i, n) in p.nodes.iter().enumerate() {
        assert!(n.parent.is_none_or(|x| x < i), "parents come first");
    }
}

#[test]
fn every_unit_can_receive_a_document() {
    for preset in [Preset::Town, Preset::County] {
        let p = draw(preset, 3);
        for (i, n) in p.nodes.iter().enumerate().filter(|(_, n)| n.kind == "unit") {
            let of_unit = |node: usize| {
                node == i || p.nodes[node].parent == Some(i) && p.nodes[node].kind == "division"
            };
            let has = |role| {
                p.people
                    .iter()
                    .any(|x| of_unit(x.node) && x.roles.contains(&role))
            };
            assert!(
                has("registry") && has("secretary") && has("office_head") && has("leader"),
                "{}",
                n.name
            );
        }
    }
}
