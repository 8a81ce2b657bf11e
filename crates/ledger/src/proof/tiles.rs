//! Tiles (C2SP tlog-tiles): 256 hashes of one level in a file, named by level and place.
//!
//! Whole tiles never change. Of a tile in the making a copy is written when a head is signed, named by its width, so that
//! whoever has the folder and a head can work out every proof under it.

use super::tree::{Hashes, Range, node, range};
use crate::bytes::{self, Digest};
use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

/// Hashes of a whole tile.
pub(crate) const WIDTH: usize = 256;
/// Levels of the tree in one tile.
const HEIGHT: u32 = 8;
/// How often, and how long apart, a copy is looked for while somebody writes.
const LOOKS: u32 = 5;
const BETWEEN: Duration = Duration::from_millis(20);

/// The path of a whole tile: the number in groups of three digits.
pub(crate) fn path(folder: &Path, level: usize, number: u64) -> PathBuf {
    let mut groups = vec![format!("{:03}", number % 1000)];
    let mut rest = number / 1000;
    while rest > 0 {
        groups.push(format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.reverse();
    folder.join(level.to_string()).join(groups.join("/"))
}

/// The folder of the copies of a tile in the making.
pub(crate) fn partial_folder(whole: &Path) -> PathBuf {
    let mut name = whole.file_name().unwrap_or_default().to_os_string();
    name.push(".p");
    whole.with_file_name(name)
}

/// The root over hashes whose count is a power of two.
pub(crate) fn root(hashes: &[Digest]) -> Digest {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| node(&pair[0], &pair[1])).collect();
    }
    level[0]
}

/// Appends leaves and writes tiles.
#[derive(Debug)]
pub(crate) struct TileWriter {
    folder: PathBuf,
    /// Of each level, the hashes of the tile in the making.
    pending: Vec<Vec<Digest>>,
    range: Range,
    /// Whole tiles written since the last call of [`TileWriter::unsynced`].
    written: Vec<PathBuf>,
    /// Nothing is written: tiles that are other than they should be come here.
    faults: Option<Vec<Error>>,
    /// Tiles are compared while somebody writes more of them: only those of a tree of this size.
    beside: Option<u64>,
    /// Copies of tiles in the making that should be there: path, path of the whole tile, hashes.
    copies: Vec<(PathBuf, PathBuf, Vec<u8>)>,
}

impl TileWriter {
    /// Continues behind `size` leaves, a multiple of 256, from the tiles in the folder.
    pub(crate) fn resume(folder: &Path, size: u64) -> Result<Self> {
        debug_assert_eq!(size % WIDTH as u64, 0);
        let reader = TileReader::new(folder);
        let mut pending = vec![Vec::new()];
        let mut entries = size / WIDTH as u64;
        let mut level = 0;
        while entries > 0 {
            // Entries of the level above are the roots of whole tiles of this one.
            let first = entries - entries % WIDTH as u64;
            let roots = (first..entries).map(|n| Ok(root(&reader.whole(level, n)?))).collect::<Result<_>>()?;
            pending.push(roots);
            entries /= WIDTH as u64;
            level += 1;
        }
        let (folder, range) = (folder.to_owned(), range(&reader, size)?);
        Ok(Self { folder, pending, range, written: Vec::new(), faults: None, beside: None, copies: Vec::new() })
    }

    /// As [`TileWriter::resume`], and compares with the tiles that are there rather than write them. `beside`: somebody
    /// writes meanwhile, and had signed a head over so many leaves.
    pub(crate) fn check(folder: &Path, size: u64, beside: Option<u64>) -> Result<Self> {
        Ok(Self { faults: Some(Vec::new()), beside, ..Self::resume(folder, size)? })
    }

    /// What is wrong with the tiles that were compared.
    pub(crate) fn into_faults(self) -> Vec<Error> {
        self.faults.unwrap_or_default()
    }

    /// The tree so far.
    pub(crate) fn range(&self) -> &Range {
        &self.range
    }

