from voxshelf.testing.postgresql import postgres_server

__all__ = ["postgres_server"]
