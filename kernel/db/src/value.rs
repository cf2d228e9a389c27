//! Values and rows, the same for both engines.
use zs_base::{Error, Id, Result};

/// One value on its way in or out.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Val {
    /// NULL.
    #[default]
    Null,
    /// bigint.
    Int(i64),
    /// double precision.
    Real(f64),
    /// boolean; 0 and 1 on SQLite.
    Bool(bool),
    /// text.
    Text(String),
    /// bytea.
    Blob(Vec<u8>),
}

macro_rules! from {
    ($($t:ty => |$v:ident| $e:expr;)*) => { $(impl From<$t> for Val { fn from($v: $t) -> Self { $e } })* };
}
from! {
    i64 => |v| Val::Int(v);
    i32 => |v| Val::Int(i64::from(v));
    u32 => |v| Val::Int(i64::from(v));
    Id => |v| Val::Int(v.0);
    &Id => |v| Val::Int(v.0);
    f64 => |v| Val::Real(v);
    bool => |v| Val::Bool(v);
    &str => |v| Val::Text(v.to_owned());
    String => |v| Val::Text(v);
    &String => |v| Val::Text(v.clone());
    Vec<u8> => |v| Val::Blob(v);
    &[u8] => |v| Val::Blob(v.to_vec());
}
impl<T: Into<Val>> From<Option<T>> for Val {
    fn from(v: Option<T>) -> Self {
        v.map_or(Self::Null, Into::into)
    }
}
impl<T: Clone + Into<Val>> From<&Option<T>> for Val {
    fn from(v: &Option<T>) -> Self {
        v.clone().map_or(Self::Null, Into::into)
    }
}

/// Parameters: `vals![unit, "text", None::<i64>]`.
#[macro_export]
macro_rules! vals {
    ($($v:expr),* $(,)?) => { &[$($crate::Val::from($v)),*] };
}

/// A value as a Rust type.
pub trait FromVal: Sized {
    /// The conversion; a mismatch is a programming error and becomes an internal one.
    fn from_val(v: &Val) -> Option<Self>;
}

impl FromVal for i64 {
    fn from_val(v: &Val) -> Option<Self> {
        match v {
            Val::Int(i) => Some(*i),
            Val::Bool(b) => Some(Self::from(*b)),
            _ => None,
        }
    }
}
impl FromVal for i32 {
    fn from_val(v: &Val) -> Option<Self> {
        i64::from_val(v).and_then(|i| i.try_into().ok())
    }
}
impl FromVal for u32 {
    fn from_val(v: &Val) -> Option<Self> {
        i64::from_val(v).and_then(|i| i.try_into().ok())
    }
}
impl FromVal for Id {
    fn from_val(v: &Val) -> Option<Self> {
        i64::from_val(v).map(Id)
    }
}
impl FromVal for f64 {
    fn from_val(v: &Val) -> Option<Self> {
        match v {
            Val::Real(r) => Some(*r),
            _ => None,
        }
    }
}
impl FromVal for bool {
    fn from_val(v: &Val) -> Option<Self> {
        match v {
            Val::Bool(b) => Some(*b),
            Val::Int(i) => Some(*i != 0),
            _ => None,
        }
    }
}
impl FromVal for String {
    fn from_val(v: &Val) -> Option<Self> {
        match v {
            Val::Text(s) => Some(s.clone()),
            _ => None,
        }
    }
}
impl FromVal for Vec<u8> {
    fn from_val(v: &Val) -> Option<Self> {
        match v {
            Val::Blob(b) => Some(b.clone()),
            _ => None,
        }
    }
}
impl<T: FromVal> FromVal for Option<T> {
    fn from_val(v: &Val) -> Option<Self> {
        match v {
            Val::Null => Some(None),
            v => T::from_val(v).map(Some),
        }
    }
}

/// One row of a result, its columns in the order of the select list.
#[derive(Clone, Debug, Default)]
pub struct Row(pub Vec<Val>);

impl Row {
    /// Column `i`.
    #[track_caller]
    pub fn get<T: FromVal>(&self, i: usize) -> Result<T> {
        match self.0.get(i).map(T::from_val) {
            Some(Some(v)) => Ok(v),
            _ => Err(Error::internal(format!(
                "column {i} is {:?}, wanted {}",
                self.0.get(i),
                std::any::type_name::<T>()
            ))),
        }
    }
    /// Column `i` holding JSON text.
    #[track_caller]
    pub fn json<T: serde::de::DeserializeOwned>(&self, i: usize) -> Result<T> {
        serde_json::from_str(&self.get::<String>(i)?).map_err(Error::internal)
    }
    /// Reads the columns one after the other.
    pub fn cols(&self) -> Cols<'_> {
        Cols { row: self, at: 0 }
    }
}

/// Reads a row from left to right.
pub struct Cols<'a> {
    row: &'a Row,
    at: usize,
}

impl Cols<'_> {
    /// The next column.
    #[track_caller]
    pub fn next<T: FromVal>(&mut self) -> Result<T> {
        self.at += 1;
        self.row.get(self.at - 1)
    }
    /// The next column, JSON text.
    #[track_caller]
    pub fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        self.at += 1;
        self.row.json(self.at - 1)
    }
}
