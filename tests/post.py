"""A mail server for the tests: takes letters on a free port of loopback and keeps them as parsed messages.

`say` decides what is answered to a letter: a function of the Letter that gives None (250) or the answer's
text; it runs before the answer goes out, and may end the server under test right then.
"""

import asyncio
import email
import email.policy
import queue
from dataclasses import dataclass

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from portal import PATIENCE, keep_port


@dataclass
class Letter:
    to: str
    sender: str
    message: email.message.EmailMessage

    @property
    def subject(self):
        return self.message["Subject"]

    @property
    def id(self):
        return self.message["Message-ID"]

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()

    @property
    def html(self):
        return self.message.get_body(("html",)).get_content()


class PostOffice:
    def __init__(self, **options):
        self.letters = queue.Queue()
        self.say = lambda letter: None
        self.refuses = set()  # addresses that are not known here
        self.heard = queue.Queue()  # (command, whether by TLS) of every one that a letter begins with
        self.kept = keep_port()
        self.port = self.kept.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=PATIENCE, **options)
        self.controller.start()

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.heard.put(("MAIL", session.ssl is not None))
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuses:
            return "550 5.1.1 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        letter = Letter(envelope.rcpt_tos[0], envelope.mail_from, message)
        return await asyncio.get_running_loop().run_in_executor(None, self.answer, letter)

    def answer(self, letter):
        answer = self.say(letter)
        if not answer:
            self.letters.put(letter)
        return answer or "250 OK"

    def take(self, count=1):
        """The next letters, in the order of who they are for; waits until they are there."""
        return sorted((self.letters.get(timeout=PATIENCE) for _ in range(count)), key=lambda x: x.to)

    def take_all(self):
        """All letters that are here already."""
        return [self.letters.get_nowait() for _ in range(self.letters.qsize())]

    def stop(self):
        if self.controller:
            self.controller.stop()
        self.controller = None


class Passwords:
    """Lets in one name with one password."""

    def __init__(self, name, password):
        self.pair = (name.encode(), password.encode())

    def __call__(self, server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and (data.login, data.password) == self.pair
        return AuthResult(success=good)


