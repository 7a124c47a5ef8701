import { Link } from "@tanstack/react-router";
import { useList } from "#/client/use";
import { useText } from "#/i18n";
import { buttonClass } from "#/ui/button";
import { Cell, Listed, Row, Rows } from "#/ui/list";
import { Empty, Section } from "#/ui/page";
import { useOrganization } from "./organization";

/** What belongs to an organization, as far as one may see it. */
export function Holdings() {
  return (
    <>
      <Apps />
      <Apis />
    </>
  );
}

function Apps() {
  const { organization } = useText();
  const { id, may_consume: mayConsume } = useOrganization();
  const list = useList("/api/v1/apps", { params: { query: { organization: id } } });
  const add = mayConsume ? (
    <Link to="/apps/new" className={buttonClass("plain")}>
      {organization.newApp}
    </Link>
  ) : null;
  return (
    <Section title={organization.apps} id="apps" actions={list.items.length > 0 ? add : null}>
      <Listed
        list={list}
        empty={
          <Empty title={organization.appsEmpty} action={add}>
            {organization.appsEmptyHint}
          </Empty>
        }
      >
        <Rows columns="grid-cols-[minmax(0,1fr)]" label={organization.apps}>
          {list.items.map((app) => (
            <Row key={app.id}>
              <Cell
                title={
                  <Link to="/apps/$app" params={{ app: app.id }} className="hover:underline">
                    {app.name}
                  </Link>
                }
                sub={app.description}
              />
            </Row>
          ))}
        </Rows>
      </Listed>
    </Section>
  );
}

function Apis() {
  const { organization } = useText();
  const { id, may_design: mayDesign } = useOrganization();
  const list = useList("/api/v1/apis", { params: { query: { organization: id } } });
  const add = mayDesign ? (
    <Link to="/provide/apis/new" className={buttonClass("plain")}>
      {organization.newApi}
    </Link>
  ) : null;
  return (
    <Section title={organization.apis} id="apis" actions={list.items.length > 0 ? add : null}>
      <Listed
        list={list}
        empty={
          <Empty title={organization.apisEmpty} action={add}>
            {organization.apisEmptyHint}
          </Empty>
        }
      >
        <Rows columns="grid-cols-[minmax(0,1fr)_auto]" label={organization.apis}>
          {list.items.map((api) => (
            <Row key={api.id}>
              <Cell
                title={
                  <Link to="/apis/$api" params={{ api: api.id }} className="hover:underline">
                    {api.name}
                  </Link>
                }
                sub={api.description}
                className="max-md:w-full"
              />
              {api.may_edit ? (
                <Link to="/provide/apis/$api" params={{ api: api.id }} className={buttonClass("plain", true)}>
                  {organization.manage}
                  <span className="sr-only">{` ${api.name}`}</span>
                </Link>
              ) : (
                <span />
              )}
            </Row>
          ))}
        </Rows>
      </Listed>
    </Section>
  );
}
