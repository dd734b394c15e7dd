//! How each operation is asked for.

use kernschil_domain::access::Permission;
use serde_json::{Value, json};

use super::{HeaderOf, NOTHING, Payload, Spec, Subject, changes, reads};
use crate::matrix::world::Things;

/// How an operation is asked for; nothing when it is not known here.
#[expect(clippy::match_same_arms, reason = "an operation stands beside its kin")]
pub(super) fn operation(id: &str) -> Option<Spec> {
    use Subject::{Installation, Job, Letter, Nowhere, OfReader, Own, Round, Scenario, School, Student, WholeRound};
    let tag = |things: &Things| ("if-match", format!("\"{}\"", things.placement));
    let first: HeaderOf = |_| ("if-match", "\"1\"".to_owned());
    Some(match id {
        "getOpenApiDocument"
        | "getCurrentSession"
        | "listRounds"
        | "listJobs"
        | "listImports"
        | "listSessions"
        | "listTokens"
        | "listUsers"
        | "getProcessingRegister"
        | "getRetention"
        | "listAuditEvents" => reads(&[Own]),
        // The pool of peers is one list; a peer or member that is not there, is not there for anybody.
        "listPeers" => reads(&[Own]),
        "createPeer" => changes(&[Own], |things| Payload::Json(json!({ "name": "P", "email": "p@elders.example", "region": things.job }))),
        "getPeer" => reads(&[Nowhere]),
        "putPeer" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |things| Payload::Json(json!({ "name": "P", "email": "p@elders.example", "region": things.job })))
        },
        "getPanel" | "getPanelProposal" | "listReviewMembers" | "getVisitPoll" | "listReviewEvents" => reads(&[Subject::Review]),
        "putPanelVerdict" => changes(&[Nowhere], |_| Payload::Json(json!({ "verdict": "conflict", "reason": "Familie" }))),
        "deletePanelVerdict" => changes(&[Nowhere], NOTHING),
        "askReviewMember" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "role": "observer", "name": "W", "email": "w@elders.example" })))
        }
        "extendReviewMember" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "until": "2027-01-01" }))) },
        "askReviewMemberAgain" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "role": "member" }))) },
        "withdrawReviewMember" => Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) },
        "answerReviewInvitation" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "answer": "agreed" }))) },
        "putVisitPollDays" => changes(&[Subject::Review], |_| Payload::Json(json!({ "days": [] }))),
        "putVisitPollAnswers" => changes(&[Nowhere], |_| Payload::Json(json!({ "answers": [] }))),
        "chooseVisitDay" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "day": "2027-03-15" }))) },
        "listRegions"
        | "listPartnerships"
        | "listReviews"
        | "getReviewRhythm"
        | "getReviewWorkbook"
        | "getReviewCalendarDays"
        | "listStepTemplates" => reads(&[Own]),
        "createReview" => changes(&[Own], |_| Payload::Json(json!({ "name": "Proef", "kind": "developmental" }))),
        "putStepTemplates" => changes(&[Own], |_| Payload::Json(json!({ "steps": [] }))),
        "getReview" | "getReviewDays" | "listReviewSteps" | "listEvidence" | "listDevelopmentQuestions" | "getProgramme" => {
            reads(&[Subject::Review])
        }
        "changeReview" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "name": "Anders" }))) },
        "moveReview" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "event": "begin" }))) },
        "createSecondChance" => changes(&[Subject::Review], NOTHING),
        "addReviewStep" => Spec {
            header: Some(first),
            ..changes(&[Subject::Review], |_| {
                Payload::Json(json!({ "phase": "preparing", "name": "Bellen", "days": -3, "waitsFor": "chair" }))
            })
        },
        "changeReviewStep" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "name": "Anders" }))) },
        "removeReviewStep" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "addDevelopmentQuestion" => changes(&[Subject::Review], |_| Payload::Json(json!({ "text": "Hoe leren wij?" }))),
        "putDevelopmentQuestion" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "text": "Hoe?" }))) },
        "shiftDevelopmentQuestion" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "way": "up" }))) },
        "removeDevelopmentQuestion" | "removeProgrammePart" | "removeEvidence" => {
            Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) }
        }
        "addProgrammePart" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "startsAt": "09:30", "endsAt": "10:00", "title": "Ontvangst" })))
        }
        "putProgrammePart" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |_| Payload::Json(json!({ "startsAt": "09:30", "endsAt": "10:00", "title": "Ontvangst" })))
        },
        // Who has a right but no row in the review hears so; a note that is not there is not there for anybody.
        "listDayNotes" => reads(&[Subject::Review]),
        "putDayNote" => Spec {
            header: Some(|_| ("if-match", "\"0\"".to_owned())),
            ..changes(&[Subject::Review], |_| Payload::Json(json!({ "body": "Goed gesprek." })))
        },
        "removeDayNote" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "listFigureChoices" | "listPinnedFigures" => reads(&[Subject::Review]),
        "pinFigure" => changes(&[Subject::Review], |_| Payload::Json(json!({ "part": "1", "figure": "geen" }))),
        "unpinFigure" | "putFigureBack" => changes(&[Nowhere], NOTHING),
        "listFindings" | "getFindingsForm" | "listFindingChanges" => reads(&[Subject::Review]),
        "getFinding" => reads(&[Nowhere]),
        "addFinding" => changes(&[Subject::Review], |_| {
            Payload::Json(json!({ "kind": "strength", "part": "1", "text": "Er is een gedeeld beeld.", "evidence": [] }))
        }),
        "putFinding" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |_| Payload::Json(json!({ "kind": "strength", "part": "1", "text": "Anders.", "evidence": [] })))
        },
        "removeFinding" => Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) },
        "readFindingsForm" => changes(&[Subject::Review], |_| Payload::File("almere/studenten.xlsx")),
        "restoreFinding" => {
            let none = |_: &_| Payload::Json(json!({ "change": "00000000-0000-7000-8000-000000000000" }));
            Spec { header: Some(first), ..changes(&[Subject::Review], none) }
        }
        "takeOverFindingsForm" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "choices": [] }))) },
        "handInFindings" => {
            Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "contents": "findings" }))) }
        }
        // Weighing, outcome and follow-up. What is not there, is not there for anybody; no review follows on another here.
        "getWeighing" | "getWeighingWorkbook" | "getReviewOutcome" | "listFollowUps" | "getFollowUpWorkbook" => reads(&[Subject::Review]),
        "listPreviousFollowUps" => reads(&[Nowhere]),
        "addJointFinding" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "kind": "strength", "part": "1", "text": "Samen.", "sources": [] })))
        }
        "putJointFinding" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |_| Payload::Json(json!({ "kind": "strength", "part": "1", "text": "Samen.", "sources": [] })))
        },
        "removeJointFinding" | "putBackJointFinding" | "withdrawDissent" => Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) },
        "putDissent" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "text": "Anders." }))) },
        "putReviewOutcome" => Spec {
            header: Some(first),
            ..changes(&[Subject::Review], |_| {
                Payload::Json(json!({ "safeguards": { "1": "sufficient" }, "overall": "sufficient", "decidedOn": "2026-01-01" }))
            })
        },
        "addFollowUp" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "text": "Doen", "owner": "De coördinator", "dueOn": "2027-01-01" })))
        }
        "putFollowUp" => Spec {
            header: Some(first),
            ..changes(&[Nowhere], |_| Payload::Json(json!({ "text": "Doen", "owner": "De coördinator", "dueOn": "2027-01-01" })))
        },
        "openFindings" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "getEvidence" | "getEvidenceFile" => reads(&[Nowhere]),
        // What cannot be brought is refused in the same way for everybody who may.
        "addEvidenceFile" => changes(&[Subject::Review], |_| Payload::File("almere/studenten.xlsx")),
        "addEvidenceLink" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "title": "Site", "parts": ["1"], "link": "https://school.example/" })))
        }
        "putEvidence" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "title": "Plan", "parts": [] }))) },
        "renewEvidenceFile" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::File("almere/studenten.xlsx")) },
        "renewEvidenceLink" => {
            Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "link": "https://school.example/" }))) }
        }
        "listFrameworks" => reads(&[Own]),
        "getFramework" | "compareFrameworks" | "getFrameworkWorkbook" | "getFrameworkYaml" => reads(&[Installation]),
        "previewReviewFramework" => reads(&[Subject::Review]),
        "putReviewFramework" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "createFramework" => changes(&[Own], |_| Payload::Json(json!({ "name": "Proef" }))),
        "loadFramework" => changes(&[Own], |_| Payload::File("almere/studenten.xlsx")),
        "putFramework" => Spec { header: Some(first), ..changes(&[Installation], |_| Payload::Json(json!({ "name": "Proef" }))) },
        "publishFramework" | "withdrawFramework" | "offerFramework" | "removeFramework" => {
            Spec { header: Some(first), ..changes(&[Installation], NOTHING) }
        }
        "getReflection" | "getReflectionText" | "listReflectionVersions" => reads(&[Subject::Review]),
        "putReflectionText" => Spec {
            header: Some(|_| ("if-match", "\"0\"".to_owned())),
            ..changes(&[Subject::Review], |_| Payload::Json(json!({ "body": "Wij doen dit zo." })))
        },
        // A version that is not there is not there for anybody.
        "restoreReflectionVersion" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "number": 99 }))) },
        "handInReflection" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "takeReflectionBack" => {
            Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "reason": "iets vergeten" }))) }
        }
        "deleteSession" | "revokeToken" => changes(&[OfReader], NOTHING),
        "createToken" => changes(&[Own], |_| Payload::Json(json!({ "name": "proef", "scope": "read", "days": 30 }))),
        "searchUsers" => Spec { payload: |_| Payload::Json(json!({ "text": "iemand" })), ..reads(&[Own]) },
        "inviteUser" => changes(&[Own], |_| Payload::Json(json!({ "email": "nieuw@example.nl", "name": "Nieuw" }))),
        "getUser" | "getStudentDossier" => reads(&[Installation]),
        "removeUser"
        | "createInvitation"
        | "createPasswordReset"
        | "removeSecondFactor"
        | "blockUser"
        | "unblockUser"
        | "endRole"
        | "eraseStudent" => changes(&[Installation], NOTHING),
        "grantRole" => changes(&[Installation], |_| Payload::Json(json!({ "role": "reader", "scope": "all" }))),
        "correctStudent" => changes(&[Installation], |things| {
            let names = json!({ "version": things.placement.0, "givenName": "Anna", "familyName": "Bakker" });
            let mut body = names.as_object().unwrap().clone();
            body.insert("number".to_owned(), json!(things.number));
            body.insert("kind".to_owned(), json!("student"));
            Payload::Json(Value::Object(body))
        }),
        "putRetention" => changes(&[Own], |_| Payload::Json(json!({ "mails": 3 }))),
        "createSession" => changes(&[Own], |_| Payload::Json(json!({}))),
        "deleteCurrentSession" | "deleteOtherSessions" => changes(&[Own], NOTHING),
        "getRound"
        | "listSchools"
        | "listStudents"
        | "getExceptions"
        | "listDemands"
        | "getLatestChange"
        | "getCoverage"
        | "listCoverageStudents"
        | "getWorkbook" => reads(&[Round]),
        "searchStudents" => Spec { payload: |things| Payload::Json(json!({ "text": things.number })), ..reads(&[Round]) },
        "getSchool" => reads(&[Round, School]),
        "getStudent" | "getStudentReasons" | "listCandidates" | "getPlacement" => reads(&[Round, Student]),
        "putPlacement" => Spec {
            header: Some(tag),
            ..changes(&[Round, Student], |things| Payload::Json(json!({ "offer": things.offer, "guidance": "extra" })))
        },
        "deletePlacement" => Spec { header: Some(tag), ..changes(&[Round, Student], NOTHING) },
        "reverseChange" => changes(&[Round, Student], NOTHING),
        "listTeams" => reads(&[Round]),
        "listExclusions" => reads(&[Round, Student]),
        "swapPlacements" => changes(&[Round, Student], |things| Payload::Json(json!({ "one": row(things), "other": row(things) }))),
        "createBulkChange" => changes(&[Round, Student], |things| Payload::Json(json!({ "action": "pin", "demands": [row(things)] }))),
        "createTeam" => changes(&[Round, Student], |things| Payload::Json(json!({ "name": "Leerteam", "members": [things.demand] }))),
        "putTeam" => Spec {
            header: Some(tag),
            ..changes(&[Round, Subject::Nowhere], |things| Payload::Json(json!({ "name": "Leerteam", "members": [things.demand] })))
        },
        "deleteTeam" => Spec { header: Some(tag), ..changes(&[Round, Subject::Nowhere], NOTHING) },
        "putHold" => Spec { header: Some(tag), ..changes(&[Round, Student], |_| Payload::Json(json!({ "hold": "pinned" }))) },
        "putTurn" => Spec { header: Some(tag), ..changes(&[Round, Student], |_| Payload::Json(json!({ "turn": "left-out" }))) },
        "putExclusion" => Spec {
            header: Some(|_| ("if-none-match", "*".to_owned())),
            also: Some(Permission::ReadCustom),
            ..changes(&[Round, Student], |things| Payload::Json(json!({ "category": "family", "placement": things.placement })))
        },
        "deleteExclusion" => Spec {
            header: Some(|_| ("if-match", "\"family\"".to_owned())),
            also: Some(Permission::ReadCustom),
            ..changes(&[Round, Student], NOTHING)
        },
        "getRules" | "getBoardTotals" => reads(&[WholeRound]),
        "putRules" => Spec {
            header: Some(|_| ("if-match", "\"1\"".to_owned())),
            ..changes(&[WholeRound], |_| {
                let aims: Vec<_> = kernschil_domain::policy::Aim::ALL.iter().map(|aim| aim.code()).collect();
                Payload::Json(json!({ "rules": [], "aims": aims, "maxWishes": 3, "travelMode": "bicycle", "guidedBy": "school" }))
            })
        },
        "putBoardTotals" => Spec {
            header: Some(|_| ("if-match", "\"1\"".to_owned())),
            ..changes(&[WholeRound], |_| Payload::Json(json!({ "totals": [] })))
        },
        "listMutations" => reads(&[WholeRound]),
        "createMutation" => changes(&[WholeRound], |_| Payload::Json(json!({ "kind": "enrolment" }))),
        "getMutation" => reads(&[WholeRound, Scenario]),
        "createMutationPlan" | "cancelMutation" => Spec { header: Some(first), ..changes(&[WholeRound, Scenario], NOTHING) },
        "carryOutMutation" => {
            Spec { header: Some(first), ..changes(&[WholeRound, Scenario], |_| Payload::Json(json!({ "order": "kept-first" }))) }
        }
        "listWaiting" => reads(&[Round]),
        "placeWaiting" => changes(&[Round, Student], |things| Payload::Json(json!({ "offer": things.offer }))),
        "getStudentHistory" => reads(&[Round, Student]),
        "getSchoolHistory" => reads(&[Round, School]),
        "createProposal" => changes(&[WholeRound], NOTHING),
        "getLatestProposal" | "getShortages" | "listScenarios" | "compareScenarios" => reads(&[WholeRound]),
        // The report. There is no version here, and nothing is published.
        "getReport" => reads(&[Subject::Review]),
        "getReportVersion"
        | "getReportDocument"
        | "getReportWorkbook"
        | "compareReportVersions"
        | "getPublication"
        | "getPublicationDocument"
        | "getPublicationWorkbook" => reads(&[Nowhere]),
        "makeReportVersion" => Spec { header: Some(first), ..changes(&[Subject::Review], NOTHING) },
        "putReportTexts" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "texts": [] }))) },
        "sendReport" | "putReportDeadline" => {
            Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "respondBy": "2026-07-15" }))) }
        }
        "addReportComment" => {
            changes(&[Subject::Review], |_| Payload::Json(json!({ "number": 1, "paragraph": "panel", "text": "Anders." })))
        }
        "putReportComment" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "text": "Anders." }))) },
        "removeReportComment" => Spec { header: Some(first), ..changes(&[Nowhere], NOTHING) },
        "putReportReply" => Spec { header: Some(first), ..changes(&[Nowhere], |_| Payload::Json(json!({ "reply": "Gedaan." }))) },
        "finaliseReport" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({}))) },
        "publishReport" => Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "parts": [] }))) },
        "withdrawPublication" => {
            Spec { header: Some(first), ..changes(&[Subject::Review], |_| Payload::Json(json!({ "reason": "Fout." }))) }
        }
        "createScenario" => changes(&[WholeRound], |_| Payload::Json(json!({ "name": "proef" }))),
        "getScenario" => reads(&[WholeRound, Scenario]),
        "changeScenario" => Spec {
            header: Some(first),
            ..changes(&[WholeRound, Scenario], |things| Payload::Json(json!({ "name": format!("proef {}", things.scenario) })))
        },
        "putScenarioRules" => Spec {
            header: Some(first),
            ..changes(&[WholeRound, Scenario], |_| {
                let aims: Vec<_> = kernschil_domain::policy::Aim::ALL.iter().map(|aim| aim.code()).collect();
                Payload::Json(json!({ "rules": [], "aims": aims, "maxWishes": 3, "travelMode": "car", "guidedBy": "school" }))
            })
        },
        "shiftScenarioPlaces" => Spec { header: Some(first), ..changes(&[WholeRound, Scenario], |_| Payload::Json(json!({ "by": 1 }))) },
        "removeScenario" | "chooseScenario" => Spec { header: Some(first), ..changes(&[WholeRound, Scenario], NOTHING) },
        "solveScenario" => changes(&[WholeRound, Scenario], NOTHING),
        "getRoundSteps" | "listSnapshots" | "listWaves" | "listLetters" => reads(&[WholeRound]),
        "getWaveWorkbook" => Spec { also: Some(Permission::ExportStudents), ..reads(&[WholeRound]) },
        "getLetter" => reads(&[WholeRound, Letter]),
        "moveRound" => Spec { header: Some(first), ..changes(&[WholeRound], |_| Payload::Json(json!({ "event": "back" }))) },
        "putRoundDates" => {
            let dates = |_: &Things| Payload::Json(json!({ "dates": [{ "step": "offering", "dueOn": "2026-03-01" }] }));
            Spec { header: Some(first), ..changes(&[WholeRound], dates) }
        }
        "fixRound" => Spec { header: Some(first), ..changes(&[WholeRound], NOTHING) },
        "reopenRound" => Spec { header: Some(first), ..changes(&[WholeRound], |_| Payload::Json(json!({ "reason": "mistake" }))) },
        "announceRound" => Spec { header: Some(first), ..changes(&[WholeRound], |_| Payload::Json(json!({ "audience": "schools" }))) },
        "listSchoolAnswers" => reads(&[Round]),
        "putSchoolAnswer" => changes(&[Round, School], |_| Payload::Json(json!({ "answer": "none" }))),
        "askSchools" => changes(&[Round], NOTHING),
        "getJob" => reads(&[Job]),
        "cancelJob" => changes(&[Job], NOTHING),
        "getImportTemplate" => Spec { also: Some(Permission::ImportStudents), ..reads(&[Own]) },
        "createImport" => Spec { also: Some(Permission::ImportStudents), ..changes(&[Own], |_| Payload::File("almere/studenten.xlsx")) },
        _ => return None,
    })
}

/// A demand as it was seen, in a request of the API.
fn row(things: &Things) -> Value {
    json!({ "demand": things.demand, "placement": things.placement })
}
