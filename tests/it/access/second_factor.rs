//! The second factor: setting it up, giving it once, and taking it off.

use chrono::Duration;
use kernschil_app::access::{self, NewUser, Proof, Stage};
use kernschil_app::{Actor, App, AppError};
use kernschil_domain::audit::EventKind;
use totp_rs::{Algorithm, Builder, Secret};

use super::{EMAIL, PASSWORD, actor_of, events, faults, is_out, later, mails, sign_in, somebody, way};
use crate::support::TestApp;

/// Another authenticator than ours: what it shows at a moment.
fn shown(secret: &str, app: &App) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let totp = Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_step_duration(30).with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(app.clock.now().timestamp()).unwrap()).to_string()
}

/// A code that is not the one of now, nor of just before or after.
fn wrong(secret: &str, app: &App) -> String {
    let near: Vec<_> = [-30, 0, 30].map(|by| shown(secret, &later(app, Duration::seconds(by)))).to_vec();
    (0..1_000_000).map(|n| format!("{n:06}")).find(|code| !near.contains(code)).unwrap()
}

/// Anna's account with a second factor that was confirmed a minute ago: its secret and recovery codes.
async fn set_up(app: &App) -> (String, Vec<String>) {
    access::first_user(app, somebody()).await.unwrap();
    let earlier = later(app, Duration::minutes(-1));
    let actor = actor_of(&earlier, &sign_in(&earlier).await.token).await;
    access::begin_second_factor(&earlier, &actor, PASSWORD).await.unwrap();
    let setup = access::second_factor_setup(&earlier, &actor).await.unwrap().unwrap();
    assert!(setup.qr.starts_with("<svg ") && setup.address.starts_with("otpauth://totp/Kernschil:anna%40school.nl?secret="));
    let codes = access::confirm_second_factor(&earlier, &actor, &shown(&setup.secret, &earlier)).await.unwrap();
    (setup.secret, codes)
}

/// Anna's half sign-in.
async fn half(app: &App) -> String {
    let session = sign_in(app).await;
    assert_eq!(session.stage, Stage::SecondFactor);
    session.token
}

async fn give(app: &App, token: &str, code: &str) -> Result<access::NewSession, AppError> {
    access::give_second_factor(app, token, code, None).await
}

