#ifndef PLUMBLINE_CODING_SERVICE_FEEDBACK_DOCUMENT_H_
#define PLUMBLINE_CODING_SERVICE_FEEDBACK_DOCUMENT_H_

#include <string>

#include "plumbline/coding/v1/studies.pb.h"

// A feedback sheet as a document for the supervisor. All of it is made from the sheet, which knows of no coder.
namespace plumbline::coding {

// One page that loads nothing from elsewhere, reads on a phone and prints on paper.
std::string FeedbackHtml(const v1::FeedbackSheet& sheet);

// Columns session, number, turn, question, outcomes_focused (yes, no, undecided), most_like, most_like_label,
// questions_coded, questions_in_all: where the last two differ, the rows are a random sample of the session's
// questions.
std::string FeedbackCsv(const v1::FeedbackSheet& sheet);

// Plain text; lines break between words at 80 columns.
std::string FeedbackText(const v1::FeedbackSheet& sheet);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_FEEDBACK_DOCUMENT_H_
