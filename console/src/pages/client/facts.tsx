import type { Certificate } from "#/client/schema";
import { useClients } from "#/i18n/clients";
import { day } from "#/i18n/format";

/** Whose a certificate is, who signed it, and what is special about it. */
export function CertificateFacts({ certificate }: { certificate: Certificate }) {
  const words = useClients().certificate;
  return (
    <>
      <span className="block">{certificate.subject}</span>
      <span className="block">{words.issued(certificate.issuer)}</span>
      {certificate.allow_expired ? <span className="block">{words.counts(day(certificate.not_after))}</span> : null}
      {certificate.skip_chain_checks ? <span className="block">{words.trusted}</span> : null}
    </>
  );
}
