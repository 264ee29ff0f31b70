//! The closing handshake of a WebSocket, begun by either side, as raw frames.

use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use crate::conversations;
use crate::office::Office;
use crate::person::Person;
use crate::screen::Seen;
use crate::wire::Wire;

conversations! {
    a_client_that_closes_is_answered_with_its_code,
    a_client_that_is_still_sending_learns_why_it_is_sent_away,
    a_message_in_too_many_fragments_is_too_big,
    a_client_that_never_answers_is_not_waited_for_long,
}

/// Every kind of code that a client may send: of the standard, of libraries, of applications.
const CODES: [u16; 12] = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4000, 4999];

async fn opens(office: &Office, person: &Person) -> Wire {
    let mut wire = Wire::opens(office.url(), person.token().unwrap()).await;
    assert!(matches!(wire.sees().await, Seen::Message(greeting) if greeting["event_type"] == "connection_ack"));
    wire
}

async fn a_client_that_closes_is_answered_with_its_code(office: &Office) {
    let codes = CODES.iter().map(|code| (code.to_be_bytes().to_vec(), Some(*code)));
    // Codes that must not be sent are answered with 1002, and none at all with none.
    let rest = [(999_u16.to_be_bytes().to_vec(), Some(1002)), (1005_u16.to_be_bytes().to_vec(), Some(1002))];
    for (payload, answer) in codes.chain(rest).chain([(Vec::new(), None)]) {
        let person = office.supervisor().await;
        let wire = opens(office, &person).await;
        let (mut writer, reader) = wire.split();
        let mut frame = vec![0x88, 0x80 | u8::try_from(payload.len()).unwrap(), 0, 0, 0, 0];
        frame.extend(&payload);
        writer.write_all(&frame).await.unwrap();
        let frames = reader.reads_to_the_end().await.unwrap();
        let (kind, payload) = frames.last().expect("a Close comes");
        assert_eq!(*kind, 8, "{answer:?}");
        let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
        assert_eq!(code, answer);
        assert!(frames.iter().filter(|(kind, _)| *kind == 8).count() == 1);
    }
}

/// Sends without end, as fast as the server takes it, until the connection ends. Reads only afterwards,
/// as a client does that is busy: what is unread when a connection is reset is lost.
async fn floods(wire: Wire, first: u8, size: u16) -> (u16, String) {
    let (mut writer, reader) = wire.split();
    let mut frame = vec![first, 0xfe];
    frame.extend(size.to_be_bytes());
    frame.extend([0; 4]);
    frame.resize(frame.len() + usize::from(size), b' ');
    let sending = async {
        // Bounded: a client answers the Close at last, here after some megabytes.
        for _ in 0..4_000_000 / frame.len() {
            if writer.write_all(&frame).await.is_err() {
                return;
            }
        }
        let _ = writer.write_all(&[0x88, 0x80, 0, 0, 0, 0]).await;
    };
    let (frames, ()) = tokio::join!(reader.reads_to_the_end(), sending);
    let frames = frames.expect("the connection is not reset");
    let (_, payload) = frames.iter().find(|(kind, _)| *kind == 8).expect("a Close comes");
    let code = u16::from_be_bytes([payload[0], payload[1]]);
    (code, String::from_utf8(payload[2..].to_vec()).unwrap())
}

async fn a_client_that_is_still_sending_learns_why_it_is_sent_away(office: &Office) {
    let person = office.supervisor().await;
    let wire = opens(office, &person).await;
    assert_eq!(floods(wire, 0x81, 1000).await, (1008, "Too many messages".to_owned()));
    // One frame above the limit, and what follows is not read as frames any more.
    let mut wire = opens(office, &person).await;
    let mut head = vec![0x82, 0xff];
    head.extend(200_000_u64.to_be_bytes());
    head.extend([0; 4]);
    head.resize(head.len() + 200_000, 0);
    wire.sends(&head).await;
    assert_eq!(floods(wire, 0x81, 1000).await, (1009, "Message too big".to_owned()));
    // A text that is not UTF-8, then a frame of a reserved kind.
    let mut wire = opens(office, &person).await;
    wire.frames(0x81, &[0xff]).await;
    assert_eq!(floods(wire, 0x81, 1000).await.0, 1007);
    let mut wire = opens(office, &person).await;
    wire.frames(0x83, b"?").await;
    assert_eq!(floods(wire, 0x81, 1000).await.0, 1002);
    // Before it is let in.
    let wire = Wire::opens(office.url(), "no token").await;
    assert_eq!(floods(wire, 0x81, 1000).await, (1008, "Invalid token".to_owned()));
    // By the end of its session; pongs within the limit, so that nothing else sends it away.
    let person = office.supervisor().await;
    let wire = opens(office, &person).await;
    person.sends(person.request(reqwest::Method::POST, "/api/v1/auth/logout")).await.ok();
    let (mut writer, reader) = wire.split();
    let sending = async {
        loop {
            let pong = b"\x81\x95\0\0\0\0{\"event_type\":\"pong\"}";
            if writer.write_all(pong).await.is_err() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    let frames = tokio::select! {
        frames = reader.reads_to_the_end() => frames.unwrap(),
        () = sending => unreachable!("reading ends first"),
    };
    let (kind, payload) = frames.last().unwrap();
    assert_eq!((*kind, u16::from_be_bytes([payload[0], payload[1]])), (8, 4401));
}

async fn a_message_in_too_many_fragments_is_too_big(office: &Office) {
    let person = office.supervisor().await;
    let mut wire = opens(office, &person).await;
    // As many as are taken, each empty: together they are one message without text.
    wire.frames(0x01, b"").await;
    for _ in 0..1000 {
        wire.frames(0x00, b"").await;
    }
    wire.frames(0x80, b"").await;
    assert!(matches!(wire.sees().await, Seen::Message(error) if error["data"]["error"] == "Invalid JSON format"));
    wire.frames(0x01, b"").await;
    for _ in 0..5000 {
        wire.frames(0x00, b"").await;
    }
    assert_eq!(wire.ends().await, Seen::Closed(1009, "Message too big".to_owned()));
}

async fn a_client_that_never_answers_is_not_waited_for_long(office: &Office) {
    let person = office.supervisor().await;
    let mut wire = opens(office, &person).await;
    wire.frames(0x83, b"?").await;
    assert_eq!(wire.ends().await, Seen::Closed(1002, "Protocol error".to_owned()));
    // No Close from this side: the server ends the stream by itself, and keeps nothing of the socket.
    assert_eq!(wire.ends().await, Seen::Cut);
    let administrator = office.administrator().await;
    let left = async {
        loop {
            let stats = administrator.gets("/ws/stats").await.ok();
            if stats["stats"]["total_connections"] == json!(0) {
                return;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), left).await.expect("the socket is gone");
}
