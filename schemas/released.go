package schemas

import (
	"embed"
	"io/fs"
	"strings"
)

// released holds every version that ever went out, as <name>.<version>.avsc. They are never edited: what one of them wrote
// must stay readable (invariant 7).
//
//go:embed released/*.avsc
var released embed.FS

// All is every schema that flows.
func All() []Any {
	return []Any{
		RawOrderSchema, OrderSchema, FetchTaskSchema, RequestKeySchema, CatalogueEntrySchema, LinkSchema, MappingChoiceSchema,
		TrashEntrySchema, RowSchema, OrderVersionsSchema,
	}
}

func releasedTexts(name string) []string {
	var texts []string
	files, err := fs.Glob(released, "released/"+name+".*.avsc")
	if err != nil {
		panic(err) // the pattern is ours
	}
	for _, file := range files {
		if strings.Count(file, ".") != 2 {
			continue
		}
		text, err := released.ReadFile(file)
		if err != nil {
			panic(err) // the file is embedded
		}
		texts = append(texts, string(text))
	}
	return texts
}
