//! Who may grant what to whom: pure decisions over the roles of a person (三员分立, design/security.md T26).
use zs_base::Result;

use crate::codes::{
    LAST_SEC_ADMIN, NOT_YOURSELF, ROLE_EXCLUSIVE, ROLE_HELD, ROLE_NOT_GRANTABLE, ROLE_UNKNOWN,
};
use crate::role::{RoleKind, SEC_ADMIN, is_admin, role, title};

/// What an administrator asks for.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// He asks for his own person.
    pub own: bool,
    /// The role.
    pub role: &'a str,
    /// Roles that the identity holds.
    pub identity_roles: &'a [String],
    /// Roles that the person holds under all identities.
    pub person_roles: &'a [String],
    /// Persons who can act as security administrator, this one included if he is.
    pub sec_admins: usize,
}

/// May the role be given? Nobody grants to himself; an administrator's role stands alone in its person.
pub fn grant(r: &Request<'_>) -> Result<()> {
    let Some(def) = role(r.role) else {
        return Err(ROLE_UNKNOWN.with(&[&r.role]));
    };
    if def.kind == RoleKind::Everyone {
        return Err(ROLE_NOT_GRANTABLE.with(&[&def.title]));
    }
    if r.own {
        return Err(NOT_YOURSELF.err());
    }
    if r.identity_roles.iter().any(|x| x == r.role) {
        return Err(ROLE_HELD.with(&[&def.title]));
    }
    let clash = r.person_roles.iter().find(|x| {
        x.as_str() != r.role && (is_admin(x) || (is_admin(r.role) && x.as_str() != "staff"))
    });
    match clash {
        Some(x) => Err(ROLE_EXCLUSIVE.with(&[&title(x), &def.title])),
        None => Ok(()),
    }
}

/// May the role be taken? Nobody takes from himself, and one security administrator stays.
pub fn revoke(r: &Request<'_>) -> Result<()> {
    if r.own {
        return Err(NOT_YOURSELF.err());
    }
    let elsewhere = r.person_roles.iter().filter(|x| *x == SEC_ADMIN).count() > 1;
    if r.role == SEC_ADMIN && r.sec_admins <= 1 && !elsewhere {
        return Err(LAST_SEC_ADMIN.err());
    }
    Ok(())
}

/// May the account be locked, unlocked or given a new password by an administrator? Never one's own (nobody approves
/// his own request), and locking leaves one security administrator.
pub fn account(own: bool, lock: bool, is_sec_admin: bool, sec_admins: usize) -> Result<()> {
    if own {
        return Err(NOT_YOURSELF.err());
    }
    if lock && is_sec_admin && sec_admins <= 1 {
        return Err(LAST_SEC_ADMIN.err());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::ROLES;
    use proptest::prelude::*;

    fn ask<'a>(role: &'a str, held: &'a [String]) -> Request<'a> {
        Request {
            own: false,
            role,
            identity_roles: held,
            person_roles: held,
            sec_admins: 2,
        }
    }

    /// Rows: what is held; columns: what is asked. `+` allowed, `-` refused.
    #[test]
    fn the_grant_matrix() {
        let cols = [
            "registry",
            "leader",
            "unit_admin",
            "sys_admin",
            "sec_admin",
            "auditor",
            "staff",
        ];
        let rows: [(&[&str], &str); 7] = [
            (&[], "++++++-"),
            (&["registry"], "-++----"),
            (&["leader", "unit_admin"], "+------"),
            (&["sys_admin"], "-------"),
            (&["sec_admin"], "-------"),
            (&["auditor"], "-------"),
            (&["doc_admin"], "+++----"),
        ];
        for (held, want) in rows {
            let held: Vec<String> = held.iter().map(|s| (*s).to_owned()).collect();
            let got: String = cols
                .iter()
                .map(|c| {
                    if grant(&ask(c, &held)).is_ok() {
                        '+'
                    } else {
                        '-'
                    }
                })
                .collect();
            assert_eq!(got, want, "holding {held:?}, asked {cols:?}");
        }
    }

    #[test]
    fn t26_nobody_serves_himself() {
        for r in ROLES {
            let mut q = ask(r.key, &[]);
            q.own = true;
            assert!(grant(&q).is_err(), "{}", r.key);
            assert!(revoke(&q).is_err(), "{}", r.key);
        }
        assert!(account(true, false, false, 5).is_err());
        assert!(account(true, true, false, 5).is_err());
    }

    #[test]
    fn one_security_administrator_stays() {
        let held = vec!["sec_admin".to_owned()];
        let mut q = ask("sec_admin", &held);
        q.sec_admins = 1;
        assert!(revoke(&q).unwrap_err().is(&LAST_SEC_ADMIN));
        q.sec_admins = 2;
        assert!(revoke(&q).is_ok());
        assert!(
            account(false, true, true, 1)
                .unwrap_err()
                .is(&LAST_SEC_ADMIN)
        );
        assert!(account(false, true, false, 1).is_ok());
        assert!(account(false, false, true, 1).is_ok());
    }

    proptest! {
        /// Whatever is asked in whatever order, no person ends up with an administrator's role beside another one, and
        /// the security administrators never run out.
        #[test]
        fn no_sequence_of_requests_breaks_the_separation(asks in proptest::collection::vec((0usize..4, 0usize..4, 0usize..ROLES.len(), any::<bool>()), 0..60)) {
            let mut people: Vec<Vec<String>> = vec![vec!["sec_admin".into()], vec![], vec![], vec![]];
            for (by, who, r, give) in asks {
                let sec = |p: &Vec<Vec<String>>| p.iter().filter(|x| x.iter().any(|r| r == SEC_ADMIN)).count();
                let q = Request {
                    own: by == who, role: ROLES[r].key, identity_roles: &people[who], person_roles: &people[who], sec_admins: sec(&people),
                };
                if give {
                    if grant(&q).is_ok() {
                        people[who].push(ROLES[r].key.to_owned());
                    }
                } else if people[who].iter().any(|x| x == ROLES[r].key) && revoke(&q).is_ok() {
                    people[who].retain(|x| x != ROLES[r].key);
                }
                for p in &people {
                    let admin = p.iter().filter(|x| is_admin(x)).count();
                    prop_assert!(admin == 0 || p.len() == 1, "{p:?}");
                }
                prop_assert!(sec(&people) >= 1);
            }
        }
    }
}
