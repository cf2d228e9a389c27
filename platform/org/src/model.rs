//! States and value objects of the organisation (domain.md §1, seed S2).
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zs_base::{Error, Id, Result};
use zs_db::Row;

/// Kind of a node of the unit tree (单位树).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// 地区: province, city, county, township.
    Region,
    /// 单位.
    Unit,
    /// 处室/科室.
    Division,
}

impl NodeKind {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Unit => "unit",
            Self::Division => "division",
        }
    }
    /// Chinese name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Region => "地区",
            Self::Unit => "单位",
            Self::Division => "处室",
        }
    }
    pub(crate) fn parse(s: &str) -> Result<Self> {
        match s {
            "region" => Ok(Self::Region),
            "unit" => Ok(Self::Unit),
            "division" => Ok(Self::Division),
            other => Err(Error::internal(format!("node kind {other}"))),
        }
    }
    /// May a node of this kind stand under `parent` (none = top of the tree)?
    pub fn fits_under(self, parent: Option<Self>) -> bool {
        matches!(
            (self, parent),
            (Self::Region, None | Some(Self::Region))
                | (Self::Unit, None | Some(Self::Region | Self::Unit))
                | (Self::Division, Some(Self::Unit | Self::Division))
        )
    }
}

/// A node of the unit tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Key.
    pub id: Id,
    /// The node above; none at the top.
    pub parent_id: Option<Id>,
    /// Kind.
    pub kind: NodeKind,
    /// Kind of unit: `party`, `government`, `congress`, `cppcc`, `bureau`, `town`, `enterprise`, `other`.
    pub unit_kind: Option<String>,
    /// Full name (全称).
    pub name: String,
    /// Short name (简称), never empty.
    pub short_name: String,
    /// Code, unique in the installation.
    pub code: Option<String>,
    /// Order among siblings.
    pub sort: i64,
    /// `active`, `merged` or `closed`.
    pub status: String,
    /// Where a merged node went.
    pub heir_id: Option<Id>,
    /// Ids from the top down to this node: `/1/5/9/`.
    pub path: String,
    /// Version.
    pub version: i64,
}

impl Node {
    /// Is the node `active`?
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }
    /// Is this node `ancestor` itself or below it?
    pub fn is_under(&self, ancestor: &Self) -> bool {
        self.path.starts_with(&ancestor.path)
    }
    /// Ids from the top down to this node.
    pub fn path_ids(&self) -> Vec<Id> {
        self.path
            .split('/')
            .filter_map(|p| p.parse().ok())
            .map(Id)
            .collect()
    }
    pub(crate) fn from_row(r: &Row) -> Result<Self> {
        let mut c = r.cols();
        Ok(Self {
            id: c.next()?,
            parent_id: c.next()?,
            kind: NodeKind::parse(&c.next::<String>()?)?,
            unit_kind: c.next()?,
            name: c.next()?,
            short_name: c.next()?,
            code: c.next()?,
            sort: c.next()?,
            status: c.next()?,
            heir_id: c.next()?,
            path: c.next()?,
            version: c.next()?,
        })
    }
}

/// An identity (身份): person + unit + division + post. Work is addressed to identities, never to bare names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Key.
    pub id: Id,
    /// Person.
    pub person_id: Id,
    /// The person's name.
    pub name: String,
    /// Unit.
    pub unit_id: Id,
    /// The unit's short name.
    pub unit_name: String,
    /// Division; none at the level of the unit (its leaders).
    pub division_id: Option<Id>,
    /// The division's name.
    pub division_name: Option<String>,
    /// Post (职务).
    pub post: String,
    /// Rank; small = senior.
    pub rank: i64,
    /// Head (负责人) of its node.
    pub is_head: bool,
    /// Liaison (综合代表) of its node.
    pub is_liaison: bool,
    /// The person's main identity.
    pub is_primary: bool,
    /// `active` or `ended`.
    pub status: String,
}

impl Identity {
    /// Is the identity `active`?
    pub fn is_active(&self) -> bool {
        self.status == "active"
    }
    /// The node it belongs to: the division, else the unit.
    pub fn node_id(&self) -> Id {
        self.division_id.unwrap_or(self.unit_id)
    }
    /// 单位·处室·职务, as lists show it.
    pub fn hint(&self) -> String {
        let mut parts = vec![self.unit_name.as_str()];
        parts.extend(self.division_name.as_deref());
        if !self.post.is_empty() {
            parts.push(&self.post);
        }
        parts.join("·")
    }
    pub(crate) fn from_row(r: &Row) -> Result<Self> {
        let mut c = r.cols();
        Ok(Self {
            id: c.next()?,
            person_id: c.next()?,
            name: c.next()?,
            unit_id: c.next()?,
            unit_name: c.next()?,
            division_id: c.next()?,
            division_name: c.next()?,
            post: c.next()?,
            rank: c.next()?,
            is_head: c.next()?,
            is_liaison: c.next()?,
            is_primary: c.next()?,
            status: c.next()?,
        })
    }
}

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Key.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Mobile number.
    pub mobile: Option<String>,
    /// `active` or `left`.
    pub status: String,
    /// Version.
    pub version: i64,
}

impl Person {
    pub(crate) fn from_row(r: &Row) -> Result<Self> {
        let mut c = r.cols();
        Ok(Self {
            id: c.next()?,
            name: c.next()?,
            mobile: c.next()?,
            status: c.next()?,
            version: c.next()?,
        })
    }
}

/// A new node.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewNode {
    /// The node above; absent at the top.
    pub parent_id: Option<Id>,
    /// Kind.
    pub kind: NodeKind,
    /// Kind of unit.
    pub unit_kind: Option<String>,
    /// Full name.
    pub name: String,
    /// Short name; the full name if absent.
    pub short_name: Option<String>,
    /// Code.
    pub code: Option<String>,
    /// Order among siblings; after the last if absent.
    pub sort: Option<i64>,
}

/// A new identity of a person.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewIdentity {
    /// Unit or division.
    pub node_id: Id,
    /// Post (职务).
    #[serde(default)]
    pub post: String,
    /// Rank; small = senior; 90 (科员) if absent.
    pub rank: Option<i64>,
    /// Head of the node.
    #[serde(default)]
    pub is_head: bool,
    /// Liaison (综合代表) of the node.
    #[serde(default)]
    pub is_liaison: bool,
    /// Main identity; the first identity always is.
    #[serde(default)]
    pub is_primary: bool,
}

/// Who takes over the open items of an identity.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Heir {
    /// The identity that ends.
    pub identity_id: Id,
    /// Who takes its open items over.
    pub heir_identity_id: Option<Id>,
    /// The person takes the open items along to the new identity (moves and mergers only).
    #[serde(default)]
    pub take_along: bool,
}
