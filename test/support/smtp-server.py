"""A mail server whose answers a test decides. Appends each mail that it takes to mails.jsonl in its working directory."""

import argparse
import asyncio
import json
import ssl
import sys
from email import message_from_bytes, policy

parser = argparse.ArgumentParser()
parser.add_argument("--packages", required=True, help="where aiosmtpd is installed")
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--login", help="user:password that a client must give")
parser.add_argument("--certificate", nargs=2, metavar=("CERT", "KEY"), help="offer STARTTLS with it")
parser.add_argument("--tls-at-once", action="store_true", help="TLS from the first byte instead")
parser.add_argument("--rcpt", help="the answer to each RCPT TO")
parser.add_argument("--data", help="the answer to each mail")
parser.add_argument("--lose-answers", type=int, default=0, help="take this many mails, then hang up without an answer")
options = parser.parse_args()

sys.path.insert(0, options.packages)
from aiosmtpd.smtp import SMTP, AuthResult  # noqa: E402


class Mails:
    def __init__(self):
        self.lost = 0

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if options.rcpt:
            return options.rcpt.replace("{address}", address)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if options.data:
            return options.data
        mail = message_from_bytes(envelope.content, policy=policy.default)
        text, html = mail.get_body(["plain"]), mail.get_body(["html"])
        taken = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": server.transport.get_extra_info("sslcontext") is not None,
            "headers": {name.lower(): str(value).strip() for name, value in mail.items()},
            "text": text.get_content().replace("\r\n", "\n") if text else "",
            "html": html.get_content().replace("\r\n", "\n") if html else "",
        }
        with open("mails.jsonl", "a", encoding="utf-8") as file:
            file.write(json.dumps(taken) + "\n")
        if self.lost < options.lose_answers:
            self.lost += 1
            server.transport.abort()
        return "250 OK"


def authenticate(server, session, envelope, mechanism, login):
    given = f"{login.login.decode()}:{login.password.decode()}"
    return AuthResult(success=given == options.login, handled=False)


async def main():
    tls = None
    if options.certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*options.certificate)
    starttls = None if options.tls_at_once else tls
    login = {}
    if options.login:
        login = {"authenticator": authenticate, "auth_required": True, "auth_require_tls": starttls is not None}
    mails = Mails()

    def session():
        return SMTP(mails, tls_context=starttls, require_starttls=starttls is not None, hostname="localhost", **login)

    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", options.port, ssl=tls if options.tls_at_once else None
    )
    await server.serve_forever()


asyncio.run(main())
