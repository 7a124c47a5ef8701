import { useId } from "react";
import { useText } from "#/i18n";
import { useMe } from "#/i18n/me";
import { useConsole } from "#/layout/console";
import { DENSITIES, type Density, THEMES, type Theme } from "#/layout/prefs";
import { Checkbox, Choices } from "#/ui/field";
import { Row, RowHead, Rows } from "#/ui/list";
import { Section } from "#/ui/page";
import { MeHead } from "./head";

/** How the console looks here, and its keys. */
export function Appearance() {
  const me = useMe();
  const { shell } = useText();
  const { theme, chooseTheme, density, chooseDensity } = useConsole();
  return (
    <>
      <MeHead title={shell.appearance} sub={me.appearanceSub} />
      <div className="grid max-w-[40rem] gap-x-8 sm:grid-cols-2">
        <Choices
          legend={shell.theme}
          name="theme"
          value={theme}
          onValue={(value) => chooseTheme(value as Theme)}
          choices={THEMES.map((one) => ({ value: one, title: shell.themes[one] }))}
        />
        <Choices
          legend={shell.density}
          name="density"
          value={density}
          onValue={(value) => chooseDensity(value as Density)}
          choices={DENSITIES.map((one) => ({ value: one, title: shell.densities[one] }))}
        />
      </div>
      <Keys />
    </>
  );
}

function Keys() {
  const me = useMe();
  const { shell } = useText();
  const { singleKeys, chooseSingleKeys } = useConsole();
  const id = useId();
  const mac = /Mac|iPhone|iPad/.test(navigator.userAgent);
  const keys: [string[], string, string][] = [
    [[shell.findKey(mac)], me.everywhere, me.keyPalette],
    [["j", "k"], me.inInbox, me.keyMove],
    [["a"], me.inInbox, me.keyApprove],
    [["r"], me.inInbox, me.keyReject],
    [["c"], me.inInbox, me.keyComment],
    [["?"], me.inInbox, me.keyHelp],
  ];
  return (
    <Section title={me.keys} sub={me.keysHint} id={id}>
      <Checkbox label={me.singleKeys} hint={me.singleKeysHint} checked={singleKeys} onChecked={chooseSingleKeys} />
      <Rows columns="grid-cols-[auto_minmax(0,1fr)_auto]" label={me.keys}>
        <RowHead names={me.keyColumns} />
        {keys.map(([pressed, where, what]) => (
          <Row key={what}>
            <span className="whitespace-nowrap">
              {pressed.map((key, index) => (
                <span key={key}>
                  {index > 0 ? <span className="text-sm text-muted">{` ${me.or} `}</span> : null}
                  <kbd className="rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-sm">{key}</kbd>
                </span>
              ))}
            </span>
            <span className="max-md:order-last max-md:w-full">{what}</span>
            <span className="text-muted max-md:ml-auto">{where}</span>
          </Row>
        ))}
      </Rows>
    </Section>
  );
}
