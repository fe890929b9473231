package engine

import (
	"fmt"
	"runtime"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// chdb is the part of libchdb's C interface that is used here, as its header declares it for 26.7. Every result is
// opaque: its parts are read by functions, so no struct layout is relied on, except that of a connection, a pointer
// to the handle which the other functions take.
type chdb struct {
	version         func() string
	connect         func(argc int32, argv unsafe.Pointer) *connectionHandle
	closeConnection func(*connectionHandle)
	query           queryFunction
	resultBuffer    func(resultHandle) unsafe.Pointer
	resultLength    func(resultHandle) uintptr
	resultError     func(resultHandle) unsafe.Pointer
	rowsWritten     func(resultHandle) uint64
	destroyResult   func(resultHandle)
	insert          func(c connectionHandle, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr) insertHandle
	insertAppend    func(i insertHandle, data unsafe.Pointer, length uintptr) int32
	insertDone      func(insertHandle) resultHandle
	insertCancel    func(insertHandle)
	insertError     func(insertHandle) unsafe.Pointer
	destroyInsert   func(insertHandle)
	stream          queryFunction
	streamNext      func(connectionHandle, resultHandle) resultHandle
	streamCancel    func(connectionHandle, resultHandle)
	classify        func(c connectionHandle, query unsafe.Pointer, queryLen uintptr, database unsafe.Pointer, databaseLen uintptr, analysis unsafe.Pointer) int32
	signalHandlers  func(enabled int32)
}

// queryFunction takes a statement and its parameters, each text as its address and length.
type queryFunction func(
	c connectionHandle, query unsafe.Pointer, queryLen uintptr, format unsafe.Pointer, formatLen uintptr,
	names, nameLens, values, valueLens unsafe.Pointer, count uintptr,
) resultHandle

type (
	connectionHandle uintptr
	resultHandle     uintptr
	insertHandle     uintptr
)

// loadChdb opens the library at path and keeps the engine from taking the process' signals.
func loadChdb(path string) (*chdb, error) {
	library, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	var c chdb
	for name, function := range map[string]any{
		"chdb_version":                     &c.version,
		"chdb_connect":                     &c.connect,
		"chdb_close_conn":                  &c.closeConnection,
		"chdb_query_with_params_n":         &c.query,
		"chdb_result_buffer":               &c.resultBuffer,
		"chdb_result_length":               &c.resultLength,
		"chdb_result_error":                &c.resultError,
		"chdb_result_rows_written":         &c.rowsWritten,
		"chdb_destroy_query_result":        &c.destroyResult,
		"chdb_stream_insert_n":             &c.insert,
		"chdb_stream_append":               &c.insertAppend,
		"chdb_stream_done":                 &c.insertDone,
		"chdb_stream_cancel_insert":        &c.insertCancel,
		"chdb_stream_insert_error":         &c.insertError,
		"chdb_destroy_insert_stream":       &c.destroyInsert,
		"chdb_stream_query_with_params_n":  &c.stream,
		"chdb_stream_fetch_result":         &c.streamNext,
		"chdb_stream_cancel_query":         &c.streamCancel,
		"chdb_classify_query_n":            &c.classify,
		"chdb_set_signal_handlers_enabled": &c.signalHandlers,
	} {
		symbol, err := purego.Dlsym(library, name)
		if err != nil {
			return nil, fmt.Errorf("%s is not the libchdb %s that this binary was built for: %w", path, LibraryVersion, err)
		}
		purego.RegisterFunc(function, symbol)
	}
	if version := c.version(); !strings.HasPrefix(LibraryVersion, version) {
		return nil, fmt.Errorf("%s is libchdb %s, not the %s that this binary was built for: run `make fetch`", path, version, LibraryVersion)
	}
	return &c, nil
}

// open makes a connection with the command line's arguments, or nil if the engine refuses.
func (c *chdb) open(arguments []string) *connectionHandle {
	argv := make([]*byte, len(arguments)+1) // C expects a null at its end
	for i, argument := range arguments {
		argv[i] = &append([]byte(argument), 0)[0]
	}
	handle := c.connect(int32(len(arguments)), unsafe.Pointer(&argv[0]))
	runtime.KeepAlive(argv)
	return handle
}

// run executes one statement with {name:Type} parameters; format is used where the statement names none.
func (c *chdb) run(connection connectionHandle, query, format string, parameters []parameter) result {
	return result{chdb: c, handle: call(c.query, connection, query, format, parameters)}
}

// call passes a statement to one of the two functions that take one.
func call(function queryFunction, connection connectionHandle, query, format string, parameters []parameter) resultHandle {
	names, nameLens := cStrings(parameters, func(p parameter) string { return p.name })
	values, valueLens := cStrings(parameters, func(p parameter) string { return p.value })
	handle := function(
		connection,
		unsafe.Pointer(unsafe.StringData(query)), uintptr(len(query)),
		unsafe.Pointer(unsafe.StringData(format)), uintptr(len(format)),
		unsafe.Pointer(unsafe.SliceData(names)), unsafe.Pointer(unsafe.SliceData(nameLens)),
		unsafe.Pointer(unsafe.SliceData(values)), unsafe.Pointer(unsafe.SliceData(valueLens)), uintptr(len(parameters)),
	)
	runtime.KeepAlive(query)
	runtime.KeepAlive(format)
	runtime.KeepAlive(names)
	runtime.KeepAlive(nameLens)
	runtime.KeepAlive(values)
	runtime.KeepAlive(valueLens)
	return handle
}

func cStrings(parameters []parameter, text func(parameter) string) (data []*byte, lens []uintptr) {
	for _, p := range parameters {
		s := text(p)
		data = append(data, &append([]byte(s), 0)[0])
		lens = append(lens, uintptr(len(s)))
	}
	return data, lens
}

// statementClass is what a statement does to state that outlives it, in the engine's own words.
type statementClass uint32

const statementReadsOnly statementClass = 0

// inspect parses query with the engine's parser and says how many statements it holds and what they do.
func (c *chdb) inspect(connection connectionHandle, query string) (statements int, class statementClass, err error) {
	analysis := struct{ size, statements, flags, class uint32 }{size: 16}
	state := c.classify(connection, unsafe.Pointer(unsafe.StringData(query)), uintptr(len(query)), nil, 0, unsafe.Pointer(&analysis))
	runtime.KeepAlive(query)
	if state != 0 {
		return 0, 0, fmt.Errorf("the engine could not inspect the statement")
	}
	return int(analysis.statements), statementClass(analysis.class), nil
}
