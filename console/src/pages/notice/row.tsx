import { Link } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import type { Notice } from "#/client/schema";
import { useWrite } from "#/client/use";
import { useText, word } from "#/i18n";
import { useBy } from "#/ui/feed";
import { Row } from "#/ui/list";
import { Menu } from "#/ui/menu";
import { UnreadDot } from "#/ui/pill";
import { useResourceName } from "#/ui/resource";
import { When } from "#/ui/time";
import { placeOf } from "./place";

/** What a notice is about, beside what happened: "Billing engine → Payments". */
function useAbout(): (notice: Notice) => string {
  const named = useResourceName();
  return ({ subject, names }) => {
    // The name of a subscription has both ends in it.
    if (subject.kind === "subscription" && subject.name) return named(subject);
    const about = [names.subscription ?? names.app, names.subscription ? null : names.api, names.version].filter(
      (one) => one !== null && one !== undefined,
    );
    const known = about.some((one) => one.id === subject.id);
    return (subject.name && !known ? [subject, ...about] : about).map(named).join(" · ");
  };
}

/** One notice. Opening it marks it as read. */
export function NoticeRow({ notice }: { notice: Notice }) {
  const { common, notices } = useText();
  const about = useAbout();
  const by = useBy();
  const read = useWrite("post", "/api/v1/me/notices/{id}/read");
  const readUpTo = useWrite("post", "/api/v1/me/notices/read");
  const what = word(common.verbs, notice.verb);
  const mark = () => {
    // A mark that could not be set leaves the notice unread, which shows.
    if (!notice.read) void read.run({ params: { path: { id: notice.id } } }).catch(() => undefined);
  };
  const markUpTo = () => void readUpTo.run({ body: { through: notice.change } }).catch(() => undefined);
  const place = placeOf(notice);
  return (
    <Row className={notice.read ? "" : "font-medium"}>
      <span className="inline-flex w-2 items-center max-md:self-start max-md:pt-1.5">
        {notice.read ? null : <UnreadDot />}
      </span>
      <div className="min-w-0 max-md:basis-0 max-md:grow">
        <p className="[overflow-wrap:anywhere]">
          {place ? (
            <Link {...place} onClick={mark} className="font-semibold hover:underline">
              {what}
            </Link>
          ) : (
            <span className="font-semibold">{what}</span>
          )}
          <span className="font-normal text-muted">{about(notice) ? ` · ${about(notice)}` : ""}</span>
          <span className="font-normal text-muted">{` · ${by(notice.actor)}`}</span>
        </p>
        <p className="text-sm font-normal text-muted md:hidden">
          <When at={notice.at} />
        </p>
        {notice.note ? (
          <blockquote className="mt-1 max-w-[62ch] border-l-3 border-line pl-3 font-normal whitespace-pre-line [overflow-wrap:anywhere]">
            {notice.note}
          </blockquote>
        ) : null}
      </div>
      <span className="text-sm font-normal text-muted max-md:hidden">
        <When at={notice.at} />
      </span>
      {notice.read ? (
        <span className="max-md:hidden" />
      ) : (
        <Menu
          label={notices.actionsFor(what)}
          trigger={<Ellipsis size={18} aria-hidden="true" />}
          entries={[
            { key: "one", label: notices.mark, onSelect: mark },
            { key: "older", label: notices.markUpTo, onSelect: markUpTo },
          ]}
        />
      )}
    </Row>
  );
}
