//! Making a ledger, and opening one.

use super::Ledger;
use super::dictionaries::Dictionaries;
use super::put::seal_digest;
use crate::bytes::{self, hex, sha256};
use crate::error::{Error, Result};
use crate::keep;
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
use crate::shared::{ABOUT, Board, SEAL, Shared};
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
    /// Whether a new ledger that replicas share has its index where they share it, with names in clear, and not in a file
    /// beside each copy.
    pub has_shared_index: bool,
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
        Self::init_with(root, master, origin, options, None)
    }

    /// Makes a ledger that replicas share: at its place, and a first copy in a new or empty folder. `address` is what the
    /// folder remembers of the place; it may hold a password. [`Options::has_shared_index`] says where its index is.
    ///
    /// # Errors
    /// As [`Ledger::init`]; when the place cannot be reached, or holds a ledger already.
    pub fn init_shared(
        root: &Path,
        master: &MasterKey,
        origin: Option<&str>,
        options: Options,
        (place, address): (Box<dyn Shared>, &str),
    ) -> Result<Self> {
        Self::init_with(root, master, origin, options, Some((place, address)))
    }

    fn init_with(
        root: &Path,
        master: &MasterKey,
        origin: Option<&str>,
        options: Options,
        shared: Option<(Box<dyn Shared>, &str)>,
    ) -> Result<Self> {
        if let Some(origin) = origin
            && (origin.is_empty() || origin.contains(|c: char| c.is_whitespace() || c == '+'))
        {
            let message = format!("invalid origin `{origin}`; expected a name without blanks and +");
            return Err(Error::Settings { file: "ledger.json".to_owned(), message });
        }
        let layout = Layout::new(root);
        make_folders(&layout)?;
        let seed = note::new_seed();
        let about = About::new(origin, note::public_of(&seed));
        let seal = keys::seal_seed(&layout, &about, master, &seed)?;
        put_default_settings(&layout)?;
        let place = match shared {
            None => None,
            Some((mut place, address)) => {
                let files = vec![(ABOUT.to_owned(), about.encode()), (SEAL.to_owned(), seal)];
                place.create(files, options.has_shared_index)?;
                bytes::write_whole(&layout.shared(), address.as_bytes(), true)?;
                Some(place)
            }
        };
        // Last: without it the folder holds no ledger.
        about.write(&layout)?;
        let (ledger, _) = Self::open_with(root, master, options, place)?;
        let about_sha256 = hex(&sha256(&[&about.encode()]));
        let genesis = Genesis { about_sha256, seal_sha256: hex(&seal_digest(&layout)?) };
        ledger.note(Kind::Genesis, &genesis)?;
        let digest = hex(&sha256(&[DEFAULT_SETTINGS.as_bytes()]));
        ledger.note(Kind::Settings, &SettingsPut { digest, by: "ledger init".to_owned() })?;
        ledger.seal()?;
        Ok(ledger)
    }

    /// Makes a new or empty folder a copy of a shared ledger; what it has comes with the first opening. A folder that is
    /// such a copy already remembers the new address. Says whether the folder was new.
    ///
    /// # Errors
    /// When the place cannot be reached or holds no ledger; when the folder holds something else.
    pub fn join(root: &Path, mut place: Box<dyn Shared>, address: &str) -> Result<bool> {
        let layout = Layout::new(root);
        let missing = |what: &str| {
            let why = format!("it has no {what}; `tidewaiter ledger init` makes a ledger there");
            Error::Database { place: place.place().to_owned(), why }
        };
        let (no_about, no_seal) = (missing(ABOUT), missing(SEAL));
        let about = place.file(ABOUT)?.ok_or(no_about)?;
        let is_new = !layout.about().exists();
        if is_new {
            let seal = place.file(SEAL)?.ok_or(no_seal)?;
            make_folders(&layout)?;
            bytes::write_whole(&layout.root().join(SEAL), &seal, true)?;
            put_default_settings(&layout)?;
        } else if About::read(&layout)?.1 != about || !layout.shared().exists() {
            return Err(Error::NotEmpty { path: root.to_owned() });
        }
        bytes::write_whole(&layout.shared(), address.as_bytes(), true)?;
        if is_new {
            bytes::write_whole(&layout.about(), &about, false)?;
        }
        Ok(is_new)
    }

    /// Opens a ledger for writing. What a crash left at the end of the log is cut off, and the report says so.
    ///
    /// # Errors
    /// Another writer, a wrong master key, a damaged or foreign file, or a log that ends before what was signed.
    pub fn open(root: &Path, master: &MasterKey, options: Options) -> Result<(Self, Report)> {
        Self::open_with(root, master, options, None)
    }

    /// Opens a copy of a shared ledger for writing, and brings it up to what its place has. Other replicas may write
    /// meanwhile, each with a folder of its own.
    ///
    /// # Errors
    /// As [`Ledger::open`]; when the place cannot be reached, or holds another ledger than the folder is a copy of.
    pub fn open_shared(
        root: &Path,
        master: &MasterKey,
        options: Options,
        place: Box<dyn Shared>,
    ) -> Result<(Self, Report)> {
        Self::open_with(root, master, options, Some(place))
    }

    fn open_with(
        root: &Path,
        master: &MasterKey,
        options: Options,
        place: Option<Box<dyn Shared>>,
    ) -> Result<(Self, Report)> {
        let layout = Layout::new(root);
        let (about, _) = About::read(&layout)?;
        if place.is_none() && layout.shared().exists() {
            let why = format!("{} is a copy of a shared ledger, and was opened without its place", root.display());
            return Err(Error::Refused(why));
        }
        let board = Board::default();
        let index_place = place.as_ref().map(|place| place.index());
        let (state, report) = state_of(&layout, &about, master, options.pace, place, &board)?;
        let log = state.log();
        let mut ledger = Self::assemble(layout, about, master, log, Some(Writer::start(state)?))?;
        (ledger.board, ledger.index_place) = (board, index_place);
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

    /// Opens a copy of a shared ledger for reading. It is brought up to what its place has, unless another process has it
    /// open and does so.
    ///
    /// # Errors
    /// As [`Ledger::read`] and [`Ledger::open_shared`].
    pub fn read_shared(root: &Path, master: &MasterKey, mut place: Box<dyn Shared>) -> Result<Self> {
        let layout = Layout::new(root);
        let (about, _) = About::read(&layout)?;
        let (board, index_place) = (Board::default(), place.index());
        board.put_index(place.tip()?.has_index);
        match state_of(&layout, &about, master, Pace::default(), Some(place), &board) {
            Ok(_) | Err(Error::Locked { .. }) => {
                let ledger = Self::read(root, master)?;
                Ok(Self { board, index_place: Some(index_place), ..ledger })
            }
            Err(error) => Err(error),
        }
    }

    fn assemble(
        layout: Layout,
        about: About,
        master: &MasterKey,
        log: Arc<Log>,
        writer: Option<Writer>,
    ) -> Result<Self> {
        let settings = Settings::of(&layout)?;
        let keys = KeyRing::open(&layout, about.id, master.clone())?;
        Ok(Self {
            vault: Vault::new(layout, about, log, keys),
            writer,
            settings: RwLock::new(Arc::new(settings)),
            contexts: Mutex::new(HashMap::new()),
            dictionaries: Dictionaries::default(),
            index: Mutex::new(None),
            index_place: None,
            steps: Mutex::new(()),
            board: Board::default(),
        })
    }
}

