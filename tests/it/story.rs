//! The trade that the project began with, end to end over gRPC: what no name shows, and what names show when they stand
//! there.

use current::{Current, Recipe};
use engine::screen::Limits;
use lists::{Source, StaleAfter};
use std::sync::Arc;
use std::time::Duration;
use tidewaiter::config;
use tidewaiter::service::grpc::Server;
use tidewaiter::shutdown::Shutdown;
use v1::finding::Reason;
use v1::screening::Outcome;
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

/// Screens shipments through a service with the lists that ship.
async fn screen(shipments: Vec<v1::Shipment>) -> Vec<v1::Screening> {
    let mut options = config::Server { drain: Duration::from_secs(20), ..config::Server::default() };
    options.listen.set_port(0);
    let recipe = Recipe {
        sources: vec![Source::Builtin],
        policy: Arc::default(),
        limits: Limits::default(),
        rules: engine::rule::Rules::builtin(),
    };
    // The wall clock of the test's day must not change an answer.
    let current = Current::new(recipe).with_stale_after(StaleAfter::from([("builtin".to_owned(), 0)]));
    let server = Server::bind(&options, current).await.expect("the port is free");
    let url = format!("http://{}", server.local_addr().expect("it is bound"));
    let shutdown = Shutdown::default();
    let handle = server.handle();
    let served = tokio::spawn({
        let shutdown = shutdown.clone();
        async move { server.serve(shutdown).await }
    });
    handle.reload().await.expect("the lists that ship load");
    let mut client = ScreeningServiceClient::connect(url).await.expect("it serves");
    let mut answers = Vec::new();
    for shipment in shipments {
        let request = v1::ScreenRequest { shipment: Some(shipment), verbose: true };
        let answer = client.screen(request).await.expect("it screens").into_inner();
        answers.push(answer.screening.expect("it answers"));
    }
    shutdown.stop.cancel();
    drop(client);
    served.await.expect("it ends").expect("it ends well");
    answers
}

fn party(role: v1::party::Role, name: &str, country: &str) -> v1::Party {
    v1::Party { role: role as i32, name: name.to_owned(), country: country.to_owned(), ..Default::default() }
}

fn at(text: &str) -> Option<v1::Place> {
    Some(v1::Place { text: text.to_owned(), ..Default::default() })
}

