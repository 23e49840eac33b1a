"""The decision core as compiled code over tables; ``design/compiled-decisions.md`` says why."""