/// The folders of a ledger in a new or empty one.
fn make_folders(layout: &Layout) -> Result<()> {
    let root = layout.root();
    bytes::make_folder(root)?;
    let mut there = fs::read_dir(root).map_err(Error::io("read the folder", root))?;
    if there.next().is_some() {
        return Err(Error::NotEmpty { path: root.to_owned() });
    }
    [layout.log(), layout.tiles(), layout.keys(), layout.kept()]
        .iter()
        .try_for_each(|folder| bytes::make_folder(folder))
}

fn put_default_settings(layout: &Layout) -> Result<()> {
    keep::keep(layout, DEFAULT_SETTINGS.as_bytes())?;
    bytes::write_whole(&layout.settings(), DEFAULT_SETTINGS.as_bytes(), false)
}

/// Opens everything that is written, and where replicas share the ledger, brings it up to what its place has.
fn state_of(
    layout: &Layout,
    about: &About,
    master: &MasterKey,
    pace: Pace,
    place: Option<Box<dyn Shared>>,
    board: &Board,
) -> Result<(State, Report)> {
    let lock = store::lock(layout)?;
    let seed = keys::open_seed(layout, about, master)?;
    let cut_of_heads = head::mend(layout)?;
    let heads = head::heads(layout, about)?;
    head::settle(layout, &heads)?;
    let (log, tree, last_time, cut) = open_log(layout, about.id, heads.last().map(|(head, _)| head))?;
    let signer = note::SigningKey::new(&about.origin, &seed);
    let sealed = heads.last().map_or(0, |(head, _)| head.size);
    let (layout, about) = (layout.clone(), about.clone());
    let mut state = State::new(layout, about, log, tree, signer, pace, (last_time, sealed), lock)?;
    if let Some(place) = place {
        state.follow(place, heads.len() as u64, board.clone())?;
    }
    Ok((state, Report { cut, cut_of_heads }))
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
