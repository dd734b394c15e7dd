//! Which right opens which operation. An operation without a row is refused to everybody, and fails a test.

use kernschil_domain::access::Permission;
use kernschil_http::{Door, LOADING, WORK};

/// What opens quality frameworks; the use case keeps drafts to those who write them.
const FRAMEWORKS: Door = Door::NeedsOne(&[Permission::ReadReviews, Permission::ManageFrameworks]);

/// The door of an operation; nothing when it has no row.
#[expect(clippy::match_same_arms, reason = "operations stand by room, so that each is found where its room is")]
pub fn door(operation: &str) -> Option<Door> {
    Some(match operation {
        "createSession" | "getOpenApiDocument" => Door::Open,
        "getCurrentSession"
        | "deleteCurrentSession"
        | "listSessions"
        | "deleteOtherSessions"
        | "deleteSession"
        | "listTokens"
        | "createToken"
        | "revokeToken" => Door::SignedIn,
        "listUsers"
        | "searchUsers"
        | "getUser"
        | "inviteUser"
        | "createInvitation"
        | "createPasswordReset"
        | "removeUser"
        | "blockUser"
        | "unblockUser"
        | "removeSecondFactor"
        | "grantRole"
        | "endRole" => Door::Needs(Permission::ManageUsers),
        "getProcessingRegister" | "getStudentDossier" | "correctStudent" | "eraseStudent" => Door::Needs(Permission::HandlePrivacy),
        "getRetention" | "putRetention" => Door::Needs(Permission::ManageSettings),
        "listAuditEvents" => Door::Needs(Permission::ReadAudit),
        "listRounds" | "getRound" => Door::Needs(Permission::ReadRounds),
        "getRules" | "putRules" | "getBoardTotals" | "putBoardTotals" => Door::Needs(Permission::ManageRounds),
        "getRoundSteps" | "moveRound" | "putRoundDates" | "listSchoolAnswers" | "putSchoolAnswer" | "askSchools" => {
            Door::Needs(Permission::ManageRounds)
        }
        "fixRound" | "reopenRound" | "listSnapshots" | "announceRound" | "listWaves" | "listLetters" | "getLetter" | "getWaveWorkbook" => {
            Door::Needs(Permission::Announce)
        }
        "listSchools" | "getSchool" => Door::Needs(Permission::ReadSchools),
        "listStudents"
        | "searchStudents"
        | "getStudent"
        | "getStudentReasons"
        | "listCoverageStudents"
        | "getStudentHistory"
        | "getSchoolHistory" => Door::Needs(Permission::ReadStudents),
        "getCoverage" => Door::Needs(Permission::ReadCoverage),
        "listDemands" | "getExceptions" | "listCandidates" | "getPlacement" | "getLatestChange" | "listExclusions" | "listTeams" => {
            Door::Needs(Permission::ReadPlacements)
        }
        "swapPlacements" | "putHold" | "putTurn" | "putExclusion" | "deleteExclusion" | "createTeam" | "putTeam" | "deleteTeam"
        | "createBulkChange" | "putPlacement" | "deletePlacement" | "reverseChange" => Door::Needs(Permission::PlaceStudents),
        "createProposal"
        | "getLatestProposal"
        | "getShortages"
        | "listScenarios"
        | "createScenario"
        | "getScenario"
        | "changeScenario"
        | "putScenarioRules"
        | "shiftScenarioPlaces"
        | "removeScenario"
        | "solveScenario"
        | "chooseScenario"
        | "compareScenarios" => Door::Needs(Permission::MakeProposals),
        "listMutations" | "createMutation" | "getMutation" | "createMutationPlan" | "carryOutMutation" | "cancelMutation"
        | "placeWaiting" => Door::Needs(Permission::Mutate),
        "listWaiting" => Door::Needs(Permission::ReadPlacements),
        "getReflection" | "getReflectionText" => Door::Needs(Permission::ReadReview),
        "putReflectionText" | "listReflectionVersions" | "restoreReflectionVersion" | "handInReflection" | "takeReflectionBack" => {
            Door::Needs(Permission::WriteReflection)
        }
        "listPeers" | "createPeer" | "getPeer" | "putPeer" => Door::Needs(Permission::ManagePeers),
        "previewReviewFramework"
        | "putReviewFramework"
        | "getPanel"
        | "getPanelProposal"
        | "putPanelVerdict"
        | "deletePanelVerdict"
        | "askReviewMember"
        | "askReviewMemberAgain"
        | "extendReviewMember"
        | "withdrawReviewMember"
        | "putVisitPollDays"
        | "chooseVisitDay"
        | "listReviewEvents" => Door::Needs(Permission::ManageReview),
        "listReviewMembers" | "answerReviewInvitation" | "getVisitPoll" | "putVisitPollAnswers" => Door::Needs(Permission::ReadReview),
        "listRegions" | "listPartnerships" | "listReviews" | "getReviewRhythm" | "getReviewWorkbook" | "getReviewCalendarDays" => {
            Door::Needs(Permission::ReadReviews)
        }
        "getReview"
        | "getReviewDays"
        | "listReviewSteps"
        | "listEvidence"
        | "getEvidence"
        | "getEvidenceFile"
        | "listDevelopmentQuestions"
        | "getProgramme" => Door::Needs(Permission::ReadReview),
        "createReview"
        | "changeReview"
        | "moveReview"
        | "createSecondChance"
        | "addReviewStep"
        | "changeReviewStep"
        | "removeReviewStep"
        | "addDevelopmentQuestion"
        | "putDevelopmentQuestion"
        | "shiftDevelopmentQuestion"
        | "removeDevelopmentQuestion"
        | "addProgrammePart"
        | "putProgrammePart"
        | "removeProgrammePart" => Door::Needs(Permission::ManageReview),
        "listStepTemplates" | "putStepTemplates" => Door::Needs(Permission::ManageFrameworks),
        "listDayNotes" | "putDayNote" | "removeDayNote" => Door::Needs(Permission::WriteFindings),
        "listPinnedFigures" => Door::Needs(Permission::ReadReview),
        "listFigureChoices" | "pinFigure" | "unpinFigure" | "putFigureBack" => Door::Needs(Permission::WriteReflection),
        "listFindings" => Door::Needs(Permission::ReadReview),
        "getFinding" | "addFinding" | "putFinding" | "removeFinding" | "handInFindings" => Door::Needs(Permission::WriteFindings),
        "getFindingsForm" | "readFindingsForm" | "takeOverFindingsForm" => Door::Needs(Permission::WriteFindings),
        "listFindingChanges" | "restoreFinding" => Door::Needs(Permission::WriteFindings),
        "openFindings" => Door::Needs(Permission::WeighFindings),
        "getReport" | "getReportVersion" | "getReportDocument" | "getReportWorkbook" | "compareReportVersions" => {
            Door::Needs(Permission::ReadReview)
        }
        "makeReportVersion" | "putReportTexts" | "sendReport" | "putReportDeadline" | "putReportReply" | "finaliseReport" => {
            Door::Needs(Permission::WriteReport)
        }
        "addReportComment" | "putReportComment" | "removeReportComment" => Door::Needs(Permission::RespondToReport),
        "getPublication" | "getPublicationDocument" | "getPublicationWorkbook" => Door::Needs(Permission::ReadReviews),
        "publishReport" | "withdrawPublication" => Door::Needs(Permission::ManageReview),
        "getWeighing" | "getWeighingWorkbook" | "getReviewOutcome" | "listFollowUps" | "getFollowUpWorkbook" | "listPreviousFollowUps" => {
            Door::Needs(Permission::ReadReview)
        }
        "addJointFinding" | "putJointFinding" | "removeJointFinding" | "putBackJointFinding" | "putReviewOutcome" => {
            Door::Needs(Permission::WeighFindings)
        }
        "putDissent" | "withdrawDissent" => Door::Needs(Permission::WriteFindings),
        "addFollowUp" | "putFollowUp" => Door::Needs(Permission::ManageReview),
        "addEvidenceFile" | "addEvidenceLink" | "putEvidence" | "removeEvidence" | "renewEvidenceFile" | "renewEvidenceLink" => {
            Door::Needs(Permission::WriteReflection)
        }
        "listFrameworks" | "getFramework" | "compareFrameworks" | "getFrameworkWorkbook" | "getFrameworkYaml" => FRAMEWORKS,
        "createFramework" | "loadFramework" | "putFramework" | "publishFramework" | "withdrawFramework" | "offerFramework"
        | "removeFramework" => Door::Needs(Permission::ManageFrameworks),
        "listJobs" | "getJob" | "cancelJob" => WORK,
        "getWorkbook" => Door::Needs(Permission::ExportStudents),
        "listImports" | "getImportTemplate" | "createImport" => LOADING,
        _ => return None,
    })
}
