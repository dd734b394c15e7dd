//! Accounts and roles: who manages them, how people get in, and that nobody can take the last administrator away.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernschil_app::access::{self, GrantMoment, Invited, MadeToken, NewGrant, NewInvitation, NewToken, NewUser, UserState};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::access::{Permission, Role, Scope, TokenScope};
use kernschil_domain::audit::EventKind;
use kernschil_domain::ids::{Clock, GrantId, RegionId, ReviewId, UserId};
use kernschil_storage::{access as stored, audit, outbox, registry};
use uuid::Uuid;

use crate::support::TestApp;

mod at_the_command_line;
mod over_http;

const CLI: Actor = Actor::CommandLine;
const PASSWORD: &str = "een lang wachtwoord";
const ADMINISTRATOR: (Role, Scope) = (Role::Administrator, Scope::All);

struct At(DateTime<Utc>);

impl Clock for At {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// The same installation, some time later.
fn later(app: &App, by: Duration) -> App {
    App { clock: Arc::new(At(app.clock.now() + by)), ..app.clone() }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn way() -> access::SignInWay {
    access::SignInWay { browser: "test".to_owned(), request: None }
}

async fn add(app: &App, name: &str, roles: &[(Role, Scope)]) -> UserId {
    let email = format!("{}@school.nl", name.to_lowercase());
    let new = NewUser { email, name: name.to_owned(), password: PASSWORD.to_owned(), roles: roles.to_vec() };
    access::add_user(app, &CLI, new).await.unwrap()
}

async fn actor(app: &App, user: UserId) -> Actor {
    access::actor(app, user).await.unwrap()
}

fn role(role: Role, scope: Scope) -> NewGrant {
    NewGrant { role, scope, from: None, until: None }
}

fn guest(email: &str, grants: Vec<NewGrant>) -> NewInvitation {
    NewInvitation { email: email.to_owned(), name: "Noor Visser".to_owned(), grants }
}

fn token_of(invited: &Invited) -> &str {
    invited.link.rsplit('/').next().unwrap()
}

#[track_caller]
fn conflict<T>(outcome: Result<T, AppError>) -> &'static str {
    match outcome {
        Err(AppError::Conflict { code, .. }) => code,
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("was done"),
    }
}

#[track_caller]
fn invalid<T>(outcome: Result<T, AppError>) -> Vec<String> {
    match outcome {
        Err(AppError::Invalid(errors)) => errors.into_iter().map(|error| error.code).collect(),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("was done"),
    }
}

async fn state(app: &App, user: UserId) -> UserState {
    access::get_user(app, &CLI, user).await.unwrap().row.state
}

async fn new_token(app: &App, user: UserId, scope: TokenScope) -> MadeToken {
    let new = NewToken { name: "Rooster".to_owned(), scope, days: 30 };
    access::make_token(app, &actor(app, user).await, new).await.unwrap()
}

/// Nothing in the log was changed.
async fn check_log(app: &App) {
    let verdict = app.store.read(async |tx| audit::check(tx, None).await).await.unwrap();
    assert!(verdict.deviations.is_empty(), "{:?}", verdict.deviations);
}

async fn partnership(app: &App) -> Scope {
    let registry = app.store.read(async |tx| registry::load(tx).await).await.unwrap();
    Scope::Partnership(*registry.partnerships.keys().next().unwrap())
}

both_databases! {
    async fn who_is_invited_comes_in_with_the_roles_she_was_given(app: TestApp) {
        app.load_example("almere").await;
        let app = &app.app;
        let scope = partnership(app).await;
        let sanne = actor(app, add(app, "Sanne", &[ADMINISTRATOR]).await).await;
        let coordinator = NewGrant { until: Some(day("2027-08-01")), ..role(Role::PartnershipCoordinator, scope) };
        let invited = access::invite(app, &sanne, guest(" Noor@School.NL", vec![coordinator])).await.unwrap();

        let (mails, _) = app.store.read(async |tx| outbox::latest(tx, None, 0, 10).await).await.unwrap();
        assert_eq!((mails.len(), mails[0].to_address.as_str(), mails[0].kind.as_str()), (1, "noor@school.nl", "invitation"));
        assert!(mails[0].body.contains(&invited.link) && mails[0].body.contains("Sanne nodigt u uit"), "{}", mails[0].body);
        assert!(mails[0].body.contains("U krijgt deze rol: partnerschapscoördinator van "), "{}", mails[0].body);

        let seen = access::invitation(app, token_of(&invited)).await.unwrap();
        assert_eq!((seen.email.as_str(), seen.invited_by.as_deref(), seen.grants.len()), ("noor@school.nl", Some("Sanne"), 1));
        assert!(matches!(access::sign_in(app, "noor@school.nl", "", way()).await, Err(AppError::SignIn)));

        let weak = access::accept(app, token_of(&invited), "Noor", "kort", way()).await.map(|_| ());
        assert_eq!(invalid(weak), ["wachtwoord-lengte"]);
        let session = access::accept(app, token_of(&invited), "Noor de Visser", PASSWORD, way()).await.unwrap();
        let noor = access::session(app, &session.token, None).await.unwrap().actor;
        assert_eq!((noor.user(), noor.name()), (Some(invited.user), "Noor de Visser"));
        assert!(noor.may(Permission::PlaceStudents) && !noor.may(Permission::ManageUsers));
        let next_year = later(app, Duration::days(400));
        assert!(!actor(&next_year, invited.user).await.may(Permission::PlaceStudents), "the role has ended by then");
        check_log(app).await;
    }

    async fn a_link_works_once_for_a_week_and_until_a_newer_one(app: TestApp) {
        let app = &app.app;
        let invited = access::invite(app, &CLI, guest("noor@school.nl", Vec::new())).await.unwrap();
        let gone = |outcome: Result<(), AppError>| assert!(matches!(outcome, Err(AppError::NotFound)), "{outcome:?}");
        let late = later(app, Duration::days(access::INVITATION_DAYS));
        gone(access::invitation(&late, token_of(&invited)).await.map(|_| ()));
        gone(access::accept(&late, token_of(&invited), "Noor", PASSWORD, way()).await.map(|_| ()));
        gone(access::invitation(app, &"0".repeat(64)).await.map(|_| ()));

        let newer = access::invite_again(app, &CLI, invited.user).await.unwrap();
        assert_ne!(newer.link, invited.link);
        gone(access::invitation(app, token_of(&invited)).await.map(|_| ()));
        gone(access::accept(app, token_of(&invited), "Noor", PASSWORD, way()).await.map(|_| ()));

        access::accept(app, token_of(&newer), "Noor", PASSWORD, way()).await.unwrap();
        gone(access::accept(app, token_of(&newer), "Iemand anders", PASSWORD, way()).await.map(|_| ()));
        assert_eq!(conflict(access::invite_again(app, &CLI, invited.user).await), "niet-uitgenodigd");
        assert_eq!(invalid(access::invite(app, &CLI, guest("noor@school.nl", Vec::new())).await), ["e-mailadres-bezet"]);
    }

    async fn of_two_who_use_a_link_at_once_one_gets_the_account(app: TestApp) {
        let app = &app.app;
        let invited = access::invite(app, &CLI, guest("noor@school.nl", Vec::new())).await.unwrap();
        let accept = |name: &'static str| access::accept(app, token_of(&invited), name, PASSWORD, way());
        let (one, other) = tokio::join!(accept("Noor"), accept("Bram"));
        assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|done| **done).count(), 1);
        assert_eq!(state(app, invited.user).await, UserState::Active);
    }

    async fn everything_wrong_with_an_invitation_is_said_at_once_and_nothing_is_made(app: TestApp) {
        let app = &app.app;
        let unknown = role(Role::Reader, Scope::Region(RegionId(Uuid::from_u128(9))));
        let wrong = NewInvitation { email: "noor".to_owned(), name: " ".to_owned(), grants: vec![unknown] };
        assert_eq!(invalid(access::invite(app, &CLI, wrong).await), ["e-mailadres-ongeldig", "naam-ongeldig", "bereik-onbekend"]);
        assert!(access::is_first_run(app).await.unwrap());
    }

    async fn a_role_is_granted_within_the_table_and_for_what_there_is(app: TestApp) {
        app.load_example("almere").await;
        let app = &app.app;
        let scope = partnership(app).await;
        let user = add(app, "Noor", &[]).await;
        let refused = async |new: NewGrant| invalid(access::grant(app, &CLI, user, &new).await);
        assert_eq!(refused(role(Role::Administrator, scope)).await, ["bereik-past-niet"]);
        assert_eq!(refused(role(Role::Reader, Scope::Region(RegionId(Uuid::from_u128(9))))).await, ["bereik-onbekend"]);
        assert_eq!(refused(role(Role::PanelMember, Scope::Review(ReviewId(Uuid::from_u128(9))))).await, ["bereik-onbekend"]);
        let backwards = NewGrant { from: Some(day("2026-06-30")), until: Some(day("2026-06-01")), ..role(Role::Reader, scope) };
        assert_eq!(refused(backwards).await, ["datum-voorbij", "datum-volgorde"]);

        let later_on = NewGrant { from: Some(day("2026-08-01")), until: Some(day("2027-08-01")), ..role(Role::Reader, scope) };
        let made = access::grant(app, &CLI, user, &later_on).await.unwrap();
        assert_eq!((made.moment, made.role), (GrantMoment::Later, Role::Reader));
        assert!(!actor(app, user).await.may(Permission::ReadCoverage));
        assert!(actor(&later(app, Duration::days(40)), user).await.may(Permission::ReadCoverage));
        assert_eq!(refused(role(Role::Reader, scope)).await, ["rol-bestaat-al"]);
        let before = NewGrant { until: Some(day("2026-08-01")), ..role(Role::Reader, scope) };
        access::grant(app, &CLI, user, &before).await.unwrap();

        let stranger = actor(app, user).await;
        assert!(matches!(access::grant(app, &stranger, user, &role(Role::Administrator, Scope::All)).await, Err(AppError::Forbidden { .. })));
        let missing = UserId(Uuid::from_u128(9));
        assert!(matches!(access::grant(app, &CLI, missing, &role(Role::Reader, scope)).await, Err(AppError::NotFound)));
    }

    async fn a_role_ends_from_a_day_on_and_stays_known(app: TestApp) {
        let app = &app.app;
        let user = add(app, "Noor", &[(Role::Reader, Scope::All)]).await;
        let grant = access::get_user(app, &CLI, user).await.unwrap().row.grants[0].id;
        let end = async |from: Option<&str>| access::end_grant(app, &CLI, user, grant, from.map(day)).await;
        assert_eq!(invalid(end(Some("2026-06-30")).await), ["datum-voorbij"]);
        end(Some("2026-09-01")).await.unwrap();
        assert!(actor(app, user).await.may(Permission::ReadCoverage));
        assert_eq!(invalid(end(Some("2026-10-01")).await), ["rol-eindigt-al"]);
        end(None).await.unwrap();
        assert!(!actor(app, user).await.may(Permission::ReadCoverage));
        assert_eq!(conflict(end(None).await), "rol-voorbij");
        let view = access::get_user(app, &CLI, user).await.unwrap();
        assert_eq!(view.row.grants.iter().map(|grant| grant.moment).collect::<Vec<_>>(), [GrantMoment::Past]);
        let other = add(app, "Bram", &[]).await;
        assert!(matches!(access::end_grant(app, &CLI, other, grant, None).await, Err(AppError::NotFound)));
        assert!(matches!(access::end_grant(app, &CLI, user, GrantId(Uuid::nil()), None).await, Err(AppError::NotFound)));
    }

    async fn the_last_administrator_stays_whoever_asks(app: TestApp) {
        let app = &app.app;
        let sanne = add(app, "Sanne", &[ADMINISTRATOR]).await;
        let own = actor(app, sanne).await;
        let grant = access::get_user(app, &CLI, sanne).await.unwrap().row.grants[0].id;
        for asks in [&CLI, &own] {
            assert_eq!(conflict(access::block_user(app, asks, sanne).await), "laatste-beheerder");
            assert_eq!(conflict(access::remove_user(app, asks, sanne).await), "laatste-beheerder");
            assert_eq!(conflict(access::end_grant(app, asks, sanne, grant, None).await), "laatste-beheerder");
            assert_eq!(conflict(access::end_grant(app, asks, sanne, grant, Some(day("2027-01-01"))).await), "laatste-beheerder");
        }
        // Who was only invited manages nothing yet; who does so for a while is not enough for later.
        access::invite(app, &CLI, guest("noor@school.nl", vec![role(Role::Administrator, Scope::All)])).await.unwrap();
        assert_eq!(conflict(access::block_user(app, &CLI, sanne).await), "laatste-beheerder");
        let bram = add(app, "Bram", &[]).await;
        let a_while = NewGrant { until: Some(day("2027-01-01")), ..role(Role::Administrator, Scope::All) };
        access::grant(app, &own, bram, &a_while).await.unwrap();
        assert_eq!(conflict(access::remove_user(app, &CLI, sanne).await), "laatste-beheerder");
        access::end_grant(app, &own, bram, access::get_user(app, &CLI, bram).await.unwrap().row.grants[0].id, None).await.unwrap();
        access::grant(app, &own, bram, &role(Role::Administrator, Scope::All)).await.unwrap();

        for outcome in [access::block_user(app, &own, sanne).await, access::remove_user(app, &own, sanne).await] {
            assert_eq!(conflict(outcome), "eigen-account");
        }
        access::remove_user(app, &actor(app, bram).await, sanne).await.unwrap();
        assert_eq!(conflict(access::block_user(app, &CLI, bram).await), "laatste-beheerder");
        assert_eq!(state(app, bram).await, UserState::Active);
    }

    async fn of_two_administrators_who_remove_each_other_one_stays(app: TestApp) {
        let app = &app.app;
        for round in 0..6 {
            let names = [format!("Een{round}"), format!("Twee{round}")];
            let (one, two) = (add(app, &names[0], &[ADMINISTRATOR]).await, add(app, &names[1], &[ADMINISTRATOR]).await);
            if round > 0 {
                let all = access::list_users(app, &CLI).await.unwrap();
                for old in all.iter().filter(|user| user.state == UserState::Active && user.id != one && user.id != two) {
                    access::block_user(app, &CLI, old.id).await.unwrap();
                }
            }
            let (first, second) = (actor(app, one).await, actor(app, two).await);
            let grant = access::get_user(app, &CLI, one).await.unwrap().row.grants[0].id;
            // In different ways: removing, blocking, ending the role.
            let (a, b) = match round % 3 {
                0 => tokio::join!(access::remove_user(app, &first, two), access::remove_user(app, &second, one)),
                1 => tokio::join!(access::block_user(app, &first, two), access::remove_user(app, &second, one)),
                _ => tokio::join!(access::block_user(app, &first, two), access::end_grant(app, &second, one, grant, None)),
            };
            assert_ne!(a.is_ok(), b.is_ok(), "round {round}: {a:?} {b:?}");
            let refused = if a.is_err() { a } else { b };
            assert!(matches!(refused, Err(AppError::Unauthenticated | AppError::Forbidden { .. } | AppError::Conflict { .. })), "{refused:?}");
            let still = access::list_users(app, &CLI).await.unwrap();
            let manages = |user: &&access::UserRow| {
                user.state == UserState::Active && user.grants.iter().any(|grant| grant.moment == GrantMoment::Now && grant.role == Role::Administrator)
            };
            assert_eq!(still.iter().filter(manages).count(), 1, "round {round}");
        }
        check_log(app).await;
    }

    async fn who_is_blocked_is_out_at_once_and_comes_back_as_she_was(app: TestApp) {
        let app = &app.app;
        add(app, "Sanne", &[ADMINISTRATOR]).await;
        let noor = add(app, "Noor", &[(Role::Reader, Scope::All)]).await;
        let sign_in = async || access::sign_in(app, "noor@school.nl", PASSWORD, way()).await;
        let session = sign_in().await.unwrap().token;
        let token = new_token(app, noor, TokenScope::Read).await.token;
        let with_token = async || access::token_actor(app, &token, Uuid::nil()).await;
        let with_session = async || access::session(app, &session, None).await.map(|session| session.actor);
        assert!(with_session().await.unwrap().may(Permission::ReadCoverage) && with_token().await.unwrap().may(Permission::ReadCoverage));

        access::block_user(app, &CLI, noor).await.unwrap();
        access::block_user(app, &CLI, noor).await.unwrap();
        assert!(matches!(with_session().await, Err(AppError::Unauthenticated)));
        assert!(matches!(with_token().await, Err(AppError::Unauthenticated)));
        assert!(matches!(sign_in().await, Err(AppError::SignIn)));
        assert!(matches!(access::actor(app, noor).await, Err(AppError::Unauthenticated)));

        access::unblock_user(app, &CLI, noor).await.unwrap();
        assert!(matches!(with_session().await, Err(AppError::Unauthenticated)), "old sessions stay ended");
        assert!(with_token().await.unwrap().may(Permission::ReadCoverage));
        sign_in().await.unwrap();

        let invited = access::invite(app, &CLI, guest("bram@school.nl", Vec::new())).await.unwrap();
        access::block_user(app, &CLI, invited.user).await.unwrap();
        assert!(matches!(access::accept(app, token_of(&invited), "Bram", PASSWORD, way()).await, Err(AppError::NotFound)));
        access::unblock_user(app, &CLI, invited.user).await.unwrap();
        assert_eq!(state(app, invited.user).await, UserState::Invited);
    }

    async fn a_removed_account_forgets_who_it_was_of_and_the_log_keeps_what_was_done(app: TestApp) {
        let app = &app.app;
        add(app, "Sanne", &[ADMINISTRATOR]).await;
        let noor = add(app, "Noor", &[(Role::Reader, Scope::All)]).await;
        let session = access::sign_in(app, "noor@school.nl", PASSWORD, way()).await.unwrap().token;
        let made = new_token(app, noor, TokenScope::Read).await;
        access::send_reset(app, &CLI, noor).await.unwrap();
        let link = access::send_reset(app, &CLI, noor).await.unwrap();
        let filter = audit::EventFilter { subject: Some(noor.to_string()), ..Default::default() };
        let before = app.store.read(async |tx| audit::events(tx, &filter, 0, 100).await).await.unwrap().len();

        access::remove_user(app, &CLI, noor).await.unwrap();
        let view = access::get_user(app, &CLI, noor).await.unwrap();
        let email = format!("verwijderd-{noor}@invalid");
        assert_eq!((view.row.state, view.row.name.as_str(), &view.row.email), (UserState::Removed, "verwijderd account", &email));
        assert_eq!((view.sessions, view.tokens), (0, 0));
        assert!(view.row.grants.iter().all(|grant| grant.moment == GrantMoment::Past));
        assert!(matches!(access::session(app, &session, None).await, Err(AppError::Unauthenticated)));
        assert!(matches!(access::token_actor(app, &made.token, Uuid::nil()).await, Err(AppError::Unauthenticated)));
        assert!(!access::reset_holds(app, link.rsplit('/').next().unwrap()).await.unwrap());
        let (mails, _) = app.store.read(async |tx| outbox::latest(tx, None, 0, 10).await).await.unwrap();
        assert!(mails.iter().all(|mail| mail.to_address != "noor@school.nl"));
        assert!(app.store.read(async |tx| stored::tokens_of(tx, noor).await).await.unwrap().is_empty());

        let events = app.store.read(async |tx| audit::events(tx, &filter, 0, 100).await).await.unwrap();
        assert_eq!(events.len(), before + 1);
        let kinds: Vec<_> = events.iter().map(|stored| stored.event.as_ref().unwrap().kind).collect();
        assert!(kinds[0] == EventKind::UserRemoved && kinds.contains(&EventKind::TokenMade) && kinds.contains(&EventKind::UserAdded));
        check_log(app).await;

        assert_eq!(conflict(access::unblock_user(app, &CLI, noor).await), "account-verwijderd");
        assert_eq!(conflict(access::remove_user(app, &CLI, noor).await), "account-verwijderd");
        add(app, "Noor", &[]).await;
    }

    async fn a_second_factor_that_was_lost_is_turned_off_and_its_owner_hears_of_it(app: TestApp) {
        let app = &app.app;
        add(app, "Sanne", &[ADMINISTRATOR]).await;
        let noor = add(app, "Noor", &[]).await;
        assert_eq!(conflict(access::reset_second_factor(app, &CLI, noor).await), "geen-tweede-factor");
        let factor = stored::StoredSecondFactor { user: noor, secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned(), last_step: None, confirmed_at: Some(app.clock.now()) };
        app.store.write(async |tx| stored::put_second_factor(tx, factor).await).await.unwrap();
        assert_eq!(access::get_user(app, &CLI, noor).await.unwrap().row.second_factor, access::SecondFactorUse::On);
        access::reset_second_factor(app, &CLI, noor).await.unwrap();
        assert_eq!(access::get_user(app, &CLI, noor).await.unwrap().row.second_factor, access::SecondFactorUse::Off);
        let (mails, _) = app.store.read(async |tx| outbox::latest(tx, None, 0, 10).await).await.unwrap();
        assert_eq!((mails[0].to_address.as_str(), mails[0].kind.as_str()), ("noor@school.nl", "account-changed"));
    }

    async fn of_a_token_only_the_hash_is_kept_and_it_ends(app: TestApp) {
        let app = &app.app;
        let noor = add(app, "Noor", &[(Role::Reader, Scope::All)]).await;
        let MadeToken { token, view } = new_token(app, noor, TokenScope::Figures).await;
        let kept = app.store.read(async |tx| stored::tokens_of(tx, noor).await).await.unwrap();
        assert_eq!((kept.len(), kept[0].token_hash.as_str()), (1, kernschil_credentials::tokens::hash(&token).as_str()));
        assert!(!format!("{kept:?}").contains(&token));
        if app.store.backend() == kernschil_app::Backend::Sqlite {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join("kopie.sqlite3");
            app.store.backup(&file).await.unwrap();
            let bytes = std::fs::read(&file).unwrap();
            let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
            assert!(holds(&kept[0].token_hash) && !holds(&token) && !holds(token.trim_start_matches("ks_")));
        }
        assert!(access::token_actor(app, &token, Uuid::nil()).await.is_ok());
        assert!(access::own_tokens(app, &actor(app, noor).await).await.unwrap()[0].used_at.is_some());

        let ended = later(app, Duration::days(30));
        assert!(matches!(access::token_actor(&ended, &token, Uuid::nil()).await, Err(AppError::Unauthenticated)));
        let other = add(app, "Bram", &[]).await;
        assert!(matches!(access::revoke_token(app, &actor(app, other).await, view.id).await, Err(AppError::NotFound)));
        access::revoke_token(app, &actor(app, noor).await, view.id).await.unwrap();
        access::revoke_token(app, &actor(app, noor).await, view.id).await.unwrap();
        assert!(matches!(access::token_actor(app, &token, Uuid::nil()).await, Err(AppError::Unauthenticated)));
    }

    async fn a_program_makes_no_tokens_and_a_token_is_filled_in_right(app: TestApp) {
        let app = &app.app;
        let noor = add(app, "Noor", &[ADMINISTRATOR]).await;
        let token = new_token(app, noor, TokenScope::Change).await.token;
        let program = access::token_actor(app, &token, Uuid::nil()).await.unwrap();
        let new = NewToken { name: "Nog een".to_owned(), scope: TokenScope::Figures, days: 30 };
        assert!(matches!(access::make_token(app, &program, new.clone()).await, Err(AppError::TokenScope { .. })));
        assert!(matches!(access::own_tokens(app, &program).await, Err(AppError::TokenScope { .. })));
        assert!(matches!(access::list_users(app, &program).await, Err(AppError::TokenScope { .. })));
        assert!(matches!(access::make_token(app, &CLI, new.clone()).await, Err(AppError::Unauthenticated)));
        let own = actor(app, noor).await;
        let wrong = NewToken { name: " ".to_owned(), days: 31, ..new.clone() };
        assert_eq!(invalid(access::make_token(app, &own, wrong).await), ["naam-ongeldig", "geldigheid-onbekend"]);
        for _ in 1..25 {
            access::make_token(app, &own, new.clone()).await.unwrap();
        }
        assert_eq!(conflict(access::make_token(app, &own, new).await), "te-veel-sleutels");
    }
}

