//! Permission in types: a mutating store function demands a [`Granted`], a list demands a [`Scope`].
use zs_base::Id;

/// A permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Perm {
    /// `module.verb`.
    pub key: &'static str,
    /// Chinese name.
    pub title: &'static str,
}

/// Declares permissions: `permissions! { REGISTER = "incoming.register" "登记收文"; }`, and `PERMISSIONS`, their list.
#[macro_export]
macro_rules! permissions {
    ($($(#[$m:meta])* $name:ident = $key:literal $title:literal;)*) => {
        $($(#[$m])* #[doc = $title] pub const $name: $crate::Perm = $crate::Perm { key: $key, title: $title };)*
        /// Every permission of this module.
        pub const PERMISSIONS: &[$crate::Perm] = &[$($name),*];
    };
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// What one takes part in.
    Own,
    /// One's division.
    Division,
    /// One's unit.
    Unit,
    /// One's unit and everything under it.
    UnitTree,
    /// The installation.
    All,
}

impl Reach {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Division => "division",
            Self::Unit => "unit",
            Self::UnitTree => "unit_tree",
            Self::All => "all",
        }
    }
}

/// An operation that changes something; its key stands in every audit row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Op {
    /// `module.verb`.
    pub key: &'static str,
    /// Chinese name.
    pub title: &'static str,
}

/// Proof that a permission was checked; only the check can make one.
#[derive(Clone, Copy, Debug)]
pub struct Granted {
    perm: Perm,
    reach: Reach,
}

impl Granted {
    pub(crate) fn new(perm: Perm, reach: Reach) -> Self {
        Self { perm, reach }
    }
    /// For work that no person asked for: timers, imports, the first start. Greppable.
    pub fn system(perm: Perm, _reason: &'static str) -> Self {
        Self {
            perm,
            reach: Reach::All,
        }
    }
    /// For an act that the engine has allowed to the holder of a seat: the seat is the permission.
    pub fn by_seat(perm: Perm) -> Self {
        Self {
            perm,
            reach: Reach::Own,
        }
    }
    /// The permission.
    pub fn perm(&self) -> Perm {
        self.perm
    }
    /// How far it reaches.
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

/// The rows a reader may see; every list, count, search and export takes one.
#[derive(Clone, Debug)]
pub struct Scope {
    /// How far.
    pub reach: Reach,
    /// The reader's unit.
    pub unit: Id,
    /// The reader's division.
    pub division: Option<Id>,
    /// The reader's identities.
    pub identities: Vec<Id>,
}

impl Scope {
    /// Everything, for background work. Greppable.
    pub fn system(_reason: &'static str) -> Self {
        Self {
            reach: Reach::All,
            unit: Id(0),
            division: None,
            identities: Vec::new(),
        }
    }
}

/// Who may pass a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Holders of a permission.
    Perm(Perm),
    /// Everyone signed in; the object gate decides.
    SignedIn,
    /// Everyone; the reason stands in the golden list of public routes.
    Public(&'static str),
}

impl From<Perm> for Gate {
    fn from(p: Perm) -> Self {
        Self::Perm(p)
    }
}
