package schemas

import "time"

// Millis is an instant in milliseconds since 1970 UTC, as Kafka and Avro count it.
type Millis int64

// At is the instant t.
func At(t time.Time) Millis { return Millis(t.UnixMilli()) }

// Time is the instant as a time.Time in UTC.
func (m Millis) Time() time.Time { return time.UnixMilli(int64(m)).UTC() }

// String is RFC 3339 with milliseconds.
func (m Millis) String() string { return m.Time().Format("2006-01-02T15:04:05.000Z07:00") }

// MarshalText makes it readable in JSON.
func (m Millis) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads RFC 3339.
func (m *Millis) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339, string(text))
	if err == nil {
		*m = At(t)
	}
	return err
}
