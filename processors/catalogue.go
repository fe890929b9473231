package processors

// All is the pipeline, in reading order.
func All(s Sources) []Processor {
	return []Processor{Normalize(s), Place()}
}
