//! The words of the pages in every language, side by side: a text that is missing in one does not compile.

use crate::user::Language;

macro_rules! catalogue {
    ($($(#[$doc:meta])* $key:ident: $en:literal, $de:literal;)*) => {
        /// All texts in one language. `{}` is replaced by a value.
        pub struct Words { $($(#[$doc])* pub $key: &'static str,)* }

        const EN: Words = Words { $($key: $en,)* };
        const DE: Words = Words { $($key: $de,)* };

        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $en, $de)),*];
    };
}

/// The texts in this language.
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &EN,
        Language::De => &DE,
    }
}

/// A text with its value in place.
pub fn filled(text: &str, value: &str) -> String {
    text.replacen("{}", value, 1)
}

catalogue! {
    sign_in: "Sign in", "Anmelden";
    sign_in_lead: "Sign in to see your apps and APIs.", "Melden Sie sich an, um Ihre Apps und APIs zu sehen.";
    username: "Username", "Benutzername";
    password: "Password", "Passwort";
    new_here: "New here?", "Neu hier?";
    register_link: "Create an account", "Konto erstellen";
    wrong_password: "The username or the password is wrong, or the account is locked.",
        "Benutzername oder Passwort ist falsch, oder das Konto ist gesperrt.";
    slow_down: "Too many failed tries for this name. Try again in {} seconds.",
        "Zu viele Fehlversuche für diesen Namen. Versuchen Sie es in {} Sekunden erneut.";
    busy: "The server is busy. Try again in a moment.", "Der Server ist ausgelastet. Versuchen Sie es gleich noch einmal.";
    form_stale: "This form was open for too long, or your browser refuses cookies. Nothing was done; please send it again.",
        "Dieses Formular war zu lange offen, oder Ihr Browser lehnt Cookies ab. Es ist nichts geschehen; bitte senden Sie es noch einmal.";
    forgotten: "Forgotten the password? Whoever runs this server can give you a new one.",
        "Passwort vergessen? Wer diesen Server betreibt, kann Ihnen ein neues geben.";

    register: "Create an account", "Konto erstellen";
    register_lead: "One account for all your organizations and apps.", "Ein Konto für alle Ihre Organisationen und Apps.";
    register_closed: "Accounts are created by an administrator here. Ask whoever runs this server.",
        "Konten werden hier von der Administration angelegt. Wenden Sie sich an den Betreiber dieses Servers.";
    register_closed_title: "Registration is closed", "Die Registrierung ist geschlossen";
    register_invited: "You are invited to join {}. With this account you are its member at once.",
        "Sie sind eingeladen, {} beizutreten. Mit diesem Konto sind Sie sofort Mitglied.";
    register_invitation_bad: "This invitation has run out, was taken back or was used. You can create an account all the same.",
        "Diese Einladung ist abgelaufen, wurde zurückgezogen oder schon benutzt. Ein Konto können Sie trotzdem erstellen.";
    email_invited: "The invitation was sent to this address.", "An diese Adresse ging die Einladung.";
    verify: "Confirm your e-mail address", "E-Mail-Adresse bestätigen";
    verify_lead: "Confirm that {} is the address of {}, your account.",
        "Bestätigen Sie, dass {} die Adresse von {}, Ihrem Konto, ist.";
    verify_sign_in: "Sign in to confirm your e-mail address: only the account it belongs to can.",
        "Melden Sie sich an, um Ihre E-Mail-Adresse zu bestätigen: Das kann nur das Konto, zu dem sie gehört.";
    verify_bad: "This link is not good, or not any more: links end after a day and when the address changes. Ask for another one in your profile.",
        "Dieser Link gilt nicht oder nicht mehr: Links enden nach einem Tag und wenn sich die Adresse ändert. Einen neuen fordern Sie in Ihrem Profil an.";
    verify_other: "This link belongs to another account. Sign out and sign in to that one.",
        "Dieser Link gehört zu einem anderen Konto. Melden Sie sich ab und mit jenem an.";
    verify_taken: "Another account has confirmed this address already. Use that one, or another address.",
        "Diese Adresse hat schon ein anderes Konto bestätigt. Verwenden Sie jenes oder eine andere Adresse.";
    verify_done: "Your address is confirmed", "Ihre Adresse ist bestätigt";
    verify_done_lead: "{} is confirmed. Invitations that waited for it are accepted.",
        "{} ist bestätigt. Einladungen, die darauf warteten, sind angenommen.";
    verify_go_on: "Go to my profile", "Zu meinem Profil";
    have_account: "Already have an account?", "Haben Sie schon ein Konto?";
    display_name: "Your name", "Ihr Name";
    display_name_hint: "As others see it.", "So, wie andere ihn sehen.";
    email: "E-mail", "E-Mail";
    username_hint: "3 to 64 of a-z 0-9 . _ - @ +. It never changes.", "3 bis 64 Zeichen aus a-z 0-9 . _ - @ +. Er ändert sich nie.";
    password_hint: "At least 12 characters, and your username is not in it.",
        "Mindestens 12 Zeichen, ohne Ihren Benutzernamen darin.";
    username_wrong: "This is no username: 3 to 64 of a-z 0-9 . _ - @ +, and not beginning with service-account-.",
        "Das ist kein Benutzername: 3 bis 64 Zeichen aus a-z 0-9 . _ - @ +, und nicht mit service-account- am Anfang.";
    username_taken: "This username is taken; choose another.", "Dieser Benutzername ist vergeben; wählen Sie einen anderen.";
    email_wrong: "This is no e-mail address such as name@example.com.", "Das ist keine E-Mail-Adresse wie name@example.com.";
    display_name_wrong: "A name has 1 to 120 characters.", "Ein Name hat 1 bis 120 Zeichen.";
    password_wrong: "Use 12 characters or more, at most 256 bytes, and not your username.",
        "Verwenden Sie mindestens 12 Zeichen, höchstens 256 Byte, und nicht Ihren Benutzernamen.";
    fields_wrong: "Nothing was saved. Please mend what is marked.", "Es wurde nichts gespeichert. Bitte berichtigen Sie, was markiert ist.";

    sign_out: "Sign out", "Abmelden";
    sign_out_lead: "You are signed in as {}.", "Sie sind als {} angemeldet.";
    stay: "Back", "Zurück";
    signed_out: "You have signed out", "Sie haben sich abgemeldet";
    signed_out_lead: "The session has ended in every tab of this browser.", "Die Sitzung ist in allen Tabs dieses Browsers beendet.";
    sign_in_again: "Sign in again", "Erneut anmelden";

    setup: "Set up Wayleave", "Wayleave einrichten";
    setup_lead: "You have signed in with the password of the first start. Replace it by one of your own.",
        "Sie haben sich mit dem Passwort des ersten Starts angemeldet. Ersetzen Sie es durch ein eigenes.";
    renew: "Choose a password of your own", "Wählen Sie ein eigenes Passwort";
    renew_lead: "Your password was made for you. Replace it by one that only you know.",
        "Ihr Passwort wurde für Sie erzeugt. Ersetzen Sie es durch eines, das nur Sie kennen.";
    new_password: "New password", "Neues Passwort";
    generated_again: "This is the password that was made for you; choose another.",
        "Das ist das Passwort, das für Sie erzeugt wurde; wählen Sie ein anderes.";
    organization: "First organization (optional)", "Erste Organisation (freiwillig)";
    organization_hint: "An organization owns apps and APIs. You can found others at any time.",
        "Einer Organisation gehören Apps und APIs. Sie können jederzeit weitere gründen.";
    addresses: "Addresses", "Adressen";
    addresses_hint: "From the configuration: public_url and gateway_url.", "Aus der Konfiguration: public_url und gateway_url.";
    console_address: "Console and management API", "Konsole und Verwaltungs-API";
    gateway_address: "Gateway", "Gateway";
    finish: "Save and go on", "Speichern und weiter";

    agreement: "Terms of this platform", "Bedingungen dieser Plattform";
    agreement_lead: "Everybody who works here accepts this text, and again when it changes.",
        "Alle, die hier arbeiten, nehmen diesen Text an, und erneut, wenn er sich ändert.";
    agreement_version: "Version {}", "Fassung {}";
    agreement_accept: "Accept", "Annehmen";
    agreement_decline: "Decline", "Ablehnen";
    agreement_declining: "If you decline, you are signed out. The answer is recorded with your name, the time and the version.",
        "Wenn Sie ablehnen, werden Sie abgemeldet. Die Antwort wird mit Ihrem Namen, der Zeit und der Fassung festgehalten.";
    agreement_changed: "Another version has become active meanwhile. Nothing was recorded; please read this one.",
        "Inzwischen gilt eine andere Fassung. Es wurde nichts festgehalten; bitte lesen Sie diese.";

    not_found: "There is nothing here", "Hier gibt es nichts";
    not_found_lead: "The address is wrong, or what it named is gone, or you may not see it.",
        "Die Adresse ist falsch, oder was sie nannte, gibt es nicht mehr, oder Sie dürfen es nicht sehen.";
    refused: "You may not do this", "Das dürfen Sie nicht";
    refused_lead: "Your role does not allow it. An owner of the organization or an administrator can change that.",
        "Ihre Rolle erlaubt es nicht. Eine Person mit der Rolle OWNER oder die Administration kann das ändern.";
    cross_site: "The request came from another site", "Die Anfrage kam von einer anderen Website";
    cross_site_lead: "Nothing was done. Open the page here and try again.",
        "Es ist nichts geschehen. Öffnen Sie die Seite hier und versuchen Sie es erneut.";
    unreadable: "The request cannot be read", "Die Anfrage ist nicht lesbar";
    unreadable_lead: "Nothing was done. Go back and send the form again.",
        "Es ist nichts geschehen. Gehen Sie zurück und senden Sie das Formular noch einmal.";
    not_now: "Not now", "Gerade nicht";
    not_now_lead: "The server cannot answer at the moment. Try again shortly.",
        "Der Server kann im Moment nicht antworten. Versuchen Sie es in Kürze erneut.";
    failed: "Something went wrong on our side", "Bei uns ist etwas schiefgegangen";
    failed_lead: "The error was logged. Whoever runs this server finds it by the number below.",
        "Der Fehler wurde protokolliert. Der Betreiber dieses Servers findet ihn unter der Nummer unten.";
    code: "Code", "Code";
    request: "Request", "Anfrage";
    first_page: "To the first page", "Zur Startseite";
    about_code: "What this means", "Was das bedeutet";

    reference: "API reference", "API-Referenz";
    language: "Language", "Sprache";
    skip: "Skip to the content", "Zum Inhalt springen";
    wrong: "Error:", "Fehler:";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same word in both languages.
    const SHARED: [&str; 2] = ["gateway_address", "code"];

    #[test]
    fn every_text_is_translated_and_takes_the_same_values() {
        for (key, en, de) in ALL {
            assert!(!en.trim().is_empty() && !de.trim().is_empty(), "{key}");
            assert_eq!(en.matches("{}").count(), de.matches("{}").count(), "{key}");
            assert_eq!(en == de, SHARED.contains(key), "{key}: {en} / {de}");
        }
    }

    #[test]
    fn german_speaks_to_people_politely() {
        for (key, _, de) in ALL {
            let familiar = de
                .split(|c: char| !c.is_alphabetic())
                .any(|word| matches!(word, "du" | "dein" | "deine" | "dir" | "dich"));
            assert!(!familiar, "{key}: {de}");
        }
    }

    #[test]
    fn a_value_is_put_in_once() {
        assert_eq!(filled("a {} b", "{}"), "a {} b");
    }
}
