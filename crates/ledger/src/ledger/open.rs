//! Making a ledger, and opening one.

use super::Ledger;
use super::put::{seal_digest, write_settings};
use crate::bytes::{self, hex, sha256};
use crate::error::{Error, Result};
use crate::keys::{self, KeyRing, MasterKey};
use crate::layout::{About, Layout, LedgerId};
use crate::log::frame::{Kind, Sealed};
use crate::log::reader::Log;
use crate::log::segment;
use crate::log::store::{self, Cut};
use crate::proof::head::{self, Head};
use crate::proof::tiles::{TileReader, TileWriter, WIDTH};
use crate::proof::{note, tree};
use crate::record::{Genesis, SettingsPut};
use crate::settings::{DEFAULT_SETTINGS, Settings};
use crate::vault::Vault;
use crate::writer::{Pace, State, Writer};
use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, RwLock};

/// How a ledger is opened.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// When heads are signed, and how large segments become.
    pub pace: Pace,
}

/// What opening a ledger found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What a crash had left at the end of the log and was cut off; `None`: nothing.
    pub cut: Option<Cut>,
    /// Bytes of a signed head that a crash had left, cut off, too.
    pub cut_of_heads: u64,
}

impl Ledger {
    /// Makes a ledger in a new or empty folder. `origin` is its name in signed heads, for example `example.com/ledger`.
    ///
    /// # Errors
    /// When the folder holds something, or cannot be written.
    pub fn init(root: &Path, master: &MasterKey, origin: Option<&str>, options: Options) -> Result<Self> {
        if let Some(origin) = origin
            && (origin.is_empty() || origin.contains(|c: char| c.is_whitespace() || c == '+'))
        {
            let message = format!("invalid origin `{origin}`; expected a name without blanks and +");
            return Err(Error::Settings { file: "ledger.json".to_owned(), message });
        }
        let layout = Layout::new(root);
        bytes::make_folder(root)?;
        let mut there = fs::read_dir(root).map_err(Error::io("read the folder", root))?;
        if there.next().is_some() {
            return Err(Error::NotEmpty { path: root.to_owned() });
        }
        for folder in [layout.log(), layout.tiles(), layout.keys(), layout.kept()] {
            bytes::make_folder(&folder)?;
        }
        let seed = note::new_seed();
        let about = About::new(origin, note::public_of(&seed));
        keys::seal_seed(&layout, &about, master, &seed)?;
        write_settings(&layout, DEFAULT_SETTINGS, |_| Ok(()))?;
        // Last: without it the folder holds no ledger.
        about.write(&layout)?;
        let (ledger, _) = Self::open(root, master, options)?;
        let about_sha256 = hex(&sha256(&[&about.encode()]));
        let genesis = Genesis { about_sha256, seal_sha256: hex(&seal_digest(&layout)?) };
        ledger.note(Kind::Genesis, &genesis)?;
        let digest = hex(&sha256(&[DEFAULT_SETTINGS.as_bytes()]));
        ledger.note(Kind::Settings, &SettingsPut { digest, by: "ledger init".to_owned() })?;
        ledger.seal()?;
        Ok(ledger)
    }

    /// Opens a ledger for writing. What a crash left at the end of the log is cut off, and the report says so.
    ///
    /// # Errors
    /// Another writer, a wrong master key, a damaged or foreign file, or a log that ends before what was signed.
    pub fn open(root: &Path, master: &MasterKey, options: Options) -> Result<(Self, Report)> {
        let layout = Layout::new(root);
        let (about, _) = About::read(&layout)?;
        let lock = store::lock(&layout)?;
        let seed = keys::open_seed(&layout, &about, master)?;
        let mut report = Report { cut_of_heads: head::mend(&layout)?, ..Report::default() };
        let heads = head::heads(&layout, &about)?;
        let (log, tree, last_time, cut) = open_log(&layout, about.id, heads.last().map(|(head, _)| head))?;
        report.cut = cut;
        let signer = note::SigningKey::new(&about.origin, &seed);
        let sealed = heads.last().map_or(0, |(head, _)| head.size);
        let state = State::new(
            layout.clone(),
            about.clone(),
            Arc::clone(&log),
            tree,
            signer,
            options.pace,
            (last_time, sealed),
            lock,
        )?;
        let ledger = Self::assemble(layout, about, master, log, Some(Writer::start(state)?))?;
        Ok((ledger, report))
    }

