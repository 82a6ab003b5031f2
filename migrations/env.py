"""Alembic's environment: the connection comes from `warmline.migrate`, the target from every package's tables."""

from alembic import context

from warmline.tables import all_tables


def include(obj, name, kind, reflected, compare_to):
    return not (kind == "table" and reflected and compare_to is None)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    include_object=include,
    compare_type=True,
    compare_server_default=False,
)
context.run_migrations()
