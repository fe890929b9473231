package engine

import (
	"fmt"
	"io"
	"net/http"
	"os"
)

const (
	sharedMemory     = "/dev/shm"
	uploadSecondsMax = 120 // how long a client may take to send a request with its data
)

// spool keeps the data of inserts until all have arrived: the engine sees whole inserts only, and a client that dies
// while it sends has inserted nothing. Its files lie in shared memory where there is some, else beside the data, and
// have no names: nothing is left of them, however the process ends.
type spool struct {
	dir   string
	slots chan struct{} // one for each file
}

func openSpool(c Config) *spool {
	s := &spool{dir: sharedMemory, slots: make(chan struct{}, c.Connections)}
	if file, err := s.file(); err == nil {
		file.Close()
	} else {
		s.dir = c.Dir
	}
	return s
}

func (s *spool) file() (*os.File, error) {
	file, err := os.CreateTemp(s.dir, "waybill-insert-")
	if err != nil {
		return nil, fmt.Errorf("make a file for the data of an insert: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		file.Close()
		return nil, fmt.Errorf("take the name from the data of an insert: %w", err)
	}
	return file, nil
}

// put writes data to a file and returns it, to be read from its start.
func (s *spool) put(data io.Reader) (*os.File, error) {
	file, err := s.file()
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(file, data); err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, bodyError(err)
	}
	return file, nil
}

// received is the data of one insert, or nothing.
type received struct {
	io.Reader
	remove func()
}

// receive waits for all data of an insert: what did not arrive with the statement goes to the spool.
func (d *door) receive(r *http.Request, q *request) (received, error) {
	if q.insert == nil || q.dataWhole {
		return received{q.data, func() {}}, nil
	}
	select {
	case d.spool.slots <- struct{}{}:
	case <-r.Context().Done():
		return received{}, fmt.Errorf("wait to send the data of an insert: %w", r.Context().Err())
	}
	file, err := d.spool.put(q.data)
	if err != nil {
		<-d.spool.slots
		return received{}, err
	}
	return received{file, func() { file.Close(); <-d.spool.slots }}, nil
}
