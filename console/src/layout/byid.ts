import type { NavigateOptions } from "@tanstack/react-router";
import { http } from "#/client/http";

/** What an id looks like: a word for its kind, and 128 bits. */
const ID = /^([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}$/;

async function call(id: string): Promise<NavigateOptions | undefined> {
  const { data } = await http.GET("/api/v1/decisions/{id}", { params: { path: { id } } });
  if (data?.app) return { to: "/apps/$app/calls", params: { app: data.app.id }, search: { call: id } };
  if (data?.api) return { to: "/provide/apis/$api/calls", params: { api: data.api.id }, search: { call: id } };
  return undefined;
}

async function version(id: string): Promise<NavigateOptions | undefined> {
  const { data } = await http.GET("/api/v1/versions/{id}", { params: { path: { id } } });
  return data ? { to: "/apis/$api/versions", params: { api: data.api } } : undefined;
}

const PLACES: Record<string, (id: string) => NavigateOptions | Promise<NavigateOptions | undefined>> = {
  app: (app) => ({ to: "/apps/$app", params: { app } }),
  api: (api) => ({ to: "/apis/$api", params: { api } }),
  cli: (client) => ({ to: "/api-clients/$client", params: { client } }),
  grp: (group) => ({ to: "/groups/$group", params: { group } }),
  usr: (user) => ({ to: "/people/$user", params: { user } }),
  org: (organization) => ({ to: "/organizations/$organization", params: { organization } }),
  sub: (subscription) => ({ to: "/subscriptions/$subscription", params: { subscription } }),
  tsk: (item) => ({ to: "/inbox", search: { item } }),
  dec: call,
  ver: version,
};

/** How to get to what has this id; undefined if the text is no id of something with a page. */
export function wayTo(text: string): (() => Promise<NavigateOptions | undefined>) | undefined {
  const id = text.trim().toLowerCase();
  const place = PLACES[ID.exec(id)?.[1] ?? ""];
  return place ? async () => place(id) : undefined;
}
