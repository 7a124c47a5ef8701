"""Verifies a delivery with the library of Standard Webhooks; fails if it does not hold.

Standard input: {"secret", "headers", "body", "now"}; `now` is the clock of the test, in seconds.
"""

import datetime
import json
import sys

import standardwebhooks.webhooks as library

given = json.load(sys.stdin)


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(given["now"], tz)


library.datetime = Clock
event = library.Webhook(given["secret"]).verify(given["body"], given["headers"])
print(event["type"])
