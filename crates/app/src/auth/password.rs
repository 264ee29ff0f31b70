//! Which new passwords are taken: one policy for every route and command that sets one.

use domain::personal::{Dni, Email, Name, Phone};
use domain::text::is_invisible;
use domain::user::Password;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

use crate::{Context, Error, Result};

/// What a password is compared with besides the lists of common ones: what belongs to its user.
#[derive(Debug, Default)]
pub struct PasswordOwner<'a> {
    /// What the user signs in with.
    pub email: Option<&'a Email>,
    /// Given and family names.
    pub names: Vec<&'a Name>,
    /// Identity document.
    pub dni: Option<&'a Dni>,
    /// Telephone.
    pub phone: Option<&'a Phone>,
}

/// A password that takes fewer guesses, with the most frequent ones tried first, is refused. A million
/// is far beyond every list of common passwords and far below every passphrase.
const LEAST_GUESSES: u64 = 1_000_000;

/// Words that offices of this kind choose, in the language of their users, which the lists of
/// frequent words lack.
const COMMON: &[&str] = &[
    "gad",
    "grupogad",
    "grupo_gad",
    "grupo gad",
    "grupo",
    "despacho",
    "oficina",
    "central",
    "emergencia",
    "emergencias",
    "policia",
    "policía",
    "bombero",
    "bomberos",
    "seguridad",
    "guardia",
    "patrulla",
    "comisaria",
    "comisaría",
    "municipio",
    "municipalidad",
    "gobierno",
    "provincia",
    "argentina",
    "ecuador",
    "buenosaires",
    "administrador",
    "administradora",
    "supervisor",
    "supervisora",
    "efectivo",
    "usuario",
    "usuaria",
    "jefe",
    "jefa",
    "contraseña",
    "contrasena",
    "contraseñas",
    "clave",
    "claves",
    "secreto",
    "secreta",
    "acceso",
    "ingreso",
    "entrar",
    "bienvenido",
    "bienvenida",
    "hola",
    "temporal",
    "cambiar",
    "cambiame",
    "prueba",
    "pruebas",
    "demo",
    "inicio",
    "sistema",
    "telegram",
    "tequiero",
    "teamo",
    "amor",
    "familia",
    "boca",
    "river",
    "bocajuniors",
    "riverplate",
    "barcelona",
    "emelec",
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "lunes",
    "martes",
    "miercoles",
    "jueves",
    "viernes",
    "sabado",
    "domingo",
    "verano",
    "invierno",
    "primavera",
    "otoño",
    "otono",
    "quiero",
    "mundial",
    "maradona",
    "messi",
];

/// Refuses a password that is among those that are tried first: common ones and simple variants of
/// them, sequences, repetitions, and what belongs to the user or names this program or office (NIST SP
/// 800-63B-4 §3.1.1.2; OWASP ASVS 5.0 V6.2.4, V6.2.11).
///
/// # Errors
/// `Invalid` for the field `password`.
pub async fn check_password(cx: &Context, password: &Password, owner: &PasswordOwner<'_>) -> Result<()> {
    let words = words(&cx.settings.project_name, owner);
    let text = Zeroizing::new(password.reveal().to_owned());
    if cx.hasher.run("check-password", move || is_common(&text, &words)).await? {
        return Err(Error::invalid(
            "password",
            "is too common, or too close to the user's own data or the name of the office: choose a longer one, \
             of several words",
        ));
    }
    Ok(())
}

/// What an attacker tries for this user, in lower case, also without accents and with nothing between
/// the words.
fn words(project: &str, owner: &PasswordOwner<'_>) -> Vec<String> {
    let mut words: Vec<String> = vec![project.to_owned()];
    let names: Vec<&str> = owner.names.iter().map(|name| name.reveal()).collect();
    words.extend(names.iter().flat_map(|name| name.split_whitespace()).map(str::to_owned));
    words.push(names.concat());
    words.push(names.iter().rev().copied().collect::<String>());
    if let Some(email) = owner.email.map(Email::reveal) {
        words.push(email.to_owned());
        words.extend(email.split(['@', '.', '_', '-', '+']).map(str::to_owned));
        words.extend(email.split('@').map(str::to_owned));
    }
    words.extend(owner.dni.map(|dni| dni.reveal().to_owned()));
    words.extend(owner.phone.map(|phone| phone.reveal().to_owned()));
    words.extend(COMMON.iter().map(|&word| word.to_owned()));
    let mut all: Vec<String> = Vec::new();
    for word in words.iter().map(|word| fold(word)) {
        let plain = without_accents(&word);
        let joined: String = plain.chars().filter(|char| char.is_alphanumeric()).collect();
        for word in [word, plain, joined] {
            if word.chars().count() > 2 && !all.contains(&word) {
                all.push(word);
            }
        }
    }
    all
}

