//! The stand-in for Telegram's server, called as a bot calls it.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

use std::time::Duration;

use evaluation::telegram::{Fault, Kind, Person, Rule, Standin};
use serde_json::{Value, json};

const TOKEN: &str = "7340112865:AAH-of-the-tests";

struct Bot {
    client: reqwest::Client,
    telegram: Standin,
}

impl Bot {
    async fn open() -> Self {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().unwrap();
        Self { client, telegram: Standin::open(TOKEN).await.unwrap() }
    }

    fn url(&self, method: &str) -> String {
        format!("{}/bot{TOKEN}/{method}", self.telegram.url)
    }

    async fn calls(&self, method: &str, body: Value) -> Value {
        self.client.post(self.url(method)).json(&body).send().await.unwrap().json().await.unwrap()
    }

    /// What it did, or the words with which it was refused.
    async fn does(&self, method: &str, body: Value) -> Result<Value, String> {
        let answer = self.calls(method, body).await;
        if answer["ok"] == true {
            Ok(answer["result"].clone())
        } else {
            Err(answer["description"].as_str().unwrap().to_owned())
        }
    }

    async fn hears(&self, offset: i64) -> Vec<Value> {
        let updates = self.does("getUpdates", json!({ "offset": offset, "timeout": 5 })).await.unwrap();
        updates.as_array().unwrap().clone()
    }

    /// Somebody who has written to the bot.
    fn acquaintance(&self, name: &str) -> Person {
        let person = self.telegram.person(name);
        person.say("/start");
        person
    }

    fn broke(&self, kind: Kind) -> usize {
        self.telegram.counts().get(&kind).copied().unwrap_or(0)
    }
}

#[tokio::test]
async fn a_question_waits_for_what_somebody_says() {
    let bot = Bot::open().await;
    let ana = bot.telegram.person("Ana");
    let (heard, _) = tokio::join!(bot.hears(0), async { ana.say("/start ABC") });
    let message = &heard[0]["message"];
    assert_eq!((&message["text"], &message["chat"]["type"]), (&json!("/start ABC"), &json!("private")));
    assert_eq!(message["entities"], json!([{ "type": "bot_command", "offset": 0, "length": 6 }]));
    assert!(message["from"]["id"].as_i64().unwrap() > i64::from(i32::MAX));
    let id = heard[0]["update_id"].as_i64().unwrap();
    assert_eq!(bot.hears(id).await.len(), 1, "what is not confirmed comes again");
    assert_eq!(bot.does("getUpdates", json!({ "offset": id + 1 })).await.unwrap(), json!([]));
    bot.telegram.is_content();
}

