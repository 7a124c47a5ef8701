import { useParams } from "@tanstack/react-router";
import { useGet } from "#/client/use";

/** The API that the page is about; its head has read it already. */
export function useApi() {
  const { api: id } = useParams({ from: "/apis/$api" });
  return useGet("/api/v1/apis/{id}", { params: { path: { id } } });
}
