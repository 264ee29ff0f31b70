//! The time zone of the office, in the forms that `TZ` has on ordinary systems.

use std::path::Path;

use chrono_tz::Tz;

/// Rules of POSIX that have the name of a zone, as the files of the zone database end with them.
const KNOWN_RULES: [(&str, Tz); 9] = [
    ("EST5EDT,M3.2.0,M11.1.0", chrono_tz::EST5EDT),
    ("CST6CDT,M3.2.0,M11.1.0", chrono_tz::CST6CDT),
    ("MST7MDT,M3.2.0,M11.1.0", chrono_tz::MST7MDT),
    ("PST8PDT,M3.2.0,M11.1.0", chrono_tz::PST8PDT),
    ("WET0WEST,M3.5.0/1,M10.5.0", chrono_tz::WET),
    ("CET-1CEST,M3.5.0,M10.5.0/3", chrono_tz::CET),
    ("EET-2EEST,M3.5.0/3,M10.5.0/4", chrono_tz::EET),
    ("GMT0BST,M3.5.0/1,M10.5.0", chrono_tz::Europe::London),
    ("<-04>4<-03>,M9.1.6/24,M4.1.6/24", chrono_tz::America::Santiago),
];

/// The time zone of the office, and what its operator should know about how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeZone {
    /// The zone.
    pub tz: Tz,
    warning: Option<String>,
}

impl OfficeZone {
    /// What could not be followed, for the operator.
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// Writes the warning, if there is one, to the log.
    pub fn warn(&self) {
        if let Some(warning) = &self.warning {
            tracing::warn!(code = "time_zone", "{warning}");
        }
    }

    const fn plain(tz: Tz) -> Self {
        Self { tz, warning: None }
    }

    fn unknown(text: &str, why: &str) -> Self {
        let warning = format!(
            "time zone '{}' {why}: UTC is used; set TZ to an IANA name, like America/Argentina/Buenos_Aires",
            text.escape_debug()
        );
        Self { tz: Tz::UTC, warning: Some(warning) }
    }

    /// Reads an IANA name, a path of the zone database, or a zone of POSIX (`ART3`). A leading colon is how the
    /// C library marks a name. What is well formed and cannot be followed becomes UTC with a warning, since `TZ`
    /// belongs to the system and not only to us.
    ///
    /// # Errors
    /// A word that is none of these.
    pub fn read(text: &str) -> Result<Self, String> {
        let name = text.strip_prefix(':').unwrap_or(text);
        if name.is_empty() {
            return Ok(Self::plain(Tz::UTC));
        }
        if let Some(tz) = by_name(name) {
            return Ok(Self::plain(tz));
        }
        if name.starts_with('/') {
            let found = by_path(Path::new(name)).map(Self::plain);
            return Ok(found.unwrap_or_else(|| Self::unknown(text, "is no file of the zone database")));
        }
        match posix(name) {
            Some(Some(tz)) => Ok(Self::plain(tz)),
            Some(None) => Ok(Self::unknown(text, "has rules or an offset that are not supported")),
            None => Err(format!(
                "no time zone '{}': give an IANA name, like America/Argentina/Buenos_Aires or UTC",
                name.escape_debug()
            )),
        }
    }
}

fn by_name(name: &str) -> Option<Tz> {
    let name = name.strip_prefix("posix/").or_else(|| name.strip_prefix("right/")).unwrap_or(name);
    name.parse().ok()
}

/// The zone of a file: by where its link leads to, or by the rule at its end.
fn by_path(path: &Path) -> Option<Tz> {
    /// More than any file of the zone database has.
    const MOST_BYTES: u64 = 256 * 1024;
    let file = path.canonicalize().ok()?;
    let named = |path: &Path| by_name(path.to_str()?.split_once("/zoneinfo/")?.1);
    if let Some(tz) = named(&file).or_else(|| named(path)) {
        return Some(tz);
    }
    let about = std::fs::metadata(&file).ok()?;
    if !about.is_file() || about.len() > MOST_BYTES {
        return None;
    }
    let bytes = std::fs::read(&file).ok().filter(|bytes| bytes.starts_with(b"TZif"))?;
    let end = bytes.strip_suffix(b"\n")?;
    let rule = end.rsplit(|byte| *byte == b'\n').next()?;
    posix(std::str::from_utf8(rule).ok()?)?
}

