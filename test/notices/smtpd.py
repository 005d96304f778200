"""An SMTP server that notes what it took, and has the faults that an address asks for.

Arguments: certificate, key, file of what was taken, folder of bounces. Says its port.
An address begins with what is to happen: ok, temp (451 the first two times), nobody (550),
slow (half a second), bounce (taken, and sent back), hangup (the line is cut the first time).
"""

import asyncio
import logging
import os
import re
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

cert, key, taken, bounces = sys.argv[1:]
logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # lines break here all the time
tries = {}
out = open(taken, "a", buffering=1)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        kind = address.split("-")[0]
        tries[address] = tries.get(address, 0) + 1
        if kind == "temp" and tries[address] <= 2:
            return "451 4.3.0 later, please"
        if kind == "nobody":
            return "550 5.1.1 <%s> nobody here" % address
        if kind == "slow":
            await asyncio.sleep(0.5)
        if kind == "hangup" and tries[address] == 1:
            server.transport.close()
            return "421 4.3.2 going"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("utf-8", "replace")
        ref = re.search(r"(?im)^message-id: <([^>@]+)@", text)
        address = envelope.rcpt_tos[0]
        out.write("%s %s\n" % (ref.group(1) if ref else "-", address))
        if address.startswith("bounce-"):
            bounce(envelope.mail_from, address, text)
        return "250 taken"


BOUNCE = """From: Mail Delivery System <mailer-daemon@example.test>
To: %(sender)s
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain

Your message did not arrive.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.test

Final-Recipient: rfc822; %(address)s
Action: failed
Status: 5.2.1

--=_b
Content-Type: text/rfc822-headers

%(head)s
--=_b--
"""


def bounce(sender, address, text):
    head = text.replace("\r\n", "\n").split("\n\n")[0]
    name = os.urandom(8).hex()
    draft = os.path.join(os.path.dirname(bounces), name)
    with open(draft, "w") as f:
        f.write(BOUNCE % {"sender": sender, "address": address, "head": head})
    os.rename(draft, os.path.join(bounces, name))


def authenticator(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"pendopo" and data.password == b"very secret word")


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(cert, key)


def smtp():
    return SMTP(Handler(), enable_SMTPUTF8=True, tls_context=context, require_starttls=True, auth_required=True, authenticator=authenticator)


async def serve():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(smtp, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)  # ends with whoever started it


asyncio.run(serve())
