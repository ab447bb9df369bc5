#ifndef PLUMBLINE_CODING_DOMAIN_SPEAKER_LABELS_H_
#define PLUMBLINE_CODING_DOMAIN_SPEAKER_LABELS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "coding/domain/roles.h"

// The forms in which a line of text names its speaker.
namespace plumbline::coding {

struct LabelledLine {
  std::string_view label;
  std::string_view text;  // empty: the words stand in the lines below
  std::optional<int64_t> start_ms;
};

// One to five words, each of which starts with a capital or a digit ("Mr Brown", "Speaker 2", "SW1"); words such as
// "of" and "the" may stand between. What a personal name looks like, and a sentence rarely.
bool IsPlainLabel(std::string_view label);

// A time in brackets or followed by white space, taken from the front of `text`; of a span ("[00:01 --> 00:05]") the
// start. nullopt, and `text` as it was, where none stands there.
std::optional<int64_t> TakeTime(std::string_view& text);

// One to three words in lower case, or a letter, that could name somebody: no pronoun, verb, article or the like is
// among them.
bool IsLowerLabel(std::string_view label);

// Recognises labels in the lines of one file. Every line is counted first, since what several lines start with is a
// label where once it would be a turn of phrase.
//
//   Supervisor: text             **Supervisor:** text        [Supervisor]: text        <Supervisor> text
//   [00:01:02] Supervisor: text  Supervisor (00:12): text    SUPERVISOR - text         Supervisor<tab>text
//   Speaker 1  0:12              [Name] 00:00:05             00:00:05 Speaker 1        with the words in the lines
//   below
//
// A label before a colon is known to the roles, or a plain label, or starts several lines; in a file where most lines
// start so in lower case ("interviewer: so how was it"), also one to three words in lower case that are nothing but
// names by their look, since who speaks once there has a label like all others. Before a dash it is known to
// the roles or written in capitals. Between brackets without a colon, and before a tab, it is known to the roles or
// starts several lines. A line of label and time alone counts where the roles know the label or several lines are so.
class SpeakerLabels {
 public:
  // `roles` outlives it.
  explicit SpeakerLabels(const RoleMap& roles) : roles_(roles) {}

  void Count(std::string_view line);
  // What the line names; nullopt: it goes on with what stands above it. The views are into `line`.
  std::optional<LabelledLine> Split(std::string_view line) const;
  // Whether a line that names nobody (Split) starts as if it did: a name may stand in the words of the turn above.
  bool Resembles(std::string_view line) const;
  // Whether a line names somebody (Split) by no more than the look of a label in lower case that no other line has: it
  // may be a turn of phrase.
  bool IsDoubtful(std::string_view line) const;

 private:
  enum class Form { kColon, kBold, kBracket, kAngle, kDash, kTab, kHeader };
  struct Candidate {
    Form form = Form::kColon;
    LabelledLine line;
  };
  static std::optional<Candidate> Find(std::string_view line);
  static std::optional<Candidate> FindMarked(std::string_view line, const std::optional<int64_t>& time);
  static std::optional<Candidate> FindColon(std::string_view line, const std::optional<int64_t>& time);
  static std::optional<Candidate> FindApart(std::string_view line, const std::optional<int64_t>& time);
  static std::string Key(const Candidate& candidate);

  const RoleMap& roles_;
  std::map<std::string, int> counts_;  // by Key
  int headers_ = 0;
  int lines_ = 0;
  int lower_ = 0;  // that start with a label in lower case
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_SPEAKER_LABELS_H_
