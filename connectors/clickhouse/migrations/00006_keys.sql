-- +goose NO TRANSACTION
-- +goose Up
-- A part that has nothing of an order is not read at all: without this, each look-up reads a granule of every part there is.
ALTER TABLE audit ADD INDEX IF NOT EXISTS orders order_id TYPE bloom_filter(0.001) GRANULARITY 1;

ALTER TABLE audit MATERIALIZE INDEX orders;

ALTER TABLE id_map ADD INDEX IF NOT EXISTS keys _key TYPE bloom_filter(0.001) GRANULARITY 1;

ALTER TABLE id_map MATERIALIZE INDEX keys;
