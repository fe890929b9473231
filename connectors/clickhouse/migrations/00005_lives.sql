-- +goose NO TRANSACTION
-- +goose Up
CREATE TABLE IF NOT EXISTS lives
(
    id UUID COMMENT 'made up by whoever asked first',
    at DateTime64(3, 'UTC') COMMENT 'when that was'
)
ENGINE = Memory
COMMENT 'Names the present run of the server: a table in memory is empty after each start';
