//! How one wants to be told, and how mail does, over HTTP.

use super::{ops, sql::Tally};
use crate::actions::{Actions, Offered, unless};
use crate::authz::Verb;
use crate::cx::{Cx, Platform};
use crate::notice::{MailMode, Preferences, Topic};
use crate::user::User;
use crate::web::{Answer, Body, Done, Fail, Problems, Written, given};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Everything about mail.
pub fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(notification_settings_get, notification_settings_edit))
        .routes(routes!(mail_get))
        .routes(routes!(mail_test))
        .routes(routes!(mail_retry))
}

/// How the caller is told. The inbox has everything, whatever this says.
#[derive(Serialize, ToSchema)]
pub struct NotificationSettings {
    /// When mails come: `immediate`, `daily` (one with everything) or `off`.
    mail: MailMode,
    /// Everything that mails can be about.
    topics: &'static [Topic],
    /// The topics without mail.
    muted: Vec<Topic>,
    /// Where mails go; empty if nowhere.
    email: String,
    /// Whether the address was proven. Mails are sent to proven addresses alone.
    email_verified: bool,
    /// Whether this installation sends mail at all.
    mail_configured: bool,
    /// The hour of the day, in UTC, of the daily mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    daily_at_hour: Option<i64>,
}

fn view(cx: &Cx, wanted: Preferences, user: User) -> NotificationSettings {
    let settings = cx.platform.settings.mail.as_ref();
    NotificationSettings {
        mail: wanted.mail,
        topics: Topic::ALL,
        muted: wanted.muted,
        email: user.email,
        email_verified: user.email_verified,
        mail_configured: settings.is_some(),
        daily_at_hour: settings.map(|s| s.digest_hour),
    }
}

/// How I am told
#[utoipa::path(get, path = "/api/v1/me/notification_settings", operation_id = "notification_settings_get",
    tag = "Notices", responses((status = 200, body = NotificationSettings), Problems))]
async fn notification_settings_get(cx: Cx) -> Result<Answer<NotificationSettings>, Fail> {
    let (wanted, user) = ops::preferences(&cx).await?;
    let version = wanted.version;
    Ok(Answer::ok(view(&cx, wanted, user)).version(version))
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotificationSettingsEdit {
    /// When mails come.
    #[serde(default, deserialize_with = "given")]
    mail: Option<MailMode>,
    /// The topics without mail; all others have it.
    #[serde(default, deserialize_with = "given")]
    muted: Option<Vec<Topic>>,
}

/// Change how I am told
#[utoipa::path(patch, path = "/api/v1/me/notification_settings", operation_id = "notification_settings_edit",
    tag = "Notices", request_body = NotificationSettingsEdit,
    responses((status = 200, body = Written<NotificationSettings>), Problems))]
async fn notification_settings_edit(
    cx: Cx,
    Body(body): Body<NotificationSettingsEdit>,
) -> Result<Answer<Written<NotificationSettings>>, Fail> {
    let (wanted, user, change) = ops::set_preferences(&cx, body.mail, body.muted).await?;
    let version = wanted.version;
    Ok(Answer::ok(Written { value: view(&cx, wanted, user), change }).version(version))
}

/// Why a mail was not sent at the last try.
#[derive(Serialize, ToSchema)]
pub struct MailError {
    /// When it was tried.
    #[schema(format = DateTime)]
    at: String,
    /// What went wrong, in the words of the mail server or of the network.
    detail: String,
}

/// How mail does.
#[derive(Serialize, ToSchema)]
pub struct MailState {
    /// Whether this installation sends mail.
    configured: bool,
    /// The mail server, as `host:port`.
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    /// How the way there is protected: `none`, `starttls` or `tls`.
    #[serde(skip_serializing_if = "Option::is_none")]
    security: Option<super::Security>,
    /// The sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// How many mails are yet to be sent; 10,000 is that many or more.
    waiting: i64,
    /// How many were given up; 10,000 is that many or more.
    failed: i64,
    /// When one was last sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    sent_at: Option<String>,
    /// The last failure of a mail that was not sent since.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<MailError>,
    /// What the caller may do now: `test`, `retry` (`not_configured`, `nothing_failed`).
    actions: Vec<Offered>,
}

fn state(cx: &Cx, tally: Tally) -> MailState {
    let settings = cx.platform.settings.mail.as_ref();
    let configured = unless(settings.is_some(), "not_configured");
    let failed = configured.or(unless(tally.failed > 0, "nothing_failed"));
    let actions = Actions::of(cx.standing()).offer_if("test", Verb::PlatformSettings, configured).offer_if(
        "retry",
        Verb::PlatformSettings,
        failed,
    );
    MailState {
        configured: settings.is_some(),
        server: settings.map(|s| format!("{}:{}", s.host, s.port)),
        security: settings.map(|s| s.security),
        from: settings.map(|s| s.from.clone()),
        waiting: tally.waiting,
        failed: tally.failed,
        sent_at: tally.sent_at.map(|at| at.to_string()),
        error: tally.error.map(|(at, detail)| MailError { at: at.to_string(), detail }),
        actions: actions.all(),
    }
}

/// How mail does
///
/// For site administrators.
#[utoipa::path(get, path = "/api/v1/mail", operation_id = "mail_get", tag = "Notices",
    responses((status = 200, body = MailState), Problems))]
async fn mail_get(cx: Cx) -> Result<Answer<MailState>, Fail> {
    let tally = ops::status(&cx).await?;
    Ok(Answer::ok(state(&cx, tally)))
}

/// Send a mail to myself
///
/// For site administrators: to see whether mail works. It goes to the caller's own address, proven or not.
#[utoipa::path(post, path = "/api/v1/mail/test", operation_id = "mail_test", tag = "Notices",
    responses((status = 200, body = Done), Problems))]
async fn mail_test(cx: Cx) -> Result<Answer<Done>, Fail> {
    Ok(Answer::ok(Done { change: ops::test(&cx).await? }))
}

/// How many mails are tried again.
#[derive(Serialize, ToSchema)]
pub struct MailsRetried {
    /// How many.
    mails: u64,
    /// The number of the change.
    change: i64,
}

/// Try mails again that were given up
///
/// For site administrators.
#[utoipa::path(post, path = "/api/v1/mail/retry", operation_id = "mail_retry", tag = "Notices",
    responses((status = 200, body = MailsRetried), Problems))]
async fn mail_retry(cx: Cx) -> Result<Answer<MailsRetried>, Fail> {
    let (mails, change) = ops::retry(&cx).await?;
    Ok(Answer::ok(MailsRetried { mails, change }))
}
