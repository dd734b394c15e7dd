//! Rules set aside, swaps, teams and many at once, as somebody does them on the screen without scripts.

use kernschil_app::Actor;
use kernschil_app::board::{self, BoardView, ExceptionKind, PlaceAccess};
use kernschil_domain::codes::{Hold, Turn};
use kernschil_domain::ids::DemandId;
use poem::http::StatusCode;

use super::support::{Site, Visitor, field};

async fn view(site: &Site, slug: &str) -> BoardView {
    board::board(&site.app, &Actor::CommandLine, slug).await.unwrap()
}

fn version(view: &BoardView, demand: DemandId) -> String {
    view.data.placements.get(&demand).map(|placement| placement.id.to_string()).unwrap_or_default()
}

fn pick(view: &BoardView, demand: DemandId) -> String {
    format!("{demand}.{}", version(view, demand))
}

fn placed(view: &BoardView, count: usize) -> Vec<DemandId> {
    view.rows.iter().filter(|row| row.row.place.is_some()).map(|row| row.row.demand).take(count).collect()
}

/// Ticks students and goes on with them.
async fn several(visitor: &Visitor<'_>, slug: &str, picks: &[String]) -> String {
    let fields: Vec<_> = picks.iter().map(|pick| ("rij", pick.as_str())).collect();
    visitor.post(&format!("/rondes/{slug}/plaatsbord/gekozen"), &fields).await.text().await
}

#[tokio::test]
async fn a_rule_is_set_aside_after_the_screen_asked_why() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let before = view(&site, &slug).await;
    let (demand, offer) = placed(&before, 500)
        .into_iter()
        .find_map(|demand| {
            let all = board::candidates_of(&before, demand).unwrap();
            Some((demand, all.into_iter().find(|c| matches!(c.access, PlaceAccess::WithReason(_)))?.offer))
        })
        .unwrap();
    let html = visitor.page(&format!("/rondes/{slug}/plaatsbord?groep=alle&vraag={demand}")).await;
    assert!(html.contains("Plekken waarvoor een regel opzij moet"));
    let (vraag, plek, versie) = (demand.to_string(), offer.to_string(), version(&before, demand));
    let place = format!("/rondes/{slug}/plaatsbord/plaats");
    let fields = [("vraag", vraag.as_str()), ("plek", &plek), ("versie", &versie), ("groep", "alle"), ("begeleiding", "extra")];

    let refused = visitor.post(&place, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let html = refused.text().await;
    assert!(html.contains("<title>Fout: Plaatsbord"), "the title says so");
    assert!(html.contains(&format!("href=\"#veld-reden-{plek}\"")) && html.contains(&format!("id=\"veld-reden-{plek}\"")));
    let long = "x".repeat(501);
    let too_long = visitor.post(&place, &[fields.as_slice(), &[("reden", long.as_str())]].concat()).await;
    assert_eq!(too_long.status, StatusCode::BAD_REQUEST);
    assert!(too_long.text().await.contains("hoogstens 500 tekens"));

    let done = visitor.post(&place, &[fields.as_slice(), &[("reden", "De school <vraagt> hierom")]].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let html = visitor.page(&done.location).await;
    assert!(html.contains("Regel opzij gezet") && html.contains("De school &lt;vraagt&gt; hierom"));
    let now = view(&site, &slug).await;
    assert_eq!(now.rows.iter().find(|row| row.row.demand == demand).unwrap().exceptions[0], ExceptionKind::RuleSetAside);
    assert!(visitor.page(&format!("/rondes/{slug}/plaatsbord?groep=rule-set-aside")).await.contains(&vraag));

    let student = now.rows.iter().find(|row| row.row.demand == demand).unwrap().row.student;
    let mut marked = Vec::new();
    for at in 1..=5 {
        let list = visitor.page(&format!("/rondes/{slug}/studenten?aantal=100&pagina={at}")).await;
        let rows = list.split("<tr>").filter(|row| row.contains("Regel opzij gezet")).map(str::to_owned);
        marked.extend(rows);
    }
    assert_eq!(marked.len(), 1, "only her");
    assert!(marked[0].contains(&format!("/studenten/{student}/waarom")));
}

#[tokio::test]
async fn two_who_are_ticked_swap_and_swap_back() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let before = view(&site, &slug).await;
    let one = *before.data.placements.keys().find(|demand| !board::partners(&before.data, **demand, 1).is_empty()).unwrap();
    let other = board::partners(&before.data, one, 1)[0].other.who.demand;
    let chosen = visitor.page(&format!("/rondes/{slug}/plaatsbord?groep=alle&vraag={one}")).await;
    assert!(chosen.contains("Wisselen met een andere student"));

    let html = several(&visitor, &slug, &[pick(&before, one), pick(&before, other)]).await;
    assert!(html.contains("2 studenten gekozen"));
    let form = ["vraag", "versie", "ander", "anderversie"].map(|name| (name, field(&html, "plaatsbord/wissel\"", name)));
    let fields = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let swapped = visitor.post(&format!("/rondes/{slug}/plaatsbord/wissel"), &fields).await;
    assert_eq!(swapped.status, StatusCode::SEE_OTHER);
    let html = visitor.page(&swapped.location).await;
    assert!(html.contains("hebben van plek gewisseld"));
    let now = view(&site, &slug).await;
    assert_eq!(now.data.placements[&one].offer, before.data.placements[&other].offer);

    let late = visitor.post(&format!("/rondes/{slug}/plaatsbord/wissel"), &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().await.contains("Iemand anders heeft dit intussen gewijzigd"));
    let change = field(&html, "data-undo", "wijziging");
    visitor.post(&format!("/rondes/{slug}/plaatsbord/ongedaan"), &[("wijziging", &change)]).await;
    assert_eq!(view(&site, &slug).await.data.placements[&one].offer, before.data.placements[&one].offer);
}

