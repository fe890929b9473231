package runner

import (
	"waybill/internal/failure"
	"waybill/processors"
	"waybill/schemas"
)

// fingerprint is equal for failures of one cause at a step.
func fingerprint(step string, dead *processors.DeadError, faults schemas.Faults) string {
	var codes []string
	for _, f := range faults {
		codes = append(codes, f.Code)
	}
	reason := ""
	if dead.Err != nil {
		reason = dead.Err.Error()
	}
	return failure.Fingerprint(step, dead.Class, codes, reason)
}