#[tokio::test]
async fn of_two_questions_at_once_the_earlier_ends_with_a_conflict() {
    let bot = Bot::open().await;
    let ana = bot.telegram.person("Ana");
    let second = async {
        bot.telegram.settles(Duration::from_secs(5), |telegram| telegram.readers() == 1).await.unwrap();
        bot.hears(0).await
    };
    let first = async {
        let refused = bot.does("getUpdates", json!({ "timeout": 5 })).await.unwrap_err();
        ana.say("hola");
        refused
    };
    let (refused, heard) = tokio::join!(first, second);
    assert_eq!(
        refused,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
    assert_eq!((heard.len(), bot.broke(Kind::TwoReaders)), (1, 1));
}

#[tokio::test]
async fn a_reader_that_went_away_is_no_conflict() {
    let bot = Bot::open().await;
    let gone =
        bot.client.post(bot.url("getUpdates")).json(&json!({ "timeout": 5 })).timeout(Duration::from_millis(100));
    assert!(gone.send().await.unwrap_err().is_timeout());
    let ana = bot.telegram.person("Ana");
    ana.say("hola");
    assert_eq!(bot.hears(0).await.len(), 1);
    bot.telegram.is_content();
}

#[tokio::test]
async fn messages_buttons_and_answers_reach_the_person() {
    let bot = Bot::open().await;
    let ana = bot.acquaintance("Ana");
    let keyboard =
        json!({ "inline_keyboard": [[{ "text": "Crear Nueva Tarea", "callback_data": "menu:crear:start" }]] });
    let form = [
        ("chat_id", ana.chat.to_string()),
        ("text", "<b>Hola</b> Ana".to_owned()),
        ("parse_mode", "HTML".to_owned()),
        ("reply_markup", keyboard.to_string()),
    ];
    let sent: Value = bot.client.post(bot.url("SendMessage")).form(&form).send().await.unwrap().json().await.unwrap();
    let menu = ana.reads("hola ana").await;
    assert_eq!(sent["result"]["message_id"], menu.id());
    let tap = ana.tap("Crear").await;
    let heard = bot.hears(0).await;
    let pressed = &heard.last().unwrap()["callback_query"];
    assert_eq!((&pressed["data"], &pressed["message"]["message_id"]), (&json!("menu:crear:start"), &json!(menu.id())));
    let answer = json!({ "callback_query_id": pressed["id"], "text": "Vamos" });
    bot.does("answerCallbackQuery", answer.clone()).await.unwrap();
    assert_eq!(ana.answered(&tap).await, (Some("Vamos".to_owned()), false));
    assert!(bot.does("answerCallbackQuery", answer).await.unwrap_err().contains("query is too old"));
    let edit = json!({ "chat_id": ana.chat, "message_id": menu.id(), "text": "Paso 1 de 6" });
    bot.does("editMessageText", edit.clone()).await.unwrap();
    assert!(ana.reads("paso 1").await.buttons().is_empty(), "an edit without a keyboard takes it away");
    assert!(bot.does("editMessageText", edit).await.unwrap_err().contains("message is not modified"));
    assert_eq!((bot.broke(Kind::StaleAnswer), bot.broke(Kind::NotModified)), (1, 1));
    let transcript = "Ana: /start\ngad: Hola Ana\n    [Crear Nueva Tarea]\nAna toca [Crear Nueva Tarea]\ngad (aviso): Vamos\n\
        gad (cambia): Paso 1 de 6\n";
    assert_eq!(ana.transcript(), transcript);
}

#[tokio::test]
async fn what_telegram_refuses_is_refused_and_counted() {
    let bot = Bot::open().await;
    let people: Vec<Person> = (0..9).map(|n| bot.acquaintance(&format!("P{n}"))).collect();
    let button = |data: &str| json!({ "inline_keyboard": [[{ "text": "x", "callback_data": data }]] });
    let cases = [
        ("sendMessage", json!({ "text": "ñ".repeat(4097) }), "message is too long", Kind::TooLong),
        (
            "sendMessage",
            json!({ "text": "<b>a", "parse_mode": "HTML" }),
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
            Kind::BrokenEntities,
        ),
        (
            "sendMessage",
            json!({ "text": "a", "reply_markup": button(&"ñ".repeat(33)) }),
            "BUTTON_DATA_INVALID",
            Kind::BadKeyboard,
        ),
        ("sendMessage", json!({ "text": " " }), "message text is empty", Kind::Malformed),
        (
            "editMessageText",
            json!({ "message_id": 99_999, "text": "a" }),
            "message to edit not found",
            Kind::UnknownMessage,
        ),
        ("deleteMessage", json!({ "message_id": 99_999 }), "message to delete not found", Kind::UnknownMessage),
        ("sendLocation", json!({ "latitude": 91, "longitude": 0 }), "LOCATION_INVALID", Kind::Malformed),
    ];
    for ((method, mut body, words, kind), person) in cases.into_iter().zip(&people) {
        body["chat_id"] = json!(person.chat);
        let before = bot.broke(kind);
        assert_eq!(bot.does(method, body).await.unwrap_err(), format!("Bad Request: {words}"));
        assert_eq!(bot.broke(kind), before + 1, "{method} {words}");
    }
    let fits =
        json!({ "chat_id": people[7].chat, "text": format!("<b>{}</b>", "ñ".repeat(4096)), "parse_mode": "HTML" });
    bot.does("sendMessage", fits).await.unwrap();
    let unknown = bot.does("sendMessage", json!({ "chat_id": 1, "text": "a" })).await.unwrap_err();
    assert_eq!(unknown, "Bad Request: chat not found");
    assert!(bot.client.post(format!("{}/bot1:x/getMe", bot.telegram.url)).send().await.unwrap().status() == 401);
    assert_eq!(bot.does("sendPigeon", json!({})).await.unwrap_err(), "Not Found: method not found");
}

#[tokio::test]
async fn who_blocked_the_bot_hears_nothing() {
    let bot = Bot::open().await;
    let (ana, stranger) = (bot.acquaintance("Ana"), bot.telegram.person("Nadie"));
    let to = |person: &Person| json!({ "chat_id": person.chat, "text": "hola" });
    let refused = bot.does("sendMessage", to(&stranger)).await.unwrap_err();
    assert_eq!(refused, "Forbidden: bot can't initiate conversation with a user");
    ana.block();
    let refused = bot.does("sendMessage", to(&ana)).await.unwrap_err();
    assert_eq!((refused.as_str(), bot.broke(Kind::Insisted)), ("Forbidden: bot was blocked by the user", 0));
    bot.does("sendMessage", to(&ana)).await.unwrap_err();
    assert_eq!(bot.broke(Kind::Insisted), 1);
    let heard = bot.hears(0).await;
    assert_eq!(heard.last().unwrap()["my_chat_member"]["new_chat_member"]["status"], "kicked");
    ana.unblock();
    bot.does("sendMessage", to(&ana)).await.unwrap();
}

#[tokio::test]
async fn pictures_go_both_ways() {
    let bot = Bot::open().await;
    let ana = bot.acquaintance("Ana");
    ana.send_photo(&b"jpeg of a street"[..], "la esquina");
    let heard = bot.hears(0).await;
    let photo = &heard.last().unwrap()["message"]["photo"][0];
    let file = bot.does("getFile", json!({ "file_id": photo["file_id"] })).await.unwrap();
    let url = format!("{}/file/bot{TOKEN}/{}", bot.telegram.url, file["file_path"].as_str().unwrap());
    assert_eq!(bot.client.get(url).send().await.unwrap().bytes().await.unwrap(), "jpeg of a street");
    let chat = ana.chat;
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{chat}\r\n\
        --b\r\nContent-Disposition: form-data; name=\"caption\"\r\n\r\nFiguras\r\n\
        --b\r\nContent-Disposition: form-data; name=\"document\"; filename=\"figuras.csv\"\r\n\
        Content-Type: text/csv\r\n\r\na;b\r\n--b--\r\n"
    );
    let post = bot.client.post(bot.url("sendDocument")).header("content-type", "multipart/form-data; boundary=b");
    assert!(post.body(body).send().await.unwrap().status().is_success());
    let figures = ana.reads("Figuras").await;
    assert_eq!(
        (figures.file.as_deref(), &figures.json["document"]["file_name"]),
        (Some(&b"a;b"[..]), &json!("figuras.csv"))
    );
    bot.telegram.is_content();
}

