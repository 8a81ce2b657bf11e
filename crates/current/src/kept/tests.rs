use super::*;
use crate::{Current, Keep, Recipe};
use engine::screen::{Engine, Limits, Scratch};
use lists::Source;
use model::finding::Screening;
use model::shipment::{Party, Shipment};
use std::fs;
use std::sync::Arc;

const LIST: &str = "name;id;kind;aliases;country;address;registration;passport;imo\n\
    Harbour Dynamics Ltd;1;company;Хаpбор Динамикс|HDL;CN;Room 5, 88 Nathan Road, Kowloon;12345678;;\n\
    \"KIM, Jong Chol\";2;person;Kim Jong-Chol|김정철;KP;;;836410105;\n\
    Quayside Robotics (Shenzhen);3;company;深圳市码头机器人;CN;No. 7 Keji Road, Nanshan;;;\n\
    Lady Brambleton;4;vessel;;PA;;;;9074729\n";

/// A folder with a list and a place for what is kept.
struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        let ground = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(ground.list(), LIST).unwrap();
        ground
    }

    fn list(&self) -> PathBuf {
        self.folder.path().join("own.csv")
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join("compiled/lists")
    }

    fn recipe(&self) -> Recipe {
        Recipe {
            sources: vec![Source::Path(self.list())],
            policy: Arc::default(),
            limits: Limits::default(),
            rules: engine::rule::Rules::builtin(),
        }
    }

    fn key(&self) -> KeptKey {
        KeptLists::key(lists::content_of(&self.recipe().sources).unwrap()).unwrap()
    }

    /// What a program says that starts here, with or without what is kept.
    fn start(&self, keeps: bool) -> (Vec<Screening>, Vec<u8>) {
        let current = Current::new(self.recipe());
        let current = if keeps { current.keeping_compiled(self.folder.path(), Keep::First) } else { current };
        let loaded = current.reload().unwrap().now;
        let mut scratch = Scratch::default();
        let screened = shipments().iter().map(|shipment| loaded.screen(shipment, &mut scratch)).collect();
        (screened, parts_of(loaded.engine()))
    }
}

fn shipments() -> Vec<Shipment> {
    let names =
        ["Harbor Dynamics", "Kim Jong Chol", "Quaysid Robotics Shenzhen", "HDL", "Lotte Quay", "深圳市码头机器人"];
    let party = |name: &&str| Party { name: (*name).to_owned(), ..Party::default() };
    names.iter().map(|name| Shipment { parties: vec![party(name)], ..Shipment::default() }).collect()
}

/// All that was compiled, as bytes.
fn parts_of(engine: &Engine) -> Vec<u8> {
    let mut all = Vec::new();
    let written = engine.write_parts(&mut |name, write| {
        all.extend_from_slice(name.as_bytes());
        let mut out = model::binary::BytesOut::new(&mut all);
        write(&mut out);
        out.finish()
    });
    written.unwrap();
    all
}

/// Numbers that look drawn, and are the same in every run.
fn drawn(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    }
}

#[test]
fn what_is_read_back_is_what_was_compiled() {
    let ground = Ground::new();
    let compiled = ground.start(false);
    assert!(compiled.0.iter().filter(|screening| !screening.findings.is_empty()).count() >= 5);
    assert_eq!(ground.start(true), compiled);
    let key = ground.key();
    let file = KeptFile::open(&KeptLists::of(ground.folder.path()), key).unwrap();
    let (read, anew) = (file.reading().unwrap(), ground.recipe().read().unwrap());
    assert!(read.snapshot.is_as(&anew.snapshot));
    assert_eq!((read.snapshot.entries(), &read.sources), (anew.snapshot.entries(), &anew.sources));
    let engine = ground.recipe().read_back(read.snapshot, &file).unwrap();
    assert_eq!(parts_of(&engine), compiled.1);
    assert_eq!(ground.start(true), compiled);
}

#[test]
fn a_file_changed_anywhere_is_never_used_and_is_written_anew() {
    let ground = Ground::new();
    let compiled = ground.start(true);
    let whole = fs::read(ground.kept()).unwrap();
    let mut draw = drawn(15);
    let changed = |draw: &mut dyn FnMut(usize) -> usize| {
        let mut bytes = whole.clone();
        // One bit, a byte, or a stretch of bytes.
        let at = draw(bytes.len());
        match draw(3) {
            0 => bytes[at] ^= 1 << draw(8),
            1 => bytes[at] = bytes[at].wrapping_add(1 + draw(255) as u8),
            _ => bytes[at..].iter_mut().take(1 + draw(64)).for_each(|byte| *byte = !*byte),
        }
        bytes
    };
    let ends = [0, 1, BEGINNING - 1, BEGINNING, BEGINNING + END, whole.len() / 2, whole.len() - 1];
    let mut damaged: Vec<Vec<u8>> = ends.iter().map(|end| whole[..*end].to_vec()).collect();
    damaged.push([&whole[..], b"x"].concat());
    damaged.extend((0..60).map(|_| changed(&mut draw)));
    let key = ground.key();
    for (number, bytes) in damaged.into_iter().enumerate() {
        fs::write(ground.kept(), &bytes).unwrap();
        let opened = KeptFile::open(&KeptLists::of(ground.folder.path()), key);
        let used = opened.and_then(|file| {
            let reading = file.reading()?;
            ground.recipe().read_back(reading.snapshot, &file)
        });
        assert!(used.is_err(), "damage {number}");
        assert_eq!(ground.start(true), compiled, "damage {number}");
        assert!(fs::read(ground.kept()).unwrap() == whole, "damage {number}");
    }
}

#[test]
fn what_is_kept_for_other_lists_is_not_used() {
    let ground = Ground::new();
    ground.start(true);
    let before = fs::read(ground.kept()).unwrap();
    fs::write(ground.list(), LIST.replace("Harbour", "Horbour")).unwrap();
    assert_eq!(ground.start(true), ground.start(false));
    assert!(fs::read(ground.kept()).unwrap() != before);
}

#[test]
fn without_a_place_to_write_lists_are_compiled() {
    let ground = Ground::new();
    let compiled = ground.start(false);
    // A file where the folder should be; a folder where the file should be.
    fs::write(ground.folder.path().join("compiled"), "").unwrap();
    assert_eq!(ground.start(true), compiled);
    fs::remove_file(ground.folder.path().join("compiled")).unwrap();
    fs::create_dir_all(ground.kept()).unwrap();
    assert_eq!(ground.start(true), compiled);
    assert!(ground.kept().is_dir() && !ground.folder.path().join("compiled/.lists.new").exists());
}
