//! What privacy asks over all tables: which columns there are, everything about one student, making people
//! unrecognisable, and removing what is past its term.

mod expired;
mod mails;
mod reviews;
mod schema;
mod students;
mod traces;

pub use expired::{
    anonymise_trainers, claim_day, count_devices, count_events, count_history, count_mails, forget_history, forget_users, idle_trainers,
    remove_devices, removed_users,
};
pub use mails::forget_in_mails;
pub use reviews::{ended_peers, ended_reviews, forget_peers, forget_review};
pub use schema::columns;
pub use students::{ErasureGround, anonymise, erased_among, forget_files, known, last_days, of_student};
pub use traces::{Trace, changes_about, traces};
