package engine

import "unsafe"

// result is what a statement gave. Its bytes belong to the engine until it is freed.
type result struct {
	chdb   *chdb
	handle resultHandle
}

func (r result) err() error { return engineErrorAt(r.chdb.resultError(r.handle)) }

func (r result) bytes() []byte {
	length := r.chdb.resultLength(r.handle)
	if length == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(r.chdb.resultBuffer(r.handle)), length)
}

func (r result) rowsWritten() uint64 { return r.chdb.rowsWritten(r.handle) }

func (r result) free() { r.chdb.destroyResult(r.handle) }

// rows is a result that comes in pieces, each a document of its own in the format that was asked for.
type rows struct {
	chdb       *chdb
	connection connectionHandle
	handle     resultHandle
}

// runInPieces begins a SELECT whose result does not have to fit into memory. Its caller ends it, and runs nothing else
// on the connection before.
func (c *chdb) runInPieces(connection connectionHandle, query, format string, parameters []parameter) (rows, error) {
	handle := call(c.stream, connection, query, format, parameters)
	r := rows{chdb: c, connection: connection, handle: handle}
	if err := engineErrorAt(c.resultError(handle)); err != nil {
		c.destroyResult(handle)
		return rows{}, err
	}
	return r, nil
}

// next passes the next piece to use, and returns false after the last. The piece is the engine's again afterwards.
func (r rows) next(use func(piece []byte) error) (more bool, err error) {
	piece := result{chdb: r.chdb, handle: r.chdb.streamNext(r.connection, r.handle)}
	defer piece.free()
	if err := piece.err(); err != nil {
		return false, err
	}
	if len(piece.bytes()) == 0 {
		return false, nil
	}
	return true, use(piece.bytes())
}

// end gives the result up, wherever it stands.
func (r rows) end() {
	r.chdb.streamCancel(r.connection, r.handle)
	r.chdb.destroyResult(r.handle)
}

func engineErrorAt(text unsafe.Pointer) error {
	if text == nil {
		return nil
	}
	length := 0
	for *(*byte)(unsafe.Add(text, length)) != 0 {
		length++
	}
	if length == 0 {
		return nil
	}
	return newEngineError(string(unsafe.Slice((*byte)(text), length)))
}
