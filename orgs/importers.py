"""Importers by kind. An app registers its own in `<app>/resources.py` with `@importer("kind")`."""

from collections.abc import Callable
from typing import Protocol, TypeVar, runtime_checkable

from django.utils import timezone
from django.utils.module_loading import autodiscover_modules

from orgs.models import ImportJob


class Importer(Protocol):
    """The stages of an import; each may run twice, after a worker was killed half-way.

    They fill `mapping`, `counts`, `issues` and `preview` (or `lines_stored_as`), `total` (preview)
    and `counts`, `result_stored_as` (apply) of the job; the runner saves them and moves the state.
    """

    def preview(self, job: ImportJob) -> None:
        """Read and judge the file without writing anything else."""

    def apply(self, job: ImportJob) -> None:
        """Write what the file says. Called only after somebody confirmed the preview.

        When the job is cancelled meanwhile, raise ImportCancelled with `counts` of what was done.
        """


@runtime_checkable
class Undoable(Protocol):
    """An importer whose jobs can be taken back."""

    def undo(self, job: ImportJob) -> None:
        """Take back what the job wrote and nobody has touched since, adding to `counts`."""


class ImportRefused(Exception):
    """The file cannot be processed; the message is a sentence for the person who uploaded it."""


class ImportCancelled(Exception):
    """Somebody cancelled the job while it ran."""


I = TypeVar("I", bound=type[Importer])  # noqa: E741
_registry: dict[str, type[Importer]] = {}


def importer(kind: str) -> Callable[[I], I]:
    """Register the decorated class under `kind`, the value of `ImportJob.kind`."""

    def register(cls: I) -> I:
        _registry[kind] = cls
        return cls

    return register


def importer_for(kind: str) -> Importer:
    """Return a fresh importer; raises ImportRefused for a kind nobody registered."""
    autodiscover_modules("resources")
    if kind not in _registry:
        raise ImportRefused("系统不认识这种导入类型。")
    return _registry[kind]()


def beat(job: ImportJob, progress: int) -> None:
    """Tell the sweep the job is alive, and the page how many rows are done.

    Call at least every minute, outside the transaction of a batch. Raises ImportCancelled when
    the job was cancelled meanwhile.
    """
    alive = ImportJob.objects.filter(pk=job.pk).exclude(state=ImportJob.State.CANCELLED)
    if not alive.update(heartbeat_at=timezone.now(), progress=progress):
        raise ImportCancelled
    job.progress = progress
