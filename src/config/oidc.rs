//! Sign-in to the console by a provider of OpenID Connect.

use super::value::absolute;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Sign-in by OpenID Connect, beside the accounts of the console or instead of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Oidc {
    /// The issuer, as its discovery document states it; `None`: there is no provider.
    pub issuer: Option<String>,
    /// What the button to sign in says after "Sign in with".
    pub label: String,
    /// The id that the provider gave to this console.
    pub client_id: String,
    /// File with the secret of the client; `None`: the client is a public one.
    pub client_secret_file: Option<PathBuf>,
    /// Address under which browsers reach this console, without a path.
    pub public_url: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// Claim of the ID token with the name that a person's steps are recorded under.
    pub name_claim: String,
    /// Claim of the ID token with what gives a role: a text, or a list of texts.
    pub roles_claim: String,
    /// The role of each value of that claim: `reader`, `analyst`, `approver` or `admin`.
    pub roles: BTreeMap<String, String>,
}

impl Default for Oidc {
    fn default() -> Self {
        Self {
            issuer: None,
            label: "your organisation".to_owned(),
            client_id: String::new(),
            client_secret_file: None,
            public_url: String::new(),
            scopes: vec!["profile".to_owned()],
            name_claim: "sub".to_owned(),
            roles_claim: "groups".to_owned(),
            roles: BTreeMap::new(),
        }
    }
}

impl Oidc {
    /// Whether there is a provider.
    pub fn is_on(&self) -> bool {
        self.issuer.is_some()
    }

    pub(super) fn make_absolute(&mut self, folder: &Path) {
        absolute(&mut self.client_secret_file, folder);
    }

    /// Settings that contradict each other: the key to change, and why.
    pub(super) fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        if !self.is_on() {
            return (*self != Self::default()).then_some((
                "[console.oidc",
                "console.oidc: `issuer` is missing; expected the address of the provider",
            ));
        }
        if self.client_id.is_empty() {
            return Some(("[console.oidc", "console.oidc: `client_id` is missing; the provider gives it"));
        }
        if self.public_url.is_empty() {
            return Some((
                "[console.oidc",
                "console.oidc: `public_url` is missing; expected the address under which browsers reach this console",
            ));
        }
        if self.roles.is_empty() {
            return Some(("[console.oidc", "console.oidc: `roles` is empty, so nobody could sign in"));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn half_a_provider_is_refused() {
        let fault = |text: &str| {
            let text = format!("[http]\nlisten = '127.0.0.1:0'\n[console.oidc]\n{text}");
            Config::from_toml(&text, "t.toml").unwrap_err().to_string()
        };
        let issuer = "issuer = 'https://login.example'";
        assert!(fault("client_id = 'x'").starts_with("t.toml:3:1: console.oidc: `issuer` is missing"));
        assert!(fault(issuer).contains("`client_id` is missing"));
        assert!(fault(&format!("{issuer}\nclient_id = 'x'")).contains("`public_url` is missing"));
        assert!(
            fault(&format!("{issuer}\nclient_id = 'x'\npublic_url = 'https://a.example'")).contains("`roles` is empty")
        );
        let open = "[http]\nlisten = '127.0.0.1:0'\n[console]\nopen = true\n[console.oidc]\nissuer = 'https://l.example'\n\
                    client_id = 'x'\npublic_url = 'https://a.example'\nroles = { a = 'admin' }";
        assert!(Config::from_toml(open, "t.toml").unwrap_err().to_string().contains("not both"));
    }
}
