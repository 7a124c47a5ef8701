//! What the database says of its own schema: for `schema.sql`, for comparing the two databases, and for naming the
//! index that a key violates.

use crate::db::Db;
use crate::error::{Cause, StoreError};
use crate::query::{Row, sql};
use sqlx::{Row as _, SqliteConnection};
use std::collections::BTreeMap;

/// The schema as SQL: tables by name, each followed by its indexes by name, in the words of the migrations.
///
/// # Errors
/// The database failed, or is not SQLite: `schema.sql` has one origin.
pub async fn schema(db: &Db) -> Result<String, StoreError> {
    if db.is_postgres() {
        return Err(StoreError::schema("the schema is dumped from SQLite; compare PostgreSQL by its catalogue"));
    }
    let mut tx = db.read().await?;
    let rows = sql("SELECT tbl_name, type, sql FROM sqlite_master \
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY tbl_name, type DESC, name")
    .all(&mut tx)
    .await?;
    let mut text = String::new();
    for row in rows {
        if row.get::<String>("type")? == "table" && !text.is_empty() {
            text.push('\n');
        }
        for line in row.get::<String>("sql")?.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text.truncate(text.trim_end().len());
        text.push_str(";\n");
    }
    Ok(text)
}

/// The schema as sorted lines that are the same on both databases: columns with class (`text`, `whole`, `truth`,
/// `bytes`) and nullability, indexes with name, columns, uniqueness and whether they are partial, foreign keys with
/// what happens on deletion.
///
/// # Errors
/// The database failed.
pub async fn catalogue(db: &Db) -> Result<Vec<String>, StoreError> {
    let mut tx = db.read().await?;
    let texts = if db.is_postgres() { &POSTGRES } else { &SQLITE };
    let mut lines = Vec::new();
    for row in sql(texts.columns).all(&mut tx).await? {
        lines.push(column(&row)?);
    }
    // One row per column of an index; the rows of an index follow one another in order.
    let mut indexes: BTreeMap<(String, String), (Row, Vec<String>)> = BTreeMap::new();
    for row in sql(texts.indexes).all(&mut tx).await? {
        let key = (row.get("tbl")?, row.get("name")?);
        let column: String = row.get::<Option<String>>("col")?.unwrap_or_else(|| "<expression>".into());
        indexes.entry(key).or_insert_with(|| (row, Vec::new())).1.push(column);
    }
    for ((table, name), (row, columns)) in indexes {
        let name = index_name(&table, &name, &row.get::<String>("origin")?, &columns);
        let unique = if row.get("uniq")? { "unique index" } else { "index" };
        let partial = if row.get("partial")? { " partial" } else { "" };
        lines.push(format!("{unique} {name} on {table} ({}){partial}", columns.join(", ")));
    }
    let mut keys: BTreeMap<(String, i64), (Row, Vec<String>)> = BTreeMap::new();
    for row in sql(texts.keys).all(&mut tx).await? {
        let key = (row.get("tbl")?, row.get("id")?);
        let column = row.get("col")?;
        keys.entry(key).or_insert_with(|| (row, Vec::new())).1.push(column);
    }
    for ((table, _), (row, columns)) in keys {
        let (parent, on_delete): (String, String) = (row.get("parent")?, row.get("on_delete")?);
        lines.push(format!("foreign key on {table} ({}) to {parent}, {}", columns.join(", "), action(&on_delete)));
    }
    lines.sort();
    Ok(lines)
}

fn column(row: &Row) -> Result<String, StoreError> {
    let (table, name, class): (String, String, String) = (row.get("tbl")?, row.get("col")?, row.get("class")?);
    let class = match class.to_ascii_lowercase().as_str() {
        "text" => "text".to_owned(),
        "bigint" => "whole".to_owned(),
        "boolean" => "truth".to_owned(),
        "blob" | "bytea" => "bytes".to_owned(),
        other => other.to_owned(),
    };
    let null = if row.get("needed")? { "not null" } else { "null" };
    Ok(format!("column {table}.{name} {class} {null}"))
}

/// Both databases' words for what a foreign key does on deletion.
fn action(word: &str) -> &'static str {
    match word {
        "r" | "RESTRICT" => "restrict",
        "c" | "CASCADE" => "cascade",
        "n" | "SET NULL" => "set null",
        "d" | "SET DEFAULT" => "set default",
        _ => "no action",
    }
}

