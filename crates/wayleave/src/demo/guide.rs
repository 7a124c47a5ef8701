//! What the terminal shows: addresses, log-ins, and for each next step a command that works when it is pasted.

use super::folder::World;
use super::seed::{APP, CONSUMER_ORGANIZATION, PEOPLE, PLANS, PROVIDER_ORGANIZATION, Secrets};
use super::upstream::{APIS, EXAMPLE};
use crate::first_login;
use std::fmt::{self, Display, Formatter, Write as _};
use std::net::SocketAddr;
use std::path::Path;

/// Takes a text member out of a JSON answer with nothing but what every system has.
const PICK: &str = r#"sed -n 's/.*"NAME":"\([^"]*\)".*/\1/p'"#;

/// Everything that the text is made of.
pub struct Guide<'g> {
    /// Base address of the control plane.
    pub public_url: &'g str,
    /// Base address of the gateway.
    pub gateway_url: &'g str,
    /// The operations listener.
    pub operations: SocketAddr,
    /// Where the sample upstream listens.
    pub sample: SocketAddr,
    /// The demo's folder.
    pub data: &'g Path,
    /// What was seeded.
    pub world: &'g World,
    /// What may be shown: only at the first start, and only to a terminal. Without them commands read the file.
    pub secrets: Option<&'g Secrets>,
}

impl Display for Guide<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.addresses(f)?;
        self.log_ins(f)?;
        writeln!(f, "Next. Each command works as it stands; open another terminal and paste:")?;
        if self.secrets.is_none() {
            writeln!(f, "(What was done before stays done: an action that was taken already answers 409.)")?;
        }
        writeln!(f)?;
        if self.secrets.is_none() {
            self.secrets_kept(f)?;
        }
        self.sandbox(f)?;
        self.production(f)?;
        self.stop_and_go(f)?;
        let (more, end) = (
            "Everything else that can be done",
            "Ctrl-C ends the demo; the next start goes on from here, or with --fresh anew.",
        );
        writeln!(f, "{more}: {}/api/docs\n{end}", self.public_url)
    }
}

