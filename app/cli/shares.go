package cli

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"pendopo/kernel/conf"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
)

// KeysSharesCmd prints the sheets by which the keys can be recovered.
type KeysSharesCmd struct {
	conf.Place
	Lang string `help:"Language of the sheets." enum:"id,en" default:"id"`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// sheet is one sheet as JSON.
type sheet struct {
	Number int      `json:"number"`
	Set    string   `json:"set"`
	Lines  []string `json:"lines"`
}

// Run seals the keys into keys.escrow and prints the three sheets that open it,
// each on a page of its own. They are kept nowhere else.
func (c *KeysSharesCmd) Run(env *Env) error {
	in, err := seal.LoadInstance(c.InstanceKeys())
	if err != nil {
		return err
	}
	shares, err := in.NewShares()
	if err != nil {
		return err
	}
	var sheets []sheet
	for _, s := range shares {
		lines := s.Paper()
		sheets = append(sheets, sheet{int(s.Number), setOf(s), lines[:]})
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(map[string]any{"origin": in.Origin(), "sheets": sheets})
	}
	words := env.Texts.Printer(c.Lang)
	for i, s := range sheets {
		if i > 0 {
			fmt.Fprint(env.Out, "\f") // the next sheet of paper
		}
		printSheet(env.Out, words, in.Origin(), s)
	}
	fmt.Fprintf(env.Err, "keys.escrow was made in %s; it may lie with every copy of the data. Sheets printed before do not open it.\n", in.Dir())
	return nil
}

// setOf names the printing that a share belongs to, short enough to compare.
func setOf(s seal.Share) string { return strings.ToUpper(hex.EncodeToString(s.Set[:])) }

func printSheet(out io.Writer, words *page.Printer, origin string, s sheet) {
	t := words.T
	fmt.Fprintf(out, "\n  %s\n  %s\n\n", t("seal.paper_title", "number", s.Number, "count", seal.ShareCount), t("seal.paper_of", "origin", origin, "set", s.Set))
	for i, line := range s.Lines {
		fmt.Fprintf(out, "      %d   %s\n", i+1, line)
	}
	fmt.Fprintln(out)
	for _, key := range []string{"seal.paper_what", "seal.paper_keep", "seal.paper_how", "seal.paper_typing"} {
		fmt.Fprintf(out, "  %s\n", t(key, "count", seal.ShareCount))
	}
	fmt.Fprintln(out)
}

// KeysRecoverCmd makes a lost key folder anew from two sheets.
type KeysRecoverCmd struct {
	conf.Place
	Escrow string `help:"The file keys.escrow; it lies with the copies." required:"" placeholder:"FILE" type:"existingfile"`
	JSON   bool   `help:"Print one JSON object." name:"json"`
}

// Run asks for two sheets and writes what is missing of the key folder.
func (c *KeysRecoverCmd) Run(env *Env) error {
	in := bufio.NewReader(io.LimitReader(env.In, longestTyping))
	var shares [seal.ShareWanted]seal.Share
	for i := range shares {
		fmt.Fprintf(env.Err, "Sheet %d of the two you hold:\n", i+1)
		var err error
		if shares[i], err = env.askSheet(in); err != nil {
			return err
		}
		fmt.Fprintf(env.Err, "  sheet %d, set %s\n", shares[i].Number, setOf(shares[i]))
	}
	written, err := seal.Recover(c.InstanceKeys(), c.Escrow, shares[0], shares[1])
	if err != nil {
		return err
	}
	return env.say(c.JSON, map[string]any{"written": written}, "wrote %s to %s\nThe stream keys (keys.db) and shredded.list come from the newest copy of the keys; then `pendopo verify` and `pendopo rehearse`.",
		strings.Join(written, ", "), c.InstanceKeys())
}

// longestTyping bounds what is read of a person who types two sheets, with slips.
const longestTyping = 64 << 10

// askSheet reads the lines of one sheet; a line with a slip is asked again.
func (env *Env) askSheet(in *bufio.Reader) (seal.Share, error) {
	var lines []string
	for len(lines) < seal.PaperLines {
		fmt.Fprintf(env.Err, "  line %d: ", len(lines)+1)
		line, err := in.ReadString('\n')
		if line = strings.TrimSpace(line); line != "" {
			if slip := seal.CheckPaperLine(len(lines), line); slip != nil {
				fmt.Fprintln(env.Err, "   ", env.explain(slip))
			} else {
				lines = append(lines, line)
			}
		}
		if errors.Is(err, io.EOF) && len(lines) < seal.PaperLines {
			return seal.Share{}, fmt.Errorf("the input ended before the sheet was whole")
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return seal.Share{}, err
		}
	}
	return seal.ReadPaper(lines)
}
