package definition

import (
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func TestWordsOfEveryCodeStandInTheLocaleFiles(t *testing.T) {
	for _, lang := range []string{"en", "id"} {
		data, err := os.ReadFile("../../web/locale/definition." + lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]any{}
		if err := yaml.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for code, m := range messages {
			compare(t, lang, texts, "definition."+code, m.text)
			if m.hint != "" {
				compare(t, lang, texts, "definition."+code+".hint", m.hint)
			}
		}
		for kind, words := range kinds {
			compare(t, lang, texts, "definition.kind_"+kind, words)
		}
	}
}

// compare: English words are those of the program; other languages have other
// words with the same placeholders.
func compare(t *testing.T, lang string, texts map[string]any, key, english string) {
	t.Helper()
	words, _ := texts[key].(string)
	switch {
	case words == "":
		t.Errorf("%s: %s is missing", lang, key)
	case lang == "en" && words != english:
		t.Errorf("%s: %q in the file, %q in the program", key, words, english)
	case lang != "en" && words == english && !strings.HasSuffix(key, ".hint") && len(words) > 12: // a hint may be pure YAML
		t.Errorf("%s: %s is English", lang, key)
	}
	for _, p := range placeholder.FindAllString(english, -1) {
		if !strings.Contains(words, p) {
			t.Errorf("%s: %s lacks %s", lang, key, p)
		}
	}
}
