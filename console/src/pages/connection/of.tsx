import { useParams } from "@tanstack/react-router";
import { Tied } from "./tied";

/** The Connections Collections of resources, each as a tab of its page. */
export function ApiConnections() {
  const { api } = useParams({ strict: false });
  return <Tied of="apis" id={api ?? ""} />;
}

export function AppConnections() {
  const { app } = useParams({ strict: false });
  return <Tied of="apps" id={app ?? ""} />;
}

export function SubscriptionConnections() {
  const { subscription } = useParams({ strict: false });
  return <Tied of="subscriptions" id={subscription ?? ""} />;
}

export function GroupConnections() {
  const { group } = useParams({ strict: false });
  return <Tied of="groups" id={group ?? ""} />;
}

export function OrganizationConnections() {
  const { organization } = useParams({ strict: false });
  return <Tied of="organizations" id={organization ?? ""} />;
}
