"""The head of the log, triggers that refuse to change or delete an event, and the full-text index of passages."""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = (
    """CREATE TRIGGER event_no_update BEFORE UPDATE ON store_event
       BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER event_no_delete BEFORE DELETE ON store_event
       BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER head_no_delete BEFORE DELETE ON store_head
       BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE VIRTUAL TABLE store_passage_words USING fts5
       (text, content='store_passage', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER passage_words_new AFTER INSERT ON store_passage
       BEGIN INSERT INTO store_passage_words(rowid, text) VALUES (new.id, new.text); END""",
    """CREATE TRIGGER passage_words_gone AFTER DELETE ON store_passage
       BEGIN INSERT INTO store_passage_words(store_passage_words, rowid, text) VALUES ('delete', old.id, old.text);
       END""",
)

POSTGRESQL = (
    """CREATE FUNCTION store_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$""",
    """CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON store_event
       FOR EACH ROW EXECUTE FUNCTION store_refuse()""",
    """CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON store_event
       FOR EACH STATEMENT EXECUTE FUNCTION store_refuse()""",
    """CREATE TRIGGER head_no_delete BEFORE DELETE ON store_head
       FOR EACH ROW EXECUTE FUNCTION store_refuse()""",
    """ALTER TABLE store_passage ADD COLUMN words tsvector
       GENERATED ALWAYS AS (to_tsvector('english', text)) STORED""",
    "CREATE INDEX store_passage_words ON store_passage USING gin (words)",
)


def guard(apps: Any, schema_editor: Any) -> None:
    """Make the head, the triggers and the index."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)
    apps.get_model("store", "Head").objects.create(pk=1, sequence=0, hash="0" * 64)


class Migration(migrations.Migration):
    """What Django's own schema cannot say."""

    dependencies = (("store", "0001_initial"),)
    operations = (migrations.RunPython(guard),)
