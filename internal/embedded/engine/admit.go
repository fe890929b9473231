package engine

// admit refuses what a request may not do, before anything of it runs: several statements at once, and, where the
// client asked for readonly, everything but reading. The engine keeps readonly too, but not for INTO OUTFILE and
// INSERT INTO FUNCTION, which write files.
func (c *connection) admit(q *request) error {
	statement := q.statement
	if q.insert != nil {
		if q.readOnly() {
			return refusal(164, "READONLY", "Cannot insert in readonly mode")
		}
		return nil
	}
	statements, class, err := c.chdb.inspect(*c.handle, statement)
	if err != nil {
		return err
	}
	if statements == 0 {
		return c.explainSyntaxError(statement)
	}
	if statements > 1 {
		return refusal(62, "SYNTAX_ERROR", "Multi-statements are not allowed; send one statement a request")
	}
	if q.readOnly() && class != statementReadsOnly {
		return refusal(164, "READONLY", "Cannot execute query in readonly mode")
	}
	return nil
}

// explainSyntaxError lets the engine say what is wrong with a text, without running any of it.
func (c *connection) explainSyntaxError(statement string) error {
	r := c.run("SELECT formatQuery({statement:String})", "Null", []parameter{{"statement", escaped(statement)}})
	defer r.free()
	if err := r.err(); err != nil {
		return err
	}
	return refusal(62, "SYNTAX_ERROR", "The statement is not understood")
}
