"""Tables of pyarrow, pandas, Polars and DuckDB: the same kind comes back, with the same answers."""

import datetime

import pytest
from conftest import rows

import tidewaiter

pa = pytest.importorskip("pyarrow")

RECORDS = rows(300)


@pytest.fixture(scope="module")
def table():
    return pa.Table.from_pylist(RECORDS)


@pytest.fixture(scope="module")
def answers(screener, table):
    return screener.screen(table)


def test_the_columns_of_the_table_stay_and_the_answer_stands_beside_them(screener, table, answers):
    assert answers.column_names[: table.num_columns] == table.column_names
    assert answers.select(table.column_names).equals(table.replace_schema_metadata(answers.schema.metadata))
    added = answers.column_names[table.num_columns :]
    assert added == (
        "outcome score reason severity list entry_id entry_name field summary findings problems limits_reached lists_used snapshot"
    ).split()
    said = answers.schema.metadata
    assert said[b"tidewaiter.snapshot"].decode() == screener.snapshot
    assert said[b"tidewaiter.columns"] == str(tidewaiter.COLUMNS_VERSION).encode()
    assert set(answers["outcome"].to_pylist()) >= {"HOLD", "REVIEW", "NO_FINDING"}


def test_a_row_says_what_the_same_record_says(screener, answers):
    records = screener.screen(RECORDS)
    for record, row in zip(records, answers.to_pylist(), strict=True):
        assert (row["reference"], row["outcome"], row["summary"]) == (
            record["reference"],
            record["outcome"],
            record["summary"],
        )
        assert [f["reason"] for f in row["findings"]] == [f["reason"] for f in record["findings"]]
        assert [f["explanation"] for f in row["findings"]] == [f["explanation"] for f in record["findings"]]
        assert [p["description"] for p in row["problems"]] == [p["description"] for p in record["problems"]]
        for found, wanted in zip(row["findings"], record["findings"], strict=True):
            assert (found["effective"].isoformat() if found["effective"] else "") == wanted["effective"]
            assert found["list"] == (wanted["entry"]["list"] if wanted.get("entry") else None)


def test_each_finding_may_be_a_row(screener, table, answers):
    each = screener.screen(table, per_finding=True)
    assert each.num_rows == sum(max(len(f), 1) for f in answers["findings"].to_pylist())
    assert each.filter(pa.compute.equal(each["finding"], 1)).num_rows == sum(
        bool(f) for f in answers["findings"].to_pylist()
    )
    assert each.column_names.count("reason") == 1


def test_pandas(screener, table, answers):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(RECORDS, index=range(1000, 1000 + len(RECORDS)))
    answered = screener.screen(frame)
    assert isinstance(answered, pandas.DataFrame) and answered.index.equals(frame.index)
    assert answered["outcome"].tolist() == answers["outcome"].to_pylist()
    assert answered.attrs["tidewaiter.snapshot"] == screener.snapshot
    held = answered[answered["outcome"] == "HOLD"]
    assert len(held) == answers["outcome"].to_pylist().count("HOLD")


def test_pandas_numbers_and_gaps_read_as_in_a_file(screener):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"hs_code": [852589, None], "consignee": ["Baltic Rope", None], "arrival": pandas.to_datetime(["2026-01-02", None])})
    flat = [{"hs_code": "852589", "consignee": "Baltic Rope", "arrival": "2026-01-02"}, {"hs_code": "", "consignee": "", "arrival": ""}]
    assert screener.screen(frame)["summary"].tolist() == [a["summary"] for a in screener.screen(flat)]


def test_polars(screener, answers):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(RECORDS)
    answered = screener.screen(frame)
    assert isinstance(answered, polars.DataFrame)
    assert answered["outcome"].to_list() == answers["outcome"].to_pylist()
    held = answered.filter(polars.col("outcome") == "HOLD").explode("findings").unnest("findings", separator=".")
    assert "findings.reason" in held.columns
    lazy = screener.screen(frame.lazy())
    assert isinstance(lazy, polars.LazyFrame) and lazy.collect()["outcome"].to_list() == answers["outcome"].to_pylist()