/// A zone of POSIX: a name and an offset, and maybe rules for summer. None when it is none, none within when
/// there is no zone that is the same.
fn posix(text: &str) -> Option<Option<Tz>> {
    let offset = text.strip_prefix('<').map_or_else(
        || Some(text.trim_start_matches(|c: char| c.is_ascii_alphabetic())).filter(|rest| text.len() - rest.len() >= 3),
        |quoted| quoted.split_once('>').map(|(_, rest)| rest),
    )?;
    let digits = offset.strip_prefix(['+', '-']).unwrap_or(offset);
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(digits.len());
    let (time, summer) = digits.split_at(end);
    let mut parts = time.split(':');
    let hours: i32 = parts.next()?.parse().ok().filter(|hours| (0..=24).contains(hours))?;
    if let Some((_, tz)) = KNOWN_RULES.iter().find(|(rule, _)| *rule == text) {
        return Some(Some(*tz));
    }
    let is_whole = parts.all(|part| part.bytes().all(|byte| byte == b'0'));
    if !summer.is_empty() || !is_whole {
        return Some(None);
    }
    // Both count hours west of Greenwich.
    let sign = if offset.starts_with('-') { '-' } else { '+' };
    Some(if hours == 0 { Some(Tz::UTC) } else { format!("Etc/GMT{sign}{hours}").parse().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(text: &str) -> Tz {
        let zone = OfficeZone::read(text).unwrap();
        assert_eq!(zone.warning, None, "{text}");
        zone.tz
    }

    #[test]
    fn every_form_of_tz_is_followed() {
        let buenos_aires = chrono_tz::America::Argentina::Buenos_Aires;
        for (text, tz) in [
            ("America/Argentina/Buenos_Aires", buenos_aires),
            (":America/Argentina/Buenos_Aires", buenos_aires),
            ("posix/America/Argentina/Buenos_Aires", buenos_aires),
            ("UTC", Tz::UTC),
            ("", Tz::UTC),
            (":", Tz::UTC),
            ("UTC0", Tz::UTC),
            ("ART3", chrono_tz::Etc::GMTPlus3),
            ("<-03>3", chrono_tz::Etc::GMTPlus3),
            ("ART+3:00", chrono_tz::Etc::GMTPlus3),
            ("XYZ-11", chrono_tz::Etc::GMTMinus11),
            ("EST5EDT", chrono_tz::EST5EDT),
            ("CET-1CEST,M3.5.0,M10.5.0/3", chrono_tz::CET),
        ] {
            assert_eq!(followed(text), tz, "{text}");
        }
    }

    #[test]
    fn files_of_the_zone_database_are_followed() {
        let dir = tempfile::tempdir().unwrap();
        let zoneinfo = dir.path().join("zoneinfo/America/Argentina");
        std::fs::create_dir_all(&zoneinfo).unwrap();
        let (file, link) = (zoneinfo.join("Buenos_Aires"), dir.path().join("localtime"));
        std::fs::write(&file, b"TZif2 and so on\n<-03>3\n").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let copy = dir.path().join("copy");
        std::fs::copy(&file, &copy).unwrap();
        let buenos_aires = chrono_tz::America::Argentina::Buenos_Aires;
        assert_eq!(followed(file.to_str().unwrap()), buenos_aires);
        assert_eq!(followed(&format!(":{}", link.display())), buenos_aires);
        assert_eq!(followed(copy.to_str().unwrap()), chrono_tz::Etc::GMTPlus3);
    }

    #[test]
    fn what_cannot_be_followed_is_utc_with_a_warning_and_a_typing_error_is_refused() {
        for text in [":/nada", "/etc", "CET-1CEST,M3.5.0,M9.5.0/3", "IST-5:30", "ABC20"] {
            let zone = OfficeZone::read(text).unwrap();
            assert!(zone.tz == Tz::UTC && zone.warning.is_some_and(|said| said.contains(text)), "{text}");
        }
        for text in ["Mars/Phobos", "Buenos Aires", "AR3", "\u{1b}[31m", "3"] {
            let refused = OfficeZone::read(text).unwrap_err();
            assert!(refused.starts_with("no time zone '") && !refused.contains('\u{1b}'), "{refused}");
        }
    }
}
