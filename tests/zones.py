"""Where on earth it is some hour just now."""

import datetime


def zone_at(hour):
    """A time zone in which it is that hour now, and its date."""
    now = datetime.datetime.now(datetime.timezone.utc)
    offset = (hour - now.hour + 11) % 24 - 11
    return f"Etc/GMT{-offset:+d}" if offset else "Etc/UTC", (now + datetime.timedelta(hours=offset)).date()