#[tokio::test]
async fn many_are_pinned_and_left_out_at_once() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let before = view(&site, &slug).await;
    let chosen = placed(&before, 3);
    let picks: Vec<_> = chosen.iter().map(|demand| pick(&before, *demand)).collect();
    let html = several(&visitor, &slug, &picks).await;
    assert!(html.contains("3 plekken vastzetten") && html.contains("3 studenten overslaan") && html.contains("3 plekken komen"));
    let rows: Vec<_> = picks.iter().map(|pick| ("rij", pick.as_str())).collect();
    let meer = format!("/rondes/{slug}/plaatsbord/meer");
    let pinned = visitor.post(&meer, &[rows.as_slice(), &[("handeling", "pin")]].concat()).await;
    assert!(visitor.page(&pinned.location).await.contains("3 plekken zijn vastgezet."));
    let now = view(&site, &slug).await;
    assert!(chosen.iter().all(|demand| now.data.placements[demand].hold == Hold::Pinned));
    let again = visitor.post(&meer, &[rows.as_slice(), &[("handeling", "pin")]].concat()).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().await.contains("Er is niets te veranderen"));

    let out = visitor.post(&meer, &[rows.as_slice(), &[("handeling", "leave-out")]].concat()).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    let now = view(&site, &slug).await;
    assert!(chosen.iter().all(|demand| now.data.demands[demand].turn == Turn::LeftOut && !now.data.placements.contains_key(demand)));
    assert_eq!(visitor.post(&meer, &[("handeling", "weg")]).await.status, StatusCode::NOT_FOUND);
    assert!(several(&visitor, &slug, &[]).await.contains("Vink eerst een of meer studenten aan."));
}

#[tokio::test]
async fn a_team_is_made_and_left() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let before = view(&site, &slug).await;
    let picks: Vec<_> = placed(&before, 3).iter().map(|demand| pick(&before, *demand)).collect();
    let rows: Vec<_> = picks.iter().map(|pick| ("rij", pick.as_str())).collect();
    let team = format!("/rondes/{slug}/plaatsbord/team");
    let unnamed = visitor.post(&team, &[&rows[..2], &[("naam", " ")]].concat()).await;
    assert_eq!(unnamed.status, StatusCode::BAD_REQUEST);
    assert!(unnamed.text().await.contains("Geef het team een naam"));
    let made = visitor.post(&team, &[&rows[..2], &[("naam", "Leerteam")]].concat()).await;
    assert!(visitor.page(&made.location).await.contains("Team Leerteam is gemaakt met 2 studenten."));
    // The same name again: who is ticked joins.
    visitor.post(&team, &[&rows[2..], &[("naam", "leerteam")]].concat()).await;
    assert_eq!(view(&site, &slug).await.data.teams[0].members.len(), 3);

    let html = several(&visitor, &slug, &picks[..1]).await;
    assert!(html.contains("Haal uit dit team"));
    let form = ["team", "versie"].map(|name| (name, field(&html, "plaatsbord/team\"", name)));
    let fields = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    visitor.post(&team, &[&rows[..1], fields.as_slice()].concat()).await;
    assert_eq!(view(&site, &slug).await.data.teams[0].members.len(), 2);
    let stale = visitor.post(&team, &[&rows[1..2], fields.as_slice()].concat()).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_school_is_excluded_by_a_kind_and_nothing_more() {
    let site = Site::almere().await;
    let (slug, visitor) = (site.slug().await, site.visitor().await);
    let before = view(&site, &slug).await;
    let demand = placed(&before, 1)[0];
    let school = before.data.place_of(demand).unwrap().1.school.to_string();
    let (vraag, versie) = (demand.to_string(), version(&before, demand));
    let exclude = format!("/rondes/{slug}/plaatsbord/uitsluiten");
    let seen = [("vraag", vraag.as_str()), ("versie", &versie), ("groep", "alle")];
    let empty = visitor.post(&exclude, &seen).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
    let html = empty.text().await;
    assert!(html.contains("href=\"#veld-school\"") && html.contains("href=\"#veld-soort\""));

    let done = visitor.post(&exclude, &[seen.as_slice(), &[("school", school.as_str()), ("soort", "family")]].concat()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let html = visitor.page(&done.location).await;
    assert!(html.contains("Uitgesloten scholen") && html.contains("bekenden op de school") && html.contains("Nog geen plek"));
    let back = [("vraag", vraag.as_str()), ("groep", "alle"), ("school", &school), ("gezien", "family")];
    assert_eq!(visitor.post(&exclude, &back).await.status, StatusCode::SEE_OTHER);
    assert!(view(&site, &slug).await.data.exclusions.is_empty());

    let now = view(&site, &slug).await;
    assert!(now.data.demands.contains_key(&demand));
    let skip = [("vraag", vraag.as_str()), ("groep", "alle"), ("stand", "left-out")];
    let out = visitor.post(&format!("/rondes/{slug}/plaatsbord/overslaan"), &skip).await;
    assert!(visitor.page(&out.location).await.contains("Laat weer meedoen"));
}
