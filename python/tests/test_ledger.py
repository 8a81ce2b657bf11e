"""A screener records in a ledger: the program finds, checks and makes again what it recorded, and so does the verifier of
examples/, which has no code of ours.
"""

import json
import os
import subprocess
import sys

import pyarrow as pa
import pytest
from conftest import ROOT, rows

import tidewaiter

COUNT = 600


@pytest.fixture
def ledger(program, tmp_path):
    """A new ledger, and the file of its master key."""
    place, key = tmp_path / "ledger", tmp_path / "master.key"
    run(program, "init", place, "--ledger-key", key, "--origin", "example.com/screening")
    return place, key


def run(program, command, place, *arguments, expected=0):
    done = subprocess.run(
        [str(a) for a in (program, "ledger", command, place, *arguments)],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


def test_what_is_screened_is_recorded_proven_and_made_again(program, ledger, tmp_path):
    place, key = ledger
    records = rows(COUNT)
    with tidewaiter.Screener(ledger=place, ledger_key=key) as screener:
        answers = screener.screen(pa.Table.from_pylist(records))
        answer = screener.screen({"reference": "P-1", "consignee": "SZ DJI Technology Co., Ltd."})
        refused = screener.screen([{"reference": "P-2", "shiper": {"name": "x"}}], on_error="refuse")[0]
        assert (answer["outcome"], refused["outcome"]) == ("HOLD", "REFUSED")
        with pytest.raises(tidewaiter.LedgerError, match="open for writing in another process"):
            tidewaiter.Screener(ledger=place, ledger_key=key)
        # What cannot be read, and is not answered, is not recorded.
        with pytest.raises(tidewaiter.RecordError):
            screener.screen([{"shiper": {"name": "x"}}])
    with pytest.raises(tidewaiter.LedgerError, match="is closed"):
        screener.screen({"consignee": "Alder Creek Pumps"})
    screener.close()

    checked = run(program, "verify", place)
    assert ", 0 erased, 0 faults" in checked, checked
    found = run(program, "find", place, "--ledger-key", key, "--limit", "100000").splitlines()
    assert len(found) == COUNT + 2
    held = run(program, "find", place, "--ledger-key", key, "--party", "sz dji technology co ltd", "--reference", "P-1")
    number = held.split()[0]
    shown = run(program, "show", place, number, "--ledger-key", key)
    assert answer["summary"] in " ".join(shown.split())
    replayed = run(program, "replay", place, "--all", "--ledger-key", key)
    assert f"{COUNT + 1} the same, 0 differ" in replayed, replayed
    outcomes = answers.column("outcome").to_pylist()
    assert len(run(program, "find", place, "--ledger-key", key, "--outcome", "HOLD", "--limit", "100000").splitlines()) == (
        outcomes.count("HOLD") + 1
    )

    proof = tmp_path / "proof.json"
    proof.write_text(run(program, "prove", place, number, "--disclose", "--ledger-key", key), encoding="utf-8")
    public = json.loads((place / "ledger.json").read_text())["public_key"]
    verifier = [sys.executable, ROOT / "examples" / "ledger" / "verify.py"]
    subprocess.run([*verifier, "proof", proof, public], check=True, capture_output=True)
    subprocess.run([*verifier, "ledger", place], check=True, capture_output=True)


def test_the_mode_says_what_is_recorded_and_what_becomes_of_a_fault(program, ledger, tmp_path):
    place, key = ledger
    party = {"reference": "M-1", "consignee": "Alder Creek Pumps"}
    with tidewaiter.Screener(ledger=place, ledger_key=key, evidence="off") as screener:
        assert screener.screen(party)["outcome"] == "NO_FINDING"
    assert run(program, "find", place, "--ledger-key", key) == ""
    # Whoever asks for more gets it: here the policy.
    policy = tmp_path / "policy.toml"
    policy.write_text('evidence = "durable"\n', encoding="utf-8")
    with tidewaiter.Screener(ledger=place, ledger_key=key, evidence="off", policy=policy) as screener:
        screener.screen(party)
    with tidewaiter.Screener(ledger=place, ledger_key_command=f"cat {key}", evidence="async") as screener:
        screener.screen(party)
        assert screener.unrecorded == 0
    assert len(run(program, "find", place, "--ledger-key", key).splitlines()) == 2
    with pytest.raises(tidewaiter.LedgerError, match="no ledger is named"):
        tidewaiter.Screener(policy=policy)
    with pytest.raises(ValueError, match="expected one of off, async, durable"):
        tidewaiter.Screener(ledger=place, ledger_key=key, evidence="sometimes")
    with pytest.raises(tidewaiter.LedgerError, match="needs its master key"):
        tidewaiter.Screener(ledger=place)
    with pytest.raises(tidewaiter.LedgerError, match="holds no ledger"):
        tidewaiter.Screener(ledger=tmp_path / "none", ledger_key=key)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_fork_cannot_write_and_does_not_hang(ledger):
    place, key = ledger
    with tidewaiter.Screener(ledger=place, ledger_key=key, threads=1) as screener:
        child = os.fork()
        if child == 0:
            try:
                screener.screen({"consignee": "Alder Creek Pumps"})
                os._exit(1)
            except tidewaiter.LedgerError as error:
                screener.close()
                os._exit(0 if "forked" in str(error) else 2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert screener.screen({"consignee": "Alder Creek Pumps"})["outcome"] == "NO_FINDING"
