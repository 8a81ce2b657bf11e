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
}

impl SignInPage {
    /// The name of the style sheet.
    pub fn style(&self) -> &'static str {
        crate::ASSETS[0].name
    }
}