    /// Adds a leaf.
    pub(crate) fn push(&mut self, leaf: Digest) -> Result<()> {
        self.range.push(leaf);
        self.add(0, leaf)
    }

    fn add(&mut self, level: usize, hash: Digest) -> Result<()> {
        if self.pending.len() == level {
            self.pending.push(Vec::new());
        }
        self.pending[level].push(hash);
        if self.pending[level].len() < WIDTH {
            return Ok(());
        }
        let number = (self.range.size() >> (HEIGHT * (level as u32 + 1))) - 1;
        let whole = std::mem::take(&mut self.pending[level]);
        self.write(level, number, &whole)?;
        self.add(level + 1, root(&whole))
    }

    fn write(&mut self, level: usize, number: u64, hashes: &[Digest]) -> Result<()> {
        let path = path(&self.folder, level, number);
        let bytes = hashes.concat();
        if self.beside.is_some_and(|signed| self.range.size() > signed) {
            // It may be on its way.
            return Ok(());
        }
        if fs::read(&path).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        if let Some(faults) = &mut self.faults {
            faults.push(other_tile(&path));
            return Ok(());
        }
        write_tile(&path, &bytes)?;
        // The copies from when it was in the making.
        remove_folder(&partial_folder(&path))?;
        self.written.push(path);
        Ok(())
    }

    /// Here the tree is as it was when the last head was signed: the tiles in the making have copies.
    pub(crate) fn check_partial(&mut self) {
        if self.beside.is_some() {
            self.check_partial_beside();
            return;
        }
        for (level, hashes) in self.pending.iter().enumerate().filter(|(_, hashes)| !hashes.is_empty()) {
            let whole = path(&self.folder, level, self.range.size() >> (HEIGHT * (level as u32 + 1)));
            let copy = partial_folder(&whole).join(hashes.len().to_string());
            self.copies.push((copy, whole, hashes.concat()));
        }
    }

    /// Here the tree is whole: compares the copies, except those of tiles that have become whole since, and names every
    /// file of the folder that is no tile of this tree.
    pub(crate) fn check_files(&mut self) -> Result<()> {
        if self.beside.is_some() {
            return Ok(());
        }
        let mut expected = BTreeSet::new();
        let mut faults = Vec::new();
        let mut entries = self.range.size() / WIDTH as u64;
        let mut level = 0;
        while entries > 0 {
            expected.extend((0..entries).map(|n| path(&self.folder, level, n)));
            entries /= WIDTH as u64;
            level += 1;
        }
        for (copy, whole, hashes) in &self.copies {
            let there = fs::read(copy);
            let is_gone = there.is_err() && expected.contains(whole);
            if !is_gone && there.ok().as_ref() != Some(hashes) {
                faults.push(other_tile(copy));
            }
        }
        expected.extend(self.copies.drain(..).map(|(copy, ..)| copy));
        for file in files_below(&self.folder)? {
            if !expected.contains(&file) {
                faults.push(Error::damaged(&file, 0, None, "no tile of this tree; take it away"));
            }
        }
        self.faults.get_or_insert_default().extend(faults);
        Ok(())
    }

    /// The same while somebody writes: a copy may have become a longer one, or a whole tile, and more files have come.
    fn check_partial_beside(&mut self) {
        let reader = TileReader::new(&self.folder);
        for (level, hashes) in self.pending.iter().enumerate().filter(|(_, hashes)| !hashes.is_empty()) {
            let number = self.range.size() >> (HEIGHT * (level as u32 + 1));
            let is_there = || {
                let there = reader.at_least(level, number, hashes.len());
                there.is_ok_and(|there| there[..hashes.len()] == hashes[..])
            };
            // One copy is taken away before the next is written.
            let look = |_: u32| {
                let found = is_there();
                if !found {
                    thread::sleep(BETWEEN);
                }
                found
            };
            if !(0..LOOKS).any(look) {
                self.faults.get_or_insert_default().push(other_tile(&path(&self.folder, level, number)));
            }
        }
    }

