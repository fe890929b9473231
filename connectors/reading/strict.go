package reading

// Stranger is told of each field that is not read, where the reader stands: for a format of our own, in which a slip of the pen
// must not be lost.
type Stranger func(r *Reader, name string)
