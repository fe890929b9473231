package engine

import (
	"regexp"
	"strings"
)

// admit refuses what a request may not do, before anything of it runs: several statements at once, and, where the
// client asked for readonly, all that is not reading tables. The engine keeps readonly too, but lets INTO OUTFILE write
// files and the function file() read them. It tells whether the statement only reads.
func (c *connection) admit(q *request) (readsOnly bool, err error) {
	if q.insert != nil {
		if q.readOnly() {
			return false, refusal(164, "READONLY", "Cannot insert in readonly mode")
		}
		return false, nil
	}
	statements, class, err := c.chdb.inspect(*c.handle, q.statement)
	switch {
	case err != nil:
		return false, err
	case statements == 0:
		return false, c.explainSyntaxError(q.statement)
	case statements > 1:
		return false, refusal(62, "SYNTAX_ERROR", "Multi-statements are not allowed; send one statement a request")
	case !q.readOnly():
		return class == statementReadsOnly, nil
	case class != statementReadsOnly:
		return false, refusal(164, "READONLY", "Cannot execute query in readonly mode")
	}
	return true, c.refuseFiles(q.statement)
}

// formatted is the statement in the engine's own words: no comments, nothing quoted that need not be.
func (c *connection) formatted(statement string) (string, error) {
	r := c.run("SELECT formatQuerySingleLine({statement:String})", "RawBLOB", []parameter{{"statement", escaped(statement)}})
	defer r.free()
	return string(r.bytes()), r.err()
}

// explainSyntaxError lets the engine say what is wrong with a text, without running any of it.
func (c *connection) explainSyntaxError(statement string) error {
	if _, err := c.formatted(statement); err != nil {
		return err
	}
	return refusal(62, "SYNTAX_ERROR", "The statement is not understood")
}

var (
	quotedPart = regexp.MustCompile("(?s)'(?:[^'\\\\]|\\\\.)*'|`(?:[^`\\\\]|\\\\.)*`")
	fileCalled = regexp.MustCompile(`\bfile\(|\bAPPLY *\(? *file\b`)
)

// refuseFiles keeps a reader from the function file(), which returns the content of any file of this machine.
func (c *connection) refuseFiles(statement string) error {
	if !strings.Contains(statement, "file") && !strings.Contains(statement, `\`) { // an escape can hide the word
		return nil
	}
	text, err := c.formatted(statement)
	if err != nil {
		return err
	}
	if fileCalled.MatchString(quotedPart.ReplaceAllString(text, "")) {
		return refusal(164, "READONLY", "The function file() is not allowed in readonly mode")
	}
	return nil
}