def test_duckdb(screener, table, answers, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "shipments.parquet"
    shipments = table
    duckdb.sql("select * from shipments").write_parquet(str(path))
    answered = screener.screen(duckdb.sql(f"select * from '{path}' order by reference"))
    held = duckdb.sql("select count(*) from answered where outcome = 'HOLD'").fetchall()[0][0]
    assert held == answers["outcome"].to_pylist().count("HOLD")
    reasons = duckdb.sql("select f.reason, count(*) from answered, unnest(findings) as t(f) group by 1").fetchall()
    assert dict(reasons)["PARTY_LISTED"] > 0


def test_a_reader_is_answered_while_it_is_read(screener, table, answers):
    taken = []

    def batches():
        for batch in table.to_batches(max_chunksize=100):
            taken.append(batch.num_rows)
            yield batch

    reader = screener.screen(pa.RecordBatchReader.from_batches(table.schema, batches()))
    assert isinstance(reader, pa.RecordBatchReader) and sum(taken) <= 100
    first = reader.read_next_batch()
    assert first.num_rows == 100 and sum(taken) <= 200
    rest = reader.read_all()
    assert first["outcome"].to_pylist() + rest["outcome"].to_pylist() == answers["outcome"].to_pylist()


def test_a_fault_of_the_reader_reaches_the_caller(screener, table):
    def batches():
        yield table.to_batches()[0]
        raise RuntimeError("the disk went away")

    reader = screener.screen(pa.RecordBatchReader.from_batches(table.schema, batches()))
    with pytest.raises(Exception, match="the disk went away"):
        reader.read_all()


def test_one_large_batch_is_cut(screener):
    count = 40_000
    table = pa.table({"reference": [str(i) for i in range(count)], "description": ["paper"] * count})
    answered = screener.screen(table.combine_chunks())
    assert answered["reference"].to_pylist() == table["reference"].to_pylist()
    assert max(len(c) for c in answered["outcome"].chunks) < count


def test_records_as_json_in_a_column(screener):
    texts = ['{"reference": "a", "parties": [{"name": "SZ DJI Technology"}]}', "{broken"]
    table = pa.table({"id": [1, 2], "shipment": texts})
    with pytest.raises(tidewaiter.RecordError) as caught:
        screener.screen(table, json_column="shipment")
    assert caught.value.row == 1
    answered = screener.screen(table, json_column="shipment", on_error="refuse")
    assert answered["outcome"].to_pylist() == ["HOLD", "REFUSED"]
    with pytest.raises(tidewaiter.ColumnError, match="no column 'text'|no column \"text\""):
        screener.screen(table, json_column="text")


def test_no_column_with_parties_is_read_over(screener):
    names = ["Baltic Rope GmbH", "Alder Creek Pumps LLC", "Tolosa Ceramica S.A."]
    table = pa.table({"description": ["paper"] * 3, "Zwischenhaendler": names})
    with pytest.raises(tidewaiter.ColumnError, match="not every column") as caught:
        screener.screen(table)
    assert caught.value.columns == ["Zwischenhaendler"]
    screener.screen(table, ignore=["Zwischenhaendler"])
    mapped = screener.screen(table.set_column(1, "Zwischenhaendler", pa.array(["SZ DJI Technology"] * 3)), map={"Zwischenhaendler": "forwarder"})
    assert set(mapped["outcome"].to_pylist()) == {"HOLD"} and mapped["field"].to_pylist()[0] == "forwarder"
    explained = dict(tidewaiter.explain_columns(table))
    assert explained["description"] == "description" and explained["Zwischenhaendler"].startswith("ERROR")
    with pytest.raises(tidewaiter.ColumnError, match="not a field"):
        screener.screen(table, map={"Zwischenhaendler": "middleman"})
    with pytest.raises(tidewaiter.ColumnError, match="is not there"):
        screener.screen(table, map={"Zwischen": "forwarder"})


def test_a_column_without_text_is_named(screener):
    table = pa.table({"consignee": pa.array([b"x"], pa.binary())})
    with pytest.raises(tidewaiter.ColumnError, match='column "consignee" has the type Binary') as caught:
        screener.screen(table)
    assert caught.value.columns == ["consignee"]


def test_types_of_arrow_read_as_text(screener):
    table = pa.table(
        {
            "consignee": pa.array(["SZ DJI Technology", None]).dictionary_encode(),
            "consignee_other_names": pa.array([["DJI", "Da-Jiang"], None]),
            "hs_code": pa.array([852589, 480256], pa.int32()),
            "arrival": pa.array([datetime.datetime(2026, 1, 2, 23, 0), None], pa.timestamp("us", "UTC")),
            "blob": pa.array([b"kept", None], pa.binary()),
        }
    )
    answered = screener.screen(table)
    assert answered["outcome"].to_pylist()[0] == "HOLD" and answered["blob"].to_pylist() == [b"kept", None]


def test_answers_again_keep_the_old_ones_under_another_name(screener, answers):
    again = screener.screen(answers, ignore=["summary", "entry_name", "field", "list"])
    assert "input_outcome" in again.column_names
    assert again["outcome"].to_pylist() == again["input_outcome"].to_pylist()


def test_an_empty_table_has_the_columns_and_no_row(screener, table, answers):
    empty = screener.screen(table.slice(0, 0))
    assert empty.num_rows == 0 and empty.schema.equals(answers.schema)


def test_what_is_no_table_is_a_type_error(screener):
    with pytest.raises(TypeError, match="cannot screen int"):
        screener.screen(3)
