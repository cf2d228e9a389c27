//! SQL text: named constants, and a builder whose text can only be made of constants (no user text ever becomes SQL).
use crate::Val;

/// A named statement.
#[derive(Clone, Copy, Debug)]
pub struct Stmt {
    /// `store.insert`, for slow-query logs.
    pub name: &'static str,
    /// Text with `$1` placeholders.
    pub sql: &'static str,
}

/// Declares statements: `statements! { GET = "select …"; }`, and `STATEMENTS`, the list that the
/// "every statement prepares on both engines" test walks.
#[macro_export]
macro_rules! statements {
    ($($(#[$m:meta])* $name:ident = $sql:expr;)*) => {
        $($(#[$m])* pub(crate) const $name: $crate::Stmt = $crate::Stmt {
            name: concat!(module_path!(), "::", stringify!($name)), sql: $sql };)*
        /// Every statement of this file.
        pub(crate) const STATEMENTS: &[$crate::Stmt] = &[$($name),*];
    };
}

/// Anything that is SQL text.
pub trait AsSql {
    /// The text.
    fn sql(&self) -> &str;
}
impl AsSql for Stmt {
    fn sql(&self) -> &str {
        self.sql
    }
}
impl AsSql for &'static str {
    fn sql(&self) -> &str {
        self
    }
}

/// A query built for one request. Text comes from constants only; values are bound.
#[derive(Clone, Debug, Default)]
pub struct Query {
    sql: String,
    vals: Vec<Val>,
}

impl Query {
    /// Starts with constant text; every `?` takes the next of `vals`.
    pub fn new(sql: &'static str, vals: &[Val]) -> Self {
        let mut q = Self::default();
        q.push(sql, vals);
        q
    }
    /// Appends constant text; every `?` takes the next of `vals`.
    pub fn push(&mut self, sql: &'static str, vals: &[Val]) -> &mut Self {
        let mut vals = vals.iter();
        for c in sql.chars() {
            match (c, c == '?') {
                (_, true) => self.bind(vals.next().cloned().unwrap_or_default()),
                (c, _) => self.sql.push(c),
            }
        }
        self
    }
    /// Appends ` and ` and a condition.
    pub fn and(&mut self, cond: &'static str, vals: &[Val]) -> &mut Self {
        self.sql.push_str(" and ");
        self.push(cond, vals)
    }
    /// Appends the condition if there is a value.
    pub fn and_opt(&mut self, cond: &'static str, val: Option<impl Into<Val>>) -> &mut Self {
        if let Some(v) = val {
            self.and(cond, &[v.into()]);
        }
        self
    }
    /// `and column in ($a, $b, …)`; an empty list is false.
    pub fn and_in(
        &mut self,
        column: &'static str,
        vals: impl IntoIterator<Item = impl Into<Val>>,
    ) -> &mut Self {
        self.sql.push_str(" and ");
        self.push_in(column, vals)
    }
    /// `column in ($a, $b, …)`; an empty list is false.
    pub fn push_in(
        &mut self,
        column: &'static str,
        vals: impl IntoIterator<Item = impl Into<Val>>,
    ) -> &mut Self {
        let mut vals = vals.into_iter().peekable();
        if vals.peek().is_none() {
            self.sql.push_str("1 = 0");
            return self;
        }
        self.sql.push_str(column);
        self.sql.push_str(" in (");
        let mut first = true;
        for v in vals {
            if !first {
                self.sql.push(',');
            }
            first = false;
            self.bind(v.into());
        }
        self.sql.push(')');
        self
    }
    /// `and column like '%text%'` on a normalised key column; the text's own wildcards are escaped.
    pub fn and_contains(&mut self, column: &'static str, text: &str) -> &mut Self {
        self.sql.push_str(" and ");
        self.push_contains(column, text)
    }
    /// `column like '%text%'`, escaped.
    pub fn push_contains(&mut self, column: &'static str, text: &str) -> &mut Self {
        let mut pattern = String::from("%");
        for c in text.chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        self.sql.push_str(column);
        self.sql.push_str(" like ");
        self.bind(Val::Text(pattern));
        self.sql.push_str(" escape '\\'");
        self
    }
    fn bind(&mut self, v: Val) {
        self.vals.push(v);
        self.sql.push('$');
        self.sql.push_str(&self.vals.len().to_string());
    }
    /// The text so far.
    pub fn text(&self) -> &str {
        &self.sql
    }
    /// The bound values.
    pub fn vals(&self) -> &[Val] {
        &self.vals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bound_and_wildcards_escaped() {
        let mut q = Query::new("select 1 from t where a = ?", &[Val::Int(1)]);
        q.and_in("b", ["x", "y"])
            .and_contains("c", "50%_")
            .and_in("d", Vec::<i64>::new());
        assert_eq!(
            q.text(),
            "select 1 from t where a = $1 and b in ($2,$3) and c like $4 escape '\\' and 1 = 0"
        );
        assert_eq!(q.vals()[3], Val::Text("%50\\%\\_%".into()));
    }
}
