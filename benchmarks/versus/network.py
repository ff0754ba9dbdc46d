"""The network of a run: a namespace of its own, in which the congestion control is the run's to choose.

Hosts differ in it, and over loopback it decides much: BBR paces, so that bulk is then bounded by its timers rather than
by a balancer. In a namespace the host stays as it is, and its firewall and its other traffic stay outside.
"""

import argparse
import ctypes
import errno
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

DEFAULT = "cubic"   # as Linux distributions have it
HOST = "host"
SETTINGS = Path("/proc/sys/net/ipv4")
# From <linux/sched.h>, <linux/sockios.h> and <linux/if.h>.
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
IFF_UP = 1
IFREQ = struct.Struct("16sh22x")    # name and flags, as long as the kernel copies


def add_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--congestion-control", default=DEFAULT, metavar="NAME",
                        help=f"TCP's, in a network namespace of the run's own (default: {DEFAULT}); \"{HOST}\": no "
                             "namespace, and what the host has")


def enter(wanted: str) -> str:
    """Moves this process, and so all that it starts, into a namespace of its own. Returns what there is then."""
    if wanted == HOST:
        return f"{congestion_control()}, the host's"
    refusal = tried_by_a_child()
    if refusal:
        return f"{congestion_control()}, the host's, as no namespace could be made: {os.strerror(refusal)}"
    isolate()
    try:
        choose(wanted)
    except OSError as failure:
        print(advice(wanted, failure), end="", file=sys.stderr)
        return f"{congestion_control()}, as the host has it, in a namespace of its own: {failure.strerror}"
    return f"{congestion_control()}, in a namespace of its own"


def advice(wanted: str, failure: OSError) -> str:
    """What to tell a user who can have what is wanted: a namespace gets only what the whole host allows everyone."""
    allowed = (SETTINGS / "tcp_allowed_congestion_control").read_text().split()
    if failure.errno != errno.EPERM or wanted in allowed:
        return ""
    return (f"The host does not allow {wanted} in a network namespace, so this run has {congestion_control()}, whose "
            "results may not be comparable. Allow it on the host, as root, and run again:\n"
            f"  sysctl -w net.ipv4.tcp_allowed_congestion_control=\"{' '.join([*allowed, wanted])}\"\n")


def congestion_control() -> str:
    return (SETTINGS / "tcp_congestion_control").read_text().strip()


def tried_by_a_child() -> int:
    """Why a namespace can't be had, or 0. Some systems refuse only once it is made, when there is no way back."""
    child = os.fork()
    if child == 0:
        try:
            isolate()
        except OSError as failure:
            os._exit(failure.errno)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def isolate() -> None:
    unshare()
    raise_loopback()


def unshare() -> None:
    """An ordinary user needs a user namespace, too, which gives the right to make the other; the user stays the same.

    Done in this process, as a program that it starts has none of these rights any more.
    """
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET if user == 0 else CLONE_NEWNET | CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    if user != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name, flags = IFREQ.unpack(fcntl.ioctl(any_socket, SIOCGIFFLAGS, IFREQ.pack(b"lo", 0)))
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, IFREQ.pack(name, flags | IFF_UP))


def choose(wanted: str) -> None:
    try:
        (SETTINGS / "tcp_congestion_control").write_text(wanted)
    except FileNotFoundError:
        available = (SETTINGS / "tcp_available_congestion_control").read_text().split()
        sys.exit(f"no congestion control is named {wanted}; there are {', '.join([*available, HOST])}")
