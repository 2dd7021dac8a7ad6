//! Running other programs: each is echoed before it runs, and a failure names the command line.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The command as a person would type it.
#[must_use]
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let quoted: Vec<String> = words
        .map(|word| {
            let word = word.to_string_lossy();
            if word.is_empty() || word.contains([' ', '"', '\'', '*', '$']) {
                format!("'{word}'")
            } else {
                word.into_owned()
            }
        })
        .collect();
    quoted.join(" ")
}

/// Runs a command whose output passes through.
///
/// # Errors
/// When it can't be started or exits with another code than 0.
pub fn run(command: &mut Command) -> Result<()> {
    println!("$ {}", line(command));
    let status = command.status().with_context(|| format!("`{}` did not start", line(command)))?;
    if status.success() {
        return Ok(());
    }
    match status.code() {
        Some(code) => bail!("`{}` ended with exit code {code}", line(command)),
        None => bail!("`{}` was stopped by a signal", line(command)),
    }
}

/// Runs a command and returns what it printed on standard output, trimmed.
///
/// # Errors
/// When it can't be started or exits with another code than 0; the message then ends with its standard error.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("`{}` did not start", line(command)))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}", line(command), stderr.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where a program lies on the `PATH`.
#[must_use]
pub fn which(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|candidate| candidate.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_quotes_what_a_shell_would_split() {
        let mut command = Command::new("cargo");
        command.args(["test", "--", "a name"]);
        assert_eq!(line(&command), "cargo test -- 'a name'");
    }

    #[test]
    fn a_failure_names_the_command() {
        let error = output(Command::new("cargo").arg("no-such-subcommand-of-cargo")).unwrap_err().to_string();
        assert!(error.starts_with("`cargo no-such-subcommand-of-cargo` failed"), "{error}");
    }
}
