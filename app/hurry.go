package app

import "errors"

// Hurry lets what a new instance is filled with be synced when settle is called
// and not at every commit. Whoever fills it begins anew after a power cut.
func (in *Instance) Hurry() (settle func() error, err error) {
	var settles []func() error
	for _, hurry := range []func() (func() error, error){in.DB.Hurry, in.Keys.Hurry, in.Blobs.Hurry} {
		settle, err := hurry()
		if err != nil {
			return nil, err
		}
		settles = append(settles, settle)
	}
	return func() error {
		var errs []error
		for _, settle := range settles {
			errs = append(errs, settle())
		}
		return errors.Join(errs...)
	}, nil
}
