//! Rules and wishes of a round, and the two orders.

use kernschil_web::components::forms::{Choice, FieldError};
use kernschil_web::components::nav::NavItem;
use kernschil_web::views::orders::{Chosen, OrderColumn, OrdersView, orders_page};
use kernschil_web::views::rules::{AimRow, Editing, Move, NumberField, RuleGroup, RuleRow, RulesView, TotalRow, rules_page};
use maud::Markup;

use super::{HOSTILE, frame, round_ref, text, texts};

const MODES: [(&str, &str); 3] = [("off", "uit"), ("soft", "weegt mee"), ("hard", "altijd")];

fn rule(code: &str, title: &str, sentence: &str, mode: &str, effect: &str) -> RuleRow {
    RuleRow {
        code: text(code),
        title: text(title),
        sentence: text(sentence),
        mode: text(mode),
        modes: MODES.iter().map(|(code, word)| (text(code), text(word))).collect(),
        number: None,
        effect: text(effect),
    }
}

fn numbered(label: &str, value: &str, rule: RuleRow) -> RuleRow {
    RuleRow { number: Some(NumberField { label: text(label), value: text(value) }), ..rule }
}

fn choice(value: &str, label: &str, hint: &str) -> Choice {
    Choice { value: text(value), label: text(label), hint: text(hint) }
}

fn groups() -> Vec<RuleGroup> {
    let travel = rule(
        "travel-limit",
        "Reistijdgrens",
        "De reis is hoogstens 90 minuten.",
        "hard",
        "Sluit 12.030 combinaties van student en school uit.",
    );
    let alone = rule("not-alone", "Niet alleen", "Een student mag de enige op een school zijn.", "off", "");
    let only = RuleRow {
        modes: vec![(text("hard"), text("altijd"))],
        ..rule("exclusion", "Uitsluiting", "Een student komt niet op een uitgesloten school.", "hard", "Sluit niets uit.")
    };
    let group = |code: &str, title: &str, rules| RuleGroup { code: text(code), title: text(title), rules };
    vec![
        group("waar", "Wie waar past", vec![numbered("Minuten, enkele reis", "90", travel), only]),
        group("hoeveel", "Hoeveel bij elkaar", vec![numbered("Studenten", "2", alone)]),
    ]
}

fn aim(code: &str, title: &str, rules: &str, moves: Vec<Move>) -> AimRow {
    AimRow { code: text(code), title: text(title), sentence: format!("Zo veel mogelijk: {title}."), rules: text(rules), moves }
}

fn view() -> RulesView {
    RulesView {
        round: round_ref(),
        version: text("3"),
        editing: Editing::Open,
        groups: groups(),
        aims: vec![
            aim("placed", "Iedereen een plek", "", vec![]),
            aim("covered", "Binnen samen opleiden", "", vec![Move::Down]),
            aim("soft-rules", "Regels die meewegen", "groepen, dagen", vec![Move::Up]),
        ],
        orders: vec![
            choice("covered-first", "Dekking eerst", "Soms verhuist iemand."),
            choice("kept-first", "Plaatsen houden eerst", "Niemand verhuist."),
        ],
        order: text("covered-first"),
        travel_modes: vec![choice("bicycle", "Fiets", ""), choice("car", "Auto", "")],
        travel_mode: text("bicycle"),
        guides: vec![
            choice("school", "Schoolopleider", "Een schoolopleider begeleidt de student."),
            choice("either", "Schoolopleider of instituutopleider", "Een van beiden begeleidt de student, wie er ruimte heeft."),
        ],
        guided_by: text("school"),
        totals: vec![TotalRow {
            field: text("totaal-1-2"),
            board: text(HOSTILE),
            period: text("heel jaar"),
            offered: 40,
            placed: 31,
            maximum: text("35"),
        }],
        warnings: texts(&["3 studenten hebben met deze regels geen enkele passende plek."]),
        measured: String::new(),
        errors: vec![],
    }
}

fn orders() -> OrdersView {
    let column = |code: &str, name: &str, chosen, figures: [u32; 2]| OrderColumn {
        code: text(code),
        name: text(name),
        price: text("Niemand verliest een bekende plek."),
        chosen,
        figures: figures.to_vec(),
    };
    OrdersView {
        round: round_ref(),
        version: text("3"),
        movable: 1131,
        figures: texts(&["Niet geplaatst", "Krijgt een andere plaats dan nu op het bord"]),
        columns: vec![
            column("covered-first", "Dekking eerst", Chosen::Now, [8, 27]),
            column("kept-first", "Plaatsen houden eerst", Chosen::Not, [8, 0]),
        ],
    }
}

/// The pages of this room.
pub(super) fn pages() -> Vec<(&'static str, Markup)> {
    let wrong = |field: &str| FieldError { field: text(field), message: text("Vul een getal van 2 tot en met 20 in.") };
    let errors = RulesView { errors: vec![wrong("getal-not-alone"), wrong("totaal-1-2"), wrong("doelen"), wrong("doelen")], ..view() };
    let closed = RulesView { editing: Editing::Closed, warnings: vec![], ..view() };
    let empty = OrdersView { columns: vec![], ..orders() };
    vec![
        ("regels", rules_page(&frame(NavItem::Rules), &view())),
        ("regels-fout", rules_page(&frame(NavItem::Rules), &errors)),
        ("regels-gesloten", rules_page(&frame(NavItem::Rules), &closed)),
        ("volgorde", orders_page(&frame(NavItem::Proposal), &orders())),
        ("volgorde-leeg", orders_page(&frame(NavItem::Proposal), &empty)),
    ]
}
