package broker

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxRequestBytes is the largest request that is read: Kafka's own socket.request.max.bytes.
const maxRequestBytes = 100 << 20

// framed looks at the head of every request before the broker does. The broker allocates what a length says and trusts
// the API key, so one stray HTTP request on its port would cost a gigabyte, or the process.
type framed struct {
	net.Conn
	head []byte // of the current request, what is not yet passed on
	left int    // bytes of its body that are still to come from the connection
}

const headBytes = 4 + 2 + 2 // length, API key, version

func (f *framed) Read(p []byte) (int, error) {
	if len(f.head) == 0 && f.left == 0 {
		if err := f.next(); err != nil {
			return 0, err
		}
	}
	if len(f.head) > 0 {
		n := copy(p, f.head)
		f.head = f.head[n:]
		return n, nil
	}
	n, err := f.Conn.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, err
}

func (f *framed) next() error {
	head := make([]byte, headBytes)
	if _, err := io.ReadFull(f.Conn, head); err != nil {
		return err
	}
	length, key := binary.BigEndian.Uint32(head), int16(binary.BigEndian.Uint16(head[4:]))
	if length < headBytes-4 || length > maxRequestBytes || kmsg.RequestForKey(key) == nil {
		return fmt.Errorf("not a Kafka request: length %d, API key %d", length, key)
	}
	f.head, f.left = head, int(length)-(headBytes-4)
	return nil
}
