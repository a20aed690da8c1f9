"""Run by a kernel when it starts: notes the course's files it opens, lacks the helpers not named.

``RNN_WATCH`` names a file of JSON: ``root`` (the course), ``helpers`` (the modules that the digest
of the lecture follows, as paths in the course) and ``log`` (where to write each file under
``helpers/`` or ``data/`` that is opened). Of any other module of the helpers but a room's
``__init__`` the kernel gets an empty one, whose names stop whoever uses them. So a lecture that
runs here shows that the digest lacks nothing that it uses. Standard library only.
"""


def _watch() -> None:
    import importlib.abc
    import importlib.util
    import json
    import os
    import sys
    from pathlib import Path
    from types import ModuleType

    watch = json.loads(Path(os.environ["RNN_WATCH"]).read_text(encoding="utf-8"))
    root, followed = watch["root"], set(watch["helpers"])
    rooms = tuple(os.path.join(root, room) + os.sep for room in ("helpers", "data"))
    seen: set[str] = set()

    class Lacking:
        """A name of a module that the digest does not follow."""

        def __init__(self, name: str) -> None:
            self.__dict__["name"] = name

        def stop(self, *args: object, **named: object) -> None:
            raise RuntimeError(f"{self.name} is used, but tools/book/digest.py does not follow it")

        __call__ = __iter__ = __len__ = __getitem__ = __eq__ = __fspath__ = stop
        __getattr__ = __add__ = __truediv__ = __bool__ = __format__ = __str__ = stop
        __hash__ = object.__hash__

    class LackingModule(ModuleType):
        """Stands for a module that the digest does not follow."""

        def __getattr__(self, name: str) -> Lacking:
            if name.startswith("__"):
                raise AttributeError(name)
            return Lacking(f"{self.__name__}.{name}")

    class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
        """Finds an empty module in the place of each of the helpers that is not followed."""

        def find_spec(self, name: str, path: object, target: object = None):
            file = name.replace(".", "/")
            if not file.startswith("helpers/") or f"{file}.py" in followed:
                return None
            if os.path.isdir(os.path.join(root, file)):
                return None
            return importlib.util.spec_from_loader(name, self)

        def create_module(self, spec):
            return LackingModule(spec.name)

        def exec_module(self, module: ModuleType) -> None:
            """Nothing: it stays empty."""

    log = os.open(watch["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(event: str, details: tuple) -> None:
        if event != "open" or not isinstance(details[0], str | bytes | os.PathLike):
            return
        file = os.path.abspath(os.fsdecode(details[0]))
        if file.startswith(rooms) and file not in seen:
            seen.add(file)
            os.write(log, os.path.relpath(file, root).replace(os.sep, "/").encode() + b"\n")

    sys.meta_path.insert(0, Finder())
    sys.addaudithook(note)


_watch()
del _watch
