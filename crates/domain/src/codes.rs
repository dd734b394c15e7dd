//! Closed lists: each value has a stable code for storage and the API, and a Dutch word for people.

/// Declares an enum whose values have a code (storage, API) and a Dutch word (screen, workbook).
macro_rules! code_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal / $dutch:literal $(| $alias:literal)*),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant),+
        }

        impl $name {
            /// All values, in their usual order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code that storage and the API use.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The Dutch word for screens and workbooks.
            pub fn dutch(self) -> &'static str {
                match self { $(Self::$variant => $dutch),+ }
            }

            /// Reads a code, a Dutch word or a known alias; case and surrounding space do not matter.
            pub fn parse(text: &str) -> Option<Self> {
                let text = text.trim().to_lowercase();
                $(if [$code, $dutch $(, $alias)*].iter().any(|known| known.to_lowercase() == text) {
                    return Some(Self::$variant);
                })+
                None
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.dutch())
            }
        }
    };
}

pub(crate) use code_enum;

code_enum! {
    /// Kind of education a school gives.
    Sector {
        /// Primary education.
        Bo = "bo" / "bo" | "basisonderwijs" | "po",
        /// Special primary education.
        Sbo = "sbo" / "sbo" | "speciaal basisonderwijs",
        /// Special education.
        So = "so" / "so" | "speciaal onderwijs",
        /// Special secondary education.
        Vso = "vso" / "vso" | "voortgezet speciaal onderwijs",
        /// Secondary education.
        Vo = "vo" / "vo" | "voortgezet onderwijs",
    }
}

code_enum! {
    /// Role of a board or school inside one partnership. It belongs to the dated membership: a board
    /// can be schil in one partnership and kern in another (seed 000, HAK).
    Tier {
        /// Full partner that trains students by the partnership's own standard.
        Kern = "kern" / "kern" | "kernschool" | "kernbestuur" | "opleidingsschool",
        /// Partner with few students, that gets guidance from the kern.
        Schil = "schil" / "schil" | "schilschool" | "schilbestuur",
    }
}

code_enum! {
    /// Whether a partnership is recognised.
    PartnershipStatus {
        /// Working towards recognition.
        Aspirant = "aspirant" / "aspirant" | "aspirant-opleidingsschool",
        /// Recognised by the minister.
        Recognised = "recognised" / "erkend" | "erkende opleidingsschool",
    }
}

code_enum! {
    /// Form in which a programme is followed.
    ProgrammeForm {
        /// Full time.
        FullTime = "vt" / "voltijd" | "VT" | "voltijd onderwijs",
        /// Part time.
        PartTime = "dt" / "deeltijd" | "DT" | "deeltijd onderwijs",
        /// Dual: working and learning.
        Dual = "du" / "duaal" | "DU" | "duaal onderwijs",
    }
}

code_enum! {
    /// Level of a programme.
    ProgrammeLevel {
        /// Associate degree.
        AssociateDegree = "ad" / "associate degree",
        /// Bachelor at a university of applied sciences (a pabo).
        HboBachelor = "hbo-bachelor" / "hbo-bachelor" | "hbo" | "hbo bachelor",
        /// Master at a university of applied sciences.
        HboMaster = "hbo-master" / "hbo-master" | "hbo master",
        /// Bachelor at a university (such as PWPO).
        WoBachelor = "wo-bachelor" / "wo-bachelor" | "wo" | "wo bachelor",
        /// Master at a university.
        WoMaster = "wo-master" / "wo-master" | "wo master",
    }
}

code_enum! {
    /// Where a study phase stands in the programme. The final phase goes first when places are short.
    PhaseKind {
        /// The first year.
        First = "first" / "eerste" | "propedeuse" | "eerste fase",
        /// Between the first and the final phase.
        Middle = "middle" / "midden" | "hoofdfase" | "kernfase" | "middelste",
        /// The last phase, often as leraar-in-opleiding (LIO).
        Final = "final" / "laatste" | "afstudeerfase" | "LIO" | "laatste fase",
    }
}

code_enum! {
    /// How somebody is trained.
    StudentKind {
        /// A student of a programme.
        Student = "student" / "student",
        /// Teaches already while training; counts with the students (DOMAIN 2).
        CareerChanger = "career-changer" / "zij-instromer" | "zijinstromer" | "zij instromer",
    }
}

code_enum! {
    /// How an enrolment stands.
    EnrolmentStatus {
        /// Follows the programme.
        Active = "active" / "actief" | "ingeschreven",
        /// Interrupted for a time.
        Interrupted = "interrupted" / "onderbroken",
        /// Left without a diploma.
        Stopped = "stopped" / "gestopt",
        /// Finished with a diploma.
        Graduated = "graduated" / "afgestudeerd",
    }
}

code_enum! {
    /// Who employs a trainer.
    TrainerKind {
        /// Employed by a board: schoolopleider.
        School = "school" / "schoolopleider" | "school",
        /// Employed by an institute: instituutopleider.
        Institute = "institute" / "instituutopleider" | "instituut" | "instituutsopleider",
    }
}

code_enum! {
    /// A qualification of a trainer, with its own dates.
    QualificationKind {
        /// Registered in the register of teacher trainers (VELON/BRLO).
        Brlo = "brlo" / "BRLO-registratie" | "BRLO" | "VELON" | "VELON-registratie",
        /// Certificate of the partnership's own training for school trainers.
        SchoolTrainerCertificate = "school-trainer-certificate" / "certificaat schoolopleider" | "schoolopleider",
        /// Certificate of the training for mentors.
        MentorCertificate = "mentor-certificate" / "certificaat mentor" | "mentortraining",
    }
}

