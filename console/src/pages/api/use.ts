import { useParams } from "@tanstack/react-router";
import type { Version } from "#/client/schema";
import { useGet } from "#/client/use";

/** The API that the page is about; its head has read it already. */
export function useApi() {
  const { api: id } = useParams({ from: "/apis/$api" });
  return useGet("/api/v1/apis/{id}", { params: { path: { id } } });
}

/** The version to begin with: the newest that stays, else the newest that can be called, else the newest. They come oldest first. */
export function toUse(versions: Version[]): Version | undefined {
  const called = versions.filter((version) => version.publications.length > 0);
  return called.findLast((version) => version.state === "published") ?? called.at(-1) ?? versions.at(-1);
}
