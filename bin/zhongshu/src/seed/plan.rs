//! Draws up a city on paper: units, divisions, people. Pure and deterministic; nothing is written here.
/// How large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Preset {
    /// One township, about 60 people.
    Town,
    /// One county, about 95 units and 1,000 people.
    County,
    /// A city of 1,000 units and 20,000 people.
    City,
}

/// A node of the unit tree, its parent before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeSpec {
    /// Index of the parent in the list.
    pub parent: Option<usize>,
    /// `region`, `unit` or `division`.
    pub kind: &'static str,
    /// `party`, `government`, `bureau`, `town`, …
    pub unit_kind: Option<&'static str>,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// Unique code.
    pub code: String,
}

/// A person with one identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonSpec {
    /// Index of the node in the list.
    pub node: usize,
    /// Name.
    pub name: String,
    /// Mobile number.
    pub mobile: String,
    /// Login name.
    pub login: String,
    /// Post (职务).
    pub post: &'static str,
    /// Seniority, small = senior.
    pub rank: i64,
    /// Head of the node.
    pub is_head: bool,
    /// 综合代表.
    pub is_liaison: bool,
    /// Role keys.
    pub roles: Vec<&'static str>,
}

/// The drawn-up city.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Nodes, parents first.
    pub nodes: Vec<NodeSpec>,
    /// People.
    pub people: Vec<PersonSpec>,
    /// Index of the unit whose office the demonstration accounts belong to.
    pub home_unit: usize,
}
