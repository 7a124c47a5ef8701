import { useParams } from "@tanstack/react-router";
import { useGet } from "#/client/use";

/** The API that the page is about; its head has read it already. */
export function useProvided() {
  const { api: id } = useParams({ from: "/provide/apis/$api" });
  return useGet("/api/v1/apis/{id}", { params: { path: { id } } });
}

/** Its versions, with where each is published. */
export function useVersions(api: string) {
  return useGet("/api/v1/apis/{id}/versions", { params: { path: { id: api } } }).items;
}