code_enum! {
    /// What a partnership may ask of a kern or schil school. Which ones, and how high, is data.
    ConditionKind {
        /// At least one trainer at the school holds a valid certificate or registration.
        CertifiedSchoolTrainer = "certified-school-trainer" / "gecertificeerde schoolopleider",
        /// At least the given percentage of mentors is trained.
        TrainedMentors = "trained-mentors" / "getrainde mentoren",
        /// The inspectorate does not judge the school weak or very weak.
        InspectionJudgement = "inspection-judgement" / "inspectieoordeel niet zwak",
        /// Offers at least the given number of places in the round.
        MinimumPlaces = "minimum-places" / "minimaal aantal plekken",
        /// A kern board or kern school guides it as buddy.
        GuidedByKern = "guided-by-kern" / "begeleid door kern" | "maatje",
    }
}

code_enum! {
    /// What is known about the quality of a school from a date on.
    EvidenceKind {
        /// Judgement of the inspectorate; the value is an [`InspectionJudgement`].
        InspectionJudgement = "inspection-judgement" / "inspectieoordeel",
        /// Percentage of mentors that is trained, 0 to 100.
        TrainedMentors = "trained-mentors" / "getrainde mentoren (%)" | "getrainde mentoren",
    }
}

code_enum! {
    /// Judgement of the inspectorate of education about a school.
    InspectionJudgement {
        /// Good.
        Good = "good" / "goed",
        /// Sufficient.
        Sufficient = "sufficient" / "voldoende",
        /// Not sufficient.
        Insufficient = "insufficient" / "onvoldoende" | "zwak",
        /// Very weak.
        VeryWeak = "very-weak" / "zeer zwak",
    }
}

code_enum! {
    /// Step at which a round stands.
    RoundState {
        /// Students and schools are loaded.
        Collecting = "collecting" / "gegevens",
        /// Schools are asked for places.
        Offering = "offering" / "plekken",
        /// Students give their wishes.
        Wishing = "wishing" / "voorkeuren",
        /// A proposal is made.
        Proposing = "proposing" / "voorstel",
        /// A proposal is being checked.
        Checking = "checking" / "controleren",
        /// Fixed.
        Fixed = "fixed" / "vastgesteld",
        /// Published to schools and students.
        Published = "published" / "bekendgemaakt",
        /// Published, and mutations are being dealt with.
        Changing = "changing" / "wijzigingen",
        /// Ended.
        Closed = "closed" / "gesloten",
    }
}

impl RoundState {
    /// Whether placements can still be proposed and moved freely: nothing was fixed yet.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Collecting | Self::Offering | Self::Wishing | Self::Proposing | Self::Checking)
    }

    /// Whether schools and students were told, so that each change is a mutation.
    pub fn is_announced(self) -> bool {
        matches!(self, Self::Published | Self::Changing)
    }
}

code_enum! {
    /// Whether a demand takes part when a proposal is made.
    Turn {
        /// It does.
        TakesPart = "takes-part" / "doet mee",
        /// A coordinator left it out for now.
        LeftOut = "left-out" / "overgeslagen",
    }
}

code_enum! {
    /// Whether a proposal may move a placement.
    Hold {
        /// It may, unless it was placed by hand or announced.
        Free = "free" / "vrij",
        /// A coordinator pinned it.
        Pinned = "pinned" / "vastgezet",
    }
}

code_enum! {
    /// Why a student does not go to a school. Categories only, never a medical or family detail.
    ExclusionCategory {
        /// The school asked for it.
        School = "school" / "op verzoek van de school",
        /// The student asked for it.
        Student = "student" / "op verzoek van de student",
        /// Somebody close to the student works or goes there.
        Family = "family" / "bekenden op de school",
        /// The trainer asked for it.
        Trainer = "trainer" / "op verzoek van de opleider",
        /// Another reason.
        Other = "other" / "anders",
    }
}

code_enum! {
    /// What a school answered when asked for places.
    AnswerState {
        /// It did not answer yet.
        Waiting = "waiting" / "nog geen antwoord",
        /// It has no places this time.
        None = "none" / "geen plekken",
    }
}

code_enum! {
    /// Whether a student has to have a place in a period.
    Need {
        /// A place is needed.
        Required = "required" / "plaats nodig" | "ja",
        /// No place is needed now, for instance because of an exemption.
        NotRequired = "not-required" / "geen plaats nodig" | "nee",
    }
}

code_enum! {
    /// Where a placement came from.
    PlacementSource {
        /// An allocation run.
        Run = "run" / "voorstel",
        /// A coordinator, by hand.
        Hand = "hand" / "met de hand",
        /// A workbook.
        Import = "import" / "import",
    }
}

code_enum! {
    /// How far a placement is.
    PlacementStatus {
        /// Proposed, nobody was told.
        Proposed = "proposed" / "voorgesteld",
        /// Fixed by the coordinator.
        Fixed = "fixed" / "vastgesteld",
        /// Published to school and student.
        Announced = "announced" / "bekendgemaakt",
        /// Taken back; kept as history.
        Withdrawn = "withdrawn" / "ingetrokken",
    }
}

code_enum! {
    /// Whether a student placed outside samen opleiden gets extra guidance from the partnership
    /// (Almere's ladder, seed 003).
    Guidance {
        /// Extra guidance is arranged.
        Extra = "extra" / "met extra begeleiding",
        /// No extra guidance.
        None = "none" / "zonder extra begeleiding",
    }
}

code_enum! {
    /// How far an import or other long work is.
    JobState {
        /// Waits for a worker.
        Queued = "queued" / "wacht",
        /// Being done.
        Running = "running" / "bezig",
        /// Done.
        Done = "done" / "klaar",
        /// Stopped by an error.
        Failed = "failed" / "mislukt",
        /// Stopped at the request of a user.
        Cancelled = "cancelled" / "afgebroken",
    }
}
