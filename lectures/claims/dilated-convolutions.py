"""What `dilated-convolutions` quotes of its numbers, and what it claims."""

import numpy as np

from helpers.results import load_results
from tools.claims import claim, quote


def lesson(page):
    errors = page.errors
    claim("The causal mean lags and loses", abs(errors["causal"] - 2.2) < 0.1)
    claim("The other wins, but one", errors["same"] < 0.9)
    dilated, narrow = page.seen["dilated"], page.seen["without dilation"]
    quote(field_dilated=dilated, field_narrow=narrow)
    claim("as the formula says, with the same number of weights", (dilated, narrow) == (63, 11))
    alarms(page)
    switches(page)
    noisy()


def last_on(network, steps):
    """The last step after a single pulse at which the output is above one half."""
    return np.flatnonzero(after_a_pulse(network, steps) > 0.5).max()


def after_a_pulse(network, steps):
    """The outputs from a single pulse on."""
    pulse = np.zeros((1, 60 + steps, 1), "float32")
    pulse[0, 60] = 1
    return np.array(network(pulse))[0, 60:, 0]


def alarms(page):
    """The alarm of 32 steps."""
    pulses, on = page.alarm_test
    count = np.cumsum(np.pad(pulses[..., 0], ((0, 0), (11, 0))), axis=1)
    rule = np.mean((count[:, 11:] - count[:, :-11] > 0.5) == on[..., 0])
    right = page.accuracy
    quote(rule_narrow=rule, wide_weights=page.alarms["one wide filter"].count_params())
    claim("It is as good as the dilated stack", right["one wide filter"] > 0.999)
    quote(
        trained=True,
        alarm_dilated=right["dilated"],
        alarm_narrow=right["without dilation"],
        alarm_gru=right["GRU"],
    )
    ends = {name: last_on(network, 60) for name, network in page.alarms.items()}
    claim(
        "its alarm ends at the step where it should",
        right["dilated"] > 0.999 and ends["dilated"] == 31,
    )
    claim(
        "from then on can only say how probable an alarm is",
        ends["without dilation"] == 10 and abs(right["without dilation"] - rule) < 0.02,
    )
    near = [after_a_pulse(page.alarms[name], 60)[28:36] for name in ("GRU", "dilated")]
    steepest = [np.abs(np.diff(one)).max() for one in near]
    claim(
        "the end of its alarm is less sharp",
        0.96 < right["GRU"] < right["dilated"] and steepest[0] < steepest[1],
    )


def switches(page):
    """The switch."""
    right = page.right_switch
    quote(trained=True, switch_gru=right["GRU"], switch_dilated=right["dilated"])
    claim("This time the GRU is ahead, with", right["GRU"] > right["dilated"] + 0.03)
    claim("The stack forgets it after", last_on(page.switches["dilated"], 300) == 62)
    claim("The GRU's state keeps it, here for 300 steps", last_on(page.switches["GRU"], 300) == 299)


def noisy():
    """The experiment: at least three noisy pulses in 64 steps."""
    rows = load_results("convolutions").query("study == 'window' and chosen")
    rule = rows.loc[rows["baseline"] == "rule by hand", "accuracy"].item()
    networks = rows[rows["baseline"].isna()].groupby("model")
    mean, weights = networks["accuracy"].mean(), networks["weights"].first()
    stack = mean["dilated stack"]
    quote(noisy_stack=stack, noisy_gru=mean["GRU"], noisy_rule=rule)
    claim("an alarm is due if three ended in the last 64 steps", 0 < stack - mean["GRU"] < 0.01)
    claim("a GRU with half as many weights", weights["GRU"] < 0.55 * weights["dilated stack"])


def exercises(page):
    (five, end), (six, end_six) = page.longer[5], page.longer[6]
    quote(
        trained=True,
        longer_five=five,
        longer_six=six,
        longer_five_end=int(end),
        longer_six_end=int(end_six),
    )
    claim("where their view ends, and is right for", end == 63 and 0.8 < five < 0.92)
    claim("Six layers see 127 steps.", end_six == 100 and six > 0.995)
