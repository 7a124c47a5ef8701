import { Outlet } from "@tanstack/react-router";

export function Api() {
  return <Outlet />;
}