both_databases! {
    async fn nothing_is_asked_until_a_code_was_given(app: TestApp) {
        let app = &app.app;
        access::first_user(app, somebody()).await.unwrap();
        let actor = actor_of(app, &sign_in(app).await.token).await;
        let asked = |outcome| faults(outcome).remove(0);
        assert_eq!(asked(access::begin_second_factor(app, &actor, "iets anders dan dat").await), ("password".into(), "wachtwoord-onjuist".into()));
        assert_eq!(asked(access::begin_second_factor(app, &actor, "").await), ("password".into(), "wachtwoord-ontbreekt".into()));
        assert!(access::second_factor_setup(app, &actor).await.unwrap().is_none());
        let early = access::confirm_second_factor(app, &actor, "123456").await;
        assert!(matches!(early, Err(AppError::Conflict { code: "tweede-factor-niet-begonnen", .. })));

        access::begin_second_factor(app, &actor, PASSWORD).await.unwrap();
        let first = access::second_factor_setup(app, &actor).await.unwrap().unwrap().secret;
        access::begin_second_factor(app, &actor, PASSWORD).await.unwrap();
        let secret = access::second_factor_setup(app, &actor).await.unwrap().unwrap().secret;
        assert_ne!(secret, first, "who saw the first one does not know the second");
        assert_eq!(faults(access::confirm_second_factor(app, &actor, &wrong(&secret, app)).await)[0].1, "code-onjuist");
        assert_eq!(sign_in(app).await.stage, Stage::Open);
        assert_eq!(events(app, EventKind::SecondFactorAdded).await.len(), 0);

        let codes = access::confirm_second_factor(app, &actor, &shown(&secret, app)).await.unwrap();
        assert_eq!(codes.len(), 10);
        assert_eq!(sign_in(app).await.stage, Stage::SecondFactor);
        assert!(access::second_factor_setup(app, &actor).await.unwrap().is_none(), "the secret is not shown again");
        let again = access::begin_second_factor(app, &actor, PASSWORD).await;
        assert!(matches!(again, Err(AppError::Conflict { code: "tweede-factor-bestaat", .. })));
        assert_eq!(events(app, EventKind::SecondFactorAdded).await.len(), 1);
        assert_eq!(mails(app).await[0].subject, "Inloggen bij Kernschil vraagt voortaan een code");
    }

    async fn a_code_opens_the_session_under_another_token_and_counts_once(app: TestApp) {
        let app = &app.app;
        let (secret, _) = set_up(app).await;
        let (first, second) = (half(app).await, half(app).await);
        let code = shown(&secret, app);
        let open = give(app, &first, &code).await.unwrap();
        assert_eq!(open.stage, Stage::Open);
        assert_ne!(open.token, first);
        assert!(is_out(app, &first).await, "who knew the token of the half sign-in is not in");
        let session = access::session(app, &open.token, None).await.unwrap();
        assert_eq!((session.stage, session.actor.name()), (Stage::Open, "Anna"));

        assert_eq!(faults(give(app, &second, &code).await)[0].1, "code-onjuist");
        let next = later(app, Duration::seconds(30));
        give(&next, &second, &shown(&secret, &next)).await.unwrap();
        assert!(matches!(give(&next, &second, &shown(&secret, &next)).await, Err(AppError::Unauthenticated)));
        let open = access::session(app, &open.token, None).await.unwrap();
        let as_half = give(app, "0", &code).await;
        assert!(matches!(as_half, Err(AppError::Unauthenticated)) && open.stage == Stage::Open);
    }

    async fn of_two_who_bring_the_same_code_at_once_one_comes_in(app: TestApp) {
        let app = &app.app;
        let (secret, codes) = set_up(app).await;
        for code in [shown(&secret, app), codes[0].clone()] {
            let halves = [half(app).await, half(app).await, half(app).await];
            let [a, b, c] = &halves;
            let (a, b, c) = tokio::join!(give(app, a, &code), give(app, b, &code), give(app, c, &code));
            assert_eq!([a, b, c].iter().filter(|outcome| outcome.is_ok()).count(), 1);
        }
    }

    async fn a_recovery_code_works_once_however_it_is_typed(app: TestApp) {
        let app = &app.app;
        let (_, codes) = set_up(app).await;
        let typed = format!(" {} ", codes[3].to_uppercase().replace('-', " "));
        give(app, &half(app).await, &typed).await.unwrap();
        assert_eq!(faults(give(app, &half(app).await, &codes[3]).await)[0].1, "code-onjuist");
        let noted = events(app, EventKind::RecoveryCodeUsed).await;
        assert_eq!((noted.len(), noted[0].after.as_deref()), (1, Some(r#"{"left":9}"#)));
        assert_eq!(mails(app).await[0].subject, "Er is een herstelcode voor Kernschil gebruikt");
        assert!(mails(app).await[0].body.contains("U heeft er nog 9."));
    }

    async fn ten_wrong_codes_end_the_half_sign_in_and_its_owner_hears_of_it(app: TestApp) {
        let app = &app.app;
        let (secret, _) = set_up(app).await;
        let token = half(app).await;
        let bad = wrong(&secret, app);
        for _ in 0..9 {
            assert_eq!(faults(give(app, &token, &bad).await)[0].1, "code-onjuist");
        }
        let before = mails(app).await.len();
        assert!(matches!(give(app, &token, &bad).await, Err(AppError::Conflict { code: "te-veel-codes", .. })));
        assert!(matches!(give(app, &token, &shown(&secret, app)).await, Err(AppError::Unauthenticated)), "also the right code is too late");
        let sent = mails(app).await;
        assert_eq!((sent.len(), sent[0].subject.as_str()), (before + 1, "Iemand probeert bij Kernschil in te loggen als u"));
        assert!(sent[0].body.contains("http://127.0.0.1:8080/wachtwoord-vergeten"));
        let noted = events(app, EventKind::SignInRefused).await;
        assert_eq!(noted.len(), 10);
        assert!(noted.iter().all(|event| !event.subject.is_empty() && event.after.as_deref() == Some(r#"{"factor":"code"}"#)));
        give(app, &half(app).await, &shown(&secret, app)).await.unwrap();
    }

    async fn half_a_sign_in_lasts_ten_minutes_and_opens_nothing(app: TestApp) {
        let app = &app.app;
        let (secret, _) = set_up(app).await;
        let token = half(app).await;
        let found = access::session(app, &token, None).await.unwrap();
        assert_eq!(found.stage, Stage::SecondFactor);
        assert!(matches!(access::renew(app, &token).await, Err(AppError::Unauthenticated)));
        assert_eq!(access::remember_device(app, &token, None).await.unwrap(), None);
        assert!(access::own_sessions(app, &found.actor).await.unwrap().iter().all(|session| session.id != found.id));
        let late = later(app, Duration::minutes(10));
        assert!(matches!(give(&late, &token, &shown(&secret, &late)).await, Err(AppError::Unauthenticated)));
        access::give_up(app, &token).await.unwrap();
        assert!(is_out(app, &token).await);
    }

    async fn it_goes_by_password_or_code_and_its_recovery_codes_with_it(app: TestApp) {
        let app = &app.app;
        let (secret, codes) = set_up(app).await;
        let actor = actor_of(app, &give(app, &half(app).await, &codes[0]).await.unwrap().token).await;
        let refused = access::remove_second_factor(app, &actor, Proof::Password("iets anders dan dat".into())).await;
        assert_eq!(faults(refused), [("password".to_owned(), "wachtwoord-onjuist".to_owned())]);
        let refused = access::remove_second_factor(app, &actor, Proof::Code(codes[0].clone())).await;
        assert_eq!(faults(refused), [("code".to_owned(), "code-onjuist".to_owned())]);
        assert_eq!(faults(Proof::of("", " ").map(drop))[0].1, "bewijs-ontbreekt");
        assert_eq!(access::own(app, &actor).await.unwrap().recovery_codes, 9);

        let new = access::new_recovery_codes(app, &actor, Proof::Code(shown(&secret, app))).await.unwrap();
        assert_eq!(access::own(app, &actor).await.unwrap().recovery_codes, 10);
        let spent = access::remove_second_factor(app, &actor, Proof::Code(codes[1].clone())).await;
        assert_eq!(faults(spent)[0].1, "code-onjuist", "the old codes are worth nothing");
        access::remove_second_factor(app, &actor, Proof::Code(new[0].clone())).await.unwrap();
        let own = access::own(app, &actor).await.unwrap();
        assert_eq!((own.second_factor_since, own.recovery_codes), (None, 0));
        assert_eq!(sign_in(app).await.stage, Stage::Open);
        let gone = access::remove_second_factor(app, &actor, Proof::Password(PASSWORD.into())).await;
        assert!(matches!(gone, Err(AppError::Conflict { code: "geen-tweede-factor", .. })));
        for kind in [EventKind::SecondFactorRemoved, EventKind::RecoveryCodesMade] {
            assert_eq!(events(app, kind).await.len(), 1, "{kind:?}");
        }
    }

    async fn a_code_of_one_account_is_worth_nothing_for_another(app: TestApp) {
        let app = &app.app;
        let (secret, codes) = set_up(app).await;
        access::add_user(app, &Actor::CommandLine, NewUser { email: "b@school.nl".to_owned(), ..somebody() }).await.unwrap();
        let token = access::sign_in(app, "b@school.nl", PASSWORD, way()).await.unwrap().token;
        let other = actor_of(app, &token).await;
        access::begin_second_factor(app, &other, PASSWORD).await.unwrap();
        let theirs = access::second_factor_setup(app, &other).await.unwrap().unwrap().secret;
        access::confirm_second_factor(app, &other, &shown(&theirs, app)).await.unwrap();
        let half = access::sign_in(app, "b@school.nl", PASSWORD, way()).await.unwrap().token;
        for code in [shown(&secret, app), codes[0].clone()] {
            assert_eq!(faults(give(app, &half, &code).await)[0].1, "code-onjuist");
        }
        assert_eq!(access::sign_in(app, EMAIL, PASSWORD, way()).await.unwrap().stage, Stage::SecondFactor);
    }
}
