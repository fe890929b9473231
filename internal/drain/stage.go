package drain

import (
	"waybill/processors"
	"waybill/topics"
)

// Stage is a part of the pipeline that reads topics in a consumer group.
type Stage struct {
	Name   string
	Group  string
	Reads  []*topics.Topic // what waits on them waits for the stage
	Writes []*topics.Topic // what it does becomes work of the stages that read these
	Apart  bool            // it works on its partitions apart: when some have run dry, the others are no faster for that
}

// wayOut is the last stage, the landing, which takes all to its rows.
const wayOut = "landing"

// Stages are those of a deployment in the order in which records pass them: the steps, then the landing. What comes back to a step, a
// repair or a wake-up, is not counted: it does not wait behind a door. It slows the step down, and so it shows in the rate.
func Stages(deployment string, steps []processors.Processor) []Stage {
	var all []Stage
	for _, step := range steps {
		all = append(all, Stage{
			Name: step.Name, Group: deployment + "." + step.Name, Reads: step.Reads, Writes: append([]*topics.Topic{topics.Trash}, step.Writes...),
		})
	}
	return append(all, Stage{Name: wayOut, Group: deployment + "." + wayOut, Reads: topics.Landing(), Apart: true})
}

// read is every topic that a stage reads, once.
func read(stages []Stage) []*topics.Topic {
	var all []*topics.Topic
	seen := map[*topics.Topic]bool{}
	for _, s := range stages {
		for _, t := range s.Reads {
			if !seen[t] {
				seen[t] = true
				all = append(all, t)
			}
		}
	}
	return all
}
