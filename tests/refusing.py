# SPDX-FileCopyrightText: 2026 IAventure contributors
# SPDX-License-Identifier: MIT

"""`python -m tests.refusing NUMBER… COMMAND…`: run a command to which the kernel refuses some system calls, with EPERM.

As systemd does for a unit: by seccomp, after `NoNewPrivileges`. With `MemoryDenyWriteExecute` where the kernel knows it.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from itertools import takewhile

NO_NEW_PRIVILEGES, SECCOMP, FILTER, MEMORY_DENY_WRITE_EXECUTE = 38, 22, 2, 65
LOAD_NUMBER, SKIP_UNLESS, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | 1


class Program(ctypes.Structure):
    """A filter, as prctl takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def refuse(*calls: int) -> None:
    """Have the kernel refuse these calls to this process and its children."""
    code = struct.pack("HBBI", LOAD_NUMBER, 0, 0, 0)
    for call in calls:
        code += struct.pack("HBBI", SKIP_UNLESS, 0, 1, call) + struct.pack("HBBI", RETURN, 0, 0, REFUSE)
    code += struct.pack("HBBI", RETURN, 0, 0, ALLOW)
    held = ctypes.create_string_buffer(code, len(code))
    program = Program(len(code) // 8, ctypes.cast(held, ctypes.c_void_p))
    system = ctypes.CDLL(None, use_errno=True)
    system.prctl(MEMORY_DENY_WRITE_EXECUTE, 1, 0, 0, 0)
    if system.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or system.prctl(SECCOMP, FILTER, ctypes.byref(program)):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter")


if __name__ == "__main__":
    numbers = [int(word) for word in takewhile(str.isdecimal, sys.argv[1:])]
    command = sys.argv[1 + len(numbers) :]
    refuse(*numbers)
    os.execv(command[0], command)  # noqa: S606 - the point of it