impl Guide<'_> {
    fn addresses(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = APIS.iter().map(|api| api.name).collect();
        writeln!(f, "\nThe demo is running.\n")?;
        writeln!(f, "  Console      {0:<26} sign in there; API reference at {0}/api/docs", self.public_url)?;
        writeln!(f, "  Gateway      {:<26} production at its root, the sandbox under /sandbox", self.gateway_url)?;
        writeln!(f, "  Operations   {:<26} /healthz, /readyz, /metrics", format!("http://{}", self.operations))?;
        writeln!(f, "  Upstream     {:<26} what {} forward to", format!("http://{}", self.sample), names.join(", "))
    }

    fn log_ins(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n  {:<12} {:<26} who", "log in as", "password")?;
        let passwords = self.secrets.map(|secrets| secrets.passwords.as_slice()).unwrap_or_default();
        let mut passwords = passwords.iter();
        for person in &PEOPLE {
            let password = passwords.next().map_or("(in the file below)", |secret| secret.reveal());
            writeln!(f, "  {:<12} {password:<26} {}", person.username, person.role)?;
        }
        writeln!(
            f,
            "\n  The organizations are \"{PROVIDER_ORGANIZATION}\" and \"{CONSUMER_ORGANIZATION}\"; the app is \"{APP}\"."
        )?;
        let file = first_login::path(self.data);
        writeln!(f, "  Passwords, API key and client secret are kept in {}, which only you can read.\n", file.display())
    }

    /// Sets the variables that stand for secrets where these are not shown.
    fn secrets_kept(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let file = quoted(&first_login::path(self.data).display().to_string());
        let mut line = format!("LOGINS={file}");
        for (variable, name) in [("KEY", "api-key"), ("SECRET", "client-secret"), ("PASSWORD", PEOPLE[1].username)] {
            write!(line, "; {variable}=$(sed -n 's/^{name} //p' \"$LOGINS\")")?;
        }
        step(f, "Take the secrets of the first start from the file:", &[line])
    }

    fn sandbox(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (story, plan) = (&APIS[0], &PLANS[0]);
        let (count, seconds) = plan.windows[0];
        let url = self.call("/sandbox");
        let key = self.key();
        step(
            f,
            &format!("Call {} in the sandbox, where the app's subscription is active:", story.name),
            &[format!("curl -i -H {key} {url}; echo")],
        )?;
        let client = match self.secrets {
            Some(secrets) => quoted(&format!("{}:{}", self.world.client_id, secrets.client_secret.reveal())),
            None => format!("\"{}:$SECRET\"", self.world.client_id),
        };
        step(
            f,
            "Get an access token and call with it:",
            &[
                format!(
                    "TOKEN=$(curl -s -u {client} -d grant_type=client_credentials {}/oauth2/token | {})",
                    self.public_url,
                    pick("access_token")
                ),
                format!("curl -i -H \"Authorization: Bearer $TOKEN\" {url}; echo"),
            ],
        )?;
        let first_lines = r#"sed -n '1p; /^retry-after/p; s/.*"detail":"\([^"]*\)".*/\1/p'"#;
        step(
            f,
            &format!("Run into the limit of the plan \"{}\", {count} calls in {seconds} seconds:", plan.name),
            // More than twice the limit, so that it is met even where the calls fall into two windows.
            &[format!("for i in $(seq {}); do curl -s -i -H {key} {url} | {first_lines}; done", 2 * count + 1)],
        )
    }

    fn production(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (url, key, api) = (self.call(""), self.key(), format!("{}/api/v1", self.public_url));
        step(
            f,
            "Production refuses the same key: the request for it waits for the provider:",
            &[format!("curl -i -H {key} {url}; echo")],
        )?;
        let jar = quoted(&self.data.join("cookies").display().to_string());
        let body = match self.secrets.and_then(|secrets| secrets.passwords.get(1)) {
            Some(password) => {
                quoted(&format!("{{\"username\":\"{}\",\"password\":\"{}\"}}", PEOPLE[1].username, password.reveal()))
            }
            None => {
                format!("\"{{\\\"username\\\":\\\"{}\\\",\\\"password\\\":\\\"$PASSWORD\\\"}}\"", PEOPLE[1].username)
            }
        };
        let json = "-H 'Content-Type: application/json'";
        step(
            f,
            "Sign in as the provider and make a personal access token, for use with everything under /api/v1:",
            &[
                format!("CSRF=$(curl -s -c {jar} {json} -d {body} {api}/session | {})", pick("csrf_token")),
                format!(
                    "PROVIDER=$(curl -s -b {jar} -H \"X-CSRF-Token: $CSRF\" {json} -d '{{\"name\":\"demo\"}}' {api}/me/tokens | {})",
                    pick("token")
                ),
            ],
        )?;
        let provider = "-H \"Authorization: Bearer $PROVIDER\"";
        let act = |action: &str| {
            format!("curl -s -X POST {provider} {api}/subscriptions/{}/{action}; echo", self.world.pending)
        };
        step(
            f,
            "See what waits for the provider, approve it, activate it, and call production:",
            &[
                format!("curl -s {provider} {api}/tasks; echo"),
                act("approve"),
                act("activate"),
                format!("curl -i -H {key} {url}; echo"),
            ],
        )
    }

    fn stop_and_go(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (url, key, api) = (self.call(""), self.key(), format!("{}/api/v1", self.public_url));
        let provider = "-H \"Authorization: Bearer $PROVIDER\"";
        let act = |action: &str| {
            format!("curl -s -X POST {provider} {api}/subscriptions/{}/{action}; echo", self.world.pending)
        };
        step(
            f,
            "Suspend it: the very next call is refused. The decision tells why, and what was recognised:",
            &[
                act("suspend"),
                format!("DECISION=$(curl -s -H {key} {url} | {})", pick("decision")),
                format!("curl -s {provider} {api}/decisions/$DECISION; echo"),
            ],
        )?;
        step(f, "Resume it, and call:", &[act("resume"), format!("curl -i -H {key} {url}; echo")])
    }

    /// The address of the call that the story is told with.
    fn call(&self, environment: &str) -> String {
        let story = &APIS[0];
        format!("{}{environment}/{}/{}{EXAMPLE}", self.gateway_url, story.slug, story.version)
    }

    /// The header with the key, quoted for the shell.
    fn key(&self) -> String {
        match self.secrets {
            Some(secrets) => quoted(&format!("X-API-Key: {}", secrets.api_key.reveal())),
            None => "\"X-API-Key: $KEY\"".to_owned(),
        }
    }
}

/// A step: what it does, and its commands.
fn step(f: &mut Formatter<'_>, what: &str, commands: &[String]) -> fmt::Result {
    writeln!(f, "# {what}")?;
    for command in commands {
        writeln!(f, "  {command}")?;
    }
    writeln!(f)
}

fn pick(name: &str) -> String {
    PICK.replace("NAME", name)
}

/// One word for the shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
