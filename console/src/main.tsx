import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./app.css";
import { ProblemError } from "./client/problem";
import { loadSession, signIn } from "./client/session";
import { firstLanguage, speak } from "./i18n";
import { ConsoleSettings } from "./layout/console";
import { makeRouter } from "./routes";
import { Secrets } from "./ui/secret";
import { Toasts } from "./ui/toast";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2000,
      // The server may be on this very machine: whether there is a network says nothing about it.
      networkMode: "always",
      // What the server has refused it refuses again; only a lost connection is worth a second try.
      retry: (count, error) => !(error instanceof ProblemError) && count < 2,
    },
  },
});

/** Session, language and first page are there before the first paint: no flash, no spinner. */
async function start(): Promise<void> {
  const session = await loadSession();
  if (!session) {
    signIn();
    return;
  }
  const language = firstLanguage(session.user.language);
  const router = makeRouter(queries);
  await Promise.all([speak(language), router.load()]);
  const root = document.getElementById("root");
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queries}>
          <ConsoleSettings language={language}>
            <Toasts>
              <Secrets>
                <RouterProvider router={router} />
              </Secrets>
            </Toasts>
          </ConsoleSettings>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
}

void start();
