package broker

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// A partition lies in segments: `<first offset>.dat` holds record batches as Kafka sends them, one behind the other;
// `<first offset>.idx` beside it holds an entry for each, which says whether it belongs to a transaction.

// readPartition returns the producers whose transaction has no end in the log, with their epoch.
func readPartition(folder string) (open map[int64]int16, err error) {
	segments, err := segmentsIn(folder)
	if err != nil {
		return nil, err
	}
	open = map[int64]int16{}
	for _, path := range segments {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		var batches []batch
		for b, rest := nextBatch(raw); rest != nil; b, rest = nextBatch(rest) {
			batches = append(batches, b)
			switch {
			case b.isControl():
				delete(open, b.ProducerID)
			case b.isTransactional():
				open[b.ProducerID] = b.ProducerEpoch
			}
		}
		if err := repairIndex(strings.TrimSuffix(path, ".dat")+".idx", batches); err != nil {
			return nil, err
		}
	}
	return open, nil
}

// segmentsIn lists the segments of a partition in the order of their offsets.
func segmentsIn(folder string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.dat"))
	slices.SortFunc(paths, func(a, b string) int { return cmp.Compare(firstOffset(a), firstOffset(b)) })
	return paths, err
}

func firstOffset(path string) int64 {
	offset, err := strconv.ParseInt(strings.TrimSuffix(filepath.Base(path), ".dat"), 10, 64)
	if err != nil {
		return -1
	}
	return offset
}

type batch struct{ kmsg.RecordBatch }

func (b batch) isTransactional() bool { return b.Attributes&0x10 != 0 }
func (b batch) isControl() bool       { return b.Attributes&0x20 != 0 }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// nextBatch cuts the first batch off raw. The rest is nil where the log ends, or is torn: from there on the broker cuts
// it off.
func nextBatch(raw []byte) (b batch, rest []byte) {
	const lengthEnds, sumStarts, sumEnds = 12, 17, 21
	if len(raw) < sumEnds {
		return b, nil
	}
	size := lengthEnds + int(binary.BigEndian.Uint32(raw[8:]))
	if size < sumEnds || size > len(raw) {
		return b, nil
	}
	if crc32.Checksum(raw[sumEnds:size], castagnoli) != binary.BigEndian.Uint32(raw[sumStarts:]) {
		return b, nil
	}
	if err := b.ReadFrom(raw[:size]); err != nil {
		return b, nil
	}
	b.Records = nil // heads are enough, and a segment is large
	return b, raw[size:]
}

const (
	indexEntryBytes   = 15
	indexEntryVersion = 1
)

// repairIndex writes an index anew that has not one entry for each batch. A kill between the two writes loses an entry;
// a power cut loses as many as it likes. A batch without one would be taken for committed.
func repairIndex(path string, batches []batch) error {
	info, err := os.Stat(path)
	if err == nil && info.Size() == int64(len(batches)*indexEntryBytes) {
		return nil
	}
	index := make([]byte, 0, len(batches)*indexEntryBytes)
	for _, b := range batches {
		index = append(index, indexEntry(b)...)
	}
	return writeFile(path, index)
}

// indexEntry is version, checksum, epoch, a timestamp that nobody reads, and whether it belongs to a transaction.
func indexEntry(b batch) []byte {
	entry := make([]byte, indexEntryBytes)
	entry[0] = indexEntryVersion
	binary.LittleEndian.PutUint32(entry[2:], uint32(b.PartitionLeaderEpoch))
	if b.isTransactional() && !b.isControl() {
		entry[14] = 1
	}
	entry[1] = byte(crc32.Checksum(entry[2:], castagnoli))
	return entry
}
