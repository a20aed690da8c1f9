"""The data of the lectures: loaders that obey ``RNN_DATA``.

Imported by lectures, tools and apps. Imports nothing of the course outside this room.
"""

from helpers.data.download import CourseDataError
from helpers.data.loading import (
    DATA_FOLDER,
    DAYS_PER_WINDOW,
    PUBLISHED_FILES,
    data_tier,
    describe_tier,
    explorer_file,
    load_names,
    load_question_pairs,
    load_reviews,
    load_shoes,
    load_stocks,
    load_sunspots,
    read_checksums,
    read_class_stocks,
    read_datafiniti_shoes,
    read_glue_pairs,
    read_names,
    read_quora_pairs,
    read_sample_pairs,
    read_sample_reviews,
    read_sample_shoes,
    read_sample_stocks,
    read_yelp_reviews,
)

__all__ = [
    "CourseDataError",
    "DATA_FOLDER",
    "DAYS_PER_WINDOW",
    "PUBLISHED_FILES",
    "data_tier",
    "describe_tier",
    "explorer_file",
    "load_names",
    "load_question_pairs",
    "load_reviews",
    "load_shoes",
    "load_stocks",
    "load_sunspots",
    "read_checksums",
    "read_class_stocks",
    "read_datafiniti_shoes",
    "read_glue_pairs",
    "read_names",
    "read_quora_pairs",
    "read_sample_pairs",
    "read_sample_reviews",
    "read_sample_shoes",
    "read_sample_stocks",
    "read_yelp_reviews",
]
