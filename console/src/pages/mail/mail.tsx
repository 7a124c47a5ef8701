import { session } from "#/client/session";
import { useGet, useWrite } from "#/client/use";
import { word } from "#/i18n";
import { useMail } from "#/i18n/mail";
import { Actions } from "#/ui/actions";
import { Card, Empty, PageHead, Properties } from "#/ui/page";
import { Pill } from "#/ui/pill";
import { ProblemBanner } from "#/ui/problem";
import { When } from "#/ui/time";
import { useToast } from "#/ui/toast";
import { WithApi } from "#/ui/withapi";

/** How this installation sends mail, and how it does. For site administrators. */
export function MailPage() {
  const mail = useMail();
  if (session().user.site_admin) return <State />;
  return (
    <>
      <PageHead title={mail.title} />
      <Empty title={mail.denied} />
    </>
  );
}

function State() {
  const mail = useMail();
  const toast = useToast();
  const state = useGet("/api/v1/mail");
  const test = useWrite("post", "/api/v1/mail/test");
  const retry = useWrite("post", "/api/v1/mail/retry");
  const act = (action: string) => {
    const done =
      action === "test"
        ? test.run().then(() => toast(mail.tested))
        : retry.run().then((answer) => toast(mail.retried(answer.mails)));
    void done.catch(() => undefined);
  };
  const { error } = state;
  return (
    <>
      <PageHead
        title={mail.title}
        sub={mail.sub}
        state={
          <Pill tone={state.configured ? (error ? "wait" : "ok") : "off"}>
            {state.configured ? mail.works : mail.off}
          </Pill>
        }
        actions={
          <Actions
            of={mail.title}
            actions={state.actions}
            onAct={act}
            first={["test", "retry"]}
            buttons={2}
            busy={test.busy || retry.busy}
            words={{ test: mail.test, retry: mail.retry }}
          />
        }
      />
      <ProblemBanner error={test.error ?? retry.error} />
      {state.configured ? null : <p className="mb-5 max-w-[62ch] rounded-md bg-sunken px-3 py-2">{mail.offHint}</p>}
      {error ? (
        <p className="mb-5 rounded-md bg-wait-soft px-3 py-2 text-wait">
          <span className="font-semibold">{mail.lastError}</span> <When at={error.at} />
          {`: ${error.detail}`}
        </p>
      ) : null}
      <Card className="mb-6">
        <Properties
          items={[
            ...(state.configured
              ? ([
                  [mail.server, state.server],
                  [mail.security, word(mail.securities, state.security)],
                  [mail.from, state.from],
                ] as [string, string][])
              : []),
            [mail.waiting, mail.mails(state.waiting)],
            [mail.failed, mail.mails(state.failed)],
            [mail.lastSent, state.sent_at ? <When key="sent" at={state.sent_at} /> : mail.never],
          ]}
        />
      </Card>
      <WithApi method="GET" path="/api/v1/mail" />
    </>
  );
}
