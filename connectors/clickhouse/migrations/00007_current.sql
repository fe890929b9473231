-- +goose NO TRANSACTION
-- +goose Up
-- These showed what a key was before it was deleted. They are derived from the schemas, and made anew right after this.
DROP VIEW IF EXISTS v_orders_current;

DROP VIEW IF EXISTS v_fetch_tasks;

DROP VIEW IF EXISTS v_catalogue;

DROP VIEW IF EXISTS v_links;
