"""What can go wrong in the consumer; each error says whether a retry helps.

ConsumerError                 one clear line that names the fix
├── SettingsError             a setting is missing or wrong
├── KafkaProblem              Kafka cannot be reached, refuses, or lacks the topic
├── StoreProblem              PostgreSQL cannot be reached, refuses, or lacks rights
│   ├── EventRefused          PostgreSQL cannot hold one of the batch's events
│   ├── Conflict             another consumer's transaction was in the way
│   ├── NoRights             PostgreSQL's user may not do this
│   ├── NotFound              no job, dataset, column or run is called so, or more than one
│   ├── OffsetMoved           somebody else changed the stored offset
│   └── MaintainerAtWork      another process maintains the store at this moment
├── RegistryProblem           the schema registry cannot be reached or refuses
└── TargetProblem             who events are passed on to takes none, whatever they are
"""


class ConsumerError(Exception):
    """A failure that its user can mend.

    `retry` tells whether the same may succeed later, without a change to this program's settings:
    once it has worked, such a failure is waited for; before, settings are likely wrong.
    """

    def __init__(self, message: str, *, retry: bool = False) -> None:
        """Keep the line to show and whether the same may succeed later."""
        super().__init__(message)
        self.retry = retry


class SettingsError(ConsumerError):
    """A setting is missing or wrong; the text names every place that was searched."""


class KafkaProblem(ConsumerError):  # noqa: N818 - named after what happened
    """Kafka cannot be reached, refuses the request, or lacks the topic."""


class StoreProblem(ConsumerError):  # noqa: N818 - named after what happened
    """PostgreSQL cannot be reached, refuses the statement, or is not as this program needs it."""


class EventRefused(StoreProblem):
    """PostgreSQL cannot hold one of the events of a batch; the text is its reason."""


class Conflict(StoreProblem):
    """Another consumer's transaction was in the way: this one may be tried again at once."""


class NoRights(StoreProblem):
    """PostgreSQL's user may not do this; the text says who can grant it."""


class NotFound(StoreProblem):
    """No job, dataset, column or run has the name that was asked for, or more than one has it."""


class OffsetMoved(StoreProblem):
    """The stored offset is not where this consumer left it: it must ask again and seek."""


class MaintainerAtWork(StoreProblem):
    """Another process maintains the store at this moment."""


class RegistryProblem(ConsumerError):  # noqa: N818 - named after what happened
    """The schema registry cannot be reached, or refuses to answer."""


class TargetProblem(ConsumerError):  # noqa: N818 - named after what happened
    """An endpoint, file or topic that events are passed on to takes none of them."""
