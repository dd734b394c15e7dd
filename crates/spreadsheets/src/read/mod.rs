//! From bytes to cells: what a file is, whether it is safe, and what stands in it.
//!
//! Nothing here knows what a student or a school is. Order of work, cheapest check first: size, first
//! bytes, a walk through the zip with caps, and only then the streaming cell reader. It still belongs
//! in a [worker process](crate::worker): a library may ask for memory that is not there.

mod error;
mod magic;
mod scan;
mod shown;
mod text;
mod xlsx;
mod zip_guard;

pub use error::ReadError;

use crate::raw::{FileFormat, Limits, RawNote, RawWorkbook};

/// Reads the cells of a file in this process.
///
/// For the worker, for tests and for measurements. The service calls
/// [`read_in_worker`](crate::worker::read_in_worker) instead.
///
/// # Errors
/// A [`ReadError`] when the file is of another kind, damaged, protected, hostile or too large.
pub fn read_direct(bytes: &[u8], limits: &Limits) -> Result<RawWorkbook, ReadError> {
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if size > limits.file_bytes {
        return Err(ReadError::FileTooLarge { max_bytes: limits.file_bytes });
    }
    match magic::recognise(bytes)? {
        magic::Content::Zip => xlsx::read(bytes, limits),
        magic::Content::Text => text::read(bytes, limits),
    }
}

/// Notes when the extension of a file name promises something else than the file holds.
pub(crate) fn note_extension(file_name: &str, workbook: &mut RawWorkbook) {
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    let fits = match extension.as_deref() {
        None => true,
        Some("xlsx" | "xltx") => workbook.format == FileFormat::Xlsx,
        Some("xlsm" | "xltm") => workbook.format == FileFormat::Xlsm,
        Some("csv" | "tsv" | "txt" | "tab") => workbook.format == FileFormat::Text,
        Some(_) => false,
    };
    if !fits {
        let name = file_name.chars().take(120).collect();
        workbook.notes.push(RawNote::Extension { name });
    }
}
