//! The page Screen: a form, and the answer to it.

use super::answer;
use super::desk::html;
use super::form::Sent;
use super::visit::Visit;
use crate::service::batch;
use crate::service::guard::callers::Scope;
use crate::service::guard::failure::Failure;
use crate::service::pool::{Ask, Lane};
use crate::service::recording::Recording;
use crate::service::web::query::Query;
use ::console::{FormParty, ScreenForm, ScreenPage, Tab};
use axum::response::Response;
use std::sync::Arc;
use v1::party::Role;
use wire::v1;

/// The rows of the form: the name of their fields, the role in words, the role.
const PARTIES: [(&str, &str, Role); 5] = [
    ("shipper", "Shipper", Role::Shipper),
    ("consignee", "Consignee", Role::Consignee),
    ("notify", "Notify party", Role::NotifyParty),
    ("end_user", "End user", Role::EndUser),
    ("forwarder", "Forwarder", Role::Forwarder),
];

/// The empty page.
pub(super) async fn page(visit: Visit) -> Result<Response, Failure> {
    visit.needs(Scope::Screen)?;
    let shell = visit.shell(Tab::Screen);
    let form = read(&Query::default());
    Ok(html(&ScreenPage { shell, form, answer: None, fault: String::new() }))
}

/// The page with the answer. What cannot be screened is said beside the form, which keeps what was typed.
pub(super) async fn screen(Sent { visit, fields }: Sent) -> Result<Response, Failure> {
    visit.needs(Scope::Screen)?;
    let asked = visit.asked.clone();
    asked.caller.charge_shipments(1)?;
    let form = read(&fields);
    let shipment = shipment(&form);
    let shared = Arc::clone(&visit.console.web.shared);
    let loaded = shared.loaded()?;
    let bytes = form.goods.len() + form.parties.iter().map(|p| p.name.len() + p.address.len()).sum::<usize>();
    let ask = Ask { lane: Lane::of_call(bytes), share: asked.share, deadline: asked.deadline };
    let answered = visit.console.web.shared.pool.submit(ask, move |scratch, wanted| {
        let recording = Recording::of(&shared, &loaded, &asked, false);
        let (screening, recorded) = batch::screen_recorded(&recording, shipment.clone(), wanted, scratch)?;
        shared.screened(std::slice::from_ref(&screening));
        Ok((answer::answer(recording.loaded().engine(), &shipment, &screening), recorded))
    });
    let (answer, fault) = match answered.await {
        Ok((answer, recorded)) => {
            recorded.await?;
            (Some(answer), String::new())
        }
        Err(Failure::Invalid { message, .. }) => (None, message),
        Err(failure) => return Err(failure),
    };
    Ok(html(&ScreenPage { shell: visit.shell(Tab::Screen), form, answer, fault }))
}

fn read(sent: &Query) -> ScreenForm {
    let text = |name: &str| sent.text(name).to_owned();
    let party = |(key, role, _): (&str, &str, Role)| FormParty {
        key: key.to_owned(),
        role: role.to_owned(),
        name: text(&format!("{key}.name")),
        address: text(&format!("{key}.address")),
        country: text(&format!("{key}.country")),
    };
    ScreenForm {
        reference: text("reference"),
        parties: PARTIES.map(party).into(),
        goods: text("goods"),
        hs_code: text("hs_code"),
        loading: text("loading"),
        discharge: text("discharge"),
        destination: text("destination"),
        vessel: text("vessel"),
        imo: text("imo"),
    }
}

/// What was typed, as a shipment. Fields that are left empty are not given.
fn shipment(form: &ScreenForm) -> v1::Shipment {
    let parties = form
        .parties
        .iter()
        .zip(PARTIES)
        .filter(|(p, _)| !wire::is_blank(&p.name) || !wire::is_blank(&p.address) || !wire::is_blank(&p.country));
    let party = |(p, (_, _, role)): (&FormParty, (&str, &str, Role))| v1::Party {
        role: role as i32,
        name: p.name.clone(),
        address: p.address.clone(),
        country: p.country.trim().to_owned(),
        ..v1::Party::default()
    };
    let place =
        |text: &str| (!wire::is_blank(text)).then(|| v1::Place { text: text.to_owned(), ..v1::Place::default() });
    let route = v1::Route {
        loading: place(&form.loading),
        discharge: place(&form.discharge),
        destination: place(&form.destination),
        ..v1::Route::default()
    };
    let goods =
        v1::Goods { description: form.goods.clone(), hs_code: form.hs_code.trim().to_owned(), ..v1::Goods::default() };
    let has_goods = !wire::is_blank(&form.goods) || !wire::is_blank(&form.hs_code);
    let vessel = v1::Vessel { name: form.vessel.clone(), imo: form.imo.trim().to_owned(), flag: String::new() };
    let has_vessel = !wire::is_blank(&form.vessel) || !wire::is_blank(&form.imo);
    v1::Shipment {
        reference: form.reference.clone(),
        parties: parties.map(party).collect(),
        goods: if has_goods { vec![goods] } else { Vec::new() },
        route: (route != v1::Route::default()).then_some(route),
        vessels: if has_vessel { vec![vessel] } else { Vec::new() },
        ..v1::Shipment::default()
    }
}
