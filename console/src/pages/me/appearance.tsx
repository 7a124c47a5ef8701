import { useId } from "react";
import { useText } from "#/i18n";
import { useConsole } from "#/layout/console";
import { DENSITIES, type Density, THEMES, type Theme } from "#/layout/prefs";
import { Checkbox, Choices } from "#/ui/field";
import { Section } from "#/ui/page";
import { MeHead } from "./head";

/** How the console looks here, and its keys. */
export function Appearance() {
  const { me, shell } = useText();
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
  const { me, shell } = useText();
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
      <div className="overflow-x-auto rounded-xl border border-line bg-surface">
        <table className="w-full max-w-full text-left" aria-labelledby={id}>
          <thead className="text-sm text-muted">
            <tr className="border-b border-line">
              {me.keyColumns.map((name) => (
                <th key={name} scope="col" className="px-4 py-2 font-normal">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {keys.map(([pressed, where, what]) => (
              <tr key={what} className="border-b border-line last:border-b-0">
                <td className="px-4 py-2 whitespace-nowrap">
                  {pressed.map((key, index) => (
                    <span key={key}>
                      {index > 0 ? <span className="text-sm text-muted">{` ${me.or} `}</span> : null}
                      <kbd className="rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-sm">{key}</kbd>
                    </span>
                  ))}
                </td>
                <td className="px-4 py-2 text-muted">{where}</td>
                <td className="px-4 py-2">{what}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