/// A stale actor: what she may do is looked at again when she acts.
#[tokio::test]
async fn a_right_that_was_taken_away_does_nothing_any_more() {
    let app = &TestApp::sqlite().await.app;
    add(app, "Sanne", &[ADMINISTRATOR]).await;
    let bram = add(app, "Bram", &[ADMINISTRATOR]).await;
    let stale = actor(app, bram).await;
    let noor = add(app, "Noor", &[]).await;
    access::end_grant(app, &CLI, bram, access::get_user(app, &CLI, bram).await.unwrap().row.grants[0].id, None).await.unwrap();
    assert!(matches!(access::block_user(app, &stale, noor).await, Err(AppError::Forbidden { .. })));
    assert!(matches!(access::invite(app, &stale, guest("x@school.nl", Vec::new())).await, Err(AppError::Forbidden { .. })));
    access::block_user(app, &CLI, bram).await.unwrap();
    assert!(matches!(access::block_user(app, &stale, noor).await, Err(AppError::Unauthenticated)));
    let events = app.store.read(async |tx| audit::events(tx, &audit::EventFilter::default(), 0, 100).await).await.unwrap();
    assert!(
        events.iter().all(|stored| stored
            .event
            .as_ref()
            .is_none_or(|event| event.subject != noor.to_string() || event.kind == EventKind::UserAdded))
    );
}
