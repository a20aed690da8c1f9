"""Data sets that tensorflow-datasets downloads, verifies, splits and keeps.

It is imported only within the functions: it loads TensorFlow. What this module adds: whoever is
offline is told so within ten seconds (alone it takes minutes), a mirror is asked if
``RNN_DOWNLOAD_MIRROR`` names one, rows stay in the publisher's order, and texts become packed
columns batch by batch.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.download import (
    CourseDataError,
    cache_folder,
    check_reachable,
    fetch,
    scratch_folder,
)
from helpers.data.tiers import PublishedFile

__all__ = ["read_prepared"]

ROWS_PER_BATCH = 20_000


def read_prepared(
    name: str,
    archive: PublishedFile,
    folder: Path,
    splits: Sequence[str],
    convert: Callable[[str], str],
) -> pd.DataFrame:
    """Read a data set of tensorflow-datasets; prepare it first if that has not been done yet.

    What is prepared lies in ``tensorflow_datasets`` in `cache_folder()` and needs no network.

    Parameters
    ----------
    name : str
        Its name in tensorflow-datasets, such as ``"glue/qqp"``.
    archive : PublishedFile
        What it is made from.
    folder : pathlib.Path
        If the archive lies here, it is taken, checksum verified, and nothing is downloaded.
    splits : sequence of str
        Which splits to read, in this order.
    convert : callable
        What to make of each text.

    Returns
    -------
    pandas.DataFrame
        One column for each feature and ``split``; rows in the publisher's order.

    Raises
    ------
    CourseDataError
        If the publisher is out of reach, or the archive is damaged or cannot be had or kept.
    """
    builder = _prepared(name, archive, folder)

    import tensorflow_datasets as tfds

    config = tfds.ReadConfig(try_autocache=False)
    parts = []
    for split in splits:
        rows = builder.as_dataset(split=split, batch_size=ROWS_PER_BATCH, read_config=config)
        for batch in tfds.as_numpy(rows):
            columns = {
                column: [convert(text.decode("utf-8")) for text in values]
                if values.dtype == object
                else values
                for column, values in batch.items()
            }
            parts.append(pd.DataFrame(columns).assign(split=split))
    return pd.concat(parts, ignore_index=True)


def _prepared(name: str, archive: PublishedFile, folder: Path) -> Any:
    """Return the builder of a data set, prepared."""
    place = cache_folder() / "tensorflow_datasets"
    way_out = (
        "Try again, or set RNN_DATA=sample to use the data that come with the course, or save "
        f"{archive.url} as {archive.name} in a folder of yours and set RNN_DATA to that folder."
    )
    mirror = os.environ.get("RNN_DOWNLOAD_MIRROR", "").strip()
    is_prepared = any(place.glob(f"{name}/[0-9]*/dataset_info.json"))
    if not (is_prepared or mirror or (folder / archive.name).is_file()):
        check_reachable(archive.url, f"Cannot download {archive.name}", way_out)

    import tensorflow_datasets as tfds

    builder = tfds.builder(name, data_dir=place)
    if not builder.is_prepared():
        builder.info.as_proto.disable_shuffling = True  # rows in the publisher's order
        try:
            with scratch_folder(place) as scratch:
                if mirror and not (folder / archive.name).is_file():
                    folder = fetch(*archive[1:], archive.name, folder=scratch).parent
                builder.download_and_prepare(
                    download_dir=scratch,
                    download_config=tfds.download.DownloadConfig(manual_dir=folder),
                )
        except CourseDataError:
            raise
        except Exception as error:  # it raises errors of many kinds
            what = " ".join(str(error).split())[:300]
            raise CourseDataError(
                f"Cannot prepare {name} from {archive.name}: {what}.\n{way_out}"
            ) from error
    return builder
