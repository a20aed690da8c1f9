"""The data of the lectures: loaders that obey ``RNN_DATA``.

Imported by lectures, tools and apps. Imports nothing of the course outside this room. One module
for each data set; `tiers` knows which data and where, `tables` reads files from outside the
course, `download` and `through_tfds` fetch.
"""

from helpers.data.austen import load_austen, read_sample_austen
from helpers.data.class_stocks import load_class_stocks
from helpers.data.download import CourseDataError, cache_folder, sha256_of
from helpers.data.names import load_names, read_sample_names
from helpers.data.novelist import Novelist, load_novelist, read_novelist, write_novelist
from helpers.data.pronouncer import load_pronouncer, read_pronouncer, write_pronouncer
from helpers.data.pronunciations import (
    load_pronunciations,
    pronunciations_of,
    read_sample_pronunciations,
    split_of,
)
from helpers.data.question_pairs import load_question_pairs, read_sample_pairs
from helpers.data.reviews import load_reviews, read_sample_reviews
from helpers.data.ridership import load_ridership, read_sample_ridership
from helpers.data.shoes import load_shoes, read_sample_shoes
from helpers.data.stocks import DAYS_PER_WINDOW, load_stocks, read_sample_stocks
from helpers.data.sunspots import load_sunspots
from helpers.data.tasks import (
    adding_problem,
    copying,
    first_sign,
    running_parity,
)
from helpers.data.tiers import (
    CHECKSUM_FILE,
    DATA_FOLDER,
    data_tier,
    describe_tier,
    explorer_file,
    read_checksums,
)
from helpers.data.word_vectors import (
    load_word_vectors,
    read_word_vectors,
    word_vectors_as_bytes,
)

__all__ = [
    "CHECKSUM_FILE",
    "CourseDataError",
    "DATA_FOLDER",
    "DAYS_PER_WINDOW",
    "Novelist",
    "adding_problem",
    "cache_folder",
    "copying",
    "data_tier",
    "describe_tier",
    "explorer_file",
    "first_sign",
    "load_austen",
    "load_class_stocks",
    "load_names",
    "load_novelist",
    "load_pronouncer",
    "load_pronunciations",
    "load_question_pairs",
    "load_reviews",
    "load_ridership",
    "load_shoes",
    "load_stocks",
    "load_sunspots",
    "load_word_vectors",
    "pronunciations_of",
    "read_checksums",
    "read_novelist",
    "read_pronouncer",
    "read_sample_austen",
    "read_sample_names",
    "read_sample_pairs",
    "read_sample_pronunciations",
    "read_sample_reviews",
    "read_sample_ridership",
    "read_sample_shoes",
    "read_sample_stocks",
    "read_word_vectors",
    "running_parity",
    "sha256_of",
    "split_of",
    "word_vectors_as_bytes",
    "write_novelist",
    "write_pronouncer",
]
