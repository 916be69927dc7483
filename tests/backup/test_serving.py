"""While a server books at full speed: every booking is answered, and the backup has all that were before it."""

import contextlib
import threading

from tracepro.testing import RpcError

MANY = 60


class Booking(threading.Thread):
    """A terminal that draws numbers one after the other until it is told to end."""

    def __init__(self, server):
        super().__init__()
        self.server, self.drawn, self.refused = server, [], []
        self.ended, self.many = threading.Event(), threading.Event()

    def run(self):
        with contextlib.closing(self.server.client()) as client:
            while not self.ended.is_set():
                try:
                    self.drawn.append(client.call("getnext", "a", "counter"))
                except RpcError as error:
                    self.refused.append(error)
                if len(self.drawn) == MANY:
                    self.many.set()


def test_a_backup_beside_bookings_is_restored_when_the_server_is_stopped(serve_plant, database, tmp_path):
    server = serve_plant(("workplaces", "counters"))
    file = tmp_path / "plant.backup"
    booking = Booking(server)
    booking.start()
    assert booking.many.wait(60)
    before = len(booking.drawn)
    made = server.command("backup", str(file))
    after = len(booking.drawn)
    booking.ended.set()
    booking.join()
    assert made.returncode == 0, made.stderr
    assert "the rows of each table are the same" in made.stdout and made.stderr == ""
    assert booking.refused == [] and booking.drawn == sorted(set(booking.drawn)) and after > before
    refused = server.command("restore", str(file), "--replace")
    assert refused.returncode == 1 and "stop it first" in refused.stderr
    server.stop()
    restored = server.command("restore", str(file), "--replace")
    assert restored.returncode == 0, restored.stderr
    server.start()
    assert booking.drawn[before - 1] < server.rpc("getnext", "a", "counter") <= booking.drawn[after - 1] + 1
