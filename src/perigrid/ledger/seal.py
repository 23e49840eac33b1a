"""How a run's ledger begins and ends: pins first, a signed checkpoint last."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.signing import COSIGNATURE, SigningKey
from perigrid.base.time import Epoch
from perigrid.base.withheld import SALT_BYTES, Told, simulated_salts
from perigrid.ledger.disk import Disk, file_digest, replace_file
from perigrid.ledger.keys import write_keys
from perigrid.ledger.leaf import RECORD, parse_line
from perigrid.ledger.note import Checkpoint, Note, sign
from perigrid.ledger.personal import PEOPLE
from perigrid.ledger.pins import LIVE, SIMULATED, PinnedWorld, ground_passes, origin, run_pins
from perigrid.ledger.record import RecordMark, RecordWriter
from perigrid.ledger.regular import read_regular, walk
from perigrid.ledger.side_store import COMMITMENT_KEY, SideStore, commitments_in
from perigrid.ledger.side_store import FILE_NAME as SIDE
from perigrid.ledger.witness import Witness

LEDGER: Final = "ledger"
CHECKPOINT: Final = "checkpoint"
KEYS: Final = "keys"
MANIFEST: Final = "manifest.json"
UNIX_EPOCH: Final = Epoch.from_iso("1970-01-01T00:00:00Z")
_NONCE_BYTES: Final = 8


def new_nonce() -> str:
    """Make what tells a live run from all others of its scenario.

    Returns
    -------
    str
        Hexadecimal.
    """
    return secrets.token_hex(_NONCE_BYTES)


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose names stand under a checkpoint.

    Parameters
    ----------
    operator : SigningKey
        Of whom the log is.
    witness : SigningKey
        Of somebody else.
    """

    operator: SigningKey
    witness: SigningKey

    @classmethod
    def simulated(cls, seed: int) -> Signers:
        """Give the signers of a simulation; anyone who knows the seed has their keys.

        Parameters
        ----------
        seed : int
            The scenario's.

        Returns
        -------
        Signers
            The same for the same seed.
        """
        operator = SigningKey.simulated("operator", seed)
        return cls(operator, SigningKey.simulated("witness", seed, COSIGNATURE))


class RunLedger:
    """The ledger of one run, from its first record to its signed checkpoint.

    Parameters
    ----------
    world : PinnedWorld
        What decides.
    architecture : str
        Where jobs are done.
    folder : Path
        The run folder; the ledger stands in its ``ledger``.
    live : bool
        Whether records must outlive this process.
    signers : Signers, optional
        Simulated ones if left out.
    disk : Disk, optional
        Where to write the record.
    after : RecordMark, optional
        Go on with a ledger that was broken off, after this mark.
    people : sequence of mapping
        Who may sign: JSON values with ``name``, ``roles`` and ``keys``, the ids of their keys. They
        go into the side store, and the pins say what stands for whom.
    nonce : str
        Of a live run, from :func:`new_nonce`; a new one if left out.
    part : mapping
        Further pins: of which comparison the run is part.

    Raises
    ------
    RunFolderError
        If the ledger to go on with is altered, something else decided when it was begun, or what
        stood beside it of people is gone.
    """

    def __init__(
        self,
        world: PinnedWorld,
        architecture: str,
        folder: Path,
        *,
        live: bool = False,
        signers: Signers | None = None,
        disk: Disk | None = None,
        after: RecordMark | None = None,
        people: Sequence[Mapping[str, Any]] = (),
        nonce: str = "",
        part: Mapping[str, Any] | None = None,
    ) -> None:
        scenario, fleet = world.scenario, world.fleet
        self._run_folder = folder
        self._start = scenario.start
        self._signers = signers or Signers.simulated(scenario.seed)
        nonce = (nonce or new_nonce()) if live else ""
        self._pins = run_pins(world, architecture, LIVE if live else SIMULATED, nonce)
        self._pins |= part or {}
        told, behind = withheld(people, _random if live else simulated_salts(scenario.seed))
        self._pins |= {PEOPLE: behind} if behind else {}
        options: dict[str, Any] = {
            "flush_each": live,
            "nodes": fleet.names[: fleet.n_satellites],
            "names": fleet.names,
            "passes": ground_passes(fleet, world.outlook),
            "disk": disk,
        }
        self.record = RecordWriter(folder / LEDGER, after=after, **options)
        try:
            if after is None:
                self.record.side.keep(told)
                self.record.pins(self._pins)
            else:
                _demand_same(self.record.pinned, self._pins, folder)
                _demand_told(self.record.commitments, self.record.side, folder)
        except (OSError, RunFolderError):
            self.record.close()
            raise

    def seal(self, t_s: float) -> Checkpoint:
        """End the ledger: anchors, digests of the run folder's files, signatures.

        Parameters
        ----------
        t_s : float
            Time of the end [s].

        Returns
        -------
        Checkpoint
            What was signed.
        """
        t_unix_s = round(self._start.plus(t_s).seconds_since(UNIX_EPOCH))
        return seal_record(self.record, self._run_folder, self._signers, t_s, t_unix_s)

    def close(self) -> None:
        """Close the record, sealed or not."""
        self.record.close()


