"""Wrong answers to exercises: none is called right, and each gets its hint.

A check cell runs here on what its lecture defines (functions, classes and imports) and on the wrong
answers of wrong_answers.toml; no notebook is executed.
"""

from __future__ import annotations

import tomllib

import pytest

from tests.support import ROOT, check_cell, check_says, functions_of

WRONG = tomllib.loads((ROOT / "tests/lectures/wrong_answers.toml").read_text("utf-8"))["wrong"]


@pytest.mark.parametrize("wrong", WRONG, ids=[wrong["name"] for wrong in WRONG])
def test_a_check_tells_a_wrong_answer_from_the_solution(wrong: dict, monkeypatch) -> None:
    monkeypatch.delenv("RNN_CHECKS", raising=False)
    lecture, asked = wrong["lecture"], wrong["asked"]
    known = dict(vars(functions_of(lecture)))
    exec(wrong.get("given", ""), known)
    right = []
    if asked in known:  # the solution; where it is no function, test_exercises.py tries it
        right = check_says(lecture, asked, "", known).splitlines()
        assert right and all(line.startswith("Right: ") for line in right)
    lines = check_says(lecture, asked, wrong["code"], known).splitlines()
    said = "\n".join(line for line in lines if line not in right)  # some check two answers
    assert said.startswith("Not yet: ") and wrong["hint"] in said, said


SLIPS = [  # checks whose slips are told on the page: lecture, name that the starter binds
    ("attention", "attend_all"),
    ("attention", "context_slope"),
    ("attention-maps", "patched_half"),
    ("attention-maps", "patched_start"),
    ("bptt", "input_gradient"),
    ("bptt", "windowed_bptt"),
    ("conv1d", "as_matrix"),
    ("delta-rule", "delta_rule"),
    ("delta-rule", "mean_attention"),
    ("dilated-convolutions", "causal_step"),
    ("dilated-convolutions", "receptive_field"),
    ("exploding-gradients", "clip_by_global_norm"),
    ("exploding-gradients", "turned_by"),
    ("full-size", "best_interval"),
    ("full-size", "resume"),
    ("forget-bias", "bias_of"),
    ("forget-bias", "time_constant"),
    ("gru", "as_gru"),
    ("gru", "units_for"),
    ("inside-an-lstm", "contributions"),
    ("inside-an-lstm", "read_on"),
    ("interpreting-an-lstm", "two_measures"),
    ("interpreting-an-lstm", "z_at_mean"),
    ("language-models", "witten_bell"),
    ("linear-probes", "ablate_directions"),
    ("linear-probes", "share_in_order"),
    ("lstm", "hidden_slope"),
    ("padding", "pad_rows"),
    ("padding", "through_pads"),
    ("parallel-recurrence", "gradients"),
    ("parallel-recurrence", "ones_until"),
    ("recurrent-today", "kimi_parts"),
    ("recurrent-today", "places"),
    ("self-attention", "layers_needed"),
    ("self-attention", "leaks"),
    ("self-attention", "output_by_query"),
    ("several-devices", "break_even"),
    ("several-devices", "combine"),
    ("siamese-quora", "precision_elsewhere"),
    ("siamese-quora", "auc"),
    ("semantic-search", "in_batch_loss"),
    ("semantic-search", "mean_reciprocal_rank"),
    ("single-neuron-rnn", "gradient_h0"),
    ("single-neuron-rnn", "as_autoregression"),
    ("spelling-to-sound", "log_probability"),
    ("spelling-to-sound", "num_errors"),
    ("state-space-models", "kernel"),
    ("state-space-models", "pulse"),
    ("state-space-models", "quotient"),
    ("probes-and-swaps", "exchange"),
    ("probes-and-swaps", "test_rows"),
    ("state-of-a-novel", "bits_per_decision"),
    ("state-of-a-novel", "open_twice"),
    ("stateful", "first_place"),
    ("stateful", "next_states"),
    ("tagging", "share_whole"),
    ("tagging", "first_and_last"),
    ("tagging", "best_accuracy"),
    ("text-and-tables", "best_sum"),
    ("text-and-tables", "interaction"),
    ("pretrained-vectors", "mean_of_known"),
    ("pretrained-vectors", "by_product"),
    ("text-cnn", "pair_filter"),
    ("text-cnn", "words_that_learn"),
    ("tokens", "cut_word"),
    ("tokens", "expected_unknown"),
    ("vanishing-gradients", "bound"),
    ("vanishing-gradients", "factor_at_rest"),
]


@pytest.mark.parametrize(("lecture", "asked"), SLIPS)
def test_each_slip_is_refused_with_its_own_hint(lecture, asked, monkeypatch, capsys) -> None:
    monkeypatch.delenv("RNN_CHECKS", raising=False)
    known, calls = dict(vars(functions_of(lecture))), []
    check_function = known["check_function"]
    known["check_function"] = lambda *given, **options: calls.append((given, options))
    exec(check_cell(lecture, asked), known)
    (((answer, reference), options),) = calls
    check_function(answer, reference, **options)
    assert capsys.readouterr().out.startswith("Right: ")
    for hint, slip in options["slips"].items():
        check_function(slip, reference, **options)
        said = capsys.readouterr().out
        assert said.startswith("Not yet: ") and hint[1:] in said, f"{hint}: {said}"
