use super::*;
use engine::screen::Limits;
use engine::screen::Scratch;
use model::shipment::{Party, Shipment};

const HEADER: &str = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,\
    start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,\
    gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,\
    dates_of_birth,nationalities,places_of_birth,source_information_url,ids";

fn write(path: &Path, name: &str) {
    let row = format!("a1,Entity List (EL) - Bureau of Industry and Security,,,,{name}{}", ",".repeat(23));
    std::fs::write(path, format!("{HEADER}\n{row}\n")).unwrap();
}

fn recipe(path: &Path) -> Recipe {
    Recipe {
        sources: vec![Source::Path(path.to_owned())],
        policy: Arc::default(),
        limits: Limits::default(),
        rules: engine::rule::Rules::builtin(),
    }
}

#[test]
fn a_failed_reload_keeps_the_old_set_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    let current = Current::new(recipe(&path));
    assert!(current.load().is_none());
    current.reload().unwrap_err();
    assert!(current.load().is_none() && current.last_failure().is_some());

    write(&path, "Harbour Dynamics");
    let first = current.reload().unwrap();
    assert!(first.before.is_none() && current.last_failure().is_none());

    std::fs::write(&path, "this is not a list").unwrap();
    let error = current.reload().unwrap_err().to_string();
    assert_eq!(current.last_failure(), Some(error));
    let held = current.load().unwrap();
    assert_eq!(held.generation(), 1);

    write(&path, "Quayside Robotics");
    let second = current.reload().unwrap();
    assert_eq!((second.now.generation(), current.last_failure()), (2, None));
    let fingerprint = |l: &Loaded| l.engine().snapshot().fingerprint().to_owned();
    assert_ne!(fingerprint(&held), fingerprint(&second.now));
    assert_eq!(fingerprint(&held), fingerprint(&first.now));
}

#[test]
fn lists_that_stay_as_they_are_keep_their_engine_and_others_know_the_names_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    write(&path, "Harbour Dynamics");
    let current = Current::new(recipe(&path));
    let first = current.reload().unwrap().now;
    let again = current.reload_for(|| panic!("unchanged lists need no names")).unwrap().now;
    assert!(Arc::ptr_eq(first.shared(), again.shared()));
    assert_eq!((first.generation(), again.generation()), (1, 2));

    let party = |name: &str| Party { name: name.to_owned(), ..Party::default() };
    let parties = vec![party("Harbor Dynamics Ltd"), party("Quayside Robotics"), party("Lotte Quay")];
    let shipment = Shipment { parties, ..Shipment::default() };
    let mut scratch = Scratch::default();
    again.screen(&shipment, &mut scratch);
    let asked: Vec<Asked> = scratch.asked().collect();
    assert_eq!(asked.len(), 3);
    write(&path, "Quayside Robotics");
    let other = current.reload_for(|| asked).unwrap().now;
    let fresh = Current::new(current.recipe).reload().unwrap().now;
    assert_eq!(other.screen(&shipment, &mut scratch), fresh.screen(&shipment, &mut Scratch::default()));
    // Names found among the expected ones count as asked again, for the next set.
    assert_eq!(scratch.asked().count(), 3);
}

#[test]
fn what_a_service_loads_again_unchanged_is_as_it_was_and_any_change_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list.csv");
    write(&path, "Harbour Dynamics");
    let current = Current::new(recipe(&path)).remembering_files();
    let first = current.reload().unwrap().now;
    assert!(first.content.is_some());
    let again = current.reload_for(|| panic!("unchanged lists need no names")).unwrap().now;
    assert!(Arc::ptr_eq(first.shared(), again.shared()));
    assert_eq!((&again.sources, again.content, again.generation()), (&first.sources, first.content, 2));

    let other = Policy::from_toml("[thresholds]\nparty_review = 720\n", "t").unwrap();
    assert!(current.put_policy(Arc::new(other)));
    let policed = current.reload().unwrap().now;
    assert_eq!(policed.engine().policy().fingerprint(), current.recipe().policy.fingerprint());
    assert!(Arc::ptr_eq(policed.engine().snapshot(), first.engine().snapshot()));

    write(&path, "Quayside Robotics");
    let changed = current.reload().unwrap().now;
    assert!(changed.content != first.content && !changed.engine().snapshot().is_as(first.engine().snapshot()));
    // The same size, and a file time of the past.
    write(&path, "Quayside Robotix!");
    std::fs::File::options().append(true).open(&path).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    let reread = current.reload().unwrap().now;
    assert!(!reread.engine().snapshot().is_as(changed.engine().snapshot()));
    std::fs::write(&path, "this is not a list").unwrap();
    current.reload().unwrap_err();
}
