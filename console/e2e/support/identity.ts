import type { Page } from "@playwright/test";
import { expect, type Language } from "./test";

/** What the server's own pages are called; their words live in the server, apart from the console's. */
export const PAGES = {
  en: {
    signIn: "Sign in",
    username: "Username",
    password: "Password",
    register: "Create an account",
    signOut: "Sign out",
    signedOut: "You have signed out",
    setUp: "Set up Wayleave",
    newPassword: "New password",
    yourName: "Your name",
    email: "E-mail",
    organization: "First organization (optional)",
    finish: "Save and go on",
    nothing: "There is nothing here",
    wrong: "The username or the password is wrong, or the account is locked.",
  },
  de: {
    signIn: "Anmelden",
    username: "Benutzername",
    password: "Passwort",
    register: "Konto erstellen",
    signOut: "Abmelden",
    signedOut: "Sie haben sich abgemeldet",
    setUp: "Wayleave einrichten",
    newPassword: "Neues Passwort",
    yourName: "Ihr Name",
    email: "E-Mail",
    organization: "Erste Organisation (freiwillig)",
    finish: "Speichern und weiter",
    nothing: "Hier gibt es nichts",
    wrong: "Benutzername oder Passwort ist falsch, oder das Konto ist gesperrt.",
  },
} satisfies Record<Language, Record<string, string>>;

/** Fills the form of the page that is open, and sends it. */
export async function signIn(page: Page, username: string, password: string, language: Language = "en"): Promise<void> {
  const words = PAGES[language];
  await page.getByLabel(words.username).fill(username);
  await page.getByLabel(words.password).fill(password);
  await page.getByRole("button", { name: words.signIn }).click();
}

/** A page of the server has come. */
export async function arrived(page: Page, title: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}
