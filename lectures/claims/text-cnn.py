"""What `text-cnn` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote


def lesson(page):
    measured(page)
    filters(page)
    total = sum(page.contributions) + page.reader.get_weights()[-1][0]
    logit = np.log(page.probability / (1 - page.probability))
    claim("The contributions and a bias add up to the log-odds", abs(total - logit) < 1e-3)


def measured(page):
    """Tuned, five seeds."""
    told = {
        name: [found for key, found in page.differences.items() if key.endswith(f": {name}")]
        for name in page.pairs_of_models
    }
    two, both, bag = told.values()
    claim(
        "Two words are not clearly better than one",
        all(abs(one["estimate"]) < 2 * one["error"] for one in two),
    )
    claim(
        "an LSTM hardly gains from filters in front of it",
        all(abs(one["estimate"]) < 2 * one["error"] for one in both),
    )
    chosen = page.rows.groupby(["data", "model"])["accuracy"].mean().unstack("model")
    filters = chosen[page.both[0]["model"].unique()]
    claim(
        "All stay behind the regression that counts the same pairs, and behind the MLP",
        (filters.max(axis=1) < chosen[["words and pairs", "MLP"]].min(axis=1)).all()
        and all(one["estimate"] < -2 * one["error"] for one in bag),
    )


def filters(page):
    """What the filters detect."""
    up, down = page.share["true"]
    fooled_up, fooled_down = page.share["shuffled"]
    quote(
        trained=True,
        accuracy_reader=page.accuracy_reader,
        share_up=up,
        share_down=down,
        fooled_up=fooled_up,
        fooled_down=fooled_down,
    )
    ids = page.ids_test[:50]
    two, twenty = (np.pad(ids, ((0, 0), (0, more))) for more in (2, 20))
    same = [np.asarray(page.reader.predict(padded, verbose=0)) for padded in (two, twenty)]
    claim("Behind max pooling this hardly matters.", np.allclose(*same, atol=1e-5))
    claim("about half of the reviews are positive", abs(page.y_test.mean() - 0.5) < 0.02)
    claim("Its test accuracy is", page.accuracy_reader > 0.72)
    claim(
        "With 8,000 reviews, counted words are ahead.", page.accuracy_bayes > page.accuracy_reader
    )
    claim("This is evidence", up > 0.62 and down < 0.38)
    claim(
        "those lists say nothing about new reviews",
        abs(fooled_up - 0.5) < 0.1 and abs(fooled_down - 0.5) < 0.1,
    )


def exercises(page):
    quote(trained=True, lost_points=page.lost_points)
    claim("Most of what this network uses is *which* words occur", page.lost_points < 6)