    /// Writes copies of the tiles in the making, and takes away the older ones.
    pub(crate) fn write_partial(&self) -> Result<()> {
        self.write_partial_until(self.range.size())
    }

    /// The same where the tree is of `size` leaves already: a tile that is whole has no copies.
    fn write_partial_until(&self, size: u64) -> Result<()> {
        for (level, hashes) in self.pending.iter().enumerate() {
            let number = self.range.size() >> (HEIGHT * (level as u32 + 1));
            // Those of a tile that became whole while nobody looked, too.
            for number in [number.checked_sub(1), Some(number)].into_iter().flatten() {
                remove_folder(&partial_folder(&path(&self.folder, level, number)))?;
            }
            let is_whole = number < size >> (HEIGHT * (level as u32 + 1));
            if !hashes.is_empty() && !is_whole {
                let whole = path(&self.folder, level, number);
                write_tile(&partial_folder(&whole).join(hashes.len().to_string()), &hashes.concat())?;
            }
        }
        Ok(())
    }

    /// The tiles written since the last call, which may not be on disk yet.
    pub(crate) fn unsynced(&mut self) -> Vec<PathBuf> {
        std::mem::take(&mut self.written)
    }
}

/// Writes the copies of a head over `signed` leaves, where the tree is of `size` leaves by now.
pub(crate) fn write_copies(folder: &Path, signed: u64, size: u64, leaf: impl Fn(u64) -> Result<Digest>) -> Result<()> {
    let start = signed - signed % WIDTH as u64;
    let mut tree = TileWriter::resume(folder, start)?;
    for number in start..signed {
        tree.push(leaf(number)?)?;
    }
    tree.write_partial_until(size)
}

fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", folder)(e)),
        _ => Ok(()),
    }
}

fn other_tile(path: &Path) -> Error {
    Error::damaged(
        path,
        0,
        None,
        "the tile is not the one that the log gives; `tidewaiter ledger rebuild` makes it again",
    )
}

/// Every file of a folder and those below it.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(&folder).map_err(Error::io("read the folder", &folder))? {
            let path = file.map_err(Error::io("read the folder", &folder))?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Tiles are made again from the log where they are missing, so they are not written durably one by one.
fn write_tile(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || fs::write(path, bytes);
    match write() {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            bytes::make_folder(path.parent().unwrap_or(Path::new(".")))?;
            write().map_err(Error::io("write", path))
        }
        done => done.map_err(Error::io("write", path)),
    }
}

/// Reads tiles.
#[derive(Clone, Debug)]
pub(crate) struct TileReader {
    folder: PathBuf,
}

impl TileReader {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn read(path: &Path, width: usize) -> Result<Vec<Digest>> {
        let bytes = fs::read(path).map_err(Error::io("read the tile", path))?;
        if bytes.len() != width * 32 {
            let why = format!("the tile has {} bytes; expected {}", bytes.len(), width * 32);
            return Err(Error::damaged(path, 0, None, why));
        }
        Ok(bytes.chunks_exact(32).map(|hash| hash.try_into().expect("a chunk has 32 bytes")).collect())
    }

    /// A whole tile.
    fn whole(&self, level: usize, number: u64) -> Result<Vec<Digest>> {
        Self::read(&path(&self.folder, level, number), WIDTH)
    }

    /// A tile of at least `width` hashes: the whole one, or the widest copy.
    fn at_least(&self, level: usize, number: u64, width: usize) -> Result<Vec<Digest>> {
        let whole = path(&self.folder, level, number);
        if whole.exists() {
            return Self::read(&whole, WIDTH);
        }
        let folder = partial_folder(&whole);
        match Self::widest(&folder, width) {
            Some(widest) => Self::read(&folder.join(widest.to_string()), widest),
            None => {
                Err(Error::damaged(&whole, 0, None, "the tile is missing; `tidewaiter ledger rebuild` makes it again"))
            }
        }
    }

