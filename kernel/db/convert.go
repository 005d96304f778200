package db

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
	"time"
)

// bind turns an argument into what both drivers take: int64, float64, string,
// []byte or nil.
func bind(arg any) (driver.Value, error) {
	switch v := arg.(type) {
	case nil, string, int64, float64:
		return arg, nil // as it is: v would be packed anew
	case int:
		return int64(v), nil
	case []byte:
		if v == nil {
			return nil, nil
		}
		return arg, nil
	case time.Time:
		if v.IsZero() {
			return nil, nil
		}
		return v.UnixMicro(), nil
	case bool:
		return number(v), nil
	}
	return bindOther(arg)
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// bindOther takes valuers, pointers and named types.
func bindOther(arg any) (driver.Value, error) {
	if valuer, ok := arg.(driver.Valuer); ok {
		v, err := valuer.Value()
		if err != nil {
			return nil, err
		}
		return bind(v)
	}
	v := reflect.ValueOf(arg)
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil, nil
		}
		return bind(v.Elem().Interface())
	case reflect.String:
		return v.String(), nil
	case reflect.Bool:
		return number(v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint()), nil
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return bind(v.Bytes())
		}
	}
	return nil, fmt.Errorf("db: no column takes a %T", arg)
}

// assign copies a value that the SQLite driver gave into dest.
func assign(dest any, v driver.Value) error {
	switch d := dest.(type) {
	case *string:
		return assignString(d, v)
	case *int64:
		return assignInt(d, v)
	case *int:
		var n int64
		err := assignInt(&n, v)
		*d = int(n)
		return err
	case *[]byte:
		return assignBytes(d, v)
	case *time.Time:
		return (&timeDest{d}).Scan(v)
	case *bool:
		return (&boolDest{d}).Scan(v)
	case *any:
		*d = v
		return nil
	case sql.Scanner:
		return d.Scan(v)
	}
	return assignOther(dest, v)
}

func assignString(d *string, v driver.Value) error {
	switch s := v.(type) {
	case string:
		*d = s
	case []byte:
		*d = string(s)
	default:
		return mismatch(d, v)
	}
	return nil
}

func assignInt(d *int64, v driver.Value) error {
	n, ok := v.(int64)
	if !ok {
		return mismatch(d, v)
	}
	*d = n
	return nil
}

func assignBytes(d *[]byte, v driver.Value) error {
	switch b := v.(type) {
	case nil:
		*d = nil
	case []byte:
		if b == nil {
			b = []byte{} // the driver's way to say an empty value
		}
		*d = b
	case string:
		*d = []byte(b)
	default:
		return mismatch(d, v)
	}
	return nil
}

// assignOther takes named types, floats, and pointers to pointers for NULL.
func assignOther(dest any, v driver.Value) error {
	p := reflect.ValueOf(dest)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("db: scan into a %T", dest)
	}
	e := p.Elem()
	if e.Kind() == reflect.Pointer {
		if v == nil {
			e.SetZero()
			return nil
		}
		e.Set(reflect.New(e.Type().Elem()))
		return assign(e.Interface(), v)
	}
	from := reflect.ValueOf(v)
	switch {
	case v == nil:
		return mismatch(dest, v)
	case e.CanInt() && from.Kind() == reflect.Int64 && !e.OverflowInt(from.Int()):
		e.SetInt(from.Int())
	case e.CanUint() && from.Kind() == reflect.Int64 && from.Int() >= 0 && !e.OverflowUint(uint64(from.Int())):
		e.SetUint(uint64(from.Int()))
	case e.CanFloat() && (from.CanFloat() || from.CanInt()):
		e.Set(from.Convert(e.Type()))
	case e.Kind() == reflect.String && from.Kind() == reflect.String:
		e.SetString(from.String())
	case e.Kind() == reflect.Bool && from.Kind() == reflect.Int64:
		e.SetBool(from.Int() != 0)
	default:
		return mismatch(dest, v)
	}
	return nil
}

// mismatch names types and never the value.
func mismatch(dest any, v driver.Value) error {
	return fmt.Errorf("db: a %T does not go into a %T", v, dest)
}

// timeDest reads microseconds UTC; NULL is the zero time.
type timeDest struct{ t *time.Time }

// Scan implements sql.Scanner.
func (d *timeDest) Scan(v any) error {
	switch n := v.(type) {
	case nil:
		*d.t = time.Time{}
	case int64:
		*d.t = time.UnixMicro(n).UTC()
	default:
		return mismatch(d.t, v)
	}
	return nil
}

// boolDest reads 0 and 1, and PostgreSQL's own booleans (of EXISTS, for one).
type boolDest struct{ b *bool }

// Scan implements sql.Scanner.
func (d *boolDest) Scan(v any) error {
	switch n := v.(type) {
	case int64:
		*d.b = n != 0
	case bool:
		*d.b = n
	default:
		return mismatch(d.b, v)
	}
	return nil
}
