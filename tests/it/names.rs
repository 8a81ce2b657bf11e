//! The comparison of names on data that others wrote: labelled pairs, two publishers of one party, a listed name
//! that is asked for after it was taken out, and the legal forms of the world.

mod laws;
mod leave_one_out;
mod legal_forms;
mod pairs;
mod un;

use crate::shared::{data, engine};
use engine::screen::Engine;
use lists::Source;
use std::sync::OnceLock;

/// The UN list of February 2026, compiled once.
fn un_list() -> Option<&'static Engine> {
    static ENGINE: OnceLock<Option<Engine>> = OnceLock::new();
    ENGINE
        .get_or_init(|| {
            let source = Source::Path(data("lists/un/un_2026-02-27.xml")?);
            Some(engine(lists::load(&[source]).expect("the list loads")))
        })
        .as_ref()
}
