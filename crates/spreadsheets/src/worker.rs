//! The reader in a process of its own, with caps on memory and time.
//!
//! A spreadsheet library can be made to ask for hundreds of gigabytes, and a failed allocation aborts
//! the process it happens in. So the service hands the bytes to a second process of the same binary,
//! which lowers its own limits first, reads, answers with JSON, and may die without harm.
//!
//! Protocol: on standard input one line of JSON with the [`Limits`], then the file until the end; on
//! standard output one JSON value, `{"Ok": workbook}` or `{"Err": error}`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::raw::{Limits, RawWorkbook};
use crate::read::{ReadError, note_extension, read_direct};

/// The worker's side: reads limits and file on standard input, writes the answer on standard output.
///
/// The binary calls this for its hidden subcommand and returns the exit code. The process lowers its
/// own limits, so nothing else should run in it afterwards.
pub fn serve_stdin() -> ExitCode {
    match serve(&mut BufReader::new(io::stdin().lock()), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    let mut line = String::new();
    input.by_ref().take(4_096).read_line(&mut line)?;
    let limits: Limits = serde_json::from_str(&line)?;
    lower_own_limits(&limits)?;
    let mut bytes = Vec::new();
    input.take(limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    let answer = read_direct(&bytes, &limits);
    drop(bytes);
    let mut output = io::BufWriter::with_capacity(256 * 1024, output);
    serde_json::to_writer(&mut output, &answer)?;
    output.flush()
}

#[cfg(unix)]
fn lower_own_limits(limits: &Limits) -> io::Result<()> {
    use rlimit::Resource;

    let lower = |resource: Resource, value: u64| {
        let (_, hard) = resource.get()?;
        resource.set(value.min(hard), value.min(hard))
    };
    lower(Resource::AS, limits.worker_memory_bytes)?;
    lower(Resource::CPU, limits.worker_cpu_seconds)?;
    // No file may be written, and no memory dump with personal data may stay behind.
    lower(Resource::FSIZE, 0)?;
    lower(Resource::CORE, 0)
}

#[cfg(not(unix))]
fn lower_own_limits(_limits: &Limits) -> io::Result<()> {
    Ok(())
}

/// Reads the cells of a file in a worker process. Blocks until the worker is done or killed.
///
/// `exe` is the binary and `arg` the hidden subcommand that calls [`serve_stdin`]. `file_name` is only
/// used to note that its extension does not fit the content.
///
/// # Errors
/// What [`read_direct`] reports; [`ReadError::Aborted`] when the worker dies or answers nonsense,
/// [`ReadError::TimedOut`] when it takes too long, [`ReadError::NotStarted`] when it cannot start.
pub fn read_in_worker(exe: &Path, arg: &str, file_name: &str, bytes: Vec<u8>, limits: &Limits) -> Result<RawWorkbook, ReadError> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.file_bytes {
        return Err(ReadError::FileTooLarge { max_bytes: limits.file_bytes });
    }
    let header = serde_json::to_vec(limits).map_err(|_| ReadError::NotStarted)?;
    let mut child = Command::new(exe)
        .arg(arg)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| ReadError::NotStarted)?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        stop(&mut child);
        return Err(ReadError::NotStarted);
    };
    // Both pipes have their own thread: neither side can then wait for the other for ever. Both end
    // when the worker ends, because its ends of the pipes close.
    let writer = thread::spawn(move || {
        // A worker that dies while reading breaks the pipe; its exit says enough.
        let _ = input.write_all(&header).and_then(|()| input.write_all(b"\n")).and_then(|()| input.write_all(&bytes));
    });
    let cap = limits.worker_output_bytes;
    let (sender, receiver) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut answer = Vec::new();
        let read = output.take(cap.saturating_add(1)).read_to_end(&mut answer);
        let _ = sender.send(read.map(|_| answer));
    });
    let started = Instant::now();
    let wall = Duration::from_millis(limits.worker_wall_millis);
    let answer = receiver.recv_timeout(wall);
    if !matches!(&answer, Ok(Ok(answer)) if u64::try_from(answer.len()).unwrap_or(u64::MAX) <= cap) {
        stop(&mut child);
    }
    let status = child.wait();
    let _ = (writer.join(), reader.join());
    let result = match answer {
        Err(_) => return Err(ReadError::TimedOut),
        Ok(Ok(answer)) if status.as_ref().is_ok_and(std::process::ExitStatus::success) => answer,
        Ok(_) if started.elapsed() >= Duration::from_secs(limits.worker_cpu_seconds) => return Err(ReadError::TimedOut),
        Ok(_) => return Err(ReadError::Aborted),
    };
    let mut workbook = serde_json::from_slice::<Result<RawWorkbook, ReadError>>(&result).map_err(|_| ReadError::Aborted)??;
    note_extension(file_name, &mut workbook);
    Ok(workbook)
}

/// Ends the worker. It may be gone already.
fn stop(child: &mut std::process::Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_answers_with_cells_or_with_the_reason_why_not() {
        // Without lowering limits: this is the test process.
        for (file, expected) in [(&b"BRIN;School\n05XH00;De Krullevaar\n"[..], true), (b"%PDF-1.7", false)] {
            let answer = read_direct(file, &Limits::default());
            let json = serde_json::to_vec(&answer).unwrap();
            let back: Result<RawWorkbook, ReadError> = serde_json::from_slice(&json).unwrap();
            assert_eq!(back, answer);
            assert_eq!(back.is_ok(), expected);
        }
    }

    #[test]
    fn a_program_that_cannot_start_dies_or_hangs_becomes_a_clear_error() {
        let run = |exe: &str, arg: &str, worker_wall_millis| {
            let limits = Limits { worker_wall_millis, ..Limits::default() };
            read_in_worker(Path::new(exe), arg, "a.csv", b"a;b".to_vec(), &limits)
        };
        assert_eq!(run("/nonexistent/kernschil", "read-workbook", 30_000), Err(ReadError::NotStarted));
        assert_eq!(run("/bin/false", "", 30_000), Err(ReadError::Aborted));
        assert_eq!(run("/bin/echo", "nonsense", 30_000), Err(ReadError::Aborted));
        assert_eq!(run("/bin/sleep", "60", 300), Err(ReadError::TimedOut));
    }
}