    /// Opens a ledger for reading; another process may write it. Nothing is changed.
    ///
    /// # Errors
    /// A wrong master key, a damaged or foreign file.
    pub fn read(root: &Path, master: &MasterKey) -> Result<Self> {
        let layout = Layout::new(root);
        let (about, _) = About::read(&layout)?;
        keys::open_seed(&layout, &about, master)?;
        let opened = store::open(&layout, about.id, false, |_| Ok(()))?;
        let log = Arc::new(Log::new(&layout.log(), opened.places));
        Self::assemble(layout, about, master, log, None)
    }

    fn assemble(
        layout: Layout,
        about: About,
        master: &MasterKey,
        log: Arc<Log>,
        writer: Option<Writer>,
    ) -> Result<Self> {
        let path = layout.settings();
        let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        let settings = Settings::read(&text, &path.display().to_string())?;
        let keys = KeyRing::open(&layout, about.id, master.clone())?;
        Ok(Self {
            vault: Vault::new(layout, about, log, keys),
            writer,
            settings: RwLock::new(Arc::new(settings)),
            contexts: Mutex::new(HashMap::new()),
            index: Mutex::new(None),
            steps: Mutex::new(()),
        })
    }
}

/// Makes offsets and tiles again from the log, and takes away what is no tile of its tree. The ledger must not be open.
///
/// # Errors
/// Another writer, a wrong master key, or a damaged log.
pub fn rebuild(layout: &Layout, master: &MasterKey) -> Result<()> {
    let (about, _) = About::read(layout)?;
    let _lock = store::lock(layout)?;
    keys::open_seed(layout, &about, master)?;
    for first in segment::list(&layout.log())? {
        let offsets = segment::offsets_of(&segment::path_of(&layout.log(), first));
        match fs::remove_file(&offsets) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("remove", &offsets)(e)),
            _ => {}
        }
    }
    let opened = store::open(layout, about.id, true, |_| Ok(()))?;
    let (log, size) = (Log::new(&layout.log(), opened.places.clone()), opened.places.size());
    fs::remove_dir_all(layout.tiles()).map_err(Error::io("remove", &layout.tiles()))?;
    bytes::make_folder(&layout.tiles())?;
    let mut tree = TileWriter::resume(&layout.tiles(), 0)?;
    let sealed = head::heads(layout, &about)?.last().map_or(0, |(head, _)| head.size);
    log.each_until(0, size, |record| {
        tree.push(record.leaf())?;
        // The copies are those of the last head.
        if tree.range().size() == sealed { tree.write_partial() } else { Ok(()) }
    })
}

type OpenLog = (Arc<Log>, TileWriter, i64, Option<Cut>);

/// Opens log and tree, and holds them against the last signed head.
fn open_log(layout: &Layout, id: LedgerId, signed: Option<&Head>) -> Result<OpenLog> {
    let mut leaves = Vec::new();
    let opened = store::open(layout, id, true, |record: &Sealed| {
        leaves.push(record.leaf());
        Ok(())
    })?;
    let size = opened.places.size();
    if let Some(signed) = signed.filter(|head| head.size > size) {
        return Err(Error::Lost { path: layout.root().to_owned(), size, signed: signed.size });
    }
    let log = Arc::new(Log::new(&layout.log(), opened.places));
    let last = size - leaves.len() as u64;
    let start = last - last % WIDTH as u64;
    let mut tree = TileWriter::resume(&layout.tiles(), start)?;
    let check = |tree: &TileWriter| match signed {
        Some(head) if head.size == tree.range().size() && head.root != tree.range().root() => {
            let why = format!("the records do not give the root that was signed over the first {}", head.size);
            Err(Error::damaged(&layout.log(), 0, None, why))
        }
        _ => Ok(()),
    };
    check(&tree)?;
    for number in start..last {
        tree.push(log.read(number)?.leaf())?;
        check(&tree)?;
    }
    for leaf in leaves {
        tree.push(leaf)?;
        check(&tree)?;
    }
    if let Some(head) = signed.filter(|head| head.size < start)
        && tree::range(&TileReader::new(&layout.tiles()), head.size)?.root() != head.root
    {
        let why = format!("the tiles do not give the root that was signed over the first {}", head.size);
        return Err(Error::damaged(&layout.tiles(), 0, None, why));
    }
    Ok((log, tree, opened.last_time.unwrap_or(i64::MIN), opened.cut))
}
