"""The fuzzer: random programs of the language, held against answers that are not our own."""
