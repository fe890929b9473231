package engine

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

const (
	queryBytesMax = 1 << 20  // a statement without its data
	logBytesMax   = 10 << 20 // of the engine's own log, of which one older part is kept
)

// writeServerSettings writes the engine's own configuration. It must be given one: without, the engine picks up a
// config.xml from the working directory, the home or /etc.
func writeServerSettings(c Config) (path string, err error) {
	memory := c.MemoryBytesMax
	threads := max(2, runtime.NumCPU())
	settings := []struct {
		name  string
		value int64
	}{
		{"max_server_memory_usage", memory / 4 * 3}, // the engine does not count all that it takes
		{"mark_cache_size", memory / 16},
		{"index_mark_cache_size", memory / 64},
		{"primary_index_cache_size", memory / 32},
		{"uncompressed_cache_size", 0},
		{"mmap_cache_size", 64},
		{"query_condition_cache_size", memory / 128},
		{"background_pool_size", 4}, // threads that merge; twice as many merges
		{"background_common_pool_size", 2},
		{"background_move_pool_size", 1},
		{"background_fetches_pool_size", 1},
		{"background_schedule_pool_size", 4},
		{"background_message_broker_schedule_pool_size", 1},
		{"background_distributed_schedule_pool_size", 1},
		{"background_buffer_flush_schedule_pool_size", 1},
		{"max_io_thread_pool_size", int64(4 * threads)},
		{"max_thread_pool_size", 512},
		{"tables_loader_foreground_pool_size", int64(threads)},
		{"tables_loader_background_pool_size", int64(threads)},
	}
	var xml strings.Builder
	xml.WriteString("<clickhouse>\n")
	for _, s := range settings {
		fmt.Fprintf(&xml, "    <%s>%d</%s>\n", s.name, s.value, s.name)
	}
	// What fails in a query is told to its client; in a log it would leave the query's data.
	fmt.Fprintf(&xml, `    <logger>
        <log>%s</log>
        <level>warning</level>
        <size>%d</size>
        <count>2</count>
        <levels><logger><name>executeQuery</name><level>none</level></logger></levels>
    </logger>
</clickhouse>
`, html.EscapeString(filepath.Join(c.Dir, "engine.log")), logBytesMax)

	path = filepath.Join(c.Dir, "engine.xml")
	if err := os.WriteFile(path, []byte(xml.String()), 0o600); err != nil {
		return "", fmt.Errorf("write the engine's settings: %w", err)
	}
	return path, nil
}

// connectArguments are what every connection starts with: where the data are, and the defaults of a query, but for its limits (see keepWithin).
func connectArguments(c Config, serverSettings string) []string {
	memory := c.MemoryBytesMax
	arguments := []string{
		"waybill",
		"--path=" + filepath.Join(c.Dir, "data"),
		"--config-file=" + serverSettings,
		"--log-level=warning",
		"--session_timezone=UTC",
	}
	set := func(name string, value int64) {
		arguments = append(arguments, "--"+name+"="+strconv.FormatInt(value, 10))
	}
	set("max_bytes_before_external_group_by", memory/8) // spill to disk before failing
	set("max_bytes_before_external_sort", memory/8)
	set("max_query_size", queryBytesMax)
	set("async_insert", 0) // an insert is answered when its rows are there
	set("deduplicate_blocks_in_dependent_materialized_views", 1)
	set("implicit_select", 0) // as a server does
	set("allow_introspection_functions", 0)
	set("query_profiler_real_time_period_ns", 0) // the profiler works by signals, which are the Go runtime's here
	set("query_profiler_cpu_time_period_ns", 0)
	return arguments
}
