package desk

import "net/http"

// system leads to where it is now: how the instance is, is the administrator's
// door.
func (d *Door) system(w http.ResponseWriter, r *http.Request, _ me) error {
	return redirect(w, r, "/admin/system")
}
