//! One room per page: the view model and the page as a function of it.

pub mod access;
pub mod api_docs;
pub mod board;
pub mod coverage;
pub mod errors;
pub mod help;
pub mod imports;
pub mod jobs;
pub mod proposal;
pub mod proposal_result;
pub mod round;
pub mod school;
pub mod schools;
pub mod start;
pub mod student;
pub mod students;
pub mod workbooks;
