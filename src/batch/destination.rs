//! What an output path names: a file that is replaced as a whole, or something that is written as it is.
//!
//! A device, a FIFO or a terminal is not a file that can be replaced: renaming over `/dev/null` would put a regular file
//! in its place. A link stays a link; the file that it names is the one replaced.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Links followed one after another, at most; as many as Linux follows.
const MOST_LINKS: usize = 40;

/// Names of this process's own standard output.
const STDOUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Where answers go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Standard output.
    Stdout,
    /// A regular file, there or to be made: written beside and renamed into place. All links of the path are followed.
    Replaced(PathBuf),
    /// A device, a FIFO or an open file of this process: written in place.
    InPlace(PathBuf),
}

impl Destination {
    /// Looks at what `path` names; nothing is made.
    ///
    /// # Errors
    /// When it is a directory or a socket, when links lead round in a circle, or when it cannot be looked at.
    pub fn of(path: &str) -> io::Result<Self> {
        if STDOUT.contains(&path) {
            return Ok(Self::Stdout);
        }
        let mut path = PathBuf::from(path);
        for _ in 0..MOST_LINKS {
            let about = match fs::symlink_metadata(&path) {
                Ok(about) => about,
                Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Self::Replaced(path)),
                Err(e) => return Err(e),
            };
            if about.is_file() {
                return Ok(Self::Replaced(path));
            }
            if about.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            // A link of /proc is an open file; the path it shows need not exist.
            if !about.is_symlink() || path.starts_with("/proc") {
                return Ok(Self::InPlace(path));
            }
            let to = fs::read_link(&path)?;
            path = path.parent().unwrap_or(Path::new("")).join(to);
        }
        Err(io::Error::other("more links than are followed; they may lead round in a circle"))
    }

    /// Opens what is written in place. Nothing is made or cut short.
    ///
    /// # Errors
    /// When it cannot be opened for writing.
    pub fn open(path: &Path) -> io::Result<fs::File> {
        fs::OpenOptions::new().write(true).open(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_devices_are_not_replaced() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let of = |path: &Path| Destination::of(path.to_str().unwrap());
        fs::write(at("file"), "").unwrap();
        symlink("file", at("link")).unwrap();
        symlink(at("link"), at("link of link")).unwrap();
        symlink("to be made", at("dangling")).unwrap();
        symlink("/dev/null", at("null")).unwrap();
        symlink("round", at("round")).unwrap();
        assert_eq!(of(&at("link of link")).unwrap(), Destination::Replaced(at("file")));
        assert_eq!(of(&at("dangling")).unwrap(), Destination::Replaced(at("to be made")));
        assert_eq!(of(&at("null")).unwrap(), Destination::InPlace(PathBuf::from("/dev/null")));
        assert_eq!(of(Path::new("/dev/stdout")).unwrap(), Destination::Stdout);
        of(&at("round")).unwrap_err();
        of(folder.path()).unwrap_err();
    }
}
