import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { MailMode, NotificationSettings, Topic } from "#/client/schema";
import { useGet, useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { clock } from "#/i18n/format";
import { useMail } from "#/i18n/mail";
import { Button } from "#/ui/button";
import { Checkbox, Choices, Form } from "#/ui/field";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";
import { MeHead } from "./head";

const MODES: MailMode[] = ["immediate", "daily", "off"];

/** How one is told: what comes by mail, and when. */
export function Notifications() {
  const mail = useMail();
  const settings = useGet("/api/v1/me/notification_settings");
  return (
    <>
      <MeHead title={mail.channels} sub={mail.channelsSub} />
      <Address of={settings} />
      <Choose of={settings} />
      <WithApi
        method="PATCH"
        path="/api/v1/me/notification_settings"
        body={{ mail: settings.mail, muted: settings.muted }}
      />
    </>
  );
}

/** Where mail goes, or why none comes. */
function Address({ of }: { of: NotificationSettings }) {
  const mail = useMail();
  const toProfile = (
    <Link to="/me/profile" className="font-semibold underline">
      {mail.toProfile}
    </Link>
  );
  if (!of.email)
    return (
      <p className="mb-5 max-w-[62ch] rounded-md bg-wait-soft px-3 py-2 text-wait">
        {`${mail.noAddress} `}
        {toProfile}
      </p>
    );
  if (!of.email_verified)
    return (
      <p className="mb-5 max-w-[62ch] rounded-md bg-wait-soft px-3 py-2 text-wait">
        {`${mail.notVerified(of.email)} `}
        {toProfile}
      </p>
    );
  return (
    <p className="mb-5 max-w-[62ch] text-muted">
      {of.mail_configured ? (
        <>
          {`${mail.goesTo} `}
          <span className="font-semibold text-ink [overflow-wrap:anywhere]">{of.email}</span>
        </>
      ) : (
        mail.notConfigured
      )}
    </p>
  );
}

/** The hour of the daily mail where the reader is. */
function localHour(hour: number): string {
  const at = new Date();
  at.setUTCHours(hour, 0, 0, 0);
  return clock(at.toISOString());
}

function Choose({ of }: { of: NotificationSettings }) {
  const mail = useMail();
  const { common } = useText();
  const toast = useToast();
  const [mode, setMode] = useState(of.mail);
  const [muted, setMuted] = useState<Topic[]>(of.muted);
  const edit = useWrite("patch", "/api/v1/me/notification_settings");
  const save = async () => {
    await edit.run({ body: { mail: mode, muted } });
    toast(mail.saved);
  };
  const hear = (topic: Topic, on: boolean) => setMuted(on ? muted.filter((one) => one !== topic) : [...muted, topic]);
  return (
    <Form error={edit.error} fields={[]} onSubmit={() => void save().catch(() => undefined)} label={mail.channels}>
      <div className="max-w-[40rem]">
        <Choices
          legend={mail.when}
          name="mail"
          value={mode}
          onValue={(value) => setMode(value as MailMode)}
          choices={MODES.map((value) => ({
            value,
            title: word(mail.modes, value),
            sub:
              value === "daily" && of.daily_at_hour !== undefined && of.daily_at_hour !== null
                ? mail.dailyAt(localHour(of.daily_at_hour))
                : undefined,
          }))}
        />
      </div>
      <fieldset className="mb-4">
        <legend className="font-semibold">{mail.about}</legend>
        <p className="mb-2 text-sm text-muted">{mail.aboutHint}</p>
        {of.topics.map((topic) => (
          <Checkbox
            key={topic}
            label={word(mail.topics, topic)}
            checked={!muted.includes(topic)}
            disabled={mode === "off"}
            onChecked={(on) => hear(topic, on)}
          />
        ))}
      </fieldset>
      <Button type="submit" kind="primary" busy={edit.busy}>
        {common.save}
      </Button>
    </Form>
  );
}
