import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { http } from "#/client/http";
import { leaveSignedOut, signIn } from "#/client/session";
import { hear, tell } from "#/client/tabs";
import { useText } from "#/i18n";
import { useToast } from "#/ui/toast";

async function signOut(client: QueryClient): Promise<boolean> {
  try {
    const { response } = await http.DELETE("/api/v1/session");
    if (!response.ok) return false;
  } catch {
    return false;
  }
  leaveSignedOut();
  tell("signed-out");
  client.clear();
  return true;
}

/** Ends the session here and in the other tabs of this browser; says so when it could not. */
export function useSignOut(): () => void {
  const client = useQueryClient();
  const toast = useToast();
  const { shell } = useText();
  return useCallback(() => {
    void signOut(client).then((out) => out || toast(shell.signOutFailed));
  }, [client, toast, shell]);
}

/** Leaves when another tab has signed out, and never shows a page again that the browser kept from before. */
export function useLeaveWithOthers(): void {
  useEffect(() => hear("signed-out", signIn), []);
  useEffect(() => {
    const shown = (event: PageTransitionEvent) => event.persisted && window.location.reload();
    window.addEventListener("pageshow", shown);
    return () => window.removeEventListener("pageshow", shown);
  }, []);
}
