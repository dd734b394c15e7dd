//! All files of the examples, with their place in the folder.

use std::collections::BTreeSet;

use kernschil_spreadsheets::ImportKind;

use crate::offers::{spread, tidy};
use crate::plan::Plan;
use crate::rng::Rng;
use crate::sheets::{self, Sheet};
use crate::sources::{Fallible, areas};
use crate::{almere, hak, students, talent, trainers, world, written, wrong};

/// A file to write.
pub(crate) struct File {
    /// Place in the folder.
    pub(crate) path: String,
    /// Content.
    pub(crate) bytes: Vec<u8>,
}

/// The sheets of the four workbooks of one example.
pub(crate) struct Example {
    /// Partnerships, programmes, boards and schools.
    pub(crate) partnerships: Vec<Sheet>,
    /// Trainers.
    pub(crate) trainers: Vec<Sheet>,
    /// Rounds and places.
    pub(crate) offers: Vec<Sheet>,
    /// Students.
    pub(crate) students: Vec<Sheet>,
}

/// Makes every file.
pub(crate) fn all() -> Fallible<Vec<File>> {
    let mut files = Vec::new();
    let mut used = BTreeSet::new();
    for plan in [&talent::PLAN, &almere::PLAN, &hak::PLAN] {
        let example = make(plan, &mut used)?;
        for (name, kind, sheets) in [
            ("partnerschappen", ImportKind::Partnerships, &example.partnerships),
            ("opleiders", ImportKind::Trainers, &example.trainers),
            ("plekken", ImportKind::Offers, &example.offers),
            ("studenten", ImportKind::Students, &example.students),
        ] {
            files.push(File { path: format!("{}/{name}.xlsx", plan.folder), bytes: written::good(kind, sheets)? });
        }
        if plan.folder == talent::PLAN.folder {
            files.extend(wrong::files(&example)?);
        }
    }
    let postcodes = postcodes(&used)?.into_bytes();
    written::read_back(ImportKind::Postcodes, &postcodes)?;
    files.push(File { path: "postcodes.txt".to_owned(), bytes: postcodes });
    Ok(files)
}

fn make(plan: &Plan, used: &mut BTreeSet<String>) -> Fallible<Example> {
    let mut rng = Rng::new(plan.seed);
    let world = world::build(plan, &mut rng)?;
    let mut offers = spread(plan, &world, &mut rng);
    let students = students::make(plan, &world, &mut offers, &mut rng)?;
    let offers = tidy(offers);
    let trainers = trainers::make(plan, &world, &offers, &mut rng)?;
    used.extend(world.schools.iter().map(|s| s.postcode.chars().take(4).collect()));
    used.extend(students.iter().map(|s| s.home.to_owned()));
    Ok(Example {
        partnerships: sheets::partnerships(plan, &world),
        trainers: sheets::trainers(&world, &trainers),
        offers: sheets::offers(plan, &world, &offers, &mut rng),
        students: sheets::students(plan, &students),
    })
}

/// The postcode areas that occur, as `GeoNames` publishes them: twelve columns, tabs in between. The
/// codes of provinces and municipalities are not in our source and stay empty.
fn postcodes(used: &BTreeSet<String>) -> Fallible<String> {
    let mut text = String::new();
    for area in areas()?.iter().filter(|a| used.contains(a.code)) {
        let columns = ["NL", area.code, area.place, area.province, "", area.municipality, "", "", "", area.latitude, area.longitude, "6"];
        text.push_str(&columns.join("\t"));
        text.push('\n');
    }
    Ok(text)
}
