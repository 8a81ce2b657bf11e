//! What a browser loads beside the pages.

/// One file.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its name in addresses.
    pub name: &'static str,
    /// Its content type.
    pub kind: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

/// The files. A name with a version in it may be kept by a browser for ever.
pub const ASSETS: [Asset; 4] = [
    Asset {
        name: concat!("console-", env!("CARGO_PKG_VERSION"), ".css"),
        kind: "text/css; charset=utf-8",
        bytes: include_bytes!("../assets/console.css"),
    },
    Asset {
        name: "htmx-2.0.11.js",
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/htmx.min.js"),
    },
    Asset {
        name: concat!("console-", env!("CARGO_PKG_VERSION"), ".js"),
        kind: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/console.js"),
    },
    Asset { name: "icon.svg", kind: "image/svg+xml", bytes: include_bytes!("../assets/icon.svg") },
];

/// What a page may do: load its own style and script, send its forms back, and nothing else.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
