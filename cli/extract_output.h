#ifndef PLUMBLINE_CLI_EXTRACT_OUTPUT_H_
#define PLUMBLINE_CLI_EXTRACT_OUTPUT_H_

#include <span>
#include <string>

#include "cli/transcript_table.h"
#include "coding/domain/questions.h"

// What `plumbline extract` prints.
namespace plumbline::cli {

// Appends one line of JSON for each turn, also for those that ask nothing: session, turn (from 1), speaker ("" where
// the file does not say), role, text, and questions, each with text, kind, confidence (0 to 1), rule, and start and end
// in bytes of the turn's text. `questions` are those of the session, in order.
void AppendTurnsAsJson(const SessionTranscript& session, std::span<const coding::Question> questions, std::string& out);

// Appends a heading and one line for each question.
void AppendQuestionsForPeople(const SessionTranscript& session, std::span<const coding::Question> questions,
                              std::string& out);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_EXTRACT_OUTPUT_H_