/// The name by which an index is known on both databases: its own, or the one that PostgreSQL gives to a primary key
/// or a unique column.
fn index_name(table: &str, name: &str, origin: &str, columns: &[String]) -> String {
    match origin {
        "pk" => format!("{table}_pkey"),
        "u" => format!("{table}_{}_key", columns.join("_")),
        _ => name.to_owned(),
    }
}

struct Texts {
    columns: &'static str,
    indexes: &'static str,
    keys: &'static str,
}

const SQLITE: Texts = Texts {
    columns: "SELECT m.name AS tbl, p.name AS col, p.type AS class, p.\"notnull\" AS needed \
              FROM sqlite_master m JOIN pragma_table_info(m.name) p \
              WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite^_%' ESCAPE '^'",
    indexes: "SELECT m.name AS tbl, l.name AS name, l.origin AS origin, l.\"unique\" AS uniq, l.partial AS partial, \
              i.name AS col FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) i \
              WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY m.name, l.name, i.seqno",
    keys: "SELECT m.name AS tbl, CAST(f.id AS BIGINT) AS id, f.\"table\" AS parent, f.\"from\" AS col, \
           f.on_delete AS on_delete FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f \
           WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq",
};

const POSTGRES: Texts = Texts {
    columns: "SELECT c.relname::TEXT AS tbl, a.attname::TEXT AS col, format_type(a.atttypid, a.atttypmod) AS class, \
              a.attnotnull AS needed FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
              WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 \
              AND NOT a.attisdropped",
    indexes: "SELECT c.relname::TEXT AS tbl, x.relname::TEXT AS name, 'c' AS origin, i.indisunique AS uniq, \
              i.indpred IS NOT NULL AS partial, a.attname::TEXT AS col \
              FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid \
              CROSS JOIN LATERAL unnest(i.indkey::INT2[]) WITH ORDINALITY AS k (num, pos) \
              LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num AND k.num > 0 \
              WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' \
              ORDER BY c.relname, x.relname, k.pos",
    keys: "SELECT c.relname::TEXT AS tbl, f.oid::BIGINT AS id, p.relname::TEXT AS parent, a.attname::TEXT AS col, \
           f.confdeltype::TEXT AS on_delete \
           FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid \
           CROSS JOIN LATERAL unnest(f.conkey) WITH ORDINALITY AS k (num, pos) \
           JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.num \
           WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace ORDER BY c.relname, f.oid, k.pos",
};

/// Finds the unique index that `columns` (`table.a, table.b`, as SQLite writes them) belong to.
///
/// Where two unique indexes have the same columns in the same order, SQLite does not say which was violated; the
/// first by name is named. `None` when the catalogue cannot be read.
pub(crate) async fn name_of_unique(conn: &mut SqliteConnection, columns: &str) -> Option<StoreError> {
    let mut table = "";
    let mut wanted = Vec::new();
    for column in columns.split(", ") {
        let (prefix, name) = column.split_once('.')?;
        table = prefix;
        wanted.push(name.to_owned());
    }
    let rows = sqlx::query(
        "SELECT l.name AS name, l.origin AS origin, i.name AS col \
         FROM pragma_index_list($1) l JOIN pragma_index_info(l.name) i WHERE l.\"unique\" = 1 \
         ORDER BY l.origin, l.name, i.seqno",
    )
    .bind(table.to_owned())
    .fetch_all(conn)
    .await
    .ok()?;
    // The rows of one index follow one another.
    let mut found: Vec<(String, String, Vec<String>)> = Vec::new();
    for row in rows {
        let name: String = row.try_get("name").ok()?;
        let column: String = row.try_get::<Option<String>, _>("col").ok()?.unwrap_or_default();
        match found.last_mut() {
            Some(last) if last.0 == name => last.2.push(column),
            _ => found.push((name, row.try_get("origin").ok()?, vec![column])),
        }
    }
    let name = match found.into_iter().find(|(.., columns)| *columns == wanted) {
        Some((name, origin, columns)) => index_name(table, &name, &origin, &columns),
        // A primary key that is the row's own number has no index.
        None => format!("{table}_pkey"),
    };
    Some(StoreError::new(Cause::Unique(name)))
}
