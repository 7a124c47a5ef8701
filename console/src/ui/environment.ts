import { useMaybe } from "#/client/use";

/** The name of an environment, for what the server gives with its word in URLs alone. */
export function useEnvironmentName(): (of: { id: string; name: string } | null | undefined) => string {
  const { data, error } = useMaybe("/api/v1/environments");
  // Until the names are there nothing stands for them: the word would flash by.
  return (of) => (of ? (data?.items.find((one) => one.id === of.id)?.name ?? (data || error ? of.name : "")) : "");
}
