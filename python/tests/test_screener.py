"""Lists, records and errors."""

import datetime
import json
import threading

import pytest

import tidewaiter

DJI = {"parties": [{"role": "CONSIGNEE", "name": "SZ DJI Technology Co., Ltd."}]}


def test_a_record_is_answered_in_the_json_form(screener):
    answer = screener.screen(DJI | {"reference": "R1"})
    assert (answer["reference"], answer["outcome"]) == ("R1", "HOLD")
    finding = answer["findings"][0]
    assert finding["reason"] == "PARTY_LISTED" and finding["entry"]["list"].startswith("us-")
    span = finding["spans"][0]
    name = DJI["parties"][0]["name"].encode()
    assert name[span["start"] : span["end"]].decode() == span["text"]
    assert answer["snapshot"] == screener.snapshot and "rulesSkipped" not in answer
    assert screener.screen(DJI, verbose=True)["rulesSkipped"]


def test_a_flat_record_is_read_by_its_keys_as_a_row_by_its_columns(screener):
    flat = {"reference": "R1", "consignee": "SZ DJI Technology Co., Ltd.", "hs_code": 852589.0, "arrival": datetime.date(2026, 1, 2)}
    nested = DJI | {"reference": "R1", "goods": [{"hsCode": "852589"}], "dates": {"arrival": "2026-01-02"}}
    answers = screener.screen([flat, nested])
    paths = [[f["fieldPath"] for f in a["findings"]] for a in answers]
    assert paths[0] == paths[1] and answers[0]["outcome"] == answers[1]["outcome"] == "HOLD"
    # Other words for the same.
    named = {"Ref No": "R1", "Consignee Name": "SZ DJI Technology Co., Ltd."}
    assert screener.screen(named)["findings"][0]["fieldPath"] == "parties[0].name"


def test_answers_stand_in_the_order_of_the_records(screener):
    records = [{"reference": str(i), "consignee": f"Baltic Rope {i}"} for i in range(1000)]
    assert [a["reference"] for a in screener.screen(records)] == [str(i) for i in range(1000)]
    assert screener.screen([]) == []


def test_a_record_that_cannot_be_read_names_row_and_field(screener):
    good = {"parties": [{"name": "Baltic Rope"}]}
    with pytest.raises(tidewaiter.RecordError, match="record 1: malformed JSON: unknown field `shiper`") as caught:
        screener.screen([good, {"shiper": {"name": "x"}}])
    assert (caught.value.row, caught.value.field) == (1, "shiper")
    with pytest.raises(tidewaiter.RecordError) as caught:
        screener.screen([good, {"consignee": object()}])
    assert (caught.value.row, caught.value.field) == (1, "consignee")
    with pytest.raises(tidewaiter.RecordError, match="record 0: expected a dict, not int"):
        screener.screen([3])
    answers = screener.screen([good, {"shiper": {"name": "x"}, "reference": "R2"}], on_error="refuse")
    assert [a["outcome"] for a in answers] == [answers[0]["outcome"], "REFUSED"]
    assert answers[1]["reference"] == "R2" and "shiper" in answers[1]["problems"][0]["description"]


def test_a_field_that_cannot_be_read_is_a_problem_in_the_answer(screener):
    answer = screener.screen({"consignee": "Baltic Rope", "consignee_country": "Atlantis"})
    assert answer["outcome"] == "REVIEW" and answer["problems"][0]["fieldPath"] == "parties[0].country"


def test_days_may_be_given_for_all(screener):
    before = screener.screen(DJI, as_of=datetime.date(2019, 1, 1))
    now = screener.screen(DJI, as_of="2026-01-01")
    assert len(before["findings"]) < len(now["findings"])
    with pytest.raises(ValueError):
        screener.screen(DJI, as_of="01/02/2026")


def test_lists_of_ones_own(own_list):
    own = tidewaiter.Screener([own_list], builtin=False)
    assert [l["entries"] for l in own.lists()] == [2]
    assert own.screen({"consignee": "Harbour Dynamics Research"})["outcome"] != "NO_FINDING"
    assert own.screen(DJI)["outcome"] == "NO_FINDING"
    both = tidewaiter.Screener([own_list])
    assert len(both.lists()) > 10 and both.snapshot != own.snapshot


def test_lists_that_cannot_be_used_are_an_error(tmp_path, own_list):
    with pytest.raises(tidewaiter.ListError, match="nowhere.csv"):
        tidewaiter.Screener([tmp_path / "nowhere.csv"])
    with pytest.raises(tidewaiter.ListError, match="un-sc"):
        tidewaiter.Screener(require=["un-sc"])
    broken = tmp_path / "policy.toml"
    broken.write_text("[thresholds]\nparty_revue = 1\n")
    with pytest.raises(tidewaiter.ListError, match="read the policy .*policy.toml"):
        tidewaiter.Screener(policy=broken)
    with pytest.raises(tidewaiter.ListError):
        tidewaiter.Screener(builtin=False)
    with pytest.raises(TypeError, match="not one path"):
        tidewaiter.Screener(own_list)


def test_a_policy_changes_the_answer(tmp_path, screener):
    path = tmp_path / "policy.toml"
    path.write_text("[thresholds]\nparty_review = 995\nparty_hold = 998\n")
    strict = tidewaiter.Screener(policy=path)
    assert strict.policy != screener.policy and strict.snapshot == screener.snapshot
    near = {"consignee": "SZ DJI Technologie Co., Ltd."}
    assert (screener.screen(near)["outcome"], strict.screen(near)["outcome"]) == ("HOLD", "NO_FINDING")


def test_names_are_compared(screener):
    alike = screener.compare("OOO Romashka", "Romashka LLC")
    assert alike["match"] and 700 <= alike["score"] <= 1000
    assert not screener.compare("Anna Keller", "Boris Lund", kind="person")["match"]
    with pytest.raises(ValueError, match="unknown kind"):
        screener.compare("a", "b", kind="ghost")


def test_threads_share_an_engine(screener):
    wanted = json.dumps(screener.screen(DJI))
    found = []

    def work():
        found.append(json.dumps(screener.screen([DJI] * 50)[49]))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [wanted] * 4


def test_other_threads_run_while_one_screens(screener):
    """The interpreter is not held: a thread that only counts goes on."""
    counted = 0
    stop = threading.Event()

    def count():
        nonlocal counted
        while not stop.is_set():
            counted += 1

    records = [{"consignee": f"Baltic Rope {i}", "description": "paper"} for i in range(20_000)]
    texts = [json.dumps({"parties": [{"name": r["consignee"]}]}) for r in records]
    from types import SimpleNamespace

    asked = SimpleNamespace(
        map=[], ignore=[], json_column=None, is_checked=False, per_finding=False, json=False, verbose=False, refuses=False,
        as_of="", known_on="",
    )
    thread = threading.Thread(target=count)
    thread.start()
    before = counted
    screener._core.json(texts, asked)
    during = counted - before
    stop.set()
    thread.join()
    assert during > 1000
