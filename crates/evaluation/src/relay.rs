//! A way to a server that can be made bad in many ways, and good again.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rand::RngExt;
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

/// What is wrong with the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Every byte takes this long, in either direction.
    Late(Duration),
    /// Every piece takes up to this long, by chance.
    Jitters(Duration),
    /// All connections end in good order, and none is taken.
    Refuses,
    /// All connections are reset, new ones too.
    Resets,
    /// Nothing comes through, and nobody is told: what was sent arrives when the fault is over.
    Swallows,
    /// Questions come through, answers do not.
    SwallowsAnswers,
    /// Bytes come in pieces of so many, with a pause after each.
    Trickles(usize, Duration),
    /// Answers are cut off after so many bytes.
    CutsAnswersAfter(usize),
    /// Connections that are there fall silent for good, as when something in between has forgotten
    /// them; new ones are well.
    Forgets,
    /// The end of a connection is told this late.
    EndsLate(Duration),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    There,
    Back,
}

/// One direction of one connection.
struct Lane {
    way: Way,
    born_under: Fault,
    fault: watch::Receiver<Fault>,
    given: usize,
}

/// Hands bytes on, to and fro. Dropping it cuts all of them.
#[derive(Debug)]
pub struct Relay {
    /// Where it listens.
    pub port: u16,
    fault: watch::Sender<Fault>,
    _work: JoinSet<()>,
}

impl Relay {
    /// A relay to an address.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn to(address: String) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (fault, seen) = watch::channel(Fault::None);
        let (address, mut work) = (Arc::<str>::from(address), JoinSet::new());
        work.spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    Some(_) = connections.join_next() => {}
                    Ok((client, _)) = listener.accept() => {
                        connections.spawn(hand_on(client, Arc::clone(&address), seen.clone()));
                    }
                }
            }
        });
        Ok(Self { port, fault, _work: work })
    }

    /// From now on this is wrong.
    pub fn suffers(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }

    /// From now on every byte takes this long, in either direction.
    pub fn delays(&self, delay: Duration) {
        self.suffers(Fault::Late(delay));
    }

    /// Cuts all connections, and takes no new ones.
    pub fn cuts(&self) {
        self.suffers(Fault::Refuses);
    }

    /// All is well again.
    pub fn mends(&self) {
        self.suffers(Fault::None);
    }
}

fn ends_all(fault: &Fault) -> bool {
    matches!(fault, Fault::Refuses | Fault::Resets)
}

async fn hand_on(client: TcpStream, address: Arc<str>, mut fault: watch::Receiver<Fault>) {
    let Ok(resets) = SockRef::from(&client).try_clone() else { return };
    let now = *fault.borrow();
    if !ends_all(&now) {
        let Ok(server) = TcpStream::connect(&*address).await else { return };
        let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
        let at = |way| Lane { way, born_under: now, fault: fault.clone(), given: 0 };
        let there = carry(from_client, to_server, at(Way::There));
        let back = carry(from_server, to_client, at(Way::Back));
        tokio::select! {
            _ = async { tokio::join!(there, back) } => return,
            _ = fault.wait_for(ends_all) => {}
        }
    }
    if *fault.borrow() == Fault::Resets {
        // Closed with something unsaid, a connection ends by a reset.
        // One that has ended meanwhile cannot be reset any more.
        resets.set_linger(Some(Duration::ZERO)).ok();
    }
}

/// Carries bytes in order, each as late as was asked for when it came.
async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut lane: Lane) {
    let (send, mut on_the_way) = mpsc::channel::<(Instant, Vec<u8>)>(1024);
    let seen = lane.fault.clone();
    let takes = async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            let late = match *seen.borrow() {
                Fault::Late(delay) => delay,
                Fault::Jitters(most) => most.mul_f64(rand::rng().random()),
                _ => Duration::ZERO,
            };
            if send.send((Instant::now() + late, buffer[..count].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let gives = async move {
        while let Some((due, bytes)) = on_the_way.recv().await {
            sleep_until(due).await;
            if lane.gives(&mut to, &bytes).await.is_err() {
                break;
            }
        }
        let now = *lane.fault.borrow();
        if let Fault::EndsLate(delay) = now {
            sleep(delay).await;
        }
        // Whoever shuts one direction down may still be answered in the other.
        to.shutdown().await.ok();
    };
    tokio::join!(takes, gives);
}

impl Lane {
    fn holds(&self, fault: Fault) -> bool {
        match fault {
            Fault::Swallows => true,
            Fault::SwallowsAnswers => self.way == Way::Back,
            _ => false,
        }
    }

    async fn gives(&mut self, to: &mut OwnedWriteHalf, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let mut fault = self.fault.clone();
            let now = *fault.wait_for(|fault| !self.holds(*fault)).await.map_err(io::Error::other)?;
            let (count, pause) = match now {
                Fault::Forgets if self.born_under != Fault::Forgets => std::future::pending().await,
                Fault::Trickles(count, pause) => (count.min(bytes.len()), pause),
                Fault::CutsAnswersAfter(most) if self.way == Way::Back => {
                    if self.given >= most {
                        return Err(io::ErrorKind::BrokenPipe.into());
                    }
                    (bytes.len().min(most - self.given), Duration::ZERO)
                }
                _ => {
                    // Counted while answers are cut only.
                    self.given = 0;
                    (bytes.len(), Duration::ZERO)
                }
            };
            to.write_all(&bytes[..count]).await?;
            self.given += count;
            bytes = &bytes[count..];
            if !pause.is_zero() {
                sleep(pause).await;
            }
        }
        Ok(())
    }
}
