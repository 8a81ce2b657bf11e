//! Who signed in, by the claims of the ID token: a name and a role.

use super::refusal::Refusal;
use crate::config;
use crate::service::console::accounts::Role;
use serde_json::Value;
use std::collections::BTreeMap;

/// Characters of a name at most, as for an account.
const LONGEST: usize = 64;

/// Who signed in.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::service::console) struct Person {
    /// Under which their steps are recorded.
    pub(in crate::service::console) name: String,
    /// What they may do.
    pub(in crate::service::console) role: Role,
}

/// Which claims say who somebody is, and what they may do.
#[derive(Debug)]
pub(super) struct Claims {
    name: String,
    roles: String,
    role_of: BTreeMap<String, Role>,
}

impl Claims {
    /// # Errors
    /// When a role is unknown.
    pub(super) fn of(options: &config::Oidc) -> Result<Self, String> {
        let role = |(value, word): (&String, &String)| match Role::parse(word) {
            Some(role) => Ok((value.clone(), role)),
            None => Err(format!("unknown role `{word}`; expected one of reader, analyst, approver, admin")),
        };
        let role_of = options.roles.iter().map(role).collect::<Result<_, _>>()?;
        Ok(Self { name: options.name_claim.clone(), roles: options.roles_claim.clone(), role_of })
    }

    /// The person of claims that were checked.
    ///
    /// # Errors
    /// When they have no name, or no role.
    pub(super) fn person(&self, claims: &Value) -> Result<Person, Refusal> {
        let values = match claim(claims, &self.roles) {
            Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one.as_str()],
            _ => Vec::new(),
        };
        let role = values.iter().filter_map(|value| self.role_of.get(*value)).max().copied().ok_or(Refusal::NoRole)?;
        let name = claim(claims, &self.name).and_then(Value::as_str).unwrap_or_default();
        if name.is_empty()
            || name.chars().count() > LONGEST
            || name.chars().any(char::is_control)
            || name.trim() != name
        {
            return Err(Refusal::NoName("expected 1 to 64 characters"));
        }
        // OpenID Connect Core 5.1: an address that the provider has not verified may be another person's.
        let is_verified = |said: &Value| *said == Value::Bool(true) || said.as_str() == Some("true");
        if self.name == "email" && claims.get("email_verified").is_some_and(|said| !is_verified(said)) {
            return Err(Refusal::NoName("the provider has not verified the address"));
        }
        Ok(Person { name: name.to_owned(), role })
    }
}

/// A claim by its name or, where it begins with a slash, by its JSON pointer: `/realm_access/roles`.
fn claim<'c>(claims: &'c Value, name: &str) -> Option<&'c Value> {
    if name.starts_with('/') { claims.pointer(name) } else { claims.get(name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims(roles_claim: &str) -> Claims {
        let roles = [("desk", "analyst"), ("chief", "approver"), ("all", "reader")];
        let roles = roles.map(|(value, role)| (value.to_owned(), role.to_owned())).into();
        let (name_claim, roles_claim) = ("email".to_owned(), roles_claim.to_owned());
        Claims::of(&config::Oidc { roles, name_claim, roles_claim, ..config::Oidc::default() }).unwrap()
    }

    #[test]
    fn of_several_roles_the_one_that_may_do_most_counts() {
        let role =
            |groups: Value| claims("groups").person(&json!({"email": "a@b.example", "groups": groups})).map(|p| p.role);
        assert_eq!(role(json!(["all", "chief", "desk"])), Ok(Role::Approver));
        assert_eq!(role(json!("desk")), Ok(Role::Analyst));
        for none in
            [json!([]), json!(["Desk", "x"]), json!(null), json!({"desk": true}), json!("desk chief"), json!([1])]
        {
            assert_eq!(role(none.clone()), Err(Refusal::NoRole), "{none}");
        }
        let nested = json!({"email": "a@b.example", "realm_access": {"roles": ["desk"]}});
        assert_eq!(claims("/realm_access/roles").person(&nested).map(|p| p.role), Ok(Role::Analyst));
        let wrong = config::Oidc { roles: [("a".to_owned(), "root".to_owned())].into(), ..config::Oidc::default() };
        assert!(Claims::of(&wrong).unwrap_err().contains("unknown role `root`"));
    }

    #[test]
    fn a_name_is_one_that_an_account_could_have() {
        let named = |name: Value| claims("groups").person(&json!({"email": name, "groups": "desk"}));
        assert!(named(json!("a@b.example")).is_ok());
        for wrong in [json!(""), json!("a\nb"), json!(" a"), json!(7), json!(null), json!("x".repeat(65))] {
            assert!(matches!(named(wrong.clone()), Err(Refusal::NoName(_))), "{wrong}");
        }
        let verified = |said: Value| {
            let said = json!({"email": "a@b.example", "email_verified": said, "groups": "desk"});
            claims("groups").person(&said).is_ok()
        };
        assert!(verified(json!(true)) && verified(json!("true")));
        assert!(!verified(json!(false)) && !verified(json!("false")) && !verified(json!(null)));
    }
}
