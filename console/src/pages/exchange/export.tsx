import { Download } from "lucide-react";
import { useState } from "react";
import { http } from "#/client/http";
import type { CeptorExport } from "#/client/schema";
import { type Answer, unwrap } from "#/client/use";
import { useExchange } from "#/i18n/exchange";
import { number } from "#/i18n/format";
import { Button } from "#/ui/button";
import { download } from "#/ui/download";
import { Card, Section } from "#/ui/page";
import { ProblemBanner } from "#/ui/problem";
import { useToast } from "#/ui/toast";
import { merged, size } from "./bundle";

/** Everything as one file, fetched page by page. */
export function Export({ environment }: { environment: string }) {
  const exchange = useExchange();
  const toast = useToast();
  const [so, setSo] = useState<number>();
  const [error, setError] = useState<unknown>();
  const fetchAll = async () => {
    setError(undefined);
    setSo(0);
    try {
      let whole: CeptorExport = {};
      let after: string | undefined;
      do {
        const query = { environment, limit: 200, ...(after ? { after } : {}) };
        const page = unwrap<Answer<"/api/v1/ceptor/bundle">>(
          await http.GET("/api/v1/ceptor/bundle", { params: { query } }),
        );
        whole = merged(whole, page.bundle);
        after = page.next ?? undefined;
        setSo(size(whole));
      } while (after);
      download(`wayleave-${environment}.json`, `${JSON.stringify(whole, null, 2)}\n`);
      toast(exchange.downloaded(size(whole)));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setSo(undefined);
    }
  };
  return (
    <Section id="export" title={exchange.exportTitle} sub={exchange.exportHint}>
      <Card>
        <ProblemBanner error={error} />
        <Button onClick={() => void fetchAll()} busy={so !== undefined}>
          <Download size={16} aria-hidden="true" />
          {exchange.download}
        </Button>
        <p role="status" className="mt-2 text-sm text-muted">
          {so === undefined ? "" : exchange.downloading(number(so))}
        </p>
      </Card>
    </Section>
  );
}
