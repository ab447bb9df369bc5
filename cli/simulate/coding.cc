// coding/: the questions of every session and what three coders make of them.

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "cli/simulate/draw.h"
#include "cli/simulate/parts.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::simulate {
namespace {

// How often a supervisor asks two things in one turn; the first turn of a session is theirs, then they alternate.
constexpr uint32_t kTurnsWithTwo = 6;  // one in six
constexpr int kAttempts = 200;

class CodingWriter {
 public:
  CodingWriter(const Parameters& parameters, const QuestionBank& bank, const Cast& cast, Files& files)
      : parameters_(parameters), bank_(bank), cast_(cast), files_(files) {
    for (const auto& [entry, weight] : parameters.sessions.entry_weights) {
      entries_.push_back(entry);
      weights_.push_back(weight);
    }
  }

  absl::Status Write() {
    for (const std::string& entry : entries_) {
      if (!bank_.outcomes_focused.contains(entry)) {
        return InvalidField("sessions.entry_weights", entry, "the question bank has no words for this list question");
      }
    }
    questions_ = CsvLine({"session", "turn", "question", "kind"});
    codes_ = CsvLine({"session", "turn", "question", "coder", "outcomes_focused", "nominated"});
    for (const Team& team : cast_.teams) {
      for (const RecordedSession& session : team.sessions) WriteSession(session);
    }
    files_["coding/questions.csv"] = std::move(questions_);
    files_["coding/codes.csv"] = std::move(codes_);
    return absl::OkStatus();
  }

 private:
  void WriteSession(const RecordedSession& session) {
    if (session.transcript != nullptr) {
      files_[absl::StrCat("coding/", session.id, ".", session.transcript->extension)] = session.transcript->content;
    }
    const std::vector<TrueQuestion> questions =
        session.transcript != nullptr ? session.transcript->questions : FromBank(session);
    for (size_t i = 0; i < questions.size(); ++i) {
      const TrueQuestion& question = questions[i];
      questions_ += CsvLine({session.id, absl::StrCat(question.turn), question.text, question.kind});
      for (const std::string& coder : parameters_.coding.coders) WriteCode(session, question, coder, i);
    }
  }

  // As many questions as were drawn for the session, in random order; none twice while the bank has other words, and
  // never twice in one turn.
  std::vector<TrueQuestion> FromBank(const RecordedSession& session) {
    stats::RandomStream random = Stream(cast_.seed, "questions", session.index);
    const std::vector<uint32_t> order =
        stats::Permutation(static_cast<uint32_t>(session.questions), cast_.seed,
                           stats::StreamFromName(absl::StrCat("question-order/", session.index)));
    std::set<std::string> asked;
    std::vector<TrueQuestion> out;
    int turn = 1;
    for (const uint32_t place : order) {
      TrueQuestion question = Ask(place < static_cast<uint32_t>(session.outcomes_focused), asked, random);
      const bool own_turn = random.UniformU32(kTurnsWithTwo) != 0 || asked.contains(question.text);
      if (!out.empty() && own_turn) turn += 2;
      question.turn = turn;
      asked.insert(question.text);
      out.push_back(std::move(question));
    }
    return out;
  }

  TrueQuestion Ask(bool focused, const std::set<std::string>& asked, stats::RandomStream& random) {
    TrueQuestion question;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      const std::vector<BankQuestion>& choices =
          focused ? bank_.outcomes_focused.at(entries_[WeightedChoice(weights_, random)]) : bank_.other;
      const BankQuestion& chosen = choices[random.UniformU32(static_cast<uint32_t>(choices.size()))];
      question.text = bank_.Fill(chosen.text, random);
      question.kind = chosen.kind;
      question.nominated = chosen.nominated;
      if (!asked.contains(question.text)) return question;
    }
    return question;  // a small bank runs out of new words: the question is asked again
  }

  void WriteCode(const RecordedSession& session, const TrueQuestion& question, const std::string& coder, size_t place) {
    stats::RandomStream random = Stream(cast_.seed, absl::StrCat("codes/", coder, "/", session.index), place);
    const bool truth = !question.nominated.empty();
    const bool right = random.UniformDouble() < parameters_.coding.judgement_accuracy;
    const bool code = truth == right;
    std::string nominated;
    if (code) nominated = Nominate(question.nominated, random);
    codes_ += CsvLine({session.id, absl::StrCat(question.turn), question.text, coder, code ? "1" : "0", nominated});
  }

  std::string Nominate(const std::string& truth, stats::RandomStream& random) const {
    if (!truth.empty() && random.UniformDouble() < parameters_.coding.nomination_accuracy) return truth;
    std::vector<std::string> others;
    std::copy_if(entries_.begin(), entries_.end(), std::back_inserter(others),
                 [&](const std::string& entry) { return entry != truth; });
    return others.empty() ? truth : others[random.UniformU32(static_cast<uint32_t>(others.size()))];
  }

  const Parameters& parameters_;
  const QuestionBank& bank_;
  const Cast& cast_;
  Files& files_;
  std::vector<std::string> entries_;
  std::vector<double> weights_;
  std::string questions_;
  std::string codes_;
};

}  // namespace

absl::Status WriteCoding(const Parameters& parameters, const QuestionBank& bank, const Cast& cast, Files& files) {
  return CodingWriter(parameters, bank, cast, files).Write();
}

}  // namespace plumbline::simulate
