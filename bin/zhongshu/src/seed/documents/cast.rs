//! Who plays in a unit's stories: leaders, the office, the divisions. Drawn from the plan.
use std::collections::BTreeMap;

use zs_base::Id;

use crate::seed::load::City;
use crate::seed::plan::Plan;

/// A division that undertakes and reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Division {
    /// Node.
    pub node: Id,
    /// Head (科长).
    pub head: Id,
    /// 综合代表.
    pub liaison: Id,
    /// Staff.
    pub staff: Vec<Id>,
}

/// The people of one unit by their part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cast {
    /// Unit.
    pub unit: Id,
    /// The node of its office.
    pub office: Id,
    /// Leaders, the first one first.
    pub leaders: Vec<Id>,
    /// 办公室主任.
    pub office_head: Id,
    /// 文秘.
    pub secretary: Id,
    /// 收发员.
    pub registry: Id,
    /// Divisions other than the office.
    pub divisions: Vec<Division>,
    /// Roles by identity.
    pub roles: BTreeMap<Id, Vec<&'static str>>,
}

impl Cast {
    /// Can documents be handled here?
    pub fn is_complete(&self) -> bool {
        let office = [self.office, self.office_head, self.secretary, self.registry];
        !self.leaders.is_empty() && !self.divisions.is_empty() && office.iter().all(|i| i.0 != 0)
    }
    /// The unit with fewer people: a story of this cast can be played wherever so many are.
    pub fn at_most(&self, leaders: usize, divisions: usize, staff: usize) -> Self {
        let mut c = self.clone();
        c.leaders.truncate(leaders);
        c.divisions.truncate(divisions);
        for d in &mut c.divisions {
            d.staff.truncate(staff);
        }
        c
    }
    /// Leaders, divisions, and the fewest staff of a division.
    pub fn size(&self) -> (usize, usize, usize) {
        let staff = self
            .divisions
            .iter()
            .map(|d| d.staff.len())
            .min()
            .unwrap_or(0);
        (self.leaders.len(), self.divisions.len(), staff)
    }
    /// Everyone with the number of his part: the third leader is the same number in every unit.
    pub fn parts(&self) -> Vec<(usize, Id)> {
        let mut all = vec![
            (0, self.office_head),
            (1, self.secretary),
            (2, self.registry),
        ];
        all.extend(
            self.leaders
                .iter()
                .take(MOST)
                .enumerate()
                .map(|(i, l)| (3 + i, *l)),
        );
        for (n, d) in self.divisions.iter().take(MOST).enumerate() {
            let base = 3 + MOST + n * (MOST + 2);
            all.extend([(base, d.head), (base + 1, d.liaison)]);
            all.extend(
                d.staff
                    .iter()
                    .take(MOST)
                    .enumerate()
                    .map(|(i, s)| (base + 2 + i, *s)),
            );
        }
        all
    }
    /// Every node with the number of its part.
    pub fn places(&self) -> Vec<(usize, Id)> {
        let divisions = self
            .divisions
            .iter()
            .take(MOST)
            .enumerate()
            .map(|(i, d)| (2 + i, d.node));
        [(0, self.unit), (1, self.office)]
            .into_iter()
            .chain(divisions)
            .collect()
    }
}

/// Leaders, divisions, and staff of a division that play at most.
pub const MOST: usize = 8;
/// Numbers of parts of people.
pub const PARTS: usize = 3 + MOST + MOST * (MOST + 2);
/// Numbers of parts of nodes.
pub const PLACES: usize = 2 + MOST;

/// The casts of all units that have one, in the order of the plan; the home unit comes first.
pub fn casts(plan: &Plan, city: &City) -> Vec<Cast> {
    let mut by_node: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, p) in plan.people.iter().enumerate() {
        by_node.entry(p.node).or_default().push(i);
    }
    let mut divisions: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (i, n) in plan
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, n)| n.kind == "division")
    {
        divisions.entry(n.parent.unwrap_or(i)).or_default().push(i);
    }
    let mut out = Vec::new();
    for unit in plan
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, n)| n.kind == "unit")
        .map(|(i, _)| i)
    {
        let cast = cast(
            plan,
            city,
            unit,
            &by_node,
            divisions.get(&unit).map_or(&[], Vec::as_slice),
        );
        if cast.is_complete() {
            if unit == plan.home_unit {
                out.insert(0, cast)
            } else {
                out.push(cast)
            }
        }
    }
    out
}

fn cast(
    plan: &Plan,
    city: &City,
    unit: usize,
    by_node: &BTreeMap<usize, Vec<usize>>,
    divisions: &[usize],
) -> Cast {
    let node = |i: usize| city.nodes.get(i).copied().unwrap_or_default();
    let here = |i: usize| {
        by_node.get(&i).into_iter().flatten().filter_map(|p| {
            let id = city.identities.get(*p)?;
            Some((plan.people.get(*p)?, *id))
        })
    };
    let mut c = Cast {
        unit: node(unit),
        ..Cast::default()
    };
    for (p, id) in here(unit).chain(divisions.iter().flat_map(|d| here(*d))) {
        c.roles.insert(id, p.roles.clone());
    }
    c.leaders = here(unit)
        .filter(|(p, _)| p.roles.contains(&"leader"))
        .map(|(_, id)| id)
        .collect();
    for d in divisions.iter().copied() {
        let mut division = Division {
            node: node(d),
            ..Division::default()
        };
        for (p, id) in here(d) {
            for role in &p.roles {
                match *role {
                    "office_head" => c.office_head = id,
                    "secretary" => c.secretary = id,
                    "registry" => c.registry = id,
                    _ => {}
                }
            }
            match (p.is_head, p.is_liaison) {
                (true, _) => division.head = id,
                (_, true) => division.liaison = id,
                _ if p.roles.is_empty() => division.staff.push(id),
                _ => {}
            }
        }
        let office = here(d).any(|(p, _)| p.roles.contains(&"office_head"));
        if office {
            c.office = division.node;
        } else if division.head.0 != 0 && division.liaison.0 != 0 && !division.staff.is_empty() {
            c.divisions.push(division);
        }
    }
    c
}