/// A text as it is compared: compatible forms of a letter are the letter, and case does not count.
fn fold(text: &str) -> String {
    text.nfkc().filter(|char| !is_invisible(*char)).collect::<String>().to_lowercase()
}

fn without_accents(text: &str) -> String {
    text.nfd().filter(|char| !is_combining_mark(*char)).collect()
}

fn is_common(password: &str, words: &[String]) -> bool {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let text = Zeroizing::new(password.nfkc().collect::<String>());
    let folded = Zeroizing::new(fold(password));
    let plain = Zeroizing::new(without_accents(&folded));
    // Spaces at the ends and between letters make no guess harder than the word that they stand in.
    let joined = Zeroizing::new(plain.split_whitespace().collect::<String>());
    [&text, &folded, &plain].into_iter().any(|text| zxcvbn::zxcvbn(text, &words).guesses() < LEAST_GUESSES)
        || (joined.chars().count() <= Password::LENGTH.0 + 4
            && zxcvbn::zxcvbn(&joined, &words).guesses() < LEAST_GUESSES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> bool {
        let email = Email::try_from("ana.perez@oficina.gob".to_owned()).unwrap();
        let (given, family) = (Name::try_from("Ana".to_owned()).unwrap(), Name::try_from("Pérez".to_owned()).unwrap());
        let owner = PasswordOwner { email: Some(&email), names: vec![&given, &family], ..PasswordOwner::default() };
        let password = Password::try_from(text.to_owned()).unwrap();
        is_common(password.reveal(), &words("GRUPO_GAD", &owner))
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        let common = [
            "password",
            "Password1",
            "P@ssw0rd",
            "password123",
            "12345678",
            "123456789",
            "1234567890",
            "87654321",
            "11111111",
            "aaaaaaaa",
            "abababab",
            "abcdefgh",
            "qwertyui",
            "qwerty123",
            "1q2w3e4r",
            "iloveyou",
            "princess",
            "football",
            "sunshine",
            "trustno1",
            "letmein1",
            "admin123",
            "administrator",
            "ｐａｓｓｗｏｒｄ",
            "PASSWORD",
            "passwordpassword",
            "drowssap",
            "20261130",
            "contraseña",
            "contrasen\u{303}a",
            "Contraseña1",
            "contrasena",
            "clave123",
            "clave1234",
            "secreto1",
            "policia1",
            "emergencia",
            "emergencia2026",
            "argentina",
            "bienvenido",
            "tequiero",
            "diciembre2026",
            "supervisor",
            "pass word",
            "1 2 3 4 5 6 7 8",
            "a       ",
        ];
        let own = [
            "ana.perez@oficina.gob",
            "Ana.Perez@Oficina.GOB",
            "ana.perez",
            "anaperez",
            "AnaPérez",
            "perezana",
            "ana.perez1",
            "oficina.gob",
            "grupo_gad",
            "GRUPO_GAD",
            "grupogad",
            "GrupoGAD1",
            "gad gad gad",
        ];
        let taken: Vec<&str> = common.into_iter().chain(own).filter(|text| !refused(text)).collect();
        assert!(taken.is_empty(), "{taken:?}");
    }

    #[test]
    fn what_nobody_tries_first_is_taken() {
        let good = [
            "una clave larga",
            "otra clave larga",
            "una clave para probar",
            "clave de prueba",
            "una clave de prueba",
            "una clave de evaluacion",
            "una-clave-que-nadie-lea",
            "a long password",
            "correo azul mesa nueve",
            "3f9a7c51e08b4d2a66",
            "J7#pQz!w",
            "密码学很有趣的东西",
            "пароль очень длинный",
        ];
        let refused: Vec<&str> = good.into_iter().filter(|text| refused(text)).collect();
        assert!(refused.is_empty(), "{refused:?}");
    }
}
