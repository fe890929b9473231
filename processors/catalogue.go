package processors

// All is the pipeline, in reading order.
func All(channels map[string]Channel) []Processor {
	return []Processor{Normalize(channels)}
}