/// "MAVIC 3 DRONE PARTS" under a camera's code, from Shenzhen by Almaty to Moscow, to a forwarder.
fn middleman() -> v1::Shipment {
    v1::Shipment {
        reference: "story".to_owned(),
        parties: vec![
            party(v1::party::Role::Shipper, "Qianhai Tulip Path Trading Co., Ltd.", "CN"),
            party(v1::party::Role::Consignee, "Steppe Lantern Freight Forwarding LLP", "KZ"),
        ],
        goods: vec![v1::Goods {
            description: "MAVIC 3 DRONE PARTS".to_owned(),
            hs_code: "852589".to_owned(),
            origin: "CN".to_owned(),
            ..Default::default()
        }],
        route: Some(v1::Route {
            loading: at("Shenzhen"),
            transshipment: at("Almaty").into_iter().collect(),
            destination: at("Moscow"),
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// An ordinary shipment from Hamburg to Shenzhen, to one consignee.
fn ordinary(role: v1::party::Role, name: &str, as_of: &str) -> v1::Shipment {
    v1::Shipment {
        as_of: as_of.to_owned(),
        parties: vec![
            party(v1::party::Role::Shipper, "Copper Heron Components GmbH", "DE"),
            party(v1::party::Role::Consignee, "Blue Larch Glassware Ltd", "CN"),
            party(role, name, "CN"),
        ],
        goods: vec![v1::Goods { description: "stainless steel hose clamps".to_owned(), ..Default::default() }],
        route: Some(v1::Route { loading: at("Hamburg"), destination: at("Shenzhen"), ..Default::default() }),
        ..Default::default()
    }
}

fn names_a_party(finding: &v1::Finding) -> bool {
    use Reason as R;
    matches!(
        finding.reason(),
        R::PartyListed | R::PartyListedWeak | R::PartyIdentifier | R::PartyWatch | R::PartyAddress | R::TextListed
    )
}

fn reasons(screening: &v1::Screening) -> Vec<Reason> {
    screening.findings.iter().map(v1::Finding::reason).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_unlisted_middleman_and_its_twins() {
    use v1::party::Role;
    let mut dji = middleman();
    dji.parties[1] = party(Role::Consignee, "SZ DJI TECHNOLOGY CO.,LTD", "CN");
    let mut iflight = ordinary(Role::Exporter, "IFLIGHT TECHNOLOGY COMPANY LIMITED", "");
    iflight.parties[0] = party(Role::Shipper, "IFLIGHT TECHNOLOGY COMPANY LIMITED", "CN");
    iflight.parties.truncate(2);
    let mut agent = ordinary(Role::Agent, "SZ DJI Technology Co., Ltd.", "");
    agent.parties[2].is_disputed = true;
    agent.parties[2].role_source = "a data vendor".to_owned();
    agent.parties[2].dispute_note = "the vendor names it as shipping agent of competitors".to_owned();
    let answers = screen(vec![
        middleman(),
        dji,
        iflight,
        agent,
        ordinary(Role::EndUser, "SZ DJI Technology Co., Ltd.", "2020-12-17"),
        ordinary(Role::EndUser, "SZ DJI Technology Co., Ltd.", "2020-12-18"),
        ordinary(Role::EndUser, "Autel Robotics Co., Ltd.", "2023-03-21"),
        ordinary(Role::EndUser, "Autel Robotics Co., Ltd.", "2024-06-13"),
        ordinary(Role::EndUser, "Velvet Badger Hobby Shop Ltd", ""),
    ])
    .await;
    let [story, dji, iflight, agent, dji_before, dji_after, autel_before, autel_after, nobody] = &answers[..] else {
        panic!("one answer for each shipment")
    };

    assert_eq!(story.outcome(), Outcome::Hold, "{}", story.summary);
    assert!(!story.findings.iter().any(names_a_party), "{:?}", reasons(story));
    for reason in [
        Reason::GoodsModel,
        Reason::GoodsVague,
        Reason::GoodsHsPriority,
        Reason::GoodsCodeConflict,
        Reason::RouteTransshipment,
        Reason::RoleForwarderFinal,
        Reason::Combination,
    ] {
        assert!(reasons(story).contains(&reason), "{reason:?} of {:?}", reasons(story));
    }
    let combined = |s: &v1::Screening| {
        let of = |f: &&v1::Finding| f.reason() == Reason::Combination;
        s.findings.iter().filter(of).map(|f| f.matched_name.clone()).collect::<Vec<_>>()
    };
    for name in ["priority-goods-end-in-restricted", "priority-goods-by-forwarder"] {
        assert!(combined(story).contains(&name.to_owned()), "{:?}", combined(story));
    }
    let explanations: Vec<String> = story
        .findings
        .iter()
        .map(|f| format!("{} {}: {}", f.reason().as_str_name(), f.severity().as_str_name(), f.explanation))
        .collect();
    insta::assert_snapshot!("the_unlisted_middleman", format!("{}\n\n{}\n", story.summary, explanations.join("\n")));

    assert_eq!(dji.outcome(), Outcome::Hold);
    let listed = dji.findings.iter().find(|f| f.reason() == Reason::PartyListed).expect("DJI is listed");
    assert!(listed.licence_requirement.contains("EAR99-designated technology"), "{}", listed.licence_requirement);
    assert!(listed.licence_policy.contains("Case-by-case review"), "{}", listed.licence_policy);
    assert!(dji.summary.starts_with("Hold: ") && dji.summary.contains("licence"), "{}", dji.summary);

    assert_eq!(iflight.outcome(), Outcome::Review, "{}", iflight.summary);
    let of_party: Vec<Reason> = iflight.findings.iter().filter(|f| names_a_party(f)).map(v1::Finding::reason).collect();
    assert_eq!(of_party, [Reason::PartyWatch]);

    assert_eq!(agent.outcome(), Outcome::Hold);
    let disputed = agent.findings.iter().find(|f| f.reason() == Reason::RoleDisputed).expect("the dispute is kept");
    assert!(disputed.explanation.contains("the vendor names it as shipping agent"), "{}", disputed.explanation);
    assert!(combined(agent).contains(&"disputed-role-of-listed".to_owned()), "{:?}", combined(agent));

    for (screening, outcome) in [
        (dji_before, Outcome::NoFinding),
        (dji_after, Outcome::Hold),
        (autel_before, Outcome::NoFinding),
        (autel_after, Outcome::Hold),
        (nobody, Outcome::NoFinding),
    ] {
        assert_eq!(screening.outcome(), outcome, "{}", screening.summary);
    }
    assert!(nobody.summary.starts_with("No finding: "), "{}", nobody.summary);
    let ran = |rule: &str| nobody.rules_run.iter().any(|r| r == rule);
    assert!(ran("GOODS_VAGUE") && ran("ROUTE_EMBARGO") && ran("COMBINATION"));
    let skipped = nobody.rules_skipped.iter().find(|r| r.rule == "GOODS_HS_PRIORITY").expect("there is no code");
    assert_eq!(skipped.cause, "no goods line has a code of six digits or more");
}
