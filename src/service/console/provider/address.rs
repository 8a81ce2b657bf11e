//! Addresses of a provider: https, or http on this machine.

use reqwest::Url;

/// An address that may be asked.
#[derive(Clone, Debug)]
pub(super) struct Address(Url);

impl Address {
    /// Reads one.
    ///
    /// # Errors
    /// When it is no address, has a user or password in it, or others on the way could read what is sent there.
    pub(super) fn of(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|e| format!("invalid address: {e}"))?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err("invalid address; expected no user, password or fragment in it".to_owned());
        }
        let address = Self(url);
        match address.0.scheme() {
            "https" => Ok(address),
            "http" if address.is_own() => Ok(address),
            _ => Err("invalid address; expected https, or http on this machine".to_owned()),
        }
    }

    /// Reads one without path and query.
    ///
    /// # Errors
    /// As [`Address::of`], and when it has either.
    pub(super) fn of_origin(text: &str) -> Result<Self, String> {
        let address = Self::of(text)?;
        if address.0.path() != "/" || address.0.query().is_some() {
            return Err("invalid address; expected none but scheme, host and port".to_owned());
        }
        Ok(address)
    }

    /// The address as a text.
    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it is plain HTTP on this machine, where no proxy leads.
    pub(super) fn is_own(&self) -> bool {
        let host = self.0.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        self.0.scheme() == "http" && (is_loopback || host == "localhost")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_asked() {
        for sound in ["https://login.example/realms/a", "http://127.0.0.1:9/x", "http://localhost:1", "http://[::1]:1/"]
        {
            assert!(Address::of(sound).is_ok(), "{sound}");
        }
        for wrong in
            ["http://login.example", "https://u:p@login.example", "ftp://a", "x", "http://127.0.0.1.evil.example"]
        {
            assert!(Address::of(wrong).is_err(), "{wrong}");
        }
        assert!(Address::of_origin("https://a.example").is_ok() && Address::of_origin("https://a.example/x").is_err());
    }
}
