//! Which file of a crate uses which other: imports and paths, followed through re-exports to the file that defines
//! what is used.

use super::source::{tokens, without_tests};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A module's path from the crate's root; the root is empty.
pub(crate) type Module = Vec<String>;

/// Who uses whom, with one path that shows it.
pub(crate) type Uses = BTreeMap<(Module, Module), String>;

/// What one file says.
#[derive(Default)]
struct File {
    /// Names that `use` brings in, each with the path it stands for.
    bound: BTreeMap<String, Module>,
    /// Those of them that are passed on (`pub use`).
    passed_on: BTreeSet<String>,
    /// Paths that `use` brings in whole (`::*`).
    globs: Vec<Module>,
    /// Names that the file defines.
    defined: BTreeSet<String>,
    /// Paths of two words or more outside of `use`.
    paths: Vec<Module>,
    /// Single words outside of `use`.
    words: BTreeSet<String>,
}

enum Target {
    Module(Module),
    /// Something that the file of this module defines.
    Item(Module),
}

/// The sources below a folder, in the order of their paths.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.expect("the entry reads").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Whether only tests compile the file.
pub(crate) fn is_test(path: &Path) -> bool {
    path.iter().any(|part| part == "tests" || part == "tests.rs")
}

/// The modules of a crate, from the files below its `src`, tests left out.
pub(crate) struct Crate {
    files: BTreeMap<Module, File>,
}

impl Crate {
    pub(crate) fn read(src: &Path) -> Self {
        let mut modules = BTreeMap::new();
        for path in files(src) {
            let inside = path.strip_prefix(src).expect("it is inside").with_extension("");
            let mut module: Module = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
            // The binary is a user of the library, and no part of it.
            if is_test(&path) || module == ["main"] {
                continue;
            }
            if module == ["lib"] {
                module.clear();
            }
            let text = std::fs::read_to_string(&path).expect("the file reads");
            modules.insert(module, File::read(&without_tests(&tokens(&text))));
        }
        Self { files: modules }
    }

    /// A crate made up of texts, for tests.
    #[cfg(test)]
    pub(crate) fn of(texts: &[(&str, &str)]) -> Self {
        let module = |name: &str| name.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let file = |text: &str| File::read(&without_tests(&tokens(text)));
        Self { files: texts.iter().map(|(name, text)| (module(name), file(text))).collect() }
    }

    pub(crate) fn modules(&self) -> impl Iterator<Item = &Module> {
        self.files.keys()
    }

    /// Every use of one file by another. A re-export is no use: who imports through it uses the file that defines.
    pub(crate) fn uses(&self) -> Uses {
        let mut uses = Uses::new();
        for (module, file) in &self.files {
            let is_used = |name: &String| !file.passed_on.contains(name) || file.words.contains(name);
            let bound = file.bound.iter().filter(|(name, _)| is_used(name)).map(|(_, path)| path);
            for path in bound.chain(&file.paths).chain(&file.globs) {
                let used = match self.resolve(module, path, 0) {
                    Some(Target::Item(used)) => used,
                    Some(Target::Module(used)) if file.globs.contains(path) => used,
                    // The module's name alone; what is used of it stands in a longer path.
                    Some(Target::Module(_)) | None => continue,
                };
                if used != *module {
                    uses.entry((module.clone(), used)).or_insert_with(|| path.join("::"));
                }
            }
        }
        uses
    }

    fn resolve(&self, from: &Module, path: &[String], depth: usize) -> Option<Target> {
        let (first, mut rest) = path.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(Module::new()),
            "self" => Target::Module(from.clone()),
            "super" => {
                let mut above = from.clone();
                above.pop()?;
                while let Some((_, further)) = rest.split_first().filter(|(next, _)| *next == "super") {
                    above.pop()?;
                    rest = further;
                }
                Target::Module(above)
            }
            // A crate's name, a generic parameter, or a type of this file: no use of another file.
            name => self.member(from, name, depth)?,
        };
        for name in rest {
            match target {
                Target::Item(_) => break,
                Target::Module(module) => {
                    target = match self.member(&module, name, depth) {
                        Some(member) => member,
                        // What an import from another crate is seen through is no use of the file.
                        None if self.files.get(&module)?.bound.contains_key(name) => return None,
                        None => Target::Item(module),
                    };
                }
            }
        }
        Some(target)
    }

    /// What a name means in a module: a module below it, what it imports, what it defines.
    fn member(&self, module: &Module, name: &str, depth: usize) -> Option<Target> {
        // Imports that go in a ring do not compile; the limit is for what this reader misunderstands.
        if depth > 16 {
            return None;
        }
        let below: Module = module.iter().cloned().chain([name.to_owned()]).collect();
        if self.files.contains_key(&below) {
            return Some(Target::Module(below));
        }
        let file = self.files.get(module)?;
        if file.defined.contains(name) {
            return Some(Target::Item(module.clone()));
        }
        if let Some(path) = file.bound.get(name) {
            // `use name::Thing` of a crate called like the imported name ends here.
            return (path.as_slice() != [name]).then(|| self.resolve(module, path, depth + 1))?;
        }
        file.globs.iter().find_map(|glob| match self.resolve(module, glob, depth + 1)? {
            Target::Module(whole) if whole != *module => self.member(&whole, name, depth + 1),
            _ => None,
        })
    }
}

