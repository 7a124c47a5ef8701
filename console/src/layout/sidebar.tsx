import { Link } from "@tanstack/react-router";
import { useText } from "#/i18n";
import { Badge } from "#/ui/pill";
import { Logo } from "#/ui/wire";
import { type Badges, places, type Reach } from "./navigation";

/** The places of the console. Also the content of the sheet on a narrow screen, which closes when one goes somewhere. */
export function Sidebar({ reach, badges, onGo }: { reach: Reach; badges: Badges; onGo?: () => void }) {
  const text = useText();
  const words = { inbox: text.shell.waiting, notices: text.shell.unread, apps: text.shell.answers };
  return (
    <div className="flex h-full flex-col overflow-y-auto bg-sunken px-3 py-4 [scrollbar-width:thin]">
      <nav aria-label={text.shell.navigation}>
        <Link to="/" onClick={onGo} className="mb-5 flex items-center gap-2.5 rounded-md px-2 py-1">
          <Logo />
          <span className="font-bold">{text.common.product}</span>
        </Link>
        {places(text, reach).map((group) => (
          <div key={group.title} className="mb-5">
            <p className="mb-1 px-2 text-xs text-muted">{group.title}</p>
            <ul>
              {group.places.map((place) => (
                <li key={place.label}>
                  <Link
                    to={place.to}
                    onClick={onGo}
                    activeOptions={{ exact: place.exact ?? false, includeSearch: false }}
                    className="flex min-h-9 items-center gap-2.5 rounded-md border border-transparent px-2 hover:bg-surface/60"
                    activeProps={{ className: "bg-surface !border-line font-semibold" }}
                  >
                    <place.icon size={18} aria-hidden="true" className="shrink-0" />
                    <span className="min-w-0">{place.label}</span>
                    {place.badge ? (
                      <Badge count={badges[place.badge]} label={words[place.badge](badges[place.badge])} />
                    ) : null}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
    </div>
  );
}
