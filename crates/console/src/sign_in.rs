//! Signing in.

use askama::Template;

/// The page.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// Why it did not work; empty before the first attempt.
    pub fault: String,
    /// Where to go afterwards.
    pub next: String,
    /// The name that was given.
    pub name: String,
    /// Whether somebody may have a password here.
    pub has_accounts: bool,
    /// Whom people sign in with elsewhere; empty where they do not.
    pub provider: String,
    /// The address that leads there.
    pub provider_url: String,
}

/// The page of a browser that came back signed in: it leads on.
#[derive(Clone, Debug, Template)]
#[template(path = "signed_in.html")]
pub struct SignedInPage {
    /// Where to.
    pub next: String,
}

impl SignInPage {
    /// The name of the style sheet.
    pub fn style(&self) -> &'static str {
        crate::ASSETS[0].name
    }
}

impl SignedInPage {
    /// The name of the style sheet.
    pub fn style(&self) -> &'static str {
        crate::ASSETS[0].name
    }
}
