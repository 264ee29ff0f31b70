//! Compressed files with a checksum beside them.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// What was written.
pub struct Packed {
    /// Bytes of the compressed file.
    pub size_bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// A writer that counts and hashes what passes.
struct Hashing<W> {
    inner: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(part)?;
        self.hash.update(&part[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The file beside `file` whose name has one more ending.
pub fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Makes a file for the owner's eyes only, which must not exist.
pub fn make(file: &Path) -> Result<File> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file);
    made.with_context(|| format!("cannot make {}", file.display()))
}

/// Compresses `from` into `file` and writes the checksum beside it. Under its name the file is
/// whole: until then it ends in `.partial`.
pub fn pack(from: &mut dyn Read, file: &Path) -> Result<Packed> {
    let partial = beside(file, ".partial");
    let outcome = pack_into(from, &partial);
    if outcome.is_err() {
        // Half a backup is worse than none; the error that is told is the first one.
        let _ = std::fs::remove_file(&partial);
    }
    let packed = outcome.with_context(|| format!("cannot write {}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let mut sum = make(&beside(file, ".sha256"))?;
    // As `sha256sum --check` reads it.
    writeln!(sum, "{}  {name}", packed.sha256)?;
    sum.sync_all()?;
    std::fs::rename(&partial, file)?;
    sync_directory(file)?;
    Ok(packed)
}

fn pack_into(from: &mut dyn Read, partial: &Path) -> Result<Packed> {
    let hashing = Hashing { inner: BufWriter::new(make(partial)?), hash: Sha256::new(), bytes: 0 };
    let mut gzip = GzEncoder::new(hashing, Compression::default());
    io::copy(from, &mut gzip)?;
    let mut hashing = gzip.finish()?;
    hashing.flush()?;
    hashing.inner.get_ref().sync_all()?;
    Ok(Packed { size_bytes: hashing.bytes, sha256: hex::encode(hashing.hash.finalize()) })
}

/// Puts the names in a file's directory on the disk.
pub fn sync_directory(file: &Path) -> io::Result<()> {
    match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => File::open(dir)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}

/// Holds a compressed file against the checksum beside it.
///
/// # Errors
/// A file that cannot be read, has no checksum beside it, or is not what was written.
pub fn check(file: &Path) -> Result<()> {
    let sum = beside(file, ".sha256");
    let stored =
        std::fs::read_to_string(&sum).with_context(|| format!("cannot read the checksum {}", sum.display()))?;
    let stored = stored.split_whitespace().next().unwrap_or_default();
    let mut hash = Sha256::new();
    let mut from = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    io::copy(&mut from, &mut HashOnly(&mut hash))?;
    let found = hex::encode(hash.finalize());
    if !found.eq_ignore_ascii_case(stored) {
        bail!("{} is damaged: its SHA-256 is {found}, written was {stored}", file.display());
    }
    Ok(())
}

struct HashOnly<'a>(&'a mut Sha256);

impl Write for HashOnly<'_> {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0.update(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a compressed file holds.
pub fn open(file: &Path) -> Result<impl Read + use<>> {
    let from = File::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    Ok(MultiGzDecoder::new(BufReader::new(from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_out_and_a_flipped_bit_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("copia.gz");
        let text = b"una tarea\n".repeat(10_000);
        let packed = pack(&mut &text[..], &file).unwrap();
        assert_eq!(packed.size_bytes, std::fs::metadata(&file).unwrap().len());
        check(&file).unwrap();
        let mut out = Vec::new();
        open(&file).unwrap().read_to_end(&mut out).unwrap();
        assert!(out == text);
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, bytes).unwrap();
        assert!(check(&file).unwrap_err().to_string().contains("is damaged"));
    }
}
