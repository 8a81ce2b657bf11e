//! What went wrong.

use askama::Template;

/// The page.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// HTTP status.
    pub status: u16,
    /// What is wrong and what to do.
    pub text: String,
    /// The id of the request, for whoever looks into the log.
    pub request_id: String,
}

impl ErrorPage {
    /// The name of the style sheet.
    pub fn style(&self) -> &'static str {
        crate::ASSETS[0].name
    }
}
