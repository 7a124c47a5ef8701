"""A mail server that others have written (aiosmtpd): prints its port, then each mail as one line of JSON.

Arguments: certificate and key (PEM files), name and password. It takes mail only after STARTTLS and a login.
"""

import json
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Printer:
    async def handle_DATA(self, server, session, envelope):
        mail = {
            "to": envelope.rcpt_tos,
            "raw": envelope.content.decode("utf-8", "replace"),
            "protected": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
        }
        print(json.dumps(mail), flush=True)
        return "250 Kept"


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (name.encode(), password.encode())
    return AuthResult(success=good, handled=good, auth_data=data)


certificate, key, name, password = sys.argv[1:5]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
controller = Controller(
    Printer(),
    hostname="127.0.0.1",
    port=port,
    tls_context=context,
    require_starttls=True,
    authenticator=authenticate,
    auth_required=True,
)
controller.start()
print(port, flush=True)
# Whoever started it ends it by closing its input.
sys.stdin.read()
controller.stop()
