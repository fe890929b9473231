package reading

import "iter"

// Twins is the index of each item whose reference an earlier one has.
func Twins[T any](items []T, ref func(*T) string) iter.Seq[int] {
	return func(yield func(int) bool) {
		seen := make(map[string]bool, len(items))
		for i := range items {
			if r := ref(&items[i]); !seen[r] {
				seen[r] = true
			} else if !yield(i) {
				return
			}
		}
	}
}
