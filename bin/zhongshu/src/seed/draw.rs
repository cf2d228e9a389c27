//! Draws the city: the same seed, the same city.
use super::names;
use super::plan::{NodeSpec, PersonSpec, Plan, Preset};
use super::rng::Rng;

struct Maker {
    r: Rng,
    plan: Plan,
    logins: u32,
}

/// Draws up the city of a preset.
pub fn draw(preset: Preset, seed: u64) -> Plan {
    let mut m = Maker {
        r: Rng::new(seed),
        plan: Plan::default(),
        logins: 0,
    };
    match preset {
        Preset::Town => {
            let region = m.node(None, "region", None, "松坪镇", "松坪镇");
            m.plan.home_unit = m.government(region, "松坪镇", "镇", &[], 3);
        }
        Preset::County => {
            let region = m.node(None, "region", None, "青屏县", "青屏县");
            m.county(region, "青屏县", 40, 12, 9);
        }
        Preset::City => m.city(),
    }
    m.plan
}

impl Maker {
    fn node(
        &mut self,
        parent: Option<usize>,
        kind: &'static str,
        unit_kind: Option<&'static str>,
        name: &str,
        short: &str,
    ) -> usize {
        let at = self.plan.nodes.len();
        self.plan.nodes.push(NodeSpec {
            parent,
            kind,
            unit_kind,
            name: name.to_owned(),
            short_name: short.to_owned(),
            code: format!("CZ{:05}", at + 1),
        });
        at
    }

