"""The data of the lectures: loaders that obey ``RNN_DATA``.

Imported by lectures, tools and apps. Imports nothing of the course outside this room. One module
for each data set; `tiers` knows which data and where, `tables` reads files from outside the
course, `download` and `through_tfds` fetch.
"""

from helpers.data.class_stocks import load_class_stocks
from helpers.data.download import CourseDataError, cache_folder, sha256_of
from helpers.data.names import load_names, read_sample_names
from helpers.data.question_pairs import load_question_pairs, read_sample_pairs
from helpers.data.reviews import load_reviews, read_sample_reviews
from helpers.data.shoes import load_shoes, read_sample_shoes
from helpers.data.speaker import Speaker, load_speaker, read_speaker, write_speaker
from helpers.data.stocks import DAYS_PER_WINDOW, load_stocks, read_sample_stocks
from helpers.data.sunspots import load_sunspots
from helpers.data.tiers import (
    CHECKSUM_FILE,
    DATA_FOLDER,
    data_tier,
    describe_tier,
    explorer_file,
    read_checksums,
)

__all__ = [
    "CHECKSUM_FILE",
    "CourseDataError",
    "DATA_FOLDER",
    "DAYS_PER_WINDOW",
    "Speaker",
    "cache_folder",
    "data_tier",
    "describe_tier",
    "explorer_file",
    "load_class_stocks",
    "load_names",
    "load_question_pairs",
    "load_reviews",
    "load_shoes",
    "load_speaker",
    "load_stocks",
    "load_sunspots",
    "read_checksums",
    "read_sample_names",
    "read_sample_pairs",
    "read_sample_reviews",
    "read_sample_shoes",
    "read_sample_stocks",
    "read_speaker",
    "sha256_of",
    "write_speaker",
]