    /// The widest copy of a tile in the making that has at least `width` hashes.
    fn widest(folder: &Path, width: usize) -> Option<usize> {
        let names = fs::read_dir(folder).into_iter().flatten().flatten();
        let widths = names.filter_map(|f| f.file_name().to_str()?.parse::<usize>().ok());
        widths.filter(|w| (width..WIDTH).contains(w)).max()
    }

    /// As [`TileReader::at_least`]; where a tile in the making has no copy that is wide enough, because no head has been signed
    /// since, from the whole tiles below it.
    fn made(&self, level: usize, number: u64, width: usize) -> Result<Vec<Digest>> {
        let whole = path(&self.folder, level, number);
        if level == 0 || whole.exists() || Self::widest(&partial_folder(&whole), width).is_some() {
            return self.at_least(level, number, width);
        }
        let first = number * WIDTH as u64;
        (first..first + width as u64).map(|below| Ok(root(&self.whole(level - 1, below)?))).collect()
    }
}

impl Hashes for TileReader {
    type Error = Error;

    fn at(&self, height: u32, index: u64) -> Result<Digest> {
        let level = (height / HEIGHT) as usize;
        let below = height % HEIGHT;
        let first = index << below;
        let from = usize::try_from(first % WIDTH as u64).expect("it is below 256");
        let until = from + (1 << below);
        Ok(root(&self.made(level, first / WIDTH as u64, until)?[from..until]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::sha256;
    use crate::proof::tree::{inclusion, root_by_inclusion};

    #[test]
    fn tiles_are_named_as_the_standard_has_it() {
        let name = |level, n| path(Path::new("tile"), level, n).display().to_string();
        assert_eq!(name(0, 1_234_067), "tile/0/x001/x234/067");
        assert_eq!(name(1, 7), "tile/1/007");
        assert_eq!(partial_folder(&path(Path::new("tile"), 0, 273)), Path::new("tile/0/273.p"));
    }

    #[test]
    fn a_tree_is_resumed_where_no_head_was_signed_before_a_crash() {
        let folder = tempfile::tempdir().unwrap();
        let leaf = |n: u64| sha256(&[&[0], &n.to_le_bytes()]);
        let mut before = TileWriter::resume(folder.path(), 0).unwrap();
        (0..256 * 3 + 9).for_each(|n| before.push(leaf(n)).unwrap());
        let mut resumed = TileWriter::resume(folder.path(), 256 * 3).unwrap();
        (256 * 3..256 * 3 + 9).for_each(|n| resumed.push(leaf(n)).unwrap());
        assert_eq!((resumed.range(), &resumed.pending), (before.range(), &before.pending));
    }

    #[test]
    fn a_tree_of_several_levels_is_resumed_from_its_tiles() {
        let folder = tempfile::tempdir().unwrap();
        let leaf = |n: u64| sha256(&[&[0], &n.to_le_bytes()]);
        let size = 256 * 256 + 2 * 256 + 5;
        let mut whole = TileWriter::resume(folder.path(), 0).unwrap();
        (0..size).for_each(|n| whole.push(leaf(n)).unwrap());
        whole.write_partial().unwrap();
        let mut resumed = TileWriter::resume(folder.path(), size - 5).unwrap();
        (size - 5..size).for_each(|n| resumed.push(leaf(n)).unwrap());
        assert_eq!((resumed.range(), &resumed.pending), (whole.range(), &whole.pending));
        assert!(resumed.unsynced().is_empty(), "what is there already is not written again");
        let reader = TileReader::new(folder.path());
        for index in [0, 255, 256, 65_535, 65_536, size - 1] {
            let proof = inclusion(&reader, index, size).unwrap();
            assert_eq!(root_by_inclusion(leaf(index), index, size, &proof), Some(whole.range().root()));
        }
    }
}
