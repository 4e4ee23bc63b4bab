// Package calendar writes the calendar entry of a meeting as it goes out by
// mail (iTIP, RFC 5546): one event, one recipient, times in UTC. It says
// "Möte", the place where there is one to say, and the portal's address; nobody
// else who is called, and nothing of what the meeting is about.
package calendar
