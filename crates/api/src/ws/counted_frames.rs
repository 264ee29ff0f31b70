//! The byte stream below a WebSocket. It counts what the WebSocket library does not bound, and can be
//! read on after the library has given the connection up.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

/// Most fragments of one message. A message of the greatest size in fragments of 64 bytes has as many.
const MOST_FRAGMENTS: u32 = 1024;
/// Bytes read at once where they are discarded.
const DISCARDED_AT_ONCE: usize = 4 * 1024;
/// Longest head of a frame: two bytes, a length of eight and a mask of four.
const LONGEST_HEAD: usize = 14;

/// A message had more fragments than are accepted.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("more than {MOST_FRAGMENTS} fragments in one message")]
pub struct TooManyFragments;

impl TooManyFragments {
    /// Whether reading failed because of it.
    pub fn is_cause_of(error: &io::Error) -> bool {
        matches!(error.get_ref(), Some(cause) if cause.is::<Self>())
    }
}

/// A stream that follows the heads of the WebSocket frames read from it.
#[derive(Debug)]
pub struct CountedFrames<S> {
    stream: S,
    progress: Progress,
    /// What is read is discarded, so its fragments need no bound.
    discarding: bool,
}

/// How far the frames were read.
#[derive(Debug, Default)]
struct Progress {
    head: [u8; LONGEST_HEAD],
    head_len: usize,
    /// Bytes of the present frame that are still to come, after its head.
    payload_left: u64,
    in_close: bool,
    /// Whether the peer's Close was read to its end.
    closed: bool,
    /// Frames so far of a message that has not ended.
    fragments: u32,
}

impl Progress {
    fn read(&mut self, mut bytes: &[u8]) {
        while !self.closed && !bytes.is_empty() {
            if self.payload_left > 0 {
                let here = usize::try_from(self.payload_left).unwrap_or(usize::MAX).min(bytes.len());
                bytes = &bytes[here..];
                self.payload_left -= here as u64;
            } else {
                self.head[self.head_len] = bytes[0];
                self.head_len += 1;
                bytes = &bytes[1..];
                if self.head_len < self.head_size() {
                    continue;
                }
                self.begin_frame();
            }
            self.closed = self.in_close && self.payload_left == 0;
        }
    }

    /// How long the head of the present frame is, as far as that is known.
    fn head_size(&self) -> usize {
        if self.head_len < 2 {
            return 2;
        }
        let length = match self.head[1] & 0x7f {
            126 => 2,
            127 => 8,
            _ => 0,
        };
        let mask = if self.head[1] & 0x80 == 0 { 0 } else { 4 };
        2 + length + mask
    }

    fn begin_frame(&mut self) {
        let (first, second) = (self.head[0], self.head[1]);
        let extended = |bytes: &[u8]| bytes.iter().fold(0, |size, byte| (size << 8) | u64::from(*byte));
        self.payload_left = match second & 0x7f {
            126 => extended(&self.head[2..4]),
            127 => extended(&self.head[2..10]),
            size => u64::from(size),
        };
        self.head_len = 0;
        let (is_final, opcode) = (first & 0x80 != 0, first & 0x0f);
        self.in_close = opcode == 0x8;
        // Frames of control come between the fragments of a message and are none of them.
        if opcode < 0x8 {
            self.fragments = if is_final { 0 } else { self.fragments.saturating_add(1) };
        }
    }
}

impl<S> CountedFrames<S> {
    /// Nothing was read from `stream` yet.
    pub fn new(stream: S) -> Self {
        Self { stream, progress: Progress::default(), discarding: false }
    }
}

impl<S: AsyncRead + Unpin> CountedFrames<S> {
    /// Reads and discards until the peer's Close, the end of the stream or `most` bytes.
    ///
    /// # Errors
    /// When the stream cannot be read.
    pub async fn discard(&mut self, most: usize) -> io::Result<()> {
        self.discarding = true;
        let mut bytes = vec![0; DISCARDED_AT_ONCE];
        let mut read = 0;
        while !self.progress.closed && read < most {
            match self.read(&mut bytes).await? {
                0 => break,
                count => read += count,
            }
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for CountedFrames<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        this.progress.read(&buf.filled()[before..]);
        if this.progress.fragments > MOST_FRAGMENTS && !this.discarding {
            // A reader that fails has read nothing.
            buf.set_filled(before);
            return Poll::Ready(Err(io::Error::other(TooManyFragments)));
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CountedFrames<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of a masked frame and its payload of zeros.
    fn frame(first: u8, size: usize) -> Vec<u8> {
        let mut frame = vec![first];
        match u16::try_from(size) {
            Ok(short) if short < 126 => frame.push(0x80 | u8::try_from(size).unwrap()),
            Ok(short) => {
                frame.push(0xfe);
                frame.extend(short.to_be_bytes());
            }
            Err(_) => {
                frame.push(0xff);
                frame.extend((size as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(vec![0; size]);
        frame
    }

    #[test]
    fn frames_are_followed_however_their_bytes_come() {
        let parts = [(0x01, 0), (0x00, 200), (0x89, 125), (0x00, 70_000), (0x80, 3), (0x02, 1)];
        let mut bytes: Vec<u8> = parts.iter().flat_map(|(first, size)| frame(*first, *size)).collect();
        let close = frame(0x88, 2);
        for at_once in [1, 2, 3, 7, 1000, usize::MAX] {
            let mut progress = Progress::default();
            for part in bytes.chunks(at_once) {
                progress.read(part);
            }
            assert_eq!((progress.fragments, progress.closed), (1, false), "{at_once}");
            progress.read(&close[..close.len() - 1]);
            assert!(!progress.closed, "{at_once}");
            progress.read(&close[close.len() - 1..]);
            assert!(progress.closed, "{at_once}");
        }
        bytes.truncate(frame(0x01, 0).len() + frame(0x00, 200).len());
        let mut progress = Progress::default();
        progress.read(&bytes);
        assert_eq!(progress.fragments, 2);
    }

    #[tokio::test]
    async fn what_is_discarded_ends_with_the_close_or_with_the_limit() {
        let mut bytes = frame(0x81, 50_000);
        bytes.extend(frame(0x88, 0));
        bytes.extend([1; 10]);
        let mut counted = CountedFrames::new(bytes.as_slice());
        counted.discard(1_000_000).await.unwrap();
        assert!(counted.progress.closed);
        let mut counted = CountedFrames::new(bytes.as_slice());
        counted.discard(10_000).await.unwrap();
        assert!(!counted.progress.closed && counted.stream.len() > 30_000);
    }

    #[tokio::test]
    async fn too_many_fragments_are_an_error() {
        let bytes: Vec<u8> = (0..5000).flat_map(|n| frame(u8::from(n == 0), 0)).collect();
        let mut counted = CountedFrames::new(bytes.as_slice());
        let error = counted.read_to_end(&mut Vec::new()).await.unwrap_err();
        assert!(TooManyFragments::is_cause_of(&error), "{error}");
    }
}
