import numpy as np
from hypothesis import given

from contact_plan_cases import plans, table_of
from perigrid.control.contact_plan.table import contact_table


@given(plans)
def test_every_contact_is_kept_in_its_pair_in_the_order_of_ends(rows):
    table = table_of(rows)
    assert sorted(table.row_of.tolist()) == list(range(len(rows)))
    assert table.row_of[table.places()].tolist() == list(range(len(rows)))
    for place, row in enumerate(table.row_of):
        given_row = rows[row][:4]
        assert given_row == (
            table.source[place],
            table.target[place],
            table.start_s[place],
            table.end_s[place],
        )
    for source in range(table.n_nodes):
        pairs = range(table.first_pair[source], table.first_pair[source + 1])
        assert np.all(np.diff(table.pair_opens_s[list(pairs)]) >= 0.0)
        for pair in pairs:
            part = slice(table.first[pair], table.first[pair + 1])
            assert set(table.source[part]) == {source}
            assert set(table.target[part]) == {table.pair_target[pair]}
            assert np.all(np.diff(table.end_s[part]) >= 0.0)
            assert table.pair_opens_s[pair] == table.start_s[part].min()
            assert table.pair_closes_s[pair] == table.end_s[part].max()
            starts = table.start_s[part]
            assert table.opens_s[part].tolist() == [starts[k:].min() for k in range(len(starts))]
    assert np.flatnonzero(table.entered).tolist() == sorted({row[1] for row in rows})


def test_no_contacts_make_an_empty_table():
    none = np.empty(0)
    whole = np.empty(0, dtype=np.int64)
    table = contact_table(3, whole, whole, none, none, none, none)
    assert len(table) == 0
    assert table.first_pair.tolist() == [0, 0, 0, 0]
    assert not table.entered.any()