#[tokio::test]
async fn a_live_location_moves_by_changes() {
    let bot = Bot::open().await;
    let ana = bot.acquaintance("Ana");
    let live = ana.live_location(-34.6, -58.4, 3600);
    live.moves(-34.7, -58.5);
    live.stops();
    let heard = bot.hears(0).await;
    let location = |n: usize, kind: &str| heard[n][kind]["location"].clone();
    assert_eq!(location(1, "message")["live_period"], 3600);
    assert_eq!(
        (&location(2, "edited_message")["latitude"], &location(2, "edited_message")["live_period"]),
        (&json!(-34.7), &json!(3600))
    );
    assert_eq!(location(3, "edited_message").get("live_period"), None);
}

#[tokio::test]
async fn faults_come_when_they_are_called() {
    let bot = Bot::open().await;
    let (ana, beto) = (bot.acquaintance("Ana"), bot.acquaintance("Beto"));
    let to = |person: &Person, text: &str| json!({ "chat_id": person.chat, "text": text });
    bot.telegram.breaks(Rule::new(Fault::TooMany(7)).on("sendMessage").to(ana.chat).times(1));
    let refused = bot.calls("sendMessage", to(&ana, "uno")).await;
    assert_eq!((&refused["error_code"], &refused["parameters"]["retry_after"]), (&json!(429), &json!(7)));
    bot.does("sendMessage", to(&beto, "dos")).await.unwrap();
    assert!(bot.does("sendMessage", to(&ana, "tres")).await.is_err());
    assert_eq!(bot.broke(Kind::DidNotWait), 1);
    bot.telegram.breaks(Rule::new(Fault::Status(500)).on("getMe").one_in(2));
    bot.does("getMe", json!({})).await.unwrap();
    assert_eq!(bot.does("getMe", json!({})).await.unwrap_err(), "Internal Server Error");
    bot.telegram.breaks(Rule::new(Fault::LostAnswer).to(beto.chat));
    let cut = bot.client.post(bot.url("sendMessage")).json(&to(&beto, "se oye")).send().await;
    assert!(cut.is_err());
    beto.reads("se oye").await;
    bot.telegram.mends();
    bot.telegram.breaks(Rule::new(Fault::Reset).on("getMe"));
    assert!(bot.client.post(bot.url("getMe")).send().await.is_err());
}

#[tokio::test]
async fn a_tap_without_an_answer_in_time_is_a_breach() {
    let bot = Bot::open().await;
    let ana = bot.acquaintance("Ana");
    bot.telegram.limit(evaluation::telegram::Limits { answer: Duration::ZERO, callback: Duration::ZERO });
    ana.tap_old("hist_page_1");
    let heard = bot.hears(0).await;
    assert_eq!(heard[1]["callback_query"]["message"]["date"], 0);
    assert_eq!(bot.broke(Kind::Unanswered), 1);
    let answer = json!({ "callback_query_id": heard[1]["callback_query"]["id"] });
    assert!(bot.does("answerCallbackQuery", answer).await.is_err());
}

#[tokio::test]
async fn in_a_group_the_bot_hears_only_what_is_meant_for_it() {
    let bot = Bot::open().await;
    let (ana, group) = (bot.telegram.person("Ana"), bot.telegram.group("Guardia norte"));
    let voice = group.member(&ana);
    voice.say("¿quién cubre el puerto?");
    voice.say("/tareas@gad_demo_bot");
    let heard = bot.hears(0).await;
    let texts: Vec<&str> = heard.iter().map(|update| update["message"]["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["/tareas@gad_demo_bot"]);
    assert_eq!(heard[0]["message"]["chat"]["type"], "supergroup");
}

#[tokio::test]
async fn a_bot_that_paces_itself_is_no_breach_however_many_listen() {
    let bot = Bot::open().await;
    let people: Vec<Person> = (0..84).map(|n| bot.acquaintance(&format!("P{n}"))).collect();
    let mut pace = tokio::time::interval(Duration::from_millis(1000 / 28));
    for person in &people {
        pace.tick().await;
        bot.does("sendMessage", json!({ "chat_id": person.chat, "text": "todos a la plaza" })).await.unwrap();
    }
    for person in &people {
        person.reads("plaza").await;
    }
    assert!((25..=30).contains(&bot.telegram.busiest_second()));
    bot.telegram.is_content();
}
