"""What stands in a record about many decisions at once."""

from perigrid.ledger.batches import batch_content


def test_a_batch_says_which_rows_it_is_over():
    assert batch_content(7, 3, b"x" * 32) == {"first": 7, "rows": 3, "root": "78" * 32}