def seal_record(
    record: RecordWriter,
    run_folder: Path,
    signers: Signers,
    t_s: float,
    t_unix_s: int,
    inner: Collection[str] = (),
) -> Checkpoint:
    """End a record, close it and write its signed checkpoint.

    Parameters
    ----------
    record : RecordWriter
        In the ``ledger`` of the run folder, with its pins.
    run_folder : Path
        Whose files are sealed.
    signers : Signers
        Who signs.
    t_s : float
        Time of the end [s].
    t_unix_s : int
        The same since 1970, for the witness [s].
    inner : collection of str
        Folders with ledgers of their own, which are not this one's to seal.

    Returns
    -------
    Checkpoint
        What was signed.
    """
    record.seal(t_s, file_digests(run_folder, inner))
    record.close()
    checkpoint = Checkpoint(origin(record.pinned, record.first), *record.ground())
    operator, witness = signers.operator, signers.witness
    note = Note(checkpoint.text(), (sign(checkpoint.text(), operator),))
    cosignature = Witness(witness, [operator.verify_key]).cosign(note, [], t_unix_s)
    note = Note(note.text, (*note.signatures, cosignature))
    keys = write_keys([operator.verify_key, witness.verify_key])
    replace_file(run_folder / LEDGER / KEYS, keys.encode())
    replace_file(run_folder / LEDGER / CHECKPOINT, note.encode())
    return checkpoint


def _random() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def withheld(
    people: Sequence[Mapping[str, Any]], salts: Callable[[], bytes]
) -> tuple[dict[str, Told], dict[str, dict[str, str]]]:
    """Put hashes in the place of people.

    Parameters
    ----------
    people : sequence of mapping
        Name, roles and key ids of each.
    salts : callable
        Gives 32 bytes.

    Returns
    -------
    told : dict of str to Told
        What is told of them, by commitment.
    behind : dict of str to dict
        What stands for them in the pins, by key id.
    """
    told: dict[str, Told] = {}
    behind: dict[str, dict[str, str]] = {}
    for person in people:
        one = Told(dict(person), salts())
        commitment = one.withheld.commitment
        told[commitment] = one
        behind |= {key: {COMMITMENT_KEY: commitment} for key in person["keys"]}
    return told, behind


def _demand_same(pinned: dict[str, Any], now: dict[str, Any], folder: Path) -> None:
    """Raise if something else would decide than what the run began with."""
    other = [key for key, value in now.items() if key != "nonce" and pinned.get(key) != value]
    if other:
        message = f"the run began with another {other[0]}, so it cannot go on"
        remedy = "give it the same scenario and version, or run again"
        raise RunFolderError([Problem(message, remedy, path=str(folder))])


def demand_kept(folder: Path) -> None:
    """Demand that what records say of people by hashes stands beside them, told or erased.

    Parameters
    ----------
    folder : Path
        Run or comparison folder.

    Raises
    ------
    RunFolderError
        If anything was removed otherwise or altered, or a record or what stands beside it cannot
        be read.
    """
    for name, _ in walk(folder):
        if name == RECORD or name.endswith(f"/{RECORD}"):
            run = (folder / name).parent.parent
            lines = read_regular(folder, name).split(b"\n")
            found = (parse_line(raw) for raw in lines if COMMITMENT_KEY.encode() in raw)
            entries = (line.entry for line in found if line is not None)
            wanted = {one for entry in entries for one in commitments_in(entry)}
            _demand_told(wanted, SideStore(run / LEDGER), run)


def _demand_told(wanted: Collection[str], store: SideStore, folder: Path) -> None:
    entries = list(store.entries())
    lost = sorted(set(wanted) - {entry.commitment for entry in entries})
    false = [entry.commitment for entry in entries if not entry.holds()]
    if lost or false:
        message = (
            f"what is told of people was altered: {false[0]} is not of it"
            if false
            else (f"what is told of people was removed, not erased: nothing is there for {lost[0]}")
        )
        remedy = f"put {LEDGER}/{SIDE} back, or run again without --resume"
        raise RunFolderError([Problem(message, remedy, path=str(folder / LEDGER / SIDE))])


def file_digests(folder: Path, inner: Collection[str] = ()) -> dict[str, str]:
    """Digest every file of a run folder but its ledger and what is hidden.

    Parameters
    ----------
    folder : Path
        The run folder.
    inner : collection of str
        Folders in it that are left out.

    Returns
    -------
    dict of str to str
        Hexadecimal SHA-256 by path with forward slashes.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: file_digest(path)
        for name, path in names.items()
        if not name.startswith((f"{LEDGER}/", ".")) and name.split("/")[0] not in inner
    }
