import { Link } from "@tanstack/react-router";
import type { ApiSummary } from "#/client/schema";
import { useText, word } from "#/i18n";
import { FollowButton } from "#/ui/follow";
import { limitWords } from "#/ui/limits";
import { Row } from "#/ui/list";
import { Standing } from "#/ui/standing";

/** How many plans a row names. */
const PLANS = 3;

/** One API of the catalogue: how I stand to it, what it is, its plans. */
export function ApiRow({ api }: { api: ApiSummary }) {
  const text = useText();
  const { catalog } = text;
  const named = (version: ApiSummary["versions"][number]) =>
    version.state === "deprecated" || version.state === "retired"
      ? `${version.name} (${word(text.versions.states, version.state)})`
      : version.name;
  const versions = api.versions.map(named).join(", ");
  return (
    <Row className="items-start! py-3.5!">
      <Standing mine={api.mine} none={catalog.noAccess} />
      <div className="min-w-0 max-md:w-full">
        <h2 className="text-base [overflow-wrap:anywhere]">
          <Link to="/apis/$api" params={{ api: api.id }} className="font-semibold hover:underline">
            {api.name}
          </Link>
          <span className="ml-2 font-mono text-sm text-muted">{versions || catalog.noVersion}</span>
        </h2>
        <p className="text-sm text-muted">
          {api.organization_name}
          <span>{` · ${word(text.provide.visibilities, api.visibility)}`}</span>
        </p>
        {api.description ? <p className="mt-1 line-clamp-2 max-w-[62ch]">{api.description}</p> : null}
        {api.tags.length > 0 ? (
          <ul className="mt-1.5 flex flex-wrap gap-1">
            {api.tags.map((tag) => (
              <li key={tag}>
                <Link
                  to="/catalog"
                  search={{ tag }}
                  className="inline-flex min-h-6 items-center rounded-full bg-sunken px-2 text-xs hover:underline"
                >
                  {tag}
                </Link>
              </li>
            ))}
          </ul>
        ) : null}
      </div>
      <ul className="grid gap-0.5 text-sm max-md:grow">
        {api.plans.length === 0 ? <li className="text-muted">{catalog.noPlans}</li> : null}
        {api.plans.slice(0, PLANS).map((plan) => (
          <li key={plan.id}>
            {plan.name}
            <span className="text-muted">{` · ${limitWords(plan.limits, text)}`}</span>
          </li>
        ))}
        {api.plans.length > PLANS ? (
          <li className="text-muted">{catalog.morePlans(api.plans.length - PLANS)}</li>
        ) : null}
      </ul>
      <FollowButton of="apis" id={api.id} name={api.name} known={api.following} />
    </Row>
  );
}
