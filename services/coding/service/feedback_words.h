#ifndef PLUMBLINE_CODING_SERVICE_FEEDBACK_WORDS_H_
#define PLUMBLINE_CODING_SERVICE_FEEDBACK_WORDS_H_

#include <string>
#include <vector>

#include "plumbline/coding/v1/studies.pb.h"

// What a feedback sheet says, in plain words: the same in every format.
namespace plumbline::coding {

// "5 of 33 questions were outcomes-focused."
std::string CountSentence(const v1::FeedbackSheet& sheet);
// "A random sample of 33 of the 80 questions of this session was coded." Empty where all were.
std::string SampleSentence(const v1::FeedbackSheet& sheet);
// "The criterion is one question in three: at least 11 of 33. This session does not reach it." Of a sample: "This
// sample
// ...". Empty without a threshold or without questions.
std::string CriterionSentence(const v1::FeedbackSheet& sheet);
// "15.2%"; why there is none where it is undefined.
std::string PercentText(const v1::FeedbackSheet& sheet);
// "outcomes-focused", "not outcomes-focused", "undecided".
std::string JudgementText(const v1::FeedbackQuestion& question);
// "7. Other ways to help", "no agreed kind" for an outcomes-focused question without a nomination, "" for others.
std::string MostLikeText(const v1::FeedbackQuestion& question);
// How the sheet came about and how to read it, a paragraph each: without `undecided` and `no agreed kind` where the
// sheet has none.
std::vector<std::string> HowToRead(const v1::FeedbackSheet& sheet);
// Over the questions, and over the entries that none of them was most like: what was not drawn may have been asked.
std::string QuestionsHeading(const v1::FeedbackSheet& sheet);
std::string NeverAskedHeading(const v1::FeedbackSheet& sheet);
// What the list is, for sheets that have one.
std::string ListSentence(const v1::FeedbackSheet& sheet);

// Whether the questions are a random sample of those asked.
inline bool IsSample(const v1::FeedbackSheet& sheet) {
  return sheet.questions_size() > 0 && sheet.questions_in_all() > sheet.questions_size();
}

// Whether the frame has a list, so that questions can be like one of its entries.
inline bool HasList(const v1::FeedbackSheet& sheet) { return sheet.asked_size() > 0; }

// Label of an entry that was asked; "" for one that was not, which stands under never_asked.
std::string AskedLabel(const v1::FeedbackSheet& sheet, const std::string& entry);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_FEEDBACK_WORDS_H_
