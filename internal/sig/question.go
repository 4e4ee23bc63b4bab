package sig

type questionKey struct{}

// QuestionID names a directed question.
type QuestionID = ID[questionKey]

// QuestionState is how a directed question stands at an instant.
type QuestionState string

// The states. Only an open question can be answered, and every end is final.
const (
	QuestionOpen      QuestionState = "open"
	QuestionAnswered  QuestionState = "answered"
	QuestionExpired   QuestionState = "expired"    // its own end came first
	QuestionDeclined  QuestionState = "declined"   // the asked function will not answer
	QuestionTakenBack QuestionState = "taken_back" // the asking function
	QuestionCut       QuestionState = "cut"        // the consent no longer carries it
)

// QuestionDays is for how long a question can stand at most. That is a decision
// of ours [D]: one that nobody answers within it is asked again, or was not needed.
const QuestionDays = 60
