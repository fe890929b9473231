package engine

import (
	"errors"
	"io"
	"runtime"
	"unsafe"
)

const insertChunkBytes = 1 << 20

// insertFrom feeds data to the INSERT that target begins, and waits until the engine has stored all of it. Data that
// cannot be read to their end are not inserted, except for blocks that the engine has already closed.
func (c *chdb) insertFrom(connection connectionHandle, target, format string, data io.Reader) (rowsWritten uint64, err error) {
	handle := c.insert(
		connection,
		unsafe.Pointer(unsafe.StringData(target)), uintptr(len(target)),
		unsafe.Pointer(unsafe.StringData(format)), uintptr(len(format)),
	)
	runtime.KeepAlive(target)
	runtime.KeepAlive(format)
	defer c.destroyInsert(handle)
	if err := engineErrorAt(c.insertError(handle)); err != nil {
		return 0, err
	}
	if err := c.feed(handle, data); err != nil {
		c.insertCancel(handle)
		return 0, err
	}
	r := result{chdb: c, handle: c.insertDone(handle)}
	defer r.free()
	return r.rowsWritten(), r.err()
}

// feed ends early, without an error of its own, when the engine wants no more: insertDone tells why.
func (c *chdb) feed(handle insertHandle, data io.Reader) error {
	chunk := make([]byte, insertChunkBytes)
	for {
		n, err := io.ReadFull(data, chunk)
		if n > 0 && c.insertAppend(handle, unsafe.Pointer(&chunk[0]), uintptr(n)) != 0 {
			return nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
