"""The disk below SQLite, as the tests want it: it fails at a write or a sync, is full, or loses power.

It stands between SQLite and its usual way to files, in this process only: the functions that write, cut and sync a file are
replaced in each file that is opened while it is installed.
"""

import _sqlite3
from ctypes import CDLL, CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_int64, c_void_p, string_at
from pathlib import Path

SQLITE_FULL, IOERR_WRITE, IOERR_FSYNC = 13, 10 | 3 << 8, 10 | 4 << 8
SECTOR = 512
Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
Sync = CFUNCTYPE(c_int, c_void_p, c_int)
Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)


class Methods(Structure):
    """What SQLite calls on a file, in the order of its ``sqlite3_io_methods``."""

    _fields_ = [
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", Write),
        ("truncate", Truncate),
        ("sync", Sync),
        *((f"further{number}", c_void_p) for number in range(13)),
    ]


class OpenFile(Structure):
    """The beginning of a ``sqlite3_file``."""

    _fields_ = [("methods", POINTER(Methods))]


class Vfs(Structure):
    """A ``sqlite3_vfs``."""

    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("own", c_void_p),
        ("open", Open),
        *((f"further{number}", c_void_p) for number in range(14)),
    ]


class Disk:
    """Counts what is written and synced, and fails when it is told to; ``after`` is called behind each of them.

    ``left`` is a folder of its own for what power cuts leave; what is opened there is let alone.
    """

    def __init__(self, left):
        self.left = left
        self.count = 0
        self.fired = False
        self.after = None
        self.full = False
        self._at = 0
        self._names, self._kept = {}, []
        self._files = {}
        self._library = CDLL(_sqlite3.__file__)
        self._library.sqlite3_vfs_find.restype = POINTER(Vfs)
        self._usual = self._library.sqlite3_vfs_find(None)
        self._vfs = Vfs.from_buffer_copy(self._usual.contents)
        self._vfs.name, self._vfs.next, self._vfs.open = b"faulty", None, Open(self._open)

    def install(self):
        """Stand below every database that is opened from now on."""
        assert self._library.sqlite3_vfs_register(byref(self._vfs), 1) == 0

    def remove(self):
        """Leave it to the usual way again; what is open stays as it is."""
        assert self._library.sqlite3_vfs_register(self._usual, 1) == 0
        assert self._library.sqlite3_vfs_unregister(byref(self._vfs)) == 0

    def arm(self, number):
        """Fail the write or sync with this number from now on: for want of room if ``full``, when a sync is no matter."""
        self.count, self.fired, self._at = 0, False, number

    def disarm(self):
        """Fail no more."""
        self._at = 0

    def after_power_cut(self, database, dice):
        """Write into ``left`` what a power cut might leave of a database now, and return where that is.

        What was synced is there. Of what was written since, each write is there, torn at a sector, or not, as the ``dice`` fall.
        """
        for file in self.left.iterdir():
            file.unlink()
        for path, file in self._files.items():
            if path.startswith(str(database)):
                (self.left / file.path.name).write_bytes(file.left(dice))
        return self.left / database.name

    def _open(self, vfs, name, file, flags, flags_out):
        code = self._usual.contents.open(self._usual, name, file, flags, flags_out)
        opened = OpenFile.from_address(file)
        if code == 0 and name is not None and not string_at(name).startswith(bytes(self.left)):
            self._names[file] = path = string_at(name).decode()
            if path not in self._files or not self._files[path].path.stat().st_size:
                self._files[path] = Written(path)
            usual = opened.methods.contents
            methods = Methods.from_buffer_copy(usual)
            methods.write = Write(self._around(usual.write, self._written, IOERR_WRITE))
            methods.truncate = Truncate(self._around(usual.truncate, self._cut, IOERR_WRITE))
            methods.sync = Sync(self._around(usual.sync, self._synced, IOERR_FSYNC))
            self._kept.append((methods, methods.write, methods.truncate, methods.sync))
            opened.methods.contents = methods
        return code

    def _around(self, usual, note, error):
        def call(file, *values):
            self.count += not (self.full and error == IOERR_FSYNC)
            if self.count == self._at and not self.fired:
                self.fired = True
                return SQLITE_FULL if self.full else error
            code = usual(file, *values)
            if code == 0:
                note(self._files[self._names[file]], *values)
                if self.after is not None:
                    self.after()
            return code

        return call

    @staticmethod
    def _written(file, data, length, offset):
        file.waiting.append((offset, string_at(data, length)))

    @staticmethod
    def _cut(file, length):
        file.waiting.append((length, None))

    @staticmethod
    def _synced(file, flags):
        file.sync()


class Written:
    """A file as the disk has it, and the writes that it may or may not have yet."""

    def __init__(self, path):
        self.path = Path(path)
        self.durable = bytearray(self.path.read_bytes() if self.path.is_file() else b"")
        self.waiting = []

    def sync(self):
        """Have all on the disk."""
        for offset, data in self.waiting:
            _write(self.durable, offset, data)
        self.waiting.clear()

    def left(self, dice):
        """Return the file as a power cut leaves it."""
        image = bytearray(self.durable)
        for offset, data in self.waiting:
            fate = dice.random()
            if fate < 0.4:
                _write(image, offset, data)
            elif fate < 0.7 and data:
                _write(image, offset, data[: dice.randrange(0, len(data), SECTOR)])
        return image


def _write(image, offset, data):
    if data is None:
        del image[offset:]
        return
    image.extend(bytes(max(0, offset - len(image))))
    image[offset : offset + len(data)] = data
