//! What pages are built from. Each function takes plain data and gives markup.

pub mod figures;
pub mod filters;
pub mod forms;
pub mod icons;
pub mod markdown;
pub mod may;
pub mod nav;
pub mod page;
pub mod signs;
pub mod status;
pub mod table;
pub mod text;
pub mod url;
