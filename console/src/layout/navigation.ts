import type { LinkProps } from "@tanstack/react-router";
import {
  ArrowLeftRight,
  Bell,
  BookOpen,
  Boxes,
  Building2,
  Cable,
  Compass,
  Fence,
  Gauge,
  Handshake,
  House,
  IdCard,
  Inbox,
  KeyRound,
  Landmark,
  Layers,
  LayoutGrid,
  type LucideIcon,
  Mail,
  Newspaper,
  Scale,
  ScrollText,
  ServerCog,
  Tags,
  Users,
  Webhook,
} from "lucide-react";
import type { Messages } from "#/i18n";

export type Badges = { inbox: number; notices: number; apps: number };
export type Reach = { provide: boolean; organization: boolean; site: boolean };
export type OwnPlace = { to: LinkProps["to"]; label: string };
export type Place = { to: LinkProps["to"]; label: string; icon: LucideIcon; badge?: keyof Badges; exact?: boolean };

/** The places of the sidebar that this person can use, by group. */
export function places({ shell }: Messages, reach: Reach): { title: string; places: Place[] }[] {
  const groups = [
    {
      title: shell.groups.build,
      places: [
        { to: "/", label: shell.home, icon: House, exact: true },
        { to: "/catalog", label: shell.catalog, icon: Compass },
        { to: "/apps", label: shell.apps, icon: Boxes, badge: "apps" },
        { to: "/api-clients", label: shell.clients, icon: KeyRound },
        { to: "/connections", label: shell.connections, icon: Cable },
      ],
    },
    {
      title: shell.groups.provide,
      places: reach.provide
        ? [
            { to: "/inbox", label: shell.inbox, icon: Inbox, badge: "inbox" },
            { to: "/provide/apis", label: shell.apis, icon: LayoutGrid },
            { to: "/provide/contracts", label: shell.contracts, icon: Handshake },
            { to: "/provide/plans", label: shell.plans, icon: Tags },
            { to: "/provide/limits", label: shell.limits, icon: Gauge },
            { to: "/provide/groups", label: shell.apiGroups, icon: Layers },
            { to: "/provide/profiles", label: shell.apiProfiles, icon: Fence },
          ]
        : [],
    },
    {
      title: shell.groups.observe,
      places: [
        { to: "/dashboard", label: shell.dashboard, icon: Newspaper },
        { to: "/notifications", label: shell.notices, icon: Bell, badge: "notices" },
      ],
    },
    {
      title: shell.groups.organization,
      places: [
        ...(reach.organization ? [{ to: "/org", label: shell.overview, icon: Landmark, exact: true }] : []),
        { to: "/organizations", label: shell.organizations, icon: Building2 },
        ...(reach.site
          ? [
              { to: "/org/people", label: shell.people, icon: Users },
              { to: "/org/roles", label: shell.roles, icon: IdCard },
              { to: "/org/terms", label: shell.terms, icon: Scale },
              { to: "/org/environments", label: shell.environments, icon: ServerCog },
            ]
          : []),
        ...(reach.organization || reach.site ? [{ to: "/org/audit", label: shell.audit, icon: ScrollText }] : []),
        ...(reach.organization || reach.site ? [{ to: "/org/webhooks", label: shell.webhooks, icon: Webhook }] : []),
        ...(reach.site ? [{ to: "/org/mail", label: shell.mail, icon: Mail }] : []),
        ...(reach.site ? [{ to: "/org/exchange", label: shell.exchange, icon: ArrowLeftRight }] : []),
        { to: "/reference", label: shell.reference, icon: BookOpen },
      ],
    },
  ];
  return groups.filter((group) => group.places.length > 0) as { title: string; places: Place[] }[];
}

/** The places that are about the person who is signed in. */
export function ownPlaces({ shell }: Messages): OwnPlace[] {
  return [
    { to: "/me/profile", label: shell.profile },
    { to: "/me/security", label: shell.security },
    { to: "/me/tokens", label: shell.tokens },
    { to: "/me/notifications", label: shell.channels },
    { to: "/me/appearance", label: shell.appearance },
  ];
}