impl File {
    fn read(tokens: &[String]) -> Self {
        let mut file = Self::default();
        let mut at = 0;
        let is_word = |token: &String| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
        while at < tokens.len() {
            if tokens[at] == "use" && tokens.get(at + 1).is_none_or(|next| next != "<") {
                let before: BTreeSet<String> = file.bound.keys().cloned().collect();
                let is_passed_on = at > 0 && matches!(tokens[at - 1].as_str(), "pub" | ")");
                at += 1 + file.tree(&tokens[at + 1..], &Module::new());
                if is_passed_on {
                    file.passed_on.extend(file.bound.keys().filter(|name| !before.contains(*name)).cloned());
                }
                continue;
            }
            if !is_word(&tokens[at]) {
                at += 1;
                continue;
            }
            if DEFINES.contains(&tokens[at].as_str()) {
                let name = tokens[at + 1..].iter().find(|t| is_word(t) && !DEFINES.contains(&t.as_str()));
                file.defined.extend(name.cloned());
            }
            let is_start = at == 0 || tokens[at - 1] != "::";
            let mut path = vec![tokens[at].clone()];
            while tokens.get(at + 1).is_some_and(|t| t == "::") && tokens.get(at + 2).is_some_and(is_word) {
                at += 2;
                path.push(tokens[at].clone());
            }
            if is_start {
                file.words.insert(path[0].clone());
                if path.len() > 1 {
                    file.paths.push(path);
                }
            }
            at += 1;
        }
        file
    }

    /// Reads a tree of imports; says how many tokens it has.
    fn tree(&mut self, tokens: &[String], before: &Module) -> usize {
        let mut path = before.clone();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token.as_str() {
                "::" => at += 1,
                "*" => {
                    self.globs.push(path);
                    return at + 1;
                }
                "{" => {
                    at += 1;
                    while tokens.get(at).is_some_and(|t| t != "}") {
                        at += if tokens[at] == "," { 1 } else { self.tree(&tokens[at..], &path) };
                    }
                    return at + 1;
                }
                "as" => {
                    self.bound.insert(tokens[at + 1].clone(), path);
                    return at + 2;
                }
                "," | "}" | ";" => {
                    if let Some(name) = path.last().cloned() {
                        self.bound.insert(name, path);
                    }
                    return at;
                }
                // `use a::{self}` brings in `a`.
                "self" if !path.is_empty() => at += 1,
                name => {
                    path.push(name.to_owned());
                    at += 1;
                }
            }
        }
        at
    }
}

/// The words before a name that is defined.
const DEFINES: [&str; 10] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod", "macro_rules"];

#[test]
fn imports_are_followed_to_the_file_that_defines() {
    let house = Crate::of(&[
        ("", "pub mod a; pub mod b;"),
        ("a", "mod deep; pub use deep::Thing; use text::Folded; pub struct Own; fn f() { deep::run() }"),
        ("a::deep", "use super::{Folded, Own}; pub struct Thing; pub fn run(f: Folded) {}"),
        ("b", "use crate::a::{self, Thing}; fn f() { a::Own; self::g::<Thing>(); } fn g() {}"),
    ]);
    let told: Vec<String> =
        house.uses().iter().map(|((a, b), path)| format!("{} {} {path}", a.join("::"), b.join("::"))).collect();
    assert_eq!(
        told,
        ["a a::deep deep::run", "a::deep a super::Own", "b a a::Own", "b a::deep crate::a::Thing"],
        "a re-export is no use, and neither is another crate's type seen through a module"
    );
}
