"""What a file is by what stands in it."""

from __future__ import annotations

import gzip

import pytest

from perigrid.base.errors import InputError
from perigrid.scenario.files import MAX_DATA_BYTES, read_text
from perigrid.scenario.forms import binary_form, form_of
from scenario_inputs import GEOJSON, OMM_CSV, OMM_KVN, OMM_XML, TLE


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [(TLE, "TLE", ""), ("\n\n" + TLE, "TLE", ""), (OMM_CSV, "CSV", ""),
     ("A, B, C, D, E\n" + TLE, "TLE", ""),
     (OMM_CSV.replace("BIG", "1 KUNSPF"), "CSV", ""), (GEOJSON, "JSON", ""),
     (OMM_KVN, "KVN", "omm"), ("COMMENT a\nCCSDS_OEM_VERS = 2.0\n", "KVN", "oem"),
     (OMM_XML, "XML", "ndm"), ("<!-- <omm> --><cdm>", "XML", "cdm"), ("<?xml ?><x:kml/>", "XML",
     "kml"), ("  <!DOCTYPE html><a>", "HTML", "html"), ("<HTML><p>", "HTML", "html"),
     ("<header/>", "XML", "header"), ("<", "XML", ""), ("wait\n", "", "")],
)  # fmt: skip
def test_forms(text, name, kind):
    found = form_of(text)
    assert (found.name, found.kind) == (name, kind)
    assert found.words


@pytest.mark.parametrize(
    ("raw", "words"),
    [(gzip.compress(b"x", mtime=0), "gzip"), (b"PK\x03\x04" + b"\x00" * 30, "ZIP"),
     (b"%PDF-1.7", "PDF"), ("x".encode("utf-16"), "UTF-16")],
)  # fmt: skip
def test_what_is_no_text_is_named(raw, words, tmp_path):
    (tmp_path / "x").write_bytes(raw)
    with pytest.raises(InputError, match=f"is .*{words}.*, not UTF-8 text"):
        read_text(tmp_path / "x", "x", MAX_DATA_BYTES, InputError)
    assert binary_form(b"plain") == ""
