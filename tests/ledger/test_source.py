import io
import tarfile

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.ledger.source import Source, open_source, pack, unpack

FILES = {"a/b.txt": b"one", "c.bin": bytes(1000), "long/" + "n" * 150: b""}


def test_a_folder_and_its_bundle_read_alike(tmp_path):
    for name, content in FILES.items():
        (tmp_path / "run" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "run" / name).write_bytes(content)
    (tmp_path / "bundle").write_bytes(pack(FILES.items()))
    for source in (open_source(tmp_path / "run"), open_source(tmp_path / "bundle")):
        assert source.names() == sorted(FILES)
        assert {name: source.read(name) for name in source.names()} == FILES
        assert source.has("c.bin")
        assert not source.has("a")
        inner = source.inside("a")
        assert (inner.names(), inner.read("b.txt")) == (["b.txt"], b"one")
        with pytest.raises(RunFolderError, match=r"cannot be read[^>]*> .*nowhere\.txt"):
            source.read("nowhere.txt")


def test_a_bundle_depends_on_the_files_alone():
    assert pack(FILES.items()) == pack(reversed(FILES.items()))
    assert unpack(pack(FILES.items()), "bundle") == FILES


def archive(*entries):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for entry in entries:
            entry.size = 0
            made.addfile(entry)
    return out.getvalue()


def link(name):
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/hosts"
    return entry


def sparse(nbytes):
    """A file of a kilobyte in the archive that says it is larger."""
    entry, content = tarfile.TarInfo("record"), b"0\n".ljust(512, b"\0")
    entry.size = len(content)
    told = {"major": "1", "minor": "0", "name": "record", "realsize": f"{nbytes}"}
    entry.pax_headers = {f"GNU.sparse.{key}": value for key, value in told.items()}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as made:
        made.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize(
    "bundle",
    [
        b"",
        b"not an archive" * 100,
        pack(FILES.items())[:700],
        archive(tarfile.TarInfo("../outside")),
        archive(tarfile.TarInfo("a/../../outside")),
        archive(tarfile.TarInfo("/outside")),
        archive(link("record")),
        sparse(1 << 20),
        archive(tarfile.TarInfo("twice"), tarfile.TarInfo("twice")),
    ],
)
def test_what_is_no_plain_bundle_is_refused(bundle):
    with pytest.raises(RunFolderError, match=r"no bundle|does not belong"):
        unpack(bundle, "bundle")


@pytest.mark.parametrize("name", ["..", "../outside", "/etc", "a/../..", ""])
def test_no_name_leads_out_of_it(tmp_path, name):
    for source in (Source("run", tmp_path), Source("bundle", None, {"a": b""})):
        with pytest.raises(RunFolderError, match="leads out of the folder"):
            source.inside(name)


def test_nothing_there_is_said_so(tmp_path):
    with pytest.raises(RunFolderError, match="no such folder"):
        open_source(tmp_path / "nowhere")
    assert Source("empty", None).names() == []
