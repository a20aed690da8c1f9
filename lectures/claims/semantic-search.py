"""What `semantic-search` quotes of its numbers, and what it claims."""

import numpy as np

from tools.claims import claim, quote

STOP, VECTORS, LSTM = "TF-IDF, no stop words", "vectors, in-batch", "LSTM, pairs"


def lesson(page):
    recall = {name: page.recall_at(10, d, page.group) for name, d in page.distances.items()}
    queries = np.bincount(page.group)[page.group] > 1
    by_words, by_vectors = (found(page, name)[queries] for name in (STOP, VECTORS))
    quote(search_words=recall["TF-IDF"], search_stop=recall[STOP], search_pool=len(page.questions))
    quote(trained=True, search_lstm=recall[LSTM], search_vectors=recall[VECTORS])
    quote(trained=True, search_auc=float(page.auc), search_queries=int(queries.sum()))
    quote(
        trained=True,
        search_only_vectors=int(np.sum(by_vectors & ~by_words)),
        search_only_words=int(np.sum(by_words & ~by_vectors)),
    )
    claim("To beat:", recall["TF-IDF"] < recall[STOP])
    drawn = np.random.default_rng(0).random((len(page.group),) * 2)
    claim("would rarely have a duplicate among them", page.recall_at(10, drawn, page.group) < 0.02)
    claim("As a judge of the given pairs it is good", page.auc > 0.8)
    claim("As a search it finds a duplicate", recall[LSTM] < recall[STOP])
    claim("It finds a duplicate for", recall[VECTORS] > recall[STOP] + 0.05)
    dog = np.flatnonzero(queries)[0]
    first_two = {name: nearest(page, name)[dog, :2] for name in (STOP, VECTORS)}
    right = {name: page.group[some] == page.group[dog] for name, some in first_two.items()}
    claim("TF-IDF finds the same sentence about other animals", not right[STOP].any())
    claim("the vectors find a duplicate that shares few words", right[VECTORS].any())
    claim("But neither search contains the other", np.any(by_words & ~by_vectors))
    lead = float(np.mean([vectors - words for words, vectors in page.unseen]))
    quote(trained=True, search_lead=lead)
    claim("Most of the lead is gone", lead < 0.5 * (recall[VECTORS] - recall[STOP]))
    searches(page.results)


def nearest(page, name):
    """The ten nearest others of each question, (n, 10)."""
    distance = page.distances[name] + np.diag(np.full(len(page.questions), np.inf))
    return np.argsort(distance, axis=1, kind="stable")[:, :10]


def found(page, name):
    """Whether each question has a duplicate among its ten nearest, (n,)."""
    return (page.group[nearest(page, name)] == page.group[:, None]).any(axis=1)


def searches(results):
    """The experiment: Recall@10 of TF-IDF and of encoder times loss."""
    rows = results[results["chosen"].astype(bool) & results["recall"].notna()]
    tfidf = rows[rows["model"] == "TF-IDF"].set_index(["data", "kind"])
    networks = rows[rows["model"] == "search"]
    claim("Of the rates 0.003, 0.01 and 0.03", set(networks["rate"]) <= {0.003, 0.01, 0.03})
    recall = networks.groupby(["data", "encoder", "trained_on"])["recall"]
    recall = recall.agg(["mean", "min", "max", "size"])
    real, words = recall.loc[("real", "mean of vectors", "in-batch negatives")], tfidf.loc["real"]
    quote(search_batch_real=real["mean"], search_tfidf_real=words.loc["TF-IDF", "recall"])
    quote(search_pool_real=int(words["num_test"].iloc[0]))
    sample = recall.loc["sample"]
    claim(
        "Trained for longer, at the rate that validation chooses, it stays behind",
        sample.loc[("LSTM", "all pairs"), "max"] < words_on_sample(tfidf),
    )
    low, high, mean = (sample[name].unstack() for name in ("min", "max", "mean"))
    claim(
        "with either loss the mean of vectors finds more than the LSTM",
        (low.loc["mean of vectors"] > high.loc["LSTM"]).all() and (sample["size"] == 5).all(),
    )
    claim(
        "With either encoder in-batch negatives find more on average",
        (mean["in-batch negatives"] > mean["all pairs"]).all(),
    )
    claim("On Quora's real pairs plain TF-IDF is ahead", real["max"] < words["recall"].max() - 0.02)


def words_on_sample(tfidf):
    """Recall@10 of TF-IDF without stop words on the sample."""
    return tfidf.loc[("sample", STOP), "recall"]


def exercises(page):
    claim("The larger batch finds more", page.by_batch[256] > page.by_batch[8] + 0.03)
