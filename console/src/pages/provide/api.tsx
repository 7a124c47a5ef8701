import { Outlet } from "@tanstack/react-router";

export function ProvidedApi() {
  return <Outlet />;
}
