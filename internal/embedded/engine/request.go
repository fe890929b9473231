package engine

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

// request is one statement with all that the client said about it.
type request struct {
	statement  string            // without the data of an INSERT
	insert     *insert           // nil if the statement carries no data
	data       io.Reader         // what an INSERT inserts
	dataWhole  bool              // the data are in memory, all of them
	format     string            // of the answer, where the statement names none
	database   string            // "" is the default one
	settings   map[string]string // for this statement only
	parameters []parameter       // for {name:Type}
	mark       string            // names the running query, to kill it by
	id         string            // what the client calls it
	packed     bool              // the answer goes in ClickHouse's compressed blocks
	method     string            // of those blocks: LZ4, ZSTD
}

type parameter struct{ name, value string }

// notSettings are the URL's words for the door itself; every other one is a setting of the query.
var notSettings = map[string]bool{
	"query": true, "database": true, "default_format": true, "query_id": true, "compress": true, "decompress": true,
	"user": true, "password": true, "quota_key": true, "role": true, "buffer_size": true, "wait_end_of_query": true,
	"enable_http_compression": true, "http_zlib_compression_level": true, "client_protocol_version": true,
	"stacktrace": true, "close_session": true, "session_timeout": true, "session_check": true, "log_comment": true,
	"network_compression_method": true, "network_zstd_compression_level": true,
}

var settingName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// readRequest understands what r asks for. It reads the statement, not the data behind it.
func readRequest(r *http.Request, c Config, mark string) (*request, error) {
	words := r.URL.Query()
	if words.Has("session_id") {
		return nil, refusal(48, "NOT_IMPLEMENTED", "Sessions are not supported: each request stands alone; send its settings with it")
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return nil, refusal(48, "NOT_IMPLEMENTED", "External tables are not supported; insert into a table first")
	}
	body, err := openBody(r, words.Get("decompress") == "1", c.BodyBytesMax)
	if err != nil {
		return nil, err
	}
	q := &request{
		format:   firstOf(words.Get("default_format"), r.Header.Get("X-ClickHouse-Format"), "TabSeparated"),
		database: firstOf(words.Get("database"), r.Header.Get("X-ClickHouse-Database")),
		id:       firstOf(words.Get("query_id"), mark),
		mark:     mark,
		packed:   words.Get("compress") == "1",
		method:   words.Get("network_compression_method"),
	}
	if q.settings, q.parameters, err = settingsAndParameters(words); err != nil {
		return nil, err
	}
	if r.Method == http.MethodGet && q.settings["readonly"] == "" {
		q.settings["readonly"] = "2" // as a ClickHouse server does: a link must not change anything
	}
	if q.readOnly() {
		q.settings["readonly"] = "1" // 2 would let table functions read files and other hosts
	}
	if err := q.readStatement(words.Get("query"), body); err != nil {
		return nil, err
	}
	q.keepWithin(c)
	return q, nil
}

func settingsAndParameters(words url.Values) (settings map[string]string, parameters []parameter, err error) {
	settings = map[string]string{}
	for name, values := range words {
		value := values[len(values)-1]
		if parameterName, is := strings.CutPrefix(name, "param_"); is {
			parameters = append(parameters, parameter{parameterName, value})
			continue
		}
		if notSettings[name] {
			continue
		}
		if !settingName.MatchString(name) {
			return nil, nil, refusal(115, "UNKNOWN_SETTING", fmt.Sprintf("Unknown setting %q", name))
		}
		settings[name] = value
	}
	return settings, parameters, nil
}

// keepWithin gives the statement its share of the machine, or less if the client asked for less.
func (q *request) keepWithin(c Config) {
	limits := map[string]int64{"max_execution_time": int64(c.QuerySecondsMax), "max_memory_usage": c.MemoryBytesMax / 2}
	switch {
	case q.comesInPieces():
		q.settings["max_result_bytes"] = firstOf(q.settings["max_result_bytes"], "0")
	case q.selects(): // the answer is built whole, in a buffer that grows by doubling
		limits["max_memory_usage"] = c.MemoryBytesMax / 4
		limits["max_result_bytes"] = c.MemoryBytesMax / 8
	}
	for name, limit := range limits {
		asked, err := strconv.ParseFloat(q.settings[name], 64)
		if err != nil || asked <= 0 || asked > float64(limit) { // 0 would be unlimited
			q.settings[name] = strconv.FormatInt(limit, 10)
		}
	}
}

// readOnly tells whether the client asked that nothing be changed.
func (q *request) readOnly() bool {
	value := q.settings["readonly"]
	return value != "" && value != "0"
}

// prologue are the statements that give a fresh connection the request's database and settings.
func (q *request) prologue() []string {
	var statements []string
	if q.database != "" && q.database != "default" {
		statements = append(statements, "USE "+quotedName(q.database))
	}
	assignments := []string{"log_comment = " + quoted(q.mark)}
	for name, value := range q.settings {
		assignments = append(assignments, name+" = "+quoted(value))
	}
	sort.Strings(assignments)
	return append(statements, "SET "+strings.Join(assignments, ", "))
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func quoted(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}

func quotedName(name string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`"
}

// escaped writes a text as the value of a parameter is written: as in a tab-separated file.
func escaped(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\x00", `\0`).Replace(text)
}
