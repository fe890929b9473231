package tidy

import (
	"strings"
	"testing"
)

func TestTheRepositoryKeepsItsRules(t *testing.T) {
	repository, err := Read("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(repository.code()) < 20 {
		t.Fatalf("only %d Go files were found: the rules would say nothing", len(repository.code()))
	}
	for _, rule := range Rules() {
		t.Run(strings.ReplaceAll(rule.Name, " ", "_"), func(t *testing.T) {
			for _, fault := range sorted(rule.Check(repository)) {
				t.Error(fault)
			}
		})
	}
}
