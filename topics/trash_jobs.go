package topics

import "waybill/schemas"

// TrashJobs is what is done to many entries of the trash at once. What became of each entry lies on the trash itself.
var TrashJobs = &Topic{
	Name:         "trash.jobs",
	Doc:          "what is done to many entries of the trash at once",
	Schema:       schemas.TrashJobSchema,
	Key:          "job id",
	Compacted:    true,
	MessageBytes: 8 * mib,
}
