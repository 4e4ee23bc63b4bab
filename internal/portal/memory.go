package portal

import (
	"os"
	"runtime/debug"
)

// What a replica may take before it collects more eagerly, and how much garbage
// it lets gather until then. Collecting after every doubling of a small heap
// met one page in a hundred; the bound keeps two replicas with ten thousand
// open pages within 300 MB.
const (
	garbagePercent = 300
	eagerAt        = 112 << 20
)

// TuneMemory sets the two for the whole process, unless the environment says otherwise (GOGC,
// GOMEMLIMIT).
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(eagerAt)
	}
}