    fn person(
        &mut self,
        node: usize,
        post: &'static str,
        rank: i64,
        head: bool,
        liaison: bool,
        roles: &[&'static str],
    ) {
        self.logins += 1;
        let (name, mobile) = (names::person(&mut self.r), names::mobile(&mut self.r));
        self.plan.people.push(PersonSpec {
            node,
            name,
            mobile,
            login: format!("u{:05}", self.logins),
            post,
            rank,
            is_head: head,
            is_liaison: liaison,
            roles: roles.to_vec(),
        });
    }

    /// An office with head, secretary and registry, and the other divisions with head, liaison and staff.
    fn divisions(&mut self, unit: usize, office: &str, others: &[&str], staff: usize) {
        let at = self.node(Some(unit), "division", None, office, office);
        self.person(
            at,
            "办公室主任",
            40,
            true,
            false,
            &["office_head", "unit_admin"],
        );
        self.person(at, "文秘", 60, false, false, &["secretary"]);
        self.person(at, "收发员", 62, false, true, &["registry", "doc_admin"]);
        for name in others {
            let at = self.node(Some(unit), "division", None, name, name);
            self.person(at, "科长", 50, true, false, &[]);
            self.person(at, "综合代表", 55, false, true, &[]);
            for _ in 0..staff {
                self.person(at, "科员", 70, false, false, &[]);
            }
        }
    }

    fn bureau(
        &mut self,
        parent: usize,
        region: &str,
        names: (&str, &str),
        kind: &'static str,
        staff: usize,
    ) -> usize {
        let at = self.node(
            Some(parent),
            "unit",
            Some(kind),
            &format!("{region}{}", names.0),
            names.1,
        );
        self.person(
            at,
            if kind == "enterprise" {
                "董事长"
            } else {
                "局长"
            },
            10,
            true,
            false,
            &["leader"],
        );
        let deputies = 1 + self.r.below(3);
        for _ in 0..deputies {
            self.person(
                at,
                if kind == "enterprise" {
                    "副总经理"
                } else {
                    "副局长"
                },
                20,
                false,
                false,
                &["leader"],
            );
        }
        let n = 1 + self.r.below(3);
        let from = self.r.below(names::DIVISIONS.len() - n);
        let divisions: Vec<&str> = names::DIVISIONS
            .iter()
            .skip(from)
            .take(n)
            .copied()
            .collect();
        self.divisions(at, "办公室", &divisions, staff);
        at
    }

    /// A government with its leaders, its office and its bureaus.
    fn government(
        &mut self,
        region: usize,
        name: &str,
        level: &str,
        bureaus: &[(&str, &str)],
        staff: usize,
    ) -> usize {
        let kind = if level == "镇" { "town" } else { "government" };
        let at = self.node(
            Some(region),
            "unit",
            Some(kind),
            &format!("{name}人民政府"),
            &format!("{level}政府"),
        );
        let (head, deputy) = match level {
            "市" => ("市长", "副市长"),
            "区" => ("区长", "副区长"),
            "镇" => ("镇长", "副镇长"),
            _ => ("县长", "副县长"),
        };
        self.person(at, head, 10, true, false, &["leader"]);
        for _ in 0..4 {
            self.person(at, deputy, 20, false, false, &["leader"]);
        }
        let divisions: &[&str] = if level == "镇" {
            &[
                "党政综合办公室",
                "经济发展办公室",
                "社会事务办公室",
                "综合治理办公室",
                "财政所",
                "农业综合服务中心",
            ]
        } else {
            &[
                "秘书一科",
                "秘书二科",
                "综合科",
                "督查室",
                "信息科",
                "行政科",
            ]
        };
        self.divisions(at, &format!("{level}政府办公室"), divisions, staff);
        for b in bureaus {
            self.bureau(at, name, *b, "bureau", staff);
        }
        at
    }

    fn county(&mut self, region: usize, name: &str, bureaus: usize, towns: usize, staff: usize) {
        let level = if name.ends_with('区') { "区" } else { "县" };
        let list: Vec<(&str, &str)> = names::BUREAUS.iter().take(bureaus).copied().collect();
        let gov = self.government(region, name, level, &list, staff.min(4));
        if self.plan.home_unit == 0 {
            self.plan.home_unit = gov;
        }
        let party = self.node(
            Some(region),
            "unit",
            Some("party"),
            &format!("中共{name}委员会"),
            &format!("{level}委"),
        );
        self.person(party, "书记", 5, true, false, &["leader"]);
        self.person(party, "副书记", 8, false, false, &["leader"]);
        self.divisions(
            party,
            &format!("{level}委办公室"),
            &["秘书科", "综合科", "督查室"],
            2,
        );
        for p in names::PARTY {
            self.bureau(party, name, *p, "party", 2);
        }
        for (full, short, kind) in [
            ("人民代表大会常务委员会", "人大", "congress"),
            ("政协委员会", "政协", "cppcc"),
            ("纪律检查委员会", "纪委", "party"),
        ] {
            let at = self.node(
                Some(region),
                "unit",
                Some(kind),
                &format!("{name}{full}"),
                &format!("{level}{short}"),
            );
            self.person(at, "主任", 10, true, false, &["leader"]);
            self.divisions(at, "办公室", &["综合科", "联络科"], 2);
        }
        for i in 0..towns {
            let head = names::TOWNS
                .get(i % names::TOWNS.len())
                .copied()
                .unwrap_or_default();
            let suffix = if level == "区" {
                "街道办事处"
            } else if i % 4 == 3 {
                "乡人民政府"
            } else {
                "镇人民政府"
            };
            let at = self.node(
                Some(gov),
                "unit",
                Some("town"),
                &format!("{name}{head}{suffix}"),
                head,
            );
            self.person(at, "镇长", 10, true, false, &["leader"]);
            for _ in 0..3 {
                self.person(at, "副镇长", 20, false, false, &["leader"]);
            }
            self.divisions(
                at,
                "党政综合办公室",
                &["经济发展办公室", "社会事务办公室", "综合治理办公室"],
                3,
            );
        }
    }

    fn city(&mut self) {
        let root = self.node(None, "region", None, "澄州市", "澄州市");
        for (i, (name, _)) in names::COUNTIES.iter().enumerate() {
            let region = self.node(Some(root), "region", None, name, name);
            self.county(region, name, 40, 26 + usize::from(i % 2 == 0), 3);
            if i == 0 {
                let gov = self.government(root, "澄州市", "市", names::BUREAUS, 4);
                for f in names::FIRMS {
                    self.bureau(gov, "澄州市", *f, "enterprise", 4);
                }
                let party = self.node(
                    Some(root),
                    "unit",
                    Some("party"),
                    "中共澄州市委员会",
                    "市委",
                );
                self.person(party, "书记", 5, true, false, &["leader"]);
                self.divisions(
                    party,
                    "市委办公室",
                    &["秘书一科", "秘书二科", "综合科", "督查室"],
                    4,
                );
                for p in names::PARTY {
                    self.bureau(party, "澄州市", *p, "party", 3);
                }
            }
        }
        // Schools and hospitals fill the city up to its thousand units.
        let govs: Vec<(usize, String)> = self
            .plan
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, n)| {
                n.unit_kind == Some("bureau")
                    && (n.short_name == "教育局" || n.short_name == "卫健局")
            })
            .map(|(i, n)| (i, n.name.clone()))
            .collect();
        let mut i = 0;
        while self.units() < 1000 {
            let Some((at, name)) = govs.get(i % govs.len().max(1)).cloned() else {
                break;
            };
            let region: String = name
                .chars()
                .take_while(|c| *c != '教' && *c != '卫')
                .collect();
            let n = i / govs.len().max(1) + 1;
            let (full, kind) = if name.ends_with("教育局") {
                (format!("第{n}中学"), "other")
            } else {
                (format!("第{n}人民医院"), "other")
            };
            self.bureau(at, &region, (&full, &full), kind, 3);
            i += 1;
        }
        // More staff where offices are short of the twenty thousand.
        let divisions: Vec<usize> = self
            .plan
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, n)| n.kind == "division")
            .map(|(i, _)| i)
            .collect();
        while self.plan.people.len() < 20_000 {
            let k = self.r.below(divisions.len());
            let Some(at) = divisions.get(k).copied() else {
                break;
            };
            self.person(at, "科员", 72, false, false, &[]);
        }
    }

    fn units(&self) -> usize {
        self.plan.nodes.iter().filter(|n| n.kind == "unit").count()
    }
}

#[cfg(test)]
mod tests;
