//! Starting browsers and drivers, and ending them.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::PATIENCE;

/// Programs that end, the last first, and a folder that goes, when this is dropped.
pub(super) struct Processes {
    running: Vec<Child>,
    pub(super) profile: PathBuf,
}

impl Processes {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let profile = std::env::temp_dir().join(format!("depthscope-browser-{}-{count}", std::process::id()));
        Self { running: Vec::new(), profile }
    }

    /// Starts a program that tells on its output, or among its errors, what `find` finds in a line. Some programs look for a free
    /// port in two address families, one after the other, and give up where another takes the second meanwhile.
    #[track_caller]
    pub(super) fn start<T>(&mut self, command: &mut Command, says: Says, find: impl Fn(&str) -> Option<T>) -> T {
        const TRIES: usize = 5;
        let name = Path::new(command.get_program()).display().to_string();
        let mut said = String::new();
        for _ in 0..TRIES {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            match says {
                Says::Output => command.stdout(Stdio::piped()),
                Says::Errors => command.stderr(Stdio::piped()),
            };
            let mut process = command.spawn().unwrap_or_else(|error| panic!("{name} did not start: {error}"));
            let found = match says {
                Says::Output => found_in(process.stdout.take(), &find),
                Says::Errors => found_in(process.stderr.take(), &find),
            };
            match found {
                Ok(found) => {
                    self.running.push(process);
                    return found;
                }
                Err(other) => said = other,
            }
            drop((process.kill(), process.wait()));
        }
        panic!("{name} did not say what it is asked for: {said}")
    }

    /// Starts a program that says nothing, and waits until something listens on the port that it was given.
    #[track_caller]
    pub(super) fn start_silent(&mut self, command: &mut Command, port: u16) {
        let name = Path::new(command.get_program()).display().to_string();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.running.push(command.spawn().unwrap_or_else(|error| panic!("{name} did not start: {error}")));
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(start.elapsed() < PATIENCE, "{name} does not listen");
            std::thread::sleep(Duration::from_millis(30));
        }
    }
}

/// Where a program says what is to be known.
#[derive(Clone, Copy, Debug)]
pub(super) enum Says {
    Output,
    Errors,
}

impl Drop for Processes {
    fn drop(&mut self) {
        while let Some(mut process) = self.running.pop() {
            drop((process.kill(), process.wait()));
        }
        drop(std::fs::remove_dir_all(&self.profile));
    }
}

/// What is found, or all that was said.
fn found_in<T>(pipe: Option<impl Read + Send + 'static>, find: &impl Fn(&str) -> Option<T>) -> Result<T, String> {
    let mut lines = BufReader::new(pipe.expect("it was piped"));
    let mut said = String::new();
    loop {
        let mut line = String::new();
        if !matches!(lines.read_line(&mut line), Ok(1..)) {
            return Err(said);
        }
        if let Some(found) = find(line.trim_end()) {
            // It may say more, and a closed or a full pipe would stop it.
            std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
            return Ok(found);
        }
        said += &line;
    }
}
