//! The readers on the real files of `../shared/data/lists`: every row, every repair counted.

use std::path::{Path, PathBuf};
use std::time::Instant;
use tidewaiter::entry::{IdentifierType, NameKind};
use tidewaiter::list::{self, ListInfo, Snapshot, Source};

/// The file, or a note that the test cannot run without it.
fn real(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/lists").join(name);
    if !path.exists() {
        #[expect(clippy::print_stderr, reason = "a skipped test must say so")]
        {
            eprintln!("skipped: {} is not there", path.display());
        }
        return None;
    }
    Some(path)
}

fn summary(info: &ListInfo) -> (String, u32, u32) {
    (info.id.to_string(), info.entries, info.names)
}

#[test]
fn the_consolidated_screening_list() {
    let Some(path) = real("us/csl_2022-05.csv.gz") else { return };
    let start = Instant::now();
    let snapshot = Snapshot::load(&[Source::Path(path)]).unwrap();
    eprintln!("{:?}", start.elapsed());
    for l in snapshot.lists() {
        eprintln!("{:?} {:?}", summary(l), l.repairs);
    }
}

#[test]
fn ofac() {
    for f in ["us/ofac_sdn_2024-05-07.xml.gz", "us/ofac_cons_2024-05-06.xml.gz"] {
        let Some(path) = real(f) else { return };
        let start = Instant::now();
        let infos = list::check(&path).unwrap();
        eprintln!("{:?}", start.elapsed());
        for l in infos {
            eprintln!("{:?} {:?} {:?}", summary(&l), l.published, l.repairs);
        }
    }
}
